/* SPDX-License-Identifier: BSD-2-Clause */
/* IP addresses as values: text to bytes and back, ranges, and which networks
 * are not the Internet. Resolves nothing. */
#ifndef MX_BASE_IPADDR_H
#define MX_BASE_IPADDR_H

#include "base/slice.h"

enum ip_family { IP_NONE, IP_V4 = 4, IP_V6 = 6 };

/* An IPv4 address mapped into IPv6 (::ffff:192.0.2.1) is read as IPv4. */
struct ipaddr {
	enum ip_family family;
	uint8_t bytes[16]; /* 4 of them for IPv4; the rest is 0 */
};

struct ipnet {
	struct ipaddr base; /* bits behind the prefix are 0 */
	uint8_t prefix;
};

/* "INET6_ADDRSTRLEN" without its header. */
enum { IPADDR_TEXT = 46 };

/* The whole of TEXT: 192.0.2.1 (four decimal parts, no leading zeros),
 * 2001:db8::1 (RFC 4291), without brackets. False: *addr_r is untouched. */
bool ipaddr_parse(struct slice text, struct ipaddr *addr_r);
/* The same with what surrounds addresses in mail texts taken off: "[...]",
 * "IPv6:" (RFC 5321 4.1.3), a zone ("%eth0"). */
bool ipaddr_parse_literal(struct slice text, struct ipaddr *addr_r);
/* RFC 5952 text with NUL; returns its length. */
size_t ipaddr_format(const struct ipaddr *addr, char buf[IPADDR_TEXT]);
bool ipaddr_eq(const struct ipaddr *a, const struct ipaddr *b);

/* "192.0.2.0/24", or an address for itself. Bits behind the prefix are
 * cleared. */
bool ipnet_parse(struct slice text, struct ipnet *net_r);
bool ipnet_has(const struct ipnet *net, const struct ipaddr *addr);

/* Loopback (127/8, ::1), unspecified (0.0.0.0, ::), private (RFC 1918,
 * fc00::/7 of RFC 4193), link-local (169.254/16, fe80::/10). Not the shared
 * space of carriers (RFC 6598), since mail through it leaves the house. */
bool ipaddr_is_internal(const struct ipaddr *addr);

#endif
