/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/support/fact_text.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/zone.h"
#include "tests/support/cases.h"

enum { TEXT_BYTES = 64 * 1024 * 1024 };

void
fact_text_init(struct fact_text *facts)
{
	memset(facts, 0, sizeof(*facts));
	strbuf_init(&facts->text, TEXT_BYTES);
}

void
fact_text_release(struct fact_text *facts)
{
	strbuf_release(&facts->text);
}

static void
begin(struct fact_text *facts, const struct mx_where *where,
    const char *kind)
{
	strbuf_addf(&facts->text, "%" PRIu64 " %s", where->line, kind);
}

static void
put(struct fact_text *facts, const char *key, struct slice value)
{
	if (slice_is_none(value))
		return;
	strbuf_addf(&facts->text, "\t%s=", key);
	strbuf_add_slice(&facts->text, value);
}

static void
put_number(struct fact_text *facts, const char *key, int64_t value,
    int64_t absent)
{
	if (value != absent)
		strbuf_addf(&facts->text, "\t%s=%" PRId64, key, value);
}

static void
put_time(struct fact_text *facts, const struct stamp *at)
{
	char text[21];

	rfc3339_utc(at->utc, text);
	put(facts, "time", slice_str(text));
	if (at->digits != 0)
		put_number(facts, "us", at->us, -1);
}

static enum mx_code
take_delivery(void *ctx, const struct delivery *fact, struct mx_err *err)
{
	struct fact_text *facts = ctx;

	begin(facts, &fact->where, "delivery");
	put_time(facts, &fact->at);
	put(facts, "mta", slice_str(fact->mta));
	put(facts, "outcome", slice_str(outcome_name(fact->outcome)));
	put(facts, "hop", slice_str(hop_name(fact->hop)));
	put(facts, "host", fact->host);
	put(facts, "instance", fact->instance);
	put(facts, "agent", fact->agent);
	put(facts, "id", fact->id);
	put(facts, "sender", fact->sender);
	put(facts, "recipient", fact->recipient);
	put(facts, "orig_recipient", fact->orig_recipient);
	put(facts, "domain", fact->domain);
	put(facts, "relay_host", fact->relay_host);
	put(facts, "relay_ip", fact->relay_ip);
	put_number(facts, "relay_port", fact->relay_port, 0);
	put(facts, "source_ip", fact->source_ip);
	put(facts, "source_ip_from",
	    slice_str(source_from_name(fact->source_from)));
	put(facts, "named_mx", fact->named_mx);
	put(facts, "named_ip", fact->named_ip);
	put_number(facts, "delay_ms", fact->delay_ms, -1);
	put_number(facts, "size", fact->size_bytes, -1);
	put(facts, "tls", fact->tls);
	put(facts, "dsn", fact->dsn);
	put(facts, "stage", slice_str(stage_name(fact->stage)));
	put_number(facts, "reply_code", fact->reply_code, 0);
	put_number(facts, "own", fact->is_own_text, 0);
	put_number(facts, "final", fact->is_final, 0);
	put(facts, "reply", fact->reply);
	strbuf_add_char(&facts->text, '\n');
	facts->deliveries++;
	if (facts->deliveries == facts->stop_after)
		return mx_fail(err, MX_E_STOPPED, "stopped by the test");
	return MX_OK;
}

static const char *
event_name(enum message_event_kind kind)
{
	switch (kind) {
	case MESSAGE_BORN:
		return "born";
	case MESSAGE_ACTIVE:
		return "active";
	case MESSAGE_EXPIRED:
		return "expired";
	case MESSAGE_CHILD:
		return "child";
	case MESSAGE_REMOVED:
		return "removed";
	}
	return "?";
}

static enum mx_code
take_message(void *ctx, const struct message_event *event,
    struct mx_err *err)
{
	struct fact_text *facts = ctx;

	(void)err;
	begin(facts, &event->where, event_name(event->kind));
	put_time(facts, &event->at);
	put(facts, "mta", slice_str(event->mta));
	put(facts, "host", event->host);
	put(facts, "instance", event->instance);
	put(facts, "agent", event->agent);
	put(facts, "id", event->id);
	put(facts, "sender", event->sender);
	put(facts, "message_id", event->message_id);
	put(facts, "child_id", event->child_id);
	put_number(facts, "size", event->size_bytes, -1);
	put_number(facts, "recipients", event->recipient_count, -1);
	strbuf_add_char(&facts->text, '\n');
	facts->events++;
	return MX_OK;
}

static enum mx_code
take_skipped(void *ctx, const struct skipped *what, struct mx_err *err)
{
	struct fact_text *facts = ctx;

	(void)err;
	begin(facts, &what->where, "skipped");
	put(facts, "reason", slice_str(skip_reason_name(what->reason)));
	strbuf_add_char(&facts->text, '\n');
	facts->skipped++;
	return MX_OK;
}

static enum mx_code
take_line_seen(void *ctx, const struct stamp *at, struct slice host,
    uint64_t count, struct mx_err *err)
{
	struct fact_text *facts = ctx;
	size_t n = host.len < sizeof(facts->seen_host) ? host.len :
	    sizeof(facts->seen_host) - 1;

	(void)err;
	facts->lines_seen += count;
	facts->seen_at = *at;
	if (n != 0)
		memcpy(facts->seen_host, host.ptr, n);
	facts->seen_host[n] = '\0';
	return MX_OK;
}

static enum mx_code
take_notice(void *ctx, enum notice_kind kind, const struct mx_where *where,
    struct slice text, struct mx_err *err)
{
	static const char *const names[] = { [NOTICE_LOSS] = "loss",
		[NOTICE_TIME] = "time", [NOTICE_REPEAT] = "repeat" };
	struct fact_text *facts = ctx;

	(void)err;
	begin(facts, where, "notice");
	put(facts, "kind", slice_str(names[kind]));
	put(facts, "text", text);
	strbuf_add_char(&facts->text, '\n');
	facts->notices++;
	return MX_OK;
}

struct fact_sink
fact_text_sink(struct fact_text *facts)
{
	return (struct fact_sink){ .ctx = facts, .delivery = take_delivery,
		.message = take_message, .skipped = take_skipped,
		.line_seen = take_line_seen, .notice = take_notice };
}

/* The value of KEY in LINE; absent where LINE does not have it. */
static struct slice
value_of(struct slice line, struct slice key)
{
	while (line.len != 0) {
		const char *tab = slice_chr(line, '\t');
		struct slice field = tab != NULL ?
		    slice_between(line.ptr, tab) : line;

		if (field.len > key.len && field.ptr[key.len] == '=' &&
		    slice_starts(field, key))
			return slice_skip(field, key.len + 1);
		line = slice_skip(line, field.len + 1);
	}
	return SLICE_NONE;
}

static bool
is_wanted(struct slice got, struct slice want)
{
	if (want.len == 0)
		return slice_is_none(got);
	if (slice_eq(want, SLICE("\"\"")))
		return !slice_is_none(got) && got.len == 0;
	return slice_eq(got, want);
}

void
fact_text_expect(struct slice line, const char *want)
{
	struct slice rest = slice_str(want);

	while (rest.len != 0) {
		const char *bar = slice_chr(rest, '|');
		struct slice pair = bar != NULL ?
		    slice_between(rest.ptr, bar) : rest;
		const char *equals = slice_chr(pair, '=');
		struct slice key, value, got;

		assert_non_null(equals);
		key = slice_between(pair.ptr, equals);
		value = slice_skip(pair, key.len + 1);
		got = value_of(line, key);
		if (!is_wanted(got, value))
			fail_msg("%.*s: got \"%.*s\", want \"%.*s\" in\n%.*s",
			    SLICE_ARG(key), SLICE_ARG(got), SLICE_ARG(value),
			    SLICE_ARG(line));
		rest = slice_skip(rest, pair.len + 1);
	}
}
