/* SPDX-License-Identifier: BSD-2-Clause */
/* The answers of a ClickHouse server (RowBinary) as rows, while they come in.
 * Whoever answers is a stranger too: lengths, numbers and the end are checked,
 * and no more is held than one row. Knows no table. */
#ifndef MX_ANALYZER_FLEET_ROWS_H
#define MX_ANALYZER_FLEET_ROWS_H

#include "base/err.h"
#include "base/slice.h"

/* What a column holds; a capital letter: Nullable of it.
 *   n  Int64, any
 *   u  Int64, seconds since 1970, or of a time, or days
 *   k  Int64, a flag or one of a few kinds
 *   c  Int64, a count; their sum is limited
 *   t  String, text;  b  String, bytes
 *   h i s p d f  String, name of a host, instance, source, provider, domain,
 *      path
 *   o  Int64, an origin;  r  Int64, a kind of reply
 *   y  Array(UInt8), Array(UInt64): histogram of delays
 *   m  Array(UInt16), Array(UInt64): seconds of a slot */
enum { FLEET_COLUMNS = 24 };

struct fleet_value {
	char column;       /* its letter, small */
	bool is_null;
	int64_t number;    /* n u k c o r */
	/* Text; of y and m the pairs as the store keeps them. Valid during
	 * the call. */
	struct slice text;
};

/* What one reading may take altogether; shared by its answers. */
struct fleet_budget {
	uint64_t rows, bytes, counts; /* so far */
};

struct fleet_rows;

/* LAYOUT: a letter a column, FLEET_COLUMNS at most. */
struct fleet_rows *fleet_rows_new(const char *layout,
    struct fleet_budget *budget, enum mx_code (*each)(void *ctx,
    const struct fleet_value *row, struct mx_err *err), void *ctx);
void fleet_rows_free(struct fleet_rows *rows);
/* A clickhouse_take. MX_E_DATA: no such rows; MX_E_LIMIT: more than LIMIT_
 * FLEET_ROWS or _BYTES; or what EACH returned. */
enum mx_code fleet_rows_take(void *ctx, struct slice bytes,
    struct mx_err *err) MX_MUST_USE;
/* Behind the last piece. MX_E_DATA: it ended within a row. */
enum mx_code fleet_rows_end(const struct fleet_rows *rows,
    struct mx_err *err) MX_MUST_USE;

#endif
