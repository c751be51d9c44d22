/* SPDX-License-Identifier: BSD-2-Clause */
/* What many hosts pushed to a ClickHouse (analyzer/clickhouse.sql), as a
 * store: the cluster adds up, and what a report needs of it goes into a private
 * store, where the same questions have the same answers. */
#ifndef MX_ANALYZER_FLEET_H
#define MX_ANALYZER_FLEET_H

#include "analyzer/clickhouse.h"
#include "analyzer/fleet_sql.h"
#include "analyzer/store.h"

struct fleet;

/* One view: of each store that pushes, what it had pushed in whole by now.
 * SERVER must live as long. MX_E_NOINPUT: nobody pushed yet; MX_E_DATA: tables
 * or stores of a newer mxtrend, or an answer that is none; MX_E_LIMIT; or as
 * clickhouse_query. */
enum mx_code fleet_open(struct clickhouse *server, struct fleet **fleet_r,
    struct mx_err *err) MX_MUST_USE;
void fleet_close(struct fleet *fleet);
/* The shortest of the stores'. */
int64_t fleet_slot_s(const struct fleet *fleet);
/* First and last line of all logs; INT64_MIN: there are none. */
enum mx_code fleet_bounds(struct fleet *fleet, int64_t *first_utc_r,
    int64_t *last_utc_r, struct mx_err *err) MX_MUST_USE;

enum fleet_need {
	FLEET_REPORT, /* sums, and what episodes need */
	FLEET_WORDS,  /* the same, and refusals with their words */
	FLEET_TRACE   /* failed attempts that are traced, and open messages */
};

struct fleet_wish {
	enum fleet_need need;
	const struct zone *zone;
	struct fleet_window windows[FLEET_WINDOWS]; /* that will be asked */
	size_t window_count;           /* 1 at least */
	struct slice provider, source_ip; /* only these; absent: all */
	bool with_all_attempts;        /* with words, not only refusals */
	struct slice id, recipient, reply; /* of FLEET_TRACE: one of them */
};

/* Into STORE, which is private and empty. MX_E_LIMIT: more than LIMIT_FLEET_*;
 * MX_E_DATA: an answer that is none. Where it fails the store is of no use. */
enum mx_code fleet_fetch(struct fleet *fleet, const struct fleet_wish *wish,
    struct store *store, struct mx_err *err) MX_MUST_USE;

#endif
