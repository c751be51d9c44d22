/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/store_days.h"

#include <stdlib.h>

/* So many parts of a day below that size become one, so that neither reading
 * nor writing grows with how often a log is read. */
enum { SMALL_PARTS = 8, SMALL_BYTES = 64 * 1024 };
/* Rows of one part, when a day is packed anew. */
enum { ROWS_AT_ONCE = 32 * 1024 };
/* Blobs of one part, where rows of a forged store are larger than any log
 * makes them; one more row, which SQLite ends at 10^9, still fits into a
 * list. */
enum { BYTES_AT_ONCE = 32 * 1024 * 1024 };
enum { BODY_MAX = 1 << 30 };

const struct pack_shape day_totals = {
	.keys = DAY_TOTAL_KEYS, .fields = DAY_TOTAL_FIELDS, .times = 1,
	.field = { [DAY_DELAYS] = PACK_BYTES, [DAY_VOTES] = PACK_BYTES,
	    [DAY_OTHERS] = PACK_BYTES },
	.join = pack_join,
};
const struct pack_shape day_gaps = {
	.keys = GAP_KEYS, .fields = 1, .times = 2, .field = { PACK_SUM },
};
const struct pack_shape day_replies = {
	.keys = REPLY_KEYS, .fields = REPLY_FIELDS,
	.field = { [REPLY_FIRST] = PACK_FIRST, [REPLY_LAST] = PACK_LAST },
};

/* ------------------------------------------------------------------ */

void
day_writer_init(struct day_writer *writer, struct store *store)
{
	memset(writer, 0, sizeof(*writer));
	writer->store = store;
	pack_list_init(&writer->totals, &day_totals);
	pack_list_init(&writer->gaps, &day_gaps);
	pack_list_init(&writer->replies, &day_replies);
}

void
day_writer_release(struct day_writer *writer)
{
	pack_list_release(&writer->totals);
	pack_list_release(&writer->gaps);
	pack_list_release(&writer->replies);
	free(writer->days);
	free(writer->has_parts);
}

/* Where DAY stands among those touched, or would. */
static size_t
place_of(const struct day_writer *writer, int64_t day)
{
	size_t low = 0, high = writer->day_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (writer->days[middle] < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
insert_day(struct day_writer *writer, size_t at, int64_t day, bool has_parts)
{
	if (writer->day_count == writer->day_room) {
		writer->day_room =
		    writer->day_room != 0 ? writer->day_room * 2 : 16;
		writer->days = mx_realloc(writer->days,
		    writer->day_room * sizeof(*writer->days));
		writer->has_parts = mx_realloc(writer->has_parts,
		    writer->day_room * sizeof(*writer->has_parts));
	}
	memmove(&writer->days[at + 1], &writer->days[at],
	    (writer->day_count - at) * sizeof(*writer->days));
	memmove(&writer->has_parts[at + 1], &writer->has_parts[at],
	    (writer->day_count - at) * sizeof(*writer->has_parts));
	writer->days[at] = day;
	writer->has_parts[at] = has_parts;
	writer->day_count++;
}

static enum mx_code
read_state(struct store *store, int64_t day, bool *has_parts_r,
    bool *has_rows_r, struct mx_err *err)
{
	sqlite3_stmt *get = store_statement(store, SQL_DAY_STATE, err);
	enum mx_code code;
	bool has_row;

	if (get == NULL)
		return err->code;
	(void)sqlite3_bind_int64(get, 1, day);
	(void)sqlite3_bind_int64(get, 2, day + PACKED_DAY_S);
	code = store_step(store, get, &has_row, err);
	if (code != MX_OK)
		return code;
	*has_parts_r = sqlite3_column_int(get, 0) != 0;
	*has_rows_r = sqlite3_column_int(get, 1) != 0;
	(void)sqlite3_reset(get);
	return MX_OK;
}

enum mx_code
day_writer_touch(struct day_writer *writer, int64_t slot, struct mx_err *err)
{
	int64_t day = packed_day(slot);
	size_t at = place_of(writer, day);
	bool has_parts = false, has_rows = false;
	enum mx_code code;

	if (at < writer->day_count && writer->days[at] == day)
		return MX_OK;
	code = read_state(writer->store, day, &has_parts, &has_rows, err);
	if (code == MX_OK)
		insert_day(writer, at, day, has_parts || !has_rows);
	return code;
}

struct pack_row *
day_writer_row(struct day_writer *writer, struct pack_list *list, int64_t slot)
{
	int64_t day = packed_day(slot);
	size_t at = place_of(writer, day);
	struct pack_row *row;

	if (at == writer->day_count || writer->days[at] != day ||
	    !writer->has_parts[at])
		return NULL;
	row = pack_list_add(list, day);
	if (list == &writer->totals)
		row->key[DAY_SLOT] = (uint32_t)(slot - day);
	else if (list == &writer->gaps)
		row->key[GAP_SLOT] = (uint32_t)(slot - day);
	return row;
}

/* ------------------------------------------------------------------ */

/* The next day's rows of a list, as a body. */
static void
take_body(const struct pack_list *list, size_t *at, int64_t day,
    struct strbuf *out)
{
	strbuf_reset(out);
	if (*at < list->count && list->rows[*at].day == day)
		*at = pack_list_write(list, *at, out);
}

struct part {
	struct strbuf totals, gaps, replies;
};

static void
part_init(struct part *part)
{
	strbuf_init(&part->totals, BODY_MAX);
	strbuf_init(&part->gaps, BODY_MAX);
	strbuf_init(&part->replies, BODY_MAX);
}

static void
part_release(struct part *part)
{
	strbuf_release(&part->totals);
	strbuf_release(&part->gaps);
	strbuf_release(&part->replies);
}

static enum mx_code
insert_part(struct store *store, int64_t day, const struct part *part,
    struct mx_err *err)
{
	sqlite3_stmt *add;

	if (part->totals.len + part->gaps.len + part->replies.len == 0)
		return MX_OK;
	add = store_statement(store, SQL_DAY_ADD, err);
	if (add == NULL)
		return err->code;
	(void)sqlite3_bind_int64(add, 1, day);
	bind_blob(add, 2, strbuf_slice(&part->totals));
	bind_blob(add, 3, strbuf_slice(&part->gaps));
	bind_blob(add, 4, strbuf_slice(&part->replies));
	return store_run(store, add, "pack a day", err);
}

/* The lists as a part of each day; they are empty then. */
static enum mx_code
write_parts(struct day_writer *writer, struct mx_err *err)
{
	size_t total = 0, gap = 0, reply = 0;
	enum mx_code code = MX_OK;
	struct part part;

	pack_list_sort(&writer->totals);
	pack_list_sort(&writer->gaps);
	pack_list_sort(&writer->replies);
	part_init(&part);
	for (size_t i = 0; i < writer->day_count && code == MX_OK; i++) {
		int64_t day = writer->days[i];

		take_body(&writer->totals, &total, day, &part.totals);
		take_body(&writer->gaps, &gap, day, &part.gaps);
		take_body(&writer->replies, &reply, day, &part.replies);
		code = insert_part(writer->store, day, &part, err);
	}
	part_release(&part);
	pack_list_reset(&writer->totals);
	pack_list_reset(&writer->gaps);
	pack_list_reset(&writer->replies);
	return code;
}

/* ------------------------------------------------------------------ */
/* Small parts into one */

struct small_parts {
	int64_t numbers[64];
	size_t count;
};

static enum mx_code
read_small(struct day_writer *writer, int64_t day, struct small_parts *parts,
    struct mx_err *err)
{
	struct store *store = writer->store;
	sqlite3_stmt *from = store_statement(store, SQL_DAY_SMALL, err);
	enum mx_code code;
	bool has_row;

	if (from == NULL)
		return err->code;
	parts->count = 0;
	(void)sqlite3_bind_int64(from, 1, day);
	(void)sqlite3_bind_int64(from, 2, SMALL_BYTES);
	while ((code = store_step(store, from, &has_row, err)) == MX_OK &&
	    has_row && parts->count < sizeof(parts->numbers) /
	    sizeof(parts->numbers[0])) {
		if (!pack_list_read(&writer->totals, day,
		    column_blob(from, 1)) || !pack_list_read(&writer->gaps,
		    day, column_blob(from, 2)) || !pack_list_read(
		    &writer->replies, day, column_blob(from, 3))) {
			code = mx_fail(err, MX_E_DATA, "%s: damaged: a day"
			    " cannot be read", store->path);
			break;
		}
		parts->numbers[parts->count++] = sqlite3_column_int64(from, 0);
	}
	(void)sqlite3_reset(from);
	return code;
}

static enum mx_code
count_small(struct store *store, int64_t day, size_t *count_r,
    struct mx_err *err)
{
	sqlite3_stmt *from = store_statement(store, SQL_DAY_SMALL, err);
	enum mx_code code;
	bool has_row;

	*count_r = 0;
	if (from == NULL)
		return err->code;
	(void)sqlite3_bind_int64(from, 1, day);
	(void)sqlite3_bind_int64(from, 2, SMALL_BYTES);
	while ((code = store_step(store, from, &has_row, err)) == MX_OK &&
	    has_row)
		(*count_r)++;
	(void)sqlite3_reset(from);
	return code;
}

static enum mx_code
drop_parts(struct store *store, int64_t day, const struct small_parts *parts,
    struct mx_err *err)
{
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < parts->count && code == MX_OK; i++) {
		sqlite3_stmt *drop =
		    store_statement(store, SQL_DAY_DROP, err);

		if (drop == NULL)
			return err->code;
		(void)sqlite3_bind_int64(drop, 1, day);
		(void)sqlite3_bind_int64(drop, 2, parts->numbers[i]);
		code = store_run(store, drop, "pack a day", err);
	}
	return code;
}

static enum mx_code
join_small(struct day_writer *writer, struct mx_err *err)
{
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < writer->day_count && code == MX_OK; i++) {
		struct day_writer one;
		struct small_parts parts = { .count = 0 };
		size_t count;

		if (!writer->has_parts[i])
			continue;
		code = count_small(writer->store, writer->days[i], &count,
		    err);
		if (code != MX_OK || count < SMALL_PARTS)
			continue;
		day_writer_init(&one, writer->store);
		insert_day(&one, 0, writer->days[i], true);
		code = read_small(&one, writer->days[i], &parts, err);
		if (code == MX_OK)
			code = drop_parts(writer->store, writer->days[i],
			    &parts, err);
		if (code == MX_OK)
			code = write_parts(&one, err);
		day_writer_release(&one);
	}
	return code;
}

enum mx_code
day_writer_finish(struct day_writer *writer, struct mx_err *err)
{
	enum mx_code code = write_parts(writer, err);

	return code == MX_OK ? join_small(writer, err) : code;
}

/* ------------------------------------------------------------------ */
/* Days without parts */

static void
take_total(struct day_writer *to, sqlite3_stmt *row)
{
	static const uint8_t fields[] = { DAY_ACCEPTED_ATTEMPTS,
		DAY_DEFERRED_ATTEMPTS, DAY_BOUNCED_ATTEMPTS, DAY_SUSPENDED,
		DAY_REFUSED, DAY_MESSAGES, DAY_ACCEPTED, DAY_DEFERRED,
		DAY_BOUNCED, DAY_EXPIRED, DAY_BLOCKED };
	struct pack_row *it = day_writer_row(to, &to->totals,
	    sqlite3_column_int64(row, 0));

	for (int k = 0; k < DAY_SLOT; k++)
		it->key[k] = (uint32_t)sqlite3_column_int64(row, 1 + k);
	for (int i = 0; i < (int)sizeof(fields); i++)
		it->value[fields[i]].count = column_count(row, 4 + i);
	pack_list_bytes(&to->totals, DAY_DELAYS, column_blob(row, 15));
	pack_list_bytes(&to->totals, DAY_VOTES, column_blob(row, 16));
	pack_list_bytes(&to->totals, DAY_OTHERS, column_blob(row, 17));
}

static void
take_gap(struct day_writer *to, sqlite3_stmt *row)
{
	struct pack_row *it = day_writer_row(to, &to->gaps,
	    sqlite3_column_int64(row, 0));

	it->key[GAP_SECONDS] = (uint32_t)sqlite3_column_int64(row, 1);
	it->key[GAP_KIND] = (uint32_t)sqlite3_column_int64(row, 2);
	it->key[GAP_PROVIDER] = (uint32_t)sqlite3_column_int64(row, 3);
	it->key[GAP_SOURCE] = (uint32_t)sqlite3_column_int64(row, 4);
	it->key[GAP_DOMAIN] = (uint32_t)sqlite3_column_int64(row, 5);
	it->value[0].count = column_count(row, 6);
}

static void
take_reply(struct day_writer *to, sqlite3_stmt *row)
{
	struct pack_row *it = day_writer_row(to, &to->replies,
	    sqlite3_column_int64(row, 0));
	int64_t first = column_time(row, 5), last = column_time(row, 6);

	it->key[REPLY_SOURCE] = (uint32_t)sqlite3_column_int64(row, 1);
	it->key[REPLY_KIND] = (uint32_t)sqlite3_column_int64(row, 2);
	it->value[REPLY_ATTEMPTS].count = column_count(row, 3);
	it->value[REPLY_DELIVERIES].count = column_count(row, 4);
	if (first != INT64_MIN)
		it->value[REPLY_FIRST].count = first - it->day;
	if (last != INT64_MIN)
		it->value[REPLY_LAST].count = last - it->day;
}

static enum mx_code
take_rows(struct day_writer *to, enum store_sql sql,
    void (*take)(struct day_writer *to, sqlite3_stmt *row),
    struct mx_err *err)
{
	sqlite3_stmt *from = store_statement(to->store, sql, err);
	size_t count = 0;
	enum mx_code code;
	bool has_row;

	if (from == NULL)
		return err->code;
	(void)sqlite3_bind_int64(from, 1, to->days[0]);
	(void)sqlite3_bind_int64(from, 2, to->days[0] + PACKED_DAY_S);
	while ((code = store_step(to->store, from, &has_row, err)) == MX_OK &&
	    has_row) {
		take(to, from);
		if (++count % ROWS_AT_ONCE == 0 ||
		    to->totals.bytes.len > BYTES_AT_ONCE)
			code = write_parts(to, err);
		if (code != MX_OK)
			break;
	}
	(void)sqlite3_reset(from);
	return code;
}

static enum mx_code
pack_day(struct store *store, int64_t day, struct mx_err *err)
{
	struct day_writer writer;
	enum mx_code code;

	day_writer_init(&writer, store);
	insert_day(&writer, 0, day, true);
	code = take_rows(&writer, SQL_TOTALS, take_total, err);
	if (code == MX_OK)
		code = take_rows(&writer, SQL_GAPS, take_gap, err);
	if (code == MX_OK)
		code = take_rows(&writer, SQL_REPLY_TOTALS, take_reply, err);
	if (code == MX_OK)
		code = write_parts(&writer, err);
	day_writer_release(&writer);
	return code;
}

/* The first slot at or behind FROM; false: none. */
static enum mx_code
next_slot(struct store *store, int64_t from, int64_t *slot_r, bool *found_r,
    struct mx_err *err)
{
	sqlite3_stmt *get = store_statement(store, SQL_NEXT_SLOT, err);
	enum mx_code code;
	bool has_row;

	if (get == NULL)
		return err->code;
	(void)sqlite3_bind_int64(get, 1, from);
	code = store_step(store, get, &has_row, err);
	*slot_r = code == MX_OK && has_row ? column_time(get, 0) : INT64_MIN;
	*found_r = *slot_r != INT64_MIN;
	(void)sqlite3_reset(get);
	return code;
}

static enum mx_code
pack_missing(struct store *store, struct mx_err *err)
{
	int64_t at = INT64_MIN, slot = 0;
	bool found = false, has_parts = false, has_rows = false;
	enum mx_code code;

	for (;;) {
		code = next_slot(store, at, &slot, &found, err);
		if (code != MX_OK || !found)
			return code;
		slot = packed_day(slot);
		at = slot + PACKED_DAY_S;
		code = read_state(store, slot, &has_parts, &has_rows, err);
		if (code == MX_OK && !has_parts)
			code = pack_day(store, slot, err);
		if (code != MX_OK)
			return code;
	}
}

enum mx_code
store_pack_days(struct store *store, struct mx_err *err)
{
	enum mx_code code;

	if (store->is_private)
		return MX_OK;
	code = store_begin(store, err);
	if (code != MX_OK)
		return code;
	code = pack_missing(store, err);
	/* nothing is new to who merges this store: changes stay as they are */
	if (code == MX_OK)
		code = store_exec(store, "COMMIT", "pack days", err);
	if (code != MX_OK)
		store_rollback(store);
	return code;
}
