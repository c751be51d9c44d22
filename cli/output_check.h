/* SPDX-License-Identifier: BSD-2-Clause */
/* An output takes the place of what stands under its name: never of the store,
 * nor of what was to be read. */
#ifndef MX_CLI_OUTPUT_CHECK_H
#define MX_CLI_OUTPUT_CHECK_H

#include "cli/command.h"

/* MX_E_USAGE for -o, MX_E_CONFIG for [outputs]. Inputs are the operands. */
enum mx_code output_check(const struct command *command,
    const struct settings *settings, struct mx_err *err) MX_MUST_USE;

#endif
