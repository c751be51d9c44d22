/* SPDX-License-Identifier: BSD-2-Clause */
/* One typed place in struct settings, and the text forms that may go there:
 * what options, configuration keys and variables have in common. Knows
 * neither of them. */
#ifndef MX_CLI_VALUE_H
#define MX_CLI_VALUE_H

#include "base/err.h"
#include "base/slice.h"
#include "base/strbuf.h"

struct settings;

enum value_kind {
	VALUE_NONE,   /* no place: the row is handled by name */
	VALUE_FLAG,   /* bool: any use sets it */
	VALUE_COUNT,  /* unsigned: each use adds one */
	VALUE_TEXT,   /* const char *: a copy in the settings' arena */
	VALUE_NUMBER, /* int64_t, min..max */
	VALUE_AGE,    /* int64_t seconds: 90d, 2 weeks; "never" is 0 */
	VALUE_CHOICE  /* an enum: the index in choices */
};

struct value_slot {
	enum value_kind kind;
	size_t offset; /* in struct settings */
	int64_t min, max;
	const char *const *choices; /* NULL-ended */
};

/* CODE is what a bad text is: MX_E_USAGE or MX_E_CONFIG; err->text is the
 * reason alone ("'x' is no number"). */
enum mx_code value_set(struct settings *settings,
    const struct value_slot *slot, struct slice text, enum mx_code code,
    struct mx_err *err) MX_MUST_USE;

/* Appends the value in the form that value_set reads; nothing for a text
 * that is not set. */
void value_show(const struct settings *settings,
    const struct value_slot *slot, struct strbuf *out);

/* The names of enum yes_no, addresses_kept, color_when and fail_on, in their
 * order. */
extern const char *const value_yes_no_names[];
extern const char *const value_color_names[];
extern const char *const value_addresses_names[];
extern const char *const value_fail_on_names[];

#endif
