/* SPDX-License-Identifier: BSD-2-Clause */
/* Amazon SES event publishing and notifications: one JSON object a line, bare
 * or as the text "Message" of an Amazon SNS notification. A bounce is final,
 * also one of type Transient; a DeliveryDelay is an attempt that will be made
 * again.
 * Format: Amazon SES Developer Guide, "Contents of event data that Amazon SES
 * publishes", "Contents of Amazon SNS notifications". */
#include "base/strbuf.h"
#include "parsers/fact_fill.h"
#include "parsers/hop.h"
#include "parsers/json_line.h"

struct ses_state {
	struct fact_memory memory;
	struct stamp_clock *clock;
};

/* The event in ROOT, or in the text that ROOT is an envelope of; *inner_r is
 * then its document, for free. */
static const struct json_value *
event_in(const struct json_value *root, struct json_doc **inner_r)
{
	struct slice message = json_line_text(root, "Message");

	*inner_r = NULL;
	if (json_value_member(root, "mail") != NULL || message.len == 0)
		return root;
	if (json_doc_parse(message, inner_r, NULL) != MX_OK)
		*inner_r = NULL;
	return *inner_r != NULL ? json_doc_root(*inner_r) : root;
}

static struct slice
kind_of(const struct json_value *event)
{
	struct slice kind = json_line_text(event, "eventType");

	return kind.len != 0 ? kind :
	    json_line_text(event, "notificationType");
}

static bool
is_event(const struct json_value *root)
{
	struct json_doc *inner;
	const struct json_value *event = event_in(root, &inner);
	bool fits = kind_of(event).len != 0 &&
	    json_line_text(event, "mail.messageId").len != 0;

	json_doc_free(inner);
	return fits;
}

static unsigned
ses_probe(struct slice head)
{
	struct json_doc *doc = json_line_find(head, is_event);

	json_doc_free(doc);
	return doc != NULL ? 98 : 0;
}

/* The part that the event is named after, with recipients and time. */
struct ses_part {
	const char *path, *recipients, *address; /* address: NULL, bare */
	enum outcome outcome;
};

static const struct ses_part *
part_of(struct slice kind)
{
	static const struct ses_part parts[] = {
		{ "delivery", "recipients", NULL, OUTCOME_ACCEPTED },
		{ "bounce", "bouncedRecipients", "emailAddress",
		  OUTCOME_BOUNCED },
		{ "deliveryDelay", "delayedRecipients", "emailAddress",
		  OUTCOME_DEFERRED },
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (slice_eq_nocase(kind, slice_str(parts[i].path)))
			return &parts[i];
	return NULL;
}

static bool
read_time(const struct json_value *event, struct stamp *at)
{
	const struct ses_part *part = part_of(kind_of(event));

	if (part != NULL && json_line_time(json_value_member(
	    json_value_member(event, part->path), "timestamp"), at))
		return true;
	return json_line_time(json_line_member(event, "mail.timestamp"), at);
}

static int64_t
ses_first_utc(struct slice head, struct stamp_clock *clock)
{
	struct json_doc *doc = json_line_find(head, is_event), *inner;
	struct stamp at = { INT64_MIN, 0, 0 };

	(void)clock;
	if (doc == NULL)
		return INT64_MIN;
	(void)read_time(event_in(json_doc_root(doc), &inner), &at);
	json_doc_free(inner);
	json_doc_free(doc);
	return at.utc;
}

/* "smtp; 550 5.1.1 words" */
static struct slice
diagnostic(struct slice text)
{
	if (text.len > 5 && slice_eq_nocase(slice_of(text.ptr, 5),
	    SLICE("smtp;")))
		text = slice_skip(text, 5);
	return slice_trim(text);
}

static void
set_words(struct ses_state *state, const struct json_value *part,
    const struct json_value *recipient, struct delivery *fact)
{
	struct slice words = json_line_text(part, "smtpResponse");
	struct slice status = json_line_text(recipient, "status");

	if (words.len == 0)
		words = diagnostic(json_line_text(recipient,
		    "diagnosticCode"));
	if (words.len == 0)
		words = json_line_text(part, "bounceSubType");
	if (words.len == 0)
		words = json_line_text(part, "delayType");
	if (status.len != 0)
		fact->dsn = status;
	fact_set_reply(&state->memory, fact, words);
	if (fact->outcome != OUTCOME_BOUNCED)
		return;
	if (slice_eq(status, SLICE("4.4.7")))
		fact->outcome = OUTCOME_EXPIRED;
	/* its own lists: nothing was tried */
	else if (slice_starts(json_line_text(part, "bounceSubType"),
	    SLICE("OnAccountSuppressionList")) || slice_eq(json_line_text(
	    part, "bounceSubType"), SLICE("Suppressed")))
		fact->outcome = OUTCOME_DISCARDED;
}

static void
fill_fact(struct ses_state *state, const struct json_value *event,
    const struct json_value *part, struct delivery *fact)
{
	const struct json_value *tags = json_line_member(event, "mail.tags");
	struct slice own = json_value_text(json_value_at(
	    json_value_member(tags, "ses:outgoing-ip"), 0));
	struct stamp sent;
	int64_t ms;

	fact->instance = SLICE("ses");
	fact->agent = SLICE("smtp");
	fact->id = json_line_text(event, "mail.messageId");
	fact->sender = json_line_text(event, "mail.source");
	if (own.len != 0)
		fact_set_source_ip(&state->memory, fact, own);
	fact_set_relay(&state->memory, fact, SLICE_NONE,
	    json_line_text(part, "remoteMtaIp"));
	if (json_member_int_of(part, "processingTimeMillis", &ms) && ms >= 0)
		fact->delay_ms = ms;
	else if (json_line_time(json_line_member(event, "mail.timestamp"),
	    &sent) && sent.utc <= fact->at.utc)
		fact->delay_ms = (fact->at.utc - sent.utc) * 1000;
}

/* *told_r: how many recipients the event names. */
static enum mx_code
tell_outcomes(struct ses_state *state, const struct json_value *event,
    const struct ses_part *what, struct delivery *fact, size_t *told_r,
    const struct fact_sink *sink, struct mx_err *err)
{
	const struct json_value *part = json_value_member(event, what->path);
	const struct json_value *list = json_value_member(part,
	    what->recipients);
	enum mx_code code = MX_OK;

	*told_r = 0;
	fill_fact(state, event, part, fact);
	for (size_t i = 0; i < json_value_count(list) && code == MX_OK; i++) {
		const struct json_value *recipient = json_value_at(list, i);
		struct slice address = what->address == NULL ?
		    json_value_text(recipient) :
		    json_line_text(recipient, what->address);
		struct delivery one = *fact;

		if (address.len == 0)
			continue;
		one.outcome = what->outcome;
		fact_set_recipient(&state->memory, &one, address);
		set_words(state, part, recipient, &one);
		one.is_final = one.outcome != OUTCOME_DEFERRED;
		++*told_r;
		code = sink->delivery(sink->ctx, &one, err);
	}
	return code;
}

/* SES itself refused to send: to all of them. */
static enum mx_code
tell_rejects(struct ses_state *state, const struct json_value *event,
    struct delivery *fact, const struct fact_sink *sink, struct mx_err *err)
{
	const struct json_value *list = json_line_member(event,
	    "mail.destination");
	enum mx_code code = MX_OK;

	fill_fact(state, event, NULL, fact);
	fact->outcome = OUTCOME_DISCARDED;
	fact->is_final = true;
	for (size_t i = 0; i < json_value_count(list) && code == MX_OK; i++) {
		struct slice address = json_value_text(json_value_at(list,
		    i));

		if (address.len == 0)
			continue;
		fact_set_recipient(&state->memory, fact, address);
		fact_set_reply(&state->memory, fact, json_line_text(event,
		    "reject.reason"));
		code = sink->delivery(sink->ctx, fact, err);
	}
	return code;
}

static enum mx_code
tell_birth(const struct json_value *event, const struct delivery *fact,
    const struct fact_sink *sink, struct mx_err *err)
{
	struct message_event birth = { .kind = MESSAGE_BORN, .at = fact->at,
		.mta = "ses", .instance = SLICE("ses"),
		.id = json_line_text(event, "mail.messageId"),
		.sender = json_line_text(event, "mail.source"),
		.size_bytes = -1, .ends_with_recipients = true,
		.recipient_count = (int64_t)json_value_count(
		    json_line_member(event, "mail.destination")),
		.where = fact->where };

	return sink->message(sink->ctx, &birth, err);
}

static enum mx_code
take_event(struct ses_state *state, const struct json_value *event,
    const struct log_line *line, const struct fact_sink *sink,
    enum line_result *result_r, struct mx_err *err)
{
	struct slice kind = kind_of(event);
	const struct ses_part *part = part_of(kind);
	struct delivery fact = fact_start("ses");
	bool has_time = read_time(event, &fact.at);
	size_t told;
	enum mx_code code = log_line_seen(state->clock, &fact.at, SLICE_NONE,
	    sink, err);

	fact.where = line->where;
	if (code != MX_OK)
		return code;
	if (kind.len == 0 ||
	    json_line_text(event, "mail.messageId").len == 0)
		return log_line_skip(line, SKIP_MALFORMED, sink, result_r,
		    err);
	if (!has_time)
		return log_line_skip(line, SKIP_NO_STAMP, sink, result_r,
		    err);
	if (slice_eq(kind, SLICE("Send")))
		return tell_birth(event, &fact, sink, err);
	if (slice_eq(kind, SLICE("Reject")))
		return tell_rejects(state, event, &fact, sink, err);
	if (part == NULL)
		return MX_OK;
	code = tell_outcomes(state, event, part, &fact, &told, sink, err);
	return code == MX_OK && told == 0 ? log_line_skip(line,
	    SKIP_MALFORMED, sink, result_r, err) : code;
}

static enum mx_code
ses_line(void *memory, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct ses_state *state = memory;
	struct json_doc *doc, *inner;
	const struct json_value *event;
	enum mx_code code;

	*result_r = LINE_TAKEN;
	if (line->raw.len == 0 || line->raw.ptr[0] != '{' ||
	    json_doc_parse(line->raw, &doc, NULL) != MX_OK)
		return json_line_broken(line, state->clock, sink, result_r,
		    err);
	event = event_in(json_doc_root(doc), &inner);
	code = take_event(state, event, line, sink, result_r, err);
	json_doc_free(inner);
	json_doc_free(doc);
	return code;
}

static enum mx_code
ses_init(void *memory, const struct log_context *context, struct mx_err *err)
{
	struct ses_state *state = memory;

	(void)err;
	fact_memory_init(&state->memory);
	state->clock = context->clock;
	return MX_OK;
}

static void
ses_release(void *memory)
{
	struct ses_state *state = memory;

	fact_memory_release(&state->memory);
}

const struct log_format log_format_ses = {
	.name = "ses",
	.title = "Amazon SES events (JSON), also inside SNS",
	.recognised = "JSON objects with eventType and mail.messageId",
	.probe = ses_probe,
	.state_size = sizeof(struct ses_state),
	.init = ses_init,
	.release = ses_release,
	.line = ses_line,
	.first_utc = ses_first_utc,
};
