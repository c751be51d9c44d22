/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/hop.h"

#include "base/ipaddr.h"

static bool
is_localhost(struct slice host)
{
	return slice_eq_nocase(host, SLICE("localhost")) ||
	    slice_eq_nocase(host, SLICE("localhost.localdomain"));
}

/* No address of ours starts with 2..9: those start with "0", "1", "::" or
 * "f". Saves the parsing where most mail goes. */
static bool
is_global(struct slice text)
{
	return text.len > 4 && text.ptr[0] >= '2' && text.ptr[0] <= '9' &&
	    (memchr(text.ptr + 1, ':', 4) != NULL ||
	    memchr(text.ptr + 1, '.', 4) != NULL);
}

enum hop
hop_of_smtp(struct slice host, struct slice address)
{
	struct ipaddr ip;

	if (is_global(address))
		return HOP_REMOTE;
	if (ipaddr_parse_literal(address, &ip))
		return ipaddr_is_internal(&ip) ? HOP_INTERNAL : HOP_REMOTE;
	if (slice_chr(address, '/') != NULL)
		return HOP_INTERNAL;
	if (address.len == 0 && ipaddr_parse_literal(host, &ip))
		return ipaddr_is_internal(&ip) ? HOP_INTERNAL : HOP_REMOTE;
	return is_localhost(host) ? HOP_INTERNAL : HOP_REMOTE;
}
