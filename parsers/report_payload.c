/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/report_payload.h"

#include "base/limits.h"
#include "base/strbuf.h"
#include "parsers/domain_name.h"
#include "parsers/mail_parts.h"
#include "parsers/report_text.h"
#include "parsers/report_zip.h"
#include "parsers/utf16_text.h"

/* How deep we are: archives and messages count apart. */
struct payload {
	const struct report_context *context;
	unsigned layers, messages;
};

static enum mx_code read_payload(const struct payload *payload,
    struct slice text, struct mx_err *err);

static struct slice
without_front(struct slice text)
{
	if (slice_starts(text, SLICE("\xef\xbb\xbf")))
		text = slice_skip(text, 3);
	while (text.len != 0 && ascii_is_space(text.ptr[0]))
		text = slice_skip(text, 1);
	return text;
}

static struct slice
first_bytes(struct slice text)
{
	return slice_of(text.ptr, text.len < LIMIT_PROBE_BYTES ? text.len :
	    LIMIT_PROBE_BYTES);
}

static bool
holds(struct slice text, const char *word)
{
	return slice_find(first_bytes(text), slice_str(word)) != NULL;
}

static bool
is_xml(struct slice text)
{
	/* syslog's "<22>" is a priority */
	return text.len > 1 && text.ptr[0] == '<' &&
	    (ascii_is_alpha(text.ptr[1]) || text.ptr[1] == '?' ||
	    text.ptr[1] == '!');
}

static bool
is_tls_json(struct slice text)
{
	return text.len != 0 && text.ptr[0] == '{' &&
	    (holds(text, "\"organization-name\"") ||
	    holds(text, "\"policies\"") || holds(text, "\"report-id\""));
}

/* What the bytes of gzip, zip, "<?x" and "{\"" are in base64. */
static bool
is_base64(struct slice text)
{
	return slice_starts(text, SLICE("H4sI")) ||
	    slice_starts(text, SLICE("UEsD")) ||
	    slice_starts(text, SLICE("PD94")) ||
	    slice_starts(text, SLICE("eyJ"));
}

/* What text in UTF-16 is; as it is, XML alone is read. */
static enum report_content
content_of_utf16(struct slice text)
{
	enum report_content content;
	struct strbuf plain;

	strbuf_init(&plain, 2 * LIMIT_PROBE_BYTES);
	utf16_to_utf8(first_bytes(text), &plain);
	content = report_content_of(strbuf_slice(&plain));
	strbuf_release(&plain);
	return content == REPORT_CONTENT_XML ||
	    content == REPORT_CONTENT_JSON || content == REPORT_CONTENT_SNDS ?
	    content : REPORT_CONTENT_NONE;
}

enum report_content
report_content_of(struct slice text)
{
	struct slice plain = without_front(text);

	if (utf16_has_mark(text))
		return content_of_utf16(text);
	if (slice_starts(text, SLICE("\x1f\x8b")))
		return REPORT_CONTENT_GZIP;
	if (slice_starts(text, SLICE("PK\x03\x04")) ||
	    slice_starts(text, SLICE("PK\x05\x06")))
		return REPORT_CONTENT_ZIP;
	if (slice_starts(text, SLICE("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")))
		return REPORT_CONTENT_MSG;
	if (is_xml(plain))
		return REPORT_CONTENT_XML;
	if (is_tls_json(plain))
		return REPORT_CONTENT_JSON;
	if (is_base64(plain))
		return REPORT_CONTENT_BASE64;
	if (mail_probe(text))
		return REPORT_CONTENT_MAIL;
	return snds_report_probe(text) ? REPORT_CONTENT_SNDS :
	    REPORT_CONTENT_NONE;
}

/* ------------------------------------------------------------------ */

static bool
is_reports_fault(enum mx_code code)
{
	return code == MX_E_DATA || code == MX_E_LIMIT;
}

/* WHY with the name of what it is about; the run goes on. */
static enum mx_code
refuse(const struct payload *payload, const struct mx_err *why,
    struct mx_err *err)
{
	const struct report_context *context = payload->context;

	return context->sink->refused(context->sink->ctx, context->path,
	    why->code == MX_E_LIMIT ? SKIP_LIMIT : SKIP_REPORT, why, err);
}

static enum mx_code
sinks_own(enum mx_code code, const struct mx_err *why, struct mx_err *err)
{
	if (err != NULL)
		*err = *why;
	return code;
}

/* CODE of a reader: the report's fault is told, the sink's is ours. */
static enum mx_code
judged(const struct payload *payload, enum mx_code code,
    const struct mx_err *why, struct mx_err *err)
{
	if (code == MX_OK)
		return code;
	return is_reports_fault(code) ? refuse(payload, why, err) :
	    sinks_own(code, why, err);
}

static int
base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (ascii_is_digit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* RFC 4648 4; foreign bytes are passed over, the first "=" ends it. */
static void
decode_base64(struct slice text, struct strbuf *out)
{
	unsigned bits = 0, held = 0;

	for (size_t i = 0; i < text.len && text.ptr[i] != '='; i++) {
		int value = base64_value(text.ptr[i]);

		if (value < 0)
			continue;
		bits = bits << 6 | (unsigned)value;
		held += 6;
		if (held < 8)
			continue;
		held -= 8;
		strbuf_add_char(out, (char)(bits >> held & 0xff));
		bits &= (1u << held) - 1;
	}
}

static enum mx_code
on_member(void *ctx, struct slice name, struct slice content,
    struct mx_err *err)
{
	const struct payload *outer = ctx;
	struct report_context context = *outer->context;
	struct payload inner = *outer;
	const char *slash;

	while ((slash = slice_chr(name, '/')) != NULL)
		name = slice_between(slash + 1, name.ptr + name.len);
	if (slice_chr(name, '!') != NULL)
		context.file_name = name;
	inner.context = &context;
	return read_payload(&inner, content, err);
}

/* The sink's own end, told apart from the archive's faults. */
struct member_run {
	struct payload payload;
	enum mx_code sink_code;
};

static enum mx_code
on_zip_member(void *ctx, struct slice name, struct slice content,
    struct mx_err *err)
{
	struct member_run *run = ctx;

	run->sink_code = on_member(&run->payload, name, content, err);
	return run->sink_code;
}

static enum mx_code
read_zip(const struct payload *payload, struct slice text,
    struct mx_err *why, bool *is_sinks_r)
{
	struct member_run run = { .payload = *payload };
	enum mx_code code;

	run.payload.layers++;
	code = report_unzip(text, on_zip_member, &run, why);
	*is_sinks_r = run.sink_code != MX_OK;
	return code;
}

/* Of a damaged gzip what comes out is read, if that is a whole report. */
static enum mx_code
read_gzip(const struct payload *payload, struct slice text,
    struct mx_err *why, bool *is_sinks_r)
{
	struct payload inner = *payload;
	struct strbuf out;
	enum mx_code code;

	inner.layers++;
	strbuf_init(&out, LIMIT_REPORT_BYTES);
	code = report_gunzip(text, &out, why);
	if (code == MX_OK || (code == MX_E_DATA && out.len != 0)) {
		if (code == MX_E_DATA)
			(void)report_note(payload->context, NULL, "%s",
			    why->text);
		code = read_payload(&inner, strbuf_slice(&out), why);
		*is_sinks_r = code != MX_OK;
	}
	strbuf_release(&out);
	return code;
}

static enum mx_code
read_base64(const struct payload *payload, struct slice text,
    struct mx_err *why, bool *is_sinks_r)
{
	struct payload inner = *payload;
	struct strbuf out;
	enum mx_code code;

	inner.layers++;
	strbuf_init(&out, LIMIT_REPORT_BYTES);
	decode_base64(text, &out);
	code = read_payload(&inner, strbuf_slice(&out), why);
	*is_sinks_r = code != MX_OK;
	strbuf_release(&out);
	return code;
}

/* ------------------------------------------------------------------ */

/* A part of a mail that is none of the texts for people. */
static bool
may_be_report(const struct mail_part *part)
{
	bool is_file = part->is_attachment || part->name.len != 0 ||
	    !slice_starts(part->type, SLICE("text/"));

	switch (report_content_of(part->content)) {
	case REPORT_CONTENT_GZIP:
	case REPORT_CONTENT_ZIP:
	case REPORT_CONTENT_JSON:
		return true;
	case REPORT_CONTENT_XML:
		return holds(part->content, "feedback") || (is_file &&
		    slice_find(part->type, SLICE("xml")) != NULL);
	case REPORT_CONTENT_BASE64:
	case REPORT_CONTENT_SNDS:
		return is_file;
	case REPORT_CONTENT_MAIL:
	case REPORT_CONTENT_MSG:
	case REPORT_CONTENT_NONE:
		break;
	}
	return is_file && (slice_eq(part->type, SLICE("application/gzip")) ||
	    slice_eq(part->type, SLICE("application/zip")) ||
	    slice_starts(part->type, SLICE("application/tlsrpt")));
}

static enum mx_code
read_mail(const struct payload *payload, struct slice text,
    struct mx_err *err);

static enum mx_code
refuse_large(const struct payload *payload, struct mx_err *err)
{
	struct mx_err why;

	(void)mx_fail(&why, MX_E_LIMIT,
	    "an attached message above %u MiB or a part above %u MiB",
	    LIMIT_NESTED_MAIL_BYTES / (1024 * 1024),
	    LIMIT_REPORT_BYTES / (1024 * 1024));
	return refuse(payload, &why, err);
}

static enum mx_code
read_part(const struct payload *payload, const struct mail_part *part,
    struct mx_err *err)
{
	struct report_context context = *payload->context;
	struct payload inner = *payload;

	inner.context = &context;
	if (part->name.len != 0)
		context.file_name = part->name;
	if (part->is_cut && (part->is_message || may_be_report(part)))
		return refuse_large(&inner, err);
	if (part->is_message)
		return read_mail(&inner, part->content, err);
	return may_be_report(part) ?
	    read_payload(&inner, part->content, err) : MX_OK;
}

static enum mx_code
read_opened(const struct payload *payload, const struct mail *mail,
    struct mx_err *err)
{
	bool is_done = false;
	enum mx_code code = arf_report_read(payload->context, mail, &is_done,
	    err);

	if (code == MX_OK && !is_done)
		code = dsn_report_read(payload->context, mail, &is_done, err);
	for (size_t i = 0; i < mail->part_count && code == MX_OK && !is_done;
	    i++)
		code = read_part(payload, &mail->parts[i], err);
	if (code == MX_OK && mail->is_cut)
		code = report_note(payload->context, err,
		    "parts above %u were left out", LIMIT_MIME_PARTS);
	return code;
}

static void
take_sender(struct report_context *context, struct slice head,
    struct arena *arena)
{
	struct slice from = report_address(context->from);

	context->mail_from = from.len != 0 ? from : SLICE_NONE;
	context->auth = mail_auth_read(head, context->authserv_ids,
	    report_domain(arena, address_domain(from)), arena);
}

static enum mx_code
read_mail(const struct payload *payload, struct slice text,
    struct mx_err *err)
{
	struct report_context context = *payload->context;
	struct payload inner = { .context = &context,
		.layers = payload->layers,
		.messages = payload->messages + 1 };
	struct arena arena;
	struct mail *mail;
	struct mx_err why;
	enum mx_code code;

	if (inner.messages > LIMIT_MAIL_NESTING) {
		(void)mx_fail(&why, MX_E_LIMIT,
		    "messages nest deeper than %u", LIMIT_MAIL_NESTING);
		return refuse(payload, &why, err);
	}
	code = mail_open(text, &mail, &why);
	if (code != MX_OK)
		return refuse(payload, &why, err);
	arena_init(&arena);
	context.subject = report_field_named(mail->head, &arena, "Subject");
	context.from = report_field_named(mail->head, &arena, "From");
	if (payload->messages == 0)
		take_sender(&context, mail->head, &arena);
	context.tls_domain = report_field_named(mail->head, &arena,
	    "TLS-Report-Domain");
	context.mail_utc = report_mail_date(report_field_named(mail->head,
	    &arena, "Date"));
	code = read_opened(&inner, mail, err);
	arena_release(&arena);
	mail_close(mail);
	return code;
}

static enum mx_code
too_many_layers(struct mx_err *why)
{
	return mx_fail(why, MX_E_LIMIT, "archives nest deeper than %u",
	    LIMIT_REPORT_LAYERS);
}

/* The library that reads XML knows UTF-16 itself. */
static enum mx_code
read_utf16(const struct payload *payload, struct slice text,
    struct mx_err *err)
{
	struct strbuf plain;
	enum mx_code code;

	strbuf_init(&plain, 2 * (size_t)LIMIT_REPORT_BYTES);
	utf16_to_utf8(text, &plain);
	code = read_payload(payload, strbuf_slice(&plain), err);
	strbuf_release(&plain);
	return code;
}

static enum mx_code
read_payload(const struct payload *payload, struct slice text,
    struct mx_err *err)
{
	const struct report_context *context = payload->context;
	enum report_content content = report_content_of(text);
	struct slice plain = without_front(text);
	bool is_sinks = false;
	struct mx_err why = { .code = MX_OK };
	enum mx_code code = MX_OK;

	if (utf16_has_mark(text) && (content == REPORT_CONTENT_JSON ||
	    content == REPORT_CONTENT_SNDS))
		return read_utf16(payload, text, err);
	switch (content) {
	case REPORT_CONTENT_XML:
		code = dmarc_report_read(context, plain, &why);
		break;
	case REPORT_CONTENT_JSON:
		code = tlsrpt_report_read(context, plain, &why);
		break;
	case REPORT_CONTENT_SNDS:
		code = snds_report_read(context, plain, &why);
		break;
	case REPORT_CONTENT_MAIL:
		code = read_mail(payload, text, &why);
		is_sinks = true;
		break;
	case REPORT_CONTENT_GZIP:
		code = payload->layers >= LIMIT_REPORT_LAYERS ?
		    too_many_layers(&why) :
		    read_gzip(payload, text, &why, &is_sinks);
		break;
	case REPORT_CONTENT_ZIP:
		code = payload->layers >= LIMIT_REPORT_LAYERS ?
		    too_many_layers(&why) :
		    read_zip(payload, text, &why, &is_sinks);
		break;
	case REPORT_CONTENT_BASE64:
		code = payload->layers >= LIMIT_REPORT_LAYERS ?
		    too_many_layers(&why) :
		    read_base64(payload, plain, &why, &is_sinks);
		break;
	case REPORT_CONTENT_MSG:
		code = mx_fail(&why, MX_E_DATA,
		    "a message as Outlook keeps it; save it as .eml");
		break;
	case REPORT_CONTENT_NONE:
		code = mx_fail(&why, MX_E_DATA, "not a report");
		break;
	}
	return is_sinks && code != MX_OK ? sinks_own(code, &why, err) :
	    judged(payload, code, &why, err);
}

enum mx_code
report_payload(const struct report_context *context, struct slice text,
    struct mx_err *err)
{
	struct payload payload = { .context = context };

	return read_payload(&payload, text, err);
}

struct dmarc_report *
report_payload_parse(struct slice text)
{
	return report_content_of(text) == REPORT_CONTENT_XML ?
	    dmarc_report_parse(without_front(text)) : NULL;
}

enum mx_code
report_payload_tell(const struct report_context *context,
    struct dmarc_report *parsed, struct mx_err *err)
{
	struct payload payload = { .context = context };
	struct mx_err why = { .code = MX_OK };
	enum mx_code code = dmarc_report_tell(parsed, context, &why);

	return judged(&payload, code, &why, err);
}
