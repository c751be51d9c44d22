/* SPDX-License-Identifier: BSD-2-Clause */
/* Adding what was counted in memory to what the store holds. The only
 * INSERTs besides those of fragments and of the ledger. */
#include "analyzer/store_batch.h"
#include "analyzer/store_flush.h"

#include <stdlib.h>

enum mx_code
flush_name_id(struct flush *flush, enum name_kind kind, uint32_t number,
    int64_t *id_r)
{
	const struct intern *table = kind == NAME_HOST ? &flush->names->host :
	    kind == NAME_INSTANCE ? &flush->names->instance :
	    kind == NAME_SOURCE ? &flush->names->source :
	    kind == NAME_PROVIDER ? &flush->names->provider :
	    &flush->names->domain;

	if (number == INTERN_NONE) {
		*id_r = 0;
		return MX_OK;
	}
	return store_name_id(flush->store, kind, table, number, id_r,
	    flush->err);
}

enum mx_code
flush_row_ids(struct flush *flush, uint32_t provider, uint32_t source,
    uint32_t domain, struct row_ids *ids_r)
{
	enum mx_code code =
	    flush_name_id(flush, NAME_PROVIDER, provider, &ids_r->provider);

	if (code == MX_OK)
		code = flush_name_id(flush, NAME_SOURCE, source, &ids_r->source);
	if (code == MX_OK)
		code = flush_name_id(flush, NAME_DOMAIN, domain, &ids_r->domain);
	return code;
}

/* ------------------------------------------------------------------ */
/* Totals */

struct sorted_total {
	struct row_ids ids;
	const struct total_row *row;
};

/* The row that is being written. */
struct total_batch {
	struct flush *flush;
	const struct sorted_total *list;
	int64_t numbers[15];
	struct slice packed[3];
	struct strbuf *room; /* of these */
};

static int
compare_total(const void *left, const void *right)
{
	const struct sorted_total *a = left;
	const struct sorted_total *b = right;

	if (a->row->key.slot != b->row->key.slot)
		return a->row->key.slot < b->row->key.slot ? -1 : 1;
	if (a->ids.provider != b->ids.provider)
		return a->ids.provider < b->ids.provider ? -1 : 1;
	if (a->ids.source != b->ids.source)
		return a->ids.source < b->ids.source ? -1 : 1;
	return (a->ids.domain > b->ids.domain) -
	    (a->ids.domain < b->ids.domain);
}

/* Three blobs, one after the other. */
static void
pack_total(struct total_batch *it, const struct total_row *row)
{
	struct strbuf *out = it->room;
	size_t ends[3];

	strbuf_reset(out);
	pack_delays(out, &row->delays);
	ends[0] = out->len;
	pack_seconds(out, &row->accept_votes);
	ends[1] = out->len;
	pack_seconds(out, &row->accept_others);
	ends[2] = out->len;
	for (int i = 0; i < 3; i++) {
		size_t from = i == 0 ? 0 : ends[i - 1];

		it->packed[i] = ends[i] == from ? SLICE_NONE :
		    slice_of(out->ptr + from, ends[i] - from);
	}
}

static void
begin_total(void *ctx, size_t number)
{
	struct total_batch *it = ctx;
	const struct sorted_total *sorted = &it->list[number];
	const struct total_row *row = sorted->row;
	const int64_t numbers[] = { row->key.slot, sorted->ids.provider,
		sorted->ids.source, sorted->ids.domain,
		row->attempts[OUTCOME_ACCEPTED],
		row->attempts[OUTCOME_DEFERRED], row->attempts[OUTCOME_BOUNCED],
		row->suspended, row->refused, row->messages, row->accepted,
		row->deferred, row->bounced, row->expired, row->blocked };

	_Static_assert(sizeof(numbers) == sizeof(it->numbers), "columns");
	memcpy(it->numbers, numbers, sizeof(numbers));
	pack_total(it, row);
	flush_day_total(it->flush, row, &sorted->ids, it->packed);
}

static void
give_total(void *ctx, size_t row, int column, sqlite3_context *to)
{
	const struct total_batch *it = ctx;

	(void)row;
	if (column <= 15)
		sqlite3_result_int64(to, it->numbers[column - 1]);
	else
		give_blob(to, it->packed[column - 16]);
}

/* Numbers for the names of all rows at once: one at a time, new ones took a
 * third of the time of a log that has each domain once. */
static enum mx_code
name_totals(struct flush *flush)
{
	uint32_t count = flush->totals->rows.used;
	uint32_t *numbers = mx_alloc(count * sizeof(*numbers));
	enum mx_code code;

	for (uint32_t i = 0; i < count; i++)
		numbers[i] = ((const struct total_row *)pool_at(
		    &flush->totals->rows, i))->key.domain;
	code = store_name_ids(flush->store, NAME_DOMAIN, &flush->names->domain,
	    numbers, count, flush->err);
	for (uint32_t i = 0; i < count; i++)
		numbers[i] = ((const struct total_row *)pool_at(
		    &flush->totals->rows, i))->key.provider;
	if (code == MX_OK)
		code = store_name_ids(flush->store, NAME_PROVIDER,
		    &flush->names->provider, numbers, count, flush->err);
	free(numbers);
	return code;
}

enum mx_code
flush_totals(struct flush *flush)
{
	uint32_t count = flush->totals->rows.used;
	struct sorted_total *list = mx_alloc(count * sizeof(*list));
	struct total_batch it = { .flush = flush, .list = list,
		.room = &flush->store->scratch };
	const struct batch batch = { .count = count,
		.begin_row = begin_total, .give = give_total, .ctx = &it };
	enum mx_code code = name_totals(flush);

	for (uint32_t i = 0; i < count && code == MX_OK; i++) {
		const struct total_row *row = pool_at(&flush->totals->rows, i);

		list[i].row = row;
		code = flush_row_ids(flush, row->key.provider, row->key.source,
		    row->key.domain, &list[i].ids);
	}
	/* in key order a B-tree is written once, from left to right */
	if (code == MX_OK) {
		qsort(list, count, sizeof(*list), compare_total);
		code = store_run_batch(flush->store, SQL_TOTAL_ADD, &batch,
		    "add totals", flush->err);
	}
	free(list);
	return code;
}

struct sorted_sender {
	int64_t numbers[3]; /* provider, slot, domain: its key's order */
	const struct sender_row *row;
};

static int
compare_sender(const void *left, const void *right)
{
	const struct sorted_sender *a = left;
	const struct sorted_sender *b = right;

	for (int i = 0; i < 3; i++)
		if (a->numbers[i] != b->numbers[i])
			return a->numbers[i] < b->numbers[i] ? -1 : 1;
	return 0;
}

struct sender_batch {
	const struct sorted_sender *list;
	struct strbuf *room;
};

static void
give_sender(void *ctx, size_t row, int column, sqlite3_context *to)
{
	const struct sender_batch *it = ctx;

	if (column <= 3) {
		sqlite3_result_int64(to, it->list[row].numbers[column - 1]);
		return;
	}
	strbuf_reset(it->room);
	pack_seconds(it->room, &it->list[row].row->votes);
	give_blob(to, strbuf_slice(it->room));
}

enum mx_code
flush_sender_totals(struct flush *flush)
{
	uint32_t count = flush->totals->sender_rows.used;
	struct sorted_sender *list = mx_alloc((count + 1) * sizeof(*list));
	struct sender_batch it = { .list = list,
		.room = &flush->store->scratch };
	const struct batch batch = { .count = count, .give = give_sender,
		.ctx = &it };
	enum mx_code code = MX_OK;

	for (uint32_t i = 0; i < count && code == MX_OK; i++) {
		list[i].row = pool_at(&flush->totals->sender_rows, i);
		list[i].numbers[1] = list[i].row->key.slot;
		code = flush_name_id(flush, NAME_PROVIDER,
		    list[i].row->key.provider, &list[i].numbers[0]);
		if (code == MX_OK)
			code = flush_name_id(flush, NAME_DOMAIN,
			    list[i].row->key.domain, &list[i].numbers[2]);
	}
	if (code == MX_OK && count != 0) {
		qsort(list, count, sizeof(*list), compare_sender);
		code = store_run_batch(flush->store, SQL_SENDER_TOTAL_ADD,
		    &batch, "add totals", flush->err);
	}
	free(list);
	return code;
}

/* Rows of numbers, sorted by them. */
enum { NUMBERS = 7 };
struct numbers {
	int64_t of[NUMBERS];
};

static int
compare_numbers(const void *left, const void *right)
{
	const struct numbers *a = left;
	const struct numbers *b = right;

	for (int i = 0; i < NUMBERS; i++)
		if (a->of[i] != b->of[i])
			return a->of[i] < b->of[i] ? -1 : 1;
	return 0;
}

static void
give_number(void *ctx, size_t row, int column, sqlite3_context *to)
{
	const struct numbers *list = ctx;

	give_time(to, list[row].of[column - 1]);
}

static enum mx_code
write_numbers(struct flush *flush, enum store_sql sql, struct numbers *list,
    size_t count, const char *doing)
{
	const struct batch batch = { .count = count, .give = give_number,
		.ctx = list };

	qsort(list, count, sizeof(*list), compare_numbers);
	return store_run_batch(flush->store, sql, &batch, doing, flush->err);
}

enum mx_code
flush_gaps(struct flush *flush)
{
	uint32_t rows = flush->totals->gaps.used;
	struct numbers *list = mx_alloc(rows * sizeof(*list));
	enum mx_code code = MX_OK;
	size_t count = 0;

	for (uint32_t i = 0; i < rows && code == MX_OK; i++) {
		const struct gap_row *row = pool_at(&flush->totals->gaps, i);
		struct row_ids ids;

		if (row->count == 0)
			continue;
		code = flush_row_ids(flush, row->key.provider, row->key.source,
		    row->key.domain, &ids);
		list[count++] = (struct numbers){ { row->key.slot,
		    row->key.gap_s, row->key.group, ids.provider, ids.source,
		    ids.domain, row->count } };
		flush_day_gap(flush, row, &ids);
	}
	if (code == MX_OK)
		code = write_numbers(flush, SQL_GAP_ADD, list, count,
		    "add messages");
	free(list);
	return code;
}

/* ------------------------------------------------------------------ */
/* Replies */

static void
bind_reply(sqlite3_stmt *add, int64_t provider, const struct reply_kind *kind)
{
	(void)sqlite3_bind_int64(add, 1, provider);
	(void)sqlite3_bind_int64(add, 2, (int64_t)kind->fingerprint);
	bind_text(add, 3, kind->masked);
	bind_text(add, 4, kind->reason);
	bind_text(add, 5, kind->scope);
	bind_text(add, 6, kind->severity);
	bind_text(add, 7, kind->token);
	bind_text(add, 8, kind->rule);
	(void)sqlite3_bind_int(add, 9, kind->is_explicit);
	(void)sqlite3_bind_int(add, 10, kind->votes);
	bind_blob(add, 11, slice_is_none(kind->sample) ? SLICE("") :
	    kind->sample);
	(void)sqlite3_bind_int64(add, 12, kind->sample_utc);
}

static enum mx_code
find_reply(struct store *store, int64_t provider,
    const struct reply_kind *kind, int64_t *id_r, struct mx_err *err)
{
	sqlite3_stmt *find = store_statement(store, SQL_REPLY_ID, err);
	enum mx_code code;
	bool has_row;

	if (find == NULL)
		return err->code;
	(void)sqlite3_bind_int64(find, 1, provider);
	(void)sqlite3_bind_int64(find, 2, (int64_t)kind->fingerprint);
	bind_text(find, 3, kind->reason);
	bind_text(find, 4, kind->token);
	bind_text(find, 5, kind->rule);
	code = store_step(store, find, &has_row, err);
	if (code == MX_OK && !has_row)
		code = mx_fail(err, MX_E_INTERNAL, "%s: reply not stored",
		    store->path);
	*id_r = code == MX_OK ? sqlite3_column_int64(find, 0) : 0;
	(void)sqlite3_reset(find);
	return code;
}

/* Its number, 0 where the file has it already. */
static enum mx_code
add_reply(struct store *store, int64_t provider,
    const struct reply_kind *kind, int64_t *id_r, struct mx_err *err)
{
	sqlite3_stmt *add = store_statement(store, SQL_REPLY_ADD, err);
	enum mx_code code;

	*id_r = 0;
	if (add == NULL)
		return err->code;
	bind_reply(add, provider, kind);
	code = store_run(store, add, "add a reply", err);
	if (code == MX_OK && sqlite3_changes(store->db) != 0)
		*id_r = sqlite3_last_insert_rowid(store->db);
	return code;
}

static enum mx_code
earlier_sample(struct store *store, const struct reply_kind *kind,
    struct mx_err *err)
{
	sqlite3_stmt *set = store_statement(store, SQL_REPLY_SAMPLE, err);

	if (set == NULL)
		return err->code;
	(void)sqlite3_bind_int64(set, 1, kind->db_id);
	bind_blob(set, 2, slice_is_none(kind->sample) ? SLICE("") :
	    kind->sample);
	(void)sqlite3_bind_int64(set, 3, kind->sample_utc);
	return store_run(store, set, "add a sample", err);
}

static enum mx_code
save_reply(struct store *store, struct totals *totals,
    struct reply_kind *kind, struct mx_err *err)
{
	int64_t provider = 0;
	enum mx_code code = store_name_id(store, NAME_PROVIDER,
	    &totals->names->provider, kind->provider, &provider, err);

	if (code == MX_OK && kind->db_id == 0) {
		code = add_reply(store, provider, kind, &kind->db_id, err);
		if (code != MX_OK || kind->db_id != 0)
			return code;
		code = find_reply(store, provider, kind, &kind->db_id, err);
	}
	return code == MX_OK ? earlier_sample(store, kind, err) : code;
}

enum mx_code
store_reply_id(struct store *store, struct totals *totals, uint32_t reply,
    int64_t *id_r, struct mx_err *err)
{
	struct reply_kind *kind = totals_reply_kind(totals, reply);
	enum mx_code code = MX_OK;

	if (kind->db_id == 0 || kind->is_dirty) {
		code = save_reply(store, totals, kind, err);
		kind->is_dirty = code != MX_OK;
	}
	*id_r = kind->db_id;
	return code;
}

static enum mx_code
note_reply(struct flush *flush, struct totals *totals, uint32_t reply,
    struct mx_err *err)
{
	return store_reply_id(flush->store, totals, reply,
	    &flush->replies[reply], err);
}

enum mx_code
flush_note_replies(struct flush *flush, struct totals *totals,
    struct mx_err *err)
{
	enum mx_code code = MX_OK;

	if (flush->reply_room < totals->replies.used) {
		flush->reply_room = 2 * totals->replies.used;
		flush->replies = mx_realloc(flush->replies,
		    flush->reply_room * sizeof(*flush->replies));
	}
	for (uint32_t i = 0; i < totals->reply_rows.used && code == MX_OK; i++)
		code = note_reply(flush, totals, ((const struct reply_row *)
		    pool_at(&totals->reply_rows, i))->key.reply, err);
	for (size_t i = 0; i < totals->attempt_count && code == MX_OK; i++)
		code = note_reply(flush, totals, totals->attempts[i].reply,
		    err);
	return code;
}

enum mx_code
flush_reply_rows(struct flush *flush)
{
	uint32_t count = flush->totals->reply_rows.used;
	struct numbers *list = mx_alloc(count * sizeof(*list));
	enum mx_code code = MX_OK;

	for (uint32_t i = 0; i < count && code == MX_OK; i++) {
		const struct reply_row *row =
		    pool_at(&flush->totals->reply_rows, i);
		int64_t reply = flush->replies[row->key.reply], source = 0;

		code = flush_name_id(flush, NAME_SOURCE, row->key.source,
		    &source);
		list[i] = (struct numbers){ { row->key.slot, source, reply,
		    row->attempts, row->deliveries, row->first_utc,
		    row->last_utc } };
		flush_day_reply(flush, row, reply, source);
	}
	if (code == MX_OK)
		code = write_numbers(flush, SQL_REPLY_TOTAL_ADD, list, count,
		    "add replies");
	free(list);
	return code;
}

enum mx_code
flush_late(struct flush *flush)
{
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < flush->totals->late_count && code == MX_OK;
	    i++) {
		const struct late *it = &flush->totals->late[i];
		sqlite3_stmt *add;
		struct row_ids ids;

		code = flush_row_ids(flush, it->provider, it->source, INTERN_NONE,
		    &ids);
		if (code != MX_OK)
			break;
		add = store_statement(flush->store, SQL_LATE_ADD, flush->err);
		if (add == NULL)
			return flush->err->code;
		(void)sqlite3_bind_int64(add, 1, ids.provider);
		(void)sqlite3_bind_int64(add, 2, ids.source);
		(void)sqlite3_bind_int64(add, 3, it->refused_utc);
		(void)sqlite3_bind_int64(add, 4, it->accepted_utc);
		code = store_run(flush->store, add, "add late mail", flush->err);
	}
	return code;
}
