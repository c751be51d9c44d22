/* SPDX-License-Identifier: BSD-2-Clause */
/* Complaints, rows of SNDS and bounces, one by one. Complaints and bounces
 * have no id of their own: what tells two of them apart is hashed to a key, so
 * that their addresses may be dropped while they stay known. */
#include "analyzer/store_reports_priv.h"

#include "base/hash.h"

enum { DAY_S = 86400 };

static uint64_t
hash_folded(struct report_keeper *keeper, uint64_t hash, struct slice text)
{
	strbuf_reset(&keeper->key);
	for (size_t i = 0; i < text.len; i++)
		strbuf_add_char(&keeper->key, ascii_lower(text.ptr[i]));
	return report_hash_text(hash, strbuf_slice(&keeper->key));
}

/* Run ADD; what it did not change was known. */
static enum mx_code
keep(struct report_keeper *keeper, sqlite3_stmt *add, struct mx_err *err)
{
	enum mx_code code = store_run(keeper->store, add, "keep reports", err);

	keeper->counts.found++;
	if (code == MX_OK)
		keeper->counts.known +=
		    sqlite3_changes(keeper->store->db) == 0;
	return code;
}

/* ------------------------------------------------------------------ */

/* Reporter's program, type, message, recipient, time of arrival; a report that
 * names no message is known by its own id. */
static uint64_t
complaint_key(struct report_keeper *keeper, const struct complaint *fact)
{
	uint64_t hash = hash_folded(keeper, HASH_STABLE_START,
	    fact->user_agent.len != 0 ? fact->user_agent :
	    fact->head->reporter_domain);

	hash = hash_folded(keeper, hash, fact->feedback_type);
	if (fact->original_id.len == 0 && fact->head->report_id.len != 0)
		return report_hash_text(hash, fact->head->report_id);
	hash = report_hash_text(hash, fact->original_id);
	hash = hash_folded(keeper, hash, fact->original_rcpt_to);
	hash = report_hash_number(hash, fact->arrival_utc);
	if (fact->original_id.len != 0)
		return hash;
	hash = report_hash_text(hash, fact->source_ip);
	hash = report_hash_text(hash, fact->original_mail_from);
	return report_hash_number(hash, fact->at_utc);
}

enum mx_code
report_keep_complaint(void *ctx, const struct complaint *fact,
    struct mx_err *err)
{
	struct report_keeper *keeper = ctx;
	sqlite3_stmt *add =
	    store_statement(keeper->store, SQL_COMPLAINT_ADD, err);

	if (add == NULL)
		return err->code;
	(void)sqlite3_bind_int64(add, 1,
	    (int64_t)complaint_key(keeper, fact));
	bind_text(add, 2, report_provider(keeper, fact->head));
	report_bind_blob(add, 3, fact->head->reporter);
	report_bind_blob(add, 4, fact->head->report_id);
	bind_time(add, 5, fact->at_utc);
	bind_time(add, 6, fact->arrival_utc);
	report_bind_text(add, 7, fact->feedback_type);
	report_bind_text(add, 8, fact->source_ip);
	/* "" is the null sender */
	bind_blob(add, 9, fact->original_mail_from);
	report_bind_blob(add, 10, fact->original_rcpt_to);
	report_bind_blob(add, 11, fact->reported_domain);
	report_bind_blob(add, 12, fact->user_agent);
	report_bind_count(add, 13, fact->incidents);
	bind_text(add, 14, slice_str(fact->head->path));
	return keep(keeper, add, err);
}

/* ------------------------------------------------------------------ */

static int64_t
day_of(int64_t utc, int32_t offset_s)
{
	int64_t local = utc + offset_s;

	return local / DAY_S - (local % DAY_S < 0);
}

/* Of one address and day the export that was fetched last: numbers grow while
 * the day goes on. */
static enum mx_code
keep_data(struct report_keeper *keeper, const struct snds_row *row,
    struct mx_err *err)
{
	sqlite3_stmt *put =
	    store_statement(keeper->store, SQL_SNDS_DATA_PUT, err);

	if (put == NULL)
		return err->code;
	bind_text(put, 1, row->source_ip);
	(void)sqlite3_bind_int64(put, 2, day_of(row->head->begin_utc,
	    row->zone_offset_s));
	(void)sqlite3_bind_int64(put, 3, row->fetched_utc);
	bind_time(put, 4, row->head->begin_utc);
	bind_time(put, 5, row->head->end_utc);
	report_bind_count(put, 6, row->rcpt_commands);
	report_bind_count(put, 7, row->data_commands);
	report_bind_count(put, 8, row->recipients);
	report_bind_text(put, 9, row->filter_result);
	report_bind_blob(put, 10, row->complaint_rate);
	report_bind_count(put, 11, row->trap_hits);
	bind_text(put, 12, slice_str(row->head->path));
	return keep(keeper, put, err);
}

static enum mx_code
keep_status(struct report_keeper *keeper, const struct snds_row *row,
    struct mx_err *err)
{
	sqlite3_stmt *add =
	    store_statement(keeper->store, SQL_SNDS_STATUS_ADD, err);

	if (add == NULL)
		return err->code;
	bind_text(add, 1, row->range);
	bind_blob(add, 2, row->status.len != 0 ? row->status : SLICE(""));
	(void)sqlite3_bind_int64(add, 3, day_of(row->fetched_utc, 0));
	(void)sqlite3_bind_int(add, 4, row->is_blocked);
	(void)sqlite3_bind_int64(add, 5, row->fetched_utc);
	bind_text(add, 6, slice_str(row->head->path));
	return keep(keeper, add, err);
}

enum mx_code
report_keep_snds(void *ctx, const struct snds_row *row, struct mx_err *err)
{
	struct report_keeper *keeper = ctx;

	if (row->range.len != 0)
		return keep_status(keeper, row, err);
	/* the reader has noted it: a row of no day is of no use */
	if (row->head->begin_utc == INT64_MIN)
		return MX_OK;
	return keep_data(keeper, row, err);
}

/* ------------------------------------------------------------------ */

/* Repeated delay notices are one. */
static uint64_t
bounce_key(struct report_keeper *keeper, const struct bounce_mail *fact)
{
	uint64_t hash = hash_folded(keeper, HASH_STABLE_START,
	    fact->head->reporter);
	struct slice message = fact->original_id.len != 0 ?
	    fact->original_id : fact->queue_id.len != 0 ? fact->queue_id :
	    fact->head->report_id;

	hash = report_hash_text(hash, message);
	hash = hash_folded(keeper, hash, fact->recipient);
	hash = hash_folded(keeper, hash, fact->action);
	hash = report_hash_text(hash, fact->status);
	return message.len != 0 ? hash : report_hash_text(
	    report_hash_number(hash, fact->at_utc), fact->reply);
}

static void
bind_class(sqlite3_stmt *add, int at, const struct classification *class)
{
	if (class == NULL)
		return;
	report_bind_text(add, at, slice_str(reason_name(class->reason)));
	report_bind_text(add, at + 1, slice_str(scope_name(class->scope)));
	report_bind_text(add, at + 2,
	    slice_str(severity_name(class->severity)));
	report_bind_text(add, at + 3, class->token);
	report_bind_text(add, at + 4, class->rule);
}

enum mx_code
report_keep_bounce(void *ctx, const struct bounce_mail *told,
    struct mx_err *err)
{
	struct report_keeper *keeper = ctx;
	struct bounce_mail fact = *told;
	sqlite3_stmt *add;

	bounce_judge(keeper->is.providers, keeper->is.classifier, &fact,
	    &keeper->scratch);
	add = store_statement(keeper->store, SQL_BOUNCE_ADD, err);
	if (add == NULL)
		return err->code;
	(void)sqlite3_bind_int64(add, 1, (int64_t)bounce_key(keeper, &fact));
	bind_text(add, 2, fact.provider);
	report_bind_blob(add, 3, fact.head->reporter);
	report_bind_blob(add, 4, fact.head->report_id);
	bind_time(add, 5, fact.at_utc);
	report_bind_text(add, 6, fact.action);
	report_bind_text(add, 7, fact.status);
	report_bind_text(add, 8, fact.dsn);
	report_bind_count(add, 9, fact.reply_code != 0 ? fact.reply_code : -1);
	report_bind_blob(add, 10, fact.recipient);
	report_bind_blob(add, 11, fact.queue_id);
	report_bind_blob(add, 12, fact.reply);
	report_bind_blob(add, 13, fact.remote_mta);
	report_bind_text(add, 14, fact.source_ip);
	bind_class(add, 15, fact.class);
	bind_text(add, 20, slice_str(fact.head->path));
	return keep(keeper, add, err);
}
