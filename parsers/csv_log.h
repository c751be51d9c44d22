/* SPDX-License-Identifier: BSD-2-Clause */
/* Logs of comma separated values, line by line: rows that span lines, and what
 * becomes of the lines behind a quote that is never closed. Knows no MTA. */
#ifndef MX_PARSERS_CSV_LOG_H
#define MX_PARSERS_CSV_LOG_H

#include "parsers/csv_row.h"
#include "parsers/ingest_formats.h"

/* One row, whole: in LOG->row. The line is that of its end. IS_SEEN: the sink
 * was told of the line. */
typedef enum mx_code csv_log_row(void *ctx, const struct log_line *line,
    bool is_seen, const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err);

struct csv_log {
	struct csv_row row;
	struct stamp_clock *clock;
	csv_log_row *take;
	void *ctx;
	struct mx_where last; /* line */
};

/* One more line. A row whose quote is open after CSV_LINES lines was cut: each
 * of its lines is then taken on its own, or told as skipped. */
enum mx_code csv_log_line(struct csv_log *log, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err);
/* A row that waits for its end at the end of the input has none. */
enum mx_code csv_log_finish(struct csv_log *log, const struct fact_sink *sink,
    struct mx_err *err);

#endif
