/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/csv_row.h"

/* A quoted field at the start of *TEXT, which moves behind its quote. False:
 * it does not end here. */
static bool
take_quoted(struct csv_row *row, struct slice *text, struct slice *field_r)
{
	struct slice rest = slice_skip(*text, 1);
	char *begin = row->plain + row->plain_len;
	size_t len = 0;

	for (;;) {
		const char *quote = slice_chr(rest, '"');
		size_t part;

		if (quote == NULL)
			return false;
		part = (size_t)(quote - rest.ptr);
		/* never more than what came in */
		if (part != 0)
			memcpy(begin + len, rest.ptr, part);
		len += part;
		rest = slice_skip(rest, part + 1);
		if (rest.len == 0 || rest.ptr[0] != '"')
			break;
		begin[len++] = '"';
		rest = slice_skip(rest, 1);
	}
	row->plain_len += len;
	*field_r = slice_of(begin, len);
	*text = rest;
	return true;
}

static enum csv_result
split(struct csv_row *row, struct slice text, char separator)
{
	row->count = 0;
	row->plain_len = 0;
	for (;;) {
		struct slice field;
		const char *end;

		if (row->count == CSV_FIELDS)
			return CSV_BAD;
		if (text.len != 0 && text.ptr[0] == '"') {
			if (!take_quoted(row, &text, &field))
				return CSV_MORE;
			/* what stands behind the quote is nothing's */
			end = slice_chr(text, separator);
		} else {
			end = slice_chr(text, separator);
			field = end != NULL ? slice_between(text.ptr, end) :
			    text;
		}
		row->fields[row->count++] = field;
		if (end == NULL)
			return CSV_ROW;
		text = slice_skip(text, (size_t)(end + 1 - text.ptr));
	}
}

enum csv_result
csv_row_alone(struct csv_row *row, struct slice line, char separator)
{
	return split(row, line, separator) == CSV_ROW ? CSV_ROW : CSV_BAD;
}

struct slice
csv_row_waiting(const struct csv_row *row, size_t *lines_r)
{
	*lines_r = row->joined_lines;
	return slice_of(row->joined, row->joined_len -
	    (row->joined_len != 0));
}

void
csv_row_drop(struct csv_row *row)
{
	row->joined_len = row->joined_lines = 0;
	row->is_spoilt = false;
}

enum csv_result
csv_row_add(struct csv_row *row, struct slice line, char separator)
{
	enum csv_result result;

	if (row->is_spoilt)
		csv_row_drop(row);
	if (row->joined_len == 0 && slice_chr(line, '"') == NULL)
		return split(row, line, separator);
	if (line.len + 1 > sizeof(row->joined) - row->joined_len ||
	    row->joined_lines == CSV_LINES) {
		row->is_spoilt = true;
		return CSV_BAD;
	}
	if (line.len != 0)
		memcpy(row->joined + row->joined_len, line.ptr, line.len);
	result = split(row, slice_of(row->joined, row->joined_len + line.len),
	    separator);
	if (result == CSV_MORE) {
		row->joined_len += line.len;
		row->joined[row->joined_len++] = '\n';
		row->joined_lines++;
	} else if (result == CSV_BAD && row->joined_lines != 0) {
		row->is_spoilt = true;
	} else {
		csv_row_drop(row);
	}
	return result;
}

void
csv_columns(const struct csv_row *row, const char *const *names,
    size_t count, size_t *columns_r)
{
	for (size_t i = 0; i < count; i++) {
		struct slice name = slice_str(names[i]);

		columns_r[i] = CSV_FIELDS;
		for (size_t j = 0; j < row->count; j++)
			if (slice_eq_nocase(slice_trim(row->fields[j]),
			    name)) {
				columns_r[i] = j;
				break;
			}
	}
}
