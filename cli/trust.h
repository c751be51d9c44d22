/* SPDX-License-Identifier: BSD-2-Clause */
/* What the operator says is followed; what anybody could have said in his
 * place (files and directories that all users may write to) is refused in
 * /etc, as sshd, sudo and logrotate do, and told elsewhere, as Postfix does.
 * Whose they are is not asked: a container mounts what belongs to nobody it
 * knows. */
#ifndef MX_CLI_TRUST_H
#define MX_CLI_TRUST_H

#include "cli/settings.h"

/* The file of FD, which is that at PATH. MX_E_CONFIG. */
enum mx_code trust_file(int fd, const char *path, struct mx_err *err)
    MX_MUST_USE;
/* A directory, if it is there, and the files in it. MX_E_CONFIG. */
enum mx_code trust_directory(const char *path, struct mx_err *err)
    MX_MUST_USE;
/* The directories of rules and formats but for our own. MX_E_CONFIG. */
enum mx_code trust_settings(const struct settings *settings,
    struct mx_err *err) MX_MUST_USE;
/* The directory of a store that is to be written: told only. */
void trust_state(const char *dir);

#endif
