/* SPDX-License-Identifier: BSD-2-Clause */
/* Votes in the order of time: acceptances by the second, as the store has
 * them, and with refusals the events of one score. */
#ifndef MX_ANALYZER_QUERY_VOTES_H
#define MX_ANALYZER_QUERY_VOTES_H

#include "analyzer/query_refusals.h"

/* Acceptances of one second. */
struct accepted {
	int64_t utc;
	uint32_t votes, others; /* others move only the ends of brackets */
};

struct votes {
	struct accepted *list;
	size_t count, room;
};

void votes_release(struct votes *votes);
void votes_add(struct votes *to, int64_t utc, bool votes, uint32_t count);
/* By time, one for each second. Before anything below. */
void votes_sort(struct votes *votes);
/* All of LISTS as one; the caller releases it. */
struct votes votes_pool(const struct votes *const *lists, size_t count);
int64_t votes_total(const struct votes *votes);
/* How many vote from FROM to TO, both included. */
int64_t votes_between(const struct votes *votes, int64_t from, int64_t to);

/* Everything that one score is made of. */
struct voters {
	const struct refusal *const *refusals; /* by time */
	size_t refusal_count;
	const struct votes *accepted;
};
/* The events of a score by time; the caller frees them. */
struct episode_event *voters_events(const struct voters *voters,
    size_t *count_r);

#endif
