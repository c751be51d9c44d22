/* SPDX-License-Identifier: BSD-2-Clause */
/* Offsets against a table made by another implementation; wall-clock times
 * around the nights of the change against the calendar. */
#include "base/zone.h"

#include "tests/support/cases.h"

static struct zone *
open_zone(const char *name)
{
	struct zone *zone = NULL;
	struct mx_err err;

	assert_int_equal(zone_open(slice_str(name), &zone, &err), MX_OK);
	return zone;
}

static const struct offset_row {
	const char *zone;
	int64_t utc;
	int32_t want;
} offset_rows[] = {
#include "tests/unit/zone_rows.h"
};

static void
offsets_are_those_of_python(void **state)
{
	struct zone *zone = NULL;
	const char *name = "";

	(void)state;
	for (size_t i = 0; i < sizeof(offset_rows) / sizeof(offset_rows[0]);
	    i++) {
		const struct offset_row *row = &offset_rows[i];
		int64_t until;

		if (strcmp(name, row->zone) != 0) {
			zone_close(zone);
			name = row->zone;
			zone = open_zone(name);
		}
		if (zone_offset(zone, row->utc, &until) != row->want)
			fail_msg("%s at %lld: got %d, want %d", name,
			    (long long)row->utc,
			    zone_offset(zone, row->utc, NULL), row->want);
		assert_true(until > row->utc);
		/* "Until" is the first moment of another answer, or at least
		 * nothing changes before it. */
		if (until != INT64_MAX)
			assert_int_equal(zone_offset(zone, until - 1, NULL),
			    row->want);
	}
	zone_close(zone);
}

static void
civil_dates_survive_both_ways(void **state)
{
	int64_t days = civil_days(1969, 12, 28);
	unsigned weekday = 0; /* a Sunday */

	(void)state;
	for (int i = 0; i < 60000; i++, days++, weekday = (weekday + 1) % 7) {
		struct civil civil = civil_from_seconds(days * 86400 + 86399);

		assert_true(civil_is_valid(&civil));
		assert_int_equal(civil_days(civil.year, civil.month,
		    civil.day), days);
		assert_int_equal(civil.hour, 23);
		assert_int_equal(civil_weekday(days), weekday);
	}
}

static const struct date_case {
	const char *name;
	struct civil civil;
	bool is_valid;
} date_cases[] = {
	{ "29_february_of_a_leap_year_is_a_date", { 2024, 2, 29, 0, 0, 0 },
	  true },
	{ "29_february_of_another_year_is_none", { 2025, 2, 29, 0, 0, 0 },
	  false },
	{ "29_february_2000_is_a_date", { 2000, 2, 29, 0, 0, 0 }, true },
	{ "29_february_2100_is_none", { 2100, 2, 29, 0, 0, 0 }, false },
	{ "31_april_is_none", { 2026, 4, 31, 0, 0, 0 }, false },
	{ "month_13_is_none", { 2026, 13, 1, 0, 0, 0 }, false },
	{ "day_0_is_none", { 2026, 1, 0, 0, 0, 0 }, false },
	{ "24_hours_are_none", { 2026, 1, 1, 24, 0, 0 }, false },
	{ "a_leap_second_is_one", { 2016, 12, 31, 23, 59, 60 }, true },
};

static void
date_case(void **state)
{
	const struct date_case *row = *state;

	assert_int_equal(civil_is_valid(&row->civil), row->is_valid);
}

/* Berlin: back on 2026-10-25 at 01:00 UTC (03:00 to 02:00), forward on
 * 2026-03-29 at 01:00 UTC (02:00 to 03:00). New York: back on 2026-11-01 at
 * 06:00 UTC (02:00 to 01:00). */
static const struct local_case {
	const char *name, *zone;
	struct civil local;
	const char *near_utc, *want;
} local_cases[] = {
	{ "winter_is_one_hour_east", "Europe/Berlin",
	  { 2026, 1, 5, 3, 4, 5 }, NULL, "2026-01-05T02:04:05Z" },
	{ "summer_is_two_hours_east", "Europe/Berlin",
	  { 2026, 7, 5, 3, 4, 5 }, NULL, "2026-07-05T01:04:05Z" },
	{ "the_repeated_hour_is_the_first_when_nothing_is_known",
	  "Europe/Berlin", { 2026, 10, 25, 2, 30, 0 }, NULL,
	  "2026-10-25T00:30:00Z" },
	{ "the_repeated_hour_is_the_first_after_a_line_before_it",
	  "Europe/Berlin", { 2026, 10, 25, 2, 30, 0 },
	  "2026-10-25T00:29:59Z", "2026-10-25T00:30:00Z" },
	{ "the_repeated_hour_is_the_second_after_a_later_line",
	  "Europe/Berlin", { 2026, 10, 25, 2, 0, 1 },
	  "2026-10-25T00:59:58Z", "2026-10-25T01:00:01Z" },
	{ "the_repeated_hour_is_the_second_when_both_are_past",
	  "Europe/Berlin", { 2026, 10, 25, 2, 30, 0 },
	  "2026-10-25T03:00:00Z", "2026-10-25T01:30:00Z" },
	{ "the_skipped_hour_is_read_with_the_offset_before",
	  "Europe/Berlin", { 2026, 3, 29, 2, 30, 0 }, NULL,
	  "2026-03-29T01:30:00Z" },
	{ "after_the_skipped_hour_summer_begins", "Europe/Berlin",
	  { 2026, 3, 29, 3, 0, 0 }, NULL, "2026-03-29T01:00:00Z" },
	{ "new_york_repeats_from_one_to_two", "America/New_York",
	  { 2026, 11, 1, 1, 59, 59 }, NULL, "2026-11-01T05:59:59Z" },
	{ "new_york_has_a_second_round_too", "America/New_York",
	  { 2026, 11, 1, 1, 0, 0 }, "2026-11-01T05:59:59Z",
	  "2026-11-01T06:00:00Z" },
	{ "kolkata_is_half_an_hour_off", "Asia/Kolkata",
	  { 2026, 11, 1, 0, 15, 0 }, NULL, "2026-10-31T18:45:00Z" },
	{ "an_offset_means_east_by_plus", "+02:30",
	  { 2026, 11, 1, 0, 0, 0 }, NULL, "2026-10-31T21:30:00Z" },
	{ "people_mean_east_by_utc_plus", "UTC+1",
	  { 2026, 11, 1, 0, 0, 0 }, NULL, "2026-10-31T23:00:00Z" },
	{ "west_is_minus", "-0530",
	  { 2026, 11, 1, 0, 0, 0 }, NULL, "2026-11-01T05:30:00Z" },
	{ "a_posix_string_means_west_by_plus", "EST5",
	  { 2026, 11, 1, 0, 0, 0 }, NULL, "2026-11-01T05:00:00Z" },
	{ "a_posix_string_has_its_summer", "CET-1CEST,M3.5.0,M10.5.0/3",
	  { 2026, 7, 1, 0, 0, 0 }, NULL, "2026-06-30T22:00:00Z" },
	{ "a_posix_string_has_its_nights", "CET-1CEST,M3.5.0,M10.5.0/3",
	  { 2026, 10, 25, 2, 0, 1 }, "2026-10-25T00:59:58Z",
	  "2026-10-25T01:00:01Z" },
	{ "the_south_has_summer_around_new_year",
	  "AEST-10AEDT,M10.1.0,M4.1.0/3", { 2026, 1, 1, 11, 0, 0 }, NULL,
	  "2026-01-01T00:00:00Z" },
	{ "julian_days_do_not_count_29_february", "XXX3YYY,J60/0,J300/0",
	  { 2024, 3, 1, 1, 0, 0 }, NULL, "2024-03-01T03:00:00Z" },
	{ "a_name_in_angle_brackets_may_hold_digits", "<+03>-3",
	  { 2026, 11, 1, 3, 0, 0 }, NULL, "2026-11-01T00:00:00Z" },
};

static int64_t
utc_of(const char *text)
{
	struct civil civil = { 0, 0, 0, 0, 0, 0 };
	unsigned year, month, day, hour, minute, second;

	if (text == NULL)
		return INT64_MIN;
	assert_int_equal(sscanf(text, "%4u-%2u-%2uT%2u:%2u:%2uZ", &year,
	    &month, &day, &hour, &minute, &second), 6);
	civil = (struct civil){ (int32_t)year, (uint8_t)month, (uint8_t)day,
		(uint8_t)hour, (uint8_t)minute, (uint8_t)second };
	return civil_seconds(&civil);
}

static void
local_case(void **state)
{
	const struct local_case *row = *state;
	struct zone *zone = open_zone(row->zone);
	char got[21];

	rfc3339_utc(zone_to_utc(zone, &row->local, utc_of(row->near_utc)),
	    got);
	assert_string_equal(got, row->want);
	zone_close(zone);
}

static const struct day_case {
	const char *name, *zone, *utc;
	int n;
	const char *want;
} day_cases[] = {
	{ "a_day_starts_at_local_midnight", "Europe/Berlin",
	  "2026-11-20T12:00:00Z", 0, "2026-11-19T23:00:00Z" },
	{ "just_before_midnight_is_the_day_before", "Europe/Berlin",
	  "2026-11-19T22:59:59Z", 0, "2026-11-18T23:00:00Z" },
	{ "the_day_after_the_long_day", "Europe/Berlin",
	  "2026-10-25T12:00:00Z", 1, "2026-10-25T23:00:00Z" },
	{ "the_long_day_started_in_summer", "Europe/Berlin",
	  "2026-10-25T12:00:00Z", 0, "2026-10-24T22:00:00Z" },
	{ "a_week_back_over_the_change", "Europe/Berlin",
	  "2026-10-28T12:00:00Z", -7, "2026-10-20T22:00:00Z" },
	/* Havana: 2026-03-08, 00:00 becomes 01:00. */
	{ "a_day_without_midnight_starts_at_one", "America/Havana",
	  "2026-03-08T15:00:00Z", 0, "2026-03-08T05:00:00Z" },
	/* Havana: 2026-11-01, 01:00 becomes 00:00. */
	{ "a_day_with_two_midnights_starts_at_the_first", "America/Havana",
	  "2026-11-01T15:00:00Z", 0, "2026-11-01T04:00:00Z" },
};

static void
day_case(void **state)
{
	const struct day_case *row = *state;
	struct zone *zone = open_zone(row->zone);
	char got[21];

	rfc3339_utc(zone_day_start(zone, utc_of(row->utc), row->n), got);
	assert_string_equal(got, row->want);
	zone_close(zone);
}

static const struct bad_case {
	const char *name, *zone;
} bad_cases[] = {
	{ "an_unknown_name_is_refused", "Europe/Nowhere" },
	{ "a_path_is_refused", "/etc/localtime" },
	{ "a_path_upwards_is_refused", "Europe/../../../../etc/passwd" },
	{ "a_folder_is_refused", "Europe" },
	{ "a_table_of_the_database_is_no_zone", "zone1970.tab" },
	{ "fifteen_hours_are_too_many", "+15:00" },
	{ "sixty_minutes_are_too_many", "+01:60" },
	{ "half_a_rule_is_refused", "CET-1CEST,M3.5.0" },
	{ "month_13_of_a_rule_is_refused", "CET-1CEST,M13.5.0,M10.5.0" },
	{ "a_sign_alone_is_refused", "+" },
	{ "a_very_long_name_is_refused",
	  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
};

static void
bad_case(void **state)
{
	const struct bad_case *row = *state;
	struct zone *zone = NULL;
	struct mx_err err = { 0 };

	assert_int_equal(zone_open(slice_str(row->zone), &zone, &err),
	    MX_E_CONFIG);
	assert_null(zone);
	assert_non_null(strstr(err.text, "no such time zone"));
}

static const struct system_case {
	const char *name, *tz, *want_name;
	int32_t want_offset; /* at 2026-07-01 */
} system_cases[] = {
	{ "tz_names_the_systems_zone", "America/New_York",
	  "America/New_York", -4 * 3600 },
	{ "tz_may_start_with_a_colon", ":Europe/Berlin", "Europe/Berlin",
	  2 * 3600 },
	{ "tz_may_be_a_path_into_the_database",
	  "/usr/share/zoneinfo/Asia/Kolkata", "Asia/Kolkata", 19800 },
	{ "an_empty_tz_is_utc", "", "UTC", 0 },
	{ "an_unknown_tz_is_utc", "No/Where", "UTC", 0 },
	{ "tz_counts_west_as_posix_does", "UTC+1", "UTC+1", -3600 },
};

static void
system_case(void **state)
{
	const struct system_case *row = *state;
	struct zone *zone;

	assert_int_equal(setenv("TZ", row->tz, 1), 0);
	zone = open_zone("local");
	assert_true(slice_eq(zone_name(zone), slice_str(row->want_name)));
	assert_int_equal(zone_offset(zone, utc_of("2026-07-01T00:00:00Z"),
	    NULL), row->want_offset);
	zone_close(zone);
	unsetenv("TZ");
}

int
main(void)
{
	static struct cases cases;

	cases_add(&cases, "offsets_are_those_of_python",
	    offsets_are_those_of_python, NULL);
	cases_add(&cases, "civil_dates_survive_both_ways",
	    civil_dates_survive_both_ways, NULL);
	CASES_ADD_TABLE(&cases, date_cases, date_case);
	CASES_ADD_TABLE(&cases, local_cases, local_case);
	CASES_ADD_TABLE(&cases, day_cases, day_case);
	CASES_ADD_TABLE(&cases, bad_cases, bad_case);
	CASES_ADD_TABLE(&cases, system_cases, system_case);
	return cases_run(&cases);
}
