/* SPDX-License-Identifier: BSD-2-Clause */
/* Postfix queue ids: their shape, and the time that the long ones carry.
 * Source: Postfix 3.12 src/global/mail_queue.h, safe_ultostr.c. */
#ifndef MX_PARSERS_QUEUE_ID_H
#define MX_PARSERS_QUEUE_ID_H

#include "base/slice.h"

/* Length of the queue id at the start of TEXT, which must be followed by
 * ": "; 0 when it is none. Letters and digits, 6 to 40, with a digit among
 * them or of hexadecimal digits only: so that "warning", "NOQUEUE" and
 * "statistics" are no ids. */
size_t queue_id_length(struct slice text);

/* ID as a whole is of that kind. */
bool queue_id_is_one(struct slice id);

/* The arrival time in a long id (enable_long_queue_ids). False where ID is
 * a short one or the time lies outside 2009..2100. */
bool queue_id_time(struct slice id, int64_t *utc_r, uint32_t *us_r);

#endif
