/* SPDX-License-Identifier: BSD-2-Clause */
/* UTF-8 cases follow RFC 3629, section 3 and 4, and Unicode's table 3-7. */
#include "base/say.h"

#include "tests/support/cases.h"

static const struct scrub_case {
	const char *name, *in;
	bool ascii_only;
	const char *want;
} scrub_cases[] = {
	{ "plain_text_stays", "550 5.7.1 blocked (S3140)", false,
	  "550 5.7.1 blocked (S3140)" },
	{ "escape_sequences_are_shown", "a\x1b[31mb", false,
	  "a\\x1b[31mb" },
	{ "newline_and_tab_are_shown", "a\n\tb", false, "a\\x0a\\x09b" },
	{ "carriage_return_cannot_overwrite", "good\rbad", false,
	  "good\\x0dbad" },
	{ "delete_is_a_control", "a\x7f", false, "a\\x7f" },
	{ "c1_controls_in_utf8_are_shown", "\xc2\x9b" "31m", false,
	  "\\xc2\\x9b31m" },
	{ "umlauts_stay", "M\xc3\xbcnchen", false, "M\xc3\xbcnchen" },
	{ "umlauts_go_where_only_ascii_may", "M\xc3\xbcnchen", true,
	  "M\\xc3\\xbcnchen" },
	{ "four_byte_characters_stay", "\xf0\x9f\x93\xa7", false,
	  "\xf0\x9f\x93\xa7" },
	{ "latin1_is_no_utf8", "M\xfcnchen", false, "M\\xfcnchen" },
	{ "a_lone_continuation_byte", "\x80", false, "\\x80" },
	{ "a_sequence_cut_short", "\xe2\x82", false, "\\xe2\\x82" },
	{ "an_overlong_slash", "\xc0\xaf", false, "\\xc0\\xaf" },
	{ "an_overlong_three_byte_form", "\xe0\x80\xaf", false,
	  "\\xe0\\x80\\xaf" },
	{ "a_surrogate", "\xed\xa0\x80", false, "\\xed\\xa0\\x80" },
	{ "beyond_the_last_plane", "\xf4\x90\x80\x80", false,
	  "\\xf4\\x90\\x80\\x80" },
	{ "the_last_character_stays", "\xf4\x8f\xbf\xbd", false,
	  "\xf4\x8f\xbf\xbd" },
	{ "right_to_left_override_is_shown", "a\xe2\x80\xae" "b", false,
	  "a\\xe2\\x80\\xaeb" },
	{ "noncharacter_is_shown", "\xef\xbf\xbe", false,
	    "\\xef\\xbf\\xbe" },
	{ "noncharacter_of_another_plane_is_shown", "\xf0\x9f\xbf\xbf", false,
	    "\\xf0\\x9f\\xbf\\xbf" },
	{ "bidirectional_isolate_is_shown", "\xe2\x81\xa6", false,
	  "\\xe2\\x81\\xa6" },
	{ "line_separator_is_shown", "\xe2\x80\xa8", false,
	  "\\xe2\\x80\\xa8" },
	{ "a_backslash_is_no_control", "a\\x1b", false, "a\\x1b" },
};

static void
run_scrub(void **state)
{
	const struct scrub_case *c = *state;
	struct strbuf out;

	strbuf_init(&out, 1000);
	scrub_text(&out, slice_str(c->in), c->ascii_only);
	assert_string_equal(out.ptr, c->want);
	strbuf_release(&out);
}

static void
a_nul_byte_is_shown(void **state)
{
	struct strbuf out;

	(void)state;
	strbuf_init(&out, 100);
	scrub_text(&out, slice_of("a\0b", 3), false);
	assert_string_equal(out.ptr, "a\\x00b");
	strbuf_release(&out);
}

/* Against a second, slower definition: encode every scalar value and read it
 * back; every other code point has no encoding. */
static void
every_code_point_is_read_back(void **state)
{
	(void)state;
	for (uint32_t code = 0; code <= 0x110000; code++) {
		char text[4];
		uint32_t got = 0;
		size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 :
		    code < 0x10000 ? 3 : 4;
		size_t want = (code >= 0xd800 && code < 0xe000) ||
		    code > 0x10ffff ? 0 : len;
		uint32_t rest = code;

		for (size_t i = len - 1; i > 0; i--, rest >>= 6)
			text[i] = (char)(0x80 | (rest & 0x3f));
		text[0] = (char)(len == 1 ? rest :
		    ((0xf00u >> len) & 0xf0u) | rest);
		if (utf8_sequence(slice_of(text, len), &got) != want ||
		    (want != 0 && got != code))
			fail_msg("U+%04X", code);
	}
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, scrub_cases, run_scrub);
	cases_add(&cases, "a_nul_byte_is_shown", a_nul_byte_is_shown, NULL);
	cases_add(&cases, "every_code_point_is_read_back",
	    every_code_point_is_read_back, NULL);
	return cases_run(&cases);
}
