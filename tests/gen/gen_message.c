/* SPDX-License-Identifier: BSD-2-Clause */
/* Queue files: their ids as Postfix makes them, their recipients, and the
 * inodes that they share over time. */
#include "tests/gen/gen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A short id may come back when its inode has rested for this long. */
#define REUSE_AFTER (60 * GEN_SECOND)

static uint32_t
inode_take(struct gen *gen, struct queue *queue)
{
	uint32_t inode, bottom;

	if (queue->free_count == 0) {
		if (queue->inode_count == queue->inode_size) {
			queue->inode_size = queue->inode_size == 0 ? 1024 :
			    queue->inode_size * 2;
			queue->inodes = xrealloc(queue->inodes,
			    queue->inode_size * sizeof(*queue->inodes));
			queue->free = xrealloc(queue->free,
			    queue->inode_size * sizeof(*queue->free));
		}
		memset(&queue->inodes[queue->inode_count], 0,
		    sizeof(*queue->inodes));
		return queue->inode_count++;
	}
	/* Mostly last in, first out; sometimes one that rested long. */
	inode = queue->free[--queue->free_count];
	if (queue->free_count == 0 || rng_below(&gen->rng, 50) != 0)
		return inode;
	bottom = queue->free[0];
	queue->free[0] = inode;
	return bottom;
}

static void
id_short(struct gen *gen, struct message *message, struct inode_state *inode)
{
	uint32_t usec = (uint32_t)(message->arrival % GEN_SECOND);

	if (inode->closed != 0 && message->arrival - inode->closed >
	    REUSE_AFTER && rng_below(&gen->rng, 8) == 0) {
		usec = inode->usec;
		message->arrival += (int64_t)usec -
		    message->arrival % GEN_SECOND;
		gen->truth.reused_ids++;
	}
	inode->usec = usec;
	snprintf(message->id, sizeof(message->id), "%05X%X", usec,
	    0x2a0000 + message->inode);
}

/* Postfix, global/mail_queue.h (3.7): 6 digits of seconds and 4 of
 * microseconds in base 52, "z", the inode in base 51. */
static void
id_long(struct message *message)
{
	static const char DIGITS[] =
	    "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";
	uint64_t parts[2], inode = 0x2a0000 + message->inode;
	char tail[16];
	unsigned width[2] = { 6, 4 }, i, k, at = 0, len = 0;

	parts[0] = (uint64_t)(message->arrival / GEN_SECOND);
	parts[1] = (uint64_t)(message->arrival % GEN_SECOND);
	for (i = 0; i < 2; at += width[i++])
		for (k = width[i]; k-- > 0; parts[i] /= 52)
			message->id[at + k] = DIGITS[parts[i] % 52];
	message->id[at++] = 'z';
	for (; inode != 0; inode /= 51)
		tail[len++] = DIGITS[inode % 51];
	while (len > 0)
		message->id[at++] = tail[--len];
	message->id[at] = '\0';
}

static uint32_t
slot_take(struct gen *gen)
{
	uint32_t old = gen->message_size;

	if (gen->message_free_count > 0)
		return gen->message_free[--gen->message_free_count];
	if (gen->message_count == old) {
		gen->message_size = old == 0 ? 4096 : old * 2;
		gen->messages = xrealloc(gen->messages,
		    gen->message_size * sizeof(*gen->messages));
		gen->message_free = xrealloc(gen->message_free,
		    gen->message_size * sizeof(*gen->message_free));
	}
	return gen->message_count++;
}

uint32_t
message_new(struct gen *gen, uint32_t source, enum message_kind kind,
    int64_t at, uint16_t rcpt_count)
{
	uint32_t index = slot_take(gen);
	struct message *message = &gen->messages[index];
	const struct source *s = &gen->world.sources[source];
	struct queue *queue = &gen->queues[s->queue];

	memset(message, 0, sizeof(*message));
	message->arrival = at;
	message->source = source;
	message->kind = (uint8_t)kind;
	message->serial = ++gen->serial;
	message->size = 1200 + rng_below(&gen->rng, 9000);
	if (rng_below(&gen->rng, 8) == 0)
		message->size += rng_below(&gen->rng, 6000000);
	message->sender = rng_below(&gen->rng, 300000);
	message->rcpts = xcalloc(rcpt_count, sizeof(*message->rcpts));
	message->seen = xcalloc(rcpt_count, sizeof(*message->seen));
	message->inode = inode_take(gen, queue);
	if (s->long_ids)
		id_long(message);
	else
		id_short(gen, message, &queue->inodes[message->inode]);
	return index;
}

void
message_close(struct gen *gen, uint32_t index, int64_t at)
{
	struct message *message = &gen->messages[index];
	struct queue *queue =
	    &gen->queues[gen->world.sources[message->source].queue];

	queue->inodes[message->inode].closed = at;
	queue->free[queue->free_count++] = message->inode;
	free(message->rcpts);
	free(message->seen);
	message->rcpts = NULL;
	message->seen = NULL;
	message->rcpt_count = 0;
	gen->message_free[gen->message_free_count++] = index;
}

static bool
has_rcpt(const struct message *message, uint32_t user, uint32_t domain)
{
	uint16_t i;

	for (i = 0; i < message->rcpt_count; i++)
		if (message->rcpts[i].user == user &&
		    message->rcpts[i].domain == domain)
			return true;
	return false;
}

void
message_add_rcpt(struct gen *gen, struct message *message, uint32_t domain)
{
	uint32_t users = gen->world.domains[domain].hop == GEN_REMOTE ?
	    2000000 : 600;
	struct rcpt *rcpt = &message->rcpts[message->rcpt_count];

	do {
		rcpt->user = rng_below(&gen->rng, users);
	} while (has_rcpt(message, rcpt->user, domain));
	rcpt->domain = domain;
	rcpt->flags = 0;
	message->rcpt_count++;
}

/* Recipients of one domain stand together: they share a delivery. */
void
message_sort_rcpts(struct message *message)
{
	struct rcpt key;
	uint16_t i, k;

	for (i = 1; i < message->rcpt_count; i++) {
		key = message->rcpts[i];
		for (k = i; k > 0 && message->rcpts[k - 1].domain > key.domain;
		    k--)
			message->rcpts[k] = message->rcpts[k - 1];
		message->rcpts[k] = key;
	}
}
