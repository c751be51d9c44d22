/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages whose head or tail was not read yet, kept in the store with their
 * names as text, so that a fragment means the same in any store. */
#include "analyzer/store_priv.h"

#include "base/limits.h"

enum { FRAGMENT_VERSION = 2 };
enum { PART_MAX = 16 * 1024 * 1024 }; /* records in one fragment */
#define TIME_MAX ((int64_t)1 << 45) /* beyond any stamp and any delay */

/* ------------------------------------------------------------------ */
/* Writing */

static void
put_u64(struct strbuf *out, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		strbuf_add_char(out, (char)(0x80 | (value & 0x7f)));
	strbuf_add_char(out, (char)value);
}

/* Negative numbers too, small ones short. */
static void
put_i64(struct strbuf *out, int64_t value)
{
	uint64_t sign = value < 0 ? UINT64_MAX : 0;

	put_u64(out, ((uint64_t)value << 1) ^ sign);
}

static void
put_text(struct strbuf *out, struct slice text)
{
	put_u64(out, text.len);
	strbuf_add_slice(out, text);
}

static void
put_names(struct strbuf *out, const struct names *names, uint32_t source,
    uint32_t provider, uint32_t domain)
{
	put_text(out, intern_name(&names->source, source));
	put_text(out, intern_name(&names->provider, provider));
	put_text(out, intern_name(&names->domain, domain));
}

static void
put_touches(struct strbuf *out, const struct queue *queue,
    const struct names *names, const struct message *message)
{
	put_u64(out, message->touch_count);
	for (uint32_t i = message->touches; i != POOL_NONE;
	    i = queue_touch_at(queue, i)->next) {
		const struct touch *touch = queue_touch_at(queue, i);

		put_names(out, names, touch->source, touch->provider,
		    touch->domain);
		put_i64(out, touch->slot);
		put_i64(out, touch->accepted_utc);
	}
}

static void
put_kind(struct strbuf *out, const struct names *names,
    const struct reply_kind *kind)
{
	put_text(out, intern_name(&names->provider, kind->provider));
	put_u64(out, kind->fingerprint);
	put_text(out, kind->masked);
	put_text(out, kind->reason);
	put_text(out, kind->scope);
	put_text(out, kind->severity);
	put_text(out, kind->token);
	put_text(out, kind->rule);
	put_text(out, kind->sample);
	put_i64(out, kind->sample_utc);
	put_u64(out, (uint64_t)kind->is_explicit | (uint64_t)kind->votes << 1);
}

static void
put_recipients(struct strbuf *out, const struct queue *queue,
    const struct totals *totals, const struct names *names,
    const struct message *message)
{
	put_u64(out, message->recipient_count);
	for (uint32_t i = message->recipients; i != POOL_NONE;
	    i = queue_recipient_at(queue, i)->next) {
		const struct recipient *rcpt = queue_recipient_at(queue, i);

		put_names(out, names, rcpt->source, rcpt->provider,
		    rcpt->domain);
		put_text(out, slice_str(rcpt->text));
		put_i64(out, rcpt->first_utc);
		put_i64(out, rcpt->last_utc);
		put_i64(out, rcpt->delay_ms);
		put_u64(out, rcpt->deferrals);
		put_u64(out, (uint64_t)rcpt->outcome);
		put_u64(out, (uint64_t)rcpt->is_blocked |
		    (uint64_t)rcpt->has_provider << 1 |
		    (uint64_t)rcpt->has_attempt << 2);
		put_u64(out, rcpt->failure_count);
		for (uint32_t f = 0; f < rcpt->failure_count; f++) {
			put_i64(out, rcpt->failures[f].first_utc);
			put_kind(out, names, totals_reply_kind(totals,
			    rcpt->failures[f].reply));
		}
	}
}

void
fragment_encode(struct strbuf *out, const struct queue *queue,
    const struct totals *totals, const struct names *names,
    const struct message *message)
{
	strbuf_reset(out);
	put_u64(out, FRAGMENT_VERSION);
	put_text(out, intern_name(&names->host, message->host));
	put_text(out, intern_name(&names->instance, message->root));
	put_text(out, queue_id(message));
	put_u64(out, (uint64_t)message->has_head |
	    (uint64_t)message->has_tail << 1 |
	    (uint64_t)message->has_sender << 2 |
	    (uint64_t)message->is_expired << 3 |
	    (uint64_t)message->owes_sender << 4 |
	    (uint64_t)(message->sender_mark != 0) << 5);
	put_text(out, queue_sender(message));
	if (message->sender_mark != 0)
		put_u64(out, message->sender_mark);
	put_i64(out, message->size_bytes);
	put_i64(out, message->first_utc);
	put_i64(out, message->last_utc);
	put_i64(out, message->removed_utc);
	put_i64(out, message->expired_utc);
	put_i64(out, message->arrival_utc);
	put_i64(out, message->gap_from_utc);
	put_i64(out, message->gap_to_utc);
	put_u64(out, message->expected_count);
	put_u64(out, message->finished_count);
	put_touches(out, queue, names, message);
	put_recipients(out, queue, totals, names, message);
}

/* ------------------------------------------------------------------ */
/* Reading: a store may be damaged, so every length is checked, and once
 * something is wrong all that follows reads as empty. */

struct cursor {
	struct slice rest;
	bool is_bad;
};

static uint64_t
get_u64(struct cursor *from)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64 && from->rest.len != 0;
	    shift += 7) {
		unsigned char byte = (unsigned char)from->rest.ptr[0];

		from->rest = slice_skip(from->rest, 1);
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return value;
	}
	from->is_bad = true;
	return 0;
}

static int64_t
get_i64(struct cursor *from)
{
	uint64_t value = get_u64(from);
	uint64_t sign = (value & 1) != 0 ? UINT64_MAX : 0;

	return (int64_t)((value >> 1) ^ sign);
}

/* A moment, or NONE where that stands for none: sums and differences of
 * others never overflow. */
static int64_t
get_time(struct cursor *from, int64_t none)
{
	int64_t utc = get_i64(from);

	if (utc == none || (utc > -TIME_MAX && utc < TIME_MAX))
		return utc;
	from->is_bad = true;
	return 0;
}

static uint64_t
get_at_most(struct cursor *from, uint64_t max)
{
	uint64_t value = get_u64(from);

	if (value <= max)
		return value;
	from->is_bad = true;
	return 0;
}

static struct slice
get_text(struct cursor *from)
{
	uint64_t len = get_at_most(from, from->rest.len);
	struct slice text;

	if (len > from->rest.len) {
		from->is_bad = true;
		return SLICE("");
	}
	text = slice_of(from->rest.ptr, (size_t)len);
	if (len != 0) /* there may be no bytes at all to go on from */
		from->rest = slice_skip(from->rest, (size_t)len);
	return text;
}

static void
get_names(struct cursor *from, struct names *names, uint32_t *source,
    uint32_t *provider, uint32_t *domain)
{
	*source = names_id(&names->source, get_text(from));
	*provider = names_id(&names->provider, get_text(from));
	*domain = names_id(&names->domain, get_text(from));
}

static void
get_touches(struct cursor *from, struct queue *queue, struct names *names,
    uint32_t message)
{
	uint64_t count = get_at_most(from, PART_MAX);

	for (uint64_t i = 0; i < count && !from->is_bad; i++) {
		struct touch key = { 0 };
		struct touch *touch;
		int64_t accepted;

		get_names(from, names, &key.source, &key.provider,
		    &key.domain);
		key.slot = get_time(from, 0);
		accepted = get_time(from, INT64_MAX);
		touch = queue_touch(queue, message, &key);
		if (accepted < touch->accepted_utc)
			touch->accepted_utc = accepted;
	}
}

static uint32_t
get_kind(struct cursor *from, struct totals *totals, struct names *names)
{
	struct reply_kind kind = { 0 };
	uint64_t flags;

	kind.provider = names_id(&names->provider, get_text(from));
	kind.fingerprint = get_u64(from);
	kind.masked = get_text(from);
	kind.reason = get_text(from);
	kind.scope = get_text(from);
	kind.severity = get_text(from);
	kind.token = get_text(from);
	kind.rule = get_text(from);
	kind.sample = get_text(from);
	kind.sample_utc = get_time(from, 0);
	flags = get_u64(from);
	kind.is_explicit = (flags & 1) != 0;
	kind.votes = (flags & 2) != 0;
	return totals_reply(totals, &kind);
}

static void
get_recipient(struct cursor *from, struct queue *queue, struct totals *totals,
    struct names *names, uint32_t message)
{
	struct recipient part = { 0 };
	struct recipient *rcpt;
	uint64_t flags, failures;

	get_names(from, names, &part.source, &part.provider, &part.domain);
	rcpt = queue_add_recipient(queue, message, get_text(from));
	rcpt->source = part.source;
	rcpt->provider = part.provider;
	rcpt->domain = part.domain;
	rcpt->first_utc = get_time(from, 0);
	rcpt->last_utc = get_time(from, 0);
	rcpt->delay_ms = get_i64(from);
	rcpt->deferrals = (uint32_t)get_at_most(from, UINT32_MAX);
	rcpt->outcome = (enum outcome)get_at_most(from, OUTCOMES - 1);
	flags = get_u64(from);
	rcpt->is_blocked = (flags & 1) != 0;
	rcpt->has_provider = (flags & 2) != 0;
	rcpt->has_attempt = (flags & 4) != 0;
	failures = get_at_most(from, FAILURES_MAX);
	for (uint64_t i = 0; i < failures && !from->is_bad; i++) {
		int64_t utc = get_time(from, 0);

		queue_recipient_failed(rcpt, get_kind(from, totals, names),
		    utc);
	}
	if (rcpt->outcome == OUTCOME_DEFERRED)
		queue_message(queue, message)->open_count++;
}

static void
get_message(struct cursor *from, struct message *message)
{
	uint64_t flags = get_u64(from);
	struct slice sender = get_text(from);

	message->has_head = (flags & 1) != 0;
	message->has_tail = (flags & 2) != 0;
	message->is_expired = (flags & 8) != 0;
	message->owes_sender = (flags & 16) != 0;
	if ((flags & 4) != 0)
		queue_set_sender(message, sender);
	if ((flags & 32) != 0)
		message->sender_mark = get_u64(from);
	message->size_bytes = get_i64(from);
	message->first_utc = get_time(from, INT64_MIN);
	message->last_utc = get_time(from, INT64_MIN);
	message->removed_utc = get_time(from, 0);
	message->expired_utc = get_time(from, 0);
	message->arrival_utc = get_time(from, INT64_MIN);
	message->gap_from_utc = get_time(from, INT64_MAX);
	message->gap_to_utc = get_time(from, INT64_MIN);
	message->expected_count = (uint32_t)get_at_most(from, UINT32_MAX);
	message->finished_count = (uint32_t)get_at_most(from, UINT32_MAX);
}

enum mx_code
fragment_decode(struct slice blob, struct queue *queue, struct totals *totals,
    struct names *names, uint32_t *message_r, struct mx_err *err)
{
	struct cursor from = { .rest = blob };
	uint64_t version = get_u64(&from);
	uint32_t host = names_id(&names->host, get_text(&from));
	uint32_t root = names_id(&names->instance, get_text(&from));
	uint32_t message = queue_add(queue, host, root, get_text(&from));
	uint64_t recipients;

	get_message(&from, queue_message(queue, message));
	get_touches(&from, queue, names, message);
	recipients = get_at_most(&from, PART_MAX);
	for (uint64_t i = 0; i < recipients && !from.is_bad; i++)
		get_recipient(&from, queue, totals, names, message);
	if (version != FRAGMENT_VERSION || from.is_bad) {
		queue_remove(queue, message);
		return mx_fail(err, MX_E_DATA,
		    "the store is damaged: a message in it cannot be read");
	}
	queue_message(queue, message)->is_dirty = false;
	*message_r = message;
	return MX_OK;
}
