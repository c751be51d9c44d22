/* SPDX-License-Identifier: BSD-2-Clause */
/* Expressions for ClickHouse, computed by SQLite, which has the few functions
 * that they use from here: two slots have the same cell exactly if they lie on
 * the same day of the zone and of UTC and in the same windows. */
#include "analyzer/fleet_sql.h"

#include <sqlite3.h>

#include "analyzer/store_fleet_priv.h"
#include "tests/support/cases.h"
#include "tests/support/chance.h"

#define BYTES(lit) { (lit), sizeof(lit) - 1 }

enum { HOUR = 3600, DAY = 86400 };

static void
as_it_is(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	sqlite3_result_value(context, values[0]);
}

static void
int_div(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	sqlite3_result_int64(context, sqlite3_value_int64(values[0]) /
	    sqlite3_value_int64(values[1]));
}

static void
multi_if(sqlite3_context *context, int count, sqlite3_value **values)
{
	int at = 0;

	while (at + 1 < count && sqlite3_value_int64(values[at]) == 0)
		at += 2;
	sqlite3_result_value(context, values[at + 1 < count ? at + 1 : at]);
}

static sqlite3 *
open_sqlite(void)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	(void)sqlite3_create_function(db, "toInt64", 1, SQLITE_UTF8, NULL,
	    as_it_is, NULL, NULL);
	(void)sqlite3_create_function(db, "toDate", 1, SQLITE_UTF8, NULL,
	    as_it_is, NULL, NULL);
	(void)sqlite3_create_function(db, "toUInt16", 1, SQLITE_UTF8, NULL,
	    as_it_is, NULL, NULL);
	(void)sqlite3_create_function(db, "intDiv", 2, SQLITE_UTF8, NULL,
	    int_div, NULL, NULL);
	(void)sqlite3_create_function(db, "multiIf", -1, SQLITE_UTF8, NULL,
	    multi_if, NULL, NULL);
	return db;
}

/* TEMPLATE as a statement of slot (?1) and gap_s (?2). */
static sqlite3_stmt *
prepare(sqlite3 *db, const struct fleet_scope *scope, const char *template)
{
	sqlite3_stmt *statement;
	struct strbuf sql;

	strbuf_init(&sql, (size_t)1024 * 1024);
	strbuf_add_str(&sql, "SELECT ");
	fleet_sql(scope, template, &sql);
	strbuf_add_str(&sql, " FROM (SELECT ?1 AS slot, ?2 AS gap_s,"
	    " ?1 / 86400 AS day)");
	assert_false(sql.is_cut);
	if (sqlite3_prepare_v2(db, sql.ptr, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	strbuf_release(&sql);
	return statement;
}

static int64_t
compute(sqlite3_stmt *statement, int64_t slot, int64_t gap_s)
{
	int64_t value;

	(void)sqlite3_bind_int64(statement, 1, slot);
	(void)sqlite3_bind_int64(statement, 2, gap_s);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	value = sqlite3_column_int64(statement, 0);
	(void)sqlite3_reset(statement);
	return value;
}

static const struct zone_case {
	const char *name, *zone;
	const char *from; /* of the first window */
	int64_t from_utc;
	unsigned days;
	int64_t slot_s;
} zone_cases[] = {
	{ "in_utc", "UTC", "2026-11-01", 1793491200, 20, HOUR },
	/* 2026-03-29 01:00 and 2026-10-25 01:00 UTC */
	{ "over_the_year_in_berlin", "Europe/Berlin", "2026-01-01",
	  1767225600, 400, HOUR },
	{ "where_the_day_begins_at_half_past", "Asia/Kolkata", "2026-11-01",
	  1793491200, 10, 900 },
	/* clocks change at midnight there */
	{ "where_midnight_is_skipped", "America/Havana", "2026-02-01",
	  1769904000, 300, HOUR },
	{ "far_east", "Pacific/Kiritimati", "2026-11-01", 1793491200, 10, HOUR },
	{ "by_half_an_hour_in_summer", "Australia/Lord_Howe", "2026-03-20",
	  1773964800, 230, 900 },
};

static bool
is_in(const struct fleet_window *window, int64_t at)
{
	return at >= window->since_utc && at < window->until_utc;
}

/* On which side of each end. */
static bool
same_side(const struct fleet_scope *scope, int64_t a, int64_t b)
{
	for (size_t i = 0; i < scope->window_count; i++) {
		const struct fleet_window *it = &scope->windows[i];

		if ((a >= it->since_utc) != (b >= it->since_utc) ||
		    (a >= it->until_utc) != (b >= it->until_utc))
			return false;
	}
	return true;
}

static bool
same_day(const struct zone *zone, int64_t a, int64_t b)
{
	return zone_day_start(zone, a, 0) == zone_day_start(zone, b, 0);
}

/* A window in the middle of days, and one that overlaps it. */
static struct fleet_scope
scope_of(const struct zone_case *it, const struct zone *zone)
{
	int64_t since = it->from_utc + 5 * HOUR + 1200;
	int64_t until = since + (int64_t)it->days * DAY;

	return (struct fleet_scope){ .zone = zone, .window_count = 2,
		.windows = { { since, until },
		    { since + (until - since) / 3, until + 2 * DAY } } };
}

/* A slot near A or anywhere in the windows. */
static int64_t
some_slot(struct chance *chance, const struct fleet_scope *scope, int64_t near,
    int64_t slot_s)
{
	int64_t begin = scope->windows[0].since_utc;
	int64_t span = scope->windows[1].until_utc - begin;
	int64_t at = chance_below(chance, 2) == 0 ?
	    begin + (int64_t)chance_below(chance, (uint32_t)span) :
	    near + ((int64_t)chance_below(chance, 60) - 30) * slot_s;

	if (at < begin)
		at = begin + slot_s;
	return at - at % slot_s;
}

static void
cells_are_exact(void **state)
{
	const struct zone_case *it = *state;
	sqlite3 *db = open_sqlite();
	struct zone *zone;
	struct fleet_scope scope;
	sqlite3_stmt *cell, *in, *step, *hop;
	struct chance chance = { 11 };
	struct mx_err err;
	unsigned alike = 0;

	assert_int_equal(zone_open(slice_str(it->zone), &zone, &err), MX_OK);
	scope = scope_of(it, zone);
	cell = prepare(db, &scope, "{cell}");
	in = prepare(db, &scope, "{in}");
	step = prepare(db, &scope, "{step}");
	hop = prepare(db, &scope, "{hop}");
	for (int i = 0; i < 20000; i++) {
		int64_t a = some_slot(&chance, &scope, it->from_utc,
		    it->slot_s);
		int64_t b = some_slot(&chance, &scope, a, it->slot_s);
		bool side = same_side(&scope, a, b);
		bool same = side && same_day(zone, a, b) &&
		    a / DAY == b / DAY;

		alike += same;
		assert_int_equal(compute(cell, a, 0) == compute(cell, b, 0),
		    same);
		assert_int_equal(compute(in, a, 0),
		    is_in(&scope.windows[0], a) ||
		    is_in(&scope.windows[1], a));
		if (b >= a)
			continue;
		assert_int_equal(compute(hop, a, a - b), !side);
		assert_int_equal(compute(step, a, a - b),
		    !side || !same_day(zone, a, b));
	}
	assert_int_equal(compute(step, it->from_utc + DAY, 0), 1);
	assert_true(alike > 1000);
	(void)sqlite3_finalize(cell);
	(void)sqlite3_finalize(in);
	(void)sqlite3_finalize(step);
	(void)sqlite3_finalize(hop);
	(void)sqlite3_close(db);
	zone_close(zone);
}

static void
check_text(const struct fleet_scope *scope, const char *template,
    const char *want)
{
	struct strbuf out;

	strbuf_init(&out, 4096);
	fleet_sql(scope, template, &out);
	assert_string_equal(out.ptr, want);
	strbuf_release(&out);
}

/* A UTC day is whole if no window begins or ends within it. */
static void
whole_days_lie_on_one_side(void **state)
{
	const struct zone_case *it = *state;
	sqlite3 *db = open_sqlite();
	struct zone *zone;
	struct fleet_scope scope;
	sqlite3_stmt *whole, *cut;
	struct mx_err err;
	unsigned cuts = 0;

	assert_int_equal(zone_open(slice_str(it->zone), &zone, &err), MX_OK);
	scope = scope_of(it, zone);
	whole = prepare(db, &scope, "{whole}");
	cut = prepare(db, &scope, "{cut}");
	for (int64_t day = it->from_utc / DAY * DAY - DAY;
	    day < scope.windows[1].until_utc + 2 * DAY; day += DAY) {
		bool same = same_side(&scope, day, day + DAY - 1);

		assert_int_equal(compute(whole, day + HOUR, 0), same);
		assert_int_equal(compute(cut, day + HOUR, 0), !same);
		cuts += !same;
	}
	assert_int_equal(cuts, 4);
	assert_true(fleet_sql_is(&scope, WHEN_CUT));
	(void)sqlite3_finalize(whole);
	(void)sqlite3_finalize(cut);
	(void)sqlite3_close(db);
	zone_close(zone);
}

/* Days of the zone that are days of UTC, in all of the window. */
static const struct utc_case {
	const char *name, *zone;
	int64_t since_utc, until_utc;
	bool want;
} utc_cases[] = {
	{ "days_of_utc", "UTC", 1793491200, 1796083200, true },
	{ "days_of_a_zone_like_it", "Africa/Abidjan", 1793491200, 1796083200,
	  true },
	/* 2026-11-01 to 12-01; the clock changed on 2026-10-25 */
	{ "winter_in_london", "Europe/London", 1793491200, 1796083200, true },
	{ "summer_in_london", "Europe/London", 1783468800, 1786060800, false },
	/* 2026-10-20 to 11-01 */
	{ "autumn_in_london", "Europe/London", 1792454400, 1793491200, false },
	{ "days_of_berlin", "Europe/Berlin", 1793487600, 1796079600, false },
	{ "days_of_kolkata", "Asia/Kolkata", 1793471400, 1796063400, false },
};

static void
utc_case(void **state)
{
	const struct utc_case *it = *state;
	struct zone *zone;
	struct mx_err err;
	struct fleet_scope scope = { .window_count = 1,
		.windows = { { it->since_utc, it->until_utc } } };

	assert_int_equal(zone_open(slice_str(it->zone), &zone, &err), MX_OK);
	scope.zone = zone;
	assert_int_equal(fleet_sql_is(&scope, WHEN_DAYS_ARE_UTC), it->want);
	assert_int_equal(fleet_sql_is(&scope, WHEN_DAYS_DIFFER), !it->want);
	assert_false(fleet_sql_is(&scope, WHEN_DAYS_ARE_CUT) && !it->want);
	zone_close(zone);
}

static void
what_nobody_needs_is_not_asked_for(void **state)
{
	const struct slice refused[] = { SLICE("it's"), SLICE("b") };
	struct fleet_scope scope = { .window_count = 1,
		.windows = { { 1793491200, 1796083200 } } };
	struct zone *zone;
	struct mx_err err;

	(void)state;
	assert_int_equal(zone_open(SLICE("UTC"), &zone, &err), MX_OK);
	scope.zone = zone;
	assert_false(fleet_sql_is(&scope, WHEN_CUT));
	assert_false(fleet_sql_is(&scope, WHEN_DAYS_DIFFER));
	scope.windows[0].until_utc -= HOUR;
	assert_true(fleet_sql_is(&scope, WHEN_DAYS_ARE_CUT));
	scope.windows[0].until_utc += HOUR;
	assert_false(fleet_sql_is(&scope, WHEN_DAYS_ARE_CUT));
	assert_false(fleet_sql_is(&scope, WHEN_REST));
	assert_false(fleet_sql_is(&scope, WHEN_REFUSED));
	assert_false(fleet_sql_is(&scope, WHEN_BOUNCED));
	check_text(&scope, "{whole} {cut} {rest} {refused}", "1 0 0 0");
	scope.refused = refused;
	scope.refused_count = 2;
	assert_true(fleet_sql_is(&scope, WHEN_REFUSED));
	check_text(&scope, "{refused}",
	    "provider IN (SELECT arrayJoin(['it\\'s','b']))");
	scope.source = SLICE("192.0.2.9");
	assert_false(fleet_sql_is(&scope, WHEN_UNFILTERED));
	assert_true(fleet_sql_is(&scope, WHEN_REST));
	check_text(&scope, "{rest}", "1");
	zone_close(zone);
}

/* ------------------------------------------------------------------ */

static const struct quote_case {
	const char *name;
	struct slice in;
	const char *want;
} quote_cases[] = {
	{ "a_plain_text", BYTES("gmail"), "'gmail'" },
	{ "a_quote", BYTES("a' OR 1 --"), "'a\\' OR 1 --'" },
	{ "a_backslash_before_a_quote", BYTES("a\\'"), "'a\\\\\\''" },
	{ "a_nul", BYTES("a\0b"), "'a\\0b'" },
	{ "nothing", BYTES(""), "''" },
};

static void
quote_case(void **state)
{
	const struct quote_case *it = *state;
	struct strbuf out;

	strbuf_init(&out, 100);
	fleet_sql_quote(&out, it->in);
	assert_string_equal(out.ptr, it->want);
	strbuf_release(&out);
}

static void
a_filter_is_quoted_wherever_it_stands(void **state)
{
	const struct fleet_scope scope = { .provider = SLICE("a'b"),
		.source = SLICE("192.0.2.9") };
	const struct fleet_scope none = { .wants_nothing = true };

	(void)state;
	check_text(&scope, "x{pair}", "x AND provider = 'a\\'b' AND"
	    " source = '192.0.2.9'");
	check_text(&scope, "x{by}", "x AND source = '192.0.2.9'");
	check_text(&scope, "{source}", "'192.0.2.9'");
	check_text(&none, "x{pair}", "x AND 0");
	check_text(&none, "{source}", "''");
}

/* How often A and then B stands in TEXT, with a word between them or none. */
static size_t
count_of(const char *text, const char *a, struct slice word, const char *b)
{
	struct strbuf wanted;
	size_t count = 0;

	strbuf_init(&wanted, 200);
	strbuf_addf(&wanted, "%s%.*s%s", a, SLICE_ARG(word), b);
	for (; (text = strstr(text, wanted.ptr)) != NULL; text++)
		count++;
	strbuf_release(&wanted);
	return count;
}

/* Each table that is read is looked at first, by its own name. */
static void
check_looks(const char *select)
{
	const struct zone_case *it = &zone_cases[0];
	struct mx_err err;
	struct zone *zone;
	struct fleet_scope scope;
	struct strbuf out;

	assert_int_equal(zone_open(slice_str(it->zone), &zone, &err), MX_OK);
	scope = scope_of(it, zone);
	scope.replicated_in = SLICE("there");
	scope.by_utc = 1234567;
	scope.reply = SLICE("a reply");
	strbuf_init(&out, (size_t)1024 * 1024);
	fleet_sql(&scope, select, &out);
	for (const char *at = strstr(out.ptr, "FROM "); at != NULL;
	    at = strstr(at + 1, "FROM ")) {
		struct slice table = slice_of(at + 5, strcspn(at + 5, " "));

		if (slice_starts(table, SLICE("system.")))
			continue;
		assert_int_equal(count_of(out.ptr, "FROM ", table, " "),
		    count_of(out.ptr, "database = 'there' AND table = '",
		    table, "_local')"));
	}
	assert_int_equal(count_of(out.ptr, "toInt64(inserts_oldest_time) <= ",
	    SLICE("1234567"), ")"), count_of(out.ptr, "FROM system.replicas",
	    SLICE(""), " "));
	strbuf_release(&out);
	zone_close(zone);
}

static void
what_is_read_has_arrived(void **state)
{
	(void)state;
	for (size_t i = 0; fleet_fetches[i].table != NULL; i++)
		check_looks(fleet_fetches[i].select);
	check_looks(fleet_fetch_source.select);
	check_looks(fleet_select_stores);
	check_looks(fleet_select_bounds);
	check_looks(fleet_select_refused);
	check_looks(fleet_select_reports);
}

static void
a_single_node_waits_for_nobody(void **state)
{
	const struct fleet_scope scope = { .origin_count = 0 };

	(void)state;
	check_text(&scope, "SELECT x FROM push WHERE {here}",
	    "SELECT x FROM push WHERE 1");
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, zone_cases, cells_are_exact);
	CASES_ADD_TABLE(&cases, zone_cases, whole_days_lie_on_one_side);
	CASES_ADD_TABLE(&cases, utc_cases, utc_case);
	cases_add(&cases, "what_nobody_needs_is_not_asked_for",
	    what_nobody_needs_is_not_asked_for, NULL);
	CASES_ADD_TABLE(&cases, quote_cases, quote_case);
	cases_add(&cases, "a_filter_is_quoted_wherever_it_stands",
	    a_filter_is_quoted_wherever_it_stands, NULL);
	cases_add(&cases, "what_is_read_has_arrived",
	    what_is_read_has_arrived, NULL);
	cases_add(&cases, "a_single_node_waits_for_nobody",
	    a_single_node_waits_for_nobody, NULL);
	return cases_run(&cases);
}
