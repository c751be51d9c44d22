/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by out_prom.c and out_prom_others.c only. */
#ifndef MX_REPORTS_OUT_PROM_H
#define MX_REPORTS_OUT_PROM_H

#include "base/strbuf.h"
#include "reports/report.h"

/* HELP and TYPE of a gauge; NAME and HELP are words of ours. */
void prom_help(struct strbuf *out, const char *name, const char *help);
/* The same, and its only value. */
void prom_gauge(struct strbuf *out, const char *name, const char *help,
    int64_t value);

/* What others report. */
void prom_others(struct strbuf *out, const struct report *report);

#endif
