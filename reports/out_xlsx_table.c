/* SPDX-License-Identifier: BSD-2-Clause */
/* Sheets that are tables: columns by layout, rates as formulas over their
 * neighbours, an Excel table or a filter over all of it. */
#include "reports/out_xlsx.h"

#include "reports/format_value.h"

enum { LAYOUT_COLUMNS_MAX = 40, FORMULA_BYTES = 256 };

/* A layout with its keys looked up. */
struct plan {
	const struct report_table *table;
	const struct xlsx_layout *layout;
	const struct report_column *columns[LAYOUT_COLUMNS_MAX];
	char *headers[LAYOUT_COLUMNS_MAX];
	enum xlsx_format header_formats[LAYOUT_COLUMNS_MAX];
};

static const struct report_column *
find_column(const struct report_table *table, const char *key)
{
	for (size_t i = 0; i < table->column_count; i++)
		if (strcmp(table->columns[i].key, key) == 0)
			return &table->columns[i];
	mx_bug("a workbook layout names a column that is not there");
}

static const char *
title_of(const struct xlsx_column *column,
    const struct report_column *source)
{
	static const char *const titles[] = {
		[KIND_ACCEPT_RATE] = "Acceptance rate",
		[KIND_DEFER_SHARE] = "Deferred share",
		[KIND_BLOCK_RATE] = "Block rate",
		[KIND_LENGTH] = "Length (h)",
		[KIND_FREE] = "Notes",
	};

	if (column->title != NULL)
		return column->title;
	return source != NULL ? source->title : titles[column->kind];
}

static bool
is_number(const struct xlsx_column *column,
    const struct report_column *source)
{
	if (source == NULL)
		return column->kind != KIND_FREE;
	return source->type == CELL_INT || source->type == CELL_COUNT ||
	    source->type == CELL_SECONDS || source->type == CELL_SHARE ||
	    source->type == CELL_RATE;
}

static void
make_plan(struct xlsx_book *book, const struct xlsx_layout *layout,
    struct plan *plan)
{
	if (layout->column_count > LAYOUT_COLUMNS_MAX)
		mx_bug("a workbook layout is too wide");
	memset(plan, 0, sizeof(*plan));
	plan->layout = layout;
	plan->table = report_table_by_name(slice_str(layout->table));
	for (size_t i = 0; i < layout->column_count; i++) {
		const struct xlsx_column *column = &layout->columns[i];

		plan->columns[i] = column->kind == KIND_CELL ?
		    find_column(plan->table, column->key) : NULL;
		plan->header_formats[i] = is_number(column,
		    plan->columns[i]) ? FORMAT_HEADER_NUMBER : FORMAT_HEADER;
		if (!layout->has_keys) {
			plan->headers[i] = xlsx_keep(book,
			    title_of(column, plan->columns[i]));
			continue;
		}
		strbuf_reset(&book->scratch);
		report_column_header(plan->columns[i], &book->scratch);
		plan->headers[i] = xlsx_keep(book, book->scratch.ptr);
	}
}

/* ---- cells ---- */

static void
write_reasons(const struct xlsx_sheet *sheet, uint32_t row, unsigned col,
    const struct report_episode *episode, enum xlsx_format format)
{
	struct strbuf reasons;

	strbuf_init(&reasons, XLSX_TEXT_MAX);
	report_reasons_text(episode, &reasons);
	xlsx_text(sheet, row, col, strbuf_slice(&reasons), format);
	strbuf_release(&reasons);
}

static void
write_cell(const struct xlsx_sheet *sheet, uint32_t row, unsigned col,
    const struct report_column *column, bool wraps, const void *data)
{
	enum xlsx_format format = wraps ? FORMAT_WRAP : FORMAT_TEXT;
	struct cell cell;

	if (column->type == CELL_REASONS) {
		write_reasons(sheet, row, col, data, format);
		return;
	}
	report_cell(column, data, &cell);
	if (cell.is_absent)
		return;
	switch (cell.type) {
	case CELL_INT:
	case CELL_COUNT:
		xlsx_number(sheet, row, col, (double)cell.number, FORMAT_INT);
		return;
	case CELL_SHARE:
		xlsx_number(sheet, row, col, cell.real, FORMAT_PERCENT);
		return;
	case CELL_SECONDS:
	case CELL_RATE:
		xlsx_number(sheet, row, col, cell.real, FORMAT_SECONDS);
		return;
	case CELL_TIME:
		xlsx_time(sheet, row, col, cell.number, FORMAT_TIME);
		return;
	case CELL_DAY:
		xlsx_day(sheet, row, col, cell.text.ptr, FORMAT_DATE);
		return;
	case CELL_FLAG:
		xlsx_words(sheet, row, col, cell.number != 0 ? "yes" : "no",
		    FORMAT_TEXT);
		return;
	case CELL_TEXT:
	case CELL_STATE:
	case CELL_CHANGE:
	case CELL_EPISODE:
	case CELL_HEX:
		xlsx_text(sheet, row, col, cell.text, format);
		return;
	case CELL_DAY_STATES:
	case CELL_REASONS:
		return;
	}
}

/* The letters of the column that shows KEY. */
static const char *
letters_of(const struct plan *plan, const char *key,
    char name[LXW_MAX_COL_NAME_LENGTH])
{
	for (size_t i = 0; i < plan->layout->column_count; i++)
		if (plan->columns[i] != NULL &&
		    strcmp(plan->columns[i]->key, key) == 0) {
			lxw_col_to_name(name, (lxw_col_t)i, 0);
			return name;
		}
	mx_bug("a rate needs a column that the layout does not show");
}

static int64_t
count_of(const struct plan *plan, const char *key, const void *data)
{
	struct cell cell;

	report_cell(find_column(plan->table, key), data, &cell);
	return cell.is_absent ? 0 : cell.number;
}

/* The number that the reader sees in that column; below FORMAT_FEW
 * deliveries none, since the counts stand beside it. */
static void
write_rate(const struct xlsx_sheet *sheet, const struct plan *plan,
    uint32_t row, unsigned col, enum xlsx_kind kind, const void *data)
{
	char part[LXW_MAX_COL_NAME_LENGTH], all[LXW_MAX_COL_NAME_LENGTH];
	char bounced[LXW_MAX_COL_NAME_LENGTH],
	    expired[LXW_MAX_COL_NAME_LENGTH];
	const char *part_key = kind == KIND_ACCEPT_RATE ? "accepted" :
	    kind == KIND_DEFER_SHARE ? "deferred" : "blocked";
	int64_t deliveries = count_of(plan, "deliveries", data);
	int64_t count = count_of(plan, part_key, data), whole = deliveries;
	char formula[FORMULA_BYTES];
	uint32_t line = row + 1;

	(void)letters_of(plan, part_key, part);
	(void)letters_of(plan, "deliveries", all);
	if (kind == KIND_ACCEPT_RATE) {
		(void)letters_of(plan, "bounced", bounced);
		(void)letters_of(plan, "expired", expired);
		whole = count + count_of(plan, "bounced", data) +
		    count_of(plan, "expired", data);
		(void)snprintf(formula, sizeof(formula),
		    "=IF(OR(%s%u<%d,%s%u+%s%u+%s%u=0),\"\","
		    "%s%u/(%s%u+%s%u+%s%u))", all, line, FORMAT_FEW, part,
		    line, bounced, line, expired, line, part, line, part, line,
		    bounced, line, expired, line);
	} else {
		(void)snprintf(formula, sizeof(formula),
		    "=IF(%s%u<%d,\"\",%s%u/%s%u)", all, line, FORMAT_FEW,
		    part, line, all, line);
	}
	if (deliveries < FORMAT_FEW || whole == 0)
		xlsx_formula_words(sheet, row, col, formula, "",
		    FORMAT_PERCENT);
	else
		xlsx_formula(sheet, row, col, formula,
		    (double)count / (double)whole, FORMAT_PERCENT);
}

static void
write_length(const struct xlsx_sheet *sheet, const struct plan *plan,
    uint32_t row, unsigned col, const void *data)
{
	char first[LXW_MAX_COL_NAME_LENGTH], last[LXW_MAX_COL_NAME_LENGTH];
	char formula[FORMULA_BYTES];
	const struct report_episode *episode = data;

	if (episode->first_refusal_utc == TIME_NONE ||
	    episode->last_refusal_utc == TIME_NONE)
		return;
	(void)snprintf(formula, sizeof(formula), "=(%s%u-%s%u)*24",
	    letters_of(plan, "last_refusal", last), row + 1,
	    letters_of(plan, "first_refusal", first), row + 1);
	xlsx_formula(sheet, row, col, formula,
	    (double)(episode->last_refusal_utc -
	    episode->first_refusal_utc) / 3600, FORMAT_HOURS);
}

/* Viewers do not all find the height of wrapped text by themselves. */
static void
set_height(const struct xlsx_sheet *sheet, const struct plan *plan,
    uint32_t row, const void *data)
{
	size_t lines = 1;

	for (size_t i = 0; i < plan->layout->column_count; i++) {
		const struct xlsx_column *column = &plan->layout->columns[i];
		struct cell cell;
		size_t want;

		if (!column->wraps || plan->columns[i] == NULL ||
		    plan->columns[i]->type != CELL_TEXT)
			continue;
		report_cell(plan->columns[i], data, &cell);
		want = xlsx_lines(cell.text, column->width);
		if (want > lines)
			lines = want;
	}
	xlsx_height(sheet, row, lines);
}

static void
write_row(const struct xlsx_sheet *sheet, const struct plan *plan,
    uint32_t row, const void *data)
{
	set_height(sheet, plan, row, data);
	for (size_t i = 0; i < plan->layout->column_count; i++) {
		unsigned col = (unsigned)i;

		switch (plan->layout->columns[i].kind) {
		case KIND_CELL:
			if (plan->columns[i] != NULL)
				write_cell(sheet, row, col, plan->columns[i],
				    plan->layout->columns[i].wraps, data);
			break;
		case KIND_ACCEPT_RATE:
		case KIND_DEFER_SHARE:
		case KIND_BLOCK_RATE:
			write_rate(sheet, plan, row, col,
			    plan->layout->columns[i].kind, data);
			break;
		case KIND_LENGTH:
			write_length(sheet, plan, row, col, data);
			break;
		case KIND_FREE:
			xlsx_blank(sheet, row, col, FORMAT_FREE);
			break;
		}
	}
}

/* ---- rows that do not fit ---- */

static const void *
row_at(const struct xlsx_sheet *sheet, const struct plan *plan,
    const struct xlsx_view *view, size_t index)
{
	return view != NULL ? view->rows[index] :
	    report_table_row(plan->table, sheet->book->report, index);
}

/* One row for all from FIRST on: counts added up, the rest empty. */
static void
write_other(const struct xlsx_sheet *sheet, const struct plan *plan,
    const struct xlsx_view *view, size_t first, size_t count, uint32_t row)
{
	bool has_label = false;

	for (size_t i = 0; i < plan->layout->column_count; i++) {
		const struct report_column *column = plan->columns[i];
		int64_t sum = 0;
		struct cell cell;

		if (column == NULL)
			continue;
		if (column->type == CELL_TEXT && !has_label) {
			strbuf_reset(&sheet->book->scratch);
			strbuf_addf(&sheet->book->scratch,
			    "(other: %zu rows)", count - first);
			xlsx_words(sheet, row, (unsigned)i,
			    sheet->book->scratch.ptr, FORMAT_TEXT);
			has_label = true;
		}
		if (column->type != CELL_INT)
			continue;
		for (size_t r = first; r < count; r++) {
			report_cell(column, row_at(sheet, plan, view, r),
			    &cell);
			sum += cell.number;
		}
		xlsx_number(sheet, row, (unsigned)i, (double)sum, FORMAT_INT);
	}
	xlsx_note(sheet->book, "Sheet %s: the last row sums up %zu rows that "
	    "do not fit (%zu rows in all; --format csv --table %s has them).",
	    sheet->name, count - first, count, plan->table->name);
}

/* Where Excel's tables cannot be had, a filter and a name for the range. */
static void
name_range(const struct xlsx_sheet *sheet, const struct xlsx_range *range)
{
	struct xlsx_book *book = sheet->book;
	uint32_t last = range->header_row + range->count;
	lxw_col_t last_col = (lxw_col_t)(range->columns - 1);
	char formula[FORMULA_BYTES], end[LXW_MAX_CELL_NAME_LENGTH];

	lxw_rowcol_to_cell_abs(end, last, last_col, 1, 1);
	(void)snprintf(formula, sizeof(formula), "='%s'!$A$%u:%s",
	    sheet->name, range->header_row + 1, end);
	xlsx_check(sheet, workbook_define_name(book->workbook, range->name,
	    formula));
	/* a sheet has one filter at most: the first table's */
	if (range->header_row == 0)
		xlsx_check(sheet, worksheet_autofilter(sheet->sheet,
		    range->header_row, 0, last, last_col));
}

void
xlsx_filter(const struct xlsx_sheet *sheet, const struct xlsx_range *range)
{
	struct xlsx_book *book = sheet->book;
	lxw_table_column list[LAYOUT_COLUMNS_MAX];
	lxw_table_column *pointers[LAYOUT_COLUMNS_MAX + 1];
	lxw_table_options options = { .name = xlsx_keep(book, range->name),
		.columns = pointers,
		.style_type = LXW_TABLE_STYLE_TYPE_LIGHT,
		.style_type_number = 1 };

	if (range->count == 0 || range->columns > LAYOUT_COLUMNS_MAX)
		return;
	if (!book->has_tables) {
		name_range(sheet, range);
		return;
	}
	memset(list, 0, sizeof(list));
	for (unsigned i = 0; i < range->columns; i++) {
		list[i].header = range->headers[i];
		list[i].header_format = book->formats[range->formats[i]];
		pointers[i] = &list[i];
	}
	pointers[range->columns] = NULL;
	xlsx_check(sheet, worksheet_add_table(sheet->sheet, range->header_row,
	    0, range->header_row + range->count,
	    (lxw_col_t)(range->columns - 1), &options));
}

void
xlsx_widths(const struct xlsx_sheet *sheet, const struct xlsx_layout *layout)
{
	for (size_t i = 0; i < layout->column_count; i++)
		xlsx_width(sheet, (unsigned)i, (unsigned)i,
		    layout->columns[i].width);
}

/* Words that say how something stands: states, and the results of others. */
static bool
has_marks(const struct report_column *column)
{
	return column->type == CELL_STATE || column->type == CELL_EPISODE ||
	    (column->type == CELL_TEXT && (strcmp(column->key, "state") == 0 ||
	    strcmp(column->key, "filter_result") == 0));
}

/* Colours for what the State column says in words. */
static void
mark_states(const struct xlsx_sheet *sheet, const struct plan *plan,
    uint32_t first, uint32_t last)
{
	static const struct {
		const char *word;
		enum xlsx_format format;
	} marks[] = { { "blocked", FORMAT_MARK_BAD },
		{ "confirmed", FORMAT_MARK_BAD },
		{ "deferring", FORMAT_MARK_WARN },
		{ "easing", FORMAT_MARK_WARN },
		{ "silent", FORMAT_MARK_WARN },
		{ "suspected", FORMAT_MARK_WARN },
		{ "absent", FORMAT_MARK_BAD },
		{ "shrinking", FORMAT_MARK_WARN },
		{ "red", FORMAT_MARK_BAD },
		{ "yellow", FORMAT_MARK_WARN } };

	for (size_t i = 0; i < plan->layout->column_count; i++) {
		const struct report_column *column = plan->columns[i];

		if (column == NULL || !has_marks(column))
			continue;
		for (size_t m = 0; m < sizeof(marks) / sizeof(marks[0]); m++) {
			lxw_conditional_format rule = {
				.type = LXW_CONDITIONAL_TYPE_TEXT,
				.criteria =
				    LXW_CONDITIONAL_CRITERIA_TEXT_BEGINS_WITH,
				.value_string = xlsx_keep(sheet->book,
				    marks[m].word),
				.format = sheet->book->formats[marks[m].format]
			};

			xlsx_check(sheet, worksheet_conditional_format_range(
			    sheet->sheet, first, (lxw_col_t)i, last,
			    (lxw_col_t)i, &rule));
		}
	}
}

uint32_t
xlsx_table(const struct xlsx_sheet *sheet, const struct xlsx_layout *layout,
    const struct xlsx_view *view, uint32_t row)
{
	struct xlsx_book *book = sheet->book;
	uint32_t header_row = row;
	size_t count, room, shown;
	struct xlsx_range range;
	struct plan plan;

	make_plan(book, layout, &plan);
	xlsx_height(sheet, row, 2);
	for (size_t i = 0; i < layout->column_count; i++)
		xlsx_words(sheet, row, (unsigned)i, plan.headers[i],
		    plan.header_formats[i]);
	row++;
	count = view != NULL ? view->count :
	    plan.table->rows(book->report).count;
	if (count == 0) {
		xlsx_words(sheet, row, 0, "nothing in this window",
		    FORMAT_NOTE);
		return row + 1;
	}
	room = book->rows_max > row ? book->rows_max - row : 0;
	shown = count <= room ? count : room > 0 ? room - 1 : 0;
	for (size_t i = 0; i < shown; i++)
		write_row(sheet, &plan, row++, row_at(sheet, &plan, view, i));
	if (shown < count && room > 0)
		write_other(sheet, &plan, view, shown, count, row++);
	range = (struct xlsx_range){ layout->range_name, header_row,
		row - header_row - 1, (unsigned)layout->column_count,
		plan.headers, plan.header_formats };
	xlsx_filter(sheet, &range);
	if (shown > 0)
		mark_states(sheet, &plan, header_row + 1, row - 1);
	return row;
}
