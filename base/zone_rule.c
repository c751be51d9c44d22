/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/zone_rule.h"

#include "base/zone.h"

/* Grammar (POSIX 8.3; RFC 8536 3.3.1):
 *   rule   = name offset [ name [ offset ] "," change "," change ]
 *   name   = 3 or more letters | "<" letters, digits, + - ">"
 *   offset = [+-] hh [ :mm [ :ss ] ]               west is positive
 *   change = ( "J" n | n | "M" m "." w "." d ) [ "/" offset ] */

static bool
take_char(struct slice *s, char c)
{
	if (s->len == 0 || s->ptr[0] != c)
		return false;
	*s = slice_skip(*s, 1);
	return true;
}

static bool
take_number(struct slice *s, uint64_t max, uint64_t *value_r)
{
	size_t n = slice_number(*s, max, value_r);

	*s = slice_skip(*s, n);
	return n != 0;
}

static bool
take_name(struct slice *s)
{
	size_t n = 0;

	if (take_char(s, '<')) {
		const char *end = slice_chr(*s, '>');

		if (end == NULL)
			return false;
		n = (size_t)(end - s->ptr);
		*s = slice_skip(*s, n + 1);
		return n >= 3;
	}
	while (n < s->len && ascii_is_alpha(s->ptr[n]))
		n++;
	*s = slice_skip(*s, n);
	return n >= 3;
}

static bool
take_hms(struct slice *s, int32_t *seconds_r)
{
	uint64_t h, m = 0, sec = 0;
	bool is_negative = take_char(s, '-');

	if (!is_negative)
		(void)take_char(s, '+');
	if (!take_number(s, 167, &h))
		return false;
	if (take_char(s, ':') && (!take_number(s, 59, &m) ||
	    (take_char(s, ':') && !take_number(s, 59, &sec))))
		return false;
	*seconds_r = (int32_t)(h * 3600 + m * 60 + sec);
	if (is_negative)
		*seconds_r = -*seconds_r;
	return true;
}

static bool
take_change(struct slice *s, struct zone_change *change)
{
	uint64_t day, month, week;

	change->second = 2 * 3600;
	if (take_char(s, 'M')) {
		change->kind = CHANGE_WEEKDAY;
		if (!take_number(s, 12, &month) || month == 0 ||
		    !take_char(s, '.') || !take_number(s, 5, &week) ||
		    week == 0 || !take_char(s, '.') ||
		    !take_number(s, 6, &day))
			return false;
		change->month = (uint8_t)month;
		change->week = (uint8_t)week;
	} else {
		bool is_julian = take_char(s, 'J');

		change->kind = is_julian ? CHANGE_JULIAN : CHANGE_DAY_0;
		if (!take_number(s, 365, &day) || (is_julian && day == 0))
			return false;
	}
	change->day = (uint16_t)day;
	return !take_char(s, '/') || take_hms(s, &change->second);
}

bool
zone_rule_parse(struct slice text, struct zone_rule *rule_r)
{
	int32_t west;

	memset(rule_r, 0, sizeof(*rule_r));
	if (!take_name(&text) || !take_hms(&text, &west) ||
	    west > 24 * 3600 || west < -24 * 3600)
		return false;
	rule_r->standard_s = -west;
	if (text.len == 0)
		return true;
	if (!take_name(&text))
		return false;
	rule_r->has_summer = true;
	rule_r->summer_s = rule_r->standard_s + 3600;
	if (text.len != 0 && text.ptr[0] != ',') {
		if (!take_hms(&text, &west) || west > 25 * 3600 ||
		    west < -25 * 3600)
			return false;
		rule_r->summer_s = -west;
	}
	return take_char(&text, ',') &&
	    take_change(&text, &rule_r->to_summer) && take_char(&text, ',') &&
	    take_change(&text, &rule_r->to_standard) && text.len == 0;
}

/* The day (since 1970) on which CHANGE falls in YEAR. */
static int64_t
change_day(const struct zone_change *change, int32_t year)
{
	int64_t first = civil_days(year, 1, 1);
	bool is_leap = civil_days(year + 1, 1, 1) - first == 366;
	int64_t day, next_month;

	switch (change->kind) {
	case CHANGE_JULIAN: /* 29 February is never counted */
		return first + change->day - 1 +
		    (is_leap && change->day >= 60);
	case CHANGE_DAY_0:
		return first + change->day;
	case CHANGE_WEEKDAY:
		break;
	}
	first = civil_days(year, change->month, 1);
	next_month = change->month == 12 ? civil_days(year + 1, 1, 1) :
	    civil_days(year, change->month + 1u, 1);
	day = first + (change->day + 7 - (int)civil_weekday(first)) % 7 +
	    7 * (change->week - 1);
	return day < next_month ? day : day - 7; /* week 5: the last one */
}

static int64_t
change_utc(const struct zone_change *change, int32_t year, int32_t before_s)
{
	return change_day(change, year) * 86400 + change->second - before_s;
}

int32_t
zone_rule_offset(const struct zone_rule *rule, int64_t utc, int64_t *until_r)
{
	int64_t best = INT64_MIN, until = INT64_MAX;
	int32_t offset = rule->standard_s;
	int32_t year = civil_from_seconds(utc).year;

	for (int32_t y = year - 1; rule->has_summer && y <= year + 1; y++) {
		int64_t on = change_utc(&rule->to_summer, y, rule->standard_s);
		int64_t off = change_utc(&rule->to_standard, y,
		    rule->summer_s);

		if (on <= utc && on >= best) {
			best = on;
			offset = rule->summer_s;
		}
		if (off <= utc && off > best) {
			best = off;
			offset = rule->standard_s;
		}
		if (on > utc && on < until)
			until = on;
		if (off > utc && off < until)
			until = off;
	}
	if (until_r != NULL)
		*until_r = until;
	return offset;
}
