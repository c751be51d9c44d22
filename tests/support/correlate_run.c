/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/support/correlate_run.h"

#include <stdio.h>

struct correlate_run run;

int
run_open(void **state)
{
	static const char *const dirs[] = { "analyzer/rules" };

	(void)state;
	if (providers_open(dirs, 1, &run.providers, &run.err) != MX_OK ||
	    classifier_open(dirs, 1, &run.classifier, &run.err) != MX_OK)
		fail_msg("%s", run.err.text);
	run.own = own_new();
	return 0;
}

int
run_close(void **state)
{
	(void)state;
	own_free(run.own);
	classifier_close(run.classifier);
	providers_close(run.providers);
	return 0;
}

static void
copy_text(char *to, size_t room, struct slice text)
{
	(void)snprintf(to, room, "%.*s", SLICE_ARG(text));
}

static enum mx_code
note_delivery(void *ctx, const struct delivery *fact, struct mx_err *unused)
{
	struct told *to = &run.told[run.told_count++];

	(void)ctx;
	(void)unused;
	assert_true(run.told_count < TOLD_MAX);
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
	struct correlate_options options = { .names = &run.names,
		.queue = &run.queue, .totals = counts ? &run.totals : NULL,
		.providers = run.providers, .classifier = run.classifier,
		.own = run.own, .facts = &recorder };

	run.told_count = 0;
	names_init(&run.names);
	queue_init(&run.queue, run.names.seed);
	totals_init(&run.totals, &run.names, 3600);
	run.store = NULL;
	if (keeps) {
		assert_int_equal(store_open(STORE_PRIVATE, NULL, 3600, 0,
		    &run.store, &run.err), MX_OK);
		store_hooks(run.store, &run.queue, &run.totals, &run.names,
		    &options.hooks);
	}
	run.correlate = correlate_new(&options);
	/* as if lines of every hour had been read: nothing can be missing */
	for (int64_t utc = TEN - 36000; utc < TEN + 8 * 86400; utc += 3600)
		queue_cover(&run.queue,
		    names_id(&run.names.host, SLICE("mail")), utc);
	correlate_begin_input(run.correlate, TEN - 3600);
}

int
run_set_up(void **state)
{
	(void)state;
	open_with(true, false);
	return 0;
}

int
run_set_up_store(void **state)
{
	(void)state;
	open_with(true, true);
	return 0;
}

int
run_set_up_facts_only(void **state)
{
	(void)state;
	open_with(false, false);
	return 0;
}

int
run_tear_down(void **state)
{
	(void)state;
	correlate_free(run.correlate);
	store_close(run.store);
	totals_release(&run.totals);
	queue_release(&run.queue);
	names_release(&run.names);
	return 0;
}

struct message_event
run_event_of(enum message_event_kind kind, int64_t utc, const char *instance,
    const char *id)
{
	return (struct message_event){ .kind = kind, .at = { .utc = utc },
		.mta = "postfix", .host = SLICE("mail"),
		.instance = slice_str(instance), .agent = SLICE("qmgr"),
		.id = slice_str(id), .size_bytes = -1, .recipient_count = -1,
		.where = { "mail.log", 1 } };
}

void
run_tell(enum message_event_kind kind, int64_t utc, const char *instance,
    const char *id)
{
	const struct message_event event =
	    run_event_of(kind, utc, instance, id);
	const struct fact_sink *sink = correlate_sink(run.correlate);

	assert_int_equal(sink->message(sink->ctx, &event, &run.err), MX_OK);
}

struct delivery
run_attempt_of(enum outcome outcome, int64_t utc, const char *id,
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

void
run_attempt(const struct delivery *fact)
{
	const struct fact_sink *sink = correlate_sink(run.correlate);

	assert_int_equal(sink->delivery(sink->ctx, fact, &run.err), MX_OK);
}

void
run_try(enum outcome outcome, int64_t utc, const char *id,
    const char *recipient)
{
	const struct delivery fact =
	    run_attempt_of(outcome, utc, id, recipient);

	run_attempt(&fact);
}

struct delivery
run_refused(int64_t utc, const char *id, const char *recipient)
{
	struct delivery fact =
	    run_attempt_of(OUTCOME_BOUNCED, utc, id, recipient);

	fact.relay_host = SLICE(OUTLOOK_MX);
	fact.reply = SLICE(S3140);
	fact.dsn = SLICE("5.7.1");
	fact.reply_code = 550;
	fact.stage = STAGE_MAIL;
	return fact;
}

void
run_settle(void)
{
	assert_int_equal(correlate_settle(run.correlate, &run.err), MX_OK);
}

struct total_row
run_sum(void)
{
	struct total_row all = { 0 };

	for (uint32_t i = 0; i < run.totals.rows.used; i++) {
		const struct total_row *row = pool_at(&run.totals.rows, i);

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

uint32_t
run_rows_of_source(const char *name)
{
	uint32_t source = intern_find(&run.names.source, slice_str(name));
	uint32_t count = 0;

	for (uint32_t i = 0; i < run.totals.rows.used; i++) {
		const struct total_row *row = pool_at(&run.totals.rows, i);

		count += row->key.source == source;
	}
	return count;
}

uint32_t
run_rows_of_provider(const char *name)
{
	uint32_t provider = intern_find(&run.names.provider, slice_str(name));
	uint32_t count = 0;

	for (uint32_t i = 0; i < run.totals.rows.used; i++) {
		const struct total_row *row = pool_at(&run.totals.rows, i);

		count += row->key.provider == provider;
	}
	return count;
}

int64_t
run_messages(void)
{
	int64_t count = (int64_t)run_sum().messages;

	for (uint32_t i = 0; i < run.totals.gaps.used; i++) {
		const struct gap_row *gap = pool_at(&run.totals.gaps, i);

		if (gap->key.group == GROUP_ALL && gap->key.gap_s == 0)
			count += gap->count;
	}
	return count;
}
