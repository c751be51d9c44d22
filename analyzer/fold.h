/* SPDX-License-Identifier: BSD-2-Clause */
/* A message's share of the totals: what is counted by message and by
 * recipient rather than by line. Done once, when its life is known from head
 * to tail; and, for a report, for messages that are still open, into totals
 * of the report's own. */
#ifndef MX_ANALYZER_FOLD_H
#define MX_ANALYZER_FOLD_H

#include "analyzer/queue.h"
#include "analyzer/totals.h"

/* Deliveries of MESSAGE that are not finished count as open, unless it has
 * left the queue or expired. */
void fold_message(struct totals *totals, const struct queue *queue,
    const struct message *message);

/* One delivery that needs no record: first and only attempt at UTC. */
struct fold_delivery {
	struct total_key key;  /* slot of the first attempt */
	enum outcome outcome;  /* accepted, bounced, expired, deferred = open */
	bool was_deferred, is_blocked;
	int64_t delay_ms;      /* of an acceptance, -1 = not known */
};
void fold_delivery(struct totals *totals, const struct fold_delivery *what);

/* When RCPT first met a reply that votes. */
int64_t fold_first_refusal(const struct totals *totals,
    const struct recipient *rcpt);

#endif
