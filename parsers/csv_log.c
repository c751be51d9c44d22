/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/csv_log.h"

static enum mx_code
seen(struct csv_log *log, const struct fact_sink *sink, struct mx_err *err)
{
	struct stamp none = { INT64_MIN, 0, 0 };

	return log_line_seen(log->clock, &none, SLICE_NONE, sink, err);
}

/* LINE for itself; the sink knows that it was read. */
static enum mx_code
take_alone(struct csv_log *log, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	if (csv_row_alone(&log->row, line->raw, ',') == CSV_ROW)
		return log->take(log->ctx, line, true, sink, result_r, err);
	return log_line_skip(line, SKIP_CUT, sink, result_r, err);
}

/* The lines that were held back, the last of which was AT. */
static enum mx_code
take_waiting(struct csv_log *log, const struct mx_where *at,
    const struct fact_sink *sink, struct mx_err *err)
{
	size_t count;
	struct slice text = csv_row_waiting(&log->row, &count);
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < count && code == MX_OK; i++) {
		const char *end = slice_chr(text, '\n');
		struct log_line line = { .raw = end != NULL ?
		    slice_between(text.ptr, end) : text, .where = *at };
		enum line_result unused;

		line.where.line -= count - 1 - i;
		text = slice_skip(text, line.raw.len + 1);
		code = take_alone(log, &line, sink, &unused, err);
	}
	csv_row_drop(&log->row);
	return code;
}

enum mx_code
csv_log_line(struct csv_log *log, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct mx_where before = log->last;
	enum mx_code code;
	size_t waiting;

	log->last = line->where;
	*result_r = LINE_TAKEN;
	switch (csv_row_add(&log->row, line->raw, ',')) {
	case CSV_ROW:
		return log->take(log->ctx, line, false, sink, result_r, err);
	case CSV_MORE:
		return seen(log, sink, err);
	case CSV_BAD:
		break;
	}
	(void)csv_row_waiting(&log->row, &waiting);
	code = seen(log, sink, err);
	if (code == MX_OK && waiting == 0)
		return log_line_skip(line, line->is_cut ? SKIP_CUT :
		    SKIP_MALFORMED, sink, result_r, err);
	if (code == MX_OK)
		code = take_waiting(log, &before, sink, err);
	return code == MX_OK ? take_alone(log, line, sink, result_r, err) :
	    code;
}

enum mx_code
csv_log_finish(struct csv_log *log, const struct fact_sink *sink,
    struct mx_err *err)
{
	return take_waiting(log, &log->last, sink, err);
}
