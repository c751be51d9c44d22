/* SPDX-License-Identifier: BSD-2-Clause */
/* Pseudonyms in a report document, before any format sees it. */
#ifndef MX_CLI_ANONYMIZE_REPORT_H
#define MX_CLI_ANONYMIZE_REPORT_H

#include "cli/engine.h"
#include "reports/report.h"

/* Every text of REPORT, as settings ask for; ENGINE's store says which words
 * are about whom. Nothing where nothing is to be hidden. */
enum mx_code anonymize_report(const struct engine *engine,
    const struct settings *settings, struct report *report,
    struct mx_err *err) MX_MUST_USE;

#endif
