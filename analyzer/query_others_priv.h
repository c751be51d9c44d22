/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by query_others.c (the whole), query_dmarc.c, query_tls.c and
 * query_feedback.c. */
#ifndef MX_ANALYZER_QUERY_OTHERS_PRIV_H
#define MX_ANALYZER_QUERY_OTHERS_PRIV_H

#include "analyzer/query_others.h"
#include "analyzer/reporters.h"
#include "analyzer/store_priv.h"
#include "analyzer/tally.h"

struct others {
	struct others_scope is;
	struct store *store;
	struct arena arena;
	struct intern words;
	struct tally own;      /* addresses: key 0 */
	struct tally dmarc, days, presence, reporters;
	struct others_dmarc *dmarc_rows;
	size_t dmarc_count;
	struct others_reporter *reporter_rows;
	size_t reporter_count;
	struct others_tls *tls_rows;
	size_t tls_count;
	struct others_complaint *complaint_rows;
	size_t complaint_count;
	struct others_snds *snds_rows;
	size_t snds_count, snds_room;
	struct others_bounce *bounce_rows;
	size_t bounce_count;
	int64_t stored;        /* reports of any time */
	int64_t not_signed;    /* DMARC and TLS reports in the window */
	struct strbuf scratch;
};

/* A word's number; INTERN_NONE for what is absent. */
uint32_t others_word(struct others *others, struct slice text);
struct slice others_text(const struct others *others, uint32_t word);
enum others_ours others_whose(const struct others *others, struct slice ip);
/* Does the scope want rows of this provider, and of this address? */
bool others_wants(const struct others *others, struct slice provider,
    struct slice source_ip);
/* Absent where the column is NULL. */
struct slice others_column(sqlite3_stmt *row, int at);
int64_t others_number(sqlite3_stmt *row, int at); /* -1 for NULL */
/* Each row of SQL with the scope's window bound to ?1 and ?2. */
enum mx_code others_each(struct others *others, enum store_sql sql,
    enum mx_code (*row)(struct others *others, sqlite3_stmt *from,
    struct mx_err *err), struct mx_err *err) MX_MUST_USE;

/* Reports of others that are the same one: told in order of their reporter
 * and begin. */
struct report_twins {
	struct others_twin *list;
	size_t count, room;
};
struct others_twin {
	int64_t id, begin_utc, end_utc, content;
	uint32_t provider, who; /* who: reporter, its domain, policy domain */
	uint32_t identity;
	int is_signed; /* enum reporter_signature */
	bool is_copy, overlaps;
};
void others_mark_copies(struct report_twins *twins);

/* The first sums of what is counted over reports. */
enum { OTHERS_REPORTS, OTHERS_JUDGED, OTHERS_NOT_SIGNED, OTHERS_SUMS };
/* Count the report once for ROW, whose rows come one behind the other. */
void others_count_report(struct tally_row *row, const struct others_twin *of);
int64_t others_row_not_signed(const struct tally_row *row);

/* Rows of SQL (id, provider, who, identity, content, begin, end, is_signed)
 * that touch the scope's window; the caller frees twins->list. */
enum mx_code others_load_twins(struct others *others, enum store_sql sql,
    struct report_twins *twins, struct mx_err *err) MX_MUST_USE;
/* Does the middle of its period lie in the window? */
bool others_is_inside(const struct others_twin *it,
    const struct others_scope *window);

/* The scope is wider than the WINDOW that is asked for. */
enum mx_code others_load_dmarc(struct others *others,
    const struct others_scope *window, struct mx_err *err) MX_MUST_USE;
enum mx_code others_load_tls(struct others *others,
    const struct others_scope *window, struct mx_err *err) MX_MUST_USE;
enum mx_code others_load_feedback(struct others *others, struct mx_err *err)
    MX_MUST_USE;

#endif
