/* SPDX-License-Identifier: BSD-2-Clause */
/* Who is behind an MX: provider keys by MX suffix and recipient domain, from
 * a data file, with the registrable domain (libpsl) as the last resort. */
#ifndef MX_ANALYZER_PROVIDERS_H
#define MX_ANALYZER_PROVIDERS_H

#include "base/err.h"
#include "base/slice.h"
#include "base/strbuf.h"

struct providers;

struct provider_info {
	struct slice key, name;      /* "microsoft-consumer", "Outlook.com" */
	struct slice family;         /* key whose rules are tried next, or none */
	struct slice postmaster_url, support_url, feedback_loop, notes;
};

/* DIRS: directories with providers.tsv, in order; a later one overrides rows
 * of an earlier one by key. MX_E_CONFIG: "file:line: why". */
enum mx_code providers_open(const char *const *dirs, size_t dir_count,
    struct providers **providers_r, struct mx_err *err) MX_MUST_USE;
void providers_close(struct providers *providers);

/* The names that providers sign reports with, of the same directories. */
struct reporter_table;
const struct reporter_table *providers_reporters(
    const struct providers *providers);

/* The row whose MX suffix is the longest label-wise suffix of HOST (lower
 * case, no trailing dot); NULL when none is. A name that sendmail shortened
 * in the middle (head...tail) matches by head and tail. */
const struct provider_info *providers_by_mx(const struct providers *providers,
    struct slice host);
/* The row that names this recipient domain as the provider's own. */
const struct provider_info *providers_by_domain(
    const struct providers *providers, struct slice domain);
const struct provider_info *providers_by_key(
    const struct providers *providers, struct slice key);
size_t providers_count(const struct providers *providers);
const struct provider_info *providers_at(const struct providers *providers,
    size_t index);

/* The registrable domain of NAME (public suffix + 1), NAME itself when there
 * is none (a bare suffix, an address literal). A slice of NAME. */
struct slice providers_registrable(const struct providers *providers,
    struct slice name);

/* "mx:example.net" for an MX without a row, "domain:example.net" for a
 * recipient domain; appended to OUT. */
void providers_fallback_mx(const struct providers *providers,
    struct slice host, struct strbuf *out);
void providers_fallback_domain(const struct providers *providers,
    struct slice domain, struct strbuf *out);

/* What people read for KEY: the row's name, else what stands behind "mx:" or
 * "domain:". */
struct slice providers_display_name(const struct providers *providers,
    struct slice key);

#endif
