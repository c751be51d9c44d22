/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/ingest_formats.h"

/* One row a format: a declaration and a place in the order of offering. */
extern const struct log_format log_format_postfix;
extern const struct log_format log_format_exim;
extern const struct log_format log_format_opensmtpd;
extern const struct log_format log_format_sendmail;
extern const struct log_format log_format_powermta;
extern const struct log_format log_format_kumomta;
extern const struct log_format log_format_ses;
extern const struct log_format log_format_sendgrid;
extern const struct log_format log_format_exchange;
extern const struct log_format log_format_exchange_send;
extern const struct log_format log_format_zonemta;
extern const struct log_format log_format_haraka;
extern const struct log_format log_format_stalwart;
extern const struct log_format log_format_maddy;
extern const struct log_format log_format_qmail;
extern const struct log_format log_format_json_lines;
extern const struct log_format log_format_journal_export;

const struct log_format *const log_formats[] = {
	&log_format_postfix,
	&log_format_exim,
	&log_format_opensmtpd,
	&log_format_sendmail,
	&log_format_powermta,
	&log_format_kumomta,
	&log_format_ses,
	&log_format_sendgrid,
	&log_format_exchange,
	&log_format_exchange_send,
	&log_format_zonemta,
	&log_format_haraka,
	&log_format_stalwart,
	&log_format_maddy,
	&log_format_qmail,
	&log_format_json_lines,
	&log_format_journal_export,
	NULL
};

const struct log_format *
log_format_find(struct slice name)
{
	for (size_t i = 0; log_formats[i] != NULL; i++)
		if (slice_eq(name, slice_str(log_formats[i]->name)))
			return log_formats[i];
	return NULL;
}

bool
log_format_has_lines(const struct log_format *format)
{
	return format->probe != NULL || format->own_probe != NULL;
}

unsigned
log_format_probe(const struct log_format *format, struct slice head)
{
	if (format->own_probe != NULL)
		return format->own_probe(format, head);
	return format->probe != NULL ? format->probe(head) : 0;
}

bool
log_format_has_programs(const struct log_format *format)
{
	return format->role != NULL || format->own_role != NULL;
}

uint32_t
log_format_role(const struct log_format *format, struct slice tag)
{
	return format->own_role != NULL ? format->own_role(format, tag) :
	    format->role(tag);
}

enum mx_code
log_line_seen(struct stamp_clock *clock, const struct stamp *at,
    struct slice host, const struct fact_sink *sink, struct mx_err *err)
{
	if (at->utc != INT64_MIN)
		stamp_clock_saw(clock, at->utc);
	return sink->line_seen(sink->ctx, at, host, 1, err);
}

enum mx_code
log_line_skip(const struct log_line *line, enum skip_reason reason,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct skipped what = { line->where, line->raw, reason };

	if (reason == SKIP_CUT && line->is_cut)
		what.reason = SKIP_TOO_LONG;
	*result_r = LINE_SKIPPED;
	return sink->skipped(sink->ctx, &what, err);
}

bool
log_line_is_syslog(struct slice line, struct slice text)
{
	const char *first, *second;

	if (line.len != 0 && ascii_is_alpha(line.ptr[0]))
		return true;
	first = slice_chr(text, ' ');
	if (first == NULL || first == text.ptr || first[-1] == ':')
		return false;
	text = slice_skip(text, (size_t)(first + 1 - text.ptr));
	second = slice_chr(text, ' ');
	return second != NULL && second != text.ptr && second[-1] == ':';
}
