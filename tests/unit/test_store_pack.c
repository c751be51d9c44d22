/* SPDX-License-Identifier: BSD-2-Clause */
/* Histograms and moments as blobs: what goes in comes out, adding two blobs
 * is putting their contents together, and no damage does more than be told. */
#include "analyzer/store_priv.h"

#include <stdlib.h>

#include "tests/support/cases.h"
#include "tests/support/chance.h"

enum { VALUES = 65536, BLOB_MAX = 1024 * 1024 };

struct counted {
	uint64_t counts[VALUES];
	uint32_t last;
	bool is_ascending;
};

static void
count_one(void *ctx, uint32_t value, uint64_t count)
{
	struct counted *to = ctx;

	assert_true(value < VALUES);
	to->is_ascending &= value >= to->last;
	to->last = value;
	to->counts[value] += count;
}

static struct counted *
new_counted(void)
{
	struct counted *counted = calloc(1, sizeof(*counted));

	assert_non_null(counted);
	counted->is_ascending = true;
	return counted;
}

static void
count_bytes(const struct bytes *seconds, uint64_t *counts)
{
	for (uint32_t i = 0; i + 1 < seconds->len; i += 2) {
		uint16_t value;

		memcpy(&value, bytes_ptr(seconds) + i, sizeof(value));
		counts[value]++;
	}
}

static void
random_seconds(struct chance *chance, struct bytes *seconds, uint32_t count,
    uint32_t below)
{
	for (uint32_t i = 0; i < count; i++) {
		uint16_t value = (uint16_t)chance_below(chance, below);

		bytes_add(seconds, &value, sizeof(value));
	}
}

/* ------------------------------------------------------------------ */

static const struct size_case {
	const char *name;
	uint32_t count, below;
} size_cases[] = {
	{ "nothing_is_nothing", 0, 3600 },
	{ "one_moment_comes_back", 1, 3600 },
	{ "moments_in_disorder_come_back", 100, 3600 },
	{ "an_hour_of_every_second_comes_back", 40000, 3600 },
	{ "one_second_many_times_comes_back", 70000, 1 },
	{ "the_greatest_values_come_back", 5000, VALUES },
};

static void
run_seconds(void **state)
{
	const struct size_case *it = *state;
	struct chance chance = { it->count };
	struct bytes seconds = { 0 };
	struct counted *got = new_counted();
	uint64_t *want = calloc(VALUES, sizeof(*want));
	struct strbuf blob;

	strbuf_init(&blob, BLOB_MAX);
	random_seconds(&chance, &seconds, it->count, it->below);
	count_bytes(&seconds, want);
	pack_seconds(&blob, &seconds);
	assert_int_equal(blob.len == 0, it->count == 0);
	assert_true(unpack_seconds(strbuf_slice(&blob), count_one, got));
	assert_true(got->is_ascending);
	assert_memory_equal(got->counts, want, VALUES * sizeof(*want));
	strbuf_release(&blob);
	bytes_release(&seconds);
	free(got);
	free(want);
}

static void
run_delays(void **state)
{
	const struct size_case *it = *state;
	struct chance chance = { it->count };
	struct bytes buckets = { 0 };
	struct counted *got = new_counted();
	uint64_t want[256] = { 0 };
	struct strbuf blob;

	strbuf_init(&blob, BLOB_MAX);
	for (uint32_t i = 0; i < it->count; i++) {
		uint8_t value = (uint8_t)chance_below(&chance,
		    it->below < 256 ? it->below : 256);

		want[value]++;
		bytes_add(&buckets, &value, 1);
	}
	pack_delays(&blob, &buckets);
	assert_true(unpack_delays(strbuf_slice(&blob), count_one, got));
	assert_true(got->is_ascending);
	assert_memory_equal(got->counts, want, sizeof(want));
	strbuf_release(&blob);
	bytes_release(&buckets);
	free(got);
}

/* A few bytes for what is rare: most hours of most pairs hold little. */
static void
one_acceptance_takes_two_bytes(void **state)
{
	struct bytes seconds = { 0 };
	uint16_t second = 3599;
	struct strbuf blob;

	(void)state;
	strbuf_init(&blob, 64);
	bytes_add(&seconds, &second, sizeof(second));
	pack_seconds(&blob, &seconds);
	assert_int_equal(blob.len, 2);
	strbuf_release(&blob);
	bytes_release(&seconds);
}

/* ------------------------------------------------------------------ */
/* Adding, as the store does it */

static sqlite3 *
open_functions(void)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(store_pack_functions(db), SQLITE_OK);
	return db;
}

static void
add_blobs(sqlite3 *db, struct slice a, struct slice b, struct strbuf *sum)
{
	sqlite3_stmt *add = NULL;

	assert_int_equal(sqlite3_prepare_v2(db, "SELECT add_seconds(?1, ?2)",
	    -1, &add, NULL), SQLITE_OK);
	bind_blob(add, 1, a);
	bind_blob(add, 2, b);
	assert_int_equal(sqlite3_step(add), SQLITE_ROW);
	strbuf_reset(sum);
	strbuf_add_slice(sum, column_blob(add, 0));
	sqlite3_finalize(add);
}

static void
adding_two_blobs_is_putting_their_contents_together(void **state)
{
	struct chance chance = { 5 };
	struct strbuf a, b, both, sum;
	sqlite3 *db = open_functions();

	(void)state;
	strbuf_init(&a, BLOB_MAX);
	strbuf_init(&b, BLOB_MAX);
	strbuf_init(&both, BLOB_MAX);
	strbuf_init(&sum, BLOB_MAX);
	for (int round = 0; round < 200; round++) {
		struct bytes x = { 0 }, y = { 0 };

		random_seconds(&chance, &x, chance_below(&chance, 400), 3600);
		random_seconds(&chance, &y, chance_below(&chance, 400), 3600);
		strbuf_reset(&a);
		strbuf_reset(&b);
		strbuf_reset(&both);
		pack_seconds(&a, &x);
		pack_seconds(&b, &y);
		bytes_add(&x, bytes_ptr(&y), y.len);
		pack_seconds(&both, &x);
		add_blobs(db, strbuf_slice(&a), strbuf_slice(&b), &sum);
		assert_true(slice_eq(strbuf_slice(&sum),
		    strbuf_slice(&both)));
		add_blobs(db, strbuf_slice(&b), strbuf_slice(&a), &sum);
		assert_true(slice_eq(strbuf_slice(&sum),
		    strbuf_slice(&both)));
		bytes_release(&x);
		bytes_release(&y);
	}
	strbuf_release(&a);
	strbuf_release(&b);
	strbuf_release(&both);
	strbuf_release(&sum);
	sqlite3_close(db);
}

static void
adding_nothing_changes_nothing(void **state)
{
	struct slice some = SLICE("\x02\x04");
	sqlite3 *db = open_functions();
	struct strbuf sum;

	(void)state;
	strbuf_init(&sum, 64);
	add_blobs(db, some, SLICE_NONE, &sum);
	assert_true(slice_eq(strbuf_slice(&sum), some));
	add_blobs(db, SLICE_NONE, some, &sum);
	assert_true(slice_eq(strbuf_slice(&sum), some));
	add_blobs(db, SLICE_NONE, SLICE_NONE, &sum);
	assert_int_equal(sum.len, 0);
	strbuf_release(&sum);
	sqlite3_close(db);
}

static void
a_sum_that_no_log_can_hold_can_be_read(void **state)
{
	struct slice most = SLICE("\x03\xff\xff\xff\xff\x0f");
	struct counted *got = new_counted();
	sqlite3 *db = open_functions();
	struct strbuf sum;

	(void)state;
	strbuf_init(&sum, 64);
	add_blobs(db, most, most, &sum);
	assert_true(unpack_seconds(strbuf_slice(&sum), count_one, got));
	assert_int_equal(got->counts[1], UINT32_MAX);
	strbuf_release(&sum);
	sqlite3_close(db);
	free(got);
}

/* ------------------------------------------------------------------ */
/* Damage */

/* clang-format off */
#define BLOB(text) { (text), sizeof(text) - 1 }
static const struct damage_case {
	const char *name;
	struct slice blob;
	bool want;
} damage_cases[] = {
	{ "an_empty_blob_is_fine", BLOB(""), true },
	{ "a_number_without_end_is_told", BLOB("\x80"), false },
	{ "a_number_of_ten_bytes_without_end_is_told",
	  BLOB("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80"), false },
	{ "a_missing_count_is_told", BLOB("\x03"), false },
	{ "a_value_out_of_range_is_told", BLOB("\x80\x80\x10"), false },
	{ "values_that_add_up_out_of_range_are_told",
	  BLOB("\xfe\xff\x07\x02"), false },
	{ "the_last_value_is_fine", BLOB("\xfe\xff\x07"), true },
	{ "the_largest_count_is_fine", BLOB("\x03\xff\xff\xff\xff\x0f"),
	  true },
	{ "a_count_that_no_log_can_hold_is_told",
	  BLOB("\x03\x80\x80\x80\x80\x10"), false },
	{ "what_stands_before_the_damage_is_not_enough",
	  BLOB("\x02\x02\x80"), false },
};
/* clang-format on */

static void
run_damage(void **state)
{
	const struct damage_case *it = *state;
	struct counted *got = new_counted();

	assert_int_equal(unpack_seconds(it->blob, count_one, got), it->want);
	free(got);
}

static void
no_changed_byte_does_more_than_be_told(void **state)
{
	struct chance chance = { 77 };
	struct bytes seconds = { 0 };
	struct counted *got = new_counted();
	struct strbuf blob, sum;
	sqlite3 *db = open_functions();

	(void)state;
	strbuf_init(&blob, BLOB_MAX);
	strbuf_init(&sum, BLOB_MAX);
	random_seconds(&chance, &seconds, 300, 3600);
	random_seconds(&chance, &seconds, 300, 40);
	pack_seconds(&blob, &seconds);
	for (size_t i = 0; i < blob.len; i++)
		for (int bit = 0; bit < 8; bit++) {
			blob.ptr[i] = (char)(blob.ptr[i] ^ 1 << bit);
			(void)unpack_seconds(strbuf_slice(&blob), count_one,
			    got);
			(void)unpack_seconds(slice_of(blob.ptr, i), count_one,
			    got);
			got->last = 0;
			add_blobs(db, strbuf_slice(&blob), SLICE("\x02\x05\x09"),
			    &sum);
			add_blobs(db, SLICE("\xff\xff"), strbuf_slice(&blob),
			    &sum);
			blob.ptr[i] = (char)(blob.ptr[i] ^ 1 << bit);
		}
	strbuf_release(&blob);
	strbuf_release(&sum);
	bytes_release(&seconds);
	sqlite3_close(db);
	free(got);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, size_cases, run_seconds);
	CASES_ADD_TABLE(&cases, size_cases, run_delays);
	CASES_ADD_TABLE(&cases, damage_cases, run_damage);
	cases_add(&cases, "one_acceptance_takes_two_bytes",
	    one_acceptance_takes_two_bytes, NULL);
	cases_add(&cases,
	    "adding_two_blobs_is_putting_their_contents_together",
	    adding_two_blobs_is_putting_their_contents_together, NULL);
	cases_add(&cases, "adding_nothing_changes_nothing",
	    adding_nothing_changes_nothing, NULL);
	cases_add(&cases, "a_sum_that_no_log_can_hold_can_be_read",
	    a_sum_that_no_log_can_hold_can_be_read, NULL);
	cases_add(&cases, "no_changed_byte_does_more_than_be_told",
	    no_changed_byte_does_more_than_be_told, NULL);
	return cases_run(&cases);
}
