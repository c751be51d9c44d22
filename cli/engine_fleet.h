/* SPDX-License-Identifier: BSD-2-Clause */
/* The part of a fleet that a reading command needs, as the engine's store. */
#ifndef MX_CLI_ENGINE_FLEET_H
#define MX_CLI_ENGINE_FLEET_H

#include "cli/engine.h"

/* From settings->store_url. MX_E_UNAVAILABLE: no server, or it broke off;
 * MX_E_PERM: user, password; MX_E_CONFIG: no tables; MX_E_NOINPUT: nobody
 * pushed yet; MX_E_DATA; MX_E_LIMIT. */
enum mx_code engine_fleet_fill(struct engine *engine,
    const struct settings *settings, const struct engine_wish *wish,
    struct mx_err *err) MX_MUST_USE;

#endif
