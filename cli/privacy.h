/* SPDX-License-Identifier: BSD-2-Clause */
/* [privacy]: mail addresses are replaced before the store sees them, so that
 * it never holds them. The domain always stays, since reports count by it. The
 * key lies beside the store and makes the pseudonyms of one person the same in
 * every run; without it nobody can go back or guess. */
#ifndef MX_CLI_PRIVACY_H
#define MX_CLI_PRIVACY_H

#include "analyzer/ingest.h"
#include "cli/settings.h"

struct privacy;

/* *privacy_r: NULL where addresses are kept as they are. The key is made where
 * it is missing. Errors as of pseudonym_key_load. */
enum mx_code privacy_open(const struct settings *settings,
    struct privacy **privacy_r, struct mx_err *err) MX_MUST_USE;
void privacy_close(struct privacy *self); /* NULL is allowed */

/* Whether there is a key already; *path_r: where, to be freed. */
bool privacy_has_key(const struct settings *settings, char **path_r);

/* For ingest_options; NULL for NULL. */
const struct ingest_cover *privacy_cover(struct privacy *self);

/* ADDRESS as the store has it as a recipient, valid until the next call. None
 * where the store cannot be asked for one ([privacy] recipients = none). */
struct slice privacy_recipient(struct privacy *self, struct slice address);

#endif
