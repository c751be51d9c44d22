/* SPDX-License-Identifier: BSD-2-Clause */
/* OpenSMTPD 5.x to 7.x: the frame of a line, and what it says of a message as
 * a whole. Outcomes are in log_opensmtpd_delivery.c, refused greetings in
 * log_opensmtpd_routes.c. An envelope (one recipient) has 16 hexadecimal
 * digits, of which the first 8 are its message, our queue id. No line tells
 * the end of a message: it is over when as many envelopes are finished as it
 * came with.
 * Format: OpenSMTPD 7.4 smtpd/smtp_session.c, mta_session.c, mta.c, mda.c. */
#include "parsers/log_opensmtpd.h"

enum { ROLE_SMTPD = 1, SESSION_LEN = 16, MESSAGE_LEN = 8 };

struct opensmtpd_state {
	struct fact_memory memory;
	struct opensmtpd_routes routes;
};

static uint32_t
opensmtpd_role(struct slice tag)
{
	return slice_eq(tag, SLICE("smtpd")) ||
	    slice_eq(tag, SLICE("opensmtpd")) ||
	    slice_eq(tag, SLICE("opensmtpd.service")) ? ROLE_SMTPD : 0;
}

static bool
is_hex(struct slice text, size_t len)
{
	if (text.len < len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!ascii_is_digit(text.ptr[i]) &&
		    (text.ptr[i] < 'a' || text.ptr[i] > 'f'))
			return false;
	return true;
}

static bool
take(struct slice *text, struct slice prefix)
{
	if (!slice_starts(*text, prefix))
		return false;
	*text = slice_skip(*text, prefix.len);
	return true;
}

static struct message_event
event_of(const struct log_line *line, enum message_event_kind kind,
    struct slice id)
{
	return (struct message_event){ .kind = kind, .at = line->head.at,
		.mta = "opensmtpd", .host = line->head.host,
		.instance = line->head.tag, .agent = SLICE("smtp"),
		.id = id, .size_bytes = -1, .recipient_count = -1,
		.where = line->where };
}

static int64_t
number_behind(struct slice text, struct slice key)
{
	const char *at = slice_find(text, key);
	uint64_t number;

	if (at == NULL || slice_number(slice_skip(text,
	    (size_t)(at - text.ptr) + key.len), INT64_MAX, &number) == 0)
		return -1;
	return (int64_t)number;
}

static struct slice
sender_in(struct slice text)
{
	static const struct slice mark = { "from=<", 6 };
	const char *at = slice_find(text, mark), *end;
	struct slice rest;

	if (at == NULL)
		return SLICE_NONE;
	rest = slice_skip(text, (size_t)(at - text.ptr) + mark.len);
	end = slice_chr(rest, '>');
	return end != NULL ? slice_between(rest.ptr, end) : SLICE_NONE;
}

/* TEXT: the id and what follows it, "size=N nrcpt=N proto=..." or, before
 * 6.4, "from=<> to=<> size=N ndest=N". */
static enum mx_code
tell_message(const struct log_line *line, struct slice text,
    const struct fact_sink *sink, struct mx_err *err)
{
	struct message_event event = event_of(line, MESSAGE_BORN,
	    slice_of(text.ptr, MESSAGE_LEN));

	event.sender = sender_in(text);
	event.size_bytes = number_behind(text, SLICE("size="));
	event.recipient_count = number_behind(text, SLICE("nrcpt="));
	if (event.recipient_count < 0)
		event.recipient_count = number_behind(text, SLICE("ndest="));
	event.ends_with_recipients = event.recipient_count > 0;
	return sink->message(sink->ctx, &event, err);
}

/* "evpid=E from=<S> to=<R>": says who the sender is. */
static enum mx_code
tell_envelope(const struct log_line *line, struct slice text,
    const struct fact_sink *sink, struct mx_err *err)
{
	struct message_event event = event_of(line, MESSAGE_ACTIVE,
	    slice_of(text.ptr, MESSAGE_LEN));

	event.sender = sender_in(text);
	return slice_is_none(event.sender) ? MX_OK :
	    sink->message(sink->ctx, &event, err);
}

/* "smtp message msgid=M ...", "smtp event=message ... msgid=M ...",
 * "smtp envelope evpid=E ..." */
static enum mx_code
take_smtp(const struct log_line *line, struct slice text,
    const struct fact_sink *sink, struct mx_err *err)
{
	static const struct slice mark = { "msgid=", 6 };
	const char *at;

	if (take(&text, SLICE("envelope evpid=")))
		return is_hex(text, SESSION_LEN) ?
		    tell_envelope(line, text, sink, err) : MX_OK;
	if (!slice_starts(text, SLICE("message ")) &&
	    !slice_starts(text, SLICE("event=message ")))
		return MX_OK;
	at = slice_find(text, mark);
	if (at == NULL)
		return MX_OK;
	text = slice_skip(text, (size_t)(at - text.ptr) + mark.len);
	return is_hex(text, MESSAGE_LEN) ?
	    tell_message(line, text, sink, err) : MX_OK;
}

static enum mx_code
tell_delivery(struct opensmtpd_state *state, const struct log_line *line,
    const struct opensmtpd_fields *fields, const struct fact_sink *sink,
    struct mx_err *err)
{
	struct delivery fact = fact_start("opensmtpd");

	fact.at = line->head.at;
	fact.host = line->head.host;
	fact.instance = line->head.tag;
	fact.agent = fields->is_local ? SLICE("mda") : SLICE("mta");
	fact.where = line->where;
	opensmtpd_delivery_fill(&state->memory, &state->routes, fields,
	    &fact);
	return sink->delivery(sink->ctx, &fact, err);
}

/* Behind "SESSION mta " or "SESSION mda ". */
static enum mx_code
take_agent(struct opensmtpd_state *state, const struct log_line *line,
    struct slice session, struct slice text, bool is_local,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct opensmtpd_fields fields = { .is_local = is_local };

	(void)take(&text, SLICE("event="));
	if (take(&text, SLICE("delivery "))) {
		if (!opensmtpd_read_blanks(text, &fields))
			return log_line_skip(line, SKIP_CUT, sink, result_r,
			    err);
		return tell_delivery(state, line, &fields, sink, err);
	}
	if (take(&text, SLICE("connecting ")))
		routes_connecting(&state->routes, session, text);
	else if (take(&text, SLICE("error reason=")))
		routes_failed(&state->routes, session, text,
		    line->head.at.utc);
	return MX_OK;
}

static enum mx_code
take_session(struct opensmtpd_state *state, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct slice text = line->head.text;
	struct slice session = slice_of(text.ptr, SESSION_LEN);

	text = slice_skip(text, SESSION_LEN + 1);
	if (take(&text, SLICE("mta ")))
		return take_agent(state, line, session, text, false, sink,
		    result_r, err);
	if (take(&text, SLICE("mda ")))
		return take_agent(state, line, session, text, true, sink,
		    result_r, err);
	if (take(&text, SLICE("smtp ")))
		return take_smtp(line, text, sink, err);
	return MX_OK;
}

/* "smtp-in: Accepted message M on session S: from=<..>, ..., ndest=N" */
static enum mx_code
take_accepted(const struct log_line *line, struct slice text,
    const struct fact_sink *sink, struct mx_err *err)
{
	if (!is_hex(text, MESSAGE_LEN))
		return MX_OK;
	return tell_message(line, text, sink, err);
}

static enum mx_code
take_other(struct opensmtpd_state *state, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct slice text = line->head.text;
	struct opensmtpd_fields fields = { 0 };

	(void)take(&text, SLICE("info: "));
	if (slice_starts(text, SLICE("relay: ")) ||
	    slice_starts(text, SLICE("delivery: "))) {
		if (!opensmtpd_read_commas(text, &fields))
			return log_line_skip(line, SKIP_CUT, sink, result_r,
			    err);
		return tell_delivery(state, line, &fields, sink, err);
	}
	if (take(&text, SLICE("smtp-in: Accepted message ")))
		return take_accepted(line, text, sink, err);
	if (take(&text, SLICE("smtp-out: Disabling route ")))
		routes_disabled(&state->routes, text);
	return MX_OK;
}

static enum mx_code
opensmtpd_line(void *memory, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct slice text = line->head.text;

	*result_r = LINE_TAKEN;
	if (text.len > SESSION_LEN && text.ptr[SESSION_LEN] == ' ' &&
	    is_hex(text, SESSION_LEN))
		return take_session(memory, line, sink, result_r, err);
	return take_other(memory, line, sink, result_r, err);
}

static enum mx_code
opensmtpd_init(void *memory, const struct log_context *context,
    struct mx_err *err)
{
	struct opensmtpd_state *state = memory;

	(void)context;
	(void)err;
	fact_memory_init(&state->memory);
	return MX_OK;
}

static void
opensmtpd_release(void *memory)
{
	struct opensmtpd_state *state = memory;

	fact_memory_release(&state->memory);
}

static void
opensmtpd_save(const void *memory, struct strbuf *out)
{
	const struct opensmtpd_state *state = memory;

	opensmtpd_routes_save(&state->routes, out);
}

static void
opensmtpd_load(void *memory, struct slice text)
{
	struct opensmtpd_state *state = memory;

	opensmtpd_routes_load(&state->routes, text);
}

const struct log_format log_format_opensmtpd = {
	.name = "opensmtpd",
	.title = "OpenSMTPD 5 to 7, by syslog",
	.recognised = "syslog lines of smtpd: SESSION mta delivery evpid=",
	.role = opensmtpd_role,
	.state_size = sizeof(struct opensmtpd_state),
	.init = opensmtpd_init,
	.release = opensmtpd_release,
	.line = opensmtpd_line,
	.save = opensmtpd_save,
	.load = opensmtpd_load,
};
