/* SPDX-License-Identifier: BSD-2-Clause */
/* What `mxtrend` reads on a host where nobody has configured anything. */
#ifndef MX_CLI_FIRST_RUN_H
#define MX_CLI_FIRST_RUN_H

#include "base/strbuf.h"
#include "cli/settings.h"

/* The configured logs, or those in their usual places, become the settings' operands, the newest
 * first until LIMIT_FIRST_RUN_BYTES are together; SAID gets a line that says
 * so, or why none can be read. False: there is none to read. ROOT stands
 * before every path ("" for this host). */
bool first_run_inputs(const char *root, struct settings *settings,
    struct strbuf *said);

#endif
