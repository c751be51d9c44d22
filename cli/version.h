/* SPDX-License-Identifier: BSD-2-Clause */
/* What --version says. */
#ifndef MX_CLI_VERSION_H
#define MX_CLI_VERSION_H

#include "base/strbuf.h"

/* Appends name and version alone on the first line, then licence, libraries,
 * where the data are, and the version of the rules in force without any
 * configuration, or what is wrong with them. */
void version_text(struct strbuf *out);

#endif
