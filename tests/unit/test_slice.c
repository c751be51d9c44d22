/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/slice.h"

#include "tests/support/cases.h"

static const struct number_case {
	const char *name, *in;
	uint64_t max;
	size_t want_used;
	uint64_t want;
} number_cases[] = {
	{ "digits_are_read", "42", 100, 2, 42 },
	{ "what_follows_is_left", "42x", 100, 2, 42 },
	{ "the_maximum_itself_is_in", "100", 100, 3, 100 },
	{ "more_than_the_maximum_is_refused", "101", 100, 0, 7 },
	{ "no_digit_is_refused", "x1", 100, 0, 7 },
	{ "a_sign_is_no_digit", "-1", 100, 0, 7 },
	{ "blank_is_no_digit", " 1", 100, 0, 7 },
	{ "nothing_is_refused", "", 100, 0, 7 },
	{ "zeros_in_front_do_not_count", "0000000000000000000000042", 100, 25,
	  42 },
	{ "the_largest_of_64_bits", "18446744073709551615", UINT64_MAX, 20,
	  UINT64_MAX },
	{ "one_more_does_not_wrap", "18446744073709551616", UINT64_MAX, 0, 7 },
	{ "ten_times_more_does_not_wrap", "184467440737095516150", UINT64_MAX,
	  0, 7 },
};

static void
run_number(void **state)
{
	const struct number_case *c = *state;
	uint64_t value = 7;

	assert_int_equal(slice_number(slice_str(c->in), c->max, &value),
	    c->want_used);
	assert_true(value == c->want);
}

static const struct find_case {
	const char *name, *in, *needle;
	long want; /* offset, -1 = none */
} find_cases[] = {
	{ "at_the_start", "status=sent", "status", 0 },
	{ "at_the_end", "x, status=", "status=", 3 },
	{ "the_first_of_two", "abcabc", "bc", 1 },
	{ "after_a_false_start", "aaab", "aab", 1 },
	{ "longer_than_the_text", "ab", "abc", -1 },
	{ "cut_at_the_end", "xxsta", "stat", -1 },
	{ "not_there", "abc", "d", -1 },
	{ "empty_needle_is_everywhere", "abc", "", 0 },
};

static void
run_find(void **state)
{
	const struct find_case *c = *state;
	struct slice in = slice_str(c->in);
	const char *hit = slice_find(in, slice_str(c->needle));

	assert_int_equal(hit != NULL ? hit - in.ptr : -1, c->want);
}

static const struct trim_case {
	const char *name, *in, *want;
} trim_cases[] = {
	{ "blanks_at_both_ends_go", " \t a b\r\n", "a b" },
	{ "only_blanks_leave_nothing", " \t\r\n", "" },
	{ "nothing_stays_nothing", "", "" },
	{ "text_without_blanks_stays", "ab", "ab" },
};

static void
run_trim(void **state)
{
	const struct trim_case *c = *state;

	assert_true(slice_eq(slice_trim(slice_str(c->in)),
	    slice_str(c->want)));
}

static const struct order_case {
	const char *name, *a, *b;
	int want;
} order_cases[] = {
	{ "equal_texts_are_equal", "ab", "ab", 0 },
	{ "a_prefix_comes_first", "ab", "abc", -1 },
	{ "the_longer_comes_last", "abc", "ab", 1 },
	{ "bytes_over_127_come_after_ascii", "\xc3\xa4", "z", 1 },
	{ "empty_comes_first", "", "a", -1 },
};

static void
run_order(void **state)
{
	const struct order_case *c = *state;
	struct slice a = slice_str(c->a), b = slice_str(c->b);

	assert_int_equal(slice_cmp(a, b), c->want);
	assert_int_equal(slice_cmp(b, a), -c->want);
	assert_int_equal(slice_eq(a, b), c->want == 0);
}

static void
starts_and_ends_know_short_texts(void **state)
{
	(void)state;
	assert_true(slice_starts(SLICE("abc"), SLICE("ab")));
	assert_false(slice_starts(SLICE("a"), SLICE("ab")));
	assert_true(slice_starts(SLICE_NONE, SLICE_NONE));
	assert_true(slice_ends(SLICE("abc"), SLICE("bc")));
	assert_false(slice_ends(SLICE("c"), SLICE("bc")));
	assert_true(slice_ends(SLICE("abc"), SLICE("")));
}

static void
skip_stops_at_the_end(void **state)
{
	(void)state;
	assert_int_equal(slice_skip(SLICE("abc"), 2).len, 1);
	assert_int_equal(slice_skip(SLICE("abc"), 3).len, 0);
	assert_int_equal(slice_skip(SLICE("abc"), SIZE_MAX).len, 0);
}

static void
case_is_ignored_in_ascii_only(void **state)
{
	(void)state;
	assert_true(slice_eq_nocase(SLICE("AbZ"), SLICE("aBz")));
	assert_false(slice_eq_nocase(SLICE("a"), SLICE("ab")));
	/* '[' is 'Z' + 1, '{' is 'z' + 1: no letters, no case. */
	assert_false(slice_eq_nocase(SLICE("["), SLICE("{")));
	assert_false(slice_eq_nocase(SLICE("\xc4"), SLICE("\xe4")));
}

static void
absent_and_empty_are_two_things(void **state)
{
	(void)state;
	assert_true(slice_is_none(SLICE_NONE));
	assert_false(slice_is_none(SLICE("")));
	assert_true(slice_is_none(slice_str(NULL)));
	assert_true(slice_eq(SLICE_NONE, SLICE("")));
	assert_null(slice_chr(SLICE_NONE, 'x'));
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, number_cases, run_number);
	CASES_ADD_TABLE(&cases, find_cases, run_find);
	CASES_ADD_TABLE(&cases, trim_cases, run_trim);
	CASES_ADD_TABLE(&cases, order_cases, run_order);
	cases_add(&cases, "starts_and_ends_know_short_texts",
	    starts_and_ends_know_short_texts, NULL);
	cases_add(&cases, "skip_stops_at_the_end", skip_stops_at_the_end, NULL);
	cases_add(&cases, "case_is_ignored_in_ascii_only",
	    case_is_ignored_in_ascii_only, NULL);
	cases_add(&cases, "absent_and_empty_are_two_things",
	    absent_and_empty_are_two_things, NULL);
	return cases_run(&cases);
}
