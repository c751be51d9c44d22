/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by queue.c and queue_merge.c. */
#ifndef MX_ANALYZER_QUEUE_PRIV_H
#define MX_ANALYZER_QUEUE_PRIV_H

#include "analyzer/queue.h"

/* Of the index by recipient: HASH is the recipient's own. */
uint64_t queue_recipient_key(const struct queue *queue, uint32_t message,
    uint64_t hash);
/* No line of MESSAGE stands between the two moments; nothing happens when
 * they are in the other order or close together. */
void queue_note_gap(struct message *message, int64_t from, int64_t to);

#endif
