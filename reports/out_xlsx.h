/* SPDX-License-Identifier: BSD-2-Clause */
/* What the sheets of the workbook share: the book with its formats, cell
 * writers that remember the first failure, and tables by layout. Read only by
 * out_xlsx*.c and its test. */
#ifndef MX_REPORTS_OUT_XLSX_H
#define MX_REPORTS_OUT_XLSX_H

#include <xlsxwriter.h>

#include "reports/output.h"
#include "reports/rep_tables.h"

/* Excel's own limits: rows and columns of a sheet, characters (UTF-16 units)
 * of a cell. */
#define XLSX_ROWS_MAX 1048576u
#define XLSX_COLUMNS_MAX 16384u
#define XLSX_TEXT_MAX 32767u
/* Up to so many rows the workbook is built in memory, which Excel's native
 * tables need (some 60 MiB for 50,000 rows); above, row by row with filters
 * instead of tables, in memory that does not grow. */
#define XLSX_TABLE_ROWS_MAX 20000u
/* Rows and days of the heat map, worst and last first; more is unreadable,
 * and the sums for it are held in memory. */
#define XLSX_HEAT_ROWS_MAX 2000u
#define XLSX_HEAT_DAYS_MAX 400u

enum xlsx_format {
	FORMAT_TITLE, FORMAT_SUBTITLE, FORMAT_VERDICT, FORMAT_HEADER,
	FORMAT_HEADER_NUMBER, FORMAT_HEADER_DAY, FORMAT_TEXT, FORMAT_WRAP,
	FORMAT_NOTE, FORMAT_INT, FORMAT_SECONDS, FORMAT_HOURS,
	FORMAT_PERCENT, FORMAT_DATE, FORMAT_TIME, FORMAT_FREE,
	FORMAT_TILE_LABEL, FORMAT_TILE_INT, FORMAT_TILE_PERCENT,
	FORMAT_TILE_BEFORE_INT, FORMAT_TILE_BEFORE_PERCENT, FORMAT_TILE_ARROW,
	FORMAT_HEAT_FINE, FORMAT_HEAT_DEFERRING, FORMAT_HEAT_BLOCKED,
	FORMAT_HEAT_BLOCKED_FEW, FORMAT_HEAT_NO_LOG, FORMAT_MARK_BAD,
	FORMAT_MARK_WARN,
	XLSX_FORMATS
};

enum { XLSX_NOTES_MAX = 32 };

struct xlsx_book {
	lxw_workbook *workbook;
	lxw_format *formats[XLSX_FORMATS];
	const struct report *report;
	const struct output_options *options;
	const struct dossier_letter *letter; /* of a dossier, else NULL */
	const char *title;
	void (*add_sheets)(struct xlsx_book *book);
	struct arena arena;
	struct strbuf scratch;   /* a cell's text on its way */
	bool has_tables;
	size_t rows_max;         /* of a sheet */
	lxw_error error;         /* the first one, else LXW_NO_ERROR */
	const char *place;       /* the sheet where it happened */
	struct slice notes[XLSX_NOTES_MAX]; /* what was cut or folded */
	size_t note_count;
	size_t cut_texts;
};

struct xlsx_sheet {
	struct xlsx_book *book;
	lxw_worksheet *sheet;
	const char *name;
};

/* ---- out_xlsx_book.c ---- */

void xlsx_formats(struct xlsx_book *book);
struct xlsx_sheet xlsx_sheet(struct xlsx_book *book, const char *name);
/* Remember ERROR and where it happened, if it is the first. */
void xlsx_check(const struct xlsx_sheet *sheet, lxw_error error);
/* A copy that lives as long as the book, since the library wants char *. */
char *xlsx_keep(struct xlsx_book *book, const char *text);
void xlsx_note(struct xlsx_book *book, const char *fmt, ...)
    MX_PRINTF(2, 3);

/* TEXT of a stranger: harmless in XML and in Excel, never a formula, cut at
 * XLSX_TEXT_MAX. Absent text writes nothing. */
void xlsx_text(const struct xlsx_sheet *sheet, uint32_t row, unsigned col,
    struct slice text, enum xlsx_format format);
void xlsx_words(const struct xlsx_sheet *sheet, uint32_t row, unsigned col,
    const char *text, enum xlsx_format format);
void xlsx_number(const struct xlsx_sheet *sheet, uint32_t row, unsigned col,
    double number, enum xlsx_format format);
void xlsx_blank(const struct xlsx_sheet *sheet, uint32_t row, unsigned col,
    enum xlsx_format format);
/* A day "2026-11-20" as a real date. */
void xlsx_day(const struct xlsx_sheet *sheet, uint32_t row, unsigned col,
    const char *day, enum xlsx_format format);
/* A moment in the report's zone as a real date and time. */
void xlsx_time(const struct xlsx_sheet *sheet, uint32_t row, unsigned col,
    int64_t utc, enum xlsx_format format);
/* A formula with the value that viewers show that do not calculate. */
void xlsx_formula(const struct xlsx_sheet *sheet, uint32_t row, unsigned col,
    const char *formula, double value, enum xlsx_format format);
void xlsx_formula_words(const struct xlsx_sheet *sheet, uint32_t row,
    unsigned col, const char *formula, const char *value,
    enum xlsx_format format);
void xlsx_width(const struct xlsx_sheet *sheet, unsigned first, unsigned last,
    double width);
/* ROW tall enough for LINES lines; before its cells are written. */
void xlsx_height(const struct xlsx_sheet *sheet, uint32_t row, size_t lines);
/* Lines that TEXT takes in a column of WIDTH. */
size_t xlsx_lines(struct slice text, double width);
/* Landscape, one page wide, the header row on every page. */
void xlsx_page(const struct xlsx_sheet *sheet, uint32_t header_row);

/* ---- out_xlsx_table.c ---- */

enum xlsx_kind {
	KIND_CELL,        /* the column of the document's table */
	KIND_ACCEPT_RATE, /* accepted / finished */
	KIND_DEFER_SHARE, /* deferred / deliveries */
	KIND_BLOCK_RATE,  /* blocked / deliveries */
	KIND_LENGTH,      /* hours from first to last refusal */
	KIND_FREE         /* empty and unlocked, for people to fill in */
};

struct xlsx_column {
	enum xlsx_kind kind;
	const char *key;   /* KIND_CELL: of the document's column */
	const char *title; /* NULL: the document's */
	double width;
	bool wraps;        /* long text: over as many lines as it takes */
};

struct xlsx_layout {
	const char *table;      /* of the document */
	const char *range_name; /* of the Excel table or the named range */
	const struct xlsx_column *columns;
	size_t column_count;
	bool has_keys;          /* headers are the CSV headers */
};

/* Rows of a table in the order in which a sheet shows them. */
struct xlsx_view {
	const void *const *rows;
	size_t count;
};

/* The rows of LAYOUT's table from ROW on, header first; VIEW gives their
 * order, NULL means as in the document. Rows beyond the sheet's limit are
 * summed up in the last one. Returns the row after the last. */
uint32_t xlsx_table(const struct xlsx_sheet *sheet,
    const struct xlsx_layout *layout, const struct xlsx_view *view,
    uint32_t row);
/* The column widths of LAYOUT, before anything else is written. */
void xlsx_widths(const struct xlsx_sheet *sheet,
    const struct xlsx_layout *layout);
struct xlsx_range {
	const char *name;          /* of the table or the named range */
	uint32_t header_row, count; /* rows below the header */
	unsigned columns;          /* from the first on */
	char *const *headers;
	const enum xlsx_format *formats; /* of the headers */
};

/* Excel table or filter over what has been written there. */
void xlsx_filter(const struct xlsx_sheet *sheet,
    const struct xlsx_range *range);

/* ---- the sheets, in the order of the workbook ---- */

void xlsx_summary(struct xlsx_book *book);     /* out_xlsx_summary.c */
void xlsx_trend(struct xlsx_book *book);       /* out_xlsx_trend.c */
void xlsx_heat(struct xlsx_book *book);        /* out_xlsx_heat.c */
void xlsx_episodes(struct xlsx_book *book);    /* out_xlsx_sheets.c */
void xlsx_sources(struct xlsx_book *book);     /* out_xlsx_sheets.c */
void xlsx_domains(struct xlsx_book *book);     /* out_xlsx_sheets.c */
void xlsx_reasons(struct xlsx_book *book);     /* out_xlsx_sheets.c */
void xlsx_replies(struct xlsx_book *book);     /* out_xlsx_sheets.c */
void xlsx_auth(struct xlsx_book *book);        /* out_xlsx_others.c */
void xlsx_data(struct xlsx_book *book);        /* out_xlsx_sheets.c */
void xlsx_definitions(struct xlsx_book *book); /* out_xlsx_about.c */

/* The charts read the Trend sheet, so it says where its columns are. */
#define XLSX_TREND_NAME "Trend"
enum xlsx_trend_column { TREND_DAY, TREND_MESSAGES, TREND_ACCEPTED,
	TREND_DEFERRED, TREND_BOUNCED, TREND_ATTEMPTS, TREND_BLOCKED,
	TREND_ACCEPTED_SHARE, TREND_DEFERRED_SHARE, TREND_BLOCKED_SHARE,
	TREND_REMARK, TREND_COLUMNS };
/* Attempts by outcome as columns, and below it their shares as lines, on
 * SHEET from ROW on; at least WIDTH pixels wide. */
void xlsx_trend_charts(const struct xlsx_sheet *sheet, uint32_t row,
    unsigned col, double width);

/* Tables and charts of reasons and own addresses, from ROW on.
 * out_xlsx_tops.c */
void xlsx_tops(const struct xlsx_sheet *sheet, uint32_t row);

/* The whole workbook, for the renderer and, with a small ROWS_MAX and
 * TABLE_ROWS_MAX, for its test. */
enum mx_code xlsx_render(const struct report *report,
    const struct output_options *options, size_t rows_max,
    size_t table_rows_max, FILE *out, struct mx_err *err);

/* BOOK, with what stands above its arena set, to OUT. */
enum mx_code xlsx_write(struct xlsx_book *book, FILE *out, struct mx_err *err);

#endif
