/* SPDX-License-Identifier: BSD-2-Clause */
/* What the store keeps as blobs, whoever wrote them. The first byte says what
 * the others are: a body of packed rows (0 to 2: its shape), rows to be packed
 * (3), two histograms with two bytes of the first one's length in front (4),
 * or a message (5). Damage is told and does nothing else; what is whole means
 * the same after a way into rows and back, and what was packed comes out as
 * an independent count says. */
#include <stdlib.h>

#include "analyzer/fold.h"
#include "analyzer/pack_number.h"
#include "analyzer/store_days.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OUT_MAX = 1 << 24, ROWS_MAX = 200, VALUES = 65536 };

static void
require(bool is_so, const char *what)
{
	if (!is_so)
		mx_bug(what);
}

/* ------------------------------------------------------------------ */
/* Histograms */

/* Of the values that a blob may hold; SUM stays far from its end. */
struct counted {
	uint64_t counts[VALUES], sum;
	uint32_t seen[VALUES], seen_count, last;
};

static void
forget(struct counted *counted)
{
	for (uint32_t i = 0; i < counted->seen_count; i++)
		counted->counts[counted->seen[i]] = 0;
	counted->seen_count = 0;
	counted->sum = 0;
}

static void
count_one(void *ctx, uint32_t value, uint64_t count)
{
	struct counted *to = ctx;

	require(value < VALUES, "a value out of range");
	require(count <= PACK_COUNT_MAX, "a count out of range");
	require(value >= to->last, "values that go back");
	to->last = value;
	if (to->counts[value] == 0 && count != 0)
		to->seen[to->seen_count++] = value;
	to->counts[value] += count;
	to->sum += count;
}

/* Adds what BLOB says; false: damaged. */
static bool
count_blob(struct counted *to, struct slice blob)
{
	to->last = 0;
	return unpack_seconds(blob, count_one, to);
}

static void
check_same(const struct counted *a, const struct counted *b)
{
	/* what no log can hold is cut */
	if (a->sum > PACK_COUNT_MAX || b->sum > PACK_COUNT_MAX)
		return;
	require(a->sum == b->sum, "another sum than before");
	for (uint32_t i = 0; i < a->seen_count; i++)
		require(a->counts[a->seen[i]] == b->counts[a->seen[i]],
		    "other counts than before");
}

static void
check_histograms(struct slice text)
{
	static struct counted want, got;
	struct strbuf sum, other;
	struct slice a, b;
	size_t len;
	bool is_whole;

	if (text.len < 2)
		return;
	len = (size_t)(unsigned char)text.ptr[0] |
	    (size_t)(unsigned char)text.ptr[1] << 8;
	text = slice_skip(text, 2);
	a = slice_of(text.ptr, len < text.len ? len : text.len);
	b = slice_skip(text, a.len);
	forget(&want);
	forget(&got);
	is_whole = count_blob(&want, a);
	is_whole = count_blob(&want, b) && is_whole;
	strbuf_init(&sum, OUT_MAX);
	strbuf_init(&other, OUT_MAX);
	pack_join(&sum, a, b);
	pack_join(&other, b, a);
	require(slice_eq(strbuf_slice(&sum), strbuf_slice(&other)),
	    "a sum that depends on the order");
	require(count_blob(&got, strbuf_slice(&sum)),
	    "what was joined is damaged");
	if (is_whole)
		check_same(&want, &got);
	strbuf_release(&sum);
	strbuf_release(&other);
}

/* ------------------------------------------------------------------ */
/* Rows */

static int
compare_keys(const struct pack_row *a, const struct pack_row *b)
{
	for (int i = 0; i < PACK_KEYS; i++)
		if (a->key[i] != b->key[i])
			return a->key[i] < b->key[i] ? -1 : 1;
	return 0;
}

/* All rows of FROM with the key of WANT, as one. */
struct sum {
	int64_t count;
	int64_t first, last; /* PACK_NONE: none */
	bool is_whole;       /* every blob can be read */
	uint64_t absolute;
};

static struct sum
sum_of(const struct pack_list *from, const struct pack_row *want,
    unsigned field, struct counted *counted)
{
	struct sum sum = { .first = PACK_NONE, .last = PACK_NONE,
		.is_whole = true };

	for (size_t i = 0; i < from->count; i++) {
		const struct pack_row *row = &from->rows[i];
		int64_t value = row->value[field].count;

		if (compare_keys(row, want) != 0)
			continue;
		if (from->shape->field[field] == PACK_BYTES) {
			struct pack_span span = row->value[field].bytes;

			sum.is_whole &= span.len == 0 || count_blob(counted,
			    slice_of(from->bytes.ptr + span.at, span.len));
			continue;
		}
		if (value == PACK_NONE)
			continue;
		if (sum.first == PACK_NONE || value < sum.first)
			sum.first = value;
		if (sum.last == PACK_NONE || value > sum.last)
			sum.last = value;
		sum.count += value;
		sum.absolute += (uint64_t)(value < 0 ? -value : value);
	}
	return sum;
}

static void
check_field(const struct pack_list *from, const struct pack_list *to,
    const struct pack_row *row, unsigned field)
{
	static struct counted want, got;
	const enum pack_field how = from->shape->field[field];
	int64_t value = row->value[field].count;
	struct sum sum;

	forget(&want);
	forget(&got);
	sum = sum_of(from, row, field, &want);
	if (how == PACK_SUM)
		require(value == sum.count || sum.absolute > PACK_COUNT_MAX,
		    "another sum than that of the rows");
	else if (how == PACK_FIRST)
		require(value == sum.first, "another first");
	else if (how == PACK_LAST)
		require(value == sum.last, "another last");
	else if (sum.is_whole) {
		struct pack_span span = row->value[field].bytes;

		require(span.len == 0 || count_blob(&got,
		    slice_of(to->bytes.ptr + span.at, span.len)),
		    "what was joined is damaged");
		check_same(&want, &got);
	}
}

/* What comes of BODY, read and written again. */
static void
write_again(const struct pack_shape *shape, struct slice body,
    struct strbuf *again)
{
	struct pack_list list;

	strbuf_reset(again);
	pack_list_init(&list, shape);
	require(pack_list_read(&list, 0, body), "what was packed is damaged");
	(void)pack_list_write(&list, 0, again);
	pack_list_release(&list);
}

/* FROM, sorted, as a body and back. */
static void
check_rows(struct pack_list *from)
{
	const struct pack_shape *shape = from->shape;
	struct strbuf body, again, third;
	struct pack_list to;
	size_t keys = 0;

	strbuf_init(&body, OUT_MAX);
	strbuf_init(&again, OUT_MAX);
	strbuf_init(&third, OUT_MAX);
	pack_list_init(&to, shape);
	pack_list_sort(from);
	for (size_t i = 0; i < from->count; i++)
		keys += i == 0 || compare_keys(&from->rows[i - 1],
		    &from->rows[i]) != 0;
	require(pack_list_write(from, 0, &body) == from->count,
	    "rows of one day are one body");
	require(pack_list_read(&to, 0, strbuf_slice(&body)),
	    "what was packed is damaged");
	require(to.count == keys, "not one row for each key");
	for (size_t i = 0; i < to.count; i++) {
		require(i == 0 || compare_keys(&to.rows[i - 1],
		    &to.rows[i]) < 0, "rows that are not sorted");
		for (unsigned f = 0; f < shape->fields; f++)
			check_field(from, &to, &to.rows[i], f);
	}
	/* blobs that say nothing, once they are joined, are left out then */
	write_again(shape, strbuf_slice(&body), &again);
	require(again.len <= body.len, "more bytes for the same rows");
	write_again(shape, strbuf_slice(&again), &third);
	require(slice_eq(strbuf_slice(&again), strbuf_slice(&third)),
	    "other bytes for the same rows");
	pack_list_release(&to);
	strbuf_release(&body);
	strbuf_release(&again);
	strbuf_release(&third);
}

static void
check_body(const struct pack_shape *shape, struct slice body)
{
	struct pack_list list;

	pack_list_init(&list, shape);
	/* the sums are counted by the square */
	if (pack_list_read(&list, 0, body) && list.count <= ROWS_MAX)
		check_rows(&list);
	pack_list_release(&list);
}

/* ------------------------------------------------------------------ */
/* Rows that are made, not read */

struct bytes_left {
	struct slice rest;
};

static unsigned
take_byte(struct bytes_left *from)
{
	unsigned byte;

	if (from->rest.len == 0)
		return 0;
	byte = (unsigned char)from->rest.ptr[0];
	from->rest = slice_skip(from->rest, 1);
	return byte;
}

/* Small ones mostly, so that keys meet. */
static uint32_t
take_number(struct bytes_left *from)
{
	uint32_t number = take_byte(from);

	if (number >= 250)
		for (int i = 0; i < 4; i++)
			number = number << 8 | take_byte(from);
	return number;
}

static void
take_blob(struct bytes_left *from, struct strbuf *out)
{
	struct bytes seconds = { 0 };

	for (unsigned count = take_byte(from); count > 0; count--) {
		uint16_t second = (uint16_t)take_number(from);

		bytes_add(&seconds, &second, sizeof(second));
	}
	strbuf_reset(out);
	pack_seconds(out, &seconds);
	bytes_release(&seconds);
}

static void
take_row(struct bytes_left *from, struct pack_list *list, struct strbuf *blob)
{
	const struct pack_shape *shape = list->shape;
	struct pack_row *row = pack_list_add(list, 0);
	uint32_t fields = take_byte(from) | take_byte(from) << 8;

	for (unsigned k = 0; k < shape->keys; k++)
		row->key[k] = take_number(from) %
		    (k < shape->keys - shape->times ? UINT32_MAX : 86400);
	for (unsigned f = 0; f < shape->fields; f++) {
		if ((fields >> f & 1) == 0)
			continue;
		if (shape->field[f] == PACK_BYTES) {
			take_blob(from, blob);
			pack_list_bytes(list, f, strbuf_slice(blob));
		} else {
			row->value[f].count = (int64_t)take_number(from) -
			    take_byte(from);
		}
	}
}

static void
check_made(struct slice text)
{
	static const struct pack_shape *const shapes[] = { &day_totals,
		&day_gaps, &day_replies };
	struct bytes_left from = { text };
	struct pack_list list;
	struct strbuf blob;

	strbuf_init(&blob, OUT_MAX);
	pack_list_init(&list, shapes[take_byte(&from) % 3]);
	while (from.rest.len != 0 && list.count < ROWS_MAX)
		take_row(&from, &list, &blob);
	check_rows(&list);
	pack_list_release(&list);
	strbuf_release(&blob);
}

/* ------------------------------------------------------------------ */
/* Messages */

struct world {
	struct names names;
	struct queue queue;
	struct totals totals;
};

static void
open_world(struct world *world)
{
	names_init(&world->names);
	queue_init(&world->queue, world->names.seed);
	totals_init(&world->totals, &world->names, 3600);
}

static void
close_world(struct world *world)
{
	totals_release(&world->totals);
	queue_release(&world->queue);
	names_release(&world->names);
}

/* BLOB as a message, counted, and as a blob again; false: damaged. */
static bool
pass_message(struct slice blob, struct strbuf *out)
{
	struct world world;
	struct mx_err err;
	uint32_t number;
	enum mx_code code;

	open_world(&world);
	code = fragment_decode(blob, &world.queue, &world.totals, &world.names,
	    &number, &err);
	require(code == MX_OK || code == MX_E_DATA, "neither whole nor damaged");
	if (code == MX_OK) {
		const struct message *message =
		    queue_message(&world.queue, number);

		fragment_encode(out, &world.queue, &world.totals, &world.names,
		    message);
		fold_message(&world.totals, &world.queue, message);
		queue_remove(&world.queue, number);
	}
	require(world.queue.messages.live == 0 &&
	    world.queue.touches.live == 0 && world.queue.recipients.live == 0,
	    "something stays of a message that is gone");
	close_world(&world);
	return code == MX_OK;
}

/* Lists turn round on the way; after two ways they are as before. */
static void
check_message(struct slice text)
{
	struct strbuf first, second, third;

	strbuf_init(&first, OUT_MAX);
	strbuf_init(&second, OUT_MAX);
	strbuf_init(&third, OUT_MAX);
	if (pass_message(text, &first)) {
		require(pass_message(strbuf_slice(&first), &second) &&
		    pass_message(strbuf_slice(&second), &third),
		    "what was written is damaged");
		require(slice_eq(strbuf_slice(&first), strbuf_slice(&third)),
		    "another message than before");
	}
	strbuf_release(&first);
	strbuf_release(&second);
	strbuf_release(&third);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text;

	if (size == 0)
		return 0;
	text = slice_of((const char *)data + 1, size - 1);
	switch (data[0] % 6) {
	case 0:
		check_body(&day_totals, text);
		break;
	case 1:
		check_body(&day_gaps, text);
		break;
	case 2:
		check_body(&day_replies, text);
		break;
	case 3:
		check_made(text);
		break;
	case 4:
		check_histograms(text);
		break;
	default:
		check_message(text);
		break;
	}
	return 0;
}
