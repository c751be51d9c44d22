/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/reporting.h"

#include "base/atomic_file.h"
#include "cli/build_info.h"
#include "reports/output.h"
#include "reports/report_build.h"

static struct episode_rules
rules_of(const struct setting_episodes *from)
{
	return (struct episode_rules){
		.refusal_weight = from->refusal_weight,
		.noisy_refusal_weight = from->noisy_refusal_weight,
		.acceptance_weight = from->acceptance_weight,
		.threshold = from->threshold,
		.threshold_growth = from->threshold_growth,
		.cap_factor = from->cap_factor,
		.base_days = from->base_days,
		.close_acceptances = from->close_acceptances,
		.close_quiet_s = from->close_quiet_s,
		.merge_s = from->merge_s,
		.silent_s = from->silent_s };
}

struct query_options
reporting_query(const struct engine *engine, const struct settings *settings,
    struct episode_rules *rules_r)
{
	*rules_r = rules_of(&settings->episodes);
	return (struct query_options){
		.store = engine->store, .own = engine->own,
		.zone = settings->zone,
		.providers = engine->providers,
		.since_utc = settings->window.since_utc,
		.until_utc = settings->window.until_utc,
		.provider = slice_str(settings->provider),
		.source_ip = slice_str(settings->ip),
		.now_utc = clock_now(&settings->clock),
		.rules = rules_r };
}

/* The window to compare with, when the user asks for one. */
static enum mx_code
ask_compare(const struct settings *settings,
    const struct query_options *options, const struct query *query,
    struct query **compare_r, struct mx_err *err)
{
	struct query_options before = *options;
	struct when_window window;

	*compare_r = NULL;
	if (settings->comparison.kind == WHEN_COMPARE_NONE)
		return MX_OK;
	query_window(query, &window.since_utc, &window.until_utc);
	window = when_compare_window(&settings->comparison, &window,
	    settings->zone);
	before.since_utc = window.since_utc;
	before.until_utc = window.until_utc;
	before.explain = SLICE_NONE;
	return query_run(&before, compare_r, err);
}

enum mx_code
reporting_build(const struct engine *engine, const struct settings *settings,
    const struct when_window *window, struct report *report,
    struct mx_err *err)
{
	const struct reporting_wish all = { .explain = SLICE_NONE };

	return reporting_build_wish(engine, settings, window, &all, report,
	    err);
}

enum mx_code
reporting_build_wish(const struct engine *engine,
    const struct settings *settings, const struct when_window *window,
    const struct reporting_wish *wish, struct report *report,
    struct mx_err *err)
{
	struct episode_rules rules;
	struct query_options options =
	    reporting_query(engine, settings, &rules);
	struct report_request request = {
		.zone = settings->zone, .providers = engine->providers,
		.now_utc = clock_now(&settings->clock),
		.queue_lifetime_s = settings->queue_lifetime_s,
		.with_dismissed = settings->with_all,
		.without_series = wish->without_series,
		.tool_version = slice_str(build_version()),
		.rules_version =
		    slice_str(classifier_version(engine->classifier)) };
	struct query *query, *compare;
	enum mx_code code;

	options.since_utc = window->since_utc;
	options.until_utc = window->until_utc;
	options.explain = wish->explain;
	options.explain_vote = wish->vote;
	options.explain_ctx = wish->ctx;
	/* pseudonyms are chosen with the words of all tables in view */
	options.only_episodes = wish->only_episodes &&
	    settings->anonymize == NULL;
	code = query_run(&options, &query, err);
	if (code != MX_OK)
		return code;
	request.query = query;
	if (options.only_episodes) {
		report_build_episodes(report, &request);
		query_free(query);
		return MX_OK;
	}
	code = ask_compare(settings, &options, query, &compare, err);
	if (code == MX_OK) {
		request.compare = compare;
		report_build(report, &request);
		query_free(compare);
	}
	query_free(query);
	return code;
}

static const struct report_output *
choose_output(const char *format, const char *path)
{
	const struct report_output *output = NULL;

	if (format != NULL)
		return output_by_name(slice_str(format));
	if (path != NULL)
		output = output_by_path(slice_str(path));
	return output != NULL ? output : output_by_name(SLICE("text"));
}

bool
reporting_shows_series(const char *format, const char *path)
{
	const struct report_output *output = choose_output(format, path);

	return output != NULL && output->shows_series;
}

static enum mx_code
render(const struct report *report, const struct settings *settings,
    const struct report_output *output, const char *path, struct mx_err *err)
{
	struct output_options options = {
		.width = path == NULL ? settings->width : 80,
		.is_utf8 = settings->is_utf8,
		.has_color = path == NULL && settings->has_color,
		.top = (size_t)settings->top,
		.table = slice_str(settings->table),
		.source_date_epoch = settings->source_date_epoch,
		.command_line = settings->anonymize != NULL ? SLICE_NONE :
		    slice_str(settings->command_line) };
	struct atomic_file *file;
	enum mx_code code = atomic_file_open(path, &file, err);

	if (code != MX_OK)
		return code;
	code = output->render(report, &options, atomic_file_stream(file), err);
	if (code != MX_OK) {
		atomic_file_discard(file);
		return code;
	}
	return atomic_file_commit(file, err);
}

enum mx_code
reporting_write(const struct report *report, const struct settings *settings,
    const char *format, const char *path, struct mx_err *err)
{
	const struct report_output *output = choose_output(format, path);

	if (output == NULL)
		return mx_fail(err, MX_E_USAGE, "%s: no such format", format);
	if (output->is_binary && path == NULL && settings->is_terminal)
		return mx_fail(err, MX_E_USAGE,
		    "%s is not for a terminal: name a file with -o",
		    output->name);
	return render(report, settings, output, path, err);
}

static unsigned
finding_of(const struct report *report, enum episode_state state,
    int64_t first_refusal_utc)
{
	unsigned finding = FINDING_ANY;

	if (episode_is_open(state))
		finding |= FINDING_OPEN;
	if (first_refusal_utc >= report->window.since_utc)
		finding |= FINDING_NEW;
	return finding;
}

/* What is only suspected is shown, and is no alarm; a confirmed sum of
 * several addresses is one where no episode of an address tells of it. */
unsigned
reporting_findings(const struct report *report)
{
	unsigned findings = 0;

	for (size_t i = 0; i < report->episode_count; i++) {
		const struct report_episode *it = &report->episodes[i];

		findings |= it->confirmed_utc == TIME_NONE ? FINDING_ANY :
		    finding_of(report, it->state, it->first_refusal_utc);
	}
	for (size_t i = 0; i < report->score_count; i++) {
		const struct report_score *it = &report->scores[i];

		if (!it->is_explained)
			findings |= finding_of(report, it->state,
			    it->first_refusal_utc);
	}
	return findings;
}
