/* SPDX-License-Identifier: BSD-2-Clause */
/* mxtrend episodes: block episodes, open and past; with --explain the votes
 * and the running score of one, so that anyone can check it with a pencil. */
#include "base/atomic_file.h"
#include "base/say.h"
#include "base/strbuf.h"
#include "cli/anonymize_report.h"
#include "cli/commands.h"
#include "cli/engine.h"
#include "cli/reporting.h"
#include "reports/episode_words.h"
#include "reports/text_table.h"
#include "reports/format_value.h"

enum { LISTING_MAX = 256 * 1024 * 1024, ID_LEAST = 3 };

struct listing {
	const struct settings *settings;
	struct strbuf out;
	size_t votes;
	enum episode_phase phase; /* after the last vote */
};

static void
add_time(struct listing *self, int64_t utc)
{
	char text[21];

	if (utc == TIME_NONE) {
		strbuf_add_str(&self->out, "-");
		return;
	}
	rfc3339_utc(utc, text);
	strbuf_add_str(&self->out, text);
}

static void
add_text(struct listing *self, struct slice text)
{
	scrub_text(&self->out, text, !self->settings->is_utf8);
}

/* Words as a line under an episode, over as many lines as it takes. */
static void
add_line(struct listing *self, struct slice words)
{
	enum { INDENT = 4 };
	size_t column = INDENT;
	struct strbuf clean;

	strbuf_init(&clean, 4096);
	scrub_text(&clean, words, !self->settings->is_utf8);
	strbuf_add_str(&self->out, "    ");
	text_wrap(&self->out, strbuf_slice(&clean), INDENT,
	    self->settings->width, &column);
	strbuf_add_char(&self->out, '\n');
	strbuf_release(&clean);
}

static void
text_counts(struct listing *self, const struct report_episode *it)
{
	struct strbuf words;

	strbuf_init(&words, 1024);
	format_count(&words, it->attempts, "attempt, ", "attempts, ");
	format_count(&words, it->messages, "message, ", "messages, ");
	format_count(&words, it->recipients, "recipient", "recipients");
	strbuf_addf(&words, "; extent: %.*s", SLICE_ARG(it->extent));
	episode_extent_words(&words, it);
	if (it->flaps != 0) {
		strbuf_add_str(&words, "; came back ");
		format_count(&words, it->flaps, "time", "times");
	}
	if (it->repeat > 1)
		strbuf_addf(&words, "; repeat %lld", (long long)it->repeat);
	add_line(self, strbuf_slice(&words));
	strbuf_release(&words);
}

static void
text_episode(struct listing *self, const struct report_episode *it)
{
	strbuf_addf(&self->out, "#%.*s  %s  ", SLICE_ARG(it->id),
	    episode_state_name(it->state));
	add_text(self, it->name);
	strbuf_add_str(&self->out, "  ");
	add_text(self, slice_is_none(it->source_ip) ? it->source :
	    it->source_ip);
	strbuf_add_str(&self->out, "  ");
	add_text(self, it->reason);
	if (!slice_is_none(it->token)) {
		strbuf_add_char(&self->out, ' ');
		add_text(self, it->token);
	}
	strbuf_add_str(&self->out, "\n    refused ");
	if (it->began_before_log)
		strbuf_add_str(&self->out, "at or before ");
	add_time(self, it->first_refusal_utc);
	strbuf_add_str(&self->out, " .. ");
	add_time(self, it->last_refusal_utc);
	strbuf_add_str(&self->out, "\n    accepted until ");
	add_time(self, it->last_accept_before_utc);
	if (it->first_accept_after_utc == TIME_NONE) {
		strbuf_add_str(&self->out, ", not since");
	} else {
		strbuf_add_str(&self->out, ", again from ");
		add_time(self, it->first_accept_after_utc);
	}
	strbuf_add_char(&self->out, '\n');
	text_counts(self, it);
}

static void
add_rfc3339(struct strbuf *out, const void *ctx, int64_t utc)
{
	char text[21];

	(void)ctx;
	rfc3339_utc(utc, text);
	strbuf_add_str(out, text);
}

static void
text_brackets(struct listing *self, const struct report_episode *it)
{
	static const struct episode_clock clock = { add_rfc3339, NULL };
	struct strbuf words;

	strbuf_init(&words, 1024);
	if (episode_began_words(&words, it, &clock))
		strbuf_addf(&self->out, "    %s\n", words.ptr);
	strbuf_reset(&words);
	if (episode_ended_words(&words, it, &clock))
		strbuf_addf(&self->out, "    %s\n", words.ptr);
	strbuf_release(&words);
}

static void
text_cost(struct listing *self, const struct report_episode *it)
{
	struct strbuf words;

	strbuf_init(&words, 1024);
	episode_cost_words(&words, it);
	if (words.len != 0)
		add_line(self, strbuf_slice(&words));
	strbuf_release(&words);
}

static void
text_remarks(struct listing *self, const struct report *report,
    const struct report_episode *it)
{
	for (size_t i = 0; i < report->annotation_count; i++) {
		const struct report_annotation *one = &report->annotations[i];

		if (!report_annotation_concerns(one, it))
			continue;
		strbuf_add_str(&self->out, "    ");
		add_time(self, one->time_utc);
		strbuf_add_char(&self->out, ' ');
		add_text(self, one->kind);
		strbuf_add_str(&self->out, ": ");
		add_text(self, one->text);
		strbuf_add_char(&self->out, '\n');
	}
}

static const char *
step_word(const struct listing *self, const struct query_vote *vote)
{
	if (vote->phase == self->phase)
		return "";
	switch (vote->phase) {
	case PHASE_SUSPECTED:
		return "  suspected";
	case PHASE_CONFIRMED:
		return "  CONFIRMED";
	case PHASE_CLOSED:
		return "  closed";
	case PHASE_EASING:
	case PHASE_SILENT:
	case PHASE_DISMISSED:
	case EPISODE_PHASES:
		break;
	}
	return "";
}

/* Acceptances need no name; refusals do. */
static void
on_vote(void *ctx, const struct query_vote *vote)
{
	struct listing *self = ctx;

	if (vote->remark.len != 0) {
		add_time(self, vote->utc);
		strbuf_add_str(&self->out, "  ");
		add_text(self, vote->remark_kind);
		strbuf_add_str(&self->out, ": ");
		add_text(self, vote->remark);
		strbuf_add_char(&self->out, '\n');
		return;
	}
	if (self->votes++ == 0)
		strbuf_addf(&self->out, "\nvotes: a refusal adds, an "
		    "acceptance takes 1; never below 0, nor above\n"
		    "%lld times the threshold; a message votes once an hour\n"
		    "time                  vote          score/threshold\n",
		    (long long)self->settings->episodes.cap_factor);
	add_time(self, vote->utc);
	if (vote->is_refusal)
		strbuf_addf(&self->out, "  refusal       %5lld/%lld  ",
		    (long long)vote->score, (long long)vote->threshold);
	else
		strbuf_addf(&self->out, "  accepted %-4u %5lld/%lld",
		    vote->count, (long long)vote->score,
		    (long long)vote->threshold);
	if (vote->is_refusal) {
		add_text(self, vote->queue_id);
		strbuf_add_char(&self->out, ' ');
		add_text(self, vote->reason);
		if (vote->token.len != 0) {
			strbuf_add_char(&self->out, ' ');
			add_text(self, vote->token);
		}
		if (!vote->is_explicit)
			strbuf_add_str(&self->out, " (inferred)");
	}
	strbuf_addf(&self->out, "%s\n", step_word(self, vote));
	self->phase = vote->phase;
}

static void
text_whole(struct listing *self, const struct report *report,
    const struct report_episode *it)
{
	text_episode(self, it);
	text_brackets(self, it);
	text_cost(self, it);
	text_remarks(self, report, it);
}

/* A score over several addresses or one sender domain. */
static void
text_score(struct listing *self, const struct report_score *it)
{
	strbuf_addf(&self->out, "#%.*s  %s  ", SLICE_ARG(it->id),
	    episode_state_name(it->state));
	add_text(self, it->name);
	strbuf_add_str(&self->out, "  ");
	score_over_words(&self->out, it);
	strbuf_add_str(&self->out, "  ");
	add_text(self, it->reason);
	if (!slice_is_none(it->token)) {
		strbuf_add_char(&self->out, ' ');
		add_text(self, it->token);
	}
	strbuf_add_str(&self->out, "\n    refused ");
	if (it->began_before_log)
		strbuf_add_str(&self->out, "at or before ");
	add_time(self, it->first_refusal_utc);
	strbuf_add_str(&self->out, " .. ");
	add_time(self, it->last_refusal_utc);
	strbuf_add_str(&self->out, "; ");
	format_count(&self->out, it->messages, "message, ", "messages, ");
	format_count(&self->out, it->recipients, "recipient", "recipients");
	if (it->is_explained)
		strbuf_add_str(&self->out, "; an address of it has an episode of its own");
	strbuf_add_char(&self->out, '\n');
}

static void
list_report(struct listing *self, const struct report *report)
{
	for (size_t i = 0; i < report->episode_count; i++)
		text_whole(self, report, &report->episodes[i]);
	for (size_t i = 0; i < report->score_count; i++)
		if (!report->scores[i].is_explained ||
		    self->settings->explain != NULL)
			text_score(self, &report->scores[i]);
	if (report->episode_count + report->score_count == 0)
		strbuf_add_str(&self->out, "no episode in this window\n");
}

/* The one episode whose id begins as the user says. */
static enum mx_code
pick(struct report *report, const char *id, struct mx_err *err)
{
	size_t found = 0, scores = 0;

	for (size_t i = 0; i < report->episode_count; i++) {
		if (!slice_starts(report->episodes[i].id, slice_str(id)))
			continue;
		report->episodes[found++] = report->episodes[i];
	}
	report->episode_count = found;
	for (size_t i = 0; i < report->score_count; i++) {
		if (!slice_starts(report->scores[i].id, slice_str(id)))
			continue;
		report->scores[scores++] = report->scores[i];
	}
	report->score_count = scores;
	found += scores;
	if (found == 1)
		return MX_OK;
	return mx_fail(err, MX_E_USAGE, found == 0 ?
	    "%s: no such episode; mxtrend episodes --all lists them" :
	    "%s: several episodes begin so", id);
}

/* The episodes, then the votes that were gathered before they were known. */
static enum mx_code
print(struct listing *self, const struct report *report, struct mx_err *err)
{
	struct strbuf votes = self->out;
	enum mx_code code;

	if (self->settings->format != NULL &&
	    strcmp(self->settings->format, "json") == 0) {
		struct settings only = *self->settings;

		only.table = "episodes";
		return reporting_write(report, &only, "json", NULL, err);
	}
	strbuf_init(&self->out, LISTING_MAX);
	list_report(self, report);
	strbuf_add_slice(&self->out, strbuf_slice(&votes));
	strbuf_release(&votes);
	(void)fwrite(self->out.ptr, 1, self->out.len, stdout);
	code = stream_check(stdout, "standard output", err);
	return code;
}

static enum mx_code
list(const struct engine *engine, const struct settings *settings,
    struct command_result *result, struct mx_err *err)
{
	struct listing self = { .settings = settings,
		.phase = PHASE_CLOSED };
	struct reporting_wish wish;
	struct report report;
	const char *id = settings->explain;
	enum mx_code code;

	if (id != NULL && id[0] == '#')
		id++;
	if (id != NULL && strlen(id) < ID_LEAST)
		return mx_fail(err, MX_E_USAGE,
		    "%s: give at least %d characters of the id", id, ID_LEAST);
	strbuf_init(&self.out, LISTING_MAX);
	report_init(&report);
	wish = (struct reporting_wish){ .only_episodes = true,
		.explain = slice_str(id),
		.vote = on_vote, .ctx = &self };
	code = reporting_build_wish(engine, settings, &settings->window, &wish,
	    &report, err);
	if (code == MX_OK && id != NULL)
		code = pick(&report, id, err);
	if (code == MX_OK)
		code = anonymize_report(engine, settings, &report, err);
	if (code == MX_OK) {
		result->findings = reporting_findings(&report);
		if (!settings->is_quiet || result->findings != 0)
			code = print(&self, &report, err);
	}
	strbuf_release(&self.out);
	report_release(&report);
	return code;
}

static enum mx_code
run(const struct settings *settings, struct command_result *result,
    struct mx_err *err)
{
	const struct engine_wish wish = { .need = FLEET_REPORT };
	struct engine engine;
	enum mx_code worst = MX_OK;
	enum mx_code code = engine_open(settings, &engine, err);

	if (code != MX_OK)
		return code;
	code = engine_fill(&engine, settings, &wish, &worst, err);
	if (code == MX_OK)
		code = list(&engine, settings, result, err);
	engine_close(&engine);
	if (code == MX_OK && worst != MX_OK)
		return mx_fail(err, worst, "%s", "");
	return code;
}

const struct command command_episodes = {
	.name = "episodes",
	.summary = "block episodes, open and past, and their votes",
	.usage = "[FILE|-]...",
	.description = "Lists block episodes that touch the window, from files "
	    "or from the store. --explain ID prints each vote of one with the "
	    "running score, so that its verdict can be checked by hand.",
	.options = OPTIONS_WINDOW | OPTIONS_FILTER | OPTIONS_FORMAT |
	    OPTIONS_FINDING | OPTIONS_EPISODES | OPTIONS_ANONYMIZE |
	    OPTIONS_STORE,
	.formats = "text json",
	.run = run,
};
