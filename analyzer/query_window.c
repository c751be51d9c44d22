/* SPDX-License-Identifier: BSD-2-Clause */
/* The window of a query and its days. One that is not asked for is that of
 * all log, but for what a wrong clock wrote: a line of 1970 must not make a
 * report of twenty thousand days. */
#include "analyzer/query_priv.h"

#include <stdlib.h>

#include "base/limits.h"

/* Log that lies together, and far from all other. */
struct island {
	int64_t first_slot, last_slot;
	struct query_left_out is;
};

struct islands {
	struct island *list;
	size_t count, room;
};

static enum mx_code
read_bounds(struct query *query, enum store_sql sql, int64_t *first_r,
    int64_t *last_r, struct mx_err *err)
{
	sqlite3_stmt *get = store_statement(query->store, sql, err);
	enum mx_code code;
	bool has_row;

	*first_r = *last_r = INT64_MIN;
	if (get == NULL)
		return err->code;
	if (sqlite3_bind_parameter_count(get) != 0)
		(void)sqlite3_bind_int64(get, 1, query->is.now_utc);
	code = store_step(query->store, get, &has_row, err);
	*first_r = has_row ? column_time(get, 0) : INT64_MIN;
	*last_r = has_row ? column_time(get, 1) : INT64_MIN;
	(void)sqlite3_reset(get);
	return code;
}

/* ------------------------------------------------------------------ */
/* Islands */

/* A slot by where it stands to AT; INT64_MIN: there is none. */
static enum mx_code
find_slot(struct query *query, enum store_sql sql, int64_t at,
    int64_t *slot_r, struct mx_err *err)
{
	sqlite3_stmt *get = store_statement(query->store, sql, err);
	enum mx_code code;
	bool has_row;

	*slot_r = INT64_MIN;
	if (get == NULL)
		return err->code;
	(void)sqlite3_bind_int64(get, 1, at);
	code = store_step(query->store, get, &has_row, err);
	if (code == MX_OK && has_row)
		*slot_r = column_time(get, 0);
	(void)sqlite3_reset(get);
	return code;
}

/* The last slot of the island that has one at FIRST, a year a step. */
static enum mx_code
find_end(struct query *query, int64_t first, int64_t *last_r,
    struct mx_err *err)
{
	enum mx_code code;
	int64_t at, next = first;

	do {
		at = next;
		code = find_slot(query, SQL_COVERAGE_UP_TO,
		    at + LIMIT_STRAY_GAP_S, &next, err);
	} while (code == MX_OK && next > at);
	*last_r = at;
	return code;
}

static enum mx_code
measure(struct query *query, struct island *it, struct mx_err *err)
{
	sqlite3_stmt *get =
	    store_statement(query->store, SQL_COVERAGE_SPAN, err);
	enum mx_code code;
	bool has_row;

	if (get == NULL)
		return err->code;
	(void)sqlite3_bind_int64(get, 1, it->first_slot);
	(void)sqlite3_bind_int64(get, 2, it->last_slot);
	code = store_step(query->store, get, &has_row, err);
	if (code == MX_OK && has_row)
		it->is = (struct query_left_out){
			.first_utc = column_time(get, 0),
			.last_utc = column_time(get, 1),
			.lines = sqlite3_column_int64(get, 2) };
	(void)sqlite3_reset(get);
	return code;
}

static struct island *
add_island(struct islands *to)
{
	if (to->count == to->room) {
		to->room = to->room != 0 ? to->room * 2 : 8;
		to->list = mx_realloc(to->list, to->room * sizeof(*to->list));
	}
	return &to->list[to->count++];
}

static enum mx_code
find_islands(struct query *query, struct islands *to, struct mx_err *err)
{
	int64_t slot;
	enum mx_code code = find_slot(query, SQL_COVERAGE_BEHIND, INT64_MIN,
	    &slot, err);

	while (code == MX_OK && slot != INT64_MIN) {
		struct island *it = add_island(to);

		it->first_slot = slot;
		code = find_end(query, slot, &it->last_slot, err);
		if (code == MX_OK)
			code = find_slot(query, SQL_COVERAGE_BEHIND,
			    it->last_slot, &slot, err);
	}
	for (size_t i = 0; code == MX_OK && to->count > 1 && i < to->count; i++)
		code = measure(query, &to->list[i], err);
	return code;
}

/* LINES beside REST others. */
static bool
is_stray(int64_t lines, int64_t rest)
{
	return lines < rest / LIMIT_STRAY_SHARE ||
	    (lines < LIMIT_STRAY_LINES && lines < rest / LIMIT_STRAY_FEW);
}

static void
leave_out(struct query *query, const struct island *it, int64_t *rest)
{
	query->left_out[query->left_out_count++] = it->is;
	*rest -= it->is.lines;
}

/* From both ends, as far as they are not asked for. */
static void
trim(struct query *query, const struct islands *from, int64_t *first,
    int64_t *last)
{
	size_t low = 0, high = from->count - 1;
	int64_t rest = 0;

	query->left_out = arena_alloc(&query->arena,
	    from->count * sizeof(*query->left_out));
	for (size_t i = 0; i < from->count; i++)
		rest += from->list[i].is.lines;
	while (query->is.since_utc == INT64_MIN && low < high &&
	    is_stray(from->list[low].is.lines,
	    rest - from->list[low].is.lines))
		leave_out(query, &from->list[low++], &rest);
	while (query->is.until_utc == INT64_MAX && low < high &&
	    is_stray(from->list[high].is.lines,
	    rest - from->list[high].is.lines))
		leave_out(query, &from->list[high--], &rest);
	*first = from->list[low].is.first_utc;
	*last = from->list[high].is.last_utc;
}

/* *FIRST and *LAST of all log become those without strays. */
static enum mx_code
leave_strays_out(struct query *query, int64_t *first, int64_t *last,
    struct mx_err *err)
{
	bool is_asked = query->is.since_utc != INT64_MIN &&
	    query->is.until_utc != INT64_MAX;
	struct islands islands = { 0 };
	enum mx_code code;

	if (is_asked || *last - *first <= LIMIT_STRAY_GAP_S)
		return MX_OK;
	code = find_islands(query, &islands, err);
	if (code == MX_OK && islands.count > 1)
		trim(query, &islands, first, last);
	free(islands.list);
	return code;
}

/* ------------------------------------------------------------------ */

static void
make_days(struct query *query)
{
	const struct zone *zone = query->is.zone;
	int64_t begin = zone_day_start(zone, query->since_utc, 0);
	size_t count = 0;

	for (int64_t at = begin; at < query->until_utc &&
	    count < LIMIT_WINDOW_DAYS; count++)
		at = zone_day_start(zone, at, 1);
	query->days =
	    arena_alloc(&query->arena, (count + 1) * sizeof(*query->days));
	memset(query->days, 0, (count + 1) * sizeof(*query->days));
	for (size_t i = 0; i < count; i++) {
		query->days[i].begin_utc = begin;
		begin = zone_day_start(zone, begin, 1);
		query->days[i].end_utc = begin;
	}
	query->day_count = count;
}

void
query_whole_window(const struct zone *zone, int64_t first_utc,
    int64_t last_utc, int64_t *since_utc, int64_t *until_utc)
{
	if (*since_utc == INT64_MIN)
		*since_utc = zone_day_start(zone, first_utc, 0);
	if (*until_utc == INT64_MAX)
		*until_utc = zone_day_start(zone, last_utc, 1);
	if (*since_utc >= *until_utc)
		*until_utc = *since_utc;
}

enum mx_code
query_find_window(struct query *query, struct mx_err *err)
{
	int64_t first, last;
	enum mx_code code = read_bounds(query, SQL_BOUNDS, &first, &last, err);

	if (code == MX_OK && first != INT64_MIN)
		code = leave_strays_out(query, &first, &last, err);
	query->log_end_utc = first != INT64_MIN ? last : query->is.now_utc;
	/* reports alone: their days */
	if (code == MX_OK && first == INT64_MIN &&
	    query->store->schema >= SCHEMA_REPORTS)
		code = read_bounds(query, SQL_REPORT_BOUNDS, &first, &last,
		    err);
	if (code != MX_OK)
		return code;
	if (first == INT64_MIN)
		first = last = query->is.now_utc;
	query->since_utc = query->is.since_utc;
	query->until_utc = query->is.until_utc;
	query_whole_window(query->is.zone, first, last, &query->since_utc,
	    &query->until_utc);
	if (query->log_end_utc > query->until_utc)
		query->log_end_utc = query->until_utc;
	make_days(query);
	return MX_OK;
}

const struct query_left_out *
query_left_out(const struct query *query, size_t *count_r)
{
	*count_r = query->left_out_count;
	return query->left_out;
}
