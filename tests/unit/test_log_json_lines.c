/* SPDX-License-Identifier: BSD-2-Clause */
/* Records as systemd.journal-fields(7), Docker's json-file driver and usual
 * collectors write them. */
#include "parsers/ingest_formats.h"

#include "tests/support/cases.h"
#include "tests/support/fact_text.h"

enum { NOW = 1795435200 }; /* 2026-11-23T12:00:00Z */

#define BODY "4F1A2B3C4D: to=<a@example.net>, relay=none, delay=1, " \
	"delays=0/0/1/0, dsn=4.4.1, status=deferred (x)"
/* 2026-11-20T08:00:01.5Z */
#define JOURNAL(more) "{\"__CURSOR\":\"s=1\",\"__REALTIME_TIMESTAMP\":" \
	"\"1795161601500000\",\"_HOSTNAME\":\"mx\",\"_PID\":\"77\"," \
	"\"SYSLOG_IDENTIFIER\":\"postfix/smtp\"," more "}\n"
#define WANT "outcome=deferred|host=mx|instance=postfix|agent=smtp|" \
	"id=4F1A2B3C4D|recipient=a@example.net"

static const struct json_case {
	const char *name, *text, *want; /* as in test_log_postfix */
} json_cases[] = {
	{ "the_journal_has_members_for_all", JOURNAL("\"MESSAGE\":\"" BODY
	  "\""), WANT "|time=2026-11-20T08:00:01Z|us=500000" },
	{ "a_message_may_be_numbers", JOURNAL("\"MESSAGE\":[52,70,49,65,50,"
	  "66,51,67,52,68,58,32,114,101,109,111,118,101,100]"), "" },
	{ "a_message_may_stand_twice", JOURNAL("\"MESSAGE\":[\"" BODY
	  "\",\"other\"]"), WANT },
	{ "a_message_may_be_left_out", JOURNAL("\"MESSAGE\":null"), "" },
	{ "numbers_may_be_no_bytes", JOURNAL("\"MESSAGE\":[52,-1,300]"),
	  "" },
	{ "docker_wraps_a_line", "{\"log\":\"Nov 20 03:00:00 mx "
	  "postfix/smtp[77]: " BODY "\\n\",\"stream\":\"stdout\",\"time\":"
	  "\"2026-11-20T08:00:01.123456789Z\"}\n",
	  WANT "|time=2026-11-20T08:00:01Z|us=123456" },
	{ "a_collector_has_members", "{\"message\":\"" BODY "\",\"host\":"
	  "\"mx\",\"appname\":\"postfix/smtp\",\"procid\":\"77\","
	  "\"timestamp\":\"2026-11-20T08:00:01Z\"}\n",
	  WANT "|time=2026-11-20T08:00:01Z" },
	{ "a_collector_may_count_seconds", "{\"message\":\"" BODY
	  "\",\"hostname\":\"mx\",\"appname\":\"postfix/smtp\","
	  "\"timestamp\":1795161601}\n", WANT "|time=2026-11-20T08:00:01Z" },
	{ "a_collector_may_keep_the_line", "{\"message\":\"Nov 20 08:00:01 "
	  "mx postfix/smtp[77]: " BODY "\",\"host\":\"other\","
	  "\"timestamp\":\"2026-11-20T08:00:02Z\"}\n",
	  WANT "|time=2026-11-20T08:00:02Z" },
};

static enum mx_code
read_text(const char *text, const char *format, struct fact_text *facts,
    char got_format[32])
{
	struct zone *zone = NULL;
	struct log_input input = { .path = "x",
		.reader = line_reader_new(source_of_memory(text,
		    strlen(text), 4096)),
		.now_utc = NOW, .mtime_utc = INT64_MIN,
		.format = slice_str(format), .takes_tail = true };
	struct fact_sink sink = fact_text_sink(facts);
	struct log_reader *reader;
	struct mx_err err;
	enum mx_code code;
	bool end;

	assert_int_equal(zone_open(SLICE("UTC"), &zone, &err), MX_OK);
	input.zone = zone;
	code = log_reader_open(&input, NULL, &reader, &err);
	if (code == MX_OK) {
		(void)snprintf(got_format, 32, "%s",
		    log_reader_format(reader));
		code = log_reader_run(reader, UINT64_MAX, &sink, &end, &err);
		log_reader_close(reader);
	}
	line_reader_free(input.reader);
	zone_close(zone);
	return code;
}

static void
json_case(void **state)
{
	const struct json_case *row = *state;
	struct fact_text facts;
	char format[32];

	fact_text_init(&facts);
	assert_int_equal(read_text(row->text, NULL, &facts, format), MX_OK);
	assert_string_equal(format, "json-lines");
	assert_int_equal(facts.lines_seen, 1);
	assert_int_equal(facts.deliveries, row->want[0] != '\0');
	if (row->want[0] != '\0')
		assert_string_equal(facts.seen_host, "mx");
	fact_text_expect(slice_trim(strbuf_slice(&facts.text)), row->want);
	fact_text_release(&facts);
}

static void
what_is_no_record_is_told(void **state)
{
	static const char text[] = JOURNAL("\"MESSAGE\":\"x\"")
	    "not json\n"
	    "{\"MESSAGE\":\"cut\n"
	    "[1,2]\n"
	    "{}\n"
	    "\n"
	    "{\"_HOSTNAME\":\"mx\",\"SYSLOG_IDENTIFIER\":\"a\","
	    "\"MESSAGE\":\"x\"}\n"
	    "{\"__REALTIME_TIMESTAMP\":\"1795161601500000\","
	    "\"MESSAGE\":\"x\"}\n"
	    "{\"__REALTIME_TIMESTAMP\":\"99999999999999999\","
	    "\"SYSLOG_IDENTIFIER\":\"a\",\"MESSAGE\":\"x\"}\n";
	struct fact_text facts;
	char format[32];

	(void)state;
	fact_text_init(&facts);
	assert_int_equal(read_text(text, NULL, &facts, format), MX_OK);
	assert_string_equal(facts.text.ptr,
	    "2 skipped\treason=no-stamp\n"
	    "3 skipped\treason=no-stamp\n"
	    "4 skipped\treason=no-stamp\n"
	    "5 skipped\treason=no-stamp\n"
	    "7 skipped\treason=no-stamp\n"
	    "8 skipped\treason=no-frame\n"
	    "9 skipped\treason=no-stamp\n");
	assert_int_equal(facts.lines_seen, 9);
	fact_text_release(&facts);
}

/* An object that is never closed does not swallow the next one. */
static void
pretty_objects_end_with_their_brace(void **state)
{
	static const char text[] = "{\n"
	    "\t\"__REALTIME_TIMESTAMP\" : \"1795161601500000\",\n"
	    "\t\"MESSAGE\" : \"x\",\n"
	    "{\n"
	    "\t\"__REALTIME_TIMESTAMP\" : \"1795161601500000\",\n"
	    "\t\"_HOSTNAME\" : \"mx\",\n"
	    "\t\"SYSLOG_IDENTIFIER\" : \"postfix/smtp\",\n"
	    "\t\"MESSAGE\" : \"" BODY "\"\n"
	    "}\n"
	    "{\n"
	    "\t\"MESSAGE\" : \"cut\n";
	struct fact_text facts;
	char format[32];

	(void)state;
	fact_text_init(&facts);
	assert_int_equal(read_text(text, NULL, &facts, format), MX_OK);
	assert_string_equal(format, "json-lines");
	assert_int_equal(facts.deliveries, 1);
	assert_int_equal(facts.skipped, 2);
	assert_non_null(strstr(facts.text.ptr, "1 skipped\treason=no-stamp"));
	assert_non_null(strstr(facts.text.ptr,
	    "10 skipped\treason=no-stamp"));
	fact_text_release(&facts);
}

static void
a_line_that_is_no_object_may_be_syslog(void **state)
{
	static const char text[] = JOURNAL("\"MESSAGE\":\"x\"")
	    "Nov 20 08:00:01 mx postfix/smtp[77]: " BODY "\n";
	struct fact_text facts;
	char format[32];

	(void)state;
	fact_text_init(&facts);
	assert_int_equal(read_text(text, NULL, &facts, format), MX_OK);
	assert_string_equal(format, "json-lines");
	assert_int_equal(facts.skipped, 0);
	assert_int_equal(facts.deliveries, 1);
	fact_text_expect(slice_trim(strbuf_slice(&facts.text)), WANT
	    "|time=2026-11-20T08:00:01Z");
	fact_text_release(&facts);
}

static void
asked_for_by_name_it_reads_other_json_too(void **state)
{
	static const char text[] = "{\"msg\":\"" BODY "\",\"ident\":"
	    "\"postfix/smtp\",\"host\":\"mx\",\"time\":"
	    "\"2026-11-20T08:00:01Z\"}\n";
	struct fact_text facts;
	char format[32];

	(void)state;
	fact_text_init(&facts);
	assert_int_equal(read_text(text, NULL, &facts, format), MX_E_DATA);
	assert_int_equal(read_text(text, "json-lines", &facts, format),
	    MX_OK);
	assert_int_equal(facts.deliveries, 1);
	fact_text_expect(slice_trim(strbuf_slice(&facts.text)), WANT);
	fact_text_release(&facts);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, json_cases, json_case);
	cases_add(&cases, "what_is_no_record_is_told",
	    what_is_no_record_is_told, NULL);
	cases_add(&cases, "pretty_objects_end_with_their_brace",
	    pretty_objects_end_with_their_brace, NULL);
	cases_add(&cases, "a_line_that_is_no_object_may_be_syslog",
	    a_line_that_is_no_object_may_be_syslog, NULL);
	cases_add(&cases, "asked_for_by_name_it_reads_other_json_too",
	    asked_for_by_name_it_reads_other_json_too, NULL);
	return cases_run(&cases);
}
