/* SPDX-License-Identifier: BSD-2-Clause */
/* Opening the store, its schema and lock, statements and names. */
#include "analyzer/store_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "analyzer/pack_number.h"
#include "base/fault.h"

#define STORE_ENUM(name, sql) sql,
static const char *const statement_texts[STORE_SQLS] = {
	STORE_STATEMENTS(STORE_ENUM) REPORT_STATEMENTS(STORE_ENUM) };
#undef STORE_ENUM

/* ------------------------------------------------------------------ */
/* Statements */

enum mx_code
store_fail(struct store *store, const char *doing, struct mx_err *err)
{
	int rc = sqlite3_errcode(store->db);
	enum mx_code code = MX_E_IO;

	store->has_failed = true;

	switch (rc) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		code = MX_E_DATA;
		break;
	/* a table that is not ours under its name, a row that fits nowhere */
	case SQLITE_ERROR:
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
	case SQLITE_TOOBIG:
		code = store->is_private ? MX_E_IO : MX_E_DATA;
		break;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		code = MX_E_BUSY;
		break;
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		code = MX_E_PERM;
		break;
	case SQLITE_NOMEM:
		code = MX_E_OS;
		break;
	case SQLITE_CANTOPEN:
		code = MX_E_CANTCREAT;
		break;
	default:
		break;
	}
	return mx_fail(err, code, "%s: %s: %s",
	    store->is_private ? "temporary store" : store->path, doing,
	    sqlite3_errmsg(store->db));
}

sqlite3_stmt *
store_statement(struct store *store, enum store_sql sql, struct mx_err *err)
{
	sqlite3_stmt **statement = &store->statements[sql];

	if (*statement == NULL && sqlite3_prepare_v3(store->db,
	    statement_texts[sql], -1, SQLITE_PREPARE_PERSISTENT, statement,
	    NULL) != SQLITE_OK) {
		(void)store_fail(store, "prepare", err);
		return NULL;
	}
	(void)sqlite3_reset(*statement);
	(void)sqlite3_clear_bindings(*statement);
	return *statement;
}

enum mx_code
store_step(struct store *store, sqlite3_stmt *statement, bool *row_r,
    struct mx_err *err)
{
	int rc = sqlite3_step(statement);

	*row_r = rc == SQLITE_ROW;
	if (rc == SQLITE_ROW || rc == SQLITE_DONE)
		return MX_OK;
	(void)store_fail(store, "read", err);
	(void)sqlite3_reset(statement);
	return err != NULL ? err->code : MX_E_IO;
}

enum mx_code
store_run(struct store *store, sqlite3_stmt *statement, const char *doing,
    struct mx_err *err)
{
	enum mx_code code = MX_OK;

	if (fault_hits(FAULT_WRITE)) {
		store->has_failed = true;
		code = mx_fail(err, MX_E_IO, "%s: %s: injected fault",
		    store->path, doing);
	} else if (sqlite3_step(statement) != SQLITE_DONE)
		code = store_fail(store, doing, err);
	(void)sqlite3_reset(statement);
	return code;
}

enum mx_code
store_exec(struct store *store, const char *sql, const char *doing,
    struct mx_err *err)
{
	if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return store_fail(store, doing, err);
	return MX_OK;
}

void
bind_text(sqlite3_stmt *statement, int at, struct slice text)
{
	(void)sqlite3_bind_text(statement, at, text.ptr != NULL ? text.ptr : "",
	    (int)text.len, SQLITE_STATIC);
}

void
bind_blob(sqlite3_stmt *statement, int at, struct slice bytes)
{
	if (slice_is_none(bytes))
		(void)sqlite3_bind_null(statement, at);
	else
		(void)sqlite3_bind_blob(statement, at, bytes.ptr,
		    (int)bytes.len, SQLITE_STATIC);
}

void
bind_time(sqlite3_stmt *statement, int at, int64_t utc)
{
	if (utc == INT64_MIN || utc == INT64_MAX)
		(void)sqlite3_bind_null(statement, at);
	else
		(void)sqlite3_bind_int64(statement, at, utc);
}

struct slice
column_text(sqlite3_stmt *statement, int at)
{
	const char *text = (const char *)sqlite3_column_text(statement, at);

	return slice_of(text, (size_t)sqlite3_column_bytes(statement, at));
}

struct slice
column_blob(sqlite3_stmt *statement, int at)
{
	const char *bytes = sqlite3_column_blob(statement, at);

	return slice_of(bytes, (size_t)sqlite3_column_bytes(statement, at));
}

static int64_t
column_within(sqlite3_stmt *statement, int at, int64_t least, int64_t most)
{
	int64_t value = sqlite3_column_int64(statement, at);

	return value < least ? least : value > most ? most : value;
}

int64_t
column_count(sqlite3_stmt *statement, int at)
{
	return column_within(statement, at, -PACK_COUNT_MAX, PACK_COUNT_MAX);
}

int64_t
column_utc(sqlite3_stmt *statement, int at)
{
	return column_within(statement, at, STORE_UTC_MIN, STORE_UTC_MAX);
}

int64_t
column_time(sqlite3_stmt *statement, int at)
{
	if (sqlite3_column_type(statement, at) == SQLITE_NULL)
		return INT64_MIN;
	return column_utc(statement, at);
}

/* ------------------------------------------------------------------ */
/* Opening */

static enum mx_code
read_slot(struct store *store, struct mx_err *err)
{
	sqlite3_stmt *get = store_statement(store, SQL_META_GET, err);
	enum mx_code code;
	uint64_t value = 0;
	bool has_row;

	if (get == NULL)
		return err->code;
	bind_text(get, 1, SLICE("slot_s"));
	code = store_step(store, get, &has_row, err);
	if (code == MX_OK && (!has_row || slice_number(column_text(get, 0),
	    3600, &value) == 0 || value == 0))
		code = mx_fail(err, MX_E_DATA, "%s: damaged: no slot length",
		    store->path);
	store->slot_s = (int64_t)value;
	(void)sqlite3_reset(get);
	return code;
}

/* In pages of 16 KiB a flush asks the system a quarter as often, which is a
 * sixteenth of the time of a large log; a store of an older release keeps its
 * pages of 4 KiB. */
#define NEW_PAGES "PRAGMA page_size = 16384;"
static const char private_pragmas[] =
    NEW_PAGES "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
    "PRAGMA cache_size = -6000; PRAGMA temp_store = FILE;"
    "PRAGMA locking_mode = EXCLUSIVE;";
/* An empty file has nothing that a journal on disk could save on its way to
 * WAL: three waits for the disk less. */
static const char new_pragmas[] =
    NEW_PAGES "PRAGMA journal_mode = MEMORY;";
static const char write_pragmas[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
    "PRAGMA journal_size_limit = 0;"
    "PRAGMA cache_size = -6000; PRAGMA foreign_keys = OFF;";
/* A report looks at nearly every page once. */
static const char read_pragmas[] =
    "PRAGMA query_only = ON; PRAGMA cache_size = -2000;";

static int
open_database(struct store *store, enum store_mode mode)
{
	int flags = mode == STORE_READ ? SQLITE_OPEN_READONLY :
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	int keeps_journal = 1;
	int rc;

	/* One thread at a time uses SQLite (store_join), and nobody asks how
	 * much memory it has: without its locks and counters a flush takes a
	 * tenth less.
	 * Refused when it runs already, which then is as well. */
	(void)sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	rc = sqlite3_open_v2(store->path, &store->db,
	    flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, NULL);

	if (rc != SQLITE_OK)
		return rc;
	/* who may read the directory but not write to it finds the journal
	 * there, which he could not make */
	if (mode == STORE_WRITE)
		(void)sqlite3_file_control(store->db, "main",
		    SQLITE_FCNTL_PERSIST_WAL, &keeps_journal);
	(void)sqlite3_extended_result_codes(store->db, 0);
	(void)sqlite3_busy_timeout(store->db, 5000);
	(void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0,
	    NULL);
	(void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	/* we have none, so one is planted: it would be run under our name */
	(void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0,
	    NULL);
	(void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0,
	    NULL);
	rc = store_pack_functions(store->db);
	if (rc == SQLITE_OK)
		rc = store_ledger_functions(store->db);
	return rc == SQLITE_OK ? store_batch_table(store) : rc;
}

/* A checkpoint waits for the disk twice and writes what is rewritten soon:
 * one for so much of journal, not for 4 MiB. */
enum { CHECKPOINT_BYTES = 32 * 1024 * 1024 };

static enum mx_code
set_checkpoints(struct store *store, struct mx_err *err)
{
	int64_t page;
	enum mx_code code = store_number(store, "PRAGMA page_size", &page,
	    err);

	if (code == MX_OK && sqlite3_wal_autocheckpoint(store->db,
	    CHECKPOINT_BYTES / (int)page) != SQLITE_OK)
		code = store_fail(store, "open", err);
	return code;
}

static enum mx_code
set_up(struct store *store, enum store_mode mode, int64_t slot_s,
    struct mx_err *err)
{
	bool is_new = true;
	enum mx_code code = MX_OK;
	int rc = open_database(store, mode);

	if (rc != SQLITE_OK)
		return store_fail(store, "open", err);
	if (mode != STORE_PRIVATE)
		code = store_check_schema(store, &is_new, err);
	if (code == MX_OK && is_new && mode == STORE_WRITE)
		code = store_exec(store, new_pragmas, "open", err);
	if (code == MX_OK)
		code = store_exec(store, mode == STORE_PRIVATE ? private_pragmas :
		    mode == STORE_WRITE ? write_pragmas : read_pragmas, "open",
		    err);
	if (code == MX_OK && mode == STORE_WRITE)
		code = set_checkpoints(store, err);
	if (code == MX_OK && is_new && mode == STORE_READ)
		code = mx_fail(err, MX_E_NOINPUT, "%s: nothing was stored yet",
		    store->path);
	if (code == MX_OK && !is_new)
		code = store_check_slots(store, "main", store->path,
		    store->schema, err);
	if (code == MX_OK && is_new)
		code = store_create_schema(store, slot_s, err);
	else if (code == MX_OK && mode == STORE_WRITE)
		code = store_migrate(store, err);
	if (code == MX_OK)
		code = read_slot(store, err);
	if (code == MX_OK && mode == STORE_WRITE)
		code = store_push_look(store, err);
	if (code == MX_OK && store->is_pushed)
		store_push_watch(store);
	if (code == MX_OK)
		code = store_number(store, "SELECT count(*) FROM fragment",
		    &store->fragment_count, err);
	return code;
}

/* Make the file ourselves so that it is 0640 from its first moment; SQLite
 * gives its journal the same mode. */
static enum mx_code
make_file(const struct store *store, const char *dir, struct mx_err *err)
{
	int fd = open(store->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
	    0640);

	if (fd < 0)
		return mx_fail_errno(err, errno == EACCES || errno == EROFS ?
		    MX_E_PERM : MX_E_CANTCREAT, errno, "%s", store->path);
	store_give(fd, dir);
	(void)close(fd);
	return MX_OK;
}

static enum mx_code
check_readable(const struct store *store, struct mx_err *err)
{
	if (access(store->path, R_OK) == 0)
		return MX_OK;
	return mx_fail_errno(err, errno == EACCES ? MX_E_PERM : MX_E_NOINPUT,
	    errno, "%s", store->path);
}

/* The largest blob, which is a message with very many recipients. */
enum { SCRATCH_MAX = 64 * 1024 * 1024 };

enum mx_code
store_open(enum store_mode mode, const char *dir, int64_t slot_s,
    int64_t wait_s, struct store **store_r, struct mx_err *err)
{
	struct store *store = mx_calloc(1, sizeof(*store));
	struct strbuf path;
	enum mx_code code = MX_OK;

	store->lock_fd = -1;
	store->is_private = mode == STORE_PRIVATE;
	strbuf_init(&store->scratch, SCRATCH_MAX);
	strbuf_init(&store->encoded, SCRATCH_MAX);
	arena_init(&store->parked.text);
	strbuf_init(&path, 4096);
	if (mode != STORE_PRIVATE)
		strbuf_addf(&path, "%s/mxtrend.db", dir);
	store->path = mx_strdup(path.ptr);
	strbuf_release(&path);
	if (mode != STORE_PRIVATE)
		code = store_check_place(dir, mode == STORE_WRITE, err);
	if (code == MX_OK && mode == STORE_WRITE) {
		code = store_take_lock(store, dir, wait_s, err);
		if (code == MX_OK)
			code = make_file(store, dir, err);
	} else if (code == MX_OK && mode == STORE_READ) {
		code = check_readable(store, err);
	}
	if (code == MX_OK)
		code = set_up(store, mode, slot_s, err);
	if (code != MX_OK) {
		store_close(store);
		return code;
	}
	*store_r = store;
	return MX_OK;
}

void
store_close(struct store *store)
{
	if (store == NULL)
		return;
	store_flush_release(store);
	for (int i = 0; i < STORE_SQLS; i++)
		(void)sqlite3_finalize(store->statements[i]);
	(void)sqlite3_close(store->db);
	for (int i = 0; i < NAME_KINDS; i++)
		free(store->numbers[i].ids);
	if (store->lock_fd >= 0)
		(void)close(store->lock_fd);
	strbuf_release(&store->scratch);
	store_parked_release(store);
	free(store->fragment_ids);
	free(store->elsewhere);
	free(store->path);
	free(store);
}

int64_t
store_slot_s(const struct store *store)
{
	return store->slot_s;
}

const char *
store_path(const struct store *store)
{
	return store->path;
}

bool
store_has_failed(const struct store *store)
{
	return store->has_failed;
}

int64_t
store_open_messages(const struct store *store)
{
	return store->fragment_count;
}

enum mx_code
store_begin(struct store *store, struct mx_err *err)
{
	bool writes = sqlite3_db_readonly(store->db, "main") == 0;

	return store_exec(store, writes ? "BEGIN IMMEDIATE" : "BEGIN", "begin",
	    err);
}

/* A SELECT that was not read to its end would hold its view of the file. */
static void
reset_statements(struct store *store)
{
	for (int i = 0; i < STORE_SQLS; i++)
		if (store->statements[i] != NULL)
			(void)sqlite3_reset(store->statements[i]);
}

enum mx_code
store_commit(struct store *store, struct mx_err *err)
{
	sqlite3_stmt *changed;
	enum mx_code code;

	/* SQLite may have undone the transaction by itself then */
	if (store->has_failed)
		return mx_fail(err, MX_E_IO, "%s: nothing was stored, as "
		    "something failed before", store->path);
	changed = store_statement(store, SQL_CHANGED, err);
	if (changed == NULL)
		return err->code;
	code = store_run(store, changed, "commit", err);
	if (code != MX_OK)
		return code;
	if (fault_hits(FAULT_WRITE)) {
		store->has_failed = true;
		return mx_fail(err, MX_E_IO, "%s: commit: injected fault",
		    store->path);
	}
	reset_statements(store);
	return store_exec(store, "COMMIT", "commit", err);
}

void
store_rollback(struct store *store)
{
	store_give_up(store);
	reset_statements(store);
	(void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}
