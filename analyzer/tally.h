/* SPDX-License-Identifier: BSD-2-Clause */
/* Sums by a key of up to four numbers, in no order. Knows nothing of what is
 * counted. */
#ifndef MX_ANALYZER_TALLY_H
#define MX_ANALYZER_TALLY_H

#include "base/pool.h"

enum { TALLY_KEYS = 4, TALLY_SUMS = 9 };

struct tally_row {
	uint32_t next; /* the tally's own */
	uint32_t key[TALLY_KEYS];
	int64_t sums[TALLY_SUMS];
	int64_t first_utc, last_utc; /* INT64_MAX, INT64_MIN: none */
	int64_t last_seen; /* the user's: what was counted last */
};

struct tally {
	struct pool rows;
	struct chain_index index;
	uint64_t seed;
};

void tally_init(struct tally *tally, uint64_t seed);
void tally_release(struct tally *tally);
/* The row of KEY, made when it is new. */
struct tally_row *tally_row(struct tally *tally,
    const uint32_t key[TALLY_KEYS]);
/* NULL when there is none. */
struct tally_row *tally_find(const struct tally *tally,
    const uint32_t key[TALLY_KEYS]);
/* Widen first and last; INT64_MIN is no time. */
void tally_span(struct tally_row *row, int64_t utc);

static inline uint32_t
tally_count(const struct tally *tally)
{
	return tally->rows.used;
}

static inline const struct tally_row *
tally_at(const struct tally *tally, uint32_t number)
{
	return pool_at(&tally->rows, number);
}

#endif
