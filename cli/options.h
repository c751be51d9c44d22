/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line: one row an option. Parsing, --help and the test of the
 * manual all read the same rows. Knows no command by name: it is given a
 * table of them. */
#ifndef MX_CLI_OPTIONS_H
#define MX_CLI_OPTIONS_H

#include "cli/command.h"
#include "cli/value.h"

enum option_argument { ARGUMENT_NONE, ARGUMENT_REQUIRED, ARGUMENT_OPTIONAL };

/* Rows that do more than store a value. */
enum option_action { ACTION_STORE, ACTION_HELP, ACTION_VERSION,
	ACTION_COMPLETION };

struct option_row {
	char short_name;        /* 0 = none */
	const char *long_name;
	enum option_argument argument;
	const char *hint;       /* "FILE"; NULL without argument */
	const char *help;       /* one line */
	unsigned commands;      /* OPTIONS_*: any of these; 0 = every command */
	enum option_action action;
	struct value_slot slot;
	const char *implied;    /* what is stored when no argument is given */
	const char *overrides;  /* "report.timezone": the configuration key
	                         * that it stands in for, or NULL */
};

extern const struct option_row option_rows[];
extern const size_t option_row_count;

struct option_use {
	const struct option_row *row;
	const char *argument; /* NULL = none; points into argv */
};

struct command_line {
	const struct command *command; /* NULL = none was named */
	bool is_command_named;
	bool wants_help, wants_version;
	struct option_use *uses;       /* in order */
	size_t use_count;
	const char **operands;         /* without the command's name */
	size_t operand_count;
};

/* Splits ARGV. The first operand that is a row of COMMANDS (ended by NULL)
 * names the command; the rest, and all of them where it is none, are
 * operands. A "-" is an operand; "--" ends the options. MX_E_USAGE: unknown
 * option, missing argument. Release it in either case. */
enum mx_code options_parse(int argc, const char *const *argv,
    const struct command *const *commands, struct command_line *line_r,
    struct mx_err *err) MX_MUST_USE;
void options_release(struct command_line *line);

/* MX_E_USAGE when an option of LINE is not for COMMAND, or a format is not
 * one of its. */
enum mx_code options_check(const struct command_line *line,
    const struct command *command, struct mx_err *err) MX_MUST_USE;

/* The argument of the last use of LONG_NAME, NULL when there is none. */
const char *options_last(const struct command_line *line,
    const char *long_name);

/* Stores all uses in SETTINGS; operands too. */
enum mx_code options_apply(const struct command_line *line,
    struct settings *settings, struct mx_err *err) MX_MUST_USE;

/* `mxtrend --help`: at most 24 lines; `mxtrend COMMAND --help`. */
void options_help(const struct command *const *commands, struct strbuf *out);
void options_help_command(const struct command *command, struct strbuf *out);

#endif
