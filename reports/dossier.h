/* SPDX-License-Identifier: BSD-2-Clause */
/* A letter with tables, once as data: headings, paragraphs, quotes, tables.
 * Written as text, or as a workbook with the letter in front and each table
 * in full on a sheet of its own. Texts are in the letter's arena. */
#ifndef MX_REPORTS_DOSSIER_H
#define MX_REPORTS_DOSSIER_H

#include <stdio.h>

#include "base/strbuf.h"
#include "reports/output.h"

struct dossier_column {
	const char *title;
	bool is_number;         /* right-aligned */
	unsigned width;         /* characters, in the workbook */
};

enum dossier_cell_kind { DOSSIER_WORDS, DOSSIER_COUNT, DOSSIER_TIME,
	DOSSIER_NOTHING };

struct dossier_cell {
	enum dossier_cell_kind kind;
	struct slice words;
	int64_t number;         /* count, or UTC */
};

enum dossier_item_kind { DOSSIER_HEADING, DOSSIER_TEXT, DOSSIER_QUOTE,
	DOSSIER_TABLE };

struct dossier_item {
	enum dossier_item_kind kind;
	struct slice text;
	/* of a table */
	const char *sheet;      /* name of its own sheet; NULL: none */
	const struct dossier_column *columns;
	size_t column_count, row_count;
	size_t letter_rows;     /* the letter shows the first so many */
	struct dossier_cell *cells;
	size_t cell_count, cell_room;
};

struct dossier_letter {
	struct arena arena;
	struct strbuf line;     /* gathers the next paragraph */
	struct dossier_item *items;
	size_t count, room;
};

void dossier_init(struct dossier_letter *letter);
void dossier_release(struct dossier_letter *letter);

void dossier_heading(struct dossier_letter *letter, const char *text);
/* What gathered in LINE, as a paragraph; nothing where it is empty. */
void dossier_text(struct dossier_letter *letter);
void dossier_quote(struct dossier_letter *letter);
/* COLUMNS must outlive the letter. Cells follow, row by row. */
void dossier_table(struct dossier_letter *letter, const char *sheet,
    const struct dossier_column *columns, size_t column_count,
    size_t letter_rows);
void dossier_words(struct dossier_letter *letter, struct slice words);
void dossier_count(struct dossier_letter *letter, int64_t count);
/* TIME_NONE: an empty cell. */
void dossier_time(struct dossier_letter *letter, int64_t utc);

/* As text of at most 78 columns where words allow it; all of it harmless on a
 * terminal. */
void dossier_print(const struct dossier_letter *letter, bool is_utf8,
    struct strbuf *out);
/* As a workbook; REPORT gives the zone and the moment. out_xlsx_dossier.c */
enum mx_code dossier_workbook(const struct dossier_letter *letter,
    const struct report *report, const struct output_options *options,
    FILE *out, struct mx_err *err) MX_MUST_USE;

#endif
