/* SPDX-License-Identifier: BSD-2-Clause */
/* Syslog records that somebody wrapped in JSON, one object a line: the
 * journal (journalctl -o json), Docker's json-file driver, collectors; and
 * the journal's other ways to write the same (-o json-pretty, json-seq,
 * json-sse). Takes the wrapping off and knows no MTA. Field names:
 * systemd.journal-fields(7), and what rsyslog, Vector and Fluent Bit write by
 * default. */
#include "parsers/ingest_formats.h"
#include "parsers/json_value.h"

#include "base/limits.h"
#include "base/strbuf.h"

struct json_lines_state {
	struct json_doc *doc;  /* of the line before */
	struct strbuf message; /* a MESSAGE of byte numbers */
	struct strbuf object;  /* lines of an object that is not whole yet */
	bool is_open;          /* there is one */
};

static enum mx_code
json_lines_init(void *memory, const struct log_context *context,
    struct mx_err *err)
{
	struct json_lines_state *state = memory;

	(void)context;
	(void)err;
	strbuf_init(&state->message, LIMIT_LINE_BYTES);
	strbuf_init(&state->object, LIMIT_LINE_BYTES);
	return MX_OK;
}

static void
json_lines_release(void *memory)
{
	struct json_lines_state *state = memory;

	if (state->doc != NULL)
		json_doc_free(state->doc);
	strbuf_release(&state->message);
	strbuf_release(&state->object);
}

/* The first of KEYS (NULL-terminated) that OBJECT has as a text. */
static struct slice
text_of(const struct json_value *object, const char *const *keys)
{
	for (; *keys != NULL; keys++) {
		struct slice text = json_member_text_of(object, *keys);

		if (!slice_is_none(text))
			return text;
	}
	return SLICE_NONE;
}

/* A number, or a text of digits. */
static bool
number_of(const struct json_value *object, const char *key, int64_t *value_r)
{
	struct slice text = json_member_text_of(object, key);
	uint64_t value;

	if (json_member_int_of(object, key, value_r))
		return true;
	if (text.len == 0 || slice_number(text, INT64_MAX, &value) !=
	    text.len)
		return false;
	*value_r = (int64_t)value;
	return true;
}

/* Journal: microseconds since 1970. Others: RFC 3339, or seconds. */
static bool
read_time(const struct json_value *object, struct stamp_clock *clock,
    struct stamp *at)
{
	static const char *const keys[] = { "time", "timestamp",
		"@timestamp", "timereported", NULL };
	struct slice text = text_of(object, keys);
	int64_t number;

	*at = (struct stamp){ 0, 0, 0 };
	if (number_of(object, "__REALTIME_TIMESTAMP", &number) &&
	    number >= 0) {
		*at = (struct stamp){ number / 1000000,
			(uint32_t)(number % 1000000), 6 };
		return stamp_is_possible(at->utc);
	}
	if (text.len != 0)
		return stamp_read(clock, &text, at) == STAMP_OK;
	if (!number_of(object, "timestamp", &at->utc) &&
	    !number_of(object, "time", &at->utc))
		return false;
	return stamp_is_possible(at->utc);
}

/* The journal writes what is no valid UTF-8 as an array of byte numbers, and
 * a field that stands twice as an array of texts. */
static struct slice
message_of(struct json_lines_state *state, const struct json_value *object)
{
	static const char *const keys[] = { "MESSAGE", "message", "log",
		"msg", NULL };
	const struct json_value *list = json_value_member(object, "MESSAGE");
	struct slice text = text_of(object, keys);
	size_t count = json_value_count(list);
	int64_t byte;

	if (!slice_is_none(text) || count == 0)
		return text;
	text = json_value_text(json_value_at(list, 0));
	if (!slice_is_none(text))
		return text;
	strbuf_reset(&state->message);
	for (size_t i = 0; i < count; i++) {
		if (!json_value_int(json_value_at(list, i), &byte) ||
		    byte < 0 || byte > 255)
			return SLICE_NONE;
		strbuf_add_char(&state->message, (char)byte);
	}
	return strbuf_slice(&state->message);
}

/* A record whose time, host and program have members of their own. */
static enum head_result
read_members(const struct json_value *object, struct slice message,
    struct head_reader *heads, struct syslog_head *head)
{
	static const char *const hosts[] = { "_HOSTNAME", "host", "hostname",
		NULL };
	static const char *const tags[] = { "SYSLOG_IDENTIFIER", "appname",
		"app-name", "program", "programname", "ident",
		"syslog_identifier", "_COMM", NULL };
	static const char *const pids[] = { "SYSLOG_PID", "_PID", "procid",
		"pid", NULL };

	head->host = text_of(object, hosts);
	head->tag = text_of(object, tags);
	head->pid = text_of(object, pids);
	head->text = message;
	if (head->tag.len == 0)
		return HEAD_NO_FRAME;
	syslog_head_finish(heads, head);
	return HEAD_OK;
}

static enum head_result
read_object(struct json_lines_state *state, const struct json_value *object,
    struct head_reader *heads, struct syslog_head *head)
{
	struct stamp outer;
	bool has_time = read_time(object, &heads->clock, &outer);
	struct slice message = message_of(state, object);
	enum head_result result;

	while (message.len != 0 && message.ptr[message.len - 1] == '\n')
		message.len--;
	if (has_time)
		stamp_clock_saw(&heads->clock, outer.utc);
	head->at = outer;
	if (slice_is_none(message)) /* null: too long for journalctl */
		return has_time ? HEAD_NO_FRAME : HEAD_NO_STAMP;
	result = read_members(object, message, heads, head);
	if (result != HEAD_OK) {
		/* The message is a whole line of syslog. */
		result = syslog_head_read(heads, message, head);
		if (has_time)
			head->at = outer;
		if (result == HEAD_NO_STAMP || result == HEAD_NO_FRAME)
			head->text = message;
		return result == HEAD_NO_STAMP && has_time ? HEAD_NO_FRAME :
		    result;
	}
	return has_time ? HEAD_OK : HEAD_NO_STAMP;
}

/* TEXT is one object. */
static enum head_result
read_text(struct json_lines_state *state, struct slice text,
    struct head_reader *heads, struct syslog_head *head)
{
	struct mx_err err;

	if (state->doc != NULL)
		json_doc_free(state->doc);
	state->doc = NULL;
	if (text.len == 0)
		return HEAD_MARK;
	if (text.ptr[0] != '{') /* what a daemon says before it writes JSON */
		return syslog_head_read(heads, text, head);
	if (json_doc_parse(text, &state->doc, &err) != MX_OK) {
		state->doc = NULL;
		return HEAD_NO_STAMP;
	}
	return read_object(state, json_doc_root(state->doc), heads, head);
}

/* json-seq (RFC 7464) and json-sse (server-sent events). */
static struct slice
without_prefix(struct slice raw)
{
	raw = slice_trim(raw);
	if (raw.len != 0 && raw.ptr[0] == '\x1e')
		return slice_trim(slice_skip(raw, 1));
	if (slice_starts(raw, SLICE("data: ")))
		return slice_trim(slice_skip(raw, 6));
	return raw;
}

static bool
is_brace(struct slice raw, char brace)
{
	return raw.len == 1 && raw.ptr[0] == brace;
}

/* json-pretty: braces have lines of their own, members are indented. */
static enum head_result
read_pretty(struct json_lines_state *state, struct slice raw,
    struct head_reader *heads, struct syslog_head *head)
{
	bool is_whole = is_brace(raw, '}');

	if (is_brace(raw, '{')) {
		strbuf_reset(&state->object);
		strbuf_add_char(&state->object, '{');
		state->is_open = !state->is_open;
		return state->is_open ? HEAD_MORE : HEAD_BROKEN;
	}
	strbuf_add_slice(&state->object, raw);
	strbuf_add_char(&state->object, '\n');
	if (!is_whole)
		return HEAD_MORE;
	state->is_open = false;
	return read_text(state, slice_trim(strbuf_slice(&state->object)),
	    heads, head);
}

static enum head_result
json_lines_unwrap(void *memory, const struct log_line *line,
    struct head_reader *heads, struct syslog_head *head_r)
{
	struct json_lines_state *state = memory;

	head_r->host = head_r->tag = head_r->pid = head_r->text = SLICE_NONE;
	head_r->repeats = 1;
	if (line == NULL) {
		state->is_open = false;
		return HEAD_NO_STAMP;
	}
	if (state->is_open || is_brace(line->raw, '{'))
		return read_pretty(state, line->raw, heads, head_r);
	return read_text(state, without_prefix(line->raw), heads, head_r);
}

static unsigned
count_keys(struct slice line, const char *const *keys)
{
	unsigned found = 0;

	for (; *keys != NULL; keys++)
		found += slice_find(line, slice_str(*keys)) != NULL;
	return found;
}

/* The first object of HEAD: a line, or lines up to the brace. */
static struct slice
first_object(struct slice head)
{
	static const struct slice open = { "{\n", 2 }, close = { "\n}", 2 };
	const char *end;

	if (slice_starts(head, open)) {
		end = slice_find(head, close);
		return end != NULL ? slice_between(head.ptr, end + 2) : head;
	}
	end = slice_chr(head, '\n');
	return without_prefix(end != NULL ? slice_between(head.ptr, end) :
	    head);
}

/* By the first object: the journal's keys are sure, others need a text that
 * looks like syslog. */
static unsigned
json_lines_probe(struct slice head)
{
	static const char *const journal[] = { "\"__REALTIME_TIMESTAMP\"",
		"\"MESSAGE\"", NULL };
	static const char *const docker[] = { "{\"log\":\"", "\"stream\":\"",
		"\"time\":\"", NULL };
	static const char *const collector[] = { "\"message\"", "\"host",
		"\"timestamp\"", NULL };

	head = first_object(head);
	if (head.len == 0 || head.ptr[0] != '{')
		return 0;
	if (count_keys(head, journal) == 2)
		return 95;
	if (count_keys(head, docker) == 3)
		return 80;
	return count_keys(head, collector) == 3 ? 40 : 0;
}

/* Time of the first record of HEAD. */
static int64_t
json_lines_first_utc(struct slice head, struct stamp_clock *clock)
{
	struct json_doc *doc;
	struct stamp at;
	struct mx_err err;
	bool has_time;

	if (json_doc_parse(first_object(head), &doc, &err) != MX_OK)
		return INT64_MIN;
	has_time = read_time(json_doc_root(doc), clock, &at);
	json_doc_free(doc);
	return has_time ? at.utc : INT64_MIN;
}

const struct log_format log_format_json_lines = {
	.name = "json-lines",
	.title = "syslog records as JSON, one a line (journalctl -o json, "
	    "Docker) or -o json-pretty",
	.recognised = "objects with MESSAGE and __REALTIME_TIMESTAMP, or log, "
	    "stream and time, or message, host and timestamp",
	.probe = json_lines_probe,
	.state_size = sizeof(struct json_lines_state),
	.init = json_lines_init,
	.release = json_lines_release,
	.first_utc = json_lines_first_utc,
	.unwrap = json_lines_unwrap,
};
