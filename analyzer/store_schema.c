/* SPDX-License-Identifier: BSD-2-Clause */
/* The schema of the store: made for a new file, brought up to date for one
 * of an older version. A migration only adds, and nothing stored is lost. */
#include "analyzer/store_priv.h"

#include "analyzer/schema_2_sql.h"
#include "analyzer/schema_sql.h"

/* By version: what leads to it from the one before. */
static const char *const steps[SCHEMA_VERSION + 1] = {
	[SCHEMA_FIRST] = schema_sql,
	[SCHEMA_REPORTS] = schema_2_sql,
};

enum mx_code
store_number(struct store *store, const char *sql, int64_t *value_r,
    struct mx_err *err)
{
	sqlite3_stmt *statement = NULL;
	enum mx_code code = MX_OK;

	if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) !=
	    SQLITE_OK || sqlite3_step(statement) != SQLITE_ROW)
		code = store_fail(store, "open", err);
	else
		*value_r = sqlite3_column_int64(statement, 0);
	(void)sqlite3_finalize(statement);
	return code;
}

/* Tables that are read by time. */
static const struct {
	const char *table, *column;
	int64_t since; /* the version that brought it */
} timed[] = {
	{ "coverage", "slot", SCHEMA_FIRST },
	{ "total", "slot", SCHEMA_FIRST },
	{ "message_gap", "slot", SCHEMA_FIRST },
	{ "reply_total", "slot", SCHEMA_FIRST },
	{ "attempt", "utc", SCHEMA_FIRST },
	{ "sender_total", "slot", SCHEMA_REPORTS },
	{ "day_part", "day", SCHEMA_REPORTS },
};

/* What is no number stands behind all numbers. */
enum mx_code
store_check_slots(struct store *store, const char *schema, const char *path,
    int64_t version, struct mx_err *err)
{
	char sql[256];
	enum mx_code code = MX_OK;
	int64_t is_out = 0;

	for (size_t i = 0; i < sizeof(timed) / sizeof(timed[0]) &&
	    code == MX_OK; i++) {
		if (timed[i].since > version)
			continue;
		(void)snprintf(sql, sizeof(sql), "SELECT (SELECT min(%s) FROM"
		    " %s.%s) < %lld OR (SELECT max(%s) FROM %s.%s) > %lld",
		    timed[i].column, schema, timed[i].table,
		    (long long)STORE_UTC_MIN, timed[i].column, schema,
		    timed[i].table, (long long)STORE_UTC_MAX);
		code = store_number(store, sql, &is_out, err);
		if (code == MX_OK && is_out != 0)
			code = mx_fail(err, MX_E_DATA, "%s: damaged: a time"
			    " in %s that is none", path,
			    timed[i].table);
	}
	return code;
}

/* Inside a transaction: every step above version HAS, and the mark. */
static enum mx_code
take_steps(struct store *store, int64_t has, const char *doing,
    struct mx_err *err)
{
	char sql[128];
	enum mx_code code = MX_OK;

	for (int64_t to = has + 1; to <= SCHEMA_VERSION && code == MX_OK; to++)
		code = store_exec(store, steps[to], doing, err);
	(void)snprintf(sql, sizeof(sql),
	    "PRAGMA application_id = %d; PRAGMA user_version = %d;",
	    STORE_APPLICATION_ID, SCHEMA_VERSION);
	return code == MX_OK ? store_exec(store, sql, doing, err) : code;
}

enum mx_code
store_create_schema(struct store *store, int64_t slot_s, struct mx_err *err)
{
	char sql[256];
	enum mx_code code = store_exec(store, "BEGIN IMMEDIATE", "create", err);

	if (code != MX_OK)
		return code;
	(void)snprintf(sql, sizeof(sql),
	    "INSERT INTO meta VALUES ('slot_s', '%lld');"
	    "INSERT INTO origin VALUES (1, lower(hex(randomblob(16))), 0);",
	    (long long)slot_s);
	code = take_steps(store, 0, "create", err);
	if (code == MX_OK)
		code = store_exec(store, sql, "create", err);
	if (code == MX_OK)
		code = store_exec(store, "COMMIT", "create", err);
	if (code != MX_OK)
		store_rollback(store);
	else
		store->schema = SCHEMA_VERSION;
	return code;
}

enum mx_code
store_migrate(struct store *store, struct mx_err *err)
{
	enum mx_code code;

	if (store->schema == SCHEMA_VERSION)
		return MX_OK;
	code = store_exec(store, "BEGIN IMMEDIATE", "migrate", err);
	if (code != MX_OK)
		return code;
	code = take_steps(store, store->schema, "migrate", err);
	if (code == MX_OK)
		code = store_exec(store, "COMMIT", "migrate", err);
	if (code != MX_OK)
		store_rollback(store);
	else
		store->schema = SCHEMA_VERSION;
	return code;
}

enum mx_code
store_check_schema(struct store *store, bool *is_new_r, struct mx_err *err)
{
	int64_t id = 0, pages = 0;
	enum mx_code code = store_number(store, "PRAGMA page_count", &pages,
	    err);

	if (code == MX_OK)
		code = store_number(store, "PRAGMA application_id", &id, err);
	if (code == MX_OK)
		code = store_number(store, "PRAGMA user_version",
		    &store->schema, err);
	if (code != MX_OK)
		return code;
	*is_new_r = pages == 0 || (id == 0 && store->schema == 0 &&
	    pages == 1);
	if (*is_new_r)
		return MX_OK;
	if (id != STORE_APPLICATION_ID || store->schema < SCHEMA_FIRST)
		return mx_fail(err, MX_E_DATA, "%s: not a store of mxtrend",
		    store->path);
	if (store->schema > SCHEMA_VERSION)
		return mx_fail(err, MX_E_DATA,
		    "%s: of a newer mxtrend (schema %lld, this one knows %d)",
		    store->path, (long long)store->schema, SCHEMA_VERSION);
	return MX_OK;
}
