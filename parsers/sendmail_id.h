/* SPDX-License-Identifier: BSD-2-Clause */
/* sendmail queue ids (8.12 and later): eight characters of time, two of them
 * a sequence, then the process id. Source: sendmail 8.18 sendmail/queue.c
 * assign_queueid(). */
#ifndef MX_PARSERS_SENDMAIL_ID_H
#define MX_PARSERS_SENDMAIL_ID_H

#include "base/slice.h"

/* Length of the id at the start of TEXT, which must be followed by ": " or
 * the end; 0 when it is none. */
size_t sendmail_id_length(struct slice text);

/* When the message arrived, UTC seconds. The year is kept modulo 60: it is
 * the one in 1990 to 2049. False where ID is no date. */
bool sendmail_id_time(struct slice id, int64_t *utc_r);

#endif
