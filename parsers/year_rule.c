/* SPDX-License-Identifier: BSD-2-Clause */
/* Which year a stamp without year means, and what is known of that before
 * the first line is read. */
#include "parsers/year_rule.h"

enum { DAY_S = 86400, MONTH_S = 31 * DAY_S };

/* 1990-01-01: no log is older, but files have odd times. */
#define FIRST_MTIME 631152000

/* UTC of LOCAL in YEAR; INT64_MIN when that is no date. */
static int64_t
utc_in(const struct stamp_clock *clock, struct civil *local, int32_t year)
{
	local->year = year;
	if (year < 1970 || year > 2100 || !civil_is_valid(local))
		return INT64_MIN;
	return stamp_local(clock, local);
}

/* Nine years always hold a 29 February, also around 2100. */
enum { YEARS_AROUND = 8 };

/* The latest year in which LOCAL is not after LIMIT. */
static bool
latest_until(const struct stamp_clock *clock, struct civil *local,
    int64_t limit)
{
	int32_t last = civil_from_seconds(limit).year + 1;

	for (int32_t year = last; year >= last - YEARS_AROUND; year--) {
		int64_t utc = utc_in(clock, local, year);

		if (utc != INT64_MIN && utc <= limit)
			return true;
	}
	return false;
}

static bool
closest_to(const struct stamp_clock *clock, struct civil *local,
    int64_t moment)
{
	int32_t middle = civil_from_seconds(moment).year, best = 0;
	int64_t best_distance = INT64_MAX;

	for (int32_t year = middle - YEARS_AROUND;
	    year <= middle + YEARS_AROUND; year++) {
		int64_t utc = utc_in(clock, local, year), distance;

		if (utc == INT64_MIN)
			continue;
		distance = utc > moment ? utc - moment : moment - utc;
		if (distance < best_distance) {
			best_distance = distance;
			best = year;
		}
	}
	local->year = best;
	return best != 0;
}

/* The next year from YEAR on, by STEP, in which LOCAL is a date. */
static int64_t
next_date(const struct stamp_clock *clock, struct civil *local, int32_t year,
    int32_t step)
{
	for (int32_t i = 0; i < YEARS_AROUND; i++, year += step) {
		int64_t utc = utc_in(clock, local, year);

		if (utc != INT64_MIN)
			return utc;
	}
	return INT64_MIN;
}

/* A log moves forward: what would lie more than a month behind the line
 * before is rather a later year, if the input may be that new. And what would
 * lie more than a month ahead is an earlier one, if it may not. */
static void
prefer_possible(const struct stamp_clock *clock, struct civil *local)
{
	int64_t utc = stamp_local(clock, local), other;
	int64_t newest = clock->anchor.not_after_utc;
	struct civil moved = *local;

	if (utc < clock->last_utc - MONTH_S) {
		other = next_date(clock, &moved, local->year + 1, 1);
		if (other > clock->last_utc && other <= newest)
			*local = moved;
	} else if (utc > clock->last_utc + MONTH_S && utc > newest) {
		other = next_date(clock, &moved, local->year - 1, -1);
		if (other != INT64_MIN)
			*local = moved;
	}
}

bool
year_rule_apply(const struct stamp_clock *clock, struct civil *local)
{
	if (clock->last_utc != INT64_MIN) {
		if (!closest_to(clock, local, clock->last_utc))
			return false;
		prefer_possible(clock, local);
		return true;
	}
	if (clock->anchor.near_utc != INT64_MIN)
		return closest_to(clock, local, clock->anchor.near_utc);
	return latest_until(clock, local, clock->anchor.not_after_utc);
}

/* Eight, ten or fourteen digits in a row, or 2026-01-05. */
static bool
date_at(struct slice s, struct civil *civil_r)
{
	static const uint8_t packed[3] = { 0, 4, 6 }, dashed[3] = { 0, 5, 8 };
	bool is_dashed = s.len >= 10 && s.ptr[4] == '-' && s.ptr[7] == '-';
	const uint8_t *place = is_dashed ? dashed : packed;
	size_t last = is_dashed ? 10 : 8;
	uint64_t year, month, day;

	if (s.len < last ||
	    slice_number(slice_of(s.ptr, 4), 2100, &year) != 4 ||
	    slice_number(slice_of(s.ptr + place[1], 2), 12, &month) != 2 ||
	    slice_number(slice_of(s.ptr + place[2], 2), 31, &day) != 2)
		return false;
	*civil_r = (struct civil){ .year = (int32_t)year,
		.month = (uint8_t)month, .day = (uint8_t)day };
	return year >= 1990 && civil_is_valid(civil_r);
}

/* The end of the day, month or second that the run of digits at the start
 * of S names; INT64_MIN when it names none. Hours are ignored: the line of
 * the newest second may be in another zone. */
static int64_t
named_moment(struct slice s)
{
	struct civil civil;
	uint64_t number;
	size_t digits = slice_number(s, UINT64_MAX, &number);

	if (digits == 10 && number >= FIRST_MTIME && number < 4102444800 &&
	    !date_at(s, &civil))
		return (int64_t)number;
	if ((digits == 4 || digits == 8 || digits == 10 || digits == 12 ||
	    digits == 14) && date_at(s, &civil))
		return civil_seconds(&civil) + DAY_S;
	if (digits == 6 && number / 100 >= 1990 && number / 100 <= 2100 &&
	    number % 100 >= 1 && number % 100 <= 12) {
		civil = (struct civil){ .year = (int32_t)(number / 100),
			.month = (uint8_t)(number % 100), .day = 1 };
		return civil_seconds(&civil) + MONTH_S;
	}
	return INT64_MIN;
}

static int64_t
date_in_name(const char *path)
{
	struct slice name = slice_str(path);
	bool was_digit = false;

	for (size_t i = name.len; i > 0; i--)
		if (name.ptr[i - 1] == '/') {
			name = slice_skip(name, i);
			break;
		}
	for (; name.len >= 6; name = slice_skip(name, 1)) {
		bool is_digit = ascii_is_digit(name.ptr[0]);
		int64_t moment = is_digit && !was_digit ? named_moment(name) :
		    INT64_MIN;

		if (moment != INT64_MIN)
			return moment;
		was_digit = is_digit;
	}
	return INT64_MIN;
}

struct year_anchor
year_anchor_of_file(const char *path, int64_t mtime_utc, int64_t now_utc)
{
	struct year_anchor anchor = { ANCHOR_NOW, INT64_MIN,
		now_utc + DAY_S };
	int64_t named = date_in_name(path);

	if (named != INT64_MIN && named <= now_utc + 2 * DAY_S) {
		anchor.from = ANCHOR_NAME;
		anchor.not_after_utc = named + DAY_S;
	} else if (mtime_utc >= FIRST_MTIME && mtime_utc <= now_utc + DAY_S) {
		anchor.from = ANCHOR_MTIME;
		anchor.not_after_utc = mtime_utc + DAY_S;
	}
	return anchor;
}
