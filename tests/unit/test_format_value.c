/* SPDX-License-Identifier: BSD-2-Clause */
#include "reports/format_value.h"

#include "base/zone.h"
#include "tests/support/cases.h"

static void
expect(struct strbuf *out, const char *want)
{
	assert_string_equal(out->ptr, want);
	strbuf_release(out);
}

/* ---- delays and spans ---- */

static const struct delay_case {
	const char *name;
	double in;
	const char *want;
} delay_cases[] = {
	{ "unknown_delay_is_a_dash", -1, "-" },
	{ "under_half_a_second_is_less_than_one", 0.2, "<1s" },
	{ "seconds_are_rounded", 2.4, "2s" },
	{ "seconds_reach_59", 59.4, "59s" },
	{ "a_minute_is_said_as_such", 59.6, "1m" },
	{ "minutes", 725, "12m" },
	{ "minutes_reach_59", 3560, "59m" },
	{ "an_hour_is_said_as_such", 3590, "1h" },
	{ "hours_go_up_to_two_days", 47 * 3600, "47h" },
	{ "days", 48 * 3600, "2d" },
};

static void
run_delay(void **state)
{
	const struct delay_case *c = *state;
	struct strbuf out;

	strbuf_init(&out, 64);
	format_delay(&out, c->in);
	expect(&out, c->want);
}

static const struct span_case {
	const char *name;
	int64_t in;
	const char *want;
} span_cases[] = {
	{ "no_time_is_no_minutes", 0, "0 min" },
	{ "minutes_stand_alone", 12 * 60 + 59, "12 min" },
	{ "hours_have_minutes", 3 * 3600 + 20 * 60, "3 h 20 min" },
	{ "days_have_hours", 4 * 86400 + 11 * 3600 + 3599, "4 d 11 h" },
};

static void
run_span(void **state)
{
	const struct span_case *c = *state;
	struct strbuf out;

	strbuf_init(&out, 64);
	format_span(&out, c->in);
	expect(&out, c->want);
}

/* ---- shares ---- */

static const struct share_case {
	const char *name;
	int64_t part, whole;
	const char *want;
} share_cases[] = {
	{ "below_20_a_count_stands_in_place", 3, 4, "3 of 4" },
	{ "19_is_still_few", 19, 19, "19 of 19" },
	{ "20_is_enough", 19, 20, "95.0 %" },
	{ "none_is_0", 0, 50, "0 %" },
	{ "all_is_100", 50, 50, "100 %" },
	{ "nearly_none_is_not_0", 1, 100000, "<0.1 %" },
	{ "nearly_all_is_not_100", 99999, 100000, ">99.9 %" },
	{ "one_decimal", 329, 344, "95.6 %" },
	{ "of_nothing", 0, 0, "0 of 0" },
};

static void
run_share(void **state)
{
	const struct share_case *c = *state;
	struct strbuf out;

	strbuf_init(&out, 64);
	format_share(&out, c->part, c->whole);
	expect(&out, c->want);
}

static const struct grouped_case {
	const char *name;
	int64_t in;
	const char *want;
} grouped_cases[] = {
	{ "three_digits_have_no_comma", 999, "999" },
	{ "four_digits_have_one", 1000, "1,000" },
	{ "millions_have_two", 12345678, "12,345,678" },
	{ "the_sign_is_no_digit", -123456, "-123,456" },
	{ "zero", 0, "0" },
};

static void
run_grouped(void **state)
{
	const struct grouped_case *c = *state;
	struct strbuf out;

	strbuf_init(&out, 64);
	format_grouped(&out, c->in);
	expect(&out, c->want);
}

/* ---- times: 2026-11-18T07:12:41Z is 1794985961 ---- */

static const int64_t moment = 1794985961;

static void
times_are_in_the_reports_zone(void **state)
{
	struct zone *zone;
	struct strbuf out;

	(void)state;
	assert_int_equal(zone_open(SLICE("+01:00"), &zone, NULL), MX_OK);
	strbuf_init(&out, 64);
	format_long_time(&out, zone, moment, moment);
	assert_string_equal(out.ptr, "Wed 18 Nov 08:12");
	strbuf_reset(&out);
	format_short_time(&out, NULL, moment, moment);
	assert_string_equal(out.ptr, "11-18 07:12");
	/* a report that ends in another year, by the report's clock */
	strbuf_reset(&out);
	format_short_time(&out, NULL, moment, moment + 365 * 86400);
	assert_string_equal(out.ptr, "2026-11-18 07:12");
	strbuf_reset(&out);
	format_long_time(&out, zone, moment, moment - 365 * 86400);
	assert_string_equal(out.ptr, "Wed 18 Nov 2026 08:12");
	strbuf_reset(&out);
	/* 2027-01-01 00:30 there, 2026-12-31 23:30 in UTC */
	format_short_time(&out, zone, 1798759800, moment);
	assert_string_equal(out.ptr, "2027-01-01 00:30");
	strbuf_reset(&out);
	format_short_time(&out, NULL, 1798759800, moment);
	assert_string_equal(out.ptr, "12-31 23:30");
	strbuf_reset(&out);
	format_full_time(&out, zone, moment);
	assert_string_equal(out.ptr, "2026-11-18 08:12:41");
	strbuf_release(&out);
	zone_close(zone);
}

static const struct count_case {
	const char *name;
	int64_t in;
	const char *want;
} count_cases[] = {
	{ "nothing_is_many", 0, "0 mails" },
	{ "one_is_one", 1, "1 mail" },
	{ "two_are_many", 2, "2 mails" },
};

static void
run_count(void **state)
{
	const struct count_case *c = *state;
	struct strbuf out;

	strbuf_init(&out, 64);
	format_count(&out, c->in, "mail", "mails");
	expect(&out, c->want);
}

static const struct window_case {
	const char *name;
	int64_t since, until;
	const char *want;
} window_cases[] = {
	{ "last_day_of_whole_days_is_inside", 1794960000, 1794960000 + 172800,
	    "2026-11-18 .. 2026-11-19" },
	{ "one_day_is_no_range", 1794960000, 1794960000 + 86400,
	    "2026-11-18" },
	{ "part_of_a_day_shows_times", 1794960000, 1794960000 + 3600,
	    "2026-11-18 00:00 .. 2026-11-18 01:00" },
};

static void
run_window(void **state)
{
	const struct window_case *c = *state;
	struct strbuf out;

	strbuf_init(&out, 64);
	format_window(&out, NULL, c->since, c->until);
	expect(&out, c->want);
}

/* ---- widths ---- */

static void
width_counts_characters_not_bytes(void **state)
{
	struct strbuf out;

	(void)state;
	assert_int_equal(format_width(SLICE("gr\xc3\xbc\xc3\x9f")), 4);
	strbuf_init(&out, 64);
	format_padded(&out, SLICE("gr\xc3\xbc\xc3\x9f"), 6, false);
	assert_string_equal(out.ptr, "gr\xc3\xbc\xc3\x9f  ");
	strbuf_reset(&out);
	format_padded(&out, SLICE("42"), 5, true);
	assert_string_equal(out.ptr, "   42");
	strbuf_reset(&out);
	format_padded(&out, SLICE("too long"), 3, true);
	assert_string_equal(out.ptr, "too long");
	strbuf_release(&out);
}

/* ---- excerpts ---- */

static void
short_reply_stays_whole(void **state)
{
	struct strbuf out;

	(void)state;
	strbuf_init(&out, 1024);
	format_excerpt(&out, SLICE("550 5.7.1 no"), 12, SLICE_NONE,
	    SLICE_NONE);
	expect(&out, "550 5.7.1 no");
}

/* A reply whose middle must give way, with PIECE in that middle. */
static void
long_reply(struct strbuf *reply, const char *piece)
{
	strbuf_init(reply, 65536);
	strbuf_add_str(reply, "550 5.7.1 START ");
	for (int i = 0; i < 2000; i++)
		strbuf_add_str(reply, i == 1000 ? piece : "filler ");
	strbuf_add_str(reply, "THE END");
}

static void
long_reply_keeps_codes_tag_address_and_end(void **state)
{
	struct strbuf reply, out;
	struct slice text;

	(void)state;
	long_reply(&reply, "from [192.0.2.9] tag TSS04 and (PBL000) ");
	strbuf_init(&out, 65536);
	format_excerpt(&out, strbuf_slice(&reply), 400, SLICE("TSS04"),
	    SLICE("192.0.2.9"));
	text = strbuf_slice(&out);
	assert_true(slice_starts(text, SLICE("550 5.7.1 START filler")));
	assert_true(slice_ends(text, SLICE("filler THE END")));
	assert_non_null(slice_find(text, SLICE("192.0.2.9")));
	assert_non_null(slice_find(text, SLICE("TSS04")));
	assert_non_null(slice_find(text, SLICE("(PBL000)")));
	assert_non_null(slice_find(text, SLICE(" [...] ")));
	assert_true(text.len < 600);
	strbuf_release(&reply);
	strbuf_release(&out);
}

static void
excerpt_never_cuts_a_character(void **state)
{
	struct strbuf reply, out;

	(void)state;
	for (size_t shift = 0; shift < 4; shift++) {
		strbuf_init(&reply, 65536);
		strbuf_init(&out, 65536);
		for (size_t i = 0; i < shift; i++)
			strbuf_add_char(&reply, 'x');
		for (int i = 0; i < 1000; i++)
			strbuf_add_str(&reply, "\xf0\x9f\x98\x80");
		format_excerpt(&out, strbuf_slice(&reply), 100, SLICE_NONE,
		    SLICE_NONE);
		/* without the 7 bytes of the gap only whole characters */
		assert_int_equal((out.len - 7 - shift) % 4, 0);
		strbuf_release(&reply);
		strbuf_release(&out);
	}
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, delay_cases, run_delay);
	CASES_ADD_TABLE(&cases, span_cases, run_span);
	CASES_ADD_TABLE(&cases, share_cases, run_share);
	CASES_ADD_TABLE(&cases, grouped_cases, run_grouped);
	CASES_ADD_TABLE(&cases, count_cases, run_count);
	CASES_ADD_TABLE(&cases, window_cases, run_window);
	cases_add(&cases, "times_are_in_the_reports_zone",
	    times_are_in_the_reports_zone, NULL);
	cases_add(&cases, "width_counts_characters_not_bytes",
	    width_counts_characters_not_bytes, NULL);
	cases_add(&cases, "short_reply_stays_whole", short_reply_stays_whole,
	    NULL);
	cases_add(&cases, "long_reply_keeps_codes_tag_address_and_end",
	    long_reply_keeps_codes_tag_address_and_end, NULL);
	cases_add(&cases, "excerpt_never_cuts_a_character",
	    excerpt_never_cuts_a_character, NULL);
	return cases_run(&cases);
}
