/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as records that somebody wrapped (the journal's exchange format,
 * JSON of one line and of many), read whole, and read in two runs of which the
 * first ends anywhere: each record must be seen once. The first two bytes say
 * where, the third how. */
#include "base/zone.h"
#include "parsers/ingest_formats.h"
#include "parsers/input_hint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum mx_code
on_delivery(void *ctx, const struct delivery *fact, struct mx_err *err)
{
	(void)ctx;
	(void)err;
	if (fact->at.utc < 0 || fact->at.utc >= INT64_C(4133980800))
		mx_bug("a date outside 1970..2100");
	return MX_OK;
}

static enum mx_code
on_skipped(void *ctx, const struct skipped *what, struct mx_err *err)
{
	(void)ctx;
	(void)err;
	if (what->where.line == 0)
		mx_bug("skipped nowhere");
	return MX_OK;
}

static enum mx_code
on_line(void *ctx, const struct stamp *at, struct slice host, uint64_t count,
    struct mx_err *err)
{
	uint64_t *seen = ctx;

	(void)at;
	(void)host;
	(void)err;
	*seen += count;
	return MX_OK;
}

/* Records seen in TEXT; PLACE is where to begin (offset 0: at the begin), and
 * then where the run ended. */
static uint64_t
read_on(struct slice text, const char *format, const struct zone *zone,
    bool takes_tail, struct reader_state *place)
{
	uint64_t seen = 0;
	struct fact_sink sink = { &seen, on_delivery, fact_ignore_message,
		on_skipped, on_line, fact_ignore_notice };
	struct line_reader *lines =
	    line_reader_new(source_of_memory(text.ptr, text.len, 4096));
	struct log_input input = { .path = "fuzz", .reader = lines,
		.zone = zone, .now_utc = 1795372200,
		.mtime_utc = 1795300000, .format = slice_str(format),
		.takes_tail = takes_tail };
	struct log_reader *reader;
	struct mx_err err;
	bool at_end = false;

	if (log_reader_open(&input, place->offset != 0 ? place : NULL,
	    &reader, &err) != MX_OK)
		mx_bug("a format that was asked for is one");
	while (!at_end)
		if (log_reader_run(reader, UINT64_MAX, &sink, &at_end,
		    &err) != MX_OK)
			mx_bug(err.text);
	log_reader_state(reader, place);
	log_reader_close(reader);
	line_reader_free(lines);
	if (place->offset > text.len)
		mx_bug("read beyond the end");
	return seen;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader_state whole = { .line = 1, .last_utc = INT64_MIN };
	struct reader_state place = whole;
	uint64_t all, seen;
	const char *format;
	struct slice text;
	struct zone *zone;
	size_t cut;

	if (size < 4)
		return 0;
	text = slice_of((const char *)data + 3, size - 3);
	/* an archive is refused, whatever was asked for */
	if (input_is_tar(text))
		return 0;
	cut = ((size_t)data[0] << 8 | data[1]) % text.len;
	format = data[2] % 2 == 0 ? "journal-export" : "json-lines";
	if (zone_open(SLICE("CET-1CEST,M3.5.0,M10.5.0/3"), &zone, NULL) !=
	    MX_OK)
		mx_bug("a POSIX zone");
	all = read_on(text, format, zone, true, &whole);
	seen = read_on(slice_of(text.ptr, cut), format, zone, false, &place);
	seen += read_on(text, format, zone, true, &place);
	if (seen != all)
		mx_bug("records depend on where a run stops");
	zone_close(zone);
	return 0;
}
