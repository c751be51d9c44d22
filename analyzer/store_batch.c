/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/store_batch.h"

#include <stdlib.h>

/* A virtual table of SQLite (sqlite.org/vtab.html) that exists without being
 * made, holds what store->batch says, and is read from start to end. */
struct batch_table {
	sqlite3_vtab base;
	struct store *store;
};

struct batch_cursor {
	sqlite3_vtab_cursor base;
	const struct batch *batch;
	size_t row;
};

static int
batch_connect(sqlite3 *db, void *ctx, int argc, const char *const *argv,
    sqlite3_vtab **table_r, char **message_r)
{
	struct batch_table *table = mx_calloc(1, sizeof(*table));

	(void)argc;
	(void)argv;
	(void)message_r;
	table->store = ctx;
	*table_r = &table->base;
	return sqlite3_declare_vtab(db, "CREATE TABLE batch (c1, c2, c3, c4,"
	    " c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17,"
	    " c18, c19)");
}

static int
batch_disconnect(sqlite3_vtab *table)
{
	free(table);
	return SQLITE_OK;
}

static int
batch_best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
	(void)table;
	(void)info;
	return SQLITE_OK;
}

static int
batch_open(sqlite3_vtab *table, sqlite3_vtab_cursor **cursor_r)
{
	struct batch_cursor *cursor = mx_calloc(1, sizeof(*cursor));

	cursor->batch = ((struct batch_table *)table)->store->batch;
	*cursor_r = &cursor->base;
	return SQLITE_OK;
}

static int
batch_close(sqlite3_vtab_cursor *cursor)
{
	free(cursor);
	return SQLITE_OK;
}

static int
begin_row(const struct batch_cursor *cursor)
{
	const struct batch *batch = cursor->batch;

	if (cursor->row < batch->count && batch->begin_row != NULL)
		batch->begin_row(batch->ctx, cursor->row);
	return SQLITE_OK;
}

static int
batch_filter(sqlite3_vtab_cursor *base, int number, const char *text,
    int argc, sqlite3_value **argv)
{
	struct batch_cursor *cursor = (struct batch_cursor *)base;

	(void)number;
	(void)text;
	(void)argc;
	(void)argv;
	cursor->row = 0;
	return begin_row(cursor);
}

static int
batch_next(sqlite3_vtab_cursor *base)
{
	struct batch_cursor *cursor = (struct batch_cursor *)base;

	cursor->row++;
	return begin_row(cursor);
}

static int
batch_eof(sqlite3_vtab_cursor *base)
{
	const struct batch_cursor *cursor = (struct batch_cursor *)base;

	return cursor->row >= cursor->batch->count;
}

static int
batch_column(sqlite3_vtab_cursor *base, sqlite3_context *to, int column)
{
	const struct batch_cursor *cursor = (struct batch_cursor *)base;

	cursor->batch->give(cursor->batch->ctx, cursor->row, column + 1, to);
	return SQLITE_OK;
}

static int
batch_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *id_r)
{
	*id_r = (sqlite3_int64)((const struct batch_cursor *)base)->row;
	return SQLITE_OK;
}

static const sqlite3_module batch_module = {
	.xConnect = batch_connect,
	.xBestIndex = batch_best_index,
	.xDisconnect = batch_disconnect,
	.xOpen = batch_open,
	.xClose = batch_close,
	.xFilter = batch_filter,
	.xNext = batch_next,
	.xEof = batch_eof,
	.xColumn = batch_column,
	.xRowid = batch_rowid,
};

int
store_batch_table(struct store *store)
{
	return sqlite3_create_module_v2(store->db, "batch", &batch_module,
	    store, NULL);
}

enum mx_code
store_run_batch(struct store *store, enum store_sql sql,
    const struct batch *batch, const char *doing, struct mx_err *err)
{
	sqlite3_stmt *add;
	enum mx_code code;

	if (batch->count == 0)
		return MX_OK;
	add = store_statement(store, sql, err);
	if (add == NULL)
		return err->code;
	store->batch = batch;
	code = store_run(store, add, doing, err);
	store->batch = NULL;
	return code;
}

void
give_text(sqlite3_context *to, struct slice text)
{
	sqlite3_result_text(to, text.ptr != NULL ? text.ptr : "",
	    (int)text.len, SQLITE_STATIC);
}

void
give_blob(sqlite3_context *to, struct slice bytes)
{
	if (!slice_is_none(bytes))
		sqlite3_result_blob(to, bytes.ptr, (int)bytes.len,
		    SQLITE_STATIC);
}

void
give_time(sqlite3_context *to, int64_t utc)
{
	if (utc != INT64_MIN && utc != INT64_MAX)
		sqlite3_result_int64(to, utc);
}
