/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of a log become messages and deliveries: who shares a queue, whose
 * recipient it is, when a message begins and ends, and what is no delivery. */
#include "analyzer/correlate.h"

#include <stdio.h>

#include "analyzer/store.h"
#include "tests/support/cases.h"

#define OUTLOOK_MX "outlook-com.olc.protection.outlook.com"
#define S3140 "5.7.1 Unfortunately, messages from [192.0.2.9] weren't sent. " \
	"Please contact your Internet service provider since part of their " \
	"network is on our block list (S3140)."
/* 2026-11-20T10:00:00Z */
#define TEN ((int64_t)1795168800)

enum { TOLD_MAX = 64 };

/* What came out as a fact. */
struct told {
	enum outcome outcome;
	enum source_from source_from;
	char recipient[64], orig_recipient[64], sender[64], provider[64],
	    source_ip[64];
	int64_t size_bytes;
	bool has_recipient;
};

static struct names names;
static struct queue queue;
static struct totals totals;
static struct providers *providers;
static struct classifier *classifier;
static struct own *own;
static struct correlate *correlate;
static struct store *store;
static struct told told[TOLD_MAX];
static size_t told_count;
static struct mx_err err;

static void
copy_text(char *to, size_t room, struct slice text)
{
	(void)snprintf(to, room, "%.*s", SLICE_ARG(text));
}

static enum mx_code
note_delivery(void *ctx, const struct delivery *fact, struct mx_err *unused)
{
	struct told *to = &told[told_count++];

	(void)ctx;
	(void)unused;
	assert_true(told_count < TOLD_MAX);
	memset(to, 0, sizeof(*to));
	to->outcome = fact->outcome;
	to->source_from = fact->source_from;
	to->size_bytes = fact->size_bytes;
	to->has_recipient = !slice_is_none(fact->recipient);
	copy_text(to->recipient, sizeof(to->recipient), fact->recipient);
	copy_text(to->orig_recipient, sizeof(to->orig_recipient),
	    fact->orig_recipient);
	copy_text(to->sender, sizeof(to->sender), fact->sender);
	copy_text(to->provider, sizeof(to->provider), fact->provider);
	copy_text(to->source_ip, sizeof(to->source_ip), fact->source_ip);
	return MX_OK;
}

static const struct fact_sink recorder = { .delivery = note_delivery };

static void
open_with(bool counts, bool keeps)
{
	struct correlate_options options = { .names = &names, .queue = &queue,
		.totals = counts ? &totals : NULL, .providers = providers,
		.classifier = classifier, .own = own, .facts = &recorder };

	told_count = 0;
	names_init(&names);
	queue_init(&queue, names.seed);
	totals_init(&totals, &names, 3600);
	store = NULL;
	if (keeps) {
		assert_int_equal(store_open(STORE_PRIVATE, NULL, 3600, 0,
		    &store, &err), MX_OK);
		store_hooks(store, &queue, &totals, &names, &options.hooks);
	}
	correlate = correlate_new(&options);
	/* as if lines of every hour had been read: nothing can be missing */
	for (int64_t utc = TEN - 36000; utc < TEN + 8 * 86400; utc += 3600)
		queue_cover(&queue, names_id(&names.host, SLICE("mail")), utc);
	correlate_begin_input(correlate, TEN - 3600);
}

static void
close_all(void)
{
	correlate_free(correlate);
	store_close(store);
	totals_release(&totals);
	queue_release(&queue);
	names_release(&names);
}

static int
set_up(void **state)
{
	(void)state;
	open_with(true, false);
	return 0;
}

static int
set_up_store(void **state)
{
	(void)state;
	open_with(true, true);
	return 0;
}

static int
set_up_facts_only(void **state)
{
	(void)state;
	open_with(false, false);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	close_all();
	return 0;
}

/* ------------------------------------------------------------------ */
/* Lines */

static struct message_event
event_of(enum message_event_kind kind, int64_t utc, const char *instance,
    const char *id)
{
	return (struct message_event){ .kind = kind, .at = { .utc = utc },
		.mta = "postfix", .host = SLICE("mail"),
		.instance = slice_str(instance), .agent = SLICE("qmgr"),
		.id = slice_str(id), .size_bytes = -1, .recipient_count = -1,
		.where = { "mail.log", 1 } };
}

static void
tell(enum message_event_kind kind, int64_t utc, const char *instance,
    const char *id)
{
	const struct message_event event =
	    event_of(kind, utc, instance, id);
	const struct fact_sink *sink = correlate_sink(correlate);

	assert_int_equal(sink->message(sink->ctx, &event, &err), MX_OK);
}

/* An attempt as it comes from the parser: at 192.0.2.25 unless changed. */
static struct delivery
attempt_of(enum outcome outcome, int64_t utc, const char *id,
    const char *recipient)
{
	const char *at = strchr(recipient, '@');

	return (struct delivery){ .at = { .utc = utc }, .mta = "postfix",
		.host = SLICE("mail"), .instance = SLICE("postfix"),
		.agent = SLICE("smtp"), .id = slice_str(id),
		.recipient = slice_str(recipient),
		.domain = at != NULL ? slice_str(at + 1) : SLICE_NONE,
		.relay_host = SLICE("mx.example.net"),
		.relay_ip = SLICE("192.0.2.25"), .delay_ms = 1000,
		.size_bytes = -1, .outcome = outcome, .hop = HOP_REMOTE,
		.dsn = outcome == OUTCOME_ACCEPTED ? SLICE("2.0.0") :
		    SLICE("4.4.2"),
		.reply = outcome == OUTCOME_ACCEPTED ? SLICE("250 ok") :
		    SLICE("421 4.4.2 try again later"),
		.is_final = outcome == OUTCOME_ACCEPTED ||
		    outcome == OUTCOME_BOUNCED,
		.where = { "mail.log", 1 } };
}

static void
attempt(const struct delivery *fact)
{
	const struct fact_sink *sink = correlate_sink(correlate);

	assert_int_equal(sink->delivery(sink->ctx, fact, &err), MX_OK);
}

static void
try_once(enum outcome outcome, int64_t utc, const char *id,
    const char *recipient)
{
	const struct delivery fact =
	    attempt_of(outcome, utc, id, recipient);

	attempt(&fact);
}

static struct delivery
refused(int64_t utc, const char *id, const char *recipient)
{
	struct delivery fact =
	    attempt_of(OUTCOME_BOUNCED, utc, id, recipient);

	fact.relay_host = SLICE(OUTLOOK_MX);
	fact.reply = SLICE(S3140);
	fact.dsn = SLICE("5.7.1");
	fact.reply_code = 550;
	fact.stage = STAGE_MAIL;
	return fact;
}

static void
settle(void)
{
	assert_int_equal(correlate_settle(correlate, &err), MX_OK);
}

/* Sums over all rows. */
static struct total_row
sum(void)
{
	struct total_row all = { 0 };

	for (uint32_t i = 0; i < totals.rows.used; i++) {
		const struct total_row *row = pool_at(&totals.rows, i);

		for (int a = 0; a < 3; a++)
			all.attempts[a] += row->attempts[a];
		all.suspended += row->suspended;
		all.refused += row->refused;
		all.messages += row->messages;
		all.accepted += row->accepted;
		all.deferred += row->deferred;
		all.bounced += row->bounced;
		all.expired += row->expired;
		all.blocked += row->blocked;
		all.open += row->open;
	}
	return all;
}

static uint32_t
rows_of_source(const char *name)
{
	uint32_t source = intern_find(&names.source, slice_str(name));
	uint32_t count = 0;

	for (uint32_t i = 0; i < totals.rows.used; i++) {
		const struct total_row *row = pool_at(&totals.rows, i);

		count += row->key.source == source;
	}
	return count;
}

static uint32_t
rows_of_provider(const char *name)
{
	uint32_t provider = intern_find(&names.provider, slice_str(name));
	uint32_t count = 0;

	for (uint32_t i = 0; i < totals.rows.used; i++) {
		const struct total_row *row = pool_at(&totals.rows, i);

		count += row->key.provider == provider;
	}
	return count;
}

/* Messages in all, from the rows and the corrections of GROUP_ALL. */
static int64_t
messages(void)
{
	int64_t count = (int64_t)sum().messages;

	for (uint32_t i = 0; i < totals.gaps.used; i++) {
		const struct gap_row *gap = pool_at(&totals.gaps, i);

		if (gap->key.group == GROUP_ALL && gap->key.gap_s == 0)
			count += gap->count;
	}
	return count;
}

/* ------------------------------------------------------------------ */
/* Queues */

static void
a_transport_of_another_name_shares_the_queue(void **state)
{
	struct delivery fact =
	    attempt_of(OUTCOME_ACCEPTED, TEN + 1, "4A", "b@example.net");

	(void)state;
	tell(MESSAGE_BORN, TEN, "postfix", "4A");
	fact.instance = SLICE("postfix/out2");
	attempt(&fact);
	try_once(OUTCOME_ACCEPTED, TEN + 2, "4A", "c@example.net");
	tell(MESSAGE_REMOVED, TEN + 3, "postfix", "4A");
	settle();
	assert_int_equal(queue.messages.live, 0);
	assert_int_equal(messages(), 1);
	assert_int_equal(sum().accepted, 2);
	assert_int_equal(rows_of_source("mail/postfix/out2"), 1);
	assert_int_equal(rows_of_source("mail/postfix"), 1);
}

static void
two_instances_have_two_queues(void **state)
{
	struct delivery fact =
	    attempt_of(OUTCOME_ACCEPTED, TEN + 1, "4A", "b@example.net");

	(void)state;
	tell(MESSAGE_BORN, TEN, "postfix-out1", "4A");
	tell(MESSAGE_BORN, TEN, "postfix-out2", "4A");
	fact.instance = SLICE("postfix-out1");
	attempt(&fact);
	fact.instance = SLICE("postfix-out2");
	attempt(&fact);
	tell(MESSAGE_REMOVED, TEN + 3, "postfix-out1", "4A");
	tell(MESSAGE_REMOVED, TEN + 3, "postfix-out2", "4A");
	settle();
	assert_int_equal(messages(), 2);
}

static void
a_transport_seen_before_its_queue_is_adopted(void **state)
{
	struct delivery fact =
	    attempt_of(OUTCOME_ACCEPTED, TEN + 1, "4A", "b@example.net");

	(void)state;
	fact.instance = SLICE("out2");
	attempt(&fact);
	tell(MESSAGE_REMOVED, TEN + 2, "postfix", "4A");
	settle();
	assert_int_equal(queue.messages.live, 0);
	assert_int_equal(messages(), 1);
}

static void
two_log_hosts_are_two_queues(void **state)
{
	struct message_event event = event_of(MESSAGE_BORN, TEN, "postfix",
	    "4A");
	const struct fact_sink *sink = correlate_sink(correlate);

	(void)state;
	tell(MESSAGE_BORN, TEN, "postfix", "4A");
	event.host = SLICE("mail2");
	assert_int_equal(sink->message(sink->ctx, &event, &err), MX_OK);
	assert_int_equal(queue.messages.live, 2);
}

/* ------------------------------------------------------------------ */
/* Recipients */

static void
two_aliases_of_one_mailbox_are_two_deliveries(void **state)
{
	struct delivery fact =
	    attempt_of(OUTCOME_DEFERRED, TEN + 1, "4A", "b@example.net");

	(void)state;
	tell(MESSAGE_BORN, TEN, "postfix", "4A");
	fact.orig_recipient = SLICE("info@example.net");
	attempt(&fact);
	fact.orig_recipient = SLICE("sales@example.net");
	attempt(&fact);
	fact.outcome = OUTCOME_ACCEPTED;
	attempt(&fact);
	tell(MESSAGE_REMOVED, TEN + 3, "postfix", "4A");
	settle();
	assert_int_equal(sum().accepted, 1);
	assert_int_equal(sum().expired, 1);
	assert_int_equal(sum().deferred, 2);
	assert_int_equal(messages(), 1);
}

static void
an_alias_that_expires_is_told_with_both_names(void **state)
{
	struct delivery fact =
	    attempt_of(OUTCOME_DEFERRED, TEN + 1, "4A", "b@example.net");

	(void)state;
	tell(MESSAGE_BORN, TEN, "postfix", "4A");
	fact.orig_recipient = SLICE("info@example.net");
	attempt(&fact);
	tell(MESSAGE_EXPIRED, TEN + 2, "postfix", "4A");
	assert_int_equal(told_count, 2);
	assert_int_equal(told[1].outcome, OUTCOME_EXPIRED);
	assert_string_equal(told[1].recipient, "b@example.net");
	assert_string_equal(told[1].orig_recipient, "info@example.net");
}

static void
deferrals_belong_to_the_day_of_the_first(void **state)
{
	struct total_key key = { .slot = TEN };
	const struct total_row *row;

	(void)state;
	tell(MESSAGE_BORN, TEN, "postfix", "4A");
	for (int i = 0; i < 5; i++)
		try_once(OUTCOME_DEFERRED, TEN + 60 + i * 7200, "4A",
		    "b@example.net");
	try_once(OUTCOME_ACCEPTED, TEN + 60 + 5 * 7200, "4A",
	    "b@example.net");
	tell(MESSAGE_REMOVED, TEN + 60 + 5 * 7200, "postfix", "4A");
	settle();
	row = pool_at(&totals.rows, 0);
	key = row->key;
	key.slot = TEN;
	row = totals_row(&totals, &key);
	assert_int_equal(row->accepted, 1);
	assert_int_equal(row->deferred, 1);
	assert_int_equal(row->attempts[OUTCOME_ACCEPTED], 0);
	assert_int_equal(row->attempts[OUTCOME_DEFERRED], 1);
	key.slot = TEN + 5 * 7200;
	row = totals_row(&totals, &key);
	assert_int_equal(row->accepted, 0);
	assert_int_equal(row->attempts[OUTCOME_ACCEPTED], 1);
	assert_int_equal(sum().attempts[OUTCOME_DEFERRED], 5);
	assert_int_equal(messages(), 1);
}

static void
a_large_list_is_one_message_and_all_its_deliveries(void **state)
{
	enum { RECIPIENTS = 10000 };

	(void)state;
	tell(MESSAGE_BORN, TEN, "postfix", "4A");
	for (unsigned i = 0; i < RECIPIENTS; i++) {
		char to[48];
		struct delivery fact;

		(void)snprintf(to, sizeof(to), "u%u@outlook.com", i);
		fact = refused(TEN + 1 + i / 100, "4A", to);
		told_count = 0;
		attempt(&fact);
	}
	tell(MESSAGE_REMOVED, TEN + 200, "postfix", "4A");
	settle();
	assert_int_equal(messages(), 1);
	assert_int_equal(sum().bounced, RECIPIENTS);
	assert_int_equal(sum().blocked, RECIPIENTS);
	assert_int_equal(sum().refused, RECIPIENTS);
}

/* ------------------------------------------------------------------ */
/* What is no delivery */

static void
an_echo_is_no_attempt(void **state)
{
	(void)state;
	tell(MESSAGE_BORN, TEN, "postfix", "4A");
	try_once(OUTCOME_SUSPENDED, TEN + 1, "4A", "b@example.net");
	try_once(OUTCOME_SUSPENDED, TEN + 300, "4A", "b@example.net");
	try_once(OUTCOME_ACCEPTED, TEN + 4000, "4A", "b@example.net");
	tell(MESSAGE_REMOVED, TEN + 4000, "postfix", "4A");
	settle();
	assert_int_equal(sum().suspended, 2);
	assert_int_equal(sum().accepted, 1);
	assert_int_equal(sum().deferred, 0);
	assert_int_equal(sum().attempts[OUTCOME_DEFERRED], 0);
	assert_int_equal(sum().attempts[OUTCOME_ACCEPTED], 1);
	assert_int_equal(messages(), 1);
}

static void
an_echo_votes_for_nothing(void **state)
{
	struct delivery fact = refused(TEN + 1, "4A", "b@outlook.com");

	(void)state;
	tell(MESSAGE_BORN, TEN, "postfix", "4A");
	fact.outcome = OUTCOME_SUSPENDED;
	fact.is_final = false;
	attempt(&fact);
	assert_int_equal(sum().refused, 0);
	assert_int_equal(totals.attempt_count, 0);
	assert_int_equal(totals.reply_rows.used, 0);
}

static void
probes_and_what_is_thrown_away_are_not_counted(void **state)
{
	(void)state;
	tell(MESSAGE_BORN, TEN, "postfix", "4A");
	try_once(OUTCOME_PROBE, TEN + 1, "4A", "b@example.net");
	try_once(OUTCOME_DISCARDED, TEN + 1, "4A", "c@example.net");
	tell(MESSAGE_REMOVED, TEN + 2, "postfix", "4A");
	settle();
	assert_int_equal(messages(), 0);
	assert_int_equal(sum().accepted + sum().bounced + sum().open, 0);
	assert_int_equal(told_count, 2);
}

static void
a_fact_without_id_is_a_message_of_its_own(void **state)
{
	(void)state;
	try_once(OUTCOME_ACCEPTED, TEN + 1, "", "b@example.net");
	try_once(OUTCOME_BOUNCED, TEN + 1, "", "b@example.net");
	assert_int_equal(queue.messages.live, 0);
	assert_int_equal(messages(), 2);
	assert_int_equal(sum().accepted, 1);
	assert_int_equal(sum().bounced, 1);
}

static void
only_mail_to_others_has_a_provider(void **state)
{
	struct delivery fact =
	    attempt_of(OUTCOME_ACCEPTED, TEN + 1, "4A", "b@example.net");

	(void)state;
	tell(MESSAGE_BORN, TEN, "postfix", "4A");
	fact.hop = HOP_LOCAL;
	attempt(&fact);
	fact.hop = HOP_INTERNAL;
	fact.recipient = SLICE("c@example.net");
	attempt(&fact);
	assert_string_equal(told[0].provider, "");
	assert_string_equal(told[1].provider, "");
	assert_int_equal(rows_of_provider(":local"), 1);
	assert_int_equal(rows_of_provider(":internal"), 1);
	assert_int_equal(sum().refused, 0);
}

/* ------------------------------------------------------------------ */
/* The end of a message */

static void
expiry_ends_every_open_recipient(void **state)
{
	(void)state;
	tell(MESSAGE_BORN, TEN, "postfix", "4A");
	try_once(OUTCOME_DEFERRED, TEN + 1, "4A", "b@example.net");
	try_once(OUTCOME_DEFERRED, TEN + 1, "4A", "c@example.net");
	try_once(OUTCOME_ACCEPTED, TEN + 1, "4A", "d@example.net");
	tell(MESSAGE_EXPIRED, TEN + 432000, "postfix", "4A");
	tell(MESSAGE_EXPIRED, TEN + 432001, "postfix", "4A");
	tell(MESSAGE_REMOVED, TEN + 432002, "postfix", "4A");
	settle();
	assert_int_equal(told_count, 5);
	assert_int_equal(told[3].outcome, OUTCOME_EXPIRED);
	assert_int_equal(told[4].outcome, OUTCOME_EXPIRED);
	assert_string_equal(told[3].provider, told[0].provider);
	assert_int_equal(sum().expired, 2);
	assert_int_equal(sum().deferred, 2);
	assert_int_equal(sum().accepted, 1);
	assert_int_equal(sum().open, 0);
}

static void
expiry_of_nobody_known_is_told_without_recipient(void **state)
{
	(void)state;
	tell(MESSAGE_EXPIRED, TEN, "postfix", "4A");
	assert_int_equal(told_count, 1);
	assert_int_equal(told[0].outcome, OUTCOME_EXPIRED);
	assert_false(told[0].has_recipient);
	tell(MESSAGE_REMOVED, TEN, "postfix", "4A");
	settle();
	assert_int_equal(sum().expired, 0);
}

static void
expiry_is_told_without_counting_too(void **state)
{
	(void)state;
	tell(MESSAGE_BORN, TEN, "postfix", "4A");
	try_once(OUTCOME_DEFERRED, TEN + 1, "4A", "b@example.net");
	try_once(OUTCOME_DEFERRED, TEN + 1, "4A", "c@example.net");
	try_once(OUTCOME_BOUNCED, TEN + 9, "4A", "c@example.net");
	tell(MESSAGE_EXPIRED, TEN + 432000, "postfix", "4A");
	assert_int_equal(told_count, 4);
	assert_string_equal(told[3].recipient, "b@example.net");
}

static void
a_line_that_comes_late_still_belongs_to_the_message(void **state)
{
	(void)state;
	tell(MESSAGE_BORN, TEN, "postfix", "4A");
	try_once(OUTCOME_ACCEPTED, TEN + 1, "4A", "b@example.net");
	tell(MESSAGE_REMOVED, TEN + 2, "postfix", "4A");
	tell(MESSAGE_BORN, TEN + 4, "postfix", "4B");
	try_once(OUTCOME_ACCEPTED, TEN + 2, "4A", "c@example.net");
	tell(MESSAGE_REMOVED, TEN + 60, "postfix", "4B");
	settle();
	assert_int_equal(messages(), 1);
	assert_int_equal(sum().accepted, 2);
	assert_int_equal(queue.messages.live, 0);
}

static void
a_message_is_counted_soon_after_its_end(void **state)
{
	(void)state;
	tell(MESSAGE_BORN, TEN, "postfix", "4A");
	try_once(OUTCOME_DEFERRED, TEN + 1, "4A", "b@example.net");
	try_once(OUTCOME_ACCEPTED, TEN + 2, "4A", "b@example.net");
	tell(MESSAGE_REMOVED, TEN + 2, "postfix", "4A");
	assert_int_equal(sum().accepted, 0);
	tell(MESSAGE_BORN, TEN + 60, "postfix", "4B");
	assert_int_equal(sum().accepted, 1);
	assert_int_equal(queue.messages.live, 1);
}

static void
more_ends_than_there_is_room_for_are_all_counted(void **state)
{
	enum { MANY = 9000 };

	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		char id[16];

		(void)snprintf(id, sizeof(id), "%X", i);
		told_count = 0;
		tell(MESSAGE_BORN, TEN, "postfix", id);
		try_once(OUTCOME_ACCEPTED, TEN, id, "b@example.net");
		tell(MESSAGE_REMOVED, TEN, "postfix", id);
	}
	settle();
	assert_int_equal(messages(), MANY);
	assert_int_equal(sum().accepted, MANY);
	assert_int_equal(queue.messages.live, 0);
}

/* ------------------------------------------------------------------ */
/* Short ids come back */

static void
an_id_comes_back_after_its_message_left(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		tell(MESSAGE_BORN, TEN + i, "postfix", "4A");
		try_once(OUTCOME_ACCEPTED, TEN + i, "4A", "b@example.net");
		tell(MESSAGE_REMOVED, TEN + i, "postfix", "4A");
	}
	settle();
	assert_int_equal(messages(), 3);
	assert_int_equal(sum().accepted, 3);
	assert_int_equal(queue.messages.live, 0);
}

static void
an_id_comes_back_though_its_message_left_no_word(void **state)
{
	(void)state;
	tell(MESSAGE_BORN, TEN, "postfix", "4A");
	try_once(OUTCOME_DEFERRED, TEN + 1, "4A", "b@example.net");
	tell(MESSAGE_BORN, TEN + 3600, "postfix", "4A");
	try_once(OUTCOME_ACCEPTED, TEN + 3601, "4A", "b@example.net");
	tell(MESSAGE_REMOVED, TEN + 3602, "postfix", "4A");
	settle();
	assert_int_equal(messages(), 2);
	assert_int_equal(sum().accepted, 1);
	assert_int_equal(sum().deferred, 1);
	assert_int_equal(sum().expired, 1);
	assert_int_equal(queue.messages.live, 0);
}

static void
a_birth_told_in_two_lines_is_one(void **state)
{
	struct message_event event =
	    event_of(MESSAGE_BORN, TEN + 1, "postfix", "4A");
	const struct fact_sink *sink = correlate_sink(correlate);

	(void)state;
	tell(MESSAGE_BORN, TEN, "postfix", "4A");
	event.sender = SLICE("a@example.org");
	event.size_bytes = 777;
	assert_int_equal(sink->message(sink->ctx, &event, &err), MX_OK);
	try_once(OUTCOME_ACCEPTED, TEN + 2, "4A", "b@example.net");
	tell(MESSAGE_REMOVED, TEN + 3, "postfix", "4A");
	settle();
	assert_int_equal(messages(), 1);
	assert_string_equal(told[0].sender, "a@example.org");
	assert_int_equal(told[0].size_bytes, 777);
}

/* ------------------------------------------------------------------ */
/* Messages without a beginning */

static void
a_message_that_arrived_inside_the_input_is_whole(void **state)
{
	(void)state;
	correlate_begin_input(correlate, TEN - 100);
	try_once(OUTCOME_ACCEPTED, TEN, "4A", "b@example.net");
	tell(MESSAGE_REMOVED, TEN + 1, "postfix", "4A");
	settle();
	assert_int_equal(messages(), 1);
	assert_int_equal(store_open_messages(store), 0);
}

static void
a_message_that_arrived_before_the_input_waits_for_its_head(void **state)
{
	struct delivery fact =
	    attempt_of(OUTCOME_ACCEPTED, TEN, "4A", "b@example.net");

	(void)state;
	correlate_begin_input(correlate, TEN - 100);
	fact.delay_ms = 5000 * 1000;
	attempt(&fact);
	tell(MESSAGE_REMOVED, TEN + 1, "postfix", "4A");
	settle();
	assert_int_equal(messages(), 0);
	assert_int_equal(store_open_messages(store), 1);
	assert_int_equal(queue.messages.live, 0);
	/* the file before it is read later */
	correlate_begin_input(correlate, TEN - 9000);
	tell(MESSAGE_BORN, TEN - 5000, "postfix", "4A");
	try_once(OUTCOME_DEFERRED, TEN - 4999, "4A", "b@example.net");
	while (queue.oldest != POOL_NONE) {
		struct correlate_hooks hooks;

		store_hooks(store, &queue, &totals, &names, &hooks);
		assert_int_equal(hooks.set_aside(hooks.ctx, queue.oldest,
		    &err), MX_OK);
	}
	assert_int_equal(store_open_messages(store), 0);
	assert_int_equal(messages(), 1);
	assert_int_equal(sum().accepted, 1);
	assert_int_equal(sum().deferred, 1);
}

static void
a_message_of_an_earlier_run_is_taken_up_again(void **state)
{
	struct correlate_hooks hooks;

	(void)state;
	tell(MESSAGE_BORN, TEN, "postfix", "4A");
	try_once(OUTCOME_DEFERRED, TEN + 1, "4A", "b@example.net");
	store_hooks(store, &queue, &totals, &names, &hooks);
	assert_int_equal(hooks.set_aside(hooks.ctx, queue.oldest, &err),
	    MX_OK);
	assert_int_equal(queue.messages.live, 0);
	assert_int_equal(store_open_messages(store), 1);
	try_once(OUTCOME_ACCEPTED, TEN + 7200, "4A", "b@example.net");
	tell(MESSAGE_REMOVED, TEN + 7200, "postfix", "4A");
	settle();
	assert_int_equal(store_open_messages(store), 0);
	assert_int_equal(messages(), 1);
	assert_int_equal(sum().accepted, 1);
	assert_int_equal(sum().deferred, 1);
	assert_int_equal(sum().open, 0);
}

/* ------------------------------------------------------------------ */
/* Provider and source */

static void
a_domain_keeps_the_provider_of_its_last_mx(void **state)
{
	struct delivery fact =
	    attempt_of(OUTCOME_DEFERRED, TEN, "4A", "b@hosted.example");

	(void)state;
	fact.relay_host = fact.relay_ip = SLICE_NONE;
	attempt(&fact);
	fact.relay_host = SLICE(OUTLOOK_MX);
	fact.relay_ip = SLICE("192.0.2.25");
	attempt(&fact);
	fact.relay_host = fact.relay_ip = SLICE_NONE;
	attempt(&fact);
	fact.named_mx = SLICE("mx.example.net");
	attempt(&fact);
	fact.named_mx = SLICE_NONE;
	attempt(&fact);
	assert_string_equal(told[0].provider, "domain:hosted.example");
	assert_string_equal(told[1].provider, "microsoft-consumer");
	assert_string_equal(told[2].provider, "microsoft-consumer");
	assert_string_equal(told[3].provider, "mx:example.net");
	assert_string_equal(told[4].provider, "mx:example.net");
}

static void
a_providers_own_domain_needs_no_mx(void **state)
{
	struct delivery fact =
	    attempt_of(OUTCOME_DEFERRED, TEN, "4A", "b@outlook.com");

	(void)state;
	fact.relay_host = fact.relay_ip = SLICE_NONE;
	attempt(&fact);
	assert_string_equal(told[0].provider, "microsoft-consumer");
}

static void
an_address_that_a_reply_quotes_is_a_label(void **state)
{
	const struct delivery fact = refused(TEN, "4A", "b@outlook.com");
	const struct sending *info;
	uint32_t source;

	(void)state;
	attempt(&fact);
	try_once(OUTCOME_ACCEPTED, TEN + 1, "4B", "c@example.net");
	assert_string_equal(told[0].source_ip, "192.0.2.9");
	assert_int_equal(told[0].source_from, SOURCE_REPLY);
	assert_string_equal(told[1].source_ip, "");
	source = intern_find(&names.source, SLICE("mail/postfix"));
	assert_true(source != INTERN_NONE);
	assert_int_equal(rows_of_source("192.0.2.9"), 0);
	info = correlate_source(correlate, source);
	assert_true(info->has_label && !info->is_disputed);
	assert_true(slice_eq(info->label, SLICE("192.0.2.9")));
}

static void
replies_that_do_not_agree_give_no_label(void **state)
{
	struct delivery fact = refused(TEN, "4A", "b@outlook.com");
	uint32_t source;

	(void)state;
	attempt(&fact);
	fact.reply = SLICE("5.7.1 Unfortunately, messages from [192.0.2.10] "
	    "weren't sent. Please contact your Internet service provider "
	    "since part of their network is on our block list (S3140).");
	attempt(&fact);
	source = intern_find(&names.source, SLICE("mail/postfix"));
	assert_true(correlate_source(correlate, source)->is_disputed);
}

static void
an_address_of_the_log_is_the_source(void **state)
{
	struct delivery fact =
	    attempt_of(OUTCOME_ACCEPTED, TEN, "4A", "b@example.net");

	(void)state;
	fact.source_ip = SLICE("192.0.2.9");
	fact.source_from = SOURCE_LOG;
	attempt(&fact);
	assert_int_equal(told[0].source_from, SOURCE_LOG);
	assert_int_equal(rows_of_source("192.0.2.9"), 1);
	assert_int_equal(rows_of_source("mail/postfix"), 0);
}

static void
a_refusal_is_kept_with_its_words_and_its_place(void **state)
{
	struct delivery fact = refused(TEN, "4A", "b@outlook.com");
	const struct attempt *kept;

	(void)state;
	fact.where = (struct mx_where){ "mail.log", 4711 };
	fact.sender = SLICE("a@example.org");
	attempt(&fact);
	try_once(OUTCOME_DEFERRED, TEN, "4A", "c@example.net");
	assert_int_equal(totals.attempt_count, 1);
	kept = &totals.attempts[0];
	assert_true(kept->votes);
	assert_int_equal(kept->line, 4711);
	assert_int_equal(kept->arrival_utc, TEN - 1);
	assert_true(slice_eq(kept->words, SLICE(S3140)));
	assert_true(slice_eq(kept->relay, SLICE(OUTLOOK_MX)));
	assert_true(slice_eq(kept->sender, SLICE("a@example.org")));
	totals.keeps_attempts = true;
	try_once(OUTCOME_DEFERRED, TEN, "4A", "c@example.net");
	assert_int_equal(totals.attempt_count, 2);
	assert_false(totals.attempts[1].votes);
}

/* ------------------------------------------------------------------ */

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define TEST_STORE(name) \
	cmocka_unit_test_setup_teardown(name, set_up_store, tear_down)
#define TEST_FACTS(name) \
	cmocka_unit_test_setup_teardown(name, set_up_facts_only, tear_down)

static const struct CMUnitTest tests[] = {
	TEST(a_transport_of_another_name_shares_the_queue),
	TEST(two_instances_have_two_queues),
	TEST(a_transport_seen_before_its_queue_is_adopted),
	TEST(two_log_hosts_are_two_queues),
	TEST(two_aliases_of_one_mailbox_are_two_deliveries),
	TEST(an_alias_that_expires_is_told_with_both_names),
	TEST(deferrals_belong_to_the_day_of_the_first),
	TEST(a_large_list_is_one_message_and_all_its_deliveries),
	TEST(an_echo_is_no_attempt),
	TEST(an_echo_votes_for_nothing),
	TEST(probes_and_what_is_thrown_away_are_not_counted),
	TEST(a_fact_without_id_is_a_message_of_its_own),
	TEST(only_mail_to_others_has_a_provider),
	TEST(expiry_ends_every_open_recipient),
	TEST(expiry_of_nobody_known_is_told_without_recipient),
	TEST_FACTS(expiry_is_told_without_counting_too),
	TEST(a_line_that_comes_late_still_belongs_to_the_message),
	TEST(a_message_is_counted_soon_after_its_end),
	TEST(more_ends_than_there_is_room_for_are_all_counted),
	TEST(an_id_comes_back_after_its_message_left),
	TEST(an_id_comes_back_though_its_message_left_no_word),
	TEST(a_birth_told_in_two_lines_is_one),
	TEST_STORE(a_message_that_arrived_inside_the_input_is_whole),
	TEST_STORE(a_message_that_arrived_before_the_input_waits_for_its_head),
	TEST_STORE(a_message_of_an_earlier_run_is_taken_up_again),
	TEST(a_domain_keeps_the_provider_of_its_last_mx),
	TEST(a_providers_own_domain_needs_no_mx),
	TEST(an_address_that_a_reply_quotes_is_a_label),
	TEST(replies_that_do_not_agree_give_no_label),
	TEST(an_address_of_the_log_is_the_source),
	TEST(a_refusal_is_kept_with_its_words_and_its_place),
};

int
main(void)
{
	static const char *const dirs[] = { "analyzer/rules" };
	int failed;

	if (providers_open(dirs, 1, &providers, &err) != MX_OK ||
	    classifier_open(dirs, 1, &classifier, &err) != MX_OK) {
		(void)printf("1..1\nnot ok 1 - %s\n", err.text);
		return 1;
	}
	own = own_new();
	failed = cmocka_run_group_tests_name("correlate", tests, NULL, NULL);
	own_free(own);
	classifier_close(classifier);
	providers_close(providers);
	return failed;
}
