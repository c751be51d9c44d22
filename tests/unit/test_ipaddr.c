/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/ipaddr.h"

#include "tests/support/cases.h"

static const struct parse_case {
	const char *name, *in, *want; /* want NULL: refused */
	enum ip_family family;
	bool is_internal;
} parse_cases[] = {
	{ "ipv4", "192.0.2.1", "192.0.2.1", IP_V4, false },
	{ "ipv4_lowest", "0.0.0.0", "0.0.0.0", IP_V4, true },
	{ "ipv4_highest", "255.255.255.255", "255.255.255.255", IP_V4,
	  false },
	{ "ipv6", "2001:db8::1", "2001:db8::1", IP_V6, false },
	{ "ipv6_is_shortened", "2001:0DB8:0:0:0:0:0:1", "2001:db8::1", IP_V6,
	  false },
	{ "ipv4_in_ipv6_is_ipv4", "::ffff:192.0.2.1", "192.0.2.1", IP_V4,
	  false },
	{ "a_literal_has_brackets", "[192.0.2.1]", "192.0.2.1", IP_V4,
	  false },
	{ "a_literal_has_a_prefix", "[IPv6:2001:db8::1]", "2001:db8::1",
	  IP_V6, false },
	{ "a_zone_is_taken_off", "fe80::1%eth0", "fe80::1", IP_V6, true },
	{ "loopback", "127.0.0.1", "127.0.0.1", IP_V4, true },
	{ "all_of_127_is_loopback", "127.255.3.4", "127.255.3.4", IP_V4,
	  true },
	{ "loopback_v6", "::1", "::1", IP_V6, true },
	{ "private_10", "10.1.2.3", "10.1.2.3", IP_V4, true },
	{ "private_172_16", "172.16.0.1", "172.16.0.1", IP_V4, true },
	{ "private_172_31", "172.31.255.255", "172.31.255.255", IP_V4, true },
	{ "172_32_is_not_private", "172.32.0.1", "172.32.0.1", IP_V4, false },
	{ "172_15_is_not_private", "172.15.255.255", "172.15.255.255", IP_V4,
	  false },
	{ "private_192_168", "192.168.9.9", "192.168.9.9", IP_V4, true },
	{ "192_169_is_not_private", "192.169.0.1", "192.169.0.1", IP_V4,
	  false },
	{ "link_local", "169.254.1.1", "169.254.1.1", IP_V4, true },
	{ "link_local_v6", "fe80::1", "fe80::1", IP_V6, true },
	{ "febf_is_link_local", "febf::1", "febf::1", IP_V6, true },
	{ "fec0_is_not", "fec0::1", "fec0::1", IP_V6, false },
	{ "unique_local_fc", "fc00::1", "fc00::1", IP_V6, true },
	{ "unique_local_fd", "fdff::1", "fdff::1", IP_V6, true },
	{ "carrier_space_is_not_ours", "100.64.0.1", "100.64.0.1", IP_V4,
	  false },
	{ "private_in_ipv6_is_private", "::ffff:10.0.0.1", "10.0.0.1", IP_V4,
	  true },
	{ "three_parts_are_none", "192.0.2", NULL, IP_NONE, false },
	{ "five_parts_are_none", "192.0.2.1.1", NULL, IP_NONE, false },
	{ "256_is_too_much", "192.0.2.256", NULL, IP_NONE, false },
	{ "leading_zeros_are_octal_somewhere", "192.0.2.01", NULL, IP_NONE,
	  false },
	{ "a_space_is_none", "192.0.2.1 ", NULL, IP_NONE, false },
	{ "two_shortenings_are_none", "2001::db8::1", NULL, IP_NONE, false },
	{ "a_name_is_none", "mx.example.com", NULL, IP_NONE, false },
	{ "nothing_is_none", "", NULL, IP_NONE, false },
	{ "a_very_long_text_is_none",
	  "1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111",
	  NULL, IP_NONE, false },
};

static void
parse_case(void **state)
{
	const struct parse_case *row = *state;
	struct ipaddr addr;
	char text[IPADDR_TEXT];

	if (row->want == NULL) {
		assert_false(ipaddr_parse_literal(slice_str(row->in), &addr));
		return;
	}
	assert_true(ipaddr_parse_literal(slice_str(row->in), &addr));
	assert_int_equal(addr.family, row->family);
	assert_int_equal(ipaddr_format(&addr, text), strlen(row->want));
	assert_string_equal(text, row->want);
	assert_int_equal(ipaddr_is_internal(&addr), row->is_internal);
}

static const struct net_case {
	const char *name, *net, *addr;
	bool is_net, has;
} net_cases[] = {
	{ "a_net_has_its_addresses", "192.0.2.0/24", "192.0.2.255", true,
	  true },
	{ "a_net_has_no_others", "192.0.2.0/24", "192.0.3.0", true, false },
	{ "bits_behind_the_prefix_do_not_matter", "192.0.2.77/24",
	  "192.0.2.1", true, true },
	{ "a_prefix_may_split_a_byte", "192.0.2.0/25", "192.0.2.128", true,
	  false },
	{ "an_address_is_a_net_of_one", "192.0.2.1", "192.0.2.1", true,
	  true },
	{ "an_address_has_no_neighbour", "192.0.2.1", "192.0.2.2", true,
	  false },
	{ "prefix_0_has_all_of_its_family", "0.0.0.0/0", "203.0.113.7", true,
	  true },
	{ "prefix_0_has_none_of_the_other", "0.0.0.0/0", "2001:db8::1", true,
	  false },
	{ "ipv6_nets_have_their_addresses", "2001:db8::/33",
	  "2001:db8:7fff::1", true, true },
	{ "ipv6_nets_have_no_others", "2001:db8::/33", "2001:db8:8000::1",
	  true, false },
	{ "prefix_33_is_too_long_for_ipv4", "192.0.2.0/33", "192.0.2.1",
	  false, false },
	{ "prefix_129_is_too_long", "2001:db8::/129", "2001:db8::", false,
	  false },
	{ "a_slash_needs_a_number", "192.0.2.0/", "192.0.2.1", false, false },
	{ "a_prefix_is_a_number", "192.0.2.0/2x", "192.0.2.1", false, false },
};

static void
net_case(void **state)
{
	const struct net_case *row = *state;
	struct ipnet net;
	struct ipaddr addr;

	assert_true(ipaddr_parse(slice_str(row->addr), &addr));
	assert_int_equal(ipnet_parse(slice_str(row->net), &net), row->is_net);
	if (row->is_net)
		assert_int_equal(ipnet_has(&net, &addr), row->has);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, parse_cases, parse_case);
	CASES_ADD_TABLE(&cases, net_cases, net_case);
	return cases_run(&cases);
}
