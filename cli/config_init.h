/* SPDX-License-Identifier: BSD-2-Clause */
/* A first configuration out of what a host shows: logs in their usual places,
 * the zone, Postfix's instances. Guesses nothing that is not written
 * somewhere. */
#ifndef MX_CLI_CONFIG_INIT_H
#define MX_CLI_CONFIG_INIT_H

#include "base/strbuf.h"

/* Appends a configuration file. ROOT stands before every path that is looked
 * at ("" for this host). */
void config_init(const char *root, struct strbuf *out);

/* Tells the pattern of each log that is there, with its rotated files:
 * ROOT/var/log/mail.log*. */
void config_init_logs(const char *root,
    void (*tell)(void *ctx, const char *pattern), void *ctx);

#endif
