/* SPDX-License-Identifier: BSD-2-Clause */
/* Who is behind a report: the provider of a reporter, and provider and
 * meaning of a bounce. Pure apart from the classifier's cache. */
#ifndef MX_ANALYZER_REPORTERS_H
#define MX_ANALYZER_REPORTERS_H

#include "analyzer/classify.h"
#include "analyzer/providers.h"
#include "parsers/report_facts.h"

/* Key of the reporter's provider, by the names that providers sign their
 * reports with, by the domain of its address, by the receiver in the file
 * name; "domain:example.net", built in SCRATCH, for one that is not known;
 * SLICE_NONE where the report does not say who sent it. */
struct slice reporter_provider(const struct providers *providers,
    const struct report_head *head, struct strbuf *scratch);

/* Did who sent the report sign the mail that it came in? SIGNATURE_GOOD: a
 * DKIM signature that passed, or a From address whose DMARC passed, is of a
 * domain that PROVIDER (reporter_provider) is known to report from, or that the
 * report gives as its reporter's. SIGNATURE_UNKNOWN: no trusted server tells
 * (mail_auth.h). In the order of which of two copies counts. */
enum reporter_signature {
	SIGNATURE_UNKNOWN = -1, SIGNATURE_NONE, SIGNATURE_GOOD
};
enum reporter_signature reporter_signature(const struct providers *providers,
    const struct report_head *head, struct slice provider);

/* Key of the provider whose reports cover mail to PROVIDER where it signs none
 * of its own; SLICE_NONE: none is known. */
struct slice reporter_covering(struct slice provider);

/* Fill provider, class and source_ip of BOUNCE as of a logged delivery: by
 * its remote MTA, then by the recipient's domain. */
void bounce_judge(const struct providers *providers,
    struct classifier *classifier, struct bounce_mail *bounce,
    struct strbuf *scratch);

#endif
