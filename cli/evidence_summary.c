/* SPDX-License-Identifier: BSD-2-Clause */
/* The dossier in words: the summary. */
#include "cli/evidence.h"

#include "base/zone.h"
#include "reports/episode_words.h"
#include "reports/format_value.h"

enum { DAY_S = 86400 };

static void
add_reason(struct strbuf *line, const struct report_episode *it)
{
	strbuf_add_slice(line, it->reason);
	if (slice_is_none(it->token))
		return;
	strbuf_add_char(line, ' ');
	strbuf_add_slice(line, it->token);
}

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
	int64_t accepted = accepted_meanwhile(self);
	char text[21];

	strbuf_add_slice(line, it->name);
	strbuf_addf(line, " %s mail from %.*s", how_it_stands(it),
	    SLICE_ARG(evidence_address(self)));
	add_when(line, it);
	format_count(line, it->attempts, "attempt for ", "attempts for ");
	format_count(line, it->messages, "message to ", "messages to ");
	format_count(line, it->recipients, "recipient", "recipients");
	strbuf_addf(line, " %s refused, and ", it->attempts == 1 ? "was" :
	    "were");
	if (accepted == 0)
		strbuf_add_str(line, "none was accepted in the same hours.");
	else
		strbuf_addf(line, "%lld %s accepted in the same hours.",
		    (long long)accepted, accepted == 1 ? "was" : "were");
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
		strbuf_addf(line, " It is episode number %lld of this provider "
		    "and address in the log.", (long long)it->repeat);
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
put_senders(struct strbuf *line, const struct report_episode *it)
{
	if (it->sender_domains == COUNT_NONE || it->sender_domains == 0)
		return;
	strbuf_add_str(line, it->deliveries == 1 ? " Its sender is of " :
	    " Their senders are of ");
	format_count(line, it->sender_domains, "domain.", "domains.");
}

static void
add_parts(struct strbuf *line, const struct report_episode *it)
{
	strbuf_add_str(line, "Of ");
	format_count(line, it->deliveries, "refused delivery ",
	    "refused deliveries ");
	if (it->delivered_later == 0)
		strbuf_add_str(line, "none was");
	else
		strbuf_addf(line, "%lld %s", (long long)it->delivered_later,
		    it->delivered_later == 1 ? "was" : "were");
	strbuf_add_str(line, " accepted later");
	if (it->delivered_later != 0) {
		strbuf_add_str(line, " (half of these within ");
		format_span(line, (int64_t)(it->median_wait_s + 0.5));
		strbuf_add_char(line, ')');
	}
	if (it->still_open != COUNT_NONE && it->still_open != 0)
		strbuf_addf(line, ", %lld %s still in our queue",
		    (long long)it->still_open,
		    it->still_open == 1 ? "is" : "are");
	if (it->not_delivered != COUNT_NONE)
		strbuf_addf(line, ", %lld %s not delivered",
		    (long long)it->not_delivered,
		    it->not_delivered == 1 ? "was" : "were");
}

/* What became of the refused mail. */
static void
put_cost(struct evidence *self)
{
	const struct report_episode *it = self->episode;
	struct strbuf *line = &self->letter.line;

	if (it->deliveries == COUNT_NONE || it->deliveries == 0 ||
	    it->delivered_later == COUNT_NONE)
		return;
	if (it->not_delivered != it->deliveries)
		add_parts(line, it);
	else if (it->deliveries == 1)
		strbuf_add_str(line, "The one refused delivery failed for "
		    "good");
	else
		strbuf_addf(line, "All %lld refused deliveries failed for "
		    "good", (long long)it->deliveries);
	strbuf_add_char(line, '.');
	put_senders(line, it);
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
		strbuf_add_str(line, " of the deliveries from the same "
		    "source; ");
		if (clean != providers)
			strbuf_addf(line, "%zu of them refused none", clean);
		else
			strbuf_add_str(line, clean == 1 ?
			    "it refused none" : "none of them refused any");
		strbuf_add_str(line, " for reputation or policy.");
	}
	dossier_text(&self->letter);
}

/* ------------------------------------------------------------------ */
/* Volume */

/* Does the log of the source's host (of all, where that is not known) go on
 * before and after this day? */
static bool
is_whole_day(const struct report *own, struct slice host,
    const struct report_day *day)
{
	bool is_whole = false;

	for (size_t i = 0; i < own->coverage_count; i++) {
		const struct report_coverage *it = &own->coverage[i];

		if (strcmp(it->day, day->day) != 0 ||
		    (!slice_is_none(host) && !slice_eq(it->host, host)))
			continue;
		is_whole = slice_eq(it->state, SLICE("full"));
		if (!is_whole)
			break;
	}
	return is_whole;
}

/* Whole days of log before the one of the first refusal. */
static void
put_volume(struct evidence *self)
{
	struct strbuf *line = &self->letter.line;
	struct report_attempts sum = { 0 };
	int64_t messages = 0, refused = 0, days = 0;

	for (size_t i = 0; i < self->own.window.day_count; i++) {
		const struct report_day *day = &self->own.window.days[i];

		if (day->day_utc + DAY_S > self->episode->first_refusal_utc ||
		    !is_whole_day(&self->own, self->episode->host, day))
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
	    "this provider; of the attempts it accepted ",
	    (double)messages / (double)days);
	evidence_add_share(line, sum.accepted, sum.accepted + sum.deferred +
	    sum.bounced);
	strbuf_add_str(line, " and refused ");
	if (refused == 0)
		strbuf_add_str(line, "none");
	else
		strbuf_addf(line, "%lld", (long long)refused);
	strbuf_add_str(line, " for reputation or policy.");
	dossier_text(&self->letter);
}

void
evidence_put_summary(struct evidence *self)
{
	dossier_heading(&self->letter, "SUMMARY");
	put_what(self);
	put_brackets(self);
	put_elsewhere(self);
	put_extent(self);
	put_volume(self);
	put_cost(self);
}
