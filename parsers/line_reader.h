/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes to lines, without a copy except where a line crosses two blocks.
 * Knows nothing of what a line says. */
#ifndef MX_PARSERS_LINE_READER_H
#define MX_PARSERS_LINE_READER_H

#include <signal.h>

#include "base/slice.h"
#include "parsers/source.h"

struct text_line {
	struct slice text;    /* without LF, CR before it, NULs in front */
	uint64_t number;      /* from 1 */
	uint64_t begin, end;  /* uncompressed offsets, end behind the LF */
	uint64_t nul_count;   /* NULs that were stripped in front */
	bool is_cut;          /* longer than LIMIT_LINE_BYTES; rest skipped */
	bool has_newline;     /* false only for the last line */
	bool is_torn;         /* no newline since the source failed */
};

struct line_reader;

/* Takes SOURCE over. Never NULL. */
struct line_reader *line_reader_new(struct byte_source *source);
void line_reader_free(struct line_reader *reader);

/* Once *STOP is not 0, a line that is too long, or nothing but NULs, is not
 * waited for any more: MX_E_STOPPED as if the source had failed. */
void line_reader_watch(struct line_reader *reader,
    const volatile sig_atomic_t *stop);

/* The first bytes of the input, up to LIMIT_PROBE_BYTES, before any line is
 * taken or skipped; valid until then. Errors of the source are kept for
 * line_reader_next. */
struct slice line_reader_head(struct line_reader *reader);

/* What the source failed with so far, though line_reader_next did not come to
 * it yet; MX_OK: nothing. */
enum mx_code line_reader_failure(const struct line_reader *reader,
    struct mx_err *err);

/* Go to the uncompressed OFFSET, where line NUMBER starts; before the first
 * line only. MX_E_DATA when the input is shorter. */
enum mx_code line_reader_skip(struct line_reader *reader, uint64_t offset,
    uint64_t number, struct mx_err *err) MX_MUST_USE;

/* The next line, valid until the next call. *end_r: no line, the input is
 * over. A failure of the source comes after all bytes before it; what stands
 * before it without newline is a line with has_newline false. */
enum mx_code line_reader_next(struct line_reader *reader,
    struct text_line *line_r, bool *end_r, struct mx_err *err) MX_MUST_USE;

/* How far the file itself was read, in its own (compressed) bytes. */
uint64_t line_reader_progress(struct line_reader *reader);

/* True when a NUL stands inside TEXT: not a line of a log. */
static inline bool
line_is_binary(struct slice text)
{
	return slice_chr(text, '\0') != NULL;
}

#endif
