/* SPDX-License-Identifier: BSD-2-Clause */
/* What a format has under way at the end of an input, for the next input of
 * the same log. Used by log_reader.c and log_offers.c; made and stored by
 * whoever reads inputs (ingest_formats.h). */
#ifndef MX_PARSERS_LOG_MEMORY_H
#define MX_PARSERS_LOG_MEMORY_H

#include "parsers/ingest_formats.h"

/* Give STATE what CONTEXT's log had under way, where its input goes on right
 * behind what was read last. */
void log_memory_load(const struct log_context *context, void *state);
/* Note what STATE has under way after a line of LAST_UTC; NULL: the input had
 * no line of the format. */
void log_memory_save(const struct log_context *context, const void *state,
    int64_t last_utc);

#endif
