/* SPDX-License-Identifier: BSD-2-Clause */
/* From a store to a fleet. All rows of what waits go to ClickHouse under a
 * version that was never used, then the segments are named there, then the
 * push itself; readers count what is named, so that a push that was cut,
 * repeated or run twice changes nothing. */
#ifndef MX_ANALYZER_PUSH_H
#define MX_ANALYZER_PUSH_H

#include "analyzer/clickhouse.h"
#include "base/strbuf.h"

enum { PUSH_SCHEMA = 2 };

struct push_options {
	const char *state_dir;
	int64_t wait_s;         /* for another writer of the store */
	bool is_again;          /* everything, whatever the fleet has */
	int64_t utc;            /* now */
	const char *tool;       /* "mxtrend 1.0" */
};

struct push_result {
	uint64_t segments, rows;
	bool has_lost;          /* the fleet had less than it was sent */
};

/* MX_E_BUSY, MX_E_NOINPUT and the like: the store; MX_E_CONFIG: the tables are
 * not there; MX_E_DATA: they are of another version, or the fleet has a newer
 * state of this store; MX_E_UNAVAILABLE and MX_E_PERM: clickhouse.h. Whatever
 * failed still waits. */
enum mx_code push_run(struct clickhouse *fleet,
    const struct push_options *options, struct push_result *result_r,
    struct mx_err *err) MX_MUST_USE;

/* The tables as SQL. FORM: node, cluster, tidy or tidy-cluster; false for
 * another. DATABASE: as in a struct clickhouse_url; UTC: now. */
bool push_schema(const char *form, const char *database, int64_t utc,
    struct strbuf *out);
extern const char push_schema_forms[];

#endif
