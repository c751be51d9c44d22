/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as an input file through the whole program: read, stored, asked,
 * and written in every format, and as evidence. Lines "%%mail", "%%gz" and
 * "%%b64" in front wrap what stands behind them, the last innermost, so that
 * a mail with a gzip with XML is three words and the XML. */
#include <stdlib.h>
#include <unistd.h>

#include "base/hash.h"
#include "cli/anonymize_report.h"
#include "cli/commands.h"
#include "cli/config.h"
#include "cli/reporting.h"
#include "parsers/json_value.h"
#include "reports/outputs.h"
#include "reports/rep_tables.h"
#include "tests/fuzz/output_checks.h"
#include "tests/fuzz/wrapping.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WRAPS_MAX = 4, INPUT_BYTES = 256 * 1024, ROOM = 8 * 1024 * 1024 };

/* Made once: rules take longer to load than a thousand inputs to read. */
static struct whole {
	char path[64];
	struct config config;
	struct settings settings;
	struct engine engine;
} whole;

static void
remove_input(void)
{
	(void)unlink(whole.path);
}

static void
set_up(struct whole *self)
{
	struct mx_err err;

	(void)snprintf(self->path, sizeof(self->path),
	    "/dev/shm/mxtrend-fuzz-%ld.log", (long)getpid());
	(void)atexit(remove_input);
	settings_init(&self->settings);
	config_defaults(&self->config, &self->settings);
	self->settings.now = "2026-11-23T12:00:00Z";
	self->settings.tz = self->settings.log_tz = "Europe/Berlin";
	self->settings.threads = 1;
	self->settings.source_date_epoch = 1795435200;
	if (settings_resolve(&self->settings, &err) != MX_OK ||
	    engine_open_ready(&self->settings, &self->engine, &err) != MX_OK)
		mx_bug(err.text);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	/* What is said of each input is of no interest here. The fuzzer's own
	 * words and the sanitizers' go to the descriptor. */
	stderr = fopen("/dev/null", "w");
	set_up(&whole);
	return 0;
}

/* TEXT in whatever its first lines say. */
static void
wrap(struct slice text, unsigned depth, struct strbuf *out)
{
	static const struct slice mail = { "%%mail\n", 7 },
	    gz = { "%%gz\n", 5 }, b64 = { "%%b64\n", 6 };
	struct strbuf inner;

	if (depth == WRAPS_MAX || text.len < 3 || text.ptr[0] != '%') {
		strbuf_add_slice(out, text);
		return;
	}
	strbuf_init(&inner, ROOM);
	if (slice_starts(text, mail)) {
		wrap(slice_skip(text, mail.len), depth + 1, &inner);
		add_mail(out, "application/octet-stream", "report",
		    strbuf_slice(&inner));
	} else if (slice_starts(text, gz)) {
		wrap(slice_skip(text, gz.len), depth + 1, &inner);
		add_gzip(out, strbuf_slice(&inner));
	} else if (slice_starts(text, b64)) {
		wrap(slice_skip(text, b64.len), depth + 1, &inner);
		add_base64(out, strbuf_slice(&inner));
	} else {
		strbuf_add_slice(out, text);
	}
	strbuf_release(&inner);
}

static void
write_input(const char *path, struct slice text)
{
	FILE *file = fopen(path, "wb");

	if (file == NULL || fwrite(text.ptr, 1, text.len, file) != text.len ||
	    fclose(file) != 0)
		mx_bug("the input cannot be written");
}

static void
prove_json(struct slice text)
{
	struct json_doc *doc;
	struct mx_err err;
	enum mx_code code = json_doc_parse(text, &doc, &err);

	/* a line of 1970 makes a report of more days than we read values */
	if (code == MX_E_LIMIT)
		return;
	if (code != MX_OK)
		mx_bug(err.text);
	json_doc_free(doc);
}

static void
render(const struct report_output *output, const struct report *report,
    const char *table)
{
	struct output_options options = { .width = 80, .is_utf8 = true,
		.table = slice_str(table), .source_date_epoch = 1795435200 };
	char *text = NULL;
	size_t len = 0;
	struct mx_err err;
	FILE *out = open_memstream(&text, &len);

	if (out == NULL || output->render(report, &options, out, &err) !=
	    MX_OK)
		mx_bug("a renderer failed");
	(void)fclose(out);
	if (!output->is_binary)
		(void)prove_text(slice_of(text, len), table != NULL);
	if (output == &output_json)
		prove_json(slice_of(text, len));
	free(text);
}

/* Books take ten times as long as all others: one in eight has one. */
static void
render_all(const struct report *report, uint64_t hash)
{
	for (size_t i = 0; report_outputs[i] != NULL; i++)
		if (report_outputs[i] != &output_csv &&
		    report_outputs[i] != &output_tsv &&
		    (!report_outputs[i]->is_binary || hash % 8 == 0))
			render(report_outputs[i], report, NULL);
	for (size_t i = 0; report_tables[i] != NULL; i++)
		render(hash % 2 == 0 ? &output_csv : &output_tsv, report,
		    report_tables[i]->name);
}

/* The dossier on the first episode, which reads the input anew. */
static void
gather_evidence(const struct settings *all, struct slice provider,
    uint64_t hash)
{
	static const char *const formats[] = { "text", "xlsx", "json", "html" };
	char *name = mx_strndup(provider.ptr, provider.len);
	const char *operands[] = { name, whole.path };
	struct settings settings = *all;
	struct command_result result = { 0 };
	struct mx_err err;

	settings.operands = operands;
	settings.operand_count = 2;
	settings.output = "/dev/null";
	settings.format = formats[hash / 64 % 4];
	if (hash % 16 == 0)
		(void)command_evidence.run(&settings, &result, &err);
	free(name);
}

static void
report_on(struct settings *settings, uint64_t hash)
{
	struct report report;
	struct mx_err err;

	report_init(&report);
	if (reporting_build(&whole.engine, settings, &settings->window,
	    &report, &err) != MX_OK ||
	    anonymize_report(&whole.engine, settings, &report, &err) != MX_OK)
		mx_bug(err.text);
	render_all(&report, hash);
	if (report.episode_count != 0)
		gather_evidence(settings, report.episodes[0].provider, hash);
	report_release(&report);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *operands[] = { whole.path };
	struct settings settings = whole.settings;
	enum mx_code worst = MX_OK;
	struct strbuf text;
	struct mx_err err;
	uint64_t hash;

	if (size > INPUT_BYTES)
		return 0;
	strbuf_init(&text, ROOM);
	wrap(slice_of((const char *)data, size), 0, &text);
	hash = hash_stable(strbuf_slice(&text), HASH_STABLE_START);
	write_input(whole.path, strbuf_slice(&text));
	strbuf_release(&text);
	settings.operands = operands;
	settings.operand_count = 1;
	settings.anonymize = hash % 4 == 1 ? "" : NULL;
	if (engine_fill(&whole.engine, &settings, NULL, &worst, &err) == MX_OK)
		report_on(&settings, hash / 4);
	else if (worst == MX_OK)
		mx_bug(err.text);
	store_close(whole.engine.store);
	whole.engine.store = NULL;
	return 0;
}
