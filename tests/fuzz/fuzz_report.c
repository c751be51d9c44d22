/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a report, bare, packed or mailed: whatever comes out is a fact
 * with a head, or a refusal with a reason. */
#include "base/limits.h"
#include "parsers/report_formats.h"
#include "parsers/report_payload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
	size_t facts, refused;
};

static enum mx_code
fact(void *ctx, const struct report_head *head)
{
	struct seen *seen = ctx;

	if (head == NULL || head->path == NULL)
		mx_bug("a fact without a head");
	seen->facts++;
	return MX_OK;
}

static enum mx_code
on_dmarc(void *ctx, const struct dmarc_row *row, struct mx_err *err)
{
	(void)err;
	if (row->dkim_count > LIMIT_ROW_RESULTS ||
	    row->spf_count > LIMIT_ROW_RESULTS ||
	    row->source_ip.len > LIMIT_REPORT_TEXT_BYTES)
		mx_bug("a row above its limits");
	return fact(ctx, row->head);
}

static enum mx_code
on_policy(void *ctx, const struct tls_policy *policy, struct mx_err *err)
{
	(void)err;
	return fact(ctx, policy->head);
}

static enum mx_code
on_failure(void *ctx, const struct tls_failure *failure, struct mx_err *err)
{
	(void)err;
	return fact(ctx, failure->head);
}

static enum mx_code
on_complaint(void *ctx, const struct complaint *complaint, struct mx_err *err)
{
	(void)err;
	return fact(ctx, complaint->head);
}

static enum mx_code
on_snds(void *ctx, const struct snds_row *row, struct mx_err *err)
{
	(void)err;
	if (slice_is_none(row->source_ip) == slice_is_none(row->range))
		mx_bug("an SNDS row is of an address or of a range");
	return fact(ctx, row->head);
}

static enum mx_code
on_bounce(void *ctx, const struct bounce_mail *bounce, struct mx_err *err)
{
	(void)err;
	if (bounce->reply.len > LIMIT_MAIL_BYTES)
		mx_bug("a reply above its limit");
	return fact(ctx, bounce->head);
}

static enum mx_code
on_report_end(void *ctx, const struct report_head *head, struct mx_err *err)
{
	(void)ctx;
	(void)err;
	if (head == NULL || head->path == NULL)
		mx_bug("a report that ends nowhere");
	return MX_OK;
}

static enum mx_code
on_note(void *ctx, const char *path, const char *text, struct mx_err *err)
{
	(void)ctx;
	(void)err;
	if (path == NULL || text[0] == '\0')
		mx_bug("a note that says nothing");
	return MX_OK;
}

static enum mx_code
on_refused(void *ctx, const char *path, enum skip_reason reason,
    const struct mx_err *why, struct mx_err *err)
{
	struct seen *seen = ctx;

	(void)path;
	(void)err;
	if (why->text[0] == '\0' ||
	    (reason != SKIP_REPORT && reason != SKIP_LIMIT))
		mx_bug("a refusal without a reason");
	seen->refused++;
	return MX_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen seen = { 0 };
	struct report_sink sink = { .ctx = &seen, .dmarc = on_dmarc,
		.tls_policy = on_policy, .tls_failure = on_failure,
		.complaint = on_complaint, .snds = on_snds,
		.bounce = on_bounce, .report_end = on_report_end,
		.note = on_note, .refused = on_refused };
	struct slice text = slice_of((const char *)data, size);
	struct report_input input = { .path = "fuzz", .head = text,
		.source = source_of_memory(text.ptr, text.len, 4093),
		.now_utc = 1795392000, .mtime_utc = INT64_MIN };
	struct mx_err err;

	if (report_read(&input, &sink, &err) != MX_OK)
		mx_bug("reading reports ends with the input only");
	input.source->close(input.source);
	return 0;
}
