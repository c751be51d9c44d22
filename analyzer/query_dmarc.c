/* SPDX-License-Identifier: BSD-2-Clause */
/* DMARC aggregate rows over a window. */
#include "analyzer/query_others_priv.h"

#include <stdlib.h>

/* RFC 7489 asks for a day; local midnights, daylight saving and a minute more
 * are usual. What is longer is of no single day. */
enum { LONG_PERIOD_S = 26 * 3600 };

enum { SUM_MESSAGES = OTHERS_SUMS, SUM_PASS, SUM_DKIM, SUM_SPF, SUM_QUARANTINE,
	SUM_REJECT };
enum { REPORTER_REPORTS, REPORTER_COPIES, REPORTER_OVERLAPPING,
	REPORTER_LONG, REPORTER_WITNESSES };

static int64_t
middle_of(const struct others_twin *it)
{
	return it->begin_utc + (it->end_utc - it->begin_utc) / 2;
}

static bool
is_long(const struct others_twin *it)
{
	return it->end_utc - it->begin_utc > LONG_PERIOD_S;
}

/* Number of the day that holds UTC, or day_count. */
static size_t
day_of(const struct others *others, int64_t utc)
{
	const struct others_scope *is = &others->is;
	size_t low = 0, high = is->day_count;

	if (is->day_count == 0 || utc < is->day_utc[0])
		return is->day_count;
	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (is->day_utc[mid] <= utc)
			low = mid;
		else
			high = mid;
	}
	return low;
}

/* id, provider, who, identity, content, begin, end, is_signed */
static enum mx_code
add_twin(struct others *others, struct report_twins *twins,
    sqlite3_stmt *from)
{
	struct others_twin twin = { .id = sqlite3_column_int64(from, 0),
		.provider = others_word(others, others_column(from, 1)),
		.who = others_word(others, others_column(from, 2)),
		.identity = others_word(others, others_column(from, 3)),
		.content = sqlite3_column_int64(from, 4),
		.begin_utc = column_utc(from, 5),
		.end_utc = column_utc(from, 6),
		.is_signed = (int)others_number(from, 7) };

	if (twins->count == twins->room) {
		twins->room = twins->room != 0 ? twins->room * 2 : 64;
		twins->list = mx_realloc(twins->list,
		    twins->room * sizeof(*twins->list));
	}
	twins->list[twins->count++] = twin;
	return MX_OK;
}

enum mx_code
others_load_twins(struct others *others, enum store_sql sql,
    struct report_twins *twins, struct mx_err *err)
{
	sqlite3_stmt *from = store_statement(others->store, sql, err);
	enum mx_code code;
	bool has_row;

	memset(twins, 0, sizeof(*twins));
	if (from == NULL)
		return err->code;
	(void)sqlite3_bind_int64(from, 1, others->is.since_utc);
	(void)sqlite3_bind_int64(from, 2, others->is.until_utc);
	while ((code = store_step(others->store, from, &has_row, err)) ==
	    MX_OK && has_row) {
		code = add_twin(others, twins, from);
		if (code != MX_OK)
			break;
	}
	(void)sqlite3_reset(from);
	if (code == MX_OK)
		others_mark_copies(twins);
	return code;
}

bool
others_is_inside(const struct others_twin *it,
    const struct others_scope *window)
{
	int64_t middle = middle_of(it);

	return middle >= window->since_utc && middle < window->until_utc;
}

/* ------------------------------------------------------------------ */

static void
add_day(struct others *others, const struct others_twin *twin, uint32_t ip,
    int64_t messages)
{
	size_t day = day_of(others, middle_of(twin));
	uint32_t key[TALLY_KEYS] = { twin->provider, ip, (uint32_t)day, 0 };

	if (is_long(twin) || day == others->is.day_count ||
	    twin->is_signed == SIGNATURE_NONE)
		return;
	tally_row(&others->days, key)->sums[0] += messages;
}

static bool
is_pass(struct slice result)
{
	return slice_eq(result, SLICE("pass"));
}

/* source_ip, header_from, messages, disposition, dkim, spf */
static void
add_row(struct others *others, const struct others_twin *twin,
    sqlite3_stmt *from)
{
	uint32_t ip = others_word(others, others_column(from, 0));
	uint32_t key[TALLY_KEYS] = { twin->provider, ip,
		others_word(others, others_column(from, 1)), 0 };
	int64_t messages = column_count(from, 2);
	struct slice disposition = others_column(from, 3);
	bool dkim = is_pass(others_column(from, 4));
	bool spf = is_pass(others_column(from, 5));
	struct tally_row *row;

	/* a report about no mail */
	if (messages == 0 && ip == INTERN_NONE)
		return;
	if (!others_wants(others, others_text(others, twin->provider),
	    others_text(others, ip)))
		return;
	row = tally_row(&others->dmarc, key);
	others_count_report(row, twin);
	row->sums[SUM_MESSAGES] += messages;
	row->sums[SUM_PASS] += dkim || spf ? messages : 0;
	row->sums[SUM_DKIM] += dkim ? messages : 0;
	row->sums[SUM_SPF] += spf ? messages : 0;
	row->sums[SUM_QUARANTINE] +=
	    slice_eq(disposition, SLICE("quarantine")) ? messages : 0;
	row->sums[SUM_REJECT] +=
	    slice_eq(disposition, SLICE("reject")) ? messages : 0;
	tally_span(row, twin->begin_utc);
	tally_span(row, twin->end_utc);
	if (ip != INTERN_NONE)
		add_day(others, twin, ip, messages);
}

static enum mx_code
load_rows(struct others *others, const struct others_twin *twin,
    struct mx_err *err)
{
	sqlite3_stmt *from =
	    store_statement(others->store, SQL_DMARC_ROWS, err);
	enum mx_code code;
	bool has_row;

	if (from == NULL)
		return err->code;
	(void)sqlite3_bind_int64(from, 1, twin->id);
	while ((code = store_step(others->store, from, &has_row, err)) ==
	    MX_OK && has_row)
		add_row(others, twin, from);
	(void)sqlite3_reset(from);
	return code;
}

static void
add_presence(struct others *others, const struct others_twin *twin)
{
	size_t day = day_of(others, middle_of(twin));
	uint32_t key[TALLY_KEYS] = { twin->provider, (uint32_t)day, 0, 0 };

	if (!is_long(twin) && day < others->is.day_count &&
	    twin->is_signed != SIGNATURE_NONE)
		tally_row(&others->presence, key)->sums[0]++;
}

static void
add_reporter(struct others *others, const struct others_twin *twin,
    bool is_inside)
{
	uint32_t key[TALLY_KEYS] = { twin->provider, 0, 0, 0 };
	struct tally_row *row = tally_row(&others->reporters, key);

	row->sums[REPORTER_WITNESSES] += twin->is_signed != SIGNATURE_NONE;
	if (!is_inside)
		return;
	if (twin->is_copy) {
		row->sums[REPORTER_COPIES]++;
		return;
	}
	row->sums[REPORTER_REPORTS]++;
	row->sums[REPORTER_OVERLAPPING] += twin->overlaps;
	row->sums[REPORTER_LONG] += is_long(twin);
}

/* ------------------------------------------------------------------ */

static int
compare_dmarc(const void *left, const void *right)
{
	const struct others_dmarc *a = left, *b = right;
	int order;

	if (a->messages != b->messages)
		return a->messages > b->messages ? -1 : 1;
	order = slice_cmp(a->provider, b->provider);
	if (order == 0)
		order = slice_cmp(a->source_ip, b->source_ip);
	return order != 0 ? order : slice_cmp(a->header_from, b->header_from);
}

static void
make_dmarc(struct others *others)
{
	size_t count = tally_count(&others->dmarc);
	struct others_dmarc *rows = arena_alloc(&others->arena,
	    (count + 1) * sizeof(*rows));

	for (uint32_t i = 0; i < count; i++) {
		const struct tally_row *from = tally_at(&others->dmarc, i);
		struct others_dmarc *row = &rows[i];

		memset(row, 0, sizeof(*row));
		row->provider = others_text(others, from->key[0]);
		row->source_ip = others_text(others, from->key[1]);
		row->header_from = others_text(others, from->key[2]);
		row->ours = others_whose(others, row->source_ip);
		row->reports = from->sums[OTHERS_REPORTS];
		row->not_signed = others_row_not_signed(from);
		row->messages = from->sums[SUM_MESSAGES];
		row->pass = from->sums[SUM_PASS];
		row->dkim = from->sums[SUM_DKIM];
		row->spf = from->sums[SUM_SPF];
		row->quarantine = from->sums[SUM_QUARANTINE];
		row->reject = from->sums[SUM_REJECT];
		row->begin_utc = from->first_utc;
		row->end_utc = from->last_utc;
	}
	qsort(rows, count, sizeof(*rows), compare_dmarc);
	others->dmarc_rows = rows;
	others->dmarc_count = count;
}

static int
compare_reporters(const void *left, const void *right)
{
	const struct others_reporter *a = left, *b = right;

	return slice_cmp(a->provider, b->provider);
}

static void
make_reporters(struct others *others)
{
	size_t count = tally_count(&others->reporters);
	struct others_reporter *rows = arena_alloc(&others->arena,
	    (count + 1) * sizeof(*rows));

	for (uint32_t i = 0; i < count; i++) {
		const struct tally_row *from =
		    tally_at(&others->reporters, i);

		rows[i] = (struct others_reporter){
			.provider = others_text(others, from->key[0]),
			.reports = from->sums[REPORTER_REPORTS],
			.copies = from->sums[REPORTER_COPIES],
			.overlapping = from->sums[REPORTER_OVERLAPPING],
			.long_periods = from->sums[REPORTER_LONG] };
	}
	qsort(rows, count, sizeof(*rows), compare_reporters);
	others->reporter_rows = rows;
	others->reporter_count = count;
}

enum mx_code
others_load_dmarc(struct others *others, const struct others_scope *window,
    struct mx_err *err)
{
	struct report_twins twins;
	enum mx_code code = others_load_twins(others, SQL_DMARC_REPORTS,
	    &twins, err);

	for (size_t i = 0; i < twins.count && code == MX_OK; i++) {
		const struct others_twin *twin = &twins.list[i];
		bool is_inside = others_is_inside(twin, window);

		if (!others_wants(others, others_text(others, twin->provider),
		    others->is.source_ip))
			continue;
		add_reporter(others, twin, is_inside);
		if (twin->is_copy || !is_inside)
			continue;
		add_presence(others, twin);
		others->not_signed += twin->is_signed == SIGNATURE_NONE;
		code = load_rows(others, twin, err);
	}
	free(twins.list);
	if (code != MX_OK)
		return code;
	make_dmarc(others);
	make_reporters(others);
	return MX_OK;
}

/* ------------------------------------------------------------------ */

int64_t
others_reported(const struct others *others, struct slice provider,
    struct slice source_ip, size_t day)
{
	uint32_t key[TALLY_KEYS] = { intern_find(&others->words, provider),
		intern_find(&others->words, source_ip), (uint32_t)day, 0 };
	const struct tally_row *row = tally_find(&others->days, key);

	return row != NULL ? row->sums[0] : 0;
}

int64_t
others_day_reports(const struct others *others, struct slice provider,
    size_t day)
{
	uint32_t key[TALLY_KEYS] = { intern_find(&others->words, provider),
		(uint32_t)day, 0, 0 };
	const struct tally_row *row = tally_find(&others->presence, key);

	return row != NULL ? row->sums[0] : 0;
}

bool
others_is_reporter(const struct others *others, struct slice provider)
{
	uint32_t key[TALLY_KEYS] = { intern_find(&others->words, provider) };

	const struct tally_row *row = key[0] != INTERN_NONE ?
	    tally_find(&others->reporters, key) : NULL;

	return row != NULL && row->sums[REPORTER_WITNESSES] != 0;
}
