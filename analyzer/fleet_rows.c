/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/fleet_rows.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/strbuf.h"

/* More than seconds in half a day, or buckets. */
enum { PAIRS_MAX = 44000 };
/* Times up to the year 2242; ClickHouse ends in 2106. */
#define TIME_MAX ((int64_t)1 << 33)
#define COUNTS_MAX ((uint64_t)1 << 60)

struct fleet_rows {
	size_t columns;
	struct {
		char letter;
		bool is_nullable;
	} column[FLEET_COLUMNS];
	struct fleet_budget *budget;
	enum mx_code (*each)(void *ctx, const struct fleet_value *row,
	    struct mx_err *err);
	void *ctx;
	struct strbuf rest;  /* of a row whose end did not come yet */
	struct strbuf pairs; /* of one row */
};

struct fleet_rows *
fleet_rows_new(const char *layout, struct fleet_budget *budget,
    enum mx_code (*each)(void *ctx, const struct fleet_value *row,
    struct mx_err *err), void *ctx)
{
	struct fleet_rows *rows = mx_calloc(1, sizeof(*rows));

	if (strlen(layout) > FLEET_COLUMNS)
		mx_bug("a layout of too many columns");
	for (const char *at = layout; *at != '\0'; at++) {
		bool is_nullable = *at >= 'A' && *at <= 'Z';

		rows->column[rows->columns].letter =
		    (char)(is_nullable ? *at - 'A' + 'a' : *at);
		rows->column[rows->columns++].is_nullable = is_nullable;
	}
	rows->budget = budget;
	rows->each = each;
	rows->ctx = ctx;
	strbuf_init(&rows->rest, (size_t)2 * LIMIT_FLEET_ROW_BYTES);
	strbuf_init(&rows->pairs, (size_t)FLEET_COLUMNS * PAIRS_MAX * 12);
	return rows;
}

void
fleet_rows_free(struct fleet_rows *rows)
{
	if (rows == NULL)
		return;
	strbuf_release(&rows->rest);
	strbuf_release(&rows->pairs);
	free(rows);
}

static enum mx_code
fail(struct mx_err *err, const char *what)
{
	return mx_fail(err, MX_E_DATA, "the answer cannot be read: %s", what);
}

/* ------------------------------------------------------------------ */
/* One value. Each takes it off *FROM; *is_whole stays true where all of it
 * was there. */

static bool
take_bytes(struct slice *from, size_t len, const char **bytes_r)
{
	if (from->len < len)
		return false;
	*bytes_r = from->ptr;
	*from = slice_skip(*from, len);
	return true;
}

static uint64_t
little_endian(const char *bytes, size_t len)
{
	uint64_t value = 0;

	for (size_t i = len; i-- > 0;)
		value = value << 8 | (unsigned char)bytes[i];
	return value;
}

/* A length is a number of base 128, low part first. */
static enum mx_code
take_length(struct slice *from, size_t max, size_t *len_r, bool *is_whole,
    struct mx_err *err)
{
	size_t value = 0;

	for (unsigned shift = 0; shift < 35; shift += 7) {
		const char *byte;

		if (!take_bytes(from, 1, &byte)) {
			*is_whole = false;
			return MX_OK;
		}
		value |= (size_t)((unsigned char)*byte & 0x7f) << shift;
		if (((unsigned char)*byte & 0x80) != 0)
			continue;
		if (value > max)
			return fail(err, "a value is too long");
		*len_r = value;
		return MX_OK;
	}
	return fail(err, "a length that is none");
}

static enum mx_code
add_count(struct fleet_budget *budget, uint64_t count, struct mx_err *err)
{
	if (count > COUNTS_MAX || budget->counts + count > COUNTS_MAX)
		return fail(err, "counts that cannot be");
	budget->counts += count;
	return MX_OK;
}

static enum mx_code
check_number(struct fleet_rows *rows, const struct fleet_value *value,
    struct mx_err *err)
{
	int64_t number = value->number;

	switch (value->column) {
	case 'u':
		return number >= 0 && number < TIME_MAX ? MX_OK :
		    fail(err, "a time that is none");
	case 'k':
		return number >= 0 && number <= UINT8_MAX ? MX_OK :
		    fail(err, "a kind that is none");
	case 'c':
		return add_count(rows->budget, number < 0 ?
		    0 - (uint64_t)number : (uint64_t)number, err);
	default:
		return MX_OK;
	}
}

static enum mx_code
take_number(struct fleet_rows *rows, struct slice *from,
    struct fleet_value *value, bool *is_whole, struct mx_err *err)
{
	const char *bytes;

	if (!take_bytes(from, 8, &bytes)) {
		*is_whole = false;
		return MX_OK;
	}
	value->number = (int64_t)little_endian(bytes, 8);
	return check_number(rows, value, err);
}

static enum mx_code
take_text(struct slice *from, struct fleet_value *value, bool *is_whole,
    struct mx_err *err)
{
	const char *bytes = NULL;
	size_t len = 0;
	enum mx_code code = take_length(from, LIMIT_FLEET_ROW_BYTES, &len,
	    is_whole, err);

	if (code != MX_OK || !*is_whole)
		return code;
	*is_whole = take_bytes(from, len, &bytes);
	value->text = slice_of(bytes, len);
	return MX_OK;
}

static void
put_number(struct strbuf *out, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		strbuf_add_char(out, (char)(0x80 | (value & 0x7f)));
	strbuf_add_char(out, (char)value);
}

/* As store_pack.c writes them. */
static enum mx_code
pack_pairs(struct fleet_rows *rows, const char *values, size_t width,
    const char *counts, size_t count, struct mx_err *err)
{
	uint64_t before = 0;
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < count && code == MX_OK; i++) {
		uint64_t value = little_endian(values + i * width, width);
		uint64_t times = little_endian(counts + i * 8, 8);

		if ((i != 0 && value <= before) || times == 0 ||
		    times > UINT32_MAX)
			return fail(err, "values out of order");
		code = add_count(rows->budget, times, err);
		put_number(&rows->pairs, (value - before) << 1 | (times != 1));
		if (times != 1)
			put_number(&rows->pairs, times);
		before = value;
	}
	return code;
}

/* The text is an offset until the row is whole, as the buffer may move. */
static enum mx_code
take_pairs(struct fleet_rows *rows, struct slice *from,
    struct fleet_value *value, bool *is_whole, struct mx_err *err)
{
	size_t width = value->column == 'y' ? 1 : 2;
	size_t count = 0, again = 0, before = rows->pairs.len;
	const char *values = NULL, *counts = NULL;
	enum mx_code code = take_length(from, PAIRS_MAX, &count, is_whole,
	    err);

	if (code == MX_OK && *is_whole)
		*is_whole = take_bytes(from, count * width, &values);
	if (code == MX_OK && *is_whole)
		code = take_length(from, PAIRS_MAX, &again, is_whole, err);
	if (code == MX_OK && *is_whole)
		*is_whole = take_bytes(from, again * 8, &counts);
	if (code != MX_OK || !*is_whole)
		return code;
	if (count != again)
		return fail(err, "lists of different length");
	code = pack_pairs(rows, values, width, counts, count, err);
	value->number = (int64_t)before;
	value->text = slice_of("", rows->pairs.len - before);
	return code;
}

static enum mx_code
take_value(struct fleet_rows *rows, struct slice *from,
    struct fleet_value *value, bool *is_whole, struct mx_err *err)
{
	switch (value->column) {
	case 'n':
	case 'u':
	case 'k':
	case 'c':
	case 'o':
	case 'r':
		return take_number(rows, from, value, is_whole, err);
	case 'y':
	case 'm':
		return take_pairs(rows, from, value, is_whole, err);
	default:
		return take_text(from, value, is_whole, err);
	}
}

/* ------------------------------------------------------------------ */
/* Rows */

static enum mx_code
take_null(struct slice *from, struct fleet_value *value, bool *is_whole,
    struct mx_err *err)
{
	const char *flag;

	if (!take_bytes(from, 1, &flag)) {
		*is_whole = false;
		return MX_OK;
	}
	if ((unsigned char)*flag > 1)
		return fail(err, "a flag that is none");
	value->is_null = *flag != 0;
	return MX_OK;
}

static void
place_pairs(const struct fleet_rows *rows, struct fleet_value *row)
{
	for (size_t i = 0; i < rows->columns; i++)
		if (row[i].column == 'y' || row[i].column == 'm')
			row[i].text.ptr = rows->pairs.ptr + row[i].number;
}

/* One row off *FROM; where it is not whole, *FROM stays. */
static enum mx_code
take_row(struct fleet_rows *rows, struct slice *from, bool *is_whole,
    struct mx_err *err)
{
	struct fleet_value row[FLEET_COLUMNS];
	struct slice left = *from;
	uint64_t counts = rows->budget->counts;
	enum mx_code code = MX_OK;

	strbuf_reset(&rows->pairs);
	for (size_t i = 0; i < rows->columns && *is_whole && code == MX_OK;
	    i++) {
		row[i] = (struct fleet_value){
			.column = rows->column[i].letter };
		if (rows->column[i].is_nullable)
			code = take_null(&left, &row[i], is_whole, err);
		if (code == MX_OK && *is_whole && !row[i].is_null)
			code = take_value(rows, &left, &row[i], is_whole,
			    err);
	}
	if (code != MX_OK || !*is_whole) {
		rows->budget->counts = counts;
		return code;
	}
	if (++rows->budget->rows > LIMIT_FLEET_ROWS)
		return mx_fail(err, MX_E_LIMIT, "more than %llu rows are "
		    "needed: ask for a shorter time, or one provider",
		    (unsigned long long)LIMIT_FLEET_ROWS);
	place_pairs(rows, row);
	*from = left;
	return rows->each(rows->ctx, row, err);
}

/* What stands in BYTES, up to a row that is not whole, which stays. */
static enum mx_code
take_rows(struct fleet_rows *rows, struct slice *bytes, struct mx_err *err)
{
	bool is_whole = true;
	enum mx_code code = MX_OK;

	while (bytes->len != 0 && is_whole && code == MX_OK)
		code = take_row(rows, bytes, &is_whole, err);
	return code;
}

enum mx_code
fleet_rows_take(void *ctx, struct slice bytes, struct mx_err *err)
{
	struct fleet_rows *rows = ctx;
	struct slice left = bytes;
	enum mx_code code;

	rows->budget->bytes += bytes.len;
	if (rows->budget->bytes > LIMIT_FLEET_BYTES)
		return mx_fail(err, MX_E_LIMIT, "more than %llu GiB are "
		    "needed: ask for a shorter time, or one provider",
		    (unsigned long long)(LIMIT_FLEET_BYTES >> 30));
	if (rows->rest.len != 0) {
		strbuf_add_slice(&rows->rest, bytes);
		left = strbuf_slice(&rows->rest);
	}
	if (rows->rest.is_cut)
		return fail(err, "a row is too long");
	code = take_rows(rows, &left, err);
	if (code != MX_OK)
		return code;
	if (left.len > LIMIT_FLEET_ROW_BYTES)
		return fail(err, "a row is too long");
	if (rows->rest.len != 0) {
		memmove(rows->rest.ptr, left.ptr, left.len);
		strbuf_truncate(&rows->rest, left.len);
	} else {
		strbuf_add_slice(&rows->rest, left);
	}
	return MX_OK;
}

enum mx_code
fleet_rows_end(const struct fleet_rows *rows, struct mx_err *err)
{
	return rows->rest.len == 0 ? MX_OK :
	    fail(err, "it ends within a row");
}
