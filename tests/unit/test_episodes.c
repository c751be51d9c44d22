/* SPDX-License-Identifier: BSD-2-Clause */
/* The score, checked against its own rules with a pencil, and against the
 * Markov chain that its published figures were calculated with
 * (tests/support/episode_chain.py).
 *
 * What a block may look like, and where it is tried:
 *
 * all refused at 5 a day          a_block_at_five_a_day_is_confirmed_by_...
 * a fifth refused at 5,000 a day  a_throttle_of_one_in_five_is_confirmed_at_...
 * newsletter with one dead list   cli/episodes/a_newsletter_with_one_dead_...
 * greylisting at a new provider   cli/episodes/greylisting_at_a_new_...
 * lifted for 3 hours, then back   lifted_for_three_hours_and_back_is_one_...
 * copytruncate during the block   cli/episodes/copytruncate_during_a_block_...
 * a change of year inside it      truth/simulated.t: New Year
 * a night in which clocks change  truth/simulated.t: clocks go forward, back
 * two hosts, one blocked          cli/episodes/two_hosts_one_of_them_blocked
 * one address, a range, a sender  truth/simulated.t: one, range, all, sender;
 * domain                          cli/episodes/one_sender_domain_of_two_...,
 *                                 a_range_with_little_mail_each_...
 * deferrals that expire after     truth/simulated.t: deferrals that expire
 * five days
 * an unknown language             cli/episodes/refusals_in_an_unknown_...
 * one message, 10,000 recipients  cli/episodes/a_message_with_ten_thousand_...
 * the log begins inside it        a_log_that_begins_inside_the_block_says_so
 * a week without mail             a_week_without_mail_is_silence
 * night by night as all at once   truth/nights.t */
#include "analyzer/episodes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/cases.h"
#include "tests/support/chance.h"

#define MINUTE ((int64_t)60)
#define HOUR ((int64_t)3600)
#define DAY ((int64_t)86400)
#define NEVER INT64_MIN
/* A Monday; tests count from here. */
#define START ((int64_t)20000 * DAY)

enum { FIRST_DAY = 20000, DAYS_MAX = 400 };

/* What happened, in order, and which days have a log. */
struct story {
	struct episode_event *events;
	size_t count, room;
	struct episode_day days[DAYS_MAX];
	size_t day_count;
	int64_t end_utc;
	struct arena arena;
	struct episode *list;
	size_t found;
};

static struct story story;

static int
set_up(void **state)
{
	(void)state;
	memset(&story, 0, sizeof(story));
	arena_init(&story.arena);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_release(&story.arena);
	free(story.events);
	return 0;
}

static struct episode_event *
add_event(int64_t utc)
{
	struct episode_event *to;

	if (story.count == story.room) {
		story.room = story.room != 0 ? story.room * 2 : 256;
		story.events = realloc(story.events,
		    story.room * sizeof(*story.events));
		assert_non_null(story.events);
	}
	to = &story.events[story.count];
	memset(to, 0, sizeof(*to));
	to->utc = utc;
	to->votes = true;
	to->count = 1;
	to->message = to->recipient = (uint32_t)story.count;
	story.count++;
	if (utc >= story.end_utc)
		story.end_utc = utc + 1;
	return to;
}

static struct episode_event *
refuse(int64_t utc)
{
	struct episode_event *to = add_event(utc);

	to->is_refusal = true;
	to->is_explicit = true;
	return to;
}

static void
accept_many(int64_t utc, uint32_t count)
{
	add_event(utc)->count = count;
}

static void
accept_one(int64_t utc)
{
	accept_many(utc, 1);
}

/* COUNT days from DAY on have a log, with so many messages each. */
static void
cover(int64_t day, int count, int64_t messages)
{
	for (int i = 0; i < count; i++)
		story.days[story.day_count++] = (struct episode_day){
			.day = FIRST_DAY + day + i, .messages = messages };
}

static void
find(void)
{
	const struct episode_rules rules = episode_rules_default();
	const struct episode_input input = { .events = story.events,
		.event_count = story.count, .days = story.days,
		.day_count = story.day_count, .log_end_utc = story.end_utc };

	episodes_find(&rules, &input, NULL, &story.arena, &story.list,
	    &story.found);
}

static const struct episode *
only_one(void)
{
	find();
	assert_int_equal(story.found, 1);
	return &story.list[0];
}

/* ------------------------------------------------------------------ */
/* The threshold */

static const struct threshold_case {
	const char *name;
	double daily;
	int64_t want;
	int in_a_row;
} threshold_cases[] = {
	{ "no_mail_counts_as_five_a_day", 0, 12, 2 },
	{ "one_a_day_counts_as_five", 1, 12, 2 },
	{ "five_a_day", 5, 12, 2 },
	{ "fifty_a_day", 50, 16, 3 },
	{ "five_hundred_a_day", 500, 20, 4 },
	{ "five_thousand_a_day", 5000, 24, 4 },
	{ "fifty_thousand_a_day", 50000, 28, 5 },
	{ "five_hundred_thousand_a_day", 500000, 32, 6 },
	{ "five_million_a_day", 5000000, 36, 6 },
	{ "just_under_a_step", 49.9, 15, 3 },
	/* 4 log10(10 / 5) = 1.204 */
	{ "ten_a_day", 10, 13, 3 },
};

static void
run_threshold(void **state)
{
	const struct threshold_case *it = *state;
	const struct episode_rules rules = episode_rules_default();

	assert_int_equal(episode_threshold(&rules, it->daily), it->want);
}

/* After four weeks of that many a day, so many refusals in a row open. */
static void
run_in_a_row(void **state)
{
	const struct threshold_case *it = *state;
	const struct episode *found;

	(void)set_up(NULL);
	cover(0, 29, (int64_t)it->daily);
	accept_one(START + 28 * DAY);
	for (int i = 1; i < it->in_a_row; i++)
		refuse(START + 28 * DAY + i * MINUTE);
	found = only_one();
	assert_int_equal(found->phase, PHASE_SUSPECTED);
	refuse(START + 28 * DAY + it->in_a_row * MINUTE);
	found = only_one();
	assert_int_equal(found->phase, PHASE_CONFIRMED);
	assert_int_equal(found->threshold, it->want);
	assert_int_equal(found->confirmed_utc,
	    START + 28 * DAY + it->in_a_row * MINUTE);
	assert_int_equal(found->first_refusal_utc, START + 28 * DAY + MINUTE);
	(void)tear_down(NULL);
}

/* ------------------------------------------------------------------ */
/* Volume */

static void
volume_is_of_days_with_a_log_among_the_last_28(void **state)
{
	(void)state;
	/* long ago there was more mail; then three days of log in a gap */
	cover(0, 10, 500000);
	cover(60, 3, 50);
	refuse(START + 62 * DAY + HOUR);
	assert_int_equal(only_one()->threshold, 16);
}

static void
the_day_of_the_refusal_is_not_over(void **state)
{
	(void)state;
	cover(0, 3, 50);
	cover(3, 1, 500000);
	refuse(START + 3 * DAY + HOUR);
	assert_int_equal(only_one()->threshold, 16);
}

static void
on_the_first_day_there_is_but_that_day(void **state)
{
	(void)state;
	cover(0, 1, 500);
	refuse(START + HOUR);
	assert_int_equal(only_one()->threshold, 20);
}

static void
days_inside_an_episode_do_not_count(void **state)
{
	(void)state;
	/* 5 a day; a block in which retries of a big list make 5,000 a day;
	 * later a second one */
	cover(0, 5, 5);
	cover(5, 5, 5000);
	cover(10, 10, 5);
	for (int i = 0; i < 5 * 24; i++)
		refuse(START + 5 * DAY + i * HOUR);
	for (int i = 0; i < 40; i++)
		accept_one(START + 10 * DAY + i * 6 * HOUR);
	refuse(START + 20 * DAY + HOUR);
	find();
	assert_int_equal(story.found, 2);
	assert_int_equal(story.list[0].phase, PHASE_CLOSED);
	assert_int_equal(story.list[1].threshold, 12);
}

/* ------------------------------------------------------------------ */
/* Opening */

static void
a_block_at_five_a_day_is_confirmed_by_the_second_refusal(void **state)
{
	const struct episode *found;

	(void)state;
	cover(0, 32, 5);
	for (int i = 0; i < 28 * 5; i++)
		accept_one(START + i * (DAY / 5));
	for (int i = 0; i < 4 * 5; i++)
		refuse(START + 28 * DAY + i * (DAY / 5));
	found = only_one();
	assert_int_equal(found->phase, PHASE_CONFIRMED);
	assert_int_equal(found->confirmed_utc, START + 28 * DAY + DAY / 5);
	assert_int_equal(found->last_accept_before_utc,
	    START + 28 * DAY - DAY / 5);
	assert_int_equal(found->first_refusal_utc, START + 28 * DAY);
	assert_int_equal(found->last_refusal_utc,
	    START + 28 * DAY + 19 * (DAY / 5));
	assert_true(found->first_accept_after_utc == NEVER);
	assert_true(found->closed_utc == NEVER);
	assert_false(found->began_before_log);
	assert_int_equal(found->messages, 20);
	assert_int_equal(found->attempts, 20);
	assert_int_equal(found->repeat, 1);
	assert_int_equal(found->flaps, 0);
}

/* One in five: each round of five adds 6 and takes 4. H is 24: before the
 * tenth refusal the score is 18. */
static void
a_throttle_of_one_in_five_is_confirmed_at_five_thousand_a_day(void **state)
{
	const struct episode *found;

	(void)state;
	cover(0, 29, 5000);
	for (int i = 0; i < 5000; i++) {
		int64_t utc = START + 28 * DAY + i * 17;

		if (i >= 1000 && i % 5 == 0)
			refuse(utc)->is_explicit = false;
		else
			accept_one(utc);
	}
	found = only_one();
	assert_int_equal(found->threshold, 24);
	assert_int_equal(found->first_refusal_utc,
	    START + 28 * DAY + 1000 * 17);
	assert_int_equal(found->confirmed_utc,
	    START + 28 * DAY + 1045 * 17);
	assert_int_equal(found->phase, PHASE_EASING);
	assert_int_equal(found->messages, 800);
}

static void
one_in_eight_is_never_an_episode(void **state)
{
	(void)state;
	cover(0, 30, 100);
	for (int i = 0; i < 3000; i++) {
		int64_t utc = START + i * (DAY / 100);

		if (i % 8 == 7)
			refuse(utc)->is_explicit = false;
		else
			accept_one(utc);
	}
	find();
	assert_int_equal(story.found, 0);
}

static void
an_explicit_refusal_is_suspected_at_once(void **state)
{
	const struct episode *found;

	(void)state;
	cover(0, 1, 5);
	accept_one(START);
	refuse(START + HOUR);
	found = only_one();
	assert_int_equal(found->phase, PHASE_SUSPECTED);
	assert_true(found->confirmed_utc == NEVER);
	assert_int_equal(found->first_refusal_utc, START + HOUR);
	assert_int_equal(found->repeat, 1);
	assert_true(episode_stays_open(found));
}

static void
an_inferred_refusal_alone_is_nothing(void **state)
{
	(void)state;
	cover(0, 1, 5);
	refuse(START + HOUR)->is_explicit = false;
	find();
	assert_int_equal(story.found, 0);
}

static void
two_inferred_refusals_are_an_episode_at_five_a_day(void **state)
{
	(void)state;
	cover(0, 1, 5);
	refuse(START + HOUR)->is_explicit = false;
	refuse(START + 2 * HOUR)->is_explicit = false;
	assert_int_equal(only_one()->phase, PHASE_CONFIRMED);
}

static void
one_refusal_is_forgiven_after_six_acceptances(void **state)
{
	const struct episode *found;

	(void)state;
	cover(0, 1, 5);
	accept_one(START);
	refuse(START + HOUR);
	for (int i = 0; i < 5; i++)
		accept_one(START + 2 * HOUR + i);
	assert_int_equal(only_one()->phase, PHASE_SUSPECTED);
	accept_one(START + 3 * HOUR);
	found = only_one();
	assert_int_equal(found->phase, PHASE_DISMISSED);
	assert_int_equal(found->closed_utc, START + 3 * HOUR);
	assert_int_equal(found->first_accept_after_utc, START + 2 * HOUR);
	assert_int_equal(found->repeat, 0);
	assert_false(episode_stays_open(found));
}

static void
acceptances_in_store_forgive_nothing(void **state)
{
	(void)state;
	cover(0, 30, 500);
	for (int i = 0; i < 28; i++)
		accept_many(START + i * DAY, 500);
	for (int i = 0; i < 4; i++)
		refuse(START + 28 * DAY + i * MINUTE);
	assert_int_equal(only_one()->phase, PHASE_CONFIRMED);
}

/* The base rate of inferred refusals is one in eight, on enough votes: a
 * refusal then weighs 3. At 40 a day H is 15: five in a row. */
static void
a_noisy_pair_weighs_refusals_less(void **state)
{
	(void)state;
	cover(0, 11, 40);
	for (int i = 0; i < 400; i++) {
		int64_t utc = START + i * (DAY / 40);

		if (i % 8 == 7)
			refuse(utc)->is_explicit = false;
		else
			accept_one(utc);
	}
	accept_many(START + 10 * DAY, 6);
	for (int i = 1; i < 5; i++)
		refuse(START + 10 * DAY + i * MINUTE);
	assert_int_equal(only_one()->phase, PHASE_SUSPECTED);
	refuse(START + 10 * DAY + 5 * MINUTE);
	assert_int_equal(only_one()->phase, PHASE_CONFIRMED);
}

/* Six days in which one mail of ten met a refusal that names no block, and on
 * the seventh one of EVERY. At 40 a day H is 15. */
static void
usual_then(int every, bool is_explicit)
{
	cover(0, 8, 40);
	for (int i = 0; i < 240; i++) {
		int64_t utc = START + i * (DAY / 40);

		if (i % 10 == 0)
			refuse(utc)->is_explicit = false;
		else
			accept_one(utc);
	}
	accept_many(START + 6 * DAY, 6);
	for (int i = 0; i < 20 * every; i++) {
		int64_t utc = START + 6 * DAY + (i + 1) * MINUTE;

		if (i % every == 0)
			refuse(utc)->is_explicit = is_explicit;
		else
			accept_one(utc);
	}
	find();
}

/* One of six: the score climbs by 1 with each six and passes 15 with the
 * tenth, but the share stays under twice the usual tenth. */
static void
inferred_refusals_under_twice_the_usual_open_nothing(void **state)
{
	(void)state;
	usual_then(6, false);
	assert_int_equal(story.found, 0);
}

/* 6, 9, 12, 15: the fourth confirms, with 4 of 13 refused. */
static void
inferred_refusals_over_twice_the_usual_do(void **state)
{
	(void)state;
	usual_then(4, false);
	assert_int_equal(story.found, 1);
	assert_int_equal(story.list[0].confirmed_utc, START + 6 * DAY +
	    13 * MINUTE);
}

/* The tenth confirms: 55 mails after the first. */
static void
explicit_ones_need_not_stand_out(void **state)
{
	(void)state;
	usual_then(6, true);
	assert_int_equal(story.found, 1);
	assert_int_equal(story.list[0].confirmed_utc, START + 6 * DAY +
	    55 * MINUTE);
}

static void
six_days_are_too_few_to_call_a_pair_noisy(void **state)
{
	(void)state;
	cover(0, 7, 40);
	for (int i = 0; i < 240; i++) {
		int64_t utc = START + i * (DAY / 40);

		if (i % 8 == 7)
			refuse(utc)->is_explicit = false;
		else
			accept_one(utc);
	}
	accept_many(START + 6 * DAY, 6);
	for (int i = 1; i < 4; i++)
		refuse(START + 6 * DAY + i * MINUTE);
	assert_int_equal(only_one()->phase, PHASE_CONFIRMED);
}

/* ------------------------------------------------------------------ */
/* Brackets */

static void
a_log_that_begins_inside_the_block_says_so(void **state)
{
	const struct episode *found;

	(void)state;
	cover(0, 1, 5);
	refuse(START);
	refuse(START + HOUR);
	found = only_one();
	assert_true(found->began_before_log);
	assert_true(found->last_accept_before_utc == NEVER);
}

static void
brackets_end_at_attempts_that_do_not_vote_too(void **state)
{
	const struct episode *found;

	(void)state;
	cover(0, 1, 5);
	accept_one(START);
	add_event(START + MINUTE)->votes = false; /* accepted */
	refuse(START + 2 * MINUTE);
	refuse(START + HOUR);
	refuse(START + HOUR + MINUTE)->votes = false;
	add_event(START + HOUR + 2 * MINUTE)->votes = false;
	found = only_one();
	assert_int_equal(found->last_accept_before_utc, START + MINUTE);
	assert_int_equal(found->last_refusal_utc, START + HOUR + MINUTE);
	assert_int_equal(found->first_accept_after_utc,
	    START + HOUR + 2 * MINUTE);
	assert_int_equal(found->attempts, 3);
	assert_int_equal(found->phase, PHASE_EASING);
}

static void
it_starts_where_the_score_last_stood_at_nothing(void **state)
{
	const struct episode *found;

	(void)state;
	cover(0, 1, 5);
	accept_one(START);
	refuse(START + HOUR)->is_explicit = false;
	accept_many(START + 2 * HOUR, 6); /* forgiven */
	refuse(START + 3 * HOUR)->is_explicit = false;
	accept_many(START + 4 * HOUR, 5); /* not quite */
	refuse(START + 5 * HOUR)->is_explicit = false;
	refuse(START + 6 * HOUR)->is_explicit = false;
	found = only_one();
	assert_int_equal(found->first_refusal_utc, START + 3 * HOUR);
	assert_int_equal(found->last_accept_before_utc, START + 2 * HOUR);
	assert_int_equal(found->confirmed_utc, START + 6 * HOUR);
}

static void
messages_recipients_and_replies_are_counted_apart(void **state)
{
	const struct episode *found;

	(void)state;
	cover(0, 1, 5);
	for (uint32_t i = 0; i < 12; i++) {
		struct episode_event *it = refuse(START + i * HOUR);

		it->message = i % 3;
		it->recipient = i % 4;
		it->reply = i < 2 ? 7 : i < 5 ? 8 : 9;
	}
	found = only_one();
	assert_int_equal(found->messages, 3);
	assert_int_equal(found->recipients, 4);
	assert_int_equal(found->attempts, 12);
	assert_int_equal(found->reply_count, 3);
	assert_int_equal(found->replies[0].reply, 9);
	assert_int_equal(found->replies[0].attempts, 7);
	assert_int_equal(found->replies[1].reply, 8);
	assert_int_equal(found->replies[2].reply, 7);
	assert_int_equal(found->replies[2].attempts, 2);
}

/* ------------------------------------------------------------------ */
/* Ending */

/* A block of DAYS days, one refusal an hour. */
static void
block(int64_t from, int days)
{
	for (int i = 0; i < days * 24; i++)
		refuse(from + i * HOUR);
}

static void
a_long_block_ends_as_fast_as_a_short_one(void **state)
{
	const struct episode *found;

	(void)state;
	cover(0, 366, 5);
	block(START, 365);
	/* the cap is 2 * 12 */
	for (int i = 1; i < 24; i++)
		accept_one(START + 365 * DAY + i * MINUTE);
	assert_int_equal(only_one()->phase, PHASE_EASING);
	accept_one(START + 365 * DAY + 24 * MINUTE);
	found = only_one();
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
	cover(0, 4, 5);
	block(START, 1);
	accept_one(START + DAY);
	accept_one(START + DAY + HOUR);
	/* the last refusal is at 23:00: not a day ago */
	accept_one(START + 2 * DAY - HOUR - 1);
	assert_int_equal(only_one()->phase, PHASE_EASING);
	accept_one(START + 2 * DAY - HOUR);
	found = only_one();
	assert_int_equal(found->phase, PHASE_CLOSED);
	assert_int_equal(found->first_accept_after_utc, START + DAY);
	assert_int_equal(found->closed_utc, START + 2 * DAY - HOUR);
}

static void
two_acceptances_do_not_end_it(void **state)
{
	(void)state;
	cover(0, 4, 5);
	block(START, 1);
	accept_one(START + 2 * DAY);
	accept_one(START + 3 * DAY);
	assert_int_equal(only_one()->phase, PHASE_EASING);
}

static void
a_refusal_in_between_starts_the_three_anew(void **state)
{
	(void)state;
	cover(0, 4, 5);
	block(START, 1);
	accept_one(START + 2 * DAY);
	accept_one(START + 2 * DAY + HOUR);
	refuse(START + 2 * DAY + 2 * HOUR)->votes = false;
	accept_one(START + 3 * DAY + 3 * HOUR);
	assert_int_equal(only_one()->phase, PHASE_EASING);
}

/* ------------------------------------------------------------------ */
/* Coming back */

static void
lifted_for_three_hours_and_back_is_one_episode(void **state)
{
	const struct episode *found;

	(void)state;
	cover(0, 4, 5);
	block(START, 1);
	accept_many(START + DAY, 30);
	accept_many(START + DAY + 2 * HOUR, 30);
	block(START + DAY + 3 * HOUR, 1);
	found = only_one();
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

	(void)set_up(NULL);
	cover(0, 60, 5);
	block(START, it->block_days);
	last = START + it->block_days * DAY - HOUR;
	again = last + it->pause_s;
	accept_many(last + HOUR, 60);
	refuse(again);
	/* only suspected so far, whatever it will be */
	find();
	assert_int_equal(story.found, 2);
	assert_int_equal(story.list[0].phase, PHASE_CLOSED);
	assert_int_equal(story.list[1].phase, PHASE_SUSPECTED);
	refuse(again + HOUR);
	find();
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
	(void)tear_down(NULL);
}

static void
what_was_dismissed_is_no_former_episode(void **state)
{
	(void)state;
	cover(0, 2, 5);
	refuse(START);
	accept_many(START + HOUR, 6);
	refuse(START + 2 * HOUR);
	refuse(START + 3 * HOUR);
	find();
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

	(void)set_up(NULL);
	for (int day = 0; day <= end_day; day++) {
		int since = day - (it->block_days - 1);

		if (it->gap_days == 0 || since < it->gap_from ||
		    since >= it->gap_from + it->gap_days)
			cover(day, 1, 5);
	}
	block(START, it->block_days);
	story.end_utc = last + it->quiet_s;
	assert_int_equal(only_one()->phase, it->want);
	(void)tear_down(NULL);
}

static void
silence_is_broken_by_the_next_vote(void **state)
{
	(void)state;
	cover(0, 20, 5);
	block(START, 1);
	refuse(START + 12 * DAY);
	assert_int_equal(only_one()->phase, PHASE_CONFIRMED);
	accept_one(START + 13 * DAY);
	assert_int_equal(only_one()->phase, PHASE_EASING);
}

static void
a_suspicion_falls_silent_too(void **state)
{
	(void)state;
	cover(0, 20, 5);
	refuse(START);
	story.end_utc = START + 8 * DAY;
	assert_int_equal(only_one()->phase, PHASE_SILENT);
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
	cover(0, 1, 5);
	refuse(START);
	accept_one(START + 1);
	accept_one(START + 2);
	for (int i = 3; i < 8; i++)
		refuse(START + i);
	add_event(START + 8)->votes = false; /* not shown */
	accept_one(START + 9);
	accept_many(START + 10, 23);
	input = (struct episode_input){ .events = story.events,
		.event_count = story.count, .days = story.days,
		.day_count = story.day_count, .log_end_utc = story.end_utc };
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

	(void)set_up(NULL);
	cover(0, 2, it->daily);
	for (int i = 0; i < ROOM; i++) {
		int64_t utc = START + DAY + i;

		if (chance_hits(chance, it->percent))
			refuse(utc)->is_explicit = false;
		else
			accept_one(utc);
	}
	find();
	for (size_t i = 0; i < story.found; i++)
		if (story.list[i].confirmed_utc != NEVER) {
			int votes = (int)(story.list[i].confirmed_utc -
			    (START + DAY)) + 1;

			(void)tear_down(NULL);
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
		(void)set_up(NULL);
		cover(0, CHUNK_DAYS, 5);
		for (int i = 0; i < CHUNK_DAYS * 5; i++) {
			int64_t utc = START + i * (DAY / 5);

			if (chance_below(&chance, 1000) < it->per_mille)
				refuse(utc)->is_explicit = false;
			else
				accept_one(utc);
		}
		find();
		opened += story.found;
		(void)tear_down(NULL);
	}
	yearly = (double)opened / YEARS * 365.0 / CHUNK_DAYS;
	/* 120 openings: a spread of 9 %; 540: 4 % */
	assert_true(fabs(yearly - it->want) < 0.25 * it->want);
}

/* ------------------------------------------------------------------ */

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest alone[] = {
		TEST(volume_is_of_days_with_a_log_among_the_last_28),
		TEST(the_day_of_the_refusal_is_not_over),
		TEST(on_the_first_day_there_is_but_that_day),
		TEST(days_inside_an_episode_do_not_count),
		TEST(a_block_at_five_a_day_is_confirmed_by_the_second_refusal),
		TEST(
		a_throttle_of_one_in_five_is_confirmed_at_five_thousand_a_day),
		TEST(one_in_eight_is_never_an_episode),
		TEST(an_explicit_refusal_is_suspected_at_once),
		TEST(an_inferred_refusal_alone_is_nothing),
		TEST(two_inferred_refusals_are_an_episode_at_five_a_day),
		TEST(one_refusal_is_forgiven_after_six_acceptances),
		TEST(acceptances_in_store_forgive_nothing),
		TEST(a_noisy_pair_weighs_refusals_less),
		TEST(inferred_refusals_under_twice_the_usual_open_nothing),
		TEST(inferred_refusals_over_twice_the_usual_do),
		TEST(explicit_ones_need_not_stand_out),
		TEST(six_days_are_too_few_to_call_a_pair_noisy),
		TEST(a_log_that_begins_inside_the_block_says_so),
		TEST(brackets_end_at_attempts_that_do_not_vote_too),
		TEST(it_starts_where_the_score_last_stood_at_nothing),
		TEST(messages_recipients_and_replies_are_counted_apart),
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
	CASES_ADD_TABLE(&cases, threshold_cases, run_threshold);
	CASES_ADD_TABLE(&cases, threshold_cases, run_in_a_row);
	CASES_ADD_TABLE(&cases, return_cases, run_return);
	CASES_ADD_TABLE(&cases, silence_cases, run_silence);
	CASES_ADD_TABLE(&cases, chain_cases, run_chain);
	CASES_ADD_TABLE(&cases, false_cases, run_false);
	return cases_run(&cases);
}
