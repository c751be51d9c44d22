/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/strbuf.h"

#include "tests/support/cases.h"

static void
is_empty_text_from_the_start(void **state)
{
	struct strbuf buf;

	(void)state;
	strbuf_init(&buf, 10);
	assert_non_null(buf.ptr);
	assert_string_equal(buf.ptr, "");
	assert_int_equal(buf.len, 0);
	assert_false(buf.is_cut);
	strbuf_release(&buf);
}

static void
text_that_fills_the_cap_is_not_cut(void **state)
{
	struct strbuf buf;

	(void)state;
	strbuf_init(&buf, 4);
	strbuf_add(&buf, "abcd", 4);
	assert_string_equal(buf.ptr, "abcd");
	assert_false(buf.is_cut);
	strbuf_add(&buf, "", 0);
	assert_false(buf.is_cut);
	strbuf_release(&buf);
}

static void
one_byte_more_is_cut_and_remembered(void **state)
{
	struct strbuf buf;

	(void)state;
	strbuf_init(&buf, 4);
	strbuf_add_str(&buf, "abc");
	strbuf_add_str(&buf, "de");
	assert_string_equal(buf.ptr, "abcd");
	assert_true(buf.is_cut);
	strbuf_add_char(&buf, 'x');
	assert_int_equal(buf.len, 4);
	strbuf_reset(&buf);
	assert_false(buf.is_cut);
	assert_string_equal(buf.ptr, "");
	strbuf_release(&buf);
}

static void
growth_keeps_what_is_there(void **state)
{
	enum { COUNT = 100000 };
	struct strbuf buf;

	(void)state;
	strbuf_init(&buf, (size_t)COUNT);
	for (int i = 0; i < COUNT; i++)
		strbuf_add_char(&buf, (char)('a' + i % 26));
	assert_int_equal(buf.len, COUNT);
	assert_false(buf.is_cut);
	for (int i = 0; i < COUNT; i++)
		if (buf.ptr[i] != 'a' + i % 26)
			fail_msg("byte %d changed", i);
	assert_int_equal(buf.ptr[COUNT], '\0');
	strbuf_release(&buf);
}

static void
nul_bytes_are_text(void **state)
{
	struct strbuf buf;

	(void)state;
	strbuf_init(&buf, 10);
	strbuf_add(&buf, "a\0b", 3);
	assert_int_equal(buf.len, 3);
	assert_memory_equal(buf.ptr, "a\0b", 4);
	strbuf_release(&buf);
}

static void
formatted_text_of_any_length(void **state)
{
	char word[1001];
	struct strbuf buf;

	(void)state;
	memset(word, 'w', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	strbuf_init(&buf, 5000);
	strbuf_addf(&buf, "%d-%s", 7, "x");
	assert_string_equal(buf.ptr, "7-x");
	strbuf_addf(&buf, "%s", word);
	assert_int_equal(buf.len, 1003);
	assert_string_equal(buf.ptr + 3, word);
	strbuf_release(&buf);
}

static void
formatted_text_is_cut_at_the_cap(void **state)
{
	struct strbuf buf;

	(void)state;
	strbuf_init(&buf, 5);
	strbuf_addf(&buf, "%s", "abcdefgh");
	assert_string_equal(buf.ptr, "abcde");
	assert_true(buf.is_cut);
	strbuf_release(&buf);
}

static void
truncate_never_lengthens(void **state)
{
	struct strbuf buf;

	(void)state;
	strbuf_init(&buf, 10);
	strbuf_add_str(&buf, "abc");
	strbuf_truncate(&buf, 5);
	assert_int_equal(buf.len, 3);
	strbuf_truncate(&buf, 1);
	assert_string_equal(buf.ptr, "a");
	strbuf_release(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_empty_text_from_the_start),
		cmocka_unit_test(text_that_fills_the_cap_is_not_cut),
		cmocka_unit_test(one_byte_more_is_cut_and_remembered),
		cmocka_unit_test(growth_keeps_what_is_there),
		cmocka_unit_test(nul_bytes_are_text),
		cmocka_unit_test(formatted_text_of_any_length),
		cmocka_unit_test(formatted_text_is_cut_at_the_cap),
		cmocka_unit_test(truncate_never_lengthens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
