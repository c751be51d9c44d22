/* SPDX-License-Identifier: BSD-2-Clause */
/* Expected times: date -u -d. */
#include "parsers/time_format.h"

#include "tests/support/cases.h"

static const struct time_case {
	const char *name, *format, *text, *want; /* NULL: another shape;
	                                          * "bad": no date */
	uint32_t us;
} time_cases[] = {
	{ "date_and_clock", "%Y-%m-%d %H:%M:%S", "2026-11-20 08:00:01",
	  "2026-11-20T07:00:01Z", 0 },
	{ "with_zone", "%Y-%m-%d %H:%M:%S %z", "2026-11-20 08:00:01 -0330",
	  "2026-11-20T11:30:01Z", 0 },
	{ "with_colon_zone", "%FT%T%z", "2026-11-20T08:00:01+05:45",
	  "2026-11-20T02:15:01Z", 0 },
	{ "zulu", "%FT%T.%f%z", "2026-11-20T08:00:01.25Z",
	  "2026-11-20T08:00:01Z", 250000 },
	{ "short_zone", "%F %T%z", "2026-11-20 08:00:01+01",
	  "2026-11-20T07:00:01Z", 0 },
	{ "nine_decimals", "%F %T,%f", "2026-11-20 08:00:01,123456789",
	  "2026-11-20T07:00:01Z", 123456 },
	{ "apache", "[%d/%b/%Y:%H:%M:%S %z]", "[20/Nov/2026:08:00:01 +0100]",
	  "2026-11-20T07:00:01Z", 0 },
	{ "american", "%m/%d/%Y %I:%M:%S %p", "11/20/2026 8:00:01 PM",
	  "2026-11-20T19:00:01Z", 0 },
	{ "noon_is_pm", "%m/%d/%y %I:%M %p", "11/20/26 12:05 pm",
	  "2026-11-20T11:05:00Z", 0 },
	{ "midnight_is_am", "%m/%d/%y %I:%M %p", "11/20/26 12:05 AM",
	  "2026-11-19T23:05:00Z", 0 },
	{ "the_last_century", "%d.%m.%y %H:%M", "20.11.99 08:00",
	  "1999-11-20T07:00:00Z", 0 },
	{ "weekday_and_padding", "%a %b %e %T %Y", "Fri Nov  6 08:00:01 2026",
	  "2026-11-06T07:00:01Z", 0 },
	{ "without_year", "%b %e %T", "Nov 20 08:00:01",
	  "2026-11-20T07:00:01Z", 0 },
	{ "seconds", "%s", "1795161601", "2026-11-20T08:00:01Z", 0 },
	{ "seconds_and_decimals", "%s.%f", "1795161601.5",
	  "2026-11-20T08:00:01Z", 500000 },
	{ "milliseconds", "%Q", "1795161601250", "2026-11-20T08:00:01Z",
	  250000 },
	{ "a_percent_sign", "%%%s", "%1795161601", "2026-11-20T08:00:01Z",
	  0 },
	{ "blanks_are_any", "%F  %T", "2026-11-20 08:00:01",
	  "2026-11-20T07:00:01Z", 0 },
	{ "something_behind", "%F %T", "2026-11-20 08:00:01 x", NULL, 0 },
	{ "something_missing", "%F %T", "2026-11-20 08:00", NULL, 0 },
	{ "no_digits", "%F %T", "2026-xx-20 08:00:01", NULL, 0 },
	{ "no_month", "%d/%b/%Y %T", "20/Foo/2026 08:00:01", NULL, 0 },
	{ "nothing", "%F %T", "", NULL, 0 },
	{ "no_such_day", "%F %T", "2026-02-30 08:00:01", "bad", 0 },
	{ "no_such_hour", "%F %T", "2026-02-20 24:00:01", "bad", 0 },
	{ "no_such_zone", "%F %T%z", "2026-02-20 08:00:01+99:00", NULL, 0 },
	{ "too_early", "%F %T", "1969-12-31 08:00:01", "bad", 0 },
	{ "too_late", "%F %T", "2101-01-01 08:00:01", "bad", 0 },
	{ "seconds_of_another_age", "%s", "99999999999999", "bad", 0 },
	{ "seconds_too_long", "%s", "1795161601179516160117951616", NULL,
	  0 },
};

static void
time_case(void **state)
{
	const struct time_case *row = *state;
	int64_t now = 1795435200; /* 2026-11-23T12:00:00Z */
	struct stamp_clock clock;
	struct zone *zone;
	struct stamp at;
	char time[21];
	struct mx_err err;
	enum stamp_result result;

	assert_int_equal(zone_open(SLICE("Europe/Berlin"), &zone, &err),
	    MX_OK);
	stamp_clock_init(&clock, zone, year_anchor_of_file("-", INT64_MIN,
	    now), now);
	assert_true(time_format_is_one(slice_str(row->format)));
	result = time_format_read(slice_str(row->format),
	    slice_str(row->text), &clock, &at);
	zone_close(zone);
	if (row->want == NULL) {
		assert_int_equal(result, STAMP_NONE);
		return;
	}
	if (strcmp(row->want, "bad") == 0) {
		assert_int_equal(result, STAMP_BAD);
		return;
	}
	assert_int_equal(result, STAMP_OK);
	rfc3339_utc(at.utc, time);
	assert_string_equal(time, row->want);
	assert_int_equal(at.us, row->us);
}

static const char *const no_formats[] = { "", "%Y", "%H:%M:%S", "%Y-%m-%d",
	"%Y-%m-%d %H:%M:%S %", "%Y-%m-%d %H:%M:%S %k", "words" };

static void
what_says_no_moment_is_no_format(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(no_formats) / sizeof(no_formats[0]);
	    i++)
		assert_false(time_format_is_one(slice_str(no_formats[i])));
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, time_cases, time_case);
	cases_add(&cases, "what_says_no_moment_is_no_format",
	    what_says_no_moment_is_no_format, NULL);
	return cases_run(&cases);
}
