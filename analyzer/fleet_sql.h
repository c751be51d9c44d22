/* SPDX-License-Identifier: BSD-2-Clause */
/* SELECTs for the tables of a fleet (analyzer/clickhouse.sql): what a report
 * needs of a time and a filter, in words that stand in templates. Only text;
 * knows no server and no store. */
#ifndef MX_ANALYZER_FLEET_SQL_H
#define MX_ANALYZER_FLEET_SQL_H

#include "base/strbuf.h"
#include "base/zone.h"

/* A store that pushes, and the last version of it that is whole. */
struct fleet_origin {
	uint64_t origin, version;
};

/* Half open. */
struct fleet_window {
	int64_t since_utc, until_utc;
};

enum { FLEET_WINDOWS = 3 };

struct fleet_scope {
	const struct fleet_origin *origins;
	size_t origin_count;
	const struct zone *zone;      /* days are its days */
	struct fleet_window windows[FLEET_WINDOWS];
	size_t window_count;
	struct slice provider, source; /* only these; absent: all */
	/* Database of replicated tables, empty where they are not, and until
	 * when what was pushed must be there (fleet_lag.h). */
	struct slice replicated_in;
	int64_t by_utc;
	bool wants_nothing;           /* the filter names what is not there */
	bool with_all_reports;        /* of others, whenever they are of */
	bool with_all_attempts;
	bool has_bounces;             /* reports of bounces that the log lacks */
	const struct slice *refused;  /* providers that ever refused anything */
	size_t refused_count;
	/* What is traced; absent: nothing. */
	struct slice id, recipient, reply;
};

/* TEMPLATE with its words in braces written out; a word that is unknown is a
 * defect.
 *   {here}      what was pushed has arrived where the table of the FROM before
 *               it is read (fleet_lag.h)
 *   {ok}        this row counts (clickhouse.sql says which do), and {here}
 *   {ok0}       the same, for rows that have no day
 *   {okw}       the same, for rows of the days of the windows
 *   {in}        its slot lies in a window
 *   {cell}      day in the zone, UTC day and place among the ends of windows
 *               of its slot, as one number: no question asked of the windows
 *               tells slots with the same number apart
 *   {part}      only the place among the ends
 *   {step}      its slot and the one gap_s before it differ in the day in the
 *               zone or in their place, or gap_s is 0; {steps}: both numbers
 *   {hop}       the same of their place alone; {hops}
 *   {gap}       of such a group of rows: gap_s of its first slot
 *   {pair}      " AND ..." of the filter; {by}: of its source alone; {to}: of
 *               its provider alone
 *   {source}    the filter's source, '' without one
 *   {remote}    the provider is none of our own
 *   {whole}     no window ends within its UTC day; {cut}: one does
 *   {rest}      sums of its UTC day are not what the filter wants, or {cut}
 *   {refused}   the provider ever refused anything
 *   {until}     the last end of a window
 *   {reported}  the time of a report is near a window, or all are wanted
 *   {seen:X}    the time X lies in a window, or all are wanted
 *   {touching}  an input's lines touch a window
 *   {bounced}   the attempt may be what a bounce tells
 *   {failed}    the attempt is one of an episode, or {bounced}
 *   {traced}    the attempt is traced; where nothing is, as {failed} */
void fleet_sql(const struct fleet_scope *scope, const char *template,
    struct strbuf *out);

/* Whether there is anything to ask for. */
enum fleet_when {
	WHEN_ASKED,          /* always */
	WHEN_DAYS_ARE_UTC,   /* the zone's */
	WHEN_DAYS_ARE_CUT,   /* they are, and some are {cut} */
	WHEN_DAYS_DIFFER,    /* from those of UTC */
	WHEN_CUT,            /* {cut} */
	WHEN_UNFILTERED,     /* the filter leaves all */
	WHEN_REST,           /* {rest} */
	WHEN_REFUSED,        /* {refused} */
	WHEN_BOUNCED         /* {bounced} */
};
bool fleet_sql_is(const struct fleet_scope *scope, enum fleet_when when);

/* TEXT as a literal. */
void fleet_sql_quote(struct strbuf *out, struct slice text);

#endif
