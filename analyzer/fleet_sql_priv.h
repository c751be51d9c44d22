/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by fleet_sql*.c. */
#ifndef MX_ANALYZER_FLEET_SQL_PRIV_H
#define MX_ANALYZER_FLEET_SQL_PRIV_H

#include "analyzer/fleet_sql.h"

struct writer {
	const struct fleet_scope *scope;
	struct strbuf *out;
	struct slice table; /* of the last FROM */
};

/* UTC day of a moment, as far as a Date says it. */
int64_t fleet_sql_day(int64_t utc);
/* First begin and last end of the windows. */
int64_t fleet_sql_since(const struct fleet_scope *scope);
int64_t fleet_sql_until(const struct fleet_scope *scope);
/* Does the end of a window lie within a UTC day? */
bool fleet_sql_cuts_days(const struct fleet_scope *scope);
/* Are the zone's days in the windows UTC days? */
bool fleet_sql_has_utc_days(const struct fleet_scope *scope);

/* Words. */
void fleet_sql_within(const struct writer *to, struct slice what);
void fleet_sql_in(const struct writer *to);
void fleet_sql_last(const struct writer *to);
void fleet_sql_cell(const struct writer *to);
void fleet_sql_part(const struct writer *to);
void fleet_sql_steps(const struct writer *to);
void fleet_sql_step(const struct writer *to);
void fleet_sql_hops(const struct writer *to);
void fleet_sql_hop(const struct writer *to);
void fleet_sql_gap(const struct writer *to);
void fleet_sql_whole(const struct writer *to);
void fleet_sql_cut(const struct writer *to);

#endif
