/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/octal_escape.h"

#include "tests/support/cases.h"

static const struct escape_case {
	const char *name, *in;
	unsigned extras;
	const char *want;
} rows[] = {
	{ "plain_text_stays", "550 no", OCTAL_ONLY, "550 no" },
	{ "control_bytes_come_back", "\\033[2J\\177", OCTAL_ONLY,
	  "\x1b[2J\x7f" },
	{ "high_bytes_come_back", "caf\\303\\251", OCTAL_ONLY,
	  "caf\xc3\xa9" },
	{ "printing_bytes_are_no_escapes", "\\101\\040", OCTAL_ONLY,
	  "\\101\\040" },
	{ "two_digits_are_none", "\\03", OCTAL_ONLY, "\\03" },
	{ "four_hundred_is_no_byte", "\\400", OCTAL_ONLY, "\\400" },
	{ "letters_only_where_wanted", "a\\nb", OCTAL_ONLY, "a\\nb" },
	{ "a_line_end_is_a_space", "a\\nb\\tc", OCTAL_LETTERS, "a b\tc" },
	{ "a_backslash_for_itself", "a\\\\b \\\"c\\\"", OCTAL_BACKSLASH,
	  "a\\b \"c\"" },
	{ "a_backslash_at_the_end", "a\\", OCTAL_LETTERS | OCTAL_BACKSLASH,
	  "a\\" },
	{ "an_escaped_backslash_hides_no_digits", "\\\\033",
	  OCTAL_BACKSLASH, "\\033" },
}, syslog_rows[] = {
	{ "plain_text_stays_in_syslog", "no #1 here", 0, "no #1 here" },
	{ "rsyslog_escapes_come_back", "#033[2J#011x#177", 0,
	  "\x1b[2J\tx\x7f" },
	{ "high_bytes_may_be_meant", "#303#251", 0, "#303#251" },
	{ "a_space_may_be_meant", "#040", 0, "#040" },
};

static void
escape_case(void **state)
{
	const struct escape_case *row = *state;
	struct strbuf scratch;
	struct slice got;

	strbuf_init(&scratch, 100);
	got = octal_unescape(slice_str(row->in), row->extras, &scratch);
	assert_int_equal(got.len, strlen(row->want));
	assert_memory_equal(got.ptr, row->want, got.len);
	strbuf_release(&scratch);
}

static void
syslog_case(void **state)
{
	const struct escape_case *row = *state;
	struct strbuf scratch;
	struct slice got;

	strbuf_init(&scratch, 100);
	got = syslog_unescape(slice_str(row->in), &scratch);
	assert_int_equal(got.len, strlen(row->want));
	assert_memory_equal(got.ptr, row->want, got.len);
	strbuf_release(&scratch);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, rows, escape_case);
	CASES_ADD_TABLE(&cases, syslog_rows, syslog_case);
	return cases_run(&cases);
}
