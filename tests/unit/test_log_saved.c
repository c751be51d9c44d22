/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/log_saved.h"

#include "tests/support/cases.h"

static void
what_was_added_is_taken_again(void **state)
{
	struct strbuf text;
	struct saved_fields from = { .is_bad = false };
	char name[6];

	(void)state;
	strbuf_init(&text, 256);
	saved_add_number(&text, UINT64_MAX);
	saved_add_text(&text, slice_of("a:b 3\0c", 7));
	saved_add_utc(&text, INT64_MIN);
	saved_add_utc(&text, 0);
	saved_add_number(&text, 1);
	saved_add_text(&text, SLICE("exact"));
	from.rest = strbuf_slice(&text);
	assert_int_equal(saved_number(&from, UINT64_MAX), UINT64_MAX);
	assert_true(slice_eq(saved_text(&from, 7), slice_of("a:b 3\0c", 7)));
	assert_true(saved_utc(&from) == INT64_MIN);
	assert_true(saved_utc(&from) == 0);
	assert_true(saved_flag(&from));
	saved_string(&from, name, sizeof(name));
	assert_string_equal(name, "exact");
	assert_false(from.is_bad);
	assert_int_equal(from.rest.len, 0);
	strbuf_release(&text);
}

static void
assert_bad(const char *text, bool is_text)
{
	struct saved_fields from = { .rest = slice_str(text) };

	if (is_text)
		assert_int_equal(saved_text(&from, 4).len, 0);
	else
		assert_int_equal(saved_number(&from, 9), 0);
	assert_true(from.is_bad);
	/* and it stays so */
	from.rest = SLICE("1 ");
	assert_int_equal(saved_number(&from, 9), 0);
}

static void
anything_else_is_bad_and_stays_bad(void **state)
{
	(void)state;
	assert_bad("", false);
	assert_bad("7", false);
	assert_bad("10 ", false);
	assert_bad("x ", false);
	assert_bad("-1 ", false);
	assert_bad("3:abc", false);
	assert_bad("3:ab", true);
	assert_bad("5:abcde", true);
	assert_bad("99999999999999999999:a", true);
	assert_bad("3 abc", true);
}

/* 2101 is beyond what any stamp may be. */
static void
a_time_beyond_2100_is_bad(void **state)
{
	struct saved_fields last = { .rest = SLICE("4133980800 ") };
	struct saved_fields beyond = { .rest = SLICE("4133980801 ") };

	(void)state;
	assert_true(saved_utc(&last) == 4133980799);
	assert_false(last.is_bad);
	assert_true(saved_utc(&beyond) == INT64_MIN);
	assert_true(beyond.is_bad);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_added_is_taken_again),
		cmocka_unit_test(anything_else_is_bad_and_stays_bad),
		cmocka_unit_test(a_time_beyond_2100_is_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
