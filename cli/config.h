/* SPDX-License-Identifier: BSD-2-Clause */
/* Configuration: one row a key. Files (INI), then MXTREND_SECTION_KEY
 * variables; options are applied by the caller. Knows where each value came
 * from; holds no value itself. */
#ifndef MX_CLI_CONFIG_H
#define MX_CLI_CONFIG_H

#include "cli/settings.h"
#include "cli/value.h"

struct config_key {
	const char *section, *name;
	struct value_slot slot;
	const char *fallback; /* the built-in value in text form; NULL = none */
	const char *help;     /* one line, for config --init and the manual */
};

extern const struct config_key config_keys[];
extern const size_t config_key_count;

enum { CONFIG_KEYS_MAX = 64 };

/* Where each value came from: "default", "/etc/mxtrend.conf:3",
 * "MXTREND_RUN_THREADS", "option". */
struct config {
	const char *origins[CONFIG_KEYS_MAX];
};

/* The built-in values. */
void config_defaults(struct config *config, struct settings *settings);

/* PATH, or where it is NULL those of the usual files that exist:
 * /etc/mxtrend.conf, /etc/mxtrend.conf.d/ *.conf in order of name,
 * $XDG_CONFIG_HOME/mxtrend/mxtrend.conf. MX_E_CONFIG with "file:line: why":
 * unknown section or key, bad value, a line that is no INI, a line too long,
 * a file that cannot be read (a named one that is missing, too). */
enum mx_code config_load(struct config *config, struct settings *settings,
    const char *path, struct mx_err *err) MX_MUST_USE;

/* Variables MXTREND_SECTION_KEY, such as MXTREND_REPORT_TIMEZONE. An empty
 * one counts as unset. */
enum mx_code config_environment(struct config *config,
    struct settings *settings, struct mx_err *err) MX_MUST_USE;

/* The key "section.name" was replaced by an option. */
void config_note_option(struct config *config, const char *key);

/* Effective values with their origin, itself a valid configuration. */
void config_show(const struct config *config, const struct settings *settings,
    struct strbuf *out);

#endif
