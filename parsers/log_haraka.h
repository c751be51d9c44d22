/* SPDX-License-Identifier: BSD-2-Clause */
/* Who waits: Haraka names recipients where they are deferred, not where they
 * are delivered. Bounded; who waits longest goes first. */
#ifndef MX_PARSERS_LOG_HARAKA_H
#define MX_PARSERS_LOG_HARAKA_H

#include "base/slice.h"
#include "base/strbuf.h"

enum {
	HARAKA_WAITING = 4096,   /* a power of two */
	HARAKA_NEIGHBOURS = 32,  /* slots for the recipients of a message */
	HARAKA_ADDRESS = 320     /* RFC 5321: 64 + 1 + 255 */
};

/* Zeroed: nobody waits. */
struct haraka_waiting {
	uint64_t ids[HARAKA_WAITING]; /* hash of the message's; 0: free */
	struct {
		int64_t utc;              /* of the deferral */
		char address[HARAKA_ADDRESS + 1];
	} slots[HARAKA_WAITING];
};

/* ADDRESS of message ID was deferred at UTC; is finished. */
void haraka_start_waiting(struct haraka_waiting *waiting, struct slice id,
    struct slice address, int64_t utc);
void haraka_stop_waiting(struct haraka_waiting *waiting, struct slice id,
    struct slice address);
/* Was somebody of this message deferred in the attempt that ends at UTC? */
bool haraka_has_waiting(const struct haraka_waiting *waiting, struct slice id,
    int64_t utc);
/* Those who were deferred in an earlier attempt than that which ends at UTC,
 * one by one, each once: they wait no more. *at is 0 for the first; the
 * address is good until the next start. */
bool haraka_waited(struct haraka_waiting *waiting, struct slice id,
    int64_t utc, size_t *at, struct slice *address_r);
/* The message is over. */
void haraka_forget(struct haraka_waiting *waiting, struct slice id);

/* All who wait, "HASH UTC ADDRESS" a line; and back. */
void haraka_waiting_save(const struct haraka_waiting *waiting,
    struct strbuf *out);
void haraka_waiting_load(struct haraka_waiting *waiting, struct slice text);

#endif
