/* SPDX-License-Identifier: BSD-2-Clause */
/* Replies and reasons of a window. */
#include "analyzer/query_priv.h"

#include <stdlib.h>

#include "base/text_order.h"

static void
read_kind(sqlite3_stmt *from, struct reply_kind *kind)
{
	kind->fingerprint = (uint64_t)sqlite3_column_int64(from, 1);
	kind->masked = column_text(from, 2);
	kind->reason = column_text(from, 3);
	kind->scope = column_text(from, 4);
	kind->severity = column_text(from, 5);
	kind->token = column_text(from, 6);
	kind->rule = column_text(from, 7);
	kind->is_explicit = sqlite3_column_int(from, 8) != 0;
	kind->votes = sqlite3_column_int(from, 9) != 0;
	kind->sample = column_blob(from, 10);
	kind->sample_utc = column_utc(from, 11);
}

void
query_replies_end(struct query *query)
{
	if (query->cursor.from != NULL)
		(void)sqlite3_reset(query->cursor.from);
	query->cursor.from = NULL;
}

static enum mx_code
begin_at(struct query *query, int64_t db_id, struct mx_err *err)
{
	struct reply_cursor *at = &query->cursor;

	at->from = store_statement(query->store, SQL_REPLIES_FROM, err);
	if (at->from == NULL)
		return err->code;
	(void)sqlite3_bind_int64(at->from, 1, db_id);
	at->db_id = 0;
	return MX_OK;
}

/* The row of kind DB_ID. Kinds are mostly asked for in the order of the file,
 * and a step to one of the next rows costs a fifth of a search. */
static enum mx_code
find_kind(struct query *query, int64_t db_id, struct mx_err *err)
{
	enum { NEAR = 8 };
	struct reply_cursor *at = &query->cursor;
	enum mx_code code = MX_OK;
	bool has_row = true;

	if (at->from == NULL || db_id <= at->db_id || db_id > at->db_id + NEAR)
		code = begin_at(query, db_id, err);
	while (code == MX_OK && has_row && at->db_id < db_id) {
		code = store_step(query->store, at->from, &has_row, err);
		if (code == MX_OK && has_row)
			at->db_id = sqlite3_column_int64(at->from, 12);
	}
	if (code == MX_OK && at->db_id != db_id)
		code = mx_fail(err, MX_E_DATA,
		    "the store is damaged: reply missing");
	if (code != MX_OK)
		query_replies_end(query);
	return code;
}

static enum mx_code
load_kind(struct query *query, int64_t db_id, uint32_t *kind_r,
    struct mx_err *err)
{
	struct reply_kind kind = { 0 };
	enum mx_code code = find_kind(query, db_id, err);
	sqlite3_stmt *from = query->cursor.from;
	int64_t provider;

	if (code != MX_OK)
		return code;
	provider = sqlite3_column_int64(from, 0);
	code = provider != 0 ? query_local(query, NAME_PROVIDER, provider,
	    &kind.provider, err) : mx_fail(err, MX_E_DATA,
	    "the store is damaged: a reply of nobody");
	read_kind(from, &kind);
	if (code == MX_OK) {
		*kind_r = totals_reply(&query->live, &kind);
		totals_reply_kind(&query->live, *kind_r)->db_id = db_id;
	}
	return code;
}

/* What is known of the kind of reply that has DB_ID in the file; until the next
 * call. */
static struct reply_number *
number_of(struct query *query, int64_t db_id)
{
	size_t room = query->number_room != 0 ? query->number_room : 64;

	if ((size_t)db_id < query->number_room)
		return &query->numbers[db_id];
	while (room <= (size_t)db_id)
		room *= 2;
	query->numbers =
	    mx_realloc(query->numbers, room * sizeof(*query->numbers));
	/* POOL_NONE is all ones */
	memset(query->numbers + query->number_room, 0xff,
	    (room - query->number_room) * sizeof(*query->numbers));
	query->number_room = room;
	return &query->numbers[db_id];
}

enum mx_code
query_reply_kind(struct query *query, int64_t db_id, uint32_t *kind_r,
    struct mx_err *err)
{
	enum mx_code code = MX_OK;

	if (db_id <= 0 || db_id > STORE_NUMBER_MAX)
		return mx_fail(err, MX_E_DATA, "the store is damaged: reply");
	*kind_r = number_of(query, db_id)->kind;
	if (*kind_r == POOL_NONE) {
		code = load_kind(query, db_id, kind_r, err);
		number_of(query, db_id)->kind = *kind_r;
	}
	return code;
}

/* Found or added. */
static enum mx_code
find_sum(struct query *query, int64_t db_id, struct reply_sum **sum_r,
    struct mx_err *err)
{
	uint32_t kind = POOL_NONE, number;
	enum mx_code code = query_reply_kind(query, db_id, &kind, err);

	if (code != MX_OK)
		return code;
	number = number_of(query, db_id)->sum;
	if (number == POOL_NONE) {
		number = pool_take(&query->replies);
		number_of(query, db_id)->sum = number;
		*sum_r = pool_at(&query->replies, number);
		(*sum_r)->kind = kind;
		(*sum_r)->provider =
		    totals_reply_kind(&query->live, kind)->provider;
		(*sum_r)->first_utc = INT64_MAX;
		(*sum_r)->last_utc = INT64_MIN;
	}
	*sum_r = pool_at(&query->replies, number);
	return MX_OK;
}

static void
add_times(struct reply_sum *sum, int64_t first, int64_t last)
{
	if (first != INT64_MIN && first < sum->first_utc)
		sum->first_utc = first;
	if (last != INT64_MIN && last > sum->last_utc)
		sum->last_utc = last;
}

enum mx_code
query_add_reply(struct query *query, int64_t reply_id, int64_t source_id,
    const struct reply_row *row, struct mx_err *err)
{
	struct reply_sum *sum = NULL;
	uint32_t source = 0;
	enum mx_code code = query_local(query, NAME_SOURCE, source_id, &source,
	    err);

	if (code == MX_OK)
		code = find_sum(query, reply_id, &sum, err);
	if (code != MX_OK || !query_wants(query, sum->provider, source))
		return code;
	sum->attempts += row->attempts;
	sum->deliveries += row->deliveries;
	add_times(sum, row->first_utc, row->last_utc);
	return MX_OK;
}

static enum mx_code
load_reply_total(void *ctx, sqlite3_stmt *from, struct mx_err *err)
{
	struct reply_row row = {
		.attempts = (uint32_t)column_count(from, 3),
		.deliveries = (uint32_t)column_count(from, 4),
		.first_utc = column_time(from, 5),
		.last_utc = column_time(from, 6) };

	return query_add_reply(ctx, sqlite3_column_int64(from, 2),
	    sqlite3_column_int64(from, 1), &row, err);
}

/* The first sum of each kind of reply, POOL_NONE for those without; to be
 * freed. */
static uint32_t *
sums_by_kind(const struct query *query, uint32_t *count_r)
{
	uint32_t count = 0;
	uint32_t *sums;

	for (uint32_t s = 0; s < query->replies.used; s++) {
		const struct reply_sum *sum = pool_at(&query->replies, s);

		if (sum->kind >= count)
			count = sum->kind + 1;
	}
	sums = mx_alloc((count + 1) * sizeof(*sums));
	for (uint32_t i = 0; i < count; i++)
		sums[i] = POOL_NONE;
	for (uint32_t s = query->replies.used; s-- > 0;) {
		const struct reply_sum *sum = pool_at(&query->replies, s);

		sums[sum->kind] = s;
	}
	*count_r = count;
	return sums;
}

/* Deliveries still open count for their reasons too. Their kinds of reply
 * are in the file, since their attempts are. */
static void
add_live_deliveries(struct query *query)
{
	uint32_t count;
	uint32_t *sums = sums_by_kind(query, &count);

	for (uint32_t i = 0; i < query->live.reply_rows.used; i++) {
		const struct reply_row *row =
		    pool_at(&query->live.reply_rows, i);
		const struct reply_kind *kind =
		    totals_reply_kind(&query->live, row->key.reply);

		if (row->key.slot < query->since_utc ||
		    row->key.slot >= query->until_utc ||
		    !query_wants(query, kind->provider, row->key.source))
			continue;
		if (row->key.reply < count && sums[row->key.reply] != POOL_NONE)
			((struct reply_sum *)pool_at(&query->replies,
			    sums[row->key.reply]))->deliveries +=
			    row->deliveries;
	}
	free(sums);
}

enum mx_code
query_load_replies(struct query *query, struct mx_err *err)
{
	const struct query_rows rows = { SQL_REPLY_TOTALS, query->since_utc,
		query->until_utc };
	enum mx_code code = query_each_row(query, rows, load_reply_total,
	    query, err);

	add_live_deliveries(query);
	return code == MX_OK ? query_set_own_samples(query, err) : code;
}

static struct slice
none_if_empty(struct slice text)
{
	return text.len != 0 ? text : SLICE_NONE;
}

static void
make_reply(const struct query *query, const struct reply_sum *sum,
    struct query_reply *to)
{
	const struct reply_kind *kind =
	    totals_reply_kind(&query->live, sum->kind);

	*to = (struct query_reply){
		.fingerprint = kind->fingerprint,
		.provider = intern_name(&query->names.provider,
		    kind->provider),
		.reason = kind->reason, .token = none_if_empty(kind->token),
		.rule = none_if_empty(kind->rule), .masked = kind->masked,
		.sample = slice_is_none(sum->sample) ? kind->sample :
		    sum->sample,
		.attempts = sum->attempts,
		/* a store that was made by others may say of none when */
		.first_utc = sum->first_utc != INT64_MAX ? sum->first_utc :
		    query->since_utc,
		.last_utc = sum->last_utc != INT64_MIN ? sum->last_utc :
		    query->since_utc,
		.is_new = kind->sample_utc >= query->since_utc,
		.is_unclassified = slice_eq(kind->reason,
		    SLICE("unclassified")),
	};
	to->name = providers_display_name(query->is.providers, to->provider);
}

static struct slice
reply_text(const void *ctx, uint32_t item, unsigned level)
{
	const struct query_reply *row = (const struct query_reply *)ctx + item;

	return level == 0 ? row->provider : level == 1 ? row->masked :
	    row->rule;
}

static struct slice
reason_text(const void *ctx, uint32_t item, unsigned level)
{
	const struct query_reason *row =
	    (const struct query_reason *)ctx + item;

	return level == 0 ? row->provider : level == 1 ? row->reason :
	    row->token;
}

/* Most attempts first, then by their texts. */
static void
sort_by_attempts(void *rows, size_t count, size_t size,
    int64_t (*attempts)(const void *row), const struct text_order *order)
{
	struct text_key *keys = mx_calloc(count + 1, sizeof(*keys));

	for (size_t i = 0; i < count; i++)
		keys[i] = (struct text_key){ text_order_descending(
		    attempts((const char *)rows + i * size)), (uint32_t)i };
	text_order_sort(keys, count, order);
	text_order_apply(keys, count, rows, size);
	free(keys);
}

static int64_t
reply_attempts(const void *row)
{
	return ((const struct query_reply *)row)->attempts;
}

static int64_t
reason_attempts(const void *row)
{
	return ((const struct query_reason *)row)->attempts;
}

static void
sort_replies(struct query *query)
{
	const struct text_order order = { reply_text, 3, query->reply_rows };

	sort_by_attempts(query->reply_rows, query->reply_count,
	    sizeof(*query->reply_rows), reply_attempts, &order);
}

static void
sort_reasons(struct query *query)
{
	const struct text_order order = { reason_text, 3, query->reasons };

	sort_by_attempts(query->reasons, query->reason_count,
	    sizeof(*query->reasons), reason_attempts, &order);
}

/* Which row of the reasons a reply belongs to: replies of one provider, reason
 * and token are one row. */
struct reason_rows {
	struct intern words; /* reasons and tokens */
	struct intern rows;  /* by provider and the numbers of both */
};

static void
reason_rows_init(struct reason_rows *rows, const struct query *query)
{
	intern_init(&rows->words, 2 * query->replies.used + 1,
	    query->names.seed);
	intern_init(&rows->rows, query->replies.used + 1, query->names.seed);
}

static void
reason_rows_release(struct reason_rows *rows)
{
	intern_release(&rows->words);
	intern_release(&rows->rows);
}

static uint32_t
row_number(struct reason_rows *rows, uint32_t provider, struct slice reason,
    struct slice token)
{
	const uint32_t key[] = { provider, intern_id(&rows->words, reason),
		token.len != 0 ? intern_id(&rows->words, token) :
		INTERN_NONE };

	return intern_id(&rows->rows,
	    slice_of((const char *)key, sizeof(key)));
}

static void
add_reason(struct query *query, struct reason_rows *rows,
    const struct reply_sum *sum, const struct query_reply *reply)
{
	uint32_t number = row_number(rows, sum->provider, reply->reason,
	    reply->token);
	struct query_reason *to = &query->reasons[number];

	if (number == query->reason_count) {
		query->reason_count++;
		*to = (struct query_reason){ .provider = reply->provider,
			.name = reply->name, .reason = reply->reason,
			.token = reply->token, .first_utc = sum->first_utc,
			.last_utc = sum->last_utc };
	}
	to->attempts += sum->attempts;
	to->deliveries += sum->deliveries;
	if (sum->first_utc < to->first_utc)
		to->first_utc = sum->first_utc;
	if (sum->last_utc > to->last_utc)
		to->last_utc = sum->last_utc;
}

void
query_make_replies(struct query *query)
{
	size_t room = query->replies.used + 1;
	struct reason_rows rows;

	reason_rows_init(&rows, query);
	query->reply_rows =
	    arena_alloc(&query->arena, room * sizeof(*query->reply_rows));
	query->reasons =
	    arena_alloc(&query->arena, room * sizeof(*query->reasons));
	for (uint32_t i = 0; i < query->replies.used; i++) {
		const struct reply_sum *sum = pool_at(&query->replies, i);
		struct query_reply *reply;

		/* mailboxes of ours and hops within the house stand in no
		 * table */
		if (sum->attempts == 0 || !provider_is_remote(
		    totals_reply_kind(&query->live, sum->kind)->provider))
			continue;
		reply = &query->reply_rows[query->reply_count++];
		make_reply(query, sum, reply);
		add_reason(query, &rows, sum, reply);
	}
	reason_rows_release(&rows);
	sort_reasons(query);
	sort_replies(query);
}
