/* SPDX-License-Identifier: BSD-2-Clause */
/* One thing in memory that may be a report, whatever it is wrapped in. */
#ifndef MX_PARSERS_REPORT_PAYLOAD_H
#define MX_PARSERS_REPORT_PAYLOAD_H

#include "parsers/report_context.h"

enum report_content {
	REPORT_CONTENT_NONE, REPORT_CONTENT_XML, REPORT_CONTENT_JSON,
	REPORT_CONTENT_SNDS, REPORT_CONTENT_MAIL, REPORT_CONTENT_GZIP,
	REPORT_CONTENT_ZIP, REPORT_CONTENT_BASE64,
	REPORT_CONTENT_MSG /* Outlook's own, which is not read */
};

/* By the first bytes of TEXT, behind a BOM and white space. */
enum report_content report_content_of(struct slice text);

/* Tell all that TEXT holds. What cannot be read goes to sink->refused; only
 * what the sink returns comes back. */
enum mx_code report_payload(const struct report_context *context,
    struct slice text, struct mx_err *err) MX_MUST_USE;
/* The part of it that needs nobody: what TEXT says where it is a bare DMARC
 * report, NULL where it is anything else. To be told instead of TEXT (and
 * freed by that), or freed. */
struct dmarc_report *report_payload_parse(struct slice text);
enum mx_code report_payload_tell(const struct report_context *context,
    struct dmarc_report *parsed, struct mx_err *err) MX_MUST_USE;

#endif
