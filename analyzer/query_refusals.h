/* SPDX-License-Identifier: BSD-2-Clause */
/* Refusals of one pair, for its episodes. */
#ifndef MX_ANALYZER_QUERY_REFUSALS_H
#define MX_ANALYZER_QUERY_REFUSALS_H

#include "analyzer/query_priv.h"

struct refusal {
	int64_t utc, arrival_utc;
	uint64_t order;               /* of its second, in millionths; what
	                               * the log does not tell is told by a
	                               * hash of queue id and recipient */
	uint64_t message, recipient;  /* hashes */
	uint64_t sender_domain;       /* hash; 0: not known, or no sender */
	uint32_t reply;               /* kind, in memory */
	uint32_t message_number, recipient_number, delivery_number,
	    sender_number;
	bool votes, is_explicit;
	struct slice id, recipient_text; /* only for an explanation */
};

/* By time, numbered. */
struct refusals {
	const struct refusal *list;
	size_t count;
};

/* All of the pair (numbers of the file) before the window's end, by time. The
 * caller frees *list_r, also on failure. */
enum mx_code query_load_refusals(struct query *query, int64_t provider,
    int64_t source, struct refusal **list_r, size_t *count_r,
    struct mx_err *err) MX_MUST_USE;

/* Acceptances are kept by the second, without a name: those of one stand at its
 * middle. */
static inline bool
refusal_is_early(const struct refusal *it)
{
	return it->order >> 32 < 500000;
}

/* Number messages and recipients; of each message the first refusal in a
 * clock hour votes. By time afterwards. */
void query_number_refusals(struct refusal *list, size_t count);

/* query_explain.c: tell the votes of IT, one of the episodes that RULES find
 * in INPUT, to the query's explain_vote. */
void query_explain(struct query *query, const struct episode_rules *rules,
    const struct episode_input *input, const struct refusals *refusals,
    const struct episode *it);

#endif
