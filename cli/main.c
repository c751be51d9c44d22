/* SPDX-License-Identifier: BSD-2-Clause */
/* The command table and the exit status; the only file that exits. No
 * parsing, no SQL, no knowledge of what a command does. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/say.h"
#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/config.h"
#include "cli/confine.h"
#include "cli/first_run.h"
#include "cli/nightly_push.h"
#include "cli/options.h"
#include "cli/output_check.h"
#include "cli/trust.h"
#include "cli/version.h"
#include "parsers/json_value.h"
#include "parsers/mail_parts.h"

enum { STATUS_FINDING = 1, OUTPUT_MAX = 1024 * 1024 };

/* THE TABLE of commands: one file cmd_NAME.c, one row. The first is meant
 * where none is named. */
static const struct command *const commands[] = {
	&command_report,
	&command_ingest,
	&command_nightly,
	&command_episodes,
	&command_evidence,
	&command_diff,
	&command_trace,
	&command_annotate,
	&command_parse,
	&command_classify,
	&command_rules,
	&command_status,
	&command_prune,
	&command_merge,
	&command_push,
	&command_formats,
	&command_config,
	NULL
};

static enum mx_code
print(const struct strbuf *text, struct mx_err *err)
{
	(void)fwrite(text->ptr, 1, text->len, stdout);
	return stream_check(stdout, "standard output", err);
}

static enum mx_code
print_help(const struct command *command, struct mx_err *err)
{
	struct strbuf text;
	enum mx_code code;

	strbuf_init(&text, OUTPUT_MAX);
	if (command != NULL)
		options_help_command(command, &text);
	else
		options_help(commands, &text);
	code = print(&text, err);
	strbuf_release(&text);
	return code;
}

static enum mx_code
print_completion(const char *shell, struct mx_err *err)
{
	struct strbuf text;
	enum mx_code code;

	strbuf_init(&text, OUTPUT_MAX);
	code = completion_script(shell, commands, &text, err);
	if (code == MX_OK)
		code = print(&text, err);
	strbuf_release(&text);
	return code;
}

static enum mx_code
print_version(struct mx_err *err)
{
	struct strbuf text;
	enum mx_code code;

	strbuf_init(&text, OUTPUT_MAX);
	version_text(&text);
	code = print(&text, err);
	strbuf_release(&text);
	return code;
}

/* A first word that is neither a command nor there as a file is taken for a
 * mistyped command. */
static enum mx_code
choose_command(struct command_line *line, struct mx_err *err)
{
	const char *first = line->operand_count != 0 ? line->operands[0] : NULL;

	if (line->command != NULL)
		return MX_OK;
	if (first != NULL && strcmp(first, "-") != 0 &&
	    strchr(first, '/') == NULL && access(first, F_OK) != 0)
		return mx_fail(err, MX_E_USAGE,
		    "no command and no file '%s'; see mxtrend --help", first);
	line->command = commands[0];
	return MX_OK;
}

static const char *
join_words(struct settings *settings, int argc, const char *const *argv)
{
	struct strbuf line;
	const char *copy;

	strbuf_init(&line, 4096);
	strbuf_add_str(&line, "mxtrend");
	for (int i = 1; i < argc; i++)
		strbuf_addf(&line, " %s", argv[i]);
	copy = arena_strndup(&settings->arena, line.ptr, line.len);
	strbuf_release(&line);
	return copy;
}

/* Defaults, files, variables, options: each overrides what was before. */
static enum mx_code
load_settings(const struct command_line *line, struct config *config,
    struct settings *settings, struct mx_err *err)
{
	const char *path = options_last(line, "config");
	enum mx_code code;

	if (path == NULL)
		path = getenv("MXTREND_CONFIG");
	if (path != NULL && path[0] == '\0')
		path = NULL;
	config_defaults(config, settings);
	code = config_load(config, settings, path, err);
	if (code == MX_OK)
		code = config_environment(config, settings, err);
	if (code == MX_OK)
		code = options_apply(line, settings, err);
	for (size_t i = 0; i < line->use_count; i++)
		if (line->uses[i].row->overrides != NULL)
			config_note_option(config,
			    line->uses[i].row->overrides);
	settings->is_period_given = options_last(line, "period") != NULL;
	settings->is_tz_given = options_last(line, "tz") != NULL;
	settings->is_log_tz_given = options_last(line, "log-tz") != NULL;
	settings->config = config;
	if (code == MX_OK)
		code = settings_resolve(settings, err);
	if (code == MX_OK)
		code = trust_settings(settings, err);
	return code;
}

/* `mxtrend` alone on a host where nothing was read yet. */
static bool
has_nothing_to_do(const struct command_line *line,
    const struct settings *settings)
{
	return !line->is_command_named && line->operand_count == 0 &&
	    settings->store_url == NULL && !settings_has_store(settings);
}

/* Then the configured logs, or those of this host, if there are any, instead of
 * an empty report. */
static bool
finds_something(struct settings *settings)
{
	struct strbuf said;
	bool has_found;

	strbuf_init(&said, OUTPUT_MAX);
	has_found = first_run_inputs("", settings, &said);
	if (said.len != 0)
		say_note("%s", said.ptr);
	strbuf_release(&said);
	return has_found;
}

static enum mx_code
run_command(const struct command_line *line, int argc, const char *const *argv,
    struct command_result *result, unsigned *fail_on_r, struct mx_err *err)
{
	static const unsigned bits[FAIL_ONS] = { [FAIL_ON_NOTHING] = 0,
		[FAIL_ON_NEW] = FINDING_NEW, [FAIL_ON_OPEN] = FINDING_OPEN,
		[FAIL_ON_ANY] = FINDING_ANY };
	const struct command *command = line->command;
	struct settings settings;
	struct config config;
	enum mx_code code;

	settings_init(&settings);
	code = options_check(line, line->command, err);
	if (code == MX_OK)
		code = load_settings(line, &config, &settings, err);
	if (code == MX_OK && has_nothing_to_do(line, &settings) &&
	    !finds_something(&settings)) {
		code = print_help(NULL, err);
	} else if (code == MX_OK) {
		settings.command_line = join_words(&settings, argc, argv);
		*fail_on_r = bits[settings.fail_on];
		code = output_check(command, &settings, err);
		if (code == MX_OK)
			code = nightly_push_split(&settings, &command, result,
			    err);
		if (code == MX_OK)
			code = confine(command, &settings, err);
		if (code == MX_OK)
			code = command->run(&settings, result, err);
	}
	settings_release(&settings);
	return code;
}

static enum mx_code
act(struct command_line *line, int argc, const char *const *argv,
    struct command_result *result, unsigned *fail_on_r, struct mx_err *err)
{
	enum mx_code code;

	if (line->wants_version)
		return print_version(err);
	if (options_last(line, "completion") != NULL)
		return print_completion(options_last(line, "completion"), err);
	if (line->wants_help)
		return print_help(line->command, err);
	code = choose_command(line, err);
	if (code != MX_OK)
		return code;
	return run_command(line, argc, argv, result, fail_on_r, err);
}

/* What was buffered may fail only now: a full disk must not look like
 * success. */
static enum mx_code
close_output(enum mx_code code, struct mx_err *err)
{
	if (code == MX_OK)
		code = stream_check(stdout, "standard output", err);
	if (fclose(stdout) != 0 && code == MX_OK)
		code = mx_fail_errno(err, MX_E_IO, errno, "standard output");
	return code;
}

/* Whoever reads our output has had enough: end as quietly as any other
 * filter does. */
static void
die_of_closed_pipe(void)
{
	(void)signal(SIGPIPE, SIG_DFL);
	(void)raise(SIGPIPE);
}

/* A file of ours that is opened while one of the three is closed would take its
 * place, and what is said would be written into it: into the lock of the store,
 * or into a report. Whatever fills the place fails as a closed one does. */
static void
fill_closed(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1 && open("/dev/null",
		    fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			exit(mx_exit_status(MX_E_OS));
}

int
main(int argc, char *argv_given[])
{
	const char *const *argv = (const char *const *)argv_given;
	struct command_line line = { .command = NULL };
	struct command_result result = { 0 };
	struct mx_err err = { .code = MX_OK };
	unsigned fail_on = 0;
	enum mx_code code;

	fill_closed();
	(void)setlocale(LC_CTYPE, "");
	(void)signal(SIGPIPE, SIG_IGN);
	mail_set_up();
	json_set_up();
	code = options_parse(argc, argv, commands, &line, &err);
	if (code == MX_OK)
		code = act(&line, argc, argv, &result, &fail_on, &err);
	options_release(&line);
	code = close_output(code, &err);
	if (code == MX_E_IO && err.sys_errno == EPIPE)
		die_of_closed_pipe();
	if (code != MX_OK && err.text[0] != '\0')
		say_err(NULL, &err);
	if (result.child_status != 0)
		return result.child_status;
	if (code == MX_OK && (result.findings & fail_on) != 0)
		return STATUS_FINDING;
	return mx_exit_status(code);
}
