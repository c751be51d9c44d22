/* SPDX-License-Identifier: BSD-2-Clause */
/* 64-bit multiply-mix hash on 8-byte steps. Keys are chosen by strangers, so
 * tables take a seed that differs from run to run; nothing that is stored or
 * shown depends on it. Not for fingerprints: those use hash_stable. */
#ifndef MX_BASE_HASH_H
#define MX_BASE_HASH_H

#include "base/slice.h"

static inline uint64_t
hash_mix(uint64_t a, uint64_t b)
{
	__extension__ typedef unsigned __int128 u128;
	u128 product = (u128)(a ^ 0x9e3779b97f4a7c15u) * (b ^ 0xe7037ed1a0b428dbu);

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Fewer than eight bytes in one word; which bytes overlap, LEN tells. */
static inline uint64_t
hash_short_word(const char *ptr, size_t len)
{
	uint32_t first, last;

	if (len >= 4) {
		memcpy(&first, ptr, 4);
		memcpy(&last, ptr + len - 4, 4);
		return first | (uint64_t)last << 32;
	}
	if (len == 0)
		return 0;
	return (unsigned char)ptr[0] |
	    (uint64_t)(unsigned char)ptr[len / 2] << 8 |
	    (uint64_t)(unsigned char)ptr[len - 1] << 16;
}

/* Sixteen bytes in one step. */
static inline uint64_t
hash_sixteen(const char *ptr, uint64_t h, uint64_t secret)
{
	uint64_t first, second;

	memcpy(&first, ptr, 8);
	memcpy(&second, ptr + 8, 8);
	return hash_mix(h ^ first, second ^ secret);
}

/* The last word overlaps the one before it: no copy of a few bytes. Both
 * factors of a step hang on the seed: else a word of a text could be chosen to
 * make one of them zero, and all that stood before it would not count. */
static inline uint64_t
hash_bytes(const char *ptr, size_t len, uint64_t seed)
{
	const uint64_t secret = seed << 32 | seed >> 32;
	uint64_t h = seed ^ len;
	uint64_t word;

	if (len < 8) {
		word = hash_short_word(ptr, len);
	} else {
		const char *last = ptr + len - 8;

		/* long texts in two chains: one multiplication need not wait
		 * for the other (a tenth of a cached answer's time) */
		if (last - ptr > 32) {
			uint64_t other = ~h;

			for (; last - ptr > 32; ptr += 32) {
				h = hash_sixteen(ptr, h, secret);
				other = hash_sixteen(ptr + 16, other, secret);
			}
			h ^= other;
		}
		for (; ptr < last; ptr += 8) {
			memcpy(&word, ptr, 8);
			h = hash_mix(h, word ^ secret);
		}
		memcpy(&word, last, 8);
	}
	return hash_mix(h, word ^ secret ^ 0xa0761d6478bd642fu);
}

static inline uint64_t
hash_slice(struct slice s, uint64_t seed)
{
	return hash_bytes(s.ptr, s.len, seed);
}

/* FNV-1a, 64 bits, byte by byte: the same on every machine and in every run.
 * For ids that are stored or shown, of text that need not resist forgery. */
uint64_t hash_stable(struct slice s, uint64_t start);
#define HASH_STABLE_START 0xcbf29ce484222325u

/* A seed from getrandom(2), or from time and address where there is none. */
uint64_t hash_random_seed(void);

#endif
