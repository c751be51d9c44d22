/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers base 128, low part first: most are below 128, and a report reads
 * millions of them. */
#ifndef MX_ANALYZER_PACK_NUMBER_H
#define MX_ANALYZER_PACK_NUMBER_H

#include "base/strbuf.h"

/* No hour, and no pair, has that many of anything: a count beyond it is damage,
 * and as many rows as a blob has room for add up to less than 63 bits. */
#define PACK_COUNT_MAX INT64_C(0xffffffff)

static inline void
pack_number_put(struct strbuf *out, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		strbuf_add_char(out, (char)(0x80 | (value & 0x7f)));
	strbuf_add_char(out, (char)value);
}

/* A number, and where the next one begins; at is NULL where it does not end.
 * It goes by value, in two registers. */
struct pack_number {
	const char *at;
	uint64_t value;
};

static inline struct pack_number
pack_number_long(const char *at, const char *end)
{
	struct pack_number number = { NULL, 0 };

	for (unsigned shift = 0; shift < 64 && at != end; shift += 7) {
		unsigned char byte = (unsigned char)*at++;

		number.value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80) {
			number.at = at;
			break;
		}
	}
	return number;
}

static inline struct pack_number
pack_number_at(const char *at, const char *end)
{
	if (at == end || (unsigned char)*at >= 0x80)
		return pack_number_long(at, end);
	return (struct pack_number){ at + 1, (unsigned char)*at };
}

#endif
