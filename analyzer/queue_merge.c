/* SPDX-License-Identifier: BSD-2-Clause */
/* Parts of one message that were read from different files become one. */
#include "analyzer/queue_priv.h"

#include "base/limits.h"

bool
queue_may_join(const struct message *a, const struct message *b)
{
	/* lines of several processes may swap places for a moment */
	const int64_t slack = 5;

	if (a->host != b->host || a->root != b->root ||
	    !slice_eq(queue_id(a), queue_id(b)))
		return false;
	if ((a->has_head && b->has_head) || (a->has_tail && b->has_tail))
		return false;
	if ((a->has_head && a->first_utc > b->first_utc + slack) ||
	    (b->has_head && b->first_utc > a->first_utc + slack) ||
	    (a->has_tail && a->last_utc < b->last_utc - slack) ||
	    (b->has_tail && b->last_utc < a->last_utc - slack))
		return false;
	return a->first_utc - b->last_utc <= LIMIT_QUEUE_LIFE_S &&
	    b->first_utc - a->last_utc <= LIMIT_QUEUE_LIFE_S;
}

static void
merge_failures(struct recipient *into, const struct recipient *from)
{
	for (uint32_t i = 0; i < from->failure_count; i++)
		queue_recipient_failed(into, from->failures[i].reply,
		    from->failures[i].first_utc);
}

/* Copy every field of a recipient but its links. */
static void
copy_recipient(struct recipient *to, const struct recipient *from)
{
	to->source = from->source;
	to->provider = from->provider;
	to->domain = from->domain;
	to->first_utc = from->first_utc;
	to->last_utc = from->last_utc;
	to->delay_ms = from->delay_ms;
	to->deferrals = from->deferrals;
	to->is_blocked = from->is_blocked;
	to->has_provider = from->has_provider;
	to->has_attempt = from->has_attempt;
	to->outcome = from->outcome;
	merge_failures(to, from);
}

/* The same recipient in two parts of a message: what came later decides how
 * it stands, what came first to which day it belongs. */
static void
join_recipient(struct recipient *into, const struct recipient *from)
{
	bool from_is_later = from->last_utc >= into->last_utc;

	if (from_is_later) {
		into->outcome = from->outcome;
		into->delay_ms = from->delay_ms;
		if (from->has_provider || !into->has_provider) {
			into->provider = from->provider;
			into->source = from->source;
		}
		into->last_utc = from->last_utc;
	} else if (!into->has_provider && from->has_provider) {
		into->provider = from->provider;
		into->source = from->source;
	}
	/* an echo says that mail waited, not that it was tried */
	if (from->has_attempt == into->has_attempt ?
	    from->first_utc < into->first_utc : from->has_attempt)
		into->first_utc = from->first_utc;
	into->has_attempt |= from->has_attempt;
	into->has_provider |= from->has_provider;
	into->is_blocked |= from->is_blocked;
	into->deferrals += from->deferrals;
	merge_failures(into, from);
}

/* The record of INTO about the same delivery as FROM: what was seen last of it
 * may have ended it, what was seen before cannot have. */
static struct recipient *
counterpart(const struct queue *queue, uint32_t into,
    const struct recipient *from)
{
	struct recipient *rcpt;

	for (uint32_t i = queue_recipients_like(queue, into, from->hash);
	    i != POOL_NONE; i = queue_next_like(queue, into, rcpt)) {
		rcpt = queue_recipient_at(queue, i);
		if (rcpt->message != into || rcpt->hash != from->hash ||
		    strcmp(rcpt->text, from->text) != 0)
			continue;
		if (rcpt->last_utc <= from->last_utc ?
		    rcpt->outcome == OUTCOME_DEFERRED :
		    from->outcome == OUTCOME_DEFERRED)
			return rcpt;
	}
	return NULL;
}

static void
merge_recipients(struct queue *queue, uint32_t into, uint32_t from)
{
	for (uint32_t i = queue_message(queue, from)->recipients;
	    i != POOL_NONE; i = queue_recipient_at(queue, i)->next) {
		struct recipient *part = queue_recipient_at(queue, i);
		struct recipient *rcpt = counterpart(queue, into, part);

		if (rcpt != NULL) {
			join_recipient(rcpt, part);
			continue;
		}
		rcpt = queue_add_recipient(queue, into, slice_str(part->text));
		copy_recipient(rcpt, part);
	}
}

static void
merge_touches(struct queue *queue, uint32_t into, uint32_t from)
{
	for (uint32_t i = queue_message(queue, from)->touches; i != POOL_NONE;
	    i = queue_touch_at(queue, i)->next) {
		struct touch part = *queue_touch_at(queue, i);
		struct touch *touch = queue_touch(queue, into, &part);

		if (part.accepted_utc < touch->accepted_utc)
			touch->accepted_utc = part.accepted_utc;
	}
}

static void
merge_gaps(struct message *into, const struct message *from)
{
	if (from->gap_from_utc < into->gap_from_utc)
		into->gap_from_utc = from->gap_from_utc;
	if (from->gap_to_utc > into->gap_to_utc)
		into->gap_to_utc = from->gap_to_utc;
	queue_note_gap(into, into->last_utc, from->first_utc);
	queue_note_gap(into, from->last_utc, into->first_utc);
}

static void
merge_message(struct message *into, const struct message *from)
{
	merge_gaps(into, from);
	if (!into->has_sender && from->has_sender) {
		queue_set_sender(into, queue_sender(from));
		into->sender_mark = from->sender_mark;
	}
	if (into->size_bytes < 0)
		into->size_bytes = from->size_bytes;
	if (into->first_utc == INT64_MIN || from->first_utc < into->first_utc)
		into->first_utc = from->first_utc;
	if (from->last_utc > into->last_utc)
		into->last_utc = from->last_utc;
	if (into->arrival_utc == INT64_MIN)
		into->arrival_utc = from->arrival_utc;
	if (from->has_tail)
		into->removed_utc = from->removed_utc;
	if (from->is_expired)
		into->expired_utc = from->expired_utc;
	into->has_head |= from->has_head;
	into->has_tail |= from->has_tail;
	into->is_expired |= from->is_expired;
	into->owes_sender |= from->owes_sender;
	if (into->expected_count == 0)
		into->expected_count = from->expected_count;
	into->finished_count += from->finished_count;
	into->is_dirty = into->is_joined = true;
}

static uint32_t
count_open(const struct queue *queue, const struct message *message)
{
	uint32_t count = 0;

	for (uint32_t i = message->recipients; i != POOL_NONE;
	    i = queue_recipient_at(queue, i)->next)
		count += queue_recipient_at(queue, i)->outcome ==
		    OUTCOME_DEFERRED;
	return count;
}

void
queue_merge(struct queue *queue, uint32_t into, uint32_t from)
{
	struct message *message = queue_message(queue, into);

	merge_message(message, queue_message(queue, from));
	merge_recipients(queue, into, from);
	merge_touches(queue, into, from);
	message->open_count = count_open(queue, message);
	if (!message->has_tail && queue_is_finished(message)) {
		message->has_tail = true;
		message->removed_utc = message->last_utc;
	}
	queue_remove(queue, from);
}
