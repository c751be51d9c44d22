/* SPDX-License-Identifier: BSD-2-Clause */
/* bash(1) "Programmable Completion", zshcompsys(1), fish-completions(7). The
 * words come from the rows; what stands around them is each shell's. */
#include "cli/completion.h"

static bool
belongs(const struct option_row *row, const struct command *command)
{
	return row->commands == 0 || (row->commands & command->options) != 0;
}

static void
add_words(const char *const *word, struct strbuf *out)
{
	for (; *word != NULL; word++)
		strbuf_addf(out, "%s%s", *word, word[1] != NULL ? " " : "");
}

/* The words that ROW's argument can be, separated by blanks; "" where it is
 * free text. */
static void
add_choices(const struct option_row *row, const struct command *command,
    struct strbuf *out)
{
	if (strcmp(row->long_name, "format") == 0 &&
	    command->formats != NULL)
		strbuf_add_str(out, command->formats);
	if (row->slot.kind == VALUE_CHOICE)
		add_words(row->slot.choices, out);
}

static bool
has_choices(const struct option_row *row, const struct command *command)
{
	return row->slot.kind == VALUE_CHOICE ||
	    (strcmp(row->long_name, "format") == 0 &&
	    command->formats != NULL);
}

/* TEXT inside single quotes; what BEFORE lists gets a backslash as well. */
static void
add_quoted(const char *text, const char *before, struct strbuf *out)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			strbuf_add_str(out, "'\\''");
		else if (strchr(before, *text) != NULL)
			strbuf_addf(out, "\\%c", *text);
		else
			strbuf_add_char(out, *text);
	}
}

/* ------------------------------------------------------------------ */

static void
bash_values(const struct command *command, struct strbuf *out)
{
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *row = &option_rows[i];

		if (!belongs(row, command) || !has_choices(row, command))
			continue;
		strbuf_addf(out, "\t%s:--%s", command->name, row->long_name);
		if (row->short_name != 0)
			strbuf_addf(out, " | %s:-%c", command->name,
			    row->short_name);
		strbuf_add_str(out, ") words='");
		add_choices(row, command, out);
		strbuf_add_str(out, "' ;;\n");
	}
}

static void
bash_options(const struct command *command, struct strbuf *out)
{
	strbuf_addf(out, "\t%s) words='", command->name);
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *row = &option_rows[i];

		if (!belongs(row, command))
			continue;
		if (row->short_name != 0)
			strbuf_addf(out, "-%c ", row->short_name);
		strbuf_addf(out, "--%s ", row->long_name);
	}
	strbuf_add_str(out, "' ;;\n");
}

static void
bash_script(const struct command *const *commands, struct strbuf *out)
{
	strbuf_add_str(out, "# bash completion for mxtrend\n_mxtrend() {\n"
	    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} word words= command= i\n"
	    "\tlocal prev=${COMP_WORDS[COMP_CWORD-1]} commands='");
	for (size_t i = 0; commands[i] != NULL; i++)
		strbuf_addf(out, "%s ", commands[i]->name);
	strbuf_add_str(out, "'\n"
	    "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	    "\t\tword=${COMP_WORDS[i]}\n"
	    "\t\tif [[ $word != -* && \" $commands\" == *\" $word \"* ]]; then\n"
	    "\t\t\tcommand=$word\n\t\t\tbreak\n\t\tfi\n\tdone\n"
	    "\t# bash splits --option=value at the sign\n"
	    "\tif [[ $cur == = ]]; then\n\t\tcur=\n"
	    "\telif [[ $prev == = ]]; then\n"
	    "\t\tprev=${COMP_WORDS[COMP_CWORD-2]}\n\tfi\n"
	    "\tcase ${command:-report}:$prev in\n");
	for (size_t i = 0; commands[i] != NULL; i++)
		bash_values(commands[i], out);
	strbuf_add_str(out, "\tesac\n"
	    "\tif [[ -z $words && $cur == -* ]]; then\n"
	    "\t\tcase ${command:-report} in\n");
	for (size_t i = 0; commands[i] != NULL; i++)
		bash_options(commands[i], out);
	strbuf_add_str(out, "\t\tesac\n"
	    "\telif [[ -z $words && -z $command ]]; then\n"
	    "\t\twords=$commands\n\tfi\n"
	    "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\n"
	    "complete -o default -F _mxtrend mxtrend\n");
}

/* ------------------------------------------------------------------ */

static void
zsh_option(const struct option_row *row, const struct command *command,
    struct strbuf *out)
{
	strbuf_add_str(out, "\t\t");
	if (row->short_name != 0)
		strbuf_addf(out, "'(-%c --%s)'{-%c%s,--%s%s}", row->short_name,
		    row->long_name, row->short_name,
		    row->argument == ARGUMENT_REQUIRED ? "+" : "",
		    row->long_name,
		    row->argument == ARGUMENT_REQUIRED ? "=" : "");
	else
		strbuf_addf(out, "--%s%s", row->long_name,
		    row->argument == ARGUMENT_REQUIRED ? "=" :
		    row->argument == ARGUMENT_OPTIONAL ? "=-" : "");
	strbuf_add_str(out, "'[");
	add_quoted(row->help, "[]:\\", out);
	strbuf_add_char(out, ']');
	if (row->argument != ARGUMENT_NONE) {
		strbuf_addf(out, "%s:%s:",
		    row->argument == ARGUMENT_OPTIONAL ? ":" : "", row->hint);
		if (has_choices(row, command)) {
			strbuf_add_char(out, '(');
			add_choices(row, command, out);
			strbuf_add_char(out, ')');
		} else {
			strbuf_add_str(out, "_files");
		}
	}
	strbuf_add_str(out, "' \\\n");
}

static void
zsh_script(const struct command *const *commands, struct strbuf *out)
{
	strbuf_add_str(out, "#compdef mxtrend\n_mxtrend() {\n"
	    "\tlocal word command=report\n\tlocal -a commands\n"
	    "\tcommands=(\n");
	for (size_t i = 0; commands[i] != NULL; i++) {
		strbuf_addf(out, "\t\t'%s:", commands[i]->name);
		add_quoted(commands[i]->summary, ":\\", out);
		strbuf_add_str(out, "'\n");
	}
	strbuf_add_str(out, "\t)\n"
	    "\tfor word in ${words[2,CURRENT-1]}; do\n"
	    "\t\tif (( ${commands[(I)$word:*]} )); then\n"
	    "\t\t\tcommand=$word\n\t\t\tbreak\n\t\tfi\n\tdone\n"
	    "\tcase $command in\n");
	for (size_t i = 0; commands[i] != NULL; i++) {
		strbuf_addf(out, "\t%s) _arguments -s \\\n",
		    commands[i]->name);
		for (size_t n = 0; n < option_row_count; n++)
			if (belongs(&option_rows[n], commands[i]))
				zsh_option(&option_rows[n], commands[i], out);
		strbuf_add_str(out, "\t\t'1: :_mxtrend_first' '*:file:_files' ;;\n");
	}
	strbuf_add_str(out, "\tesac\n}\n"
	    "_mxtrend_first() {\n\t_describe command commands\n\t_files\n}\n"
	    "_mxtrend \"$@\"\n");
}

/* ------------------------------------------------------------------ */

/* The commands that take ROW: "report nightly". */
static void
fish_option(const struct option_row *row,
    const struct command *const *commands, struct strbuf *out)
{
	strbuf_add_str(out, "complete -c mxtrend");
	if (row->commands != 0) {
		strbuf_add_str(out, " -n '__fish_seen_subcommand_from");
		for (size_t i = 0; commands[i] != NULL; i++)
			if (belongs(row, commands[i]))
				strbuf_addf(out, " %s", commands[i]->name);
		strbuf_add_char(out, '\'');
	}
	if (row->short_name != 0)
		strbuf_addf(out, " -s %c", row->short_name);
	strbuf_addf(out, " -l %s -d '", row->long_name);
	add_quoted(row->help, "\\", out);
	strbuf_add_char(out, '\'');
	if (row->argument == ARGUMENT_REQUIRED)
		strbuf_add_str(out, " -r");
	if (row->slot.kind == VALUE_CHOICE) {
		strbuf_add_str(out, " -f -a '");
		add_words(row->slot.choices, out);
		strbuf_add_char(out, '\'');
	}
	strbuf_add_char(out, '\n');
}

static void
fish_script(const struct command *const *commands, struct strbuf *out)
{
	strbuf_add_str(out, "# fish completion for mxtrend\n");
	for (size_t i = 0; commands[i] != NULL; i++) {
		strbuf_addf(out, "complete -c mxtrend -n __fish_use_subcommand "
		    "-a %s -d '", commands[i]->name);
		add_quoted(commands[i]->summary, "\\", out);
		strbuf_add_str(out, "'\n");
		if (commands[i]->formats != NULL)
			strbuf_addf(out, "complete -c mxtrend -n "
			    "'__fish_seen_subcommand_from %s' -s f -l format "
			    "-x -a '%s'\n", commands[i]->name,
			    commands[i]->formats);
	}
	for (size_t i = 0; i < option_row_count; i++)
		if (strcmp(option_rows[i].long_name, "format") != 0)
			fish_option(&option_rows[i], commands, out);
}

enum mx_code
completion_script(const char *shell, const struct command *const *commands,
    struct strbuf *out, struct mx_err *err)
{
	if (strcmp(shell, "bash") == 0)
		bash_script(commands, out);
	else if (strcmp(shell, "zsh") == 0)
		zsh_script(commands, out);
	else if (strcmp(shell, "fish") == 0)
		fish_script(commands, out);
	else
		return mx_fail(err, MX_E_USAGE,
		    "--completion is for bash, zsh or fish, not '%s'", shell);
	return MX_OK;
}
