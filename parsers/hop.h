/* SPDX-License-Identifier: BSD-2-Clause */
/* Did a delivery leave the house? Configured exceptions ([hops]) are the
 * analyzer's business. */
#ifndef MX_PARSERS_HOP_H
#define MX_PARSERS_HOP_H

#include "parsers/facts.h"

/* Of a delivery over SMTP to HOST[ADDRESS], either of which may be absent:
 * HOP_INTERNAL for a loopback, private or link-local address, a socket path,
 * or, without an address, a host named localhost; else HOP_REMOTE. Mailbox
 * agents and all LMTP are HOP_LOCAL, which the caller knows. */
enum hop hop_of_smtp(struct slice host, struct slice address);

#endif
