/* SPDX-License-Identifier: BSD-2-Clause */
/* mxtrend evidence: finds the episode that is meant and what the dossier
 * needs; evidence_letter.c writes it. */
#include <stdlib.h>

#include "base/atomic_file.h"
#include "base/zone.h"
#include "cli/anonymize_report.h"
#include "cli/commands.h"
#include "cli/evidence.h"
#include "cli/filters.h"
#include "cli/reporting.h"

enum { DOSSIER_MAX = 16 * 1024 * 1024 };

/* The provider that NAME is a mail domain of: outlook.com, or outlook. */
static const struct provider_info *
by_domain(const struct evidence *self, struct slice name)
{
	const struct providers *providers = self->engine->providers;
	const struct provider_info *info =
	    providers_by_domain(providers, name);
	struct strbuf with_tld;

	if (info != NULL)
		return info;
	strbuf_init(&with_tld, 300);
	strbuf_add_slice(&with_tld, name);
	strbuf_add_str(&with_tld, ".com");
	info = providers_by_domain(providers, strbuf_slice(&with_tld));
	strbuf_release(&with_tld);
	return info;
}

static bool
is_meant(const struct evidence *self, const struct report_episode *it,
    struct slice provider, struct slice ip)
{
	const struct provider_info *info = by_domain(self, provider);

	if (!slice_eq_nocase(it->provider, provider) &&
	    !filter_has_text(it->name, provider) &&
	    (info == NULL || !slice_eq(info->key, it->provider)))
		return false;
	return ip.len == 0 || slice_eq(it->source_ip, ip) ||
	    slice_eq(it->source, ip);
}

/* An open episode before a closed one, then the later. */
static bool
is_better(const struct report_episode *it, const struct report_episode *best)
{
	bool is_open = episode_is_open(it->state);

	if (best == NULL || is_open != episode_is_open(best->state))
		return best == NULL || is_open;
	return it->first_refusal_utc > best->first_refusal_utc;
}

static const struct report_episode *
choose(const struct evidence *self, const struct report *report)
{
	const struct settings *settings = self->settings;
	const struct report_episode *best = NULL;
	struct slice provider = slice_str(settings->operands[0]);

	for (size_t i = 0; i < report->episode_count; i++)
		if (is_meant(self, &report->episodes[i], provider,
		    slice_str(settings->ip)) &&
		    is_better(&report->episodes[i], best))
			best = &report->episodes[i];
	return best;
}

static enum mx_code
fail_unknown(const struct report *report, const struct settings *settings,
    struct mx_err *err)
{
	struct strbuf known;
	enum mx_code code;

	strbuf_init(&known, 300);
	for (size_t i = 0; i < report->episode_count; i++) {
		if (i != 0)
			strbuf_add_str(&known, ", ");
		/* there are as many as the count says
		 * NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
		strbuf_add_slice(&known, report->episodes[i].provider);
	}
	code = mx_fail(err, MX_E_USAGE, "%s: no episode of such a provider%s; "
	    "in the log: %s", settings->operands[0],
	    settings->ip != NULL ? " and address" : "",
	    known.len != 0 ? known.ptr : "none");
	strbuf_release(&known);
	return code;
}

static struct slice
format_of(const struct settings *settings)
{
	struct slice output = slice_str(settings->output);

	if (settings->format != NULL)
		return slice_str(settings->format);
	return slice_ends(output, SLICE(".xlsx")) ? SLICE("xlsx") :
	    SLICE("text");
}

static enum mx_code
print_letter(struct evidence *self, FILE *to, struct mx_err *err)
{
	struct strbuf out;

	strbuf_init(&out, DOSSIER_MAX);
	dossier_print(&self->letter, self->settings->is_utf8, &out);
	(void)fwrite(out.ptr, 1, out.len, to);
	strbuf_release(&out);
	return stream_check(to, "output", err);
}

static enum mx_code
write_dossier(struct evidence *self, struct mx_err *err)
{
	const struct settings *settings = self->settings;
	const struct output_options options = {
		.source_date_epoch = settings->source_date_epoch };
	struct slice format = format_of(settings);
	bool is_book = slice_eq(format, SLICE("xlsx"));
	struct atomic_file *file;
	enum mx_code code;

	if (!is_book && !slice_eq(format, SLICE("text")))
		return reporting_write(&self->own, settings, settings->format,
		    settings->output, err);
	code = atomic_file_open(settings->output, &file, err);
	if (code != MX_OK)
		return code;
	evidence_letter(self);
	code = is_book ? dossier_workbook(&self->letter, &self->own, &options,
	    atomic_file_stream(file), err) :
	    print_letter(self, atomic_file_stream(file), err);
	if (code != MX_OK) {
		atomic_file_discard(file);
		return code;
	}
	return atomic_file_commit(file, err);
}

/* All that is told from here on. */
static enum mx_code
hide(struct evidence *self, struct report *all, struct mx_err *err)
{
	struct report *reports[] = { all, &self->own, &self->control };
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < 3 && code == MX_OK; i++)
		code = anonymize_report(self->engine, self->settings,
		    reports[i], err);
	return code;
}

/* For this provider and source alone. */
static enum mx_code
ask_own(struct evidence *self, struct engine *engine, struct mx_err *err)
{
	const struct engine_wish wish = { .need = FLEET_WORDS };
	struct settings narrow = *self->settings;
	char *provider = mx_strndup(self->episode->provider.ptr,
	    self->episode->provider.len);
	char *source = mx_strndup(self->episode->source.ptr,
	    self->episode->source.len);
	enum mx_code code;

	narrow.provider = provider;
	narrow.ip = source;
	code = engine_fill_again(engine, &narrow, &wish, err);
	if (code == MX_OK)
		code = reporting_build(engine, &narrow, &narrow.window,
		    &self->own, err);
	if (code == MX_OK)
		code = evidence_load(self, slice_str(provider),
		    slice_str(source), err);
	free(provider);
	free(source);
	return code;
}

/* For everybody while the episode lasted. */
static enum mx_code
ask_control(struct evidence *self, struct engine *engine, struct mx_err *err)
{
	const struct when_window during = {
		self->episode->first_refusal_utc -
		    self->episode->first_refusal_utc % 3600,
		self->episode->last_refusal_utc + 1 };
	const struct engine_wish wish = { .need = FLEET_REPORT,
		.windows = &during, .window_count = 1 };
	struct settings wide = *self->settings;
	enum mx_code code;

	wide.provider = wide.ip = NULL;
	code = engine_fill_again(engine, &wide, &wish, err);
	return code == MX_OK ? reporting_build(engine, &wide, &during,
	    &self->control, err) : code;
}

/* The same log asked three times. */
static enum mx_code
gather(struct evidence *self, struct engine *engine, struct report *all,
    struct mx_err *err)
{
	enum mx_code code;

	self->episode = choose(self, all);
	if (self->episode == NULL)
		return fail_unknown(all, self->settings, err);
	self->provider = providers_by_key(self->engine->providers,
	    self->episode->provider);
	code = ask_own(self, engine, err);
	if (code == MX_OK)
		code = ask_control(self, engine, err);
	if (code == MX_OK)
		code = hide(self, all, err);
	return code == MX_OK ? write_dossier(self, err) : code;
}

static enum mx_code
make(struct engine *engine, const struct settings *settings,
    struct command_result *result, struct mx_err *err)
{
	struct evidence self = { .engine = engine, .settings = settings };
	struct settings wide = *settings;
	struct report all;
	enum mx_code code;

	wide.provider = wide.ip = NULL;
	dossier_init(&self.letter);
	report_init(&self.own);
	report_init(&self.control);
	report_init(&all);
	code = reporting_build(engine, &wide, &settings->window, &all, err);
	if (code == MX_OK)
		code = gather(&self, engine, &all, err);
	if (code == MX_OK)
		result->findings = reporting_findings(&self.own);
	report_release(&self.own);
	report_release(&self.control);
	report_release(&all);
	dossier_release(&self.letter);
	free(self.refusals);
	return code;
}

static enum mx_code
run_with(struct engine *engine, const struct settings *settings,
    struct command_result *result, enum mx_code *worst, struct mx_err *err)
{
	struct settings files = *settings;
	const struct engine_wish wish = { .need = FLEET_REPORT };
	enum mx_code code;

	files.operands++;
	files.operand_count--;
	files.provider = files.ip = NULL;
	code = engine_fill(engine, &files, &wish, worst, err);
	return code == MX_OK ? make(engine, settings, result, err) : code;
}

static enum mx_code
run(const struct settings *settings, struct command_result *result,
    struct mx_err *err)
{
	struct settings utc = *settings;
	struct engine engine;
	struct zone *zone;
	enum mx_code worst = MX_OK, code;

	if (settings->operand_count == 0)
		return mx_fail(err, MX_E_USAGE,
		    "evidence: name a provider, such as microsoft-consumer");
	code = zone_open(SLICE("UTC"), &zone, err);
	if (code != MX_OK)
		return code;
	utc.zone = zone;
	code = engine_open_ready(settings, &engine, err);
	if (code == MX_OK) {
		code = run_with(&engine, &utc, result, &worst, err);
		engine_close(&engine);
	}
	zone_close(zone);
	if (code == MX_OK && worst != MX_OK)
		return mx_fail(err, worst, "%s", "");
	return code;
}

const struct command command_evidence = {
	.name = "evidence",
	.summary = "the dossier for a de-listing request",
	.usage = "PROVIDER [--ip IP] [FILE|-]...",
	.description = "Gathers what the logs say of a provider's refusals: "
	    "since when, its own words, day by day, what other providers do "
	    "with the same source's mail, and where to ask. PROVIDER is a key or "
	    "a part of its name. Addresses in replies lose their local part "
	    "unless --with-addresses is given. All times are UTC.",
	.options = OPTIONS_WINDOW | OPTIONS_FILTER | OPTIONS_FORMAT |
	    OPTIONS_OUTPUT | OPTIONS_EVIDENCE | OPTIONS_ANONYMIZE |
	    OPTIONS_STORE,
	.formats = "text xlsx json html",
	.run = run,
};
