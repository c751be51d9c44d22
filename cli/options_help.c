/* SPDX-License-Identifier: BSD-2-Clause */
/* --help, out of the same rows that parse. */
#include "cli/options.h"

enum { HELP_COLUMN = 26, HELP_WIDTH = 78 };

void
options_help(const struct command *const *commands, struct strbuf *out)
{
	strbuf_add_str(out, "Usage: mxtrend [OPTIONS] [COMMAND] [OPTIONS] "
	    "[FILE...]   (COMMAND: report)\n\n");
	for (; *commands != NULL; commands++)
		strbuf_addf(out, "  %-10s %s\n", (*commands)->name,
		    (*commands)->summary);
	strbuf_add_str(out, "\n`mxtrend COMMAND --help` tells its options; "
	    "mxtrend(1) tells all.\n");
}

static void
help_row(const struct option_row *row, struct strbuf *out)
{
	size_t start = out->len;

	if (row->short_name != 0)
		strbuf_addf(out, "  -%c, --%s", row->short_name,
		    row->long_name);
	else
		strbuf_addf(out, "      --%s", row->long_name);
	if (row->argument == ARGUMENT_REQUIRED)
		strbuf_addf(out, "=%s", row->hint);
	else if (row->argument == ARGUMENT_OPTIONAL)
		strbuf_addf(out, "[=%s]", row->hint);
	do {
		strbuf_add_char(out, ' ');
	} while (out->len - start < HELP_COLUMN);
	strbuf_addf(out, "%s\n", row->help);
}

/* Words in lines of HELP_WIDTH; a newline in TEXT stays one. */
static void
help_text(const char *text, struct strbuf *out)
{
	size_t column = 0;

	for (struct slice rest = slice_str(text); rest.len > 0;) {
		size_t len = 0;

		while (len < rest.len && rest.ptr[len] != ' ' &&
		    rest.ptr[len] != '\n')
			len++;
		if (column != 0 && column + 1 + len > HELP_WIDTH) {
			strbuf_add_char(out, '\n');
			column = 0;
		} else if (column != 0) {
			strbuf_add_char(out, ' ');
			column++;
		}
		strbuf_add(out, rest.ptr, len);
		column += len;
		if (len < rest.len && rest.ptr[len] == '\n') {
			strbuf_add_char(out, '\n');
			column = 0;
		}
		rest = slice_skip(rest, len + 1);
	}
	if (column != 0)
		strbuf_add_char(out, '\n');
}

void
options_help_command(const struct command *command, struct strbuf *out)
{
	strbuf_addf(out, "Usage: mxtrend %s [OPTIONS]%s%s\n\n",
	    command->name, command->usage[0] != '\0' ? " " : "",
	    command->usage);
	help_text(command->description, out);
	if (command->options != 0)
		strbuf_add_str(out, "\nOptions:\n");
	for (size_t i = 0; i < option_row_count; i++)
		if ((option_rows[i].commands & command->options) != 0)
			help_row(&option_rows[i], out);
	if (command->formats != NULL)
		strbuf_addf(out, "\nFormats: %s (the first is the default)\n",
		    command->formats);
	strbuf_add_str(out, "\nOptions of every command:\n");
	for (size_t i = 0; i < option_row_count; i++)
		if (option_rows[i].commands == 0)
			help_row(&option_rows[i], out);
}
