/* SPDX-License-Identifier: BSD-2-Clause */
/* Any text as a format file, and any bytes as a log of that format: refused
 * with a place and a reason, or facts that are possible. The two are parted by
 * a line "%%". */
#include "base/zone.h"
#include "parsers/input_hint.h"
#include "parsers/user_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A pattern may cost some milliseconds a line. */
enum { LOG_BYTES = 4096 };

static enum mx_code
on_delivery(void *ctx, const struct delivery *fact, struct mx_err *err)
{
	(void)ctx;
	(void)err;
	if (fact->at.utc < 0 || fact->at.utc >= INT64_C(4133980800))
		mx_bug("a date outside 1970..2100");
	if (fact->reply_code != 0 &&
	    (fact->reply_code < 100 || fact->reply_code > 599))
		mx_bug("a reply code that is none");
	if (fact->recipient.len == 0 || fact->delay_ms < -1 ||
	    fact->size_bytes < -1 || fact->outcome >= OUTCOMES)
		mx_bug("an impossible fact");
	return MX_OK;
}

static enum mx_code
on_message(void *ctx, const struct message_event *event, struct mx_err *err)
{
	(void)ctx;
	(void)err;
	if (event->id.len == 0)
		mx_bug("an event of no message");
	return MX_OK;
}

static void
read_log(const struct user_format *format, struct slice text,
    const char *forced)
{
	const struct log_format *own[] = { &format->format, NULL };
	struct fact_sink sink = { NULL, on_delivery, on_message, fact_ignore_skipped,
		fact_ignore_line, fact_ignore_notice };
	struct zone *zone;
	struct log_input input = { .path = "fuzz",
		.reader = line_reader_new(source_of_memory(text.ptr, text.len,
		    4096)),
		.now_utc = 1795372200, .mtime_utc = 1795300000,
		.format = slice_str(forced), .own_formats = own,
		.takes_tail = true };
	struct log_reader *reader;
	struct mx_err err;
	bool at_end = false;

	if (zone_open(SLICE("CET-1CEST,M3.5.0,M10.5.0/3"), &zone, NULL) !=
	    MX_OK)
		mx_bug("a POSIX zone");
	input.zone = zone;
	if (log_reader_open(&input, NULL, &reader, &err) == MX_OK) {
		while (!at_end && log_reader_run(reader, 512, &sink, &at_end,
		    &err) == MX_OK)
			continue;
		log_reader_close(reader);
	} else if (forced != NULL && !input_is_tar(text)) {
		mx_bug("a format that was asked for is one");
	}
	line_reader_free(input.reader);
	zone_close(zone);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct slice mark = { "\n%%\n", 4 };
	struct slice all = slice_of((const char *)data, size);
	const char *at = size != 0 ? slice_find(all, mark) : NULL;
	struct slice text = at != NULL ? slice_between(all.ptr, at + 1) : all;
	struct slice log = at != NULL ? slice_skip(all,
	    (size_t)(at - all.ptr) + mark.len) : SLICE_NONE;
	struct user_format *format;
	struct mx_err err = { .code = MX_OK };

	if (log.len > LOG_BYTES)
		log.len = LOG_BYTES;
	if (user_format_load("fuzz.format", text, &format, NULL, &err) !=
	    MX_OK) {
		if (strncmp(err.text, "fuzz.format:", 12) != 0)
			mx_bug("refused without a place");
		return 0;
	}
	read_log(format, log, format->format.name);
	read_log(format, log, NULL);
	user_format_free(format);
	return 0;
}
