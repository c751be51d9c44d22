/* SPDX-License-Identifier: BSD-2-Clause */
/* A letter as a workbook: the letter itself, fit for paper, and behind it each
 * table in full. */
#include "reports/dossier.h"
#include "reports/out_xlsx.h"

/* The letter is so many columns wide, the first of them wider: names and
 * moments stand there. A column of a table that is at least LONG_WIDTH wide
 * holds long text. */
enum { LETTER_COLUMNS = 7, FIRST_WIDTH = 24, LETTER_WIDTH = 15,
	LONG_WIDTH = 60 };

static void
letter_text(const struct xlsx_sheet *sheet, uint32_t row, struct slice text,
    enum xlsx_format format)
{
	double width = FIRST_WIDTH + (LETTER_COLUMNS - 1) * LETTER_WIDTH;

	xlsx_height(sheet, row, xlsx_lines(text, width));
	xlsx_check(sheet, worksheet_merge_range(sheet->sheet, row, 0, row,
	    LETTER_COLUMNS - 1, "", sheet->book->formats[format]));
	xlsx_text(sheet, row, 0, text, format);
}

static void
write_cell(const struct xlsx_sheet *sheet, uint32_t row, unsigned col,
    const struct dossier_cell *cell, enum xlsx_format words)
{
	switch (cell->kind) {
	case DOSSIER_WORDS:
		xlsx_text(sheet, row, col, cell->words, words);
		return;
	case DOSSIER_COUNT:
		xlsx_number(sheet, row, col, (double)cell->number, FORMAT_INT);
		return;
	case DOSSIER_TIME:
		xlsx_time(sheet, row, col, cell->number, FORMAT_TIME);
		return;
	case DOSSIER_NOTHING:
		return;
	}
}

static uint32_t
letter_table(const struct xlsx_sheet *sheet, uint32_t row,
    const struct dossier_item *item)
{
	size_t shown = item->row_count < item->letter_rows ?
	    item->row_count : item->letter_rows;

	if (shown == 0 && item->row_count != 0)
		return row;
	for (unsigned c = 0; c < item->column_count; c++)
		xlsx_words(sheet, row, c, item->columns[c].title,
		    item->columns[c].is_number ? FORMAT_HEADER_NUMBER :
		    FORMAT_HEADER);
	row++;
	if (shown == 0)
		xlsx_words(sheet, row++, 0, "none", FORMAT_TEXT);
	for (size_t r = 0; r < shown; r++, row++)
		for (unsigned c = 0; c < item->column_count; c++)
			write_cell(sheet, row, c,
			    &item->cells[r * item->column_count + c],
			    FORMAT_TEXT);
	if (shown < item->row_count && item->sheet != NULL) {
		strbuf_reset(&sheet->book->scratch);
		strbuf_addf(&sheet->book->scratch, "and %zu more on the sheet "
		    "%s", item->row_count - shown, item->sheet);
		xlsx_words(sheet, row++, 0, sheet->book->scratch.ptr,
		    FORMAT_NOTE);
	}
	return row + 1;
}

static void
add_letter(struct xlsx_book *book, const struct dossier_letter *letter)
{
	struct xlsx_sheet sheet = xlsx_sheet(book, "Letter");
	uint32_t row = 0;

	xlsx_width(&sheet, 0, 0, FIRST_WIDTH);
	xlsx_width(&sheet, 1, LETTER_COLUMNS - 1, LETTER_WIDTH);
	for (size_t i = 0; i < letter->count; i++) {
		const struct dossier_item *item = &letter->items[i];

		switch (item->kind) {
		case DOSSIER_HEADING:
			row += i != 0;
			letter_text(&sheet, row++, item->text, i == 0 ?
			    FORMAT_TITLE : FORMAT_SUBTITLE);
			break;
		case DOSSIER_TEXT:
		case DOSSIER_QUOTE:
			letter_text(&sheet, row++, item->text, FORMAT_WRAP);
			break;
		case DOSSIER_TABLE:
			row = letter_table(&sheet, row, item);
			break;
		}
	}
	xlsx_page(&sheet, 0);
	worksheet_set_portrait(sheet.sheet);
	worksheet_gridlines(sheet.sheet, LXW_HIDE_ALL_GRIDLINES);
}

/* A row of ITEM, tall enough for its long text. */
static void
sheet_row(const struct xlsx_sheet *sheet, uint32_t row,
    const struct dossier_item *item, const struct dossier_cell *cells)
{
	size_t lines = 1;

	for (unsigned c = 0; c < item->column_count; c++) {
		unsigned width = item->columns[c].width;

		if (width >= LONG_WIDTH && cells[c].kind == DOSSIER_WORDS &&
		    xlsx_lines(cells[c].words, width) > lines)
			lines = xlsx_lines(cells[c].words, width);
	}
	xlsx_height(sheet, row, lines);
	for (unsigned c = 0; c < item->column_count; c++)
		write_cell(sheet, row, c, &cells[c],
		    item->columns[c].width >= LONG_WIDTH ? FORMAT_WRAP :
		    FORMAT_TEXT);
}

static void
add_table(struct xlsx_book *book, const struct dossier_item *item)
{
	struct xlsx_sheet sheet = xlsx_sheet(book, item->sheet);

	for (unsigned c = 0; c < item->column_count; c++) {
		xlsx_width(&sheet, c, c, item->columns[c].width);
		xlsx_words(&sheet, 0, c, item->columns[c].title,
		    item->columns[c].is_number ? FORMAT_HEADER_NUMBER :
		    FORMAT_HEADER);
	}
	for (size_t r = 0; r < item->row_count && r < XLSX_ROWS_MAX - 1; r++)
		sheet_row(&sheet, (uint32_t)r + 1, item,
		    &item->cells[r * item->column_count]);
	worksheet_freeze_panes(sheet.sheet, 1, 0);
	if (item->row_count != 0)
		xlsx_check(&sheet, worksheet_autofilter(sheet.sheet, 0, 0,
		    (lxw_row_t)(item->row_count < XLSX_ROWS_MAX - 1 ?
		    item->row_count : XLSX_ROWS_MAX - 1),
		    (lxw_col_t)(item->column_count - 1)));
	xlsx_page(&sheet, 0);
}

static void
add_sheets(struct xlsx_book *book)
{
	const struct dossier_letter *letter = book->letter;

	add_letter(book, letter);
	for (size_t i = 0; i < letter->count; i++)
		if (letter->items[i].kind == DOSSIER_TABLE &&
		    letter->items[i].sheet != NULL)
			add_table(book, &letter->items[i]);
}

enum mx_code
dossier_workbook(const struct dossier_letter *letter,
    const struct report *report, const struct output_options *options,
    FILE *out, struct mx_err *err)
{
	struct xlsx_book book = { .report = report, .options = options,
		.letter = letter, .title = "Evidence for a request",
		.rows_max = XLSX_ROWS_MAX, .has_tables = true,
		.add_sheets = add_sheets };

	return xlsx_write(&book, out, err);
}
