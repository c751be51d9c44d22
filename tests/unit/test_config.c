/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/config.h"

#include <unistd.h>

#include "tests/support/cases.h"

/* The name that error messages show: the file is always called this. */
#define PATH "test.conf"

struct loaded {
	struct config config;
	struct settings settings;
	struct mx_err err;
	enum mx_code code;
};

static int
enter(void **state)
{
	char dir[] = "/tmp/mxtrend-config.XXXXXX";

	(void)state;
	return mkdtemp(dir) != NULL && chdir(dir) == 0 ? 0 : -1;
}

static int
leave(void **state)
{
	char dir[200];

	(void)state;
	(void)unlink(PATH);
	if (getcwd(dir, sizeof(dir)) == NULL || chdir("/") != 0)
		return -1;
	return rmdir(dir);
}

static void
load(struct loaded *l, const char *text)
{
	FILE *file = fopen(PATH, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	settings_init(&l->settings);
	config_defaults(&l->config, &l->settings);
	l->code = config_load(&l->config, &l->settings, PATH, &l->err);
}

static void
unload(struct loaded *l)
{
	settings_release(&l->settings);
}

static const char *
origin(const struct loaded *l, const char *section, const char *name)
{
	for (size_t i = 0; i < config_key_count; i++)
		if (strcmp(config_keys[i].section, section) == 0 &&
		    strcmp(config_keys[i].name, name) == 0)
			return l->config.origins[i];
	return NULL;
}

static void
built_in_values_are_those_of_the_manual(void **state)
{
	struct loaded l;

	(void)state;
	load(&l, "");
	assert_int_equal(l.code, MX_OK);
	assert_int_equal(l.settings.episodes.refusal_weight, 6);
	assert_int_equal(l.settings.episodes.acceptance_weight, 1);
	assert_int_equal(l.settings.episodes.noisy_refusal_weight, 3);
	assert_int_equal(l.settings.episodes.threshold, 12);
	assert_int_equal(l.settings.episodes.threshold_growth, 4);
	assert_int_equal(l.settings.episodes.cap_factor, 2);
	assert_int_equal(l.settings.episodes.base_days, 28);
	assert_int_equal(l.settings.episodes.close_acceptances, 3);
	assert_int_equal(l.settings.episodes.close_quiet_s, 24 * 3600);
	assert_int_equal(l.settings.episodes.merge_s, 48 * 3600);
	assert_int_equal(l.settings.episodes.silent_s, 7 * 86400);
	assert_int_equal(l.settings.queue_lifetime_s, 6 * 86400);
	assert_int_equal(l.settings.keep_totals_s, 0);
	assert_int_equal(l.settings.input_count, 0);
	assert_string_equal(origin(&l, "episodes", "merge"), "default");
	unload(&l);
}

static void
values_know_their_line(void **state)
{
	struct loaded l;

	(void)state;
	load(&l, "# a comment\n[report]\n\ntimezone = Europe/Berlin ; here\n"
	    "[store]\nkeep_detail=30d\n");
	assert_int_equal(l.code, MX_OK);
	assert_string_equal(l.settings.tz, "Europe/Berlin");
	assert_int_equal(l.settings.keep_detail_s, 30 * 86400);
	assert_string_equal(origin(&l, "report", "timezone"), PATH ":4");
	assert_string_equal(origin(&l, "store", "keep_detail"), PATH ":6");
	assert_string_equal(origin(&l, "report", "top"), "default");
	unload(&l);
}

static void
inputs_take_quoted_globs_over_several_lines(void **state)
{
	struct loaded l;
	const struct setting_input *in;

	(void)state;
	load(&l, "[inputs]\nfiles = \"/var/log/mail.log*\" /var/log/x\n"
	    "    \"/srv/with blank/*\"\nfiles = /more\n"
	    "[inputs old]\nfiles = /old/*\ntimezone = UTC\nformat = exim\n");
	assert_int_equal(l.code, MX_OK);
	assert_int_equal(l.settings.input_count, 2);
	in = &l.settings.inputs[0];
	assert_string_equal(in->name, "");
	assert_int_equal(in->pattern_count, 4);
	assert_string_equal(in->patterns[0], "/var/log/mail.log*");
	assert_string_equal(in->patterns[1], "/var/log/x");
	assert_string_equal(in->patterns[2], "/srv/with blank/*");
	assert_string_equal(in->patterns[3], "/more");
	assert_null(in->timezone);
	in = &l.settings.inputs[1];
	assert_string_equal(in->name, "old");
	assert_string_equal(in->timezone, "UTC");
	assert_string_equal(in->format, "exim");
	unload(&l);
}

static void
names_of_the_users_own_may_hold_colons(void **state)
{
	struct loaded l;

	(void)state;
	load(&l, "[hops]\n2001:db8::/32 = internal\n10.1.0.0/16=remote ; x\n"
	    "relay.example.com : 25 = local\n"
	    "[source-ip]\npostfix-out1 = 192.0.2.9\ndefault = 2001:db8::9\n");
	assert_int_equal(l.code, MX_OK);
	assert_int_equal(l.settings.hops.count, 3);
	assert_string_equal(l.settings.hops.rows[0].name, "2001:db8::/32");
	assert_string_equal(l.settings.hops.rows[0].value, "internal");
	assert_string_equal(l.settings.hops.rows[1].name, "10.1.0.0/16");
	assert_string_equal(l.settings.hops.rows[1].value, "remote");
	assert_string_equal(l.settings.hops.rows[2].name,
	    "relay.example.com : 25");
	assert_int_equal(l.settings.source_ips.count, 2);
	assert_string_equal(l.settings.source_ips.rows[0].name,
	    "postfix-out1");
	assert_string_equal(l.settings.source_ips.rows[1].value,
	    "2001:db8::9");
	assert_string_equal(l.settings.source_ips.rows[1].origin, PATH ":7");
	unload(&l);
}

static void
what_is_shown_can_be_read_again(void **state)
{
	struct loaded a, b;
	struct strbuf first, second;

	(void)state;
	strbuf_init(&first, 100000);
	strbuf_init(&second, 100000);
	load(&a, "[inputs]\nfiles = \"/a b/*\"\n[report]\nfail_on = open\n"
	    "[inputs two]\nfiles = /c\ntimezone = UTC\n"
	    "[hops]\n2001:db8::/32 = internal\n[outputs]\nxlsx = /r.xlsx\n");
	assert_int_equal(a.code, MX_OK);
	config_show(&a.config, &a.settings, &first);
	load(&b, first.ptr);
	if (b.code != MX_OK)
		fail_msg("%s", b.err.text);
	assert_int_equal(b.settings.fail_on, FAIL_ON_OPEN);
	assert_string_equal(b.settings.inputs[0].patterns[0], "/a b/*");
	assert_string_equal(b.settings.hops.rows[0].name, "2001:db8::/32");
	assert_string_equal(b.settings.outputs.rows[0].value, "/r.xlsx");
	config_show(&b.config, &b.settings, &second);
	strbuf_release(&first);
	strbuf_release(&second);
	unload(&a);
	unload(&b);
}

static const struct bad_case {
	const char *name, *in, *want;
} bad_cases[] = {
	{ "an_unknown_key", "[report]\ncolour = red\n",
	  PATH ":2: unknown key 'colour' in [report]" },
	{ "an_unknown_section", "[reports]\ntop = 5\n",
	  PATH ":2: 'top' in unknown section [reports]" },
	{ "a_key_before_any_section", "top = 5\n",
	  PATH ":1: 'top' in unknown section []" },
	{ "a_bad_number", "\n\n[report]\ntop = five\n",
	  PATH ":4: 'five' is no number from 0 to 1000000" },
	{ "a_bad_age", "[store]\nkeep_detail = 30\n",
	  PATH ":2: '30' is no age such as 36h, 90d, 2 weeks or never" },
	{ "a_bad_choice", "[run]\ncolor = red\n",
	  PATH ":2: 'red' is none of auto always never" },
	{ "a_line_that_is_no_ini", "[report]\ntop\n",
	  PATH ":2: neither [section] nor key = value" },
	{ "a_section_without_an_end", "[report\ntop = 1\n",
	  PATH ":1: neither [section] nor key = value" },
	{ "a_quote_without_an_end", "[inputs]\nfiles = \"/var/log\n",
	  PATH ":2: quote without an end" },
	{ "an_unknown_key_of_a_named_input", "[inputs x]\nfile = y\n",
	  PATH ":2: unknown key in [inputs NAME]: it has files, timezone and "
	  "format" },
	{ "a_pair_without_value", "[hops]\nrelay.example.com =\n",
	  PATH ":2: nothing before or behind the '='" },
	{ "a_pair_without_equals_sign", "[hops]\n2001:db8::1\n",
	  PATH ":2: no '=' in this line" },
	{ "the_first_trouble_is_told", "[report]\na = 1\nb = 2\n",
	  PATH ":2: unknown key 'a' in [report]" },
};

static void
run_bad(void **state)
{
	const struct bad_case *c = *state;
	struct loaded l;

	load(&l, c->in);
	assert_int_equal(l.code, MX_E_CONFIG);
	assert_string_equal(l.err.text, c->want);
	unload(&l);
}

/* inih would cut it and read half a value. */
static void
a_line_too_long_is_refused(void **state)
{
	char text[1200];
	struct loaded l;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	memcpy(text, "[rules]\ndirectory = ", 20);
	load(&l, text);
	assert_int_equal(l.code, MX_E_CONFIG);
	assert_string_equal(l.err.text,
	    PATH ":2: line too long; go on with an indented one");
	unload(&l);
}

static void
a_named_file_must_be_there(void **state)
{
	struct loaded l;

	(void)state;
	settings_init(&l.settings);
	config_defaults(&l.config, &l.settings);
	assert_int_equal(config_load(&l.config, &l.settings, "gone.conf",
	    &l.err), MX_E_CONFIG);
	assert_string_equal(l.err.text, "gone.conf: No such file or directory");
	unload(&l);
}

static void
a_variable_overrides_a_file(void **state)
{
	struct loaded l;

	(void)state;
	load(&l, "[report]\ntop = 5\n[run]\nthreads = 3\n");
	assert_int_equal(setenv("MXTREND_REPORT_TOP", "9", 1), 0);
	assert_int_equal(setenv("MXTREND_RUN_THREADS", "", 1), 0);
	assert_int_equal(config_environment(&l.config, &l.settings, &l.err),
	    MX_OK);
	assert_int_equal(l.settings.top, 9);
	assert_int_equal(l.settings.threads, 3);
	assert_string_equal(origin(&l, "report", "top"), "MXTREND_REPORT_TOP");
	assert_string_equal(origin(&l, "run", "threads"), PATH ":4");
	assert_int_equal(setenv("MXTREND_REPORT_TOP", "x", 1), 0);
	assert_int_equal(config_environment(&l.config, &l.settings, &l.err),
	    MX_E_CONFIG);
	assert_string_equal(l.err.text,
	    "MXTREND_REPORT_TOP: 'x' is no number from 0 to 1000000");
	(void)unsetenv("MXTREND_REPORT_TOP");
	(void)unsetenv("MXTREND_RUN_THREADS");
	unload(&l);
}

static void
an_option_is_an_origin_too(void **state)
{
	struct loaded l;

	(void)state;
	load(&l, "");
	config_note_option(&l.config, "report.timezone");
	assert_string_equal(origin(&l, "report", "timezone"), "option");
	assert_string_equal(origin(&l, "inputs", "timezone"), "default");
	unload(&l);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, bad_cases, run_bad);
	cases_add(&cases, "built_in_values_are_those_of_the_manual",
	    built_in_values_are_those_of_the_manual, NULL);
	cases_add(&cases, "values_know_their_line", values_know_their_line,
	    NULL);
	cases_add(&cases, "inputs_take_quoted_globs_over_several_lines",
	    inputs_take_quoted_globs_over_several_lines, NULL);
	cases_add(&cases, "names_of_the_users_own_may_hold_colons",
	    names_of_the_users_own_may_hold_colons, NULL);
	cases_add(&cases, "what_is_shown_can_be_read_again",
	    what_is_shown_can_be_read_again, NULL);
	cases_add(&cases, "a_line_too_long_is_refused",
	    a_line_too_long_is_refused, NULL);
	cases_add(&cases, "a_named_file_must_be_there",
	    a_named_file_must_be_there, NULL);
	cases_add(&cases, "a_variable_overrides_a_file",
	    a_variable_overrides_a_file, NULL);
	cases_add(&cases, "an_option_is_an_origin_too",
	    an_option_is_an_origin_too, NULL);
	for (size_t i = 0; i < cases.count; i++) {
		cases.tests[i].setup_func = enter;
		cases.tests[i].teardown_func = leave;
	}
	return cases_run(&cases);
}
