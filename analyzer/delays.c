/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/delays.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/totals.h"

/* A range begins and ends at multiples of it. */
enum { STEP = 32 };

void
delays_release(struct delays *delays)
{
	if (delays->room != 0)
		free(delays->of.range);
	memset(delays, 0, sizeof(*delays));
}

/* Room for all from FIRST up to END. */
static void
make_range(struct delays *delays, unsigned first, unsigned end)
{
	uint64_t *range;

	first = first / STEP * STEP;
	end = (end + STEP - 1) / STEP * STEP;
	range = mx_calloc(end - first, sizeof(*range));
	for (unsigned i = 0; delays->room == 0 && i < delays->count; i++)
		range[delays->bucket[i] - first] = delays->of.list[i];
	if (delays->room != 0) {
		memcpy(range + (delays->first - first), delays->of.range,
		    delays->room * sizeof(*range));
		free(delays->of.range);
	}
	delays->of.range = range;
	delays->first = (uint16_t)first;
	delays->room = (uint16_t)(end - first);
}

static unsigned
smaller(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static unsigned
larger(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

static void
widen(struct delays *delays, unsigned bucket)
{
	unsigned first = delays->first, end = first + delays->room;

	if (delays->room == 0) {
		first = delays->bucket[0];
		end = delays->bucket[delays->count - 1] + 1u;
	}
	make_range(delays, smaller(first, bucket), larger(end, bucket + 1));
}

/* Into the list, if it has room. */
static bool
add_to_list(struct delays *delays, uint8_t bucket, uint64_t count)
{
	unsigned at = delays->count, after;

	while (at > 0 && delays->bucket[at - 1] >= bucket)
		at--;
	if (at < delays->count && delays->bucket[at] == bucket) {
		delays->of.list[at] += count;
		return true;
	}
	if (delays->count == DELAYS_LIST)
		return false;
	after = delays->count++ - at;
	memmove(&delays->bucket[at + 1], &delays->bucket[at],
	    after * sizeof(delays->bucket[0]));
	memmove(&delays->of.list[at + 1], &delays->of.list[at],
	    after * sizeof(delays->of.list[0]));
	delays->bucket[at] = bucket;
	delays->of.list[at] = count;
	return true;
}

void
delays_add(struct delays *delays, uint8_t bucket, uint64_t count)
{
	if (delays->room == 0 && add_to_list(delays, bucket, count))
		return;
	if (bucket < delays->first || bucket >= delays->first + delays->room)
		widen(delays, bucket);
	delays->of.range[bucket - delays->first] += count;
}

static unsigned
size_of(const struct delays *delays)
{
	return delays->room != 0 ? delays->room : delays->count;
}

static uint8_t
bucket_at(const struct delays *delays, unsigned i)
{
	return delays->room != 0 ? (uint8_t)(delays->first + i) :
	    delays->bucket[i];
}

static uint64_t
count_at(const struct delays *delays, unsigned i)
{
	return delays->room != 0 ? delays->of.range[i] : delays->of.list[i];
}

void
delays_join(struct delays *to, const struct delays *from)
{
	for (unsigned i = 0; i < size_of(from); i++)
		if (count_at(from, i) != 0)
			delays_add(to, bucket_at(from, i), count_at(from, i));
}

double
delays_percentile(const struct delays *delays, double share)
{
	uint64_t all = 0, seen = 0, rank;

	for (unsigned i = 0; i < size_of(delays); i++)
		all += count_at(delays, i);
	if (all == 0)
		return -1.0;
	/* nearest rank: the smallest value that SHARE of all do not exceed */
	rank = (uint64_t)(share * (double)all + 0.999999);
	if (rank == 0)
		rank = 1;
	for (unsigned i = 0; i < size_of(delays); i++) {
		seen += count_at(delays, i);
		if (seen >= rank)
			return delay_bucket_seconds(bucket_at(delays, i));
	}
	return -1.0;
}
