/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of inputs: operands as they are, directories walked. */
#ifndef MX_CLI_WALK_H
#define MX_CLI_WALK_H

#include "base/err.h"

#include <stdbool.h>

struct path_list {
	char **paths; /* owned */
	size_t count;
	/* Set by the caller: archives are listed themselves, for one who opens
	 * each file anyway and asks walk_members() where it looks like one. */
	bool keeps_archives;
};

/* Append PATH; where it is an archive (zip, tar, compressed tar), its members
 * as "PATH:MEMBER"; where it is a directory and IS_RECURSIVE, every regular
 * file below it in byte order (symbolic links to files are followed, to
 * directories are not; a Maildir's tmp is left out). What cannot be read is
 * said on standard error, the rest is walked, and the code is one of
 * walk_is_partial(). MX_E_LIMIT above LIMIT_PATHS names. */
enum mx_code walk_path(struct path_list *list, const char *path,
    bool is_recursive, struct mx_err *err) MX_MUST_USE;
/* Append the symbolic links below the directory TOP, until LIST holds MOST.
 * What cannot be read is left out. MX_E_LIMIT as above. */
enum mx_code walk_links(struct path_list *list, const char *top, size_t most,
    struct mx_err *err) MX_MUST_USE;
/* Append the members of the archive PATH, or PATH where it is none; codes as
 * walk_path. */
enum mx_code walk_members(struct path_list *list, const char *path,
    struct mx_err *err) MX_MUST_USE;
/* MX_E_NOINPUT (a directory that cannot be read), MX_E_DATA (a damaged
 * archive, or a bomb): told; the list has the rest. */
bool walk_is_partial(enum mx_code code);
/* A regular file, a link to one, or a member of an archive. */
bool walk_is_regular(const char *path);
void path_list_release(struct path_list *list);

#endif
