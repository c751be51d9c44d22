/* SPDX-License-Identifier: BSD-2-Clause */
/* FIPS 180-4, sections 4.1.2, 4.2.2, 5.1.1, 5.3.3 and 6.2. */
#include "tests/support/sha256.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { BLOCK = 64, WORDS = 8, HASH = 32, ROUNDS = 64 };

static uint32_t
rotate(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

/* The first 32 bits of the fractional part of the cube (or square) root of
 * PRIME, by bisection over whole numbers: no table to mistype. */
static uint32_t
root_fraction(uint64_t prime, int power)
{
	uint64_t low = 0, high = (uint64_t)1 << 36;

	while (high - low > 1) {
		uint64_t mid = low + (high - low) / 2;
		/* mid / 2^32 to the POWER, against PRIME */
		__extension__ unsigned __int128 value = mid, limit = prime;

		for (int i = 1; i < power; i++)
			value *= mid;
		for (int i = 0; i < power; i++)
			limit <<= 32;
		if (value <= limit)
			low = mid;
		else
			high = mid;
	}
	return (uint32_t)low;
}

static void
make_constants(uint32_t k[ROUNDS], uint32_t h[WORDS])
{
	unsigned count = 0;

	for (unsigned n = 2; count < ROUNDS; n++) {
		bool is_prime = true;

		for (unsigned d = 2; d * d <= n; d++)
			is_prime = is_prime && n % d != 0;
		if (!is_prime)
			continue;
		if (count < WORDS)
			h[count] = root_fraction(n, 2);
		k[count++] = root_fraction(n, 3);
	}
}

static void
add_block(uint32_t h[WORDS], const uint32_t k[ROUNDS],
    const unsigned char block[BLOCK])
{
	uint32_t w[ROUNDS], v[WORDS];

	for (int t = 0; t < 16; t++)
		w[t] = (uint32_t)block[4 * t] << 24 |
		    (uint32_t)block[4 * t + 1] << 16 |
		    (uint32_t)block[4 * t + 2] << 8 | block[4 * t + 3];
	for (int t = 16; t < ROUNDS; t++) {
		uint32_t a = w[t - 15], b = w[t - 2];

		w[t] = (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10) + w[t - 7] +
		    (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[t - 16];
	}
	memcpy(v, h, sizeof(v));
	for (int t = 0; t < ROUNDS; t++) {
		uint32_t t1 = v[7] + (rotate(v[4], 6) ^ rotate(v[4], 11) ^
		    rotate(v[4], 25)) + ((v[4] & v[5]) ^ (~v[4] & v[6])) +
		    k[t] + w[t];
		uint32_t t2 = (rotate(v[0], 2) ^ rotate(v[0], 13) ^
		    rotate(v[0], 22)) + ((v[0] & v[1]) ^ (v[0] & v[2]) ^
		    (v[1] & v[2]));

		memmove(v + 1, v, 7 * sizeof(v[0]));
		v[4] += t1;
		v[0] = t1 + t2;
	}
	for (int i = 0; i < WORDS; i++)
		h[i] += v[i];
}

static void
encode(const unsigned char hash[HASH + 1], char base64[SHA256_BASE64_BYTES])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (int i = 0; i < 11; i++) {
		uint32_t three = (uint32_t)hash[3 * i] << 16 |
		    (uint32_t)hash[3 * i + 1] << 8 |
		    (i < 10 ? hash[3 * i + 2] : 0);

		for (int d = 0; d < 4; d++)
			base64[4 * i + d] =
			    digits[three >> (18 - 6 * d) & 63];
	}
	base64[SHA256_BASE64_BYTES - 2] = '=';
	base64[SHA256_BASE64_BYTES - 1] = '\0';
}

void
sha256_base64(const char *text, size_t len, char base64[SHA256_BASE64_BYTES])
{
	uint32_t k[ROUNDS], h[WORDS];
	unsigned char block[BLOCK], hash[HASH + 1] = { 0 };
	size_t done = 0, rest;

	make_constants(k, h);
	for (; len - done >= BLOCK; done += BLOCK) {
		memcpy(block, text + done, BLOCK);
		add_block(h, k, block);
	}
	rest = len - done;
	memset(block, 0, sizeof(block));
	memcpy(block, text + done, rest);
	block[rest] = 0x80;
	if (rest >= BLOCK - 8) {
		add_block(h, k, block);
		memset(block, 0, sizeof(block));
	}
	for (int i = 0; i < 8; i++)
		block[BLOCK - 1 - i] =
		    (unsigned char)((uint64_t)len * 8 >> (8 * i));
	add_block(h, k, block);
	for (int i = 0; i < HASH; i++)
		hash[i] = (unsigned char)(h[i / 4] >> (24 - 8 * (i % 4)));
	encode(hash, base64);
}
