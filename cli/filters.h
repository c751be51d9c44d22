/* SPDX-License-Identifier: BSD-2-Clause */
/* --provider and --ip, before anything is read: a key or an address that is
 * none would filter all away, and the report would say that no mail was
 * sent. */
#ifndef MX_CLI_FILTERS_H
#define MX_CLI_FILTERS_H

#include "analyzer/providers.h"
#include "base/err.h"
#include "cli/settings.h"

/* Whether PART stands in TEXT, whatever the case of ASCII letters. */
bool filter_has_text(struct slice text, struct slice part);

/* MX_E_USAGE, with the keys that may be meant: settings->provider is neither
 * a row's key nor "mx:..." or "domain:...", or settings->ip no address and no
 * HOST/INSTANCE. */
enum mx_code filters_check(const struct settings *settings,
    const struct providers *providers, struct mx_err *err) MX_MUST_USE;

#endif
