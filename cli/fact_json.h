/* SPDX-License-Identifier: BSD-2-Clause */
/* Facts as JSON objects, keys and words as mxtrend(1) lists them. */
#ifndef MX_CLI_FACT_JSON_H
#define MX_CLI_FACT_JSON_H

#include "analyzer/classify.h"
#include "base/strbuf.h"

/* One object and a newline, appended to OUT. */
void fact_json_delivery(struct strbuf *out, const struct delivery *fact);
void fact_json_skipped(struct strbuf *out, const struct skipped *what);

#endif
