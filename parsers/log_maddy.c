/* SPDX-License-Identifier: BSD-2-Clause */
/* maddy's queue, as a file (with times) or by syslog: words, a tab, and a
 * JSON object. Success names no MX. "delivery attempt failed" is the attempt;
 * "not delivered, permanent error" repeats a refusal, but behind a deferral
 * it says that there were too many tries.
 *
 *   queue: delivered<TAB>{"attempt":1,"msg_id":"M","rcpt":"R"}
 *
 * Source: maddy 0.8 (May 2026) internal/target/queue/queue.go. */
#include "base/hash.h"
#include "base/strbuf.h"
#include "parsers/fact_fill.h"
#include "parsers/ingest_formats.h"
#include "parsers/json_line.h"
#include "parsers/log_saved.h"

enum { ROLE_MADDY = 1, DEFERRED_KEPT = 256 };

struct maddy_state {
	struct fact_memory memory;
	struct stamp_clock *clock;
	struct strbuf reply;
	/* Hashes of message and recipient, deferred last: the line that gives
	 * them up comes right behind. 0: free. */
	uint64_t deferred[DEFERRED_KEPT];
	size_t next_deferred;
};

static uint32_t
maddy_role(struct slice tag)
{
	return slice_eq(tag, SLICE("maddy")) ? ROLE_MADDY : 0;
}

/* Behind "MODULE: words", the object; syslog may have made "#011" of the
 * tab. */
static bool
split(struct slice text, struct slice *words_r, struct slice *object_r)
{
	const char *open = slice_find(text, slice_of("\t{", 2));
	size_t gap = 1;

	if (open == NULL) {
		open = slice_find(text, slice_of("#011{", 5));
		gap = 4;
	}
	if (open == NULL)
		return false;
	*words_r = slice_between(text.ptr, open);
	*object_r = slice_skip(text, (size_t)(open - text.ptr) + gap);
	return true;
}

enum said { SAID_OTHER, SAID_DELIVERED, SAID_FAILED, SAID_OVER };

/* What the words behind the module's name say; the module may have any name,
 * as the configuration has. */
static enum said
said_by(struct slice words)
{
	if (slice_ends(words, SLICE(": delivered")))
		return SAID_DELIVERED;
	if (slice_ends(words, SLICE(": delivery attempt failed")))
		return SAID_FAILED;
	return slice_ends(words, SLICE(": not delivered, permanent error")) ?
	    SAID_OVER : SAID_OTHER;
}

static enum outcome
outcome_of(enum said said, const struct json_value *object)
{
	int64_t code = 0;

	if (said != SAID_FAILED)
		return said == SAID_DELIVERED ? OUTCOME_ACCEPTED :
		    OUTCOME_EXPIRED;
	(void)json_member_int_of(object, "smtp_code", &code);
	return code >= 500 && code <= 599 ? OUTCOME_BOUNCED :
	    OUTCOME_DEFERRED;
}

/* "550 5.1.1 words" as it came; maddy's own reason where nothing came. */
static void
set_reply(struct maddy_state *state, const struct json_value *object,
    struct delivery *fact)
{
	struct slice words = json_line_text(object, "smtp_msg");
	struct slice enhanced = json_line_text(object, "smtp_enchcode");
	struct slice remote = json_line_text(object, "remote_server");
	int64_t code = 0;

	(void)json_member_int_of(object, "smtp_code", &code);
	strbuf_reset(&state->reply);
	if (remote.len != 0 && code >= 200 && code <= 599) {
		strbuf_addf(&state->reply, "%d ", (int)code);
		if (enhanced.len != 0) {
			strbuf_add_slice(&state->reply, enhanced);
			strbuf_add_char(&state->reply, ' ');
		}
	}
	if (words.len == 0)
		words = json_line_text(object, "reason");
	strbuf_add_slice(&state->reply, words);
	if (enhanced.len != 0)
		fact->dsn = enhanced;
	fact_set_relay(&state->memory, fact, remote, SLICE_NONE);
	fact_set_reply(&state->memory, fact, strbuf_slice(&state->reply));
	if (remote.len == 0) {
		fact->is_own_text = true;
		fact->reply_code = 0;
	}
}

static enum mx_code
tell(struct maddy_state *state, const struct json_value *object,
    struct delivery *fact, const struct fact_sink *sink, struct mx_err *err)
{
	fact->agent = SLICE("queue");
	fact->id = json_line_text(object, "msg_id");
	fact->is_final = fact->outcome != OUTCOME_DEFERRED;
	fact_set_recipient(&state->memory, fact,
	    json_line_text(object, "rcpt"));
	if (fact->outcome != OUTCOME_ACCEPTED)
		set_reply(state, object, fact);
	return sink->delivery(sink->ctx, fact, err);
}

static uint64_t
hash_of(const struct json_value *object)
{
	uint64_t hash = hash_stable(json_line_text(object, "rcpt"),
	    hash_stable(json_line_text(object, "msg_id"),
	    HASH_STABLE_START));

	return hash != 0 ? hash : 1;
}

/* Was that recipient deferred just now? Asked once. */
static bool
was_deferred(struct maddy_state *state, const struct json_value *object)
{
	uint64_t hash = hash_of(object);

	for (size_t i = 0; i < DEFERRED_KEPT; i++)
		if (state->deferred[i] == hash) {
			state->deferred[i] = 0;
			return true;
		}
	return false;
}

static void
keep_deferred(struct maddy_state *state, uint64_t hash)
{
	state->deferred[state->next_deferred] = hash;
	state->next_deferred = (state->next_deferred + 1) % DEFERRED_KEPT;
}

static enum mx_code
take_object(struct maddy_state *state, const struct json_value *object,
    enum said said, struct delivery *fact, const struct fact_sink *sink,
    struct mx_err *err)
{
	/* others than queues say "delivered" too, of no recipient */
	if (json_line_text(object, "rcpt").len == 0 ||
	    (said == SAID_OVER && !was_deferred(state, object)))
		return MX_OK;
	fact->outcome = outcome_of(said, object);
	if (fact->outcome == OUTCOME_DEFERRED)
		keep_deferred(state, hash_of(object));
	return tell(state, object, fact, sink, err);
}

static enum mx_code
take_text(struct maddy_state *state, struct slice text,
    struct delivery *fact, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct slice words, body;
	struct json_doc *doc;
	enum said said;
	enum mx_code code;

	if (!split(text, &words, &body) ||
	    (said = said_by(words)) == SAID_OTHER)
		return MX_OK;
	if (json_doc_parse(body, &doc, NULL) != MX_OK)
		return log_line_skip(line, SKIP_CUT, sink, result_r, err);
	code = take_object(state, json_doc_root(doc), said, fact, sink, err);
	json_doc_free(doc);
	return code;
}

/* "TIME MODULE: words<TAB>{": by syslog there would be a host in front. */
static bool
is_own_line(struct slice line)
{
	struct slice words, body;
	const char *space;

	if (line.len < 30 || line.ptr[10] != 'T' || line.ptr[23] != 'Z' ||
	    line.ptr[24] != ' ')
		return false;
	line = slice_skip(line, 25);
	if (slice_starts(line, SLICE("[debug] ")))
		line = slice_skip(line, 8);
	space = slice_chr(line, ' ');
	return space != NULL && space != line.ptr && space[-1] == ':' &&
	    split(line, &words, &body);
}

/* The lines pass for syslog of a program without a host: only sure where a
 * queue speaks. */
static unsigned
maddy_probe(struct slice head)
{
	unsigned lines = 0, good = 0;
	bool is_sure = false;

	while (head.len != 0) {
		const char *end = slice_chr(head, '\n');
		struct slice line = end != NULL ?
		    slice_between(head.ptr, end) : head;

		head = slice_skip(head, line.len + 1);
		lines += line.len != 0;
		if (!is_own_line(line))
			continue;
		good++;
		is_sure |= slice_find(line, SLICE("\"msg_id\"")) != NULL;
	}
	return !is_sure ? 0 : 91 + 6 * good / lines;
}

static enum mx_code
maddy_line(void *memory, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct maddy_state *state = memory;
	struct delivery fact = fact_start("maddy");
	struct slice text = line->raw;
	enum mx_code code;

	*result_r = LINE_TAKEN;
	fact.where = line->where;
	fact.instance = SLICE("maddy");
	if (line->role != 0) {
		fact.at = line->head.at;
		fact.host = line->head.host;
		return take_text(state, line->head.text, &fact, line, sink,
		    result_r, err);
	}
	if (stamp_read(state->clock, &text, &fact.at) != STAMP_OK ||
	    log_line_is_syslog(line->raw, slice_trim(text))) {
		*result_r = LINE_NOT_MINE;
		return MX_OK;
	}
	code = log_line_seen(state->clock, &fact.at, SLICE_NONE, sink, err);
	return code == MX_OK ? take_text(state, slice_trim(text), &fact, line,
	    sink, result_r, err) : code;
}

static enum mx_code
maddy_init(void *memory, const struct log_context *context,
    struct mx_err *err)
{
	struct maddy_state *state = memory;

	(void)err;
	fact_memory_init(&state->memory);
	strbuf_init(&state->reply, LIMIT_LINE_BYTES);
	state->clock = context->clock;
	return MX_OK;
}

static void
maddy_release(void *memory)
{
	struct maddy_state *state = memory;

	fact_memory_release(&state->memory);
	strbuf_release(&state->reply);
}

/* Oldest first, so that it stays the first to go. */
static void
maddy_save(const void *memory, struct strbuf *out)
{
	const struct maddy_state *state = memory;

	for (size_t i = 0; i < DEFERRED_KEPT; i++) {
		uint64_t hash = state->deferred[(state->next_deferred + i) %
		    DEFERRED_KEPT];

		if (hash != 0)
			saved_add_number(out, hash);
	}
}

static void
maddy_load(void *memory, struct slice text)
{
	struct maddy_state *state = memory;
	struct saved_fields from = { .rest = text };

	for (size_t i = 0; i < DEFERRED_KEPT && from.rest.len != 0; i++) {
		uint64_t hash = saved_number(&from, UINT64_MAX);

		if (hash != 0)
			keep_deferred(state, hash);
	}
}

const struct log_format log_format_maddy = {
	.name = "maddy",
	.title = "maddy, as a file with times or by syslog",
	.recognised = "MODULE: delivered<TAB>{... msg_id ...}",
	.probe = maddy_probe,
	.role = maddy_role,
	.state_size = sizeof(struct maddy_state),
	.init = maddy_init,
	.release = maddy_release,
	.line = maddy_line,
	.save = maddy_save,
	.load = maddy_load,
};
