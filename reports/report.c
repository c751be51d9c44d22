/* SPDX-License-Identifier: BSD-2-Clause */
/* The report document's life and the words for its enums. Knows neither where
 * the numbers come from nor how they will look. */
#include "reports/report.h"

#include <string.h>

void
report_init(struct report *report)
{
	memset(report, 0, sizeof(*report));
	arena_init(&report->arena);
	report->generated_utc = TIME_NONE;
	report->totals.p50_s = report->totals.p95_s = DELAY_NONE;
	report->local.p50_s = report->local.p95_s = DELAY_NONE;
	report->internal.p50_s = report->internal.p95_s = DELAY_NONE;
	report->compare_totals.p50_s = DELAY_NONE;
	report->compare_totals.p95_s = DELAY_NONE;
}

void
report_release(struct report *report)
{
	arena_release(&report->arena);
	report_init(report);
}

const char *
report_state_name(enum report_state state)
{
	static const char *const names[REPORT_STATES] = {
		[STATE_NO_LOG] = "no-log",
		[STATE_NO_MAIL] = "no-mail",
		[STATE_FINE] = "fine",
		[STATE_DEFERRING] = "deferring",
		[STATE_BLOCKED] = "blocked",
	};

	return names[state];
}

char
report_state_glyph(enum report_state state)
{
	static const char glyphs[REPORT_STATES] = {
		[STATE_NO_LOG] = '?',
		[STATE_NO_MAIL] = '-',
		[STATE_FINE] = '.',
		[STATE_DEFERRING] = 'd',
		[STATE_BLOCKED] = 'x',
	};

	return glyphs[state];
}

const char *
report_change_name(enum report_change change)
{
	static const char *const names[REPORT_CHANGES] = {
		[CHANGE_NONE] = NULL,
		[CHANGE_WORSE] = "worse",
		[CHANGE_BETTER] = "better",
		[CHANGE_SAME] = "same",
		[CHANGE_TOO_FEW] = "too-few",
	};

	return names[change];
}

const char *
episode_state_name(enum episode_state state)
{
	static const char *const names[EPISODE_STATES] = {
		[EPISODE_SUSPECTED] = "suspected",
		[EPISODE_CONFIRMED] = "confirmed",
		[EPISODE_EASING] = "easing",
		[EPISODE_CLOSED] = "closed",
		[EPISODE_SILENT] = "silent",
		[EPISODE_DISMISSED] = "dismissed",
	};

	return names[state];
}

bool
episode_is_open(enum episode_state state)
{
	return state == EPISODE_SUSPECTED || state == EPISODE_CONFIRMED ||
	    state == EPISODE_EASING || state == EPISODE_SILENT;
}

bool
report_annotation_concerns(const struct report_annotation *annotation,
    const struct report_episode *episode)
{
	enum { WEEK_S = 7 * 86400 };
	int64_t end = episode->first_accept_after_utc != TIME_NONE ?
	    episode->first_accept_after_utc : episode->last_refusal_utc;

	if (!slice_is_none(annotation->provider) &&
	    !slice_eq(annotation->provider, episode->provider))
		return false;
	if (!slice_is_none(annotation->source_ip) &&
	    !slice_eq(annotation->source_ip, episode->source_ip) &&
	    !slice_eq(annotation->source_ip, episode->source))
		return false;
	return annotation->time_utc >= episode->first_refusal_utc - WEEK_S &&
	    (episode_is_open(episode->state) ||
	    annotation->time_utc <= end + WEEK_S);
}
