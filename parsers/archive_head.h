/* SPDX-License-Identifier: BSD-2-Clause */
/* Is an input worth the look of libarchive, which is dear? Plain and
 * compressed text, the usual cases, are not. Knows first bytes only. */
#ifndef MX_PARSERS_ARCHIVE_HEAD_H
#define MX_PARSERS_ARCHIVE_HEAD_H

#include <stdbool.h>
#include <stddef.h>

/* PATH is a regular file that may be a zip or tar archive, compressed or
 * not. */
bool archive_head_of_file(const char *path);
/* The same of bytes: HEAD are the first LEN of them. */
bool archive_head_is_one(const char *head, size_t len);

#endif
