/* SPDX-License-Identifier: BSD-2-Clause */
/* Columns of text for a screen of given width: measured from their contents,
 * the least important ones left out where they do not fit, never cut. Knows
 * no report. */
#ifndef MX_REPORTS_TEXT_TABLE_H
#define MX_REPORTS_TEXT_TABLE_H

#include "base/arena.h"
#include "base/strbuf.h"

enum { TEXT_COLUMNS_MAX = 16, TEXT_FLEX_MIN = 12, TEXT_FLEX_GOOD = 24 };

enum tone { TONE_NONE, TONE_BAD, TONE_WARN, TONE_GOOD, TONE_HEAD, TONES };

struct text_column {
	struct slice header;
	bool is_right;
	/* The lowest go first; 0 = never left out. Those of importance 1 are
	 * given up for a first column of TEXT_FLEX_GOOD, the others only for
	 * one of TEXT_FLEX_MIN. */
	unsigned importance;
};

struct text_cell {
	struct slice text;
	enum tone tone;
};

struct text_table {
	struct arena *arena;
	struct text_column columns[TEXT_COLUMNS_MAX];
	size_t widths[TEXT_COLUMNS_MAX];
	bool is_hidden[TEXT_COLUMNS_MAX];
	size_t column_count;
	size_t gap;              /* blanks between columns, 2 or 1 */
	struct text_cell *cells; /* row by row */
	size_t row_count, room;
};

/* Column 0 is the flexible one: it takes what the others leave, and a longer
 * text there stands on a line of its own. */
void text_table_init(struct text_table *table, struct arena *arena);
void text_table_column(struct text_table *table, const char *header,
    bool is_right, unsigned importance);
/* A new row, all cells empty; valid until the next call. */
struct text_cell *text_table_row(struct text_table *table);
/* Columns that the table would take as it is, wide gaps included. */
size_t text_table_width(struct text_table *table);
/* Lines of at most WIDTH columns, except for single texts that are longer. */
void text_table_print(struct text_table *table, size_t width, bool has_color,
    struct strbuf *out);

/* TEXT between the escape sequences of TONE, or as it is. */
void text_toned(struct strbuf *out, struct slice text, enum tone tone,
    bool has_color);

/* TEXT broken at blanks into lines of WIDTH columns: the first starts at
 * column *COLUMN_R (already written), the others after INDENT blanks. Words
 * longer than a line are broken where the line ends. *COLUMN_R follows; no
 * newline at the end. TEXT is UTF-8 without control characters. */
void text_wrap(struct strbuf *out, struct slice text, size_t indent,
    size_t width, size_t *column_r);

#endif
