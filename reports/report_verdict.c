/* SPDX-License-Identifier: BSD-2-Clause */
/* The verdict: one sentence that says who refuses us, from where, why, and
 * since when, or that nobody does, or that it cannot be known. */
#include "base/strbuf.h"
#include "base/zone.h"
#include "reports/episode_words.h"
#include "reports/report_build.h"

enum { VERDICT_MAX = 1000, NAMED_MAX = 3 };

static bool
is_refusing(const struct report_episode *it)
{
	return it->state == EPISODE_CONFIRMED || it->state == EPISODE_EASING;
}

static bool
is_suspected(const struct report_episode *it)
{
	return it->state == EPISODE_SUSPECTED;
}

static bool
is_silent(const struct report_episode *it)
{
	return it->state == EPISODE_SILENT;
}

static bool
is_closed(const struct report_episode *it)
{
	return it->state == EPISODE_CLOSED;
}

/* Distinct providers with such an episode. */
static size_t
count_providers(const struct report *report,
    bool (*is_such)(const struct report_episode *it))
{
	size_t count = 0;

	for (size_t i = 0; i < report->episode_count; i++) {
		bool is_known = false;

		if (!is_such(&report->episodes[i]))
			continue;
		for (size_t j = 0; j < i && !is_known; j++)
			is_known = is_such(&report->episodes[j]) &&
			    slice_eq(report->episodes[i].provider,
			    report->episodes[j].provider);
		count += !is_known;
	}
	return count;
}

static struct slice
source_of(const struct report_episode *it)
{
	return slice_is_none(it->source_ip) ? it->source : it->source_ip;
}

/* The source, when it is the same for all such episodes. */
static struct slice
common_source(const struct report *report,
    bool (*is_such)(const struct report_episode *it))
{
	struct slice common = SLICE_NONE;

	for (size_t i = 0; i < report->episode_count; i++) {
		const struct report_episode *it = &report->episodes[i];

		if (!is_such(it))
			continue;
		if (slice_is_none(common))
			common = source_of(it);
		else if (!slice_eq(common, source_of(it)))
			return SLICE_NONE;
	}
	return common;
}

static void
add_day(struct strbuf *out, const struct report *report, int64_t utc)
{
	struct civil civil =
	    civil_from_seconds(utc + zone_offset(report->zone, utc, NULL));

	strbuf_addf(out, "%04d-%02u-%02u", (int)civil.year, civil.month,
	    civil.day);
}

static void
add_reason(struct strbuf *out, struct slice reason, struct slice token)
{
	strbuf_add_str(out, " (");
	strbuf_add_slice(out, reason);
	if (!slice_is_none(token)) {
		strbuf_add_char(out, ' ');
		strbuf_add_slice(out, token);
	}
	strbuf_add_char(out, ')');
}

/* Those of one provider that are such: one block may hold forty of our
 * addresses. */
struct refuser {
	const struct report_episode *largest, *earliest;
	size_t sources;
	bool has_addresses; /* all of them */
};

static bool
is_first_of_source(const struct report *report,
    bool (*is_such)(const struct report_episode *it), size_t at)
{
	const struct report_episode *list = report->episodes;

	for (size_t i = 0; i < at; i++)
		if (is_such(&list[i]) &&
		    slice_eq(list[i].provider, list[at].provider) &&
		    slice_eq(source_of(&list[i]), source_of(&list[at])))
			return false;
	return true;
}

static struct refuser
gather(const struct report *report,
    bool (*is_such)(const struct report_episode *it), struct slice provider)
{
	struct refuser sum = { .has_addresses = true };

	for (size_t i = 0; i < report->episode_count; i++) {
		const struct report_episode *it = &report->episodes[i];

		if (!is_such(it) || !slice_eq(it->provider, provider))
			continue;
		if (sum.largest == NULL || it->messages >
		    sum.largest->messages)
			sum.largest = it;
		if (sum.earliest == NULL || it->first_refusal_utc <
		    sum.earliest->first_refusal_utc)
			sum.earliest = it;
		sum.has_addresses &= !slice_is_none(it->source_ip);
		sum.sources += is_first_of_source(report, is_such, i);
	}
	return sum;
}

static bool
is_named(const struct refuser *named, size_t count, struct slice provider)
{
	for (size_t i = 0; i < count; i++)
		if (slice_eq(named[i].largest->provider, provider))
			return true;
	return false;
}

/* The provider of the largest such episode that is not yet among NAMED. */
static struct refuser
next_refuser(const struct report *report,
    bool (*is_such)(const struct report_episode *it),
    const struct refuser *named, size_t count)
{
	struct slice provider = SLICE_NONE;
	int64_t most = -1;

	for (size_t i = 0; i < report->episode_count; i++) {
		const struct report_episode *it = &report->episodes[i];

		if (!is_such(it) || it->messages <= most ||
		    is_named(named, count, it->provider))
			continue;
		provider = it->provider;
		most = it->messages;
	}
	return gather(report, is_such, provider);
}

static void
add_sources(struct strbuf *out, const struct report *report,
    bool (*is_such)(const struct report_episode *it),
    const struct refuser *who)
{
	strbuf_add_str(out, " from ");
	if (who->sources > 2) {
		strbuf_addf(out, "%zu of our %s", who->sources,
		    who->has_addresses ? "addresses" : "sources");
		return;
	}
	for (size_t i = 0, told = 0; i < report->episode_count; i++) {
		const struct report_episode *it = &report->episodes[i];

		if (!is_such(it) ||
		    !slice_eq(it->provider, who->largest->provider) ||
		    !is_first_of_source(report, is_such, i))
			continue;
		strbuf_add_str(out, told++ == 0 ? "" : " and ");
		strbuf_add_slice(out, source_of(it));
	}
}

static void
add_refuser(struct strbuf *out, const struct report *report,
    bool (*is_such)(const struct report_episode *it),
    const struct refuser *who, bool with_source)
{
	strbuf_add_slice(out, who->largest->name);
	if (with_source)
		add_sources(out, report, is_such, who);
	add_reason(out, who->largest->reason, who->largest->token);
	strbuf_add_str(out, who->earliest->began_before_log ?
	    " since at least " : " since ");
	add_day(out, report, who->earliest->first_refusal_utc);
}

/* "Microsoft (ip-block S3140) since 2026-11-18", of a few, largest first. */
static void
add_refusers(struct strbuf *out, const struct report *report,
    bool (*is_such)(const struct report_episode *it), bool with_source)
{
	struct refuser named[NAMED_MAX];
	size_t left = count_providers(report, is_such);

	for (size_t n = 0; n < NAMED_MAX && left != 0; n++, left--) {
		named[n] = next_refuser(report, is_such, named, n);
		strbuf_add_str(out, n == 0 ? " " : "; ");
		add_refuser(out, report, is_such, &named[n], with_source);
	}
	if (left != 0)
		strbuf_addf(out, "; and %zu more", left);
}

/* "2 providers VERB mail from 192.0.2.9WHEN: ..." */
static void
say_such(struct strbuf *out, const struct report *report,
    bool (*is_such)(const struct report_episode *it), const char *verb,
    const char *when)
{
	size_t providers = count_providers(report, is_such);
	struct slice source = common_source(report, is_such);

	strbuf_addf(out, "%zu provider%s %s mail", providers,
	    providers == 1 ? "" : "s", verb);
	if (!slice_is_none(source)) {
		strbuf_add_str(out, " from ");
		strbuf_add_slice(out, source);
	}
	strbuf_add_str(out, when);
	strbuf_add_char(out, ':');
	add_refusers(out, report, is_such, slice_is_none(source));
}

/* ------------------------------------------------------------------ */
/* Several addresses, or one sender domain, that only together have refusals
 * enough: of providers that refuse no address by itself. */

static bool
refuses_one(const struct report *report, struct slice provider)
{
	for (size_t i = 0; i < report->episode_count; i++)
		if (is_refusing(&report->episodes[i]) &&
		    slice_eq(report->episodes[i].provider, provider))
			return true;
	return false;
}

static bool
is_together(const struct report *report, const struct report_score *it)
{
	return !it->is_explained && (it->state == EPISODE_CONFIRMED ||
	    it->state == EPISODE_EASING) && !refuses_one(report, it->provider);
}

/* Most messages, and of as many the one that says more than "all". */
static bool
says_more(const struct report_score *it, const struct report_score *other)
{
	if (it->messages != other->messages)
		return it->messages > other->messages;
	return slice_is_none(other->key) && !slice_is_none(it->key);
}

/* Is it the one to name of its provider's? */
static bool
is_largest_together(const struct report *report, size_t at)
{
	const struct report_score *list = report->scores;

	if (!is_together(report, &list[at]))
		return false;
	for (size_t i = 0; i < report->score_count; i++)
		if (i != at && is_together(report, &list[i]) &&
		    slice_eq(list[i].provider, list[at].provider) &&
		    (says_more(&list[i], &list[at]) ||
		    (i < at && !says_more(&list[at], &list[i]))))
			return false;
	return true;
}

/* "; Example refuses 198.51.100.0/24 taken together (dnsbl) since 2026-11-09",
 * and whether there is any. */
static bool
say_together(struct strbuf *out, const struct report *report)
{
	size_t told = 0;

	for (size_t i = 0; i < report->score_count; i++) {
		const struct report_score *it = &report->scores[i];

		if (!is_largest_together(report, i) || told++ >= NAMED_MAX)
			continue;
		strbuf_add_str(out, out->len == 0 ? "" : "; ");
		strbuf_add_slice(out, it->name);
		strbuf_add_str(out, " refuses ");
		score_over_words(out, it);
		add_reason(out, it->reason, it->token);
		strbuf_add_str(out, it->began_before_log ?
		    " since at least " : " since ");
		add_day(out, report, it->first_refusal_utc);
	}
	if (told > NAMED_MAX)
		strbuf_addf(out, "; and %zu more", told - NAMED_MAX);
	return told != 0;
}

/* Of whom it is confirmed. */
static bool
say_refusing(struct strbuf *out, const struct report *report)
{
	size_t providers = count_providers(report, is_refusing);

	if (providers != 0)
		say_such(out, report, is_refusing, providers == 1 ?
		    "is refusing" : "are refusing", "");
	return say_together(out, report) || providers != 0;
}

static void
say_fine(struct strbuf *out, const struct report *report)
{
	size_t closed = count_providers(report, is_closed);

	strbuf_addf(out, "No provider is refusing mail: %lld of %lld "
	    "deliveries accepted", (long long)report->totals.accepted,
	    (long long)report->totals.deliveries);
	if (closed != 0)
		strbuf_addf(out, "; %zu provider%s refused earlier and accept%s"
		    " again", closed, closed == 1 ? "" : "s",
		    closed == 1 ? "s" : "");
	else if (report->totals.blocked != 0)
		strbuf_addf(out, "; %lld met a passing refusal",
		    (long long)report->totals.blocked);
}

static bool
has_log(const struct report *report)
{
	for (size_t i = 0; i < report->window.day_count; i++)
		if (report->window.days[i].is_covered)
			return true;
	return false;
}

/* Where nobody is known to refuse. */
static void
say_else(struct strbuf *out, const struct report *report)
{
	if (count_providers(report, is_suspected) != 0)
		say_such(out, report, is_suspected, "may be refusing", "");
	else if (count_providers(report, is_silent) != 0)
		say_such(out, report, is_silent, "refused",
		    " when last tried, a week or more ago");
	else if (!has_log(report))
		strbuf_add_str(out, "No log covers this window: nothing can "
		    "be said");
	else if (report->totals.deliveries == 0)
		strbuf_add_str(out, "No mail was sent to other hosts in this "
		    "window");
	else
		say_fine(out, report);
}

void
report_judge(struct report *report)
{
	struct strbuf out;

	strbuf_init(&out, VERDICT_MAX);
	if (!say_refusing(&out, report))
		say_else(&out, report);
	report->verdict = arena_slice(&report->arena, strbuf_slice(&out));
	strbuf_release(&out);
}
