/* SPDX-License-Identifier: BSD-2-Clause */
/* The dossier in words. Says only what logs and reports carry, in the order
 * in which a support desk reads: what happens, since when, in whose words,
 * what is different elsewhere, what others see, what is asked, what is not
 * known. */
#include "cli/evidence.h"

#include "base/say.h"
#include "base/zone.h"
#include "reports/format_value.h"

enum { WORDINGS = 3 };

/* ------------------------------------------------------------------ */
/* Words */

const char *
evidence_time(int64_t utc, char buf[21])
{
	char full[21];

	rfc3339_utc(utc, full);
	(void)snprintf(buf, 21, "%.10s %.5s", full, full + 11);
	return buf;
}

struct slice
evidence_address(const struct evidence *self)
{
	const struct report_episode *it = self->episode;

	return slice_is_none(it->source_ip) ? it->source : it->source_ip;
}

/* A mail address in a reply is somebody's: only its domain is told. */
void
evidence_add_private(struct evidence *self, struct slice text)
{
	struct strbuf *line = &self->letter.line;
	struct slice rest = text;
	const char *at;

	while (!self->settings->with_addresses &&
	    (at = slice_chr(rest, '@')) != NULL) {
		const char *from = at;

		while (from > rest.ptr && from[-1] != ' ' && from[-1] != '<' &&
		    from[-1] != ':' && from[-1] != '(' && from[-1] != '"')
			from--;
		strbuf_add(line, rest.ptr, (size_t)(from - rest.ptr));
		strbuf_add_str(line, from != at ? "...@" : "@");
		rest = slice_between(at + 1, rest.ptr + rest.len);
	}
	strbuf_add_slice(line, rest);
}

/* ------------------------------------------------------------------ */
/* Its words, and who said them */

static bool
concerns(const struct evidence *self, const struct report_reply *it)
{
	for (size_t r = 0; r < self->episode->reason_count; r++)
		if (slice_eq(it->reason, self->episode->reasons[r].reason) &&
		    slice_eq(it->token, self->episode->reasons[r].token))
			return true;
	return false;
}

static void
put_words(struct evidence *self)
{
	struct strbuf *line = &self->letter.line;
	char first[21], last[21];
	int64_t more = 0;
	size_t shown = 0;

	dossier_heading(&self->letter, "WHAT THE PROVIDER SAYS");
	for (size_t i = 0; i < self->own.reply_count; i++) {
		const struct report_reply *it = &self->own.replies[i];

		if (!concerns(self, it))
			continue;
		if (shown++ >= WORDINGS) {
			more += it->attempts;
			continue;
		}
		format_count(line, it->attempts, "time", "times");
		strbuf_addf(line, ", %s .. %s UTC, for example:",
		    evidence_time(it->first_utc, first),
		    evidence_time(it->last_utc, last));
		dossier_text(&self->letter);
		evidence_add_private(self, it->sample);
		dossier_quote(&self->letter);
	}
	if (more != 0)
		strbuf_addf(line, "and %lld times the same reason in other "
		    "words", (long long)more);
	dossier_text(&self->letter);
	if (self->refusal_count == 0)
		return;
	strbuf_add_str(line, "The latest ones, to be found in the provider's "
	    "own logs:");
	dossier_text(&self->letter);
	evidence_refusals(self);
}

/* ------------------------------------------------------------------ */
/* What is asked, and where */

static void
put_link(struct evidence *self, const char *what, struct slice url)
{
	if (url.len == 0)
		return;
	strbuf_addf(&self->letter.line, "%s: ", what);
	strbuf_add_slice(&self->letter.line, url);
	dossier_text(&self->letter);
}

/* A request is no claim; what is not known to be open needs none. */
static void
put_ask(struct evidence *self)
{
	const struct report_episode *it = self->episode;

	if (!episode_is_open(it->state))
		return;
	dossier_heading(&self->letter, "WHAT WE ASK");
	strbuf_addf(&self->letter.line, "Please review this decision for %.*s, "
	    "and lift it or tell us what it is based on.",
	    SLICE_ARG(evidence_address(self)));
	dossier_text(&self->letter);
}

static void
put_request(struct evidence *self)
{
	struct classify_query query = { .reply = self->episode->sample,
		.provider = self->episode->provider,
		.outcome = OUTCOME_BOUNCED };
	const struct classification *class;
	struct slice own_ip;

	dossier_heading(&self->letter, "WHAT TO DO, AND WHERE  (for us who "
	    "send; no part of the request)");
	class = classify(self->engine->classifier, &query, &own_ip);
	put_link(self, "Meaning", class->meaning);
	put_link(self, "Remedy", class->remedy);
	put_link(self, self->provider != NULL &&
	    slice_eq(self->provider->support_url, class->url) ? "Request" :
	    "About this reply", class->url);
	if (self->provider == NULL)
		return;
	if (!slice_eq(self->provider->support_url, class->url))
		put_link(self, "Request", self->provider->support_url);
	put_link(self, "Postmaster pages", self->provider->postmaster_url);
	put_link(self, "Feedback loop", self->provider->feedback_loop);
}

/* ------------------------------------------------------------------ */
/* What is not known */

static void
put_coverage(struct evidence *self)
{
	const struct report *own = &self->own;
	struct strbuf *line = &self->letter.line;
	int64_t from = INT64_MAX, to = INT64_MIN;
	char first[21], last[21];
	size_t gaps = 0;

	for (size_t i = 0; i < own->coverage_count; i++) {
		if (own->coverage[i].first_utc < from)
			from = own->coverage[i].first_utc;
		if (own->coverage[i].last_utc > to)
			to = own->coverage[i].last_utc;
	}
	for (size_t i = 0; i < own->window.day_count; i++)
		gaps += !own->window.days[i].is_covered;
	if (from > to)
		return;
	strbuf_addf(line, "The first line of the logs is of %s UTC, the last "
	    "of %s UTC; ", evidence_time(from, first),
	    evidence_time(to, last));
	if (gaps == 0)
		strbuf_add_str(line, "every day between has lines.");
	else
		strbuf_addf(line, "%zu %s without a line.", gaps,
		    gaps == 1 ? "day is" : "days are");
	dossier_text(&self->letter);
}

static void
put_unknown(struct evidence *self)
{
	const struct report_episode *it = self->episode;
	struct strbuf *line = &self->letter.line;

	dossier_heading(&self->letter, "WHAT IS NOT KNOWN");
	put_coverage(self);
	if (it->began_before_log)
		strbuf_add_str(line, "No acceptance stands in the log before "
		    "the first refusal: the block may be older than the "
		    "log.");
	dossier_text(&self->letter);
	if (it->state == EPISODE_SILENT)
		strbuf_add_str(line, "No mail was tried for a week: whether it "
		    "is over cannot be told.");
	dossier_text(&self->letter);
	if (slice_is_none(it->source_ip) &&
	    slice_chr(it->source, '/') != NULL)
		strbuf_add_str(line, "The sending address is not in the log "
		    "and no reply quotes it: the source is named by host and "
		    "instance.");
	dossier_text(&self->letter);
	if (!slice_is_none(it->sender_domain) &&
	    !slice_eq(it->extent, SLICE("domain")) &&
	    it->other_senders_accepted == 0) {
		strbuf_add_str(line, "Nearly all refused mail was from ");
		strbuf_add_slice(line, it->sender_domain);
		strbuf_add_str(line, ", and mail of no other sender domain is "
		    "known to have passed from this address meanwhile: by the "
		    "log alone the two cannot be told apart.");
	}
	dossier_text(&self->letter);
	strbuf_add_str(line, "What the reports above do not name was not among "
	    "those that were read, which does not prove that it does not "
	    "exist. Where mail is put after it was accepted does not stand in "
	    "any log. Block lists were not asked; where their answers stand "
	    "here, they are among the events.");
	dossier_text(&self->letter);
}

void
evidence_letter(struct evidence *self)
{
	struct dossier_letter *letter = &self->letter;
	char now[21];

	strbuf_add_str(&letter->line, "EVIDENCE  ");
	strbuf_add_slice(&letter->line, self->episode->name);
	strbuf_addf(&letter->line, " and %.*s",
	    SLICE_ARG(evidence_address(self)));
	dossier_heading(letter, letter->line.ptr);
	strbuf_reset(&letter->line);
	strbuf_addf(&letter->line, "prepared %s UTC by mxtrend %.*s; episode "
	    "#%.*s; all times UTC",
	    evidence_time(self->own.generated_utc, now),
	    SLICE_ARG(self->own.tool_version), SLICE_ARG(self->episode->id));
	if (!slice_is_none(self->episode->host))
		strbuf_addf(&letter->line, "; from the log of %.*s",
		    SLICE_ARG(self->episode->host));
	dossier_text(letter);
	evidence_put_summary(self);
	put_words(self);
	dossier_heading(letter, "EVENTS");
	evidence_remarks(self);
	dossier_heading(letter, "TIMELINE  (attempts to this provider from "
	    "this source)");
	evidence_days(self);
	dossier_heading(letter,
	    "CONTROL GROUP  (the hours from first to last refusal)");
	evidence_control(self);
	evidence_put_others(self);
	put_ask(self);
	put_request(self);
	put_unknown(self);
}
