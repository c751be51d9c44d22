/* SPDX-License-Identifier: BSD-2-Clause */
/* How rep_tables*.c write down the columns of a row and the rows of a table.
 * Included by these files alone. */
#ifndef MX_REPORTS_REP_COLUMNS_H
#define MX_REPORTS_REP_COLUMNS_H

#include "reports/rep_tables.h"

#include <stddef.h>
#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define COL(row, member, key, title, type) \
	{ key, title, type, offsetof(struct row, member) }

/* NOLINTBEGIN(bugprone-macro-parentheses): key and title are literals that
 * are joined with what follows them. */

/* The counts of struct report_counts inside any row: PATH is the C member,
 * KEY the JSON object they stand in ("" or "local."). */
#define COUNT_COLUMNS(row, path, key, title) \
	COL(row, path.deliveries, key "deliveries", title "Deliveries", \
	    CELL_INT), \
	COL(row, path.messages, key "messages", title "Messages", CELL_INT), \
	COL(row, path.accepted, key "accepted", title "Accepted", CELL_INT), \
	COL(row, path.deferred, key "deferred", title "Deferred", CELL_INT), \
	COL(row, path.bounced, key "bounced", title "Bounced", CELL_INT), \
	COL(row, path.expired, key "expired", title "Expired", CELL_INT), \
	COL(row, path.blocked, key "blocked", title "Blocked", CELL_INT), \
	COL(row, path.open, key "open", title "Open", CELL_INT), \
	ATTEMPT_COLUMNS(row, path.attempts, key, title)
#define ATTEMPT_COLUMNS(row, path, key, title) \
	COL(row, path.accepted, key "attempts.accepted", \
	    title "Attempts accepted", CELL_INT), \
	COL(row, path.deferred, key "attempts.deferred", \
	    title "Attempts deferred", CELL_INT), \
	COL(row, path.bounced, key "attempts.bounced", \
	    title "Attempts bounced", CELL_INT)
#define DELAY_COLUMNS(row, path) \
	COL(row, path.p50_s, "p50_s", "p50 (s)", CELL_SECONDS), \
	COL(row, path.p95_s, "p95_s", "p95 (s)", CELL_SECONDS)
#define STATE_COLUMNS(row) \
	COL(row, state, "state", "State", CELL_STATE), \
	COL(row, change, "change", "Change", CELL_CHANGE)
#define SOURCE_COLUMNS(row) \
	COL(row, source, "source", "Source", CELL_TEXT), \
	COL(row, source_ip, "source_ip", "Source IP", CELL_TEXT), \
	COL(row, host, "host", "Host", CELL_TEXT), \
	COL(row, instance, "instance", "Instance", CELL_TEXT)
#define PROVIDER_COLUMNS(row) \
	COL(row, provider, "provider", "Provider key", CELL_TEXT), \
	COL(row, name, "name", "Provider", CELL_TEXT)

/* NOLINTEND(bugprone-macro-parentheses) */

/* One table: its rows live in an array of struct report. LINKAGE: static, or
 * nothing for a table of another file; its name then begins with report_. */
#define TABLE_AS(linkage, table, ident, row, array, array_count, title) \
	static struct table_rows \
	ident##_rows(const struct report *report) \
	{ \
		return (struct table_rows){ report->array, \
			report->array_count }; \
	} \
	linkage const struct report_table table = { #ident, title, \
		ident##_columns, COUNT(ident##_columns), sizeof(struct row), \
		ident##_rows }
#define TABLE(ident, row, array, array_count, title) \
	TABLE_AS(static, ident##_table, ident, row, array, array_count, title)

/* Tables of rep_tables_others.c. */
extern const struct report_table report_dmarc_table, report_tls_table,
    report_complaints_table, report_snds_table, report_witness_table,
    report_bounces_table;

#endif
