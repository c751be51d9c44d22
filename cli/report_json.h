/* SPDX-License-Identifier: BSD-2-Clause */
/* Facts of reports as JSON objects, keys and words as mxtrend(1) lists them.
 * One object and a newline, appended to OUT. PROVIDER may be absent. */
#ifndef MX_CLI_REPORT_JSON_H
#define MX_CLI_REPORT_JSON_H

#include "base/strbuf.h"
#include "parsers/report_facts.h"

/* What the objects of one DMARC report's rows have in common, written once:
 * their first members and their last ones. The caller makes and releases the
 * buffers. */
struct dmarc_common {
	struct strbuf head, tail;
};
void report_json_dmarc_common(struct dmarc_common *common,
    const struct dmarc_row *row, struct slice provider);
void report_json_dmarc(struct strbuf *out, const struct dmarc_row *row,
    const struct dmarc_common *common);
void report_json_tls_policy(struct strbuf *out,
    const struct tls_policy *policy, struct slice provider);
void report_json_tls_failure(struct strbuf *out,
    const struct tls_failure *failure, struct slice provider);
void report_json_complaint(struct strbuf *out,
    const struct complaint *complaint, struct slice provider);
void report_json_snds(struct strbuf *out, const struct snds_row *row,
    struct slice provider);
void report_json_bounce(struct strbuf *out, const struct bounce_mail *bounce);

#endif
