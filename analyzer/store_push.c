/* SPDX-License-Identifier: BSD-2-Clause */
/* What waits: marks by origin and day, made by triggers in the transaction
 * that changes a row. A mark bears the number that the store had before that
 * transaction: less than the one of a push that saw it, so that one made while
 * a push is under way outlives it. */
#include "analyzer/store_push_priv.h"

#include <stdlib.h>

#include "base/limits.h"

/* Raised when push_tables changes: stores are set up anew then. */
static const char push_setup[] = "2";
enum { RUN_BITS = 24, RUN_MASK = (1 << RUN_BITS) - 1, SQL_MAX = 4096 };

/* ------------------------------------------------------------------ */
/* Small values */

static enum mx_code
get_meta(struct store *store, const char *key, struct strbuf *value,
    struct mx_err *err)
{
	sqlite3_stmt *get = store_statement(store, SQL_META_GET, err);
	enum mx_code code;
	bool has_row;

	strbuf_reset(value);
	if (get == NULL)
		return err->code;
	bind_text(get, 1, slice_str(key));
	code = store_step(store, get, &has_row, err);
	if (code == MX_OK && has_row)
		strbuf_add_slice(value, column_text(get, 0));
	(void)sqlite3_reset(get);
	return code;
}

static enum mx_code
get_meta_number(struct store *store, const char *key, uint64_t *value_r,
    struct mx_err *err)
{
	struct strbuf text;
	enum mx_code code;

	strbuf_init(&text, 64);
	code = get_meta(store, key, &text, err);
	*value_r = 0;
	(void)slice_number(strbuf_slice(&text), UINT64_MAX, value_r);
	strbuf_release(&text);
	return code;
}

static enum mx_code
put_meta(struct store *store, const char *key, struct slice value,
    struct mx_err *err)
{
	sqlite3_stmt *put = store_statement(store, SQL_META_PUT, err);

	if (put == NULL)
		return err->code;
	bind_text(put, 1, slice_str(key));
	bind_text(put, 2, value);
	return store_run(store, put, "push", err);
}

static enum mx_code
put_meta_number(struct store *store, const char *key, uint64_t value,
    struct mx_err *err)
{
	char text[24];
	int len = snprintf(text, sizeof(text), "%llu",
	    (unsigned long long)value);

	return put_meta(store, key, slice_of(text, (size_t)len), err);
}

/* Hexadecimal digits that the store made itself. */
static uint64_t
origin_id(struct slice name)
{
	uint64_t id = 0;

	for (size_t i = 0; i < name.len && i < 16; i++) {
		char c = ascii_lower(name.ptr[i]);

		id = id << 4 | (uint64_t)(ascii_is_digit(c) ? c - '0' :
		    (c - 'a' + 10) & 15);
	}
	return id;
}

/* ------------------------------------------------------------------ */
/* Setting up */

/* SQL with ROW put for what the trigger calls it. */
static void
add_moment(struct strbuf *out, const char *moment, const char *row)
{
	const char *at;

	while ((at = strstr(moment, "ROW.")) != NULL) {
		strbuf_add(out, moment, (size_t)(at - moment));
		strbuf_add_str(out, row);
		strbuf_add_char(out, '.');
		moment = at + 4;
	}
	strbuf_add_str(out, moment);
}

/* "ORIGIN, DAY" of a row. */
static void
add_segment(struct strbuf *out, const struct push_table *table,
    const char *row)
{
	/* the kinds of reply are the store's own */
	if (strcmp(table->name, "reply") == 0) {
		strbuf_add_str(out, "1, 0");
		return;
	}
	strbuf_addf(out, "%s.origin, ", row);
	if (table->moment == NULL) {
		strbuf_add_char(out, '0');
		return;
	}
	strbuf_add_char(out, '(');
	add_moment(out, table->moment, row);
	strbuf_add_str(out, ") / 86400");
}

static enum mx_code
make_trigger(struct store *store, const struct push_table *table,
    const char *event, const char *row, struct mx_err *err)
{
	struct strbuf sql;
	enum mx_code code;

	strbuf_init(&sql, SQL_MAX);
	strbuf_addf(&sql, "DROP TRIGGER IF EXISTS push_%s_%s; CREATE TRIGGER"
	    " push_%s_%s AFTER %s ON %s BEGIN INSERT INTO push_mark (origin,"
	    " day, changes) VALUES (", table->name, event, table->name, event,
	    event, table->name);
	add_segment(&sql, table, row);
	strbuf_add_str(&sql, ", (SELECT changes FROM origin WHERE number = 1))"
	    " ON CONFLICT (origin, day) DO UPDATE SET changes ="
	    " excluded.changes WHERE push_mark.changes <> excluded.changes;"
	    " END");
	code = store_exec(store, sql.ptr, "push", err);
	strbuf_release(&sql);
	return code;
}

static enum mx_code
mark_table(struct store *store, const struct push_table *table,
    struct mx_err *err)
{
	struct strbuf sql;
	enum mx_code code;

	strbuf_init(&sql, SQL_MAX);
	strbuf_add_str(&sql, "INSERT OR REPLACE INTO push_mark (origin, day,"
	    " changes) SELECT DISTINCT ");
	add_segment(&sql, table, "t");
	strbuf_addf(&sql, ", (SELECT changes - 1 FROM origin WHERE number = 1)"
	    " FROM %s AS t", table->name);
	code = store_exec(store, sql.ptr, "push", err);
	strbuf_release(&sql);
	return code;
}

/* As if the transaction before had changed everything. Of days whose rows are
 * all gone the marks that wait stay. */
static enum mx_code
mark_all(struct store *store, struct mx_err *err)
{
	enum mx_code code = store_exec(store, "UPDATE push_mark SET changes ="
	    " (SELECT changes - 1 FROM origin WHERE number = 1)", "push", err);

	for (const struct push_table *t = push_tables; t->name != NULL &&
	    code == MX_OK; t++)
		if (t->moment == NULL || t->moment[0] != '\0')
			code = mark_table(store, t, err);
	return code;
}

static enum mx_code
set_up(struct store *store, struct mx_err *err)
{
	static const char *const events[][2] = { { "INSERT", "NEW" },
		{ "UPDATE", "NEW" }, { "DELETE", "OLD" } };
	struct strbuf done;
	enum mx_code code;
	bool is_done;

	strbuf_init(&done, 64);
	code = get_meta(store, "push_setup", &done, err);
	is_done = slice_eq(strbuf_slice(&done), slice_str(push_setup));
	strbuf_release(&done);
	if (code != MX_OK || is_done)
		return code;
	code = store_exec(store, "CREATE TABLE IF NOT EXISTS push_mark ("
	    "origin INTEGER NOT NULL, day INTEGER NOT NULL,"
	    " changes INTEGER NOT NULL, PRIMARY KEY (origin, day))"
	    " STRICT, WITHOUT ROWID", "push", err);
	for (const struct push_table *t = push_tables; t->name != NULL; t++)
		for (size_t i = 0; i < 3 && code == MX_OK; i++)
			if (t->moment == NULL || t->moment[0] != '\0')
				code = make_trigger(store, t, events[i][0],
				    events[i][1], err);
	if (code == MX_OK)
		code = mark_all(store, err);
	return code == MX_OK ? put_meta(store, "push_setup",
	    slice_str(push_setup), err) : code;
}

static enum mx_code
read_own(struct store *store, struct push_state *state, int64_t *changes_r,
    struct mx_err *err)
{
	sqlite3_stmt *get = NULL;
	enum mx_code code = MX_OK;

	if (sqlite3_prepare_v2(store->db, "SELECT id, changes FROM origin"
	    " WHERE number = 1", -1, &get, NULL) != SQLITE_OK ||
	    sqlite3_step(get) != SQLITE_ROW) {
		code = store_fail(store, "push", err);
	} else {
		state->origin = origin_id(column_text(get, 0));
		*changes_r = sqlite3_column_int64(get, 1);
	}
	(void)sqlite3_finalize(get);
	return code;
}

/* The run's number is committed before the first byte goes out, so that no two
 * pushes ever have the same version. */
enum mx_code
store_push_prepare(struct store *store, struct push_state *state,
    struct mx_err *err)
{
	uint64_t run = 0;
	int64_t changes = 0;
	enum mx_code code = store_exec(store, "BEGIN IMMEDIATE", "push", err);

	memset(state, 0, sizeof(*state));
	if (code != MX_OK)
		return code;
	code = set_up(store, err);
	if (code == MX_OK)
		code = get_meta_number(store, "push_run", &run, err);
	if (code == MX_OK)
		code = get_meta_number(store, "push_whole", &state->whole, err);
	if (code == MX_OK)
		code = read_own(store, state, &changes, err);
	run = (run + 1) & RUN_MASK;
	state->version = (uint64_t)changes << RUN_BITS | run;
	if (code == MX_OK)
		code = put_meta_number(store, "push_run", run, err);
	if (code == MX_OK)
		code = store_exec(store, "COMMIT", "push", err);
	if (code != MX_OK)
		store_rollback(store);
	return code;
}

static enum mx_code
mark_days(struct store *store, const uint32_t *days, size_t count,
    struct mx_err *err)
{
	sqlite3_stmt *add = NULL;
	enum mx_code code = MX_OK;

	if (sqlite3_prepare_v2(store->db, "INSERT OR REPLACE INTO push_mark"
	    " (origin, day, changes) SELECT 1, ?1, changes - 1 FROM origin"
	    " WHERE number = 1", -1, &add, NULL) != SQLITE_OK)
		return store_fail(store, "push", err);
	for (size_t i = 0; i < count && code == MX_OK; i++) {
		(void)sqlite3_bind_int64(add, 1, days[i]);
		code = store_run(store, add, "push", err);
	}
	(void)sqlite3_finalize(add);
	return code;
}

enum mx_code
store_push_again(struct store *store, uint64_t above, const uint32_t *days,
    size_t count, struct mx_err *err)
{
	char sql[128];
	enum mx_code code = store_exec(store, "BEGIN IMMEDIATE", "push", err);

	if (code != MX_OK)
		return code;
	(void)snprintf(sql, sizeof(sql), "UPDATE origin SET changes ="
	    " max(changes, %llu) WHERE number = 1",
	    (unsigned long long)(above >> RUN_BITS) + 1);
	code = store_exec(store, sql, "push", err);
	if (code == MX_OK)
		code = mark_all(store, err);
	if (code == MX_OK)
		code = mark_days(store, days, count, err);
	if (code == MX_OK)
		code = store_exec(store, "COMMIT", "push", err);
	if (code != MX_OK)
		store_rollback(store);
	return code;
}

/* ------------------------------------------------------------------ */
/* A run */

static enum mx_code
load_origins(struct push_run *run, uint64_t number, struct mx_err *err)
{
	struct store *store = run->store;
	sqlite3_stmt *get = NULL;
	enum mx_code code = MX_OK;
	int64_t count = 0;
	bool has_row;

	code = store_number(store, "SELECT count(*) FROM origin", &count, err);
	if (code != MX_OK)
		return code;
	run->origins = mx_calloc((size_t)count + 1, sizeof(*run->origins));
	if (sqlite3_prepare_v2(store->db, "SELECT number, id, changes FROM"
	    " origin ORDER BY number", -1, &get, NULL) != SQLITE_OK)
		return store_fail(store, "push", err);
	for (;;) {
		struct push_origin *it = &run->origins[run->origin_count];
		struct slice name;

		code = store_step(store, get, &has_row, err);
		if (code != MX_OK || !has_row)
			break;
		name = column_text(get, 1);
		if (name.len >= sizeof(it->store))
			name.len = sizeof(it->store) - 1;
		it->number = sqlite3_column_int64(get, 0);
		it->id = origin_id(name);
		memcpy(it->store, name.ptr, name.len);
		it->version = (uint64_t)sqlite3_column_int64(get, 2) << RUN_BITS
		    | number;
		if (it->number == 1)
			run->changes = sqlite3_column_int64(get, 2);
		run->origin_count++;
	}
	(void)sqlite3_finalize(get);
	return code;
}

static const struct push_origin *
find_origin(const struct push_run *run, int64_t number)
{
	for (size_t i = 0; i < run->origin_count; i++)
		if (run->origins[i].number == number)
			return &run->origins[i];
	return NULL;
}

static enum mx_code
load_days(struct push_run *run, struct mx_err *err)
{
	struct store *store = run->store;
	sqlite3_stmt *get = NULL;
	enum mx_code code;
	int64_t count = 0;
	bool has_row;

	code = store_number(store, "SELECT count(*) FROM push_mark", &count,
	    err);
	if (code != MX_OK)
		return code;
	if (count > LIMIT_PUSH_SEGMENTS)
		count = LIMIT_PUSH_SEGMENTS;
	run->days = mx_calloc((size_t)count + 1, sizeof(*run->days));
	if (sqlite3_prepare_v2(store->db, "SELECT origin, day FROM push_mark"
	    " ORDER BY day, origin", -1, &get, NULL) != SQLITE_OK)
		return store_fail(store, "push", err);
	while (run->day_count < (size_t)count) {
		struct push_day *it = &run->days[run->day_count];

		code = store_step(store, get, &has_row, err);
		if (code != MX_OK || !has_row)
			break;
		it->origin = sqlite3_column_int64(get, 0);
		it->day = sqlite3_column_int64(get, 1);
		it->of = find_origin(run, it->origin);
		if (it->of != NULL)
			run->day_count++;
	}
	(void)sqlite3_finalize(get);
	return code;
}

enum mx_code
store_push_open(struct store *store, struct push_run **run_r,
    struct mx_err *err)
{
	struct push_run *run = mx_calloc(1, sizeof(*run));
	uint64_t number = 0;
	enum mx_code code;

	run->store = store;
	run->names = mx_calloc(PUSH_KNOWN, sizeof(*run->names));
	run->replies = mx_calloc(PUSH_KNOWN, sizeof(*run->replies));
	strbuf_init(&run->bytes, LIMIT_PUSH_BUFFER_BYTES);
	code = store_begin(store, err);
	if (code == MX_OK)
		code = get_meta_number(store, "push_run", &number, err);
	if (code == MX_OK)
		code = load_origins(run, number, err);
	if (code == MX_OK)
		code = load_days(run, err);
	if (code != MX_OK) {
		store_push_close(run);
		return code;
	}
	*run_r = run;
	return MX_OK;
}

void
store_push_close(struct push_run *run)
{
	if (run == NULL)
		return;
	(void)sqlite3_finalize(run->rows);
	store_rollback(run->store); /* it only read */
	for (size_t i = 0; i < PUSH_KNOWN; i++)
		free(run->names[i].text);
	free(run->names);
	free(run->replies);
	free(run->origins);
	free(run->days);
	strbuf_release(&run->bytes);
	free(run);
}

const struct push_origin *
store_push_origins(const struct push_run *run, size_t *count_r)
{
	*count_r = run->origin_count;
	return run->origins;
}

struct push_day *
store_push_days(struct push_run *run, size_t *count_r)
{
	*count_r = run->day_count;
	return run->days;
}

/* ------------------------------------------------------------------ */
/* Its end */

static enum mx_code
drop_marks(struct store *store, const struct push_run *run,
    struct mx_err *err)
{
	sqlite3_stmt *drop = NULL;
	enum mx_code code = MX_OK;

	if (sqlite3_prepare_v2(store->db, "DELETE FROM push_mark WHERE"
	    " origin = ?1 AND day = ?2 AND changes < ?3", -1, &drop, NULL) !=
	    SQLITE_OK)
		return store_fail(store, "push", err);
	for (size_t i = 0; i < run->day_count && code == MX_OK; i++) {
		if (!run->days[i].is_sent)
			continue;
		(void)sqlite3_bind_int64(drop, 1, run->days[i].origin);
		(void)sqlite3_bind_int64(drop, 2, run->days[i].day);
		(void)sqlite3_bind_int64(drop, 3, run->changes);
		code = store_run(store, drop, "push", err);
	}
	(void)sqlite3_finalize(drop);
	return code;
}

enum mx_code
store_push_done(struct store *store, const struct push_run *run,
    bool is_whole, const char *place, int64_t utc, struct mx_err *err)
{
	enum mx_code code = store_exec(store, "BEGIN IMMEDIATE", "push", err);

	if (code != MX_OK)
		return code;
	code = drop_marks(store, run, err);
	if (is_whole && code == MX_OK)
		code = put_meta_number(store, "push_whole",
		    run->origins[0].version, err);
	if (is_whole && code == MX_OK)
		code = put_meta_number(store, "push_utc", (uint64_t)utc, err);
	if (is_whole && code == MX_OK)
		code = put_meta(store, "push_place", slice_str(place), err);
	if (code == MX_OK)
		code = store_exec(store, "COMMIT", "push", err);
	if (code != MX_OK)
		store_rollback(store);
	return code;
}

/* ------------------------------------------------------------------ */
/* What waits */

static enum mx_code
count_waiting(struct store *store, struct push_waiting *waiting,
    struct mx_err *err)
{
	enum mx_code code = store_number(store, "SELECT count(*) FROM"
	    " push_mark", &waiting->segments, err);

	if (code == MX_OK)
		code = store_number(store, "SELECT coalesce(min(day), 0) FROM"
		    " push_mark WHERE day > 0", &waiting->first_day, err);
	if (code == MX_OK)
		code = store_number(store, "SELECT coalesce(max(day), 0) FROM"
		    " push_mark", &waiting->last_day, err);
	return code;
}

enum mx_code
store_push_waiting(struct store *store, struct push_waiting *waiting,
    struct mx_err *err)
{
	struct strbuf place;
	uint64_t utc = 0;
	int64_t tables = 0;
	enum mx_code code;

	memset(waiting, 0, sizeof(*waiting));
	waiting->whole_utc = INT64_MIN;
	code = store_number(store, "SELECT count(*) FROM sqlite_master WHERE"
	    " name = 'push_mark'", &tables, err);
	if (code != MX_OK || tables == 0)
		return code;
	waiting->is_set_up = true;
	code = count_waiting(store, waiting, err);
	if (code == MX_OK)
		code = get_meta_number(store, "push_utc", &utc, err);
	if (utc != 0 && utc < INT64_MAX)
		waiting->whole_utc = (int64_t)utc;
	strbuf_init(&place, sizeof(waiting->place) - 1);
	if (code == MX_OK)
		code = get_meta(store, "push_place", &place, err);
	memcpy(waiting->place, place.ptr, place.len);
	strbuf_release(&place);
	return code;
}
