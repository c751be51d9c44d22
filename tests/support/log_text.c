/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/support/log_text.h"

#include <stdlib.h>

#include "base/zone.h"
#include "parsers/ingest_formats.h"
#include "tests/support/cases.h"

void
log_text_read(struct slice text, const char *format, size_t chunk,
    uint64_t step, struct fact_text *facts)
{
	struct line_reader *lines = line_reader_new(source_of_memory(text.ptr,
	    text.len, chunk));
	struct zone *zone = NULL;
	struct log_input input = { .path = "input", .reader = lines,
		.now_utc = LOG_TEXT_NOW, .mtime_utc = INT64_MIN,
		.format = slice_str(format), .takes_tail = true };
	struct fact_sink sink = fact_text_sink(facts);
	struct log_reader *reader;
	struct mx_err err = { 0 };
	bool end = false;

	assert_int_equal(zone_open(SLICE("UTC"), &zone, &err), MX_OK);
	input.zone = zone;
	if (log_reader_open(&input, NULL, &reader, &err) != MX_OK)
		fail_msg("not recognised: %s", err.text);
	while (!end)
		assert_int_equal(log_reader_run(reader, step, &sink, &end,
		    &err), MX_OK);
	log_reader_close(reader);
	line_reader_free(lines);
	zone_close(zone);
}

static struct slice
take_line(struct slice *text)
{
	const char *end = slice_chr(*text, '\n');
	struct slice line = end != NULL ? slice_between(text->ptr, end) :
	    *text;

	*text = slice_skip(*text, line.len + 1);
	return line;
}

static void
expect_line(struct slice got, struct slice want, struct slice all)
{
	const char *bar = slice_chr(want, '|');
	struct slice front = bar != NULL ? slice_between(want.ptr, bar) :
	    want;
	char pairs[4096];

	if (got.len < front.len || !slice_starts(got, front) ||
	    (got.len > front.len && got.ptr[front.len] != '\t'))
		fail_msg("want  %.*s\ngot   %.*s\nof\n%.*s", SLICE_ARG(want),
		    SLICE_ARG(got), SLICE_ARG(all));
	if (bar == NULL)
		return;
	want = slice_skip(want, front.len + 1);
	assert_true(want.len < sizeof(pairs));
	memcpy(pairs, want.ptr, want.len);
	pairs[want.len] = '\0';
	fact_text_expect(got, pairs);
}

uint64_t
log_text_expect(struct slice text, const char *format, const char *want)
{
	struct fact_text whole, pieces;
	struct slice got, rest = slice_str(want);
	uint64_t seen;

	fact_text_init(&whole);
	fact_text_init(&pieces);
	log_text_read(text, format, 65536, UINT64_MAX, &whole);
	log_text_read(text, format, 1, 1, &pieces);
	assert_string_equal(whole.text.ptr, pieces.text.ptr);
	got = strbuf_slice(&whole.text);
	while (got.len != 0 && rest.len != 0) {
		struct slice line = take_line(&got);

		expect_line(line, take_line(&rest), strbuf_slice(
		    &whole.text));
	}
	if (got.len != 0 || rest.len != 0)
		fail_msg("too %s:\n%.*s%.*s", got.len != 0 ? "much" :
		    "little", SLICE_ARG(got), SLICE_ARG(rest));
	seen = whole.lines_seen;
	fact_text_release(&whole);
	fact_text_release(&pieces);
	return seen;
}

void
log_text_case(void **state)
{
	const struct log_text_case *row = *state;
	struct slice log = slice_str(row->log);
	uint64_t lines = 0;

	for (size_t i = 0; i < log.len; i++)
		lines += log.ptr[i] == '\n';
	assert_int_equal(log_text_expect(log, NULL, row->want), lines);
}

/* The words "outcome=..." of a text of facts, with duplicates. */
static void
collect(struct slice text, struct strbuf *out)
{
	static const struct slice mark = { "\toutcome=", 9 };
	const char *at;

	while ((at = slice_find(text, mark)) != NULL) {
		const char *end;

		text = slice_skip(text, (size_t)(at - text.ptr) + mark.len);
		end = slice_chr(text, '\t');
		assert_non_null(end);
		strbuf_add_slice(out, slice_between(text.ptr, end));
		strbuf_add_char(out, '\n');
	}
}

void
log_text_expect_cuts(struct slice text, const char *format)
{
	struct fact_text whole;
	struct strbuf outcomes, some;

	fact_text_init(&whole);
	strbuf_init(&outcomes, 65536);
	strbuf_init(&some, 65536);
	log_text_read(text, format, 65536, UINT64_MAX, &whole);
	collect(strbuf_slice(&whole.text), &outcomes);
	assert_true(outcomes.len != 0);
	for (size_t end = 0; end < text.len; end++) {
		struct fact_text part;
		char *copy = mx_alloc(end + 1); /* for the sanitizer */
		struct slice rest;

		memcpy(copy, text.ptr, end);
		fact_text_init(&part);
		log_text_read(slice_of(copy, end), format, 65536, UINT64_MAX,
		    &part);
		strbuf_reset(&some);
		collect(strbuf_slice(&part.text), &some);
		rest = strbuf_slice(&some);
		while (rest.len != 0) {
			struct slice word = take_line(&rest);

			if (slice_find(strbuf_slice(&outcomes), word) == NULL)
				fail_msg("cut at %zu gives %.*s", end,
				    SLICE_ARG(word));
		}
		fact_text_release(&part);
		free(copy);
	}
	strbuf_release(&outcomes);
	strbuf_release(&some);
	fact_text_release(&whole);
}
