/* SPDX-License-Identifier: BSD-2-Clause */
/* Complaints, SNDS and bounces over a window. */
#include "analyzer/query_others_priv.h"

#include <stdlib.h>

#include "base/ipaddr.h"

enum { DAY_S = 86400 };
#define SNDS_PROVIDER SLICE("microsoft-consumer")

enum { SUM_REPORTS, SUM_COMPLAINTS };
enum { SUM_FAILED, SUM_DELAYED, SUM_IN_LOG };

/* What is gathered on the way. */
struct feedback {
	struct tally complaints; /* provider, address, type */
	struct tally bounces;    /* provider, reason, token */
	struct tally logged;     /* key of a bounce, in two halves */
};

static enum mx_code
each(struct others *others, struct feedback *to, enum store_sql sql,
    void (*add)(struct others *others, struct feedback *to,
    sqlite3_stmt *from), struct mx_err *err)
{
	sqlite3_stmt *from = store_statement(others->store, sql, err);
	enum mx_code code;
	bool has_row;

	if (from == NULL)
		return err->code;
	if (sqlite3_bind_parameter_count(from) == 2) {
		(void)sqlite3_bind_int64(from, 1, others->is.since_utc);
		(void)sqlite3_bind_int64(from, 2, others->is.until_utc);
	}
	while ((code = store_step(others->store, from, &has_row, err)) ==
	    MX_OK && has_row)
		add(others, to, from);
	(void)sqlite3_reset(from);
	return code;
}

/* ------------------------------------------------------------------ */
/* Complaints */

static void
add_complaint(struct others *others, struct feedback *to, sqlite3_stmt *from)
{
	struct slice provider = others_column(from, 0);
	struct slice ip = others_column(from, 1);
	int64_t incidents = others_number(from, 3);
	uint32_t key[TALLY_KEYS] = { others_word(others, provider),
		others_word(others, ip),
		others_word(others, others_column(from, 2)), 0 };
	struct tally_row *row;

	if (!others_wants(others, provider, ip))
		return;
	row = tally_row(&to->complaints, key);
	row->sums[SUM_REPORTS]++;
	row->sums[SUM_COMPLAINTS] += incidents > 0 ? incidents : 1;
	tally_span(row, column_time(from, 4));
}

static int
compare_complaints(const void *left, const void *right)
{
	const struct others_complaint *a = left, *b = right;
	int order;

	if (a->complaints != b->complaints)
		return a->complaints > b->complaints ? -1 : 1;
	order = slice_cmp(a->provider, b->provider);
	if (order == 0)
		order = slice_cmp(a->source_ip, b->source_ip);
	return order != 0 ? order :
	    slice_cmp(a->feedback_type, b->feedback_type);
}

static void
make_complaints(struct others *others, const struct tally *sums)
{
	size_t count = tally_count(sums);
	struct others_complaint *rows = arena_alloc(&others->arena,
	    (count + 1) * sizeof(*rows));

	for (uint32_t i = 0; i < count; i++) {
		const struct tally_row *from = tally_at(sums, i);

		rows[i] = (struct others_complaint){
			.provider = others_text(others, from->key[0]),
			.source_ip = others_text(others, from->key[1]),
			.feedback_type = others_text(others, from->key[2]),
			.reports = from->sums[SUM_REPORTS],
			.complaints = from->sums[SUM_COMPLAINTS],
			.first_utc = from->first_utc,
			.last_utc = from->last_utc };
		rows[i].ours = others_whose(others, rows[i].source_ip);
	}
	qsort(rows, count, sizeof(*rows), compare_complaints);
	others->complaint_rows = rows;
	others->complaint_count = count;
}

/* ------------------------------------------------------------------ */
/* SNDS */

static struct others_snds *
new_snds(struct others *others, int64_t day)
{
	struct civil civil = civil_from_seconds(day * DAY_S);
	struct others_snds *row;

	if (others->snds_count == others->snds_room) {
		others->snds_room = others->snds_room != 0 ?
		    others->snds_room * 2 : 64;
		others->snds_rows = mx_realloc(others->snds_rows,
		    others->snds_room * sizeof(*others->snds_rows));
	}
	row = &others->snds_rows[others->snds_count++];
	*row = (struct others_snds){ .day_utc = day * DAY_S + DAY_S / 2,
		.begin_utc = INT64_MIN, .end_utc = INT64_MIN,
		.rcpt_commands = -1, .data_commands = -1, .recipients = -1,
		.trap_hits = -1 };
	(void)snprintf(row->day, sizeof(row->day), "%04u-%02u-%02u",
	    (unsigned)civil.year % 10000u, civil.month % 100u,
	    civil.day % 100u);
	return row;
}

static struct slice
keep(struct others *others, struct slice text)
{
	return text.len != 0 ? arena_slice(&others->arena, text) : SLICE_NONE;
}

static void
add_snds(struct others *others, struct feedback *to, sqlite3_stmt *from)
{
	struct slice ip = others_column(from, 0);
	struct others_snds *row;

	(void)to;
	if (!others_wants(others, SNDS_PROVIDER, ip))
		return;
	row = new_snds(others, column_utc(from, 1));
	row->source_ip = keep(others, ip);
	row->ours = others_whose(others, ip);
	row->begin_utc = column_time(from, 2);
	row->end_utc = column_time(from, 3);
	row->rcpt_commands = others_number(from, 4);
	row->data_commands = others_number(from, 5);
	row->recipients = others_number(from, 6);
	row->trap_hits = others_number(from, 7);
	row->filter_result = keep(others, others_column(from, 8));
	row->complaint_rate = keep(others, others_column(from, 9));
}

/* "192.0.2.0-192.0.2.255" holds IP? The range is never written out. */
static bool
range_has(struct slice range, struct slice ip)
{
	const char *dash = slice_chr(range, '-');
	struct ipaddr first, last, addr;

	return dash != NULL && ipaddr_parse(ip, &addr) &&
	    ipaddr_parse(slice_between(range.ptr, dash), &first) &&
	    ipaddr_parse(slice_between(dash + 1, range.ptr + range.len),
	    &last) && addr.family == first.family &&
	    memcmp(first.bytes, addr.bytes, sizeof(addr.bytes)) <= 0 &&
	    memcmp(addr.bytes, last.bytes, sizeof(addr.bytes)) <= 0;
}

static enum others_ours
whose_range(const struct others *others, struct slice range)
{
	if (tally_count(&others->own) == 0)
		return OURS_UNKNOWN;
	for (uint32_t i = 0; i < tally_count(&others->own); i++)
		if (range_has(range, others_text(others,
		    tally_at(&others->own, i)->key[0])))
			return OURS_YES;
	return OURS_NO;
}

static void
add_status(struct others *others, struct feedback *to, sqlite3_stmt *from)
{
	struct slice range = others_column(from, 0);
	struct others_snds *row;

	(void)to;
	if (!others_wants(others, SNDS_PROVIDER, others->is.source_ip) ||
	    (others->is.source_ip.len != 0 &&
	    !range_has(range, others->is.source_ip)))
		return;
	row = new_snds(others, column_utc(from, 1));
	row->range = keep(others, range);
	row->ours = whose_range(others, range);
	row->is_blocked = sqlite3_column_int(from, 2) != 0;
	row->status = keep(others, others_column(from, 3));
	row->begin_utc = column_time(from, 4);
}

static int
compare_snds(const void *left, const void *right)
{
	const struct others_snds *a = left, *b = right;
	int order;

	if (a->day_utc != b->day_utc)
		return a->day_utc < b->day_utc ? -1 : 1;
	order = slice_cmp(a->source_ip, b->source_ip);
	if (order == 0)
		order = slice_cmp(a->range, b->range);
	return order != 0 ? order : slice_cmp(a->status, b->status);
}

/* ------------------------------------------------------------------ */
/* Bounces */

static void
halves(int64_t key, uint32_t to[TALLY_KEYS])
{
	to[0] = (uint32_t)((uint64_t)key >> 32);
	to[1] = (uint32_t)key;
	to[2] = to[3] = 0;
}

static void
note_logged(struct others *others, struct feedback *to, sqlite3_stmt *from)
{
	uint32_t key[TALLY_KEYS];

	(void)others;
	halves(sqlite3_column_int64(from, 0), key);
	(void)tally_row(&to->logged, key);
}

/* key, provider, reason, token, action, in_log, utc, source_ip */
static void
add_bounce(struct others *others, struct feedback *to, sqlite3_stmt *from)
{
	struct slice provider = others_column(from, 1);
	struct slice action = others_column(from, 4);
	uint32_t key[TALLY_KEYS] = { others_word(others, provider),
		others_word(others, others_column(from, 2)),
		others_word(others, others_column(from, 3)), 0 };
	uint32_t id[TALLY_KEYS];
	struct tally_row *row;
	bool is_failed = slice_eq(action, SLICE("failed"));

	/* success notices have no reason */
	if ((!is_failed && !slice_eq(action, SLICE("delayed"))) ||
	    !others_wants(others, provider, others->is.source_ip.len == 0 ?
	    SLICE_NONE : others_column(from, 7)))
		return;
	halves(sqlite3_column_int64(from, 0), id);
	row = tally_row(&to->bounces, key);
	row->sums[SUM_FAILED] += is_failed;
	row->sums[SUM_DELAYED] += !is_failed;
	row->sums[SUM_IN_LOG] += sqlite3_column_int(from, 5) != 0 ||
	    tally_find(&to->logged, id) != NULL;
	tally_span(row, column_time(from, 6));
}

static int
compare_bounces(const void *left, const void *right)
{
	const struct others_bounce *a = left, *b = right;
	int order;

	if (a->failed + a->delayed != b->failed + b->delayed)
		return a->failed + a->delayed > b->failed + b->delayed ? -1 : 1;
	order = slice_cmp(a->provider, b->provider);
	if (order == 0)
		order = slice_cmp(a->reason, b->reason);
	return order != 0 ? order : slice_cmp(a->token, b->token);
}

static void
make_bounces(struct others *others, const struct tally *sums)
{
	size_t count = tally_count(sums);
	struct others_bounce *rows = arena_alloc(&others->arena,
	    (count + 1) * sizeof(*rows));

	for (uint32_t i = 0; i < count; i++) {
		const struct tally_row *from = tally_at(sums, i);

		rows[i] = (struct others_bounce){
			.provider = others_text(others, from->key[0]),
			.reason = others_text(others, from->key[1]),
			.token = others_text(others, from->key[2]),
			.failed = from->sums[SUM_FAILED],
			.delayed = from->sums[SUM_DELAYED],
			.in_log = from->sums[SUM_IN_LOG],
			.first_utc = from->first_utc,
			.last_utc = from->last_utc };
	}
	qsort(rows, count, sizeof(*rows), compare_bounces);
	others->bounce_rows = rows;
	others->bounce_count = count;
}

enum mx_code
others_load_feedback(struct others *others, struct mx_err *err)
{
	static const struct {
		enum store_sql sql;
		void (*add)(struct others *others, struct feedback *to,
		    sqlite3_stmt *from);
	} steps[] = {
		{ SQL_COMPLAINTS, add_complaint },
		{ SQL_SNDS_DATA, add_snds },
		{ SQL_SNDS_STATUS, add_status },
		{ SQL_BOUNCES_IN_LOG, note_logged },
		{ SQL_BOUNCES, add_bounce },
	};
	struct feedback to;
	enum mx_code code = MX_OK;

	tally_init(&to.complaints, others->words.seed);
	tally_init(&to.bounces, others->words.seed);
	tally_init(&to.logged, others->words.seed);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) &&
	    code == MX_OK; i++)
		code = each(others, &to, steps[i].sql, steps[i].add, err);
	if (code == MX_OK) {
		make_complaints(others, &to.complaints);
		make_bounces(others, &to.bounces);
		if (others->snds_count != 0)
			qsort(others->snds_rows, others->snds_count,
			    sizeof(*others->snds_rows), compare_snds);
	}
	tally_release(&to.complaints);
	tally_release(&to.bounces);
	tally_release(&to.logged);
	return code;
}
