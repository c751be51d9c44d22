/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by store_push*.c. */
#ifndef MX_ANALYZER_STORE_PUSH_PRIV_H
#define MX_ANALYZER_STORE_PUSH_PRIV_H

#include "analyzer/store_priv.h"
#include "analyzer/store_push.h"

/* Column kinds, small for what is never NULL: i Int64, b UInt8, w UInt32,
 * u UInt64 (the bits of an integer), t DateTime, s String, n a name by its
 * number, r a kind of reply by its number (a hash of what it is); I B T S N the
 * same, Nullable; d a histogram of delays, v moments, each as two arrays. */
struct push_table {
	bool is_hot;         /* added to all the time, by flushes alone */
	const char *name;    /* here and there */
	const char *moment;  /* of a row ROW: its day's seconds; NULL: it has
	                      * no day; "": it has the one of its report */
	const char *kinds;   /* of the columns behind origin and moment */
	const char *columns; /* there, behind origin, day and version */
	const char *sql;     /* origin, moment and columns */
};
extern const struct push_table push_tables[];

/* Days that a Date can say. */
enum { PUSH_DAYS = UINT16_MAX + 1 };

/* store_push_marks.c, inside a transaction: the table of marks and what makes
 * them; everything waits. */
enum mx_code store_push_set_up(struct store *store, struct mx_err *err)
    MX_MUST_USE;
enum mx_code store_push_mark_all(struct store *store, struct mx_err *err)
    MX_MUST_USE;

/* store_push_note.c: the store's own days wait, of PUSH_DAYS those that are not
 * 0. */
enum mx_code store_push_mark(struct store *store, const unsigned char *days,
    struct mx_err *err) MX_MUST_USE;

/* A number of the store's and what it stands for, a few thousand at hand. */
enum { PUSH_KNOWN = 1 << 14 };
struct push_name {
	int64_t id;
	char *text;
	uint32_t len, room;
};
struct push_reply {
	int64_t id;
	uint64_t hash;
};

struct push_run {
	struct store *store;
	struct push_origin *origins;
	size_t origin_count;
	struct push_day *days;
	size_t day_count;
	int64_t number;       /* of the run */
	struct push_name *names;
	struct push_reply *replies;
	/* under way */
	const struct push_table *table;
	sqlite3_stmt *rows;
	size_t next, behind;  /* segments to come */
	struct push_day *day; /* of the last row */
	size_t range_first, range_behind;
	struct strbuf bytes;
	size_t given;
};

#endif
