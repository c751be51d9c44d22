/* SPDX-License-Identifier: BSD-2-Clause */
/* The Trend sheet, and the two charts over it: volume as columns, shares as
 * lines, one above the other on the same days, so that a jump on a day with
 * little mail is not misread. (The library knows no second axis.) */
#include "reports/out_xlsx.h"

/* Days that an axis names: more would run into each other. */
enum { FORMULA_BYTES = 96, CHART_COL = TREND_COLUMNS + 1, LABELS = 14,
	/* pixels, and the rows that they cover */
	CHART_HEIGHT = 255, CHART_ROWS = 13 };

/* Apart from each other in greyscale too: light, middle, dark. */
enum { COLOR_ACCEPTED = 0xA8CBE4, COLOR_DEFERRED = 0xE0A030,
	COLOR_BOUNCED = 0x7A1F2B, COLOR_GRID = 0xDDE2E7 };

static const char *const titles[TREND_COLUMNS] = {
	[TREND_DAY] = "Day",
	[TREND_MESSAGES] = "Messages",
	[TREND_ACCEPTED] = "Attempts accepted",
	[TREND_DEFERRED] = "Attempts deferred",
	[TREND_BOUNCED] = "Attempts bounced",
	[TREND_ATTEMPTS] = "Attempts",
	[TREND_BLOCKED] = "Attempts blocked",
	[TREND_ACCEPTED_SHARE] = "Accepted share",
	[TREND_DEFERRED_SHARE] = "Deferred share",
	[TREND_BLOCKED_SHARE] = "Blocked share",
	[TREND_REMARK] = "Remark",
};

static void
write_share(const struct xlsx_sheet *sheet, uint32_t row,
    enum xlsx_trend_column target, enum xlsx_trend_column part,
    int64_t count, int64_t all)
{
	char formula[FORMULA_BYTES];

	(void)snprintf(formula, sizeof(formula), "=%c%u/%c%u",
	    'A' + (int)part, row + 1, 'A' + (int)TREND_ATTEMPTS, row + 1);
	xlsx_formula(sheet, row, (unsigned)target, formula,
	    (double)count / (double)all, FORMAT_PERCENT);
}

static void
write_uncovered(const struct xlsx_sheet *sheet, uint32_t row)
{
	for (unsigned col = TREND_MESSAGES; col < TREND_REMARK; col++)
		xlsx_blank(sheet, row, col, FORMAT_HEAT_NO_LOG);
	xlsx_words(sheet, row, TREND_REMARK, "no log", FORMAT_TEXT);
}

/* Shares stay empty on days without attempts: a formula that gives "" would
 * be drawn as zero. */
static void
write_day(const struct xlsx_sheet *sheet, uint32_t row,
    const struct report_day *day)
{
	const struct report_attempts *n = &day->attempts;
	int64_t all = n->accepted + n->deferred + n->bounced;
	char formula[FORMULA_BYTES];

	xlsx_day(sheet, row, TREND_DAY, day->day, FORMAT_DATE);
	if (!day->is_covered && all == 0) {
		write_uncovered(sheet, row);
		return;
	}
	xlsx_number(sheet, row, TREND_MESSAGES, (double)day->messages,
	    FORMAT_INT);
	xlsx_number(sheet, row, TREND_ACCEPTED, (double)n->accepted,
	    FORMAT_INT);
	xlsx_number(sheet, row, TREND_DEFERRED, (double)n->deferred,
	    FORMAT_INT);
	xlsx_number(sheet, row, TREND_BOUNCED, (double)n->bounced,
	    FORMAT_INT);
	(void)snprintf(formula, sizeof(formula), "=SUM(C%u:E%u)", row + 1,
	    row + 1);
	xlsx_formula(sheet, row, TREND_ATTEMPTS, formula, (double)all,
	    FORMAT_INT);
	xlsx_number(sheet, row, TREND_BLOCKED, (double)day->blocked,
	    FORMAT_INT);
	if (all > 0) {
		write_share(sheet, row, TREND_ACCEPTED_SHARE, TREND_ACCEPTED,
		    n->accepted, all);
		write_share(sheet, row, TREND_DEFERRED_SHARE, TREND_DEFERRED,
		    n->deferred, all);
		write_share(sheet, row, TREND_BLOCKED_SHARE, TREND_BLOCKED,
		    day->blocked, all);
	}
	if (day->is_provisional)
		xlsx_words(sheet, row, TREND_REMARK, "provisional",
		    FORMAT_TEXT);
}

void
xlsx_trend(struct xlsx_book *book)
{
	const struct report_window *window = &book->report->window;
	struct xlsx_sheet sheet = xlsx_sheet(book, XLSX_TREND_NAME);
	enum xlsx_format formats[TREND_COLUMNS];
	char *headers[TREND_COLUMNS];
	uint32_t row = 1;

	xlsx_height(&sheet, 0, 2);
	for (unsigned col = 0; col < TREND_COLUMNS; col++) {
		headers[col] = xlsx_keep(book, titles[col]);
		formats[col] = col == TREND_DAY || col == TREND_REMARK ?
		    FORMAT_HEADER : FORMAT_HEADER_NUMBER;
		xlsx_words(&sheet, 0, col, titles[col], formats[col]);
	}
	xlsx_width(&sheet, 0, TREND_COLUMNS - 1, 12);
	for (size_t i = 0; i < window->day_count && row < book->rows_max; i++)
		write_day(&sheet, row++, &window->days[i]);
	if (row - 1 < window->day_count)
		xlsx_note(book, "Sheet Trend: %zu of %zu days.",
		    (size_t)row - 1, window->day_count);
	xlsx_filter(&sheet, &(struct xlsx_range){ "Trend_", 0, row - 1,
	    TREND_COLUMNS, headers, formats });
	worksheet_freeze_panes(sheet.sheet, 1, 1);
	xlsx_trend_charts(&sheet, 0, CHART_COL, 640);
	xlsx_page(&sheet, 0);
}

/* ---- charts ---- */

/* A column of the Trend sheet as a series of bars. */
static lxw_chart_series *
add_series(lxw_chart *chart, enum xlsx_trend_column column, uint32_t last,
    lxw_color_t color)
{
	lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
	lxw_chart_fill fill = { .color = color };
	lxw_col_t col = (lxw_col_t)column;

	if (series == NULL)
		mx_oom();
	chart_series_set_categories(series, XLSX_TREND_NAME, 1, TREND_DAY,
	    last, TREND_DAY);
	chart_series_set_values(series, XLSX_TREND_NAME, 1, col, last, col);
	chart_series_set_name_range(series, XLSX_TREND_NAME, 0, col);
	chart_series_set_fill(series, &fill);
	return series;
}

/* Apart by colour, by stroke and by marker; those of many days would run into
 * each other. */
static void
make_line(lxw_chart_series *series, lxw_color_t color, uint8_t dash,
    size_t days)
{
	enum { DAYS_APART = 62 };
	uint8_t size = days > DAYS_APART ? 2 : 6; /* the least there is, usual */
	lxw_chart_fill fill = { .color = color };
	lxw_chart_line line = { .color = color, .width = 2.25F,
		.dash_type = dash };

	chart_series_set_line(series, &line);
	chart_series_set_marker_type(series,
	    dash == LXW_CHART_LINE_DASH_SOLID ?
	    LXW_CHART_MARKER_SQUARE : LXW_CHART_MARKER_CIRCLE);
	chart_series_set_marker_size(series, size);
	chart_series_set_marker_fill(series, &fill);
}

static void
insert_chart(const struct xlsx_sheet *sheet, lxw_chart *chart, uint32_t row,
    unsigned col, double width, const char *description)
{
	/* over the library's own size of a chart, in pixels */
	lxw_chart_options options = { .x_scale = width / 480,
		.y_scale = (double)CHART_HEIGHT / 288,
		.object_position = LXW_OBJECT_DONT_MOVE_DONT_SIZE,
		.description = xlsx_keep(sheet->book, description) };

	lxw_chart_line grid = { .color = COLOR_GRID, .width = 0.75F };
	size_t every = sheet->book->report->window.day_count / LABELS + 1;

	chart_axis_set_interval_unit(chart->x_axis,
	    (uint16_t)(every < UINT16_MAX ? every : UINT16_MAX));
	/* LibreOffice knows no interval, and sets labels side by side without
	 * a gap: the blanks are one */
	chart_axis_set_num_format(chart->x_axis, every > 1 ?
	    "\"  \"mm-dd\"  \"" : "mm-dd");
	chart_axis_major_gridlines_set_line(chart->y_axis, &grid);
	chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
	chart_show_blanks_as(chart, LXW_CHART_BLANKS_AS_GAP);
	xlsx_check(sheet, worksheet_insert_chart_opt(sheet->sheet, row,
	    (lxw_col_t)col, chart, &options));
}

static void
set_title(lxw_chart *chart, const char *title)
{
	lxw_chart_font font = { .size = 11, .bold = LXW_TRUE };

	chart_title_set_name(chart, title);
	chart_title_set_name_font(chart, &font);
}

static lxw_chart *
add_chart(const struct xlsx_sheet *sheet, uint8_t type)
{
	lxw_chart *chart = workbook_add_chart(sheet->book->workbook, type);

	if (chart == NULL)
		mx_oom();
	return chart;
}

static bool
has_attempts(const struct report *report)
{
	for (size_t i = 0; i < report->window.day_count; i++) {
		const struct report_attempts *n =
		    &report->window.days[i].attempts;

		if (n->accepted + n->deferred + n->bounced > 0)
			return true;
	}
	return false;
}

/* An axis of shares ends at 100 % where it comes near. */
static bool
is_near_whole(const struct report *report)
{
	for (size_t i = 0; i < report->window.day_count; i++) {
		const struct report_day *day = &report->window.days[i];
		int64_t all = day->attempts.accepted + day->attempts.deferred +
		    day->attempts.bounced;
		int64_t most = day->blocked > day->attempts.deferred ?
		    day->blocked : day->attempts.deferred;

		if (all > 0 && most * 5 > all * 4)
			return true;
	}
	return false;
}

void
xlsx_trend_charts(const struct xlsx_sheet *sheet, uint32_t row, unsigned col,
    double width)
{
	size_t days = sheet->book->report->window.day_count;
	uint32_t last = (uint32_t)(days < sheet->book->rows_max - 1 ? days :
	    sheet->book->rows_max - 1);
	lxw_chart *chart;

	if (last == 0 || !has_attempts(sheet->book->report))
		return; /* axes without data only puzzle */
	chart = add_chart(sheet, LXW_CHART_COLUMN_STACKED);
	(void)add_series(chart, TREND_ACCEPTED, last, COLOR_ACCEPTED);
	(void)add_series(chart, TREND_DEFERRED, last, COLOR_DEFERRED);
	(void)add_series(chart, TREND_BOUNCED, last, COLOR_BOUNCED);
	set_title(chart, "Attempts a day, by outcome");
	chart_axis_set_num_format(chart->y_axis, "#,##0");
	chart_set_series_gap(chart, 60);
	insert_chart(sheet, chart, row, col, width,
	    "Stacked columns: attempts accepted, deferred and bounced for each "
	    "day; the numbers are on the Trend sheet.");
	chart = add_chart(sheet, LXW_CHART_LINE);
	make_line(add_series(chart, TREND_BLOCKED_SHARE, last, COLOR_BOUNCED),
	    COLOR_BOUNCED, LXW_CHART_LINE_DASH_SOLID, days);
	make_line(add_series(chart, TREND_DEFERRED_SHARE, last,
	    COLOR_DEFERRED), COLOR_DEFERRED, LXW_CHART_LINE_DASH_DASH, days);
	set_title(chart, "Share of the day's attempts");
	chart_axis_set_num_format(chart->y_axis, "0%");
	chart_axis_set_min(chart->y_axis, 0);
	if (is_near_whole(sheet->book->report))
		chart_axis_set_max(chart->y_axis, 1);
	insert_chart(sheet, chart, row + CHART_ROWS, col, width,
	    "Lines: share of attempts that were blocked and that were "
	    "deferred, for each day; the numbers are on the Trend sheet.");
}
