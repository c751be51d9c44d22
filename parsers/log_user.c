/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of a user's own format: the first pattern that fits says what a line
 * is, its groups are the fact. Knows no MTA. */
#include "parsers/duration.h"
#include "parsers/fact_fill.h"
#include "parsers/hop.h"
#include "parsers/time_format.h"
#include "parsers/user_format.h"

enum { ROLE_USER = 1, PROBED_LINES = 100 };

struct user_state {
	const struct user_format *format;
	struct stamp_clock *clock;
	struct fact_memory memory;
};

/* A line at hand, and what its pattern found in it. */
struct user_match {
	const struct user_format *format;
	const struct user_line *line;
	struct slice text;
};

const struct user_line *
log_user_find(const struct user_format *format, struct slice text,
    bool *is_over_r)
{
	*is_over_r = false;
	for (size_t i = 0; i < format->line_count; i++) {
		enum line_match match = line_pattern_match(
		    format->lines[i].pattern, text);

		if (match == LINE_MATCHES)
			return &format->lines[i];
		*is_over_r |= match == LINE_OVER_LIMIT;
	}
	return NULL;
}

/* Absent where the line does not say it: "" and "-" say nothing. */
static struct slice
value_of(const struct user_match *match, enum user_key key)
{
	const struct user_line *line = match->line;
	struct slice value = SLICE_NONE;

	if (line->group[key] != 0)
		value = line_pattern_group(line->pattern, match->text,
		    line->group[key]);
	if (value.len != 0 && !slice_eq(value, SLICE("-")))
		return user_format_meant(match->format, line, key, value);
	if (line->set[key].len != 0)
		return line->set[key];
	return match->format->set[key];
}

static bool
number_of(const struct user_match *match, enum user_key key, uint64_t max,
    uint64_t *number_r)
{
	struct slice value = value_of(match, key);

	return value.len != 0 &&
	    slice_number(value, max, number_r) == value.len;
}

static enum stamp_result
read_time(struct slice format, struct slice text,
    const struct stamp_clock *clock, struct stamp *at_r)
{
	struct stamp_clock copy = *clock;
	enum stamp_result result;

	if (!slice_eq(format, SLICE("auto")))
		return time_format_read(format, text, clock, at_r);
	result = stamp_read(&copy, &text, at_r);
	return result == STAMP_OK && text.len != 0 ? STAMP_NONE : result;
}

/* The null sender is known, though empty. */
static struct slice
sender_of(const struct user_match *match)
{
	struct slice value = value_of(match, KEY_SENDER);

	if (slice_eq(value, SLICE("<>")))
		return slice_of("", 0);
	return value.len != 0 ? address_bare(value) : SLICE_NONE;
}

static int64_t
size_of(const struct user_match *match)
{
	uint64_t size;

	return number_of(match, KEY_SIZE, INT64_MAX, &size) ? (int64_t)size :
	    -1;
}

static int64_t
delay_of(const struct user_match *match)
{
	struct slice value = value_of(match, KEY_DELAY_S);
	int64_t ms = value.len != 0 ? duration_seconds(value) : -1;

	if (ms < 0 && value.len != 0)
		ms = duration_letters(value);
	if (ms < 0 && value.len != 0)
		ms = duration_clock(value);
	return ms;
}

static void
set_hop(const struct user_match *match, struct delivery *fact)
{
	struct slice hop = value_of(match, KEY_HOP);

	if (hop.len == 0 || !user_hop(hop, &fact->hop))
		fact->hop = hop_of_smtp(fact->relay_host, fact->relay_ip);
}

static void
set_relay(struct user_state *state, const struct user_match *match,
    struct delivery *fact)
{
	uint64_t port;

	fact_set_relay(&state->memory, fact, value_of(match, KEY_RELAY_HOST),
	    ip_and_port(value_of(match, KEY_RELAY_IP), &fact->relay_port));
	if (number_of(match, KEY_RELAY_PORT, 65535, &port))
		fact->relay_port = (uint16_t)port;
}

static void
set_reply(struct user_state *state, const struct user_match *match,
    struct delivery *fact)
{
	struct slice stage = value_of(match, KEY_STAGE);
	uint64_t code;

	fact->dsn = value_of(match, KEY_DSN);
	fact_set_reply(&state->memory, fact, value_of(match, KEY_REPLY));
	if (number_of(match, KEY_REPLY_CODE, 599, &code) && code >= 100) {
		fact->reply_code = (uint16_t)code;
		fact->is_own_text = false;
	}
	if (stage.len != 0)
		(void)user_stage(stage, &fact->stage);
}

/* False: the outcome is no word that is known, or nobody is named. */
static bool
fill_delivery(struct user_state *state, const struct user_match *match,
    struct delivery *fact)
{
	struct slice recipient = value_of(match, KEY_RECIPIENT);

	if (recipient.len == 0 ||
	    !user_outcome(value_of(match, KEY_OUTCOME), &fact->outcome))
		return false;
	fact->instance = value_of(match, KEY_INSTANCE);
	fact->agent = value_of(match, KEY_AGENT);
	fact->id = value_of(match, KEY_ID);
	fact->sender = sender_of(match);
	fact_set_recipient(&state->memory, fact, address_bare(recipient));
	fact->orig_recipient =
	    address_bare(value_of(match, KEY_ORIG_RECIPIENT));
	set_relay(state, match, fact);
	fact_set_source_ip(&state->memory, fact,
	    value_of(match, KEY_SOURCE_IP));
	set_reply(state, match, fact);
	set_hop(match, fact);
	fact->delay_ms = delay_of(match);
	fact->size_bytes = size_of(match);
	fact->tls = value_of(match, KEY_TLS);
	/* without an id nothing can be said of it later */
	fact->is_final = fact->id.len == 0 ||
	    (fact->outcome != OUTCOME_DEFERRED &&
	    fact->outcome != OUTCOME_SUSPENDED);
	return true;
}

static const struct stamp no_stamp = { INT64_MIN, 0, 0 };

struct moment {
	struct stamp at;
	struct slice host;
};

static enum mx_code
tell_delivery(struct user_state *state, const struct user_match *match,
    const struct log_line *line, const struct moment *when,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct delivery fact = fact_start(state->format->format.name);

	fact.at = when->at;
	fact.host = when->host;
	fact.where = line->where;
	if (!fill_delivery(state, match, &fact))
		return log_line_skip(line, SKIP_MALFORMED, sink, result_r,
		    err);
	if (fact.instance.len == 0)
		fact.instance = slice_str(fact.mta);
	return sink->delivery(sink->ctx, &fact, err);
}

static enum mx_code
tell_event(struct user_state *state, const struct user_match *match,
    const struct log_line *line, const struct moment *when,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	static const enum message_event_kind kinds[USER_KINDS] = {
		[USER_ARRIVAL] = MESSAGE_ACTIVE,
		[USER_EXPIRY] = MESSAGE_EXPIRED,
		[USER_NOTIFICATION] = MESSAGE_CHILD,
		[USER_REMOVAL] = MESSAGE_REMOVED,
	};
	struct message_event event = { .kind = kinds[match->line->kind],
		.at = when->at, .mta = state->format->format.name,
		.host = when->host, .where = line->where,
		.recipient_count = -1 };
	uint64_t count;

	event.instance = value_of(match, KEY_INSTANCE);
	event.agent = value_of(match, KEY_AGENT);
	event.id = value_of(match, KEY_ID);
	event.sender = sender_of(match);
	event.message_id = address_bare(value_of(match, KEY_MESSAGE_ID));
	event.child_id = value_of(match, KEY_CHILD_ID);
	event.size_bytes = size_of(match);
	if (number_of(match, KEY_RECIPIENTS, INT64_MAX, &count))
		event.recipient_count = (int64_t)count;
	if (event.instance.len == 0)
		event.instance = slice_str(event.mta);
	if (event.id.len == 0 ||
	    (event.kind == MESSAGE_CHILD && event.child_id.len == 0))
		return log_line_skip(line, SKIP_MALFORMED, sink, result_r,
		    err);
	return sink->message(sink->ctx, &event, err);
}

static enum mx_code
tell(struct user_state *state, const struct user_match *match,
    const struct log_line *line, const struct moment *when,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	if (match->line->kind == USER_IGNORE)
		return MX_OK;
	if (match->line->kind == USER_DELIVERY)
		return tell_delivery(state, match, line, when, sink, result_r,
		    err);
	return tell_event(state, match, line, when, sink, result_r, err);
}

/* Time and host: the line's own groups, else what its syslog head said. */
static enum stamp_result
find_moment(const struct user_state *state, const struct user_match *match,
    const struct log_line *line, struct moment *when)
{
	struct slice time = value_of(match, KEY_TIME);
	struct slice host = value_of(match, KEY_HOST);

	*when = (struct moment){ line->role != 0 ? line->head.at : no_stamp,
		host.len != 0 ? host : line->head.host };
	if (time.len == 0)
		return line->role != 0 ||
		    match->line->kind == USER_IGNORE ? STAMP_OK : STAMP_NONE;
	return read_time(state->format->time, time, state->clock, &when->at);
}

/* No pattern fits. */
static enum mx_code
take_unknown(struct user_state *state, const struct log_line *line,
    bool is_over, const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	enum mx_code code = MX_OK;

	if (!is_over) {
		*result_r = LINE_NOT_MINE;
		return MX_OK;
	}
	if (line->role == 0)
		code = log_line_seen(state->clock, &no_stamp, SLICE_NONE,
		    sink, err);
	if (code != MX_OK)
		return code;
	return log_line_skip(line, SKIP_LIMIT, sink, result_r, err);
}

static enum mx_code
user_line(void *memory, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct user_state *state = memory;
	struct user_match match = { .format = state->format,
		.text = line->role != 0 ? line->head.text : line->raw };
	struct moment when;
	enum stamp_result result;
	enum mx_code code = MX_OK;
	bool is_over;

	*result_r = LINE_TAKEN;
	match.line = log_user_find(match.format, match.text, &is_over);
	if (match.line == NULL)
		return take_unknown(state, line, is_over, sink, result_r, err);
	result = find_moment(state, &match, line, &when);
	if (line->role == 0)
		code = log_line_seen(state->clock, result == STAMP_OK ?
		    &when.at : &no_stamp, when.host, sink, err);
	if (code != MX_OK)
		return code;
	if (result != STAMP_OK)
		return log_line_skip(line, result == STAMP_BAD ?
		    SKIP_BAD_STAMP : SKIP_NO_STAMP, sink, result_r, err);
	return tell(state, &match, line, &when, sink, result_r, err);
}

/* ------------------------------------------------------------------ */

static bool
take_line(struct slice *head, struct slice *line_r)
{
	const char *newline = slice_chr(*head, '\n');

	if (head->len == 0)
		return false;
	*line_r = newline != NULL ? slice_between(head->ptr, newline) : *head;
	*head = slice_skip(*head, line_r->len + 1);
	if (line_r->len != 0 && line_r->ptr[line_r->len - 1] == '\r')
		line_r->len--;
	return true;
}

/* The share of lines that a pattern takes; lines to ignore alone are no
 * sign. */
static unsigned
user_probe(const struct log_format *self, struct slice head)
{
	const struct user_format *format = self->data;
	unsigned all = 0, taken = 0;
	bool has_fact = false, is_over;
	struct slice line;

	while (all < PROBED_LINES && take_line(&head, &line)) {
		const struct user_line *found;

		if (line.len == 0)
			continue;
		found = log_user_find(format, line, &is_over);
		all++;
		taken += found != NULL;
		has_fact |= found != NULL && found->kind != USER_IGNORE;
	}
	return has_fact ? 1 + 99 * taken / all : 0;
}

static uint32_t
user_role(const struct log_format *self, struct slice tag)
{
	const struct user_format *format = self->data;

	for (size_t i = 0; i < format->program_count; i++)
		if (slice_eq(tag, format->programs[i]))
			return ROLE_USER;
	return 0;
}

static int64_t
user_first_utc(const struct log_format *self, struct slice head,
    struct stamp_clock *clock)
{
	struct user_match match = { .format = self->data };
	bool is_over;

	while (take_line(&head, &match.text)) {
		struct slice time;
		struct stamp at;

		match.line = log_user_find(match.format, match.text,
		    &is_over);
		if (match.line == NULL)
			continue;
		time = value_of(&match, KEY_TIME);
		if (time.len != 0 && read_time(match.format->time, time,
		    clock, &at) == STAMP_OK)
			return at.utc;
	}
	return INT64_MIN;
}

static enum mx_code
user_init(void *memory, const struct log_context *context,
    struct mx_err *err)
{
	struct user_state *state = memory;

	(void)err;
	fact_memory_init(&state->memory);
	state->format = context->format->data;
	state->clock = context->clock;
	return MX_OK;
}

static void
user_release(void *memory)
{
	fact_memory_release(&((struct user_state *)memory)->memory);
}

void
log_user_hooks(struct log_format *format, bool is_syslog)
{
	format->state_size = sizeof(struct user_state);
	format->init = user_init;
	format->release = user_release;
	format->line = user_line;
	if (is_syslog) {
		format->own_role = user_role;
		return;
	}
	format->own_probe = user_probe;
	format->own_first_utc = user_first_utc;
}
