/* SPDX-License-Identifier: BSD-2-Clause */
/* Columns of what others report of us. */
#include "reports/rep_columns.h"

#define OTHERS_TABLE(ident, row, array, array_count, title) \
	TABLE_AS(, report_##ident##_table, ident, row, array, array_count, \
	    title)
#define PERIOD_COLUMNS(row) \
	COL(row, begin_utc, "begin", "Begin", CELL_TIME), \
	COL(row, end_utc, "end", "End", CELL_TIME)
#define NOT_SIGNED_COLUMN(row) \
	COL(row, not_signed, "not_signed", "Reports not signed", CELL_COUNT)
#define SPAN_COLUMNS(row) \
	COL(row, first_utc, "first", "First", CELL_TIME), \
	COL(row, last_utc, "last", "Last", CELL_TIME)

/* clang-format off */
static const struct report_column dmarc_columns[] = {
	PROVIDER_COLUMNS(report_dmarc),
	COL(report_dmarc, source_ip, "source_ip", "Source IP", CELL_TEXT),
	COL(report_dmarc, ours, "ours", "Ours", CELL_TEXT),
	COL(report_dmarc, header_from, "header_from", "Header From",
	    CELL_TEXT),
	COL(report_dmarc, reports, "reports", "Reports", CELL_INT),
	COL(report_dmarc, messages, "messages", "Messages", CELL_INT),
	COL(report_dmarc, pass, "pass", "DMARC pass", CELL_INT),
	COL(report_dmarc, pass_share, "pass_share", "DMARC pass share",
	    CELL_SHARE),
	COL(report_dmarc, dkim, "dkim_pass", "DKIM pass", CELL_INT),
	COL(report_dmarc, dkim_share, "dkim_share", "DKIM pass share",
	    CELL_SHARE),
	COL(report_dmarc, spf, "spf_pass", "SPF pass", CELL_INT),
	COL(report_dmarc, spf_share, "spf_share", "SPF pass share",
	    CELL_SHARE),
	COL(report_dmarc, quarantine, "quarantine", "Quarantine", CELL_INT),
	COL(report_dmarc, reject, "reject", "Reject", CELL_INT),
	PERIOD_COLUMNS(report_dmarc),
	NOT_SIGNED_COLUMN(report_dmarc),
};

static const struct report_column tls_columns[] = {
	PROVIDER_COLUMNS(report_tls),
	COL(report_tls, policy_domain, "policy_domain", "Policy domain",
	    CELL_TEXT),
	COL(report_tls, policy_type, "policy_type", "Policy type", CELL_TEXT),
	COL(report_tls, result_type, "result_type", "Result type", CELL_TEXT),
	COL(report_tls, reports, "reports", "Reports", CELL_INT),
	COL(report_tls, successes, "total_successful_session_count",
	    "Successful sessions", CELL_COUNT),
	COL(report_tls, failures, "total_failure_session_count",
	    "Failed sessions", CELL_COUNT),
	COL(report_tls, failed, "failed_session_count",
	    "Failed with this result", CELL_COUNT),
	PERIOD_COLUMNS(report_tls),
	NOT_SIGNED_COLUMN(report_tls),
};

static const struct report_column complaints_columns[] = {
	PROVIDER_COLUMNS(report_complaint),
	COL(report_complaint, source_ip, "source_ip", "Source IP", CELL_TEXT),
	COL(report_complaint, ours, "ours", "Ours", CELL_TEXT),
	COL(report_complaint, feedback_type, "feedback_type", "Feedback type",
	    CELL_TEXT),
	COL(report_complaint, reports, "reports", "Reports", CELL_INT),
	COL(report_complaint, complaints, "complaints", "Complaints",
	    CELL_INT),
	COL(report_complaint, accepted, "accepted", "Accepted", CELL_COUNT),
	COL(report_complaint, per_thousand, "per_thousand",
	    "Per thousand accepted", CELL_RATE),
	SPAN_COLUMNS(report_complaint),
};

static const struct report_column snds_columns[] = {
	COL(report_snds, day, "day", "Day", CELL_DAY),
	COL(report_snds, source_ip, "source_ip", "Source IP", CELL_TEXT),
	COL(report_snds, range, "range", "Range", CELL_TEXT),
	COL(report_snds, ours, "ours", "Ours", CELL_TEXT),
	PERIOD_COLUMNS(report_snds),
	COL(report_snds, rcpt_commands, "rcpt_commands", "RCPT commands",
	    CELL_COUNT),
	COL(report_snds, data_commands, "data_commands", "DATA commands",
	    CELL_COUNT),
	COL(report_snds, recipients, "recipients", "Recipients", CELL_COUNT),
	COL(report_snds, filter_result, "filter_result", "Filter result",
	    CELL_TEXT),
	COL(report_snds, complaint_rate, "complaint_rate", "Complaint rate",
	    CELL_TEXT),
	COL(report_snds, trap_hits, "trap_hits", "Trap hits", CELL_COUNT),
	COL(report_snds, blocked, "blocked", "Blocked", CELL_TEXT),
	COL(report_snds, status, "status", "Status", CELL_TEXT),
	COL(report_snds, state, "state", "Our mail", CELL_TEXT),
};

static const struct report_column witness_columns[] = {
	COL(report_witness, day, "day", "Day", CELL_DAY),
	PROVIDER_COLUMNS(report_witness),
	COL(report_witness, source_ip, "source_ip", "Source IP", CELL_TEXT),
	COL(report_witness, messages, "messages", "Messages", CELL_INT),
	COL(report_witness, accepted, "accepted", "Attempts accepted",
	    CELL_INT),
	COL(report_witness, refused, "blocked", "Attempts blocked", CELL_INT),
	COL(report_witness, reports, "reports", "Reports", CELL_INT),
	COL(report_witness, reported, "reported", "Messages reported",
	    CELL_COUNT),
	COL(report_witness, state, "state", "Witness", CELL_TEXT),
};

static const struct report_column bounces_columns[] = {
	PROVIDER_COLUMNS(report_bounce),
	COL(report_bounce, reason, "reason", "Reason", CELL_TEXT),
	COL(report_bounce, token, "token", "Token", CELL_TEXT),
	COL(report_bounce, failed, "failed", "Failed", CELL_INT),
	COL(report_bounce, delayed, "delayed", "Delayed", CELL_INT),
	COL(report_bounce, in_log, "in_log", "In a log too", CELL_INT),
	COL(report_bounce, not_in_log, "not_in_log", "In no log", CELL_INT),
	SPAN_COLUMNS(report_bounce),
};
/* clang-format on */

OTHERS_TABLE(dmarc, report_dmarc, dmarc, dmarc_count, "DMARC");
OTHERS_TABLE(tls, report_tls, tls, tls_count, "TLS sessions");
OTHERS_TABLE(complaints, report_complaint, complaints, complaint_count,
    "Complaints");
OTHERS_TABLE(snds, report_snds, snds, snds_count, "SNDS");
OTHERS_TABLE(witness, report_witness, witness, witness_count, "Witness");
OTHERS_TABLE(bounces, report_bounce, bounces, bounce_count, "Bounce mails");
