/* SPDX-License-Identifier: BSD-2-Clause */
/* The user's own log formats: files *.format of the configuration
 * directories, mxtrend-formats(5). */
#ifndef MX_CLI_USER_FORMATS_H
#define MX_CLI_USER_FORMATS_H

#include "parsers/user_format.h"

struct user_formats {
	struct user_format **formats; /* owned */
	const struct log_format **list; /* the same, NULL-terminated */
	size_t count;
};

/* All of DIRS, a later directory's in place of its namesakes. MX_E_CONFIG with
 * "FILE:LINE: reason"; then nothing is open. */
enum mx_code user_formats_open(const char *const *dirs, size_t dir_count,
    struct user_formats *formats_r, struct mx_err *err) MX_MUST_USE;
void user_formats_close(struct user_formats *formats);

#endif
