/* SPDX-License-Identifier: BSD-2-Clause */
/* mxtrend ingest: what is new in the inputs goes into the store. */
#include "base/atomic_file.h"
#include "cli/commands.h"
#include "cli/engine.h"
#include "cli/state_dir.h"

static enum mx_code
print_summary(const struct reading_log *log, const struct settings *settings,
    struct mx_err *err)
{
	if (settings->is_quiet)
		return MX_OK;
	(void)printf("%llu input%s: %llu read, %llu unchanged, %llu failed; "
	    "%llu new lines", (unsigned long long)log->inputs,
	    log->inputs == 1 ? "" : "s", (unsigned long long)(log->inputs -
	    log->unchanged - log->failed), (unsigned long long)log->unchanged,
	    (unsigned long long)log->failed, (unsigned long long)log->lines);
	if (log->report_inputs != 0)
		(void)printf(", %llu new report%s",
		    (unsigned long long)log->reports,
		    log->reports == 1 ? "" : "s");
	if (log->refused_reports != 0)
		(void)printf(", %llu refused",
		    (unsigned long long)log->refused_reports);
	(void)putchar('\n');
	return stream_check(stdout, "standard output", err);
}

static enum mx_code
ingest_into(struct engine *engine, const struct settings *settings,
    struct mx_err *err)
{
	struct reading_log log = { .settings = settings };
	struct engine_inputs what = { .paths = settings->operands,
		.count = settings->operand_count,
		.format = settings->input_format };
	enum mx_code worst = MX_OK;
	enum mx_code code = state_dir_make(settings->state_dir, err);

	if (code == MX_OK)
		code = engine_open_store(engine, settings, STORE_WRITE,
		    settings->wait_s, err);
	if (code == MX_OK)
		code = engine_ingest(engine, &log, &what, &worst, err);
	if (code == MX_OK || code == MX_E_STOPPED) {
		enum mx_code printed = print_summary(&log, settings, err);

		if (printed != MX_OK)
			return printed;
	}
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

	(void)result;
	if (settings->operand_count == 0)
		return mx_fail(err, MX_E_USAGE,
		    "ingest: name at least one input (- is standard input)");
	code = engine_open(settings, &engine, err);
	if (code != MX_OK)
		return code;
	code = ingest_into(&engine, settings, err);
	engine_close(&engine);
	return code;
}

const struct command command_ingest = {
	.name = "ingest",
	.summary = "read what is new into the store",
	.usage = "[FILE|-]...",
	.description = "Reads logs into the store, every line exactly once: "
	    "what was read before, under whatever name, is not read again. "
	    "Prints what was read, skipped and refused. Reports of others "
	    "(DMARC, TLS, complaints, SNDS, bounces), in mails, mailboxes and "
	    "archives, are kept beside them, each once.",
	.options = OPTIONS_WRITE,
	.run = run,
};
