/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/queue_id.h"

#include "tests/support/cases.h"

static const struct id_case {
	const char *name, *in;
	size_t want;
} id_cases[] = {
	{ "a_short_id", "983BC16607E: to=<a@example.com>", 11 },
	{ "the_shortest_id", "983BC1: to=<a@example.com>", 6 },
	{ "a_short_id_of_letters", "ABCDEFABCD: to=<a@example.com>", 10 },
	{ "a_short_id_of_digits", "1234567890: to=<a@example.com>", 10 },
	{ "a_long_id", "4jY9Zr5RclzC2nj: removed, and more", 15 },
	{ "a_long_id_of_sixteen", "4jY9Zr5RclzC2njB: removed, and more", 16 },
	{ "a_long_id_whose_digit_comes_late", "bcdfghjklBz1Cnj: removed..",
	  15 },
	{ "an_id_at_the_end_of_the_line", "983BC16607E: x", 11 },
	{ "an_id_without_text", "983BC16607E: ", 11 },
	{ "an_id_needs_a_colon", "983BC16607E to=<a@example.com>", 0 },
	{ "an_id_needs_a_space", "983BC16607E:to=<a@example.com>", 0 },
	{ "five_characters_are_none", "983BC: to=<a@example.com>", 0 },
	{ "noqueue_is_none", "NOQUEUE: reject: RCPT from x[192.0.2.1]", 0 },
	{ "warning_is_none", "warning: hostname x does not resolve", 0 },
	{ "fatal_is_none", "fatal: no space left on device here", 0 },
	{ "statistics_is_none", "statistics: max connection rate 1/60s", 0 },
	{ "connect_is_none", "connect from x[192.0.2.1] and more text", 0 },
	{ "a_dash_is_none", "4jY9Zr5-clzC2nj: to=<a@example.com>", 0 },
	{ "a_late_dash_is_none", "4jY9Zr5RclzC-nj: to=<a@example.com>", 0 },
	{ "an_umlaut_is_none", "4jY9Zr5\xc3\xbclzC2nj: to=<a@example.com>",
	  0 },
	{ "forty_one_characters_are_none",
	  "11111111111111111111111111111111111111111: to=<a@example.com>",
	  0 },
	{ "nothing_is_none", "", 0 },
};

static void
id_case(void **state)
{
	const struct id_case *row = *state;

	assert_int_equal(queue_id_length(slice_str(row->in)), row->want);
}

/* However much stands behind it, an id is the same: short lines and long
 * ones take different ways. */
static void
the_rest_of_the_line_does_not_matter(void **state)
{
	static const char tail[] = ": removed removed removed";
	char line[80];

	(void)state;
	for (size_t len = 1; len < 44; len++)
		for (size_t digit = 0; digit < len; digit++)
			for (size_t rest = 2; rest < sizeof(tail); rest++) {
				size_t want = len >= 6 && len <= 40 ? len : 0;

				memset(line, 'x', len);
				line[digit] = '7';
				memcpy(line + len, tail, rest);
				assert_int_equal(queue_id_length(slice_of(line,
				    len + rest)), want);
			}
}

static const struct time_case {
	const char *name, *in;
	int64_t want; /* 0: none */
	uint32_t want_us;
} time_cases[] = {
	/* 2026-11-23 15:58:12.766935 UTC */
	{ "a_long_id_carries_its_time", "4jY9Zr5RclzC2nj", 1795449492,
	  766935 },
	{ "a_short_id_carries_none", "983BC16607E", 0, 0 },
	{ "a_vowel_is_no_digit", "4jA9Zr5RclzC2nj", 0, 0 },
	{ "an_id_without_z_carries_none", "4jY9Zr5RclyC2nj", 0, 0 },
	{ "a_z_at_the_end_has_no_inode", "4jY9Zr5RclzC2z", 0, 0 },
	{ "seconds_before_2009_are_none", "000001BBBBzBBB", 0, 0 },
	{ "seconds_behind_2100_are_none", "zzzzzz0000zBBB", 0, 0 },
	{ "a_million_microseconds_are_none", "4jY9ZrzzzzzC2nj", 0, 0 },
	{ "nothing_carries_none", "", 0, 0 },
};

static void
time_case(void **state)
{
	const struct time_case *row = *state;
	int64_t utc = 0;
	uint32_t us = 0;

	assert_int_equal(queue_id_time(slice_str(row->in), &utc, &us),
	    row->want != 0);
	assert_int_equal(utc, row->want);
	assert_int_equal(us, row->want_us);
}

static void
a_whole_word_is_asked_for(void **state)
{
	(void)state;
	assert_true(queue_id_is_one(SLICE("983BC16607E")));
	assert_true(queue_id_is_one(SLICE("4jY9Zr5RclzC2nj")));
	assert_false(queue_id_is_one(SLICE("983BC16607E ")));
	assert_false(queue_id_is_one(SLICE("notification")));
	assert_false(queue_id_is_one(SLICE("")));
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, id_cases, id_case);
	CASES_ADD_TABLE(&cases, time_cases, time_case);
	cases_add(&cases, "the_rest_of_the_line_does_not_matter",
	    the_rest_of_the_line_does_not_matter, NULL);
	cases_add(&cases, "a_whole_word_is_asked_for",
	    a_whole_word_is_asked_for, NULL);
	return cases_run(&cases);
}
