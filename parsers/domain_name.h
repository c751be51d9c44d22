/* SPDX-License-Identifier: BSD-2-Clause */
/* Domain and host names in the one spelling that names are compared in:
 * lower case, no trailing dot, A-labels (RFC 5890). Asks no DNS. */
#ifndef MX_PARSERS_DOMAIN_NAME_H
#define MX_PARSERS_DOMAIN_NAME_H

#include "base/limits.h"
#include "base/slice.h"

/* The part behind the last @; absent where there is none or it is empty. An
 * address literal keeps its brackets. */
struct slice address_domain(struct slice address);

/* NAME, or the same in BUF where something had to change. U-labels become
 * A-labels; where that is impossible they stay as they are. A name longer than
 * BUF stays as it is. */
struct slice domain_name_plain(struct slice name,
    char buf[LIMIT_DOMAIN_BYTES]);

#endif
