/* SPDX-License-Identifier: BSD-2-Clause */
/* A run: its number, what it reads, and what it leaves when it ends. */
#include "analyzer/store_push_priv.h"

#include <stdlib.h>

#include "base/limits.h"

/* Raised when push_tables or the marks change: stores are set up anew then. */
static const char push_setup[] = "3";
enum { RUN_BITS = 24, RUN_MASK = (1 << RUN_BITS) - 1 };

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

static enum mx_code
set_up(struct store *store, struct mx_err *err)
{
	struct strbuf done;
	enum mx_code code;
	bool is_done;

	strbuf_init(&done, 64);
	code = get_meta(store, "push_setup", &done, err);
	is_done = slice_eq(strbuf_slice(&done), slice_str(push_setup));
	strbuf_release(&done);
	if (code != MX_OK || is_done)
		return code;
	code = store_push_set_up(store, err);
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

static enum mx_code
take_marks(struct store *store, int64_t run, struct mx_err *err)
{
	char sql[64];

	(void)snprintf(sql, sizeof(sql), "UPDATE push_mark SET run = %lld",
	    (long long)run);
	return store_exec(store, sql, "push", err);
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
	state->run = (int64_t)run;
	if (code == MX_OK)
		code = put_meta_number(store, "push_run", run, err);
	if (code == MX_OK)
		code = take_marks(store, state->run, err);
	if (code == MX_OK)
		code = store_exec(store, "COMMIT", "push", err);
	if (code != MX_OK)
		store_rollback(store);
	return code;
}

enum mx_code
store_push_again(struct store *store, uint64_t above,
    const struct push_state *state, const uint32_t *days, size_t count,
    struct mx_err *err)
{
	unsigned char *marks = mx_calloc(PUSH_DAYS, 1);
	char sql[128];
	enum mx_code code = store_exec(store, "BEGIN IMMEDIATE", "push", err);

	for (size_t i = 0; i < count; i++)
		if (days[i] < PUSH_DAYS)
			marks[days[i]] = 1;
	(void)snprintf(sql, sizeof(sql), "UPDATE origin SET changes ="
	    " max(changes, %llu) WHERE number = 1",
	    (unsigned long long)(above >> RUN_BITS) + 1);
	if (code == MX_OK)
		code = store_exec(store, sql, "push", err);
	if (code == MX_OK)
		code = store_push_mark_all(store, err);
	if (code == MX_OK)
		code = store_push_mark(store, marks, err);
	if (code == MX_OK)
		code = take_marks(store, state->run, err);
	if (code == MX_OK)
		code = store_exec(store, "COMMIT", "push", err);
	if (code != MX_OK)
		store_rollback(store);
	free(marks);
	return code;
}

/* ------------------------------------------------------------------ */
/* A run */

static enum mx_code
load_origins(struct push_run *run, struct mx_err *err)
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
		    | (uint64_t)run->number;
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
store_push_open(struct store *store, const struct push_state *state,
    struct push_run **run_r, struct mx_err *err)
{
	struct push_run *run = mx_calloc(1, sizeof(*run));
	enum mx_code code;

	run->store = store;
	run->number = state->run;
	run->names = mx_calloc(PUSH_KNOWN, sizeof(*run->names));
	run->replies = mx_calloc(PUSH_KNOWN, sizeof(*run->replies));
	strbuf_init(&run->bytes, LIMIT_PUSH_BUFFER_BYTES);
	code = store_begin(store, err);
	if (code == MX_OK)
		code = load_origins(run, err);
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
	    " origin = ?1 AND day = ?2 AND run = ?3", -1, &drop, NULL) !=
	    SQLITE_OK)
		return store_fail(store, "push", err);
	for (size_t i = 0; i < run->day_count && code == MX_OK; i++) {
		if (!run->days[i].is_sent)
			continue;
		(void)sqlite3_bind_int64(drop, 1, run->days[i].origin);
		(void)sqlite3_bind_int64(drop, 2, run->days[i].day);
		(void)sqlite3_bind_int64(drop, 3, run->number);
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
