/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/query_others_priv.h"

#include <stdlib.h>

#include "analyzer/store_reports.h"
#include "base/hash.h"
#include "base/ipaddr.h"
#include "base/limits.h"

/* Clocks of reporters differ, and some periods are a minute too long. */
enum { SLACK_S = 3600 };

uint32_t
others_word(struct others *others, struct slice text)
{
	return text.len != 0 ? intern_id(&others->words, text) : INTERN_NONE;
}

struct slice
others_text(const struct others *others, uint32_t word)
{
	return word != INTERN_NONE ? intern_name(&others->words, word) :
	    SLICE_NONE;
}

struct slice
others_column(sqlite3_stmt *row, int at)
{
	return sqlite3_column_type(row, at) == SQLITE_NULL ? SLICE_NONE :
	    column_blob(row, at);
}

int64_t
others_number(sqlite3_stmt *row, int at)
{
	return sqlite3_column_type(row, at) == SQLITE_NULL ? -1 :
	    column_count(row, at);
}

bool
others_wants(const struct others *others, struct slice provider,
    struct slice source_ip)
{
	const struct others_scope *is = &others->is;

	return (is->provider.len == 0 || slice_eq(is->provider, provider)) &&
	    (is->source_ip.len == 0 || slice_eq(is->source_ip, source_ip));
}

enum mx_code
others_each(struct others *others, enum store_sql sql,
    enum mx_code (*row)(struct others *others, sqlite3_stmt *from,
    struct mx_err *err), struct mx_err *err)
{
	sqlite3_stmt *from = store_statement(others->store, sql, err);
	enum mx_code code;
	bool has_row;

	if (from == NULL)
		return err->code;
	if (sqlite3_bind_parameter_count(from) > 1) {
		(void)sqlite3_bind_int64(from, 1, others->is.since_utc);
		(void)sqlite3_bind_int64(from, 2, others->is.until_utc);
	}
	while ((code = store_step(others->store, from, &has_row, err)) ==
	    MX_OK && has_row) {
		code = row(others, from, err);
		if (code != MX_OK)
			break;
	}
	(void)sqlite3_reset(from);
	return code;
}

/* ------------------------------------------------------------------ */
/* Our own addresses */

static void
add_own(struct others *others, struct slice text)
{
	struct ipaddr addr;
	char canonical[IPADDR_TEXT];
	uint32_t key[TALLY_KEYS] = { 0 };

	if (!ipaddr_parse_literal(text, &addr))
		return;
	key[0] = others_word(others, slice_of(canonical,
	    ipaddr_format(&addr, canonical)));
	(void)tally_row(&others->own, key);
}

static enum mx_code
load_own(struct others *others, sqlite3_stmt *from, struct mx_err *err)
{
	(void)err;
	add_own(others, others_column(from, 0));
	add_own(others, others_column(from, 1));
	return MX_OK;
}

static enum mx_code
load_count(struct others *others, struct mx_err *err)
{
	struct report_sums sums;
	enum mx_code code = store_report_sums(others->store, &sums, err);

	others->stored = sums.dmarc + sums.tls + sums.complaints + sums.snds +
	    sums.bounces;
	return code;
}

int64_t
others_not_signed(const struct others *others)
{
	return others->not_signed;
}

int64_t
others_stored(const struct others *others)
{
	return others->stored;
}

enum others_ours
others_whose(const struct others *others, struct slice ip)
{
	const struct own *own = others->is.own;
	uint32_t key[TALLY_KEYS] = { 0 };

	if (ip.len != 0 && own != NULL && own_has_ip(own, ip))
		return OURS_YES;
	if (ip.len == 0 || (tally_count(&others->own) == 0 &&
	    (own == NULL || !own_is_configured(own))))
		return OURS_UNKNOWN;
	key[0] = intern_find(&others->words, ip);
	return key[0] != INTERN_NONE && tally_find(&others->own, key) != NULL ?
	    OURS_YES : OURS_NO;
}

/* ------------------------------------------------------------------ */
/* Copies of one report */

static int
compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* The same identity and content, as stores that were merged have them. */
static int
by_identity(const void *left, const void *right)
{
	const struct others_twin *a = left, *b = right;

	if (a->identity != b->identity)
		return a->identity < b->identity ? -1 : 1;
	if (a->content != b->content)
		return compare_numbers(a->content, b->content);
	return compare_numbers(a->id, b->id);
}

static int
by_content(const void *left, const void *right)
{
	const struct others_twin *a = left, *b = right;

	if (a->who != b->who)
		return a->who < b->who ? -1 : 1;
	if (a->content != b->content)
		return compare_numbers(a->content, b->content);
	if (a->begin_utc != b->begin_utc)
		return compare_numbers(a->begin_utc, b->begin_utc);
	return by_identity(left, right);
}

static int
by_begin(const void *left, const void *right)
{
	const struct others_twin *a = left, *b = right;

	if (a->who != b->who)
		return a->who < b->who ? -1 : 1;
	if (a->begin_utc != b->begin_utc)
		return compare_numbers(a->begin_utc, b->begin_utc);
	return by_identity(left, right);
}

/* The same rows of the same reporter for periods that share more than half of
 * the shorter one: sent again under another id or with other borders. */
static bool
is_sent_again(const struct others_twin *first, const struct others_twin *it)
{
	int64_t end = first->end_utc < it->end_utc ? first->end_utc :
	    it->end_utc;
	int64_t length = it->end_utc - it->begin_utc;

	if (first->end_utc - first->begin_utc < length)
		length = first->end_utc - first->begin_utc;
	/* no rows are the same as no rows */
	return it->content != 0 && length > 0 &&
	    (end - it->begin_utc) * 2 > length;
}

void
others_count_report(struct tally_row *row, const struct others_twin *of)
{
	if (row->last_seen == of->id)
		return;
	row->last_seen = of->id;
	row->sums[OTHERS_REPORTS]++;
	row->sums[OTHERS_JUDGED] += of->is_signed != SIGNATURE_UNKNOWN;
	row->sums[OTHERS_NOT_SIGNED] += of->is_signed == SIGNATURE_NONE;
}

int64_t
others_row_not_signed(const struct tally_row *row)
{
	return row->sums[OTHERS_JUDGED] != 0 ?
	    row->sums[OTHERS_NOT_SIGNED] : -1;
}

/* One good signature is enough for all of them. */
static void
mark_copy(struct others_twin *kept, struct others_twin *copy)
{
	copy->is_copy = true;
	if (copy->is_signed > kept->is_signed)
		kept->is_signed = copy->is_signed;
}

void
others_mark_copies(struct report_twins *twins)
{
	struct others_twin *list = twins->list, *kept = NULL;
	int64_t end = INT64_MIN;

	if (twins->count == 0)
		return;
	qsort(list, twins->count, sizeof(*list), by_identity);
	for (size_t i = 0; i < twins->count; i++)
		if (kept != NULL && list[i].identity == kept->identity &&
		    list[i].content == kept->content)
			mark_copy(kept, &list[i]);
		else
			kept = &list[i];
	kept = NULL;
	qsort(list, twins->count, sizeof(*list), by_content);
	for (size_t i = 0; i < twins->count; i++) {
		if (list[i].is_copy)
			continue;
		if (kept != NULL && kept->who == list[i].who &&
		    kept->content == list[i].content &&
		    is_sent_again(kept, &list[i]))
			mark_copy(kept, &list[i]);
		else
			kept = &list[i];
	}
	qsort(list, twins->count, sizeof(*list), by_begin);
	for (size_t i = 0; i < twins->count; i++) {
		if (i == 0 || list[i].who != list[i - 1].who)
			end = INT64_MIN;
		if (list[i].is_copy)
			continue;
		list[i].overlaps = end != INT64_MIN &&
		    list[i].begin_utc < end - SLACK_S;
		if (list[i].end_utc > end)
			end = list[i].end_utc;
	}
}

/* ------------------------------------------------------------------ */

static void
tallies(struct others *others, void (*each)(struct tally *tally))
{
	each(&others->own);
	each(&others->dmarc);
	each(&others->days);
	each(&others->presence);
	each(&others->reporters);
}

static struct others *
others_new(const struct others_scope *scope)
{
	struct others *others = mx_calloc(1, sizeof(*others));
	uint64_t seed = hash_random_seed();

	others->is = *scope;
	others->store = scope->store;
	arena_init(&others->arena);
	intern_init(&others->words, LIMIT_INTERNED_NAMES, seed);
	tally_init(&others->own, seed);
	tally_init(&others->dmarc, seed);
	tally_init(&others->days, seed);
	tally_init(&others->presence, seed);
	tally_init(&others->reporters, seed);
	strbuf_init(&others->scratch, LIMIT_LINE_BYTES);
	return others;
}

void
others_free(struct others *others)
{
	if (others == NULL)
		return;
	tallies(others, tally_release);
	intern_release(&others->words);
	arena_release(&others->arena);
	strbuf_release(&others->scratch);
	free(others->snds_rows);
	free(others);
}

static enum mx_code
load_all(struct others *others, struct mx_err *err)
{
	struct others_scope *is = &others->is;
	const struct others_scope window = *is;
	enum mx_code code;

	if (others->store->schema < SCHEMA_REPORTS)
		return MX_OK;
	code = others_each(others, SQL_OWN_ADDRESSES, load_own, err);
	if (code == MX_OK)
		code = load_count(others, err);
	is->since_utc = window.since_utc > INT64_MIN + OTHERS_BEFORE_S ?
	    window.since_utc - OTHERS_BEFORE_S : INT64_MIN;
	is->until_utc = window.until_utc < INT64_MAX - OTHERS_BEHIND_S ?
	    window.until_utc + OTHERS_BEHIND_S : INT64_MAX;
	if (code == MX_OK)
		code = others_load_dmarc(others, &window, err);
	if (code == MX_OK)
		code = others_load_tls(others, &window, err);
	*is = window;
	return code == MX_OK ? others_load_feedback(others, err) : code;
}

enum mx_code
others_load(const struct others_scope *scope, struct others **others_r,
    struct mx_err *err)
{
	struct others *others = others_new(scope);
	enum mx_code code = load_all(others, err);

	if (code != MX_OK) {
		others_free(others);
		return code;
	}
	*others_r = others;
	return MX_OK;
}

const struct others_dmarc *
others_dmarc(const struct others *others, size_t *count_r)
{
	*count_r = others->dmarc_count;
	return others->dmarc_rows;
}

const struct others_reporter *
others_reporters(const struct others *others, size_t *count_r)
{
	*count_r = others->reporter_count;
	return others->reporter_rows;
}

const struct others_tls *
others_tls(const struct others *others, size_t *count_r)
{
	*count_r = others->tls_count;
	return others->tls_rows;
}

const struct others_complaint *
others_complaints(const struct others *others, size_t *count_r)
{
	*count_r = others->complaint_count;
	return others->complaint_rows;
}

const struct others_snds *
others_snds(const struct others *others, size_t *count_r)
{
	*count_r = others->snds_count;
	return others->snds_rows;
}

const struct others_bounce *
others_bounces(const struct others *others, size_t *count_r)
{
	*count_r = others->bounce_count;
	return others->bounce_rows;
}
