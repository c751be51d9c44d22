/* SPDX-License-Identifier: BSD-2-Clause */
/* Many rows in one statement. SQL reads them from a table `batch` with columns
 * c1 .. c19 that stands for rows in memory: against a statement for each row,
 * SQLite opens its tables once, and finds the place of a row that follows the
 * one before without a search. */
#ifndef MX_ANALYZER_STORE_BATCH_H
#define MX_ANALYZER_STORE_BATCH_H

#include "analyzer/store_priv.h"

struct batch {
	size_t count;
	/* Before the columns of a row are asked for; may be NULL. */
	void (*begin_row)(void *ctx, size_t row);
	/* COLUMN counts from 1; a value not given is NULL. Text and blobs must
	 * stay until the next row. Neither may use the store. */
	void (*give)(void *ctx, size_t row, int column, sqlite3_context *to);
	void *ctx;
};

void give_text(sqlite3_context *to, struct slice text);
/* NULL for SLICE_NONE. */
void give_blob(sqlite3_context *to, struct slice bytes);
/* NULL for INT64_MIN and INT64_MAX. */
void give_time(sqlite3_context *to, int64_t utc);

/* Run a statement that reads all of BATCH. */
enum mx_code store_run_batch(struct store *store, enum store_sql sql,
    const struct batch *batch, const char *doing, struct mx_err *err)
    MX_MUST_USE;

#endif
