/* SPDX-License-Identifier: BSD-2-Clause */
/* Postfix: the frame of a line, and what it says of a message as a whole.
 * One recipient's outcome is in log_postfix_delivery.c, its reason in
 * log_postfix_reason.c. Stateless: joining by queue id is the analyzer's.
 * Format: Postfix 3.12 src/global/log_adhoc.c, src/qmgr, src/bounce. */
#include "parsers/log_postfix.h"

#include "parsers/queue_id.h"

static const char *const agent_names[AGENTS] = {
	[AGENT_NONE] = "",
	[AGENT_SMTP] = "smtp",
	[AGENT_LMTP] = "lmtp",
	[AGENT_LOCAL] = "local",
	[AGENT_VIRTUAL] = "virtual",
	[AGENT_PIPE] = "pipe",
	[AGENT_ERROR] = "error",
	[AGENT_DISCARD] = "discard",
	[AGENT_QMGR] = "qmgr",
	[AGENT_BOUNCE] = "bounce",
	[AGENT_CLEANUP] = "cleanup",
	[AGENT_PICKUP] = "pickup",
	[AGENT_SMTPD] = "smtpd",
	[AGENT_POSTSUPER] = "postsuper",
	[AGENT_UNIT] = "",
};

static const uint8_t agent_lengths[AGENTS] = {
	[AGENT_SMTP] = 4, [AGENT_LMTP] = 4, [AGENT_LOCAL] = 5,
	[AGENT_VIRTUAL] = 7, [AGENT_PIPE] = 4, [AGENT_ERROR] = 5,
	[AGENT_DISCARD] = 7, [AGENT_QMGR] = 4, [AGENT_BOUNCE] = 6,
	[AGENT_CLEANUP] = 7, [AGENT_PICKUP] = 6, [AGENT_SMTPD] = 5,
	[AGENT_POSTSUPER] = 9,
};

/* Where the program's name starts in TAG: behind the last slash; 0 where
 * there is none. */
static size_t
program_at(struct slice tag)
{
	size_t at = tag.len;

	while (at > 0 && tag.ptr[at - 1] != '/')
		at--;
	return at;
}

/* "postfix.service", "postfix@-.service", "postfix@INSTANCE.service". */
static bool
is_unit(struct slice tag)
{
	return slice_starts(tag, SLICE("postfix")) &&
	    slice_ends(tag, SLICE(".service")) &&
	    (tag.ptr[7] == '.' || tag.ptr[7] == '@');
}

static struct slice
unit_instance(struct slice tag)
{
	struct slice name = slice_of(tag.ptr + 8,
	    tag.len > 16 ? tag.len - 16 : 0);

	if (tag.ptr[7] != '@' || name.len == 0 || slice_eq(name, SLICE("-")))
		return slice_of(tag.ptr, 7);
	return name;
}

static uint32_t
postfix_role(struct slice tag)
{
	size_t at = program_at(tag);
	struct slice program = slice_skip(tag, at);

	if (at < 2)
		return is_unit(tag) ? AGENT_UNIT : AGENT_NONE;
	for (uint32_t agent = AGENT_SMTP; agent < AGENT_UNIT; agent++)
		if (slice_eq(program, slice_str(agent_names[agent])))
			return agent;
	/* Before 2.2 the new queue manager had a name of its own; the old
	 * one logs as qmgr, if it is not built apart. */
	if (slice_eq(program, SLICE("nqmgr")) ||
	    slice_eq(program, SLICE("oqmgr")))
		return AGENT_QMGR;
	return AGENT_NONE;
}

static enum mx_code
postfix_init(void *memory, const struct log_context *context,
    struct mx_err *err)
{
	struct postfix_state *state = memory;

	(void)context;
	(void)err;
	strbuf_init(&state->reply, LIMIT_REPLY_BYTES);
	return MX_OK;
}

static void
postfix_release(void *memory)
{
	struct postfix_state *state = memory;

	strbuf_release(&state->reply);
}

/* The length of ", key=" at the start of TEXT; 0 where there is none. */
static size_t
field_key_length(struct slice text)
{
	size_t n = 2;

	if (slice_starts(text, SLICE(", relay=")))
		return sizeof(", relay=") - 1;
	if (slice_starts(text, SLICE(", size=")))
		return sizeof(", size=") - 1;
	if (text.len < 4 || text.ptr[0] != ',' || text.ptr[1] != ' ')
		return 0;
	while (n < text.len && ((text.ptr[n] >= 'a' && text.ptr[n] <= 'z') ||
	    text.ptr[n] == '_'))
		n++;
	return n > 2 && n < text.len && text.ptr[n] == '=' ? n + 1 : 0;
}

bool
postfix_take_field(struct slice *text, struct slice *key_r,
    struct slice *value_r)
{
	size_t key = field_key_length(*text);
	struct slice rest = slice_skip(*text, key);
	const char *comma = rest.ptr;

	if (key == 0)
		return false;
	*key_r = slice_of(text->ptr + 2, key - 3);
	do {
		comma = memchr(comma, ',',
		    (size_t)(rest.ptr + rest.len - comma));
		if (comma == NULL) {
			*value_r = rest;
			*text = slice_skip(rest, rest.len);
			return true;
		}
		comma++;
	} while (comma < rest.ptr + rest.len && *comma != ' ');
	*value_r = slice_between(rest.ptr, comma - 1);
	*text = slice_skip(rest, value_r->len);
	return true;
}

/* Behind the closing quote of <"local part"@domain>; 1 where the quoted
 * string is not one. */
static size_t
behind_quotes(struct slice text)
{
	for (size_t n = 2; n < text.len; n++) {
		if (text.ptr[n] == '\\')
			n++;
		else if (text.ptr[n] == '"')
			return n + 1;
	}
	return 1;
}

/* Since 3.5 what could be mistaken stands in quotes; before, a local part may
 * hold anything, and the address ends at the first > with a field behind. */
bool
postfix_take_address(struct slice *text, struct slice *address_r)
{
	size_t from = 1;

	if (text->len < 2)
		return false;
	if (text->ptr[0] != '<') {
		for (size_t n = 0; n < text->len; n++)
			if (text->ptr[n] == ',' &&
			    field_key_length(slice_skip(*text, n)) != 0) {
				*address_r = slice_of(text->ptr, n);
				*text = slice_skip(*text, n);
				return true;
			}
		return false;
	}
	if (text->ptr[1] == '"')
		from = behind_quotes(*text);
	for (;;) {
		struct slice rest = slice_skip(*text, from);
		const char *end = slice_chr(rest, '>');

		if (end == NULL)
			return false;
		from = (size_t)(end + 1 - text->ptr);
		if (field_key_length(slice_skip(*text, from)) != 0)
			break;
	}
	*address_r = slice_of(text->ptr + 1, from - 2);
	*text = slice_skip(*text, from);
	return true;
}

/* "<a@b>" or "a@b" to the end of TEXT. */
static struct slice
without_brackets(struct slice text)
{
	if (text.len != 0 && text.ptr[0] == '<')
		text = slice_skip(text, 1);
	if (text.len != 0 && text.ptr[text.len - 1] == '>')
		text.len--;
	return text;
}

/* ", size=N, nrcpt=N (queue active)" */
static void
read_counts(struct slice rest, struct message_event *event)
{
	uint64_t number;
	size_t digits;

	rest = slice_skip(rest, sizeof(", size=") - 1);
	digits = slice_number(rest, INT64_MAX, &number);
	if (digits != 0)
		event->size_bytes = (int64_t)number;
	rest = slice_skip(rest, digits);
	if (slice_starts(rest, SLICE(", nrcpt=")) &&
	    slice_number(slice_skip(rest, sizeof(", nrcpt=") - 1),
	    INT64_MAX, &number) != 0)
		event->recipient_count = (int64_t)number;
}

enum event_result { EVENT_NONE, EVENT_READ, EVENT_CUT };

/* qmgr: "from=<S>, size=N, nrcpt=N (queue active)",
 * "from=<S>, status=expired, returned to sender" (or force-expired). */
static enum event_result
read_queue_event(struct slice rest, struct message_event *event)
{
	if (slice_starts(rest, SLICE("removed"))) {
		event->kind = MESSAGE_REMOVED;
		return EVENT_READ;
	}
	if (!slice_starts(rest, SLICE("from=")))
		return EVENT_NONE;
	rest = slice_skip(rest, 5);
	if (!postfix_take_address(&rest, &event->sender))
		return EVENT_CUT;
	if (slice_starts(rest, SLICE(", status=expired")) ||
	    slice_starts(rest, SLICE(", status=force-expired"))) {
		event->kind = MESSAGE_EXPIRED;
		return EVENT_READ;
	}
	if (!slice_starts(rest, SLICE(", size=")))
		return slice_starts(rest, SLICE(", status=")) ? EVENT_NONE :
		    EVENT_CUT;
	event->kind = MESSAGE_ACTIVE;
	read_counts(rest, event);
	return EVENT_READ;
}

/* bounce: "sender non-delivery notification: QID2" and its kin. */
static enum event_result
read_bounce_event(struct slice rest, struct message_event *event)
{
	static const struct slice middle = { " notification: ", 15 };
	const char *at;

	if (!slice_starts(rest, SLICE("sender ")) &&
	    !slice_starts(rest, SLICE("postmaster ")))
		return EVENT_NONE;
	at = slice_find(rest, middle);
	if (at == NULL)
		return EVENT_NONE;
	event->child_id = slice_skip(rest,
	    (size_t)(at - rest.ptr) + middle.len);
	if (!queue_id_is_one(event->child_id))
		return EVENT_NONE;
	event->kind = MESSAGE_CHILD;
	return EVENT_READ;
}

/* pickup: "uid=N from=<S>" */
static enum event_result
read_pickup_event(struct slice rest, struct message_event *event)
{
	static const struct slice from = { " from=", 6 };
	const char *at;

	if (!slice_starts(rest, SLICE("uid=")))
		return EVENT_NONE;
	event->kind = MESSAGE_BORN;
	at = slice_find(rest, from);
	if (at != NULL)
		event->sender = without_brackets(slice_skip(rest,
		    (size_t)(at - rest.ptr) + from.len));
	return EVENT_READ;
}

static enum event_result
read_cleanup_event(struct slice rest, struct message_event *event)
{
	if (!slice_starts(rest, SLICE("message-id=")))
		return EVENT_NONE;
	event->kind = MESSAGE_BORN;
	event->message_id = without_brackets(slice_skip(rest, 11));
	return EVENT_READ;
}

/* Whose event starts with this letter. */
static enum postfix_agent
agent_of_event(char first)
{
	switch (first) {
	case 'f':
	case 'r':
		return AGENT_QMGR;
	case 's':
	case 'p':
		return AGENT_BOUNCE;
	case 'm':
		return AGENT_CLEANUP;
	case 'u':
		return AGENT_PICKUP;
	case 'c':
		return AGENT_SMTPD;
	default:
		return AGENT_NONE;
	}
}

static enum event_result
read_event(enum postfix_agent agent, struct slice rest,
    struct message_event *event)
{
	if (agent == AGENT_UNIT)
		agent = agent_of_event(rest.ptr[0]);
	switch (agent) {
	case AGENT_QMGR:
		return read_queue_event(rest, event);
	case AGENT_POSTSUPER:
		event->kind = MESSAGE_REMOVED;
		return slice_eq(rest, SLICE("removed")) ? EVENT_READ :
		    EVENT_NONE;
	case AGENT_CLEANUP:
		return read_cleanup_event(rest, event);
	case AGENT_SMTPD:
		event->kind = MESSAGE_BORN;
		return slice_starts(rest, SLICE("client=")) ? EVENT_READ :
		    EVENT_NONE;
	case AGENT_PICKUP:
		return read_pickup_event(rest, event);
	case AGENT_BOUNCE:
		return read_bounce_event(rest, event);
	case AGENT_NONE:
	case AGENT_SMTP:
	case AGENT_LMTP:
	case AGENT_LOCAL:
	case AGENT_VIRTUAL:
	case AGENT_PIPE:
	case AGENT_ERROR:
	case AGENT_DISCARD:
	case AGENT_UNIT:
	case AGENTS:
		break;
	}
	return EVENT_NONE;
}

/* The instance and the program: before and behind the last slash. */
static inline void
split_tag(const struct log_line *line, struct slice *instance_r,
    struct slice *agent_r)
{
	struct slice tag = line->head.tag;
	size_t at = tag.len - agent_lengths[line->role];

	if (line->role == AGENT_UNIT) {
		*instance_r = unit_instance(tag);
		*agent_r = SLICE_NONE;
		return;
	}
	if (tag.ptr[at - 1] != '/')
		at = program_at(tag); /* nqmgr and oqmgr */
	*instance_r = slice_of(tag.ptr, at - 1);
	*agent_r = slice_skip(tag, at);
}

/* Most lines that are no event say so with their first letter. */
static bool
may_be_event(enum postfix_agent agent, struct slice rest)
{
	static const char first[AGENTS] = {
		[AGENT_QMGR] = 'f', [AGENT_BOUNCE] = 's',
		[AGENT_CLEANUP] = 'm', [AGENT_PICKUP] = 'u',
		[AGENT_SMTPD] = 'c', [AGENT_POSTSUPER] = 'r',
	};

	if (agent == AGENT_UNIT)
		return rest.len != 0;
	return rest.len != 0 && first[agent] != '\0' &&
	    (rest.ptr[0] == first[agent] ||
	    (agent == AGENT_QMGR && rest.ptr[0] == 'r') ||
	    (agent == AGENT_BOUNCE && rest.ptr[0] == 'p'));
}

static enum mx_code
tell_event(const struct log_line *line, struct slice id, struct slice rest,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct message_event event = { .at = line->head.at, .mta = "postfix",
		.host = line->head.host, .id = id, .size_bytes = -1,
		.recipient_count = -1, .where = line->where };

	switch (read_event((enum postfix_agent)line->role, rest, &event)) {
	case EVENT_READ:
		break;
	case EVENT_CUT:
		return log_line_skip(line, SKIP_CUT, sink, result_r, err);
	case EVENT_NONE:
		return MX_OK;
	}
	split_tag(line, &event.instance, &event.agent);
	return sink->message(sink->ctx, &event, err);
}

static enum mx_code
tell_delivery(struct postfix_state *state, const struct log_line *line,
    struct slice id, struct slice rest, const struct fact_sink *sink,
    enum line_result *result_r, struct mx_err *err)
{
	struct delivery fact = { .at = line->head.at, .mta = "postfix",
		.host = line->head.host, .id = id, .delay_ms = -1,
		.size_bytes = -1, .where = line->where };
	enum skip_reason why = SKIP_MALFORMED;

	if (!postfix_delivery_read(state, (enum postfix_agent)line->role,
	    rest, &fact, &why))
		return log_line_skip(line, why, sink, result_r, err);
	split_tag(line, &fact.instance, &fact.agent);
	return sink->delivery(sink->ctx, &fact, err);
}

/* "QID: to=<" is a delivery, other text behind an id may be an event, text
 * without one (NOQUEUE, warnings, connections) is neither. */
static enum mx_code
postfix_line(void *memory, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct slice text = line->head.text, id, rest;
	size_t id_len = queue_id_length(text);

	*result_r = LINE_TAKEN;
	if (id_len == 0)
		return MX_OK;
	id = slice_of(text.ptr, id_len);
	rest = slice_skip(text, id_len + 2);
	if (rest.len >= 3 && memcmp(rest.ptr, "to=", 3) == 0)
		return tell_delivery(memory, line, id, slice_skip(rest, 3),
		    sink, result_r, err);
	if (!may_be_event((enum postfix_agent)line->role, rest))
		return MX_OK;
	return tell_event(line, id, rest, sink, result_r, err);
}

/* The arrival time in a long queue id, or in a Message-ID that our cleanup
 * made ("<20260105030405.QID@host>"), which is UTC. */
static bool
postfix_moment(struct slice text, int64_t *utc_r, bool *is_birth_r)
{
	size_t id_len = queue_id_length(text);
	struct slice id = slice_of(text.ptr, id_len), rest;
	struct stamp_clock unused = { 0 };
	struct stamp at;
	uint32_t us;
	char iso[] = "0000-00-00T00:00:00Z";
	static const uint8_t place[14] = { 0, 1, 2, 3, 5, 6, 8, 9, 11, 12,
		14, 15, 17, 18 };

	if (id_len == 0)
		return false;
	rest = slice_skip(text, id_len + 2);
	*is_birth_r = slice_starts(rest, SLICE("client=")) ||
	    slice_starts(rest, SLICE("uid="));
	if (queue_id_time(id, utc_r, &us))
		return true;
	if (!slice_starts(rest, SLICE("message-id=<")))
		return false;
	rest = slice_skip(rest, 12);
	if (rest.len < 15 + id.len || rest.ptr[14] != '.' ||
	    !slice_starts(slice_skip(rest, 15), id))
		return false;
	for (size_t i = 0; i < 14; i++)
		iso[place[i]] = rest.ptr[i];
	*is_birth_r = true;
	rest = slice_of(iso, 20);
	if (stamp_read(&unused, &rest, &at) != STAMP_OK)
		return false;
	*utc_r = at.utc;
	return true;
}

const struct log_format log_format_postfix = {
	.name = "postfix",
	.title = "Postfix, by syslog, journal or postlogd",
	.recognised = "syslog lines of NAME/PROGRAM[PID]: QUEUEID:",
	.role = postfix_role,
	.state_size = sizeof(struct postfix_state),
	.init = postfix_init,
	.release = postfix_release,
	.line = postfix_line,
	.moment = postfix_moment,
};
