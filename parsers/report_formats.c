/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/report_formats.h"

#include "base/limits.h"
#include "base/strbuf.h"
#include "parsers/mail_parts.h"
#include "parsers/report_context.h"
#include "parsers/report_payload.h"
#include "parsers/report_text.h"

/* THE TABLE of what report_payload.c tells apart. */
const struct report_format report_formats[] = {
	{ "dmarc", "DMARC aggregate report (RFC 7489, RFC 9990)",
	    "XML with an element feedback" },
	{ "tlsrpt", "SMTP TLS report (RFC 8460)",
	    "JSON with organization-name, report-id or policies" },
	{ "complaint", "feedback loop report (RFC 5965), Microsoft JMRP",
	    "mail with a part message/feedback-report" },
	{ "bounce-mail", "bounce or delay notice (RFC 3464), Exchange NDR",
	    "mail with a part message/delivery-status, or a mailer's text" },
	{ "snds", "Microsoft SNDS download, data and ipStatus",
	    "lines of comma-separated fields, an IPv4 address first" },
	{ "mail", "mails with any of these: message, mbox, Maildir file",
	    "header fields, or a line \"From \" and header fields" },
	{ NULL, NULL, NULL }
};

enum { CHUNK = 64 * 1024, LONGEST_SEPARATOR = 4096 };

bool
report_probe(struct slice head)
{
	return report_content_of(head) != REPORT_CONTENT_NONE;
}

struct dmarc_report *
report_read_early(struct slice head)
{
	return report_payload_parse(head);
}

void
report_early_free(struct dmarc_report *early)
{
	dmarc_report_free(early);
}

bool
report_is_mailbox(struct slice head)
{
	return mail_is_mbox(head);
}

/* ------------------------------------------------------------------ */

/* A mailbox as it goes by: one message is held at a time. */
struct mbox {
	const struct report_context *context;
	const struct report_input *input;
	uint64_t offset; /* of LINE */
	struct strbuf message, line;
	bool is_after_blank, is_line_start, turns_cr;
};

/* What may stand in front of the first separator. */
static bool
is_blank(struct slice text)
{
	if (slice_starts(text, SLICE("\xef\xbb\xbf")))
		text = slice_skip(text, 3);
	return slice_trim(text).len == 0;
}

static enum mx_code
end_message(struct mbox *mbox, struct mx_err *err)
{
	enum mx_code code = MX_OK;
	struct mx_err why;

	if (mbox->message.is_cut) {
		(void)mx_fail(&why, MX_E_LIMIT, "a message above %u MiB",
		    LIMIT_MAIL_BYTES / (1024 * 1024));
		code = mbox->context->sink->refused(mbox->context->sink->ctx,
		    mbox->context->path, SKIP_LIMIT, &why, err);
	} else if (!is_blank(strbuf_slice(&mbox->message))) {
		code = report_payload(mbox->context,
		    strbuf_slice(&mbox->message), err);
	}
	strbuf_reset(&mbox->message);
	if (code == MX_OK && mbox->input->message_end != NULL)
		code = mbox->input->message_end(mbox->input->message_end_ctx,
		    mbox->offset, err);
	return code;
}

/* mboxrd and mboxo put a ">" in front of what would look like a separator. */
static bool
is_quoted(struct slice line)
{
	while (line.len != 0 && line.ptr[0] == '>')
		line = slice_skip(line, 1);
	return slice_starts(line, SLICE("From "));
}

static enum mx_code
end_line(struct mbox *mbox, struct mx_err *err)
{
	struct slice line = strbuf_slice(&mbox->line);
	struct slice text = slice_trim(line);
	enum mx_code code = MX_OK;

	if (mbox->is_line_start && mbox->is_after_blank &&
	    mail_is_separator(text))
		code = end_message(mbox, err);
	if (mbox->is_line_start && text.len != 0 && line.ptr[0] == '>' &&
	    is_quoted(line))
		line = slice_skip(line, 1);
	strbuf_add_slice(&mbox->message, line);
	mbox->is_line_start = line.len != 0 &&
	    line.ptr[line.len - 1] == '\n';
	mbox->is_after_blank = mbox->is_line_start && text.len == 0;
	mbox->offset += mbox->line.len;
	strbuf_reset(&mbox->line);
	return code;
}

static enum mx_code
feed(struct mbox *mbox, char *ptr, size_t len, struct mx_err *err)
{
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < len && mbox->turns_cr; i++)
		ptr[i] = ptr[i] == '\r' ? '\n' : ptr[i];
	while (len != 0 && code == MX_OK) {
		const char *end = memchr(ptr, '\n', len);
		size_t here = end != NULL ? (size_t)(end - ptr) + 1 : len;
		size_t room = LONGEST_SEPARATOR - mbox->line.len;
		bool is_full = here >= room;

		here = is_full ? room : here;
		strbuf_add(&mbox->line, ptr, here);
		ptr += here;
		len -= here;
		if (is_full || ptr[-1] == '\n')
			code = end_line(mbox, err);
	}
	return code;
}

static enum mx_code
read_mbox(const struct report_context *context,
    const struct report_input *input, bool turns_cr, struct mx_err *err)
{
	struct mbox mbox = { .context = context, .input = input,
		.offset = input->offset, .is_after_blank = true,
		.is_line_start = true, .turns_cr = turns_cr };
	char *buf = mx_alloc(CHUNK);
	enum mx_code code = MX_OK;
	size_t got = 1;

	strbuf_init(&mbox.message, LIMIT_MAIL_BYTES);
	strbuf_init(&mbox.line, LONGEST_SEPARATOR);
	while (code == MX_OK && got != 0) {
		got = 0;
		code = input->source->read(input->source, buf, CHUNK, &got,
		    err);
		if (code == MX_OK)
			code = feed(&mbox, buf, got, err);
	}
	if (code == MX_OK && mbox.line.len != 0)
		code = end_line(&mbox, err);
	if (code == MX_OK)
		code = end_message(&mbox, err);
	strbuf_release(&mbox.line);
	strbuf_release(&mbox.message);
	free(buf);
	return code;
}

/* A gzip that is damaged behind its content is read all the same, which the
 * note tells. */
static enum mx_code
read_whole(const struct report_context *context,
    const struct report_input *input, struct mx_err *err)
{
	size_t limit = mail_probe(input->head) ? LIMIT_MAIL_BYTES :
	    LIMIT_REPORT_BYTES;
	struct mx_err fault = { .code = MX_OK };
	struct strbuf text;
	enum mx_code code = MX_OK;
	char buf[16 * 1024];
	size_t got = 1;

	if (input->early != NULL)
		return report_payload_tell(context, input->early, err);
	if (input->is_all)
		return report_payload(context, input->head, err);
	strbuf_init(&text, limit);
	while (code == MX_OK && got != 0 && !text.is_cut) {
		got = 0;
		code = input->source->read(input->source, buf, sizeof(buf),
		    &got, &fault);
		strbuf_add(&text, buf, got);
	}
	if (text.is_cut) {
		(void)mx_fail(&fault, MX_E_LIMIT, "more than %zu MiB",
		    limit / (1024 * 1024));
		code = context->sink->refused(context->sink->ctx,
		    context->path, SKIP_LIMIT, &fault, err);
	} else if (code == MX_OK || code == MX_E_DATA) {
		if (code == MX_E_DATA)
			(void)report_note(context, err, "%s", fault.text);
		code = report_payload(context, strbuf_slice(&text), err);
	} else if (err != NULL) {
		*err = fault;
	}
	strbuf_release(&text);
	return code;
}

static struct slice
last_component(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slice_str(slash != NULL ? slash + 1 : path);
}

enum mx_code
report_read(const struct report_input *input, const struct report_sink *sink,
    struct mx_err *err)
{
	struct report_context context = { .path = input->path,
		.file_name = last_component(input->path),
		.mail_utc = INT64_MIN, .now_utc = input->now_utc,
		.mtime_utc = input->mtime_utc, .zone = input->zone,
		.authserv_ids = input->authserv_ids,
		.sink = sink };

	if (mail_is_mbox(input->head))
		return read_mbox(&context, input,
		    slice_chr(input->head, '\n') == NULL, err);
	return read_whole(&context, input, err);
}
