/* SPDX-License-Identifier: BSD-2-Clause */
/* Windows: calendar periods, rolling ones, A..B, and what to compare with. */
#include "cli/when.h"

#include <stdio.h>

static struct civil
local_civil(const struct zone *zone, int64_t utc)
{
	return civil_from_seconds(utc + zone_offset(zone, utc, NULL));
}

/* The first of the month MONTHS after that of CIVIL, in UTC. */
static int64_t
month_start(const struct zone *zone, struct civil civil, int64_t months)
{
	int64_t sum = (int64_t)civil.year * 12 + civil.month - 1 + months;
	struct civil first = { .year = (int32_t)(sum / 12),
		.month = (uint8_t)(sum % 12 + 1), .day = 1 };

	return zone_to_utc(zone, &first, 0);
}

/* Calendar periods start at a day or a month. */
enum period_unit { PERIOD_DAYS, PERIOD_WEEKS, PERIOD_MONTHS };

static const struct period {
	const char *name;
	enum period_unit unit;
	int count; /* months of one; 3 = quarter, 12 = year */
	int shift; /* 0 = the current one, -1 = the whole one before */
} periods[] = {
	{ "today", PERIOD_DAYS, 1, 0 },
	{ "day", PERIOD_DAYS, 1, 0 },
	{ "yesterday", PERIOD_DAYS, 1, -1 },
	{ "last-day", PERIOD_DAYS, 1, -1 },
	{ "week", PERIOD_WEEKS, 1, 0 },
	{ "last-week", PERIOD_WEEKS, 1, -1 },
	{ "month", PERIOD_MONTHS, 1, 0 },
	{ "last-month", PERIOD_MONTHS, 1, -1 },
	{ "quarter", PERIOD_MONTHS, 3, 0 },
	{ "last-quarter", PERIOD_MONTHS, 3, -1 },
	{ "year", PERIOD_MONTHS, 12, 0 },
	{ "last-year", PERIOD_MONTHS, 12, -1 },
};

/* Start of the period SHIFT after the one that holds NOW. */
static int64_t
period_start(const struct period *period, const struct zone *zone,
    int64_t now_utc, int shift)
{
	struct civil civil = local_civil(zone, now_utc);
	unsigned weekday;
	int into;

	switch (period->unit) {
	case PERIOD_DAYS:
		return zone_day_start(zone, now_utc, shift);
	case PERIOD_WEEKS:
		weekday = civil_weekday(
		    civil_days(civil.year, civil.month, civil.day));
		into = (int)(weekday + 6) % 7; /* since Monday */
		return zone_day_start(zone, now_utc, 7 * shift - into);
	case PERIOD_MONTHS:
		into = (civil.month - 1) % period->count;
		return month_start(zone, civil,
		    (int64_t)period->count * shift - into);
	}
	mx_bug("a period without a unit");
}

enum mx_code
when_period(struct slice text, const struct zone *zone, int64_t now_utc,
    struct when_window *window_r, struct mx_err *err)
{
	struct slice name = slice_trim(text);
	char back[32];
	int len;

	for (size_t i = 0; i < sizeof(periods) / sizeof(periods[0]); i++) {
		const struct period *period = &periods[i];

		if (!slice_eq_nocase(name, slice_str(period->name)))
			continue;
		window_r->since_utc =
		    period_start(period, zone, now_utc, period->shift);
		window_r->until_utc = period->shift == 0 ? now_utc :
		    period_start(period, zone, now_utc, period->shift + 1);
		/* of what begins right now its first second */
		if (window_r->until_utc == window_r->since_utc)
			window_r->until_utc++;
		return MX_OK;
	}
	len = snprintf(back, sizeof(back), "-%.*s", SLICE_ARG(name));
	if (name.len == 0 || !ascii_is_digit(name.ptr[0]) || len < 0 ||
	    (size_t)len >= sizeof(back) ||
	    when_moment(slice_str(back), zone, now_utc, &window_r->since_utc,
	    err) != MX_OK)
		return mx_fail(err, MX_E_USAGE, "'%.*s' is no period such as "
		    "yesterday, week, last-month, quarter or 7d",
		    SLICE_ARG(text));
	window_r->until_utc = now_utc;
	return MX_OK;
}

/* 2026-11 */
static bool
read_month(struct slice text, const struct zone *zone,
    struct when_window *window_r)
{
	struct civil civil = { .day = 1 };
	uint64_t year, month;

	if (text.len != 7 || text.ptr[4] != '-' ||
	    slice_number(slice_of(text.ptr, 4), 2100, &year) != 4 ||
	    slice_number(slice_skip(text, 5), 12, &month) != 2 ||
	    year < 1970 || month < 1)
		return false;
	civil.year = (int32_t)year;
	civil.month = (uint8_t)month;
	window_r->since_utc = month_start(zone, civil, 0);
	window_r->until_utc = month_start(zone, civil, 1);
	return true;
}

static enum mx_code
check_order(struct slice text, const struct when_window *window,
    struct mx_err *err)
{
	if (window->since_utc < window->until_utc)
		return MX_OK;
	return mx_fail(err, MX_E_USAGE, "'%.*s' ends before it begins",
	    SLICE_ARG(text));
}

/* A..B, where either may be missing. */
static enum mx_code
read_range(struct slice text, const char *dots, const struct zone *zone,
    int64_t now_utc, struct when_window *window_r, struct mx_err *err)
{
	struct slice begin = slice_trim(slice_between(text.ptr, dots));
	struct slice end = slice_trim(
	    slice_between(dots + 2, text.ptr + text.len));
	enum mx_code code = MX_OK;

	*window_r = when_always();
	if (begin.len == 0 && end.len == 0)
		return mx_fail(err, MX_E_USAGE, "'..' is no window");
	if (begin.len != 0)
		code = when_moment(begin, zone, now_utc,
		    &window_r->since_utc, err);
	if (code == MX_OK && end.len != 0)
		code = when_moment(end, zone, now_utc, &window_r->until_utc,
		    err);
	return code == MX_OK ? check_order(text, window_r, err) : code;
}

enum mx_code
when_window_parse(struct slice text, const struct zone *zone,
    int64_t now_utc, struct when_window *window_r, struct mx_err *err)
{
	struct slice word = slice_trim(text);
	const char *dots = slice_find(word, SLICE(".."));
	int64_t day;

	if (dots != NULL)
		return read_range(word, dots, zone, now_utc, window_r, err);
	if (when_period(word, zone, now_utc, window_r, NULL) == MX_OK ||
	    read_month(word, zone, window_r))
		return MX_OK;
	if (word.len == 10 &&
	    when_moment(word, zone, now_utc, &day, NULL) == MX_OK) {
		window_r->since_utc = day;
		window_r->until_utc = zone_day_start(zone, day, 1);
		return MX_OK;
	}
	return mx_fail(err, MX_E_USAGE, "'%.*s' is no window such as "
	    "2026-11-01..2026-11-08, 2026-11, 2026-11-20, last-week or 7d",
	    SLICE_ARG(text));
}

enum mx_code
when_compare_parse(struct slice text, const struct zone *zone,
    int64_t now_utc, struct when_compare *compare_r, struct mx_err *err)
{
	*compare_r = (struct when_compare){ WHEN_COMPARE_NONE, when_always() };
	if (slice_eq_nocase(text, SLICE("prev"))) {
		compare_r->kind = WHEN_COMPARE_PREV;
		return MX_OK;
	}
	if (slice_eq_nocase(text, SLICE("year"))) {
		compare_r->kind = WHEN_COMPARE_YEAR;
		return MX_OK;
	}
	compare_r->kind = WHEN_COMPARE_WINDOW;
	return when_window_parse(text, zone, now_utc, &compare_r->window,
	    err);
}

/* Whole months of WINDOW when it is some, else 0. */
static int64_t
whole_months(const struct when_window *window, const struct zone *zone)
{
	struct civil a = local_civil(zone, window->since_utc);
	struct civil b = local_civil(zone, window->until_utc);
	int64_t months = ((int64_t)b.year - a.year) * 12 + b.month - a.month;

	if (months <= 0 || month_start(zone, a, 0) != window->since_utc ||
	    month_start(zone, b, 0) != window->until_utc)
		return 0;
	return months;
}

/* Both ends moved by whole days, so that the wall clock stays. */
static struct when_window
shift_days(const struct when_window *window, const struct zone *zone,
    int64_t days)
{
	struct civil a = local_civil(zone, window->since_utc);
	struct civil b = local_civil(zone, window->until_utc);
	struct civil since = civil_from_seconds(
	    civil_seconds(&a) + days * 86400);
	struct civil until = civil_from_seconds(
	    civil_seconds(&b) + days * 86400);

	return (struct when_window){ zone_to_utc(zone, &since, 0),
		zone_to_utc(zone, &until, 0) };
}

static struct when_window
previous(const struct when_window *window, const struct zone *zone)
{
	int64_t months = whole_months(window, zone);
	struct civil a = local_civil(zone, window->since_utc);
	struct civil b = local_civil(zone, window->until_utc);
	int64_t wall = civil_seconds(&b) - civil_seconds(&a);
	int64_t days = (wall + 86399) / 86400;

	if (months != 0)
		return (struct when_window){ month_start(zone, a, -months),
			window->since_utc };
	/* business mail has a weekly shape: a Monday is compared with a
	 * Monday */
	if (zone_day_start(zone, window->since_utc, 0) == window->since_utc)
		return shift_days(window, zone, -(days + 6) / 7 * 7);
	return (struct when_window){
		window->since_utc - (window->until_utc - window->since_utc),
		window->since_utc };
}

struct when_window
when_compare_window(const struct when_compare *compare,
    const struct when_window *window, const struct zone *zone)
{
	if (compare->kind == WHEN_COMPARE_WINDOW)
		return compare->window;
	if (compare->kind == WHEN_COMPARE_YEAR)
		return shift_days(window, zone, -364);
	return previous(window, zone);
}
