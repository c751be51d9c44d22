/* SPDX-License-Identifier: BSD-2-Clause */
/* sendmail 8.12 to 8.18, and the appliances that hold one: the frame of a
 * line, and what it says of a message as a whole. Fields are in
 * log_sendmail_fields.c, outcomes in log_sendmail_delivery.c. No line tells
 * the end of a message: it is over when as many recipients are finished as
 * from= counted.
 * Format: sendmail 8.18 sendmail/envelope.c, deliver.c, savemail.c. */
#include "parsers/log_sendmail.h"

#include "parsers/sendmail_id.h"

/* Other programs may be a sendmail under a label of its own (-L), which only
 * the shape of the line can tell. */
enum { ROLE_SENDMAIL = 1, ROLE_PERHAPS = 2 };

struct sendmail_state {
	struct fact_memory memory;
};

static uint32_t
sendmail_role(struct slice tag)
{
	static const char *const names[] = { "sendmail", "sm-mta", "sm-msp",
		"sm-que", "sm-msp-queue", "sendmail.service" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (slice_eq(tag, slice_str(names[i])))
			return ROLE_SENDMAIL;
	return slice_chr(tag, '/') == NULL ? ROLE_PERHAPS : 0;
}

/* The daemon, the queue runner and the submission program of one
 * installation share their queue ids. */
static struct slice
instance_of(const struct log_line *line)
{
	return line->role == ROLE_SENDMAIL ? SLICE("sendmail") :
	    line->head.tag;
}

static struct message_event
event_of(const struct log_line *line, struct slice id,
    enum message_event_kind kind)
{
	return (struct message_event){ .kind = kind, .at = line->head.at,
		.mta = "sendmail", .host = line->head.host,
		.instance = instance_of(line), .id = id, .size_bytes = -1,
		.recipient_count = -1, .where = line->where };
}

/* The number behind KEY, -1 where there is none. */
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

/* Behind "from=": "<S>, size=N, class=N, nrcpts=N, msgid=<M>, ...". One
 * without recipients was turned away: nothing will follow. */
static enum mx_code
tell_arrival(const struct log_line *line, struct slice id, struct slice rest,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	static const struct slice mark = { ", msgid=<", 9 };
	struct message_event event = event_of(line, id, MESSAGE_BORN);
	const char *at;

	if (!sendmail_take_address(&rest, &event.sender) &&
	    !slice_starts(rest, SLICE(", size=")))
		return log_line_skip(line, SKIP_CUT, sink, result_r, err);
	if (!slice_starts(rest, SLICE(", size=")))
		return MX_OK; /* another from=, of a ruleset */
	event.size_bytes = number_behind(rest, SLICE(", size="));
	event.recipient_count = number_behind(rest, SLICE(", nrcpts="));
	event.ends_with_recipients = event.recipient_count > 0;
	at = slice_find(rest, mark);
	if (at != NULL) {
		rest = slice_skip(rest, (size_t)(at - rest.ptr) + mark.len);
		at = slice_chr(rest, '>');
		event.message_id = at != NULL ? slice_between(rest.ptr, at) :
		    rest;
	}
	return event.recipient_count == 0 ? MX_OK :
	    sink->message(sink->ctx, &event, err);
}

/* "QID2: DSN: words", "QID2: sender notify: words" */
static enum mx_code
tell_notification(const struct log_line *line, struct slice id,
    struct slice child, struct slice rest, const struct fact_sink *sink,
    struct mx_err *err)
{
	static const struct slice over = { "Cannot send message for ", 24 };
	struct message_event event = event_of(line, id, MESSAGE_CHILD);
	const char *colon = slice_find(rest, slice_of(": ", 2));
	enum mx_code code;

	event.child_id = child;
	code = sink->message(sink->ctx, &event, err);
	if (code != MX_OK || colon == NULL || !slice_starts(slice_skip(rest,
	    (size_t)(colon + 2 - rest.ptr)), over))
		return code;
	event = event_of(line, id, MESSAGE_EXPIRED);
	code = sink->message(sink->ctx, &event, err);
	if (code != MX_OK)
		return code;
	event.kind = MESSAGE_REMOVED;
	return sink->message(sink->ctx, &event, err);
}

static enum mx_code
tell_deliveries(struct sendmail_state *state, const struct log_line *line,
    struct slice id, struct slice rest, const struct fact_sink *sink,
    enum line_result *result_r, struct mx_err *err)
{
	struct delivery fact = fact_start("sendmail");
	struct sendmail_fields fields;
	struct slice list, address;
	enum mx_code code = MX_OK;

	fact.at = line->head.at;
	fact.host = line->head.host;
	fact.instance = instance_of(line);
	fact.id = id;
	fact.where = line->where;
	if (!sendmail_fields_read(rest, &fields))
		return log_line_skip(line, SKIP_CUT, sink, result_r, err);
	list = fields.recipients;
	while (code == MX_OK && sendmail_take_recipient(&list, &address)) {
		fact_set_recipient(&state->memory, &fact, address);
		if (sendmail_delivery_read(&state->memory, &fields, &fact) ==
		    SENDMAIL_NO_FACT)
			break;
		code = sink->delivery(sink->ctx, &fact, err);
	}
	return code;
}

/* Behind "QID: ". */
static enum mx_code
take_text(struct sendmail_state *state, const struct log_line *line,
    struct slice id, struct slice rest, const struct fact_sink *sink,
    enum line_result *result_r, struct mx_err *err)
{
	struct message_event event;
	size_t child;

	if (slice_starts(rest, SLICE("to=")))
		return tell_deliveries(state, line, id, slice_skip(rest, 3),
		    sink, result_r, err);
	if (slice_starts(rest, SLICE("from=")))
		return tell_arrival(line, id, slice_skip(rest, 5), sink,
		    result_r, err);
	child = sendmail_id_length(rest);
	if (child != 0)
		return tell_notification(line, id, slice_of(rest.ptr, child),
		    slice_skip(rest, child + 2), sink, err);
	if (slice_starts(rest, SLICE("done; delay="))) {
		event = event_of(line, id, MESSAGE_REMOVED);
		return sink->message(sink->ctx, &event, err);
	}
	return MX_OK;
}

static enum mx_code
sendmail_line(void *memory, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct slice text = line->head.text, rest;
	size_t id = sendmail_id_length(text);

	*result_r = LINE_TAKEN;
	rest = slice_skip(text, id + 2);
	if (id == 0 || (line->role == ROLE_PERHAPS &&
	    !slice_starts(rest, SLICE("to=")) &&
	    !slice_starts(rest, SLICE("from=")) &&
	    sendmail_id_length(rest) == 0)) {
		if (line->role == ROLE_PERHAPS)
			*result_r = LINE_NOT_MINE;
		return MX_OK;
	}
	return take_text(memory, line, slice_of(text.ptr, id), rest, sink,
	    result_r, err);
}

static bool
sendmail_moment(struct slice text, int64_t *utc_r, bool *is_birth_r)
{
	size_t id = sendmail_id_length(text);

	*is_birth_r = id != 0 &&
	    slice_starts(slice_skip(text, id + 2), SLICE("from="));
	return id != 0 && sendmail_id_time(slice_of(text.ptr, id), utc_r);
}

static enum mx_code
sendmail_init(void *memory, const struct log_context *context,
    struct mx_err *err)
{
	struct sendmail_state *state = memory;

	(void)context;
	(void)err;
	fact_memory_init(&state->memory);
	return MX_OK;
}

static void
sendmail_release(void *memory)
{
	struct sendmail_state *state = memory;

	fact_memory_release(&state->memory);
}

const struct log_format log_format_sendmail = {
	.name = "sendmail",
	.title = "sendmail 8.12 and later, by syslog or journal",
	.recognised = "syslog lines of QUEUEID: to=...stat= (14 characters)",
	.role = sendmail_role,
	.state_size = sizeof(struct sendmail_state),
	.init = sendmail_init,
	.release = sendmail_release,
	.line = sendmail_line,
	.moment = sendmail_moment,
};
