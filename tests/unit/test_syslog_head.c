/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/syslog_head.h"

#include "tests/support/assert_slice.h"
#include "tests/support/cases.h"

/* Berlin, one hour east, on a day in November 2026. */
static struct head_reader *
new_reader(struct zone **zone_r)
{
	struct head_reader *reader = mx_alloc(sizeof(*reader));
	int64_t now = 1795435200; /* 2026-11-23T12:00:00Z */
	struct stamp_clock clock;
	struct mx_err err;

	assert_int_equal(zone_open(SLICE("Europe/Berlin"), zone_r, &err),
	    MX_OK);
	stamp_clock_init(&clock, *zone_r, year_anchor_of_file("-", INT64_MIN,
	    now), now);
	head_reader_init(reader, &clock);
	return reader;
}

static const struct head_case {
	const char *name, *in;
	enum head_result want;
	const char *time, *host, *tag, *pid, *text;
	uint32_t repeats;
} head_cases[] = {
	{ "rfc_3164", "Nov 20 08:00:01 mx postfix/smtp[123]: some text",
	  HEAD_OK, "2026-11-20T07:00:01Z", "mx", "postfix/smtp", "123",
	  "some text", 1 },
	{ "a_day_is_padded", "Nov  5 08:00:01 mx postfix/smtp[1]: x",
	  HEAD_OK, "2026-11-05T07:00:01Z", "mx", "postfix/smtp", "1", "x",
	  1 },
	{ "the_pid_may_be_missing", "Nov 20 08:00:01 mx kernel: text",
	  HEAD_OK, "2026-11-20T07:00:01Z", "mx", "kernel", NULL, "text", 1 },
	{ "the_pid_may_be_a_word", "Nov 20 08:00:01 mx exim[main]: text",
	  HEAD_OK, "2026-11-20T07:00:01Z", "mx", "exim", "main", "text", 1 },
	{ "the_pid_may_have_ten_digits",
	  "Nov 20 08:00:01 mx prog[1234567890]: text", HEAD_OK,
	  "2026-11-20T07:00:01Z", "mx", "prog", "1234567890", "text", 1 },
	{ "more_than_one_space_may_follow_the_host",
	  "Nov 20 08:00:01 mx  postfix/smtp[1]: text", HEAD_OK,
	  "2026-11-20T07:00:01Z", "mx", "postfix/smtp", "1", "text", 1 },
	{ "more_than_one_space_may_follow_the_host_behind_a_fraction",
	  "1795158001.678901 mx   postfix/smtp[1]: text", HEAD_OK,
	  "2026-11-20T07:00:01Z", "mx", "postfix/smtp", "1", "text", 1 },
	{ "repetitions_may_stand_far_behind_the_host",
	  "Nov 20 08:00:01 mx   last message repeated 2 times", HEAD_AGAIN,
	  "2026-11-20T07:00:01Z", "mx", NULL, NULL, NULL, 2 },
	{ "the_host_may_be_missing", "Nov 20 08:00:01 postfix/smtp[1]: text",
	  HEAD_OK, "2026-11-20T07:00:01Z", NULL, "postfix/smtp", "1", "text",
	  1 },
	{ "the_host_may_be_none", "Nov 20 08:00:01 (none) prog[1]: text",
	  HEAD_OK, "2026-11-20T07:00:01Z", "(none)", "prog", "1", "text",
	  1 },
	{ "the_host_may_be_an_address", "Nov 20 08:00:01 fe80::1 prog: text",
	  HEAD_OK, "2026-11-20T07:00:01Z", "fe80::1", "prog", NULL, "text",
	  1 },
	{ "the_host_may_be_a_chain", "Nov 20 08:00:01 src@a/b prog[1]: text",
	  HEAD_OK, "2026-11-20T07:00:01Z", "src@a/b", "prog", "1", "text",
	  1 },
	{ "a_long_tag_is_one_too",
	  "Nov 20 08:00:01 mx postfix-with-a-very-long-instance-name-indeed-"
	  "for-a-customer/submission/smtpd[77]: text", HEAD_OK,
	  "2026-11-20T07:00:01Z", "mx",
	  "postfix-with-a-very-long-instance-name-indeed-for-a-customer/"
	  "submission/smtpd", "77", "text", 1 },
	{ "the_text_may_be_empty", "Nov 20 08:00:01 mx prog[1]:", HEAD_OK,
	  "2026-11-20T07:00:01Z", "mx", "prog", "1", "", 1 },
	{ "iso_as_debian_writes",
	  "2026-11-20T08:00:01.123456+01:00 mx postfix/smtp[1]: text",
	  HEAD_OK, "2026-11-20T07:00:01Z", "mx", "postfix/smtp", "1", "text",
	  1 },
	{ "rfc_5424", "<22>1 2026-11-20T07:00:01.5Z mx postfix/smtp 123 - -"
	  " text", HEAD_OK, "2026-11-20T07:00:01Z", "mx", "postfix/smtp",
	  "123", "text", 1 },
	{ "rfc_5424_with_data",
	  "<22>1 2026-11-20T07:00:01Z mx postfix/smtp 123 M1 "
	  "[a@1 k=\"v \\] \\\" x\" l=\"]\"][b] text", HEAD_OK,
	  "2026-11-20T07:00:01Z", "mx", "postfix/smtp", "123", "text", 1 },
	{ "rfc_5424_with_dashes_and_a_mark",
	  "<22>1 2026-11-20T07:00:01Z - prog - - - \xef\xbb\xbftext", HEAD_OK,
	  "2026-11-20T07:00:01Z", NULL, "prog", NULL, "text", 1 },
	{ "rfc_5424_without_time", "<22>1 - mx prog 1 - - text",
	  HEAD_NO_STAMP, NULL, NULL, NULL, NULL, NULL, 1 },
	{ "rfc_5424_with_open_data",
	  "<22>1 2026-11-20T07:00:01Z mx prog 1 - [a k=\"v", HEAD_NO_FRAME,
	  "2026-11-20T07:00:01Z", "mx", NULL, NULL, NULL, 1 },
	{ "a_priority_may_be_left", "<22>Nov 20 08:00:01 mx prog[1]: text",
	  HEAD_OK, "2026-11-20T07:00:01Z", "mx", "prog", "1", "text", 1 },
	{ "freebsd_writes_the_facility",
	  "Nov 20 08:00:01 <mail.info> mx prog[1]: text", HEAD_OK,
	  "2026-11-20T07:00:01Z", "mx", "prog", "1", "text", 1 },
	{ "solaris_writes_a_message_id",
	  "Nov 20 08:00:01 mx prog[1]: [ID 197553 mail.info] text", HEAD_OK,
	  "2026-11-20T07:00:01Z", "mx", "prog", "1", "text", 1 },
	{ "other_brackets_are_text", "Nov 20 08:00:01 mx prog[1]: [x] text",
	  HEAD_OK, "2026-11-20T07:00:01Z", "mx", "prog", "1", "[x] text",
	  1 },
	{ "year_first", "2026 Nov 20 08:00:01.123 mx prog[1]: text", HEAD_OK,
	  "2026-11-20T07:00:01Z", "mx", "prog", "1", "text", 1 },
	{ "cisco", "Nov 20 2026 08:00:01: mx prog[1]: text", HEAD_OK,
	  "2026-11-20T07:00:01Z", "mx", "prog", "1", "text", 1 },
	{ "journal_with_weekday",
	  "Fri 2026-11-20 08:00:01 CET mx postfix/smtp[1]: text", HEAD_OK,
	  "2026-11-20T07:00:01Z", "mx", "postfix/smtp", "1", "text", 1 },
	{ "journal_in_seconds", "1795158001.678901 mx postfix/smtp[1]: text",
	  HEAD_OK, "2026-11-20T07:00:01Z", "mx", "postfix/smtp", "1", "text",
	  1 },
	{ "containers_stand_in_front",
	  "2026-11-20T07:00:01.678901234Z stdout F Nov 20 08:00:00 mx "
	  "postfix/smtp[1]: text", HEAD_OK, "2026-11-20T07:00:01Z", "mx",
	  "postfix/smtp", "1", "text", 1 },
	{ "a_container_in_another_zone_does_not_matter",
	  "2026-11-20T07:00:01.678901234Z stdout F Nov 20 03:00:00 mx "
	  "postfix/smtp[1]: text", HEAD_OK, "2026-11-20T07:00:01Z", "mx",
	  "postfix/smtp", "1", "text", 1 },
	{ "docker_puts_a_time_in_front",
	  "2026-11-20T07:00:01.678901234Z Nov 20 08:00:00 mx "
	  "postfix/smtp[1]: text", HEAD_OK, "2026-11-20T07:00:01Z", "mx",
	  "postfix/smtp", "1", "text", 1 },
	{ "compose_puts_a_name_in_front",
	  "mail-1  | Nov 20 08:00:01 mx postfix/smtp[1]: text", HEAD_OK,
	  "2026-11-20T07:00:01Z", "mx", "postfix/smtp", "1", "text", 1 },
	{ "rsyslog_wraps_repetitions",
	  "Nov 20 08:00:01 mx prog[1]: message repeated 3 times: [ text]",
	  HEAD_OK, "2026-11-20T07:00:01Z", "mx", "prog", "1", "text", 3 },
	{ "no_number_of_repetitions_is_a_text",
	  "Nov 20 08:00:01 mx prog[1]: message repeated x times: [ text]",
	  HEAD_OK, "2026-11-20T07:00:01Z", "mx", "prog", "1",
	  "message repeated x times: [ text]", 1 },
	{ "a_monstrous_number_of_repetitions_has_a_limit",
	  "Nov 20 08:00:01 mx prog[1]: message repeated 4000000000 times: "
	  "[ text]", HEAD_OK, "2026-11-20T07:00:01Z", "mx", "prog", "1",
	  "text", 10000 },
	{ "sysklogd_names_the_line_before",
	  "Nov 20 08:00:01 mx last message repeated 2 times", HEAD_AGAIN,
	  "2026-11-20T07:00:01Z", "mx", NULL, NULL, NULL, 2 },
	{ "bsd_may_leave_the_host_out",
	  "Nov 20 08:00:01 last message repeated 5 times", HEAD_AGAIN,
	  "2026-11-20T07:00:01Z", NULL, NULL, NULL, NULL, 5 },
	{ "a_boot_line_is_a_mark", "-- Boot 0123456789abcdef --", HEAD_MARK,
	  NULL, NULL, NULL, NULL, NULL, 1 },
	{ "the_begin_of_a_journal_is_a_mark",
	  "-- Logs begin at Mon 2026-01-05 03:04:05 CET, end at x. --",
	  HEAD_MARK, NULL, NULL, NULL, NULL, NULL, 1 },
	{ "a_blank_line_is_a_mark", "", HEAD_MARK, NULL, NULL, NULL, NULL,
	  NULL, 1 },
	{ "syslogd_marks_time", "Nov 20 08:00:01 mx -- MARK --", HEAD_MARK,
	  "2026-11-20T07:00:01Z", "mx", NULL, NULL, NULL, 1 },
	{ "words_without_time_have_no_stamp", "some words here",
	  HEAD_NO_STAMP, NULL, NULL, NULL, NULL, NULL, 1 },
	{ "a_bad_date_is_a_bad_stamp", "Nov 31 08:00:01 mx prog[1]: text",
	  HEAD_BAD_STAMP, NULL, NULL, NULL, NULL, NULL, 1 },
	{ "a_time_alone_has_no_frame", "Nov 20 08:00:01", HEAD_NO_FRAME,
	  "2026-11-20T07:00:01Z", NULL, NULL, NULL, NULL, 1 },
	{ "a_host_alone_has_no_frame", "Nov 20 08:00:01 mx", HEAD_NO_FRAME,
	  "2026-11-20T07:00:01Z", "mx", NULL, NULL, NULL, 1 },
	{ "words_have_no_frame", "Nov 20 08:00:01 mx some words: here",
	  HEAD_NO_FRAME, "2026-11-20T07:00:01Z", "mx", NULL, NULL, NULL, 1 },
	{ "an_open_bracket_has_no_frame", "Nov 20 08:00:01 mx prog[12",
	  HEAD_NO_FRAME, "2026-11-20T07:00:01Z", "mx", NULL, NULL, NULL, 1 },
	{ "a_bracket_without_colon_has_no_frame",
	  "Nov 20 08:00:01 mx prog[12] text", HEAD_NO_FRAME,
	  "2026-11-20T07:00:01Z", "mx", NULL, NULL, NULL, 1 },
};

static void
assert_head(const struct head_case *row, enum head_result result,
    const struct syslog_head *head)
{
	char time[21];

	assert_int_equal(result, row->want);
	if (row->time != NULL) {
		rfc3339_utc(head->at.utc, time);
		assert_string_equal(time, row->time);
	}
	assert_int_equal(head->repeats, row->repeats);
	if (result == HEAD_OK || result == HEAD_AGAIN)
		assert_slice(head->host, row->host);
	if (result != HEAD_OK)
		return;
	assert_slice(head->tag, row->tag);
	assert_slice(head->pid, row->pid);
	assert_slice(head->text, row->text);
}

/* Each line three times, since what is remembered takes another way. */
static void
head_case(void **state)
{
	const struct head_case *row = *state;
	struct zone *zone;
	struct head_reader *reader = new_reader(&zone);

	for (int round = 0; round < 3; round++) {
		struct syslog_head head;

		assert_head(row, syslog_head_read(reader, slice_str(row->in),
		    &head), &head);
	}
	free(reader);
	zone_close(zone);
}

/* A rotated set holds several shapes, and a central file several hosts: what
 * is remembered of one line must not colour another. */
static void
lines_of_all_shapes_may_be_mixed(void **state)
{
	size_t count = sizeof(head_cases) / sizeof(head_cases[0]);
	struct zone *zone;
	struct head_reader *reader = new_reader(&zone);
	size_t at = 0;

	(void)state;
	for (size_t i = 0; i < 20000; i++) {
		const struct head_case *row = &head_cases[at];
		struct syslog_head head;

		assert_head(row, syslog_head_read(reader, slice_str(row->in),
		    &head), &head);
		at = (at * 7 + i + 3) % count;
	}
	free(reader);
	zone_close(zone);
}

/* More programs than are remembered: the slot of a tag always holds it. */
static void
many_programs_keep_their_names(void **state)
{
	struct zone *zone;
	struct head_reader *reader = new_reader(&zone);

	(void)state;
	for (unsigned i = 0; i < 5000; i++) {
		struct syslog_head head;
		char line[100], tag[40];
		unsigned n = i * 2654435761u % 1500;

		(void)snprintf(tag, sizeof(tag), "postfix-out%u/smtp", n);
		(void)snprintf(line, sizeof(line),
		    "Nov 20 08:00:01 mx %s[%u]: text", tag, i);
		assert_int_equal(syslog_head_read(reader, slice_str(line),
		    &head), HEAD_OK);
		assert_slice(head.tag, tag);
		assert_true(head.tag_slot < HEAD_TAGS);
		assert_int_equal(reader->tags[head.tag_slot].len,
		    strlen(tag));
		assert_memory_equal(reader->tags[head.tag_slot].text, tag,
		    strlen(tag));
		assert_int_equal(reader->tags[head.tag_slot].serial,
		    head.tag_serial);
	}
	free(reader);
	zone_close(zone);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, head_cases, head_case);
	cases_add(&cases, "lines_of_all_shapes_may_be_mixed",
	    lines_of_all_shapes_may_be_mixed, NULL);
	cases_add(&cases, "many_programs_keep_their_names",
	    many_programs_keep_their_names, NULL);
	return cases_run(&cases);
}
