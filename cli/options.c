/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/options.h"

#include <stdlib.h>

/* Two commands may have options of one name; COMMAND's own one, if it was named
 * already, else the first. */
static const struct option_row *
row_by_long(struct slice name, const struct command *command)
{
	const struct option_row *first = NULL;

	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *row = &option_rows[i];

		if (!slice_eq(slice_str(row->long_name), name))
			continue;
		if (command != NULL && (row->commands & command->options) != 0)
			return row;
		if (first == NULL)
			first = row;
	}
	return first;
}

static const struct option_row *
row_by_short(char name)
{
	for (size_t i = 0; i < option_row_count; i++)
		if (option_rows[i].short_name == name)
			return &option_rows[i];
	return NULL;
}

static void
add_use(struct command_line *line, const struct option_row *row,
    const char *argument)
{
	line->wants_help |= row->action == ACTION_HELP;
	line->wants_version |= row->action == ACTION_VERSION;
	line->uses[line->use_count++] =
	    (struct option_use){ .row = row, .argument = argument };
}

/* --NAME, --NAME=VALUE or --NAME VALUE; *at is the word's index and moves on
 * to the last word used. */
static enum mx_code
take_long(struct command_line *line, int argc, const char *const *argv, int *at,
    struct mx_err *err)
{
	const char *word = argv[*at] + 2;
	const char *equals = strchr(word, '=');
	struct slice name = equals != NULL ? slice_between(word, equals) :
	    slice_str(word);
	const struct option_row *row = row_by_long(name, line->command);
	const char *value = equals != NULL ? equals + 1 : NULL;

	if (row == NULL)
		return mx_fail(err, MX_E_USAGE,
		    "unknown option --%.*s; see mxtrend --help",
		    SLICE_ARG(name));
	if (value != NULL && row->argument == ARGUMENT_NONE)
		return mx_fail(err, MX_E_USAGE, "option --%s takes no value",
		    row->long_name);
	if (value == NULL && row->argument == ARGUMENT_REQUIRED) {
		if (*at + 1 >= argc)
			return mx_fail(err, MX_E_USAGE,
			    "option --%s needs a value (%s)", row->long_name,
			    row->hint);
		value = argv[++*at];
	}
	add_use(line, row, value);
	return MX_OK;
}

/* -q, -qv, -fjson, -f json. A short form never has an optional argument, so
 * that a bundle reads in one way only. */
static enum mx_code
take_short(struct command_line *line, int argc, const char *const *argv, int *at,
    struct mx_err *err)
{
	for (const char *c = argv[*at] + 1; *c != '\0'; c++) {
		const struct option_row *row = row_by_short(*c);

		if (row == NULL)
			return mx_fail(err, MX_E_USAGE,
			    "unknown option -%c; see mxtrend --help", *c);
		if (row->argument != ARGUMENT_REQUIRED) {
			add_use(line, row, NULL);
			continue;
		}
		if (c[1] != '\0') {
			add_use(line, row, c + 1);
			return MX_OK;
		}
		if (*at + 1 >= argc)
			return mx_fail(err, MX_E_USAGE,
			    "option -%c needs a value (%s)", *c, row->hint);
		add_use(line, row, argv[++*at]);
	}
	return MX_OK;
}

static const struct command *
command_by_name(const struct command *const *commands, const char *name)
{
	for (; *commands != NULL; commands++)
		if (strcmp((*commands)->name, name) == 0)
			return *commands;
	return NULL;
}

/* The first operand names the command, unless it stood behind "--". */
static void
take_operand(struct command_line *line, const char *word,
    const struct command *const *commands, bool may_be_command)
{
	if (may_be_command && line->command == NULL &&
	    line->operand_count == 0) {
		line->command = command_by_name(commands, word);
		line->is_command_named = line->command != NULL;
		if (line->is_command_named)
			return;
	}
	line->operands[line->operand_count++] = word;
}

enum mx_code
options_parse(int argc, const char *const *argv,
    const struct command *const *commands, struct command_line *line_r,
    struct mx_err *err)
{
	bool has_options = true;
	size_t room = 0;

	/* A bundle holds at most as many options as it has letters. */
	for (int i = 1; i < argc; i++)
		room += strlen(argv[i]) + 1;
	*line_r = (struct command_line){ .command = NULL };
	line_r->uses = mx_calloc(room, sizeof(*line_r->uses));
	line_r->operands = mx_calloc(room, sizeof(*line_r->operands));
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];
		enum mx_code code = MX_OK;

		if (!has_options || word[0] != '-' || word[1] == '\0')
			take_operand(line_r, word, commands, has_options);
		else if (strcmp(word, "--") == 0)
			has_options = false;
		else if (word[1] == '-')
			code = take_long(line_r, argc, argv, &i, err);
		else
			code = take_short(line_r, argc, argv, &i, err);
		if (code != MX_OK)
			return code;
	}
	return MX_OK;
}

void
options_release(struct command_line *line)
{
	free(line->uses);
	free(line->operands);
	*line = (struct command_line){ .command = NULL };
}

/* True when WORD stands in LIST, words between single blanks. */
static bool
list_holds(const char *list, struct slice word)
{
	struct slice rest = slice_str(list);

	while (rest.len > 0) {
		const char *blank = slice_chr(rest, ' ');
		struct slice one = blank != NULL ?
		    slice_between(rest.ptr, blank) : rest;

		if (slice_eq(one, word))
			return true;
		rest = slice_skip(rest, one.len + 1);
	}
	return false;
}

enum mx_code
options_check(const struct command_line *line, const struct command *command,
    struct mx_err *err)
{
	const char *format = options_last(line, "format");

	for (size_t i = 0; i < line->use_count; i++) {
		const struct option_row *row = line->uses[i].row;

		if (row->commands == 0 ||
		    (row->commands & command->options) != 0)
			continue;
		return mx_fail(err, MX_E_USAGE,
		    "option --%s is not for %s; see mxtrend %s --help",
		    row->long_name, command->name, command->name);
	}
	if (format != NULL && !list_holds(command->formats, slice_str(format)))
		return mx_fail(err, MX_E_USAGE,
		    "%s has no format '%s'; it has %s", command->name, format,
		    command->formats);
	return MX_OK;
}

const char *
options_last(const struct command_line *line, const char *long_name)
{
	for (size_t i = line->use_count; i-- > 0;)
		if (strcmp(line->uses[i].row->long_name, long_name) == 0)
			return line->uses[i].argument;
	return NULL;
}

static enum mx_code
apply_use(const struct option_use *use, struct settings *settings,
    struct mx_err *err)
{
	const struct option_row *row = use->row;
	const char *implied = row->implied != NULL ? row->implied : "";
	struct mx_err why;
	enum mx_code code;

	if (row->action != ACTION_STORE)
		return MX_OK;
	code = value_set(settings, &row->slot, slice_str(
	    use->argument != NULL ? use->argument : implied), MX_E_USAGE,
	    &why);
	if (code != MX_OK)
		return mx_fail(err, code, "--%s: %s", row->long_name,
		    why.text);
	return MX_OK;
}

enum mx_code
options_apply(const struct command_line *line, struct settings *settings,
    struct mx_err *err)
{
	for (size_t i = 0; i < line->use_count; i++) {
		enum mx_code code = apply_use(&line->uses[i], settings, err);

		if (code != MX_OK)
			return code;
	}
	settings->operands = line->operands;
	settings->operand_count = line->operand_count;
	return MX_OK;
}
