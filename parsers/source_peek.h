/* SPDX-License-Identifier: BSD-2-Clause */
/* A source whose first bytes can be looked at before they are read. */
#ifndef MX_PARSERS_SOURCE_PEEK_H
#define MX_PARSERS_SOURCE_PEEK_H

#include "base/slice.h"
#include "parsers/source.h"

/* Takes INNER over and reads its first bytes, up to LIMIT_PROBE_BYTES or one
 * piece of what INNER takes; they are given again to who reads. An error that
 * comes with them is kept for the reader. *head_r is valid until the first
 * read. */
struct byte_source *source_peek(struct byte_source *inner,
    struct slice *head_r);
/* The same; where INNER ends within the head (*is_all_r) it is closed at once,
 * and no more than the head's bytes are held. For many files at a time that do
 * not grow while they are read. */
struct byte_source *source_peek_small(struct byte_source *inner,
    struct slice *head_r, bool *is_all_r);

#endif
