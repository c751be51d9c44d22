/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows are found by their whole key and only ever grow; kinds of reply keep
 * their number and their earliest sample; delay buckets are as wide as they
 * say. */
#include "analyzer/totals.h"

#include <math.h>

#include "tests/support/cases.h"

static struct names names;
static struct totals totals;

static int
set_up(void **state)
{
	(void)state;
	names_init(&names);
	totals_init(&totals, &names, 3600);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	totals_release(&totals);
	names_release(&names);
	return 0;
}

/* ------------------------------------------------------------------ */
/* Slots */

static const struct slot_case {
	const char *name;
	int64_t slot_s, utc, want;
} slot_cases[] = {
	{ "a_slot_holds_its_first_second", 3600, 7200, 7200 },
	{ "a_slot_holds_its_last_second", 3600, 10799, 7200 },
	{ "a_quarter_is_a_slot_too", 900, 10799, 9900 },
	{ "before_1970_slots_begin_earlier_not_later", 3600, -1, -3600 },
	{ "a_slot_before_1970_holds_its_first_second", 3600, -3600, -3600 },
};

static void
run_slot(void **state)
{
	const struct slot_case *it = *state;
	const struct totals some = { .slot_s = it->slot_s };

	assert_int_equal(totals_slot(&some, it->utc), it->want);
}

/* ------------------------------------------------------------------ */
/* Rows */

static void
a_row_is_found_by_its_whole_key(void **state)
{
	const struct total_key keys[] = {
		{ .slot = 0, .source = 1, .provider = 2, .domain = 3 },
		{ .slot = 3600, .source = 1, .provider = 2, .domain = 3 },
		{ .slot = 0, .source = 4, .provider = 2, .domain = 3 },
		{ .slot = 0, .source = 1, .provider = 4, .domain = 3 },
		{ .slot = 0, .source = 1, .provider = 2, .domain = 4 },
	};
	const uint32_t count = sizeof(keys) / sizeof(keys[0]);

	(void)state;
	for (uint32_t round = 0; round < 2; round++)
		for (uint32_t i = 0; i < count; i++)
			totals_row(&totals, &keys[i])->accepted += i + 1;
	assert_int_equal(totals.rows.used, count);
	for (uint32_t i = 0; i < count; i++)
		assert_int_equal(totals_row(&totals, &keys[i])->accepted,
		    2 * (i + 1));
}

static void
a_row_stays_in_its_place_while_others_come(void **state)
{
	enum { MANY = 20000 };
	const struct total_key first = { .slot = -1 };
	struct total_row *row = totals_row(&totals, &first);

	(void)state;
	row->bounced = 77;
	for (uint32_t i = 0; i < MANY; i++) {
		struct total_key key = { .slot = 3600 * (int64_t)(i % 50),
			.source = i % 7, .provider = i % 11, .domain = i };

		totals_row(&totals, &key)->accepted = i;
	}
	for (uint32_t i = 0; i < MANY; i++) {
		struct total_key key = { .slot = 3600 * (int64_t)(i % 50),
			.source = i % 7, .provider = i % 11, .domain = i };

		assert_int_equal(totals_row(&totals, &key)->accepted, i);
	}
	assert_int_equal(totals.rows.used, MANY + 1);
	assert_ptr_equal(totals_row(&totals, &first), row);
	assert_int_equal(row->bounced, 77);
	assert_int_equal(totals_pending(&totals), MANY + 1);
}

static void
gaps_of_one_key_add_up_even_to_nothing(void **state)
{
	const struct gap_key key = { .slot = 3600, .gap_s = 3600,
		.group = GROUP_PAIR, .source = 1, .provider = 2,
		.domain = INTERN_NONE };
	struct gap_key other = key;
	const struct gap_row *row;

	(void)state;
	other.gap_s = 7200;
	totals_gap(&totals, &key, 1);
	totals_gap(&totals, &key, 1);
	totals_gap(&totals, &other, 1);
	other = key;
	other.group = GROUP_ROW;
	totals_gap(&totals, &other, 1);
	totals_gap(&totals, &key, -2);
	assert_int_equal(totals.gaps.used, 3);
	row = pool_at(&totals.gaps, 0);
	assert_int_equal(row->count, 0);
}

static void
coverage_and_reply_rows_begin_without_a_time(void **state)
{
	const struct reply_key key = { .slot = 0, .source = 1, .reply = 2 };
	struct reply_row *reply = totals_reply_row(&totals, &key);
	struct coverage_row *row = totals_coverage(&totals, 0, 1);

	(void)state;
	assert_true(reply->first_utc == INT64_MAX &&
	    reply->last_utc == INT64_MIN);
	assert_true(row->first_utc == INT64_MAX && row->last_utc == INT64_MIN);
	assert_ptr_equal(totals_reply_row(&totals, &key), reply);
	assert_ptr_equal(totals_coverage(&totals, 0, 1), row);
	assert_ptr_not_equal(totals_coverage(&totals, 0, 2), row);
	assert_ptr_not_equal(totals_coverage(&totals, 3600, 1), row);
}

static void
a_long_row_of_bytes_keeps_every_one(void **state)
{
	struct bytes bytes = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 1000; i++) {
		uint16_t value = (uint16_t)(i * 3);

		bytes_add(&bytes, &value, sizeof(value));
	}
	assert_int_equal(bytes.len, 2000);
	for (uint32_t i = 0; i < 1000; i++) {
		uint16_t value;

		memcpy(&value, bytes_ptr(&bytes) + (size_t)2 * i,
		    sizeof(value));
		assert_int_equal(value, i * 3);
	}
	bytes_release(&bytes);
	assert_int_equal(bytes.len, 0);
}

/* ------------------------------------------------------------------ */
/* Kinds of reply */

static struct reply_kind
kind_of(const char *token, const char *sample, int64_t utc)
{
	return (struct reply_kind){ .provider = 5, .fingerprint = 99,
		.masked = SLICE("550 <ip> blocked"),
		.reason = SLICE("ip-block"), .scope = SLICE("ip"),
		.severity = SLICE("block"), .token = slice_str(token),
		.rule = SLICE("some-rule"), .sample = slice_str(sample),
		.sample_utc = utc, .is_explicit = true, .votes = true };
}

static void
a_kind_of_reply_keeps_its_number_and_its_texts(void **state)
{
	char token[] = "S3140", sample[] = "550 first";
	struct reply_kind a = kind_of(token, sample, 100);
	struct reply_kind b = kind_of("S3150", "550 second", 100);
	const struct reply_kind *known;
	uint32_t number = totals_reply(&totals, &a);

	(void)state;
	memset(token, 'x', sizeof(token) - 1);
	memset(sample, 'x', sizeof(sample) - 1);
	assert_int_not_equal(totals_reply(&totals, &b), number);
	a = kind_of("S3140", "550 first", 100);
	assert_int_equal(totals_reply(&totals, &a), number);
	known = totals_reply_kind(&totals, number);
	assert_true(slice_eq(known->token, SLICE("S3140")));
	assert_true(slice_eq(known->sample, SLICE("550 first")));
	assert_true(slice_eq(known->masked, SLICE("550 <ip> blocked")));
	assert_true(known->is_explicit && known->votes);
}

static const struct sample_case {
	const char *name;
	const char *first, *second, *want;
	int64_t first_utc, second_utc;
} sample_cases[] = {
	{ "an_earlier_sample_takes_the_place", "b", "c", "c", 100, 99 },
	{ "a_later_sample_does_not", "b", "a", "b", 100, 101 },
	{ "of_one_second_the_smaller_text_stays", "b", "a", "a", 100, 100 },
	{ "of_one_second_the_greater_text_goes", "b", "c", "b", 100, 100 },
};

static void
run_sample(void **state)
{
	const struct sample_case *it = *state;
	struct reply_kind first = kind_of("S3140", it->first, it->first_utc);
	struct reply_kind second = kind_of("S3140", it->second, it->second_utc);
	uint32_t number;
	struct reply_kind *known;

	(void)set_up(NULL);
	number = totals_reply(&totals, &first);
	known = totals_reply_kind(&totals, number);
	known->is_dirty = false;
	assert_int_equal(totals_reply(&totals, &second), number);
	assert_true(slice_eq(known->sample, slice_str(it->want)));
	assert_int_equal(known->is_dirty, strcmp(it->want, it->first) != 0);
	(void)tear_down(NULL);
}

static void
a_reset_empties_all_but_the_kinds_of_reply(void **state)
{
	struct reply_kind kind = kind_of("S3140", "550 first", 100);
	uint32_t number = totals_reply(&totals, &kind);
	const struct total_key key = { .slot = 0 };
	const struct reply_key reply = { .slot = 0, .reply = number };
	const struct gap_key gap = { .slot = 0 };
	struct attempt attempt = { .reply = number, .id = SLICE("4A"),
		.words = SLICE("550 first") };
	uint8_t byte = 3;

	(void)state;
	for (int i = 0; i < 40; i++)
		bytes_add(&totals_row(&totals, &key)->delays, &byte, 1);
	(void)totals_reply_row(&totals, &reply);
	totals_gap(&totals, &gap, 1);
	(void)totals_coverage(&totals, 0, 0);
	totals_attempt(&totals, &attempt);
	assert_int_equal(totals_pending(&totals), 4);
	totals_reset(&totals);
	assert_int_equal(totals_pending(&totals), 0);
	assert_int_equal(totals.coverage.used, 0);
	assert_int_equal(totals_row(&totals, &key)->delays.len, 0);
	assert_int_equal(totals_reply(&totals, &kind), number);
}

/* So that one can be written while the other is counted into. */
static void
rows_are_swapped_and_kinds_of_reply_stay(void **state)
{
	struct reply_kind kind = kind_of("S3140", "550 first", 100);
	uint32_t number = totals_reply(&totals, &kind);
	const struct total_key key = { .slot = 3600 };
	struct attempt attempt = { .reply = number, .id = SLICE("4A") };
	struct totals other;

	(void)state;
	totals.keeps_attempts = true;
	totals_init(&other, &names, 3600);
	totals_row(&totals, &key)->accepted = 7;
	totals_attempt(&totals, &attempt);
	totals_swap_rows(&totals, &other);
	assert_int_equal(totals_pending(&totals), 0);
	assert_int_equal(totals_pending(&other), 2);
	assert_int_equal(totals_row(&totals, &key)->accepted, 0);
	assert_int_equal(totals_row(&other, &key)->accepted, 7);
	assert_true(slice_eq(other.attempts[0].id, SLICE("4A")));
	assert_int_equal(totals_reply(&totals, &kind), number);
	assert_int_equal(other.replies.used, 0);
	assert_true(totals.keeps_attempts);
	totals_row(&totals, &key)->accepted = 3;
	totals_reset(&other);
	totals_swap_rows(&totals, &other);
	assert_int_equal(totals_pending(&totals), 0);
	assert_int_equal(totals_row(&other, &key)->accepted, 3);
	assert_int_equal(totals_reply(&totals, &kind), number);
	totals_release(&other);
}

static void
an_attempt_keeps_a_copy_of_its_texts(void **state)
{
	char words[] = "550 no", id[] = "4A";
	struct attempt attempt = { .id = slice_str(id),
		.words = slice_str(words) };

	(void)state;
	for (int i = 0; i < 1000; i++)
		totals_attempt(&totals, &attempt);
	memset(words, 'x', sizeof(words) - 1);
	memset(id, 'x', sizeof(id) - 1);
	assert_int_equal(totals.attempt_count, 1000);
	assert_true(slice_eq(totals.attempts[999].words, SLICE("550 no")));
	assert_true(slice_eq(totals.attempts[0].id, SLICE("4A")));
	assert_true(slice_is_none(totals.attempts[0].sender));
}

/* ------------------------------------------------------------------ */
/* Senders that become known late */

static const struct sender_case {
	const char *name;
	uint32_t host;
	const char *id;
	int64_t utc;
	const char *want; /* NULL: nobody's */
} sender_cases[] = {
	{ "a_sender_holds_from_the_first_moment", 1, "A", 100, "a@x" },
	{ "a_sender_holds_to_the_last_moment", 1, "A", 200, "a@x" },
	{ "before_it_there_was_no_such_message", 1, "A", 99, NULL },
	{ "behind_it_there_was_none_any_more", 1, "A", 201, NULL },
	{ "an_id_that_came_back_is_another_message", 1, "A", 300, "b@x" },
	{ "another_host_has_ids_of_its_own", 2, "A", 150, "c@x" },
	{ "a_longer_id_is_another", 1, "AA", 150, "d@x" },
	{ "of_an_unknown_id_nothing_is_known", 1, "B", 150, NULL },
};

static void
run_sender(void **state)
{
	static const struct late_sender told[] = {
		{ 1, { "A", sizeof("A") - 1 }, { "b@x", sizeof("b@x") - 1 }, 300, 400 },
		{ 2, { "A", sizeof("A") - 1 }, { "c@x", sizeof("c@x") - 1 }, 100, 200 },
		{ 1, { "AA", sizeof("AA") - 1 }, { "d@x", sizeof("d@x") - 1 }, 100, 200 },
		{ 1, { "A", sizeof("A") - 1 }, { "a@x", sizeof("a@x") - 1 }, 100, 200 },
	};
	const struct sender_case *it = *state;
	struct slice sender;

	(void)set_up(NULL);
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		totals_late_sender(&totals, &told[i]);
	assert_int_equal(totals_pending(&totals), 4);
	totals_sort_senders(&totals);
	sender = totals_find_sender(&totals, it->host, slice_str(it->id),
	    it->utc);
	assert_int_equal(slice_is_none(sender), it->want == NULL);
	if (it->want != NULL)
		assert_true(slice_eq(sender, slice_str(it->want)));
	(void)tear_down(NULL);
}

/* ------------------------------------------------------------------ */
/* Delays */

static void
a_delay_is_told_to_a_twentieth(void **state)
{
	(void)state;
	for (double ms = 100.0; ms < 1e10; ms *= 1.013) {
		double told = delay_bucket_seconds(delay_bucket((int64_t)ms));
		double seconds = (double)(int64_t)ms / 1000.0;

		assert_true(fabs(told - seconds) <= 0.0501 * seconds);
	}
}

static const struct delay_case {
	const char *name;
	int64_t ms;
	uint8_t want;
} delay_cases[] = {
	{ "no_delay_is_the_first_bucket", 0, 0 },
	{ "a_tenth_of_a_second_begins_the_second", 100, 1 },
	{ "just_less_is_still_the_first", 99, 0 },
	{ "a_clock_set_back_is_no_delay", -5000, 0 },
	{ "a_second_is_one_decade_on", 1000, 25 },
	{ "ten_million_seconds_are_the_last", 10000000000, DELAY_BUCKETS - 1 },
	{ "more_than_that_is_the_last_too", INT64_MAX, DELAY_BUCKETS - 1 },
};

static void
run_delay(void **state)
{
	const struct delay_case *it = *state;

	assert_int_equal(delay_bucket(it->ms), it->want);
}

static void
longer_delays_are_in_later_buckets(void **state)
{
	int64_t before = -1;

	(void)state;
	for (int64_t ms = 0; ms < 200000; ms += 7) {
		assert_true(delay_bucket(ms) >= before);
		before = delay_bucket(ms);
	}
	for (int i = 1; i < DELAY_BUCKETS; i++)
		assert_true(delay_bucket_seconds((uint8_t)i) >
		    delay_bucket_seconds((uint8_t)(i - 1)));
}

/* ------------------------------------------------------------------ */

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest alone[] = {
		TEST(a_row_is_found_by_its_whole_key),
		TEST(a_row_stays_in_its_place_while_others_come),
		TEST(gaps_of_one_key_add_up_even_to_nothing),
		TEST(coverage_and_reply_rows_begin_without_a_time),
		TEST(a_long_row_of_bytes_keeps_every_one),
		TEST(a_kind_of_reply_keeps_its_number_and_its_texts),
		TEST(a_reset_empties_all_but_the_kinds_of_reply),
		TEST(rows_are_swapped_and_kinds_of_reply_stay),
		TEST(an_attempt_keeps_a_copy_of_its_texts),
		TEST(a_delay_is_told_to_a_twentieth),
		TEST(longer_delays_are_in_later_buckets),
	};
	static struct cases cases;

	for (size_t i = 0; i < sizeof(alone) / sizeof(alone[0]); i++)
		cases.tests[cases.count++] = alone[i];
	CASES_ADD_TABLE(&cases, slot_cases, run_slot);
	CASES_ADD_TABLE(&cases, sample_cases, run_sample);
	CASES_ADD_TABLE(&cases, sender_cases, run_sender);
	CASES_ADD_TABLE(&cases, delay_cases, run_delay);
	return cases_run(&cases);
}
