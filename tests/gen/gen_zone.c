/* SPDX-License-Identifier: BSD-2-Clause */
/* Civil time and the local zone, through libc's own reading of the zone
 * database: deliberately another path than mxtrend's. */
#include "tests/gen/gen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Howard Hinnant's civil calendar arithmetic: years begin in March. */
int64_t
days_from_civil(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

void
civil_from_days(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = (int)(yoe + era * 400 + (*month <= 2 ? 1 : 0));
}

void
zone_set(const char *name)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
	if (strstr(name, "..") != NULL || (file = fopen(path, "rb")) == NULL)
		die("no such zone", name);
	fclose(file);
	if (setenv("TZ", name, 1) != 0)
		die("cannot set TZ", name);
	tzset();
}

static int32_t
offset_of(int64_t seconds)
{
	time_t t = (time_t)seconds;
	struct tm tm;
	int64_t local;

	if (localtime_r(&t, &tm) == NULL)
		die("time out of range", "");
	local = days_from_civil(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) *
	    86400 + tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
	return (int32_t)(local - seconds);
}

/* No zone changes its offset but at a full quarter of an hour, in UTC. */
int32_t
zone_offset_at(struct zone_cache *cache, int64_t seconds)
{
	int64_t quarter = seconds / 900 + 1; /* never the 0 of a fresh cache */

	if (quarter != cache->quarter) {
		cache->quarter = quarter;
		cache->offset = offset_of(seconds);
	}
	return cache->offset;
}

int64_t
zone_midnight(int year, int month, int day)
{
	int64_t utc = days_from_civil(year, month, day) * 86400;
	int64_t guess = utc - offset_of(utc);

	/* The offset at the guess is the right one but in the odd zone that
	 * shifts at midnight, where one more turn settles it. */
	guess = utc - offset_of(guess);
	return utc - offset_of(guess);
}

bool
time_from_rfc3339(const char *text, int64_t *time_r)
{
	int year, month, day, hour, minute, used = 0;
	double second;

	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%lfZ%n", &year, &month, &day,
	    &hour, &minute, &second, &used) != 6 || text[used] != '\0' ||
	    used == 0)
		return false;
	*time_r = (days_from_civil(year, month, day) * 86400 + hour * 3600 +
	    minute * 60) * GEN_SECOND + (int64_t)(second * 1e6 + 0.5);
	return true;
}
