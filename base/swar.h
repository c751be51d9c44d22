/* SPDX-License-Identifier: BSD-2-Clause */
/* Eight bytes at a time in a plain word, for the few loops that see every
 * byte of a log. Correct on either byte order; fast on little-endian ones.
 * Masks have the top bit set of each byte that fits. */
#ifndef MX_BASE_SWAR_H
#define MX_BASE_SWAR_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SWAR_ONES 0x0101010101010101u
#define SWAR_TOPS 0x8080808080808080u

/* The byte at the lowest address is the lowest byte of the word. */
static inline uint64_t
swar_load(const char *p)
{
	uint64_t word;

	memcpy(&word, p, 8);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

/* Bytes FIRST..LAST (both under 128). */
static inline uint64_t
swar_in_range(uint64_t word, unsigned char first, unsigned char last)
{
	uint64_t low = word & ~SWAR_TOPS;
	uint64_t from = low + (uint64_t)(0x80u - first) * SWAR_ONES;
	uint64_t behind = low + (uint64_t)(0x7fu - last) * SWAR_ONES;

	return (from & ~behind) & ~word & SWAR_TOPS;
}

/* Bytes equal to C. Only the first one set is sure to be right. */
static inline uint64_t
swar_equal(uint64_t word, unsigned char c)
{
	uint64_t differs = word ^ c * SWAR_ONES;

	return (differs - SWAR_ONES) & ~differs & SWAR_TOPS;
}

/* Index of the first byte of a mask that is not 0. */
static inline size_t
swar_first(uint64_t mask)
{
	return (size_t)__builtin_ctzll(mask) / 8;
}

/* The bytes below index N (0..8). */
static inline uint64_t
swar_below(size_t n)
{
	return n >= 8 ? UINT64_MAX : ((uint64_t)1 << n * 8) - 1;
}

/* memcmp(a, b, len) == 0, without the call. */
static inline int
swar_same(const char *a, const char *b, size_t len)
{
	uint64_t x, y;

	if (len < 8)
		return memcmp(a, b, len) == 0;
	for (size_t i = 0; i + 8 < len; i += 8) {
		memcpy(&x, a + i, 8);
		memcpy(&y, b + i, 8);
		if (x != y)
			return 0;
	}
	memcpy(&x, a + len - 8, 8);
	memcpy(&y, b + len - 8, 8);
	return x == y;
}

#endif
