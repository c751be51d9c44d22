/* SPDX-License-Identifier: BSD-2-Clause */
/* Providers and sources in the text report: worst first, what does not fit
 * folded into one row, totals below. */
#include "reports/out_text.h"

#include "reports/format_value.h"

enum { DAYS_SHOWN = 7, DAYS_COLUMN = 10 };

/* What every row table has besides its key and its days. */
static void
count_columns(struct text_table *table, bool has_open)
{
	text_table_column(table, "deliv", true, 0);
	text_table_column(table, "accept", true, 9);
	text_table_column(table, "defer", true, 5);
	text_table_column(table, "refuse", true, 8);
	if (has_open)
		text_table_column(table, "open", true, 6);
	text_table_column(table, "block", true, 10);
	text_table_column(table, "p50", true, 2);
	text_table_column(table, "p95", true, 3);
}

static void
put(struct text_cell **cell, struct slice text, enum tone tone)
{
	(*cell)->text = text;
	(*cell)->tone = tone;
	(*cell)++;
}

static struct slice
delay(struct text_report *text, double seconds)
{
	format_delay(&text->scratch, seconds);
	return text_take(text);
}

static void
put_counts(struct text_report *text, struct text_cell **cell,
    const struct report_counts *n, bool has_open)
{
	put(cell, text_number(text, n->deliveries), TONE_NONE);
	put(cell, text_number(text, n->accepted), TONE_NONE);
	put(cell, text_number(text, n->deferred), TONE_NONE);
	put(cell, text_number(text, n->bounced + n->expired), TONE_NONE);
	if (has_open)
		put(cell, text_number(text, n->open), TONE_NONE);
	put(cell, text_number(text, n->blocked),
	    n->blocked > 0 ? TONE_BAD : TONE_NONE);
	put(cell, delay(text, n->p50_s), TONE_NONE);
	put(cell, delay(text, n->p95_s), TONE_NONE);
}

static struct slice
glyphs(struct text_report *text, const enum report_state *days, size_t count)
{
	size_t all = text->report->window.day_count;

	if (days == NULL)
		return SLICE("");
	for (size_t i = all - count; i < all; i++)
		strbuf_add_char(&text->scratch, report_state_glyph(days[i]));
	return text_take(text);
}

static enum tone
days_tone(const enum report_state *days, size_t all, size_t count)
{
	enum tone tone = TONE_NONE;

	for (size_t i = all - count; days != NULL && i < all; i++) {
		if (days[i] == STATE_BLOCKED)
			return TONE_BAD;
		if (days[i] == STATE_DEFERRING)
			tone = TONE_WARN;
	}
	return tone;
}

static struct slice
days_header(struct text_report *text, size_t count)
{
	if (count < text->report->window.day_count)
		strbuf_addf(&text->scratch, "last %zu d", count);
	else
		strbuf_addf(&text->scratch, "%zu day%s", count,
		    count == 1 ? "" : "s");
	return text_take(text);
}

/* What people say for "too-few". */
static struct slice
change_word(enum report_change change)
{
	if (change == CHANGE_TOO_FEW)
		return SLICE("too few");
	return slice_str(report_change_name(change));
}

static enum tone
change_tone(enum report_change change)
{
	return change == CHANGE_WORSE ? TONE_BAD :
	    change == CHANGE_BETTER ? TONE_GOOD : TONE_NONE;
}

/* One row without its days; those are filled in when it is known how many
 * fit. */
static struct text_cell *
add_row(struct text_report *text, struct text_table *table,
    struct slice name, const struct report_counts *n, bool has_open)
{
	struct text_cell *row = text_table_row(table);
	struct text_cell *cell = row;

	put(&cell, name, TONE_NONE);
	put_counts(text, &cell, n, has_open);
	return cell;
}

static struct slice
other_name(struct text_report *text, size_t count)
{
	strbuf_addf(&text->scratch, "Other (%zu)", count);
	return text_take(text);
}

/* How many of the last days fit beside the rest of the table. */
static size_t
days_that_fit(struct text_report *text, struct text_table *table)
{
	size_t all = text->report->window.day_count;
	size_t used = text_table_width(table);
	size_t room = text->width > used ? text->width - used : 0;
	size_t least = all < DAYS_SHOWN ? all : DAYS_SHOWN;

	return room > all ? all : room < least ? least : room;
}

struct provider_rows {
	struct row_view view;
	size_t shown;
	struct report_row other;
	bool has_open;
};

static void
fill_days(struct text_report *text, struct text_table *table,
    const struct provider_rows *rows, size_t days)
{
	size_t all = text->report->window.day_count;
	size_t at = rows->has_open ? 9 : 8;

	table->columns[at].header = days_header(text, days);
	for (size_t i = 0; i < table->row_count; i++) {
		const struct report_row *row = i < rows->shown ?
		    rows->view.rows[i] : &rows->other;
		struct text_cell *cell =
		    &table->cells[i * table->column_count + at];

		if (i > rows->shown || (i == rows->shown &&
		    rows->shown == rows->view.count))
			break; /* the totals have no days */
		cell->text = glyphs(text, row->days, days);
		cell->tone = days_tone(row->days, all, days);
	}
}

static void
print_legend(struct text_report *text)
{
	static const struct slice lines[] = {
		{ "deliv: one recipient of one message", 35 },
		{ "refuse: bounced or expired", 26 },
		{ "days: . fine", 12 }, { "d deferring", 11 },
		{ "x blocked", 9 }, { "- no mail", 9 }, { "? no log", 8 },
	};
	size_t column = 0;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (column + 2 + lines[i].len > text->width) {
			strbuf_add_char(text->out, '\n');
			column = 0;
		}
		strbuf_add_str(text->out, column > 0 ? "  " : " ");
		strbuf_add_slice(text->out, lines[i]);
		column += lines[i].len + (column > 0 ? 2 : 1);
	}
	strbuf_add_char(text->out, '\n');
}

static void
print_providers(struct text_report *text)
{
	const struct report *report = text->report;
	struct provider_rows rows = { .has_open = report->totals.open > 0 };
	struct text_table table;

	rows.view = view_providers(report, &text->arena);
	rows.shown = rows.view.count > text->top ? text->top :
	    rows.view.count;
	/* one row folded away would take the line that it saves */
	if (rows.view.count == rows.shown + 1)
		rows.shown++;
	view_fold(report, &rows.view, rows.shown, &text->arena, &rows.other);
	text_table_init(&table, &text->arena);
	text_table_column(&table, "PROVIDER", false, 0);
	count_columns(&table, rows.has_open);
	text_table_column(&table, "", false, 7);
	if (report->has_compare)
		text_table_column(&table, "change", false, 4);
	for (size_t i = 0; i < rows.shown; i++) {
		const struct report_row *row = rows.view.rows[i];
		struct text_cell *cell = add_row(text, &table, text_clean(text,
		    view_provider_name(row)), &row->n, rows.has_open);

		if (report->has_compare)
			cell[1] = (struct text_cell){ change_word(row->change),
				change_tone(row->change) };
	}
	if (rows.shown < rows.view.count)
		(void)add_row(text, &table, other_name(text,
		    rows.view.count - rows.shown), &rows.other.n,
		    rows.has_open);
	if (rows.view.count > 1)
		(void)add_row(text, &table, SLICE("All"), &report->totals,
		    rows.has_open);
	fill_days(text, &table, &rows, days_that_fit(text, &table));
	strbuf_add_char(text->out, '\n');
	text_table_print(&table, text->width, text->options->has_color,
	    text->out);
	print_legend(text);
}

/* A source by its address, and by whose it is where there are several. */
static struct slice
source_name(struct text_report *text, const struct report_row *row)
{
	return text_clean(text, view_source_name(row->source, row->source_ip));
}

static void
print_sources(struct text_report *text)
{
	const struct report *report = text->report;
	struct row_view view = view_sources(report, &text->arena);
	size_t shown = view.count > text->top ? text->top : view.count;
	bool has_open = report->totals.open > 0;
	struct report_row other;
	struct text_table table;

	if (view.count == shown + 1)
		shown++;
	text_table_init(&table, &text->arena);
	text_table_column(&table, "SOURCE", false, 0);
	count_columns(&table, has_open);
	text_table_column(&table, "instance", false, 1);
	for (size_t i = 0; i < shown; i++) {
		const struct report_row *row = view.rows[i];
		struct text_cell *cell = add_row(text, &table,
		    source_name(text, row), &row->n, has_open);

		if (!slice_is_none(row->instance))
			cell->text = text_clean(text, row->instance);
	}
	if (shown < view.count) {
		view_fold(report, &view, shown, &text->arena, &other);
		(void)add_row(text, &table,
		    other_name(text, view.count - shown), &other.n, has_open);
	}
	strbuf_add_char(text->out, '\n');
	text_table_print(&table, text->width, text->options->has_color,
	    text->out);
}

void
text_rows(struct text_report *text)
{
	if (text->report->provider_count == 0)
		text_nothing(text, "providers");
	else
		print_providers(text);
	out_buffer_offer(&text->buffer);
	/* with one source it would repeat the totals */
	if (text->report->source_count > 1)
		print_sources(text);
	out_buffer_offer(&text->buffer);
}
