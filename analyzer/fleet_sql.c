/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/fleet_sql.h"

#include <stdlib.h>

#include "analyzer/fleet_lag.h"
#include "analyzer/query_others.h"

enum { DAY_S = 86400, DAYS_MAX = 36600, ENDS_MAX = 2 * FLEET_WINDOWS };

struct writer {
	const struct fleet_scope *scope;
	struct strbuf *out;
	struct slice table; /* of the last FROM */
};

void
fleet_sql_quote(struct strbuf *out, struct slice text)
{
	strbuf_add_char(out, '\'');
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == '\'' || c == '\\')
			strbuf_add_char(out, '\\');
		if (c == '\0')
			strbuf_add_str(out, "\\0");
		else
			strbuf_add_char(out, c);
	}
	strbuf_add_char(out, '\'');
}

/* ------------------------------------------------------------------ */
/* Which rows count */

static void
put_versions(const struct writer *to)
{
	const struct fleet_scope *scope = to->scope;

	strbuf_add_str(to->out, "transform(origin, CAST([");
	for (size_t i = 0; i < scope->origin_count; i++)
		strbuf_addf(to->out, "%s%llu", i != 0 ? "," : "",
		    (unsigned long long)scope->origins[i].origin);
	strbuf_add_str(to->out, "], 'Array(UInt64)'), CAST([");
	for (size_t i = 0; i < scope->origin_count; i++)
		strbuf_addf(to->out, "%s%llu", i != 0 ? "," : "",
		    (unsigned long long)scope->origins[i].version);
	strbuf_add_str(to->out, "], 'Array(UInt64)'), toUInt64(0))");
}

static void
put_here_of(const struct writer *to, struct slice table)
{
	fleet_lag_condition(to->scope->replicated_in, table,
	    to->scope->by_utc, to->out);
}

static void
put_here(const struct writer *to)
{
	put_here_of(to, to->table);
}

/* DAYS: a condition on the day, which narrows both sides. */
static void
put_committed(const struct writer *to, const char *days)
{
	strbuf_addf(to->out, "(%s AND ", days);
	put_here(to);
	strbuf_addf(to->out, " AND (origin, day, version) GLOBAL IN"
	    " (SELECT origin, day, max(version) FROM segment WHERE %s AND ",
	    days);
	put_here_of(to, SLICE("segment"));
	strbuf_add_str(to->out, " AND version <= ");
	put_versions(to);
	strbuf_add_str(to->out, " GROUP BY origin, day))");
}

static int64_t
day_of(int64_t utc)
{
	int64_t day = utc / DAY_S - (utc % DAY_S < 0);

	return day < 0 ? 0 : day > UINT16_MAX ? UINT16_MAX : day;
}

static int64_t
first_since(const struct fleet_scope *scope)
{
	int64_t since = scope->windows[0].since_utc;

	for (size_t i = 1; i < scope->window_count; i++)
		if (scope->windows[i].since_utc < since)
			since = scope->windows[i].since_utc;
	return since;
}

static int64_t
last_until(const struct fleet_scope *scope)
{
	int64_t until = scope->windows[0].until_utc;

	for (size_t i = 1; i < scope->window_count; i++)
		if (scope->windows[i].until_utc > until)
			until = scope->windows[i].until_utc;
	return until;
}

static void
put_ok(const struct writer *to)
{
	put_committed(to, "1");
}

static void
put_ok_without_day(const struct writer *to)
{
	put_committed(to, "day = toDate(toUInt16(0))");
}

static void
put_ok_of_windows(const struct writer *to)
{
	char days[128];

	(void)snprintf(days, sizeof(days), "day >= toDate(toUInt16(%lld)) AND"
	    " day <= toDate(toUInt16(%lld))",
	    (long long)day_of(first_since(to->scope)),
	    (long long)day_of(last_until(to->scope)));
	put_committed(to, days);
}

/* ------------------------------------------------------------------ */
/* Time */

/* The moment WHAT lies in a window that is wider by BEFORE_S and BEHIND_S. */
static void
put_within(const struct writer *to, struct slice what)
{
	const struct fleet_scope *scope = to->scope;

	for (size_t i = 0; i < scope->window_count; i++)
		strbuf_addf(to->out, "%s(toInt64(%.*s) >= %lld AND"
		    " toInt64(%.*s) < %lld)", i == 0 ? "(" : " OR ",
		    SLICE_ARG(what), (long long)scope->windows[i].since_utc,
		    SLICE_ARG(what), (long long)scope->windows[i].until_utc);
	strbuf_add_char(to->out, ')');
}

static void
put_in(const struct writer *to)
{
	put_within(to, SLICE("slot"));
}

static void
put_until(const struct writer *to)
{
	strbuf_addf(to->out, "%lld", (long long)last_until(to->scope));
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
	int64_t until = last_until(to->scope);
	int64_t begin = zone_day_start(zone, first_since(to->scope), 0);
	int64_t run = begin;
	long long number = 0, of_run = 0;

	strbuf_addf(to->out, "multiIf(%s < %lld, toInt64(-1), ", at,
	    (long long)begin);
	for (int64_t day = begin; day < until && number < DAYS_MAX;) {
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
static void
put_cell(const struct writer *to)
{
	strbuf_add_str(to->out, "((");
	put_zone_day(to, SLOT);
	strbuf_add_str(to->out, ") * 64 + intDiv(" SLOT ", 86400) % 8 * 8 + ");
	put_part(to, SLOT);
	strbuf_add_char(to->out, ')');
}

static void
put_slot_part(const struct writer *to)
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

static void
put_steps(const struct writer *to)
{
	strbuf_add_str(to->out, "gap_s = 0, ");
	put_day_and_part(to, SLOT);
	strbuf_add_str(to->out, ", ");
	put_day_and_part(to, SLOT_BEFORE);
}

static void
put_step(const struct writer *to)
{
	strbuf_add_str(to->out, "(gap_s = 0 OR ");
	put_day_and_part(to, SLOT);
	strbuf_add_str(to->out, " != ");
	put_day_and_part(to, SLOT_BEFORE);
	strbuf_add_char(to->out, ')');
}

static void
put_hops(const struct writer *to)
{
	strbuf_add_str(to->out, "gap_s = 0, ");
	put_part(to, SLOT);
	strbuf_add_str(to->out, ", ");
	put_part(to, SLOT_BEFORE);
}

static void
put_hop(const struct writer *to)
{
	strbuf_add_str(to->out, "(gap_s = 0 OR ");
	put_part(to, SLOT);
	strbuf_add_str(to->out, " != ");
	put_part(to, SLOT_BEFORE);
	strbuf_add_char(to->out, ')');
}

static void
put_gap(const struct writer *to)
{
	strbuf_add_str(to->out, "if(max(gap_s) = 0, toInt64(0), min(" SLOT
	    ") - max" SLOT_BEFORE ")");
}

/* ------------------------------------------------------------------ */
/* Filter */

static void
put_equal(const struct writer *to, const char *column, struct slice text)
{
	if (text.len == 0)
		return;
	strbuf_addf(to->out, " AND %s = ", column);
	fleet_sql_quote(to->out, text);
}

static void
put_by(const struct writer *to)
{
	put_equal(to, "source", to->scope->source);
	if (to->scope->wants_nothing)
		strbuf_add_str(to->out, " AND 0");
}

static void
put_to(const struct writer *to)
{
	put_equal(to, "provider", to->scope->provider);
	if (to->scope->wants_nothing)
		strbuf_add_str(to->out, " AND 0");
}

static void
put_pair(const struct writer *to)
{
	put_equal(to, "provider", to->scope->provider);
	put_by(to);
}

static void
put_source(const struct writer *to)
{
	fleet_sql_quote(to->out, to->scope->source.len != 0 ?
	    to->scope->source : SLICE(""));
}

static void
put_remote(const struct writer *to)
{
	strbuf_add_str(to->out, "provider NOT IN (':local', ':internal')");
}

static void
put_refused(const struct writer *to)
{
	struct writer of_attempts = *to;

	of_attempts.table = SLICE("attempt");
	strbuf_add_str(to->out, "provider GLOBAL IN (SELECT provider FROM"
	    " attempt WHERE votes");
	put_to(to);
	strbuf_add_str(to->out, " AND ");
	put_ok(&of_attempts);
	strbuf_add_str(to->out, " GROUP BY provider)");
}

/* ------------------------------------------------------------------ */
/* Reports of others, and what is traced */

static void
put_reported(const struct writer *to)
{
	const struct fleet_scope *scope = to->scope;

	if (scope->with_all_reports) {
		strbuf_add_char(to->out, '1');
		return;
	}
	for (size_t i = 0; i < scope->window_count; i++)
		strbuf_addf(to->out,
		    "%s(toInt64(coalesce(end_utc, begin_utc)) >= %lld AND"
		    " toInt64(coalesce(begin_utc, end_utc)) < %lld)",
		    i == 0 ? "(" : " OR ", (long long)(
		    scope->windows[i].since_utc - OTHERS_BEFORE_S),
		    (long long)(scope->windows[i].until_utc +
		    OTHERS_BEHIND_S));
	strbuf_add_char(to->out, ')');
}

static void
put_touching(const struct writer *to)
{
	const struct fleet_scope *scope = to->scope;

	for (size_t i = 0; i < scope->window_count; i++)
		strbuf_addf(to->out, "%s(toInt64(first_utc) < %lld AND"
		    " toInt64(last_utc) >= %lld)", i == 0 ? "(" : " OR ",
		    (long long)scope->windows[i].until_utc,
		    (long long)scope->windows[i].since_utc);
	strbuf_add_char(to->out, ')');
}

static void
put_seen(const struct writer *to, struct slice what)
{
	if (to->scope->with_all_reports)
		strbuf_add_char(to->out, '1');
	else
		put_within(to, what);
}

/* A text of which a part was looked for, in the words or, where they were not
 * kept, in the kind of reply. */
static void
put_traced_reply(const struct writer *to)
{
	struct writer of_replies = *to;

	of_replies.table = SLICE("reply");
	strbuf_add_str(to->out, "if(isNull(words), reply GLOBAL IN (SELECT"
	    " reply FROM reply WHERE position(lower(masked), lower(");
	fleet_sql_quote(to->out, to->scope->reply);
	strbuf_add_str(to->out, ")) > 0 AND ");
	put_ok_without_day(&of_replies);
	strbuf_add_str(to->out, "), position(lower(assumeNotNull(words)),"
	    " lower(");
	fleet_sql_quote(to->out, to->scope->reply);
	strbuf_add_str(to->out, ")) > 0)");
}

/* Bounces and attempts of the same recipient may be the same failure. */
static void
put_failed(const struct writer *to)
{
	fleet_sql(to->scope, "((votes AND toInt64(utc) < {until}{to}) OR"
	    " (isNotNull(recipient) AND lower(assumeNotNull(recipient))"
	    " GLOBAL IN (SELECT lower(assumeNotNull(recipient)) FROM"
	    " bounce_mail WHERE isNull(in_log) AND isNotNull(recipient) AND"
	    " {seen:utc} AND {ok})))", to->out);
}

static void
put_traced(const struct writer *to)
{
	const struct fleet_scope *scope = to->scope;

	if (scope->id.len != 0) {
		strbuf_add_str(to->out, "queue_id = ");
		fleet_sql_quote(to->out, scope->id);
	} else if (scope->recipient.len != 0) {
		strbuf_add_str(to->out, "isNotNull(recipient) AND"
		    " lower(assumeNotNull(recipient)) = lower(");
		fleet_sql_quote(to->out, scope->recipient);
		strbuf_add_char(to->out, ')');
	} else if (scope->reply.len != 0) {
		put_traced_reply(to);
	} else if (scope->with_all_attempts) {
		strbuf_add_char(to->out, '1');
	} else {
		put_failed(to);
	}
}

/* ------------------------------------------------------------------ */

static const struct {
	const char *name;
	void (*put)(const struct writer *to);
} words[] = {
	{ "here", put_here }, { "ok", put_ok }, { "ok0", put_ok_without_day },
	{ "okw", put_ok_of_windows }, { "in", put_in }, { "cell", put_cell },
	{ "part", put_slot_part }, { "step", put_step },
	{ "steps", put_steps }, { "hop", put_hop }, { "hops", put_hops },
	{ "gap", put_gap }, { "pair", put_pair }, { "by", put_by }, { "to", put_to },
	{ "source", put_source }, { "remote", put_remote },
	{ "refused", put_refused }, { "until", put_until },
	{ "reported", put_reported }, { "touching", put_touching },
	{ "failed", put_failed }, { "traced", put_traced } };

static void
put_word(const struct writer *to, struct slice word)
{
	if (slice_starts(word, SLICE("seen:"))) {
		put_seen(to, slice_skip(word, 5));
		return;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (slice_eq(word, slice_str(words[i].name))) {
			words[i].put(to);
			return;
		}
	mx_bug("no such word in a SELECT");
}

/* What stands behind the last FROM of TEXT. */
static void
note_table(struct writer *to, struct slice text)
{
	const char *from;

	while ((from = slice_find(text, SLICE("FROM "))) != NULL) {
		const char *end;

		text = slice_between(from + 5, text.ptr + text.len);
		end = slice_chr(text, ' ');
		to->table = end == NULL ? text : slice_between(text.ptr, end);
	}
}

void
fleet_sql(const struct fleet_scope *scope, const char *template,
    struct strbuf *out)
{
	struct writer to = { .scope = scope, .out = out };

	for (const char *at = template; *at != '\0';) {
		size_t len = strcspn(at, "{");
		const char *end;

		strbuf_add(out, at, len);
		note_table(&to, slice_of(at, len));
		at += len;
		if (*at == '\0')
			break;
		end = strchr(at, '}');
		if (end == NULL)
			mx_bug("a word without end in a SELECT");
		put_word(&to, slice_between(at + 1, end));
		at = end + 1;
	}
}
