/* SPDX-License-Identifier: BSD-2-Clause */
/* Bounces and delay notices: status fields (RFC 3464), Exchange's and
 * Outlook's, and the texts of mailers that send no fields (dsn_text.c). */
#include "parsers/report_context.h"

#include "base/limits.h"
#include "base/strbuf.h"
#include "parsers/dsn_text.h"
#include "parsers/mail_parts.h"
#include "parsers/reply_text.h"
#include "parsers/report_text.h"

static const char *const action_words[] = { "failed", "delayed", "delivered",
	"relayed", "expanded", NULL };

struct dsn_fields {
	struct slice recipient, original, actual, action, status, remote;
	struct slice diagnostic, last_attempt;
	struct slice code; /* an enhanced one found in prose */
};

struct dsn_run {
	const struct report_context *context;
	const struct mail *mail;
	struct arena arena;
	struct strbuf scratch;
	struct report_head head;
	struct slice queue_id, envelope_id, original_id;
	int64_t arrival_utc;
	unsigned recipients;
};

static const struct mail_part *
status_part(const struct mail *mail)
{
	for (size_t i = 0; i < mail->part_count; i++)
		if (slice_eq(mail->parts[i].type,
		    SLICE("message/delivery-status")) ||
		    slice_eq(mail->parts[i].type,
		    SLICE("message/global-delivery-status")))
			return &mail->parts[i];
	return NULL;
}

static const struct mail_part *
text_part(const struct mail *mail)
{
	for (size_t i = 0; i < mail->part_count; i++)
		if (slice_eq(mail->parts[i].type, SLICE("text/plain")))
			return &mail->parts[i];
	return mail->part_count != 0 && slice_eq(mail->parts[0].type,
	    SLICE("text/html")) ? &mail->parts[0] : NULL;
}

/* Header fields of the message that came back. */
static struct slice
returned_head(const struct mail *mail)
{
	for (size_t i = 0; i < mail->part_count; i++) {
		const struct mail_part *part = &mail->parts[i];

		if (part->is_message || slice_starts(part->type,
		    SLICE("text/rfc822-header")) || slice_eq(part->type,
		    SLICE("message/global-headers")))
			return part->content;
	}
	return SLICE_NONE;
}

static void
start(struct dsn_run *run, const struct report_context *context,
    const struct mail *mail)
{
	struct slice id;

	memset(run, 0, sizeof(*run));
	run->context = context;
	run->mail = mail;
	run->arrival_utc = INT64_MIN;
	arena_init(&run->arena);
	strbuf_init(&run->scratch, LIMIT_REPLY_BYTES);
	report_head_init(context, &run->head);
	run->head.receiver = SLICE_NONE;
	run->head.email = report_address(context->from);
	report_head_finish(&run->head, &run->arena);
	id = report_address(report_field_named(mail->head, &run->arena,
	    "Message-ID"));
	run->head.report_id = id.len != 0 ? id : SLICE_NONE;
	run->original_id = report_address(report_field_named(
	    returned_head(mail), &run->arena, "Message-ID"));
}

/* "dns; mx.example.net [192.0.2.1]" or "dns;mx.example.net": the host. */
static struct slice
host_of(struct dsn_run *run, struct slice text)
{
	struct slice host = report_address(text);
	size_t len = 0;

	while (len < host.len && !ascii_is_space(host.ptr[len]) &&
	    host.ptr[len] != '(' && host.ptr[len] != '[')
		len++;
	return report_domain(&run->arena, slice_of(host.ptr, len));
}

/* "smtp; 550 ..." without the type; whether that is a remote's reply. */
static struct slice
diagnostic_text(struct slice text, bool *is_own_r)
{
	const char *semicolon = slice_chr(text, ';');
	struct slice type, arrow = text;
	const char *at;

	*is_own_r = reply_code_of(text) == 0;
	if (semicolon != NULL) {
		type = slice_trim(slice_between(text.ptr, semicolon));
		if (type.len < 32 && slice_chr(type, ' ') == NULL) {
			text = slice_trim(slice_between(semicolon + 1,
			    text.ptr + text.len));
			*is_own_r = !slice_eq_nocase(type, SLICE("smtp")) &&
			    reply_code_of(text) == 0;
		}
	}
	/* Exchange Online quotes the further server behind an arrow */
	at = slice_find(text, SLICE(" -> "));
	if (at != NULL)
		arrow = slice_trim(slice_between(at + 4, text.ptr + text.len));
	return at != NULL && reply_code_of(arrow) != 0 ? arrow : text;
}

/* "5.7.1" at the start of TEXT. */
static struct slice
code_at_start(struct slice text)
{
	size_t len = 0;
	unsigned dots = 0;

	while (len < text.len && (ascii_is_digit(text.ptr[len]) ||
	    text.ptr[len] == '.'))
		dots += text.ptr[len++] == '.';
	while (len != 0 && text.ptr[len - 1] == '.') {
		len--;
		dots--;
	}
	return dots == 2 && len >= 5 && text.ptr[1] == '.' &&
	    (text.ptr[0] == '4' || text.ptr[0] == '5' || text.ptr[0] == '2') ?
	    slice_of(text.ptr, len) : SLICE_NONE;
}

static bool
says_nothing(struct slice code)
{
	return code.len == 0 || slice_ends(code, SLICE(".0.0"));
}

/* The one of the two that tells more: the reply's own, unless it is x.0.0. */
static struct slice
telling_code(struct slice status, struct slice reply)
{
	struct slice own = SLICE_NONE;

	if (reply_code_of(reply) != 0)
		own = code_at_start(slice_trim(slice_skip(reply, 4)));
	if (slice_is_none(own) && reply.len != 0 && reply.ptr[0] == '#')
		own = code_at_start(slice_skip(reply, 1));
	if (slice_is_none(own))
		own = code_at_start(reply);
	if (!says_nothing(own) || slice_is_none(status))
		return own;
	return status;
}

static enum mx_code
tell(struct dsn_run *run, const struct dsn_fields *fields, struct mx_err *err)
{
	const struct report_sink *sink = run->context->sink;
	struct bounce_mail fact = { .head = &run->head };
	struct slice recipient = fields->recipient;
	size_t word = 0;

	if (++run->recipients > LIMIT_BOUNCE_RECIPIENTS)
		return MX_OK;
	if (recipient.len == 0)
		recipient = fields->original.len != 0 ? fields->original :
		    fields->actual;
	recipient = report_address(recipient);
	fact.recipient = recipient.len != 0 ? recipient : SLICE_NONE;
	fact.queue_id = run->queue_id;
	fact.original_id = run->original_id.len != 0 ? run->original_id :
	    run->envelope_id;
	while (word < fields->action.len &&
	    (ascii_is_alpha(fields->action.ptr[word])))
		word++;
	if (word != 0)
		fact.action = report_word(slice_of(fields->action.ptr, word),
		    action_words);
	fact.status = code_at_start(slice_trim(fields->status));
	fact.reply = diagnostic_text(slice_trim(fields->diagnostic),
	    &fact.is_own_text);
	fact.reply = reply_unfold(fact.reply, &run->scratch);
	fact.reply_code = reply_code_of(fact.reply);
	fact.dsn = telling_code(slice_is_none(fact.status) ?
	    code_at_start(fields->code) : fact.status, fact.reply);
	if (fact.reply.len == 0)
		fact.reply = SLICE_NONE;
	fact.remote_mta = host_of(run, fields->remote);
	fact.at_utc = report_mail_date(fields->last_attempt);
	if (fact.at_utc == INT64_MIN)
		fact.at_utc = run->context->mail_utc;
	if (fact.at_utc == INT64_MIN)
		fact.at_utc = run->arrival_utc;
	return sink->bounce(sink->ctx, &fact, err);
}

/* ------------------------------------------------------------------ */

#define DSN_FIELD(name, member) { (name), offsetof(struct dsn_fields, member) }

static const struct {
	const char *name;
	size_t offset;
} dsn_names[] = {
	DSN_FIELD("Final-Recipient", recipient),
	DSN_FIELD("Original-Recipient", original),
	DSN_FIELD("X-Actual-Recipient", actual),
	DSN_FIELD("Action", action),
	DSN_FIELD("Status", status),
	DSN_FIELD("Remote-MTA", remote),
	DSN_FIELD("Diagnostic-Code", diagnostic),
	DSN_FIELD("Last-Attempt-Date", last_attempt)
};

/* "X-Postfix-Queue-ID" and its like. */
static bool
is_queue_id(struct slice name)
{
	struct slice end = SLICE("-Queue-ID");

	return name.len > end.len + 2 && slice_eq_nocase(slice_of(
	    name.ptr + name.len - end.len, end.len), end);
}

static void
take_field(struct dsn_run *run, struct dsn_fields *fields, struct slice name,
    struct slice value)
{
	for (size_t i = 0; i < sizeof(dsn_names) / sizeof(dsn_names[0]); i++)
		if (slice_eq_nocase(name, slice_str(dsn_names[i].name))) {
			struct slice *field = (struct slice *)(void *)
			    ((char *)fields + dsn_names[i].offset);

			if (field->len == 0)
				*field = value;
			return;
		}
	if (slice_eq_nocase(name, SLICE("Reporting-MTA")) && value.len != 0)
		run->head.reporter = host_of(run, value);
	else if (slice_eq_nocase(name, SLICE("Arrival-Date")))
		run->arrival_utc = report_mail_date(value);
	else if (slice_eq_nocase(name, SLICE("Original-Envelope-Id")))
		run->envelope_id = value;
	else if (is_queue_id(name))
		run->queue_id = value;
}

static bool
is_recipient_group(const struct dsn_fields *fields)
{
	return fields->recipient.len + fields->original.len +
	    fields->actual.len + fields->action.len != 0;
}

/* Exchange quotes the reply in its text where the fields have none. */
static void
add_quoted_reply(struct dsn_run *run, struct dsn_fields *fields)
{
	const struct mail_part *text = text_part(run->mail);

	if (fields->diagnostic.len == 0 && text != NULL)
		fields->diagnostic = dsn_quoted_reply(text->content,
		    &run->arena);
}

static enum mx_code
read_fields(struct dsn_run *run, struct slice text, struct mx_err *err)
{
	enum mx_code code = MX_OK;
	struct slice name, value;

	while (text.len != 0 && code == MX_OK) {
		struct dsn_fields fields = { .recipient = SLICE_NONE };

		while (report_field(&text, &run->arena, &name, &value))
			take_field(run, &fields, name, value);
		if (!is_recipient_group(&fields))
			continue;
		add_quoted_reply(run, &fields);
		code = tell(run, &fields, err);
	}
	if (code == MX_OK && run->recipients == 0)
		code = report_note(run->context, err,
		    "a bounce whose fields name no recipient");
	return code;
}

static enum mx_code
on_text_bounce(void *ctx, const struct dsn_text_bounce *bounce,
    struct mx_err *err)
{
	struct dsn_run *run = ctx;
	struct dsn_fields fields = { .recipient = bounce->recipient,
		.action = bounce->is_delay ? SLICE("delayed") :
		    SLICE("failed"), .remote = bounce->host,
		.diagnostic = bounce->reply, .code = bounce->status };

	return tell(run, &fields, err);
}

enum mx_code
dsn_report_read(const struct report_context *context, const struct mail *mail,
    bool *is_mine_r, struct mx_err *err)
{
	const struct mail_part *status = status_part(mail);
	const struct mail_part *text = text_part(mail);
	struct dsn_run run;
	enum mx_code code;

	*is_mine_r = status != NULL || (text != NULL &&
	    dsn_text_probe(context, mail->head, text->content));
	if (!*is_mine_r)
		return MX_OK;
	start(&run, context, mail);
	code = status != NULL ? read_fields(&run, status->content, err) :
	    dsn_text_read(context, mail->head, text->content, on_text_bounce,
	    &run, err);
	if (code == MX_OK && run.recipients > LIMIT_BOUNCE_RECIPIENTS)
		code = report_note(context, err,
		    "recipients above %u were left out",
		    LIMIT_BOUNCE_RECIPIENTS);
	strbuf_release(&run.scratch);
	arena_release(&run.arena);
	return code;
}
