/* SPDX-License-Identifier: BSD-2-Clause */
/* Scripts that complete mxtrend's command line, out of the same rows that
 * parse it. */
#ifndef MX_CLI_COMPLETION_H
#define MX_CLI_COMPLETION_H

#include "base/strbuf.h"
#include "cli/options.h"

/* Appends the script for SHELL: "bash", "zsh" or "fish". MX_E_USAGE for
 * another. */
enum mx_code completion_script(const char *shell,
    const struct command *const *commands, struct strbuf *out,
    struct mx_err *err) MX_MUST_USE;

#endif
