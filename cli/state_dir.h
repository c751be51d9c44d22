/* SPDX-License-Identifier: BSD-2-Clause */
/* The directory that holds the store. */
#ifndef MX_CLI_STATE_DIR_H
#define MX_CLI_STATE_DIR_H

#include "base/err.h"

/* Make DIR with its parents, 0750, where it is missing. MX_E_PERM,
 * MX_E_CANTCREAT. */
enum mx_code state_dir_make(const char *dir, struct mx_err *err) MX_MUST_USE;

#endif
