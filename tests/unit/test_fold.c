/* SPDX-License-Identifier: BSD-2-Clause */
/* How many distinct messages a group has in a window must come out of sums.
 * The check is the definition itself: random messages with many attempts,
 * and for random windows and every group the set of messages that were tried
 * there, counted by looking at each attempt. The same for votes. */
#include "analyzer/fold.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "tests/support/cases.h"
#include "tests/support/chance.h"

enum { SOURCES = 3, DOMAINS = 5, REMOTE = 4, SLOTS = 60, MESSAGES = 150,
	TRIES = 30 };
/* Providers: ":local", ":internal", and remote ones behind them. */
enum { PROVIDERS = PROVIDER_UNKNOWN + REMOTE };

static struct names names;
static struct queue queue;
static struct totals totals;

static void
open_all(int64_t slot_s)
{
	names_init(&names);
	queue_init(&queue, names.seed);
	totals_init(&totals, &names, slot_s);
}

static void
close_all(void)
{
	totals_release(&totals);
	queue_release(&queue);
	names_release(&names);
}

/* ------------------------------------------------------------------ */
/* The naive count */

struct attempted {
	uint32_t message, source, provider, domain;
	int64_t utc;
	bool accepted;
};

struct history {
	struct attempted list[MESSAGES * TRIES];
	size_t count;
	int64_t slot_s;
};

static bool
is_in_group(const struct attempted *it, enum total_group group,
    const struct total_key *key)
{
	bool remote = provider_is_remote(it->provider);

	switch (group) {
	case GROUP_ROW:
		return it->source == key->source &&
		    it->provider == key->provider && it->domain == key->domain;
	case GROUP_PAIR:
		return it->source == key->source &&
		    it->provider == key->provider;
	case GROUP_PROVIDER:
		return it->provider == key->provider;
	case GROUP_SOURCE:
		return remote && it->source == key->source;
	case GROUP_DOMAIN:
		return remote && it->domain == key->domain;
	case GROUP_ALL:
		return remote;
	case TOTAL_GROUPS:
		break;
	}
	return false;
}

static int64_t
naive_messages(const struct history *history, enum total_group group,
    const struct total_key *key, int64_t since, int64_t until)
{
	bool is_seen[MESSAGES] = { false };
	int64_t count = 0;

	for (size_t i = 0; i < history->count; i++) {
		const struct attempted *it = &history->list[i];

		if (it->utc < since || it->utc >= until ||
		    !is_in_group(it, group, key) || is_seen[it->message])
			continue;
		is_seen[it->message] = true;
		count++;
	}
	return count;
}

/* ------------------------------------------------------------------ */
/* The count out of sums, as analyzer/totals.h says it */

static bool
row_is_in(const struct total_key *row, enum total_group group,
    const struct total_key *key)
{
	const struct attempted as_attempt = { .source = row->source,
		.provider = row->provider, .domain = row->domain };

	return is_in_group(&as_attempt, group, key);
}

static bool
opens(int64_t slot, int64_t gap_s, int64_t since, int64_t until)
{
	return slot >= since && slot < until &&
	    (gap_s == 0 || slot - gap_s < since);
}

static bool
is_groups_own(const struct gap_key *gap, enum total_group group,
    const struct total_key *key)
{
	bool has_source = group == GROUP_PAIR || group == GROUP_SOURCE;
	bool has_provider = group == GROUP_PAIR || group == GROUP_PROVIDER;

	return gap->group == (uint32_t)group &&
	    (has_source ? gap->source == key->source :
	    gap->source == INTERN_NONE) &&
	    (has_provider ? gap->provider == key->provider :
	    gap->provider == INTERN_NONE) &&
	    (group == GROUP_DOMAIN ? gap->domain == key->domain :
	    gap->domain == INTERN_NONE);
}

static int64_t
summed_messages(enum total_group group, const struct total_key *key,
    int64_t since, int64_t until)
{
	int64_t count = 0;

	for (uint32_t i = 0; i < totals.rows.used; i++) {
		const struct total_row *row = pool_at(&totals.rows, i);

		if (row_is_in(&row->key, group, key) &&
		    opens(row->key.slot, 0, since, until))
			count += row->messages;
	}
	for (uint32_t i = 0; i < totals.gaps.used; i++) {
		const struct gap_row *gap = pool_at(&totals.gaps, i);
		const struct total_key row = { .source = gap->key.source,
			.provider = gap->key.provider,
			.domain = gap->key.domain };
		bool counts = gap->key.group == GROUP_ROW ?
		    row_is_in(&row, group, key) :
		    is_groups_own(&gap->key, group, key);

		if (counts && opens(gap->key.slot, gap->key.gap_s, since,
		    until))
			count += gap->count;
	}
	return count;
}

/* ------------------------------------------------------------------ */
/* Random messages */

static void
try_once(struct history *history, uint32_t number, uint32_t message,
    struct chance *chance, int64_t utc)
{
	struct attempted *it = &history->list[history->count++];
	struct touch key, *touch;

	*it = (struct attempted){ .message = message,
		.source = chance_below(chance, SOURCES),
		.provider = chance_below(chance, PROVIDERS),
		.domain = chance_below(chance, DOMAINS),
		.utc = utc, .accepted = chance_hits(chance, 40) };
	key = (struct touch){ .source = it->source, .provider = it->provider,
		.domain = it->domain, .slot = totals_slot(&totals, utc) };
	touch = queue_touch(&queue, number, &key);
	if (it->accepted && utc < touch->accepted_utc)
		touch->accepted_utc = utc;
}

static void
make_history(struct history *history, struct chance *chance, int64_t slot_s)
{
	history->count = 0;
	history->slot_s = slot_s;
	for (uint32_t m = 0; m < MESSAGES; m++) {
		uint32_t tries = 1 + chance_below(chance, TRIES);
		/* few places for some, so that one slot is met often */
		uint32_t span = chance_hits(chance, 50) ? 4 : SLOTS;
		char id[16];
		uint32_t number;

		(void)snprintf(id, sizeof(id), "%X", m);
		number = queue_add(&queue, 0, 0, slice_str(id));
		for (uint32_t i = 0; i < tries; i++)
			try_once(history, number, m, chance,
			    (int64_t)chance_below(chance,
			    span * (uint32_t)slot_s));
		fold_message(&totals, &queue, queue_message(&queue, number));
		queue_remove(&queue, number);
	}
}

static void
check_window(const struct history *history, int64_t since, int64_t until)
{
	for (int group = GROUP_ROW; group < TOTAL_GROUPS; group++)
		for (uint32_t i = 0; i < SOURCES * PROVIDERS * DOMAINS; i++) {
			const struct total_key key = {
				.source = i % SOURCES,
				.provider = i / SOURCES % PROVIDERS,
				.domain = i / SOURCES / PROVIDERS,
			};

			assert_int_equal(summed_messages(
			    (enum total_group)group, &key, since, until),
			    naive_messages(history, (enum total_group)group,
			    &key, since, until));
			if (group == GROUP_ALL)
				break;
		}
}

static const struct messages_case {
	const char *name;
	uint64_t seed;
	int64_t slot_s;
} messages_cases[] = {
	{ "messages_are_counted_once_in_any_window_of_hours", 1, 3600 },
	{ "messages_are_counted_once_in_any_window_of_hours_2", 2, 3600 },
	{ "messages_are_counted_once_in_any_window_of_quarters", 3, 900 },
};

static void
run_messages(void **state)
{
	const struct messages_case *it = *state;
	struct chance chance = { it->seed };
	struct history *history = malloc(sizeof(*history));

	assert_non_null(history);
	open_all(it->slot_s);
	make_history(history, &chance, it->slot_s);
	check_window(history, 0, SLOTS * it->slot_s);
	for (int i = 0; i < 12; i++) {
		int64_t a = chance_below(&chance, SLOTS);
		int64_t b = a + chance_below(&chance, 6);

		check_window(history, a * it->slot_s, b * it->slot_s);
	}
	close_all();
	free(history);
}

/* ------------------------------------------------------------------ */
/* Votes */

/* Every moment of acceptance that some touch holds: the first of a message
 * by source, provider, domain and slot. The naive count takes the votes of
 * the same set from the definition: one for each message, source, provider
 * and clock hour, at its first moment. */
static void
naive_votes(const struct history *history, uint32_t source,
    uint32_t provider, int64_t *votes_r, int64_t *moments_r)
{
	*votes_r = *moments_r = 0;
	for (uint32_t m = 0; m < MESSAGES; m++)
		for (int64_t hour = 0; hour < SLOTS; hour++) {
			int64_t first = INT64_MAX;

			for (size_t i = 0; i < history->count; i++) {
				const struct attempted *it = &history->list[i];

				if (it->message == m && it->accepted &&
				    it->source == source &&
				    it->provider == provider &&
				    it->utc / 3600 == hour && it->utc < first)
					first = it->utc;
			}
			if (first == INT64_MAX)
				continue;
			++*votes_r;
			*moments_r += first;
		}
}

static void
summed_votes(uint32_t source, uint32_t provider, int64_t *votes_r,
    int64_t *moments_r)
{
	*votes_r = *moments_r = 0;
	for (uint32_t i = 0; i < totals.rows.used; i++) {
		const struct total_row *row = pool_at(&totals.rows, i);
		const uint8_t *from = bytes_ptr(&row->accept_votes);

		if (row->key.source != source || row->key.provider != provider)
			continue;
		for (uint32_t b = 0; b < row->accept_votes.len; b += 2) {
			uint16_t second;

			memcpy(&second, from + b, sizeof(second));
			++*votes_r;
			*moments_r += row->key.slot + second;
		}
	}
}

static void
run_votes(void **state)
{
	const struct messages_case *it = *state;
	struct chance chance = { it->seed + 100 };
	struct history *history = malloc(sizeof(*history));

	assert_non_null(history);
	open_all(it->slot_s);
	make_history(history, &chance, it->slot_s);
	for (uint32_t source = 0; source < SOURCES; source++)
		for (uint32_t p = 0; p < PROVIDERS; p += 2) {
			int64_t votes, moments, want_votes, want_moments;

			naive_votes(history, source, p, &want_votes,
			    &want_moments);
			summed_votes(source, p, &votes, &moments);
			assert_int_equal(votes, want_votes);
			assert_int_equal(moments, want_moments);
		}
	close_all();
	free(history);
}

static const struct messages_case votes_cases[] = {
	{ "a_message_accepts_once_an_hour_by_provider_and_source", 1, 3600 },
	{ "quarters_of_an_hour_make_no_more_votes", 2, 900 },
};

/* ------------------------------------------------------------------ */
/* Deliveries */

static const struct delivery_case {
	const char *name;
	enum outcome outcome;
	bool has_tail, is_expired;
	uint32_t deferrals;
	bool is_blocked;
	/* accepted, bounced, expired, open, deferred, blocked */
	uint32_t want[6];
} delivery_cases[] = {
	{ "accepted_at_once", OUTCOME_ACCEPTED, true, false, 0, false,
	  { 1, 0, 0, 0, 0, 0 } },
	{ "accepted_after_a_deferral_is_both", OUTCOME_ACCEPTED, true, false,
	  3, false, { 1, 0, 0, 0, 1, 0 } },
	{ "bounced_by_a_block", OUTCOME_BOUNCED, true, false, 0, true,
	  { 0, 1, 0, 0, 0, 1 } },
	{ "expired_after_deferrals", OUTCOME_EXPIRED, true, true, 40, true,
	  { 0, 0, 1, 0, 1, 1 } },
	{ "still_deferred_is_open", OUTCOME_DEFERRED, false, false, 2, true,
	  { 0, 0, 0, 1, 1, 1 } },
	{ "only_echoes_so_far_is_open_and_not_deferred", OUTCOME_DEFERRED,
	  false, false, 0, false, { 0, 0, 0, 1, 0, 0 } },
	{ "deferred_when_the_message_left_the_queue_is_expired",
	  OUTCOME_DEFERRED, true, false, 2, false, { 0, 0, 1, 0, 1, 0 } },
	{ "deferred_after_the_message_expired_is_expired", OUTCOME_DEFERRED,
	  false, true, 2, false, { 0, 0, 1, 0, 1, 0 } },
};

static void
run_delivery(void **state)
{
	const struct delivery_case *it = *state;
	const struct total_key key = { .slot = 3600, .source = 1,
		.provider = 5, .domain = 2 };
	const struct total_row *row;
	struct recipient *rcpt;
	struct message *message;
	uint32_t number;

	open_all(3600);
	number = queue_add(&queue, 0, 0, SLICE("4A"));
	message = queue_message(&queue, number);
	message->has_tail = it->has_tail;
	message->is_expired = it->is_expired;
	rcpt = queue_add_recipient(&queue, number, SLICE("b@example.net"));
	rcpt->source = 1;
	rcpt->provider = 5;
	rcpt->domain = 2;
	rcpt->first_utc = 3600 + 17;
	rcpt->last_utc = 9000;
	rcpt->outcome = it->outcome;
	rcpt->deferrals = it->deferrals;
	rcpt->is_blocked = it->is_blocked;
	rcpt->delay_ms = it->outcome == OUTCOME_ACCEPTED ? 1000 : -1;
	fold_message(&totals, &queue, message);
	assert_int_equal(totals.rows.used, 1);
	row = totals_row(&totals, &key);
	assert_int_equal(row->accepted, it->want[0]);
	assert_int_equal(row->bounced, it->want[1]);
	assert_int_equal(row->expired, it->want[2]);
	assert_int_equal(row->open, it->want[3]);
	assert_int_equal(row->deferred, it->want[4]);
	assert_int_equal(row->blocked, it->want[5]);
	assert_int_equal(row->delays.len, it->want[0]);
	close_all();
}

/* ------------------------------------------------------------------ */
/* For which reasons a delivery failed */

static uint32_t
reply_of(uint32_t provider, const char *reason, const char *token,
    const char *masked)
{
	struct reply_kind kind = { .provider = provider,
		.fingerprint = hash_stable(slice_str(masked),
		    HASH_STABLE_START),
		.masked = slice_str(masked), .reason = slice_str(reason),
		.token = slice_str(token), .sample = slice_str(masked) };

	return totals_reply(&totals, &kind);
}

static uint32_t
deliveries_of(uint32_t reply, int64_t slot)
{
	const struct reply_key key = { .slot = slot, .source = 1,
		.reply = reply };

	return totals_reply_row(&totals, &key)->deliveries;
}

static void
a_delivery_counts_once_for_each_reason_and_token(void **state)
{
	uint32_t number, block, same, later, other;
	struct recipient *rcpt;

	(void)state;
	open_all(3600);
	block = reply_of(5, "ip-block", "S3140", "one wording");
	same = reply_of(5, "ip-block", "S3140", "another wording");
	later = reply_of(5, "ip-block", "S3150", "one wording");
	other = reply_of(6, "ip-block", "S3140", "one wording");
	number = queue_add(&queue, 0, 0, SLICE("4A"));
	rcpt = queue_add_recipient(&queue, number, SLICE("b@example.net"));
	rcpt->source = 1;
	rcpt->first_utc = 100;
	queue_recipient_failed(rcpt, block, 8000);
	queue_recipient_failed(rcpt, same, 100);
	queue_recipient_failed(rcpt, later, 4000);
	queue_recipient_failed(rcpt, other, 9000);
	fold_message(&totals, &queue, queue_message(&queue, number));
	assert_int_equal(deliveries_of(same, 0), 1);
	assert_int_equal(deliveries_of(block, 7200), 0);
	assert_int_equal(deliveries_of(later, 3600), 1);
	assert_int_equal(deliveries_of(other, 7200), 1);
	close_all();
}

static void
two_failures_of_one_second_count_once(void **state)
{
	uint32_t number, one, two;
	struct recipient *rcpt;

	(void)state;
	open_all(3600);
	one = reply_of(5, "ip-block", "", "one wording");
	two = reply_of(5, "ip-block", "", "another wording");
	number = queue_add(&queue, 0, 0, SLICE("4A"));
	rcpt = queue_add_recipient(&queue, number, SLICE("b@example.net"));
	rcpt->source = 1;
	rcpt->first_utc = 100;
	queue_recipient_failed(rcpt, one, 100);
	queue_recipient_failed(rcpt, two, 100);
	fold_message(&totals, &queue, queue_message(&queue, number));
	assert_int_equal(deliveries_of(one, 0) + deliveries_of(two, 0), 1);
	close_all();
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, messages_cases, run_messages);
	CASES_ADD_TABLE(&cases, votes_cases, run_votes);
	CASES_ADD_TABLE(&cases, delivery_cases, run_delivery);
	cases_add(&cases, "a_delivery_counts_once_for_each_reason_and_token",
	    a_delivery_counts_once_for_each_reason_and_token, NULL);
	cases_add(&cases, "two_failures_of_one_second_count_once",
	    two_failures_of_one_second_count_once, NULL);
	return cases_run(&cases);
}
