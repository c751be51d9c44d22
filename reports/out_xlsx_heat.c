/* SPDX-License-Identifier: BSD-2-Clause */
/* Providers x days: the sheet that people print. One letter and, for a block,
 * the share of the day's attempts; nothing where no mail was sent, hatched
 * where no log covers the day. */
#include "reports/out_xlsx.h"

#include <stdlib.h>

#include "reports/format_value.h"
#include "reports/report_view.h"

enum heat_column { HEAT_NAME, HEAT_DELIVERIES, HEAT_ACCEPTED, HEAT_BOUNCED,
	HEAT_EXPIRED, HEAT_OPEN, HEAT_DEFERRED, HEAT_BLOCKED, HEAT_RATE,
	HEAT_P50, HEAT_P95, HEAT_CHANGE, HEAT_FIRST_DAY };

struct heat_cell {
	int64_t attempts, blocked;
};

/* Where a provider's row is; sorted by key for the search. */
struct heat_key {
	struct slice provider;
	size_t row;
};

struct heat {
	struct row_view view;
	size_t shown;           /* rows; one more for the others */
	struct report_row other;
	size_t first_day, days; /* the last days of the window */
	struct heat_cell *cells;
	struct heat_key *keys;
};

static int
compare_keys(const void *left, const void *right)
{
	const struct heat_key *a = left, *b = right;

	return slice_cmp(a->provider, b->provider);
}

static int
compare_days(const void *left, const void *right)
{
	const struct report_day *a = left, *b = right;

	return (a->day_utc > b->day_utc) - (a->day_utc < b->day_utc);
}

static size_t
row_of(const struct heat *heat, struct slice provider)
{
	struct heat_key key = { .provider = provider };
	const struct heat_key *hit = bsearch(&key, heat->keys, heat->shown,
	    sizeof(key), compare_keys);

	return hit != NULL ? hit->row : heat->shown;
}

static void
sum_series(struct heat *heat, const struct report *report)
{
	const struct report_window *window = &report->window;

	for (size_t i = 0; i < report->series_count; i++) {
		const struct report_series_row *row = &report->series[i];
		struct report_day key = { .day_utc = row->day_utc };
		const struct report_day *day = bsearch(&key, window->days,
		    window->day_count, sizeof(key), compare_days);
		struct heat_cell *cell;
		size_t at;

		if (day == NULL)
			continue;
		at = (size_t)(day - window->days);
		if (at < heat->first_day)
			continue;
		cell = &heat->cells[row_of(heat, row->provider) * heat->days +
		    at - heat->first_day];
		cell->attempts += row->attempts.accepted +
		    row->attempts.deferred + row->attempts.bounced;
		cell->blocked += row->blocked;
	}
}

static void
prepare(struct heat *heat, struct xlsx_book *book)
{
	const struct report *report = book->report;
	size_t all = report->window.day_count;
	/* header, legend and the row of the others want room too */
	size_t room = book->rows_max > 9 ? book->rows_max - 9 : 0;

	if (room > XLSX_HEAT_ROWS_MAX)
		room = XLSX_HEAT_ROWS_MAX;
	heat->view = view_providers(report, &book->arena);
	heat->shown = heat->view.count < room ? heat->view.count : room;
	view_fold(report, &heat->view, heat->shown, &book->arena,
	    &heat->other);
	heat->days = all < XLSX_HEAT_DAYS_MAX ? all : XLSX_HEAT_DAYS_MAX;
	heat->first_day = all - heat->days;
	heat->cells = mx_calloc((heat->shown + 1) * (heat->days + 1),
	    sizeof(*heat->cells));
	heat->keys = mx_calloc(heat->shown + 1, sizeof(*heat->keys));
	for (size_t i = 0; i < heat->shown; i++)
		heat->keys[i] = (struct heat_key){
			heat->view.rows[i]->provider, i };
	if (heat->shown > 1)
		qsort(heat->keys, heat->shown, sizeof(*heat->keys),
		    compare_keys);
	sum_series(heat, report);
}

static void
write_header(const struct xlsx_sheet *sheet, const struct heat *heat)
{
	static const struct {
		const char *title;
		double width;
	} columns[HEAT_FIRST_DAY] = {
		[HEAT_NAME] = { "Provider", 36 },
		[HEAT_DELIVERIES] = { "Deliveries", 11 },
		[HEAT_ACCEPTED] = { "Accepted", 11 },
		[HEAT_BOUNCED] = { "Bounced", 9 },
		[HEAT_EXPIRED] = { "Expired", 8 },
		[HEAT_OPEN] = { "Open", 7 },
		[HEAT_DEFERRED] = { "Deferred", 9 },
		[HEAT_BLOCKED] = { "Blocked", 9 },
		[HEAT_RATE] = { "Block rate", 8 },
		[HEAT_P50] = { "p50 (s)", 8 },
		[HEAT_P95] = { "p95 (s)", 8 },
		[HEAT_CHANGE] = { "Change", 8 },
	};
	const struct report_day *days = sheet->book->report->window.days;

	xlsx_height(sheet, 0, 2);
	for (unsigned col = 0; col < HEAT_FIRST_DAY; col++) {
		xlsx_width(sheet, col, col, columns[col].width);
		xlsx_words(sheet, 0, col, columns[col].title,
		    col == HEAT_NAME || col == HEAT_CHANGE ?
		    FORMAT_HEADER : FORMAT_HEADER_NUMBER);
	}
	if (heat->days > 0)
		xlsx_width(sheet, HEAT_FIRST_DAY,
		    (unsigned)(HEAT_FIRST_DAY + heat->days - 1), 6.5);
	for (size_t d = 0; d < heat->days; d++)
		xlsx_day(sheet, 0, (unsigned)(HEAT_FIRST_DAY + d),
		    days[heat->first_day + d].day, FORMAT_HEADER_DAY);
}

static void
write_state(const struct xlsx_sheet *sheet, uint32_t row, unsigned col,
    enum report_state state, const struct heat_cell *cell)
{
	double share = cell->attempts > 0 ?
	    (double)cell->blocked / (double)cell->attempts : 1;

	switch (state) {
	case STATE_NO_LOG:
		xlsx_blank(sheet, row, col, FORMAT_HEAT_NO_LOG);
		return;
	case STATE_NO_MAIL:
		return;
	case STATE_FINE:
		xlsx_words(sheet, row, col, ".", FORMAT_HEAT_FINE);
		return;
	case STATE_DEFERRING:
		xlsx_words(sheet, row, col, "d", FORMAT_HEAT_DEFERRING);
		return;
	case STATE_BLOCKED:
		xlsx_number(sheet, row, col, share,
		    cell->attempts < FORMAT_FEW ? FORMAT_HEAT_BLOCKED_FEW :
		    FORMAT_HEAT_BLOCKED);
		return;
	case REPORT_STATES:
		return;
	}
}

static void
write_rate(const struct xlsx_sheet *sheet, uint32_t row,
    const struct report_counts *n)
{
	char formula[64];

	(void)snprintf(formula, sizeof(formula),
	    "=IF(B%u<%d,\"\",H%u/B%u)", row + 1, FORMAT_FEW, row + 1, row + 1);
	if (n->deliveries < FORMAT_FEW)
		xlsx_formula_words(sheet, row, HEAT_RATE, formula, "",
		    FORMAT_PERCENT);
	else
		xlsx_formula(sheet, row, HEAT_RATE, formula,
		    (double)n->blocked / (double)n->deliveries,
		    FORMAT_PERCENT);
}

static void
write_counts(const struct xlsx_sheet *sheet, uint32_t row,
    const struct report_counts *n)
{
	const int64_t counts[] = { [HEAT_DELIVERIES] = n->deliveries,
		[HEAT_ACCEPTED] = n->accepted, [HEAT_BOUNCED] = n->bounced,
		[HEAT_EXPIRED] = n->expired, [HEAT_OPEN] = n->open,
		[HEAT_DEFERRED] = n->deferred, [HEAT_BLOCKED] = n->blocked };

	for (unsigned col = HEAT_DELIVERIES; col <= HEAT_BLOCKED; col++)
		xlsx_number(sheet, row, col, (double)counts[col], FORMAT_INT);
	write_rate(sheet, row, n);
	if (n->p50_s >= 0)
		xlsx_number(sheet, row, HEAT_P50, report_seconds(n->p50_s),
		    FORMAT_SECONDS);
	if (n->p95_s >= 0)
		xlsx_number(sheet, row, HEAT_P95, report_seconds(n->p95_s),
		    FORMAT_SECONDS);
}

static void
write_row(const struct xlsx_sheet *sheet, const struct heat *heat,
    size_t index, const struct report_row *row)
{
	uint32_t line = (uint32_t)index + 1;

	if (row == &heat->other) {
		strbuf_reset(&sheet->book->scratch);
		strbuf_addf(&sheet->book->scratch, "Other (%zu)",
		    heat->view.count - heat->shown);
		xlsx_words(sheet, line, HEAT_NAME, sheet->book->scratch.ptr,
		    FORMAT_TEXT);
	} else {
		xlsx_text(sheet, line, HEAT_NAME, view_provider_name(row),
		    FORMAT_TEXT);
	}
	write_counts(sheet, line, &row->n);
	xlsx_text(sheet, line, HEAT_CHANGE,
	    slice_str(report_change_name(row->change)), FORMAT_TEXT);
	for (size_t d = 0; row->days != NULL && d < heat->days; d++)
		write_state(sheet, line, (unsigned)(HEAT_FIRST_DAY + d),
		    row->days[heat->first_day + d],
		    &heat->cells[index * heat->days + d]);
}

static void
write_legend(const struct xlsx_sheet *sheet, uint32_t row)
{
	static const struct {
		const char *letter, *meaning;
		enum xlsx_format format;
	} legend[] = {
		{ ".", "fine", FORMAT_HEAT_FINE },
		{ "d", "deferring", FORMAT_HEAT_DEFERRING },
		{ "x", "blocked, with the share of the day's attempts where "
		    "there were at least 20; darker is worse",
		    FORMAT_HEAT_BLOCKED },
		{ "", "no mail", FORMAT_TEXT },
		{ "", "no log covers the day", FORMAT_HEAT_NO_LOG },
	};

	for (uint32_t i = 0; i < sizeof(legend) / sizeof(legend[0]); i++) {
		if (legend[i].letter[0] != '\0')
			xlsx_words(sheet, row + i, 0, legend[i].letter,
			    legend[i].format);
		else
			xlsx_blank(sheet, row + i, 0, legend[i].format);
		xlsx_words(sheet, row + i, 1, legend[i].meaning, FORMAT_NOTE);
	}
}

/* Blocked cells are the only numbers of the map: the higher, the darker. */
static void
add_scale(const struct xlsx_sheet *sheet, const struct heat *heat,
    uint32_t last)
{
	lxw_conditional_format scale = {
		.type = LXW_CONDITIONAL_2_COLOR_SCALE,
		.min_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
		.min_value = 0,
		.min_color = 0xFBDDD8,
		.max_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
		.max_value = 1,
		.max_color = 0xE2604F,
	};

	if (heat->days > 0)
		xlsx_check(sheet, worksheet_conditional_format_range(
		    sheet->sheet, 1, HEAT_FIRST_DAY, last,
		    (lxw_col_t)(HEAT_FIRST_DAY + heat->days - 1), &scale));
}

void
xlsx_heat(struct xlsx_book *book)
{
	struct xlsx_sheet sheet = xlsx_sheet(book, "Providers x days");
	size_t rows;
	struct heat heat;

	prepare(&heat, book);
	rows = heat.shown + (heat.shown < heat.view.count ? 1 : 0);
	write_header(&sheet, &heat);
	for (size_t i = 0; i < rows; i++)
		write_row(&sheet, &heat, i, i < heat.shown ?
		    heat.view.rows[i] : &heat.other);
	if (rows > 0) {
		xlsx_check(&sheet, worksheet_autofilter(sheet.sheet, 0, 0,
		    (uint32_t)rows, (lxw_col_t)(HEAT_FIRST_DAY - 1)));
		add_scale(&sheet, &heat, (uint32_t)rows);
	}
	write_legend(&sheet, (uint32_t)rows + 2);
	worksheet_freeze_panes(sheet.sheet, 1, 1);
	xlsx_check(&sheet, worksheet_repeat_columns(sheet.sheet, 0, 0));
	xlsx_page(&sheet, 0);
	if (heat.shown < heat.view.count)
		xlsx_note(book, "Sheet Providers x days: the worst %zu of %zu "
		    "providers, the others in one row.", heat.shown,
		    heat.view.count);
	if (heat.first_day > 0)
		xlsx_note(book, "Sheet Providers x days: the last %zu of %zu "
		    "days.", heat.days, book->report->window.day_count);
	free(heat.cells);
	free(heat.keys);
}
