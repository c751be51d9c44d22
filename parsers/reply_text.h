/* SPDX-License-Identifier: BSD-2-Clause */
/* SMTP replies as one text: the code in front, and replies of several lines
 * that a log holds in one (RFC 5321 4.2.1: "550-first", "550 last"). Knows no
 * MTA's framing. */
#ifndef MX_PARSERS_REPLY_TEXT_H
#define MX_PARSERS_REPLY_TEXT_H

#include "base/strbuf.h"

/* The code that TEXT starts with ("550 ", "550-" or "550" alone): 200..599;
 * else 0. */
uint16_t reply_code_of(struct slice text);

/* Length of an enhanced status code (RFC 3463, "5.7.1") at the start of TEXT
 * that ends at a space or the end; 0 when there is none. */
size_t enhanced_code_length(struct slice text);

/* "550-5.7.1 first 550-5.7.1 second 550 5.7.1 last" to "550 5.7.1 first
 * second last": one code, the first line's enhanced code not repeated. TEXT
 * itself where it has one line; else it is built in SCRATCH. */
struct slice reply_unfold(struct slice text, struct strbuf *scratch);

#endif
