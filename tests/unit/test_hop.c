/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/hop.h"

#include "tests/support/cases.h"

static const struct hop_case {
	const char *name, *host, *address;
	enum hop want;
} hop_cases[] = {
	{ "an_mx_is_remote", "mx.example.net", "198.51.100.7", HOP_REMOTE },
	{ "an_mx_at_1_is_remote", "mx.example.net", "1.2.3.4", HOP_REMOTE },
	{ "an_mx_over_ipv6_is_remote", "mx.example.net", "2001:db8::7",
	  HOP_REMOTE },
	{ "no_session_is_remote", NULL, NULL, HOP_REMOTE },
	{ "loopback_is_internal", "127.0.0.1", "127.0.0.1", HOP_INTERNAL },
	{ "loopback_v6_is_internal", "::1", "::1", HOP_INTERNAL },
	{ "a_private_address_is_internal", "filter.example.com",
	  "10.0.0.25", HOP_INTERNAL },
	{ "192_168_is_internal", "filter.example.com", "192.168.0.25",
	  HOP_INTERNAL },
	{ "a_socket_is_internal", "mx1.example.com", "private/filter",
	  HOP_INTERNAL },
	{ "a_public_address_called_localhost_is_remote", "localhost",
	  "203.0.113.1", HOP_REMOTE },
	{ "localhost_without_address_is_internal", "localhost", NULL,
	  HOP_INTERNAL },
	{ "an_address_as_name_counts", "10.0.0.1", NULL, HOP_INTERNAL },
	{ "a_literal_as_name_counts", "[IPv6:fd00::1]", NULL, HOP_INTERNAL },
	{ "carrier_space_is_remote", "mx.example.net", "100.64.1.1",
	  HOP_REMOTE },
};

static void
hop_case(void **state)
{
	const struct hop_case *row = *state;

	assert_int_equal(hop_of_smtp(slice_str(row->host),
	    slice_str(row->address)), row->want);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, hop_cases, hop_case);
	return cases_run(&cases);
}
