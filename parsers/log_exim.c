/* SPDX-License-Identifier: BSD-2-Clause */
/* Exim's main log: the frame of a line, in files and through syslog, and what
 * it says of a message as a whole. Outcomes are in log_exim_delivery.c, their
 * fields in log_exim_fields.c, the words in log_exim_words.c. Joining by id is
 * the analyzer's.
 *
 *   YYYY-MM-DD HH:MM:SS[.mmm][ +zzzz][ [pid]][ ID] text
 *
 * Format: Exim 4.98 src/log.c, src/tod.c, src/receive.c. */
#include "parsers/log_exim.h"

#include "parsers/exim_id.h"
#include "parsers/log_exim_parts.h"

enum { ROLE_EXIM = 1, MINUTE_S = 60, DAY_S = 86400 };

struct exim_state {
	struct fact_memory memory;
	struct stamp_clock *clock;
	struct exim_parts parts;
	/* Of the stamps without zone: how far they are from the times in the
	 * ids, where that can only be a wrong zone. */
	int64_t zone_error_s;
	bool told_zone;
	bool is_foreign; /* the line before was no line of ours */
};

static uint32_t
exim_role(struct slice tag)
{
	size_t at = tag.len;

	while (at > 0 && tag.ptr[at - 1] != '/')
		at--;
	return slice_starts(slice_skip(tag, at), SLICE("exim")) ? ROLE_EXIM :
	    0;
}

/* "[1234] " behind the time, with +pid. */
static void
skip_pid(struct slice *text)
{
	uint64_t pid;
	size_t digits;

	if (text->len < 4 || text->ptr[0] != '[')
		return;
	digits = slice_number(slice_skip(*text, 1), UINT32_MAX, &pid);
	if (digits != 0 && slice_starts(slice_skip(*text, digits + 1),
	    SLICE("] ")))
		*text = slice_skip(*text, digits + 3);
}

/* Behind the stamp: the id and what follows it. False: no id. */
static bool
take_id(struct slice *text, struct slice *id_r)
{
	size_t len;

	if (text->len != 0 && text->ptr[0] == ' ')
		*text = slice_skip(*text, 1);
	skip_pid(text);
	len = exim_id_length(*text);
	if (len == 0)
		return false;
	*id_r = slice_of(text->ptr, len);
	*text = slice_skip(*text, len + 1);
	return true;
}

static enum exim_flag
flag_of(struct slice text)
{
	char first, second;

	if (text.len < 3)
		return EXIM_OTHER;
	first = text.ptr[0];
	second = text.ptr[1];
	if (text.ptr[2] == ' ') {
		if (second == '>' && (first == '=' || first == '-' ||
		    first == '>'))
			return EXIM_DELIVERED;
		if (second == '>' && first == '*')
			return EXIM_NOT_REALLY;
		if (second == '=' && (first == '<' || first == '('))
			return EXIM_ARRIVAL;
		if (second == '=' && first == '=')
			return EXIM_DEFERRED;
		if (second == '*' && first == '*')
			return EXIM_FAILED;
	}
	if (slice_starts(text, SLICE("Completed")) &&
	    (text.len == 9 || text.ptr[9] == ' '))
		return EXIM_COMPLETED;
	return EXIM_OTHER;
}

/* ------------------------------------------------------------------ */
/* Recognising a file */

static bool
take_line(struct slice *head, struct slice *line_r)
{
	const char *newline = slice_chr(*head, '\n');

	if (head->len == 0)
		return false;
	*line_r = newline != NULL ? slice_between(head->ptr, newline) : *head;
	*head = slice_skip(*head, line_r->len + 1);
	return true;
}

/* "YYYY-MM-DD HH:MM:SS" with a space, which no syslog daemon writes. */
static bool
has_stamp(struct slice line)
{
	static const char shape[] = "dddd-dd-dd dd:dd:dd";

	if (line.len < sizeof(shape))
		return false;
	for (size_t i = 0; i < sizeof(shape) - 1; i++)
		if (shape[i] == 'd' ? !ascii_is_digit(line.ptr[i]) :
		    line.ptr[i] != shape[i])
			return false;
	return true;
}

/* Lines of the daemon, and of messages that were turned away. */
static bool
is_known_phrase(struct slice text)
{
	static const char *const list[] = { "Start queue run:",
		"End queue run:", "exim 4", "H=", "SMTP connection from ",
		"no host name found for IP address", "no IP address found for",
		"unexpected disconnection while", "SIGHUP received",
		"TLS error on connection from", "pid ", "cwd=/",
		"rejected connection from", "SMTP protocol synchronization",
		"SMTP command timeout on connection", "Warning: " };

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		if (slice_starts(text, slice_str(list[i])))
			return true;
	return false;
}

/* Behind the stamp, which may have a fraction and a zone. */
static struct slice
behind_stamp(struct slice line)
{
	size_t n = 19;

	if (n < line.len && line.ptr[n] == '.')
		for (n++; n < line.len && ascii_is_digit(line.ptr[n]);)
			n++;
	if (n + 6 <= line.len && line.ptr[n] == ' ' &&
	    (line.ptr[n + 1] == '+' || line.ptr[n + 1] == '-'))
		n += 6;
	return slice_skip(line, n);
}

static unsigned
exim_probe(struct slice head)
{
	unsigned lines = 0, with_id = 0, known = 0;
	struct slice line, id;

	while (take_line(&head, &line)) {
		struct slice text;

		if (line.len == 0)
			continue;
		lines++;
		if (!has_stamp(line))
			continue;
		text = behind_stamp(line);
		if (take_id(&text, &id))
			with_id++;
		else if (is_known_phrase(text))
			known++;
	}
	if (with_id + known == 0)
		return 0;
	return 1 + (with_id != 0 ? 97 : 60) * (with_id + known) / lines;
}

/* ------------------------------------------------------------------ */
/* The zone of stamps without one */

static int64_t
rounded_error(int64_t error)
{
	const int64_t quarter = 15 * MINUTE_S;
	int64_t rounded = (error + (error < 0 ? -quarter / 2 : quarter / 2)) /
	    quarter * quarter;

	if (rounded == 0 || rounded > 26 * 60 * MINUTE_S ||
	    rounded < -26 * 60 * MINUTE_S || error - rounded > 30 ||
	    rounded - error > 30)
		return 0;
	return rounded;
}

/* An id carries the moment when its message began to arrive, "<=" is logged
 * when it is there. The first that arrived at once tells. */
static void
find_zone_error(struct exim_state *state, struct slice head)
{
	struct slice line, id;

	while (take_line(&head, &line)) {
		struct stamp_clock clock = *state->clock;
		struct slice text = line;
		struct stamp at;
		int64_t birth, error;

		if (!has_stamp(line) ||
		    stamp_read(&clock, &text, &at) != STAMP_OK ||
		    !take_id(&text, &id) ||
		    !slice_starts(text, SLICE("<= ")) ||
		    !exim_id_time(id, &birth))
			continue;
		error = rounded_error(at.utc - birth);
		if (error != 0 || at.utc - birth <= 2 * MINUTE_S) {
			state->zone_error_s = error;
			return;
		}
	}
}

static enum mx_code
tell_zone(struct exim_state *state, const struct log_line *line,
    const struct fact_sink *sink, struct mx_err *err)
{
	int64_t minutes = state->zone_error_s / MINUTE_S;
	int64_t size = minutes < 0 ? -minutes : minutes;
	struct mx_where where = { line->where.path, 1 };
	char text[160];

	state->told_zone = true;
	if (minutes == 0)
		return MX_OK;
	(void)snprintf(text, sizeof(text), "time stamps are %d h %02d min %s "
	    "of the times in the message ids: is the time zone right?",
	    (int)(size / 60), (int)(size % 60),
	    minutes < 0 ? "behind" : "ahead");
	return sink->notice(sink->ctx, NOTICE_TIME, &where, slice_str(text),
	    err);
}

static bool
exim_moment(struct slice text, int64_t *utc_r, bool *is_birth_r)
{
	struct slice id;

	if (has_stamp(text))
		text = behind_stamp(text);
	if (!take_id(&text, &id))
		return false;
	*is_birth_r = slice_starts(text, SLICE("<= "));
	return exim_id_time(id, utc_r);
}

/* ------------------------------------------------------------------ */
/* Messages */

/* "<= SENDER ... [R=ID] ... [S=size] ... [id=Message-ID]" */
static void
read_arrival(struct slice text, struct message_event *event,
    struct slice *parent_r)
{
	struct slice rest;
	const char *at;
	uint64_t size;
	size_t n = 0;
	bool is_quoted = false;

	for (; n < text.len && (is_quoted || text.ptr[n] != ' '); n++)
		if (text.ptr[n] == '"')
			is_quoted = !is_quoted;
		else if (text.ptr[n] == '\\')
			n++;
	if (n > text.len)
		n = text.len;
	event->sender = address_bare(slice_of(text.ptr, n));
	rest = slice_skip(text, n);
	if (slice_starts(rest, SLICE(" R=")) &&
	    exim_id_length(slice_skip(rest, 3)) != 0)
		*parent_r = slice_of(rest.ptr + 3,
		    exim_id_length(slice_skip(rest, 3)));
	at = slice_find(rest, SLICE(" P="));
	if (at != NULL)
		rest = slice_skip(rest, (size_t)(at - rest.ptr) + 3);
	at = slice_find(rest, SLICE(" S="));
	if (at == NULL)
		return;
	rest = slice_skip(rest, (size_t)(at - rest.ptr) + 3);
	if (slice_number(rest, INT64_MAX, &size) != 0)
		event->size_bytes = (int64_t)size;
	at = slice_find(rest, SLICE(" id="));
	if (at == NULL)
		return;
	rest = slice_skip(rest, (size_t)(at - rest.ptr) + 4);
	at = slice_chr(rest, ' ');
	event->message_id = at != NULL ? slice_between(rest.ptr, at) : rest;
}

/* One line behind its stamp. */
struct exim_entry {
	const struct log_line *line;
	struct stamp at;
	struct slice host, instance, id, text;
};

static struct message_event
event_of(const struct exim_entry *entry)
{
	return (struct message_event){ .at = entry->at, .mta = "exim",
		.host = entry->host, .instance = entry->instance,
		.id = entry->id, .size_bytes = -1, .recipient_count = -1,
		.where = entry->line->where };
}

static enum mx_code
tell_arrival(const struct exim_entry *entry, const struct fact_sink *sink,
    struct mx_err *err)
{
	struct message_event event = event_of(entry), child = event;
	struct slice parent = SLICE_NONE;
	enum mx_code code;

	event.kind = MESSAGE_BORN;
	read_arrival(slice_skip(entry->text, 3), &event, &parent);
	code = sink->message(sink->ctx, &event, err);
	if (code != MX_OK || slice_is_none(parent))
		return code;
	child.kind = MESSAGE_CHILD;
	child.id = parent;
	child.child_id = entry->id;
	return sink->message(sink->ctx, &child, err);
}

/* Since arrival; what the id says is not what we believe when it lies ahead
 * or too far back. */
static void
set_delay(const struct exim_state *state, const struct exim_entry *entry,
    struct delivery *fact)
{
	int64_t birth, delay;

	if (fact->delay_ms >= 0 || !exim_id_time(entry->id, &birth))
		return;
	delay = entry->at.utc - state->zone_error_s - birth;
	if (delay >= 0 && delay <= 60 * DAY_S)
		fact->delay_ms = delay * 1000;
}

static enum mx_code
tell_delivery(struct exim_state *state, enum exim_flag flag,
    const struct exim_entry *entry, const struct fact_sink *sink,
    enum line_result *result_r, struct mx_err *err)
{
	struct delivery fact = fact_start("exim");
	enum skip_reason why;

	fact.at = entry->at;
	fact.host = entry->host;
	fact.instance = entry->instance;
	fact.id = entry->id;
	fact.where = entry->line->where;
	if (!exim_delivery_read(&state->memory, flag,
	    slice_skip(entry->text, 3), &fact, &why))
		return log_line_skip(entry->line, why, sink, result_r, err);
	set_delay(state, entry, &fact);
	return sink->delivery(sink->ctx, &fact, err);
}

static enum mx_code
take_entry(struct exim_state *state, const struct exim_entry *entry,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	enum exim_flag flag = flag_of(entry->text);
	struct message_event event;

	switch (flag) {
	case EXIM_ARRIVAL:
		return tell_arrival(entry, sink, err);
	case EXIM_DELIVERED:
	case EXIM_NOT_REALLY:
	case EXIM_DEFERRED:
	case EXIM_FAILED:
		return tell_delivery(state, flag, entry, sink, result_r, err);
	case EXIM_COMPLETED:
		event = event_of(entry);
		event.kind = MESSAGE_REMOVED;
		return sink->message(sink->ctx, &event, err);
	case EXIM_OTHER:
		break;
	}
	return MX_OK;
}

/* ------------------------------------------------------------------ */
/* Lines of the file and of syslog */

/* Entries of the reject log have headers and an envelope behind their first
 * line: "Envelope-from: <..>", "F From: ..", a line of dashes. */
static bool
is_rest_of_entry(struct slice line)
{
	struct slice rest = slice_skip(line, 2);
	size_t n = 0;

	if (line.len == 0 || line.ptr[0] == '\t' || line.ptr[0] == ' ' ||
	    slice_starts(line, SLICE("Envelope-")) ||
	    slice_starts(line, SLICE("-----------")) ||
	    slice_starts(line, SLICE("*** truncated ***")))
		return true;
	if (line.len < 4 || line.ptr[1] != ' ' ||
	    (!ascii_is_alpha(line.ptr[0]) && line.ptr[0] != '*'))
		return false;
	while (n < rest.len && (ascii_is_alnum(rest.ptr[n]) ||
	    rest.ptr[n] == '-'))
		n++;
	return n != 0 && n < rest.len && rest.ptr[n] == ':';
}

static enum mx_code
take_unstamped(const struct exim_state *state, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct stamp none = { INT64_MIN, 0, 0 };

	if (state->is_foreign || !is_rest_of_entry(line->raw)) {
		*result_r = LINE_NOT_MINE;
		return MX_OK;
	}
	return log_line_seen(state->clock, &none, SLICE_NONE, sink, err);
}

static enum mx_code
take_own_line(struct exim_state *state, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct exim_entry entry = { .line = line, .text = line->raw,
		.instance = SLICE("exim") };
	enum stamp_result result;
	enum mx_code code;

	if (!has_stamp(line->raw)) {
		code = take_unstamped(state, line, sink, result_r, err);
		state->is_foreign = *result_r == LINE_NOT_MINE;
		return code;
	}
	state->is_foreign = false;
	result = stamp_read(state->clock, &entry.text, &entry.at);
	if (result != STAMP_OK) {
		entry.at = (struct stamp){ INT64_MIN, 0, 0 };
		code = log_line_seen(state->clock, &entry.at, SLICE_NONE,
		    sink, err);
		return code == MX_OK ? log_line_skip(line, SKIP_BAD_STAMP,
		    sink, result_r, err) : code;
	}
	code = log_line_seen(state->clock, &entry.at, SLICE_NONE, sink, err);
	if (code == MX_OK && !state->told_zone)
		code = tell_zone(state, line, sink, err);
	if (code != MX_OK || !take_id(&entry.text, &entry.id))
		return code;
	return take_entry(state, &entry, sink, result_r, err);
}

/* A whole entry out of syslog, which may repeat the time in Exim's words. */
static enum mx_code
take_syslog_entry(struct exim_state *state, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct exim_entry entry = { .line = line, .at = line->head.at,
		.host = line->head.host, .instance = line->head.tag,
		.text = line->head.text };

	if (has_stamp(entry.text))
		entry.text = behind_stamp(entry.text);
	if (!take_id(&entry.text, &entry.id))
		return MX_OK;
	return take_entry(state, &entry, sink, result_r, err);
}

static enum mx_code
take_part(struct exim_state *state, const struct log_line *line,
    const struct exim_part *part, const struct fact_sink *sink,
    enum line_result *result_r, struct mx_err *err)
{
	struct log_line whole;
	enum mx_code code = MX_OK;

	if (part->number == 1 &&
	    exim_parts_evict(&state->parts, line, &whole))
		code = take_syslog_entry(state, &whole, sink, result_r, err);
	if (code == MX_OK &&
	    exim_parts_add(&state->parts, line, part, &whole))
		code = take_syslog_entry(state, &whole, sink, result_r, err);
	return code;
}

/* The rest of them will not come; what there is may hold an outcome. */
static enum mx_code
exim_finish(void *memory, const struct fact_sink *sink, struct mx_err *err)
{
	struct exim_state *state = memory;
	struct log_line whole;
	enum line_result unused;
	enum mx_code code = MX_OK;

	while (code == MX_OK &&
	    exim_parts_evict(&state->parts, NULL, &whole))
		code = take_syslog_entry(state, &whole, sink, &unused, err);
	return code;
}

static enum mx_code
exim_line(void *memory, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct exim_state *state = memory;
	struct exim_part part;

	*result_r = LINE_TAKEN;
	if (line->role == 0)
		return take_own_line(state, line, sink, result_r, err);
	if (exim_part_read(line->head.text, &part))
		return take_part(state, line, &part, sink, result_r, err);
	return take_syslog_entry(state, line, sink, result_r, err);
}

static enum mx_code
exim_init(void *memory, const struct log_context *context,
    struct mx_err *err)
{
	struct exim_state *state = memory;

	(void)err;
	fact_memory_init(&state->memory);
	exim_parts_init(&state->parts);
	state->clock = context->clock;
	find_zone_error(state, context->head);
	return MX_OK;
}

static void
exim_release(void *memory)
{
	struct exim_state *state = memory;

	fact_memory_release(&state->memory);
	exim_parts_release(&state->parts);
}

const struct log_format log_format_exim = {
	.name = "exim",
	.title = "Exim main log, as a file or by syslog",
	.recognised = "YYYY-MM-DD HH:MM:SS and a message id (6-6-2 or 6-11-4)",
	.probe = exim_probe,
	.role = exim_role,
	.state_size = sizeof(struct exim_state),
	.init = exim_init,
	.release = exim_release,
	.line = exim_line,
	.finish = exim_finish,
	.moment = exim_moment,
};
