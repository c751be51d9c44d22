/* SPDX-License-Identifier: BSD-2-Clause */
/* Acceptances between two refusals of calm mail are drawn as one number and
 * given as one event. Here they are taken one by one, and must come out the
 * same: the episodes exactly, the chance within its spread. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/sim/sim.h"

enum { SEEDS = 8 };

/* STORY with each acceptance an event of its own, evenly spread since the
 * event before; NULL where there is none. The caller frees it. */
static struct episode_event *
spread_runs(const struct sim_story *story, size_t *count_r)
{
	struct episode_event *list;
	size_t count = 0, at = 0;

	for (size_t i = 0; i < story->event_count; i++)
		count += story->events[i].count;
	list = mx_alloc((count + 1) * sizeof(*list));
	for (size_t i = 0; i < story->event_count; i++) {
		const struct episode_event *run = &story->events[i];
		int64_t before = i == 0 ? run->utc : run[-1].utc;

		for (uint32_t n = run->count; n-- > 0;) {
			list[at] = *run;
			list[at].count = 1;
			list[at++].utc = run->utc -
			    (run->utc - before) * n / run->count;
		}
	}
	*count_r = count;
	return list;
}

/* All that does not tell the moment of an acceptance behind a refusal, which
 * a run has at its end. */
static bool
is_same(const struct episode *a, const struct episode *b)
{
	return (a->phase == PHASE_DISMISSED) == (b->phase == PHASE_DISMISSED) &&
	    a->confirmed_utc == b->confirmed_utc &&
	    a->last_accept_before_utc == b->last_accept_before_utc &&
	    a->first_refusal_utc == b->first_refusal_utc &&
	    a->last_refusal_utc == b->last_refusal_utc &&
	    a->threshold == b->threshold && a->repeat == b->repeat &&
	    a->flaps == b->flaps && a->messages == b->messages &&
	    a->attempts == b->attempts;
}

static struct sim_plan
busy_plan(uint64_t seed)
{
	/* So much chance that some of it opens episodes, but clear of 2 %,
	 * where a vote on this side of midnight or that would tell whether
	 * refusals weigh 6 or 3. */
	return (struct sim_plan){ .kind = SIM_CALM, .daily = 1000,
		.days = 300, .per_mille = 15, .seed = seed };
}

/* Of one story: how many episodes, and confirmed ones; -1: not the same. */
static int64_t
compare_story(uint64_t seed, int64_t *confirmed)
{
	const struct sim_plan plan = busy_plan(seed);
	struct sim_story runs, ones;
	struct arena arena;
	struct episode *left, *right;
	size_t count, other;
	bool same;

	arena_init(&arena);
	sim_make(&plan, &runs);
	ones = runs;
	ones.events = spread_runs(&runs, &ones.event_count);
	count = sim_find(&runs, &arena, &left);
	other = sim_find(&ones, &arena, &right);
	same = count == other;
	for (size_t i = 0; i < count && same; i++) {
		same = is_same(&left[i], &right[i]);
		*confirmed += left[i].confirmed_utc != INT64_MIN;
	}
	sim_free(&runs);
	sim_free(&ones);
	arena_release(&arena);
	return same ? (int64_t)count : -1;
}

/* Votes, refusals, and refusals right behind another one. */
struct tally {
	double votes, refusals, pairs;
};

static void
count_votes(const struct sim_plan *plan, struct tally *to)
{
	struct sim_story story;
	bool after_refusal = false;

	sim_make(plan, &story);
	for (size_t i = 0; i < story.event_count; i++) {
		const struct episode_event *event = &story.events[i];

		to->votes += event->count;
		to->refusals += event->is_refusal;
		to->pairs += event->is_refusal && after_refusal;
		after_refusal = event->is_refusal;
	}
	sim_free(&story);
}

/* Is COUNT within four times the spread of what N chances of P give? */
static bool
is_likely(const char *what, double count, double n, double p)
{
	double spread = sqrt(n * p * (1.0 - p));
	bool good = fabs(count - n * p) <= 4.0 * spread;

	if (!good)
		printf("%s: %.0f, expected %.0f\n", what, count, n * p);
	return good;
}

static bool
chance_is_same(bool one_by_one)
{
	struct tally sum = { 0 };
	double p = busy_plan(0).per_mille / 1000.0;
	bool good;

	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct sim_plan plan = busy_plan(seed);

		plan.is_one_by_one = one_by_one;
		count_votes(&plan, &sum);
	}
	good = is_likely("refusals", sum.refusals, sum.votes, p);
	return is_likely("pairs", sum.pairs, sum.votes, p * p) && good;
}

bool
sim_same(void)
{
	int64_t count = 0, confirmed = 0;
	bool good = true;

	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		int64_t found = compare_story(seed, &confirmed);

		good &= found >= 0;
		count += found;
	}
	printf("%lld episodes, %lld confirmed, %s one by one\n",
	    (long long)count, (long long)confirmed,
	    good ? "the same" : "NOT the same");
	good &= count != 0 && confirmed != 0;
	good &= chance_is_same(false);
	return chance_is_same(true) && good;
}
