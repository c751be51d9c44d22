/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by queue*.c. */
#ifndef MX_ANALYZER_QUEUE_PRIV_H
#define MX_ANALYZER_QUEUE_PRIV_H

#include "analyzer/queue.h"
#include "base/hash.h"

/* As many touches or recipients of one message are walked; where there are
 * more they are in an index. */
enum { QUEUE_FEW = 8 };

static inline uint64_t
queue_recipient_key(const struct queue *queue, uint32_t message, uint64_t hash)
{
	return hash_mix(hash ^ queue->seed, message);
}

/* The first of those that may be recipients of MESSAGE with this hash, and the
 * one after RCPT; POOL_NONE. The caller compares. */
static inline uint32_t
queue_recipients_like(const struct queue *queue, uint32_t message,
    uint64_t hash)
{
	const struct message *it = queue_message(queue, message);

	return it->recipient_count <= QUEUE_FEW ? it->recipients :
	    *chain_head(&queue->by_recipient,
	    queue_recipient_key(queue, message, hash));
}

static inline uint32_t
queue_next_like(const struct queue *queue, uint32_t message,
    const struct recipient *rcpt)
{
	return queue_message(queue, message)->recipient_count <= QUEUE_FEW ?
	    rcpt->next : rcpt->next_hash;
}

/* queue_parts.c: of a message that goes. */
void queue_remove_parts(struct queue *queue, struct message *message);
/* No line of MESSAGE stands between the two moments; nothing happens when
 * they are in the other order or close together. */
void queue_note_gap(struct message *message, int64_t from, int64_t to);

#endif
