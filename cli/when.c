/* SPDX-License-Identifier: BSD-2-Clause */
/* Moments and ages. The grammar, blanks free between words:
 *
 *   moment  = word | [word] clock | date [("T" | " ") clock [offset]]
 *           | "@" seconds | ("+" | "-") span | span "ago" | span "from now"
 *   word    = "now" | "today" | "yesterday" | "tomorrow"
 *   clock   = HH:MM [:SS [.fraction]]       offset = "Z" | (+|-)HH[:]MM
 *   span    = 1*(number unit)
 *
 * as systemd.time(7) has it, without its weekday names. */
#include "cli/when.h"

#define WHEN_LIMIT_UTC INT64_C(4133980800) /* 2101-01-01 */

struct span {
	int64_t months, days, seconds;
};

static enum mx_code
no_moment(struct slice text, struct mx_err *err)
{
	return mx_fail(err, MX_E_USAGE, "'%.*s' is no date such as "
	    "2026-11-20, '2026-11-20 08:00', yesterday, -7d, @1763625600",
	    SLICE_ARG(text));
}

/* --- spans ---------------------------------------------------------------- */

static const struct unit {
	const char *name;
	struct span one;
} units[] = {
	{ "s", { 0, 0, 1 } },
	{ "sec", { 0, 0, 1 } },
	{ "second", { 0, 0, 1 } },
	{ "seconds", { 0, 0, 1 } },
	{ "m", { 0, 0, 60 } },
	{ "min", { 0, 0, 60 } },
	{ "minute", { 0, 0, 60 } },
	{ "minutes", { 0, 0, 60 } },
	{ "h", { 0, 0, 3600 } },
	{ "hr", { 0, 0, 3600 } },
	{ "hour", { 0, 0, 3600 } },
	{ "hours", { 0, 0, 3600 } },
	{ "d", { 0, 1, 0 } },
	{ "day", { 0, 1, 0 } },
	{ "days", { 0, 1, 0 } },
	{ "w", { 0, 7, 0 } },
	{ "week", { 0, 7, 0 } },
	{ "weeks", { 0, 7, 0 } },
	{ "M", { 1, 0, 0 } },
	{ "month", { 1, 0, 0 } },
	{ "months", { 1, 0, 0 } },
	{ "y", { 12, 0, 0 } },
	{ "year", { 12, 0, 0 } },
	{ "years", { 12, 0, 0 } },
};

static const struct unit *
unit_by_name(struct slice name)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (slice_eq(slice_str(units[i].name), name))
			return &units[i];
	return NULL;
}

static size_t
letters(struct slice text)
{
	size_t n = 0;

	while (n < text.len && ascii_is_alpha(text.ptr[n]))
		n++;
	return n;
}

/* All of *text that is number and unit, again and again. False where there
 * is none, or a unit is unknown. A number is at most 10^9, and there are at
 * most as many as a line has letters, so nothing overflows. */
static bool
take_span(struct slice *text, struct span *span_r)
{
	struct span sum = { 0, 0, 0 };
	bool has_any = false;

	while (text->len > 0 && ascii_is_digit(text->ptr[0])) {
		uint64_t number;
		size_t used = slice_number(*text, 1000000000, &number);
		const struct unit *unit;
		struct slice rest;

		if (used == 0)
			return false;
		rest = slice_trim(slice_skip(*text, used));
		unit = unit_by_name(slice_of(rest.ptr, letters(rest)));
		if (unit == NULL)
			return false;
		sum.months += (int64_t)number * unit->one.months;
		sum.days += (int64_t)number * unit->one.days;
		sum.seconds += (int64_t)number * unit->one.seconds;
		*text = slice_trim(slice_skip(rest, strlen(unit->name)));
		has_any = true;
	}
	*span_r = sum;
	return has_any;
}

enum mx_code
when_age(struct slice text, int64_t *seconds_r, struct mx_err *err)
{
	struct slice rest = slice_trim(text);
	struct span span;

	if (!take_span(&rest, &span) || rest.len != 0)
		return mx_fail(err, MX_E_USAGE,
		    "'%.*s' is no age such as 36h, 90d or 2 weeks",
		    SLICE_ARG(text));
	*seconds_r = span.seconds + 86400 * (span.days + span.months / 12 * 365 +
	    span.months % 12 * 30);
	return MX_OK;
}

/* --- calendar ------------------------------------------------------------- */

static struct civil
local_civil(const struct zone *zone, int64_t utc)
{
	return civil_from_seconds(utc + zone_offset(zone, utc, NULL));
}

static unsigned
month_days(int32_t year, unsigned month)
{
	int32_t next_year = month == 12 ? year + 1 : year;
	unsigned next_month = month == 12 ? 1 : month + 1;

	return (unsigned)(civil_days(next_year, next_month, 1) -
	    civil_days(year, month, 1));
}

/* The day is cut to the last one of a shorter month. */
static struct civil
add_months(struct civil civil, int64_t months)
{
	int64_t sum = (int64_t)civil.year * 12 + civil.month - 1 + months;
	unsigned last;

	civil.year = (int32_t)(sum / 12);
	civil.month = (uint8_t)(sum % 12 + 1);
	last = month_days(civil.year, civil.month);
	if (civil.day > last)
		civil.day = (uint8_t)last;
	return civil;
}

static struct civil
add_days(struct civil civil, int64_t days)
{
	int64_t seconds = civil_seconds(&civil) + days * 86400;

	return civil_from_seconds(seconds);
}

/* SIGN times SPAN from UTC: months and days by the wall clock, the rest by
 * the second. False when it leaves 1970..2100. */
static bool
add_span(const struct zone *zone, int64_t utc, const struct span *span,
    int sign, int64_t *utc_r)
{
	const int64_t most_days = 131 * 366;
	int64_t sum = utc;

	if (span->months > 131 * 12 || span->days > most_days ||
	    span->seconds > most_days * 86400)
		return false;
	if (span->months != 0 || span->days != 0) {
		struct civil civil = local_civil(zone, utc);

		civil = add_months(civil, sign * span->months);
		if (civil.year < 1902 || civil.year > 2237)
			return false;
		civil = add_days(civil, sign * span->days);
		if (civil.year < 1970 || civil.year > 2100)
			return false;
		sum = zone_to_utc(zone, &civil, 0);
	}
	*utc_r = sum + sign * span->seconds;
	return true;
}

/* --- moments -------------------------------------------------------------- */

/* A number of exactly WIDTH digits off the front of *text. */
static bool
take_digits(struct slice *text, size_t width, unsigned max, unsigned *value_r)
{
	uint64_t value;

	if (text->len < width ||
	    slice_number(slice_of(text->ptr, width), max, &value) != width)
		return false;
	*value_r = (unsigned)value;
	*text = slice_skip(*text, width);
	return true;
}

static bool
take_char(struct slice *text, char c)
{
	if (text->len == 0 || text->ptr[0] != c)
		return false;
	*text = slice_skip(*text, 1);
	return true;
}

static bool
take_date(struct slice *text, struct civil *civil_r)
{
	struct slice rest = *text;
	struct civil civil = { 0, 0, 0, 0, 0, 0 };
	unsigned year, month, day;

	if (!take_digits(&rest, 4, 2100, &year) || !take_char(&rest, '-') ||
	    !take_digits(&rest, 2, 12, &month) || !take_char(&rest, '-') ||
	    !take_digits(&rest, 2, 31, &day))
		return false;
	civil.year = (int32_t)year;
	civil.month = (uint8_t)month;
	civil.day = (uint8_t)day;
	if (!civil_is_valid(&civil))
		return false;
	*civil_r = civil;
	*text = rest;
	return true;
}

/* HH:MM[:SS[.fraction]] */
static bool
take_clock(struct slice *text, struct civil *civil)
{
	struct slice rest = *text;
	unsigned hour, minute, second = 0;

	if (!take_digits(&rest, 2, 23, &hour) || !take_char(&rest, ':') ||
	    !take_digits(&rest, 2, 59, &minute))
		return false;
	if (take_char(&rest, ':') && !take_digits(&rest, 2, 59, &second))
		return false;
	if (take_char(&rest, '.')) {
		if (rest.len == 0 || !ascii_is_digit(rest.ptr[0]))
			return false;
		while (rest.len > 0 && ascii_is_digit(rest.ptr[0]))
			rest = slice_skip(rest, 1);
	}
	civil->hour = (uint8_t)hour;
	civil->minute = (uint8_t)minute;
	civil->second = (uint8_t)second;
	*text = rest;
	return true;
}

/* Z or +HH[:]MM; seconds east. */
static bool
take_offset(struct slice *text, int64_t *offset_r)
{
	unsigned hours, minutes;
	int64_t sign;

	if (take_char(text, 'Z') || take_char(text, 'z')) {
		*offset_r = 0;
		return true;
	}
	if (take_char(text, '+'))
		sign = 1;
	else if (take_char(text, '-'))
		sign = -1;
	else
		return false;
	if (!take_digits(text, 2, 23, &hours))
		return false;
	(void)take_char(text, ':');
	if (!take_digits(text, 2, 59, &minutes))
		return false;
	*offset_r = sign * (int64_t)(hours * 3600 + minutes * 60);
	return true;
}

/* What stands behind the date: nothing, or a clock with or without offset. */
static bool
take_rest_of_date(struct slice rest, struct civil civil,
    const struct zone *zone, int64_t *utc_r)
{
	int64_t offset;

	if (rest.len == 0) {
		*utc_r = zone_to_utc(zone, &civil, 0);
		return true;
	}
	if (!take_char(&rest, 'T') && !take_char(&rest, 't') &&
	    !take_char(&rest, ' '))
		return false;
	rest = slice_trim(rest);
	if (!take_clock(&rest, &civil))
		return false;
	rest = slice_trim(rest);
	if (rest.len == 0) {
		*utc_r = zone_to_utc(zone, &civil, 0);
		return true;
	}
	if (!take_offset(&rest, &offset) || rest.len != 0)
		return false;
	*utc_r = civil_seconds(&civil) - offset;
	return true;
}

/* A word, with or without a clock behind it; or a clock alone. */
static bool
read_word(struct slice text, const struct zone *zone, int64_t now_utc,
    int64_t *utc_r)
{
	static const struct {
		const char *name;
		int day;
	} words[] = { { "today", 0 }, { "yesterday", -1 }, { "tomorrow", 1 } };
	struct slice word = slice_of(text.ptr, letters(text));
	struct slice rest = slice_trim(slice_skip(text, word.len));
	struct civil civil;
	bool is_day = word.len == 0;
	int day = 0;

	if (slice_eq_nocase(text, SLICE("now"))) {
		*utc_r = now_utc;
		return true;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!slice_eq_nocase(word, slice_str(words[i].name)))
			continue;
		is_day = true;
		day = words[i].day;
	}
	if (!is_day)
		return false;
	*utc_r = zone_day_start(zone, now_utc, day);
	if (rest.len == 0)
		return word.len != 0;
	civil = local_civil(zone, *utc_r);
	if (!take_clock(&rest, &civil) || rest.len != 0)
		return false;
	*utc_r = zone_to_utc(zone, &civil, *utc_r);
	return true;
}

/* -7d, +2h, 2 weeks ago, 3h from now. */
static bool
read_relative(struct slice text, const struct zone *zone, int64_t now_utc,
    int64_t *utc_r)
{
	bool has_minus = take_char(&text, '-');
	bool has_sign = has_minus || take_char(&text, '+');
	struct span span;
	int sign = has_minus ? -1 : 1;

	text = slice_trim(text);
	if (!take_span(&text, &span))
		return false;
	if (!has_sign && slice_eq_nocase(text, SLICE("ago"))) {
		sign = -1;
	} else {
		struct slice want = has_sign ? SLICE("") : SLICE("from now");

		if (!slice_eq_nocase(text, want))
			return false;
	}
	return add_span(zone, now_utc, &span, sign, utc_r);
}

static bool
read_epoch(struct slice text, int64_t *utc_r)
{
	uint64_t value;
	size_t used = slice_number(text, (uint64_t)WHEN_LIMIT_UTC, &value);

	if (used == 0 || used != text.len)
		return false;
	*utc_r = (int64_t)value;
	return true;
}

enum mx_code
when_moment(struct slice text, const struct zone *zone, int64_t now_utc,
    int64_t *utc_r, struct mx_err *err)
{
	struct slice rest = slice_trim(text);
	struct civil civil;
	int64_t utc = 0;
	bool is_known;

	if (take_char(&rest, '@'))
		is_known = read_epoch(rest, &utc);
	else if (take_date(&rest, &civil))
		is_known = take_rest_of_date(rest, civil, zone, &utc);
	else
		is_known = read_word(rest, zone, now_utc, &utc) ||
		    read_relative(rest, zone, now_utc, &utc);
	if (!is_known || utc < 0 || utc >= WHEN_LIMIT_UTC)
		return no_moment(text, err);
	*utc_r = utc;
	return MX_OK;
}
