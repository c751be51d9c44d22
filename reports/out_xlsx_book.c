/* SPDX-License-Identifier: BSD-2-Clause */
/* The workbook's formats and its cell writers. All text of strangers passes
 * xlsx_text(); the first failure of the library is remembered. */
#include "reports/out_xlsx.h"

#include "base/say.h"
#include "base/zone.h"
#include "reports/format_value.h"

enum { NOTE_BYTES = 300 };

/* Pale enough for black letters, and apart from each other in greyscale. */
enum color {
	COLOR_HEADER = 0xDCE3EA,
	COLOR_GOOD = 0xE3F1E5,
	COLOR_WARN = 0xFFE9A8,
	COLOR_BAD = 0xF2A7A0,
	COLOR_TILE = 0xF1F4F7,
	COLOR_LINE = 0xB8C2CC,
	COLOR_QUIET = 0x5F6B76
};

void
xlsx_check(const struct xlsx_sheet *sheet, lxw_error error)
{
	if (error == LXW_NO_ERROR || sheet->book->error != LXW_NO_ERROR)
		return;
	sheet->book->error = error;
	sheet->book->place = sheet->name;
}

char *
xlsx_keep(struct xlsx_book *book, const char *text)
{
	return arena_strndup(&book->arena, text, strlen(text));
}

void
xlsx_note(struct xlsx_book *book, const char *fmt, ...)
{
	char text[NOTE_BYTES];
	va_list args;

	va_start(args, fmt);
	if (vsnprintf(text, sizeof(text), fmt, args) < 0)
		text[0] = '\0';
	va_end(args);
	if (book->note_count < XLSX_NOTES_MAX)
		book->notes[book->note_count++] =
		    arena_slice(&book->arena, slice_str(text));
}

struct xlsx_sheet
xlsx_sheet(struct xlsx_book *book, const char *name)
{
	struct xlsx_sheet sheet = { .book = book, .name = name };

	sheet.sheet = workbook_add_worksheet(book->workbook, name);
	if (sheet.sheet == NULL)
		mx_oom();
	return sheet;
}

/* ---- formats ---- */

static lxw_format *
add_format(struct xlsx_book *book, enum xlsx_format which,
    const char *num_format)
{
	lxw_format *format = workbook_add_format(book->workbook);

	if (format == NULL)
		mx_oom();
	format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
	if (num_format != NULL)
		format_set_num_format(format, num_format);
	book->formats[which] = format;
	return format;
}

static void
add_filled(struct xlsx_book *book, enum xlsx_format which,
    const char *num_format, enum color color)
{
	lxw_format *format = add_format(book, which, num_format);

	format_set_bg_color(format, (lxw_color_t)color);
	format_set_align(format, LXW_ALIGN_CENTER);
	format_set_border(format, LXW_BORDER_HAIR);
	format_set_border_color(format, COLOR_LINE);
}

static void
add_tile(struct xlsx_book *book, enum xlsx_format which,
    const char *num_format, double size, bool is_bold)
{
	lxw_format *format = add_format(book, which, num_format);

	format_set_bg_color(format, COLOR_TILE);
	format_set_align(format, LXW_ALIGN_CENTER);
	format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
	format_set_font_size(format, size);
	format_set_left(format, LXW_BORDER_THICK);
	format_set_left_color(format, LXW_COLOR_WHITE);
	format_set_right(format, LXW_BORDER_THICK);
	format_set_right_color(format, LXW_COLOR_WHITE);
	if (is_bold)
		format_set_bold(format);
	else
		format_set_font_color(format, COLOR_QUIET);
}

static void
add_tiles(struct xlsx_book *book)
{
	add_tile(book, FORMAT_TILE_LABEL, NULL, 10, false);
	add_tile(book, FORMAT_TILE_INT, "#,##0", 20, true);
	add_tile(book, FORMAT_TILE_PERCENT, "0.0%", 20, true);
	add_tile(book, FORMAT_TILE_BEFORE_INT, "\"before: \"#,##0", 9, false);
	add_tile(book, FORMAT_TILE_BEFORE_PERCENT, "\"before: \"0.0%", 9,
	    false);
	add_tile(book, FORMAT_TILE_ARROW, NULL, 10, false);
}

/* Letters say what the colours say. A blocked cell's number is its share. */
static void
add_heat(struct xlsx_book *book)
{
	lxw_format *format;

	add_filled(book, FORMAT_HEAT_FINE, NULL, COLOR_GOOD);
	add_filled(book, FORMAT_HEAT_DEFERRING, NULL, COLOR_WARN);
	add_filled(book, FORMAT_HEAT_BLOCKED, "\"x \"0%", COLOR_BAD);
	add_filled(book, FORMAT_HEAT_BLOCKED_FEW, "\"x\"", COLOR_BAD);
	format = add_format(book, FORMAT_HEAT_NO_LOG, NULL);
	format_set_pattern(format, LXW_PATTERN_LIGHT_UP);
	format_set_fg_color(format, COLOR_LINE);
	format_set_bg_color(format, LXW_COLOR_WHITE);
}

static lxw_format *
add_header(struct xlsx_book *book, enum xlsx_format which,
    const char *num_format)
{
	lxw_format *format = add_format(book, which, num_format);

	format_set_bold(format);
	format_set_text_wrap(format);
	format_set_bg_color(format, COLOR_HEADER);
	format_set_bottom(format, LXW_BORDER_THIN);
	return format;
}

static void
add_headers(struct xlsx_book *book)
{
	format_set_indent(add_header(book, FORMAT_HEADER, NULL), 1);
	format_set_align(add_header(book, FORMAT_HEADER_NUMBER, NULL),
	    LXW_ALIGN_RIGHT);
	format_set_align(add_header(book, FORMAT_HEADER_DAY, "mm-dd"),
	    LXW_ALIGN_CENTER);
}

/* Text begins a little off the number on its left; dates are read like
 * text. */
static void
add_texts(struct xlsx_book *book)
{
	static const struct {
		enum xlsx_format which;
		const char *num_format;
	} left[] = { { FORMAT_TEXT, NULL }, { FORMAT_WRAP, NULL },
		{ FORMAT_DATE, "yyyy-mm-dd" },
		{ FORMAT_TIME, "yyyy-mm-dd hh:mm" } };

	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
		lxw_format *format =
		    add_format(book, left[i].which, left[i].num_format);

		format_set_align(format, LXW_ALIGN_LEFT);
		format_set_indent(format, 1);
	}
	format_set_text_wrap(book->formats[FORMAT_WRAP]);
}

static void
add_titles(struct xlsx_book *book)
{
	lxw_format *format = add_format(book, FORMAT_TITLE, NULL);

	format_set_bold(format);
	format_set_font_size(format, 16);
	format = add_format(book, FORMAT_SUBTITLE, NULL);
	format_set_font_color(format, COLOR_QUIET);
	format = add_format(book, FORMAT_VERDICT, NULL);
	format_set_bold(format);
	format_set_font_size(format, 12);
	format = add_format(book, FORMAT_NOTE, NULL);
	format_set_italic(format);
	format_set_indent(format, 1);
	format_set_font_color(format, COLOR_QUIET);
}

void
xlsx_formats(struct xlsx_book *book)
{
	lxw_format *format;

	add_titles(book);
	add_headers(book);
	add_texts(book);
	(void)add_format(book, FORMAT_INT, "#,##0");
	(void)add_format(book, FORMAT_SECONDS, "#,##0.0");
	(void)add_format(book, FORMAT_HOURS, "#,##0.0");
	(void)add_format(book, FORMAT_PERCENT, "0.0%");
	format = add_format(book, FORMAT_FREE, NULL);
	format_set_unlocked(format);
	format_set_text_wrap(format);
	add_tiles(book);
	add_heat(book);
	format = workbook_add_format(book->workbook);
	format_set_bg_color(format, COLOR_BAD);
	book->formats[FORMAT_MARK_BAD] = format;
	format = workbook_add_format(book->workbook);
	format_set_bg_color(format, COLOR_WARN);
	book->formats[FORMAT_MARK_WARN] = format;
}

/* ---- text ---- */

/* "_x0041_" in a cell means "A" to Excel (ECMA-376 part 1, 22.4.2.4); the
 * library leaves such text alone. */
static bool
is_escape(struct slice text)
{
	static const char hex[] = "0123456789abcdefABCDEF";

	if (text.len < 7 || text.ptr[0] != '_' ||
	    (text.ptr[1] != 'x' && text.ptr[1] != 'X') || text.ptr[6] != '_')
		return false;
	for (size_t i = 2; i < 6; i++)
		if (text.ptr[i] == '\0' || strchr(hex, text.ptr[i]) == NULL)
			return false;
	return true;
}

static bool
is_plain(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] < 0x20 || text.ptr[i] > 0x7e ||
		    text.ptr[i] == '_')
			return false;
	return text.len <= XLSX_TEXT_MAX;
}

/* One character, or one byte that is none, made harmless. */
static size_t
add_character(struct strbuf *out, struct slice text)
{
	uint32_t code = 0;
	size_t len = utf8_sequence(text, &code);

	/* XML 1.0 section 2.2 has no such characters */
	if (code == 0xfffe || code == 0xffff) {
		strbuf_addf(out, "\\u%04x", (unsigned)code);
		return len;
	}
	if (is_escape(text))
		strbuf_add_str(out, "_x005F");
	len = len != 0 ? len : 1;
	scrub_text(out, slice_of(text.ptr, len), false);
	return len;
}

/* UTF-16 units of what an UTF-8 character of LEN bytes becomes. */
static size_t
units_of(struct slice added)
{
	size_t units = 0;

	for (size_t i = 0; i < added.len; i++) {
		unsigned char c = (unsigned char)added.ptr[i];

		if ((c & 0xc0) != 0x80)
			units += c >= 0xf0 ? 2 : 1;
	}
	return units;
}

static void
make_harmless(struct xlsx_book *book, struct slice text)
{
	static const size_t room_for_note = 48;
	size_t all = text.len, units = 0, safe = 0;
	struct strbuf *out = &book->scratch;

	while (text.len > 0) {
		size_t before = out->len;
		size_t len = add_character(out, text);

		units += units_of(slice_of(out->ptr + before,
		    out->len - before));
		if (units <= XLSX_TEXT_MAX - room_for_note)
			safe = out->len;
		if (units > XLSX_TEXT_MAX)
			break;
		text = slice_skip(text, len);
	}
	if (text.len == 0)
		return;
	strbuf_truncate(out, safe);
	strbuf_addf(out, " [cut; %zu bytes in all]", all);
	book->cut_texts++;
}

void
xlsx_text(const struct xlsx_sheet *sheet, uint32_t row, unsigned col,
    struct slice text, enum xlsx_format format)
{
	struct xlsx_book *book = sheet->book;

	if (slice_is_none(text))
		return;
	strbuf_reset(&book->scratch);
	if (is_plain(text))
		strbuf_add_slice(&book->scratch, text);
	else
		make_harmless(book, text);
	if (book->scratch.len == 0)
		return;
	xlsx_check(sheet, worksheet_write_string(sheet->sheet, row,
	    (lxw_col_t)col, book->scratch.ptr, book->formats[format]));
}

void
xlsx_words(const struct xlsx_sheet *sheet, uint32_t row, unsigned col,
    const char *text, enum xlsx_format format)
{
	xlsx_check(sheet, worksheet_write_string(sheet->sheet, row,
	    (lxw_col_t)col, text, sheet->book->formats[format]));
}

/* ---- numbers and times ---- */

void
xlsx_number(const struct xlsx_sheet *sheet, uint32_t row, unsigned col,
    double number, enum xlsx_format format)
{
	xlsx_check(sheet, worksheet_write_number(sheet->sheet, row,
	    (lxw_col_t)col, number, sheet->book->formats[format]));
}

void
xlsx_blank(const struct xlsx_sheet *sheet, uint32_t row, unsigned col,
    enum xlsx_format format)
{
	xlsx_check(sheet, worksheet_write_blank(sheet->sheet, row,
	    (lxw_col_t)col, sheet->book->formats[format]));
}

static void
write_datetime(const struct xlsx_sheet *sheet, uint32_t row, unsigned col,
    const struct civil *at, enum xlsx_format format)
{
	lxw_datetime moment = { .year = at->year, .month = at->month,
		.day = at->day, .hour = at->hour, .min = at->minute,
		.sec = at->second };

	xlsx_check(sheet, worksheet_write_datetime(sheet->sheet, row,
	    (lxw_col_t)col, &moment, sheet->book->formats[format]));
}

void
xlsx_day(const struct xlsx_sheet *sheet, uint32_t row, unsigned col,
    const char *day, enum xlsx_format format)
{
	struct slice text = slice_str(day);
	uint64_t year, month, dom;
	struct civil at = { 0 };

	if (text.len != 10 || slice_number(text, 9999, &year) != 4 ||
	    slice_number(slice_skip(text, 5), 12, &month) != 2 ||
	    slice_number(slice_skip(text, 8), 31, &dom) != 2) {
		xlsx_text(sheet, row, col, text, FORMAT_TEXT);
		return;
	}
	at.year = (int32_t)year;
	at.month = (uint8_t)month;
	at.day = (uint8_t)dom;
	write_datetime(sheet, row, col, &at, format);
}

void
xlsx_time(const struct xlsx_sheet *sheet, uint32_t row, unsigned col,
    int64_t utc, enum xlsx_format format)
{
	const struct zone *zone = sheet->book->report->zone;
	struct civil at;

	if (utc == TIME_NONE)
		return;
	at = civil_from_seconds(utc +
	    (zone != NULL ? zone_offset(zone, utc, NULL) : 0));
	write_datetime(sheet, row, col, &at, format);
}

void
xlsx_formula(const struct xlsx_sheet *sheet, uint32_t row, unsigned col,
    const char *formula, double value, enum xlsx_format format)
{
	xlsx_check(sheet, worksheet_write_formula_num(sheet->sheet, row,
	    (lxw_col_t)col, formula, sheet->book->formats[format], value));
}

void
xlsx_formula_words(const struct xlsx_sheet *sheet, uint32_t row, unsigned col,
    const char *formula, const char *value, enum xlsx_format format)
{
	xlsx_check(sheet, worksheet_write_formula_str(sheet->sheet, row,
	    (lxw_col_t)col, formula, sheet->book->formats[format], value));
}

void
xlsx_width(const struct xlsx_sheet *sheet, unsigned first, unsigned last,
    double width)
{
	xlsx_check(sheet, worksheet_set_column(sheet->sheet,
	    (lxw_col_t)first, (lxw_col_t)last, width, NULL));
}

size_t
xlsx_lines(struct slice text, double width)
{
	/* a blank that does not fit takes the word after it along */
	size_t columns = width > 8 ? (size_t)(width * 0.9) : 8;

	return (format_width(text) + columns - 1) / columns;
}

void
xlsx_height(const struct xlsx_sheet *sheet, uint32_t row, size_t lines)
{
	enum { LINE_POINTS = 15, MAX_LINES = 27 }; /* Excel: 409 points */

	if (lines > MAX_LINES)
		lines = MAX_LINES;
	if (lines > 1)
		xlsx_check(sheet, worksheet_set_row(sheet->sheet, row,
		    (double)(lines * LINE_POINTS), NULL));
}

void
xlsx_page(const struct xlsx_sheet *sheet, uint32_t header_row)
{
	enum { PAPER_A4 = 9 };

	worksheet_set_landscape(sheet->sheet);
	worksheet_set_paper(sheet->sheet, PAPER_A4);
	worksheet_fit_to_pages(sheet->sheet, 1, 0);
	worksheet_set_margins(sheet->sheet, 0.4, 0.4, 0.6, 0.6);
	xlsx_check(sheet, worksheet_repeat_rows(sheet->sheet, header_row,
	    header_row));
	xlsx_check(sheet, worksheet_set_footer(sheet->sheet,
	    "&L&8mxtrend&C&8&A&R&8&P / &N"));
}
