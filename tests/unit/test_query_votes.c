/* SPDX-License-Identifier: BSD-2-Clause */
/* Acceptances in whatever order they are read come out by time, one for each
 * second, and none is lost: against counters, one for each second. */
#include "analyzer/query_votes.h"

#include "tests/support/cases.h"
#include "tests/support/chance.h"

enum { SECONDS = 4000, BEFORE_1970 = -1500 };

struct counters {
	uint32_t votes[SECONDS], others[SECONDS];
};

struct order {
	const char *name;
	unsigned runs;   /* ascending ones, one after the other */
	unsigned length; /* acceptances in each */
	unsigned step;   /* seconds between two of a run, at most */
	unsigned apart;  /* seconds from a run's begin to the next; chance
	                  * where it is 0 */
};

static const struct order orders[] = {
	{ "one_run_is_kept", 1, 900, 4, 0 },
	{ "days_in_order_with_runs_over_each_other", 30, 60, 3, 100 },
	{ "runs_anywhere", 40, 50, 5, 0 },
	{ "all_in_one_second", 300, 1, 1, 0 },
	{ "single_ones_in_no_order", 2500, 1, 1, 0 },
	{ "two_runs", 2, 700, 2, 0 },
	{ "one_acceptance", 1, 1, 1, 0 },
};

static void
fill(const struct order *row, uint64_t seed, struct votes *votes,
    struct counters *truth)
{
	struct chance chance = { seed };
	bool same = row->step == 1 && row->runs == 300;

	for (unsigned run = 0; run < row->runs; run++) {
		uint32_t at = row->apart != 0 ? run * row->apart :
		    chance_below(&chance, same ? 1 : SECONDS);

		for (unsigned i = 0; i < row->length && at < SECONDS; i++) {
			bool is_vote = chance_hits(&chance, 70) != 0;
			uint32_t count = 1 + chance_below(&chance, 3);

			votes_add(votes, BEFORE_1970 + (int64_t)at, is_vote,
			    count);
			*(is_vote ? &truth->votes[at] : &truth->others[at]) +=
			    count;
			at += chance_below(&chance, row->step + 1);
		}
	}
}

static void
check(const struct votes *votes, const struct counters *truth)
{
	size_t at = 0;

	for (int64_t i = 0; i < SECONDS; i++) {
		if (truth->votes[i] == 0 && truth->others[i] == 0)
			continue;
		assert_true(at < votes->count);
		assert_int_equal(votes->list[at].utc, BEFORE_1970 + i);
		assert_int_equal(votes->list[at].votes, truth->votes[i]);
		assert_int_equal(votes->list[at].others, truth->others[i]);
		at++;
	}
	assert_int_equal(votes->count, at);
}

static void
run_order(void **state)
{
	const struct order *row = *state;

	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct counters truth = { 0 };
		struct votes votes = { 0 };

		fill(row, seed, &votes, &truth);
		votes_sort(&votes);
		check(&votes, &truth);
		votes_release(&votes);
	}
}

/* Of one source to seven. */
static void
several_sources_are_pooled(void **state)
{
	(void)state;
	for (size_t count = 0; count <= 7; count++) {
		struct counters truth = { 0 };
		struct votes lists[7] = { 0 };
		const struct votes *pointers[7];
		struct votes sum;

		for (size_t i = 0; i < count; i++) {
			fill(&orders[i % 3], i + 1, &lists[i], &truth);
			votes_sort(&lists[i]);
			pointers[i] = &lists[i];
		}
		sum = votes_pool(pointers, count);
		check(&sum, &truth);
		votes_release(&sum);
		for (size_t i = 0; i < count; i++)
			votes_release(&lists[i]);
	}
}

static void
both_ends_of_a_span_count(void **state)
{
	struct votes votes = { 0 };

	(void)state;
	for (int64_t utc = 10; utc <= 50; utc += 10)
		votes_add(&votes, utc, true, (uint32_t)utc);
	votes_add(&votes, 30, false, 1000);
	votes_sort(&votes);
	assert_int_equal(votes_between(&votes, 20, 40), 90);
	assert_int_equal(votes_between(&votes, 21, 39), 30);
	assert_int_equal(votes_between(&votes, 51, 99), 0);
	assert_int_equal(votes_total(&votes), 150);
	votes_release(&votes);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, orders, run_order);
	cases_add(&cases, "several_sources_are_pooled",
	    several_sources_are_pooled, NULL);
	cases_add(&cases, "both_ends_of_a_span_count",
	    both_ends_of_a_span_count, NULL);
	return cases_run(&cases);
}
