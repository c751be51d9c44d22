/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of the report document as rows of typed columns, described
 * once: JSON keys, CSV headers and workbook columns all come from here, so
 * that they cannot differ. Knows no format. */
#ifndef MX_REPORTS_REP_TABLES_H
#define MX_REPORTS_REP_TABLES_H

#include "base/strbuf.h"
#include "reports/report.h"

enum cell_type {
	CELL_TEXT,        /* struct slice; absent when SLICE_NONE */
	CELL_INT,         /* int64_t; absent when COUNT_NONE */
	CELL_COUNT,       /* int64_t; absent when negative */
	CELL_SECONDS,     /* double; absent when negative */
	CELL_SHARE,       /* double, 0 to 1; absent when negative */
	CELL_RATE,        /* double, any unit; absent when negative */
	CELL_TIME,        /* int64_t UTC; absent when TIME_NONE */
	CELL_DAY,         /* char[11] "2026-11-20" */
	CELL_FLAG,        /* bool */
	CELL_STATE,       /* enum report_state */
	CELL_CHANGE,      /* enum report_change; absent when CHANGE_NONE */
	CELL_EPISODE,     /* enum episode_state */
	CELL_HEX,         /* uint64_t, 16 hex digits */
	CELL_DAY_STATES,  /* enum report_state *, one a day; lists do not */
	CELL_REASONS      /* fit in a row: JSON gives them as arrays */
};

/* Decimals of CELL_SECONDS in every machine-readable format. */
#define REPORT_SECONDS_DECIMALS 3
/* And of CELL_SHARE and CELL_RATE. */
#define REPORT_SHARE_DECIMALS 4

struct report_column {
	const char *key;  /* path of JSON keys: "attempts.accepted" */
	const char *title; /* for people: "Attempts accepted" */
	enum cell_type type;
	size_t offset;    /* into the row's struct */
};

struct table_rows {
	const void *rows;
	size_t count;
};

struct report_table {
	const char *name;  /* "providers"; also the JSON key */
	const char *title; /* "Providers" */
	const struct report_column *columns;
	size_t column_count;
	size_t row_size;
	struct table_rows (*rows)(const struct report *report);
};

/* One value, read out of a row. */
struct cell {
	enum cell_type type;
	bool is_absent;
	int64_t number;    /* INT, COUNT, TIME, FLAG (0, 1) */
	double real;       /* SECONDS, SHARE, RATE */
	struct slice text; /* TEXT, DAY, STATE, CHANGE, EPISODE: points into
	                    * the row; HEX: into hex */
	char hex[17];
};

/* Ended by NULL. */
extern const struct report_table *const report_tables[];
/* The totals: one row, which is struct report itself. */
extern const struct report_table report_totals_table;

/* NULL when there is none of that name. */
const struct report_table *report_table_by_name(struct slice name);
const void *report_table_row(const struct report_table *table,
    const struct report *report, size_t index);

/* *cell_r keeps no memory of its own; ROW must outlive it. CELL_DAY_STATES
 * and CELL_REASONS come out as text that is absent: take them with the next
 * two functions. */
void report_cell(const struct report_column *column, const void *row,
    struct cell *cell_r);
/* The days of a CELL_DAY_STATES column, NULL when there are none. */
const enum report_state *report_cell_days(const struct report_column *column,
    const void *row);

/* A length of time as every machine-readable format gives it: rounded to
 * REPORT_SECONDS_DECIMALS. Negative (not known) stays as it is. */
double report_seconds(double seconds);

/* The cell as plain text, the same in every locale: integers, seconds with
 * up to three decimals, RFC 3339 times, "true"/"false"; nothing when it is
 * absent. Text comes out as it is. */
void report_cell_text(const struct cell *cell, struct strbuf *out);

/* KEY with '_' for each '.': the header in CSV. */
void report_column_header(const struct report_column *column,
    struct strbuf *out);

/* Whether the column can stand in a flat table. */
static inline bool
report_column_is_flat(const struct report_column *column)
{
	return column->type != CELL_DAY_STATES;
}

/* "ip-block S3140 x23, dnsbl x2": an episode's reasons in one cell. */
void report_reasons_text(const struct report_episode *episode,
    struct strbuf *out);

#endif
