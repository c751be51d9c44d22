/* SPDX-License-Identifier: BSD-2-Clause */
/* How an episode ends, comes back, falls silent and can be watched, and the
 * figures that are published of the score, against the Markov chain that they
 * were calculated with (tests/support/episode_chain.py). */
#include <math.h>

#include "tests/support/cases.h"
#include "tests/support/chance.h"
#include "tests/support/episode_story.h"

/* ------------------------------------------------------------------ */
/* Ending */

static void
a_long_block_ends_as_fast_as_a_short_one(void **state)
{
	const struct episode *found;

	(void)state;
	story_cover(0, 366, 5);
	story_block(START, 365);
	/* the cap is 2 * 12 */
	for (int i = 1; i < 24; i++)
		story_accept_one(START + 365 * DAY + i * MINUTE);
	assert_int_equal(story_only_one()->phase, PHASE_EASING);
	story_accept_one(START + 365 * DAY + 24 * MINUTE);
	found = story_only_one();
	assert_int_equal(found->phase, PHASE_CLOSED);
	assert_int_equal(found->last_refusal_utc, START + 365 * DAY - HOUR);
	assert_int_equal(found->first_accept_after_utc,
	    START + 365 * DAY + MINUTE);
	assert_int_equal(found->closed_utc, START + 365 * DAY + 24 * MINUTE);
}

static void
three_acceptances_and_a_day_without_refusal_end_it(void **state)
{
	const struct episode *found;

	(void)state;
	story_cover(0, 4, 5);
	story_block(START, 1);
	story_accept_one(START + DAY);
	story_accept_one(START + DAY + HOUR);
	/* the last refusal is at 23:00: not a day ago */
	story_accept_one(START + 2 * DAY - HOUR - 1);
	assert_int_equal(story_only_one()->phase, PHASE_EASING);
	story_accept_one(START + 2 * DAY - HOUR);
	found = story_only_one();
	assert_int_equal(found->phase, PHASE_CLOSED);
	assert_int_equal(found->first_accept_after_utc, START + DAY);
	assert_int_equal(found->closed_utc, START + 2 * DAY - HOUR);
}

static void
two_acceptances_do_not_end_it(void **state)
{
	(void)state;
	story_cover(0, 4, 5);
	story_block(START, 1);
	story_accept_one(START + 2 * DAY);
	story_accept_one(START + 3 * DAY);
	assert_int_equal(story_only_one()->phase, PHASE_EASING);
}

static void
a_refusal_in_between_starts_the_three_anew(void **state)
{
	(void)state;
	story_cover(0, 4, 5);
	story_block(START, 1);
	story_accept_one(START + 2 * DAY);
	story_accept_one(START + 2 * DAY + HOUR);
	story_refuse(START + 2 * DAY + 2 * HOUR)->votes = false;
	story_accept_one(START + 3 * DAY + 3 * HOUR);
	assert_int_equal(story_only_one()->phase, PHASE_EASING);
}

/* ------------------------------------------------------------------ */
/* Coming back */

static void
lifted_for_three_hours_and_back_is_one_episode(void **state)
{
	const struct episode *found;

	(void)state;
	story_cover(0, 4, 5);
	story_block(START, 1);
	story_accept_many(START + DAY, 30);
	story_accept_many(START + DAY + 2 * HOUR, 30);
	story_block(START + DAY + 3 * HOUR, 1);
	found = story_only_one();
	assert_int_equal(found->phase, PHASE_CONFIRMED);
	assert_int_equal(found->flaps, 1);
	assert_int_equal(found->repeat, 1);
	assert_int_equal(found->first_refusal_utc, START);
	assert_int_equal(found->last_refusal_utc,
	    START + 2 * DAY + 2 * HOUR);
	assert_true(found->closed_utc == NEVER);
	assert_true(found->first_accept_after_utc == NEVER);
	assert_int_equal(found->attempts, 48);
}

static const struct return_case {
	const char *name;
	int block_days;
	int64_t pause_s; /* from the last refusal to the next */
	bool is_same;
} return_cases[] = {
	{ "back_within_48_hours_is_the_same", 1, 48 * HOUR, true },
	{ "back_after_48_hours_is_a_second_one", 1, 48 * HOUR + 1, false },
	/* 30 days less an hour long: a tenth is 71 h 54 min */
	{ "a_month_long_one_waits_a_tenth_of_it", 30,
	  71 * HOUR + 54 * MINUTE, true },
	{ "and_not_more", 30, 71 * HOUR + 54 * MINUTE + 1, false },
};

static void
run_return(void **state)
{
	const struct return_case *it = *state;
	int64_t last, again;

	(void)story_set_up(NULL);
	story_cover(0, 60, 5);
	story_block(START, it->block_days);
	last = START + it->block_days * DAY - HOUR;
	again = last + it->pause_s;
	story_accept_many(last + HOUR, 60);
	story_refuse(again);
	/* only suspected so far, whatever it will be */
	story_find();
	assert_int_equal(story.found, 2);
	assert_int_equal(story.list[0].phase, PHASE_CLOSED);
	assert_int_equal(story.list[1].phase, PHASE_SUSPECTED);
	story_refuse(again + HOUR);
	story_find();
	assert_int_equal(story.found, it->is_same ? 1 : 2);
	assert_int_equal(story.list[0].flaps, it->is_same);
	assert_int_equal(story.list[0].phase,
	    it->is_same ? PHASE_CONFIRMED : PHASE_CLOSED);
	if (!it->is_same) {
		assert_int_equal(story.list[1].phase, PHASE_CONFIRMED);
		assert_int_equal(story.list[1].repeat, 2);
		assert_int_equal(story.list[1].flaps, 0);
		assert_int_equal(story.list[1].first_refusal_utc, again);
	}
	(void)story_tear_down(NULL);
}

static void
what_was_dismissed_is_no_former_episode(void **state)
{
	(void)state;
	story_cover(0, 2, 5);
	story_refuse(START);
	story_accept_many(START + HOUR, 6);
	story_refuse(START + 2 * HOUR);
	story_refuse(START + 3 * HOUR);
	story_find();
	assert_int_equal(story.found, 2);
	assert_int_equal(story.list[0].phase, PHASE_DISMISSED);
	assert_int_equal(story.list[1].phase, PHASE_CONFIRMED);
	assert_int_equal(story.list[1].repeat, 1);
	assert_int_equal(story.list[1].flaps, 0);
}

/* ------------------------------------------------------------------ */
/* Silence */

static const struct silence_case {
	const char *name;
	int block_days;
	int64_t quiet_s;   /* from the last refusal to the end of the log */
	int gap_from, gap_days; /* days without log, counted from the last */
	enum episode_phase want;
} silence_cases[] = {
	{ "six_days_without_mail_are_no_silence", 1, 6 * DAY, 0, 0,
	  PHASE_CONFIRMED },
	{ "a_week_without_mail_is_silence", 1, 7 * DAY, 0, 0, PHASE_SILENT },
	{ "a_week_without_log_is_not", 1, 8 * DAY, 1, 7, PHASE_CONFIRMED },
	{ "a_gap_freezes_the_clock", 1, 12 * DAY, 2, 6, PHASE_CONFIRMED },
	{ "and_it_goes_on_behind_the_gap", 1, 13 * DAY, 2, 6, PHASE_SILENT },
};

static void
run_silence(void **state)
{
	const struct silence_case *it = *state;
	int64_t last = START + it->block_days * DAY - HOUR;
	int end_day = (int)((last + it->quiet_s - START) / DAY);

	(void)story_set_up(NULL);
	for (int day = 0; day <= end_day; day++) {
		int since = day - (it->block_days - 1);

		if (it->gap_days == 0 || since < it->gap_from ||
		    since >= it->gap_from + it->gap_days)
			story_cover(day, 1, 5);
	}
	story_block(START, it->block_days);
	story.end_utc = last + it->quiet_s;
	assert_int_equal(story_only_one()->phase, it->want);
	(void)story_tear_down(NULL);
}

static void
silence_is_broken_by_the_next_vote(void **state)
{
	(void)state;
	story_cover(0, 20, 5);
	story_block(START, 1);
	story_refuse(START + 12 * DAY);
	assert_int_equal(story_only_one()->phase, PHASE_CONFIRMED);
	story_accept_one(START + 13 * DAY);
	assert_int_equal(story_only_one()->phase, PHASE_EASING);
}

static void
a_suspicion_falls_silent_too(void **state)
{
	(void)state;
	story_cover(0, 20, 5);
	story_refuse(START);
	story.end_utc = START + 8 * DAY;
	assert_int_equal(story_only_one()->phase, PHASE_SILENT);
}

/* ------------------------------------------------------------------ */
/* Watching */

struct watched {
	int64_t scores[16];
	size_t count;
};

static void
note_vote(void *ctx, const struct episode_event *event, int64_t score,
    int64_t threshold, const struct episode *open)
{
	struct watched *to = ctx;

	(void)event;
	(void)open;
	assert_int_equal(threshold, 12);
	to->scores[to->count++] = score;
}

static void
every_vote_and_its_score_can_be_watched(void **state)
{
	static const int64_t want[] = { 6, 5, 4, 10, 16, 22, 24, 24, 23, 0 };
	struct watched watched = { .count = 0 };
	const struct episode_watch watch = { .ctx = &watched,
		.vote = note_vote };
	const struct episode_rules rules = episode_rules_default();
	struct episode_input input;

	(void)state;
	story_cover(0, 1, 5);
	story_refuse(START);
	story_accept_one(START + 1);
	story_accept_one(START + 2);
	for (int i = 3; i < 8; i++)
		story_refuse(START + i);
	story_event(START + 8)->votes = false; /* not shown */
	story_accept_one(START + 9);
	story_accept_many(START + 10, 23);
	input = story_input();
	episodes_find(&rules, &input, &watch, &story.arena, &story.list,
	    &story.found);
	assert_int_equal(watched.count, sizeof(want) / sizeof(want[0]));
	assert_memory_equal(watched.scores, want, sizeof(want));
}

/* ------------------------------------------------------------------ */
/* The published figures, by trying */

static const struct chain_case {
	const char *name;
	int64_t daily;
	unsigned percent;
	double want; /* votes until it opens, on average */
} chain_cases[] = {
	{ "half_refused_at_5_a_day", 5, 50, 5.1 },
	{ "half_refused_at_500_a_day", 500, 50, 8.5 },
	{ "half_refused_at_5000000_a_day", 5000000, 50, 14.9 },
	{ "a_fifth_refused_at_5_a_day", 5, 20, 18.4 },
	{ "a_fifth_refused_at_50_a_day", 50, 20, 27.2 },
	{ "a_fifth_refused_at_500_a_day", 500, 20, 36.6 },
	{ "a_fifth_refused_at_5000_a_day", 5000, 20, 46.1 },
	{ "a_fifth_refused_at_5000000_a_day", 5000000, 20, 75.4 },
};

static int
votes_until_open(const struct chain_case *it, struct chance *chance)
{
	enum { ROOM = 1200 };

	(void)story_set_up(NULL);
	story_cover(0, 2, it->daily);
	for (int i = 0; i < ROOM; i++) {
		int64_t utc = START + DAY + i;

		if (chance_hits(chance, it->percent))
			story_refuse(utc)->is_explicit = false;
		else
			story_accept_one(utc);
	}
	story_find();
	for (size_t i = 0; i < story.found; i++)
		if (story.list[i].confirmed_utc != NEVER) {
			int votes = (int)(story.list[i].confirmed_utc -
			    (START + DAY)) + 1;

			(void)story_tear_down(NULL);
			return votes;
		}
	fail_msg("never opened");
	return 0;
}

static void
run_chain(void **state)
{
	enum { ROUNDS = 1000 };
	const struct chain_case *it = *state;
	struct chance chance = { (uint64_t)it->daily + it->percent };
	double sum = 0.0;

	for (int i = 0; i < ROUNDS; i++)
		sum += votes_until_open(it, &chance);
	/* the spread of one round is about its mean: 1000 make 3.2 % */
	assert_true(fabs(sum / ROUNDS - it->want) < 0.1 * it->want);
}

static const struct false_case {
	const char *name;
	unsigned per_mille;
	double want; /* false openings a year at 5 a day */
} false_cases[] = {
	{ "one_in_a_hundred_opens_once_in_five_years", 10, 0.206 },
	{ "one_in_fifty_opens_about_once_a_year", 20, 0.905 },
};

static void
run_false(void **state)
{
	enum { YEARS = 600, CHUNK_DAYS = 360 };
	const struct false_case *it = *state;
	struct chance chance = { it->per_mille };
	size_t opened = 0;
	double yearly;

	for (int year = 0; year < YEARS; year++) {
		(void)story_set_up(NULL);
		story_cover(0, CHUNK_DAYS, 5);
		for (int i = 0; i < CHUNK_DAYS * 5; i++) {
			int64_t utc = START + i * (DAY / 5);

			if (chance_below(&chance, 1000) < it->per_mille)
				story_refuse(utc)->is_explicit = false;
			else
				story_accept_one(utc);
		}
		story_find();
		opened += story.found;
		(void)story_tear_down(NULL);
	}
	yearly = (double)opened / YEARS * 365.0 / CHUNK_DAYS;
	/* 120 openings: a spread of 9 %; 540: 4 % */
	assert_true(fabs(yearly - it->want) < 0.25 * it->want);
}

/* ------------------------------------------------------------------ */

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, story_set_up, story_tear_down)

int
main(void)
{
	const struct CMUnitTest alone[] = {
		TEST(a_long_block_ends_as_fast_as_a_short_one),
		TEST(three_acceptances_and_a_day_without_refusal_end_it),
		TEST(two_acceptances_do_not_end_it),
		TEST(a_refusal_in_between_starts_the_three_anew),
		TEST(lifted_for_three_hours_and_back_is_one_episode),
		TEST(what_was_dismissed_is_no_former_episode),
		TEST(silence_is_broken_by_the_next_vote),
		TEST(a_suspicion_falls_silent_too),
		TEST(every_vote_and_its_score_can_be_watched),
	};
	static struct cases cases;

	for (size_t i = 0; i < sizeof(alone) / sizeof(alone[0]); i++)
		cases.tests[cases.count++] = alone[i];
	CASES_ADD_TABLE(&cases, return_cases, run_return);
	CASES_ADD_TABLE(&cases, silence_cases, run_silence);
	CASES_ADD_TABLE(&cases, chain_cases, run_chain);
	CASES_ADD_TABLE(&cases, false_cases, run_false);
	return cases_run(&cases);
}
