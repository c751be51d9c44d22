/* SPDX-License-Identifier: BSD-2-Clause */
/* The document as JSON, key by key as the schema (report.schema.json) says.
 * Rows come from rep_tables; only what is no table is spelled out here. */
#include "reports/outputs.h"

#include "base/json_writer.h"
#include "reports/out_buffer.h"
#include "reports/rep_tables.h"

enum { SCHEMA_VERSION = 1, KEY_BYTES = 32 };

/* Objects that a column's key path has opened: "local.attempts.". */
struct key_path {
	const char *prefix;
	size_t len;
};

static size_t
prefix_length(const char *key)
{
	const char *dot = strrchr(key, '.');

	return dot != NULL ? (size_t)(dot - key) + 1 : 0;
}

/* The length of what both prefixes share, up to and with a dot. */
static size_t
common_length(const struct key_path *open, const char *key, size_t len)
{
	size_t common = 0;

	for (size_t i = 0; i < len && i < open->len; i++) {
		if (open->prefix[i] != key[i])
			break;
		if (key[i] == '.')
			common = i + 1;
	}
	return common;
}

static void
open_member(struct json_writer *json, const char *key, size_t len)
{
	char name[KEY_BYTES];

	if (len >= sizeof(name))
		mx_bug("a column key is too long");
	memcpy(name, key, len);
	name[len] = '\0';
	json_key(json, name);
	json_open_object(json);
}

/* Close and open objects until those of KEY's path are open. */
static void
walk_to(struct json_writer *json, struct key_path *open, const char *key)
{
	size_t len = prefix_length(key);
	size_t start = common_length(open, key, len);

	for (size_t i = start; i < open->len; i++)
		if (open->prefix[i] == '.')
			json_close_object(json);
	for (size_t i = start; i < len; i++) {
		if (key[i] != '.')
			continue;
		open_member(json, key + start, i - start);
		start = i + 1;
	}
	open->prefix = key;
	open->len = len;
}

static void
put_value(struct json_writer *json, const struct cell *cell)
{
	switch (cell->type) {
	case CELL_INT:
	case CELL_COUNT:
		json_int(json, cell->number);
		return;
	case CELL_FLAG:
		json_bool(json, cell->number != 0);
		return;
	case CELL_SECONDS:
		json_real(json, cell->real, REPORT_SECONDS_DECIMALS);
		return;
	case CELL_SHARE:
	case CELL_RATE:
		json_real(json, cell->real, REPORT_SHARE_DECIMALS);
		return;
	case CELL_TEXT:
	case CELL_DAY:
	case CELL_STATE:
	case CELL_CHANGE:
	case CELL_EPISODE:
	case CELL_HEX:
		json_text(json, cell->text);
		return;
	case CELL_TIME:
	case CELL_DAY_STATES:
	case CELL_REASONS:
		mx_bug("a cell that is no single JSON value");
	}
}

static void
put_days(struct json_writer *json, const char *key,
    const enum report_state *days, size_t count)
{
	if (days == NULL)
		return;
	json_key(json, key);
	json_open_array(json);
	for (size_t i = 0; i < count; i++)
		json_text(json, slice_str(report_state_name(days[i])));
	json_close_array(json);
}

static void
put_reasons(struct json_writer *json, const char *key,
    const struct report_episode *episode)
{
	json_key(json, key);
	json_open_array(json);
	for (size_t i = 0; i < episode->reason_count; i++) {
		const struct report_episode_reason *one = &episode->reasons[i];

		json_open_object(json);
		json_member_text(json, "reason", one->reason);
		json_member_text(json, "token", one->token);
		json_member_int(json, "attempts", one->attempts);
		json_close_object(json);
	}
	json_close_array(json);
}

/* The columns of one row as members of the object that is open. */
static void
put_columns(struct json_writer *json, const struct report *report,
    const struct report_table *table, const void *row)
{
	struct key_path open = { "", 0 };

	for (size_t i = 0; i < table->column_count; i++) {
		const struct report_column *column = &table->columns[i];
		const char *leaf = column->key + prefix_length(column->key);
		struct cell cell;

		walk_to(json, &open, column->key);
		if (column->type == CELL_DAY_STATES) {
			put_days(json, leaf, report_cell_days(column, row),
			    report->window.day_count);
			continue;
		}
		if (column->type == CELL_REASONS) {
			put_reasons(json, leaf, row);
			continue;
		}
		report_cell(column, row, &cell);
		if (cell.is_absent)
			continue;
		if (cell.type == CELL_TIME) {
			json_member_time(json, leaf, cell.number);
			continue;
		}
		json_key(json, leaf);
		put_value(json, &cell);
	}
	walk_to(json, &open, "");
}

static void
put_table(struct json_writer *json, struct out_buffer *buffer,
    const struct report *report, const char *name)
{
	const struct report_table *table =
	    report_table_by_name(slice_str(name));
	size_t count = table->rows(report).count;

	json_key(json, name);
	json_open_array(json);
	for (size_t i = 0; i < count; i++) {
		json_open_object(json);
		put_columns(json, report, table,
		    report_table_row(table, report, i));
		json_close_object(json);
		out_buffer_offer(buffer);
	}
	json_close_array(json);
}

static void
put_window_members(struct json_writer *json, const struct report_window *window)
{
	json_member_time(json, "since", window->since_utc);
	json_member_time(json, "until", window->until_utc);
	json_member_text(json, "timezone", window->timezone);
}

static void
put_attempts(struct json_writer *json, const struct report_attempts *attempts)
{
	json_key(json, "attempts");
	json_open_object(json);
	json_member_int(json, "accepted", attempts->accepted);
	json_member_int(json, "deferred", attempts->deferred);
	json_member_int(json, "bounced", attempts->bounced);
	json_close_object(json);
}

/* The compared window's totals are no table of their own. */
static void
put_counts(struct json_writer *json, const struct report_counts *n)
{
	json_member_int(json, "deliveries", n->deliveries);
	json_member_int(json, "messages", n->messages);
	json_member_int(json, "accepted", n->accepted);
	json_member_int(json, "deferred", n->deferred);
	json_member_int(json, "bounced", n->bounced);
	json_member_int(json, "expired", n->expired);
	json_member_int(json, "blocked", n->blocked);
	json_member_int(json, "open", n->open);
	put_attempts(json, &n->attempts);
	if (n->p50_s >= 0) {
		json_key(json, "p50_s");
		json_real(json, n->p50_s, REPORT_SECONDS_DECIMALS);
	}
	if (n->p95_s >= 0) {
		json_key(json, "p95_s");
		json_real(json, n->p95_s, REPORT_SECONDS_DECIMALS);
	}
}

static void
put_compare(struct json_writer *json, const struct report *report)
{
	if (!report->has_compare)
		return;
	json_key(json, "compare");
	json_open_object(json);
	put_window_members(json, &report->compare);
	json_key(json, "totals");
	json_open_object(json);
	put_counts(json, &report->compare_totals);
	json_close_object(json);
	json_close_object(json);
}

static void
put_head(struct json_writer *json, struct out_buffer *buffer,
    const struct report *report)
{
	json_member_int(json, "schema", SCHEMA_VERSION);
	json_key(json, "tool");
	json_open_object(json);
	json_member_text(json, "name", SLICE("mxtrend"));
	json_member_text(json, "version", report->tool_version);
	json_member_text(json, "rules", report->rules_version);
	json_close_object(json);
	json_member_time(json, "generated", report->generated_utc);
	json_member_text(json, "host", report->host);
	json_key(json, "window");
	json_open_object(json);
	put_window_members(json, &report->window);
	put_table(json, buffer, report, "days");
	json_close_object(json);
	put_compare(json, report);
	json_member_text(json, "verdict", report->verdict);
}

static void
put_totals(struct json_writer *json, const struct report *report)
{
	json_key(json, "totals");
	json_open_object(json);
	put_columns(json, report, &report_totals_table, report);
	json_close_object(json);
	json_member_int(json, "failed_attempts", report->failed_attempts);
	json_member_int(json, "unclassified_attempts",
	    report->unclassified_attempts);
}

/* How many reports of others the tables below are made of. How many copies
 * there are is a matter of the store, not of what was reported. */
static void
put_outside(struct json_writer *json, const struct report *report)
{
	json_key(json, "outside");
	json_open_object(json);
	json_member_int(json, "dmarc_reports", report->dmarc_reports);
	json_member_int(json, "dmarc_overlapping", report->dmarc_overlapping);
	json_member_int(json, "dmarc_long", report->dmarc_long);
	json_member_int(json, "not_signed", report->reports_not_signed);
	json_close_object(json);
}

/* One table alone, for commands that are about it. */
static enum mx_code
render_one(const struct report *report, struct slice table, FILE *out,
    struct mx_err *err)
{
	struct out_buffer buffer;
	struct json_writer json;
	char name[KEY_BYTES];

	if (report_table_by_name(table) == NULL || table.len >= sizeof(name))
		return mx_fail(err, MX_E_USAGE, "%.*s: no such table",
		    SLICE_ARG(table));
	memcpy(name, table.ptr, table.len);
	name[table.len] = '\0';
	out_buffer_init(&buffer, out);
	json_init(&json, &buffer.text, true);
	json_open_object(&json);
	json_member_int(&json, "schema", SCHEMA_VERSION);
	put_table(&json, &buffer, report, name);
	json_close_object(&json);
	strbuf_add_char(&buffer.text, '\n');
	return out_buffer_finish(&buffer, "the JSON report", err);
}

/* Sums stand in front, and days with the window. */
static bool
has_own_place(const struct report_table *table)
{
	return table == &report_totals_table ||
	    strcmp(table->name, "days") == 0;
}

static enum mx_code
render_json(const struct report *report, const struct output_options *options,
    FILE *out, struct mx_err *err)
{
	struct out_buffer buffer;
	struct json_writer json;

	if (options->table.len != 0)
		return render_one(report, options->table, out, err);
	out_buffer_init(&buffer, out);
	json_init(&json, &buffer.text, true);
	json_open_object(&json);
	put_head(&json, &buffer, report);
	put_totals(&json, report);
	put_outside(&json, report);
	for (size_t i = 0; report_tables[i] != NULL; i++)
		if (!has_own_place(report_tables[i]))
			put_table(&json, &buffer, report,
			    report_tables[i]->name);
	json_close_object(&json);
	strbuf_add_char(&buffer.text, '\n');
	return out_buffer_finish(&buffer, "the JSON report", err);
}

const struct report_output output_json = {
	.name = "json",
	.extension = "json",
	.title = "the whole document, for programs",
	.is_binary = false,
	.shows_series = true,
	.render = render_json,
};
