/* SPDX-License-Identifier: BSD-2-Clause */
/* What the operator says of the own host: which instance sends from which
 * address, and which relays are not the outside world. */
#ifndef MX_ANALYZER_OWN_H
#define MX_ANALYZER_OWN_H

#include "base/arena.h"
#include "base/err.h"
#include "base/ipaddr.h"
#include "parsers/facts.h"

struct own;

struct own *own_new(void);
void own_free(struct own *own);

/* [source-ip] INSTANCE = IP; the instance "default" stands for every one
 * without a line. MX_E_CONFIG when IP is no address. */
enum mx_code own_add_source(struct own *own, struct slice instance,
    struct slice ip, struct mx_err *err) MX_MUST_USE;
/* [hops] RELAY = remote|local|internal, RELAY a host name, ".suffix",
 * an address or a network (192.0.2.0/24). The last line that fits wins.
 * MX_E_CONFIG for anything else. */
enum mx_code own_add_hop(struct own *own, struct slice relay,
    struct slice hop, struct mx_err *err) MX_MUST_USE;

/* The own address of INSTANCE and how it is known; SLICE_NONE when not. ROOM
 * may hold it. */
struct slice own_source(const struct own *own, struct slice instance,
    char room[IPADDR_TEXT], enum source_from *from_r);
/* FACT's hop, changed where the operator says so, or where the relay is the host
 * that logged. */
enum hop own_hop(const struct own *own, const struct delivery *fact);
/* Is IP one of the addresses named under [source-ip]? */
bool own_has_ip(const struct own *own, struct slice ip);
/* Does any line under [source-ip] exist? */
bool own_is_configured(const struct own *own);

#endif
