/* SPDX-License-Identifier: BSD-2-Clause */
/* Records as systemd.io/JOURNAL_EXPORT_FORMATS describes them. A row's text is
 * given with its length, since values may hold NULs. */
#include "parsers/ingest_formats.h"

#include "tests/support/cases.h"
#include "tests/support/fact_text.h"

enum { NOW = 1795435200 }; /* 2026-11-23T12:00:00Z */

/* 2026-11-20T08:00:01.5Z */
#define FRONT "__CURSOR=s=1\n__REALTIME_TIMESTAMP=1795161601500000\n" \
	"_HOSTNAME=mx\nSYSLOG_IDENTIFIER=postfix/smtp\n_PID=77\n"
#define WORDS "4F1A2B3C4D: to=<a@example.net>, relay=none, delay=1, " \
	"delays=0/0/1/0, dsn=4.4.1, status=deferred (x)"
#define BODY "MESSAGE=" WORDS "\n"
/* strlen(WORDS) is 99 */
#define SIZE(c) c "\0\0\0\0\0\0\0"
#define WANT "outcome=deferred|host=mx|instance=postfix|agent=smtp|" \
	"id=4F1A2B3C4D|recipient=a@example.net|time=2026-11-20T08:00:01Z|" \
	"us=500000"
#define TEXT(s) s, sizeof(s) - 1

static const struct export_case {
	const char *name, *text;
	size_t len;
	unsigned deliveries, skipped, seen;
} export_cases[] = {
	{ "one_record", TEXT(FRONT BODY "\n"), 1, 0, 1 },
	{ "the_last_may_lack_its_blank_line", TEXT(FRONT BODY), 1, 0, 1 },
	{ "and_its_newline", TEXT(FRONT "MESSAGE=" WORDS), 1, 0, 1 },
	{ "two_records", TEXT(FRONT BODY "\n" FRONT BODY "\n"), 2, 0, 2 },
	{ "many_blank_lines", TEXT(FRONT BODY "\n\n\n" FRONT BODY "\n"), 2,
	  0, 4 },
	{ "a_binary_message", TEXT(FRONT "MESSAGE\n" SIZE("c") WORDS "\n\n"),
	  1, 0, 1 },
	{ "fields_within_a_value_are_text",
	  TEXT(FRONT "OTHER\n" SIZE("c") WORDS "\nX\n" SIZE("\5") "\n\nMES"
	  "\n" BODY "\n"), 1, 0, 1 },
	{ "a_record_within_a_value_is_text",
	  TEXT(FRONT "X\n" SIZE("\x11") "\n\nMESSAGE=4F1A: t\n" BODY "\n"),
	  1, 0, 1 },
	{ "a_size_may_hold_a_newline",
	  TEXT(FRONT "X\n" SIZE("\n") "0123456789\n" BODY "\n"), 1, 0, 1 },
	{ "a_size_may_begin_with_a_nul",
	  TEXT(FRONT "X\n\0\0\0\0\0\0\0\0\n" BODY "\n"), 1, 0, 1 },
	{ "a_value_may_end_with_a_return",
	  TEXT(FRONT "X\n" SIZE("\4") "abc\r\n" BODY "\n"), 1, 0, 1 },
	{ "a_value_may_be_nuls",
	  TEXT(FRONT "X\n" SIZE("\4") "\0\0\0\0\n" BODY "\n"), 1, 0, 1 },
	{ "lines_may_end_with_a_return",
	  TEXT("__REALTIME_TIMESTAMP=1795161601500000\r\n_HOSTNAME=mx\r\n"
	  "SYSLOG_IDENTIFIER=postfix/smtp\r\nMESSAGE=" WORDS "\r\n\r\n"), 1,
	  0, 1 },
	{ "the_first_of_two_counts",
	  TEXT(FRONT BODY "MESSAGE=other\n\n"), 1, 0, 1 },
	{ "a_record_without_message_is_none", TEXT(FRONT "\n" FRONT BODY
	  "\n"), 1, 0, 2 },
	{ "a_message_may_be_a_line_of_syslog",
	  TEXT("__REALTIME_TIMESTAMP=1795161601500000\nMESSAGE=Nov 20 "
	  "03:00:00 mx postfix/smtp[77]: " WORDS "\n\n"), 1, 0, 1 },
	{ "a_wrong_size_ruins_its_record_alone",
	  TEXT(FRONT "X\n" SIZE("\2") "abcdef\n" BODY "\n" FRONT BODY "\n"),
	  1, 1, 2 },
	{ "a_monstrous_size_ruins_its_record_alone",
	  TEXT(FRONT "X\n\377\377\377\377\377\377\377\377\n" BODY "\n" FRONT
	  BODY "\n"), 1, 1, 2 },
	{ "a_bad_name_ruins_its_record_alone",
	  TEXT(FRONT "no field\n" BODY "\n" FRONT BODY "\n"), 1, 1, 2 },
	{ "a_value_cut_by_the_end", TEXT(FRONT BODY "\n" FRONT "MESSAGE\n"
	  SIZE("c") "4F1A2B"), 1, 1, 2 },
	{ "no_time", TEXT(FRONT BODY "\n_HOSTNAME=mx\nSYSLOG_IDENTIFIER=x\n"
	  BODY "\n"), 1, 1, 2 },
	{ "no_possible_time", TEXT(FRONT BODY
	  "\n__REALTIME_TIMESTAMP=99999999999999999\nSYSLOG_IDENTIFIER=x\n"
	  BODY "\n"), 1, 1, 2 },
	{ "nuls_in_a_delivery_are_no_delivery", TEXT(FRONT "MESSAGE\n"
	  SIZE("d") WORDS "\0\n\n"), 0, 1, 1 },
};

struct reading {
	struct fact_text facts;
	struct reader_state state;
	char format[32];
};

static enum mx_code
read_text(const char *text, size_t len, size_t chunk, bool takes_tail,
    const struct reader_state *resume, struct reading *got)
{
	struct zone *zone = NULL;
	struct log_input input = { .path = "x",
		.reader = line_reader_new(source_of_memory(text, len, chunk)),
		.now_utc = NOW, .mtime_utc = INT64_MIN,
		.takes_tail = takes_tail };
	struct fact_sink sink = fact_text_sink(&got->facts);
	struct log_reader *reader;
	struct mx_err err;
	enum mx_code code;
	bool end;

	assert_int_equal(zone_open(SLICE("UTC"), &zone, &err), MX_OK);
	input.zone = zone;
	code = log_reader_open(&input, resume, &reader, &err);
	if (code == MX_OK) {
		(void)snprintf(got->format, sizeof(got->format), "%s",
		    log_reader_format(reader));
		code = log_reader_run(reader, UINT64_MAX, &sink, &end, &err);
		log_reader_state(reader, &got->state);
		log_reader_close(reader);
	}
	line_reader_free(input.reader);
	zone_close(zone);
	return code;
}

static void
check(const struct export_case *row, size_t chunk)
{
	struct reading got;
	struct slice rest;

	fact_text_init(&got.facts);
	assert_int_equal(read_text(row->text, row->len, chunk, true, NULL,
	    &got), MX_OK);
	assert_string_equal(got.format, "journal-export");
	assert_int_equal(got.facts.deliveries, row->deliveries);
	assert_int_equal(got.facts.skipped, row->skipped);
	assert_int_equal(got.facts.lines_seen, row->seen);
	assert_int_equal(got.state.offset, row->len);
	rest = strbuf_slice(&got.facts.text);
	while (rest.len != 0) {
		const char *end = slice_chr(rest, '\n');
		struct slice line = slice_between(rest.ptr, end);

		if (slice_find(line, SLICE("delivery")) != NULL)
			fact_text_expect(line, WANT);
		rest = slice_skip(rest, line.len + 1);
	}
	fact_text_release(&got.facts);
}

static void
export_case(void **state)
{
	check(*state, 4096);
	check(*state, 1);
}

/* Wherever a first look at a growing file ends, the record that is not whole
 * waits, and nothing is told twice. */
static void
a_record_is_read_when_it_is_whole(void **state)
{
	static const char text[] = FRONT BODY "\n" FRONT "MESSAGE\n"
	    SIZE("c") WORDS "\n\n" FRONT BODY "\n";
	size_t len = sizeof(text) - 1;

	(void)state;
	for (size_t cut = sizeof(FRONT BODY); cut < len; cut++) {
		struct reading a, b;

		fact_text_init(&a.facts);
		fact_text_init(&b.facts);
		assert_int_equal(read_text(text, cut, 4096, false, NULL, &a),
		    MX_OK);
		assert_true(a.state.offset <= cut);
		assert_int_equal(read_text(text, len, 4096, false, &a.state,
		    &b), MX_OK);
		assert_int_equal(a.facts.deliveries + b.facts.deliveries, 3);
		assert_int_equal(a.facts.skipped + b.facts.skipped, 0);
		assert_int_equal(b.state.offset, len);
		fact_text_release(&a.facts);
		fact_text_release(&b.facts);
	}
}

/* A core dump in the journal: longer than any line, and than what is read
 * again. */
static void
a_long_value_is_counted_through(void **state)
{
	size_t value = 6u * 1024u * 1024u;
	struct strbuf text;
	struct reading got;

	(void)state;
	strbuf_init(&text, 16u * 1024u * 1024u);
	strbuf_add_str(&text, FRONT "COREDUMP\n");
	for (unsigned i = 0; i < 8; i++)
		strbuf_add_char(&text, (char)(value >> (8 * i) & 0xff));
	for (size_t i = 0; i < value; i++)
		strbuf_add_char(&text, i % 99991 == 7 ? '\n' : 'M');
	strbuf_add_str(&text, "\n" BODY "\n");
	fact_text_init(&got.facts);
	assert_int_equal(read_text(text.ptr, text.len, 65536, true, NULL,
	    &got), MX_OK);
	assert_int_equal(got.facts.deliveries, 1);
	assert_int_equal(got.facts.skipped, 0);
	fact_text_release(&got.facts);
	strbuf_release(&text);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, export_cases, export_case);
	cases_add(&cases, "a_record_is_read_when_it_is_whole",
	    a_record_is_read_when_it_is_whole, NULL);
	cases_add(&cases, "a_long_value_is_counted_through",
	    a_long_value_is_counted_through, NULL);
	return cases_run(&cases);
}
