/* SPDX-License-Identifier: BSD-2-Clause */
/* The dossier in words. Says only what the logs carry, in the order in which
 * a support desk reads: what happens, since when, in whose words, what is
 * different elsewhere, what is not known. */
#include "cli/evidence.h"

#include "base/say.h"
#include "base/zone.h"

enum { WIDTH = 78, LISTED = 12, WORDINGS = 3 };

/* ------------------------------------------------------------------ */
/* Words */

static const char *
time_text(int64_t utc, char buf[21])
{
	char full[21];

	if (utc == TIME_NONE)
		return "(none in the log)";
	rfc3339_utc(utc, full);
	(void)snprintf(buf, 21, "%.10s %.5s", full, full + 11);
	return buf;
}

/* SELF->line as a paragraph, indented, at most WIDTH columns. */
static void
paragraph(struct dossier *self, unsigned indent)
{
	struct slice rest = strbuf_slice(&self->line);
	size_t column = 0;

	while (rest.len != 0) {
		const char *space = slice_chr(rest, ' ');
		size_t len = space != NULL ? (size_t)(space - rest.ptr) :
		    rest.len;

		if (column != 0 && column + 1 + len > WIDTH) {
			strbuf_add_char(&self->out, '\n');
			column = 0;
		}
		if (column == 0) {
			strbuf_addf(&self->out, "%*s", (int)indent, "");
			column = indent;
		} else {
			strbuf_add_char(&self->out, ' ');
			column++;
		}
		strbuf_add(&self->out, rest.ptr, len);
		column += len;
		rest = slice_skip(rest, len + (space != NULL));
	}
	strbuf_add_char(&self->out, '\n');
	strbuf_reset(&self->line);
}

/* A mail address in a reply is somebody's: only its domain is told. */
static void
add_private(struct dossier *self, struct slice text)
{
	struct strbuf clean;
	struct slice rest;
	const char *at;

	strbuf_init(&clean, (size_t)8 * 8192);
	scrub_text(&clean, text, !self->settings->is_utf8);
	rest = strbuf_slice(&clean);
	while (!self->settings->with_addresses &&
	    (at = slice_chr(rest, '@')) != NULL) {
		const char *from = at;

		while (from > rest.ptr && from[-1] != ' ' && from[-1] != '<' &&
		    from[-1] != ':' && from[-1] != '(' && from[-1] != '"')
			from--;
		strbuf_add(&self->line, rest.ptr, (size_t)(from - rest.ptr));
		strbuf_add_str(&self->line, from != at ? "...@" : "@");
		rest = slice_between(at + 1, rest.ptr + rest.len);
	}
	strbuf_add_slice(&self->line, rest);
	strbuf_release(&clean);
}

static struct slice
address_of(const struct dossier *self)
{
	const struct report_episode *it = self->episode;

	return slice_is_none(it->source_ip) ? it->source : it->source_ip;
}

static void
heading(struct dossier *self, const char *text)
{
	strbuf_addf(&self->out, "\n%s\n", text);
}

/* ------------------------------------------------------------------ */
/* Parts */

/* What other providers did with the same address's mail meanwhile. */
static struct report_counts
others(const struct dossier *self, size_t *providers_r, size_t *clean_r)
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

/* Accepted by this provider from this address while the episode lasted. */
static int64_t
accepted_meanwhile(const struct dossier *self)
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
		return "refused, and accepts again,";
	case EPISODE_SILENT:
		return "refused when last tried";
	case EPISODE_DISMISSED:
	case EPISODE_STATES:
		break;
	}
	return "refused for a short time";
}

static void
put_summary(struct dossier *self)
{
	const struct report_episode *it = self->episode;
	char first[21], before[21], after[21];
	size_t providers, clean;
	struct report_counts sum = others(self, &providers, &clean);

	heading(self, "SUMMARY");
	scrub_text(&self->line, it->name, !self->settings->is_utf8);
	strbuf_addf(&self->line, " %s mail from %.*s since%s %s UTC (%.*s",
	    how_it_stands(it), SLICE_ARG(address_of(self)),
	    it->began_before_log ? " at least" : "",
	    time_text(it->first_refusal_utc, first), SLICE_ARG(it->reason));
	if (!slice_is_none(it->token)) {
		strbuf_add_char(&self->line, ' ');
		scrub_text(&self->line, it->token, true);
	}
	strbuf_addf(&self->line, "). %lld attempts for %lld messages to %lld "
	    "recipients were refused; accepted in the same time: %lld "
	    "attempts.", (long long)it->attempts, (long long)it->messages,
	    (long long)it->recipients, (long long)accepted_meanwhile(self));
	if (it->last_accept_before_utc != TIME_NONE)
		strbuf_addf(&self->line, " The last message accepted before "
		    "was at %s UTC.", time_text(it->last_accept_before_utc,
		    before));
	if (it->first_accept_after_utc != TIME_NONE)
		strbuf_addf(&self->line, " The first accepted afterwards was "
		    "at %s UTC.", time_text(it->first_accept_after_utc,
		    after));
	paragraph(self, 2);
	strbuf_addf(&self->line, "In the same time %zu other providers took "
	    "mail from the same source: they accepted %lld of %lld "
	    "deliveries, and %zu of them refused nothing for reputation or "
	    "policy.", providers, (long long)sum.accepted,
	    (long long)sum.deliveries, clean);
	if (providers == 0) {
		strbuf_reset(&self->line);
		strbuf_add_str(&self->line, "In the same time no mail went to "
		    "other providers from this source, so there is nothing "
		    "to compare with.");
	}
	paragraph(self, 2);
}

static void
put_words(struct dossier *self)
{
	const struct report *own = &self->own;
	char first[21], last[21];
	int64_t more = 0;
	size_t shown = 0;

	heading(self, "WHAT THE PROVIDER SAYS");
	for (size_t i = 0; i < own->reply_count; i++) {
		const struct report_reply *it = &own->replies[i];
		bool concerns = false;

		for (size_t r = 0; r < self->episode->reason_count; r++)
			concerns |= slice_eq(it->reason,
			    self->episode->reasons[r].reason) &&
			    slice_eq(it->token,
			    self->episode->reasons[r].token);
		if (!concerns)
			continue;
		if (shown++ >= WORDINGS) {
			more += it->attempts;
			continue;
		}
		strbuf_addf(&self->line, "%lld times, %s .. %s UTC, for "
		    "example:", (long long)it->attempts,
		    time_text(it->first_utc, first),
		    time_text(it->last_utc, last));
		paragraph(self, 2);
		add_private(self, it->sample);
		paragraph(self, 6);
	}
	if (more == 0)
		return;
	strbuf_addf(&self->line, "and %lld times the same reason in other "
	    "words", (long long)more);
	paragraph(self, 2);
}

static void
put_timeline(struct dossier *self)
{
	const struct report *own = &self->own;

	heading(self, "TIMELINE  (days in UTC; attempts to this provider from "
	    "this source)");
	strbuf_add_str(&self->out,
	    "  day         accepted  deferred   bounced   refused\n");
	for (size_t i = 0; i < own->window.day_count; i++) {
		const struct report_day *day = &own->window.days[i];

		if (!day->is_covered) {
			strbuf_addf(&self->out, "  %s  (no log)\n", day->day);
			continue;
		}
		strbuf_addf(&self->out, "  %s  %8lld  %8lld  %8lld  %8lld\n",
		    day->day, (long long)day->attempts.accepted,
		    (long long)day->attempts.deferred,
		    (long long)day->attempts.bounced,
		    (long long)day->blocked);
	}
}

static void
put_row(struct dossier *self, struct slice name, const struct report_row *row)
{
	strbuf_add_str(&self->out, "  ");
	scrub_text(&self->out, name, !self->settings->is_utf8);
	strbuf_addf(&self->out, ": accepted %lld of %lld deliveries",
	    (long long)row->n.accepted, (long long)row->n.deliveries);
	if (row->n.blocked != 0)
		strbuf_addf(&self->out, " (%lld met a refusal)",
		    (long long)row->n.blocked);
	strbuf_add_char(&self->out, '\n');
}

static void
put_control(struct dossier *self)
{
	size_t listed = 0, more = 0;

	heading(self, "CONTROL GROUP  (from first to last refusal)");
	strbuf_add_str(&self->out,
	    "  The same source, other providers:\n");
	for (size_t i = 0; i < self->control.pair_count; i++) {
		const struct report_row *row = &self->control.pairs[i];

		if (!slice_eq(row->source, self->episode->source) ||
		    slice_eq(row->provider, self->episode->provider))
			continue;
		if (listed == LISTED) {
			more++;
			continue;
		}
		listed++;
		strbuf_add_str(&self->out, "  ");
		put_row(self, row->name, row);
	}
	if (more != 0)
		strbuf_addf(&self->out, "    and %zu more\n", more);
	if (listed == 0)
		strbuf_add_str(&self->out, "    none\n");
	listed = 0;
	strbuf_add_str(&self->out,
	    "  The same provider, our other sources:\n");
	for (size_t i = 0; i < self->control.pair_count; i++) {
		const struct report_row *row = &self->control.pairs[i];

		if (slice_eq(row->source, self->episode->source) ||
		    !slice_eq(row->provider, self->episode->provider))
			continue;
		listed++;
		strbuf_add_str(&self->out, "  ");
		put_row(self, slice_is_none(row->source_ip) ? row->source :
		    row->source_ip, row);
	}
	if (listed == 0)
		strbuf_add_str(&self->out, "    none in this log\n");
}

static void
put_link(struct dossier *self, const char *what, struct slice url)
{
	if (url.len == 0)
		return;
	strbuf_addf(&self->out, "  %s: ", what);
	scrub_text(&self->out, url, true);
	strbuf_add_char(&self->out, '\n');
}

static void
put_request(struct dossier *self)
{
	struct classify_query query = { .reply = self->episode->sample,
		.provider = self->episode->provider,
		.outcome = OUTCOME_BOUNCED };
	const struct classification *class;
	struct slice own_ip;

	heading(self, "WHAT TO DO, AND WHERE");
	class = classify(self->engine->classifier, &query, &own_ip);
	if (class->meaning.len != 0) {
		strbuf_add_str(&self->line, "Meaning: ");
		scrub_text(&self->line, class->meaning, true);
		paragraph(self, 2);
	}
	if (class->remedy.len != 0) {
		strbuf_add_str(&self->line, "Remedy: ");
		scrub_text(&self->line, class->remedy, true);
		paragraph(self, 2);
	}
	put_link(self, "About this reply", class->url);
	if (self->provider == NULL)
		return;
	put_link(self, "Request", self->provider->support_url);
	put_link(self, "Postmaster pages", self->provider->postmaster_url);
	put_link(self, "Feedback loop", self->provider->feedback_loop);
}

static void
put_unknown(struct dossier *self)
{
	const struct report *own = &self->own;
	char first[21], last[21];
	size_t gaps = 0;

	for (size_t i = 0; i < own->window.day_count; i++)
		gaps += !own->window.days[i].is_covered;
	heading(self, "WHAT IS NOT KNOWN");
	strbuf_addf(&self->line, "The logs cover %s .. %s UTC",
	    time_text(own->window.since_utc, first),
	    time_text(own->window.until_utc, last));
	strbuf_addf(&self->line, gaps == 0 ? " without a missing day." :
	    "; %zu days of it have no log.", gaps);
	paragraph(self, 2);
	if (self->episode->began_before_log) {
		strbuf_add_str(&self->line, "No acceptance stands in the log "
		    "before the first refusal: the block may be older than "
		    "the log.");
		paragraph(self, 2);
	}
	strbuf_add_str(&self->line, "Complaints (feedback loops), SNDS, DNSBL "
	    "listings, DMARC and TLS reports are not part of this dossier; "
	    "where mail is put after it was accepted does not stand in any "
	    "log.");
	paragraph(self, 2);
	if (slice_is_none(self->episode->source_ip)) {
		strbuf_add_str(&self->line, "The sending address is not in the "
		    "log and no reply quotes it: the source is named by host "
		    "and instance.");
		paragraph(self, 2);
	}
}

void
evidence_text(struct dossier *self)
{
	char now[21];

	strbuf_add_str(&self->out, "EVIDENCE  ");
	scrub_text(&self->out, self->episode->name, !self->settings->is_utf8);
	strbuf_addf(&self->out, " and %.*s\n", SLICE_ARG(address_of(self)));
	strbuf_addf(&self->out, "prepared %s UTC by mxtrend %.*s; episode "
	    "#%.*s; all times UTC\n", time_text(self->own.generated_utc, now),
	    SLICE_ARG(self->own.tool_version), SLICE_ARG(self->episode->id));
	put_summary(self);
	put_words(self);
	put_timeline(self);
	put_control(self);
	put_request(self);
	put_unknown(self);
}
