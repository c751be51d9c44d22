/* SPDX-License-Identifier: BSD-2-Clause */
/* nightly with [push] nightly = yes: two processes, so that the one that reads
 * what strangers wrote has no network, and the one with a network reads only
 * the store. */
#ifndef MX_CLI_NIGHTLY_PUSH_H
#define MX_CLI_NIGHTLY_PUSH_H

#include "cli/command.h"

/* Before rights are given up. Returns twice where COMMAND is nightly and pushes:
 * in a child with COMMAND at once, and when that has ended with push in *COMMAND
 * and the child's exit status in the result. MX_E_CONFIG: no place to push
 * to; MX_E_OS: no process, or it was killed. */
enum mx_code nightly_push_split(const struct settings *settings,
    const struct command **command, struct command_result *result,
    struct mx_err *err) MX_MUST_USE;

#endif
