/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of live messages. Knows nothing of what is done with them. */
#include "analyzer/queue_priv.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/limits.h"

enum { HOUR_S = 3600, FIRST_COVERED = 1024 };

void
queue_init(struct queue *queue, uint64_t seed)
{
	pool_init(&queue->messages, sizeof(struct message));
	pool_init(&queue->touches, sizeof(struct touch));
	pool_init(&queue->recipients, sizeof(struct recipient));
	chain_init(&queue->by_id);
	chain_init(&queue->by_touch);
	chain_init(&queue->by_recipient);
	queue->oldest = queue->newest = POOL_NONE;
	queue->seed = seed;
	queue->input = 0;
	queue->covered_mask = FIRST_COVERED - 1;
	queue->covered_count = 0;
	queue->covered = mx_calloc(FIRST_COVERED, sizeof(*queue->covered));
}

void
queue_release(struct queue *queue)
{
	while (queue->oldest != POOL_NONE)
		queue_remove(queue, queue->oldest);
	pool_release(&queue->messages);
	pool_release(&queue->touches);
	pool_release(&queue->recipients);
	chain_release(&queue->by_id);
	chain_release(&queue->by_touch);
	chain_release(&queue->by_recipient);
	free(queue->covered);
	queue->covered = NULL;
}

/* Never 0, as hosts count from 0 and hours of our times are positive. */
static uint64_t
hour_key(uint32_t host, int64_t utc)
{
	return (uint64_t)host << 32 | (uint64_t)(utc / HOUR_S + 1);
}

static uint64_t *
covered_slot(const struct queue *queue, uint64_t key)
{
	uint32_t at = (uint32_t)hash_mix(queue->seed, key) &
	    queue->covered_mask;

	while (queue->covered[at] != 0 && queue->covered[at] != key)
		at = (at + 1) & queue->covered_mask;
	return &queue->covered[at];
}

static void
grow_covered(struct queue *queue)
{
	uint64_t *old = queue->covered;
	uint32_t count = queue->covered_mask + 1;

	queue->covered = mx_calloc((size_t)count * 2, sizeof(*queue->covered));
	queue->covered_mask = count * 2 - 1;
	for (uint32_t i = 0; i < count; i++)
		if (old[i] != 0)
			*covered_slot(queue, old[i]) = old[i];
	free(old);
}

void
queue_cover(struct queue *queue, uint32_t host, int64_t utc)
{
	uint64_t key = hour_key(host, utc);
	uint64_t *slot = covered_slot(queue, key);

	if (*slot != 0)
		return;
	*slot = key;
	if (++queue->covered_count > queue->covered_mask / 2)
		grow_covered(queue);
}

bool
queue_is_whole(const struct queue *queue, const struct message *message)
{
	if (!message->has_head || !message->has_tail)
		return false;
	if ((message->is_joined || message->is_stored) &&
	    !message->is_expired && message->touch_count == 0 &&
	    message->recipient_count == 0 && message->finished_count == 0)
		return false;
	if (queue_is_in_pieces(message) && !message->is_expired &&
	    message->open_count != 0)
		return false;
	if (message->gap_from_utc >= message->gap_to_utc)
		return true;
	for (int64_t at = (message->gap_from_utc / HOUR_S + 1) * HOUR_S;
	    at / HOUR_S < message->gap_to_utc / HOUR_S; at += HOUR_S)
		if (*covered_slot(queue, hour_key(message->host, at)) == 0)
			return false;
	return true;
}

static struct slice
short_id(struct slice id)
{
	return id.len > QUEUE_ID_MAX ? slice_skip(id, id.len - QUEUE_ID_MAX) :
	    id;
}

static uint64_t
id_hash(const struct queue *queue, uint32_t host, struct slice id)
{
	return hash_mix(hash_slice(id, queue->seed), host);
}

uint32_t
queue_find(const struct queue *queue, uint32_t host, uint32_t root,
    struct slice id, bool exact)
{
	uint32_t found = POOL_NONE;
	uint64_t hash;
	struct message *message;

	id = short_id(id);
	hash = id_hash(queue, host, id);
	for (uint32_t i = *chain_head(&queue->by_id, hash); i != POOL_NONE;
	    i = message->next_hash) {
		message = queue_message(queue, i);
		if (message->hash != hash || message->host != host ||
		    !slice_eq(queue_id(message), id))
			continue;
		if (message->root == root)
			return i;
		if (!exact)
			found = i;
	}
	return found;
}

/* Both ways, as a log may hold one id in any number of messages. */
static void
link_id(struct queue *queue, uint32_t number, struct message *message)
{
	uint32_t *head = chain_head(&queue->by_id, message->hash);

	message->prev_hash = POOL_NONE;
	message->next_hash = *head;
	if (*head != POOL_NONE)
		queue_message(queue, *head)->prev_hash = number;
	*head = number;
}

static void
unlink_id(struct queue *queue, const struct message *message)
{
	if (message->prev_hash == POOL_NONE)
		*chain_head(&queue->by_id, message->hash) =
		    message->next_hash;
	else
		queue_message(queue, message->prev_hash)->next_hash =
		    message->next_hash;
	if (message->next_hash != POOL_NONE)
		queue_message(queue, message->next_hash)->prev_hash =
		    message->prev_hash;
}

static void
grow_ids(struct queue *queue)
{
	uint32_t count = queue->by_id.count;

	chain_grow(&queue->by_id);
	for (uint32_t i = queue->oldest; i != POOL_NONE;) {
		struct message *message = queue_message(queue, i);

		link_id(queue, i, message);
		i = message->newer;
	}
	queue->by_id.count = count;
}

/* Put it at the young end of the age list. */
static void
link_newest(struct queue *queue, uint32_t number, struct message *message)
{
	message->older = queue->newest;
	message->newer = POOL_NONE;
	if (queue->newest != POOL_NONE)
		queue_message(queue, queue->newest)->newer = number;
	else
		queue->oldest = number;
	queue->newest = number;
}

static void
unlink_age(struct queue *queue, const struct message *message)
{
	if (message->older != POOL_NONE)
		queue_message(queue, message->older)->newer = message->newer;
	else
		queue->oldest = message->newer;
	if (message->newer != POOL_NONE)
		queue_message(queue, message->newer)->older = message->older;
	else
		queue->newest = message->older;
}

uint32_t
queue_add(struct queue *queue, uint32_t host, uint32_t root, struct slice id)
{
	uint32_t number;
	struct message *message;

	if (chain_is_full(&queue->by_id))
		grow_ids(queue);
	number = pool_take(&queue->messages);
	message = queue_message(queue, number);
	id = short_id(id);
	message->hash = id_hash(queue, host, id);
	message->host = host;
	message->root = root;
	if (id.len != 0)
		memcpy(message->id, id.ptr, id.len);
	message->id_len = (uint8_t)id.len;
	message->input = queue->input;
	message->size_bytes = -1;
	message->first_utc = message->last_utc = message->arrival_utc =
	    INT64_MIN;
	message->gap_from_utc = INT64_MAX;
	message->gap_to_utc = INT64_MIN;
	message->touches = message->recipients = POOL_NONE;
	message->is_dirty = true;
	link_id(queue, number, message);
	queue->by_id.count++;
	link_newest(queue, number, message);
	return number;
}

/* No line of the message between the two, which may be in either order. */
void
queue_note_gap(struct message *message, int64_t from, int64_t to)
{
	if (to / HOUR_S - from / HOUR_S < 2)
		return;
	if (from < message->gap_from_utc)
		message->gap_from_utc = from;
	if (to > message->gap_to_utc)
		message->gap_to_utc = to;
}

void
queue_seen(struct queue *queue, uint32_t number, int64_t utc)
{
	struct message *message = queue_message(queue, number);

	if (message->first_utc != INT64_MIN) {
		queue_note_gap(message, message->last_utc, utc);
		queue_note_gap(message, utc, message->first_utc);
	}
	if (message->first_utc == INT64_MIN || utc < message->first_utc)
		message->first_utc = utc;
	if (utc > message->last_utc)
		message->last_utc = utc;
	message->is_dirty = true;
	message->is_spread |= message->input != queue->input;
	if (queue->newest != number) {
		unlink_age(queue, message);
		link_newest(queue, number, message);
	}
}

void
queue_set_sender(struct message *message, struct slice sender)
{
	char *to = message->sender_inline;

	if (sender.len > LIMIT_ADDRESS_BYTES)
		sender.len = LIMIT_ADDRESS_BYTES;
	free(message->sender_long);
	message->sender_long = NULL;
	if (sender.len > SENDER_INLINE)
		to = message->sender_long = mx_alloc(sender.len);
	if (sender.len != 0)
		memcpy(to, sender.ptr, sender.len);
	message->sender_len = (uint32_t)sender.len;
	message->sender_mark = 0;
	message->has_sender = true;
}

struct slice
queue_sender(const struct message *message)
{
	if (!message->has_sender)
		return SLICE_NONE;
	return slice_of(message->sender_long != NULL ? message->sender_long :
	    message->sender_inline, message->sender_len);
}

void
queue_remove(struct queue *queue, uint32_t number)
{
	struct message *message = queue_message(queue, number);

	unlink_id(queue, message);
	queue->by_id.count--;
	unlink_age(queue, message);
	queue_remove_parts(queue, message);
	free(message->sender_long);
	message->is_closing = false;
	pool_give(&queue->messages, number);
}
