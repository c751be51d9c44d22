/* SPDX-License-Identifier: BSD-2-Clause */
/* Output that is there whole or not at all: a private temporary file beside
 * the target, renamed onto it at the end. Also standard output under the same
 * calls, so that a writer need not care. Knows nothing of what is written. */
#ifndef MX_BASE_ATOMIC_FILE_H
#define MX_BASE_ATOMIC_FILE_H

#include <stdio.h>

#include "base/err.h"

struct atomic_file;

/* PATH NULL or "-": standard output. A target that exists must be a regular
 * file, which is replaced, or a device or FIFO, which is written to as it is
 * (-o /dev/null). Mode 0640 less the umask. MX_E_CANTCREAT: the directory
 * cannot be written, the target is a symbolic link (it is never followed: who
 * may write the directory could aim it anywhere) or a directory. */
enum mx_code atomic_file_open(const char *path, struct atomic_file **file_r,
    struct mx_err *err) MX_MUST_USE;

/* Write here; do not close it. */
FILE *atomic_file_stream(struct atomic_file *file);

/* All is written: flush, sync, rename. FILE is gone in any case; on failure
 * the old target stands as before. MX_E_IO (disk full, pipe closed: then
 * err->sys_errno is EPIPE), MX_E_CANTCREAT (rename). */
enum mx_code atomic_file_commit(struct atomic_file *file, struct mx_err *err)
    MX_MUST_USE;

/* Something failed: no trace is left. NULL is allowed. */
void atomic_file_discard(struct atomic_file *file);

/* MX_E_IO "NAME: reason" when anything written to STREAM so far was lost.
 * stdio forgets the errno of an earlier failure; a closed pipe is recognised
 * all the same. */
enum mx_code stream_check(FILE *stream, const char *name, struct mx_err *err)
    MX_MUST_USE;

#endif
