/* SPDX-License-Identifier: BSD-2-Clause */
/* Between store_fleet.c and its table. */
#ifndef MX_ANALYZER_STORE_FLEET_PRIV_H
#define MX_ANALYZER_STORE_FLEET_PRIV_H

#include "analyzer/clickhouse.h"
#include "analyzer/fleet_rows.h"
#include "analyzer/fleet_sql.h"
#include "analyzer/store_priv.h"

/* Who needs a table. */
enum {
	FOR_ALL = 1 << 0,
	FOR_SUMS = 1 << 1,    /* whatever is counted */
	FOR_VOTES = 1 << 2,   /* refusals without their words */
	FOR_WORDS = 1 << 3    /* failed attempts with them */
};

/* store_fleet_ask.c */
struct fleet_question {
	const char *table, *select;
	const char *layout;   /* of its rows: fleet_rows.h */
};
typedef enum mx_code fleet_take_row(void *ctx, const struct fleet_value *row,
    struct mx_err *err);
/* EACH gets each row of the answer. What is wrong is said with the names of
 * server and table. */
enum mx_code store_fleet_ask(struct clickhouse *server,
    const struct fleet_scope *scope, struct fleet_question what,
    struct fleet_budget *budget, fleet_take_row *each, void *ctx,
    struct mx_err *err) MX_MUST_USE;

struct fleet_fetch {
	const char *table;
	unsigned needed;      /* FOR_* */
	enum fleet_when when; /* it is of use */
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
 * last line ("cuu"); providers that refused anything ("t"); rows of reports by
 * place in struct report_sums ("kc"). */
extern const char fleet_select_tables[], fleet_select_stores[],
    fleet_select_bounds[], fleet_select_refused[], fleet_select_reports[];

#endif
