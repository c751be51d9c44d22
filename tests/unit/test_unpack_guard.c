/* SPDX-License-Identifier: BSD-2-Clause */
/* What is a bomb and what is a log that repeats itself. */
#include "parsers/unpack_guard.h"

#include "tests/support/cases.h"

enum { PIECE = 64 * 1024 };

static const uint64_t mib = 1024 * 1024;
static char piece[PIECE];

static void
fill(const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < PIECE; i++)
		piece[i] = text[i % len];
}

/* MIB_COUNT of the piece, SHRUNK times smaller going in; how many MiB were
 * let pass. */
static uint64_t
passed(struct unpack_guard *guard, uint64_t mib_count, uint64_t shrunk)
{
	uint64_t pieces = mib_count * (mib / PIECE);
	struct mx_err err;

	for (uint64_t i = 0; i < pieces; i++)
		if (unpack_guard_pass(guard, piece, PIECE,
		    (guard->out_bytes + PIECE) / shrunk, &err) != MX_OK) {
			assert_int_equal(err.code, MX_E_LIMIT);
			return i / (mib / PIECE);
		}
	return mib_count;
}

static void
blanks_and_zeros_end_at_256_mib(void **state)
{
	static const char *const texts[] = { " ", "\t", "  \n", "\r\n" };
	struct unpack_guard guard = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		guard = (struct unpack_guard){ 0 };
		fill(texts[i]);
		assert_int_equal(passed(&guard, 10000, 1000), 256);
	}
	guard = (struct unpack_guard){ 0 };
	memset(piece, 0, PIECE);
	assert_int_equal(passed(&guard, 10000, 1000), 256);
}

static void
a_line_without_end_is_no_line(void **state)
{
	struct unpack_guard guard = { 0 };

	(void)state;
	fill("x");
	assert_int_equal(passed(&guard, 10000, 1000), 256);
}

static void
one_line_repeated_is_a_log_at_any_ratio(void **state)
{
	struct unpack_guard guard = { 0 };

	(void)state;
	fill("Nov 20 08:00:00 mx postfix/smtp[1]: connect\n");
	assert_int_equal(passed(&guard, 2000, 100000), 2000);
}

static void
what_shrinks_little_may_be_silent(void **state)
{
	struct unpack_guard guard = { 0 };

	(void)state;
	memset(piece, 0, PIECE);
	assert_int_equal(passed(&guard, 2000, 90), 2000);
}

static void
silence_counts_from_the_last_line(void **state)
{
	struct unpack_guard guard = { 0 };

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		memset(piece, 0, PIECE);
		assert_int_equal(passed(&guard, 255, 1000), 255);
		fill("a line\n");
		assert_int_equal(passed(&guard, 1, 1000), 1);
	}
	memset(piece, 0, PIECE);
	assert_int_equal(passed(&guard, 10000, 1000), 256);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blanks_and_zeros_end_at_256_mib),
		cmocka_unit_test(a_line_without_end_is_no_line),
		cmocka_unit_test(one_line_repeated_is_a_log_at_any_ratio),
		cmocka_unit_test(what_shrinks_little_may_be_silent),
		cmocka_unit_test(silence_counts_from_the_last_line),
	};

	return cmocka_run_group_tests_name("unpack_guard", tests, NULL, NULL);
}
