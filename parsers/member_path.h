/* SPDX-License-Identifier: BSD-2-Clause */
/* How a member of an archive is named: "archive.tar.gz:mail.log.1". */
#ifndef MX_PARSERS_MEMBER_PATH_H
#define MX_PARSERS_MEMBER_PATH_H

#include <stdbool.h>

/* Splits at the first colon before which a file stands; the caller frees
 * *archive_r, *member_r points into PATH. False: PATH is no such name. */
bool member_path_split(const char *path, char **archive_r,
    const char **member_r);

#endif
