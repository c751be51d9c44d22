/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/parse_reports.h"

#include "analyzer/reporters.h"
#include "base/limits.h"
#include "base/say.h"
#include "cli/fact_json.h"

void
report_printer_init(struct report_printer *printer)
{
	strbuf_init(&printer->scratch, LIMIT_LINE_BYTES);
	strbuf_init(&printer->asked, LIMIT_LINE_BYTES);
	strbuf_init(&printer->answer, LIMIT_LINE_BYTES);
	strbuf_init(&printer->common.head, LIMIT_OUTPUT_PIECE_BYTES);
	strbuf_init(&printer->common.tail, LIMIT_OUTPUT_PIECE_BYTES);
}

void
report_printer_release(struct report_printer *printer)
{
	strbuf_release(&printer->scratch);
	strbuf_release(&printer->asked);
	strbuf_release(&printer->answer);
	strbuf_release(&printer->common.head);
	strbuf_release(&printer->common.tail);
}

/* All that reporter_provider() looks at, in one text. */
static void
add_reporter(struct strbuf *out, const struct report_head *head)
{
	const struct slice parts[] = { head->reporter, head->reporter_domain,
		head->receiver };

	strbuf_reset(out);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		strbuf_add_slice(out, parts[i]);
		strbuf_add_char(out, '\0');
	}
}

static struct slice
provider_of(struct report_printer *printer, const struct report_head *head)
{
	struct strbuf *asked = &printer->asked;

	add_reporter(&printer->scratch, head);
	if (asked->len != 0 && slice_eq(strbuf_slice(asked),
	    strbuf_slice(&printer->scratch)))
		return strbuf_slice(&printer->answer);
	strbuf_reset(asked);
	strbuf_add_slice(asked, strbuf_slice(&printer->scratch));
	strbuf_reset(&printer->answer);
	strbuf_add_slice(&printer->answer, reporter_provider(
	    printer->providers, head, &printer->scratch));
	return strbuf_slice(&printer->answer);
}

static enum mx_code
on_dmarc(void *ctx, const struct dmarc_row *row, struct mx_err *err)
{
	struct report_printer *printer = ctx;

	if (!printer->has_common)
		report_json_dmarc_common(&printer->common, row,
		    provider_of(printer, row->head));
	printer->has_common = true;
	report_json_dmarc(printer->out, row, &printer->common);
	return printer->told(printer->ctx, err);
}

static enum mx_code
on_tls_policy(void *ctx, const struct tls_policy *policy, struct mx_err *err)
{
	struct report_printer *printer = ctx;

	report_json_tls_policy(printer->out, policy,
	    provider_of(printer, policy->head));
	return printer->told(printer->ctx, err);
}

static enum mx_code
on_tls_failure(void *ctx, const struct tls_failure *failure,
    struct mx_err *err)
{
	struct report_printer *printer = ctx;

	report_json_tls_failure(printer->out, failure,
	    provider_of(printer, failure->head));
	return printer->told(printer->ctx, err);
}

static enum mx_code
on_complaint(void *ctx, const struct complaint *complaint, struct mx_err *err)
{
	struct report_printer *printer = ctx;

	report_json_complaint(printer->out, complaint,
	    provider_of(printer, complaint->head));
	return printer->told(printer->ctx, err);
}

static enum mx_code
on_snds(void *ctx, const struct snds_row *row, struct mx_err *err)
{
	struct report_printer *printer = ctx;

	/* nobody else has such exports */
	report_json_snds(printer->out, row, SLICE("microsoft-consumer"));
	return printer->told(printer->ctx, err);
}

static enum mx_code
on_bounce(void *ctx, const struct bounce_mail *bounce, struct mx_err *err)
{
	struct report_printer *printer = ctx;
	struct bounce_mail judged = *bounce;

	bounce_judge(printer->providers, printer->classifier, &judged,
	    &printer->scratch);
	report_json_bounce(printer->out, &judged);
	return printer->told(printer->ctx, err);
}

static enum mx_code
on_report_end(void *ctx, const struct report_head *head, struct mx_err *err)
{
	struct report_printer *printer = ctx;

	(void)head;
	(void)err;
	printer->has_common = false;
	return MX_OK;
}

static enum mx_code
on_note(void *ctx, const char *path, const char *text, struct mx_err *err)
{
	const struct report_printer *printer = ctx;

	(void)err;
	if (printer->is_verbose)
		say_note("%s: %s", path, text);
	return MX_OK;
}

static enum mx_code
on_refused(void *ctx, const char *path, enum skip_reason reason,
    const struct mx_err *why, struct mx_err *err)
{
	struct report_printer *printer = ctx;
	struct skipped skipped = { .where = { .path = path },
		.reason = reason };

	if (printer->worst == MX_OK)
		printer->worst = why->code;
	say_err(path, why);
	if (!printer->with_skipped)
		return MX_OK;
	fact_json_skipped(printer->out, &skipped);
	return printer->told(printer->ctx, err);
}

struct report_sink
report_printer_sink(struct report_printer *printer)
{
	return (struct report_sink){ .ctx = printer, .dmarc = on_dmarc,
		.tls_policy = on_tls_policy, .tls_failure = on_tls_failure,
		.complaint = on_complaint, .snds = on_snds,
		.bounce = on_bounce, .report_end = on_report_end,
		.note = on_note, .refused = on_refused };
}
