/* SPDX-License-Identifier: BSD-2-Clause */
/* The sink that formats are given: in front of the caller's, it sees whether
 * a line was a delivery, and lets none through that holds NULs. Used by
 * log_reader.c alone. */
#ifndef MX_PARSERS_LOG_WATCH_H
#define MX_PARSERS_LOG_WATCH_H

#include "parsers/ingest_formats.h"

struct log_watch {
	const struct fact_sink *out;
	const struct log_line *line;
	bool saw_delivery;
};

/* Valid as long as WATCH, whose members the caller sets. */
struct fact_sink log_watch_sink(struct log_watch *watch);

#endif
