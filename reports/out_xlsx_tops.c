/* SPDX-License-Identifier: BSD-2-Clause */
/* Below the totals of the first sheet: why attempts failed, and which of our
 * addresses are refused, as two short tables with a bar chart beside each. */
#include "reports/out_xlsx.h"

#include <stdlib.h>

#include "reports/format_value.h"
#include "reports/report_view.h"

enum { TOP_ROWS = 10, REASONS_MAX = 64, CHART_COL = 2, CHART_WIDTH = 540,
	CHART_HEIGHT = 240, BLOCK_ROWS = TOP_ROWS + 4 };
enum { COLOR_BAR = 0x7A1F2B, COLOR_GRID = 0xDDE2E7 };

struct reason_sum {
	struct slice reason;
	int64_t attempts;
};

static int
compare_sums(const void *left, const void *right)
{
	const struct reason_sum *a = left, *b = right;

	if (a->attempts != b->attempts)
		return a->attempts > b->attempts ? -1 : 1;
	return slice_cmp(a->reason, b->reason);
}

/* Of all providers; returns how many reasons there are. */
static size_t
sum_reasons(const struct report *report, struct reason_sum sums[REASONS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < report->reason_count; i++) {
		const struct report_reason *row = &report->reasons[i];
		size_t at = 0;

		while (at < count && !slice_eq(sums[at].reason, row->reason))
			at++;
		if (at == REASONS_MAX)
			at--; /* there are not that many names */
		else if (at == count)
			sums[count++] = (struct reason_sum){ row->reason, 0 };
		sums[at].attempts += row->attempts;
	}
	if (count > 1)
		qsort(sums, count, sizeof(*sums), compare_sums);
	return count;
}

/* Bars over the rows FIRST to LAST of columns A and B. */
static void
add_bars(const struct xlsx_sheet *sheet, uint32_t first, uint32_t last,
    const char *title, const char *num_format, const char *description)
{
	lxw_chart *chart = workbook_add_chart(sheet->book->workbook,
	    LXW_CHART_BAR);
	lxw_chart_series *series = chart != NULL ?
	    chart_add_series(chart, NULL, NULL) : NULL;
	lxw_chart_fill fill = { .color = COLOR_BAR };
	lxw_chart_line grid = { .color = COLOR_GRID, .width = 0.75F };
	lxw_chart_font font = { .size = 11, .bold = LXW_TRUE };
	lxw_chart_options options = { .x_scale = (double)CHART_WIDTH / 480,
		.y_scale = (double)CHART_HEIGHT / 288,
		.object_position = LXW_OBJECT_DONT_MOVE_DONT_SIZE,
		.description = xlsx_keep(sheet->book, description) };

	if (series == NULL)
		mx_oom();
	chart_series_set_categories(series, sheet->name, first, 0, last, 0);
	chart_series_set_values(series, sheet->name, first, 1, last, 1);
	chart_series_set_name(series, title);
	chart_series_set_fill(series, &fill);
	chart_set_series_gap(chart, 40);
	chart_title_set_name(chart, title);
	chart_title_set_name_font(chart, &font);
	chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
	chart_axis_set_reverse(chart->y_axis); /* the first row on top */
	chart_axis_set_num_format(chart->x_axis, num_format);
	chart_axis_set_min(chart->x_axis, 0);
	chart_axis_major_gridlines_set_line(chart->x_axis, &grid);
	xlsx_check(sheet, worksheet_insert_chart_opt(sheet->sheet, first - 1,
	    CHART_COL, chart, &options));
}

static void
write_header(const struct xlsx_sheet *sheet, uint32_t row, const char *name,
    const char *value)
{
	xlsx_words(sheet, row, 0, name, FORMAT_HEADER);
	xlsx_words(sheet, row, 1, value, FORMAT_HEADER_NUMBER);
}

static void
write_left_out(const struct xlsx_sheet *sheet, uint32_t row, size_t count,
    const char *where)
{
	struct strbuf *text = &sheet->book->scratch;

	strbuf_reset(text);
	strbuf_addf(text, "and %zu more: sheet %s", count, where);
	xlsx_words(sheet, row, 0, text->ptr, FORMAT_NOTE);
}

static uint32_t
write_reasons(const struct xlsx_sheet *sheet, uint32_t row)
{
	struct reason_sum sums[REASONS_MAX];
	size_t count = sum_reasons(sheet->book->report, sums);
	uint32_t shown = count < TOP_ROWS ? (uint32_t)count : TOP_ROWS;

	if (count == 0)
		return row;
	write_header(sheet, row, "Reason", "Failed attempts");
	for (uint32_t i = 0; i < shown; i++) {
		xlsx_text(sheet, row + 1 + i, 0, sums[i].reason, FORMAT_TEXT);
		xlsx_number(sheet, row + 1 + i, 1, (double)sums[i].attempts,
		    FORMAT_INT);
	}
	if (shown < count)
		write_left_out(sheet, row + 1 + shown, count - shown,
		    "Reasons");
	add_bars(sheet, row + 1, row + shown, "Failed attempts by reason",
	    "#,##0", "Bars: failed attempts for each reason; the numbers "
	    "stand to the left.");
	return row + BLOCK_ROWS;
}

/* Of few deliveries no rate is told. */
static uint32_t
write_sources(const struct xlsx_sheet *sheet, uint32_t row)
{
	struct row_view view =
	    view_sources(sheet->book->report, &sheet->book->arena);
	uint32_t shown = view.count < TOP_ROWS ? (uint32_t)view.count :
	    TOP_ROWS;

	if (view.count == 0)
		return row;
	write_header(sheet, row, "Own address", "Block rate");
	for (uint32_t i = 0; i < shown; i++) {
		const struct report_row *one = view.rows[i];

		xlsx_text(sheet, row + 1 + i, 0,
		    view_source_name(one->source, one->source_ip),
		    FORMAT_TEXT);
		if (one->n.deliveries >= FORMAT_FEW)
			xlsx_number(sheet, row + 1 + i, 1,
			    (double)one->n.blocked /
			    (double)one->n.deliveries, FORMAT_PERCENT);
	}
	if (shown < view.count)
		write_left_out(sheet, row + 1 + shown, view.count - shown,
		    "By IP");
	if (shown > 1) /* one bar compares nothing */
		add_bars(sheet, row + 1, row + shown,
		    "Block rate by own address", "0%", "Bars: share of "
		    "deliveries that met a block, for each of our addresses; "
		    "the numbers stand to the left.");
	return row + BLOCK_ROWS;
}

void
xlsx_tops(const struct xlsx_sheet *sheet, uint32_t row)
{
	row = write_reasons(sheet, row);
	(void)write_sources(sheet, row);
}
