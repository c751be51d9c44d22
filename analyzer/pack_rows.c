/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/pack_rows.h"

#include <stdlib.h>

#include "analyzer/pack_number.h"

/* Bytes of one list, and of one joined field. */
enum { BYTES_MAX = 1 << 30, JOINED_MAX = 1 << 20 };

/* ------------------------------------------------------------------ */
/* Numbers */

static uint64_t
zigzag(int64_t value)
{
	return (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0);
}

static int64_t
unzigzag(uint64_t value)
{
	return (int64_t)(value >> 1 ^ ((value & 1) != 0 ? UINT64_MAX : 0));
}

static unsigned
same_bits(const struct pack_shape *shape)
{
	return shape->keys > 4 ? 3 : 2;
}

/* ------------------------------------------------------------------ */
/* Lists */

void
pack_list_init(struct pack_list *list, const struct pack_shape *shape)
{
	memset(list, 0, sizeof(*list));
	list->shape = shape;
	strbuf_init(&list->bytes, BYTES_MAX);
}

void
pack_list_release(struct pack_list *list)
{
	free(list->rows);
	strbuf_release(&list->bytes);
}

void
pack_list_reset(struct pack_list *list)
{
	list->count = 0;
	strbuf_reset(&list->bytes);
}

static bool
is_absent(const struct pack_shape *shape, unsigned field,
    const union pack_value *value)
{
	switch (shape->field[field]) {
	case PACK_SUM:
		return value->count == 0;
	case PACK_FIRST:
	case PACK_LAST:
		return value->count == PACK_NONE;
	case PACK_BYTES:
		break;
	}
	return value->bytes.len == 0;
}

static void
clear_fields(const struct pack_shape *shape, struct pack_row *row)
{
	for (unsigned i = 0; i < shape->fields; i++)
		row->value[i].count = shape->field[i] == PACK_FIRST ||
		    shape->field[i] == PACK_LAST ? PACK_NONE : 0;
}

struct pack_row *
pack_list_add(struct pack_list *list, int64_t day)
{
	struct pack_row *row;

	if (list->count == list->room) {
		list->room = list->room != 0 ? list->room * 2 : 256;
		list->rows = mx_realloc(list->rows,
		    list->room * sizeof(*list->rows));
	}
	row = &list->rows[list->count++];
	row->day = day;
	memset(row->key, 0, sizeof(row->key));
	clear_fields(list->shape, row);
	return row;
}

void
pack_list_bytes(struct pack_list *list, unsigned field, struct slice bytes)
{
	struct pack_row *row = &list->rows[list->count - 1];

	row->value[field].bytes = (struct pack_span){
		(uint32_t)list->bytes.len, (uint32_t)bytes.len };
	strbuf_add_slice(&list->bytes, bytes);
}

static int
compare(const void *left, const void *right)
{
	const struct pack_row *a = left, *b = right;

	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	for (int i = 0; i < PACK_KEYS; i++)
		if (a->key[i] != b->key[i])
			return a->key[i] < b->key[i] ? -1 : 1;
	return 0;
}

void
pack_list_sort(struct pack_list *list)
{
	if (list->count != 0)
		qsort(list->rows, list->count, sizeof(*list->rows), compare);
}

/* ------------------------------------------------------------------ */
/* Writing */

static uint64_t
common_divisor(uint64_t a, uint64_t b)
{
	while (b != 0) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* The greatest unit of which all times are multiples. */
static uint64_t
unit_of(const struct pack_list *list, size_t from, size_t to)
{
	const struct pack_shape *shape = list->shape;
	uint64_t unit = 3600;

	for (size_t i = from; i < to; i++)
		for (unsigned k = shape->keys - shape->times;
		    k < shape->keys; k++)
			if (list->rows[i].key[k] % unit != 0)
				unit = common_divisor(unit,
				    list->rows[i].key[k]);
	return unit;
}

struct writing {
	const struct pack_list *list;
	struct strbuf *out, joined, spare;
	uint64_t unit;
	uint32_t last[PACK_KEYS];
	bool is_first;
};

static uint64_t
key_in_units(const struct writing *to, unsigned k, uint32_t key)
{
	const struct pack_shape *shape = to->list->shape;

	return k < shape->keys - shape->times ? key : key / to->unit;
}

static void
put_keys(struct writing *to, const struct pack_row *row, unsigned same)
{
	const struct pack_shape *shape = to->list->shape;

	for (unsigned k = same; k < shape->keys; k++) {
		uint64_t key = key_in_units(to, k, row->key[k]);

		if (k == same)
			key -= key_in_units(to, k, to->last[k]);
		pack_number_put(to->out, key);
	}
	memcpy(to->last, row->key, sizeof(to->last));
}

static struct slice
span_bytes(const struct writing *to, struct pack_span span)
{
	return slice_of(to->list->bytes.ptr + span.at, span.len);
}

/* BYTES of several rows, joined one after the other. */
static void
put_joined(struct writing *to, const struct pack_row *rows, size_t count,
    unsigned field)
{
	strbuf_reset(&to->joined);
	for (size_t i = 0; i < count; i++) {
		struct slice more = span_bytes(to, rows[i].value[field].bytes);
		struct strbuf sum = to->spare;

		if (more.len == 0)
			continue;
		if (to->joined.len == 0) {
			strbuf_add_slice(&to->joined, more);
			continue;
		}
		strbuf_reset(&sum);
		to->list->shape->join(&sum, strbuf_slice(&to->joined), more);
		to->spare = to->joined;
		to->joined = sum;
	}
	pack_number_put(to->out, to->joined.len);
	strbuf_add_slice(to->out, strbuf_slice(&to->joined));
}

static void
put_field(struct writing *to, const struct pack_row *sum,
    const struct pack_row *rows, size_t count, unsigned field)
{
	struct slice bytes;

	if (to->list->shape->field[field] != PACK_BYTES) {
		pack_number_put(to->out, zigzag(sum->value[field].count));
	} else if (count != 1) {
		put_joined(to, rows, count, field);
	} else {
		bytes = span_bytes(to, sum->value[field].bytes);
		pack_number_put(to->out, bytes.len);
		strbuf_add_slice(to->out, bytes);
	}
}

/* What no log can hold is cut, so that it can be read again. */
static int64_t
within(int64_t count)
{
	if (count > PACK_COUNT_MAX)
		return PACK_COUNT_MAX;
	return count < -PACK_COUNT_MAX ? -PACK_COUNT_MAX : count;
}

static void
join_field(enum pack_field how, union pack_value *into,
    const union pack_value *value)
{
	switch (how) {
	case PACK_SUM:
		into->count = within(into->count + value->count);
		break;
	case PACK_FIRST:
		if (into->count == PACK_NONE || (value->count != PACK_NONE &&
		    value->count < into->count))
			into->count = value->count;
		break;
	case PACK_LAST:
		if (value->count > into->count)
			into->count = value->count;
		break;
	case PACK_BYTES:
		if (into->bytes.len == 0)
			into->bytes = value->bytes;
		break;
	}
}

/* COUNT rows of one key as one. */
static void
put_row(struct writing *to, const struct pack_row *rows, size_t count)
{
	const struct pack_shape *shape = to->list->shape;
	struct pack_row sum = rows[0];
	unsigned same = 0;
	uint64_t head = 0;

	for (size_t i = 1; i < count; i++)
		for (unsigned f = 0; f < shape->fields; f++)
			join_field(shape->field[f], &sum.value[f],
			    &rows[i].value[f]);
	while (!to->is_first && same + 1 < shape->keys &&
	    sum.key[same] == to->last[same])
		same++;
	for (unsigned f = 0; f < shape->fields; f++)
		if (!is_absent(shape, f, &sum.value[f]))
			head |= (uint64_t)1 << f;
	pack_number_put(to->out, head << same_bits(shape) | same);
	put_keys(to, &sum, same);
	for (unsigned f = 0; f < shape->fields; f++)
		if (!is_absent(shape, f, &sum.value[f]))
			put_field(to, &sum, rows, count, f);
	to->is_first = false;
}

size_t
pack_list_write(const struct pack_list *list, size_t from, struct strbuf *out)
{
	struct writing to = { .list = list, .out = out, .is_first = true };
	size_t end = from, next;

	if (from == list->count)
		return from;
	while (end < list->count && list->rows[end].day == list->rows[from].day)
		end++;
	strbuf_init(&to.joined, JOINED_MAX);
	strbuf_init(&to.spare, JOINED_MAX);
	to.unit = unit_of(list, from, end);
	pack_number_put(out, to.unit);
	for (size_t i = from; i < end; i = next) {
		next = i + 1;
		while (next < end &&
		    compare(&list->rows[next], &list->rows[i]) == 0)
			next++;
		put_row(&to, &list->rows[i], next - i);
	}
	strbuf_release(&to.joined);
	strbuf_release(&to.spare);
	return end;
}

/* ------------------------------------------------------------------ */
/* Reading */

void
pack_reader_init(struct pack_reader *reader, const struct pack_shape *shape,
    struct slice body)
{
	memset(reader, 0, sizeof(*reader));
	/* A day without rows has no body. */
	if (body.len == 0)
		body = SLICE("");
	reader->shape = shape;
	reader->begin = reader->at = body.ptr;
	reader->end = body.ptr + body.len;
	reader->is_first = true;
	clear_fields(shape, &reader->row);
	memcpy(reader->empty, reader->row.value, sizeof(reader->empty));
	for (unsigned i = 0; i < shape->fields; i++)
		reader->bytes |= (unsigned)(shape->field[i] == PACK_BYTES) <<
		    i;
	if (body.len != 0) {
		struct pack_number unit = pack_number_at(reader->at, reader->end);

		reader->at = unit.at;
		reader->unit_s = unit.value;
		reader->is_damaged = unit.at == NULL || unit.value == 0 ||
		    unit.value > 3600;
	}
}

/* The keys from AT on; where the fields begin, NULL: damaged. */
static inline const char *
read_keys(struct pack_reader *from, const char *at)
{
	const struct pack_shape *shape = from->shape;
	unsigned times = shape->keys - shape->times;

	for (unsigned k = from->same; k < shape->keys; k++) {
		struct pack_number key = pack_number_at(at, from->end);

		if (key.at == NULL || key.value > UINT32_MAX)
			return NULL;
		if (k >= times)
			key.value *= from->unit_s;
		if (k == from->same)
			key.value += from->row.key[k];
		if (key.value > UINT32_MAX)
			return NULL;
		from->row.key[k] = (uint32_t)key.value;
		at = key.at;
	}
	return at;
}

/* Where the next field begins; NULL: damaged. */
static inline const char *
read_field(struct pack_reader *from, const char *at, unsigned field)
{
	union pack_value *to = &from->row.value[field];
	struct pack_number number = pack_number_at(at, from->end);

	if (number.at == NULL)
		return NULL;
	if ((from->bytes >> field & 1) == 0) {
		to->count = unzigzag(number.value);
		return number.value <= 2 * PACK_COUNT_MAX ? number.at : NULL;
	}
	if (number.value > (uint64_t)(from->end - number.at))
		return NULL;
	to->bytes = (struct pack_span){ (uint32_t)(number.at - from->begin),
		(uint32_t)number.value };
	return number.at + number.value;
}

static void
clear_row(struct pack_reader *from)
{
	for (unsigned bits = from->has; bits != 0; bits &= bits - 1) {
		unsigned field = (unsigned)__builtin_ctz(bits);

		from->row.value[field] = from->empty[field];
	}
	from->has = 0;
}

bool
pack_reader_next(struct pack_reader *reader)
{
	const struct pack_shape *shape = reader->shape;
	struct pack_number head;
	const char *at;

	if (reader->is_damaged || reader->at == reader->end)
		return false;
	reader->is_damaged = true;
	clear_row(reader);
	head = pack_number_at(reader->at, reader->end);
	if (head.at == NULL)
		return false;
	reader->same = (unsigned)head.value & ((1u << same_bits(shape)) - 1);
	head.value >>= same_bits(shape);
	if (reader->same >= shape->keys || head.value >> shape->fields != 0 ||
	    (reader->is_first && reader->same != 0))
		return false;
	at = read_keys(reader, head.at);
	reader->has = (unsigned)head.value;
	for (unsigned bits = reader->has; bits != 0 && at != NULL;
	    bits &= bits - 1)
		at = read_field(reader, at, (unsigned)__builtin_ctz(bits));
	if (at == NULL)
		return false;
	reader->at = at;
	reader->is_first = reader->is_damaged = false;
	return true;
}

bool
pack_list_read(struct pack_list *list, int64_t day, struct slice body)
{
	struct pack_reader from;

	pack_reader_init(&from, list->shape, body);
	while (pack_reader_next(&from)) {
		struct pack_row *row = pack_list_add(list, day);

		memcpy(row->key, from.row.key, sizeof(row->key));
		memcpy(row->value, from.row.value, sizeof(row->value));
		for (unsigned f = 0; f < list->shape->fields; f++)
			if (list->shape->field[f] == PACK_BYTES)
				pack_list_bytes(list, f,
				    pack_reader_bytes(&from, f));
	}
	return !from.is_damaged;
}
