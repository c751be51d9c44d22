/* SPDX-License-Identifier: BSD-2-Clause */
/* The verdict: one sentence that says who refuses us, from where, why, and
 * since when, or that nobody does, or that it cannot be known. */
#include "base/strbuf.h"
#include "base/zone.h"
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
add_reason(struct strbuf *out, const struct report_episode *it)
{
	strbuf_add_str(out, " (");
	strbuf_add_slice(out, it->reason);
	if (!slice_is_none(it->token)) {
		strbuf_add_char(out, ' ');
		strbuf_add_slice(out, it->token);
	}
	strbuf_add_char(out, ')');
}

/* The episode of most messages that is such and not yet among NAMED. */
static const struct report_episode *
next_largest(const struct report *report,
    bool (*is_such)(const struct report_episode *it),
    const struct report_episode *const *named, size_t count)
{
	const struct report_episode *best = NULL;

	for (size_t i = 0; i < report->episode_count; i++) {
		const struct report_episode *it = &report->episodes[i];
		bool is_named = false;

		for (size_t n = 0; n < count; n++)
			is_named |= named[n] == it;
		if (is_such(it) && !is_named &&
		    (best == NULL || it->messages > best->messages))
			best = it;
	}
	return best;
}

static void
add_episode(struct strbuf *out, const struct report *report,
    const struct report_episode *it, bool with_source)
{
	strbuf_add_slice(out, it->name);
	if (with_source) {
		strbuf_add_str(out, " from ");
		strbuf_add_slice(out, source_of(it));
	}
	add_reason(out, it);
	strbuf_add_str(out, it->began_before_log ? " since at least " :
	    " since ");
	add_day(out, report, it->first_refusal_utc);
}

/* "Microsoft (ip-block S3140) since 2026-11-18", of a few, largest first. */
static void
add_episodes(struct strbuf *out, const struct report *report,
    bool (*is_such)(const struct report_episode *it), bool with_source)
{
	const struct report_episode *named[NAMED_MAX] = { NULL };
	size_t left = 0;

	for (size_t i = 0; i < report->episode_count; i++)
		left += is_such(&report->episodes[i]);
	for (size_t n = 0; n < NAMED_MAX && left != 0; n++, left--) {
		named[n] = next_largest(report, is_such, named, n);
		strbuf_add_str(out, n == 0 ? " " : "; ");
		add_episode(out, report, named[n], with_source);
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
	add_episodes(out, report, is_such, slice_is_none(source));
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

void
report_judge(struct report *report)
{
	struct strbuf out;

	strbuf_init(&out, VERDICT_MAX);
	if (count_providers(report, is_refusing) != 0)
		say_such(&out, report, is_refusing,
		    count_providers(report, is_refusing) == 1 ?
		    "is refusing" : "are refusing", "");
	else if (count_providers(report, is_suspected) != 0)
		say_such(&out, report, is_suspected, "may be refusing", "");
	else if (count_providers(report, is_silent) != 0)
		say_such(&out, report, is_silent, "refused",
		    " when last tried, a week or more ago");
	else if (!has_log(report))
		strbuf_add_str(&out, "No log covers this window: nothing can "
		    "be said");
	else if (report->totals.deliveries == 0)
		strbuf_add_str(&out, "No mail was sent to other hosts in this "
		    "window");
	else
		say_fine(&out, report);
	report->verdict = arena_slice(&report->arena, strbuf_slice(&out));
	strbuf_release(&out);
}
