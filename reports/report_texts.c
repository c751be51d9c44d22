/* SPDX-License-Identifier: BSD-2-Clause */
#include "reports/report_texts.h"

#include "reports/rep_tables.h"

struct changes {
	struct report *report;
	struct slice (*change)(void *ctx, const char *key, struct slice text);
	void *ctx;
};

static void
change_text(const struct changes *changes, const char *key,
    struct slice *text)
{
	struct slice told;

	if (text->len == 0)
		return;
	told = changes->change(changes->ctx, key, *text);
	if (told.ptr != text->ptr || told.len != text->len)
		*text = arena_slice(&changes->report->arena, told);
}

static void
change_row(const struct changes *changes, const struct report_table *table,
    char *row)
{
	for (size_t i = 0; i < table->column_count; i++) {
		const struct report_column *column = &table->columns[i];
		struct slice text;

		if (column->type != CELL_TEXT)
			continue;
		/* row is read and written as bytes: its type is the table's */
		memcpy(&text, row + column->offset, sizeof(text));
		change_text(changes, column->key, &text);
		memcpy(row + column->offset, &text, sizeof(text));
	}
}

void
report_change_texts(struct report *report,
    struct slice (*change)(void *ctx, const char *key, struct slice text),
    void *ctx)
{
	struct changes changes = { report, change, ctx };

	for (size_t i = 0; report_tables[i] != NULL; i++) {
		const struct report_table *table = report_tables[i];
		struct table_rows rows = table->rows(report);

		/* the document is ours to change, though its readers get it
		 * as const */
		for (size_t r = 0; r < rows.count; r++)
			change_row(&changes, table, (char *)(uintptr_t)
			    rows.rows + r * table->row_size);
	}
	change_text(&changes, "host", &report->host);
	change_text(&changes, "verdict", &report->verdict);
	for (size_t i = 0; i < report->episode_count; i++) {
		struct report_episode *it = &report->episodes[i];

		for (size_t r = 0; r < it->reason_count; r++)
			change_text(&changes, "token", &it->reasons[r].token);
	}
}
