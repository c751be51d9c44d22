/* SPDX-License-Identifier: BSD-2-Clause */
/* Adding what was counted in memory to what the store holds. The only
 * INSERTs besides those of fragments and of the ledger. */
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

/* Numbers of provider, source and domain in the file. */
struct row_ids {
	int64_t provider, source, domain;
};

static enum mx_code
row_ids(struct flush *flush, uint32_t provider, uint32_t source,
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

static void
bind_ids(sqlite3_stmt *add, int at, const struct row_ids *ids)
{
	(void)sqlite3_bind_int64(add, at, ids->provider);
	(void)sqlite3_bind_int64(add, at + 1, ids->source);
	(void)sqlite3_bind_int64(add, at + 2, ids->domain);
}

/* ------------------------------------------------------------------ */
/* Totals */

struct sorted_total {
	struct row_ids ids;
	const struct total_row *row;
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

/* Three blobs, one after the other in the scratch buffer. */
static void
bind_packed(struct flush *flush, sqlite3_stmt *add,
    const struct total_row *row)
{
	struct strbuf *out = &flush->store->scratch;
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

		bind_blob(add, 16 + i, ends[i] == from ? SLICE_NONE :
		    slice_of(out->ptr + from, ends[i] - from));
	}
}

static enum mx_code
write_total(struct flush *flush, const struct sorted_total *it)
{
	sqlite3_stmt *add = store_statement(flush->store, SQL_TOTAL_ADD,
	    flush->err);
	const struct total_row *row = it->row;
	const uint32_t counts[] = { row->attempts[OUTCOME_ACCEPTED],
		row->attempts[OUTCOME_DEFERRED], row->attempts[OUTCOME_BOUNCED],
		row->suspended, row->refused, row->messages, row->accepted,
		row->deferred, row->bounced, row->expired, row->blocked };

	if (add == NULL)
		return flush->err->code;
	(void)sqlite3_bind_int64(add, 1, row->key.slot);
	bind_ids(add, 2, &it->ids);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		(void)sqlite3_bind_int64(add, 5 + (int)i, counts[i]);
	bind_packed(flush, add, row);
	return store_run(flush->store, add, "add totals", flush->err);
}

static enum mx_code
write_totals(struct flush *flush)
{
	uint32_t count = flush->totals->rows.used;
	struct sorted_total *list = mx_alloc(count * sizeof(*list));
	enum mx_code code = MX_OK;

	for (uint32_t i = 0; i < count && code == MX_OK; i++) {
		const struct total_row *row = pool_at(&flush->totals->rows, i);

		list[i].row = row;
		code = row_ids(flush, row->key.provider, row->key.source,
		    row->key.domain, &list[i].ids);
	}
	/* in key order a B-tree is written once, from left to right */
	if (code == MX_OK)
		qsort(list, count, sizeof(*list), compare_total);
	for (uint32_t i = 0; i < count && code == MX_OK; i++)
		code = write_total(flush, &list[i]);
	free(list);
	return code;
}

static enum mx_code
write_gap(struct flush *flush, const struct gap_row *row)
{
	sqlite3_stmt *add =
	    store_statement(flush->store, SQL_GAP_ADD, flush->err);
	struct row_ids ids;
	enum mx_code code;

	if (add == NULL)
		return flush->err->code;
	code = row_ids(flush, row->key.provider, row->key.source,
	    row->key.domain, &ids);
	if (code != MX_OK)
		return code;
	(void)sqlite3_bind_int64(add, 1, row->key.slot);
	(void)sqlite3_bind_int64(add, 2, row->key.gap_s);
	(void)sqlite3_bind_int64(add, 3, row->key.group);
	bind_ids(add, 4, &ids);
	(void)sqlite3_bind_int64(add, 7, row->count);
	return store_run(flush->store, add, "add messages", flush->err);
}

static enum mx_code
write_gaps(struct flush *flush)
{
	enum mx_code code = MX_OK;

	for (uint32_t i = 0; i < flush->totals->gaps.used && code == MX_OK;
	    i++) {
		const struct gap_row *row = pool_at(&flush->totals->gaps, i);

		if (row->count != 0)
			code = write_gap(flush, row);
	}
	return code;
}

/* ------------------------------------------------------------------ */
/* Replies and failed attempts */

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

enum mx_code
store_reply_id(struct store *store, struct totals *totals, uint32_t reply,
    int64_t *id_r, struct mx_err *err)
{
	struct reply_kind *kind = totals_reply_kind(totals, reply);
	sqlite3_stmt *add;
	int64_t provider;
	enum mx_code code = MX_OK;

	if (kind->db_id == 0 || kind->is_dirty) {
		code = store_name_id(store, NAME_PROVIDER,
		    &totals->names->provider, kind->provider, &provider, err);
		if (code != MX_OK)
			return code;
		add = store_statement(store, SQL_REPLY_ADD, err);
		if (add == NULL)
			return err->code;
		bind_reply(add, provider, kind);
		code = store_run(store, add, "add a reply", err);
		if (code == MX_OK)
			code = find_reply(store, provider, kind, &kind->db_id,
			    err);
		kind->is_dirty = code != MX_OK;
	}
	*id_r = kind->db_id;
	return code;
}

static enum mx_code
write_reply_row(struct flush *flush, const struct reply_row *row)
{
	sqlite3_stmt *add;
	int64_t reply, source = 0;
	enum mx_code code = store_reply_id(flush->store, flush->totals,
	    row->key.reply, &reply, flush->err);

	if (code == MX_OK)
		code = flush_name_id(flush, NAME_SOURCE, row->key.source, &source);
	if (code != MX_OK)
		return code;
	add = store_statement(flush->store, SQL_REPLY_TOTAL_ADD, flush->err);
	if (add == NULL)
		return flush->err->code;
	(void)sqlite3_bind_int64(add, 1, row->key.slot);
	(void)sqlite3_bind_int64(add, 2, source);
	(void)sqlite3_bind_int64(add, 3, reply);
	(void)sqlite3_bind_int64(add, 4, row->attempts);
	(void)sqlite3_bind_int64(add, 5, row->deliveries);
	bind_time(add, 6, row->first_utc);
	bind_time(add, 7, row->last_utc);
	return store_run(flush->store, add, "add replies", flush->err);
}

static enum mx_code
write_reply_rows(struct flush *flush)
{
	enum mx_code code = MX_OK;

	for (uint32_t i = 0;
	    i < flush->totals->reply_rows.used && code == MX_OK; i++)
		code = write_reply_row(flush,
		    pool_at(&flush->totals->reply_rows, i));
	return code;
}

static enum mx_code
path_id(struct flush *flush, struct slice path, int64_t *id_r)
{
	/* paths are few: the file's own table is their memory */
	sqlite3_stmt *add =
	    store_statement(flush->store, SQL_NAME_ADD, flush->err);
	sqlite3_stmt *find;
	enum mx_code code;
	bool has_row;

	if (add == NULL)
		return flush->err->code;
	(void)sqlite3_bind_int(add, 1, NAME_PATH);
	bind_text(add, 2, path);
	code = store_run(flush->store, add, "add a path", flush->err);
	find = store_statement(flush->store, SQL_NAME_ID, flush->err);
	if (code != MX_OK || find == NULL)
		return flush->err->code;
	(void)sqlite3_bind_int(find, 1, NAME_PATH);
	bind_text(find, 2, path);
	code = store_step(flush->store, find, &has_row, flush->err);
	*id_r = code == MX_OK && has_row ? sqlite3_column_int64(find, 0) : 0;
	(void)sqlite3_reset(find);
	return code;
}

static void
bind_attempt(sqlite3_stmt *add, const struct attempt *attempt)
{
	(void)sqlite3_bind_int64(add, 1, attempt->at.utc);
	(void)sqlite3_bind_int64(add, 2, attempt->at.us);
	bind_time(add, 3, attempt->arrival_utc);
	(void)sqlite3_bind_int(add, 9, (int)attempt->outcome);
	if (stage_name(attempt->stage) != NULL)
		bind_text(add, 10, slice_str(stage_name(attempt->stage)));
	if (attempt->reply_code != 0)
		(void)sqlite3_bind_int(add, 11, attempt->reply_code);
	(void)sqlite3_bind_int(add, 12, attempt->votes);
	bind_text(add, 13, attempt->id);
	bind_blob(add, 14, attempt->sender);
	bind_blob(add, 15, attempt->recipient);
	bind_blob(add, 16, attempt->relay);
	bind_blob(add, 17, attempt->words);
	(void)sqlite3_bind_int64(add, 19, (int64_t)attempt->line);
}

static enum mx_code
write_attempt(struct flush *flush, const struct attempt *attempt, int64_t path)
{
	sqlite3_stmt *add;
	struct row_ids ids;
	int64_t host = 0, reply = 0;
	enum mx_code code = row_ids(flush, attempt->provider, attempt->source,
	    attempt->domain, &ids);

	if (code == MX_OK)
		code = flush_name_id(flush, NAME_HOST, attempt->host, &host);
	if (code == MX_OK)
		code = store_reply_id(flush->store, flush->totals,
		    attempt->reply, &reply, flush->err);
	if (code != MX_OK)
		return code;
	add = store_statement(flush->store, SQL_ATTEMPT_ADD, flush->err);
	if (add == NULL)
		return flush->err->code;
	bind_attempt(add, attempt);
	bind_ids(add, 4, &ids);
	(void)sqlite3_bind_int64(add, 7, host);
	(void)sqlite3_bind_int64(add, 8, reply);
	(void)sqlite3_bind_int64(add, 18, path);
	return store_run(flush->store, add, "add an attempt", flush->err);
}

static enum mx_code
write_attempts(struct flush *flush)
{
	struct slice path = SLICE_NONE;
	int64_t path_number = 0;
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < flush->totals->attempt_count && code == MX_OK;
	    i++) {
		const struct attempt *attempt = &flush->totals->attempts[i];

		if (attempt->path.ptr != path.ptr) {
			path = attempt->path;
			code = path_id(flush, path, &path_number);
		}
		if (code == MX_OK)
			code = write_attempt(flush, attempt, path_number);
	}
	return code;
}

/* After the attempts, of which some may be of this run. */
static enum mx_code
write_sender(struct flush *flush, const struct late_sender *it)
{
	sqlite3_stmt *set;
	int64_t host = 0;
	enum mx_code code = flush_name_id(flush, NAME_HOST, it->host, &host);

	if (code != MX_OK)
		return code;
	set = store_statement(flush->store, SQL_ATTEMPT_SENDER, flush->err);
	if (set == NULL)
		return flush->err->code;
	(void)sqlite3_bind_int64(set, 1, host);
	bind_text(set, 2, it->id);
	(void)sqlite3_bind_int64(set, 3, it->first_utc);
	(void)sqlite3_bind_int64(set, 4, it->last_utc);
	bind_blob(set, 5, it->sender);
	return store_run(flush->store, set, "add a sender", flush->err);
}

static enum mx_code
write_senders(struct flush *flush)
{
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < flush->totals->sender_count && code == MX_OK;
	    i++)
		code = write_sender(flush, &flush->totals->senders[i]);
	return code;
}

static enum mx_code
write_late(struct flush *flush)
{
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < flush->totals->late_count && code == MX_OK;
	    i++) {
		const struct late *it = &flush->totals->late[i];
		sqlite3_stmt *add;
		struct row_ids ids;

		code = row_ids(flush, it->provider, it->source, INTERN_NONE,
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

enum mx_code
store_add(struct store *store, struct totals *totals,
    struct correlate *correlate, struct queue *queue, struct mx_err *err)
{
	static enum mx_code (*const steps[])(struct flush *) = { write_totals,
		write_gaps, write_reply_rows, write_attempts, write_senders,
		write_late, flush_coverage, flush_sources, flush_domains };
	struct flush flush = { .store = store, .totals = totals,
		.correlate = correlate, .names = totals->names, .err = err };
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) &&
	    code == MX_OK; i++)
		code = steps[i](&flush);
	if (code == MX_OK)
		code = store_save_fragments(store, queue, totals,
		    totals->names, err);
	if (code != MX_OK)
		return code;
	totals_reset(totals);
	correlate_totals_reset(correlate);
	return MX_OK;
}
