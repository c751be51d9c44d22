/* SPDX-License-Identifier: BSD-2-Clause */
/* The last sheet: how the report was made and what each number means, so
 * that the workbook can be checked by somebody who has nothing else. */
#include "reports/out_xlsx.h"

#include "reports/format_value.h"
#include "reports/report_view.h"

#define FIELD(key) { KIND_CELL, key, NULL, 0, false }
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { TEXT_BYTES = 64 * 1024, WIDTH_FORMULA = 90, WIDTH_UNIT = 20 };

/* clang-format off */
static const struct xlsx_column coverage_columns[] = {
	FIELD("day"), FIELD("host"), FIELD("state"), FIELD("lines"),
	FIELD("understood"), FIELD("skipped"), FIELD("first"), FIELD("last"),
};
static const struct xlsx_column input_columns[] = {
	FIELD("fingerprint"), FIELD("path"), FIELD("format"), FIELD("lines"),
	FIELD("bytes"), FIELD("first"), FIELD("last"),
};
/* clang-format on */

/* A pair of name and value; returns the next row. */
static uint32_t
put(const struct xlsx_sheet *sheet, uint32_t row, const char *name,
    struct slice value)
{
	if (slice_is_none(value))
		return row;
	xlsx_height(sheet, row, xlsx_lines(value, WIDTH_FORMULA));
	xlsx_words(sheet, row, 0, name, FORMAT_TEXT);
	xlsx_text(sheet, row, 1, value, FORMAT_WRAP);
	return row + 1;
}

static struct slice
window_text(struct strbuf *text, const struct report *report,
    const struct report_window *window)
{
	strbuf_reset(text);
	format_window(text, report->zone, window->since_utc,
	    window->until_utc);
	return strbuf_slice(text);
}

static uint32_t
put_about(const struct xlsx_sheet *sheet, struct strbuf *text)
{
	const struct report *report = sheet->book->report;
	uint32_t row = 0;

	xlsx_height(sheet, row, 2);
	xlsx_words(sheet, row++, 0, "About this report", FORMAT_TITLE);
	strbuf_add_str(text, "mxtrend ");
	strbuf_add_slice(text, report->tool_version);
	row = put(sheet, row, "Made by", strbuf_slice(text));
	row = put(sheet, row, "Rules", report->rules_version);
	row = put(sheet, row, "Command line",
	    sheet->book->options->command_line);
	row = put(sheet, row, "Host", report->host);
	strbuf_reset(text);
	if (report->generated_utc != TIME_NONE) {
		format_full_time(text, report->zone, report->generated_utc);
		row = put(sheet, row, "Made at", strbuf_slice(text));
	}
	row = put(sheet, row, "Time zone of days and times",
	    report->window.timezone);
	row = put(sheet, row, "Window",
	    window_text(text, report, &report->window));
	if (report->has_compare)
		row = put(sheet, row, "Compared with",
		    window_text(text, report, &report->compare));
	return row;
}

/* Named here, drawn from the same table as every other format. */
static uint32_t
put_definitions(const struct xlsx_sheet *sheet, uint32_t row)
{
	static const char *const headers[] = { "Name", "Formula or meaning",
		"Unit" };
	const struct report *report = sheet->book->report;

	xlsx_words(sheet, row++, 0, "Definitions", FORMAT_VERDICT);
	for (unsigned col = 0; col < 3; col++)
		xlsx_words(sheet, row, col, headers[col], FORMAT_HEADER);
	row++;
	for (size_t i = 0; i < report->definition_count; i++, row++) {
		const struct report_definition *one = &report->definitions[i];
		size_t lines = xlsx_lines(one->formula, WIDTH_FORMULA);
		size_t more = xlsx_lines(one->unit, WIDTH_UNIT);

		xlsx_height(sheet, row, lines > more ? lines : more);
		xlsx_text(sheet, row, 0, one->name, FORMAT_TEXT);
		xlsx_text(sheet, row, 1, one->formula, FORMAT_WRAP);
		xlsx_text(sheet, row, 2, one->unit, FORMAT_WRAP);
	}
	return row;
}

static uint32_t
put_skips(const struct xlsx_sheet *sheet, uint32_t row)
{
	const struct report *report = sheet->book->report;

	if (report->skip_count == 0)
		return row;
	xlsx_words(sheet, row + 1, 0, "Lines not understood", FORMAT_VERDICT);
	row += 2;
	for (size_t i = 0; i < report->skip_count; i++, row++) {
		xlsx_text(sheet, row, 0, report->skips[i].reason, FORMAT_TEXT);
		xlsx_number(sheet, row, 3, (double)report->skips[i].lines,
		    FORMAT_INT);
	}
	return row;
}

/* What other sheets had to cut or fold; this sheet is the last. */
static uint32_t
put_notes(const struct xlsx_sheet *sheet, uint32_t row)
{
	struct xlsx_book *book = sheet->book;

	if (book->cut_texts > 0)
		xlsx_note(book, "%zu texts were longer than a cell can hold "
		    "(%u characters) and are cut; each says so.",
		    book->cut_texts, XLSX_TEXT_MAX);
	if (book->note_count == 0)
		return row;
	xlsx_words(sheet, row + 1, 0, "Notes", FORMAT_VERDICT);
	row += 2;
	for (size_t i = 0; i < book->note_count; i++, row++) {
		xlsx_height(sheet, row,
		    xlsx_lines(book->notes[i], WIDTH_FORMULA));
		xlsx_text(sheet, row, 1, book->notes[i], FORMAT_WRAP);
	}
	return row;
}

static void
put_left_out(struct xlsx_book *book)
{
	for (size_t i = 0; i < book->report->left_out_count; i++) {
		strbuf_reset(&book->scratch);
		view_left_out(book->report, &book->report->left_out[i],
		    &book->scratch);
		xlsx_note(book, "Left out: %s.", book->scratch.ptr);
	}
}

static uint32_t
put_table(const struct xlsx_sheet *sheet, const char *title,
    const struct xlsx_layout *layout, uint32_t row)
{
	xlsx_words(sheet, row + 1, 0, title, FORMAT_VERDICT);
	return xlsx_table(sheet, layout, NULL, row + 2);
}

void
xlsx_definitions(struct xlsx_book *book)
{
	static const struct xlsx_layout inputs = { "inputs", "Inputs_",
		input_columns, COUNT(input_columns), false };
	static const struct xlsx_layout coverage = { "coverage", "Coverage_",
		coverage_columns, COUNT(coverage_columns), false };
	struct xlsx_sheet sheet = xlsx_sheet(book, "Definitions");
	struct strbuf text;
	uint32_t row;

	strbuf_init(&text, TEXT_BYTES);
	xlsx_width(&sheet, 0, 0, 28);
	xlsx_width(&sheet, 1, 1, WIDTH_FORMULA);
	xlsx_width(&sheet, 2, 2, WIDTH_UNIT);
	xlsx_width(&sheet, 3, 7, 18);
	row = put_about(&sheet, &text) + 1;
	row = put_definitions(&sheet, row);
	row = put_skips(&sheet, row);
	put_left_out(book);
	row = put_notes(&sheet, row);
	row = put_table(&sheet, "Inputs", &inputs, row);
	(void)put_table(&sheet, "Coverage", &coverage, row);
	xlsx_page(&sheet, 0);
	strbuf_release(&text);
}
