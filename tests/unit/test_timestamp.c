/* SPDX-License-Identifier: BSD-2-Clause */
/* Stamps, and the year where there is none. Wanted times are worked out from
 * the calendar: Berlin is UTC+1 in winter, UTC+2 in summer, and changes on
 * 2026-03-29 and 2026-10-25 at 01:00 UTC; New York is UTC-5 and UTC-4. */
#include "parsers/timestamp.h"

#include "tests/support/cases.h"

#define NOW "2026-11-23T12:00:00Z"

static int64_t
utc_of(const char *text)
{
	struct civil civil;
	unsigned year, month, day, hour, minute, second;

	if (text == NULL)
		return INT64_MIN;
	assert_int_equal(sscanf(text, "%4u-%2u-%2uT%2u:%2u:%2uZ", &year,
	    &month, &day, &hour, &minute, &second), 6);
	civil = (struct civil){ (int32_t)year, (uint8_t)month, (uint8_t)day,
		(uint8_t)hour, (uint8_t)minute, (uint8_t)second };
	return civil_seconds(&civil);
}

static struct zone *
open_zone(const char *name)
{
	struct zone *zone = NULL;
	struct mx_err err;

	assert_int_equal(zone_open(slice_str(name), &zone, &err), MX_OK);
	return zone;
}

static void
assert_utc(int64_t got, const char *want)
{
	char text[21];

	rfc3339_utc(got, text);
	assert_string_equal(text, want);
}

static const struct shape_case {
	const char *name, *in, *want; /* want NULL: no stamp; "": bad */
	uint32_t want_us;
	int want_digits;
	const char *want_rest;
} shape_cases[] = {
	{ "bsd", "Nov 20 08:00:01 mx", "2026-11-20T07:00:01Z", 0, 0, " mx" },
	{ "bsd_pads_days_with_a_space", "Nov  5 08:00:01 mx",
	  "2026-11-05T07:00:01Z", 0, 0, " mx" },
	{ "bsd_pads_days_with_a_zero", "Nov 05 08:00:01 mx",
	  "2026-11-05T07:00:01Z", 0, 0, " mx" },
	{ "bsd_alone", "Nov 20 08:00:01", "2026-11-20T07:00:01Z", 0, 0, "" },
	{ "bsd_with_a_fraction", "Nov 20 08:00:01.123 mx",
	  "2026-11-20T07:00:01Z", 123000, 3, " mx" },
	{ "bsd_with_a_year_behind_the_day", "Jan  5 2024 03:04:05 mx",
	  "2024-01-05T02:04:05Z", 0, 0, " mx" },
	{ "bsd_with_a_year_behind_the_clock", "Jan  5 03:04:05 2024 mx",
	  "2024-01-05T02:04:05Z", 0, 0, " mx" },
	{ "cisco_ends_with_a_colon", "Jan  5 2024 03:04:05: mx",
	  "2024-01-05T02:04:05Z", 0, 0, ": mx" },
	{ "a_host_of_four_digits_is_no_year", "Nov 20 08:00:01 1234 x",
	  "2026-11-20T07:00:01Z", 0, 0, " 1234 x" },
	{ "year_first", "2013 Jun 16 16:05:06.123 mx",
	  "2013-06-16T14:05:06Z", 123000, 3, " mx" },
	{ "iso_with_zone", "2026-01-05T03:04:05+01:00 mx",
	  "2026-01-05T02:04:05Z", 0, 0, " mx" },
	{ "iso_with_fraction_and_zone", "2026-01-05T03:04:05.678901-05:00 m",
	  "2026-01-05T08:04:05Z", 678901, 6, " m" },
	{ "iso_with_nine_digits", "2026-01-05T03:04:05.678901234Z mx",
	  "2026-01-05T03:04:05Z", 678901, 6, " mx" },
	{ "iso_zone_without_colon", "2026-01-05T03:04:05+0530 mx",
	  "2026-01-04T21:34:05Z", 0, 0, " mx" },
	{ "iso_zone_of_hours", "2026-01-05T03:04:05+01 mx",
	  "2026-01-05T02:04:05Z", 0, 0, " mx" },
	{ "iso_without_zone_is_local", "2026-07-05T03:04:05 mx",
	  "2026-07-05T01:04:05Z", 0, 0, " mx" },
	{ "iso_with_a_space_inside", "2026-07-05 03:04:05.12 mx",
	  "2026-07-05T01:04:05Z", 120000, 2, " mx" },
	{ "exim_puts_the_zone_behind_a_space",
	  "2026-07-05 03:04:05 +0100 mx", "2026-07-05T02:04:05Z", 0, 0,
	  " mx" },
	{ "exim_may_have_a_fraction_too",
	  "2026-07-05 03:04:05.678 -0230 [12] x", "2026-07-05T05:34:05Z",
	  678000, 3, " [12] x" },
	{ "a_word_with_a_plus_is_no_zone", "2026-07-05 03:04:05 +01abc",
	  "2026-07-05T01:04:05Z", 0, 0, " +01abc" },
	{ "iso_with_a_comma", "2026-01-05T03:04:05,678Z mx",
	  "2026-01-05T03:04:05Z", 678000, 3, " mx" },
	{ "journal_with_weekday", "Mon 2026-01-05 03:04:05 CET mx",
	  "2026-01-05T02:04:05Z", 0, 0, " mx" },
	{ "journal_in_utc", "Mon 2026-01-05 03:04:05 UTC mx",
	  "2026-01-05T03:04:05Z", 0, 0, " mx" },
	{ "journal_in_gmt", "Mon 2026-01-05 03:04:05 GMT mx",
	  "2026-01-05T03:04:05Z", 0, 0, " mx" },
	{ "journal_in_a_zone_without_a_name",
	  "Mon 2026-01-05 03:04:05.250 -03 mx", "2026-01-05T06:04:05Z",
	  250000, 3, " mx" },
	{ "journal_in_a_zone_east", "Mon 2026-07-06 03:04:05 +05 mx",
	  "2026-07-05T22:04:05Z", 0, 0, " mx" },
	{ "seconds_since_1970", "1767582245.678901 mx",
	  "2026-01-05T03:04:05Z", 678901, 6, " mx" },
	{ "a_leap_second_is_the_one_before", "Nov 20 08:00:60 mx",
	  "2026-11-20T07:00:59Z", 0, 0, " mx" },
	{ "the_skipped_hour_has_the_offset_before",
	  "2026-03-29T02:30:00 mx", "2026-03-29T01:30:00Z", 0, 0, " mx" },
	{ "words_are_no_stamp", "postfix/smtp[1]: x", NULL, 0, 0, NULL },
	{ "nothing_is_no_stamp", "", NULL, 0, 0, NULL },
	{ "half_a_stamp_is_none", "Nov 20 08:00", NULL, 0, 0, NULL },
	{ "an_unknown_month_is_none", "Xyz 20 08:00:00 mx", NULL, 0, 0, NULL },
	{ "a_number_is_none", "12345 67", NULL, 0, 0, NULL },
	{ "an_address_is_none", "192.0.2.1 - - x", NULL, 0, 0, NULL },
	{ "30_february_is_bad", "Feb 30 08:00:00 mx", "", 0, 0, NULL },
	{ "day_99_is_bad", "Nov 99 08:00:00 mx", "", 0, 0, NULL },
	{ "25_hours_are_bad", "Nov 20 25:00:00 mx", "", 0, 0, NULL },
	{ "minute_60_is_bad", "Nov 20 08:60:00 mx", "", 0, 0, NULL },
	{ "1969_is_bad", "1969-12-31T23:59:59Z mx", "", 0, 0, NULL },
	{ "2101_is_bad", "2101-01-01T00:00:00Z mx", "", 0, 0, NULL },
	{ "2100_is_good", "2100-12-31T23:59:59Z mx", "2100-12-31T23:59:59Z",
	  0, 0, " mx" },
	{ "1970_is_good", "1970-01-01T00:00:00Z mx", "1970-01-01T00:00:00Z",
	  0, 0, " mx" },
	{ "month_13_is_bad", "2026-13-01T00:00:00Z mx", "", 0, 0, NULL },
};

static struct stamp_clock
clock_at(const struct zone *zone, const char *path, const char *mtime,
    const char *now)
{
	struct stamp_clock clock;

	stamp_clock_init(&clock, zone, year_anchor_of_file(path,
	    utc_of(mtime), utc_of(now)), utc_of(now));
	return clock;
}

/* Twice, since the second time may take another way. */
static void
shape_case(void **state)
{
	const struct shape_case *row = *state;
	struct zone *zone = open_zone("Europe/Berlin");
	struct stamp_clock clock = clock_at(zone, "mail.log", NULL, NOW);

	for (int round = 0; round < 2; round++) {
		struct slice text = slice_str(row->in);
		struct stamp at;
		enum stamp_result result = stamp_read(&clock, &text, &at);

		if (row->want == NULL) {
			assert_int_equal(result, STAMP_NONE);
			assert_ptr_equal(text.ptr, row->in);
			continue;
		}
		if (row->want[0] == '\0') {
			assert_int_equal(result, STAMP_BAD);
			continue;
		}
		assert_int_equal(result, STAMP_OK);
		assert_utc(at.utc, row->want);
		assert_int_equal(at.us, row->want_us);
		assert_int_equal(at.digits, row->want_digits);
		assert_true(slice_eq(text, slice_str(row->want_rest)));
		stamp_clock_saw(&clock, at.utc);
	}
	zone_close(zone);
}

/* Lines one behind the other, as in a file. */
static const struct run_case {
	const char *name, *zone, *path, *mtime, *now;
	struct { const char *in, *want; } lines[6];
} run_cases[] = {
	/* The first line's year. */
	{ "without_more_the_clock_decides", "UTC", "-", NULL, NOW,
	  { { "Nov 20 08:00:00", "2026-11-20T08:00:00Z" } } },
	{ "later_in_the_year_than_now_is_last_year", "UTC", "-", NULL, NOW,
	  { { "Dec 20 08:00:00", "2025-12-20T08:00:00Z" } } },
	{ "a_little_later_than_now_is_now", "UTC", "-", NULL, NOW,
	  { { "Nov 23 18:00:00", "2026-11-23T18:00:00Z" } } },
	{ "the_mtime_knows_better_than_the_clock", "UTC", "mail.log",
	  "2024-03-01T00:00:00Z", NOW,
	  { { "Feb 20 08:00:00", "2024-02-20T08:00:00Z" } } },
	{ "december_follows_a_january_mtime_back", "UTC", "mail.log",
	  "2026-01-03T06:00:00Z", NOW,
	  { { "Dec 28 06:00:00", "2025-12-28T06:00:00Z" },
	    { "Jan  3 05:59:00", "2026-01-03T05:59:00Z" } } },
	{ "a_line_a_little_newer_than_the_mtime_is_no_year_old", "UTC",
	  "mail.log", "2026-01-03T06:00:00Z", NOW,
	  { { "Jan  3 12:00:00", "2026-01-03T12:00:00Z" } } },
	{ "an_mtime_in_the_future_is_not_believed", "UTC", "mail.log",
	  "2031-01-03T06:00:00Z", NOW,
	  { { "Nov 20 08:00:00", "2026-11-20T08:00:00Z" } } },
	{ "an_mtime_of_1970_is_not_believed", "UTC", "mail.log",
	  "1970-01-02T00:00:00Z", NOW,
	  { { "Nov 20 08:00:00", "2026-11-20T08:00:00Z" } } },
	{ "the_name_knows_better_than_the_mtime", "UTC",
	  "/var/log/maillog-20240105.gz", "2026-10-01T00:00:00Z", NOW,
	  { { "Dec 29 03:00:00", "2023-12-29T03:00:00Z" },
	    { "Jan  5 03:00:00", "2024-01-05T03:00:00Z" } } },
	{ "postlogd_puts_a_time_in_the_name", "UTC",
	  "maillog.20240105-030405.gz", "2026-10-01T00:00:00Z", NOW,
	  { { "Jan  4 03:00:00", "2024-01-04T03:00:00Z" } } },
	{ "a_name_may_hold_dashes", "UTC", "mail-2024-01-05.log",
	  "2026-10-01T00:00:00Z", NOW,
	  { { "Jan  5 23:59:59", "2024-01-05T23:59:59Z" } } },
	{ "a_name_may_hold_seconds_since_1970", "UTC",
	  "mail.log-1704423845", "2026-10-01T00:00:00Z", NOW,
	  { { "Jan  5 03:00:00", "2024-01-05T03:00:00Z" } } },
	{ "a_name_may_hold_a_month", "UTC", "mainlog-202401",
	  "2026-10-01T00:00:00Z", NOW,
	  { { "Jan 31 03:00:00", "2024-01-31T03:00:00Z" } } },
	{ "a_name_in_a_dated_folder_has_no_date", "UTC",
	  "/backup/20240105/mail.log", "2026-10-01T00:00:00Z", NOW,
	  { { "Sep 30 03:00:00", "2026-09-30T03:00:00Z" } } },
	{ "a_number_that_is_no_date_is_none", "UTC", "mail.log.99999999",
	  "2026-10-01T00:00:00Z", NOW,
	  { { "Sep 30 03:00:00", "2026-09-30T03:00:00Z" } } },
	{ "a_date_in_the_future_is_not_believed", "UTC", "mail-20300101.log",
	  "2026-10-01T00:00:00Z", NOW,
	  { { "Sep 30 03:00:00", "2026-09-30T03:00:00Z" } } },
	{ "29_february_is_in_a_leap_year", "UTC", "-", NULL, NOW,
	  { { "Feb 29 08:00:00", "2024-02-29T08:00:00Z" },
	    { "Mar  1 08:00:00", "2024-03-01T08:00:00Z" } } },
	{ "29_february_before_a_leap_year_s_mtime", "UTC", "mail.log",
	  "2023-12-01T00:00:00Z", NOW,
	  { { "Feb 29 08:00:00", "2020-02-29T08:00:00Z" } } },
	/* The lines behind it. */
	{ "new_year_goes_on_in_the_next", "UTC", "mail.log",
	  "2026-01-01T00:10:00Z", NOW,
	  { { "Dec 31 23:59:59", "2025-12-31T23:59:59Z" },
	    { "Jan  1 00:00:00", "2026-01-01T00:00:00Z" } } },
	{ "a_line_late_for_new_year_stays_in_the_old", "UTC", "mail.log",
	  "2026-01-02T00:10:00Z", NOW,
	  { { "Dec 31 23:59:59", "2025-12-31T23:59:59Z" },
	    { "Jan  1 00:00:01", "2026-01-01T00:00:01Z" },
	    { "Dec 31 23:59:58", "2025-12-31T23:59:58Z" },
	    { "Jan  1 00:00:02", "2026-01-01T00:00:02Z" },
	    { "Jan  1 12:00:00", "2026-01-01T12:00:00Z" } } },
	{ "a_quiet_log_moves_forward", "UTC", "mail.log",
	  "2026-11-20T00:00:00Z", NOW,
	  { { "Jan  5 08:00:00", "2026-01-05T08:00:00Z" },
	    { "Nov 19 08:00:00", "2026-11-19T08:00:00Z" } } },
	{ "never_beyond_the_newest_possible_line", "UTC", "mail.log",
	  "2026-02-20T00:00:00Z", NOW,
	  { { "Feb  5 08:00:00", "2026-02-05T08:00:00Z" },
	    { "Nov 19 08:00:00", "2025-11-19T08:00:00Z" },
	    { "Feb  6 08:00:00", "2026-02-06T08:00:00Z" } } },
	{ "several_years_may_pass", "UTC", "-", NULL, NOW,
	  { { "2023-12-30T10:00:00Z", "2023-12-30T10:00:00Z" },
	    { "Jan  2 10:00:00", "2024-01-02T10:00:00Z" },
	    { "Jun  2 10:00:00", "2024-06-02T10:00:00Z" },
	    { "Nov  2 10:00:00", "2024-11-02T10:00:00Z" },
	    { "Feb  2 10:00:00", "2025-02-02T10:00:00Z" } } },
	{ "a_stamp_with_year_leads_those_without", "UTC", "-", NULL, NOW,
	  { { "2021-05-05T10:00:00Z", "2021-05-05T10:00:00Z" },
	    { "May  5 10:00:01", "2021-05-05T10:00:01Z" } } },
	{ "a_clock_years_ahead_leads_nobody", "UTC", "-", NULL, NOW,
	  { { "Nov 20 10:00:00", "2026-11-20T10:00:00Z" },
	    { "2055-05-05T10:00:00Z", "2055-05-05T10:00:00Z" },
	    { "Nov 20 11:00:00", "2026-11-20T11:00:00Z" } } },
	{ "a_remembered_hour_is_of_its_year", "UTC", "-", NULL, NOW,
	  { { "Dec 31 23:59:57", "2025-12-31T23:59:57Z" },
	    { "2024-06-20T08:00:00Z", "2024-06-20T08:00:00Z" },
	    { "Dec 31 23:59:58", "2024-12-31T23:59:58Z" } } },
	{ "what_is_far_ahead_of_the_newest_line_is_last_year_s", "UTC", "-",
	  NULL, NOW,
	  { { "Nov 20 08:00:00", "2026-11-20T08:00:00Z" },
	    { "Dec 31 23:59:58", "2025-12-31T23:59:58Z" },
	    { "Nov 21 08:00:00", "2026-11-21T08:00:00Z" } } },
	{ "a_file_newer_than_its_mtime_goes_on", "UTC", "mail.log",
	  "2026-02-01T00:00:00Z", NOW,
	  { { "Jan 31 08:00:00", "2026-01-31T08:00:00Z" },
	    { "Feb 20 08:00:00", "2026-02-20T08:00:00Z" },
	    { "Mar 10 08:00:00", "2026-03-10T08:00:00Z" } } },
	/* The nights of the change. */
	{ "berlin_has_two_rounds_in_autumn", "Europe/Berlin", "-", NULL, NOW,
	  { { "Oct 25 02:59:58", "2026-10-25T00:59:58Z" },
	    { "Oct 25 02:00:01", "2026-10-25T01:00:01Z" },
	    { "Oct 25 02:59:59", "2026-10-25T00:59:59Z" }, /* late */
	    { "Oct 25 02:30:00", "2026-10-25T01:30:00Z" },
	    { "Oct 25 02:59:59", "2026-10-25T01:59:59Z" },
	    { "Oct 25 03:00:00", "2026-10-25T02:00:00Z" } } },
	{ "a_line_late_by_a_second_is_no_second_round", "Europe/Berlin", "-",
	  NULL, NOW,
	  { { "Oct 25 02:10:05", "2026-10-25T00:10:05Z" },
	    { "Oct 25 02:10:04", "2026-10-25T00:10:04Z" },
	    { "Oct 25 02:50:00", "2026-10-25T00:50:00Z" },
	    { "Oct 25 02:05:00", "2026-10-25T01:05:00Z" },
	    { "Oct 25 02:04:59", "2026-10-25T01:04:59Z" } } },
	{ "berlin_skips_an_hour_in_spring", "Europe/Berlin", "-", NULL, NOW,
	  { { "Mar 29 01:59:59", "2026-03-29T00:59:59Z" },
	    { "Mar 29 03:00:00", "2026-03-29T01:00:00Z" } } },
	{ "iso_without_zone_has_two_rounds_too", "Europe/Berlin", "-", NULL,
	  NOW,
	  { { "2026-10-25 02:59:58", "2026-10-25T00:59:58Z" },
	    { "2026-10-25 02:00:01", "2026-10-25T01:00:01Z" } } },
	{ "new_york_has_two_rounds_in_autumn", "America/New_York", "-", NULL,
	  NOW,
	  { { "Nov  1 01:59:58", "2026-11-01T05:59:58Z" },
	    { "Nov  1 01:00:01", "2026-11-01T06:00:01Z" },
	    { "Nov  1 02:00:00", "2026-11-01T07:00:00Z" } } },
	{ "new_york_skips_an_hour_in_spring", "America/New_York", "-", NULL,
	  NOW,
	  { { "Mar  8 01:59:59", "2026-03-08T06:59:59Z" },
	    { "Mar  8 03:00:00", "2026-03-08T07:00:00Z" } } },
	{ "kolkata_has_no_such_nights", "Asia/Kolkata", "-", NULL, NOW,
	  { { "Oct 25 02:59:58", "2026-10-24T21:29:58Z" },
	    { "Oct 25 03:00:01", "2026-10-24T21:30:01Z" } } },
	{ "zones_may_change_from_line_to_line", "UTC", "-", NULL, NOW,
	  { { "2026-11-20T08:00:00+01:00", "2026-11-20T07:00:00Z" },
	    { "2026-11-20T08:00:00-05:00", "2026-11-20T13:00:00Z" },
	    { "2026-11-20T08:00:01-05:30", "2026-11-20T13:30:01Z" },
	    { "2026-11-20T08:00:02Z", "2026-11-20T08:00:02Z" },
	    { "2026-11-20T08:00:03", "2026-11-20T08:00:03Z" },
	    { "2026-11-20T08:00:04+01:00", "2026-11-20T07:00:04Z" } } },
};

static void
run_case(void **state)
{
	const struct run_case *row = *state;
	struct zone *zone = open_zone(row->zone);
	struct stamp_clock clock = clock_at(zone, row->path, row->mtime,
	    row->now);

	for (size_t i = 0; i < 6 && row->lines[i].in != NULL; i++) {
		struct slice text = slice_str(row->lines[i].in);
		struct stamp at;

		assert_int_equal(stamp_read(&clock, &text, &at), STAMP_OK);
		assert_utc(at.utc, row->lines[i].want);
		stamp_clock_saw(&clock, at.utc);
	}
	zone_close(zone);
}

/* The remembered hour must never answer for another: every quarter of an
 * hour of two years, in both shapes, against the calendar. */
static void
remembered_hours_answer_as_fresh_ones(void **state)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct zone *zone = open_zone("Europe/Berlin");
	struct stamp_clock bsd = clock_at(zone, "-", NULL,
	    "2025-01-01T00:00:00Z");
	struct stamp_clock iso = bsd;
	int64_t end = utc_of("2027-01-01T00:00:00Z");

	(void)state;
	bsd.anchor.not_after_utc = iso.anchor.not_after_utc = end;
	bsd.now_utc = iso.now_utc = end;
	bsd.last_utc = utc_of("2025-01-01T00:00:00Z");
	for (int64_t utc = utc_of("2025-01-01T00:00:00Z"); utc < end;
	    utc += 451) {
		struct civil c = civil_from_seconds(utc +
		    zone_offset(zone, utc, NULL));
		struct slice text;
		struct stamp at;
		char line[40];

		(void)snprintf(line, sizeof(line), "%.3s %2d %02d:%02d:%02d x",
		    months + 3 * (c.month - 1), c.day, c.hour, c.minute,
		    c.second);
		text = slice_str(line);
		assert_int_equal(stamp_read(&bsd, &text, &at), STAMP_OK);
		assert_int_equal(at.utc, utc);
		stamp_clock_saw(&bsd, at.utc);
		(void)snprintf(line, sizeof(line),
		    "%04d-%02d-%02d %02d:%02d:%02d x", c.year, c.month, c.day,
		    c.hour, c.minute, c.second);
		text = slice_str(line);
		assert_int_equal(stamp_read(&iso, &text, &at), STAMP_OK);
		assert_int_equal(at.utc, utc);
		stamp_clock_saw(&iso, at.utc);
	}
	zone_close(zone);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, shape_cases, shape_case);
	CASES_ADD_TABLE(&cases, run_cases, run_case);
	cases_add(&cases, "remembered_hours_answer_as_fresh_ones",
	    remembered_hours_answer_as_fresh_ones, NULL);
	return cases_run(&cases);
}
