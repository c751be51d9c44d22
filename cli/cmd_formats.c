/* SPDX-License-Identifier: BSD-2-Clause */
/* mxtrend formats: what it can read and how it recognises each; or the proof of
 * a format file. Reads no log. */
#include <stdio.h>

#include "analyzer/data_dir.h"
#include "base/atomic_file.h"
#include "base/json_writer.h"
#include "base/say.h"
#include "cli/commands.h"
#include "cli/format_check.h"
#include "cli/user_formats.h"
#include "parsers/ingest_formats.h"
#include "parsers/report_formats.h"
#include "reports/text_table.h"

enum { LISTING_MAX = 1024 * 1024, NAME_COLUMN = 16 };

struct format_row {
	const char *name, *title, *recognised;
};

static void
column_text(struct strbuf *out, const char *name, const char *text,
    size_t width)
{
	size_t column = NAME_COLUMN;

	strbuf_addf(out, "%-*s", NAME_COLUMN, name);
	text_wrap(out, slice_str(text), NAME_COLUMN, width, &column);
	strbuf_add_char(out, '\n');
}

static void
row_text(struct strbuf *out, const struct format_row *row, size_t width)
{
	column_text(out, row->name, row->title, width);
	column_text(out, "", row->recognised, width);
}

/* One object a line. */
static void
row_json(struct strbuf *out, const struct format_row *row, size_t width)
{
	struct json_writer json;

	(void)width;
	json_init(&json, out, false);
	json_open_object(&json);
	json_member_text(&json, "name", slice_str(row->name));
	json_member_text(&json, "title", slice_str(row->title));
	json_member_text(&json, "recognised", slice_str(row->recognised));
	json_close_object(&json);
	strbuf_add_char(out, '\n');
}

/* The user's, ours, then reports. */
static void
list(struct strbuf *out, const struct user_formats *own, size_t width,
    void (*add)(struct strbuf *out, const struct format_row *row,
    size_t width))
{
	for (size_t i = 0; i < own->count; i++)
		add(out, &(struct format_row){ own->list[i]->name,
		    own->list[i]->title, own->list[i]->recognised }, width);
	for (size_t i = 0; log_formats[i] != NULL; i++)
		add(out, &(struct format_row){ log_formats[i]->name,
		    log_formats[i]->title, log_formats[i]->recognised }, width);
	for (size_t i = 0; report_formats[i].name != NULL; i++)
		add(out, &(struct format_row){ report_formats[i].name,
		    report_formats[i].title, report_formats[i].recognised },
		    width);
}

static enum mx_code
print(const struct strbuf *text, struct mx_err *err)
{
	(void)fwrite(text->ptr, 1, text->len, stdout);
	return stream_check(stdout, "standard output", err);
}

/* Names and lines of the file, which may be of strangers, stand in it. */
static void
add_lines(struct strbuf *out, struct slice text, bool ascii_only)
{
	struct slice line;

	while (data_next_line(&text, &line)) {
		scrub_text(out, line, ascii_only);
		strbuf_add_char(out, '\n');
	}
}

/* Faults go to standard output: they are what was asked for. */
static enum mx_code
check(const struct settings *settings, struct strbuf *text,
    struct mx_err *err)
{
	size_t faults;
	struct strbuf raw;
	enum mx_code code;

	strbuf_init(&raw, LISTING_MAX);
	code = format_check(settings, settings->checked_format, &raw, &faults,
	    err);
	if (code == MX_OK)
		add_lines(text, strbuf_slice(&raw), !settings->is_utf8);
	if (code == MX_OK)
		code = print(text, err);
	strbuf_release(&raw);
	if (code == MX_OK && faults != 0)
		return mx_fail(err, MX_E_CONFIG, "%zu fault%s in the format",
		    faults, faults == 1 ? "" : "s");
	return code;
}

static enum mx_code
list_all(const struct settings *settings, struct strbuf *text,
    struct mx_err *err)
{
	struct user_formats own;
	enum mx_code code = user_formats_open(settings->format_dirs,
	    settings->format_dir_count, &own, err);

	if (code != MX_OK)
		return code;
	list(text, &own, settings->width, settings->format != NULL &&
	    strcmp(settings->format, "json") == 0 ? row_json : row_text);
	user_formats_close(&own);
	return print(text, err);
}

static enum mx_code
run(const struct settings *settings, struct command_result *result,
    struct mx_err *err)
{
	struct strbuf text;
	enum mx_code code;

	(void)result;
	if (settings->operand_count != 0)
		return mx_fail(err, MX_E_USAGE, "formats takes no operands");
	strbuf_init(&text, LISTING_MAX);
	code = settings->checked_format != NULL ?
	    check(settings, &text, err) : list_all(settings, &text, err);
	strbuf_release(&text);
	return code;
}

const struct command command_formats = {
	.name = "formats",
	.summary = "the formats it reads, with how each is recognised",
	.usage = "",
	.description = "A file's format is recognised by its content, never "
	    "by its name; --input-format=NAME forces one. --check proves a "
	    "format of your own (mxtrend-formats(5)) by the samples in it, "
	    "prints file, line and reason of each fault, and ends with status "
	    "78 when there is one.",
	.options = OPTIONS_FORMAT | OPTIONS_FORMATS,
	.formats = "text json",
	.run = run,
};
