/* SPDX-License-Identifier: BSD-2-Clause */
/* Folding another store into this one. The facts of each store that was ever
 * merged are kept apart by origin, so that merging a store again replaces what
 * it gave before: twice is as once, a newer state takes the place of an
 * older, and the order does not matter. */
#include "analyzer/store_priv.h"

#include <stdlib.h>

/* Names and kinds of reply are shared by all origins. */
/* clang-format off */
static const char *const mappings[] = {
	"INSERT OR IGNORE INTO main.name (kind, text)"
	" SELECT kind, text FROM other.name",
	"CREATE TEMP TABLE names (old INTEGER PRIMARY KEY, new INTEGER)",
	"INSERT INTO temp.names SELECT o.id, m.id FROM other.name AS o"
	" JOIN main.name AS m ON m.kind = o.kind AND m.text = o.text",
	"INSERT INTO temp.names VALUES (0, 0)",
	"INSERT INTO main.reply (provider, fingerprint, masked, reason, scope,"
	" severity, token, rule, explicit, votes, sample, sample_utc)"
	" SELECT p.new, r.fingerprint, r.masked, r.reason, r.scope, r.severity,"
	" r.token, r.rule, r.explicit, r.votes, r.sample, r.sample_utc"
	" FROM other.reply AS r JOIN temp.names AS p ON p.old = r.provider"
	" WHERE true ON CONFLICT DO UPDATE SET sample = excluded.sample,"
	" sample_utc = excluded.sample_utc WHERE excluded.sample_utc < sample_utc"
	" OR (excluded.sample_utc = sample_utc AND excluded.sample < sample)",
	"CREATE TEMP TABLE replies (old INTEGER PRIMARY KEY, new INTEGER)",
	"INSERT INTO temp.replies SELECT o.id, m.id FROM other.reply AS o"
	" JOIN temp.names AS p ON p.old = o.provider"
	" JOIN main.reply AS m ON m.provider = p.new AND"
	" m.fingerprint = o.fingerprint AND m.reason = o.reason AND"
	" m.token = o.token AND m.rule = o.rule",
};
/* clang-format on */

static enum mx_code
run_all(struct store *store, const char *const *sql, size_t count,
    struct mx_err *err)
{
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < count && code == MX_OK; i++)
		code = store_exec(store, sql[i], "merge", err);
	return code;
}

/* One statement with up to two numbers bound. */
static enum mx_code
run_bound(struct store *store, const char *sql, int64_t first, int64_t second,
    struct mx_err *err)
{
	sqlite3_stmt *statement = NULL;
	enum mx_code code;

	if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) !=
	    SQLITE_OK)
		return store_fail(store, "merge", err);
	(void)sqlite3_bind_int64(statement, 1, first);
	if (sqlite3_bind_parameter_count(statement) > 1)
		(void)sqlite3_bind_int64(statement, 2, second);
	code = store_run(store, statement, "merge", err);
	(void)sqlite3_finalize(statement);
	return code;
}

static enum mx_code
one_row(struct store *store, const char *sql, int64_t bound, int64_t *value_r,
    struct mx_err *err)
{
	sqlite3_stmt *statement = NULL;
	enum mx_code code = MX_OK;
	int rc;

	*value_r = 0;
	if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) !=
	    SQLITE_OK)
		return store_fail(store, "merge", err);
	if (sqlite3_bind_parameter_count(statement) > 0)
		(void)sqlite3_bind_int64(statement, 1, bound);
	rc = sqlite3_step(statement);
	/* a text would be the next one for ever */
	if (rc == SQLITE_ROW && sqlite3_column_type(statement, 0) !=
	    SQLITE_INTEGER && sqlite3_column_type(statement, 0) != SQLITE_NULL)
		code = mx_fail(err, MX_E_DATA,
		    "merge: the store is damaged: a text for a number");
	else if (rc == SQLITE_ROW)
		*value_r = sqlite3_column_int64(statement, 0);
	else if (rc != SQLITE_DONE)
		code = store_fail(store, "merge", err);
	(void)sqlite3_finalize(statement);
	return code;
}

/* A file: URI, since a path may hold anything. */
static enum mx_code
attach(struct store *store, const char *path, struct mx_err *err)
{
	struct strbuf uri;
	sqlite3_stmt *statement = NULL;
	enum mx_code code = MX_OK;

	strbuf_init(&uri, 16384);
	strbuf_add_str(&uri, "file:");
	for (const char *at = path; *at != '\0'; at++) {
		if (*at == '%' || *at == '?' || *at == '#')
			strbuf_addf(&uri, "%%%02x", (unsigned)(unsigned char)*at);
		else
			strbuf_add_char(&uri, *at);
	}
	strbuf_add_str(&uri, "?mode=ro");
	if (sqlite3_prepare_v2(store->db, "ATTACH ?1 AS other", -1, &statement,
	    NULL) != SQLITE_OK)
		code = store_fail(store, "merge", err);
	if (code == MX_OK) {
		bind_text(statement, 1, strbuf_slice(&uri));
		int rc = sqlite3_step(statement);

		if (rc != SQLITE_DONE)
			code = mx_fail(err, (rc & 0xff) == SQLITE_CORRUPT ?
			    MX_E_DATA : MX_E_NOINPUT, "%s: %s", path,
			    sqlite3_errmsg(store->db));
	}
	(void)sqlite3_finalize(statement);
	strbuf_release(&uri);
	return code;
}

static enum mx_code
check_other(struct store *store, const char *path, int64_t *schema_r,
    struct mx_err *err)
{
	int64_t id, version = 0;
	enum mx_code code = one_row(store, "PRAGMA other.application_id", 0,
	    &id, err);

	if (code == MX_OK)
		code = one_row(store, "PRAGMA other.user_version", 0, &version,
		    err);
	if (code != MX_OK)
		return mx_fail(err, MX_E_DATA, "%s: not a store of mxtrend",
		    path);
	if (id != STORE_APPLICATION_ID)
		return mx_fail(err, MX_E_DATA, "%s: not a store of mxtrend",
		    path);
	if (version > SCHEMA_VERSION)
		return mx_fail(err, MX_E_DATA,
		    "%s: of a newer mxtrend (schema %lld, this one knows %d)",
		    path, (long long)version, SCHEMA_VERSION);
	*schema_r = version;
	return MX_OK;
}

/* An input that two stores read would count twice; an empty one is like any
 * other and does not count. */
static enum mx_code
check_inputs(struct store *store, const char *path, struct mx_err *err)
{
	sqlite3_stmt *statement = NULL;
	enum mx_code code = MX_OK;
	int rc;

	if (sqlite3_prepare_v2(store->db, "SELECT t.path FROM other.input AS t"
	    " JOIN other.origin AS o ON o.number = t.origin"
	    " JOIN main.input AS m ON m.head = ledger_head(t.head)"
	    " JOIN main.origin AS n ON n.number = m.origin"
	    " WHERE n.id <> o.id AND t.offset > 0 LIMIT 1", -1, &statement,
	    NULL) != SQLITE_OK)
		return store_fail(store, "merge", err);
	rc = sqlite3_step(statement);
	if (rc == SQLITE_ROW)
		code = mx_fail(err, MX_E_DATA, "%s: %s was read by both stores"
		    " and would count twice; nothing was merged", path,
		    (const char *)sqlite3_column_text(statement, 0));
	else if (rc != SQLITE_DONE)
		code = store_fail(store, "merge", err);
	(void)sqlite3_finalize(statement);
	return code;
}

/* Take over what the other store, of version SCHEMA, has of its origin number
 * THERE. */
static enum mx_code
merge_origin(struct store *store, int64_t schema, int64_t there,
    struct merge_result *result, struct mx_err *err)
{
	int64_t here, own, theirs = 0, ours = 0;
	char sql[128];
	enum mx_code code = one_row(store, "SELECT m.number FROM main.origin"
	    " AS m JOIN other.origin AS o ON o.id = m.id WHERE o.number = ?1",
	    there, &here, err);

	own = here == 1;
	if (code == MX_OK)
		code = one_row(store, "SELECT changes FROM other.origin WHERE"
		    " number = ?1", there, &theirs, err);
	if (code == MX_OK && here != 0)
		code = one_row(store, "SELECT changes FROM main.origin WHERE"
		    " number = ?1", here, &ours, err);
	if (code != MX_OK || own || (here != 0 && ours >= theirs)) {
		result->unchanged++;
		return code;
	}
	if (here == 0) {
		code = run_bound(store, "INSERT INTO main.origin (id, changes)"
		    " SELECT id, changes FROM other.origin WHERE number = ?1",
		    there, 0, err);
		here = sqlite3_last_insert_rowid(store->db);
	} else {
		code = run_bound(store, "UPDATE main.origin SET changes = ?2"
		    " WHERE number = ?1", here, theirs, err);
	}
	if (code == MX_OK)
		code = store_exec(store, "DELETE FROM main.day_part", "merge",
		    err);
	for (const struct store_copy *copy = store_copies;
	    copy->table != NULL && code == MX_OK; copy++) {
		(void)snprintf(sql, sizeof(sql),
		    "DELETE FROM main.%s WHERE origin = ?1", copy->table);
		code = run_bound(store, sql, here, 0, err);
	}
	for (const struct store_copy *copy = store_copies;
	    copy->table != NULL && code == MX_OK; copy++)
		if (copy->since <= schema)
			code = run_bound(store, copy->sql, here, there, err);
	if (code == MX_OK)
		code = store_push_mark_origin(store, here, err);
	result->taken++;
	return code;
}

static enum mx_code
merge_origins(struct store *store, int64_t schema,
    struct merge_result *result, struct mx_err *err)
{
	int64_t there = 0;
	enum mx_code code;

	for (;;) {
		code = one_row(store, "SELECT min(number) FROM other.origin"
		    " WHERE number > ?1", there, &there, err);
		if (code != MX_OK || there == 0)
			return code;
		code = merge_origin(store, schema, there, result, err);
		if (code != MX_OK)
			return code;
	}
}

enum mx_code
store_merge(struct store *store, const char *path, struct merge_result *result,
    struct mx_err *err)
{
	int64_t schema = 0;
	enum mx_code code = store_check_file(path, err);

	memset(result, 0, sizeof(*result));
	if (code == MX_OK)
		code = attach(store, path, err);
	if (code != MX_OK)
		return code;
	code = check_other(store, path, &schema, err);
	if (code == MX_OK)
		code = store_begin(store, err);
	if (code == MX_OK) {
		code = store_check_slots(store, "other", path, schema, err);
		if (code == MX_OK)
			code = check_inputs(store, path, err);
		if (code == MX_OK)
			code = run_all(store, mappings,
			    sizeof(mappings) / sizeof(mappings[0]), err);
		if (code == MX_OK)
			code = merge_origins(store, schema, result, err);
		if (code == MX_OK)
			code = store_exec(store, "DROP TABLE temp.names;"
			    " DROP TABLE temp.replies", "merge", err);
		if (code == MX_OK)
			code = store_commit(store, err);
		if (code != MX_OK)
			store_rollback(store);
	}
	(void)sqlite3_exec(store->db, "DETACH other", NULL, NULL, NULL);
	return code;
}
