/* SPDX-License-Identifier: BSD-2-Clause */
/* The window's whole UTC days in packed form, as far as the store has them;
 * what is left is read row by row (query_each_row). */
#include "analyzer/query_finding.h"

#include <stdlib.h>

static enum mx_code
damaged(struct mx_err *err)
{
	return mx_fail(err, MX_E_DATA,
	    "the store is damaged: a day cannot be read");
}

static void
note_day(struct query *query, int64_t day)
{
	size_t count = query->packed_count;

	if (count != 0 && query->packed[count - 1] == day)
		return;
	if (count == query->packed_room) {
		query->packed_room = count != 0 ? count * 2 : 64;
		query->packed = mx_realloc(query->packed,
		    query->packed_room * sizeof(*query->packed));
	}
	query->packed[query->packed_count++] = day;
}

enum mx_code
query_each_packed(struct query *query, int64_t since_utc, int64_t until_utc,
    enum mx_code (*part)(void *ctx, sqlite3_stmt *from, struct mx_err *err),
    void *ctx, struct mx_err *err)
{
	sqlite3_stmt *from;
	enum mx_code code;
	bool has_row;

	query->packed_count = 0;
	if (query->store->schema < SCHEMA_REPORTS ||
	    until_utc < INT64_MIN + PACKED_DAY_S)
		return MX_OK;
	from = store_statement(query->store, SQL_DAYS, err);
	if (from == NULL)
		return err->code;
	(void)sqlite3_bind_int64(from, 1, since_utc);
	(void)sqlite3_bind_int64(from, 2, until_utc - PACKED_DAY_S);
	while ((code = store_step(query->store, from, &has_row, err)) ==
	    MX_OK && has_row) {
		note_day(query, sqlite3_column_int64(from, 0));
		code = part(ctx, from, err);
		if (code != MX_OK)
			break;
	}
	(void)sqlite3_reset(from);
	return code;
}

/* ------------------------------------------------------------------ */

/* Names of the keys of a row; those that are the row before's are known. */
static enum mx_code
local_key(struct query *query, const struct pack_reader *from, unsigned at,
    struct total_key *key, struct mx_err *err)
{
	const enum name_kind kinds[] = { NAME_PROVIDER, NAME_SOURCE,
		NAME_DOMAIN };
	uint32_t *const to[] = { &key->provider, &key->source, &key->domain };
	enum mx_code code = MX_OK;

	for (unsigned i = 0; i < 3 && code == MX_OK; i++)
		if (from->same <= at + i)
			code = query_local(query, kinds[i],
			    from->row.key[at + i], to[i], err);
	return code;
}

/* Sums of rows that stand together, so that groups are found and added to
 * once for all of them. */
struct run {
	int64_t count[DAY_TOTAL_FIELDS];
	uint64_t delays[DELAYS_ALL];
	uint8_t buckets[DELAYS_ALL]; /* those that are not 0 */
	unsigned bucket_count;
	bool has_rows;
};

/* One part's rows of totals: runs of a domain within those of a pair. */
struct totals_run {
	struct query *query;
	struct total_key key;
	struct run domain, all; /* all: of the pair, but for the domain */
	bool is_wanted;         /* the pair, by the filter */
	struct series_pair *pair; /* NULL: not looked up yet */
	struct pair_votes *votes; /* of a provider that refused any */
	/* of the pair: the days of the report's zone that this UTC day
	 * touches */
	struct series_row *series[2];
	size_t series_day[2];
};

static void
add_bucket(void *ctx, uint32_t bucket, uint64_t count)
{
	struct run *run = ctx;

	bucket &= DELAYS_ALL - 1;
	if (run->delays[bucket] == 0)
		run->buckets[run->bucket_count++] = (uint8_t)bucket;
	run->delays[bucket] += count;
}

static void
clear_run(struct run *run)
{
	memset(run->count, 0, sizeof(run->count));
	for (unsigned i = 0; i < run->bucket_count; i++)
		run->delays[run->buckets[i]] = 0;
	run->bucket_count = 0;
	run->has_rows = false;
}

static void
add_run(struct run *to, const struct run *from)
{
	for (unsigned i = 0; i < DAY_TOTAL_FIELDS; i++)
		to->count[i] += from->count[i];
	for (unsigned i = 0; i < from->bucket_count; i++)
		add_bucket(to, from->buckets[i],
		    from->delays[from->buckets[i]]);
	to->has_rows = true;
}

static void
add_to_group(struct group *group, const struct run *run)
{
	struct query_counts *n = &group->n;

	n->attempts[OUTCOME_ACCEPTED] += run->count[DAY_ACCEPTED_ATTEMPTS];
	n->attempts[OUTCOME_DEFERRED] += run->count[DAY_DEFERRED_ATTEMPTS];
	n->attempts[OUTCOME_BOUNCED] += run->count[DAY_BOUNCED_ATTEMPTS];
	n->suspended += run->count[DAY_SUSPENDED];
	n->refused += run->count[DAY_REFUSED];
	n->messages += run->count[DAY_MESSAGES];
	n->accepted += run->count[DAY_ACCEPTED];
	n->deferred += run->count[DAY_DEFERRED];
	n->bounced += run->count[DAY_BOUNCED];
	n->expired += run->count[DAY_EXPIRED];
	n->blocked += run->count[DAY_BLOCKED];
	n->deliveries += run->count[DAY_ACCEPTED] + run->count[DAY_BOUNCED] +
	    run->count[DAY_EXPIRED];
	for (unsigned i = 0; i < run->bucket_count; i++)
		delays_add(&group->delays, run->buckets[i],
		    run->delays[run->buckets[i]]);
}

static struct series_pair *
pair_of(struct totals_run *run)
{
	if (run->pair == NULL)
		run->pair = query_series_pair(run->query, run->key.source,
		    run->key.provider);
	return run->pair;
}

/* Pairs are summed apart, and spread over their groups at the end. */
static struct group *
pair_sums(struct totals_run *run)
{
	const struct total_key *key = &run->key;

	if (!provider_is_remote(key->provider))
		return run->query->hops[key->provider == PROVIDER_LOCAL ?
		    HOP_LOCAL : HOP_INTERNAL];
	return query_packed_group(run->query, pair_of(run));
}

static void
end_domain(struct totals_run *run)
{
	if (!run->domain.has_rows)
		return;
	if (provider_is_remote(run->key.provider))
		add_to_group(query_domain_group(run->query, run->key.domain),
		    &run->domain);
	add_run(&run->all, &run->domain);
	clear_run(&run->domain);
}

static void
end_pair(struct totals_run *run)
{
	end_domain(run);
	if (run->all.has_rows)
		add_to_group(pair_sums(run), &run->all);
	clear_run(&run->all);
	run->pair = NULL;
	run->series[0] = run->series[1] = NULL;
}

static void
begin_pair(struct totals_run *run)
{
	run->votes = finding_pair(run->query->finding, run->key.provider,
	    run->key.source);
	run->is_wanted = query_wants(run->query, run->key.provider,
	    run->key.source);
}

static void
add_to_day(struct totals_run *run, int64_t slot, const union pack_value *value)
{
	struct query *query = run->query;
	size_t at, memo;
	int64_t attempts[3] = { [OUTCOME_ACCEPTED] =
	    value[DAY_ACCEPTED_ATTEMPTS].count,
		[OUTCOME_DEFERRED] = value[DAY_DEFERRED_ATTEMPTS].count,
		[OUTCOME_BOUNCED] = value[DAY_BOUNCED_ATTEMPTS].count };
	struct series_row *series;
	struct query_day *day;

	if (!provider_is_remote(run->key.provider))
		return;
	at = query_day_of(query, slot);
	if (at == SIZE_MAX)
		return;
	memo = at & 1;
	day = &query->days[at];
	series = run->series[memo];
	if (series == NULL || run->series_day[memo] != at) {
		series = query_series_day(query, pair_of(run), at);
		run->series[memo] = series;
		run->series_day[memo] = at;
	}
	for (int i = 0; i < 3; i++) {
		series->attempts[i] += attempts[i];
		day->attempts[i] += attempts[i];
	}
	series->refused += value[DAY_REFUSED].count;
	day->refused += value[DAY_REFUSED].count;
	series->messages += value[DAY_MESSAGES].count;
	day->messages += value[DAY_MESSAGES].count;
}

static bool
add_row(struct totals_run *run, const struct pack_reader *from, int64_t slot)
{
	const unsigned bytes = 1u << DAY_DELAYS | 1u << DAY_VOTES |
	    1u << DAY_OTHERS;

	for (unsigned bits = from->has & ~bytes; bits != 0; bits &= bits - 1) {
		unsigned field = (unsigned)__builtin_ctz(bits);

		run->domain.count[field] += from->row.value[field].count;
	}
	run->domain.has_rows = true;
	add_to_day(run, slot, from->row.value);
	return unpack_delays(pack_reader_bytes(from, DAY_DELAYS), add_bucket,
	    &run->domain);
}

static enum mx_code
add_totals(struct query *query, int64_t day, struct slice body,
    struct mx_err *err)
{
	struct totals_run run = { .query = query };
	struct pack_reader from;
	enum mx_code code = MX_OK;

	pack_reader_init(&from, &day_totals, body);
	while (code == MX_OK && pack_reader_next(&from)) {
		if (from.same <= DAY_SOURCE)
			end_pair(&run);
		else if (from.same <= DAY_DOMAIN)
			end_domain(&run);
		if (from.same <= DAY_DOMAIN)
			code = local_key(query, &from, DAY_PROVIDER, &run.key,
			    err);
		if (code == MX_OK && from.same <= DAY_SOURCE)
			begin_pair(&run);
		if (code == MX_OK && run.votes != NULL)
			code = finding_add_packed(run.votes, day, &from, err);
		if (code == MX_OK && run.is_wanted && !add_row(&run, &from,
		    day + from.row.key[DAY_SLOT]))
			code = damaged(err);
	}
	end_pair(&run);
	return code == MX_OK && from.is_damaged ? damaged(err) : code;
}

static enum mx_code
add_gaps(struct query *query, int64_t day, struct slice body,
    struct mx_err *err)
{
	struct pack_reader from;
	struct total_key names = { 0 };
	enum mx_code code = MX_OK;

	pack_reader_init(&from, &day_gaps, body);
	while (code == MX_OK && pack_reader_next(&from)) {
		struct gap_key key;

		code = local_key(query, &from, GAP_PROVIDER, &names, err);
		if (code != MX_OK)
			break;
		key = (struct gap_key){
			.slot = day + from.row.key[GAP_SLOT],
			.gap_s = from.row.key[GAP_SECONDS],
			.group = from.row.key[GAP_KIND],
			.provider = names.provider, .source = names.source,
			.domain = names.domain };
		query_add_gap(query, &key, from.row.value[0].count);
	}
	return code == MX_OK && from.is_damaged ? damaged(err) : code;
}

static enum mx_code
add_replies(struct query *query, int64_t day, struct slice body,
    struct mx_err *err)
{
	struct pack_reader from;
	enum mx_code code = MX_OK;

	pack_reader_init(&from, &day_replies, body);
	while (code == MX_OK && pack_reader_next(&from)) {
		const union pack_value *value = from.row.value;
		struct reply_row row = {
			.attempts = (uint32_t)value[REPLY_ATTEMPTS].count,
			.deliveries = (uint32_t)value[REPLY_DELIVERIES].count,
			.first_utc = INT64_MIN, .last_utc = INT64_MIN };

		if (value[REPLY_FIRST].count != PACK_NONE)
			row.first_utc = day + value[REPLY_FIRST].count;
		if (value[REPLY_LAST].count != PACK_NONE)
			row.last_utc = day + value[REPLY_LAST].count;
		code = query_add_reply(query, from.row.key[REPLY_KIND],
		    from.row.key[REPLY_SOURCE], &row, err);
	}
	return code == MX_OK && from.is_damaged ? damaged(err) : code;
}

static enum mx_code
add_part(void *ctx, sqlite3_stmt *from, struct mx_err *err)
{
	struct query *query = ctx;
	int64_t day = sqlite3_column_int64(from, 0);
	enum mx_code code = add_totals(query, day, column_blob(from, 1), err);

	if (code == MX_OK)
		code = add_gaps(query, day, column_blob(from, 2), err);
	return code == MX_OK ?
	    add_replies(query, day, column_blob(from, 3), err) : code;
}

enum mx_code
query_load_packed(struct query *query, struct mx_err *err)
{
	enum mx_code code = query_each_packed(query, query->since_utc,
	    query->until_utc, add_part, query, err);

	query_spread_packed(query);
	return code;
}

/* ------------------------------------------------------------------ */

static enum mx_code
each_between(struct query *query, const struct query_rows *of,
    query_row *row, void *ctx, struct mx_err *err)
{
	sqlite3_stmt *from;
	enum mx_code code;
	bool has_row;

	if (of->since_utc >= of->until_utc)
		return MX_OK;
	from = store_statement(query->store, of->sql, err);
	if (from == NULL)
		return err->code;
	(void)sqlite3_bind_int64(from, 1, of->since_utc);
	(void)sqlite3_bind_int64(from, 2, of->until_utc);
	while ((code = store_step(query->store, from, &has_row, err)) ==
	    MX_OK && has_row) {
		code = row(ctx, from, err);
		if (code != MX_OK)
			break;
	}
	(void)sqlite3_reset(from);
	return code;
}

enum mx_code
query_each_row(struct query *query, struct query_rows of, query_row *row,
    void *ctx, struct mx_err *err)
{
	const int64_t until_utc = of.until_utc;
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < query->packed_count && code == MX_OK; i++) {
		of.until_utc = query->packed[i];
		code = each_between(query, &of, row, ctx, err);
		of.since_utc = query->packed[i] + PACKED_DAY_S;
	}
	of.until_utc = until_utc;
	return code == MX_OK ? each_between(query, &of, row, ctx, err) : code;
}
