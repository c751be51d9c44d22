/* SPDX-License-Identifier: BSD-2-Clause */
/* What must hold for every fact of a report, whatever its bytes were; shared
 * by the fuzz targets of the report readers. */
#ifndef MX_TESTS_REPORT_CHECKS_H
#define MX_TESTS_REPORT_CHECKS_H

#include "base/limits.h"
#include "parsers/report_context.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* 2026-11-23 */
enum { FUZZ_NOW_UTC = 1795392000 };

struct seen {
	size_t facts, refused;
	int64_t messages; /* of DMARC rows */
};

static inline enum mx_code
fact(void *ctx, const struct report_head *head)
{
	struct seen *seen = ctx;

	if (head == NULL || head->path == NULL)
		mx_bug("a fact without a head");
	seen->facts++;
	return MX_OK;
}

static inline enum mx_code
on_dmarc(void *ctx, const struct dmarc_row *row, struct mx_err *err)
{
	(void)err;
	if (row->dkim_count > LIMIT_ROW_RESULTS ||
	    row->spf_count > LIMIT_ROW_RESULTS ||
	    row->source_ip.len > LIMIT_REPORT_TEXT_BYTES)
		mx_bug("a row above its limits");
	if (row->count >= 0)
		((struct seen *)ctx)->messages += row->count;
	return fact(ctx, row->head);
}

static inline enum mx_code
on_policy(void *ctx, const struct tls_policy *policy, struct mx_err *err)
{
	(void)err;
	return fact(ctx, policy->head);
}

static inline enum mx_code
on_failure(void *ctx, const struct tls_failure *failure, struct mx_err *err)
{
	(void)err;
	return fact(ctx, failure->head);
}

static inline enum mx_code
on_complaint(void *ctx, const struct complaint *complaint, struct mx_err *err)
{
	(void)err;
	if (complaint->incidents < -1)
		mx_bug("incidents below none");
	return fact(ctx, complaint->head);
}

static inline enum mx_code
on_snds(void *ctx, const struct snds_row *row, struct mx_err *err)
{
	(void)err;
	if (slice_is_none(row->source_ip) == slice_is_none(row->range))
		mx_bug("an SNDS row is of an address or of a range");
	return fact(ctx, row->head);
}

static inline enum mx_code
on_bounce(void *ctx, const struct bounce_mail *bounce, struct mx_err *err)
{
	(void)err;
	if (bounce->reply.len > LIMIT_MAIL_BYTES)
		mx_bug("a reply above its limit");
	return fact(ctx, bounce->head);
}

static inline enum mx_code
on_report_end(void *ctx, const struct report_head *head, struct mx_err *err)
{
	(void)ctx;
	(void)err;
	if (head == NULL || head->path == NULL)
		mx_bug("a report that ends nowhere");
	return MX_OK;
}

static inline enum mx_code
on_note(void *ctx, const char *path, const char *text, struct mx_err *err)
{
	(void)ctx;
	(void)err;
	if (path == NULL || text[0] == '\0')
		mx_bug("a note that says nothing");
	return MX_OK;
}

static inline enum mx_code
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

static inline struct report_sink
checking_sink(struct seen *seen)
{
	return (struct report_sink){ .ctx = seen, .dmarc = on_dmarc,
		.tls_policy = on_policy, .tls_failure = on_failure,
		.complaint = on_complaint, .snds = on_snds,
		.bounce = on_bounce, .report_end = on_report_end,
		.note = on_note, .refused = on_refused };
}

static inline struct report_context
checking_context(const struct report_sink *sink)
{
	return (struct report_context){ .path = "fuzz",
		.file_name = SLICE("a!b!1!2.xml"), .mail_utc = INT64_MIN,
		.now_utc = FUZZ_NOW_UTC, .mtime_utc = INT64_MIN,
		.sink = sink };
}

/* READ over DATA: a fact with a head, or a reason why there is none. */
static inline void
check_reader(enum mx_code (*read)(const struct report_context *context,
    struct slice text, struct mx_err *err), const uint8_t *data, size_t size)
{
	struct seen seen = { 0 };
	struct report_sink sink = checking_sink(&seen);
	struct report_context context = checking_context(&sink);
	struct mx_err err = { .code = MX_OK };
	enum mx_code code = read(&context,
	    slice_of((const char *)data, size), &err);

	if (code != MX_OK && ((code != MX_E_DATA && code != MX_E_LIMIT) ||
	    err.text[0] == '\0'))
		mx_bug("a report is refused with a reason");
}

#endif
