/* SPDX-License-Identifier: BSD-2-Clause */
/* Dropping what is old. Detail goes first: the failed attempts, with their
 * addresses and words. An episode that is over is kept as a row of its own
 * before its refusals go; of one that is not over, and of what could still
 * join the last one, the refusals stay. */
#include "analyzer/query_priv.h"

/* Episodes further apart than this never join, whatever they last; and votes
 * of that long ago no longer make the usual rate. */
enum { SETTLED_S = 35 * 86400 };

static enum mx_code
count_rows(struct store *store, const char *sql, int64_t utc,
    int64_t *count_r, struct mx_err *err)
{
	sqlite3_stmt *statement = NULL;
	enum mx_code code = MX_OK;

	if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) !=
	    SQLITE_OK)
		return store_fail(store, "prune", err);
	(void)sqlite3_bind_int64(statement, 1, utc);
	if (sqlite3_step(statement) == SQLITE_ROW)
		*count_r = sqlite3_column_int64(statement, 0);
	else
		code = store_fail(store, "prune", err);
	(void)sqlite3_finalize(statement);
	return code;
}

static enum mx_code
run_with(struct store *store, const char *sql, int64_t utc,
    struct mx_err *err)
{
	sqlite3_stmt *statement = NULL;
	enum mx_code code;

	if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) !=
	    SQLITE_OK)
		return store_fail(store, "prune", err);
	(void)sqlite3_bind_int64(statement, 1, utc);
	code = store_run(store, statement, "prune", err);
	(void)sqlite3_finalize(statement);
	return code;
}

/* Where an episode's row belongs. */
struct owner {
	int64_t provider, source, origin;
};

/* With a store that was merged its episodes come anew; so one whose refusals
 * all came from there is kept as that store's, and not beside it. */
static enum mx_code
find_owner(struct store *store, const struct episode *it,
    struct owner *owner_r, struct mx_err *err)
{
	sqlite3_stmt *get;
	bool has_row;
	enum mx_code code = store_find_name(store, NAME_PROVIDER, it->provider,
	    &owner_r->provider, err);

	owner_r->source = 0;
	owner_r->origin = 1;
	if (code == MX_OK)
		code = store_find_name(store, NAME_SOURCE, it->source,
		    &owner_r->source, err);
	if (code != MX_OK)
		return code;
	get = store_statement(store, SQL_EPISODE_ORIGIN, err);
	if (get == NULL)
		return err->code;
	(void)sqlite3_bind_int64(get, 1, owner_r->provider);
	(void)sqlite3_bind_int64(get, 2, owner_r->source);
	bind_time(get, 3, it->first_refusal_utc);
	bind_time(get, 4, it->last_refusal_utc);
	code = store_step(store, get, &has_row, err);
	if (code == MX_OK && has_row)
		owner_r->origin = sqlite3_column_int64(get, 0);
	(void)sqlite3_reset(get);
	return code;
}

static enum mx_code
keep_replies(struct store *store, const struct query *query,
    const struct episode *it, const struct owner *owner, struct mx_err *err)
{
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < it->reply_count && code == MX_OK; i++) {
		const struct reply_kind *kind = totals_reply_kind(&query->live,
		    it->replies[i].reply);
		sqlite3_stmt *add =
		    store_statement(store, SQL_EPISODE_REPLY_ADD, err);

		if (add == NULL)
			return err->code;
		(void)sqlite3_bind_int64(add, 1, owner->provider);
		(void)sqlite3_bind_int64(add, 2, owner->source);
		bind_time(add, 3, it->first_refusal_utc);
		(void)sqlite3_bind_int64(add, 4, kind->db_id);
		(void)sqlite3_bind_int64(add, 5, it->replies[i].attempts);
		(void)sqlite3_bind_int64(add, 6, owner->origin);
		code = store_run(store, add, "keep an episode", err);
	}
	return code;
}

/* What it cost, and how far it reached, as its refusals tell it now. */
static enum mx_code
keep_cost(struct store *store, const struct episode *it,
    const struct owner *owner, struct mx_err *err)
{
	const int64_t counts[] = { it->deliveries, it->delivered_later,
		it->delivered_after_end, it->still_open, it->median_wait_s,
		it->sender_domains };
	const struct episode_share shares[] = { it->near, it->far,
		it->senders };
	sqlite3_stmt *add =
	    store_statement(store, SQL_EPISODE_COST_ADD, err);

	if (add == NULL)
		return err->code;
	(void)sqlite3_bind_int64(add, 1, owner->provider);
	(void)sqlite3_bind_int64(add, 2, owner->source);
	bind_time(add, 3, it->first_refusal_utc);
	bind_time(add, 4, it->began_after_utc);
	bind_time(add, 5, it->began_by_utc);
	bind_time(add, 6, it->ended_after_utc);
	bind_time(add, 7, it->ended_by_utc);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		(void)sqlite3_bind_int64(add, 8 + (int)i, counts[i]);
	bind_text(add, 14, it->extent);
	if (it->sender_domain.len != 0)
		bind_text(add, 15, it->sender_domain);
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		(void)sqlite3_bind_int64(add, 16 + 2 * (int)i,
		    shares[i].refused);
		(void)sqlite3_bind_int64(add, 17 + 2 * (int)i,
		    shares[i].accepted);
	}
	(void)sqlite3_bind_int64(add, 22, owner->origin);
	return store_run(store, add, "keep an episode", err);
}

static enum mx_code
keep_episode(struct store *store, const struct query *query,
    const struct episode *it, struct mx_err *err)
{
	sqlite3_stmt *add;
	struct owner owner;
	const int64_t counts[] = { it->threshold, it->messages,
		it->recipients, it->attempts, it->flaps, it->repeat,
		it->began_before_log };
	enum mx_code code = find_owner(store, it, &owner, err);

	if (code != MX_OK)
		return code;
	add = store_statement(store, SQL_EPISODE_ADD, err);
	if (add == NULL)
		return err->code;
	(void)sqlite3_bind_int64(add, 1, owner.provider);
	(void)sqlite3_bind_int64(add, 2, owner.source);
	bind_time(add, 3, it->first_refusal_utc);
	bind_time(add, 4, it->last_refusal_utc);
	bind_time(add, 5, it->confirmed_utc);
	bind_time(add, 6, it->last_accept_before_utc);
	bind_time(add, 7, it->first_accept_after_utc);
	bind_time(add, 8, it->closed_utc);
	(void)sqlite3_bind_int(add, 9, (int)it->phase);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		(void)sqlite3_bind_int64(add, 10 + (int)i, counts[i]);
	(void)sqlite3_bind_int64(add, 17, owner.origin);
	code = store_run(store, add, "keep an episode", err);
	if (code == MX_OK)
		code = keep_cost(store, it, &owner, err);
	return code == MX_OK ? keep_replies(store, query, it, &owner, err) :
	    code;
}

/* From when on the refusals of a pair must stay: the start of what is not
 * over, or not long over. */
static enum mx_code
note_keep(struct store *store, const struct episode *it, struct mx_err *err)
{
	sqlite3_stmt *statement = NULL;
	int64_t provider, source = 0;
	enum mx_code code =
	    store_find_name(store, NAME_PROVIDER, it->provider, &provider, err);

	if (code == MX_OK)
		code = store_find_name(store, NAME_SOURCE, it->source, &source, err);
	if (code != MX_OK)
		return code;
	if (sqlite3_prepare_v2(store->db, "INSERT INTO temp.keep_pair VALUES"
	    " (?1, ?2, ?3) ON CONFLICT DO UPDATE SET keep_utc = min(keep_utc,"
	    " ?3)", -1, &statement, NULL) != SQLITE_OK)
		return store_fail(store, "prune", err);
	(void)sqlite3_bind_int64(statement, 1, provider);
	(void)sqlite3_bind_int64(statement, 2, source);
	(void)sqlite3_bind_int64(statement, 3, it->first_refusal_utc);
	code = store_run(store, statement, "prune", err);
	(void)sqlite3_finalize(statement);
	return code;
}

static bool
is_settled(const struct episode *it, int64_t detail_utc)
{
	int64_t length = it->last_refusal_utc - it->first_refusal_utc;
	int64_t near = length / 10 > SETTLED_S ? length / 10 : SETTLED_S;

	return !episode_stays_open(it) && it->closed_utc < detail_utc - near;
}

static enum mx_code
keep_episodes(struct store *store, const struct query *query,
    int64_t detail_utc, struct prune_result *result, struct mx_err *err)
{
	size_t count;
	const struct episode *list = query_episodes(query, &count);
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < count && code == MX_OK; i++) {
		if (list[i].is_stored)
			continue;
		if (is_settled(&list[i], detail_utc)) {
			code = keep_episode(store, query, &list[i], err);
			result->episodes++;
		} else {
			code = note_keep(store, &list[i], err);
		}
	}
	return code;
}

static enum mx_code
drop_detail(struct store *store, int64_t detail_utc,
    struct prune_result *result, struct mx_err *err)
{
	struct query *query = NULL;
	int64_t before = 0, after = 0;
	enum mx_code code = store_exec(store, "CREATE TEMP TABLE keep_pair"
	    " (provider INTEGER, source INTEGER, keep_utc INTEGER,"
	    " PRIMARY KEY (provider, source))", "prune", err);

	if (code == MX_OK)
		code = query_run_episodes(store, &query, err);
	if (code == MX_OK)
		code = keep_episodes(store, query, detail_utc, result, err);
	query_free(query);
	if (code == MX_OK)
		code = count_rows(store, "SELECT count(*) FROM attempt WHERE"
		    " utc < ?1", detail_utc, &before, err);
	if (code == MX_OK) {
		sqlite3_stmt *drop =
		    store_statement(store, SQL_PRUNE_ATTEMPTS, err);

		if (drop == NULL)
			return err->code;
		(void)sqlite3_bind_int64(drop, 1, detail_utc);
		code = store_run(store, drop, "prune", err);
	}
	if (code == MX_OK)
		code = count_rows(store, "SELECT count(*) FROM attempt WHERE"
		    " utc < ?1", detail_utc, &after, err);
	if (code == MX_OK)
		code = run_with(store, "DELETE FROM sample WHERE utc < ?1",
		    detail_utc, err);
	/* as long as refusals of their pair stay */
	if (code == MX_OK)
		code = run_with(store, "DELETE FROM late WHERE refused_utc < ?1"
		    " AND refused_utc < coalesce((SELECT keep_utc FROM"
		    " temp.keep_pair AS k WHERE k.provider = late.provider AND"
		    " k.source = late.source), ?1)", detail_utc, err);
	/* of the time of refusals of any source that stay */
	if (code == MX_OK)
		code = run_with(store, "DELETE FROM sender_total WHERE"
		    " slot < ?1 - 43200 AND slot < coalesce((SELECT"
		    " min(keep_utc) - 43200 FROM temp.keep_pair AS k WHERE"
		    " k.provider = sender_total.provider), ?1)", detail_utc,
		    err);
	result->attempts = before - after;
	result->kept_attempts = after;
	/* the masked text says what the sample said, without addresses; the
	 * sample of refusals that were kept is their proof */
	if (code == MX_OK)
		code = run_with(store, "UPDATE reply SET sample = CAST(masked AS"
		    " BLOB) WHERE sample_utc < ?1 AND"
		    " sample <> CAST(masked AS BLOB) AND NOT EXISTS"
		    " (SELECT 1 FROM attempt WHERE reply = reply.id"
		    " AND utc < ?1)", detail_utc, err);
	if (code == MX_OK)
		result->samples = sqlite3_changes(store->db);
	return code;
}

static enum mx_code
drop_totals(struct store *store, int64_t totals_utc,
    struct prune_result *result, struct mx_err *err)
{
	static const char *const drops[] = {
		"DELETE FROM total WHERE slot < ?1",
		"DELETE FROM message_gap WHERE slot < ?1",
		"DELETE FROM reply_total WHERE slot < ?1",
		"DELETE FROM coverage WHERE slot < ?1",
		"DELETE FROM skipped WHERE slot < ?1",
		"DELETE FROM episode_reply WHERE (provider, source,"
		" first_refusal_utc) IN (SELECT provider, source,"
		" first_refusal_utc FROM episode WHERE closed_utc < ?1)",
		"DELETE FROM episode_cost WHERE (provider, source,"
		" first_refusal_utc) IN (SELECT provider, source,"
		" first_refusal_utc FROM episode WHERE closed_utc < ?1)",
		"DELETE FROM episode WHERE closed_utc < ?1",
	};
	/* the day that is cut is packed anew afterwards */
	static const char drop_parts[] = "DELETE FROM day_part WHERE day < ?1";
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < sizeof(drops) / sizeof(drops[0]) &&
	    code == MX_OK; i++) {
		code = run_with(store, drops[i], totals_utc, err);
		result->totals += sqlite3_changes(store->db);
	}
	if (code == MX_OK)
		code = run_with(store, drop_parts, totals_utc, err);
	return code;
}

/* Which bounces a log tells of can be found out while the addresses are
 * there. */
static enum mx_code
drop_addresses(struct store *store, int64_t detail_utc,
    struct prune_result *result, struct mx_err *err)
{
	static const char *const drops[] = {
		"UPDATE bounce_mail SET in_log = (key, origin) IN ("
		BOUNCES_IN_LOG ") WHERE utc < ?1 AND in_log IS NULL",
		"UPDATE bounce_mail SET recipient = NULL, reply = NULL,"
		" queue_id = NULL WHERE utc < ?1 AND coalesce(recipient, reply,"
		" queue_id) IS NOT NULL",
		"UPDATE complaint SET mail_from = NULL, rcpt_to = NULL WHERE"
		" coalesce(utc, arrival_utc, 0) < ?1 AND"
		" coalesce(mail_from, rcpt_to) IS NOT NULL",
	};
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < sizeof(drops) / sizeof(drops[0]) &&
	    code == MX_OK; i++) {
		code = run_with(store, drops[i], detail_utc, err);
		if (i != 0)
			result->addresses += sqlite3_changes(store->db);
	}
	return code;
}

static enum mx_code
drop_reports(struct store *store, int64_t totals_utc,
    struct prune_result *result, struct mx_err *err)
{
	static const char *const rows[] = {
		"DELETE FROM dmarc_row WHERE report IN (SELECT id FROM"
		" dmarc_report WHERE coalesce(end_utc, begin_utc, 0) < ?1)",
		"DELETE FROM tls_policy WHERE report IN (SELECT id FROM"
		" tls_report WHERE coalesce(end_utc, begin_utc, 0) < ?1)",
		"DELETE FROM tls_failure WHERE report IN (SELECT id FROM"
		" tls_report WHERE coalesce(end_utc, begin_utc, 0) < ?1)",
		"DELETE FROM annotation WHERE utc < ?1",
	};
	static const char *const reports[] = {
		"DELETE FROM dmarc_report WHERE"
		" coalesce(end_utc, begin_utc, 0) < ?1",
		"DELETE FROM tls_report WHERE"
		" coalesce(end_utc, begin_utc, 0) < ?1",
		"DELETE FROM complaint WHERE"
		" coalesce(utc, arrival_utc, 0) < ?1",
		"DELETE FROM snds_data WHERE coalesce(end_utc, begin_utc, 0) < ?1",
		"DELETE FROM snds_status WHERE fetched_utc < ?1",
		"DELETE FROM bounce_mail WHERE coalesce(utc, 0) < ?1",
	};
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) &&
	    code == MX_OK; i++)
		code = run_with(store, rows[i], totals_utc, err);
	for (size_t i = 0; i < sizeof(reports) / sizeof(reports[0]) &&
	    code == MX_OK; i++) {
		code = run_with(store, reports[i], totals_utc, err);
		result->reports += sqlite3_changes(store->db);
	}
	return code;
}

enum mx_code
store_prune(struct store *store, int64_t detail_utc, int64_t totals_utc,
    bool is_dry_run, struct prune_result *result, struct mx_err *err)
{
	enum mx_code code = store_begin(store, err);

	memset(result, 0, sizeof(*result));
	if (code != MX_OK)
		return code;
	/* the bounces first: they are compared with the attempts */
	if (detail_utc != INT64_MIN)
		code = drop_addresses(store, detail_utc, result, err);
	if (code == MX_OK && detail_utc != INT64_MIN)
		code = drop_detail(store, detail_utc, result, err);
	if (code == MX_OK && detail_utc != INT64_MIN)
		code = store_prune_messages(store, detail_utc,
		    &result->messages, err);
	if (code == MX_OK && totals_utc != INT64_MIN)
		code = drop_totals(store, totals_utc, result, err);
	if (code == MX_OK && totals_utc != INT64_MIN)
		code = drop_reports(store, totals_utc, result, err);
	if (code == MX_OK && !is_dry_run)
		code = store_commit(store, err);
	if (code != MX_OK || is_dry_run)
		store_rollback(store);
	(void)sqlite3_exec(store->db, "DROP TABLE IF EXISTS temp.keep_pair",
	    NULL, NULL, NULL);
	if (code != MX_OK || is_dry_run)
		return code;
	code = store_pack_days(store, err);
	/* nothing of it shall be found in free pages or the journal */
	if (code == MX_OK)
		code = store_exec(store, "VACUUM", "prune", err);
	if (code == MX_OK)
		code = store_exec(store, "PRAGMA wal_checkpoint(TRUNCATE)",
		    "prune", err);
	return code;
}
