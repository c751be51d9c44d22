/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of comma separated values (RFC 4180) out of lines: quotes, doubled
 * quotes, line breaks inside quotes; and columns known by their names. */
#ifndef MX_PARSERS_CSV_ROW_H
#define MX_PARSERS_CSV_ROW_H

#include "base/limits.h"
#include "base/slice.h"

enum { CSV_FIELDS = 256, CSV_LINES = 64 };

enum csv_result {
	CSV_ROW,  /* a row is whole */
	CSV_MORE, /* a quoted field goes on with the next line */
	CSV_BAD   /* too long, too many fields or lines */
};

struct csv_row {
	struct slice fields[CSV_FIELDS];
	size_t count;
	/* Private: lines of one row, and fields without their quotes. */
	size_t joined_len, joined_lines, plain_len;
	bool is_spoilt;
	char joined[LIMIT_LINE_BYTES];
	char plain[LIMIT_LINE_BYTES];
};

/* Add LINE (without its end). The fields are valid until the next call. */
enum csv_result csv_row_add(struct csv_row *row, struct slice line,
    char separator);
/* The field of column INDEX; absent where the row has no such column, or
 * INDEX is CSV_FIELDS, or it is empty. */
static inline struct slice
csv_field(const struct csv_row *row, size_t index)
{
	if (index >= row->count || row->fields[index].len == 0)
		return SLICE_NONE;
	return row->fields[index];
}

/* LINE alone, whatever was begun before: CSV_ROW, or CSV_BAD where it is no
 * whole row. */
enum csv_result csv_row_alone(struct csv_row *row, struct slice line,
    char separator);
/* The lines that wait for the rest of their row, with \n between them, until
 * the next csv_row_add or csv_row_drop; also right after a CSV_BAD, where
 * they turned out to be none. */
struct slice csv_row_waiting(const struct csv_row *row, size_t *lines_r);
void csv_row_drop(struct csv_row *row);

/* Where the columns of NAMES (COUNT of them) stand in the header ROW, by name,
 * whatever the case; CSV_FIELDS where one is not there. */
void csv_columns(const struct csv_row *row, const char *const *names,
    size_t count, size_t *columns_r);

#endif
