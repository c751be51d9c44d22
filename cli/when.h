/* SPDX-License-Identifier: BSD-2-Clause */
/* Dates as people type them (journalctl's words and RFC 3339) and windows
 * between them, in a given zone, with a given now. Windows are half open:
 * since <= t < until. Knows no options and no clock of its own. */
#ifndef MX_CLI_WHEN_H
#define MX_CLI_WHEN_H

#include "base/err.h"
#include "base/slice.h"
#include "base/zone.h"

/* Half open, UTC seconds. Open ends: INT64_MIN, INT64_MAX. */
struct when_window {
	int64_t since_utc, until_utc;
};

enum when_compare_kind { WHEN_COMPARE_NONE, WHEN_COMPARE_PREV,
	WHEN_COMPARE_YEAR, WHEN_COMPARE_WINDOW };

struct when_compare {
	enum when_compare_kind kind;
	struct when_window window; /* of WHEN_COMPARE_WINDOW only */
};

static inline struct when_window
when_always(void)
{
	return (struct when_window){ INT64_MIN, INT64_MAX };
}

static inline bool
when_is_bounded(const struct when_window *window)
{
	return window->since_utc != INT64_MIN && window->until_utc != INT64_MAX;
}

/* A moment: 2026-11-20, "2026-11-20 08:00[:00]", RFC 3339, today, yesterday,
 * tomorrow, now, -7d, +2h, "2 weeks ago", @1763625600. A date without time is
 * the start of that day in ZONE, so as the end of a window it excludes the
 * day. Units: s, min, h, d, w, month, year and their long forms; days and
 * longer keep the wall clock over a change to summer time. MX_E_USAGE when it
 * is none of these or outside 1970..2100. */
enum mx_code when_moment(struct slice text, const struct zone *zone,
    int64_t now_utc, int64_t *utc_r, struct mx_err *err) MX_MUST_USE;

/* --period: today, yesterday, day, week, month, quarter, year (calendar, the
 * current one, up to NOW), last-week, last-month, last-quarter, last-year
 * (the whole one before it; weeks begin on Monday), or rolling Nd, Nw, Nh:
 * that long, up to NOW. */
enum mx_code when_period(struct slice text, const struct zone *zone,
    int64_t now_utc, struct when_window *window_r, struct mx_err *err)
    MX_MUST_USE;

/* A window in one word: a period, A..B, A.. or ..B of moments, or a bare day
 * or month (2026-11-20, 2026-11). */
enum mx_code when_window_parse(struct slice text, const struct zone *zone,
    int64_t now_utc, struct when_window *window_r, struct mx_err *err)
    MX_MUST_USE;

/* --compare: prev, year or a window. */
enum mx_code when_compare_parse(struct slice text, const struct zone *zone,
    int64_t now_utc, struct when_compare *compare_r, struct mx_err *err)
    MX_MUST_USE;

/* The window to compare a bounded WINDOW with. prev: as many whole calendar
 * months before it where it is whole months; else moved back by as many days
 * as it touches where it begins at midnight (a day or week that is not over is
 * compared with the same part of the one before); else as many seconds before
 * it. year: the same weekdays 52 weeks earlier. */
struct when_window when_compare_window(const struct when_compare *compare,
    const struct when_window *window, const struct zone *zone);

/* An age: 90d, 2 weeks, 36h; in seconds (a month is 30 days, a year 365).
 * MX_E_USAGE when it is none. */
enum mx_code when_age(struct slice text, int64_t *seconds_r,
    struct mx_err *err) MX_MUST_USE;

#endif
