/* SPDX-License-Identifier: BSD-2-Clause */
/* One table of the document as CSV (RFC 4180) or as tab-separated values.
 * Headers are the JSON keys. Texts of strangers may neither drive a terminal
 * nor become a formula in a spreadsheet. */
#include "reports/outputs.h"

#include "base/say.h"
#include "reports/out_buffer.h"
#include "reports/rep_tables.h"

enum flavour { FLAVOUR_CSV, FLAVOUR_TSV };

/* Excel and LibreOffice read such a cell as a formula; full-width forms count
 * in East Asian versions of Excel. */
static bool
starts_formula(struct slice text)
{
	static const struct slice wide[] = { { "\xef\xbc\x8b", 3 },
		{ "\xef\xbc\x8d", 3 }, { "\xef\xbc\x9d", 3 },
		{ "\xef\xbc\xa0", 3 } };

	if (text.len == 0)
		return false;
	if (text.ptr[0] != '\0' && strchr("=+-@\t\r\n", text.ptr[0]) != NULL)
		return true;
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (slice_starts(text, wide[i]))
			return true;
	return false;
}

/* Bytes at the start of TEXT that stand for themselves. */
static size_t
plain_run(struct slice text, enum flavour flavour)
{
	const char *special = flavour == FLAVOUR_CSV ? "\"\t\r\n" :
	    "\\\t\r\n";
	size_t run = 0;

	while (run < text.len && (text.ptr[run] == '\0' ||
	    strchr(special, text.ptr[run]) == NULL))
		run++;
	return run;
}

/* Line ends inside quotes are part of the value (RFC 4180 section 2, rule
 * 6); tab-separated values know no quotes. */
static void
add_special(struct strbuf *out, enum flavour flavour, char c)
{
	static const char from[] = "\\\t\r\n";
	static const char to[] = "\\trn";

	if (flavour == FLAVOUR_TSV) {
		strbuf_add_char(out, '\\');
		strbuf_add_char(out, to[strchr(from, c) - from]);
		return;
	}
	if (c == '"')
		strbuf_add_char(out, '"');
	strbuf_add_char(out, c);
}

static bool
needs_quotes(struct slice text)
{
	if (text.len == 0 || text.ptr[0] == ' ' ||
	    text.ptr[text.len - 1] == ' ')
		return true;
	return slice_chr(text, ',') != NULL || slice_chr(text, ';') != NULL ||
	    plain_run(text, FLAVOUR_CSV) < text.len;
}

static void
add_text(struct strbuf *out, enum flavour flavour, struct slice text)
{
	bool has_quotes = flavour == FLAVOUR_CSV && needs_quotes(text);

	if (has_quotes)
		strbuf_add_char(out, '"');
	if (starts_formula(text))
		strbuf_add_char(out, '\'');
	while (text.len > 0) {
		size_t run = plain_run(text, flavour);

		scrub_text(out, slice_of(text.ptr, run), false);
		text = slice_skip(text, run);
		if (text.len == 0)
			break;
		add_special(out, flavour, text.ptr[0]);
		text = slice_skip(text, 1);
	}
	if (has_quotes)
		strbuf_add_char(out, '"');
}

static void
add_cell(struct strbuf *out, enum flavour flavour,
    const struct report_column *column, const void *row)
{
	struct strbuf reasons;
	struct cell cell;

	if (column->type == CELL_REASONS) {
		strbuf_init(&reasons, out->max_len);
		report_reasons_text(row, &reasons);
		add_text(out, flavour, strbuf_slice(&reasons));
		strbuf_release(&reasons);
		return;
	}
	report_cell(column, row, &cell);
	if (cell.type == CELL_TEXT && !cell.is_absent)
		add_text(out, flavour, cell.text);
	else
		report_cell_text(&cell, out);
}

static void
add_header(struct strbuf *out, const struct report_table *table,
    const char *separator, const char *line_end)
{
	bool is_first = true;

	for (size_t i = 0; i < table->column_count; i++) {
		if (!report_column_is_flat(&table->columns[i]))
			continue;
		if (!is_first)
			strbuf_add_str(out, separator);
		is_first = false;
		report_column_header(&table->columns[i], out);
	}
	strbuf_add_str(out, line_end);
}

static void
add_row(struct strbuf *out, enum flavour flavour,
    const struct report_table *table, const void *row, const char *separator)
{
	bool is_first = true;

	for (size_t i = 0; i < table->column_count; i++) {
		if (!report_column_is_flat(&table->columns[i]))
			continue;
		if (!is_first)
			strbuf_add_str(out, separator);
		is_first = false;
		add_cell(out, flavour, &table->columns[i], row);
	}
}

static enum mx_code
no_such_table(struct slice name, struct mx_err *err)
{
	struct strbuf names, shown;
	enum mx_code code;

	strbuf_init(&names, 512);
	strbuf_init(&shown, 64);
	for (size_t i = 0; report_tables[i] != NULL; i++)
		strbuf_addf(&names, "%s%s", i > 0 ? ", " : "",
		    report_tables[i]->name);
	scrub_text(&shown, name, false);
	code = mx_fail(err, MX_E_USAGE, "no table \"%s\"; there are: %s",
	    shown.ptr, names.ptr);
	strbuf_release(&names);
	strbuf_release(&shown);
	return code;
}

static enum mx_code
render_table(const struct report *report, const struct output_options *options,
    enum flavour flavour, FILE *out, struct mx_err *err)
{
	const char *separator = flavour == FLAVOUR_CSV ? "," : "\t";
	const char *line_end = flavour == FLAVOUR_CSV ? "\r\n" : "\n";
	struct slice name = slice_is_none(options->table) ? SLICE("series") :
	    options->table;
	const struct report_table *table = report_table_by_name(name);
	struct out_buffer buffer;
	size_t count;

	if (table == NULL)
		return no_such_table(name, err);
	count = table->rows(report).count;
	out_buffer_init(&buffer, out);
	add_header(&buffer.text, table, separator, line_end);
	for (size_t i = 0; i < count; i++) {
		add_row(&buffer.text, flavour, table,
		    report_table_row(table, report, i), separator);
		strbuf_add_str(&buffer.text, line_end);
		out_buffer_offer(&buffer);
	}
	return out_buffer_finish(&buffer, flavour == FLAVOUR_CSV ?
	    "the CSV table" : "the TSV table", err);
}

static enum mx_code
render_csv(const struct report *report, const struct output_options *options,
    FILE *out, struct mx_err *err)
{
	return render_table(report, options, FLAVOUR_CSV, out, err);
}

static enum mx_code
render_tsv(const struct report *report, const struct output_options *options,
    FILE *out, struct mx_err *err)
{
	return render_table(report, options, FLAVOUR_TSV, out, err);
}

const struct report_output output_csv = {
	.name = "csv",
	.extension = "csv",
	.title = "one table (--table), comma-separated (RFC 4180)",
	.is_binary = false,
	.shows_series = true,
	.render = render_csv,
};

const struct report_output output_tsv = {
	.name = "tsv",
	.extension = "tsv",
	.title = "one table (--table), tab-separated",
	.is_binary = false,
	.shows_series = true,
	.render = render_tsv,
};
