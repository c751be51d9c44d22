/* SPDX-License-Identifier: BSD-2-Clause */
/* mxtrend report: from files, by way of a store that leaves nothing behind,
 * or from the store. */
#include "cli/anonymize_report.h"
#include "cli/commands.h"
#include "cli/engine.h"
#include "cli/reporting.h"

static enum mx_code
build_and_write(const struct engine *engine, const struct settings *settings,
    struct command_result *result, struct mx_err *err)
{
	const struct reporting_wish wish = { .explain = SLICE_NONE,
		.without_series = !reporting_shows_series(settings->format,
		    settings->output) };
	struct report report;
	enum mx_code code;

	report_init(&report);
	code = reporting_build_wish(engine, settings, &settings->window, &wish,
	    &report, err);
	if (code == MX_OK)
		code = anonymize_report(engine, settings, &report, err);
	if (code == MX_OK) {
		result->findings = reporting_findings(&report);
		/* -q: no finding, no output */
		if (!settings->is_quiet || result->findings != 0 ||
		    settings->output != NULL)
			code = reporting_write(&report, settings,
			    settings->format, settings->output, err);
	}
	report_release(&report);
	return code;
}

static enum mx_code
report_on(struct engine *engine, const struct settings *settings,
    struct command_result *result, struct mx_err *err)
{
	const struct engine_wish wish = { .need = FLEET_REPORT };
	enum mx_code worst;
	enum mx_code code = engine_fill(engine, settings, &wish, &worst, err);

	if (code != MX_OK)
		return code;
	code = build_and_write(engine, settings, result, err);
	if (code == MX_OK && worst != MX_OK)
		return mx_fail(err, worst, "%s", "");
	return code;
}

static enum mx_code
run(const struct settings *settings, struct command_result *result,
    struct mx_err *err)
{
	struct engine engine;
	enum mx_code code = engine_open(settings, &engine, err);

	if (code != MX_OK)
		return code;
	code = report_on(&engine, settings, result, err);
	engine_close(&engine);
	return code;
}

const struct command command_report = {
	.name = "report",
	.summary = "who refuses us, from where, why, since when, how bad",
	.usage = "[FILE|-]...",
	.description = "With files: reads them and reports, leaving nothing "
	    "behind. Without: reports from the store that `mxtrend ingest` "
	    "fills, or with --store from a fleet. The window is all of the log unless --since, --until or "
	    "--period say otherwise.",
	.options = OPTIONS_WINDOW | OPTIONS_COMPARE | OPTIONS_FILTER |
	    OPTIONS_FORMAT | OPTIONS_OUTPUT | OPTIONS_TABLE | OPTIONS_TOP |
	    OPTIONS_FINDING | OPTIONS_ANONYMIZE | OPTIONS_STORE,
	.formats = "text json xlsx csv tsv html prom",
	.run = run,
};
