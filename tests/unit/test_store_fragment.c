/* SPDX-License-Identifier: BSD-2-Clause */
/* A message as a blob: the same in any store, and no damage does more than be
 * told, not even when the damaged message is counted. */
#include "analyzer/store_priv.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/fold.h"
#include "tests/support/cases.h"
#include "tests/support/chance.h"

enum { BLOB_MAX = 16 * 1024 * 1024 };

/* One run's names, messages and sums. */
struct world {
	struct names names;
	struct queue queue;
	struct totals totals;
};

static struct world *
open_world(void)
{
	struct world *world = calloc(1, sizeof(*world));

	assert_non_null(world);
	names_init(&world->names);
	queue_init(&world->queue, world->names.seed);
	totals_init(&world->totals, &world->names, 3600);
	return world;
}

static void
close_world(struct world *world)
{
	totals_release(&world->totals);
	queue_release(&world->queue);
	names_release(&world->names);
	free(world);
}

static uint32_t
named(struct intern *table, const char *kind, uint32_t number)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "%s%u.example", kind, number);
	return names_id(table, slice_str(text));
}

static uint32_t
add_kind(struct world *world, uint32_t number)
{
	char token[32], sample[64];
	struct reply_kind kind = {
		.provider = named(&world->names.provider, "mx:n",
		    number % 3),
		.fingerprint = 0xfedcba9876543210u ^ number,
		.masked = SLICE("550 5.7.1 <ip> is on our block list"),
		.reason = SLICE("ip-block"), .scope = SLICE("ip-range"),
		.severity = SLICE("block"), .rule = SLICE("a-rule"),
		.sample_utc = 1700000000, .is_explicit = number % 2 != 0,
		.votes = true };

	(void)snprintf(token, sizeof(token), "S%u", 3140 + number);
	(void)snprintf(sample, sizeof(sample), "550 5.7.1 192.0.2.%u blocked",
	    number);
	kind.token = slice_str(token);
	kind.sample = slice_str(sample);
	return totals_reply(&world->totals, &kind);
}

static void
add_recipient(struct world *world, uint32_t message, uint32_t number,
    struct chance *chance)
{
	char text[64];
	struct recipient *rcpt;

	(void)snprintf(text, sizeof(text), "user%u@n%u.example", number,
	    number % 5);
	rcpt = queue_add_recipient(&world->queue, message, slice_str(text));
	rcpt->source = named(&world->names.source, "out", number % 2);
	rcpt->provider = named(&world->names.provider, "mx:n",
	    number % 3);
	rcpt->domain = named(&world->names.domain, "n", number % 5);
	rcpt->first_utc = 1700000000 + chance_below(chance, 10000);
	rcpt->last_utc = rcpt->first_utc + chance_below(chance, 10000);
	rcpt->outcome = (enum outcome)chance_below(chance, 4);
	rcpt->delay_ms = chance_hits(chance, 50) ? -1 :
	    (int64_t)chance_below(chance, 100000);
	rcpt->deferrals = chance_below(chance, 300);
	rcpt->is_blocked = chance_hits(chance, 50);
	rcpt->has_provider = chance_hits(chance, 50);
	rcpt->has_attempt = chance_hits(chance, 50);
	for (uint32_t i = chance_below(chance, 4); i > 0; i--)
		queue_recipient_failed(rcpt,
		    add_kind(world, chance_below(chance, 6)),
		    rcpt->first_utc + i);
	queue_message(&world->queue, message)->open_count +=
	    rcpt->outcome == OUTCOME_DEFERRED;
}

static uint32_t
add_message(struct world *world, uint64_t seed, uint32_t recipients)
{
	struct chance chance = { seed };
	uint32_t number = queue_add(&world->queue,
	    named(&world->names.host, "mail", 1),
	    named(&world->names.instance, "postfix-out", 1),
	    SLICE("4cXyZ12abcD"));
	struct message *message = queue_message(&world->queue, number);

	message->has_head = chance_hits(&chance, 50);
	message->has_tail = chance_hits(&chance, 50);
	message->is_expired = chance_hits(&chance, 50);
	if (chance_hits(&chance, 70))
		queue_set_sender(message, SLICE("sender@example.org"));
	if (message->has_sender && chance_hits(&chance, 50))
		message->sender_mark = UINT64_MAX - seed;
	message->size_bytes = chance_hits(&chance, 50) ? -1 : 123456;
	message->first_utc = 1700000000;
	message->last_utc = 1700009999;
	message->arrival_utc = chance_hits(&chance, 50) ? INT64_MIN :
	    1699999999;
	message->removed_utc = message->has_tail ? 1700010000 : 0;
	for (uint32_t i = 0; i < recipients; i++) {
		struct touch key = {
			.source = named(&world->names.source, "out",
			    i % 2),
			.provider = named(&world->names.provider,
			    "mx:n", i % 3),
			.domain = named(&world->names.domain, "n",
			    i % 5),
			.slot = 1700000000 / 3600 * 3600 + 3600 * (i % 4) };
		struct touch *touch = queue_touch(&world->queue, number, &key);

		if (chance_hits(&chance, 50))
			touch->accepted_utc = key.slot + 17 + i % 3000;
		add_recipient(world, number, i, &chance);
	}
	return number;
}

static void
encode(struct strbuf *out, const struct world *world, uint32_t number)
{
	fragment_encode(out, &world->queue, &world->totals, &world->names,
	    queue_message(&world->queue, number));
	assert_false(out->is_cut);
}

static enum mx_code
decode(struct world *world, struct slice blob, uint32_t *number_r)
{
	struct mx_err err;

	return fragment_decode(blob, &world->queue, &world->totals,
	    &world->names, number_r, &err);
}

/* ------------------------------------------------------------------ */

static const struct size_case {
	const char *name;
	uint64_t seed;
	uint32_t recipients;
} size_cases[] = {
	{ "a_message_without_recipients_comes_back", 1, 0 },
	{ "one_recipient_comes_back", 2, 1 },
	{ "a_few_recipients_come_back", 3, 7 },
	{ "other_flags_come_back", 4, 7 },
	{ "still_others_come_back", 5, 7 },
	{ "ten_thousand_recipients_come_back", 6, 10000 },
};

/* The lists turn round on the way; after two ways they are as before. */
static void
run_round_trip(void **state)
{
	const struct size_case *it = *state;
	struct world *a = open_world(), *b = open_world(), *c = open_world();
	struct strbuf first, second, third;
	uint32_t number;

	strbuf_init(&first, BLOB_MAX);
	strbuf_init(&second, BLOB_MAX);
	strbuf_init(&third, BLOB_MAX);
	/* other names first, so that the numbers differ */
	(void)named(&b->names.host, "other", 1);
	(void)named(&b->names.domain, "other", 1);
	encode(&first, a, add_message(a, it->seed, it->recipients));
	assert_int_equal(decode(b, strbuf_slice(&first), &number), MX_OK);
	assert_int_equal(queue_message(&b->queue, number)->open_count,
	    queue_message(&a->queue, 0)->open_count);
	assert_false(queue_message(&b->queue, number)->is_dirty);
	encode(&second, b, number);
	assert_int_equal(second.len, first.len);
	assert_int_equal(decode(c, strbuf_slice(&second), &number), MX_OK);
	encode(&third, c, number);
	assert_int_equal(third.len, first.len);
	assert_memory_equal(third.ptr, first.ptr, first.len);
	strbuf_release(&first);
	strbuf_release(&second);
	strbuf_release(&third);
	close_world(a);
	close_world(b);
	close_world(c);
}

struct sums {
	uint64_t messages, accepted, deferred, bounced, expired, open, blocked;
	uint64_t votes, delays, gaps, reply_deliveries;
};

static struct sums
sum_up(const struct world *world)
{
	struct sums sums = { 0 };

	for (uint32_t i = 0; i < world->totals.rows.used; i++) {
		const struct total_row *row = pool_at(&world->totals.rows, i);

		sums.messages += row->messages;
		sums.accepted += row->accepted;
		sums.deferred += row->deferred;
		sums.bounced += row->bounced;
		sums.expired += row->expired;
		sums.open += row->open;
		sums.blocked += row->blocked;
		sums.votes += row->accept_votes.len;
		sums.delays += row->delays.len;
	}
	for (uint32_t i = 0; i < world->totals.gaps.used; i++) {
		const struct gap_row *gap = pool_at(&world->totals.gaps, i);

		sums.gaps += (uint64_t)gap->count;
	}
	for (uint32_t i = 0; i < world->totals.reply_rows.used; i++) {
		const struct reply_row *row =
		    pool_at(&world->totals.reply_rows, i);

		sums.reply_deliveries += row->deliveries;
	}
	return sums;
}

static void
it_counts_as_much_after_the_way_as_before(void **state)
{
	struct world *a = open_world(), *b = open_world();
	struct strbuf blob;
	struct sums want, got;
	uint32_t number = add_message(a, 9, 500);

	(void)state;
	strbuf_init(&blob, BLOB_MAX);
	encode(&blob, a, number);
	fold_message(&a->totals, &a->queue, queue_message(&a->queue, number));
	assert_int_equal(decode(b, strbuf_slice(&blob), &number), MX_OK);
	fold_message(&b->totals, &b->queue, queue_message(&b->queue, number));
	want = sum_up(a);
	got = sum_up(b);
	assert_memory_equal(&got, &want, sizeof(got));
	strbuf_release(&blob);
	close_world(a);
	close_world(b);
}

/* ------------------------------------------------------------------ */
/* Damage */

static void
try_damaged(struct world *world, struct slice blob)
{
	uint32_t number = POOL_NONE;
	enum mx_code code = decode(world, blob, &number);

	if (code == MX_OK) {
		fold_message(&world->totals, &world->queue,
		    queue_message(&world->queue, number));
		queue_remove(&world->queue, number);
	} else {
		assert_int_equal(code, MX_E_DATA);
	}
	assert_int_equal(world->queue.messages.live, 0);
	assert_int_equal(world->queue.touches.live, 0);
	assert_int_equal(world->queue.recipients.live, 0);
}

static void
no_changed_byte_does_more_than_be_told(void **state)
{
	static const unsigned char changes[] = { 0x01, 0x02, 0x10, 0x40, 0x80,
		0x7f, 0xff };
	struct world *a = open_world(), *b = open_world();
	struct strbuf blob;

	(void)state;
	strbuf_init(&blob, BLOB_MAX);
	for (uint64_t seed = 1; seed < 6; seed++) {
		encode(&blob, a, add_message(a, seed, 6));
		for (size_t i = 0; i < blob.len; i++)
			for (size_t c = 0; c < sizeof(changes); c++) {
				blob.ptr[i] = (char)(blob.ptr[i] ^ changes[c]);
				try_damaged(b, strbuf_slice(&blob));
				blob.ptr[i] = (char)(blob.ptr[i] ^ changes[c]);
			}
	}
	strbuf_release(&blob);
	close_world(a);
	close_world(b);
}

static void
a_blob_that_ends_early_is_told(void **state)
{
	struct world *a = open_world(), *b = open_world();
	struct strbuf blob;
	uint32_t number;

	(void)state;
	strbuf_init(&blob, BLOB_MAX);
	encode(&blob, a, add_message(a, 3, 6));
	for (size_t len = 0; len < blob.len; len++)
		assert_int_equal(decode(b, slice_of(blob.ptr, len), &number),
		    MX_E_DATA);
	assert_int_equal(decode(b, SLICE_NONE, &number), MX_E_DATA);
	strbuf_release(&blob);
	close_world(a);
	close_world(b);
}

static void
random_bytes_are_no_message(void **state)
{
	struct chance chance = { 8 };
	struct world *world = open_world();

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char bytes[200];
		size_t len = chance_below(&chance, sizeof(bytes));

		for (size_t i = 0; i < len; i++)
			bytes[i] = (char)chance_below(&chance,
			    round % 2 == 0 ? 256 : 6);
		if (len != 0)
			bytes[0] = 1;
		try_damaged(world, slice_of(bytes, len));
	}
	close_world(world);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, size_cases, run_round_trip);
	cases_add(&cases, "it_counts_as_much_after_the_way_as_before",
	    it_counts_as_much_after_the_way_as_before, NULL);
	cases_add(&cases, "a_blob_that_ends_early_is_told",
	    a_blob_that_ends_early_is_told, NULL);
	cases_add(&cases, "random_bytes_are_no_message",
	    random_bytes_are_no_message, NULL);
	cases_add(&cases, "no_changed_byte_does_more_than_be_told",
	    no_changed_byte_does_more_than_be_told, NULL);
	return cases_run(&cases);
}
