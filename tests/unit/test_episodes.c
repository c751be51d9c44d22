/* SPDX-License-Identifier: BSD-2-Clause */
/* The score, checked against its own rules with a pencil: when an episode
 * opens and where it begins and ends. (test_episodes_end.c: what comes then.)
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
#include "tests/support/cases.h"
#include "tests/support/episode_story.h"

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

	(void)story_set_up(NULL);
	story_cover(0, 29, (int64_t)it->daily);
	story_accept_one(START + 28 * DAY);
	for (int i = 1; i < it->in_a_row; i++)
		story_refuse(START + 28 * DAY + i * MINUTE);
	found = story_only_one();
	assert_int_equal(found->phase, PHASE_SUSPECTED);
	story_refuse(START + 28 * DAY + it->in_a_row * MINUTE);
	found = story_only_one();
	assert_int_equal(found->phase, PHASE_CONFIRMED);
	assert_int_equal(found->threshold, it->want);
	assert_int_equal(found->confirmed_utc,
	    START + 28 * DAY + it->in_a_row * MINUTE);
	assert_int_equal(found->first_refusal_utc, START + 28 * DAY + MINUTE);
	(void)story_tear_down(NULL);
}

/* ------------------------------------------------------------------ */
/* Volume */

static void
volume_is_of_days_with_a_log_among_the_last_28(void **state)
{
	(void)state;
	/* long ago there was more mail; then three days of log in a gap */
	story_cover(0, 10, 500000);
	story_cover(60, 3, 50);
	story_refuse(START + 62 * DAY + HOUR);
	assert_int_equal(story_only_one()->threshold, 16);
}

static void
the_day_of_the_refusal_is_not_over(void **state)
{
	(void)state;
	story_cover(0, 3, 50);
	story_cover(3, 1, 500000);
	story_refuse(START + 3 * DAY + HOUR);
	assert_int_equal(story_only_one()->threshold, 16);
}

static void
on_the_first_day_there_is_but_that_day(void **state)
{
	(void)state;
	story_cover(0, 1, 500);
	story_refuse(START + HOUR);
	assert_int_equal(story_only_one()->threshold, 20);
}

static void
days_inside_an_episode_do_not_count(void **state)
{
	(void)state;
	/* 5 a day; a block in which retries of a big list make 5,000 a day;
	 * later a second one */
	story_cover(0, 5, 5);
	story_cover(5, 5, 5000);
	story_cover(10, 10, 5);
	for (int i = 0; i < 5 * 24; i++)
		story_refuse(START + 5 * DAY + i * HOUR);
	for (int i = 0; i < 40; i++)
		story_accept_one(START + 10 * DAY + i * 6 * HOUR);
	story_refuse(START + 20 * DAY + HOUR);
	story_find();
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
	story_cover(0, 32, 5);
	for (int i = 0; i < 28 * 5; i++)
		story_accept_one(START + i * (DAY / 5));
	for (int i = 0; i < 4 * 5; i++)
		story_refuse(START + 28 * DAY + i * (DAY / 5));
	found = story_only_one();
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
	story_cover(0, 29, 5000);
	for (int i = 0; i < 5000; i++) {
		int64_t utc = START + 28 * DAY + i * 17;

		if (i >= 1000 && i % 5 == 0)
			story_refuse(utc)->is_explicit = false;
		else
			story_accept_one(utc);
	}
	found = story_only_one();
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
	story_cover(0, 30, 100);
	for (int i = 0; i < 3000; i++) {
		int64_t utc = START + i * (DAY / 100);

		if (i % 8 == 7)
			story_refuse(utc)->is_explicit = false;
		else
			story_accept_one(utc);
	}
	story_find();
	assert_int_equal(story.found, 0);
}

static void
an_explicit_refusal_is_suspected_at_once(void **state)
{
	const struct episode *found;

	(void)state;
	story_cover(0, 1, 5);
	story_accept_one(START);
	story_refuse(START + HOUR);
	found = story_only_one();
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
	story_cover(0, 1, 5);
	story_refuse(START + HOUR)->is_explicit = false;
	story_find();
	assert_int_equal(story.found, 0);
}

static void
two_inferred_refusals_are_an_episode_at_five_a_day(void **state)
{
	(void)state;
	story_cover(0, 1, 5);
	story_refuse(START + HOUR)->is_explicit = false;
	story_refuse(START + 2 * HOUR)->is_explicit = false;
	assert_int_equal(story_only_one()->phase, PHASE_CONFIRMED);
}

static void
one_refusal_is_forgiven_after_six_acceptances(void **state)
{
	const struct episode *found;

	(void)state;
	story_cover(0, 1, 5);
	story_accept_one(START);
	story_refuse(START + HOUR);
	for (int i = 0; i < 5; i++)
		story_accept_one(START + 2 * HOUR + i);
	assert_int_equal(story_only_one()->phase, PHASE_SUSPECTED);
	story_accept_one(START + 3 * HOUR);
	found = story_only_one();
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
	story_cover(0, 30, 500);
	for (int i = 0; i < 28; i++)
		story_accept_many(START + i * DAY, 500);
	for (int i = 0; i < 4; i++)
		story_refuse(START + 28 * DAY + i * MINUTE);
	assert_int_equal(story_only_one()->phase, PHASE_CONFIRMED);
}

/* The base rate of inferred refusals is one in eight, on enough votes: a
 * refusal then weighs 3. At 40 a day H is 15: five in a row. */
static void
a_noisy_pair_weighs_refusals_less(void **state)
{
	(void)state;
	story_cover(0, 11, 40);
	for (int i = 0; i < 400; i++) {
		int64_t utc = START + i * (DAY / 40);

		if (i % 8 == 7)
			story_refuse(utc)->is_explicit = false;
		else
			story_accept_one(utc);
	}
	story_accept_many(START + 10 * DAY, 6);
	for (int i = 1; i < 5; i++)
		story_refuse(START + 10 * DAY + i * MINUTE);
	assert_int_equal(story_only_one()->phase, PHASE_SUSPECTED);
	story_refuse(START + 10 * DAY + 5 * MINUTE);
	assert_int_equal(story_only_one()->phase, PHASE_CONFIRMED);
}

/* Six days in which one mail of ten met a refusal that names no block, and on
 * the seventh one of EVERY. At 40 a day H is 15. */
static void
usual_then(int every, bool is_explicit)
{
	story_cover(0, 8, 40);
	for (int i = 0; i < 240; i++) {
		int64_t utc = START + i * (DAY / 40);

		if (i % 10 == 0)
			story_refuse(utc)->is_explicit = false;
		else
			story_accept_one(utc);
	}
	story_accept_many(START + 6 * DAY, 6);
	for (int i = 0; i < 20 * every; i++) {
		int64_t utc = START + 6 * DAY + (i + 1) * MINUTE;

		if (i % every == 0)
			story_refuse(utc)->is_explicit = is_explicit;
		else
			story_accept_one(utc);
	}
	story_find();
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
	story_cover(0, 7, 40);
	for (int i = 0; i < 240; i++) {
		int64_t utc = START + i * (DAY / 40);

		if (i % 8 == 7)
			story_refuse(utc)->is_explicit = false;
		else
			story_accept_one(utc);
	}
	story_accept_many(START + 6 * DAY, 6);
	for (int i = 1; i < 4; i++)
		story_refuse(START + 6 * DAY + i * MINUTE);
	assert_int_equal(story_only_one()->phase, PHASE_CONFIRMED);
}

/* ------------------------------------------------------------------ */
/* Brackets */

static void
a_log_that_begins_inside_the_block_says_so(void **state)
{
	const struct episode *found;

	(void)state;
	story_cover(0, 1, 5);
	story_refuse(START);
	story_refuse(START + HOUR);
	found = story_only_one();
	assert_true(found->began_before_log);
	assert_true(found->last_accept_before_utc == NEVER);
}

static void
brackets_end_at_attempts_that_do_not_vote_too(void **state)
{
	const struct episode *found;

	(void)state;
	story_cover(0, 1, 5);
	story_accept_one(START);
	story_event(START + MINUTE)->votes = false; /* accepted */
	story_refuse(START + 2 * MINUTE);
	story_refuse(START + HOUR);
	story_refuse(START + HOUR + MINUTE)->votes = false;
	story_event(START + HOUR + 2 * MINUTE)->votes = false;
	found = story_only_one();
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
	story_cover(0, 1, 5);
	story_accept_one(START);
	story_refuse(START + HOUR)->is_explicit = false;
	story_accept_many(START + 2 * HOUR, 6); /* forgiven */
	story_refuse(START + 3 * HOUR)->is_explicit = false;
	story_accept_many(START + 4 * HOUR, 5); /* not quite */
	story_refuse(START + 5 * HOUR)->is_explicit = false;
	story_refuse(START + 6 * HOUR)->is_explicit = false;
	found = story_only_one();
	assert_int_equal(found->first_refusal_utc, START + 3 * HOUR);
	assert_int_equal(found->last_accept_before_utc, START + 2 * HOUR);
	assert_int_equal(found->confirmed_utc, START + 6 * HOUR);
}

static void
messages_recipients_and_replies_are_counted_apart(void **state)
{
	const struct episode *found;

	(void)state;
	story_cover(0, 1, 5);
	for (uint32_t i = 0; i < 12; i++) {
		struct episode_event *it = story_refuse(START + i * HOUR);

		it->message = i % 3;
		it->recipient = i % 4;
		it->reply = i < 2 ? 7 : i < 5 ? 8 : 9;
	}
	found = story_only_one();
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

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, story_set_up, story_tear_down)

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
	};
	static struct cases cases;

	for (size_t i = 0; i < sizeof(alone) / sizeof(alone[0]); i++)
		cases.tests[cases.count++] = alone[i];
	CASES_ADD_TABLE(&cases, threshold_cases, run_threshold);
	CASES_ADD_TABLE(&cases, threshold_cases, run_in_a_row);
	return cases_run(&cases);
}
