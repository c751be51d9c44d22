/* SPDX-License-Identifier: BSD-2-Clause */
#include "reports/dossier.h"

#include <stdlib.h>

#include "base/say.h"
#include "base/zone.h"
#include "reports/format_value.h"

enum { LINE_MAX_BYTES = 1024 * 1024, WIDTH = 78, TEXT_INDENT = 2,
	QUOTE_INDENT = 6, COLUMNS_MAX = 8, CELL_WIDTH_MAX = 60,
	LEAST_ROOM = 24 };

void
dossier_init(struct dossier_letter *letter)
{
	memset(letter, 0, sizeof(*letter));
	arena_init(&letter->arena);
	strbuf_init(&letter->line, LINE_MAX_BYTES);
}

void
dossier_release(struct dossier_letter *letter)
{
	for (size_t i = 0; i < letter->count; i++)
		free(letter->items[i].cells);
	free(letter->items);
	strbuf_release(&letter->line);
	arena_release(&letter->arena);
}

/* ------------------------------------------------------------------ */
/* Gathering */

static struct dossier_item *
add_item(struct dossier_letter *letter, enum dossier_item_kind kind)
{
	struct dossier_item *item;

	if (letter->count == letter->room) {
		letter->room = letter->room != 0 ? letter->room * 2 : 32;
		letter->items = mx_realloc(letter->items,
		    letter->room * sizeof(*letter->items));
	}
	item = &letter->items[letter->count++];
	memset(item, 0, sizeof(*item));
	item->kind = kind;
	return item;
}

void
dossier_heading(struct dossier_letter *letter, const char *text)
{
	struct dossier_item *item = add_item(letter, DOSSIER_HEADING);

	item->text = arena_slice(&letter->arena, slice_str(text));
}

static void
add_line(struct dossier_letter *letter, enum dossier_item_kind kind)
{
	struct dossier_item *item;

	if (letter->line.len == 0)
		return;
	item = add_item(letter, kind);
	item->text = arena_slice(&letter->arena, strbuf_slice(&letter->line));
	strbuf_reset(&letter->line);
}

void
dossier_text(struct dossier_letter *letter)
{
	add_line(letter, DOSSIER_TEXT);
}

void
dossier_quote(struct dossier_letter *letter)
{
	add_line(letter, DOSSIER_QUOTE);
}

void
dossier_table(struct dossier_letter *letter, const char *sheet,
    const struct dossier_column *columns, size_t column_count,
    size_t letter_rows)
{
	struct dossier_item *item = add_item(letter, DOSSIER_TABLE);

	item->sheet = sheet;
	item->columns = columns;
	item->column_count = column_count;
	item->letter_rows = letter_rows;
}

static void
add_cell(struct dossier_letter *letter, const struct dossier_cell *cell)
{
	struct dossier_item *item = &letter->items[letter->count - 1];

	if (item->cell_count == item->cell_room) {
		item->cell_room = item->cell_room != 0 ?
		    item->cell_room * 2 : 64;
		item->cells = mx_realloc(item->cells,
		    item->cell_room * sizeof(*item->cells));
	}
	item->cells[item->cell_count++] = *cell;
	item->row_count = item->cell_count / item->column_count;
}

void
dossier_words(struct dossier_letter *letter, struct slice words)
{
	const struct dossier_cell cell = { .kind = slice_is_none(words) ?
	    DOSSIER_NOTHING : DOSSIER_WORDS,
	    .words = arena_slice(&letter->arena, words) };

	add_cell(letter, &cell);
}

void
dossier_count(struct dossier_letter *letter, int64_t count)
{
	const struct dossier_cell cell = { .kind = DOSSIER_COUNT,
		.number = count };

	add_cell(letter, &cell);
}

void
dossier_time(struct dossier_letter *letter, int64_t utc)
{
	const struct dossier_cell cell = { .kind = utc == TIME_NONE ?
	    DOSSIER_NOTHING : DOSSIER_TIME, .number = utc };

	add_cell(letter, &cell);
}

/* ------------------------------------------------------------------ */
/* As text */

struct printing {
	bool is_ascii;
	struct strbuf *out;
	struct strbuf clean;
};

/* Words from column INDENT on, further lines of them, too. */
static void
print_words(struct strbuf *out, struct slice rest, size_t indent)
{
	size_t column = indent;
	bool is_first = true;

	while (rest.len != 0) {
		const char *space = slice_chr(rest, ' ');
		struct slice word = space == NULL ? rest :
		    slice_between(rest.ptr, space);
		size_t width = format_width(word);

		if (!is_first && column + 1 + width > WIDTH) {
			strbuf_addf(out, "\n%*s", (int)indent, "");
			column = indent;
			is_first = true;
		}
		if (!is_first)
			strbuf_add_char(out, ' ');
		column += (is_first ? 0 : 1) + width;
		is_first = false;
		strbuf_add_slice(out, word);
		rest = slice_skip(rest, word.len + (space != NULL));
	}
}

static void
print_wrapped(struct printing *self, struct slice text, size_t indent)
{
	strbuf_reset(&self->clean);
	scrub_text(&self->clean, text, self->is_ascii);
	if (self->clean.len != 0)
		strbuf_addf(self->out, "%*s", (int)indent, "");
	print_words(self->out, strbuf_slice(&self->clean), indent);
	strbuf_add_char(self->out, '\n');
}

static struct slice
cell_text(struct printing *self, const struct dossier_cell *cell)
{
	char time[21];

	strbuf_reset(&self->clean);
	switch (cell->kind) {
	case DOSSIER_WORDS:
		scrub_text(&self->clean, cell->words, self->is_ascii);
		break;
	case DOSSIER_COUNT:
		strbuf_addf(&self->clean, "%lld", (long long)cell->number);
		break;
	case DOSSIER_TIME:
		rfc3339_utc(cell->number, time);
		strbuf_addf(&self->clean, "%.10s %.5s", time, time + 11);
		break;
	case DOSSIER_NOTHING:
		break;
	}
	return strbuf_slice(&self->clean);
}

static void
print_cell(struct printing *self, const struct dossier_column *column,
    struct slice text, size_t width, bool is_last)
{
	size_t used = format_width(text);
	size_t pad = used < width ? width - used : 0;

	if (column->is_number)
		strbuf_addf(self->out, "%*s", (int)pad, "");
	strbuf_add_slice(self->out, text);
	if (!column->is_number && !is_last)
		strbuf_addf(self->out, "%*s", (int)pad, "");
	if (!is_last)
		strbuf_add_str(self->out, "  ");
}

/* Of the line that ends OUT. */
static void
end_line(struct strbuf *out)
{
	size_t len = out->len;

	while (len > 0 && out->ptr[len - 1] == ' ')
		len--;
	strbuf_truncate(out, len);
	strbuf_add_char(out, '\n');
}

/* Long words in the last column go on below themselves, where there is
 * room. */
static void
print_row(struct printing *self, const struct dossier_item *item,
    const struct dossier_cell *cells, const size_t *widths)
{
	size_t last = item->column_count - 1, column = TEXT_INDENT;

	strbuf_addf(self->out, "%*s", TEXT_INDENT, "");
	for (size_t c = 0; c < last; c++) {
		print_cell(self, &item->columns[c], cell_text(self, &cells[c]),
		    widths[c], false);
		column += widths[c] + 2;
	}
	if (cells[last].kind == DOSSIER_WORDS && column + LEAST_ROOM <= WIDTH)
		print_words(self->out, cell_text(self, &cells[last]), column);
	else
		print_cell(self, &item->columns[last],
		    cell_text(self, &cells[last]), widths[last], true);
	end_line(self->out);
}

static void
print_table(struct printing *self, const struct dossier_item *item)
{
	size_t widths[COLUMNS_MAX] = { 0 };
	size_t shown = item->row_count < item->letter_rows ?
	    item->row_count : item->letter_rows;
	size_t last = item->column_count - 1;

	if (item->row_count != 0 && shown == 0)
		return;
	if (shown == 0) {
		strbuf_addf(self->out, "  %s: none\n", item->columns[0].title);
		return;
	}
	for (size_t c = 0; c <= last; c++) {
		widths[c] = strlen(item->columns[c].title);
		for (size_t r = 0; r < shown; r++) {
			size_t width = format_width(cell_text(self,
			    &item->cells[r * item->column_count + c]));

			if (width > widths[c])
				widths[c] = width < CELL_WIDTH_MAX ? width :
				    CELL_WIDTH_MAX;
		}
	}
	strbuf_add_str(self->out, "  ");
	for (size_t c = 0; c <= last; c++)
		print_cell(self, &item->columns[c],
		    slice_str(item->columns[c].title), widths[c], c == last);
	end_line(self->out);
	for (size_t r = 0; r < shown; r++)
		print_row(self, item, &item->cells[r * item->column_count],
		    widths);
	if (shown < item->row_count)
		strbuf_addf(self->out, item->sheet != NULL ?
		    "  and %zu more, all of them in the workbook\n" :
		    "  and %zu more\n", item->row_count - shown);
}

void
dossier_print(const struct dossier_letter *letter, bool is_utf8,
    struct strbuf *out)
{
	struct printing self = { .is_ascii = !is_utf8, .out = out };

	strbuf_init(&self.clean, (size_t)8 * LINE_MAX_BYTES);
	for (size_t i = 0; i < letter->count; i++) {
		const struct dossier_item *item = &letter->items[i];

		switch (item->kind) {
		case DOSSIER_HEADING:
			if (i != 0)
				strbuf_add_char(out, '\n');
			print_wrapped(&self, item->text, 0);
			break;
		case DOSSIER_TEXT:
			print_wrapped(&self, item->text, TEXT_INDENT);
			break;
		case DOSSIER_QUOTE:
			print_wrapped(&self, item->text, QUOTE_INDENT);
			break;
		case DOSSIER_TABLE:
			print_table(&self, item);
			break;
		}
	}
	strbuf_release(&self.clean);
}
