/* SPDX-License-Identifier: BSD-2-Clause */
/* What a command needs of the system, as rights for the sandbox: its inputs,
 * the store, its outputs, and what libraries read of their own. */
#ifndef MX_CLI_CONFINE_H
#define MX_CLI_CONFINE_H

#include "base/err.h"
#include "cli/command.h"

/* Before COMMAND runs. MX_OK, and nothing given up, where [run] sandbox says
 * so. */
enum mx_code confine(const struct command *command,
    const struct settings *settings, struct mx_err *err) MX_MUST_USE;

#endif
