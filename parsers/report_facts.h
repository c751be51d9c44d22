/* SPDX-License-Identifier: BSD-2-Clause */
/* The facts of the providers' own reports, and the sink that takes them.
 * Text is valid until the sink returns; absent text is SLICE_NONE, absent
 * numbers -1, absent times INT64_MIN. Words of the standards' fixed lists are
 * lower case, unknown words as written. Texts are not checked for UTF-8. */
#ifndef MX_PARSERS_REPORT_FACTS_H
#define MX_PARSERS_REPORT_FACTS_H

#include "parsers/facts.h"

/* Who reports, when, about which period. */
struct report_head {
	const char *path;
	struct slice reporter;       /* org_name, organization-name, or the
	                              * sending domain */
	struct slice reporter_domain; /* of its address, or of the file name's
	                              * receiver; lower case */
	struct slice receiver;       /* first part of the file name */
	struct slice email;
	struct slice report_id;
	int64_t begin_utc, end_utc;
	/* The mail it came in: its From address, and what the mailbox's own
	 * server found of its signature (mail_auth.h). Absent where it came in
	 * none, or nothing is trusted. */
	struct slice mail_from;
	struct slice mail_dkim, mail_dkim_domain, mail_dmarc;
};

struct override_reason {
	struct slice type, comment;
};

/* dkim: domain, selector, result; spf: domain, scope, result. */
struct auth_result {
	struct slice domain, detail, result;
};

/* RFC 7489 appendix C and RFC 9990: one record. A report without records is
 * one row without source_ip, count 0. */
struct dmarc_row {
	const struct report_head *head;
	struct slice policy_domain, p, sp, np, adkim, aspf;
	int64_t pct;
	struct slice source_ip;      /* RFC 5952, mapped IPv4 as IPv4 */
	int64_t count;
	struct slice disposition, dkim, spf;
	const struct override_reason *reasons;
	const struct auth_result *dkim_results, *spf_results;
	size_t reason_count, dkim_count, spf_count;
	struct slice header_from, envelope_from, envelope_to;
};

/* RFC 8460 4.4. */
struct tls_policy {
	const struct report_head *head;
	struct slice policy_type, policy_domain, mx_host;
	int64_t successes, failures;
};

struct tls_failure {
	const struct report_head *head;
	struct slice policy_domain, result_type, sending_mta_ip;
	struct slice receiving_mx_hostname, receiving_mx_helo, receiving_ip;
	struct slice failure_reason_code;
	int64_t sessions;
};

/* RFC 5965, and Microsoft's reports before June 2026 that are none. */
struct complaint {
	const struct report_head *head;
	int64_t at_utc;
	struct slice feedback_type, source_ip;
	struct slice original_mail_from, original_rcpt_to, reported_domain;
	struct slice user_agent;
	/* RFC 6591 3.1: "dmarc", "dkim", ...; what became of the message */
	struct slice auth_failure, delivery_result;
	struct slice original_id;    /* Message-ID of the message */
	int64_t arrival_utc;         /* of the message complained about */
	int64_t incidents;
};

/* One row of SNDS "data" (source_ip) or "ipStatus" (range). */
struct snds_row {
	const struct report_head *head; /* begin and end are the row's */
	struct slice source_ip, range;
	int64_t rcpt_commands, data_commands, recipients, trap_hits;
	struct slice filter_result, complaint_rate, status;
	bool is_blocked;             /* ipStatus says so */
	int64_t fetched_utc;         /* of the mail or file it came in */
	int32_t zone_offset_s;       /* of begin, where it had no zone */
};

/* RFC 3464: one recipient of a notification, or what its text tells. */
struct bounce_mail {
	const struct report_head *head;
	int64_t at_utc;
	struct slice action;         /* "failed", "delayed", ... */
	struct slice status;         /* as the field says */
	struct slice dsn;            /* most telling of status and diagnostic */
	uint16_t reply_code;
	struct slice recipient;
	struct slice queue_id;       /* of the MTA that gave up */
	struct slice original_id;    /* Message-ID, else envelope id */
	struct slice reply;          /* the remote's words, unfolded */
	struct slice remote_mta;     /* lower case */
	struct slice source_ip;      /* filled by the analyzer */
	bool is_own_text;            /* no reply of a remote */
	/* Filled by the analyzer. */
	const struct classification *class;
	struct slice provider;
};

/* Any function may return other than MX_OK to end the run; members may not
 * be NULL. */
struct report_sink {
	void *ctx;
	enum mx_code (*dmarc)(void *ctx, const struct dmarc_row *row,
	    struct mx_err *err);
	enum mx_code (*tls_policy)(void *ctx, const struct tls_policy *policy,
	    struct mx_err *err);
	enum mx_code (*tls_failure)(void *ctx,
	    const struct tls_failure *failure, struct mx_err *err);
	enum mx_code (*complaint)(void *ctx, const struct complaint *complaint,
	    struct mx_err *err);
	enum mx_code (*snds)(void *ctx, const struct snds_row *row,
	    struct mx_err *err);
	enum mx_code (*bounce)(void *ctx, const struct bounce_mail *bounce,
	    struct mx_err *err);
	/* Behind the rows of one DMARC report, or what one TLS report says,
	 * which come without others in between. */
	enum mx_code (*report_end)(void *ctx, const struct report_head *head,
	    struct mx_err *err);
	/* A deviation that was survived, in words of ours. */
	enum mx_code (*note)(void *ctx, const char *path, const char *text,
	    struct mx_err *err);
	/* A report, or a part of a mail, that could not be read. WHY says why;
	 * what else the input holds is read. */
	enum mx_code (*refused)(void *ctx, const char *path,
	    enum skip_reason reason, const struct mx_err *why,
	    struct mx_err *err);
};

#endif
