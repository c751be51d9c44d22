/* SPDX-License-Identifier: BSD-2-Clause */
/* What live messages are known by, how fragments of one join, and that the
 * table stays right while it grows, shrinks and gives numbers out again. */
#include "analyzer/queue.h"

#include <stdio.h>
#include <time.h>

#include "base/limits.h"
#include "tests/support/cases.h"

enum { HOST = 1, OTHER_HOST = 2, ROOT = 7, OTHER_ROOT = 8 };

static struct queue queue;

static uint32_t
add(const char *id)
{
	return queue_add(&queue, HOST, ROOT, slice_str(id));
}

static int
set_up(void **state)
{
	(void)state;
	queue_init(&queue, 42);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	queue_release(&queue);
	return 0;
}

/* ------------------------------------------------------------------ */
/* Finding */

static void
a_message_is_known_by_host_queue_and_id(void **state)
{
	uint32_t a = add("4A"), b = add("4B");
	uint32_t c = queue_add(&queue, OTHER_HOST, ROOT, SLICE("4A"));
	uint32_t d = queue_add(&queue, HOST, OTHER_ROOT, SLICE("4A"));

	(void)state;
	assert_int_equal(queue_find(&queue, HOST, ROOT, SLICE("4A"), true), a);
	assert_int_equal(queue_find(&queue, HOST, ROOT, SLICE("4B"), true), b);
	assert_int_equal(queue_find(&queue, OTHER_HOST, ROOT, SLICE("4A"),
	    true), c);
	assert_int_equal(queue_find(&queue, HOST, OTHER_ROOT, SLICE("4A"),
	    true), d);
	assert_int_equal(queue_find(&queue, HOST, ROOT, SLICE("4"), true),
	    POOL_NONE);
	assert_int_equal(queue_find(&queue, HOST, ROOT, SLICE("4AA"), true),
	    POOL_NONE);
}

static void
another_queue_of_the_host_serves_only_where_asked(void **state)
{
	uint32_t a = add("4A");

	(void)state;
	assert_int_equal(queue_find(&queue, HOST, OTHER_ROOT, SLICE("4A"),
	    true), POOL_NONE);
	assert_int_equal(queue_find(&queue, HOST, OTHER_ROOT, SLICE("4A"),
	    false), a);
	assert_int_equal(queue_find(&queue, OTHER_HOST, OTHER_ROOT,
	    SLICE("4A"), false), POOL_NONE);
}

static void
its_own_queue_goes_before_another(void **state)
{
	uint32_t other = queue_add(&queue, HOST, OTHER_ROOT, SLICE("4A"));
	uint32_t own = add("4A");

	(void)state;
	assert_int_equal(queue_find(&queue, HOST, ROOT, SLICE("4A"), false),
	    own);
	queue_remove(&queue, own);
	assert_int_equal(queue_find(&queue, HOST, ROOT, SLICE("4A"), false),
	    other);
}

static void
an_overlong_id_is_known_by_its_tail(void **state)
{
	char id[QUEUE_ID_MAX + 41];
	uint32_t a;

	(void)state;
	memset(id, 'x', sizeof(id) - 1);
	id[sizeof(id) - 1] = '\0';
	id[sizeof(id) - 2] = 'E';
	a = add(id);
	assert_int_equal(queue_message(&queue, a)->id_len, QUEUE_ID_MAX);
	assert_int_equal(queue_find(&queue, HOST, ROOT, slice_str(id), true),
	    a);
	assert_int_equal(queue_find(&queue, HOST, ROOT, slice_str(id + 41),
	    true), POOL_NONE);
	assert_int_equal(queue_find(&queue, HOST, ROOT, slice_str(id + 40),
	    true), a);
}

static void
a_number_given_out_again_remembers_nothing(void **state)
{
	struct touch key = { .slot = 3600 };
	uint32_t a = add("4A");
	struct message *message = queue_message(&queue, a);
	struct recipient *rcpt;
	uint32_t b;

	(void)state;
	queue_set_sender(message, SLICE("a@example.com"));
	message->has_head = message->has_tail = message->is_expired = true;
	message->is_stored = message->is_closing = true;
	(void)queue_touch(&queue, a, &key);
	rcpt = queue_add_recipient(&queue, a, SLICE("b@example.net"));
	queue_recipient_failed(rcpt, 3, 1);
	queue_seen(&queue, a, 99);
	queue_remove(&queue, a);
	b = add("4B");
	assert_int_equal(b, a);
	message = queue_message(&queue, b);
	assert_false(message->has_head || message->has_tail ||
	    message->has_sender || message->is_expired || message->is_stored ||
	    message->is_closing);
	assert_true(slice_is_none(queue_sender(message)));
	assert_int_equal(message->touch_count, 0);
	assert_int_equal(message->recipient_count, 0);
	assert_int_equal(message->touches, POOL_NONE);
	assert_int_equal(message->recipients, POOL_NONE);
	assert_true(message->first_utc == INT64_MIN);
	assert_true(message->arrival_utc == INT64_MIN);
	assert_int_equal(message->size_bytes, -1);
	assert_null(queue_find_recipient(&queue, b, SLICE("b@example.net")));
	assert_int_equal(queue_find(&queue, HOST, ROOT, SLICE("4A"), true),
	    POOL_NONE);
	assert_int_equal(queue.messages.live, 1);
	assert_int_equal(queue.touches.live, 0);
	assert_int_equal(queue.recipients.live, 0);
}

/* ------------------------------------------------------------------ */
/* Age */

static void
what_was_quiet_longest_is_oldest(void **state)
{
	uint32_t a = add("4A"), b = add("4B"), c = add("4C");

	(void)state;
	assert_int_equal(queue.oldest, a);
	queue_seen(&queue, a, 10);
	assert_int_equal(queue.oldest, b);
	assert_int_equal(queue.newest, a);
	queue_seen(&queue, a, 11);
	assert_int_equal(queue.newest, a);
	queue_remove(&queue, c);
	queue_remove(&queue, b);
	assert_int_equal(queue.oldest, a);
	queue_remove(&queue, a);
	assert_int_equal(queue.oldest, POOL_NONE);
	assert_int_equal(queue.newest, POOL_NONE);
}

static void
signs_of_life_widen_the_span_in_both_directions(void **state)
{
	uint32_t a = add("4A");
	const struct message *message = queue_message(&queue, a);

	(void)state;
	queue_seen(&queue, a, 50);
	queue_seen(&queue, a, 40);
	queue_seen(&queue, a, 60);
	assert_int_equal(message->first_utc, 40);
	assert_int_equal(message->last_utc, 60);
}

/* ------------------------------------------------------------------ */
/* Sender */

static const struct sender_case {
	const char *name;
	size_t len, want_len;
} sender_cases[] = {
	{ "the_null_sender_is_known_and_empty", 0, 0 },
	{ "a_short_sender_is_kept", 20, 20 },
	{ "a_sender_of_the_inline_size_is_kept", SENDER_INLINE, SENDER_INLINE },
	{ "a_longer_sender_is_kept", SENDER_INLINE + 1, SENDER_INLINE + 1 },
	{ "a_sender_is_cut_at_its_limit", LIMIT_ADDRESS_BYTES + 9,
	  LIMIT_ADDRESS_BYTES },
};

static void
run_sender(void **state)
{
	const struct sender_case *it = *state;
	char text[LIMIT_ADDRESS_BYTES + 64];
	uint32_t a;
	struct message *message;

	queue_init(&queue, 1);
	a = add("4A");
	message = queue_message(&queue, a);
	assert_true(slice_is_none(queue_sender(message)));
	memset(text, 's', sizeof(text));
	queue_set_sender(message, slice_of(text, 900));
	message->sender_mark = 7;
	queue_set_sender(message, slice_of(text, it->len));
	assert_false(slice_is_none(queue_sender(message)));
	assert_true(slice_eq(queue_sender(message),
	    slice_of(text, it->want_len)));
	assert_int_equal(message->sender_mark, 0);
	queue_release(&queue);
}

/* ------------------------------------------------------------------ */
/* Recipients */

static void
only_an_open_recipient_is_found(void **state)
{
	uint32_t a = add("4A");
	struct recipient *first =
	    queue_add_recipient(&queue, a, SLICE("b@example.net"));
	struct recipient *second;

	(void)state;
	assert_ptr_equal(queue_find_recipient(&queue, a,
	    SLICE("b@example.net")), first);
	assert_null(queue_find_recipient(&queue, a, SLICE("B@example.net")));
	first->outcome = OUTCOME_ACCEPTED;
	assert_null(queue_find_recipient(&queue, a, SLICE("b@example.net")));
	second = queue_add_recipient(&queue, a, SLICE("b@example.net"));
	assert_ptr_equal(queue_find_recipient(&queue, a,
	    SLICE("b@example.net")), second);
	assert_int_equal(queue_message(&queue, a)->recipient_count, 2);
}

static void
a_recipient_belongs_to_its_message(void **state)
{
	uint32_t a = add("4A"), b = add("4B");

	(void)state;
	(void)queue_add_recipient(&queue, a, SLICE("b@example.net"));
	assert_null(queue_find_recipient(&queue, b, SLICE("b@example.net")));
}

static void
a_failure_counts_once_from_its_first_moment(void **state)
{
	uint32_t a = add("4A");
	struct recipient *rcpt =
	    queue_add_recipient(&queue, a, SLICE("b@example.net"));

	(void)state;
	queue_recipient_failed(rcpt, 5, 100);
	queue_recipient_failed(rcpt, 6, 90);
	queue_recipient_failed(rcpt, 5, 80);
	queue_recipient_failed(rcpt, 5, 120);
	assert_int_equal(rcpt->failure_count, 2);
	assert_int_equal(rcpt->failures[0].reply, 5);
	assert_int_equal(rcpt->failures[0].first_utc, 80);
	for (uint32_t i = 0; i < 100; i++)
		queue_recipient_failed(rcpt, 1000 + i, 100);
	assert_int_equal(rcpt->failure_count, FAILURES_MAX);
}

static void
a_touch_is_one_for_each_slot_source_provider_and_domain(void **state)
{
	uint32_t a = add("4A"), b = add("4B");
	const struct touch keys[] = {
		{ .slot = 0, .source = 1, .provider = 5, .domain = 9 },
		{ .slot = 3600, .source = 1, .provider = 5, .domain = 9 },
		{ .slot = 0, .source = 2, .provider = 5, .domain = 9 },
		{ .slot = 0, .source = 1, .provider = 6, .domain = 9 },
		{ .slot = 0, .source = 1, .provider = 5, .domain = 8 },
	};
	const size_t count = sizeof(keys) / sizeof(keys[0]);

	(void)state;
	for (size_t round = 0; round < 3; round++)
		for (size_t i = 0; i < count; i++) {
			struct touch *touch = queue_touch(&queue, a, &keys[i]);

			assert_true(touch->slot == keys[i].slot);
			assert_int_equal(touch->domain, keys[i].domain);
			assert_true(touch->accepted_utc == INT64_MAX);
		}
	(void)queue_touch(&queue, b, &keys[0]);
	assert_int_equal(queue_message(&queue, a)->touch_count, count);
	assert_int_equal(queue_message(&queue, b)->touch_count, 1);
	assert_int_equal(queue.touches.live, count + 1);
}

/* ------------------------------------------------------------------ */
/* Growing */

enum { MANY = 6000 };

static void
name_of(char *text, size_t room, unsigned number)
{
	(void)snprintf(text, room, "%u@n%u.example", number, number % 7);
}

/* From one to more than are walked. */
static unsigned
touches_of(unsigned number)
{
	return 1 + number % 20;
}

static void
check_message(unsigned i, bool is_there)
{
	char text[48];
	struct touch key = { .slot = 3600 * (int64_t)i, .domain = i };
	uint32_t number, before;

	name_of(text, sizeof(text), i);
	number = queue_find(&queue, HOST, ROOT, slice_str(text), true);
	if (!is_there) {
		assert_int_equal(number, POOL_NONE);
		return;
	}
	assert_true(number != POOL_NONE);
	assert_non_null(queue_find_recipient(&queue, number,
	    slice_str(text)));
	before = queue_message(&queue, number)->touch_count;
	assert_int_equal(before, touches_of(i));
	for (unsigned j = 0; j < before; j++, key.domain += MANY)
		assert_int_equal(queue_touch(&queue, number, &key)->domain,
		    key.domain);
	assert_int_equal(queue_message(&queue, number)->touch_count, before);
}

static void
everything_is_found_while_the_tables_grow_and_shrink(void **state)
{
	unsigned touches = 0;

	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		struct touch key = { .slot = 3600 * (int64_t)i, .domain = i };
		char text[48];
		uint32_t number;

		name_of(text, sizeof(text), i);
		number = add(text);
		(void)queue_add_recipient(&queue, number, slice_str(text));
		for (unsigned j = 0; j < touches_of(i); j++, key.domain += MANY)
			(void)queue_touch(&queue, number, &key);
	}
	for (unsigned i = 0; i < MANY; i += 2) {
		char text[48];

		name_of(text, sizeof(text), i);
		queue_remove(&queue, queue_find(&queue, HOST, ROOT,
		    slice_str(text), true));
	}
	for (unsigned i = 0; i < MANY; i++) {
		check_message(i, i % 2 == 1);
		touches += i % 2 == 1 ? touches_of(i) : 0;
	}
	assert_int_equal(queue.messages.live, MANY / 2);
	assert_int_equal(queue.touches.live, touches);
	assert_int_equal(queue.recipients.live, MANY / 2);
	assert_int_equal(queue.by_id.count, MANY / 2);
	assert_int_equal(queue.by_recipient.count, MANY / 2);
	for (unsigned i = 1; i < MANY; i += 2) {
		char text[48];

		name_of(text, sizeof(text), i);
		queue_remove(&queue, queue_find(&queue, HOST, ROOT,
		    slice_str(text), true));
	}
	assert_int_equal(queue.touches.live, 0);
	assert_int_equal(queue.by_touch.count, 0);
}

/* What grows with the square of the recipients would take minutes here. */
static void
a_hundred_thousand_recipients_take_a_moment(void **state)
{
	enum { RECIPIENTS = 100 * 1000 };
	uint32_t a = add("4A"), b;
	clock_t began = clock();

	(void)state;
	for (unsigned i = 0; i < RECIPIENTS; i++) {
		char text[48];

		name_of(text, sizeof(text), i);
		(void)queue_add_recipient(&queue, a, slice_str(text));
	}
	for (unsigned i = 0; i < RECIPIENTS; i += 2) {
		char text[48];

		name_of(text, sizeof(text), i);
		queue_find_recipient(&queue, a, slice_str(text))->outcome =
		    OUTCOME_ACCEPTED;
	}
	b = add("4A");
	for (unsigned i = 1; i < RECIPIENTS; i += 2) {
		struct recipient *rcpt;
		char text[48];

		name_of(text, sizeof(text), i);
		rcpt = queue_add_recipient(&queue, b, slice_str(text));
		rcpt->first_utc = rcpt->last_utc = 100;
		rcpt->outcome = OUTCOME_BOUNCED;
	}
	queue_merge(&queue, a, b);
	assert_int_equal(queue_message(&queue, a)->open_count, 0);
	assert_int_equal(queue_message(&queue, a)->recipient_count,
	    RECIPIENTS);
	queue_remove(&queue, a);
	assert_true((clock() - began) / CLOCKS_PER_SEC < 20);
}

/* ------------------------------------------------------------------ */
/* Fragments */

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
	uint32_t number = add(id);
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
	uint32_t number = add("4A");
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
	uint32_t head = add("4A"), tail = add("4A");
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest alone[] = {
		TEST(a_message_is_known_by_host_queue_and_id),
		TEST(another_queue_of_the_host_serves_only_where_asked),
		TEST(its_own_queue_goes_before_another),
		TEST(an_overlong_id_is_known_by_its_tail),
		TEST(a_number_given_out_again_remembers_nothing),
		TEST(what_was_quiet_longest_is_oldest),
		TEST(signs_of_life_widen_the_span_in_both_directions),
		TEST(only_an_open_recipient_is_found),
		TEST(a_recipient_belongs_to_its_message),
		TEST(a_failure_counts_once_from_its_first_moment),
		TEST(a_touch_is_one_for_each_slot_source_provider_and_domain),
		TEST(everything_is_found_while_the_tables_grow_and_shrink),
		TEST(a_hundred_thousand_recipients_take_a_moment),
		TEST(only_parts_of_one_host_queue_and_id_join),
		TEST(a_finished_recipient_is_not_continued),
		TEST(what_both_parts_know_of_the_message_comes_together),
		TEST(a_message_is_whole_when_no_hour_between_its_lines_is_missing),
		TEST(a_joined_message_that_nobody_tried_is_not_whole),
	};
	static struct cases cases;

	for (size_t i = 0; i < sizeof(alone) / sizeof(alone[0]); i++)
		cases.tests[cases.count++] = alone[i];
	CASES_ADD_TABLE(&cases, sender_cases, run_sender);
	CASES_ADD_TABLE(&cases, join_cases, run_join);
	CASES_ADD_TABLE(&cases, merge_cases, run_merge);
	return cases_run(&cases);
}
