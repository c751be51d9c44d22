/* SPDX-License-Identifier: BSD-2-Clause */
/* The seam between the table of report formats and the readers of one format
 * each: what surrounds a report, and how to tell of it. */
#ifndef MX_PARSERS_REPORT_CONTEXT_H
#define MX_PARSERS_REPORT_CONTEXT_H

#include "base/arena.h"
#include "parsers/mail_auth.h"
#include "parsers/report_facts.h"

struct zone;

struct report_context {
	const char *path;
	struct slice file_name;   /* of the attachment or member, else path's
	                           * last component */
	struct slice subject, from; /* of the mail it came in, or none */
	/* Of the outermost mail, whatever was forwarded in it. */
	struct slice mail_from;
	struct mail_auth auth;
	struct slice authserv_ids; /* whose findings are trusted */
	struct slice tls_domain;  /* TLS-Report-Domain of that mail, or none */
	int64_t mail_utc;         /* Date of that mail, or INT64_MIN */
	int64_t now_utc, mtime_utc;
	const struct zone *zone;  /* of times that carry none */
	const struct report_sink *sink;
};

/* One report in TEXT, which is bounded. MX_E_DATA and MX_E_LIMIT when it
 * cannot be read: no fact was given then. Other codes are the sink's. */
enum mx_code dmarc_report_read(const struct report_context *context,
    struct slice text, struct mx_err *err);
/* The same in two steps, the first of which needs nobody and may be done on
 * another thread; the second takes the report over. */
struct dmarc_report;
struct dmarc_report *dmarc_report_parse(struct slice text);
enum mx_code dmarc_report_tell(struct dmarc_report *state,
    const struct report_context *context, struct mx_err *err);
void dmarc_report_free(struct dmarc_report *state);
enum mx_code tlsrpt_report_read(const struct report_context *context,
    struct slice text, struct mx_err *err);
enum mx_code snds_report_read(const struct report_context *context,
    struct slice text, struct mx_err *err);

/* Is the first line of TEXT one of the two exports, or their header? */
bool snds_report_probe(struct slice text);

/* Parts of a mail that may be a complaint or a bounce. */
struct mail;
enum mx_code arf_report_read(const struct report_context *context,
    const struct mail *mail, bool *is_mine_r, struct mx_err *err);
enum mx_code dsn_report_read(const struct report_context *context,
    const struct mail *mail, bool *is_mine_r, struct mx_err *err);

enum mx_code report_note(const struct report_context *context,
    struct mx_err *err, const char *fmt, ...) MX_PRINTF(3, 4);
/* Path and receiver; everything else absent. */
void report_head_init(const struct report_context *context,
    struct report_head *head_r);
/* reporter_domain from the email, else the receiver; reporter, where it is
 * empty, from that. */
void report_head_finish(struct report_head *head, struct arena *arena);
/* Refuse a period outside 1970 to 2100, note an odd one. */
enum mx_code report_check_period(const struct report_context *context,
    const struct report_head *head, struct mx_err *err);

#endif
