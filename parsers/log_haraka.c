/* SPDX-License-Identifier: BSD-2-Clause */
/* Haraka's outbound lines, in its default layout, in logfmt and in JSON, as a
 * file or by syslog. An acceptance names no recipient: it is that of those who
 * were deferred before under the same id, or of nobody that is known. What is
 * queued is one message to one domain, UUID.n.m.
 *
 *   [TIME ][NOTICE] [UUID.n.m] [outbound] delivered file=F domain=D host=H
 *       ip=A port=P mode=SMTP tls=Y auth=N response="R" delay=S fails=N
 *       rcpts=ok/fail/bounce
 *
 * Source: Haraka 3.1 outbound/hmail.js, logger.js. */
#include "parsers/log_haraka.h"

#include "base/strbuf.h"
#include "parsers/duration.h"
#include "parsers/fact_fill.h"
#include "parsers/hop.h"
#include "parsers/json_line.h"

enum { ROLE_HARAKA = 1 };

struct haraka_state {
	struct fact_memory memory;
	struct stamp_clock *clock;
	struct haraka_waiting waiting;
	struct strbuf value; /* of a quoted field */
};

static uint32_t
haraka_role(struct slice tag)
{
	return slice_eq_nocase(slice_of(tag.ptr, tag.len < 6 ? tag.len : 6),
	    SLICE("haraka")) ? ROLE_HARAKA : 0;
}

/* A line taken apart: who says it, and what. */
struct haraka_line {
	struct slice uuid, text;    /* text: of the default layout */
	const struct json_value *object; /* or all of it as JSON */
};

/* "[word] " at the front of *TEXT. */
static bool
take_bracket(struct slice *text, struct slice *word_r)
{
	const char *close;

	if (text->len < 3 || text->ptr[0] != '[')
		return false;
	close = slice_chr(*text, ']');
	if (close == NULL || close - text->ptr > 80)
		return false;
	*word_r = slice_between(text->ptr + 1, close);
	*text = slice_trim(slice_skip(*text,
	    (size_t)(close + 1 - text->ptr)));
	return true;
}

/* "[NOTICE] [UUID] [outbound] text"; "level=NOTICE uuid=U origin=outbound
 * message="text" ..." */
static bool
read_layout(struct slice text, struct haraka_line *line)
{
	struct slice level, plugin, rest = text;
	static const struct slice uuid = { " uuid=", 6 };
	const char *at;

	if (take_bracket(&rest, &level) &&
	    take_bracket(&rest, &line->uuid) &&
	    take_bracket(&rest, &plugin)) {
		line->text = rest;
		return slice_starts(plugin, SLICE("outbound"));
	}
	if (!slice_starts(text, SLICE("level=")) ||
	    (at = slice_find(text, uuid)) == NULL)
		return false;
	rest = slice_skip(text, (size_t)(at - text.ptr) + uuid.len);
	at = slice_chr(rest, ' ');
	if (at == NULL)
		return false;
	line->uuid = slice_between(rest.ptr, at);
	rest = slice_skip(rest, line->uuid.len + 1);
	if (!slice_starts(rest, SLICE("origin=outbound")))
		return false;
	at = slice_find(rest, SLICE("message=\""));
	if (at == NULL)
		return false;
	line->text = slice_skip(rest, (size_t)(at - rest.ptr) + 9);
	if (slice_starts(line->text, SLICE("\" ")))
		line->text = slice_skip(line->text, 2);
	else if (line->text.len != 0 &&
	    line->text.ptr[line->text.len - 1] == '"')
		line->text.len--;
	return true;
}

/* ------------------------------------------------------------------ */
/* Facts */

struct haraka_entry {
	struct haraka_state *state;
	const struct log_line *line;
	struct stamp at;
	struct slice host, instance, id;
	const struct fact_sink *sink;
};

static struct delivery
fact_of(const struct haraka_entry *entry, enum outcome outcome)
{
	struct delivery fact = fact_start("haraka");

	fact.at = entry->at;
	fact.host = entry->host;
	fact.instance = entry->instance;
	fact.agent = SLICE("outbound");
	fact.id = entry->id;
	fact.where = entry->line->where;
	fact.outcome = outcome;
	fact.is_final = outcome != OUTCOME_DEFERRED;
	return fact;
}

static enum mx_code
tell_event(const struct haraka_entry *entry, enum message_event_kind kind,
    struct mx_err *err)
{
	struct message_event event = { .kind = kind, .at = entry->at,
		.mta = "haraka", .host = entry->host,
		.instance = entry->instance, .id = entry->id,
		.size_bytes = -1, .recipient_count = -1,
		.where = entry->line->where };

	return entry->sink->message(entry->sink->ctx, &event, err);
}

/* A value at the front of *TEXT, a word or in quotes, which moves behind it;
 * its escapes go into SCRATCH, where that is not NULL. */
static struct slice
take_value(struct slice *text, struct strbuf *scratch)
{
	const char *end;
	struct slice value;
	size_t i = 1;

	if (text->len == 0 || text->ptr[0] != '"') {
		end = slice_chr(*text, ' ');
		value = end != NULL ? slice_between(text->ptr, end) : *text;
		*text = slice_skip(*text, value.len);
		return value;
	}
	if (scratch != NULL)
		strbuf_reset(scratch);
	for (; i < text->len; i++) {
		/* before 2.8.11 the quotes of a reply had no backslash */
		if (text->ptr[i] == '"' && (i + 1 == text->len ||
		    text->ptr[i + 1] == ' '))
			break;
		if (text->ptr[i] == '\\' && i + 1 < text->len)
			i++;
		if (scratch != NULL)
			strbuf_add_char(scratch, text->ptr[i]);
	}
	*text = slice_skip(*text, i + 1);
	return scratch != NULL ? strbuf_slice(scratch) : SLICE_NONE;
}

/* The value of KEY among "key=value" of a line, one after the other: a reply
 * may hold what looks like one; or of the JSON object. */
static struct slice
field(const struct haraka_line *line, const char *key,
    struct strbuf *scratch)
{
	struct slice rest = line->text, name = slice_str(key);

	if (line->object != NULL)
		return json_line_text(line->object, key);
	while (rest.len != 0) {
		const char *equals = slice_chr(rest, '=');
		struct slice word;
		bool is_it;

		if (equals == NULL)
			break;
		word = slice_between(rest.ptr, equals);
		is_it = slice_ends(word, name) && (word.len == name.len ||
		    word.ptr[word.len - name.len - 1] == ' ');
		rest = slice_skip(rest, word.len + 1);
		word = take_value(&rest, is_it ? scratch : NULL);
		if (is_it)
			return word;
	}
	return SLICE_NONE;
}

static uint16_t
port_of(struct slice text)
{
	uint64_t port;

	return slice_number(text, 65535, &port) == text.len && text.len != 0 ?
	    (uint16_t)port : 0;
}

/* All of an acceptance but its recipient. */
static void
fill_delivered(struct haraka_state *state, const struct haraka_line *line,
    struct delivery *fact)
{
	struct slice host, ip, text;
	double seconds;
	int64_t port;

	text = field(line, "domain", &state->value);
	fact->domain = domain_name_plain(text, state->memory.domain);
	if (text.ptr == state->value.ptr && text.len < LIMIT_DOMAIN_BYTES) {
		memcpy(state->memory.domain, fact->domain.ptr, text.len);
		fact->domain = slice_of(state->memory.domain, text.len);
	}
	ip = field(line, "ip", &state->memory.text);
	host = field(line, "host", &state->value);
	fact_set_relay(&state->memory, fact, host, ip);
	if (host.ptr == state->value.ptr && host.len < LIMIT_DOMAIN_BYTES) {
		memcpy(state->memory.relay, fact->relay_host.ptr,
		    fact->relay_host.len);
		fact->relay_host.ptr = state->memory.relay;
	}
	if (line->object == NULL)
		fact->relay_port = port_of(field(line, "port",
		    &state->value));
	else if (json_member_int_of(line->object, "port", &port) &&
	    port > 0 && port <= 65535)
		fact->relay_port = (uint16_t)port;
	else
		fact->relay_port = port_of(json_line_text(line->object,
		    "port"));
	if (line->object == NULL)
		fact->delay_ms = duration_seconds(field(line, "delay",
		    &state->value));
	else if (json_value_real(json_value_member(line->object, "delay"),
	    &seconds) && seconds >= 0 && seconds < 1e9)
		fact->delay_ms = (int64_t)(seconds * 1000);
	fact->hop = slice_eq(field(line, "mode", &state->value),
	    SLICE("LMTP")) ? HOP_LOCAL :
	    hop_of_smtp(fact->relay_host, fact->relay_ip);
	fact->tls = slice_eq(field(line, "tls", &state->value),
	    SLICE("Y")) ? SLICE("Y") : SLICE("N");
	fact_set_reply(&state->memory, fact, field(line, "response",
	    &state->value));
	fact->is_own_text = false;
}

/* One acceptance for each that waited and was not deferred again just now. */
static enum mx_code
tell_delivered(const struct haraka_entry *entry,
    const struct haraka_line *line, struct mx_err *err)
{
	struct haraka_state *state = entry->state;
	struct delivery fact = fact_of(entry, OUTCOME_ACCEPTED);
	struct delivery one;
	enum mx_code code = MX_OK;
	bool is_told = false;
	size_t at = 0;

	fill_delivered(state, line, &fact);
	one = fact;
	while (code == MX_OK && haraka_waited(&state->waiting, entry->id,
	    entry->at.utc, &at, &one.recipient)) {
		code = entry->sink->delivery(entry->sink->ctx, &one, err);
		is_told = true;
	}
	if (code == MX_OK && !is_told)
		code = entry->sink->delivery(entry->sink->ctx, &fact, err);
	if (code != MX_OK || haraka_has_waiting(&state->waiting, entry->id,
	    entry->at.utc))
		return code;
	return tell_event(entry, MESSAGE_REMOVED, err);
}

/* "recipient <a@b> deferred: words", "... rejected: words" */
static enum mx_code
tell_recipient(const struct haraka_entry *entry, struct slice text,
    struct mx_err *err)
{
	static const struct slice deferred = { " deferred: ", 11 };
	static const struct slice rejected = { " rejected: ", 11 };
	const char *at = slice_find(text, deferred);
	bool is_deferred = at != NULL;
	struct delivery fact;

	if (at == NULL)
		at = slice_find(text, rejected);
	if (at == NULL)
		return MX_OK;
	fact = fact_of(entry, is_deferred ? OUTCOME_DEFERRED :
	    OUTCOME_BOUNCED);
	fact_set_recipient(&entry->state->memory, &fact,
	    address_bare(slice_between(text.ptr, at)));
	fact_set_reply(&entry->state->memory, &fact, slice_skip(text,
	    (size_t)(at - text.ptr) + deferred.len));
	if (is_deferred)
		haraka_start_waiting(&entry->state->waiting, entry->id,
		    fact.recipient, entry->at.utc);
	else
		haraka_stop_waiting(&entry->state->waiting, entry->id,
		    fact.recipient);
	return entry->sink->delivery(entry->sink->ctx, &fact, err);
}

/* "Temp failing F for N seconds: words": tells something only where no
 * recipient was named. */
static enum mx_code
tell_deferred(const struct haraka_entry *entry, struct slice text,
    struct mx_err *err)
{
	static const struct slice mark = { " seconds: ", 10 };
	const char *at = slice_find(text, mark);
	struct delivery fact = fact_of(entry, OUTCOME_DEFERRED);

	if (at == NULL || haraka_has_waiting(&entry->state->waiting,
	    entry->id, entry->at.utc))
		return MX_OK;
	fact_set_reply(&entry->state->memory, &fact, slice_skip(text,
	    (size_t)(at - text.ptr) + mark.len));
	return entry->sink->delivery(entry->sink->ctx, &fact, err);
}

/* Of each that waits, or of nobody that is known. */
static enum mx_code
tell_bounced(const struct haraka_entry *entry, struct delivery *fact,
    struct mx_err *err)
{
	enum mx_code code = MX_OK;
	struct slice recipient;
	bool is_told = false;
	size_t at = 0;

	while (code == MX_OK && haraka_waited(&entry->state->waiting,
	    entry->id, INT64_MAX, &at, &recipient)) {
		fact_set_recipient(&entry->state->memory, fact, recipient);
		code = entry->sink->delivery(entry->sink->ctx, fact, err);
		is_told = true;
	}
	if (code != MX_OK || is_told)
		return code;
	return entry->sink->delivery(entry->sink->ctx, fact, err);
}

/* "bouncing mail: words": the end of the message. */
static enum mx_code
tell_bounce(const struct haraka_entry *entry, struct slice words,
    struct mx_err *err)
{
	struct delivery fact = fact_of(entry, OUTCOME_BOUNCED);
	enum mx_code code = MX_OK;

	if (slice_starts(words, SLICE("Too many failures"))) {
		code = tell_event(entry, MESSAGE_EXPIRED, err);
	} else if (!slice_starts(words, SLICE("Some recipients failed")) &&
	    !slice_starts(words, SLICE("recipients: "))) {
		fact_set_reply(&entry->state->memory, &fact, words);
		code = tell_bounced(entry, &fact, err);
	}
	haraka_forget(&entry->state->waiting, entry->id);
	return code == MX_OK ? tell_event(entry, MESSAGE_REMOVED, err) :
	    code;
}

static bool
take(struct slice *text, struct slice prefix)
{
	if (!slice_starts(*text, prefix))
		return false;
	*text = slice_skip(*text, prefix.len);
	return true;
}

static enum mx_code
take_entry(struct haraka_entry *entry, const struct haraka_line *line,
    struct mx_err *err)
{
	struct slice text = line->text;

	entry->id = line->uuid;
	if (line->object != NULL)
		text = json_line_text(line->object, "message");
	if ((line->object != NULL && json_line_text(line->object,
	    "delivered file").len != 0) ||
	    slice_starts(text, SLICE("delivered file=")))
		return tell_delivered(entry, line, err);
	if (take(&text, SLICE("recipient ")))
		return tell_recipient(entry, text, err);
	if (take(&text, SLICE("Temp failing ")))
		return tell_deferred(entry, text, err);
	if (take(&text, SLICE("bouncing mail: ")))
		return tell_bounce(entry, text, err);
	return MX_OK;
}

/* ------------------------------------------------------------------ */
/* Lines */

/* One JSON object; the caller frees the document. */
static bool
read_object(struct slice text, struct haraka_line *line,
    struct json_doc **doc_r)
{
	const struct json_value *root;

	if (text.len == 0 || text.ptr[0] != '{' ||
	    json_doc_parse(text, doc_r, NULL) != MX_OK)
		return false;
	root = json_doc_root(*doc_r);
	line->object = root;
	line->uuid = json_line_text(root, "uuid");
	return slice_eq(json_line_text(root, "origin"), SLICE("outbound"));
}

static enum mx_code
take_text(struct haraka_entry *entry, struct slice text, struct mx_err *err)
{
	struct haraka_line line = { SLICE_NONE, SLICE_NONE, NULL };
	struct json_doc *doc = NULL;
	enum mx_code code = MX_OK;

	/* Haraka writes "-" where there is no transaction, never nothing */
	if ((read_layout(text, &line) || read_object(text, &line, &doc)) &&
	    line.uuid.len != 0)
		code = take_entry(entry, &line, err);
	json_doc_free(doc);
	return code;
}

/* A time, then a level in brackets. */
static unsigned
haraka_probe(struct slice head)
{
	unsigned lines = 0, good = 0;

	while (head.len != 0) {
		const char *end = slice_chr(head, '\n');
		struct slice line = end != NULL ?
		    slice_between(head.ptr, end) : head, word;

		head = slice_skip(head, line.len + 1);
		lines += line.len != 0;
		if (line.len < 40 || line.ptr[10] != 'T')
			continue;
		word = slice_skip(line, 19);
		while (word.len != 0 && word.ptr[0] != ' ')
			word = slice_skip(word, 1);
		word = slice_skip(word, 1);
		good += slice_starts(word, SLICE("[NOTICE] [")) ||
		    slice_starts(word, SLICE("[INFO] [")) ||
		    slice_starts(word, SLICE("level=NOTICE uuid=")) ||
		    slice_starts(word, SLICE("level=INFO uuid=")) ||
		    slice_starts(word, SLICE("{\"level\":\"NOTICE\",")) ||
		    slice_starts(word, SLICE("{\"level\":\"INFO\","));
	}
	return good == 0 ? 0 : 1 + 96 * good / lines;
}

static enum mx_code
haraka_line(void *memory, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct haraka_state *state = memory;
	struct haraka_entry entry = { .state = state, .line = line,
		.sink = sink, .instance = SLICE("haraka") };
	struct slice text = line->raw;
	enum mx_code code;

	*result_r = LINE_TAKEN;
	if (line->role != 0) {
		entry.at = line->head.at;
		entry.host = line->head.host;
		return take_text(&entry, line->head.text, err);
	}
	if (stamp_read(state->clock, &text, &entry.at) != STAMP_OK ||
	    log_line_is_syslog(line->raw, slice_trim(text))) {
		*result_r = LINE_NOT_MINE;
		return MX_OK;
	}
	code = log_line_seen(state->clock, &entry.at, SLICE_NONE, sink, err);
	return code == MX_OK ? take_text(&entry, slice_trim(text), err) :
	    code;
}

static enum mx_code
haraka_init(void *memory, const struct log_context *context,
    struct mx_err *err)
{
	struct haraka_state *state = memory;

	(void)err;
	fact_memory_init(&state->memory);
	strbuf_init(&state->value, LIMIT_LINE_BYTES);
	state->clock = context->clock;
	return MX_OK;
}

static void
haraka_release(void *memory)
{
	struct haraka_state *state = memory;

	fact_memory_release(&state->memory);
	strbuf_release(&state->value);
}

static void
haraka_save(const void *memory, struct strbuf *out)
{
	const struct haraka_state *state = memory;

	haraka_waiting_save(&state->waiting, out);
}

static void
haraka_load(void *memory, struct slice text)
{
	struct haraka_state *state = memory;

	haraka_waiting_load(&state->waiting, text);
}

const struct log_format log_format_haraka = {
	.name = "haraka",
	.title = "Haraka outbound, as a file with times or by syslog",
	.recognised = "[NOTICE] [UUID] [outbound], logfmt or JSON of it",
	.probe = haraka_probe,
	.role = haraka_role,
	.state_size = sizeof(struct haraka_state),
	.init = haraka_init,
	.release = haraka_release,
	.line = haraka_line,
	.save = haraka_save,
	.load = haraka_load,
};
