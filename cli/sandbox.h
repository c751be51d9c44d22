/* SPDX-License-Identifier: BSD-2-Clause */
/* Rights that the process gives up before it reads what strangers wrote: a
 * reader that was taken over can then neither write beside our files, nor
 * start a program, nor talk to anybody. Landlock (Linux 5.13 and later) for
 * files, a seccomp filter for calls, each where this build and this kernel
 * have it, and resource limits. Knows paths and rights, not what they are
 * for. */
#ifndef MX_CLI_SANDBOX_H
#define MX_CLI_SANDBOX_H

#include <stdbool.h>

#include "base/err.h"
#include "base/strbuf.h"

struct sandbox;

enum sandbox_right {
	SANDBOX_READ, /* files below PATH, and listing them */
	SANDBOX_WRITE /* the same, and to make, change and remove them */
};

/* Nothing is given up yet. Never NULL. */
struct sandbox *sandbox_new(bool has_network);
/* What stays allowed: PATH, a directory with all below it or a file, where
 * symbolic links end. One that is not there is no error. */
void sandbox_allow(struct sandbox *sandbox, const char *path,
    enum sandbox_right right);
/* Give up the rest, for good; also core files and more memory than
 * LIMIT_MEMORY_BYTES. What the kernel does not offer is left out, and
 * sandbox_describe says so; MX_E_OS where it offers it and fails. */
enum mx_code sandbox_enter(struct sandbox *sandbox, struct mx_err *err)
    MX_MUST_USE;
void sandbox_free(struct sandbox *sandbox);

/* Appends what this build does on this kernel: "landlock 7, seccomp, ...". */
void sandbox_describe(struct strbuf *out);

#endif
