/* SPDX-License-Identifier: BSD-2-Clause */
/* What the logs cover of the window: lines read and skipped, inputs. */
#include "analyzer/query_priv.h"

#include <stdlib.h>

/* Lines of one host on one day of the window. */
struct host_day {
	size_t day;
	size_t older; /* of this host; SIZE_MAX: none */
	uint32_t host;
	int64_t first, last, lines, skipped, losses;
};

/* When each host's log begins and ends, over all time. */
struct host_span {
	int64_t first, last;
	size_t newest; /* day; SIZE_MAX: none in the window */
};

struct gathering {
	struct host_day *list;
	size_t count, room;
	struct host_span *spans; /* by number of the host */
	uint32_t span_count, span_room;
};

/* NULL where the host has no line on that day. */
static struct host_day *
known_day(const struct gathering *to, size_t day, uint32_t host)
{
	size_t i = host < to->span_count ? to->spans[host].newest : SIZE_MAX;

	while (i != SIZE_MAX && to->list[i].day != day)
		i = to->list[i].older;
	return i != SIZE_MAX ? &to->list[i] : NULL;
}

/* Behind note_span for the host. */
static struct host_day *
host_day(struct gathering *to, size_t day, uint32_t host)
{
	struct host_day *known = known_day(to, day, host);

	if (known != NULL)
		return known;
	if (host >= to->span_count)
		mx_bug("a host without a span");
	if (to->count == to->room) {
		to->room = to->room != 0 ? to->room * 2 : 64;
		to->list = mx_realloc(to->list, to->room * sizeof(*to->list));
	}
	to->list[to->count] = (struct host_day){ .day = day, .host = host,
		.older = to->spans[host].newest, .first = INT64_MAX,
		.last = INT64_MIN };
	to->spans[host].newest = to->count;
	return &to->list[to->count++];
}

static void
note_span(struct gathering *to, uint32_t host, int64_t first, int64_t last)
{
	if (host >= to->span_room) {
		to->span_room = (host + 1) * 2;
		to->spans = mx_realloc(to->spans,
		    to->span_room * sizeof(*to->spans));
	}
	while (to->span_count <= host)
		to->spans[to->span_count++] = (struct host_span){ INT64_MAX,
			INT64_MIN, SIZE_MAX };
	if (first < to->spans[host].first)
		to->spans[host].first = first;
	if (last > to->spans[host].last)
		to->spans[host].last = last;
}

static bool
is_left_out(const struct query *query, int64_t utc)
{
	for (size_t i = 0; i < query->left_out_count; i++)
		if (utc >= query->left_out[i].first_utc &&
		    utc <= query->left_out[i].last_utc)
			return true;
	return false;
}

static enum mx_code
gather_row(struct query *query, sqlite3_stmt *from, struct gathering *to,
    struct mx_err *err)
{
	int64_t slot = column_utc(from, 0);
	int64_t first = column_utc(from, 2);
	int64_t last = column_utc(from, 3);
	struct host_day *row;
	uint32_t host;
	size_t day;
	enum mx_code code = query_local(query, NAME_HOST,
	    sqlite3_column_int64(from, 1), &host, err);

	if (code != MX_OK || host == INTERN_NONE)
		return code;
	if (!is_left_out(query, first))
		note_span(to, host, first, last);
	if (slot < query->since_utc || slot >= query->until_utc)
		return MX_OK;
	day = query_day_of(query, slot);
	if (day == SIZE_MAX)
		return MX_OK;
	query->days[day].is_covered = true;
	row = host_day(to, day, host);
	if (first < row->first)
		row->first = first;
	if (last > row->last)
		row->last = last;
	row->lines += column_count(from, 4);
	row->losses += column_count(from, 5);
	return MX_OK;
}

static void
note_skip(struct query *query, struct slice reason, int64_t lines)
{
	for (size_t i = 0; i < query->skip_count; i++)
		if (slice_eq(query->skips[i].reason, reason)) {
			query->skips[i].lines += lines;
			return;
		}
	if (query->skip_count == SKIP_REASONS)
		return;
	query->skips[query->skip_count++] = (struct query_skip){
		.reason = arena_slice(&query->arena, reason),
		.lines = lines };
}

static enum mx_code
gather_skips(struct query *query, struct gathering *to, struct mx_err *err)
{
	sqlite3_stmt *from = store_statement(query->store, SQL_SKIPPED, err);
	enum mx_code code;
	bool has_row;

	if (from == NULL)
		return err->code;
	(void)sqlite3_bind_int64(from, 1, query->since_utc);
	(void)sqlite3_bind_int64(from, 2, query->until_utc);
	query->skips = arena_alloc(&query->arena,
	    SKIP_REASONS * sizeof(*query->skips));
	while ((code = store_step(query->store, from, &has_row, err)) ==
	    MX_OK && has_row) {
		int64_t lines = column_count(from, 3);
		size_t day = query_day_of(query,
		    column_utc(from, 0));
		struct host_day *row;
		uint32_t host;

		code = query_local(query, NAME_HOST,
		    sqlite3_column_int64(from, 1), &host, err);
		if (code != MX_OK)
			break;
		note_skip(query, column_text(from, 2), lines);
		row = known_day(to, day, host);
		if (row != NULL)
			row->skipped += lines;
	}
	(void)sqlite3_reset(from);
	return code;
}

static int
compare_coverage(const void *left, const void *right)
{
	const struct query_coverage *a = left;
	const struct query_coverage *b = right;

	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	return slice_cmp(a->host, b->host);
}

static void
make_coverage(struct query *query, const struct gathering *from)
{
	query->coverage = arena_alloc(&query->arena,
	    (from->count + 1) * sizeof(*query->coverage));
	for (size_t i = 0; i < from->count; i++) {
		const struct host_day *it = &from->list[i];
		const struct query_day *day = &query->days[it->day];
		const struct host_span *span = &from->spans[it->host];

		query->coverage[i] = (struct query_coverage){
			.day = it->day,
			.host = intern_name(&query->names.host, it->host),
			.first_utc = it->first, .last_utc = it->last,
			.lines = it->lines, .skipped = it->skipped,
			.losses = it->losses,
			/* an hour's grace: quiet nights are no gaps */
			.is_full = span->first <= day->begin_utc + 3600 &&
			    span->last >= day->end_utc - 3600,
		};
	}
	query->coverage_count = from->count;
	qsort(query->coverage, from->count, sizeof(*query->coverage),
	    compare_coverage);
}

static enum mx_code
note_input(void *ctx, const struct ledger_entry *entry, struct mx_err *err)
{
	struct query *query = ctx;
	struct query_input *to;
	uint64_t hash = ledger_fingerprint(&entry->head);

	(void)err;
	/* what is left out of a window that nobody asked for was read, too */
	if (entry->first_utc != INT64_MIN &&
	    (entry->first_utc >= query->is.until_utc ||
	    entry->last_utc < query->is.since_utc))
		return MX_OK;
	if ((query->input_count & (query->input_count - 1)) == 0) {
		size_t room = query->input_count != 0 ?
		    query->input_count * 2 : 1;

		query->inputs = mx_realloc(query->inputs,
		    room * sizeof(*query->inputs));
	}
	to = &query->inputs[query->input_count++];
	*to = (struct query_input){
		.path = arena_slice(&query->arena, slice_str(entry->path)),
		.format = arena_slice(&query->arena, slice_str(entry->format)),
		.lines = (int64_t)entry->line - 1,
		.bytes = (int64_t)entry->offset,
		.first_utc = entry->first_utc, .last_utc = entry->last_utc };
	(void)snprintf(to->fingerprint, sizeof(to->fingerprint), "%016llx",
	    (unsigned long long)hash);
	return MX_OK;
}

enum mx_code
query_load_coverage(struct query *query, struct mx_err *err)
{
	sqlite3_stmt *from = store_statement(query->store, SQL_COVERAGE, err);
	struct gathering to = { 0 };
	enum mx_code code;
	bool has_row;

	if (from == NULL)
		return err->code;
	(void)sqlite3_bind_int64(from, 1, INT64_MIN);
	(void)sqlite3_bind_int64(from, 2, INT64_MAX);
	while ((code = store_step(query->store, from, &has_row, err)) ==
	    MX_OK && has_row) {
		code = gather_row(query, from, &to, err);
		if (code != MX_OK)
			break;
	}
	(void)sqlite3_reset(from);
	if (code == MX_OK)
		code = gather_skips(query, &to, err);
	if (code == MX_OK)
		make_coverage(query, &to);
	free(to.list);
	free(to.spans);
	if (code == MX_OK)
		code = store_each_input(query->store, note_input, query, err);
	return code;
}
