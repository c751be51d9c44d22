/* SPDX-License-Identifier: BSD-2-Clause */
/* What each number means: name, formula, unit. One static table that every
 * format prints, so that no number goes without its definition. */
#ifndef MX_REPORTS_DEFINITIONS_H
#define MX_REPORTS_DEFINITIONS_H

#include "reports/report.h"

/* Hangs the table into REPORT (its arena owns the copy). */
void report_define(struct report *report);

#endif
