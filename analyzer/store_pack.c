/* SPDX-License-Identifier: BSD-2-Clause */
/* Histograms of delays and moments of acceptance as blobs. Both are ascending
 * (value, count) pairs; a value is written as its distance to the one before,
 * times two, plus one where a count other than 1 follows; both as base-128
 * numbers, low part first. Adding two blobs is merging them. */
#include "analyzer/store_priv.h"

#include <stdlib.h>

#include "analyzer/pack_number.h"

enum { PACK_FEW = 64 };
enum { PAIRS_MAX = SENDER_SLOT_S }; /* no blob holds more moments, or buckets */

struct pair {
	uint32_t value;
	uint64_t count;
};

static void
put_pair(struct strbuf *out, uint32_t *before, const struct pair *pair)
{
	uint64_t step = (uint64_t)(pair->value - *before) << 1;

	pack_number_put(out, step | (pair->count != 1));
	if (pair->count != 1)
		pack_number_put(out, pair->count);
	*before = pair->value;
}

/* *PAIR becomes the next one; where that ends, NULL: it is damaged. */
static inline const char *
next_pair(const char *at, const char *end, struct pair *pair)
{
	struct pack_number step = pack_number_at(at, end), count;

	if (step.at == NULL || step.value >> 1 > UINT16_MAX ||
	    pair->value + (step.value >> 1) > UINT16_MAX)
		return NULL;
	pair->value += (uint32_t)(step.value >> 1);
	pair->count = 1;
	if ((step.value & 1) == 0)
		return step.at;
	count = pack_number_at(step.at, end);
	pair->count = count.value;
	return count.value <= PACK_COUNT_MAX ? count.at : NULL;
}

/* False at the end or where it is damaged. */
static bool
get_pair(struct slice *from, struct pair *pair)
{
	const char *end = from->ptr + from->len;
	const char *at = from->len != 0 ? next_pair(from->ptr, end, pair) :
	    NULL;

	if (at != NULL)
		*from = slice_of(at, (size_t)(end - at));
	return at != NULL;
}

static void
sort_few(uint16_t *list, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		uint16_t value = list[i];
		size_t at = i;

		for (; at > 0 && list[at - 1] > value; at--)
			list[at] = list[at - 1];
		list[at] = value;
	}
}

/* Sorts LIST, which is nearly sorted in most rows. */
static void
put_few(struct strbuf *out, uint16_t *list, size_t count)
{
	uint32_t before = 0;

	sort_few(list, count);
	for (size_t i = 0; i < count;) {
		struct pair pair = { .value = list[i], .count = 0 };

		while (i < count && list[i] == pair.value) {
			pair.count++;
			i++;
		}
		put_pair(out, &before, &pair);
	}
}

/* How often each value below VALUES occurs, and which occur at all: one bit
 * each, so that the others, most of an hour's seconds, are not looked at. */
struct tallied {
	uint32_t *counts;
	uint64_t *bits;
	uint32_t values;
};

static void
count_value(struct tallied *tallied, uint32_t value)
{
	tallied->counts[value]++;
	tallied->bits[value / 64] |= (uint64_t)1 << value % 64;
}

static void
put_tallied(struct strbuf *out, const struct tallied *tallied)
{
	uint32_t before = 0;

	for (uint32_t i = 0; i * 64 < tallied->values; i++)
		for (uint64_t bits = tallied->bits[i]; bits != 0;
		    bits &= bits - 1) {
			struct pair pair = { .value = i * 64 +
			    (uint32_t)__builtin_ctzll(bits) };

			pair.count = tallied->counts[pair.value];
			put_pair(out, &before, &pair);
		}
}

static uint16_t
second_at(const struct bytes *seconds, size_t i)
{
	uint16_t second;

	memcpy(&second, bytes_ptr(seconds) + i * sizeof(second),
	    sizeof(second));
	return second;
}

/* Many are counted, not sorted: half the instructions. */
static void
pack_many_seconds(struct strbuf *out, const struct bytes *seconds,
    size_t count)
{
	struct tallied tallied = { .values = 1 };

	for (size_t i = 0; i < count; i++)
		if (second_at(seconds, i) >= tallied.values)
			tallied.values = (uint32_t)second_at(seconds, i) + 1;
	tallied.counts = mx_calloc(tallied.values, sizeof(*tallied.counts));
	tallied.bits = mx_calloc(tallied.values / 64 + 1,
	    sizeof(*tallied.bits));
	for (size_t i = 0; i < count; i++)
		count_value(&tallied, second_at(seconds, i));
	put_tallied(out, &tallied);
	free(tallied.counts);
	free(tallied.bits);
}

void
pack_seconds(struct strbuf *out, const struct bytes *seconds)
{
	size_t count = seconds->len / sizeof(uint16_t);
	uint16_t few[PACK_FEW];

	if (count > PACK_FEW) {
		pack_many_seconds(out, seconds, count);
		return;
	}
	memcpy(few, bytes_ptr(seconds), count * sizeof(*few));
	put_few(out, few, count);
}

void
pack_delays(struct strbuf *out, const struct bytes *buckets)
{
	const uint8_t *ptr = bytes_ptr(buckets);
	uint32_t counts[256] = { 0 };
	uint64_t bits[256 / 64] = { 0 };
	struct tallied tallied = { counts, bits, 256 };

	for (uint32_t i = 0; i < buckets->len; i++)
		count_value(&tallied, ptr[i]);
	put_tallied(out, &tallied);
}

static inline bool
unpack(struct slice blob, void (*each)(void *ctx, uint32_t value,
    uint64_t count), void *ctx)
{
	const char *at = blob.ptr, *end;
	struct pair pair = { 0, 0 };

	if (blob.len == 0)
		return true; /* nothing may be added to no pointer */
	for (end = at + blob.len; at != end;) {
		at = next_pair(at, end, &pair);
		if (at == NULL)
			return false;
		each(ctx, pair.value, pair.count);
	}
	return true;
}

bool
unpack_delays(struct slice blob, void (*each)(void *ctx, uint32_t bucket,
    uint64_t count), void *ctx)
{
	return unpack(blob, each, ctx);
}

bool
unpack_seconds(struct slice blob, void (*each)(void *ctx, uint32_t second,
    uint64_t count), void *ctx)
{
	return unpack(blob, each, ctx);
}

/* Merge two ascending lists of pairs. */
void
pack_join(struct strbuf *out, struct slice a, struct slice b)
{
	uint32_t before = 0;
	struct pair x = { 0, 0 }, y = { 0, 0 };
	bool has_x = get_pair(&a, &x);
	bool has_y = get_pair(&b, &y);

	while (has_x || has_y) {
		bool take_x = has_x && (!has_y || x.value <= y.value);
		bool take_y = has_y && (!has_x || y.value <= x.value);
		struct pair sum = { .value = take_x ? x.value : y.value };

		sum.count = (take_x ? x.count : 0) + (take_y ? y.count : 0);
		if (sum.count > PACK_COUNT_MAX) /* nor did any log say so */
			sum.count = PACK_COUNT_MAX;
		put_pair(out, &before, &sum);
		if (take_x)
			has_x = get_pair(&a, &x);
		if (take_y)
			has_y = get_pair(&b, &y);
	}
}

static struct slice
value_bytes(sqlite3_value *value)
{
	return slice_of(sqlite3_value_blob(value),
	    (size_t)sqlite3_value_bytes(value));
}

static void
sql_add(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct slice a = value_bytes(values[0]);
	struct slice b = value_bytes(values[1]);
	struct strbuf sum;

	(void)count;
	if (a.len == 0 || b.len == 0) {
		sqlite3_result_value(context, values[a.len == 0 ? 1 : 0]);
		return;
	}
	strbuf_init(&sum, (size_t)PAIRS_MAX * 16);
	pack_join(&sum, a, b);
	sqlite3_result_blob(context, sum.ptr, (int)sum.len, SQLITE_TRANSIENT);
	strbuf_release(&sum);
}

int
store_pack_functions(sqlite3 *db)
{
	int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
	int rc = sqlite3_create_function(db, "add_delays", 2, flags, NULL,
	    sql_add, NULL, NULL);

	if (rc != SQLITE_OK)
		return rc;
	return sqlite3_create_function(db, "add_seconds", 2, flags, NULL,
	    sql_add, NULL, NULL);
}
