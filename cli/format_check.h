/* SPDX-License-Identifier: BSD-2-Clause */
/* Proves a format file by its own samples. */
#ifndef MX_CLI_FORMAT_CHECK_H
#define MX_CLI_FORMAT_CHECK_H

#include "base/strbuf.h"
#include "cli/settings.h"

/* Faults of the file PATH, each as "PATH:LINE: reason", and a closing line
 * with the counts go to OUT; *faults_r says how many. Not MX_OK: it could not
 * be read. */
enum mx_code format_check(const struct settings *settings, const char *path,
    struct strbuf *out, size_t *faults_r, struct mx_err *err) MX_MUST_USE;

#endif
