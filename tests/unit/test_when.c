/* SPDX-License-Identifier: BSD-2-Clause */
/* Expected moments are UTC. Berlin is one hour east in winter, two in summer;
 * in 2026 the clocks change on 29 March and 25 October, 01:00 UTC. */
#include "cli/when.h"

#include "tests/support/cases.h"

#define NOW "2026-11-22T18:30:00Z" /* Sunday 19:30 in Berlin */

static int64_t
utc_of(const char *text)
{
	struct civil civil = { 0, 0, 0, 0, 0, 0 };
	int year;
	unsigned month, day, hour, minute, second;

	if (text == NULL)
		return INT64_MIN;
	assert_int_equal(sscanf(text, "%4d-%2u-%2uT%2u:%2u:%2uZ", &year,
	    &month, &day, &hour, &minute, &second), 6);
	civil.year = year;
	civil.month = (uint8_t)month;
	civil.day = (uint8_t)day;
	civil.hour = (uint8_t)hour;
	civil.minute = (uint8_t)minute;
	civil.second = (uint8_t)second;
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

/* Compares as text, so that a failure can be read. */
static void
assert_utc(int64_t got, const char *want)
{
	char text[21];

	if (want == NULL) {
		assert_true(got == INT64_MIN || got == INT64_MAX);
		return;
	}
	rfc3339_utc(got, text);
	assert_string_equal(text, want);
}

static const struct moment_case {
	const char *name, *in, *now, *want; /* want NULL = refused */
} moment_cases[] = {
	{ "a_date_is_its_first_moment_here", "2026-11-20", NOW,
	  "2026-11-19T23:00:00Z" },
	{ "a_clock_without_zone_is_ours", "2026-11-20 08:00", NOW,
	  "2026-11-20T07:00:00Z" },
	{ "seconds_count", "2026-11-20 08:00:15", NOW,
	  "2026-11-20T07:00:15Z" },
	{ "summer_has_another_offset", "2026-07-01 08:00", NOW,
	  "2026-07-01T06:00:00Z" },
	{ "rfc3339_with_z", "2026-11-20T08:00:00Z", NOW,
	  "2026-11-20T08:00:00Z" },
	{ "rfc3339_small_letters", "2026-11-20t08:00:00z", NOW,
	  "2026-11-20T08:00:00Z" },
	{ "rfc3339_with_fraction_and_offset", "2026-11-20T08:00:00.25-05:30",
	  NOW, "2026-11-20T13:30:00Z" },
	{ "an_offset_may_lack_its_colon", "2026-11-20 08:00:00 +0100", NOW,
	  "2026-11-20T07:00:00Z" },
	{ "now_is_now", "now", NOW, NOW },
	{ "today_begins_at_midnight", "today", NOW, "2026-11-21T23:00:00Z" },
	{ "yesterday", "yesterday", NOW, "2026-11-20T23:00:00Z" },
	{ "tomorrow", "tomorrow", NOW, "2026-11-22T23:00:00Z" },
	{ "words_ignore_case", "Yesterday", NOW, "2026-11-20T23:00:00Z" },
	{ "yesterday_with_a_clock", "yesterday 08:15", NOW,
	  "2026-11-21T07:15:00Z" },
	{ "a_clock_alone_is_today", "08:15", NOW, "2026-11-22T07:15:00Z" },
	{ "minus_days", "-7d", NOW, "2026-11-15T18:30:00Z" },
	{ "minus_hours", "-2h", NOW, "2026-11-22T16:30:00Z" },
	{ "plus_minutes", "+90min", NOW, "2026-11-22T20:00:00Z" },
	{ "several_units_add_up", "-1d12h", NOW, "2026-11-21T06:30:00Z" },
	{ "weeks_ago_in_words", "2 weeks ago", NOW, "2026-11-08T18:30:00Z" },
	{ "one_month_ago_is_summer_time", "1 month ago", NOW,
	  "2026-10-22T17:30:00Z" },
	{ "from_now", "3 hours from now", NOW, "2026-11-22T21:30:00Z" },
	{ "blanks_around_do_not_count", "  -7d ", NOW,
	  "2026-11-15T18:30:00Z" },
	{ "epoch_seconds", "@1763625600", NOW, "2025-11-20T08:00:00Z" },
	{ "the_epoch_itself", "@0", NOW, "1970-01-01T00:00:00Z" },
	{ "the_last_second_of_2100", "@4133980799", NOW,
	  "2100-12-31T23:59:59Z" },

	/* The night of 29 March has 23 hours. */
	{ "the_short_day_begins_in_winter_time", "2026-03-29", NOW,
	  "2026-03-28T23:00:00Z" },
	{ "the_day_after_begins_in_summer_time", "2026-03-30", NOW,
	  "2026-03-29T22:00:00Z" },
	{ "a_day_back_over_the_short_night_keeps_the_clock", "-1d",
	  "2026-03-29T10:00:00Z", "2026-03-28T11:00:00Z" },
	{ "24_hours_back_over_the_short_night_do_not", "-24h",
	  "2026-03-29T10:00:00Z", "2026-03-28T10:00:00Z" },
	{ "a_time_that_spring_skips_is_read_as_before_it",
	  "2026-03-29 02:30", NOW, "2026-03-29T01:30:00Z" },
	/* The night of 25 October has 25. */
	{ "the_long_day_begins_in_summer_time", "2026-10-25", NOW,
	  "2026-10-24T22:00:00Z" },
	{ "the_day_after_begins_in_winter_time", "2026-10-26", NOW,
	  "2026-10-25T23:00:00Z" },
	{ "yesterday_after_the_long_day", "yesterday",
	  "2026-10-26T11:00:00Z", "2026-10-24T22:00:00Z" },
	{ "a_day_back_over_the_long_night_keeps_the_clock", "-1d",
	  "2026-10-25T11:00:00Z", "2026-10-24T10:00:00Z" },
	{ "the_hour_that_autumn_repeats_is_its_first", "2026-10-25 02:30",
	  NOW, "2026-10-25T00:30:00Z" },

	{ "a_month_back_from_the_31st_is_the_last_day", "-1month",
	  "2026-03-31T10:00:00Z", "2026-02-28T11:00:00Z" },
	{ "a_year_back_from_a_leap_day", "-1y", "2024-02-29T11:00:00Z",
	  "2023-02-28T11:00:00Z" },

	{ "nothing_is_no_date", "", NOW, NULL },
	{ "a_word_is_no_date", "sometime", NOW, NULL },
	{ "february_30_is_no_date", "2026-02-30", NOW, NULL },
	{ "hour_24_is_no_hour", "2026-11-20 24:00", NOW, NULL },
	{ "minute_60_is_no_minute", "2026-11-20 08:60", NOW, NULL },
	{ "text_behind_a_date_is_refused", "2026-11-20x", NOW, NULL },
	{ "text_behind_a_clock_is_refused", "2026-11-20 08:00 CET", NOW,
	  NULL },
	{ "a_number_without_unit", "-7", NOW, NULL },
	{ "a_unit_without_number", "-d", NOW, NULL },
	{ "an_unknown_unit", "-7x", NOW, NULL },
	{ "a_span_without_direction", "7d", NOW, NULL },
	{ "before_1970", "-100y", NOW, NULL },
	{ "after_2100", "2101-01-01", NOW, NULL },
	{ "epoch_after_2100", "@4133980800", NOW, NULL },
	{ "epoch_that_would_wrap", "@99999999999999999999", NOW, NULL },
	{ "a_span_that_would_wrap", "-9999999999999999999d", NOW, NULL },
	{ "a_long_span_of_seconds", "-999999999d999999999d", NOW, NULL },
	{ "now_and_more", "now 08:00", NOW, NULL },
};

static void
run_moment(void **state)
{
	const struct moment_case *c = *state;
	struct zone *zone = open_zone("Europe/Berlin");
	struct mx_err err;
	int64_t got = 7;
	enum mx_code code = when_moment(slice_str(c->in), zone, utc_of(c->now),
	    &got, &err);

	if (c->want == NULL) {
		assert_int_equal(code, MX_E_USAGE);
		assert_true(got == 7);
		assert_non_null(strstr(err.text, "is no date"));
	} else {
		assert_int_equal(code, MX_OK);
		assert_utc(got, c->want);
	}
	zone_close(zone);
}

static const struct window_case {
	const char *name, *in, *since, *until; /* both NULL = refused */
} window_cases[] = {
	{ "yesterday_is_a_whole_day", "yesterday", "2026-11-20T23:00:00Z",
	  "2026-11-21T23:00:00Z" },
	{ "day_ends_now", "day", "2026-11-21T23:00:00Z", NOW },
	{ "week_begins_on_monday", "week", "2026-11-15T23:00:00Z", NOW },
	{ "last_week_is_monday_to_sunday", "last-week",
	  "2026-11-08T23:00:00Z", "2026-11-15T23:00:00Z" },
	{ "month", "month", "2026-10-31T23:00:00Z", NOW },
	{ "last_month_changes_its_offset", "last-month",
	  "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z" },
	{ "quarter", "quarter", "2026-09-30T22:00:00Z", NOW },
	{ "last_quarter", "last-quarter", "2026-06-30T22:00:00Z",
	  "2026-09-30T22:00:00Z" },
	{ "year", "year", "2025-12-31T23:00:00Z", NOW },
	{ "last_year", "last-year", "2024-12-31T23:00:00Z",
	  "2025-12-31T23:00:00Z" },
	{ "rolling_days", "7d", "2026-11-15T18:30:00Z", NOW },
	{ "rolling_weeks", "2w", "2026-11-08T18:30:00Z", NOW },
	{ "rolling_hours", "36h", "2026-11-21T06:30:00Z", NOW },
	{ "a_day_is_a_window", "2026-11-20", "2026-11-19T23:00:00Z",
	  "2026-11-20T23:00:00Z" },
	{ "the_short_day_is_a_window_of_23_hours", "2026-03-29",
	  "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z" },
	{ "the_long_day_is_a_window_of_25_hours", "2026-10-25",
	  "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z" },
	{ "a_month_is_a_window", "2026-10", "2026-09-30T22:00:00Z",
	  "2026-10-31T23:00:00Z" },
	{ "december_ends_in_the_next_year", "2025-12",
	  "2025-11-30T23:00:00Z", "2025-12-31T23:00:00Z" },
	{ "two_dates_exclude_the_last_day", "2026-11-01..2026-11-08",
	  "2026-10-31T23:00:00Z", "2026-11-07T23:00:00Z" },
	{ "an_open_end", "2026-11-01..", "2026-10-31T23:00:00Z", NULL },
	{ "an_open_beginning", "..yesterday", NULL,
	  "2026-11-20T23:00:00Z" },
	{ "words_in_a_range", "-7d..now", "2026-11-15T18:30:00Z", NOW },

	{ "a_range_that_runs_backwards", "2026-11-08..2026-11-01", NULL,
	  NULL },
	{ "an_empty_range", "2026-11-08..2026-11-08", NULL, NULL },
	{ "dots_alone", "..", NULL, NULL },
	{ "month_13", "2026-13", NULL, NULL },
	{ "month_0", "2026-00", NULL, NULL },
	{ "an_unknown_word", "fortnight", NULL, NULL },
	{ "no_text", "", NULL, NULL },
	{ "a_unit_alone", "d", NULL, NULL },
};

static void
run_window(void **state)
{
	const struct window_case *c = *state;
	struct zone *zone = open_zone("Europe/Berlin");
	struct when_window got = when_always();
	struct mx_err err;
	enum mx_code code = when_window_parse(slice_str(c->in), zone,
	    utc_of(NOW), &got, &err);

	if (c->since == NULL && c->until == NULL) {
		assert_int_equal(code, MX_E_USAGE);
	} else {
		assert_int_equal(code, MX_OK);
		assert_utc(got.since_utc, c->since);
		assert_utc(got.until_utc, c->until);
	}
	zone_close(zone);
}

/* Sunday and Monday, the first of a month and of a year: what begins right now
 * is not empty. */
static const struct begin_case {
	const char *name, *in, *now;
} begin_cases[] = {
	{ "today_at_midnight", "today", "2026-11-21T23:00:00Z" },
	{ "week_on_monday_at_midnight", "week", "2026-11-22T23:00:00Z" },
	{ "month_at_its_first_moment", "month", "2026-10-31T23:00:00Z" },
	{ "quarter_at_its_first_moment", "quarter", "2026-09-30T22:00:00Z" },
	{ "year_at_its_first_moment", "year", "2025-12-31T23:00:00Z" },
};

static void
run_begin(void **state)
{
	const struct begin_case *c = *state;
	struct zone *zone = open_zone("Europe/Berlin");
	struct when_window got = when_always();
	struct mx_err err;

	assert_int_equal(when_period(slice_str(c->in), zone, utc_of(c->now),
	    &got, &err), MX_OK);
	assert_utc(got.since_utc, c->now);
	assert_int_equal(got.until_utc, got.since_utc + 1);
	zone_close(zone);
}

static const struct compare_case {
	const char *name, *compare, *window, *since, *until;
} compare_cases[] = {
	{ "the_week_before", "prev", "last-week", "2026-11-01T23:00:00Z",
	  "2026-11-08T23:00:00Z" },
	/* business mail has a weekly shape */
	{ "that_day_of_the_week_before", "prev", "yesterday",
	  "2026-11-13T23:00:00Z", "2026-11-14T23:00:00Z" },
	{ "ten_days_with_those_two_weeks_earlier", "prev",
	  "2026-11-02..2026-11-12", "2026-10-18T22:00:00Z",
	  "2026-10-28T23:00:00Z" },
	{ "the_month_before_a_month_is_a_month", "prev", "2026-03",
	  "2026-01-31T23:00:00Z", "2026-02-28T23:00:00Z" },
	{ "the_quarter_before", "prev", "last-quarter",
	  "2026-03-31T22:00:00Z", "2026-06-30T22:00:00Z" },
	{ "a_week_before_the_long_day_has_24_hours", "prev", "2026-10-25",
	  "2026-10-17T22:00:00Z", "2026-10-18T22:00:00Z" },
	{ "a_week_that_is_not_over_is_compared_with_as_much", "prev", "week",
	  "2026-11-08T23:00:00Z", "2026-11-15T18:30:00Z" },
	{ "a_rolling_window_with_what_lies_before", "prev", "7d",
	  "2026-11-08T18:30:00Z", "2026-11-15T18:30:00Z" },
	{ "a_year_before_has_the_same_weekdays", "year", "last-week",
	  "2025-11-09T23:00:00Z", "2025-11-16T23:00:00Z" },
	{ "a_window_of_its_own", "2026-10-01..2026-10-08", "last-week",
	  "2026-09-30T22:00:00Z", "2026-10-07T22:00:00Z" },
};

static void
run_compare(void **state)
{
	const struct compare_case *c = *state;
	struct zone *zone = open_zone("Europe/Berlin");
	struct when_window window, got;
	struct when_compare compare;
	struct mx_err err;

	assert_int_equal(when_window_parse(slice_str(c->window), zone,
	    utc_of(NOW), &window, &err), MX_OK);
	assert_int_equal(when_compare_parse(slice_str(c->compare), zone,
	    utc_of(NOW), &compare, &err), MX_OK);
	got = when_compare_window(&compare, &window, zone);
	assert_utc(got.since_utc, c->since);
	assert_utc(got.until_utc, c->until);
	zone_close(zone);
}

static const struct age_case {
	const char *name, *in;
	int64_t want; /* seconds; -1 = refused */
} age_cases[] = {
	{ "days", "90d", 90 * 86400 },
	{ "weeks_in_words", "2 weeks", 14 * 86400 },
	{ "hours", "36h", 36 * 3600 },
	{ "minutes_and_seconds", "1m30s", 90 },
	{ "a_month_has_30_days", "1 month", 30 * 86400 },
	{ "a_year_has_365_days", "1y", 365 * 86400 },
	{ "no_unit", "90", -1 },
	{ "a_sign", "-90d", -1 },
	{ "something_behind", "90d ago", -1 },
	{ "no_age", "", -1 },
};

static void
run_age(void **state)
{
	const struct age_case *c = *state;
	int64_t got = -1;
	struct mx_err err;
	enum mx_code code = when_age(slice_str(c->in), &got, &err);

	assert_int_equal(code, c->want < 0 ? MX_E_USAGE : MX_OK);
	assert_true(got == c->want);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, moment_cases, run_moment);
	CASES_ADD_TABLE(&cases, window_cases, run_window);
	CASES_ADD_TABLE(&cases, begin_cases, run_begin);
	CASES_ADD_TABLE(&cases, compare_cases, run_compare);
	CASES_ADD_TABLE(&cases, age_cases, run_age);
	return cases_run(&cases);
}
