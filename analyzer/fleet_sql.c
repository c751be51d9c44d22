/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/fleet_sql_priv.h"

#include "analyzer/fleet_lag.h"
#include "analyzer/query_others.h"

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

/* Where the view that fills TABLE is missing on a node, what was pushed there
 * is missing from TABLE. */
static void
put_filled(const struct writer *to, struct slice table)
{
	static const char *const filled[] = { "pair_hour", "pair_day",
		"domain_day" };

	for (size_t i = 0; i < sizeof(filled) / sizeof(filled[0]); i++) {
		if (to->scope->replicated_in.len == 0 ||
		    !slice_eq(table, slice_str(filled[i])))
			continue;
		strbuf_add_str(to->out, " AND 1 NOT IN (SELECT"
		    " throwIf(count() != 1) FROM system.tables WHERE"
		    " database = ");
		fleet_sql_quote(to->out, to->scope->replicated_in);
		strbuf_addf(to->out, " AND name = '%s_of')", filled[i]);
	}
}

static void
put_here(const struct writer *to)
{
	put_here_of(to, to->table);
	put_filled(to, to->table);
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
	    (long long)fleet_sql_day(fleet_sql_since(to->scope)),
	    (long long)fleet_sql_day(fleet_sql_until(to->scope)));
	put_committed(to, days);
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

/* A list, and no question to a table: then a key that begins with the provider
 * finds the rows. */
static void
put_refused(const struct writer *to)
{
	const struct fleet_scope *scope = to->scope;

	if (scope->refused_count == 0) {
		strbuf_add_char(to->out, '0');
		return;
	}
	strbuf_add_str(to->out, "provider IN (SELECT arrayJoin([");
	for (size_t i = 0; i < scope->refused_count; i++) {
		if (i != 0)
			strbuf_add_char(to->out, ',');
		fleet_sql_quote(to->out, scope->refused[i]);
	}
	strbuf_add_str(to->out, "]))");
}

static bool
is_filtered(const struct fleet_scope *scope)
{
	return scope->provider.len != 0 || scope->source.len != 0 ||
	    scope->wants_nothing;
}

static void
put_rest(const struct writer *to)
{
	if (is_filtered(to->scope))
		strbuf_add_char(to->out, '1');
	else
		fleet_sql_cut(to);
}

bool
fleet_sql_is(const struct fleet_scope *scope, enum fleet_when when)
{
	switch (when) {
	case WHEN_ASKED:
		return true;
	case WHEN_DAYS_ARE_UTC:
		return fleet_sql_has_utc_days(scope);
	case WHEN_DAYS_ARE_CUT:
		return fleet_sql_has_utc_days(scope) &&
		    fleet_sql_cuts_days(scope);
	case WHEN_DAYS_DIFFER:
		return !fleet_sql_has_utc_days(scope);
	case WHEN_CUT:
		return fleet_sql_cuts_days(scope);
	case WHEN_UNFILTERED:
		return !is_filtered(scope);
	case WHEN_REST:
		return is_filtered(scope) || fleet_sql_cuts_days(scope);
	case WHEN_REFUSED:
		return scope->refused_count != 0;
	case WHEN_BOUNCED:
		return scope->has_bounces;
	}
	mx_bug("a condition without a case");
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
		fleet_sql_within(to, what);
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
put_bounced(const struct writer *to)
{
	fleet_sql(to->scope, "(isNotNull(recipient) AND"
	    " lower(assumeNotNull(recipient)) GLOBAL IN (SELECT"
	    " lower(assumeNotNull(recipient)) FROM bounce_mail WHERE"
	    " isNull(in_log) AND isNotNull(recipient) AND {seen:utc} AND"
	    " {ok}))", to->out);
}

static void
put_failed(const struct writer *to)
{
	fleet_sql(to->scope, "((votes AND toInt64(utc) < {until}{to})",
	    to->out);
	if (to->scope->has_bounces) {
		strbuf_add_str(to->out, " OR ");
		put_bounced(to);
	}
	strbuf_add_char(to->out, ')');
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
	{ "okw", put_ok_of_windows }, { "in", fleet_sql_in },
	{ "cell", fleet_sql_cell }, { "part", fleet_sql_part },
	{ "step", fleet_sql_step }, { "steps", fleet_sql_steps },
	{ "hop", fleet_sql_hop }, { "hops", fleet_sql_hops },
	{ "gap", fleet_sql_gap }, { "whole", fleet_sql_whole },
	{ "cut", fleet_sql_cut }, { "rest", put_rest },
	{ "pair", put_pair }, { "by", put_by }, { "to", put_to },
	{ "source", put_source }, { "remote", put_remote },
	{ "refused", put_refused }, { "until", fleet_sql_last },
	{ "reported", put_reported }, { "touching", put_touching },
	{ "bounced", put_bounced }, { "failed", put_failed },
	{ "traced", put_traced } };

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
