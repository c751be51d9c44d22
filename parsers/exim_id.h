/* SPDX-License-Identifier: BSD-2-Clause */
/* Exim message ids: their shape, and the time that they carry. Source: Exim
 * 4.98 src/receive.c, doc/spec "Message identification". */
#ifndef MX_PARSERS_EXIM_ID_H
#define MX_PARSERS_EXIM_ID_H

#include "base/slice.h"

/* Length of the id at the start of TEXT, 16 (before 4.97) or 23, followed by
 * a space or the end; 0 when it is none. */
size_t exim_id_length(struct slice text);

/* When the message began to arrive, UTC seconds: the first six characters in
 * base 62, or in base 36 (macOS, Cygwin) where only that gives a moment of
 * 1995 to 2100: no id does in both. */
bool exim_id_time(struct slice id, int64_t *utc_r);

#endif
