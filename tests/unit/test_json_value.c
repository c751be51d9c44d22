/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/json_value.h"

#include "base/limits.h"
#include "tests/support/cases.h"

/* clang-format off */
static const struct parse_case {
	const char *name, *in;
	enum mx_code want;
} parse_cases[] = {
	{ "an_object", "{\"a\":1}", MX_OK },
	{ "an_array", "[1,2]", MX_OK },
	{ "a_bare_text", "\"x\"", MX_OK },
	{ "blanks_around", " {} \n", MX_OK },
	{ "nothing", "", MX_E_DATA },
	{ "half_an_object", "{\"a\":", MX_E_DATA },
	{ "two_objects", "{}{}", MX_E_DATA },
	{ "single_quotes", "{'a':1}", MX_E_DATA },
	{ "bytes_that_are_not_utf8", "\"\xff\"", MX_E_DATA },
	{ "brackets_in_a_text_are_no_depth",
	  "\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[[\"", MX_OK },
	{ "deep_nesting_is_refused",
	  "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
	  MX_E_LIMIT },
};
/* clang-format on */

static void
run_parse(void **state)
{
	const struct parse_case *c = *state;
	struct json_doc *doc = NULL;
	struct mx_err err;

	assert_int_equal(json_doc_parse(slice_str(c->in), &doc, &err),
	    c->want);
	if (c->want == MX_OK)
		json_doc_free(doc);
}

static struct json_doc *
open_doc(const char *text)
{
	struct json_doc *doc = NULL;
	struct mx_err err;

	assert_int_equal(json_doc_parse(slice_str(text), &doc, &err), MX_OK);
	return doc;
}

static void
members_are_read_by_kind(void **state)
{
	struct json_doc *doc = open_doc("{\"t\":\"x\\u0000y\",\"i\":-7,"
	    "\"r\":2.5,\"w\":3.0,\"b\":true,\"n\":null,\"a\":[1,\"z\"]}");
	const struct json_value *root = json_doc_root(doc);
	int64_t number = 0;
	double real = 0;
	bool flag = false;

	(void)state;
	assert_int_equal(json_value_kind(root), JSON_KIND_OBJECT);
	assert_int_equal(json_member_text_of(root, "t").len, 3);
	assert_memory_equal(json_member_text_of(root, "t").ptr, "x\0y", 3);
	assert_true(json_member_int_of(root, "i", &number));
	assert_int_equal(number, -7);
	assert_true(json_member_int_of(root, "w", &number));
	assert_int_equal(number, 3);
	assert_false(json_member_int_of(root, "r", &number));
	assert_true(json_value_real(json_value_member(root, "r"), &real));
	assert_true(real > 2.4 && real < 2.6);
	assert_true(json_value_bool(json_value_member(root, "b"), &flag));
	assert_true(flag);
	assert_int_equal(json_value_count(json_value_member(root, "a")), 2);
	assert_int_equal(json_value_text(json_value_at(
	    json_value_member(root, "a"), 1)).len, 1);
	json_doc_free(doc);
}

static void
what_is_not_there_is_absent(void **state)
{
	struct json_doc *doc = open_doc("{\"n\":null,\"t\":\"5\"}");
	const struct json_value *root = json_doc_root(doc);
	int64_t number;
	double real;
	bool flag;

	(void)state;
	assert_null(json_value_member(root, "x"));
	assert_null(json_value_member(root, "n"));
	assert_null(json_value_member(NULL, "n"));
	assert_null(json_value_member(json_value_member(root, "t"), "n"));
	assert_true(slice_is_none(json_member_text_of(root, "x")));
	assert_false(json_member_int_of(root, "t", &number));
	assert_false(json_value_int(NULL, &number));
	assert_false(json_value_real(NULL, &real));
	assert_false(json_value_bool(NULL, &flag));
	assert_int_equal(json_value_count(root), 0);
	assert_int_equal(json_value_count(NULL), 0);
	assert_null(json_value_at(NULL, 0));
	json_doc_free(doc);
}

static void
members_come_in_the_order_of_the_text(void **state)
{
	struct json_doc *doc = open_doc("{\"z\":1,\"a\":2,\"z\":3}");
	const struct json_value *value;
	void *iterator = NULL;
	struct slice key;
	int64_t number;

	(void)state;
	assert_true(json_value_next(json_doc_root(doc), &iterator, &key,
	    &value));
	assert_true(slice_eq(key, SLICE("z")));
	assert_true(json_value_int(value, &number));
	assert_int_equal(number, 3); /* the last one counts */
	assert_true(json_value_next(json_doc_root(doc), &iterator, &key,
	    &value));
	assert_true(slice_eq(key, SLICE("a")));
	assert_false(json_value_next(json_doc_root(doc), &iterator, &key,
	    &value));
	json_doc_free(doc);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, parse_cases, run_parse);
	cases_add(&cases, "members_are_read_by_kind",
	    members_are_read_by_kind, NULL);
	cases_add(&cases, "what_is_not_there_is_absent",
	    what_is_not_there_is_absent, NULL);
	cases_add(&cases, "members_come_in_the_order_of_the_text",
	    members_come_in_the_order_of_the_text, NULL);
	return cases_run(&cases);
}
