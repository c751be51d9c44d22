/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers that look like chance and are the same in every run, for tests that
 * compare with a count of their own (SplitMix64). */
#ifndef MX_TESTS_SUPPORT_CHANCE_H
#define MX_TESTS_SUPPORT_CHANCE_H

#include <stdint.h>

struct chance {
	uint64_t state;
};

static inline uint64_t
chance_next(struct chance *chance)
{
	uint64_t z = (chance->state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* 0 .. COUNT - 1. */
static inline uint32_t
chance_below(struct chance *chance, uint32_t count)
{
	return (uint32_t)(chance_next(chance) % count);
}

/* True in PERCENT of all cases. */
static inline int
chance_hits(struct chance *chance, uint32_t percent)
{
	return chance_below(chance, 100) < percent;
}

#endif
