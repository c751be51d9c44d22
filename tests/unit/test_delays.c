/* SPDX-License-Identifier: BSD-2-Clause */
/* Histograms of delays against plain counting. */
#include "analyzer/delays.h"

#include <stdlib.h>

#include "analyzer/totals.h"
#include "tests/support/cases.h"
#include "tests/support/chance.h"

enum { MOST = 400 };

static int
compare(const void *left, const void *right)
{
	return (int)*(const uint8_t *)left - (int)*(const uint8_t *)right;
}

/* The nearest rank: the smallest of COUNT sorted values that are at least
 * PERCENT of all. */
static double
expected(uint8_t *list, size_t count, size_t percent)
{
	size_t rank = (count * percent + 99) / 100;

	qsort(list, count, 1, compare);
	return delay_bucket_seconds(list[rank > 0 ? rank - 1 : 0]);
}

static void
expect_percentiles(const struct delays *delays, uint8_t *list, size_t count)
{
	assert_true(delays_percentile(delays, 0.50) ==
	    expected(list, count, 50));
	assert_true(delays_percentile(delays, 0.95) ==
	    expected(list, count, 95));
	assert_true(delays_percentile(delays, 1.0) ==
	    expected(list, count, 100));
}

static void
none_has_no_percentile(void **state)
{
	struct delays delays = { 0 };

	(void)state;
	assert_true(delays_percentile(&delays, 0.5) < 0);
	delays_release(&delays);
}

/* How many different buckets there may be, and where. */
struct spread {
	const char *name;
	unsigned lowest, buckets;
};

static void
run_spread(void **state)
{
	const struct spread *spread = *state;
	struct chance chance = { 7 };

	for (size_t round = 0; round < 50; round++) {
		struct delays one = { 0 }, other = { 0 };
		uint8_t list[MOST];
		size_t count = 1 + chance_below(&chance, MOST);

		for (size_t i = 0; i < count; i++) {
			list[i] = (uint8_t)(spread->lowest +
			    chance_below(&chance, spread->buckets));
			delays_add(i % 3 == 0 ? &one : &other, list[i], 1);
		}
		delays_join(&one, &other);
		expect_percentiles(&one, list, count);
		delays_release(&one);
		delays_release(&other);
	}
}

static void
counts_beyond_32_bits_add_up(void **state)
{
	struct delays delays = { 0 };

	(void)state;
	for (unsigned i = 0; i < 20; i++)
		delays_add(&delays, (uint8_t)(100 + i), (uint64_t)1 << 33);
	delays_add(&delays, 20, 3);
	/* half of twenty times the same and three below: the tenth */
	assert_true(delays_percentile(&delays, 0.5) ==
	    delay_bucket_seconds(109));
	assert_true(delays_percentile(&delays, 0) == delay_bucket_seconds(20));
	delays_release(&delays);
}

int
main(void)
{
	static struct cases cases;
	static const struct spread spreads[] = {
		{ "few_buckets", 60, 5 }, { "as_many_as_the_list", 60, 8 },
		{ "one_more", 60, 9 }, { "the_lowest", 0, 40 },
		{ "the_highest", 200, 56 }, { "all", 0, 256 },
	};

	cases_add(&cases, "none_has_no_percentile", none_has_no_percentile,
	    NULL);
	CASES_ADD_TABLE(&cases, spreads, run_spread);
	cases_add(&cases, "counts_beyond_32_bits_add_up",
	    counts_beyond_32_bits_add_up, NULL);
	return cases_run(&cases);
}
