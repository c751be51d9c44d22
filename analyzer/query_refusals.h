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
	uint32_t pair;                /* whose refusal: a number of the
	                               * caller's */
	uint32_t reply;               /* kind, in memory */
	uint32_t message_number, recipient_number, delivery_number;
	uint32_t sender_number;       /* of the domain's name, plus 1; 0: not
	                               * known, or no sender */
	bool votes, is_explicit;
	struct slice id, recipient_text; /* only for an explanation */
};

struct refusals {
	struct refusal *list;
	size_t count, room;
};

/* All of the pair (numbers of the file) before the window's end, behind those
 * in TO, marked with PAIR. */
enum mx_code query_load_refusals(struct query *query, int64_t provider,
    int64_t source, uint32_t pair, struct refusals *to, struct mx_err *err)
    MX_MUST_USE;

/* Acceptances are kept by the second, without a name: those of one stand at its
 * middle. */
static inline bool
refusal_is_early(const struct refusal *it)
{
	return it->order >> 32 < 500000;
}

/* Number messages and recipients, the same in all pairs; of each message and
 * pair the first refusal in a clock hour votes. By pair and time afterwards. */
void query_number_refusals(struct refusals *refusals);
/* By time, then by what is the same in every reading. */
int query_compare_refusals(const struct refusal *a, const struct refusal *b);

/* query_explain.c: tell the votes of IT, one of the episodes that RULES find
 * in INPUT, whose refusals are LIST by time, to the query's explain_vote. */
void query_explain(struct query *query, const struct episode_rules *rules,
    const struct episode_input *input, const struct refusal *const *list,
    size_t count, const struct episode *it);

#endif
