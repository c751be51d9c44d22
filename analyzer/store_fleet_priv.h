/* SPDX-License-Identifier: BSD-2-Clause */
/* Between store_fleet.c and its table. */
#ifndef MX_ANALYZER_STORE_FLEET_PRIV_H
#define MX_ANALYZER_STORE_FLEET_PRIV_H

#include "analyzer/store_priv.h"

/* Who needs a table. */
enum {
	FOR_ALL = 1 << 0,
	FOR_SUMS = 1 << 1,    /* whatever is counted */
	FOR_VOTES = 1 << 2,   /* refusals without their words */
	FOR_WORDS = 1 << 3    /* failed attempts with them */
};

struct fleet_fetch {
	const char *table;
	unsigned needed;      /* FOR_* */
	const char *select;   /* a template of fleet_sql.h, without FORMAT */
	const char *layout;   /* of fleet_rows.h */
	const char *insert;   /* column N of the answer is parameter N */
};

/* To be fetched in this order; the last has no table. */
extern const struct fleet_fetch fleet_fetches[];
/* Before them, since it says what a filter means. */
extern const struct fleet_fetch fleet_fetch_source;
/* What is asked beside them: the version of the tables, and the database of
 * replicated ones ("kt"); stores that push, and the time ("oncuku"); first and
 * last line ("cuu"); rows of reports by place in struct report_sums ("kc"). */
extern const char fleet_select_tables[], fleet_select_stores[],
    fleet_select_bounds[], fleet_select_reports[];

#endif
