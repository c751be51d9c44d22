/* SPDX-License-Identifier: BSD-2-Clause */
/* Is an input worth the look of libarchive, which is dear? Plain and
 * compressed text, the usual cases, are not. Knows first bytes only. */
#ifndef MX_PARSERS_ARCHIVE_HEAD_H
#define MX_PARSERS_ARCHIVE_HEAD_H

#include <stdbool.h>

/* PATH is a regular file that may be a zip or tar archive, compressed or
 * not. */
bool archive_head_of_file(const char *path);

#endif
