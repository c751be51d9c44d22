/* SPDX-License-Identifier: BSD-2-Clause */
/* The part of the sandbox that refuses system calls; see cli/sandbox.h. */
#ifndef MX_CLI_SANDBOX_CALLS_H
#define MX_CLI_SANDBOX_CALLS_H

#include <stdbool.h>

#include "base/err.h"

/* From here on the calls that no reading command needs fail with EPERM. MX_OK
 * where build or kernel have no seccomp. */
enum mx_code sandbox_calls_enter(bool has_network, struct mx_err *err)
    MX_MUST_USE;

/* "seccomp", or why not. */
const char *sandbox_calls_describe(void);

#endif
