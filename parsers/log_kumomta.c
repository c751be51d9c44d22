/* SPDX-License-Identifier: BSD-2-Clause */
/* KumoMTA's log segments: one JSON object a record. Delivery,
 * TransientFailure, Bounce, Expiration and AdminBounce are outcomes of one
 * recipient, or of each of a batch; Reception is the birth of a message; all
 * else is none of ours. Keys that are null count as absent.
 * Format: KumoMTA 2025.12 docs "Log Record", crates/kumo-log-types. */
#include <stdio.h>

#include "base/strbuf.h"
#include "parsers/fact_fill.h"
#include "parsers/hop.h"
#include "parsers/json_line.h"

struct kumomta_state {
	struct fact_memory memory;
	struct stamp_clock *clock;
	struct strbuf instance, reply;
	char dsn[16];
};

enum record { RECORD_OTHER, RECORD_RECEPTION, RECORD_OUTCOME };

static enum record
record_of(struct slice type, enum outcome *outcome_r)
{
	static const struct {
		const char *name;
		enum outcome outcome;
	} outcomes[] = {
		{ "Delivery", OUTCOME_ACCEPTED },
		{ "TransientFailure", OUTCOME_DEFERRED },
		{ "Bounce", OUTCOME_BOUNCED },
		{ "Expiration", OUTCOME_EXPIRED },
		{ "AdminBounce", OUTCOME_DISCARDED },
	};

	for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++)
		if (slice_eq(type, slice_str(outcomes[i].name))) {
			*outcome_r = outcomes[i].outcome;
			return RECORD_OUTCOME;
		}
	return slice_eq(type, SLICE("Reception")) ? RECORD_RECEPTION :
	    RECORD_OTHER;
}

static bool
read_time(const struct json_value *root, struct stamp *at)
{
	return json_line_time(json_value_member(root, "event_time"), at) ||
	    json_line_time(json_value_member(root, "timestamp"), at);
}

/* Rejections have neither id nor recipient. */
static bool
is_record(const struct json_value *root)
{
	enum outcome unused;
	struct stamp at;

	return record_of(json_line_text(root, "type"), &unused) !=
	    RECORD_OTHER && json_line_text(root, "id").len != 0 &&
	    json_value_member(root, "recipient") != NULL &&
	    !slice_is_none(json_line_text(root, "queue")) &&
	    read_time(root, &at);
}

static unsigned
kumomta_probe(struct slice head)
{
	struct json_doc *doc = json_line_find(head, is_record);

	json_doc_free(doc);
	return doc != NULL ? 98 : 0;
}

static bool
has_time(const struct json_value *root)
{
	struct stamp at;

	return read_time(root, &at);
}

static int64_t
kumomta_first_utc(struct slice head, struct stamp_clock *clock)
{
	struct json_doc *doc = json_line_find(head, has_time);
	struct stamp at = { INT64_MIN, 0, 0 };

	(void)clock;
	if (doc != NULL)
		(void)read_time(json_doc_root(doc), &at);
	json_doc_free(doc);
	return at.utc;
}

static enum stage
stage_of(struct slice command)
{
	static const struct {
		const char *word;
		enum stage stage;
	} words[] = {
		{ "RCPT", STAGE_RCPT }, { "MAIL", STAGE_MAIL },
		{ "DATA", STAGE_DATA }, { "BDAT", STAGE_EOD },
		{ ".", STAGE_EOD }, { "EHLO", STAGE_EHLO },
		{ "HELO", STAGE_EHLO }, { "LHLO", STAGE_EHLO },
		{ "STARTTLS", STAGE_STARTTLS }, { "AUTH", STAGE_AUTH },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (slice_starts(command, slice_str(words[i].word)))
			return words[i].stage;
	return STAGE_NONE;
}

/* "5.7.1" out of {class, subject, detail}. */
static struct slice
enhanced_in(const struct json_value *response, char text[16])
{
	const struct json_value *code = json_value_member(response,
	    "enhanced_code");
	int64_t part[3];

	if (!json_member_int_of(code, "class", &part[0]) ||
	    !json_member_int_of(code, "subject", &part[1]) ||
	    !json_member_int_of(code, "detail", &part[2]) ||
	    part[0] < 2 || part[0] > 5 || part[1] < 0 || part[1] > 999 ||
	    part[2] < 0 || part[2] > 999)
		return SLICE_NONE;
	return slice_of(text, (size_t)snprintf(text, 16, "%d.%d.%d",
	    (int)part[0], (int)part[1], (int)part[2]));
}

/* A reply as the remote gave it: code, enhanced code, words. What KumoMTA
 * says itself has codes that nobody sent. */
static void
set_reply(struct kumomta_state *state, const struct json_value *root,
    struct delivery *fact)
{
	const struct json_value *response = json_value_member(root,
	    "response");
	struct slice words = json_line_text(response, "content");
	bool is_own = slice_starts(words, SLICE("KumoMTA internal")) ||
	    json_line_text(root, "peer_address.addr").len == 0;
	int64_t code = 0;

	fact->dsn = enhanced_in(response, state->dsn);
	strbuf_reset(&state->reply);
	if (!is_own && json_member_int_of(response, "code", &code) &&
	    code >= 200 && code <= 599)
		strbuf_addf(&state->reply, "%d ", (int)code);
	if (state->reply.len != 0 && fact->dsn.len != 0) {
		strbuf_add_slice(&state->reply, fact->dsn);
		strbuf_add_char(&state->reply, ' ');
	}
	strbuf_add_slice(&state->reply, words);
	fact_set_reply(&state->memory, fact, strbuf_slice(&state->reply));
	if (is_own) {
		fact->is_own_text = true;
		fact->reply_code = 0;
	} else if (fact->outcome != OUTCOME_ACCEPTED) {
		fact->stage = stage_of(json_line_text(response, "command"));
	}
}

static void
set_peer(struct kumomta_state *state, const struct json_value *root,
    struct delivery *fact)
{
	struct slice address = json_line_text(root, "peer_address.addr");
	struct slice source = json_line_text(root, "source_address.address");
	uint16_t port;

	if (address.len != 0 && slice_chr(address, '/') == NULL)
		fact_set_relay(&state->memory, fact,
		    json_line_text(root, "peer_address.name"), address);
	if (source.len != 0)
		fact_set_source_ip(&state->memory, fact,
		    ip_and_port(source, &port));
}

static enum hop
hop_of(const struct json_value *root, const struct delivery *fact)
{
	struct slice protocol = json_line_text(root, "delivery_protocol");
	struct slice address = json_line_text(root, "peer_address.addr");

	if (slice_starts(protocol, SLICE("LMTP")) ||
	    slice_eq_nocase(protocol, SLICE("maildir")) ||
	    slice_chr(address, '/') != NULL)
		return HOP_LOCAL;
	return hop_of_smtp(fact->relay_host, fact->relay_ip);
}

/* The sending source has a name of its own: "kumomta/NAME". */
static struct slice
instance_of(struct kumomta_state *state, const struct json_value *root)
{
	struct slice source = json_line_text(root, "egress_source");

	strbuf_reset(&state->instance);
	strbuf_add_str(&state->instance, "kumomta");
	if (source.len != 0) {
		strbuf_add_char(&state->instance, '/');
		strbuf_add_slice(&state->instance, source);
	}
	return strbuf_slice(&state->instance);
}

static void
set_numbers(const struct json_value *root, struct delivery *fact)
{
	struct stamp created;
	int64_t size;

	if (json_member_int_of(root, "size", &size) && size > 0)
		fact->size_bytes = size;
	if ((json_line_time(json_value_member(root, "created_time"),
	    &created) || json_line_time(json_value_member(root, "created"),
	    &created)) && created.utc <= fact->at.utc)
		fact->delay_ms = (fact->at.utc - created.utc) * 1000;
}

static struct message_event
event_of(struct kumomta_state *state, const struct json_value *root,
    const struct stamp *at, const struct mx_where *where)
{
	return (struct message_event){ .at = *at, .mta = "kumomta",
		.instance = instance_of(state, root),
		.id = json_line_text(root, "id"), .size_bytes = -1,
		.recipient_count = -1, .where = *where };
}

static enum mx_code
tell_reception(struct kumomta_state *state, const struct json_value *root,
    const struct stamp *at, const struct mx_where *where,
    const struct fact_sink *sink, struct mx_err *err)
{
	struct message_event event = event_of(state, root, at, where);
	const struct json_value *recipient = json_value_member(root,
	    "recipient");

	event.kind = MESSAGE_BORN;
	event.instance = SLICE("kumomta");
	event.sender = json_line_text(root, "sender");
	(void)json_member_int_of(root, "size", &event.size_bytes);
	event.recipient_count =
	    json_value_kind(recipient) == JSON_KIND_ARRAY ?
	    (int64_t)json_value_count(recipient) : 1;
	event.ends_with_recipients = true;
	return sink->message(sink->ctx, &event, err);
}

static enum mx_code
tell_one(struct kumomta_state *state, struct slice recipient,
    const struct json_value *root, struct delivery *fact,
    const struct fact_sink *sink, struct mx_err *err)
{
	fact_set_recipient(&state->memory, fact, recipient);
	set_peer(state, root, fact);
	set_reply(state, root, fact);
	fact->hop = hop_of(root, fact);
	return sink->delivery(sink->ctx, fact, err);
}

static enum mx_code
tell_outcome(struct kumomta_state *state, const struct json_value *root,
    struct delivery *fact, const struct fact_sink *sink, struct mx_err *err)
{
	const struct json_value *recipient = json_value_member(root,
	    "recipient");
	size_t count = json_value_count(recipient);
	struct message_event event;
	enum mx_code code = MX_OK;

	fact->instance = instance_of(state, root);
	fact->agent = json_line_text(root, "delivery_protocol");
	fact->id = json_line_text(root, "id");
	fact->sender = json_line_text(root, "sender");
	fact->tls = json_line_text(root, "tls_protocol_version");
	fact->is_final = fact->outcome != OUTCOME_DEFERRED;
	set_numbers(root, fact);
	if (json_value_kind(recipient) == JSON_KIND_ARRAY) {
		for (size_t i = 0; i < count && code == MX_OK; i++)
			code = tell_one(state, json_value_text(
			    json_value_at(recipient, i)), root, fact, sink,
			    err);
		return code;
	}
	code = tell_one(state, json_value_text(recipient), root, fact, sink,
	    err);
	if (code != MX_OK || !fact->is_final)
		return code;
	/* a record of one recipient is of a message of one */
	event = event_of(state, root, &fact->at, &fact->where);
	event.kind = MESSAGE_REMOVED;
	return sink->message(sink->ctx, &event, err);
}

/* A text, or an array of them. */
static bool
has_recipient(const struct json_value *recipient)
{
	for (size_t i = 0; i < json_value_count(recipient); i++)
		if (json_value_text(json_value_at(recipient, i)).len == 0)
			return false;
	return json_value_count(recipient) != 0 ||
	    json_value_text(recipient).len != 0;
}

static enum mx_code
take_record(struct kumomta_state *state, const struct json_value *root,
    const struct log_line *line, const struct fact_sink *sink,
    enum line_result *result_r, struct mx_err *err)
{
	struct delivery fact = fact_start("kumomta");
	enum record record = record_of(json_line_text(root, "type"),
	    &fact.outcome);
	bool has_time = read_time(root, &fact.at);
	enum mx_code code = log_line_seen(state->clock, &fact.at, SLICE_NONE,
	    sink, err);

	if (code != MX_OK || record == RECORD_OTHER)
		return code;
	if (!has_time || json_line_text(root, "id").len == 0 ||
	    !has_recipient(json_value_member(root, "recipient")))
		return log_line_skip(line, has_time ? SKIP_MALFORMED :
		    SKIP_NO_STAMP, sink, result_r, err);
	fact.where = line->where;
	if (record == RECORD_RECEPTION)
		return tell_reception(state, root, &fact.at, &line->where,
		    sink, err);
	return tell_outcome(state, root, &fact, sink, err);
}

static enum mx_code
kumomta_line(void *memory, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct kumomta_state *state = memory;
	struct json_doc *doc;
	enum mx_code code;

	*result_r = LINE_TAKEN;
	if (line->raw.len == 0 || line->raw.ptr[0] != '{' ||
	    json_doc_parse(line->raw, &doc, NULL) != MX_OK)
		return json_line_broken(line, state->clock, sink, result_r,
		    err);
	code = take_record(state, json_doc_root(doc), line, sink, result_r,
	    err);
	json_doc_free(doc);
	return code;
}

static enum mx_code
kumomta_init(void *memory, const struct log_context *context,
    struct mx_err *err)
{
	struct kumomta_state *state = memory;

	(void)err;
	fact_memory_init(&state->memory);
	strbuf_init(&state->instance, 1024);
	strbuf_init(&state->reply, LIMIT_LINE_BYTES);
	state->clock = context->clock;
	return MX_OK;
}

static void
kumomta_release(void *memory)
{
	struct kumomta_state *state = memory;

	fact_memory_release(&state->memory);
	strbuf_release(&state->instance);
	strbuf_release(&state->reply);
}

const struct log_format log_format_kumomta = {
	.name = "kumomta",
	.title = "KumoMTA log segments (JSON, zstd)",
	.recognised = "JSON objects with type, id, queue and recipient",
	.probe = kumomta_probe,
	.state_size = sizeof(struct kumomta_state),
	.init = kumomta_init,
	.release = kumomta_release,
	.line = kumomta_line,
	.first_utc = kumomta_first_utc,
};
