/* SPDX-License-Identifier: BSD-2-Clause */
/* UTF-16 to UTF-8; expected bytes by RFC 3629 and RFC 2781. */
#include "parsers/utf16_text.h"

#include "tests/support/cases.h"

#define BYTES(text) { (text), sizeof(text) - 1 }

static const struct utf16_case {
	const char *name;
	struct slice text, want;
} utf16_cases[] = {
	{ "both_orders_little", BYTES("\xff\xfe" "a\0;\0\n\0"),
	    BYTES("a;\n") },
	{ "both_orders_big", BYTES("\xfe\xff\0a\0;\0\n"), BYTES("a;\n") },
	{ "nothing_behind_the_mark", BYTES("\xff\xfe"), BYTES("") },
	/* U+00E9, U+20AC, U+1F4E7 */
	{ "two_three_and_four_bytes",
	    BYTES("\xff\xfe\xe9\0\xac\x20\x3d\xd8\xe7\xdc"),
	    BYTES("\xc3\xa9\xe2\x82\xac\xf0\x9f\x93\xa7") },
	{ "the_last_code", BYTES("\xfe\xff\xdb\xff\xdf\xff"),
	    BYTES("\xf4\x8f\xbf\xbf") },
	{ "a_high_half_alone", BYTES("\xfe\xff\xd8\x3d\0a"),
	    BYTES("\xef\xbf\xbd" "a") },
	{ "a_high_half_at_the_end", BYTES("\xfe\xff\xd8\x3d"),
	    BYTES("\xef\xbf\xbd") },
	{ "a_low_half_alone", BYTES("\xfe\xff\xdc\xe7\0a"),
	    BYTES("\xef\xbf\xbd" "a") },
	{ "an_odd_byte", BYTES("\xff\xfe" "a\0b"),
	    BYTES("a\xef\xbf\xbd") },
	{ "a_nul_stays", BYTES("\xff\xfe\0\0a\0"), BYTES("\0a") }
};

static void
utf16_case(void **state)
{
	const struct utf16_case *it = *state;
	struct strbuf out;

	assert_true(utf16_has_mark(it->text));
	strbuf_init(&out, 1024);
	utf16_to_utf8(it->text, &out);
	assert_int_equal(out.len, it->want.len);
	assert_memory_equal(out.ptr, it->want.ptr, out.len);
	strbuf_release(&out);
}

static void
other_text_has_no_mark(void **state)
{
	(void)state;
	assert_false(utf16_has_mark(SLICE("")));
	assert_false(utf16_has_mark(SLICE("\xff")));
	assert_false(utf16_has_mark(SLICE("\xef\xbb\xbf" "a")));
	assert_false(utf16_has_mark(SLICE("a;b")));
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, utf16_cases, utf16_case);
	cases_add(&cases, "other_text_has_no_mark", other_text_has_no_mark,
	    NULL);
	return cases_run(&cases);
}
