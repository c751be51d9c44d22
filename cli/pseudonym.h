/* SPDX-License-Identifier: BSD-2-Clause */
/* Names for things that must not be told: the same thing under the same key
 * has the same name in every report, and without the key nobody can go back
 * or guess (HMAC-SHA-256, GLib's). Knows no report and no option. */
#ifndef MX_CLI_PSEUDONYM_H
#define MX_CLI_PSEUDONYM_H

#include "base/err.h"
#include "base/slice.h"
#include "base/strbuf.h"

enum { PSEUDONYM_KEY_BYTES = 32 };

struct pseudonym_key {
	uint8_t bytes[PSEUDONYM_KEY_BYTES];
};

/* The key in the file PATH (64 hexadecimal digits), which is made with mode
 * 0600 where it is missing; "" = a random one that is gone with the run.
 * MX_E_PERM when others may read it, MX_E_DATA when it holds no key. */
enum mx_code pseudonym_key_load(const char *path,
    struct pseudonym_key *key_r, struct mx_err *err) MX_MUST_USE;

/* KIND ("u"), a dash and DIGITS (at most 64) hexadecimal digits that stand
 * for TEXT; the same text of another kind has another name. */
void pseudonym_add(struct strbuf *out, const struct pseudonym_key *key,
    const char *kind, struct slice text, unsigned digits);

#endif
