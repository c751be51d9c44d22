/* SPDX-License-Identifier: BSD-2-Clause */
/* Rule and provider files: whole small files out of a list of directories,
 * vendor's first, the administrator's later. Knows nothing of their
 * format. */
#ifndef MX_ANALYZER_DATA_DIR_H
#define MX_ANALYZER_DATA_DIR_H

#include "base/arena.h"
#include "base/err.h"

struct data_file {
	const char *path;  /* NUL-terminated, in the arena */
	struct slice text; /* in the arena */
};

/* All of PATH, at most LIMIT_RULE_FILE_BYTES. MX_E_NOINPUT when it cannot be
 * opened, MX_E_LIMIT when it is larger, MX_E_IO. */
enum mx_code data_file_read(const char *path, struct arena *arena,
    struct data_file *file_r, struct mx_err *err) MX_MUST_USE;
/* All of NAME in DIR where it is there, *IS_THERE_R; a larger one is
 * MX_E_CONFIG. */
enum mx_code data_file_of(const char *dir, const char *name,
    struct arena *arena, struct data_file *file_r, bool *is_there_r,
    struct mx_err *err);

/* The paths of DIR's files that end in SUFFIX, in byte order, in the arena;
 * hidden files are left out. A directory that does not exist holds none.
 * MX_E_IO when it cannot be read, MX_E_LIMIT above LIMIT_DATA_FILES. */
enum mx_code data_dir_list(const char *dir, const char *suffix,
    struct arena *arena, const char ***paths_r, size_t *count_r,
    struct mx_err *err) MX_MUST_USE;

/* The next line of *rest without its line break ("\n" or "\r\n"); false at
 * the end. */
bool data_next_line(struct slice *rest, struct slice *line_r);

#endif
