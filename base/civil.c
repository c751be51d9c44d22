/* SPDX-License-Identifier: BSD-2-Clause */
/* Civil dates by integer arithmetic (days from a March-based year, as in
 * the well-known era method); no zone, no leap seconds. Declared in
 * base/zone.h. */
#include "base/zone.h"

enum { DAY_S = 86400, ERA_YEARS = 400, ERA_DAYS = 146097 };

int64_t
civil_days(int32_t year, unsigned month, unsigned day)
{
	/* Years begin in March here, so that the leap day comes last. */
	int64_t y = (int64_t)year - (month <= 2);
	int64_t era = (y >= 0 ? y : y - (ERA_YEARS - 1)) / ERA_YEARS;
	int64_t year_of_era = y - era * ERA_YEARS;
	int64_t shifted = (int64_t)month + (month > 2 ? -3 : 9);
	int64_t day_of_year = (153 * shifted + 2) / 5 + (int64_t)day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 -
	    year_of_era / 100 + day_of_year;

	return era * ERA_DAYS + day_of_era - 719468;
}

int64_t
civil_seconds(const struct civil *civil)
{
	return civil_days(civil->year, civil->month, civil->day) * DAY_S +
	    civil->hour * 3600 + civil->minute * 60 +
	    (civil->second < 60 ? civil->second : 59);
}

struct civil
civil_from_seconds(int64_t seconds)
{
	int64_t days = seconds / DAY_S - (seconds % DAY_S < 0);
	int64_t rest = seconds - days * DAY_S;
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - (ERA_DAYS - 1)) / ERA_DAYS;
	int64_t doe = z - era * ERA_DAYS;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t shifted = (5 * doy + 2) / 153;
	int64_t month = shifted + (shifted < 10 ? 3 : -9);

	return (struct civil){
		.year = (int32_t)(yoe + era * ERA_YEARS + (month <= 2)),
		.month = (uint8_t)month,
		.day = (uint8_t)(doy - (153 * shifted + 2) / 5 + 1),
		.hour = (uint8_t)(rest / 3600),
		.minute = (uint8_t)(rest / 60 % 60),
		.second = (uint8_t)(rest % 60),
	};
}

static bool
is_leap(int32_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool
civil_is_valid(const struct civil *civil)
{
	static const uint8_t days[13] = { 0, 31, 29, 31, 30, 31, 30, 31, 31,
		30, 31, 30, 31 };

	if (civil->month < 1 || civil->month > 12 || civil->day < 1 ||
	    civil->day > days[civil->month])
		return false;
	if (civil->month == 2 && civil->day == 29 && !is_leap(civil->year))
		return false;
	return civil->hour <= 23 && civil->minute <= 59 &&
	    civil->second <= 60;
}

unsigned
civil_weekday(int64_t days)
{
	return (unsigned)(((days % 7) + 7 + 4) % 7); /* 1970-01-01: Thursday */
}

static void
put_digits(char *at, unsigned value, int count)
{
	while (count-- > 0) {
		at[count] = (char)('0' + value % 10);
		value /= 10;
	}
}

void
rfc3339_utc(int64_t utc, char buf[21])
{
	struct civil civil = civil_from_seconds(utc);

	memcpy(buf, "0000-00-00T00:00:00Z", 21);
	put_digits(buf, (unsigned)civil.year % 10000, 4);
	put_digits(buf + 5, civil.month, 2);
	put_digits(buf + 8, civil.day, 2);
	put_digits(buf + 11, civil.hour, 2);
	put_digits(buf + 14, civil.minute, 2);
	put_digits(buf + 17, civil.second, 2);
}
