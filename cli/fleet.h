/* SPDX-License-Identifier: BSD-2-Clause */
/* The way to a fleet's ClickHouse, from settings. */
#ifndef MX_CLI_FLEET_H
#define MX_CLI_FLEET_H

#include "analyzer/clickhouse.h"
#include "cli/settings.h"

/* With the password of MXTREND_CLICKHOUSE_PASSWORD or of the configured file.
 * MX_E_NOINPUT, MX_E_PERM, MX_E_CONFIG: that file. */
enum mx_code fleet_client(const struct settings *settings, const char *url,
    struct clickhouse **fleet_r, struct mx_err *err) MX_MUST_USE;

#endif
