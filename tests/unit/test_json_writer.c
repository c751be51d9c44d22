/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/json_writer.h"

#include <math.h>

#include "tests/support/cases.h"

/* ---- texts ---- */

static const struct text_case {
	const char *name;
	struct slice in;
	const char *want;
} text_cases[] = {
	{ "plain_text_stands_in_quotes", { "abc", 3 }, "\"abc\"" },
	{ "empty_text_is_two_quotes", { "", 0 }, "\"\"" },
	{ "quote_and_backslash_are_escaped", { "a\"b\\c", 5 },
	    "\"a\\\"b\\\\c\"" },
	{ "slash_needs_no_escape", { "a/b", 3 }, "\"a/b\"" },
	{ "named_controls_have_short_escapes", { "\b\f\n\r\t", 5 },
	    "\"\\b\\f\\n\\r\\t\"" },
	{ "other_controls_are_hex", { "\0\x01\x1b\x7f", 4 },
	    "\"\\u0000\\u0001\\u001b\\u007f\"" },
	{ "c1_controls_are_hex", { "\xc2\x9b", 2 }, "\"\\u009b\"" },
	{ "utf8_passes", { "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", 9 },
	    "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"" },
	{ "line_separators_are_escaped", { "\xe2\x80\xa8\xe2\x80\xa9", 6 },
	    "\"\\u2028\\u2029\"" },
	{ "bidirectional_controls_are_escaped", { "\xe2\x80\xae", 3 },
	    "\"\\u202e\"" },
	{ "byte_that_is_no_utf8_is_the_replacement", { "a\xff" "b", 3 },
	    "\"a\xef\xbf\xbd" "b\"" },
	{ "overlong_form_is_no_utf8", { "\xc0\x80", 2 },
	    "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
	{ "surrogate_is_no_utf8", { "\xed\xa0\x80", 3 },
	    "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
	{ "sequence_cut_by_the_end_is_the_replacement", { "\xe2\x82", 2 },
	    "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
};

static void
run_text(void **state)
{
	const struct text_case *c = *state;
	struct json_writer json;
	struct strbuf out;

	strbuf_init(&out, 1024);
	json_init(&json, &out, false);
	json_text(&json, c->in);
	assert_string_equal(out.ptr, c->want);
	strbuf_release(&out);
}

/* ---- reals ---- */

static const struct real_case {
	const char *name;
	double in;
	int decimals;
	const char *want;
} real_cases[] = {
	{ "whole_number_has_no_point", 2, 3, "2" },
	{ "trailing_zeros_are_dropped", 2.5, 3, "2.5" },
	{ "leading_zeros_of_the_fraction_stay", 0.045, 3, "0.045" },
	{ "rounds_to_the_last_place", 1.23456, 3, "1.235" },
	{ "rounding_carries_into_the_whole", 0.9996, 3, "1" },
	{ "negative_keeps_its_sign", -1.5, 2, "-1.5" },
	{ "zero_is_zero", 0, 3, "0" },
	{ "no_decimals_is_an_integer", 41.7, 0, "42" },
	{ "very_large_has_no_exponent", 1e20, 3, "100000000000000000000" },
	{ "infinity_is_null", INFINITY, 3, "null" },
	{ "not_a_number_is_null", NAN, 3, "null" },
};

static void
run_real(void **state)
{
	const struct real_case *c = *state;
	struct json_writer json;
	struct strbuf out;

	strbuf_init(&out, 1024);
	json_init(&json, &out, false);
	json_real(&json, c->in, c->decimals);
	assert_string_equal(out.ptr, c->want);
	strbuf_release(&out);
}

/* ---- structure ---- */

static void
write_sample(struct json_writer *json)
{
	json_open_object(json);
	json_member_int(json, "a", -1);
	json_key(json, "b");
	json_open_array(json);
	json_int(json, INT64_MIN);
	json_int(json, INT64_MAX);
	json_open_object(json);
	json_close_object(json);
	json_open_array(json);
	json_close_array(json);
	json_close_array(json);
	json_key(json, "c");
	json_bool(json, false);
	json_member_text(json, "absent", SLICE_NONE);
	json_member_text(json, "empty", SLICE(""));
	json_member_time(json, "never", INT64_MIN);
	json_member_time(json, "t", 0);
	json_close_object(json);
}

static void
compact_output_has_commas_between_members_only(void **state)
{
	struct json_writer json;
	struct strbuf out;

	(void)state;
	strbuf_init(&out, 1024);
	json_init(&json, &out, false);
	write_sample(&json);
	assert_string_equal(out.ptr, "{\"a\":-1,\"b\":[-9223372036854775808,"
	    "9223372036854775807,{},[]],\"c\":false,\"empty\":\"\","
	    "\"t\":\"1970-01-01T00:00:00Z\"}");
	strbuf_release(&out);
}

static void
pretty_output_has_one_member_a_line(void **state)
{
	struct json_writer json;
	struct strbuf out;

	(void)state;
	strbuf_init(&out, 1024);
	json_init(&json, &out, true);
	write_sample(&json);
	assert_string_equal(out.ptr, "{\n  \"a\": -1,\n  \"b\": [\n"
	    "    -9223372036854775808,\n    9223372036854775807,\n    {},\n"
	    "    []\n  ],\n  \"c\": false,\n  \"empty\": \"\",\n"
	    "  \"t\": \"1970-01-01T00:00:00Z\"\n}");
	strbuf_release(&out);
}

static void
buffer_may_be_emptied_between_members(void **state)
{
	struct json_writer json;
	struct strbuf out;

	(void)state;
	strbuf_init(&out, 1024);
	json_init(&json, &out, false);
	json_open_array(&json);
	json_int(&json, 1);
	assert_string_equal(out.ptr, "[1");
	strbuf_reset(&out);
	json_int(&json, 2);
	json_close_array(&json);
	assert_string_equal(out.ptr, ",2]");
	strbuf_release(&out);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, text_cases, run_text);
	CASES_ADD_TABLE(&cases, real_cases, run_real);
	cases_add(&cases, "compact_output_has_commas_between_members_only",
	    compact_output_has_commas_between_members_only, NULL);
	cases_add(&cases, "pretty_output_has_one_member_a_line",
	    pretty_output_has_one_member_a_line, NULL);
	cases_add(&cases, "buffer_may_be_emptied_between_members",
	    buffer_may_be_emptied_between_members, NULL);
	return cases_run(&cases);
}
