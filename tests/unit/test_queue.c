/* SPDX-License-Identifier: BSD-2-Clause */
/* What live messages are known by, and that the table stays right while it
 * grows, shrinks and gives numbers out again. */
#include <stdio.h>
#include <time.h>

#include "base/limits.h"
#include "tests/support/one_queue.h"

/* ------------------------------------------------------------------ */
/* Finding */

static void
a_message_is_known_by_host_queue_and_id(void **state)
{
	uint32_t a = one_queue_add("4A"), b = one_queue_add("4B");
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
	uint32_t a = one_queue_add("4A");

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
	uint32_t own = one_queue_add("4A");

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
	a = one_queue_add(id);
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
	uint32_t a = one_queue_add("4A");
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
	b = one_queue_add("4B");
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
	uint32_t a = one_queue_add("4A"), b = one_queue_add("4B");
	uint32_t c = one_queue_add("4C");

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
	uint32_t a = one_queue_add("4A");
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
	a = one_queue_add("4A");
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
	uint32_t a = one_queue_add("4A");
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
	uint32_t a = one_queue_add("4A"), b = one_queue_add("4B");

	(void)state;
	(void)queue_add_recipient(&queue, a, SLICE("b@example.net"));
	assert_null(queue_find_recipient(&queue, b, SLICE("b@example.net")));
}

static void
a_failure_counts_once_from_its_first_moment(void **state)
{
	uint32_t a = one_queue_add("4A");
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
	uint32_t a = one_queue_add("4A"), b = one_queue_add("4B");
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
	for (unsigned j = 0; j < touches_of(i); j++) {
		name_of(text, sizeof(text), i + j * MANY);
		assert_non_null(queue_find_recipient(&queue, number,
		    slice_str(text)));
		name_of(text, sizeof(text), i + 1 + j * MANY);
		assert_null(queue_find_recipient(&queue, number,
		    slice_str(text)));
	}
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
	unsigned touches = 0, indexed = 0;

	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		struct touch key = { .slot = 3600 * (int64_t)i, .domain = i };
		char text[48];
		uint32_t number;

		name_of(text, sizeof(text), i);
		number = one_queue_add(text);
		for (unsigned j = 0; j < touches_of(i); j++) {
			name_of(text, sizeof(text), i + j * MANY);
			(void)queue_add_recipient(&queue, number,
			    slice_str(text));
		}
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
		indexed += i % 2 == 1 && touches_of(i) > 8 ? touches_of(i) : 0;
	}
	assert_int_equal(queue.messages.live, MANY / 2);
	assert_int_equal(queue.touches.live, touches);
	assert_int_equal(queue.recipients.live, touches);
	assert_int_equal(queue.by_id.count, MANY / 2);
	assert_int_equal(queue.by_recipient.count, indexed);
	assert_int_equal(queue.by_touch.count, indexed);
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
	uint32_t a = one_queue_add("4A"), b;
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
	b = one_queue_add("4A");
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

int
main(void)
{
	const struct CMUnitTest alone[] = {
		ONE_QUEUE_TEST(a_message_is_known_by_host_queue_and_id),
		ONE_QUEUE_TEST(
		    another_queue_of_the_host_serves_only_where_asked),
		ONE_QUEUE_TEST(its_own_queue_goes_before_another),
		ONE_QUEUE_TEST(an_overlong_id_is_known_by_its_tail),
		ONE_QUEUE_TEST(a_number_given_out_again_remembers_nothing),
		ONE_QUEUE_TEST(what_was_quiet_longest_is_oldest),
		ONE_QUEUE_TEST(signs_of_life_widen_the_span_in_both_directions),
		ONE_QUEUE_TEST(only_an_open_recipient_is_found),
		ONE_QUEUE_TEST(a_recipient_belongs_to_its_message),
		ONE_QUEUE_TEST(a_failure_counts_once_from_its_first_moment),
		ONE_QUEUE_TEST(
		    a_touch_is_one_for_each_slot_source_provider_and_domain),
		ONE_QUEUE_TEST(
		    everything_is_found_while_the_tables_grow_and_shrink),
		ONE_QUEUE_TEST(a_hundred_thousand_recipients_take_a_moment),
	};
	static struct cases cases;

	for (size_t i = 0; i < sizeof(alone) / sizeof(alone[0]); i++)
		cases.tests[cases.count++] = alone[i];
	CASES_ADD_TABLE(&cases, sender_cases, run_sender);
	return cases_run(&cases);
}
