/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/report_context.h"

#include <stdarg.h>

#include "parsers/domain_name.h"
#include "parsers/report_text.h"

/* No report of this kind is older; the clocks of reporters may differ. */
enum { OLDEST_YEAR_UTC = 1262304000, FUTURE_S = 2 * 86400 };

enum mx_code
report_note(const struct report_context *context, struct mx_err *err,
    const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return context->sink->note(context->sink->ctx, context->path, text,
	    err);
}

/* "receiver!policy-domain!begin!end.xml.gz" (RFC 7489 7.2.1.1). */
static struct slice
receiver_of(struct slice file_name)
{
	const char *mark = slice_chr(file_name, '!');

	if (mark == NULL || slice_chr(slice_between(mark + 1,
	    file_name.ptr + file_name.len), '!') == NULL)
		return SLICE_NONE;
	return slice_between(file_name.ptr, mark);
}

void
report_head_init(const struct report_context *context,
    struct report_head *head)
{
	*head = (struct report_head){ .path = context->path,
		.receiver = receiver_of(context->file_name),
		.begin_utc = INT64_MIN, .end_utc = INT64_MIN,
		.mail_from = context->mail_from,
		.mail_dkim = context->auth.dkim,
		.mail_dkim_domain = context->auth.dkim_domain,
		.mail_dmarc = context->auth.dmarc };
}

void
report_head_finish(struct report_head *head, struct arena *arena)
{
	struct slice domain = address_domain(report_address(head->email));

	if (domain.len == 0)
		domain = head->receiver;
	head->reporter_domain = report_domain(arena, domain);
	if (head->reporter.len == 0)
		head->reporter = head->reporter_domain;
}

enum mx_code
report_check_period(const struct report_context *context,
    const struct report_head *head, struct mx_err *err)
{
	if (head->begin_utc == INT64_MIN || head->end_utc == INT64_MIN)
		return report_note(context, err, "the period is not told");
	if (head->end_utc < head->begin_utc)
		return report_note(context, err, "the period ends before it "
		    "begins");
	if (head->begin_utc < OLDEST_YEAR_UTC ||
	    head->end_utc > context->now_utc + FUTURE_S)
		return report_note(context, err, "the period is an odd one");
	return MX_OK;
}
