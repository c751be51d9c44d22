/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of numbers as few bytes: sorted by key, keys as the step from the row
 * before, counts that are 0 left away. Knows nothing of what is counted, nor
 * of SQL.
 *
 * A body is the unit of its times in seconds, then its rows. A row is one
 * number, from its low bits up: how many keys are those of the row before
 * (two bits, three where there are more than four keys), then a bit for each
 * field that is there; the first key that differs, as its step; the other
 * keys; the fields. A number is base 128, low part first; counts are zigzag;
 * bytes are their length and themselves. */
#ifndef MX_ANALYZER_PACK_ROWS_H
#define MX_ANALYZER_PACK_ROWS_H

#include "base/strbuf.h"

enum { PACK_KEYS = 6, PACK_FIELDS = 14 };

/* How the fields of rows with the same key become one. */
enum pack_field {
	PACK_SUM,
	PACK_FIRST, PACK_LAST, /* the smallest, the largest; PACK_NONE: none */
	PACK_BYTES             /* by join() of the shape */
};
#define PACK_NONE INT64_MIN

struct pack_shape {
	unsigned keys, fields;
	unsigned times; /* so many of the last keys are times in seconds */
	enum pack_field field[PACK_FIELDS];
	/* What two PACK_BYTES say, in one. */
	void (*join)(struct strbuf *out, struct slice a, struct slice b);
};

struct pack_span {
	uint32_t at, len; /* in the bytes of the list, or of the body */
};

union pack_value {
	int64_t count;
	struct pack_span bytes;
};

struct pack_row {
	int64_t day; /* the user's: rows of several bodies stand in one list */
	uint32_t key[PACK_KEYS];
	union pack_value value[PACK_FIELDS];
};

/* Rows in any order, until they are sorted. */
struct pack_list {
	const struct pack_shape *shape;
	struct pack_row *rows;
	size_t count, room;
	struct strbuf bytes;
};

void pack_list_init(struct pack_list *list, const struct pack_shape *shape);
void pack_list_release(struct pack_list *list);
void pack_list_reset(struct pack_list *list);
/* A row to fill, all counts 0, nothing in PACK_BYTES; valid until the next. */
struct pack_row *pack_list_add(struct pack_list *list, int64_t day);
/* BYTES go into field number FIELD of the row added last. */
void pack_list_bytes(struct pack_list *list, unsigned field,
    struct slice bytes);
/* By day and key. */
void pack_list_sort(struct pack_list *list);
/* The rows from FROM on that are of its day, sorted: as a body. Returns the
 * number of the first row behind them. */
size_t pack_list_write(const struct pack_list *list, size_t from,
    struct strbuf *out);

/* Reading a body, row by row. */
struct pack_reader {
	const struct pack_shape *shape;
	const char *begin, *at, *end; /* of the body */
	uint64_t unit_s;
	struct pack_row row; /* times in seconds */
	unsigned has;        /* bits of the fields that are there */
	unsigned bytes;      /* bits of those that are PACK_BYTES */
	union pack_value empty[PACK_FIELDS];
	unsigned same;       /* so many keys are those of the row before */
	bool is_first, is_damaged;
};
void pack_reader_init(struct pack_reader *reader,
    const struct pack_shape *shape, struct slice body);
/* False at the end, or where the body is damaged. */
bool pack_reader_next(struct pack_reader *reader);
/* The bytes in field number FIELD of the row. */
static inline struct slice
pack_reader_bytes(const struct pack_reader *reader, unsigned field)
{
	struct pack_span span = reader->row.value[field].bytes;

	return slice_of(reader->begin + span.at, span.len);
}
/* Every row of BODY into LIST. False: damaged. */
bool pack_list_read(struct pack_list *list, int64_t day, struct slice body);

#endif
