/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/push.h"

#include <stdlib.h>

#include "analyzer/fleet_lag.h"
#include "analyzer/fleet_sql.h"
#include "analyzer/store_push.h"
#include "base/limits.h"
#include "base/zone.h"

enum { SQL_MAX = 2048, PEEK_BYTES = 256, DAY_S = 86400 };

struct push {
	struct clickhouse *fleet;
	const struct push_options *options;
	struct push_result *result;
	struct push_state state;
	struct push_run *run;
	struct strbuf sql, text;
	size_t given;           /* of text */
	struct strbuf replicated_in; /* database of tables that are */
	char peek[PEEK_BYTES];  /* what a table begins with */
	size_t peek_len;
};

/* ------------------------------------------------------------------ */
/* Questions with one number for an answer */

static enum mx_code
take_text(void *ctx, struct slice bytes, struct mx_err *err)
{
	struct strbuf *text = ctx;

	(void)err;
	strbuf_add_slice(text, bytes);
	return MX_OK;
}

/* What stands in push->sql; the answer will stand in push->text. */
static enum mx_code
ask(struct push *push, struct mx_err *err)
{
	strbuf_reset(&push->text);
	return fleet_lag_query(push->fleet, strbuf_slice(&push->sql),
	    take_text, &push->text, err);
}

/* *REST_R: what stands behind the number. */
static enum mx_code
ask_number(struct push *push, uint64_t *value_r, struct slice *rest_r,
    struct mx_err *err)
{
	struct slice answer;
	size_t len;
	enum mx_code code = ask(push, err);

	if (code != MX_OK)
		return code;
	answer = slice_trim(strbuf_slice(&push->text));
	len = slice_number(answer, UINT64_MAX, value_r);
	*rest_r = slice_trim(slice_skip(answer, len));
	if (len == 0 || (len < answer.len && answer.ptr[len] != '\t'))
		return mx_fail(err, MX_E_UNAVAILABLE,
		    "%s: answers, but not as ClickHouse does",
		    clickhouse_name(push->fleet));
	return MX_OK;
}

static void
add_here(struct push *push, struct slice table)
{
	strbuf_add_str(&push->sql, " AND ");
	fleet_lag_condition(strbuf_slice(&push->replicated_in), table,
	    FLEET_LAG_ANY_TIME, &push->sql);
}

static enum mx_code
check_schema(struct push *push, struct mx_err *err)
{
	uint64_t schema = 0;
	struct slice database;
	enum mx_code code;

	strbuf_reset(&push->sql);
	strbuf_add_str(&push->sql, "SELECT schema, replicated_in FROM meta"
	    " FORMAT TabSeparated");
	code = ask_number(push, &schema, &database, err);
	if (code != MX_OK)
		return code;
	strbuf_add_slice(&push->replicated_in, database);
	if (schema == PUSH_SCHEMA)
		return code;
	return mx_fail(err, MX_E_DATA, "%s: its tables are of schema %llu, "
	    "this mxtrend knows %d; nothing was sent",
	    clickhouse_name(push->fleet), (unsigned long long)schema,
	    PUSH_SCHEMA);
}

/* What the fleet has of this store must be what this store sent. */
static enum mx_code
check_newest(struct push *push, uint64_t *newest_r, struct mx_err *err)
{
	struct slice rest;
	enum mx_code code;

	strbuf_reset(&push->sql);
	strbuf_addf(&push->sql, "SELECT max(version) FROM push WHERE origin ="
	    " %llu", (unsigned long long)push->state.origin);
	add_here(push, SLICE("push"));
	strbuf_add_str(&push->sql, " FORMAT TabSeparated");
	code = ask_number(push, newest_r, &rest, err);
	if (code == MX_OK && *newest_r > push->state.version &&
	    !push->options->is_again)
		code = mx_fail(err, MX_E_DATA, "%s: has a newer state of this "
		    "store: was the store brought back from a backup, or "
		    "copied to another host? --again sends all of it and "
		    "replaces what is there; nothing was sent",
		    clickhouse_name(push->fleet));
	return code;
}

/* ------------------------------------------------------------------ */
/* Sending */

static enum mx_code
give_text(void *ctx, char *to, size_t room, size_t *len_r,
    struct mx_err *err)
{
	struct push *push = ctx;
	size_t left = push->text.len - push->given;

	(void)err;
	*len_r = left < room ? left : room;
	if (*len_r != 0)
		memcpy(to, push->text.ptr + push->given, *len_r);
	push->given += *len_r;
	return MX_OK;
}

/* What stands in push->text. */
static enum mx_code
send_text(struct push *push, const char *into, struct mx_err *err)
{
	push->given = 0;
	strbuf_reset(&push->sql);
	strbuf_addf(&push->sql, "INSERT INTO %s FORMAT TabSeparated", into);
	return clickhouse_insert(push->fleet, strbuf_slice(&push->sql),
	    give_text, push, err);
}

static enum mx_code
give_rows(void *ctx, char *to, size_t room, size_t *len_r,
    struct mx_err *err)
{
	struct push *push = ctx;

	if (push->peek_len != 0) {
		*len_r = push->peek_len;
		memcpy(to, push->peek, push->peek_len);
		push->peek_len = 0;
		return room < *len_r ? mx_fail(err, MX_E_INTERNAL,
		    "push: no room") : MX_OK;
	}
	return store_push_give(push->run, to, room, len_r, err);
}

static enum mx_code
send_table(struct push *push, size_t table, size_t first, size_t behind,
    struct mx_err *err)
{
	enum mx_code code = store_push_start(push->run, table, first, behind,
	    err);

	if (code == MX_OK)
		code = store_push_give(push->run, push->peek, PEEK_BYTES,
		    &push->peek_len, err);
	if (code != MX_OK || push->peek_len == 0)
		return code;
	strbuf_reset(&push->sql);
	strbuf_addf(&push->sql, "INSERT INTO %s (origin, day, version, %s)"
	    " FORMAT RowBinary", store_push_table(table),
	    store_push_columns(table));
	return clickhouse_insert(push->fleet, strbuf_slice(&push->sql),
	    give_rows, push, err);
}

static void
add_date(struct strbuf *out, int64_t utc)
{
	struct civil date = civil_from_seconds(utc);

	strbuf_addf(out, "%04d-%02u-%02u", (int)date.year,
	    (unsigned)date.month, (unsigned)date.day);
}

static void
add_time(struct strbuf *out, int64_t utc)
{
	struct civil time = civil_from_seconds(utc);

	add_date(out, utc);
	strbuf_addf(out, " %02u:%02u:%02u", (unsigned)time.hour,
	    (unsigned)time.minute, (unsigned)time.second);
}

static void
add_segment(struct strbuf *out, const struct push_day *day)
{
	strbuf_addf(out, "%llu\t", (unsigned long long)day->of->id);
	add_date(out, day->day * DAY_S);
	strbuf_addf(out, "\t%llu\t%llu\n",
	    (unsigned long long)day->of->version,
	    (unsigned long long)day->rows);
}

static enum mx_code
send_batch(struct push *push, struct push_day *days, size_t first,
    size_t behind, struct mx_err *err)
{
	enum mx_code code = MX_OK;

	for (size_t t = 0; store_push_table(t) != NULL && code == MX_OK; t++)
		code = send_table(push, t, first, behind, err);
	if (code != MX_OK)
		return code;
	strbuf_reset(&push->text);
	for (size_t i = first; i < behind; i++)
		add_segment(&push->text, &days[i]);
	code = send_text(push, "segment (origin, day, version, row_count)",
	    err);
	for (size_t i = first; i < behind && code == MX_OK; i++) {
		days[i].is_sent = true;
		push->result->segments++;
		push->result->rows += days[i].rows;
	}
	return code;
}

/* Some weeks at a time, so that what was cut has not all to be sent again. */
static enum mx_code
send_batches(struct push *push, struct mx_err *err)
{
	size_t count, first = 0;
	struct push_day *days = store_push_days(push->run, &count);
	enum mx_code code = MX_OK;

	while (first < count && code == MX_OK) {
		size_t behind = first;
		int64_t from = 0;

		for (; behind < count; behind++) {
			int64_t day = days[behind].day;

			if (from == 0 && day != 0)
				from = day;
			if (day >= from + LIMIT_PUSH_BATCH_DAYS ||
			    behind - first >= LIMIT_PUSH_BATCH_SEGMENTS)
				break;
		}
		code = send_batch(push, days, first, behind, err);
		first = behind;
	}
	return code;
}

/* The last word: from now on what was sent counts. */
static enum mx_code
send_end(struct push *push, int64_t slot_s, struct mx_err *err)
{
	size_t count;
	const struct push_origin *origins =
	    store_push_origins(push->run, &count);

	strbuf_reset(&push->text);
	for (size_t i = 0; i < count; i++) {
		strbuf_addf(&push->text, "%llu\t%llu\t",
		    (unsigned long long)origins[i].id,
		    (unsigned long long)origins[i].version);
		add_time(&push->text, push->options->utc);
		strbuf_addf(&push->text, "\t%s\t%lld\t%d\t%s\n",
		    origins[i].store, (long long)slot_s, PUSH_SCHEMA,
		    push->options->tool);
	}
	return send_text(push, "push (origin, version, time, store, slot_s,"
	    " schema, tool)", err);
}

/* ------------------------------------------------------------------ */
/* A run */

static enum mx_code
open_store(struct push *push, enum store_mode mode, struct store **store_r,
    struct mx_err *err)
{
	return store_open(mode, push->options->state_dir, 3600,
	    push->options->wait_s, store_r, err);
}

static enum mx_code
prepare(struct push *push, struct mx_err *err)
{
	struct store *store;
	enum mx_code code = open_store(push, STORE_WRITE, &store, err);

	if (code != MX_OK)
		return code;
	code = store_push_prepare(store, &push->state, err);
	store_close(store);
	return code;
}

/* Days of this store that the fleet has. */
static enum mx_code
ask_days(struct push *push, uint32_t *days, size_t *count_r,
    struct mx_err *err)
{
	struct slice rest;
	uint64_t day;
	size_t len;
	enum mx_code code;

	strbuf_reset(&push->sql);
	strbuf_addf(&push->sql, "SELECT DISTINCT toUInt16(day) FROM segment"
	    " WHERE origin = %llu", (unsigned long long)push->state.origin);
	add_here(push, SLICE("segment"));
	strbuf_add_str(&push->sql, " FORMAT TabSeparated");
	code = ask(push, err);
	rest = strbuf_slice(&push->text);
	*count_r = 0;
	while (code == MX_OK && *count_r <= UINT16_MAX &&
	    (len = slice_number(rest, UINT16_MAX, &day)) != 0) {
		days[(*count_r)++] = (uint32_t)day;
		rest = slice_skip(rest, len + 1);
	}
	return code;
}

/* A fleet that lost what it had, or is another one, gets everything. */
static enum mx_code
start_over(struct push *push, uint64_t newest, struct mx_err *err)
{
	uint32_t *days;
	size_t count;
	struct store *store = NULL;
	enum mx_code code;

	push->result->has_lost = newest < push->state.whole;
	if (!push->options->is_again && !push->result->has_lost)
		return MX_OK;
	days = mx_calloc(UINT16_MAX + 1, sizeof(*days));
	code = ask_days(push, days, &count, err);
	if (code == MX_OK)
		code = open_store(push, STORE_WRITE, &store, err);
	if (code == MX_OK) {
		code = store_push_again(store, newest, &push->state, days,
		    count, err);
		store_close(store);
	}
	free(days);
	return code;
}

static enum mx_code
note_done(struct push *push, bool is_whole, struct mx_err *err)
{
	struct store *store;
	enum mx_code code = open_store(push, STORE_WRITE, &store, err);

	if (code != MX_OK)
		return code;
	code = store_push_done(store, push->run, is_whole,
	    clickhouse_name(push->fleet), push->options->utc, err);
	store_close(store);
	return code;
}

static enum mx_code
send_all(struct push *push, struct mx_err *err)
{
	struct store *store;
	struct mx_err second;
	enum mx_code code = open_store(push, STORE_READ, &store, err);
	enum mx_code noted;

	if (code != MX_OK)
		return code;
	code = store_push_open(store, &push->state, &push->run, err);
	if (code == MX_OK) {
		code = send_batches(push, err);
		if (code == MX_OK)
			code = send_end(push, store_slot_s(store), err);
		/* what arrived needs not go again; that it failed is what
		 * the caller must hear */
		noted = note_done(push, code == MX_OK,
		    code == MX_OK ? err : &second);
		if (code == MX_OK)
			code = noted;
		store_push_close(push->run);
	}
	store_close(store);
	return code;
}

enum mx_code
push_run(struct clickhouse *fleet, const struct push_options *options,
    struct push_result *result, struct mx_err *err)
{
	struct push *push = mx_calloc(1, sizeof(*push));
	uint64_t newest = 0;
	enum mx_code code;

	memset(result, 0, sizeof(*result));
	push->fleet = fleet;
	push->options = options;
	push->result = result;
	strbuf_init(&push->sql, SQL_MAX);
	strbuf_init(&push->replicated_in, SQL_MAX / 4);
	strbuf_init(&push->text, LIMIT_PUSH_BUFFER_BYTES);
	code = prepare(push, err);
	if (code == MX_OK)
		code = check_schema(push, err);
	if (code == MX_OK)
		code = check_newest(push, &newest, err);
	if (code == MX_OK)
		code = start_over(push, newest, err);
	if (code == MX_OK)
		code = send_all(push, err);
	strbuf_release(&push->sql);
	strbuf_release(&push->replicated_in);
	strbuf_release(&push->text);
	free(push);
	return code;
}
