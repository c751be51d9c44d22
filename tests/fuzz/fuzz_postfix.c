/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes behind the frame of a Postfix line: the remote chooses most of
 * them. The first byte chooses the program. Whatever is told lies inside the
 * line or the parser's memory, and NULs stay out. */
#include "base/strbuf.h"
#include "base/zone.h"
#include "parsers/ingest_formats.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Touch every byte, for the sanitizers. */
static void
touch(struct slice text, size_t max)
{
	volatile char sum = 0;

	if (text.len > max)
		mx_bug("longer than the line");
	for (size_t i = 0; i < text.len; i++)
		sum = (char)(sum ^ text.ptr[i]);
}

static enum mx_code
on_delivery(void *ctx, const struct delivery *fact, struct mx_err *err)
{
	size_t max = *(size_t *)ctx;

	(void)err;
	touch(fact->recipient, max);
	touch(fact->orig_recipient, max);
	touch(fact->domain, 2 * max + 600);
	touch(fact->relay_host, 2 * max + 600);
	touch(fact->relay_ip, max);
	touch(fact->named_mx, 2 * max + 600);
	touch(fact->named_ip, max);
	touch(fact->dsn, max);
	touch(fact->tls, max);
	touch(fact->reply, max);
	if (slice_is_none(fact->instance) || fact->agent.len == 0 ||
	    fact->id.len == 0 || fact->outcome >= OUTCOMES ||
	    fact->hop >= HOPS || fact->stage >= STAGES)
		mx_bug("an impossible fact");
	if (fact->reply_code != 0 && fact->is_own_text)
		mx_bug("our own words have no code");
	if (slice_chr(fact->reply, '\0') != NULL)
		mx_bug("a NUL got through");
	return MX_OK;
}

static enum mx_code
on_message(void *ctx, const struct message_event *event, struct mx_err *err)
{
	size_t max = *(size_t *)ctx;

	(void)err;
	touch(event->sender, max);
	touch(event->message_id, max);
	touch(event->child_id, max);
	return MX_OK;
}

static enum mx_code
on_skipped(void *ctx, const struct skipped *what, struct mx_err *err)
{
	(void)err;
	touch(what->line, *(size_t *)ctx);
	return MX_OK;
}

static enum mx_code
on_line(void *ctx, const struct stamp *at, struct slice host, uint64_t count,
    struct mx_err *err)
{
	(void)ctx;
	(void)at;
	(void)count;
	(void)host;
	(void)err;
	return MX_OK;
}

static enum mx_code
on_notice(void *ctx, enum notice_kind kind, const struct mx_where *where,
    struct slice text, struct mx_err *err)
{
	(void)ctx;
	(void)kind;
	(void)where;
	(void)text;
	(void)err;
	return MX_OK;
}

static void
read_text(const struct strbuf *text)
{
	size_t max = text->len;
	struct fact_sink sink = { &max, on_delivery, on_message, on_skipped,
		on_line, on_notice };
	struct log_input input = { .path = "fuzz", .now_utc = 1795372200,
		.mtime_utc = INT64_MIN, .format = SLICE("postfix"),
		.takes_tail = true };
	struct zone *zone;
	struct log_reader *reader;
	struct mx_err err;
	bool at_end;

	if (zone_open(SLICE("UTC"), &zone, &err) != MX_OK)
		mx_bug(err.text);
	input.zone = zone;
	input.reader = line_reader_new(source_of_memory(text->ptr, text->len,
	    4096));
	if (log_reader_open(&input, NULL, &reader, &err) != MX_OK ||
	    log_reader_run(reader, UINT64_MAX, &sink, &at_end, &err) != MX_OK)
		mx_bug(err.text);
	log_reader_close(reader);
	line_reader_free(input.reader);
	zone_close(zone);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const fronts[] = {
		"smtp[1]: 4F1A2B3C4D: to=<", "lmtp[1]: 4F1A2B3C4D: to=<a@b>, ",
		"smtp[1]: 4F1A2B3C4D: to=<a@b>, relay=m[192.0.2.1]:25, "
		"delay=1, delays=0/0/0/1, dsn=5.0.0, status=bounced (",
		"error[1]: 4F1A2B3C4D: to=<a@b>, relay=none, delay=1, "
		"delays=0/0/0/1, dsn=4.0.0, status=deferred (",
		"qmgr[1]: 4F1A2B3C4D: ", "bounce[1]: 4F1A2B3C4D: ",
		"cleanup[1]: 4F1A2B3C4D: ", "smtpd[1]: ", "pickup[1]: ",
	};
	struct strbuf text;

	if (size == 0)
		return 0;
	strbuf_init(&text, 1024 * 1024);
	strbuf_add_str(&text, "Nov 20 08:00:00 mx postfix/");
	strbuf_add_str(&text, fronts[data[0] %
	    (sizeof(fronts) / sizeof(fronts[0]))]);
	strbuf_add(&text, (const char *)data + 1, size - 1);
	read_text(&text);
	strbuf_release(&text);
	return 0;
}
