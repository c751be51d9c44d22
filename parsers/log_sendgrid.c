/* SPDX-License-Identifier: BSD-2-Clause */
/* SendGrid's event webhook as it was stored: one array of events a line (a
 * POST), or an event a line, in an array or not. Events come twice at times,
 * and in any order.
 * Format: SendGrid documentation, "Event Webhook Reference". */
#include <inttypes.h>

#include "base/hash.h"
#include "parsers/fact_fill.h"
#include "parsers/json_line.h"

enum { SEEN_BUCKETS = 1024, SEEN_WAYS = 8 };

struct sendgrid_state {
	struct fact_memory memory;
	struct stamp_clock *clock;
	/* Hashes of sg_event_id, the last few of each bucket. */
	uint64_t seen[SEEN_BUCKETS][SEEN_WAYS];
	uint8_t next_seen[SEEN_BUCKETS];
};

/* The events of a line: an array, or one object. */
static size_t
event_count(const struct json_value *root)
{
	return json_value_kind(root) == JSON_KIND_ARRAY ?
	    json_value_count(root) :
	    json_value_kind(root) == JSON_KIND_OBJECT;
}

static const struct json_value *
event_at(const struct json_value *root, size_t index)
{
	return json_value_kind(root) == JSON_KIND_ARRAY ?
	    json_value_at(root, index) : root;
}

static bool
is_post(const struct json_value *root)
{
	const struct json_value *event = event_at(root, 0);

	return json_line_text(event, "event").len != 0 &&
	    json_line_text(event, "email").len != 0 &&
	    json_value_member(event, "timestamp") != NULL &&
	    (json_line_text(event, "sg_event_id").len != 0 ||
	    json_line_text(event, "sg_message_id").len != 0);
}

static unsigned
sendgrid_probe(struct slice head)
{
	struct json_doc *doc = json_line_find(head, is_post);

	json_doc_free(doc);
	return doc != NULL ? 98 : 0;
}

static int64_t
sendgrid_first_utc(struct slice head, struct stamp_clock *clock)
{
	struct json_doc *doc = json_line_find(head, is_post);
	struct stamp at = { INT64_MIN, 0, 0 };

	(void)clock;
	if (doc != NULL)
		(void)json_line_time(json_value_member(event_at(
		    json_doc_root(doc), 0), "timestamp"), &at);
	json_doc_free(doc);
	return at.utc;
}

static void
note_seen(struct sendgrid_state *state, uint64_t key)
{
	size_t bucket = key % SEEN_BUCKETS;

	state->seen[bucket][state->next_seen[bucket]] = key;
	state->next_seen[bucket] = (uint8_t)
	    ((state->next_seen[bucket] + 1) % SEEN_WAYS);
}

static bool
was_seen(struct sendgrid_state *state, struct slice id)
{
	uint64_t key = hash_stable(id, HASH_STABLE_START);

	if (id.len == 0)
		return false;
	for (size_t i = 0; i < SEEN_WAYS; i++)
		if (state->seen[key % SEEN_BUCKETS][i] == key)
			return true;
	note_seen(state, key);
	return false;
}

/* A line each, the oldest of a bucket first. */
static void
sendgrid_save(const void *memory, struct strbuf *out)
{
	const struct sendgrid_state *state = memory;

	for (size_t i = 0; i < SEEN_BUCKETS; i++)
		for (size_t k = 0; k < SEEN_WAYS; k++) {
			uint64_t key = state->seen[i]
			    [(state->next_seen[i] + k) % SEEN_WAYS];

			if (key != 0)
				strbuf_addf(out, "%" PRIu64 "\n", key);
		}
}

static void
sendgrid_load(void *memory, struct slice text)
{
	while (text.len != 0) {
		const char *end = slice_chr(text, '\n');
		struct slice line = end != NULL ?
		    slice_between(text.ptr, end) : text;
		uint64_t key;

		text = slice_skip(text, line.len + 1);
		if (slice_number(line, UINT64_MAX, &key) == line.len &&
		    line.len != 0 && key != 0)
			note_seen(memory, key);
	}
}

static bool
read_outcome(struct slice name, enum outcome *outcome_r)
{
	static const struct {
		const char *name;
		enum outcome outcome;
	} outcomes[] = {
		{ "delivered", OUTCOME_ACCEPTED },
		{ "deferred", OUTCOME_DEFERRED },
		{ "bounce", OUTCOME_BOUNCED },
		{ "blocked", OUTCOME_BOUNCED },
		{ "dropped", OUTCOME_DISCARDED },
	};

	for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++)
		if (slice_eq(name, slice_str(outcomes[i].name))) {
			*outcome_r = outcomes[i].outcome;
			return true;
		}
	return false;
}

static void
fill_fact(struct sendgrid_state *state, const struct json_value *event,
    struct delivery *fact)
{
	struct slice words = json_line_text(event, "response");
	int64_t tls;

	if (words.len == 0)
		words = json_line_text(event, "reason");
	fact->instance = SLICE("sendgrid");
	fact->agent = SLICE("smtp");
	fact->id = json_line_text(event, "sg_message_id");
	fact->is_final = fact->outcome != OUTCOME_DEFERRED;
	fact->dsn = json_line_text(event, "status");
	fact_set_recipient(&state->memory, fact,
	    json_line_text(event, "email"));
	fact_set_source_ip(&state->memory, fact,
	    json_line_text(event, "ip"));
	fact_set_reply(&state->memory, fact, words);
	if (json_member_int_of(event, "tls", &tls))
		fact->tls = tls != 0 ? SLICE("1") : SLICE("0");
}

/* *is_bad_r is set where the event has not what an outcome needs. */
static enum mx_code
take_event(struct sendgrid_state *state, const struct json_value *event,
    const struct mx_where *where, const struct fact_sink *sink,
    bool *is_bad_r, struct mx_err *err)
{
	struct delivery fact = fact_start("sendgrid");
	struct message_event removed = { .kind = MESSAGE_REMOVED,
		.mta = "sendgrid", .instance = SLICE("sendgrid"),
		.size_bytes = -1, .recipient_count = -1, .where = *where };
	enum mx_code code;

	if (!read_outcome(json_line_text(event, "event"), &fact.outcome))
		return MX_OK;
	if (!json_line_time(json_value_member(event, "timestamp"),
	    &fact.at) || json_line_text(event, "email").len == 0) {
		*is_bad_r = true;
		return MX_OK;
	}
	if (was_seen(state, json_line_text(event, "sg_event_id")))
		return MX_OK;
	fact.where = *where;
	fill_fact(state, event, &fact);
	code = sink->delivery(sink->ctx, &fact, err);
	if (code != MX_OK || !fact.is_final || fact.id.len == 0)
		return code;
	/* an id is of one message to one recipient */
	removed.at = fact.at;
	removed.id = fact.id;
	return sink->message(sink->ctx, &removed, err);
}

static enum mx_code
take_line(struct sendgrid_state *state, const struct json_value *root,
    const struct log_line *line, const struct fact_sink *sink,
    enum line_result *result_r, struct mx_err *err)
{
	size_t count = event_count(root);
	bool is_bad = false;
	struct stamp at;
	enum mx_code code;

	(void)json_line_time(json_value_member(event_at(root, 0),
	    "timestamp"), &at);
	code = log_line_seen(state->clock, &at, SLICE_NONE, sink, err);
	for (size_t i = 0; i < count && code == MX_OK; i++)
		code = take_event(state, event_at(root, i), &line->where,
		    sink, &is_bad, err);
	return code == MX_OK && is_bad ? log_line_skip(line, SKIP_MALFORMED,
	    sink, result_r, err) : code;
}

static enum mx_code
sendgrid_line(void *memory, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct sendgrid_state *state = memory;
	struct stamp none = { INT64_MIN, 0, 0 };
	struct json_doc *doc;
	enum mx_code code;

	*result_r = LINE_TAKEN;
	if (json_line_is_bracket(line->raw))
		return log_line_seen(state->clock, &none, SLICE_NONE, sink,
		    err);
	if (line->raw.len == 0 ||
	    (line->raw.ptr[0] != '{' && line->raw.ptr[0] != '[') ||
	    !json_line_parse(line->raw, &doc))
		return json_line_broken(line, state->clock, sink, result_r,
		    err);
	code = take_line(state, json_doc_root(doc), line, sink, result_r,
	    err);
	json_doc_free(doc);
	return code;
}

static enum mx_code
sendgrid_init(void *memory, const struct log_context *context,
    struct mx_err *err)
{
	struct sendgrid_state *state = memory;

	(void)err;
	fact_memory_init(&state->memory);
	state->clock = context->clock;
	return MX_OK;
}

static void
sendgrid_release(void *memory)
{
	struct sendgrid_state *state = memory;

	fact_memory_release(&state->memory);
}

const struct log_format log_format_sendgrid = {
	.name = "sendgrid",
	.title = "SendGrid event webhook (JSON)",
	.recognised = "JSON arrays of events with sg_event_id",
	.probe = sendgrid_probe,
	.state_size = sizeof(struct sendgrid_state),
	.init = sendgrid_init,
	.release = sendgrid_release,
	.line = sendgrid_line,
	.first_utc = sendgrid_first_utc,
	.save = sendgrid_save,
	.load = sendgrid_load,
};
