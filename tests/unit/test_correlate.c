/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of a log become messages and deliveries: who shares a queue, whose
 * recipient it is, when a message begins and ends, and what is no delivery. */
#include <stdio.h>

#include "tests/support/correlate_run.h"

/* ------------------------------------------------------------------ */
/* Queues */

static void
a_transport_of_another_name_shares_the_queue(void **state)
{
	struct delivery fact =
	    run_attempt_of(OUTCOME_ACCEPTED, TEN + 1, "4A", "b@example.net");

	(void)state;
	run_tell(MESSAGE_BORN, TEN, "postfix", "4A");
	fact.instance = SLICE("postfix/out2");
	run_attempt(&fact);
	run_try(OUTCOME_ACCEPTED, TEN + 2, "4A", "c@example.net");
	run_tell(MESSAGE_REMOVED, TEN + 3, "postfix", "4A");
	run_settle();
	assert_int_equal(run.queue.messages.live, 0);
	assert_int_equal(run_messages(), 1);
	assert_int_equal(run_sum().accepted, 2);
	assert_int_equal(run_rows_of_source("mail/postfix/out2"), 1);
	assert_int_equal(run_rows_of_source("mail/postfix"), 1);
}

static void
two_instances_have_two_queues(void **state)
{
	struct delivery fact =
	    run_attempt_of(OUTCOME_ACCEPTED, TEN + 1, "4A", "b@example.net");

	(void)state;
	run_tell(MESSAGE_BORN, TEN, "postfix-out1", "4A");
	run_tell(MESSAGE_BORN, TEN, "postfix-out2", "4A");
	fact.instance = SLICE("postfix-out1");
	run_attempt(&fact);
	fact.instance = SLICE("postfix-out2");
	run_attempt(&fact);
	run_tell(MESSAGE_REMOVED, TEN + 3, "postfix-out1", "4A");
	run_tell(MESSAGE_REMOVED, TEN + 3, "postfix-out2", "4A");
	run_settle();
	assert_int_equal(run_messages(), 2);
}

static void
a_transport_seen_before_its_queue_is_adopted(void **state)
{
	struct delivery fact =
	    run_attempt_of(OUTCOME_ACCEPTED, TEN + 1, "4A", "b@example.net");

	(void)state;
	fact.instance = SLICE("out2");
	run_attempt(&fact);
	run_tell(MESSAGE_REMOVED, TEN + 2, "postfix", "4A");
	run_settle();
	assert_int_equal(run.queue.messages.live, 0);
	assert_int_equal(run_messages(), 1);
}

static void
two_log_hosts_are_two_queues(void **state)
{
	struct message_event event = run_event_of(MESSAGE_BORN, TEN, "postfix",
	    "4A");
	const struct fact_sink *sink = correlate_sink(run.correlate);

	(void)state;
	run_tell(MESSAGE_BORN, TEN, "postfix", "4A");
	event.host = SLICE("mail2");
	assert_int_equal(sink->message(sink->ctx, &event, &run.err), MX_OK);
	assert_int_equal(run.queue.messages.live, 2);
}

/* ------------------------------------------------------------------ */
/* Recipients */

static void
two_aliases_of_one_mailbox_are_two_deliveries(void **state)
{
	struct delivery fact =
	    run_attempt_of(OUTCOME_DEFERRED, TEN + 1, "4A", "b@example.net");

	(void)state;
	run_tell(MESSAGE_BORN, TEN, "postfix", "4A");
	fact.orig_recipient = SLICE("info@example.net");
	run_attempt(&fact);
	fact.orig_recipient = SLICE("sales@example.net");
	run_attempt(&fact);
	fact.outcome = OUTCOME_ACCEPTED;
	run_attempt(&fact);
	run_tell(MESSAGE_REMOVED, TEN + 3, "postfix", "4A");
	run_settle();
	assert_int_equal(run_sum().accepted, 1);
	assert_int_equal(run_sum().expired, 1);
	assert_int_equal(run_sum().deferred, 2);
	assert_int_equal(run_messages(), 1);
}

static void
an_alias_that_expires_is_told_with_both_names(void **state)
{
	struct delivery fact =
	    run_attempt_of(OUTCOME_DEFERRED, TEN + 1, "4A", "b@example.net");

	(void)state;
	run_tell(MESSAGE_BORN, TEN, "postfix", "4A");
	fact.orig_recipient = SLICE("info@example.net");
	run_attempt(&fact);
	run_tell(MESSAGE_EXPIRED, TEN + 2, "postfix", "4A");
	assert_int_equal(run.told_count, 2);
	assert_int_equal(run.told[1].outcome, OUTCOME_EXPIRED);
	assert_string_equal(run.told[1].recipient, "b@example.net");
	assert_string_equal(run.told[1].orig_recipient, "info@example.net");
}

static void
deferrals_belong_to_the_day_of_the_first(void **state)
{
	struct total_key key = { .slot = TEN };
	const struct total_row *row;

	(void)state;
	run_tell(MESSAGE_BORN, TEN, "postfix", "4A");
	for (int i = 0; i < 5; i++)
		run_try(OUTCOME_DEFERRED, TEN + 60 + i * 7200, "4A",
		    "b@example.net");
	run_try(OUTCOME_ACCEPTED, TEN + 60 + 5 * 7200, "4A",
	    "b@example.net");
	run_tell(MESSAGE_REMOVED, TEN + 60 + 5 * 7200, "postfix", "4A");
	run_settle();
	row = pool_at(&run.totals.rows, 0);
	key = row->key;
	key.slot = TEN;
	row = totals_row(&run.totals, &key);
	assert_int_equal(row->accepted, 1);
	assert_int_equal(row->deferred, 1);
	assert_int_equal(row->attempts[OUTCOME_ACCEPTED], 0);
	assert_int_equal(row->attempts[OUTCOME_DEFERRED], 1);
	key.slot = TEN + 5 * 7200;
	row = totals_row(&run.totals, &key);
	assert_int_equal(row->accepted, 0);
	assert_int_equal(row->attempts[OUTCOME_ACCEPTED], 1);
	assert_int_equal(run_sum().attempts[OUTCOME_DEFERRED], 5);
	assert_int_equal(run_messages(), 1);
}

static void
a_large_list_is_one_message_and_all_its_deliveries(void **state)
{
	enum { RECIPIENTS = 10000 };

	(void)state;
	run_tell(MESSAGE_BORN, TEN, "postfix", "4A");
	for (unsigned i = 0; i < RECIPIENTS; i++) {
		char to[48];
		struct delivery fact;

		(void)snprintf(to, sizeof(to), "u%u@outlook.com", i);
		fact = run_refused(TEN + 1 + i / 100, "4A", to);
		run.told_count = 0;
		run_attempt(&fact);
	}
	run_tell(MESSAGE_REMOVED, TEN + 200, "postfix", "4A");
	run_settle();
	assert_int_equal(run_messages(), 1);
	assert_int_equal(run_sum().bounced, RECIPIENTS);
	assert_int_equal(run_sum().blocked, RECIPIENTS);
	assert_int_equal(run_sum().refused, RECIPIENTS);
}

/* ------------------------------------------------------------------ */
/* What is no delivery */

static void
an_echo_is_no_attempt(void **state)
{
	(void)state;
	run_tell(MESSAGE_BORN, TEN, "postfix", "4A");
	run_try(OUTCOME_SUSPENDED, TEN + 1, "4A", "b@example.net");
	run_try(OUTCOME_SUSPENDED, TEN + 300, "4A", "b@example.net");
	run_try(OUTCOME_ACCEPTED, TEN + 4000, "4A", "b@example.net");
	run_tell(MESSAGE_REMOVED, TEN + 4000, "postfix", "4A");
	run_settle();
	assert_int_equal(run_sum().suspended, 2);
	assert_int_equal(run_sum().accepted, 1);
	assert_int_equal(run_sum().deferred, 0);
	assert_int_equal(run_sum().attempts[OUTCOME_DEFERRED], 0);
	assert_int_equal(run_sum().attempts[OUTCOME_ACCEPTED], 1);
	assert_int_equal(run_messages(), 1);
}

static void
an_echo_votes_for_nothing(void **state)
{
	struct delivery fact = run_refused(TEN + 1, "4A", "b@outlook.com");

	(void)state;
	run_tell(MESSAGE_BORN, TEN, "postfix", "4A");
	fact.outcome = OUTCOME_SUSPENDED;
	fact.is_final = false;
	run_attempt(&fact);
	assert_int_equal(run_sum().refused, 0);
	assert_int_equal(run.totals.attempt_count, 0);
	assert_int_equal(run.totals.reply_rows.used, 0);
}

static void
probes_and_what_is_thrown_away_are_not_counted(void **state)
{
	(void)state;
	run_tell(MESSAGE_BORN, TEN, "postfix", "4A");
	run_try(OUTCOME_PROBE, TEN + 1, "4A", "b@example.net");
	run_try(OUTCOME_DISCARDED, TEN + 1, "4A", "c@example.net");
	run_tell(MESSAGE_REMOVED, TEN + 2, "postfix", "4A");
	run_settle();
	assert_int_equal(run_messages(), 0);
	assert_int_equal(run_sum().accepted + run_sum().bounced +
	    run_sum().open, 0);
	assert_int_equal(run.told_count, 2);
}

static void
a_fact_without_id_is_a_message_of_its_own(void **state)
{
	(void)state;
	run_try(OUTCOME_ACCEPTED, TEN + 1, "", "b@example.net");
	run_try(OUTCOME_BOUNCED, TEN + 1, "", "b@example.net");
	assert_int_equal(run.queue.messages.live, 0);
	assert_int_equal(run_messages(), 2);
	assert_int_equal(run_sum().accepted, 1);
	assert_int_equal(run_sum().bounced, 1);
}

static void
only_mail_to_others_has_a_provider(void **state)
{
	struct delivery fact =
	    run_attempt_of(OUTCOME_ACCEPTED, TEN + 1, "4A", "b@example.net");

	(void)state;
	run_tell(MESSAGE_BORN, TEN, "postfix", "4A");
	fact.hop = HOP_LOCAL;
	run_attempt(&fact);
	fact.hop = HOP_INTERNAL;
	fact.recipient = SLICE("c@example.net");
	run_attempt(&fact);
	assert_string_equal(run.told[0].provider, "");
	assert_string_equal(run.told[1].provider, "");
	assert_int_equal(run_rows_of_provider(":local"), 1);
	assert_int_equal(run_rows_of_provider(":internal"), 1);
	assert_int_equal(run_sum().refused, 0);
}

/* ------------------------------------------------------------------ */
/* The end of a message */

static void
expiry_ends_every_open_recipient(void **state)
{
	(void)state;
	run_tell(MESSAGE_BORN, TEN, "postfix", "4A");
	run_try(OUTCOME_DEFERRED, TEN + 1, "4A", "b@example.net");
	run_try(OUTCOME_DEFERRED, TEN + 1, "4A", "c@example.net");
	run_try(OUTCOME_ACCEPTED, TEN + 1, "4A", "d@example.net");
	run_tell(MESSAGE_EXPIRED, TEN + 432000, "postfix", "4A");
	run_tell(MESSAGE_EXPIRED, TEN + 432001, "postfix", "4A");
	run_tell(MESSAGE_REMOVED, TEN + 432002, "postfix", "4A");
	run_settle();
	assert_int_equal(run.told_count, 5);
	assert_int_equal(run.told[3].outcome, OUTCOME_EXPIRED);
	assert_int_equal(run.told[4].outcome, OUTCOME_EXPIRED);
	assert_string_equal(run.told[3].provider, run.told[0].provider);
	assert_int_equal(run_sum().expired, 2);
	assert_int_equal(run_sum().deferred, 2);
	assert_int_equal(run_sum().accepted, 1);
	assert_int_equal(run_sum().open, 0);
}

static void
expiry_of_nobody_known_is_told_without_recipient(void **state)
{
	(void)state;
	run_tell(MESSAGE_EXPIRED, TEN, "postfix", "4A");
	assert_int_equal(run.told_count, 1);
	assert_int_equal(run.told[0].outcome, OUTCOME_EXPIRED);
	assert_false(run.told[0].has_recipient);
	run_tell(MESSAGE_REMOVED, TEN, "postfix", "4A");
	run_settle();
	assert_int_equal(run_sum().expired, 0);
}

static void
expiry_is_told_without_counting_too(void **state)
{
	(void)state;
	run_tell(MESSAGE_BORN, TEN, "postfix", "4A");
	run_try(OUTCOME_DEFERRED, TEN + 1, "4A", "b@example.net");
	run_try(OUTCOME_DEFERRED, TEN + 1, "4A", "c@example.net");
	run_try(OUTCOME_BOUNCED, TEN + 9, "4A", "c@example.net");
	run_tell(MESSAGE_EXPIRED, TEN + 432000, "postfix", "4A");
	assert_int_equal(run.told_count, 4);
	assert_string_equal(run.told[3].recipient, "b@example.net");
}

static void
a_line_that_comes_late_still_belongs_to_the_message(void **state)
{
	(void)state;
	run_tell(MESSAGE_BORN, TEN, "postfix", "4A");
	run_try(OUTCOME_ACCEPTED, TEN + 1, "4A", "b@example.net");
	run_tell(MESSAGE_REMOVED, TEN + 2, "postfix", "4A");
	run_tell(MESSAGE_BORN, TEN + 4, "postfix", "4B");
	run_try(OUTCOME_ACCEPTED, TEN + 2, "4A", "c@example.net");
	run_tell(MESSAGE_REMOVED, TEN + 60, "postfix", "4B");
	run_settle();
	assert_int_equal(run_messages(), 1);
	assert_int_equal(run_sum().accepted, 2);
	assert_int_equal(run.queue.messages.live, 0);
}

static void
a_message_is_counted_soon_after_its_end(void **state)
{
	(void)state;
	run_tell(MESSAGE_BORN, TEN, "postfix", "4A");
	run_try(OUTCOME_DEFERRED, TEN + 1, "4A", "b@example.net");
	run_try(OUTCOME_ACCEPTED, TEN + 2, "4A", "b@example.net");
	run_tell(MESSAGE_REMOVED, TEN + 2, "postfix", "4A");
	assert_int_equal(run_sum().accepted, 0);
	run_tell(MESSAGE_BORN, TEN + 60, "postfix", "4B");
	assert_int_equal(run_sum().accepted, 1);
	assert_int_equal(run.queue.messages.live, 1);
}

static void
more_ends_than_there_is_room_for_are_all_counted(void **state)
{
	enum { MANY = 9000 };

	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		char id[16];

		(void)snprintf(id, sizeof(id), "%X", i);
		run.told_count = 0;
		run_tell(MESSAGE_BORN, TEN, "postfix", id);
		run_try(OUTCOME_ACCEPTED, TEN, id, "b@example.net");
		run_tell(MESSAGE_REMOVED, TEN, "postfix", id);
	}
	run_settle();
	assert_int_equal(run_messages(), MANY);
	assert_int_equal(run_sum().accepted, MANY);
	assert_int_equal(run.queue.messages.live, 0);
}

/* ------------------------------------------------------------------ */
/* Short ids come back */

static void
an_id_comes_back_after_its_message_left(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		run_tell(MESSAGE_BORN, TEN + i, "postfix", "4A");
		run_try(OUTCOME_ACCEPTED, TEN + i, "4A", "b@example.net");
		run_tell(MESSAGE_REMOVED, TEN + i, "postfix", "4A");
	}
	run_settle();
	assert_int_equal(run_messages(), 3);
	assert_int_equal(run_sum().accepted, 3);
	assert_int_equal(run.queue.messages.live, 0);
}

static void
an_id_comes_back_though_its_message_left_no_word(void **state)
{
	(void)state;
	run_tell(MESSAGE_BORN, TEN, "postfix", "4A");
	run_try(OUTCOME_DEFERRED, TEN + 1, "4A", "b@example.net");
	run_tell(MESSAGE_BORN, TEN + 3600, "postfix", "4A");
	run_try(OUTCOME_ACCEPTED, TEN + 3601, "4A", "b@example.net");
	run_tell(MESSAGE_REMOVED, TEN + 3602, "postfix", "4A");
	run_settle();
	assert_int_equal(run_messages(), 2);
	assert_int_equal(run_sum().accepted, 1);
	assert_int_equal(run_sum().deferred, 1);
	assert_int_equal(run_sum().expired, 1);
	assert_int_equal(run.queue.messages.live, 0);
}

static void
a_birth_told_in_two_lines_is_one(void **state)
{
	struct message_event event =
	    run_event_of(MESSAGE_BORN, TEN + 1, "postfix", "4A");
	const struct fact_sink *sink = correlate_sink(run.correlate);

	(void)state;
	run_tell(MESSAGE_BORN, TEN, "postfix", "4A");
	event.sender = SLICE("a@example.org");
	event.size_bytes = 777;
	assert_int_equal(sink->message(sink->ctx, &event, &run.err), MX_OK);
	run_try(OUTCOME_ACCEPTED, TEN + 2, "4A", "b@example.net");
	run_tell(MESSAGE_REMOVED, TEN + 3, "postfix", "4A");
	run_settle();
	assert_int_equal(run_messages(), 1);
	assert_string_equal(run.told[0].sender, "a@example.org");
	assert_int_equal(run.told[0].size_bytes, 777);
}

/* ------------------------------------------------------------------ */
/* Messages without a beginning */

static void
a_message_that_arrived_inside_the_input_is_whole(void **state)
{
	(void)state;
	correlate_begin_input(run.correlate, TEN - 100);
	run_try(OUTCOME_ACCEPTED, TEN, "4A", "b@example.net");
	run_tell(MESSAGE_REMOVED, TEN + 1, "postfix", "4A");
	run_settle();
	assert_int_equal(run_messages(), 1);
	assert_int_equal(store_open_messages(run.store), 0);
}

static void
a_message_that_arrived_before_the_input_waits_for_its_head(void **state)
{
	struct delivery fact =
	    run_attempt_of(OUTCOME_ACCEPTED, TEN, "4A", "b@example.net");

	(void)state;
	correlate_begin_input(run.correlate, TEN - 100);
	fact.delay_ms = 5000 * 1000;
	run_attempt(&fact);
	run_tell(MESSAGE_REMOVED, TEN + 1, "postfix", "4A");
	run_settle();
	assert_int_equal(run_messages(), 0);
	assert_int_equal(store_open_messages(run.store), 1);
	assert_int_equal(run.queue.messages.live, 0);
	/* the file before it is read later */
	correlate_begin_input(run.correlate, TEN - 9000);
	run_tell(MESSAGE_BORN, TEN - 5000, "postfix", "4A");
	run_try(OUTCOME_DEFERRED, TEN - 4999, "4A", "b@example.net");
	while (run.queue.oldest != POOL_NONE) {
		struct correlate_hooks hooks;

		store_hooks(run.store, &run.queue, &run.totals, &run.names,
		    &hooks);
		assert_int_equal(hooks.set_aside(hooks.ctx, run.queue.oldest,
		    &run.err), MX_OK);
	}
	assert_int_equal(store_open_messages(run.store), 0);
	assert_int_equal(run_messages(), 1);
	assert_int_equal(run_sum().accepted, 1);
	assert_int_equal(run_sum().deferred, 1);
}

static void
a_message_of_an_earlier_run_is_taken_up_again(void **state)
{
	struct correlate_hooks hooks;

	(void)state;
	run_tell(MESSAGE_BORN, TEN, "postfix", "4A");
	run_try(OUTCOME_DEFERRED, TEN + 1, "4A", "b@example.net");
	store_hooks(run.store, &run.queue, &run.totals, &run.names, &hooks);
	assert_int_equal(hooks.set_aside(hooks.ctx, run.queue.oldest, &run.err),
	    MX_OK);
	assert_int_equal(run.queue.messages.live, 0);
	assert_int_equal(store_open_messages(run.store), 1);
	run_try(OUTCOME_ACCEPTED, TEN + 7200, "4A", "b@example.net");
	run_tell(MESSAGE_REMOVED, TEN + 7200, "postfix", "4A");
	run_settle();
	assert_int_equal(store_open_messages(run.store), 0);
	assert_int_equal(run_messages(), 1);
	assert_int_equal(run_sum().accepted, 1);
	assert_int_equal(run_sum().deferred, 1);
	assert_int_equal(run_sum().open, 0);
}

/* ------------------------------------------------------------------ */

static const struct CMUnitTest tests[] = {
	RUN_TEST(a_transport_of_another_name_shares_the_queue),
	RUN_TEST(two_instances_have_two_queues),
	RUN_TEST(a_transport_seen_before_its_queue_is_adopted),
	RUN_TEST(two_log_hosts_are_two_queues),
	RUN_TEST(two_aliases_of_one_mailbox_are_two_deliveries),
	RUN_TEST(an_alias_that_expires_is_told_with_both_names),
	RUN_TEST(deferrals_belong_to_the_day_of_the_first),
	RUN_TEST(a_large_list_is_one_message_and_all_its_deliveries),
	RUN_TEST(an_echo_is_no_attempt),
	RUN_TEST(an_echo_votes_for_nothing),
	RUN_TEST(probes_and_what_is_thrown_away_are_not_counted),
	RUN_TEST(a_fact_without_id_is_a_message_of_its_own),
	RUN_TEST(only_mail_to_others_has_a_provider),
	RUN_TEST(expiry_ends_every_open_recipient),
	RUN_TEST(expiry_of_nobody_known_is_told_without_recipient),
	RUN_TEST_FACTS(expiry_is_told_without_counting_too),
	RUN_TEST(a_line_that_comes_late_still_belongs_to_the_message),
	RUN_TEST(a_message_is_counted_soon_after_its_end),
	RUN_TEST(more_ends_than_there_is_room_for_are_all_counted),
	RUN_TEST(an_id_comes_back_after_its_message_left),
	RUN_TEST(an_id_comes_back_though_its_message_left_no_word),
	RUN_TEST(a_birth_told_in_two_lines_is_one),
	RUN_TEST_STORE(a_message_that_arrived_inside_the_input_is_whole),
	RUN_TEST_STORE(
	    a_message_that_arrived_before_the_input_waits_for_its_head),
	RUN_TEST_STORE(a_message_of_an_earlier_run_is_taken_up_again),
};

int
main(void)
{
	return cmocka_run_group_tests_name("correlate", tests, run_open,
	    run_close);
}
