/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by store_reports.c (DMARC), store_report_tls.c and
 * store_report_events.c (what comes one by one). */
#ifndef MX_ANALYZER_STORE_REPORTS_PRIV_H
#define MX_ANALYZER_STORE_REPORTS_PRIV_H

#include "analyzer/reporters.h"
#include "analyzer/store_priv.h"
#include "analyzer/store_reports.h"

/* The report whose rows are being written. It gets its identity and content
 * when it is whole, and goes again where the store has it already. */
struct open_report {
	int64_t id;       /* 0: none */
	bool is_tls;
	struct strbuf identity;
	uint64_t content; /* sum over the rows, so that order is nothing */
	int64_t rows;
	int64_t policies; /* of them */
	uint64_t policy_hash; /* of the last one */
	enum reporter_signature signature;
};

struct report_keeper {
	struct report_keeper_options is;
	struct store *store;
	struct report_sink sink;
	struct report_tally counts;
	struct open_report open;
	struct strbuf scratch, json[3], key;
};

/* NULL where there is nothing. */
void report_bind_text(sqlite3_stmt *statement, int at, struct slice text);
void report_bind_blob(sqlite3_stmt *statement, int at, struct slice text);
/* NULL for -1. */
void report_bind_count(sqlite3_stmt *statement, int at, int64_t count);
/* Provider and signature of the report that begins, into the columns. */
void report_bind_reporter(struct report_keeper *keeper, sqlite3_stmt *add,
    const struct report_head *head, int provider_at, int signed_at);
struct slice report_provider(struct report_keeper *keeper,
    const struct report_head *head);

/* Hash of a list of texts that tells ("a", "bc") and ("ab", "c") apart. */
uint64_t report_hash_text(uint64_t hash, struct slice text);
uint64_t report_hash_number(uint64_t hash, int64_t number);
/* One more row of the report, by its hash. */
void report_add_content(struct open_report *open, uint64_t hash);

/* The report that begins with the row just written is a new one. */
void report_start_identity(struct open_report *open,
    const struct report_head *head, struct slice policy_domain);

enum mx_code report_keep_tls_policy(void *ctx, const struct tls_policy *fact,
    struct mx_err *err);
enum mx_code report_keep_tls_failure(void *ctx,
    const struct tls_failure *fact, struct mx_err *err);
enum mx_code report_keep_complaint(void *ctx, const struct complaint *fact,
    struct mx_err *err);
enum mx_code report_keep_snds(void *ctx, const struct snds_row *row,
    struct mx_err *err);
enum mx_code report_keep_bounce(void *ctx, const struct bounce_mail *told,
    struct mx_err *err);

#endif
