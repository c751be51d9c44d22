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

static inline uint64_t
hash_bytes(const char *ptr, size_t len, uint64_t seed)
{
	uint64_t h = seed ^ len;
	uint64_t word;

	for (; len >= 8; ptr += 8, len -= 8) {
		memcpy(&word, ptr, 8);
		h = hash_mix(h, word);
	}
	word = 0;
	if (len != 0)
		memcpy(&word, ptr, len);
	return hash_mix(h, word ^ 0xa0761d6478bd642fu);
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
