/* SPDX-License-Identifier: BSD-2-Clause */
/* What the operator says of his own addresses and relays, and in which order
 * it counts. */
#include "analyzer/own.h"

#include "tests/support/cases.h"

struct line {
	const char *name, *value;
};

/* ------------------------------------------------------------------ */
/* [source-ip] */

static const struct source_case {
	const char *name;
	struct line lines[4];
	const char *instance, *want;
	enum source_from from;
} source_cases[] = {
	{ "nothing_is_known_without_a_line", { { 0 } }, "postfix", NULL,
	  SOURCE_UNKNOWN },
	{ "the_map_names_an_instance", { { "postfix-out1", "192.0.2.9" } },
	  "postfix-out1", "192.0.2.9", SOURCE_MAP },
	{ "the_map_is_about_whole_names", { { "postfix-out1", "192.0.2.9" } },
	  "postfix-out11", NULL, SOURCE_UNKNOWN },
	{ "a_transport_has_a_line_of_its_own",
	  { { "postfix", "192.0.2.9" }, { "postfix/out2", "192.0.2.10" } },
	  "postfix/out2", "192.0.2.10", SOURCE_MAP },
	{ "the_last_line_counts",
	  { { "postfix", "192.0.2.9" }, { "postfix", "192.0.2.10" } },
	  "postfix", "192.0.2.10", SOURCE_MAP },
	{ "others_have_the_default",
	  { { "default", "192.0.2.1" }, { "postfix-out1", "192.0.2.9" } },
	  "postfix", "192.0.2.1", SOURCE_DEFAULT },
	{ "the_map_goes_before_the_default",
	  { { "postfix-out1", "192.0.2.9" }, { "default", "192.0.2.1" } },
	  "postfix-out1", "192.0.2.9", SOURCE_MAP },
	{ "an_address_in_the_name_is_the_logs", { { 0 } },
	  "postfix-192.0.2.7", "192.0.2.7", SOURCE_LOG },
	{ "an_address_behind_several_dashes", { { 0 } },
	  "postfix-bulk-eu-192.0.2.7", "192.0.2.7", SOURCE_LOG },
	{ "an_address_of_six_in_the_name", { { 0 } },
	  "postfix-2001:db8::7", "2001:db8::7", SOURCE_LOG },
	{ "an_address_of_six_is_written_in_one_way", { { 0 } },
	  "postfix-2001:DB8:0:0::7", "2001:db8::7", SOURCE_LOG },
	{ "a_number_is_no_address", { { 0 } }, "postfix-12", NULL,
	  SOURCE_UNKNOWN },
	{ "an_address_must_end_the_name", { { 0 } }, "postfix-192.0.2.7-x",
	  NULL, SOURCE_UNKNOWN },
	{ "the_map_goes_before_the_name",
	  { { "postfix-192.0.2.7", "203.0.113.7" } }, "postfix-192.0.2.7",
	  "203.0.113.7", SOURCE_MAP },
	{ "the_name_goes_before_the_default", { { "default", "192.0.2.1" } },
	  "postfix-192.0.2.7", "192.0.2.7", SOURCE_LOG },
	{ "addresses_are_written_in_one_way",
	  { { "postfix", "2001:DB8:0:0:0::9" } }, "postfix", "2001:db8::9",
	  SOURCE_MAP },
	{ "an_address_may_stand_in_brackets",
	  { { "postfix", "[192.0.2.9]" } }, "postfix", "192.0.2.9",
	  SOURCE_MAP },
};

static struct own *
open_sources(const struct line *lines)
{
	struct own *own = own_new();
	struct mx_err err;

	for (size_t i = 0; i < 4 && lines[i].name != NULL; i++)
		assert_int_equal(own_add_source(own, slice_str(lines[i].name),
		    slice_str(lines[i].value), &err), MX_OK);
	return own;
}

static void
run_source(void **state)
{
	const struct source_case *it = *state;
	struct own *own = open_sources(it->lines);
	char room[IPADDR_TEXT];
	enum source_from from = SOURCE_FROMS;
	struct slice ip = own_source(own, slice_str(it->instance), room,
	    &from);

	assert_int_equal(from, it->from);
	assert_int_equal(slice_is_none(ip), it->want == NULL);
	assert_true(slice_eq(ip, slice_str(it->want)));
	assert_int_equal(own_is_configured(own), it->lines[0].name != NULL);
	own_free(own);
}

static void
own_addresses_are_those_of_the_map_and_the_default(void **state)
{
	static const struct line lines[4] = { { "postfix", "192.0.2.9" },
		{ "default", "192.0.2.1" } };
	struct own *own = open_sources(lines);

	(void)state;
	assert_true(own_has_ip(own, SLICE("192.0.2.9")));
	assert_true(own_has_ip(own, SLICE("192.0.2.1")));
	assert_false(own_has_ip(own, SLICE("192.0.2.2")));
	assert_false(own_has_ip(own, SLICE("")));
	own_free(own);
}

static const struct bad_case {
	const char *name, *left, *right;
} bad_sources[] = {
	{ "a_name_is_no_address", "postfix", "mail.example.org" },
	{ "an_empty_address_is_refused", "postfix", "" },
	{ "a_network_is_no_address", "postfix", "192.0.2.0/24" },
	{ "a_default_must_be_an_address_too", "default", "yes" },
};

static void
run_bad_source(void **state)
{
	const struct bad_case *it = *state;
	struct own *own = own_new();
	struct mx_err err;

	assert_int_equal(own_add_source(own, slice_str(it->left),
	    slice_str(it->right), &err), MX_E_CONFIG);
	assert_non_null(strstr(err.text, it->left));
	own_free(own);
}

/* ------------------------------------------------------------------ */
/* [hops] */

static const struct hop_case {
	const char *name;
	struct line lines[4];
	const char *relay_host, *relay_ip;
	enum hop logged, want;
} hop_cases[] = {
	{ "the_host_that_logged_is_not_abroad", { { 0 } },
	  "mail.example.com", "203.0.113.9", HOP_REMOTE, HOP_INTERNAL },
	{ "nor_is_our_own_address", { { 0 } }, "other.example.com",
	  "192.0.2.9", HOP_REMOTE, HOP_INTERNAL },
	{ "unless_a_line_says_so", { { "mail.example.com", "remote" } },
	  "mail.example.com", "192.0.2.9", HOP_REMOTE, HOP_REMOTE },
	{ "a_mailbox_on_it_stays_one", { { 0 } }, "mail.example.com", NULL,
	  HOP_LOCAL, HOP_LOCAL },
	{ "without_lines_it_is_as_logged", { { 0 } }, "mx.example.net",
	  "192.0.2.25", HOP_REMOTE, HOP_REMOTE },
	{ "a_host_is_internal", { { "relay.example.org", "internal" } },
	  "relay.example.org", "192.0.2.25", HOP_REMOTE, HOP_INTERNAL },
	{ "in_whatever_case", { { "Relay.Example.ORG", "internal" } },
	  "relay.example.org", "192.0.2.25", HOP_REMOTE, HOP_INTERNAL },
	{ "another_host_is_not", { { "relay.example.org", "internal" } },
	  "xrelay.example.org", "192.0.2.25", HOP_REMOTE, HOP_REMOTE },
	{ "a_suffix_is_about_hosts_below",
	  { { ".example.org", "internal" } }, "a.b.example.org", NULL,
	  HOP_REMOTE, HOP_INTERNAL },
	{ "a_suffix_is_not_about_the_domain_itself",
	  { { ".example.org", "internal" } }, "example.org", NULL, HOP_REMOTE,
	  HOP_REMOTE },
	{ "a_suffix_begins_at_a_label", { { ".example.org", "internal" } },
	  "badexample.org", NULL, HOP_REMOTE, HOP_REMOTE },
	{ "a_network_is_internal", { { "203.0.113.0/24", "internal" } },
	  "mx.example.net", "203.0.113.77", HOP_REMOTE, HOP_INTERNAL },
	{ "a_neighbour_network_is_not", { { "203.0.113.0/24", "internal" } },
	  "mx.example.net", "203.0.114.77", HOP_REMOTE, HOP_REMOTE },
	{ "an_address_is_local", { { "203.0.113.7", "local" } },
	  "mx.example.net", "203.0.113.7", HOP_REMOTE, HOP_LOCAL },
	{ "a_network_of_six", { { "2001:db8:7::/48", "internal" } },
	  "mx.example.net", "2001:db8:7:1::5", HOP_REMOTE, HOP_INTERNAL },
	{ "a_private_relay_can_be_the_outside_world",
	  { { "10.0.0.0/8", "remote" } }, "smart.example.org", "10.1.2.3",
	  HOP_INTERNAL, HOP_REMOTE },
	{ "the_last_line_that_fits_counts",
	  { { ".example.org", "internal" }, { "mx.example.org", "remote" },
	    { "other.example.org", "local" } }, "mx.example.org", NULL,
	  HOP_INTERNAL, HOP_REMOTE },
	{ "no_session_no_relay", { { ".example.org", "internal" },
	    { "10.0.0.0/8", "internal" } }, NULL, NULL, HOP_REMOTE,
	  HOP_REMOTE },
};

static void
run_hop(void **state)
{
	const struct hop_case *it = *state;
	struct own *own = own_new();
	const struct delivery fact = {
		.host = SLICE("mail.example.com"),
		.relay_host = slice_str(it->relay_host),
		.relay_ip = slice_str(it->relay_ip), .hop = it->logged };
	struct mx_err err;

	assert_int_equal(own_add_source(own, SLICE("default"),
	    SLICE("192.0.2.9"), &err), MX_OK);

	for (size_t i = 0; i < 4 && it->lines[i].name != NULL; i++)
		assert_int_equal(own_add_hop(own,
		    slice_str(it->lines[i].name),
		    slice_str(it->lines[i].value), &err), MX_OK);
	assert_int_equal(own_hop(own, &fact), it->want);
	own_free(own);
}

static const struct bad_case bad_hops[] = {
	{ "a_hop_is_one_of_three", "mx.example.net", "outside" },
	{ "a_hop_is_written_small", "mx.example.net", "Remote" },
	{ "a_hop_must_be_said", "mx.example.net", "" },
	{ "an_empty_relay_is_refused", "", "remote" },
};

static void
run_bad_hop(void **state)
{
	const struct bad_case *it = *state;
	struct own *own = own_new();
	struct mx_err err;

	assert_int_equal(own_add_hop(own, slice_str(it->left),
	    slice_str(it->right), &err), MX_E_CONFIG);
	assert_non_null(strstr(err.text, "[hops]"));
	own_free(own);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, source_cases, run_source);
	CASES_ADD_TABLE(&cases, bad_sources, run_bad_source);
	cases_add(&cases, "own_addresses_are_those_of_the_map_and_the_default",
	    own_addresses_are_those_of_the_map_and_the_default, NULL);
	CASES_ADD_TABLE(&cases, hop_cases, run_hop);
	CASES_ADD_TABLE(&cases, bad_hops, run_bad_hop);
	return cases_run(&cases);
}
