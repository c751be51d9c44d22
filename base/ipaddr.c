/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/ipaddr.h"

#include <arpa/inet.h>

/* By hand, since this runs for every delivery. */
static bool
parse_v4(struct slice text, uint8_t bytes[4])
{
	size_t at = 0;

	for (int part = 0; part < 4; part++) {
		unsigned value = 0;
		size_t digits = 0;

		if (part != 0 && (at == text.len || text.ptr[at++] != '.'))
			return false;
		while (at < text.len && ascii_is_digit(text.ptr[at]) &&
		    digits < 3) {
			value = value * 10 + (unsigned)(text.ptr[at++] - '0');
			digits++;
		}
		if (digits == 0 || value > 255 ||
		    (digits > 1 && text.ptr[at - digits] == '0'))
			return false;
		bytes[part] = (uint8_t)value;
	}
	return at == text.len;
}

static void
set_v6(struct ipaddr *addr, const uint8_t bytes[16])
{
	static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0xff, 0xff };

	memset(addr, 0, sizeof(*addr));
	if (memcmp(bytes, mapped, sizeof(mapped)) == 0) {
		addr->family = IP_V4;
		memcpy(addr->bytes, bytes + 12, 4);
	} else {
		addr->family = IP_V6;
		memcpy(addr->bytes, bytes, 16);
	}
}

bool
ipaddr_parse(struct slice text, struct ipaddr *addr_r)
{
	char buf[IPADDR_TEXT];
	uint8_t bytes[16];

	if (text.len < 2 || text.len >= sizeof(buf))
		return false;
	if (parse_v4(text, bytes)) {
		memset(addr_r, 0, sizeof(*addr_r));
		addr_r->family = IP_V4;
		memcpy(addr_r->bytes, bytes, 4);
		return true;
	}
	if (slice_chr(text, ':') == NULL || slice_chr(text, '\0') != NULL)
		return false;
	memcpy(buf, text.ptr, text.len);
	buf[text.len] = '\0';
	if (inet_pton(AF_INET6, buf, bytes) != 1)
		return false;
	set_v6(addr_r, bytes);
	return true;
}

bool
ipaddr_parse_literal(struct slice text, struct ipaddr *addr_r)
{
	const char *zone;

	if (text.len >= 2 && text.ptr[0] == '[' &&
	    text.ptr[text.len - 1] == ']')
		text = slice_of(text.ptr + 1, text.len - 2);
	if (text.len > 5 && slice_eq_nocase(slice_of(text.ptr, 5),
	    SLICE("IPv6:")))
		text = slice_skip(text, 5);
	zone = slice_chr(text, '%');
	if (zone != NULL && slice_chr(text, ':') != NULL)
		text = slice_between(text.ptr, zone);
	return ipaddr_parse(text, addr_r);
}

size_t
ipaddr_format(const struct ipaddr *addr, char buf[IPADDR_TEXT])
{
	int family = addr->family == IP_V6 ? AF_INET6 : AF_INET;

	if (addr->family == IP_NONE ||
	    inet_ntop(family, addr->bytes, buf, IPADDR_TEXT) == NULL)
		buf[0] = '\0';
	return strlen(buf);
}

bool
ipaddr_eq(const struct ipaddr *a, const struct ipaddr *b)
{
	return a->family == b->family && memcmp(a->bytes, b->bytes, 16) == 0;
}

static bool
same_prefix(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned rest = bits % 8;

	if (memcmp(a, b, bits / 8) != 0)
		return false;
	return rest == 0 ||
	    ((a[bits / 8] ^ b[bits / 8]) >> (8 - rest)) == 0;
}

bool
ipnet_parse(struct slice text, struct ipnet *net_r)
{
	const char *slash = slice_chr(text, '/');
	struct ipaddr base;
	uint64_t prefix;
	unsigned max;

	if (!ipaddr_parse(slash != NULL ? slice_between(text.ptr, slash) :
	    text, &base))
		return false;
	max = base.family == IP_V4 ? 32 : 128;
	prefix = max;
	if (slash != NULL) {
		struct slice digits = slice_skip(text,
		    (size_t)(slash + 1 - text.ptr));

		if (digits.len == 0 ||
		    slice_number(digits, max, &prefix) != digits.len)
			return false;
	}
	for (unsigned bit = (unsigned)prefix; bit < 128; bit++)
		base.bytes[bit / 8] &= (uint8_t)~(0x80u >> bit % 8);
	*net_r = (struct ipnet){ base, (uint8_t)prefix };
	return true;
}

bool
ipnet_has(const struct ipnet *net, const struct ipaddr *addr)
{
	return net->base.family == addr->family &&
	    same_prefix(net->base.bytes, addr->bytes, net->prefix);
}

static bool
is_internal_v4(const uint8_t *b)
{
	return b[0] == 127 || b[0] == 10 || b[0] == 0 ||
	    (b[0] == 192 && b[1] == 168) || (b[0] == 169 && b[1] == 254) ||
	    (b[0] == 172 && (b[1] & 0xf0) == 16);
}

bool
ipaddr_is_internal(const struct ipaddr *addr)
{
	static const uint8_t zeros[15];
	const uint8_t *b = addr->bytes;

	if (addr->family == IP_V4)
		return is_internal_v4(b);
	if (addr->family != IP_V6)
		return false;
	return (b[0] & 0xfe) == 0xfc || (b[0] == 0xfe &&
	    (b[1] & 0xc0) == 0x80) ||
	    (memcmp(b, zeros, 15) == 0 && b[15] <= 1);
}
