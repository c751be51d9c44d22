/* SPDX-License-Identifier: BSD-2-Clause */
/* mxtrend nightly: what cron runs. Reads the configured inputs, writes the
 * configured outputs, prints the text report; says nothing under -q when
 * there is nothing to tell. */
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "base/say.h"
#include "base/strbuf.h"
#include "base/zone.h"
#include "cli/anonymize_report.h"
#include "cli/commands.h"
#include "cli/engine.h"
#include "cli/reporting.h"
#include "cli/state_dir.h"

/* Patterns of one [inputs] section, expanded. A path without a file is said,
 * and so are patterns that find nothing all together: a mistyped one would
 * otherwise look like a quiet server. One of several may find nothing, as in
 * a list of usual places. */
static void
expand(const struct setting_input *input, glob_t *found)
{
	for (size_t i = 0; i < input->pattern_count; i++) {
		const char *pattern = input->patterns[i];
		int rc = glob(pattern, i == 0 ? 0 : GLOB_APPEND, NULL, found);

		/* FOUND must not be freed any more, then */
		if (rc == GLOB_NOSPACE)
			mx_oom();
		if (rc != 0 && pattern[strcspn(pattern, "*?[")] == '\0')
			say_error("%s: no such file", pattern);
	}
	for (size_t i = 0; found->gl_pathc == 0 && i < input->pattern_count;
	    i++)
		if (strpbrk(input->patterns[i], "*?[") != NULL)
			say_error("%s: no such file", input->patterns[i]);
}

static enum mx_code
read_section(struct engine *engine, struct reading_log *log,
    const struct setting_input *input, enum mx_code *worst,
    struct mx_err *err)
{
	struct engine_inputs what = { .format = input->format };
	struct zone *zone = NULL;
	glob_t found = { 0 };
	enum mx_code code = MX_OK;

	expand(input, &found);
	if (found.gl_pathc == 0 && *worst == MX_OK)
		*worst = MX_E_NOINPUT;
	if (input->timezone != NULL)
		code = zone_open(slice_str(input->timezone), &zone, err);
	if (code == MX_OK && found.gl_pathc != 0) {
		what.paths = (const char *const *)found.gl_pathv;
		what.count = found.gl_pathc;
		what.log_zone = zone;
		code = engine_ingest(engine, log, &what, worst, err);
	}
	globfree(&found);
	zone_close(zone);
	return code;
}

static enum mx_code
read_inputs(struct engine *engine, const struct settings *settings,
    enum mx_code *worst, struct mx_err *err)
{
	struct reading_log log = { .settings = settings };
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < settings->input_count && code == MX_OK; i++)
		code = read_section(engine, &log, &settings->inputs[i], worst,
		    err);
	return code;
}

static enum mx_code
write_outputs(const struct report *report, const struct settings *settings,
    struct mx_err *err)
{
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < settings->outputs.count && code == MX_OK; i++) {
		const struct setting_pair *pair = &settings->outputs.rows[i];

		code = reporting_write(report, settings, pair->name,
		    pair->value, err);
	}
	return code;
}

/* Yesterday, unless the configuration or an option says otherwise. */
static enum mx_code
find_window(const struct settings *settings, struct when_window *window_r,
    struct mx_err *err)
{
	*window_r = settings->window;
	if (settings->since != NULL || settings->until != NULL ||
	    settings->period != NULL)
		return MX_OK;
	return when_period(SLICE("yesterday"), settings->zone,
	    clock_now(&settings->clock), window_r, err);
}

static enum mx_code
tell(const struct engine *engine, const struct settings *settings,
    struct command_result *result, struct mx_err *err)
{
	struct when_window window;
	struct report report;
	enum mx_code code = find_window(settings, &window, err);

	if (code != MX_OK)
		return code;
	report_init(&report);
	code = reporting_build(engine, settings, &window, &report, err);
	if (code == MX_OK)
		code = anonymize_report(engine, settings, &report, err);
	if (code == MX_OK)
		code = write_outputs(&report, settings, err);
	if (code == MX_OK) {
		result->findings = reporting_findings(&report);
		if (!settings->is_quiet || result->findings != 0)
			code = reporting_write(&report, settings, "text", NULL,
			    err);
	}
	report_release(&report);
	return code;
}

static enum mx_code
run_with(struct engine *engine, const struct settings *settings,
    struct command_result *result, struct mx_err *err)
{
	enum mx_code worst = MX_OK;
	enum mx_code code = state_dir_make(settings->state_dir, err);

	if (code == MX_OK)
		code = engine_open_store(engine, settings, STORE_WRITE,
		    settings->wait_s, err);
	if (code == MX_OK)
		code = read_inputs(engine, settings, &worst, err);
	if (code == MX_OK)
		code = tell(engine, settings, result, err);
	if (code == MX_OK && worst != MX_OK)
		return mx_fail(err, worst, "%s", "");
	return code;
}

static enum mx_code
run(const struct settings *settings, struct command_result *result,
    struct mx_err *err)
{
	struct engine engine;
	enum mx_code code;

	if (settings->input_count == 0)
		return mx_fail(err, MX_E_CONFIG,
		    "nightly: no [inputs] in the configuration; `mxtrend "
		    "config --init` prints some for this host, see "
		    "mxtrend.conf(5)");
	code = engine_open(settings, &engine, err);
	if (code != MX_OK)
		return code;
	code = run_with(&engine, settings, result, err);
	engine_close(&engine);
	return code;
}

const struct command command_nightly = {
	.name = "nightly",
	.summary = "for cron: read the configured inputs, then report",
	.usage = "",
	.description = "Reads what is new in the configured inputs, writes the "
	    "configured outputs and prints the text report, of yesterday unless "
	    "told otherwise. With -q it prints nothing when there is nothing "
	    "to tell.",
	.options = OPTIONS_WINDOW | OPTIONS_COMPARE | OPTIONS_TOP |
	    OPTIONS_FINDING | OPTIONS_WRITE | OPTIONS_ANONYMIZE,
	.run = run,
};
