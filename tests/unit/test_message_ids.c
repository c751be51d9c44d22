/* SPDX-License-Identifier: BSD-2-Clause */
/* Ids of Exim and sendmail; times by independent arithmetic (base 62 and 60
 * done by hand or by the MTAs' own documentation). */
#include "parsers/exim_id.h"
#include "parsers/sendmail_id.h"

#include "tests/support/cases.h"

static const struct id_case {
	const char *name, *in;
	size_t want_len;
	int64_t want_utc; /* 0: none */
} exim_rows[] = {
	{ "an_old_exim_id", "1xUJXM-00039V-QX rest", 16, 1795161600 },
	{ "a_new_exim_id", "1xUJXM-000000001bo-D342", 23, 1795161600 },
	{ "an_id_in_base_36", "TOSJK0-00039V-QX ", 16, 1795161600 },
	{ "an_id_that_goes_on", "1xUJXM-00039V-QXx", 0, 0 },
	{ "an_id_with_a_colon", "1xUJXM-00039V-QX:", 0, 0 },
	{ "a_word_with_dashes", "abcdef-ghijkl-mno", 0, 0 },
	{ "a_time_before_mail", "000001-00039V-QX", 16, 0 },
	{ "a_short_one", "1xUJXM-00039V-Q", 0, 0 },
}, sendmail_rows[] = {
	{ "an_id_of_2012", "q2SFU6LT003351: to=", 14, 1332948606 },
	{ "an_id_of_2026", "6ANNtMor000155: x", 14, 1795478122 },
	{ "an_id_with_a_long_pid", "6ANNtMor1000155: x", 15, 1795478122 },
	{ "an_id_at_the_end", "6ANNtMor000155", 14, 1795478122 },
	{ "a_month_that_is_none", "6CNNtMor000155: x", 0, 0 },
	{ "an_hour_that_is_none", "6ANOtMor000155: x", 0, 0 },
	{ "a_day_that_is_none", "6A0NtMor000155: x", 0, 0 },
	{ "the_30th_of_february", "61UNtMor000155: x", 14, 0 },
	{ "an_id_of_postfix", "4F1A2B3C4D: to=", 0, 0 },
	{ "letters_in_the_pid", "6ANNtMor0001x5: x", 0, 0 },
	{ "no_colon_behind_it", "6ANNtMor000155 x", 0, 0 },
};

static void
exim_case(void **state)
{
	const struct id_case *row = *state;
	struct slice in = slice_str(row->in);
	int64_t utc = 0;
	size_t len = exim_id_length(in);

	assert_int_equal(len, row->want_len);
	assert_int_equal(exim_id_time(slice_of(in.ptr, len), &utc),
	    row->want_utc != 0);
	if (row->want_utc != 0)
		assert_int_equal(utc, row->want_utc);
}

static void
sendmail_case(void **state)
{
	const struct id_case *row = *state;
	struct slice in = slice_str(row->in);
	int64_t utc = 0;
	size_t len = sendmail_id_length(in);

	assert_int_equal(len, row->want_len);
	if (len == 0)
		return;
	assert_int_equal(sendmail_id_time(slice_of(in.ptr, len), &utc),
	    row->want_utc != 0);
	if (row->want_utc != 0)
		assert_int_equal(utc, row->want_utc);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, exim_rows, exim_case);
	CASES_ADD_TABLE(&cases, sendmail_rows, sendmail_case);
	return cases_run(&cases);
}
