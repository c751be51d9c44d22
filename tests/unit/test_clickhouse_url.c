/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/clickhouse.h"

#include "tests/support/cases.h"

static const struct url_case {
	const char *name, *in, *user, *host, *database;
	unsigned port;
	bool has_tls;
} url_cases[] = {
	{ "a_host_and_a_database", "clickhouse://ch.example/mx", NULL,
	  "ch.example", "mx", 8123, false },
	{ "a_user_and_a_port", "clickhouse://push@ch.example:18123/mx", "push",
	  "ch.example", "mx", 18123, false },
	{ "tls_by_scheme", "clickhouses://ch.example/mx", NULL, "ch.example",
	  "mx", 8443, true },
	{ "tls_by_question", "clickhouse://ch.example/mx?tls=1", NULL,
	  "ch.example", "mx", 8443, true },
	{ "tls_on_another_port", "clickhouses://ch.example:9443/mx", NULL,
	  "ch.example", "mx", 9443, true },
	{ "no_tls_said", "clickhouse://ch.example/mx?tls=0", NULL, "ch.example",
	  "mx", 8123, false },
	{ "an_ipv6_address", "clickhouse://[2001:db8::1]/mx", NULL,
	  "2001:db8::1", "mx", 8123, false },
	{ "an_ipv6_address_and_a_port", "clickhouse://u@[2001:db8::1]:1/mx",
	  "u", "2001:db8::1", "mx", 1, false },
	{ "escapes_are_decoded", "clickhouse://a%2Db@ch.example/m%78", "a-b",
	  "ch.example", "mx", 8123, false },
	{ "an_escape_at_the_very_end", "clickhouse://ch.example/m%78", NULL,
	  "ch.example", "mx", 8123, false },
};

static void
same(const char *got, const char *want)
{
	if (got == NULL || want == NULL)
		assert_ptr_equal(got, want);
	else
		assert_string_equal(got, want);
}

static void
url_case(void **state)
{
	const struct url_case *row = *state;
	struct clickhouse_url url;
	struct mx_err err;

	assert_int_equal(clickhouse_url_parse(row->in, &url, &err), MX_OK);
	same(url.user, row->user);
	same(url.host, row->host);
	same(url.database, row->database);
	assert_int_equal(url.port, row->port);
	assert_int_equal(url.has_tls, row->has_tls);
	clickhouse_url_release(&url);
}

static const struct bad_case {
	const char *name, *in;
} bad_cases[] = {
	{ "another_scheme_is_refused", "http://ch.example/mx" },
	{ "nothing_is_refused", "" },
	{ "a_scheme_alone_is_refused", "clickhouse://" },
	{ "no_database_is_refused", "clickhouse://ch.example" },
	{ "an_empty_database_is_refused", "clickhouse://ch.example/" },
	{ "no_host_is_refused", "clickhouse:///mx" },
	{ "an_empty_user_is_refused", "clickhouse://@ch.example/mx" },
	{ "port_zero_is_refused", "clickhouse://ch.example:0/mx" },
	{ "port_65536_is_refused", "clickhouse://ch.example:65536/mx" },
	{ "an_empty_port_is_refused", "clickhouse://ch.example:/mx" },
	{ "a_port_of_letters_is_refused", "clickhouse://ch.example:1x/mx" },
	{ "two_segments_are_refused", "clickhouse://ch.example/mx/total" },
	{ "a_quote_is_refused", "clickhouse://ch.example/m%60x" },
	{ "a_nul_is_refused", "clickhouse://ch.example/m%00x" },
	{ "a_newline_is_refused", "clickhouse://ch.example/m%0ax" },
	{ "half_an_escape_is_refused", "clickhouse://ch.example/m%7" },
	{ "an_escape_of_letters_is_refused", "clickhouse://ch.example/m%zz" },
	{ "an_open_bracket_is_refused", "clickhouse://[2001:db8::1/mx" },
	{ "text_behind_a_bracket_is_refused",
	  "clickhouse://[2001:db8::1]x/mx" },
	{ "another_question_is_refused", "clickhouse://ch.example/mx?x=1" },
	{ "tls_and_no_tls_is_refused", "clickhouses://ch.example/mx?tls=0" },
};

static void
bad_case(void **state)
{
	const struct bad_case *row = *state;
	struct clickhouse_url url;
	struct mx_err err;

	assert_int_equal(clickhouse_url_parse(row->in, &url, &err),
	    MX_E_USAGE);
}

static void
a_password_is_refused_and_not_shown(void **state)
{
	struct clickhouse_url url;
	struct mx_err err;

	(void)state;
	assert_int_equal(clickhouse_url_parse(
	    "clickhouse://u:geheim@ch.example/mx", &url, &err), MX_E_USAGE);
	assert_null(strstr(err.text, "geheim"));
	assert_non_null(strstr(err.text, "password_file"));
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, url_cases, url_case);
	CASES_ADD_TABLE(&cases, bad_cases, bad_case);
	cases_add(&cases, "a_password_is_refused_and_not_shown",
	    a_password_is_refused_and_not_shown, NULL);
	return cases_run(&cases);
}
