/* SPDX-License-Identifier: BSD-2-Clause */
/* What a format file may not say, with the line that is blamed, and what its
 * lines then mean: mxtrend-formats(5). */
#include "parsers/user_format.h"

#include "tests/support/cases.h"
#include "tests/support/fact_text.h"

#define HEAD "format x\ntime %s\n"
#define GOOD "delivery (?<time>\\d+) (?<recipient>\\S+) (?<outcome>\\S+)\n"

static const struct fault_case {
	const char *name, *text, *want; /* NULL: no fault */
} fault_cases[] = {
	{ "the_least", HEAD GOOD, NULL },
	{ "comments_and_blank_lines", "# x\n\n" HEAD "\r\n" GOOD, NULL },
	{ "a_line_may_go_on", HEAD "delivery (?<time>\\d+)\n"
	  "\t(?<recipient>\\S+)\n  (?<outcome>\\S+)\n", NULL },
	{ "nothing", "", "f:1: no \"format NAME\"" },
	{ "no_name", "time %s\n" GOOD, "f:1: no \"format NAME\"" },
	{ "two_names", HEAD "format y\n" GOOD, "f:3: a second format" },
	{ "a_bad_name", "format X!\n", "f:1: a name has at most 31" },
	{ "a_long_name", "format abcdefghijklmnopqrstuvwxyzabcdef\n",
	  "f:1: a name has at most 31" },
	{ "a_name_of_ours", "format postfix\n",
	  "f:1: mxtrend has a format of that name: postfix" },
	{ "the_name_of_syslog", "format syslog\n",
	  "f:1: mxtrend has a format of that name: syslog" },
	{ "no_delivery", HEAD "ignore x\n", "f:1: no line of kind delivery" },
	{ "an_unknown_key", HEAD "colour red\n" GOOD,
	  "f:3: unknown key: colour" },
	{ "a_bad_time", "format x\ntime %k\n" GOOD, "f:2: no time format" },
	{ "no_time", "format x\n" GOOD,
	  "f:2: a group time, but no time format" },
	{ "no_time_group", HEAD "delivery (?<recipient>\\S+)\nset outcome = "
	  "bounced\n", "f:3: no group time" },
	{ "a_program_s_lines_have_a_time", "format x\nprogram p\n"
	  "delivery (?<recipient>\\S+)\nset outcome = bounced\n", NULL },
	{ "a_program_without_name", "format x\nprogram\n" GOOD,
	  "f:2: program without a name" },
	{ "no_pattern", HEAD "delivery\n", "f:3: no pattern" },
	{ "a_bad_pattern", HEAD "delivery (\n",
	  "f:3: missing closing parenthesis at byte 2 of the pattern" },
	{ "a_group_of_no_key", HEAD "delivery (?<colour>x)\n",
	  "f:3: a group's name is no key: colour" },
	{ "a_group_of_another_kind", HEAD "removal (?<id>x)(?<reply>x)\n",
	  "f:3: lines of this kind have no such key: reply" },
	{ "no_recipient", HEAD "delivery (?<time>x)(?<outcome>x)\n",
	  "f:3: no recipient" },
	{ "no_outcome", HEAD "delivery (?<time>x)(?<recipient>x)\n",
	  "f:3: no outcome" },
	{ "an_outcome_for_all", HEAD "set outcome = bounced\n"
	  "delivery (?<time>x)(?<recipient>x)\n", NULL },
	{ "an_event_without_id", HEAD GOOD "removal (?<time>x)\n",
	  "f:4: no group id" },
	{ "a_notification_without_child", HEAD GOOD
	  "notification (?<time>x)(?<id>x)\n", "f:4: no group child_id" },
	{ "an_unknown_outcome", HEAD GOOD "set outcome = lost\n",
	  "f:4: not a word of that key: lost" },
	{ "an_unknown_stage", HEAD GOOD "value stage X = y\n",
	  "f:4: not a word of that key: y" },
	{ "an_unknown_hop", HEAD GOOD "set hop = away\n",
	  "f:4: not a word of that key: away" },
	{ "set_without_key", HEAD GOOD "set\n",
	  "f:4: no key that can be given" },
	{ "set_without_value", HEAD GOOD "set hop\n", "f:4: no \" = \"" },
	{ "the_time_cannot_be_set", HEAD GOOD "set time = 1\n",
	  "f:4: no key that can be given: time" },
	{ "set_of_another_kind", HEAD GOOD "set child_id = 1\n",
	  "f:4: lines of this kind have no such key: child_id" },
	{ "expect_without_sample", HEAD GOOD "expect none\n",
	  "f:4: expect without a sample" },
	{ "two_expects", HEAD GOOD "sample x\nexpect none\nexpect none\n",
	  "f:6: a second expect" },
};

static enum mx_code
load(const char *text, struct user_format **format, struct mx_err *err)
{
	return user_format_load("f", slice_str(text), format, NULL, err);
}

static void
fault_case(void **state)
{
	const struct fault_case *row = *state;
	struct user_format *format;
	struct mx_err err = { .code = MX_OK };
	enum mx_code code = load(row->text, &format, &err);

	if (row->want == NULL) {
		assert_int_equal(code, MX_OK);
		user_format_free(format);
		return;
	}
	assert_int_equal(code, MX_E_CONFIG);
	if (strncmp(err.text, row->want, strlen(row->want)) != 0)
		fail_msg("got \"%s\", want \"%s\"", err.text, row->want);
}

/* ------------------------------------------------------------------ */

static void
read_log(const char *format_text, const char *log, const char *name,
    struct fact_text *facts, char got_format[32])
{
	struct user_format *format;
	const struct log_format *own[2] = { NULL, NULL };
	struct zone *zone;
	struct log_input input = { .path = "x",
		.reader = line_reader_new(source_of_memory(log, strlen(log),
		    4096)),
		.now_utc = 1795435200, .mtime_utc = INT64_MIN,
		.format = slice_str(name), .own_formats = own,
		.takes_tail = true };
	struct fact_sink sink = fact_text_sink(facts);
	struct log_reader *reader;
	struct mx_err err;
	bool end;

	assert_int_equal(load(format_text, &format, &err), MX_OK);
	own[0] = &format->format;
	assert_int_equal(zone_open(SLICE("UTC"), &zone, &err), MX_OK);
	input.zone = zone;
	assert_int_equal(log_reader_open(&input, NULL, &reader, &err), MX_OK);
	(void)snprintf(got_format, 32, "%s", log_reader_format(reader));
	assert_int_equal(log_reader_run(reader, UINT64_MAX, &sink, &end,
	    &err), MX_OK);
	log_reader_close(reader);
	line_reader_free(input.reader);
	zone_close(zone);
	user_format_free(format);
}

static const struct fact_case {
	const char *name, *more, *line, *want;
} fact_cases[] = {
	{ "a_word_may_stand_for_another", "value outcome NO = bounced\n",
	  "1795161601 <a@Example.NET> NO", "outcome=bounced|mta=x|instance=x|"
	  "recipient=a@Example.NET|domain=example.net|"
	  "time=2026-11-20T08:00:01Z" },
	{ "an_unknown_word_is_malformed", "",
	  "1795161601 a@example.net LOST", "reason=malformed" },
	{ "a_bad_time_is_told", "", "99999999999999 a@b.example accepted",
	  "reason=bad-stamp" },
	{ "no_recipient_is_malformed", "", "1795161601 - accepted",
	  "reason=malformed" },
	{ "set_gives_what_no_group_does", "set hop = local\nset relay_host = "
	  "MX.example.org.\nset reply = 451 4.7.1 wait\n",
	  "1795161601 a@example.net deferred", "hop=local|relay_host="
	  "mx.example.org|reply_code=451|dsn=4.7.1|reply=451 4.7.1 wait" },
	{ "a_private_relay_is_internal", "set relay_ip = [10.0.0.1]:26\n",
	  "1795161601 a@example.net accepted",
	  "hop=internal|relay_ip=10.0.0.1|relay_port=26" },
	{ "a_code_of_its_own", "set reply_code = 550\nset reply = go away\n"
	  "set stage = mail\n", "1795161601 a@example.net bounced",
	  "reply_code=550|reply=go away|stage=mail" },
	{ "a_wrong_number_is_absent", "set size = many\nset reply_code = 9\n",
	  "1795161601 a@example.net bounced", "size=|reply_code=" },
};

static void
fact_case(void **state)
{
	const struct fact_case *row = *state;
	struct fact_text facts;
	struct strbuf text;
	char format[32];

	fact_text_init(&facts);
	strbuf_init(&text, 4096);
	strbuf_addf(&text, "%s%s%s", HEAD, GOOD, row->more);
	read_log(text.ptr, row->line, "x", &facts, format);
	assert_int_equal(facts.lines_seen, 1);
	assert_int_equal(facts.deliveries + facts.skipped, 1);
	fact_text_expect(slice_trim(strbuf_slice(&facts.text)), row->want);
	strbuf_release(&text);
	fact_text_release(&facts);
}

/* Time without end, were it not for the limit. */
static void
a_pattern_that_explodes_is_given_up(void **state)
{
	static const char text[] = HEAD
	    "ignore (a+)+$\n"
	    "ignore ((a|aa)+)+$\n"
	    "ignore (?:.*.*.*.*.*.*.*.*)*z$\n" GOOD;
	struct fact_text facts;
	struct strbuf log;
	char format[32];

	(void)state;
	fact_text_init(&facts);
	strbuf_init(&log, 1024 * 1024);
	for (int i = 0; i < 20; i++) {
		for (int n = 0; n < 5000; n++)
			strbuf_add_char(&log, 'a');
		strbuf_add_str(&log, "!\n");
	}
	strbuf_add_str(&log, "1795161601 a@example.net bounced\n");
	read_log(text, log.ptr, "x", &facts, format);
	assert_int_equal(facts.skipped, 20);
	assert_int_equal(facts.deliveries, 1);
	assert_non_null(strstr(facts.text.ptr, "1 skipped\treason=limit"));
	strbuf_release(&log);
	fact_text_release(&facts);
}

static void
it_is_recognised_by_its_lines(void **state)
{
	static const char log[] = "1795161601 a@example.net bounced\n"
	    "1795161602 b@example.net accepted\n";
	struct fact_text facts;
	char format[32];

	(void)state;
	fact_text_init(&facts);
	read_log(HEAD GOOD, log, NULL, &facts, format);
	assert_string_equal(format, "x");
	assert_int_equal(facts.deliveries, 2);
	fact_text_release(&facts);
}

/* One syslog for all: what the user's program does not take, others may. */
static void
a_program_s_lines_stand_among_others(void **state)
{
	static const char text[] = "format x\nprogram gw\n"
	    "delivery to=(?<recipient>\\S+) (?<outcome>\\S+)\n";
	static const char log[] =
	    "Nov 20 08:00:01 mx gw[1]: to=a@example.net bounced\n"
	    "Nov 20 08:00:02 mx gw[1]: something else\n"
	    "Nov 20 08:00:03 mx other[1]: to=b@example.net bounced\n"
	    "Nov 20 08:00:04 mx postfix/smtp[1]: 4F1A2B3C4D: "
	    "to=<c@example.net>, relay=none, delay=1, delays=0/0/1/0, "
	    "dsn=4.4.1, status=deferred (x)\n";
	struct fact_text facts;
	char format[32];

	(void)state;
	fact_text_init(&facts);
	read_log(text, log, NULL, &facts, format);
	assert_string_equal(format, "syslog");
	assert_int_equal(facts.lines_seen, 4);
	assert_int_equal(facts.deliveries, 2);
	assert_int_equal(facts.skipped, 0);
	assert_non_null(strstr(facts.text.ptr, "mta=x"));
	assert_non_null(strstr(facts.text.ptr, "mta=postfix"));
	fact_text_release(&facts);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, fault_cases, fault_case);
	CASES_ADD_TABLE(&cases, fact_cases, fact_case);
	cases_add(&cases, "a_pattern_that_explodes_is_given_up",
	    a_pattern_that_explodes_is_given_up, NULL);
	cases_add(&cases, "it_is_recognised_by_its_lines",
	    it_is_recognised_by_its_lines, NULL);
	cases_add(&cases, "a_program_s_lines_stand_among_others",
	    a_program_s_lines_stand_among_others, NULL);
	return cases_run(&cases);
}
