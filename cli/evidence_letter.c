/* SPDX-License-Identifier: BSD-2-Clause */
/* The dossier in words. Says only what logs and reports carry, in the order
 * in which a support desk reads: what happens, since when, in whose words,
 * what is different elsewhere, what others see, what is asked, what is not
 * known. */
#include "cli/evidence.h"

#include "base/say.h"
#include "base/zone.h"
#include "reports/episode_words.h"
#include "reports/format_value.h"

enum { WORDINGS = 3, DAY_S = 86400 };

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

static void
add_reason(struct strbuf *line, const struct report_episode *it)
{
	strbuf_add_slice(line, it->reason);
	if (slice_is_none(it->token))
		return;
	strbuf_add_char(line, ' ');
	strbuf_add_slice(line, it->token);
}

/* ------------------------------------------------------------------ */
/* Summary */

/* What other providers did with the same source's mail meanwhile. */
static struct report_counts
others_of(const struct evidence *self, size_t *providers_r, size_t *clean_r)
{
	struct report_counts sum = { 0 };

	*providers_r = *clean_r = 0;
	for (size_t i = 0; i < self->control.pair_count; i++) {
		const struct report_row *row = &self->control.pairs[i];

		if (!slice_eq(row->source, self->episode->source) ||
		    slice_eq(row->provider, self->episode->provider) ||
		    row->n.deliveries == 0)
			continue;
		(*providers_r)++;
		*clean_r += row->n.blocked == 0;
		sum.deliveries += row->n.deliveries;
		sum.accepted += row->n.accepted;
		sum.blocked += row->n.blocked;
	}
	return sum;
}

/* Accepted by this provider from this source while the episode lasted. */
static int64_t
accepted_meanwhile(const struct evidence *self)
{
	for (size_t i = 0; i < self->control.pair_count; i++) {
		const struct report_row *row = &self->control.pairs[i];

		if (slice_eq(row->source, self->episode->source) &&
		    slice_eq(row->provider, self->episode->provider))
			return row->n.attempts.accepted;
	}
	return 0;
}

static const char *
how_it_stands(const struct report_episode *it)
{
	switch (it->state) {
	case EPISODE_SUSPECTED:
		return "refused (a single incident so far)";
	case EPISODE_CONFIRMED:
		return "refuses";
	case EPISODE_EASING:
		return "refused, and has begun to accept again,";
	case EPISODE_CLOSED:
		return "refused";
	case EPISODE_SILENT:
		return "refused when last tried";
	case EPISODE_DISMISSED:
	case EPISODE_STATES:
		break;
	}
	return "refused for a short time";
}

/* "since ..." where it is open, else "from ... to ...". */
static void
add_when(struct strbuf *line, const struct report_episode *it)
{
	char text[21];

	strbuf_addf(line, " %s%s %s", episode_is_open(it->state) ? "since" :
	    "from", it->began_before_log ? " at least" : "",
	    evidence_time(it->first_refusal_utc, text));
	if (!episode_is_open(it->state))
		strbuf_addf(line, " to %s",
		    evidence_time(it->last_refusal_utc, text));
	strbuf_add_str(line, " UTC (");
	add_reason(line, it);
	strbuf_add_str(line, "). ");
}

static void
add_minute(struct strbuf *out, const void *ctx, int64_t utc)
{
	char text[21];

	(void)ctx;
	strbuf_addf(out, "%s UTC", evidence_time(utc, text));
}

/* Where some mail passed, the refusals alone do not say when it began. */
static void
put_brackets(struct evidence *self)
{
	static const struct episode_clock clock = { add_minute, NULL };
	struct strbuf *line = &self->letter.line;
	size_t from;

	strbuf_add_str(line, "The first and the last refusal are not its "
	    "bounds, as mail passed meanwhile or is refused at other times "
	    "too: it ");
	from = line->len;
	if (episode_began_words(line, self->episode, &clock))
		strbuf_add_str(line, "; it ");
	if (episode_ended_words(line, self->episode, &clock)) {
		strbuf_add_char(line, '.');
	} else if (line->len != from) {
		strbuf_truncate(line, line->len - strlen("; it "));
		strbuf_add_char(line, '.');
	} else {
		strbuf_reset(line);
	}
	dossier_text(&self->letter);
}

static void
put_what(struct evidence *self)
{
	const struct report_episode *it = self->episode;
	struct strbuf *line = &self->letter.line;
	char text[21];

	strbuf_add_slice(line, it->name);
	strbuf_addf(line, " %s mail from %.*s", how_it_stands(it),
	    SLICE_ARG(evidence_address(self)));
	add_when(line, it);
	format_count(line, it->attempts, "attempt for ", "attempts for ");
	format_count(line, it->messages, "message to ", "messages to ");
	format_count(line, it->recipients, "recipient", "recipients");
	strbuf_addf(line, " %s refused; accepted in the same hours: %lld.",
	    it->attempts == 1 ? "was" : "were",
	    (long long)accepted_meanwhile(self));
	if (it->last_accept_before_utc != TIME_NONE)
		strbuf_addf(line, " The last message accepted before was at %s "
		    "UTC.", evidence_time(it->last_accept_before_utc, text));
	if (it->first_accept_after_utc != TIME_NONE)
		strbuf_addf(line, " The first accepted afterwards was at %s "
		    "UTC.", evidence_time(it->first_accept_after_utc, text));
	if (it->flaps != 0)
		strbuf_addf(line, " It was lifted and came back %lld %s.",
		    (long long)it->flaps, it->flaps == 1 ? "time" : "times");
	if (it->repeat > 1)
		strbuf_addf(line, " It is number %lld of its kind in the log.",
		    (long long)it->repeat);
	dossier_text(&self->letter);
}

/* Is it this address, its network, or a sender? */
static void
put_extent(struct evidence *self)
{
	struct strbuf *line = &self->letter.line;
	struct strbuf words;

	strbuf_init(&words, 4096);
	episode_extent_words(&words, self->episode);
	if (words.len > 2) {
		/* behind "; " */
		strbuf_add_char(line, (char)(words.ptr[2] - 'a' + 'A'));
		strbuf_add(line, words.ptr + 3, words.len - 3);
		strbuf_add_char(line, '.');
	}
	strbuf_release(&words);
	dossier_text(&self->letter);
}

static void
put_cost(struct evidence *self)
{
	struct strbuf *line = &self->letter.line;

	episode_cost_words(line, self->episode);
	if (line->len == 0)
		return;
	line->ptr[0] = 'O';
	strbuf_add_char(line, '.');
	dossier_text(&self->letter);
}

static void
put_elsewhere(struct evidence *self)
{
	struct strbuf *line = &self->letter.line;
	size_t providers, clean;
	struct report_counts sum = others_of(self, &providers, &clean);

	if (providers == 0) {
		strbuf_add_str(line, "In the same hours no mail went to other "
		    "providers from this source, so there is nothing to "
		    "compare with.");
	} else {
		strbuf_add_str(line, "In the same hours ");
		format_count(line, (int64_t)providers, "other provider",
		    "other providers");
		strbuf_add_str(line, " accepted ");
		evidence_add_share(line, sum.accepted, sum.deliveries);
		strbuf_addf(line, " of the deliveries from the same source; "
		    "%zu of them refused nothing for reputation or policy.",
		    clean);
	}
	dossier_text(&self->letter);
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
/* Volume */

/* Whole days with log before the one of the first refusal. */
static void
put_volume(struct evidence *self)
{
	struct strbuf *line = &self->letter.line;
	struct report_attempts sum = { 0 };
	int64_t messages = 0, refused = 0, days = 0;

	for (size_t i = 0; i < self->own.window.day_count; i++) {
		const struct report_day *day = &self->own.window.days[i];

		if (!day->is_covered || day->day_utc + DAY_S >
		    self->episode->first_refusal_utc)
			continue;
		days++;
		messages += day->messages;
		refused += day->blocked;
		sum.accepted += day->attempts.accepted;
		sum.deferred += day->attempts.deferred;
		sum.bounced += day->attempts.bounced;
	}
	if (days == 0)
		return;
	strbuf_add_str(line, "Before, in ");
	format_count(line, days, "whole day", "whole days");
	strbuf_addf(line, " of log: %.1f messages a day from this source to "
	    "this provider; it accepted ", (double)messages / (double)days);
	evidence_add_share(line, sum.accepted, sum.accepted + sum.deferred +
	    sum.bounced);
	strbuf_addf(line, " attempts and refused %lld for reputation or "
	    "policy.", (long long)refused);
	dossier_text(&self->letter);
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

	dossier_heading(&self->letter, "WHAT TO DO, AND WHERE");
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
	char first[21], last[21];
	size_t gaps = 0;

	for (size_t i = 0; i < own->window.day_count; i++)
		gaps += !own->window.days[i].is_covered;
	strbuf_addf(line, "The logs cover %s .. %s UTC",
	    evidence_time(own->window.since_utc, first),
	    evidence_time(own->window.until_utc, last));
	if (gaps == 0)
		strbuf_add_str(line, " without a missing day.");
	else
		strbuf_addf(line, "; %zu days of it have no log.", gaps);
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
	dossier_text(letter);
	dossier_heading(letter, "SUMMARY");
	put_what(self);
	put_brackets(self);
	put_elsewhere(self);
	put_extent(self);
	put_volume(self);
	put_cost(self);
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
