/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/domain_name.h"

#include "tests/support/cases.h"

#ifdef MX_HAVE_IDN2
#define WITH_IDN(a, u) a
#else
#define WITH_IDN(a, u) u
#endif

static const struct name_case {
	const char *name, *in, *want;
} name_cases[] = {
	{ "a_plain_name_stays", "mx.example.com", "mx.example.com" },
	{ "capitals_become_small", "MX.Example.COM", "mx.example.com" },
	{ "one_capital_at_the_end_is_found", "mx.examplE", "mx.example" },
	{ "one_capital_in_front_is_found", "Mx.example.example",
	  "mx.example.example" },
	{ "a_dot_behind_goes", "mx.example.com.", "mx.example.com" },
	{ "the_root_stays", ".", "." },
	{ "a_short_name", "X.y", "x.y" },
	{ "a_literal_stays", "[192.0.2.1]", "[192.0.2.1]" },
	{ "a_literal_is_lowered", "[IPv6:2001:DB8::1]",
	  "[ipv6:2001:db8::1]" },
	{ "an_a_label_stays", "xn--bcher-kva.example",
	  "xn--bcher-kva.example" },
	{ "a_u_label_becomes_an_a_label", "b\xc3\xbc" "cher.example",
	  WITH_IDN("xn--bcher-kva.example", "b\xc3\xbc" "cher.example") },
	{ "a_u_label_may_have_capitals", "B\xc3\x9c" "CHER.Example",
	  WITH_IDN("xn--bcher-kva.example", "b\xc3\x9c" "cher.example") },
	{ "sharp_s_is_a_letter_of_its_own", "stra\xc3\x9f" "e.example",
	  WITH_IDN("xn--strae-oqa.example", "stra\xc3\x9f" "e.example") },
	{ "what_is_no_utf8_stays", "b\xfc" "CHER.example",
	  "b\xfc" "cher.example" },
	{ "nothing_stays", "", "" },
};

static void
name_case(void **state)
{
	const struct name_case *row = *state;
	char buf[LIMIT_DOMAIN_BYTES];
	struct slice got = domain_name_plain(slice_str(row->in), buf);

	if (!slice_eq(got, slice_str(row->want)))
		fail_msg("got \"%.*s\", want \"%s\"", SLICE_ARG(got),
		    row->want);
}

static void
a_name_longer_than_any_stays(void **state)
{
	char name[3 * LIMIT_DOMAIN_BYTES], buf[LIMIT_DOMAIN_BYTES];

	(void)state;
	for (size_t len = 0; len < sizeof(name); len++) {
		struct slice got;

		memset(name, 'A', sizeof(name));
		got = domain_name_plain(slice_of(name, len), buf);
		assert_int_equal(got.len, len);
		if (len != 0)
			assert_int_equal(got.ptr[0],
			    len < LIMIT_DOMAIN_BYTES ? 'a' : 'A');
	}
}

static const struct address_case {
	const char *name, *in, *want; /* NULL: none */
} address_cases[] = {
	{ "behind_the_at", "a@example.com", "example.com" },
	{ "behind_the_last_at", "\"a@b\"@example.com", "example.com" },
	{ "a_literal", "a@[192.0.2.1]", "[192.0.2.1]" },
	{ "no_at_no_domain", "root", NULL },
	{ "an_at_at_the_end", "root@", NULL },
	{ "nothing", "", NULL },
};

static void
address_case(void **state)
{
	const struct address_case *row = *state;
	struct slice got = address_domain(slice_str(row->in));

	if (row->want == NULL)
		assert_true(slice_is_none(got));
	else
		assert_true(slice_eq(got, slice_str(row->want)));
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, name_cases, name_case);
	CASES_ADD_TABLE(&cases, address_cases, address_case);
	cases_add(&cases, "a_name_longer_than_any_stays",
	    a_name_longer_than_any_stays, NULL);
	return cases_run(&cases);
}
