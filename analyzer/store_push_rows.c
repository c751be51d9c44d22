/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of the store as RowBinary (ClickHouse, "Formats"): integers little
 * endian, texts and arrays behind their length in base 128, a byte before what
 * may be NULL. */
#include "analyzer/store_push_priv.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/limits.h"

enum { DAY_S = 86400 };

/* ------------------------------------------------------------------ */
/* Values */

static void
put_bytes(struct strbuf *out, uint64_t value, unsigned bytes)
{
	char little[8];

	for (unsigned i = 0; i < bytes; i++)
		little[i] = (char)(value >> (8 * i) & 0xff);
	strbuf_add(out, little, bytes);
}

static void
put_length(struct strbuf *out, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		strbuf_add_char(out, (char)(0x80 | (value & 0x7f)));
	strbuf_add_char(out, (char)value);
}

static void
put_text(struct strbuf *out, struct slice text)
{
	put_length(out, text.len);
	strbuf_add_slice(out, text);
}

/* Seconds that a DateTime can say. */
static void
put_time(struct strbuf *out, int64_t utc)
{
	put_bytes(out, utc < 0 ? 0 : utc > UINT32_MAX ? UINT32_MAX :
	    (uint64_t)utc, 4);
}

struct arrays {
	struct strbuf *out;
	uint64_t count;
	unsigned bytes; /* of a value; 0: the counts are written */
};

static void
count_pair(void *arg, uint32_t value, uint64_t count)
{
	struct arrays *arrays = arg;

	(void)value;
	(void)count;
	arrays->count++;
}

static void
put_pair(void *arg, uint32_t value, uint64_t count)
{
	struct arrays *arrays = arg;

	if (arrays->bytes != 0)
		put_bytes(arrays->out, value, arrays->bytes);
	else
		put_bytes(arrays->out, count, 8);
}

/* An array of values, BYTES each, and one of their counts. */
static enum mx_code
put_pairs(struct strbuf *out, struct slice blob, unsigned bytes,
    struct mx_err *err)
{
	struct arrays arrays = { .out = out, .bytes = bytes };

	if (!unpack_seconds(blob, count_pair, &arrays))
		return mx_fail(err, MX_E_DATA, "push: the store is damaged");
	put_length(out, arrays.count);
	(void)unpack_seconds(blob, put_pair, &arrays);
	arrays.bytes = 0;
	put_length(out, arrays.count);
	(void)unpack_seconds(blob, put_pair, &arrays);
	return MX_OK;
}

/* ------------------------------------------------------------------ */
/* Numbers of the store */

static enum mx_code
load_name(struct push_run *run, int64_t id, struct push_name *name,
    struct mx_err *err)
{
	struct slice text;
	enum mx_code code = store_name_text(run->store, NAME_ANY, id,
	    &text, err);

	if (code != MX_OK)
		return code;
	if (text.len + 1 > name->room) {
		name->room = (uint32_t)text.len + 32;
		name->text = mx_realloc(name->text, name->room);
	}
	if (text.len != 0)
		memcpy(name->text, text.ptr, text.len);
	name->len = (uint32_t)text.len;
	name->id = id;
	return MX_OK;
}

static enum mx_code
put_name(struct push_run *run, int64_t id, struct mx_err *err)
{
	struct push_name *name = &run->names[(uint64_t)id % PUSH_KNOWN];
	enum mx_code code = MX_OK;

	if (id == 0) {
		put_length(&run->bytes, 0);
		return MX_OK;
	}
	if (name->id != id)
		code = load_name(run, id, name, err);
	if (code == MX_OK)
		put_text(&run->bytes, slice_of(name->text, name->len));
	return code;
}

/* What a kind of reply is, in every store alike. */
static enum mx_code
hash_reply(struct push_run *run, int64_t id, struct push_reply *reply,
    struct mx_err *err)
{
	sqlite3_stmt *get = store_statement(run->store, SQL_REPLY_GET, err);
	struct slice provider = SLICE_NONE;
	uint64_t hash, fingerprint;
	int64_t provider_id;
	char bytes[9];
	enum mx_code code;
	bool has_row;

	if (get == NULL)
		return err->code;
	(void)sqlite3_bind_int64(get, 1, id);
	code = store_step(run->store, get, &has_row, err);
	if (code == MX_OK && !has_row)
		code = mx_fail(err, MX_E_DATA, "push: the store is damaged");
	if (code != MX_OK)
		return code;
	provider_id = sqlite3_column_int64(get, 0);
	code = store_name_text(run->store, NAME_PROVIDER, provider_id, &provider,
	    err);
	fingerprint = (uint64_t)sqlite3_column_int64(get, 1);
	for (unsigned i = 0; i < 8; i++)
		bytes[i] = (char)(fingerprint >> (8 * i) & 0xff);
	bytes[8] = '\0';
	hash = hash_stable(provider, HASH_STABLE_START);
	hash = hash_stable(slice_of(bytes + 8, 1), hash);
	hash = hash_stable(slice_of(bytes, 8), hash);
	hash = hash_stable(column_text(get, 3), hash);
	hash = hash_stable(slice_of(bytes + 8, 1), hash);
	hash = hash_stable(column_text(get, 6), hash);
	hash = hash_stable(slice_of(bytes + 8, 1), hash);
	reply->hash = hash_stable(column_text(get, 7), hash);
	reply->id = id;
	(void)sqlite3_reset(get);
	return code;
}

static enum mx_code
put_reply(struct push_run *run, int64_t id, struct mx_err *err)
{
	struct push_reply *reply = &run->replies[(uint64_t)id % PUSH_KNOWN];
	enum mx_code code = MX_OK;

	if (reply->id != id)
		code = hash_reply(run, id, reply, err);
	if (code == MX_OK)
		put_bytes(&run->bytes, reply->hash, 8);
	return code;
}

/* ------------------------------------------------------------------ */
/* Rows */

static enum mx_code
put_value(struct push_run *run, char kind, int at, struct mx_err *err)
{
	struct strbuf *out = &run->bytes;
	sqlite3_stmt *row = run->rows;
	int64_t number;

	if (kind >= 'A' && kind <= 'Z') {
		bool is_null = sqlite3_column_type(row, at) == SQLITE_NULL;

		strbuf_add_char(out, is_null ? 1 : 0);
		if (is_null)
			return MX_OK;
		kind = ascii_lower(kind);
	}
	if (kind == 's') {
		put_text(out, column_blob(row, at));
		return MX_OK;
	}
	if (kind == 'd' || kind == 'v')
		return put_pairs(out, column_blob(row, at),
		    kind == 'd' ? 1 : 2, err);
	number = sqlite3_column_int64(row, at);
	switch (kind) {
	case 'n':
		return put_name(run, number, err);
	case 'r':
		return put_reply(run, number, err);
	case 't':
		put_time(out, number);
		break;
	default:
		put_bytes(out, (uint64_t)number,
		    kind == 'b' ? 1 : kind == 'w' ? 4 : 8);
		break;
	}
	return MX_OK;
}

/* The segment of a row, NULL when it does not wait. */
static struct push_day *
find_day(struct push_run *run, int64_t origin, int64_t day)
{
	size_t low = run->range_first, high = run->range_behind;

	if (run->day != NULL && run->day->day == day &&
	    run->day->origin == origin)
		return run->day;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct push_day *it = &run->days[middle];

		if (it->day < day || (it->day == day && it->origin < origin))
			low = middle + 1;
		else
			high = middle;
	}
	if (low == run->range_behind || run->days[low].day != day ||
	    run->days[low].origin != origin)
		return NULL;
	run->day = &run->days[low];
	return run->day;
}

static enum mx_code
put_row(struct push_run *run, struct mx_err *err)
{
	const char *kinds = run->table->kinds;
	struct push_day *day = find_day(run,
	    sqlite3_column_int64(run->rows, 0),
	    sqlite3_column_int64(run->rows, 1) / DAY_S);
	enum mx_code code = MX_OK;

	if (day == NULL)
		return MX_OK;
	put_bytes(&run->bytes, day->of->id, 8);
	put_bytes(&run->bytes, (uint64_t)day->day, 2);
	put_bytes(&run->bytes, day->of->version, 8);
	for (int i = 0; kinds[i] != '\0' && code == MX_OK; i++)
		code = put_value(run, kinds[i], i + 2, err);
	day->rows++;
	if (code == MX_OK && run->bytes.is_cut)
		code = mx_fail(err, MX_E_LIMIT, "push: a row is longer than "
		    "LIMIT_PUSH_BUFFER_BYTES");
	return code;
}

/* ------------------------------------------------------------------ */
/* A table */

const char *
store_push_table(size_t table)
{
	return push_tables[table].name;
}

const char *
store_push_columns(size_t table)
{
	return push_tables[table].columns;
}

enum mx_code
store_push_start(struct push_run *run, size_t table, size_t first,
    size_t behind, struct mx_err *err)
{
	(void)sqlite3_finalize(run->rows);
	run->rows = NULL;
	run->table = &push_tables[table];
	run->next = first;
	run->behind = behind;
	run->range_first = run->range_behind = first;
	run->day = NULL;
	run->given = 0;
	strbuf_reset(&run->bytes);
	if (sqlite3_prepare_v2(run->store->db, run->table->sql, -1,
	    &run->rows, NULL) != SQLITE_OK)
		return store_fail(run->store, "push", err);
	return MX_OK;
}

/* The next segments whose days follow one another: one look at the table. */
static bool
next_range(struct push_run *run)
{
	const struct push_day *days = run->days;
	size_t end = run->next;

	if (run->next == run->behind)
		return false;
	if (run->table->moment == NULL) {
		/* all that has no day is in the first segments, or nowhere */
		while (end < run->behind && days[end].day == 0)
			end++;
		run->range_first = run->next;
		run->range_behind = end;
		run->next = run->behind;
		return end != run->range_first;
	}
	do
		end++;
	while (end < run->behind && days[end].day <= days[end - 1].day + 1);
	run->range_first = run->next;
	run->range_behind = end;
	run->next = end;
	return true;
}

static void
bind_range(struct push_run *run)
{
	(void)sqlite3_reset(run->rows);
	run->day = NULL;
	if (run->table->moment == NULL)
		return;
	(void)sqlite3_bind_int64(run->rows, 1,
	    run->days[run->range_first].day * DAY_S);
	(void)sqlite3_bind_int64(run->rows, 2,
	    (run->days[run->range_behind - 1].day + 1) * DAY_S);
}

static enum mx_code
fill(struct push_run *run, struct mx_err *err)
{
	bool has_row = run->range_first != run->range_behind;
	enum mx_code code = MX_OK;

	strbuf_reset(&run->bytes);
	run->given = 0;
	while (code == MX_OK && run->bytes.len < LIMIT_CLICKHOUSE_PIECE_BYTES) {
		if (has_row)
			code = store_step(run->store, run->rows, &has_row, err);
		if (code == MX_OK && has_row) {
			code = put_row(run, err);
		} else if (code == MX_OK) {
			if (!next_range(run))
				break;
			bind_range(run);
			has_row = true;
		}
	}
	if (code == MX_OK && run->bytes.len < LIMIT_CLICKHOUSE_PIECE_BYTES)
		run->range_first = run->range_behind = run->next = run->behind;
	return code;
}

enum mx_code
store_push_give(struct push_run *run, char *to, size_t room, size_t *len_r,
    struct mx_err *err)
{
	enum mx_code code = MX_OK;
	size_t left;

	if (run->given == run->bytes.len)
		code = fill(run, err);
	left = run->bytes.len - run->given;
	if (left > room)
		left = room;
	if (left != 0)
		memcpy(to, run->bytes.ptr + run->given, left);
	run->given += left;
	*len_r = left;
	return code;
}
