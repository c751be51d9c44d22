/* SPDX-License-Identifier: BSD-2-Clause */
/* Spans of time as logs write them. */
#ifndef MX_PARSERS_DURATION_H
#define MX_PARSERS_DURATION_H

#include "base/slice.h"

/* "3m45s", "1w2d3h", "0s", "1.578s", "12ms", "4h" (Exim readconf_printtime,
 * OpenSMTPD duration_to_text), the whole of TEXT, in milliseconds; -1 where
 * it is none. */
int64_t duration_letters(struct slice text);
/* "00:01:02", "2+03:04:05" (sendmail pintvl), the whole of TEXT. */
int64_t duration_clock(struct slice text);
/* "12", "0.25": seconds. */
int64_t duration_seconds(struct slice text);

#endif
