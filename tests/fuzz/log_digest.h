/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a log, through recognition, line reader, heads and formats.
 * The facts must not depend on how the bytes arrive, nor on where a run
 * stops. Shared by the targets that read logs. */
#ifndef MX_TESTS_FUZZ_LOG_DIGEST_H
#define MX_TESTS_FUZZ_LOG_DIGEST_H

#include "base/hash.h"
#include "base/zone.h"
#include "parsers/ingest_formats.h"

/* All facts as one number. */
static void
take_text(uint64_t *sum, struct slice text)
{
	*sum = hash_stable(text, *sum * 31 + text.len);
}

static void
take_number(uint64_t *sum, uint64_t number)
{
	*sum = hash_mix(*sum, number);
}

static enum mx_code
on_delivery(void *ctx, const struct delivery *fact, struct mx_err *err)
{
	(void)err;
	take_number(ctx, (uint64_t)fact->at.utc);
	take_number(ctx, (uint64_t)fact->outcome * 8 + (uint64_t)fact->hop);
	take_number(ctx, fact->reply_code);
	take_number(ctx, fact->where.line);
	take_text(ctx, fact->id);
	take_text(ctx, fact->recipient);
	take_text(ctx, fact->domain);
	take_text(ctx, fact->relay_host);
	take_text(ctx, fact->reply);
	if (fact->at.utc < 0 || fact->at.utc >= INT64_C(4133980800))
		mx_bug("a date outside 1970..2100");
	if (fact->reply_code != 0 &&
	    (fact->reply_code < 100 || fact->reply_code > 599))
		mx_bug("a reply code that is none");
	return MX_OK;
}

static enum mx_code
on_message(void *ctx, const struct message_event *event, struct mx_err *err)
{
	(void)err;
	take_number(ctx, (uint64_t)event->kind);
	take_text(ctx, event->id);
	take_text(ctx, event->sender);
	return MX_OK;
}

static enum mx_code
on_skipped(void *ctx, const struct skipped *what, struct mx_err *err)
{
	(void)err;
	take_number(ctx, what->where.line * 32 + (uint64_t)what->reason);
	return MX_OK;
}

/* How lines of one host and second are put together does not matter. */
static enum mx_code
on_line(void *ctx, const struct stamp *at, struct slice host, uint64_t count,
    struct mx_err *err)
{
	(void)err;
	for (uint64_t i = 0; i < count; i++) {
		take_number(ctx, (uint64_t)at->utc);
		take_text(ctx, host);
	}
	return MX_OK;
}

static enum mx_code
on_notice(void *ctx, enum notice_kind kind, const struct mx_where *where,
    struct slice text, struct mx_err *err)
{
	(void)err;
	take_number(ctx, where->line * 8 + (uint64_t)kind);
	take_text(ctx, text);
	return MX_OK;
}

/* Reads DATA in chunks, at most STEP bytes a run of the reader; FORMAT forces
 * one, NULL: recognised. */
static uint64_t
digest(struct slice data, const char *format, size_t chunk, uint64_t step,
    const struct zone *zone)
{
	uint64_t sum = HASH_STABLE_START;
	struct fact_sink sink = { &sum, on_delivery, on_message, on_skipped,
		on_line, on_notice };
	struct line_reader *lines =
	    line_reader_new(source_of_memory(data.ptr, data.len, chunk));
	struct log_input input = { .path = "fuzz", .reader = lines,
		.zone = zone, .now_utc = 1795372200,
		.mtime_utc = 1795300000,
		.format = slice_str(format), .takes_tail = true };
	struct log_reader *reader;
	struct mx_err err;
	bool at_end = false;
	enum mx_code code = log_reader_open(&input, NULL, &reader, &err);

	if (code == MX_OK) {
		while (code == MX_OK && !at_end)
			code = log_reader_run(reader, step, &sink, &at_end,
			    &err);
		log_reader_close(reader);
	}
	take_number(&sum, (uint64_t)code);
	line_reader_free(lines);
	return sum;
}

static void
log_digest_check(struct slice text, const char *format)
{
	struct zone *zone;
	uint64_t whole;

	if (zone_open(SLICE("CET-1CEST,M3.5.0,M10.5.0/3"), &zone, NULL) !=
	    MX_OK)
		mx_bug("a POSIX zone");
	whole = digest(text, format, 65536, UINT64_MAX, zone);
	if (digest(text, format, 7, UINT64_MAX, zone) != whole)
		mx_bug("facts depend on how the bytes arrive");
	if (digest(text, format, 65536, 1, zone) != whole)
		mx_bug("facts depend on where a run stops");
	zone_close(zone);
}

#endif
