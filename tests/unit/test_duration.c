/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/duration.h"

#include "tests/support/cases.h"

static const struct duration_case {
	const char *name, *in;
	int64_t want_letters, want_clock, want_seconds;
} rows[] = {
	{ "seconds_with_a_letter", "0s", 0, -1, -1 },
	{ "minutes_and_seconds", "3m45s", 225000, -1, -1 },
	{ "days_hours_minutes_seconds", "1d2h3m4s", 93784000, -1, -1 },
	{ "weeks", "1w", 604800000, -1, -1 },
	{ "a_fraction", "1.578s", 1578, -1, -1 },
	{ "milliseconds", "12ms", 12, -1, -1 },
	{ "a_letter_that_is_no_unit", "3y", -1, -1, -1 },
	{ "a_clock", "00:01:02", -1, 62000, -1 },
	{ "a_clock_with_days", "2+03:04:05", -1, 183845000, -1 },
	{ "a_clock_of_two_parts", "01:02", -1, -1, -1 },
	{ "a_clock_with_a_tail", "00:01:02x", -1, -1, -1 },
	{ "plain_seconds", "12", -1, -1, 12000 },
	{ "plain_decimals", "0.25", -1, -1, 250 },
	{ "nothing", "", -1, -1, -1 },
	{ "a_word", "soon", -1, -1, -1 },
	{ "more_than_any_log_is_long", "99999999999999999999s", -1, -1, -1 },
	{ "a_sum_that_is_too_long", "5200w5200w", -1, -1, -1 },
};

static void
duration_case(void **state)
{
	const struct duration_case *row = *state;
	struct slice in = slice_str(row->in);

	assert_int_equal(duration_letters(in), row->want_letters);
	assert_int_equal(duration_clock(in), row->want_clock);
	assert_int_equal(duration_seconds(in), row->want_seconds);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, rows, duration_case);
	return cases_run(&cases);
}
