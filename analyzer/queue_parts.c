/* SPDX-License-Identifier: BSD-2-Clause */
/* What a live message has of: touches and recipients. */
#include "analyzer/queue_priv.h"

#include <stdlib.h>

#include "base/err.h"

/* A message's touches are found by walking them, unless there are more than
 * most messages have: only then are they in the index. */

static uint64_t
touch_hash(const struct queue *queue, uint32_t message, const struct touch *key)
{
	uint64_t h = hash_mix(queue->seed ^ message, (uint64_t)key->slot);

	return hash_mix(h ^ key->domain,
	    (uint64_t)key->source << 32 | key->provider);
}

static void
link_touch(struct queue *queue, uint32_t number)
{
	struct touch *touch = queue_touch_at(queue, number);
	uint32_t *head = chain_head(&queue->by_touch,
	    touch_hash(queue, touch->message, touch));

	touch->next_hash = *head;
	*head = number;
	queue->by_touch.count++;
}

/* Room in the index for all touches that one call may bring there. */
static void
make_touch_room(struct queue *queue)
{
	if (queue->by_touch.count + QUEUE_FEW <= queue->by_touch.mask)
		return;
	chain_grow(&queue->by_touch);
	for (uint32_t m = queue->oldest; m != POOL_NONE;
	    m = queue_message(queue, m)->newer) {
		const struct message *message = queue_message(queue, m);

		for (uint32_t i = message->touches; i != POOL_NONE &&
		    message->touch_count > QUEUE_FEW;
		    i = queue_touch_at(queue, i)->next)
			link_touch(queue, i);
	}
}

static bool
same_touch(const struct touch *a, const struct touch *b)
{
	return a->slot == b->slot && a->domain == b->domain &&
	    a->provider == b->provider && a->source == b->source;
}

static struct touch *
find_touch(const struct queue *queue, uint32_t number,
    const struct touch *key)
{
	const struct message *message = queue_message(queue, number);
	bool is_walk = message->touch_count <= QUEUE_FEW;
	uint32_t i = is_walk ? message->touches :
	    *chain_head(&queue->by_touch, touch_hash(queue, number, key));

	while (i != POOL_NONE) {
		struct touch *touch = queue_touch_at(queue, i);

		if (touch->message == number && same_touch(touch, key))
			return touch;
		i = is_walk ? touch->next : touch->next_hash;
	}
	return NULL;
}

struct touch *
queue_touch(struct queue *queue, uint32_t number, const struct touch *key)
{
	struct message *message = queue_message(queue, number);
	struct touch *touch = find_touch(queue, number, key);
	uint32_t added;

	if (touch != NULL)
		return touch;
	if (message->touch_count >= QUEUE_FEW)
		make_touch_room(queue);
	added = pool_take(&queue->touches);
	touch = queue_touch_at(queue, added);
	*touch = *key;
	touch->message = number;
	touch->accepted_utc = INT64_MAX;
	touch->next = message->touches;
	message->touches = added;
	message->touch_count++;
	if (message->touch_count > QUEUE_FEW + 1)
		link_touch(queue, added);
	else if (message->touch_count == QUEUE_FEW + 1)
		for (uint32_t i = added; i != POOL_NONE;
		    i = queue_touch_at(queue, i)->next)
			link_touch(queue, i);
	return touch;
}

static uint64_t
recipient_hash(struct slice text)
{
	return hash_stable(text, HASH_STABLE_START);
}

/* Recipients, too. The index knows them both ways, as one message may have any
 * number of the same. */
static void
link_recipient(struct queue *queue, uint32_t number)
{
	struct recipient *rcpt = queue_recipient_at(queue, number);
	uint32_t *head = chain_head(&queue->by_recipient,
	    queue_recipient_key(queue, rcpt->message, rcpt->hash));

	rcpt->prev_hash = POOL_NONE;
	rcpt->next_hash = *head;
	if (*head != POOL_NONE)
		queue_recipient_at(queue, *head)->prev_hash = number;
	*head = number;
	queue->by_recipient.count++;
}

/* As many as are walked and one more; the latest is to be found first. */
static void
link_few_recipients(struct queue *queue, uint32_t latest)
{
	uint32_t few[QUEUE_FEW + 1], count = 0;

	for (uint32_t i = latest; i != POOL_NONE && count <= QUEUE_FEW;
	    i = queue_recipient_at(queue, i)->next)
		few[count++] = i;
	while (count > 0)
		link_recipient(queue, few[--count]);
}

/* Room in the index for all recipients that one call may bring there. */
static void
make_recipient_room(struct queue *queue)
{
	if (queue->by_recipient.count + QUEUE_FEW <=
	    queue->by_recipient.mask)
		return;
	chain_grow(&queue->by_recipient);
	for (uint32_t m = queue->oldest; m != POOL_NONE;
	    m = queue_message(queue, m)->newer) {
		const struct message *message = queue_message(queue, m);

		for (uint32_t i = message->recipients; i != POOL_NONE &&
		    message->recipient_count > QUEUE_FEW;
		    i = queue_recipient_at(queue, i)->next)
			link_recipient(queue, i);
	}
}

/* A record of this recipient that is open, or that ended at UTC or later. */
static struct recipient *
find_recipient(const struct queue *queue, uint32_t number, struct slice text,
    bool is_open, int64_t utc)
{
	uint64_t hash = recipient_hash(text);
	struct recipient *rcpt;

	for (uint32_t i = queue_recipients_like(queue, number, hash);
	    i != POOL_NONE; i = queue_next_like(queue, number, rcpt)) {
		rcpt = queue_recipient_at(queue, i);
		if (rcpt->message == number && rcpt->hash == hash &&
		    slice_eq(slice_str(rcpt->text), text) &&
		    (rcpt->outcome == OUTCOME_DEFERRED) == is_open &&
		    (is_open || rcpt->last_utc >= utc))
			return rcpt;
	}
	return NULL;
}

struct recipient *
queue_find_recipient(const struct queue *queue, uint32_t number,
    struct slice text)
{
	return find_recipient(queue, number, text, true, 0);
}

struct recipient *
queue_find_ended(const struct queue *queue, uint32_t number,
    struct slice text, int64_t utc)
{
	return find_recipient(queue, number, text, false, utc);
}

struct recipient *
queue_add_recipient(struct queue *queue, uint32_t number, struct slice text)
{
	struct message *message = queue_message(queue, number);
	struct recipient *rcpt;
	uint32_t added;

	if (message->recipient_count >= QUEUE_FEW)
		make_recipient_room(queue);
	added = pool_take(&queue->recipients);
	rcpt = queue_recipient_at(queue, added);
	rcpt->message = number;
	rcpt->hash = recipient_hash(text);
	rcpt->text = mx_strndup(text.ptr, text.len);
	rcpt->first_utc = INT64_MAX;
	rcpt->last_utc = INT64_MIN;
	rcpt->delay_ms = -1;
	rcpt->outcome = OUTCOME_DEFERRED;
	rcpt->next = message->recipients;
	message->recipients = added;
	message->recipient_count++;
	if (message->recipient_count > QUEUE_FEW + 1)
		link_recipient(queue, added);
	else if (message->recipient_count == QUEUE_FEW + 1)
		link_few_recipients(queue, added);
	return rcpt;
}

void
queue_recipient_failed(struct recipient *rcpt, uint32_t reply, int64_t utc)
{
	for (uint32_t i = 0; i < rcpt->failure_count; i++) {
		if (rcpt->failures[i].reply != reply)
			continue;
		if (utc < rcpt->failures[i].first_utc)
			rcpt->failures[i].first_utc = utc;
		return;
	}
	if (rcpt->failure_count == FAILURES_MAX)
		return;
	rcpt->failures = mx_realloc(rcpt->failures,
	    (rcpt->failure_count + 1) * sizeof(*rcpt->failures));
	rcpt->failures[rcpt->failure_count++] =
	    (struct failure){ .reply = reply, .first_utc = utc };
}

static void
unlink_touch(struct queue *queue, uint32_t number)
{
	struct touch *touch = queue_touch_at(queue, number);
	uint32_t *link = chain_head(&queue->by_touch,
	    touch_hash(queue, touch->message, touch));

	while (*link != number)
		link = &queue_touch_at(queue, *link)->next_hash;
	*link = touch->next_hash;
	queue->by_touch.count--;
}

static void
unlink_recipient(struct queue *queue, uint32_t number)
{
	const struct recipient *rcpt = queue_recipient_at(queue, number);

	if (rcpt->prev_hash == POOL_NONE)
		*chain_head(&queue->by_recipient, queue_recipient_key(queue,
		    rcpt->message, rcpt->hash)) = rcpt->next_hash;
	else
		queue_recipient_at(queue, rcpt->prev_hash)->next_hash =
		    rcpt->next_hash;
	if (rcpt->next_hash != POOL_NONE)
		queue_recipient_at(queue, rcpt->next_hash)->prev_hash =
		    rcpt->prev_hash;
	queue->by_recipient.count--;
}

void
queue_remove_parts(struct queue *queue, struct message *message)
{
	while (message->touches != POOL_NONE) {
		uint32_t number = message->touches;

		if (message->touch_count > QUEUE_FEW)
			unlink_touch(queue, number);
		message->touches = queue_touch_at(queue, number)->next;
		pool_give(&queue->touches, number);
	}
	while (message->recipients != POOL_NONE) {
		uint32_t number = message->recipients;
		struct recipient *rcpt = queue_recipient_at(queue, number);

		if (message->recipient_count > QUEUE_FEW)
			unlink_recipient(queue, number);
		message->recipients = rcpt->next;
		free(rcpt->text);
		free(rcpt->failures);
		pool_give(&queue->recipients, number);
	}
}
