/* SPDX-License-Identifier: BSD-2-Clause */
/* Layout of text tables and paragraphs. */
#include "reports/text_table.h"

#include <limits.h>
#include <string.h>

#include "reports/format_value.h"

enum { WIDE_GAP = 2 };

void
text_table_init(struct text_table *table, struct arena *arena)
{
	memset(table, 0, sizeof(*table));
	table->arena = arena;
	table->gap = WIDE_GAP;
}

void
text_table_column(struct text_table *table, const char *header, bool is_right,
    unsigned importance)
{
	if (table->column_count == TEXT_COLUMNS_MAX)
		mx_bug("too many columns");
	table->columns[table->column_count++] = (struct text_column){
		slice_str(header), is_right, importance };
}

struct text_cell *
text_table_row(struct text_table *table)
{
	size_t size = table->column_count * sizeof(*table->cells);
	struct text_cell *row;

	if (table->row_count == table->room) {
		struct text_cell *old = table->cells;

		table->room = table->room > 0 ? 2 * table->room : 16;
		table->cells = arena_alloc(table->arena, table->room * size);
		if (old != NULL)
			memcpy(table->cells, old, table->row_count * size);
	}
	row = table->cells + table->row_count++ * table->column_count;
	memset(row, 0, size);
	return row;
}

static const struct text_cell *
cell_at(const struct text_table *table, size_t row, size_t column)
{
	return &table->cells[row * table->column_count + column];
}

static void
measure(struct text_table *table)
{
	for (size_t c = 0; c < table->column_count; c++) {
		size_t width = format_width(table->columns[c].header);

		for (size_t r = 0; r < table->row_count; r++) {
			size_t have = format_width(cell_at(table, r, c)->text);

			if (have > width)
				width = have;
		}
		table->widths[c] = width;
	}
}

/* All columns but the flexible one, with the gaps before them. */
static size_t
fixed_width(const struct text_table *table)
{
	size_t width = 0;

	for (size_t c = 1; c < table->column_count; c++)
		if (!table->is_hidden[c])
			width += table->widths[c] + table->gap;
	return width;
}

size_t
text_table_width(struct text_table *table)
{
	measure(table);
	return table->widths[0] + fixed_width(table);
}

/* Leave out the least important column that is still there, unless it is
 * more important than MOST. */
static bool
hide_one(struct text_table *table, unsigned most)
{
	size_t victim = 0;

	for (size_t c = 1; c < table->column_count; c++) {
		unsigned importance = table->columns[c].importance;

		if (table->is_hidden[c] || importance == 0 ||
		    importance > most)
			continue;
		if (victim == 0 ||
		    importance <= table->columns[victim].importance)
			victim = c;
	}
	if (victim == 0)
		return false;
	table->is_hidden[victim] = true;
	return true;
}

/* The first column's width, but no more than WISH. */
static size_t
first_width(const struct text_table *table, size_t wish)
{
	return table->widths[0] < wish ? table->widths[0] : wish;
}

static void
fit(struct text_table *table, size_t width)
{
	size_t fixed;

	measure(table);
	if (table->widths[0] + fixed_width(table) > width)
		table->gap = 1;
	while (first_width(table, TEXT_FLEX_GOOD) + fixed_width(table) >
	    width && hide_one(table, 1))
		continue;
	while (first_width(table, TEXT_FLEX_MIN) + fixed_width(table) >
	    width && hide_one(table, UINT_MAX))
		continue;
	fixed = fixed_width(table);
	if (table->widths[0] + fixed > width)
		table->widths[0] = width > fixed +
		    first_width(table, TEXT_FLEX_MIN) ? width - fixed :
		    first_width(table, TEXT_FLEX_MIN);
}

void
text_toned(struct strbuf *out, struct slice text, enum tone tone,
    bool has_color)
{
	static const char *const starts[TONES] = {
		[TONE_NONE] = "",
		[TONE_BAD] = "\033[1;31m",
		[TONE_WARN] = "\033[33m",
		[TONE_GOOD] = "\033[32m",
		[TONE_HEAD] = "\033[1m",
	};

	if (!has_color || tone == TONE_NONE || text.len == 0) {
		strbuf_add_slice(out, text);
		return;
	}
	strbuf_add_str(out, starts[tone]);
	strbuf_add_slice(out, text);
	strbuf_add_str(out, "\033[0m");
}

static void
add_blanks(struct strbuf *out, size_t count)
{
	while (count-- > 0)
		strbuf_add_char(out, ' ');
}

static void
add_cell(struct strbuf *out, const struct text_cell *cell, size_t width,
    bool is_right, bool has_color)
{
	size_t have = format_width(cell->text);
	size_t blanks = have < width ? width - have : 0;

	if (is_right)
		add_blanks(out, blanks);
	text_toned(out, cell->text, cell->tone, has_color);
	if (!is_right)
		add_blanks(out, blanks);
}

static void
drop_trailing_blanks(struct strbuf *out)
{
	size_t len = out->len;

	while (len > 0 && out->ptr[len - 1] == ' ')
		len--;
	strbuf_truncate(out, len);
}

static void
print_row(const struct text_table *table, const struct text_cell *row,
    bool has_color, struct strbuf *out)
{
	size_t first = table->widths[0];

	add_cell(out, &row[0], first, table->columns[0].is_right, has_color);
	if (format_width(row[0].text) > first) {
		strbuf_add_char(out, '\n');
		add_blanks(out, first);
	}
	for (size_t c = 1; c < table->column_count; c++) {
		if (table->is_hidden[c])
			continue;
		add_blanks(out, table->gap);
		add_cell(out, &row[c], table->widths[c],
		    table->columns[c].is_right, has_color);
	}
	drop_trailing_blanks(out);
	strbuf_add_char(out, '\n');
}

void
text_table_print(struct text_table *table, size_t width, bool has_color,
    struct strbuf *out)
{
	struct text_cell header[TEXT_COLUMNS_MAX];

	memset(header, 0, sizeof(header));
	fit(table, width);
	for (size_t c = 0; c < table->column_count; c++)
		header[c] = (struct text_cell){ table->columns[c].header,
			TONE_HEAD };
	print_row(table, header, has_color, out);
	for (size_t r = 0; r < table->row_count; r++)
		print_row(table, cell_at(table, r, 0), has_color, out);
}

/* Bytes of TEXT that take at most COLUMNS columns. */
static size_t
bytes_for(struct slice text, size_t columns)
{
	size_t width = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (((unsigned char)text.ptr[i] & 0xc0) == 0x80)
			continue;
		if (width++ == columns)
			return i;
	}
	return text.len;
}

static void
new_line(struct strbuf *out, size_t indent, size_t *column_r)
{
	strbuf_add_char(out, '\n');
	add_blanks(out, indent);
	*column_r = indent;
}

/* A word that no line can hold. */
static void
add_long_word(struct strbuf *out, struct slice word, size_t indent,
    size_t width, size_t *column_r)
{
	while (word.len > 0) {
		size_t bytes = bytes_for(word, width - *column_r);

		strbuf_add(out, word.ptr, bytes);
		*column_r += format_width(slice_of(word.ptr, bytes));
		word = slice_skip(word, bytes);
		if (word.len > 0)
			new_line(out, indent, column_r);
	}
}

/* A number keeps its percent sign. */
static struct slice
next_word(struct slice *text)
{
	size_t len = 0;
	struct slice word;

	while (text->len > 0 && text->ptr[0] == ' ')
		*text = slice_skip(*text, 1);
	while (len < text->len && (text->ptr[len] != ' ' ||
	    slice_starts(slice_skip(*text, len), SLICE(" %"))))
		len++;
	word = slice_of(text->ptr, len);
	if (len != 0) /* an absent text has no place to go on from */
		*text = slice_skip(*text, len);
	return word;
}

void
text_wrap(struct strbuf *out, struct slice text, size_t indent, size_t width,
    size_t *column_r)
{
	bool is_line_start = true; /* of words; what stands before ends so */
	struct slice word;

	if (width < indent + TEXT_FLEX_MIN)
		width = indent + TEXT_FLEX_MIN;
	while ((word = next_word(&text)).len > 0) {
		size_t columns = format_width(word);
		size_t blank = is_line_start ? 0 : 1;

		if (*column_r + blank + columns > width &&
		    *column_r > indent && columns <= width - indent) {
			new_line(out, indent, column_r);
			blank = 0;
		}
		if (blank > 0 && *column_r < width) {
			strbuf_add_char(out, ' ');
			(*column_r)++;
		}
		is_line_start = false;
		if (*column_r + columns > width) {
			if (*column_r >= width)
				new_line(out, indent, column_r);
			add_long_word(out, word, indent, width, column_r);
			continue;
		}
		strbuf_add_slice(out, word);
		*column_r += columns;
	}
}
