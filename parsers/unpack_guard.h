/* SPDX-License-Identifier: BSD-2-Clause */
/* Tells a bomb from a log, whatever it was compressed with. No ratio does: one
 * line repeated shrinks to a thousandth and is a log all the same. A bomb says
 * nothing: blanks and zeros, for gigabytes, out of next to nothing. */
#ifndef MX_PARSERS_UNPACK_GUARD_H
#define MX_PARSERS_UNPACK_GUARD_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/* Begin with zeros. */
struct unpack_guard {
	uint64_t out_bytes;          /* all that came out */
	uint64_t text_out, text_in;  /* where text was last seen */
};

/* The next LEN bytes that came out, IN_BYTES having gone in so far.
 * MX_E_LIMIT: above LIMIT_UNPACKED_BYTES, or LIMIT_UNPACKED_FREE bytes without
 * a line of text, more than LIMIT_UNPACKED_RATIO times what went in. */
enum mx_code unpack_guard_pass(struct unpack_guard *guard, const char *ptr,
    size_t len, uint64_t in_bytes, struct mx_err *err) MX_MUST_USE;

#endif
