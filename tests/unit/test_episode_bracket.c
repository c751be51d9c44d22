/* SPDX-License-Identifier: BSD-2-Clause */
/* The wide brackets. Stories are written as text, one vote an hour: 'a' an
 * acceptance, 'R' a refusal, 'A' and 'r' the same without a vote, '.' nothing.
 * Wanted ends are places in that text. */
#include "analyzer/episode_bracket.h"

#include <math.h>
#include <stdlib.h>

#include "tests/support/cases.h"

#define HOUR ((int64_t)3600)
#define DAY ((int64_t)86400)
#define START ((int64_t)20000 * DAY)

enum { ROOM = 800, NOWHERE = -1 };

struct found {
	struct arena arena;
	struct episode *list;
	size_t count;
	struct episode_event events[ROOM];
	struct episode_day days[ROOM / 24 + 1];
};

static void
find(const char *text, struct found *found)
{
	const struct episode_rules rules = episode_rules_default();
	struct episode_input input = { .events = found->events,
		.days = found->days };
	int64_t utc = START;

	memset(found, 0, sizeof(*found));
	arena_init(&found->arena);
	for (; *text != '\0'; text++, utc += HOUR) {
		struct episode_event *to = &found->events[input.event_count];

		if ((utc - START) % DAY == 0)
			found->days[input.day_count++] = (struct episode_day){
				.day = utc / DAY, .messages = 24 };
		if (*text == '.')
			continue;
		*to = (struct episode_event){ .utc = utc, .count = 1,
			.is_refusal = *text == 'R' || *text == 'r',
			.votes = *text == 'R' || *text == 'a',
			.is_explicit = true,
			.message = (uint32_t)input.event_count,
			.recipient = (uint32_t)input.event_count };
		input.event_count++;
		assert_true(input.event_count < ROOM);
	}
	input.log_end_utc = utc;
	episodes_find(&rules, &input, NULL, &found->arena, &found->list,
	    &found->count);
}

static const struct episode *
last_confirmed(const struct found *found)
{
	size_t at = found->count;

	while (at > 0 && found->list[at - 1].confirmed_utc == INT64_MIN)
		at--;
	assert_true(at > 0);
	return &found->list[at - 1];
}

static int
place(int64_t utc)
{
	return utc == INT64_MIN ? NOWHERE : (int)((utc - START) / HOUR);
}

#define A24 "aaaaaaaaaaaaaaaaaaaaaaaa"
#define R12 "RRRRRRRRRRRR"
/* One in five refused, 25 votes. */
#define FIFTH "aaRaaaaaaRRaaaaaRaaRaaaaa"

static const struct bracket_case {
	const char *name, *text;
	int began_after, began_by, ended_after, ended_by;
} bracket_cases[] = {
	/* nothing passed: what is told is what stands there */
	{ "a_full_block_has_the_strict_brackets",
	  A24 R12 A24, 23, 24, 35, 36 },
	{ "an_acceptance_that_does_not_vote_ends_it_too",
	  A24 "A" R12 "A" A24, 24, 25, 36, 37 },
	{ "a_log_that_begins_inside_it", R12 A24, NOWHERE, 0, 11, 12 },
	{ "a_block_that_is_not_over", A24 R12, 23, 24, 35, NOWHERE },
	/* what was forgiven long before is no part of it; but where one in 49
	 * is refused by chance, the outermost may be such a one */
	{ "a_chance_refusal_long_before", A24 "R" A24 R12 A24, 48, 50, 59,
	  61 },
	/* rarer than one in 200 is no reason, more often is */
	{ "one_in_288_is_rare", A24 A24 A24 A24 A24 A24 "R" A24 A24 A24 A24
	  A24 A24 R12 A24, 288, 289, 300, 301 },
	{ "one_in_145_is_not", A24 A24 A24 "R" A24 A24 A24 R12 A24, 144, 146,
	  155, 157 },
};

static void
run_bracket(void **state)
{
	const struct bracket_case *it = *state;
	static struct found found;
	const struct episode *episode;

	find(it->text, &found);
	episode = last_confirmed(&found);
	assert_int_equal(place(episode->began_after_utc), it->began_after);
	assert_int_equal(place(episode->began_by_utc), it->began_by);
	assert_int_equal(place(episode->ended_after_utc), it->ended_after);
	assert_int_equal(place(episode->ended_by_utc), it->ended_by);
	arena_release(&found.arena);
}

/* A chance refusal two acceptances before a block: it may have begun with
 * either, and the bracket says so. */
static void
a_chance_refusal_just_before_leaves_both_open(void **state)
{
	static struct found found;
	const struct episode *it;

	(void)state;
	find(A24 "Raa" R12 A24, &found);
	it = last_confirmed(&found);
	assert_int_equal(place(it->first_refusal_utc), 24);
	assert_true(place(it->began_after_utc) <= 23);
	assert_int_equal(place(it->began_by_utc), 27);
	arena_release(&found.arena);
}

/* Of a throttle acceptances are a part: it may have begun before the first
 * refusal and lasted beyond the last. 0.8^4 is no rarity, 0.8^90 is one. */
static void
a_throttle_reaches_beyond_its_refusals(void **state)
{
	static struct found found;
	const struct episode *it;

	(void)state;
	find(A24 A24 A24 A24 FIFTH FIFTH FIFTH A24 A24 A24 A24, &found);
	it = last_confirmed(&found);
	/* the first one, at 98, is forgiven by six acceptances */
	assert_int_equal(place(it->first_refusal_utc), 105);
	assert_true(place(it->began_after_utc) <= 97);
	assert_true(place(it->began_after_utc) > 8);
	assert_int_equal(place(it->last_refusal_utc), 165);
	assert_true(place(it->ended_by_utc) >= 170);
	assert_true(place(it->ended_by_utc) < 255);
	arena_release(&found.arena);
}

/* Thirty acceptances happen within a throttle of one in five; that the
 * score fell to 0 meanwhile makes no second one, and no flap. */
static void
a_pause_that_chance_explains_is_none(void **state)
{
	static struct found found;
	size_t confirmed = 0;

	(void)state;
	find(A24 A24 FIFTH FIFTH "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...."
	    "........................................" FIFTH FIFTH FIFTH,
	    &found);
	for (size_t i = 0; i < found.count; i++)
		confirmed += found.list[i].confirmed_utc != INT64_MIN;
	assert_int_equal(confirmed, 1);
	assert_int_equal(last_confirmed(&found)->flaps, 0);
	arena_release(&found.arena);
}

/* A refusal that does not vote, since its message voted in this hour before
 * the score fell to 0, is the first one nevertheless. */
static void
a_refusal_without_a_vote_may_be_the_first(void **state)
{
	static struct found found;
	const struct episode *it;

	(void)state;
	find("aaaRaaaaaarRRR", &found);
	it = last_confirmed(&found);
	assert_int_equal(place(it->first_refusal_utc), 10);
	assert_int_equal(place(it->last_accept_before_utc), 9);
	assert_int_equal(it->attempts, 4);
	arena_release(&found.arena);
}

static void
the_share_of_an_empty_log_is_a_hundredth(void **state)
{
	(void)state;
	assert_true(fabs(episode_smooth_rate(0, 0) - 0.01) < 1e-12);
	assert_true(fabs(episode_smooth_rate(100, 1000) - 0.0957) < 1e-4);
}

int
main(void)
{
	const struct CMUnitTest alone[] = {
		cmocka_unit_test(a_chance_refusal_just_before_leaves_both_open),
		cmocka_unit_test(a_throttle_reaches_beyond_its_refusals),
		cmocka_unit_test(a_pause_that_chance_explains_is_none),
		cmocka_unit_test(a_refusal_without_a_vote_may_be_the_first),
		cmocka_unit_test(the_share_of_an_empty_log_is_a_hundredth),
	};
	static struct cases cases;

	for (size_t i = 0; i < sizeof(alone) / sizeof(alone[0]); i++)
		cases.tests[cases.count++] = alone[i];
	CASES_ADD_TABLE(&cases, bracket_cases, run_bracket);
	return cases_run(&cases);
}
