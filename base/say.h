/* SPDX-License-Identifier: BSD-2-Clause */
/* Diagnostics for people, on standard error: "mxtrend: text". Control
 * characters and bytes that are not UTF-8 come out as \xNN, so that a log
 * line cannot drive the administrator's terminal. Knows no domain words. */
#ifndef MX_BASE_SAY_H
#define MX_BASE_SAY_H

#include "base/err.h"
#include "base/strbuf.h"

/* One line: trouble that the user must know of. Shown even under -q. */
void say_error(const char *fmt, ...) MX_PRINTF(1, 2);
/* One line: something to know; the caller asks its verbosity first. */
void say_note(const char *fmt, ...) MX_PRINTF(1, 2);
/* say_error with what *err holds, prefixed by "PLACE: " unless it is NULL. */
void say_err(const char *place, const struct mx_err *err);

/* A line on a terminal that the next one replaces; NULL takes it away. The
 * caller asks whether standard error is one. */
void say_progress(const char *fmt, ...) MX_PRINTF(1, 2);

/* Append TEXT to OUT with every control character (C0, DEL, C1), every byte
 * that is not valid UTF-8, and every bidirectional control (U+200E, U+200F,
 * U+202A..U+202E, U+2066..U+2069) as \xNN a byte. ASCII_ONLY: every
 * byte over 127 as well. */
void scrub_text(struct strbuf *out, struct slice text, bool ascii_only);

/* Length of the valid UTF-8 sequence at the start of TEXT (1..4), 0 if there
 * is none. RFC 3629: no overlong forms, no surrogates, at most U+10FFFF. */
size_t utf8_sequence(struct slice text, uint32_t *codepoint_r);

#endif
