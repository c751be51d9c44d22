/* SPDX-License-Identifier: BSD-2-Clause */
/* The limits of base/limits.h, as `mxtrend status --limits` shows them. */
#ifndef MX_CLI_LIMITS_TEXT_H
#define MX_CLI_LIMITS_TEXT_H

#include "base/strbuf.h"

/* Appends name, value and reason of each, WIDTH columns wide. */
void limits_text(struct strbuf *out, size_t width);
/* Appends the same as one JSON object {"limits":[{name,value,reason}]}. */
void limits_json(struct strbuf *out);

#endif
