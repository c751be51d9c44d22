/* SPDX-License-Identifier: BSD-2-Clause */
/* Every text of a document, to be changed in place: for pseudonyms. Knows no
 * format and no reason. */
#ifndef MX_REPORTS_REPORT_TEXTS_H
#define MX_REPORTS_REPORT_TEXTS_H

#include "reports/report.h"

/* CHANGE is asked for each text, with the key of its column ("sample") or of
 * its member ("verdict"); what it returns is copied into the document. */
void report_change_texts(struct report *report,
    struct slice (*change)(void *ctx, const char *key, struct slice text),
    void *ctx);

#endif
