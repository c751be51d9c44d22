/* SPDX-License-Identifier: BSD-2-Clause */
/* Time in a SELECT: windows, days of the zone and of UTC. */
#include "analyzer/fleet_sql_priv.h"

#include <stdlib.h>

#include "base/limits.h"

enum { DAY_S = 86400, ENDS_MAX = 2 * FLEET_WINDOWS };

int64_t
fleet_sql_day(int64_t utc)
{
	int64_t day = utc / DAY_S - (utc % DAY_S < 0);

	return day < 0 ? 0 : day > UINT16_MAX ? UINT16_MAX : day;
}

int64_t
fleet_sql_since(const struct fleet_scope *scope)
{
	int64_t since = scope->windows[0].since_utc;

	for (size_t i = 1; i < scope->window_count; i++)
		if (scope->windows[i].since_utc < since)
			since = scope->windows[i].since_utc;
	return since;
}

int64_t
fleet_sql_until(const struct fleet_scope *scope)
{
	int64_t until = scope->windows[0].until_utc;

	for (size_t i = 1; i < scope->window_count; i++)
		if (scope->windows[i].until_utc > until)
			until = scope->windows[i].until_utc;
	return until;
}

/* The moment WHAT lies in a window that is wider by BEFORE_S and BEHIND_S. */
void
fleet_sql_within(const struct writer *to, struct slice what)
{
	const struct fleet_scope *scope = to->scope;

	for (size_t i = 0; i < scope->window_count; i++)
		strbuf_addf(to->out, "%s(toInt64(%.*s) >= %lld AND"
		    " toInt64(%.*s) < %lld)", i == 0 ? "(" : " OR ",
		    SLICE_ARG(what), (long long)scope->windows[i].since_utc,
		    SLICE_ARG(what), (long long)scope->windows[i].until_utc);
	strbuf_add_char(to->out, ')');
}

void
fleet_sql_in(const struct writer *to)
{
	fleet_sql_within(to, SLICE("slot"));
}

void
fleet_sql_last(const struct writer *to)
{
	strbuf_addf(to->out, "%lld", (long long)fleet_sql_until(to->scope));
}

static int
compare_moments(const void *left, const void *right)
{
	int64_t a, b;

	memcpy(&a, left, sizeof(a));
	memcpy(&b, right, sizeof(b));
	return (a > b) - (a < b);
}

/* How many ends of windows lie before or at AT. */
static void
put_part(const struct writer *to, const char *at)
{
	const struct fleet_scope *scope = to->scope;
	int64_t ends[ENDS_MAX] = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < scope->window_count; i++) {
		ends[count++] = scope->windows[i].since_utc;
		ends[count++] = scope->windows[i].until_utc;
	}
	qsort(ends, count, sizeof(*ends), compare_moments);
	strbuf_add_char(to->out, '(');
	for (size_t i = 0; i < count; i++)
		if (i == 0 || ends[i] != ends[i - 1])
			strbuf_addf(to->out, "%s(%s >= %lld)",
			    i != 0 ? " + " : "", at, (long long)ends[i]);
	strbuf_add_char(to->out, ')');
}

/* The number of the zone's day that holds AT, of those that the windows touch;
 * -1 before them. Days of 24 hours are counted together: a term for each
 * change of the clock. */
static void
put_zone_day(const struct writer *to, const char *at)
{
	const struct zone *zone = to->scope->zone;
	int64_t until = fleet_sql_until(to->scope);
	int64_t begin = zone_day_start(zone, fleet_sql_since(to->scope), 0);
	int64_t run = begin;
	long long number = 0, of_run = 0;

	strbuf_addf(to->out, "multiIf(%s < %lld, toInt64(-1), ", at,
	    (long long)begin);
	for (int64_t day = begin; day < until && number < LIMIT_WINDOW_DAYS;) {
		int64_t next = zone_day_start(zone, day, 1);

		number++;
		if (next - day != DAY_S) {
			if (day != run)
				strbuf_addf(to->out, "%s < %lld,"
				    " intDiv(%s - %lld, 86400) + %lld, ", at,
				    (long long)day, at, (long long)run,
				    of_run);
			strbuf_addf(to->out, "%s < %lld, toInt64(%lld), ", at,
			    (long long)next, number - 1);
			run = next;
			of_run = number;
		}
		day = next;
	}
	strbuf_addf(to->out, "intDiv(%s - %lld, 86400) + %lld)", at,
	    (long long)run, of_run);
}

#define SLOT "toInt64(slot)"
#define SLOT_BEFORE "(toInt64(slot) - gap_s)"

/* Up to seven ends of windows, and eight UTC days side by side. */
void
fleet_sql_cell(const struct writer *to)
{
	strbuf_add_str(to->out, "((");
	put_zone_day(to, SLOT);
	strbuf_add_str(to->out, ") * 64 + intDiv(" SLOT ", 86400) % 8 * 8 + ");
	put_part(to, SLOT);
	strbuf_add_char(to->out, ')');
}

void
fleet_sql_part(const struct writer *to)
{
	put_part(to, SLOT);
}

static void
put_day_and_part(const struct writer *to, const char *at)
{
	strbuf_add_str(to->out, "((");
	put_zone_day(to, at);
	strbuf_add_str(to->out, ") * 8 + ");
	put_part(to, at);
	strbuf_add_char(to->out, ')');
}

/* Where a slot and the one before it lie, for a GROUP BY or a test. */
static void
put_both(const struct writer *to,
    void (*put)(const struct writer *to, const char *at), const char *begin,
    const char *between, const char *end)
{
	strbuf_add_str(to->out, begin);
	put(to, SLOT);
	strbuf_add_str(to->out, between);
	put(to, SLOT_BEFORE);
	strbuf_add_str(to->out, end);
}

void
fleet_sql_steps(const struct writer *to)
{
	put_both(to, put_day_and_part, "gap_s = 0, ", ", ", "");
}

void
fleet_sql_step(const struct writer *to)
{
	put_both(to, put_day_and_part, "(gap_s = 0 OR ", " != ", ")");
}

void
fleet_sql_hops(const struct writer *to)
{
	put_both(to, put_part, "gap_s = 0, ", ", ", "");
}

void
fleet_sql_hop(const struct writer *to)
{
	put_both(to, put_part, "(gap_s = 0 OR ", " != ", ")");
}

void
fleet_sql_gap(const struct writer *to)
{
	strbuf_add_str(to->out, "if(max(gap_s) = 0, toInt64(0), min(" SLOT
	    ") - max" SLOT_BEFORE ")");
}

/* ------------------------------------------------------------------ */
/* Sums of whole UTC days */

static bool
cuts_a_day(int64_t end_utc)
{
	return end_utc % DAY_S != 0 && end_utc > 0 &&
	    end_utc / DAY_S <= UINT16_MAX;
}

bool
fleet_sql_cuts_days(const struct fleet_scope *scope)
{
	for (size_t i = 0; i < scope->window_count; i++)
		if (cuts_a_day(scope->windows[i].since_utc) ||
		    cuts_a_day(scope->windows[i].until_utc))
			return true;
	return false;
}

bool
fleet_sql_has_utc_days(const struct fleet_scope *scope)
{
	int64_t until = fleet_sql_until(scope);
	int64_t day = zone_day_start(scope->zone, fleet_sql_since(scope), 0);

	for (unsigned days = 0; day < until &&
	    days < LIMIT_WINDOW_DAYS; days++) {
		if (day % DAY_S != 0)
			return false;
		day = zone_day_start(scope->zone, day, 1);
	}
	return true;
}

static void
put_cut_days(const struct writer *to, const char *test, const char *join)
{
	const struct fleet_scope *scope = to->scope;
	const char *before = "(";

	for (size_t i = 0; i < 2 * scope->window_count; i++) {
		const struct fleet_window *it = &scope->windows[i / 2];
		int64_t end = i % 2 == 0 ? it->since_utc : it->until_utc;

		if (!cuts_a_day(end))
			continue;
		strbuf_addf(to->out, "%sday %s toDate(toUInt16(%lld))", before,
		    test, (long long)(end / DAY_S));
		before = join;
	}
	strbuf_add_char(to->out, ')');
}

void
fleet_sql_whole(const struct writer *to)
{
	if (fleet_sql_cuts_days(to->scope))
		put_cut_days(to, "!=", " AND ");
	else
		strbuf_add_char(to->out, '1');
}

void
fleet_sql_cut(const struct writer *to)
{
	if (fleet_sql_cuts_days(to->scope))
		put_cut_days(to, "=", " OR ");
	else
		strbuf_add_char(to->out, '0');
}
