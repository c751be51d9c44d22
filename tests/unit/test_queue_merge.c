/* SPDX-License-Identifier: BSD-2-Clause */
/* How fragments of one message join, and what is known of it then. */
#include "tests/support/one_queue.h"

struct part {
	bool has_head, has_tail;
	int64_t first_utc, last_utc;
};

#define DAY ((int64_t)86400)

static const struct join_case {
	const char *name;
	struct part earlier, later;
	bool want;
} join_cases[] = {
	{ "head_and_tail_join", { true, false, 100, 200 },
	  { false, true, 300, 400 }, true },
	{ "middle_and_tail_join", { false, false, 100, 200 },
	  { false, true, 300, 400 }, true },
	{ "head_and_middle_join", { true, false, 100, 200 },
	  { false, false, 300, 400 }, true },
	{ "nothing_follows_a_tail", { true, true, 100, 200 },
	  { false, false, 300, 400 }, false },
	{ "nothing_stands_before_a_head", { false, false, 100, 200 },
	  { true, true, 300, 400 }, false },
	{ "parts_that_two_stores_read_by_turns_join",
	  { true, false, 100, 300 }, { false, true, 200, 400 }, true },
	{ "a_piece_out_of_the_middle_joins_the_whole",
	  { true, true, 100, 400 }, { false, false, 200, 300 }, true },
	{ "nothing_stands_behind_a_tail",
	  { true, true, 100, 400 }, { false, false, 200, 500 }, false },
	{ "two_heads_are_two_messages",
	  { true, false, 100, 200 }, { true, true, 300, 400 }, false },
	{ "lines_may_swap_places_for_some_seconds",
	  { true, false, 100, 200 }, { false, true, 196, 400 }, true },
	{ "five_days_in_the_queue_are_one_life", { true, false, 100, 200 },
	  { false, true, 200 + 5 * DAY, 200 + 5 * DAY }, true },
	{ "a_month_later_the_id_is_another_message's",
	  { true, false, 100, 200 },
	  { false, true, 200 + 30 * DAY, 200 + 30 * DAY }, false },
};

static uint32_t
add_part(const char *id, const struct part *part)
{
	uint32_t number = one_queue_add(id);
	struct message *message = queue_message(&queue, number);

	message->has_head = part->has_head;
	message->has_tail = part->has_tail;
	message->first_utc = part->first_utc;
	message->last_utc = part->last_utc;
	return number;
}

static void
run_join(void **state)
{
	const struct join_case *it = *state;
	uint32_t a, b;

	queue_init(&queue, 1);
	a = add_part("4A", &it->earlier);
	b = add_part("4A", &it->later);
	assert_int_equal(queue_may_join(queue_message(&queue, a),
	    queue_message(&queue, b)), it->want);
	queue_release(&queue);
}

static void
only_parts_of_one_host_queue_and_id_join(void **state)
{
	const struct part head = { true, false, 100, 200 };
	const struct part tail = { false, true, 300, 400 };
	uint32_t a = add_part("4A", &head), b = add_part("4A", &tail);

	(void)state;
	queue_message(&queue, b)->host = OTHER_HOST;
	assert_false(queue_may_join(queue_message(&queue, a),
	    queue_message(&queue, b)));
	queue_message(&queue, b)->host = HOST;
	queue_message(&queue, b)->root = OTHER_ROOT;
	assert_false(queue_may_join(queue_message(&queue, a),
	    queue_message(&queue, b)));
	queue_remove(&queue, b);
	b = add_part("4B", &tail);
	assert_false(queue_may_join(queue_message(&queue, a),
	    queue_message(&queue, b)));
}

/* A recipient as one part of a message knows it. */
struct known {
	int64_t first_utc, last_utc;
	enum outcome outcome;
	uint32_t deferrals, provider;
	bool has_provider, has_attempt, is_blocked;
};

#define NOT_KNOWN { 0, 0, OUTCOMES, 0, 0, false, false, false }

static const struct merge_case {
	const char *name;
	struct known earlier, later;
	struct known want;
} merge_cases[] = {
	{ "deferred_then_accepted_is_accepted_on_the_first_day",
	  { 100, 200, OUTCOME_DEFERRED, 3, 5, true, true, false },
	  { 300, 400, OUTCOME_ACCEPTED, 1, 5, true, true, false },
	  { 100, 400, OUTCOME_ACCEPTED, 4, 5, true, true, false } },
	{ "deferred_and_deferred_stays_open",
	  { 100, 200, OUTCOME_DEFERRED, 2, 5, true, true, true },
	  { 300, 400, OUTCOME_DEFERRED, 2, 5, true, true, false },
	  { 100, 400, OUTCOME_DEFERRED, 4, 5, true, true, true } },
	{ "a_session_knows_the_provider_better_than_a_guess",
	  { 100, 200, OUTCOME_DEFERRED, 1, 5, true, true, false },
	  { 300, 400, OUTCOME_DEFERRED, 1, 6, false, true, false },
	  { 100, 400, OUTCOME_DEFERRED, 2, 5, true, true, false } },
	{ "the_later_session_decides_on_the_provider",
	  { 100, 200, OUTCOME_DEFERRED, 1, 5, true, true, false },
	  { 300, 400, OUTCOME_BOUNCED, 1, 6, true, true, true },
	  { 100, 400, OUTCOME_BOUNCED, 2, 6, true, true, true } },
	{ "a_session_after_a_guess_decides",
	  { 100, 200, OUTCOME_DEFERRED, 1, 5, false, true, false },
	  { 300, 400, OUTCOME_ACCEPTED, 0, 6, true, true, false },
	  { 100, 400, OUTCOME_ACCEPTED, 1, 6, true, true, false } },
	{ "an_echo_before_the_first_attempt_is_no_attempt",
	  { 100, 200, OUTCOME_DEFERRED, 0, 5, false, false, false },
	  { 300, 400, OUTCOME_ACCEPTED, 0, 5, true, true, false },
	  { 300, 400, OUTCOME_ACCEPTED, 0, 5, true, true, false } },
	{ "an_echo_after_the_attempt_changes_no_day",
	  { 100, 200, OUTCOME_DEFERRED, 1, 5, true, true, false },
	  { 300, 400, OUTCOME_DEFERRED, 0, 5, false, false, false },
	  { 100, 400, OUTCOME_DEFERRED, 1, 5, true, true, false } },
	{ "two_echoes_begin_with_the_first",
	  { 100, 200, OUTCOME_DEFERRED, 0, 5, false, false, false },
	  { 300, 400, OUTCOME_DEFERRED, 0, 5, false, false, false },
	  { 100, 400, OUTCOME_DEFERRED, 0, 5, false, false, false } },
	{ "a_recipient_of_the_first_part_alone_stays",
	  { 100, 200, OUTCOME_BOUNCED, 1, 5, true, true, true }, NOT_KNOWN,
	  { 100, 200, OUTCOME_BOUNCED, 1, 5, true, true, true } },
	{ "a_recipient_of_the_second_part_alone_comes_over", NOT_KNOWN,
	  { 300, 400, OUTCOME_EXPIRED, 2, 5, true, true, true },
	  { 300, 400, OUTCOME_EXPIRED, 2, 5, true, true, true } },
};

static void
add_known(uint32_t message, const struct known *known)
{
	struct recipient *rcpt;

	if (known->outcome == OUTCOMES)
		return;
	rcpt = queue_add_recipient(&queue, message, SLICE("b@example.net"));
	rcpt->first_utc = known->first_utc;
	rcpt->last_utc = known->last_utc;
	rcpt->outcome = known->outcome;
	rcpt->deferrals = known->deferrals;
	rcpt->provider = rcpt->source = known->provider;
	rcpt->has_provider = known->has_provider;
	rcpt->has_attempt = known->has_attempt;
	rcpt->is_blocked = known->is_blocked;
}

static void
merge_and_check(const struct merge_case *it, bool earlier_first)
{
	const struct part head = { true, false, 100, 200 };
	const struct part tail = { false, true, 300, 400 };
	const struct message *message;
	const struct recipient *rcpt;
	uint32_t a, b;

	queue_init(&queue, 1);
	a = add_part("4A", &head);
	b = add_part("4A", &tail);
	add_known(a, &it->earlier);
	add_known(b, &it->later);
	queue_merge(&queue, earlier_first ? a : b, earlier_first ? b : a);
	message = queue_message(&queue, earlier_first ? a : b);
	assert_int_equal(queue.messages.live, 1);
	assert_int_equal(queue.recipients.live, 1);
	assert_true(message->has_head && message->has_tail);
	assert_int_equal(message->first_utc, 100);
	assert_int_equal(message->last_utc, 400);
	assert_int_equal(message->open_count,
	    it->want.outcome == OUTCOME_DEFERRED);
	rcpt = queue_recipient_at(&queue, message->recipients);
	assert_int_equal(rcpt->first_utc, it->want.first_utc);
	assert_int_equal(rcpt->last_utc, it->want.last_utc);
	assert_int_equal(rcpt->outcome, it->want.outcome);
	assert_int_equal(rcpt->deferrals, it->want.deferrals);
	assert_int_equal(rcpt->provider, it->want.provider);
	assert_int_equal(rcpt->source, it->want.provider);
	assert_int_equal(rcpt->has_provider, it->want.has_provider);
	assert_int_equal(rcpt->has_attempt, it->want.has_attempt);
	assert_int_equal(rcpt->is_blocked, it->want.is_blocked);
	queue_release(&queue);
}

static void
run_merge(void **state)
{
	merge_and_check(*state, true);
	merge_and_check(*state, false);
}

/* A finished delivery and a later one of the same address are two: an alias
 * that names somebody twice. */
static void
a_finished_recipient_is_not_continued(void **state)
{
	const struct part head = { true, false, 100, 200 };
	const struct part tail = { false, true, 300, 400 };
	const struct known done = { 100, 200, OUTCOME_ACCEPTED, 0, 5, true,
		true, false };
	const struct known again = { 300, 400, OUTCOME_ACCEPTED, 0, 5, true,
		true, false };
	uint32_t a = add_part("4A", &head), b = add_part("4A", &tail);

	(void)state;
	add_known(a, &done);
	add_known(b, &again);
	queue_merge(&queue, a, b);
	assert_int_equal(queue_message(&queue, a)->recipient_count, 2);
}

static void
what_both_parts_know_of_the_message_comes_together(void **state)
{
	const struct part head = { true, false, 100, 200 };
	const struct part tail = { false, true, 300, 400 };
	struct touch key = { .slot = 0, .provider = 5 };
	uint32_t a = add_part("4A", &head), b = add_part("4A", &tail);
	struct message *into = queue_message(&queue, a);
	struct message *from = queue_message(&queue, b);

	(void)state;
	queue_set_sender(from, SLICE("a@example.com"));
	from->sender_mark = 7;
	from->size_bytes = 1234;
	from->arrival_utc = 90;
	from->removed_utc = 400;
	from->is_expired = true;
	from->expired_utc = 399;
	queue_touch(&queue, a, &key)->accepted_utc = 180;
	queue_touch(&queue, b, &key)->accepted_utc = 170;
	key.slot = 3600;
	queue_touch(&queue, b, &key)->accepted_utc = 3700;
	queue_merge(&queue, a, b);
	assert_true(slice_eq(queue_sender(into), SLICE("a@example.com")));
	assert_int_equal(into->sender_mark, 7);
	assert_int_equal(into->size_bytes, 1234);
	assert_int_equal(into->arrival_utc, 90);
	assert_int_equal(into->removed_utc, 400);
	assert_true(into->is_expired && into->is_dirty);
	assert_int_equal(into->expired_utc, 399);
	assert_int_equal(into->touch_count, 2);
	assert_int_equal(queue_touch(&queue, a, &key)->accepted_utc, 3700);
	key.slot = 0;
	assert_int_equal(queue_touch(&queue, a, &key)->accepted_utc, 170);
	assert_int_equal(queue.touches.live, 2);
}

static void
a_message_is_whole_when_no_hour_between_its_lines_is_missing(void **state)
{
	uint32_t number = one_queue_add("4A");
	struct message *message = queue_message(&queue, number);

	(void)state;
	message->has_head = message->has_tail = true;
	queue_seen(&queue, number, 36000);
	assert_true(queue_is_whole(&queue, message));
	queue_seen(&queue, number, 36000 + 7199); /* no whole hour between */
	assert_true(queue_is_whole(&queue, message));
	queue_seen(&queue, number, 36000 + 4 * 3600);
	assert_false(queue_is_whole(&queue, message));
	queue_cover(&queue, HOST, 36000 + 2 * 3600);
	assert_false(queue_is_whole(&queue, message));
	queue_cover(&queue, OTHER_HOST, 36000 + 3 * 3600);
	assert_false(queue_is_whole(&queue, message));
	queue_cover(&queue, HOST, 36000 + 3 * 3600 + 1234);
	assert_true(queue_is_whole(&queue, message));
	message->has_tail = false;
	assert_false(queue_is_whole(&queue, message));
}

/* Head and tail of one hour, read apart: nobody tried it, so more is to
 * come. */
static void
a_joined_message_that_nobody_tried_is_not_whole(void **state)
{
	uint32_t head = one_queue_add("4A"), tail = one_queue_add("4A");
	struct message *message = queue_message(&queue, head);
	const struct touch key = { .slot = 36000 };

	(void)state;
	message->has_head = true;
	queue_message(&queue, tail)->has_tail = true;
	queue_seen(&queue, head, 36000);
	queue_seen(&queue, tail, 36010);
	queue_merge(&queue, head, tail);
	assert_true(message->has_tail);
	assert_false(queue_is_whole(&queue, message));
	(void)queue_touch(&queue, head, &key);
	assert_true(queue_is_whole(&queue, message));
}

/* ------------------------------------------------------------------ */

int
main(void)
{
	const struct CMUnitTest alone[] = {
		ONE_QUEUE_TEST(only_parts_of_one_host_queue_and_id_join),
		ONE_QUEUE_TEST(a_finished_recipient_is_not_continued),
		ONE_QUEUE_TEST(
		    what_both_parts_know_of_the_message_comes_together),
		ONE_QUEUE_TEST(
		a_message_is_whole_when_no_hour_between_its_lines_is_missing),
		ONE_QUEUE_TEST(a_joined_message_that_nobody_tried_is_not_whole),
	};
	static struct cases cases;

	for (size_t i = 0; i < sizeof(alone) / sizeof(alone[0]); i++)
		cases.tests[cases.count++] = alone[i];
	CASES_ADD_TABLE(&cases, join_cases, run_join);
	CASES_ADD_TABLE(&cases, merge_cases, run_merge);
	return cases_run(&cases);
}
