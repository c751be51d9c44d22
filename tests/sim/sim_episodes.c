/* SPDX-License-Identifier: BSD-2-Clause */
/* sim_episodes ROUNDS YEARS [LARGEST [SMALLEST]]: episodes of simulated blocks
 * against the true ones, as tables in Markdown; exit 1 where a goal is missed.
 * 0 leaves the one or the other out. Of small volumes 20 or 100 times as many
 * years, of the largest 3 times.
 * sim_episodes same: whether calm mail in runs is as calm mail one by one. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

static const int64_t volumes[] = { 5, 50, 5000, 500000 };
enum { VOLUMES = sizeof(volumes) / sizeof(volumes[0]), BUSY = 500000 };

/* Which volumes are asked for. */
static int64_t largest = INT64_MAX, smallest;

static bool
is_asked(int64_t daily)
{
	return daily >= smallest && daily <= largest;
}

/* What became of the true blocks of one row. */
struct score {
	int64_t blocks, found, split;
	int64_t begin_strict, end_strict, begin_wide, end_wide;
	int64_t wrong_number; /* stories with more or fewer episodes */
};

static bool
is_between(int64_t low, int64_t truth, int64_t high, int64_t none_high)
{
	return (low == INT64_MIN || low <= truth) &&
	    (high == INT64_MIN ? none_high : high >= truth);
}

static void
judge(const struct episode *it, int64_t from, int64_t to, struct score *score)
{
	score->found++;
	score->begin_strict += is_between(it->last_accept_before_utc, from,
	    it->first_refusal_utc, 0);
	score->end_strict += is_between(it->last_refusal_utc, to,
	    it->first_accept_after_utc, 1);
	score->begin_wide += is_between(it->began_after_utc, from,
	    it->began_by_utc, 0);
	score->end_wide += is_between(it->ended_after_utc, to,
	    it->ended_by_utc, 1);
}

static const struct episode *
find_block(const struct episode *list, size_t count, int64_t from, int64_t to,
    size_t *matches_r)
{
	const struct episode *found = NULL;

	*matches_r = 0;
	for (size_t i = 0; i < count; i++) {
		if (list[i].confirmed_utc == INT64_MIN ||
		    list[i].first_refusal_utc >= to ||
		    list[i].last_refusal_utc < from)
			continue;
		if (found == NULL)
			found = &list[i];
		(*matches_r)++;
	}
	return found;
}

size_t
sim_find(const struct sim_story *story, struct arena *arena,
    struct episode **list_r)
{
	const struct episode_rules rules = episode_rules_default();
	const struct episode_input input = { .events = story->events,
		.event_count = story->event_count, .days = story->days,
		.day_count = story->day_count, .log_end_utc = story->end_utc };
	size_t count;

	episodes_find(&rules, &input, NULL, arena, list_r, &count);
	return count;
}

static void
run_one(const struct sim_plan *plan, struct score *score)
{
	struct sim_story story;
	struct arena arena;
	struct episode *list;
	size_t count, confirmed = 0;

	arena_init(&arena);
	sim_make(plan, &story);
	count = sim_find(&story, &arena, &list);
	for (size_t i = 0; i < count; i++)
		confirmed += list[i].confirmed_utc != INT64_MIN;
	score->wrong_number += confirmed != story.block_count;
	for (size_t i = 0; i < story.block_count; i++) {
		size_t matches;
		const struct episode *it = find_block(list, count,
		    story.from_utc[i], story.to_utc[i], &matches);

		score->blocks++;
		score->split += matches > 1;
		if (it != NULL)
			judge(it, story.from_utc[i], story.to_utc[i], score);
	}
	sim_free(&story);
	arena_release(&arena);
}

static double
percent(int64_t part, int64_t all)
{
	return all == 0 ? 0.0 : 100.0 * (double)part / (double)all;
}

static bool
run_row(enum sim_kind kind, int64_t daily, unsigned per_mille, int rounds)
{
	struct score score = { 0 };
	bool good;

	/* a day of theirs has 5,000 chance refusals: fewer stories tell */
	if (per_mille != 0 && daily >= BUSY && rounds > 100)
		rounds = 100;
	for (int i = 0; i < rounds; i++) {
		struct sim_plan plan = { .kind = kind, .daily = daily,
			.per_mille = per_mille, .seed = (uint64_t)i + 1 };

		run_one(&plan, &score);
	}
	good = percent(score.begin_wide, score.blocks) >= 99.0 &&
	    percent(score.end_wide, score.blocks) >= 99.0 &&
	    percent(score.found, score.blocks) >= 99.0;
	printf("| %s | %lld | %.1f %% | %lld | %.1f | %.1f | %.1f | %.1f | "
	    "%.1f | %lld |%s\n", sim_kind_name(kind), (long long)daily,
	    per_mille / 10.0, (long long)score.blocks,
	    percent(score.found, score.blocks),
	    percent(score.begin_strict, score.blocks),
	    percent(score.end_strict, score.blocks),
	    percent(score.begin_wide, score.blocks),
	    percent(score.end_wide, score.blocks),
	    (long long)score.wrong_number, good ? "" : " missed");
	(void)fflush(stdout);
	return good;
}

/* Confirmed episodes in so many years without a block. */
static int64_t
false_episodes(int64_t daily, unsigned per_mille, int years)
{
	int pieces = daily > 5000 ? 5 : 1; /* of a year, for their size */
	int64_t opened = 0;

	for (int i = 0; i < years * pieces; i++) {
		struct sim_plan plan = { .kind = SIM_CALM, .daily = daily,
			.days = 365 / pieces, .per_mille = per_mille,
			.seed = (uint64_t)i + 1 };
		struct sim_story story;
		struct arena arena;
		struct episode *list;
		size_t count;

		arena_init(&arena);
		sim_make(&plan, &story);
		count = sim_find(&story, &arena, &list);
		while (count-- > 0)
			opened += list[count].confirmed_utc != INT64_MIN;
		sim_free(&story);
		arena_release(&arena);
	}
	return opened;
}

/* How many votes the score takes from 0 to HIGH on average, by the Markov
 * chain over its values: each either adds 6, in PER_MILLE of cases, or takes
 * off 1. With v(s) = votes from s on, v(s) = 1 + p v(s + 6) + q v(s - 1). */
static double
votes_to_open(int64_t high, unsigned per_mille)
{
	enum { STATES = 64 };
	double matrix[STATES][STATES + 1] = { 0 };
	double p = per_mille / 1000.0;
	size_t n = (size_t)high;

	for (size_t s = 0; s < n; s++) {
		matrix[s][s] += 1.0;
		matrix[s][s == 0 ? 0 : s - 1] -= 1.0 - p;
		if (s + 6 < n)
			matrix[s][s + 6] -= p;
		matrix[s][n] = 1.0;
	}
	/* Gauss, from the highest score down: no row above needs a pivot */
	for (size_t i = n; i-- > 0;)
		for (size_t r = 0; r < i; r++) {
			double f = matrix[r][i] / matrix[i][i];

			for (size_t c = 0; c <= n; c++)
				matrix[r][c] -= f * matrix[i][c];
		}
	return matrix[0][n] / matrix[0][0];
}

/* One row; the interval is the normal one of a count, by its root. Good where
 * it reaches down to what the chain gives. */
static bool
run_false_row(int64_t daily, int years, double table)
{
	const struct episode_rules rules = episode_rules_default();
	double hundreds = years / 100.0;
	double chain = 36500.0 * (double)daily / votes_to_open(
	    episode_threshold(&rules, (double)daily), 10);
	double opened = (double)false_episodes(daily, 10, years);
	double spread = 1.96 * sqrt(opened > 1.0 ? opened : 1.0);
	double low = opened > spread ? (opened - spread) / hundreds : 0.0;

	printf("| %lld | %d | %.0f | %.2f | %.2f .. %.2f | %.2f | %.1f |%s\n",
	    (long long)daily, years, opened, opened / hundreds, low,
	    (opened + spread) / hundreds, chain, table,
	    low <= chain ? "" : " missed");
	(void)fflush(stdout);
	return low <= chain;
}

static bool
run_false(int years)
{
	/* more where a year costs little or a hundred tell little; and the
	 * definition's figures */
	static const int factor[VOLUMES] = { 100, 100, 20, 3 };
	static const double table[VOLUMES] = { 20.6, 10.0, 6.0, 3.0 };
	bool good = true;

	printf("\n| messages a day | years | false episodes | in 100 years | "
	    "95 %% interval | Markov chain | rounded |\n"
	    "|---|---|---|---|---|---|---|\n");
	for (int v = 0; v < VOLUMES; v++)
		if (is_asked(volumes[v]))
			good &= run_false_row(volumes[v], years * factor[v],
			    table[v]);
	return good;
}

static bool
run_blocks(int rounds)
{
	static const unsigned noises[] = { 0, 10 };
	bool good = true;

	printf("| block | messages a day | refusals of normal mail | blocks | "
	    "found | began strict | ended strict | began | ended | wrong "
	    "number |\n|---|---|---|---|---|---|---|---|---|---|\n");
	for (int noise = 0; noise < 2; noise++)
		for (int kind = 0; kind < SIM_CALM; kind++)
			for (int v = 0; v < VOLUMES; v++)
				good &= !is_asked(volumes[v]) ||
				    run_row((enum sim_kind)kind, volumes[v],
				    noises[noise], rounds);
	return good;
}

int
main(int argc, char **argv)
{
	int rounds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 1000;
	int years = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 100;
	bool good = true;

	if (argc == 2 && strcmp(argv[1], "same") == 0)
		return sim_same() ? 0 : 1;
	if (argc > 3)
		largest = strtol(argv[3], NULL, 10);
	if (argc > 4)
		smallest = strtol(argv[4], NULL, 10);
	if (rounds != 0)
		good = run_blocks(rounds);
	if (years != 0)
		good &= run_false(years);
	return good ? 0 : 1;
}
