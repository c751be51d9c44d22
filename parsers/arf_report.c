/* SPDX-License-Identifier: BSD-2-Clause */
/* Complaints: feedback reports (RFC 5965, RFC 6591), Microsoft's mails before
 * June 2026 that are none, and gateways that write a text only. */
#include "parsers/report_context.h"

#include "base/limits.h"
#include "base/strbuf.h"
#include "parsers/domain_name.h"
#include "parsers/mail_parts.h"
#include "parsers/report_text.h"

/* RFC 5965 7.3, RFC 6430, RFC 6591, and the drafts' words. */
static const char *const feedback_types[] = { "abuse", "fraud", "virus",
	"other", "not-spam", "auth-failure", "opt-out", "opt-out-list",
	"miscategorized", "dmarc", NULL };

/* RFC 6591 3.1 and 3.2.2; "dmarc" is RFC 7489's. */
static const char *const auth_failures[] = { "adsp", "bodyhash", "revoked",
	"signature", "spf", "dmarc", NULL };
static const char *const delivery_results[] = { "delivered", "spam", "policy",
	"reject", "other", NULL };

struct arf_run {
	const struct report_context *context;
	const struct mail *mail;
	struct arena arena;
	struct report_head head;
	struct complaint complaint;
};

static const struct mail_part *
part_of_type(const struct mail *mail, const char *type)
{
	for (size_t i = 0; i < mail->part_count; i++)
		if (slice_eq(mail->parts[i].type, slice_str(type)))
			return &mail->parts[i];
	return NULL;
}

/* Header fields of the message that the complaint is about. */
static struct slice
original_head(const struct mail *mail)
{
	for (size_t i = 0; i < mail->part_count; i++) {
		const struct mail_part *part = &mail->parts[i];

		if (part->is_message || slice_starts(part->type,
		    SLICE("text/rfc822-header")))
			return part->content;
	}
	return SLICE_NONE;
}

static void
start(struct arf_run *run, const struct report_context *context,
    const struct mail *mail)
{
	struct slice id;

	memset(run, 0, sizeof(*run));
	run->context = context;
	run->mail = mail;
	arena_init(&run->arena);
	report_head_init(context, &run->head);
	run->head.receiver = SLICE_NONE;
	run->head.email = report_address(context->from);
	report_head_finish(&run->head, &run->arena);
	id = report_address(report_field_named(mail->head, &run->arena,
	    "Message-ID"));
	run->head.report_id = id.len != 0 ? id : SLICE_NONE;
	run->complaint.head = &run->head;
	run->complaint.at_utc = context->mail_utc;
	run->complaint.arrival_utc = INT64_MIN;
	run->complaint.incidents = -1;
}

/* ------------------------------------------------------------------ */

/* The address behind WORD in TEXT, up to what cannot belong to one. */
static struct slice
ip_behind(struct arf_run *run, struct slice text, const char *word)
{
	const char *at = report_find_nocase(text, slice_str(word));
	struct slice rest;
	size_t len = 0;

	if (at == NULL)
		return SLICE_NONE;
	rest = slice_trim(slice_between(at + strlen(word),
	    text.ptr + text.len));
	while (len < rest.len && (ascii_is_alnum(rest.ptr[len]) ||
	    rest.ptr[len] == '.' || rest.ptr[len] == ':'))
		len++;
	return report_ip(&run->arena, slice_of(rest.ptr, len));
}

/* Neither private nor of a carrier's NAT (RFC 6598). */
static bool
is_public(const struct ipaddr *addr)
{
	return !ipaddr_is_internal(addr) && (addr->family != IP_V4 ||
	    addr->bytes[0] != 100 || (addr->bytes[1] & 0xc0) != 64);
}

/* The first public address in brackets: what the receiver saw. "helo [x]" is
 * what the sender claimed. */
static struct slice
ip_of_received(struct arf_run *run, struct slice received)
{
	const char *by = report_find_nocase(received, SLICE(" by "));

	if (by != NULL)
		received = slice_between(received.ptr, by);
	for (size_t i = 0; i < received.len; i++) {
		struct slice rest = slice_skip(received, i);
		const char *close = slice_chr(rest, ']');
		struct ipaddr addr;

		if (rest.ptr[0] != '[' || close == NULL || (i >= 5 &&
		    slice_eq_nocase(slice_of(rest.ptr - 5, 5),
		    SLICE("helo ")))|| (i >= 5 && slice_eq_nocase(
		    slice_of(rest.ptr - 5, 5), SLICE("helo="))))
			continue;
		rest = slice_between(rest.ptr + 1, close);
		if (ipaddr_parse_literal(rest, &addr) &&
		    is_public(&addr))
			return report_ip(&run->arena, rest);
	}
	return SLICE_NONE;
}

/* Best first; "Received" lines count from the top. */
static struct slice
source_ip_of(struct arf_run *run, struct slice head)
{
	struct slice ranks[5] = { SLICE_NONE, SLICE_NONE, SLICE_NONE,
		SLICE_NONE, SLICE_NONE };
	struct slice name, value;

	while (report_field(&head, &run->arena, &name, &value)) {
		struct slice found[5] = { SLICE_NONE, SLICE_NONE, SLICE_NONE,
			SLICE_NONE, SLICE_NONE };

		if (slice_eq_nocase(name, SLICE("X-Originating-IP")))
			found[0] = report_ip(&run->arena, value);
		else if (slice_eq_nocase(name, SLICE("Received-SPF")))
			found[1] = ip_behind(run, value, "client-ip=");
		else if (slice_eq_nocase(name,
		    SLICE("Authentication-Results"))) {
			found[2] = ip_behind(run, value, "smtp.remote-ip=");
			found[3] = ip_behind(run, value, "sender IP is ");
		} else if (slice_eq_nocase(name, SLICE("Received")))
			found[4] = ip_of_received(run, value);
		for (size_t i = 0; i < 5; i++)
			if (slice_is_none(ranks[i]))
				ranks[i] = found[i];
	}
	for (size_t i = 0; i < 5; i++)
		if (!slice_is_none(ranks[i]))
			return ranks[i];
	return SLICE_NONE;
}

/* Several values of a field that may be repeated, joined by blanks. */
static void
join(struct arf_run *run, struct slice *list, struct slice value)
{
	char *joined;

	if (value.len == 0 ||
	    list->len + value.len > LIMIT_REPORT_TEXT_BYTES)
		return;
	if (list->len == 0) {
		*list = value;
		return;
	}
	joined = arena_alloc(&run->arena, list->len + value.len + 2);
	memcpy(joined, list->ptr, list->len);
	joined[list->len] = ' ';
	memcpy(joined + list->len + 1, value.ptr, value.len);
	*list = slice_of(joined, list->len + value.len + 1);
}

static void
take_word(struct slice *word, struct slice value, const char *const *list)
{
	if (value.len != 0)
		*word = report_word(value, list);
}

static void
take_field(struct arf_run *run, struct slice name, struct slice value)
{
	struct complaint *fact = &run->complaint;

	if (slice_eq_nocase(name, SLICE("Feedback-Type"))) {
		take_word(&fact->feedback_type, value, feedback_types);
	} else if (slice_eq_nocase(name, SLICE("Auth-Failure"))) {
		take_word(&fact->auth_failure, value, auth_failures);
	} else if (slice_eq_nocase(name, SLICE("Delivery-Result"))) {
		take_word(&fact->delivery_result, value, delivery_results);
	} else if (slice_eq_nocase(name, SLICE("User-Agent"))) {
		join(run, &fact->user_agent, value);
	} else if (slice_eq_nocase(name, SLICE("Source-IP"))) {
		fact->source_ip = report_ip(&run->arena, value);
	} else if (slice_eq_nocase(name, SLICE("Original-Mail-From"))) {
		fact->original_mail_from = report_address(value);
	} else if (slice_eq_nocase(name, SLICE("Original-Rcpt-To"))) {
		join(run, &fact->original_rcpt_to, report_address(value));
	} else if (slice_eq_nocase(name, SLICE("Reported-Domain"))) {
		join(run, &fact->reported_domain,
		    report_domain(&run->arena, value));
	} else if (slice_eq_nocase(name, SLICE("Incidents"))) {
		(void)report_count(value, &fact->incidents);
	} else if (slice_eq_nocase(name, SLICE("Arrival-Date")) ||
	    slice_eq_nocase(name, SLICE("Received-Date"))) {
		fact->arrival_utc = report_mail_date(value);
	}
}

static enum mx_code
tell(struct arf_run *run, struct mx_err *err)
{
	const struct report_sink *sink = run->context->sink;
	struct complaint *fact = &run->complaint;

	if (fact->at_utc == INT64_MIN)
		fact->at_utc = fact->arrival_utc;
	if (slice_is_none(fact->source_ip))
		fact->source_ip = source_ip_of(run, original_head(run->mail));
	fact->original_id = report_address(report_field_named(
	    original_head(run->mail), &run->arena, "Message-ID"));
	return sink->complaint(sink->ctx, fact, err);
}

/* ------------------------------------------------------------------ */

static enum mx_code
read_feedback(struct arf_run *run, struct slice fields, struct mx_err *err)
{
	struct slice name, value;
	enum mx_code code = MX_OK;

	while (fields.len != 0)
		while (report_field(&fields, &run->arena, &name, &value))
			take_field(run, name, value);
	if (slice_is_none(run->complaint.feedback_type))
		code = report_note(run->context, err,
		    "a complaint without Feedback-Type");
	return code == MX_OK ? tell(run, err) : code;
}

/* staff@hotmail.com, "complaint about message from 192.0.2.1", the message
 * attached. */
static bool
is_old_jmrp(const struct report_context *context, const struct mail *mail)
{
	return report_find_nocase(context->subject,
	    SLICE("complaint about message from ")) != NULL &&
	    original_head(mail).len != 0 && slice_find(original_head(mail),
	    SLICE("feedback-report")) == NULL;
}

static enum mx_code
read_old_jmrp(struct arf_run *run, struct mx_err *err)
{
	struct complaint *fact = &run->complaint;
	struct slice recipient = report_field_named(original_head(run->mail),
	    &run->arena, "X-HmXmrOriginalRecipient");

	fact->feedback_type = SLICE("abuse");
	fact->source_ip = ip_behind(run, run->context->subject,
	    "complaint about message from ");
	if (recipient.len != 0)
		fact->original_rcpt_to = report_address(recipient);
	return tell(run, err);
}

/* "A message claiming to be from you has failed ...", with lines "Sender IP
 * Address:" and "Received Date:" (gateways built on Exim). */
static bool
is_text_failure(const struct mail_part *text)
{
	return text != NULL && slice_find(text->content,
	    SLICE("A message claiming to be from you has failed")) != NULL;
}

static void
take_line(struct arf_run *run, struct slice line)
{
	const char *colon = slice_chr(line, ':');
	struct slice name, value;

	if (colon == NULL)
		return;
	name = slice_trim(slice_between(line.ptr, colon));
	value = slice_trim(slice_between(colon + 1, line.ptr + line.len));
	if (slice_eq_nocase(name, SLICE("Sender IP Address")))
		run->complaint.source_ip = report_ip(&run->arena, value);
	else if (slice_eq_nocase(name, SLICE("Sender Domain")) &&
	    value.len != 0)
		run->complaint.reported_domain =
		    report_domain(&run->arena, value);
	else if (slice_eq_nocase(name, SLICE("Received Date")))
		run->complaint.arrival_utc = report_mail_date(value);
}

static enum mx_code
read_text_failure(struct arf_run *run, struct slice text, struct mx_err *err)
{
	struct slice line;

	run->complaint.feedback_type = SLICE("auth-failure");
	while (report_line(&text, &line))
		take_line(run, line);
	return tell(run, err);
}

enum mx_code
arf_report_read(const struct report_context *context, const struct mail *mail,
    bool *is_mine_r, struct mx_err *err)
{
	const struct mail_part *feedback = part_of_type(mail,
	    "message/feedback-report");
	const struct mail_part *text = part_of_type(mail, "text/plain");
	struct arf_run run;
	enum mx_code code;

	*is_mine_r = feedback != NULL || is_old_jmrp(context, mail) ||
	    is_text_failure(text);
	if (!*is_mine_r)
		return MX_OK;
	start(&run, context, mail);
	if (feedback != NULL)
		code = read_feedback(&run, feedback->content, err);
	else if (is_old_jmrp(context, mail))
		code = read_old_jmrp(&run, err);
	else
		code = read_text_failure(&run, text->content, err);
	arena_release(&run.arena);
	return code;
}
