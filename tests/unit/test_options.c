/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/options.h"

#include "cli/config.h"
#include "tests/support/cases.h"

enum { WORDS_MAX = 12 };

static const struct command report = { .name = "report", .usage = "[FILE...]",
	.summary = "the report", .description = "All of it.",
	.options = OPTIONS_WINDOW | OPTIONS_FORMAT | OPTIONS_OUTPUT |
	    OPTIONS_TOP | OPTIONS_FINDING,
	.formats = "text xlsx json" };
static const struct command parse = { .name = "parse", .usage = "[FILE...]",
	.summary = "the facts", .description = "One a line.",
	.options = OPTIONS_PARSE };
static const struct command classify = { .name = "classify",
	.usage = "[TEXT...]", .summary = "one reply", .description = "Says why.",
	.options = OPTIONS_CLASSIFY };
static const struct command episodes = { .name = "episodes",
	.usage = "[FILE...]", .summary = "blocks", .description = "All of them.",
	.options = OPTIONS_EPISODES };
static const struct command *const commands[] = { &report, &parse, &classify,
	&episodes, NULL };

/* Parses, checks and applies; the first failure ends it. */
static enum mx_code
take(const char *const *words, struct command_line *line, struct settings *settings,
    struct mx_err *err)
{
	struct config config;
	int argc = 1;
	enum mx_code code;

	while (words[argc] != NULL)
		argc++;
	settings_init(settings);
	config_defaults(&config, settings);
	code = options_parse(argc, words, commands, line, err);
	if (code == MX_OK)
		code = options_check(line,
		    line->command != NULL ? line->command : &report, err);
	if (code == MX_OK)
		code = options_apply(line, settings, err);
	return code;
}

static void
drop(struct command_line *line, struct settings *settings)
{
	options_release(line);
	settings_release(settings);
}

static void
show(const char *label, const char *value, struct strbuf *out)
{
	if (value != NULL && value[0] != '\0')
		strbuf_addf(out, " %s=%s", label, value);
}

/* Everything that these cases can set, in one line. */
static void
describe(const struct command_line *line, const struct settings *s,
    struct strbuf *out)
{
	strbuf_add_str(out, line->command != NULL ? line->command->name : "-");
	show("f", s->format, out);
	show("o", s->output, out);
	show("since", s->since, out);
	show("tz", s->tz, out);
	show("state", s->state_dir, out);
	if (s->is_quiet)
		strbuf_add_str(out, " quiet");
	if (s->verbose != 0)
		strbuf_addf(out, " v%u", s->verbose);
	if (s->top != 0)
		strbuf_addf(out, " top=%d", (int)s->top);
	if (s->threads != 0)
		strbuf_addf(out, " j%d", (int)s->threads);
	if (s->is_recursive)
		strbuf_add_str(out, " r");
	if (s->with_skipped)
		strbuf_add_str(out, " skipped");
	if (s->classify_explain)
		strbuf_add_str(out, " explained");
	show("explain", s->explain, out);
	if (s->color == COLOR_ALWAYS)
		strbuf_add_str(out, " color");
	if (s->fail_on == FAIL_ON_OPEN)
		strbuf_add_str(out, " fail-open");
	if (line->wants_help)
		strbuf_add_str(out, " help");
	if (line->wants_version)
		strbuf_add_str(out, " version");
	for (size_t i = 0; i < s->operand_count; i++)
		strbuf_addf(out, " [%s]", s->operands[i]);
}

static const struct good_case {
	const char *name;
	const char *words[WORDS_MAX];
	const char *want;
} good_cases[] = {
	{ "a_command_and_its_files", { "mxtrend", "report", "a", "b" },
	  "report [a] [b]" },
	{ "files_without_command", { "mxtrend", "a.log", "report" },
	  "- [a.log] [report]" },
	{ "only_the_first_command_word_is_one",
	  { "mxtrend", "report", "parse" }, "report [parse]" },
	{ "global_options_before_the_command",
	  { "mxtrend", "--tz", "UTC", "-q", "report" }, "report tz=UTC quiet" },
	{ "global_options_behind_the_command",
	  { "mxtrend", "report", "--tz", "UTC", "-q" }, "report tz=UTC quiet" },
	{ "the_commands_own_options_before_it",
	  { "mxtrend", "--skipped", "parse", "x" }, "parse skipped [x]" },
	{ "the_named_command_decides_between_options_of_one_name",
	  { "mxtrend", "classify", "--explain", "x" },
	  "classify explained [x]" },
	{ "and_the_other_command_has_its_own",
	  { "mxtrend", "episodes", "--explain", "4711", "x" },
	  "episodes explain=4711 [x]" },
	{ "options_between_files", { "mxtrend", "report", "a", "-q", "b" },
	  "report quiet [a] [b]" },
	{ "a_long_option_with_equals", { "mxtrend", "report", "--since=-7d" },
	  "report since=-7d" },
	{ "a_value_may_look_like_an_option",
	  { "mxtrend", "report", "--since", "-7d" }, "report since=-7d" },
	{ "a_value_may_hold_equals_signs",
	  { "mxtrend", "report", "--output=a=b" }, "report o=a=b" },
	{ "a_short_option_with_its_value_apart",
	  { "mxtrend", "report", "-f", "json" }, "report f=json" },
	{ "a_short_option_with_its_value_attached",
	  { "mxtrend", "report", "-fjson" }, "report f=json" },
	{ "short_options_in_a_bundle",
	  { "mxtrend", "report", "-rvvqfjson", "x" },
	  "report f=json quiet v2 r [x]" },
	{ "v_adds_up", { "mxtrend", "-v", "report", "--verbose", "-v" },
	  "report v3" },
	{ "the_last_of_two_counts",
	  { "mxtrend", "report", "-n", "5", "--top=7" }, "report top=7" },
	{ "a_dash_is_a_file", { "mxtrend", "parse", "-" }, "parse [-]" },
	{ "two_dashes_end_the_options",
	  { "mxtrend", "report", "--", "-q", "--" }, "report [-q] [--]" },
	{ "behind_two_dashes_there_is_no_command",
	  { "mxtrend", "--", "report" }, "- [report]" },
	{ "an_optional_value_needs_its_equals_sign",
	  { "mxtrend", "report", "--color", "never" },
	  "report color [never]" },
	{ "color_alone_means_always", { "mxtrend", "report", "--color" },
	  "report color" },
	{ "color_with_a_word", { "mxtrend", "report", "--color=always" },
	  "report color" },
	{ "a_choice", { "mxtrend", "report", "--fail-on=open" },
	  "report fail-open" },
	{ "threads", { "mxtrend", "report", "-j2", "--state", "/s" },
	  "report state=/s j2" },
	{ "help", { "mxtrend", "parse", "-h" }, "parse help" },
	{ "version", { "mxtrend", "--version" }, "- version" },
	{ "nothing_at_all", { "mxtrend" }, "-" },
};

static void
run_good(void **state)
{
	const struct good_case *c = *state;
	struct command_line line;
	struct settings settings;
	struct strbuf got;
	struct mx_err err;

	strbuf_init(&got, 1000);
	if (take(c->words, &line, &settings, &err) != MX_OK)
		fail_msg("%s", err.text);
	describe(&line, &settings, &got);
	assert_string_equal(got.ptr, c->want);
	strbuf_release(&got);
	drop(&line, &settings);
}

static const struct bad_case {
	const char *name;
	const char *words[WORDS_MAX];
	const char *want;
} bad_cases[] = {
	{ "an_unknown_long_option", { "mxtrend", "--nope=1" },
	  "unknown option --nope; see mxtrend --help" },
	{ "an_abbreviation_is_unknown", { "mxtrend", "report", "--outp", "x" },
	  "unknown option --outp; see mxtrend --help" },
	{ "an_unknown_short_option", { "mxtrend", "-qZ" },
	  "unknown option -Z; see mxtrend --help" },
	{ "a_long_option_without_its_value", { "mxtrend", "report", "--tz" },
	  "option --tz needs a value (ZONE)" },
	{ "a_short_option_without_its_value", { "mxtrend", "report", "-qf" },
	  "option -f needs a value (FORMAT)" },
	{ "a_value_where_none_belongs", { "mxtrend", "--quiet=yes" },
	  "option --quiet takes no value" },
	{ "an_option_of_another_command",
	  { "mxtrend", "parse", "--since=-7d" },
	  "option --since is not for parse; see mxtrend parse --help" },
	{ "a_format_the_command_does_not_have",
	  { "mxtrend", "report", "-f", "pdf" },
	  "report has no format 'pdf'; it has text xlsx json" },
	{ "half_of_a_formats_name", { "mxtrend", "report", "-f", "xls" },
	  "report has no format 'xls'; it has text xlsx json" },
	{ "no_number", { "mxtrend", "report", "-n", "many" },
	  "--top: 'many' is no number from 1 to 1000000" },
	{ "a_number_with_something_behind", { "mxtrend", "report", "-n5x" },
	  "--top: '5x' is no number from 1 to 1000000" },
	{ "a_number_too_small", { "mxtrend", "-j0" },
	  "--threads: '0' is no number from 1 to 64" },
	{ "a_number_too_large", { "mxtrend", "-j65" },
	  "--threads: '65' is no number from 1 to 64" },
	{ "no_such_choice", { "mxtrend", "report", "--fail-on=all" },
	  "--fail-on: 'all' is none of nothing new open any" },
	{ "no_such_color", { "mxtrend", "--color=green" },
	  "--color: 'green' is none of auto always never" },
};

static void
run_bad(void **state)
{
	const struct bad_case *c = *state;
	struct command_line line;
	struct settings settings;
	struct mx_err err;

	assert_int_equal(take(c->words, &line, &settings, &err), MX_E_USAGE);
	assert_string_equal(err.text, c->want);
	drop(&line, &settings);
}

static void
no_two_options_share_a_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *a = &option_rows[i];

		for (size_t k = i + 1; k < option_row_count; k++) {
			const struct option_row *b = &option_rows[k];

			/* of different commands they may */
			if (a->commands == 0 || b->commands == 0 ||
			    (a->commands & b->commands) != 0)
				assert_string_not_equal(a->long_name,
				    b->long_name);
			if (a->short_name != 0)
				assert_int_not_equal(a->short_name,
				    b->short_name);
		}
	}
}

/* Else -fA could be read in two ways. */
static void
no_short_option_has_an_optional_value(void **state)
{
	(void)state;
	for (size_t i = 0; i < option_row_count; i++)
		if (option_rows[i].argument == ARGUMENT_OPTIONAL)
			assert_int_equal(option_rows[i].short_name, 0);
}

static void
every_line_of_help_fits_80_columns(void **state)
{
	const struct command all = { .name = "everything", .usage = "",
		.summary = "", .description = "", .options = UINT32_MAX,
		.formats = "text" };
	struct strbuf text;
	size_t column = 0;

	(void)state;
	strbuf_init(&text, 100000);
	options_help_command(&all, &text);
	for (size_t i = 0; i < text.len; i++) {
		column = text.ptr[i] == '\n' ? 0 : column + 1;
		assert_in_range(column, 0, 79);
	}
	for (size_t i = 0; i < option_row_count; i++)
		assert_non_null(strstr(text.ptr, option_rows[i].long_name));
	strbuf_release(&text);
}

static void
help_of_a_command_shows_only_its_options(void **state)
{
	struct strbuf text;

	(void)state;
	strbuf_init(&text, 100000);
	options_help_command(&parse, &text);
	assert_non_null(strstr(text.ptr, "--skipped"));
	assert_non_null(strstr(text.ptr, "--tz=ZONE"));
	assert_null(strstr(text.ptr, "--since"));
	strbuf_release(&text);
}

static void
overrides_name_a_configuration_key(void **state)
{
	(void)state;
	for (size_t i = 0; i < option_row_count; i++) {
		const char *key = option_rows[i].overrides;
		bool is_known = key == NULL;

		for (size_t k = 0; k < config_key_count; k++) {
			struct strbuf name;

			strbuf_init(&name, 100);
			strbuf_addf(&name, "%s.%s", config_keys[k].section,
			    config_keys[k].name);
			if (key != NULL && strcmp(key, name.ptr) == 0)
				is_known = true;
			strbuf_release(&name);
		}
		assert_true(is_known);
	}
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, good_cases, run_good);
	CASES_ADD_TABLE(&cases, bad_cases, run_bad);
	cases_add(&cases, "no_two_options_share_a_name",
	    no_two_options_share_a_name, NULL);
	cases_add(&cases, "no_short_option_has_an_optional_value",
	    no_short_option_has_an_optional_value, NULL);
	cases_add(&cases, "every_line_of_help_fits_80_columns",
	    every_line_of_help_fits_80_columns, NULL);
	cases_add(&cases, "help_of_a_command_shows_only_its_options",
	    help_of_a_command_shows_only_its_options, NULL);
	cases_add(&cases, "overrides_name_a_configuration_key",
	    overrides_name_a_configuration_key, NULL);
	return cases_run(&cases);
}
