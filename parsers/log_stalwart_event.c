/* SPDX-License-Identifier: BSD-2-Clause */
/* What lines of one attempt say together. Only refusals at RCPT and
 * acceptances name their recipient; any other error is that of a host, after
 * which the next one may be tried: the last of them is told when the attempt
 * ends, for all who were not settled. */
#include "base/hash.h"
#include "parsers/hop.h"
#include "parsers/log_stalwart.h"

enum { NEIGHBOURS = 16 };

static uint64_t
hash_of(struct slice text)
{
	uint64_t hash = hash_stable(text, HASH_STABLE_START);

	return hash != 0 ? hash : 1;
}

struct stalwart_attempt *
stalwart_attempt(struct stalwart_state *state, uint64_t key, int64_t utc)
{
	struct stalwart_attempt *best = NULL;

	for (size_t i = 0; i < NEIGHBOURS; i++) {
		struct stalwart_attempt *one =
		    &state->open[(key + i) & (STALWART_OPEN - 1)];

		if (one->key == key) {
			one->seen_utc = utc;
			return one;
		}
		if (best == NULL || (best->key != 0 && (one->key == 0 ||
		    one->seen_utc < best->seen_utc)))
			best = one;
	}
	memset(best, 0, sizeof(*best));
	best->key = key;
	best->seen_utc = utc;
	best->arrived_utc = INT64_MIN;
	return best;
}

static struct stalwart_attempt *
attempt_of(struct stalwart_state *state, struct slice id, int64_t utc)
{
	return stalwart_attempt(state, hash_of(id), utc);
}

static void
keep_text(char *out, size_t room, struct slice text)
{
	size_t n = text.len < room ? text.len : room - 1;

	if (n != 0)
		memcpy(out, text.ptr, n);
	out[n] = '\0';
}

static void
begin_session(struct stalwart_attempt *attempt)
{
	attempt->host[0] = attempt->local_ip[0] = '\0';
	attempt->remote_ip[0] = attempt->tls[0] = '\0';
	attempt->port = 0;
}

static void
begin_attempt(struct stalwart_attempt *attempt)
{
	begin_session(attempt);
	attempt->domain[0] = '\0';
	attempt->has_error = attempt->has_deferred = false;
	attempt->settled_count = 0;
}

static void
note_connection(struct stalwart_attempt *attempt,
    const struct stalwart_line *line)
{
	uint64_t port;

	begin_session(attempt);
	keep_text(attempt->host, sizeof(attempt->host), line->host);
	keep_text(attempt->local_ip, sizeof(attempt->local_ip),
	    line->local_ip);
	keep_text(attempt->remote_ip, sizeof(attempt->remote_ip),
	    line->remote_ip);
	if (slice_number(line->port, 65535, &port) != 0)
		attempt->port = (uint16_t)port;
}

static void
settle(struct stalwart_attempt *attempt, struct slice recipient)
{
	if (attempt->settled_count < STALWART_SETTLED)
		attempt->settled[attempt->settled_count++] =
		    hash_of(recipient);
}

static bool
is_settled(const struct stalwart_attempt *attempt, struct slice recipient)
{
	uint64_t hash = hash_of(recipient);

	for (size_t i = 0; i < attempt->settled_count; i++)
		if (attempt->settled[i] == hash)
			return true;
	return false;
}

/* Up to the next ", "; *TEXT moves behind it. */
static struct slice
take_part(struct slice *text)
{
	const char *end = slice_find(*text, slice_of(", ", 2));
	struct slice part = end != NULL ? slice_between(text->ptr, end) :
	    *text;

	*text = slice_skip(*text, part.len + 2);
	return part;
}

/* "Code: 550, Enhanced code: 5.1.1, Message: words", as of 0.9 to 0.11, has
 * its parts put in order; then code and words as they are. */
static void
add_reply(struct strbuf *out, struct slice code, struct slice *words)
{
	static const struct slice front = { "Code: ", 6 };
	static const struct slice enhanced = { "Enhanced code: ", 15 };
	static const struct slice message = { "Message: ", 9 };
	struct slice rest = *words;

	if (code.len != 0 || !slice_starts(rest, front)) {
		strbuf_add_slice(out, code);
		if (code.len != 0 && words->len != 0)
			strbuf_add_char(out, ' ');
		return;
	}
	rest = slice_skip(rest, front.len);
	strbuf_add_slice(out, take_part(&rest));
	if (slice_starts(rest, enhanced)) {
		rest = slice_skip(rest, enhanced.len);
		strbuf_add_char(out, ' ');
		strbuf_add_slice(out, take_part(&rest));
	}
	strbuf_add_char(out, ' ');
	*words = slice_starts(rest, message) ?
	    slice_skip(rest, message.len) : rest;
}

/* In one piece, without the escapes of the log. */
static struct slice
reply_of(struct stalwart_state *state, const struct stalwart_line *line)
{
	struct slice words = line->words, code = SLICE_NONE;
	uint64_t number;

	if (line->code.len == 3 && slice_number(line->code, 599, &number) ==
	    3 && number >= 200)
		code = line->code;
	strbuf_reset(&state->reply);
	add_reply(&state->reply, code, &words);
	for (size_t i = 0; i < words.len; i++) {
		char c = words.ptr[i];

		if (c == '\\' && i + 1 < words.len) {
			c = words.ptr[++i];
			if (c == 'r' || c == 'n' || c == 't')
				c = ' ';
		}
		strbuf_add_char(&state->reply, c);
	}
	return strbuf_slice(&state->reply);
}

static struct delivery
fact_for(struct stalwart_state *state,
    const struct stalwart_attempt *attempt, const struct stalwart_line *line,
    struct slice recipient, const struct stamp *at,
    const struct mx_where *where)
{
	struct delivery fact = fact_start("stalwart");
	struct slice size = line->size;
	uint64_t number;

	fact.at = *at;
	fact.where = *where;
	fact.instance = SLICE("stalwart");
	fact.agent = SLICE("smtp");
	fact.id = line->id;
	if (!slice_is_none(line->from))
		fact.sender = address_bare(line->from);
	if (slice_number(size, INT64_MAX, &number) != 0)
		fact.size_bytes = (int64_t)number;
	if (attempt->arrived_utc != INT64_MIN &&
	    attempt->arrived_utc <= at->utc)
		fact.delay_ms = (at->utc - attempt->arrived_utc) * 1000;
	fact_set_recipient(&state->memory, &fact, address_bare(recipient));
	return fact;
}

static void
set_session(struct stalwart_state *state,
    const struct stalwart_attempt *attempt, struct slice host,
    struct slice ip, struct delivery *fact)
{
	fact_set_relay(&state->memory, fact, host, ip);
	fact_set_source_ip(&state->memory, fact,
	    slice_str(attempt->local_ip));
	if (attempt->tls[0] != '\0')
		fact->tls = slice_str(attempt->tls);
	if (ip.len != 0)
		fact->relay_port = attempt->port;
	/* the server's own mailboxes */
	if (ip.len == 0 && slice_eq(host, SLICE("localhost")))
		fact->hop = HOP_LOCAL;
	else
		fact->hop = hop_of_smtp(fact->relay_host, fact->relay_ip);
}

/* "delivery.delivered", "delivery.rcpt-to-rejected" */
static enum mx_code
tell_settled(struct stalwart_state *state, const struct stalwart_line *line,
    const struct stamp *at, const struct mx_where *where, bool is_accepted,
    const struct fact_sink *sink, bool *is_cut_r, struct mx_err *err)
{
	struct stalwart_attempt *attempt = attempt_of(state, line->id,
	    at->utc);
	struct delivery fact = fact_for(state, attempt, line, line->to, at,
	    where);

	fact_set_reply(&state->memory, &fact, reply_of(state, line));
	/* a list is that of the whole message */
	if (fact.reply_code == 0 || line->to.len == 0 || line->is_list) {
		*is_cut_r = true;
		return MX_OK;
	}
	fact.outcome = is_accepted ? OUTCOME_ACCEPTED :
	    fact.reply_code >= 500 ? OUTCOME_BOUNCED : OUTCOME_DEFERRED;
	if (!is_accepted)
		fact.stage = STAGE_RCPT;
	fact.is_final = fact.outcome != OUTCOME_DEFERRED;
	attempt->has_deferred |= fact.outcome == OUTCOME_DEFERRED;
	set_session(state, attempt, line->host,
	    slice_eq_nocase(line->host, slice_str(attempt->host)) ?
	    slice_str(attempt->remote_ip) : SLICE_NONE, &fact);
	settle(attempt, line->to);
	return sink->delivery(sink->ctx, &fact, err);
}

static void
note_error(struct stalwart_state *state, struct stalwart_attempt *attempt,
    const struct stalwart_line *line, const struct stamp *at,
    const struct mx_where *where, enum stage stage)
{
	struct slice ip = line->remote_ip;

	if (ip.len == 0 && line->host.len != 0 &&
	    slice_eq_nocase(line->host, slice_str(attempt->host)))
		ip = slice_str(attempt->remote_ip);
	if (line->local_ip.len != 0)
		keep_text(attempt->local_ip, sizeof(attempt->local_ip),
		    line->local_ip);
	attempt->has_error = true;
	attempt->stage = stage;
	attempt->error_at = *at;
	attempt->error_where = *where;
	keep_text(attempt->error_host, sizeof(attempt->error_host),
	    line->host);
	keep_text(attempt->error_ip, sizeof(attempt->error_ip), ip);
	keep_text(attempt->words, sizeof(attempt->words),
	    line->words.len != 0 || line->code.len != 0 ?
	    reply_of(state, line) : line->event);
}

/* The error of one who was not settled. */
static enum mx_code
tell_error(struct stalwart_state *state, struct stalwart_attempt *attempt,
    const struct stalwart_line *line, struct slice recipient,
    const struct fact_sink *sink, struct mx_err *err)
{
	struct delivery fact = fact_for(state, attempt, line, recipient,
	    &attempt->error_at, &attempt->error_where);
	struct slice host = slice_str(attempt->error_host);
	struct slice ip = slice_str(attempt->error_ip);

	fact_set_reply(&state->memory, &fact, slice_str(attempt->words));
	fact.outcome = fact.reply_code >= 500 || attempt->is_refusal ?
	    OUTCOME_BOUNCED : OUTCOME_DEFERRED;
	fact.is_final = fact.outcome != OUTCOME_DEFERRED;
	fact.stage = attempt->stage;
	attempt->has_deferred |= fact.outcome == OUTCOME_DEFERRED;
	if (attempt->stage == STAGE_CONNECT && fact.reply_code == 0) {
		fact_set_named(&state->memory, &fact, host, ip);
		fact_set_source_ip(&state->memory, &fact,
		    slice_str(attempt->local_ip));
	} else {
		set_session(state, attempt, host, ip, &fact);
	}
	return sink->delivery(sink->ctx, &fact, err);
}

static enum mx_code
end_attempt(struct stalwart_state *state, struct stalwart_attempt *attempt,
    const struct stalwart_line *line, const struct fact_sink *sink,
    struct mx_err *err)
{
	struct slice list = line->to, recipient;
	enum mx_code code = MX_OK;
	char domain[LIMIT_DOMAIN_BYTES];

	while (attempt->has_error && line->is_list && code == MX_OK &&
	    (recipient = stalwart_next_address(&list)).len != 0) {
		if (is_settled(attempt, recipient) ||
		    (attempt->domain[0] != '\0' && !slice_eq(
		    domain_name_plain(address_domain(recipient), domain),
		    slice_str(attempt->domain))))
			continue;
		settle(attempt, recipient);
		code = tell_error(state, attempt, line, recipient, sink, err);
	}
	attempt->has_error = false;
	return code;
}

static enum mx_code
tell_event(const struct stalwart_line *line, enum message_event_kind kind,
    const struct stamp *at, const struct mx_where *where,
    const struct fact_sink *sink, struct mx_err *err)
{
	struct message_event event = { .kind = kind, .at = *at,
		.mta = "stalwart", .instance = SLICE("stalwart"),
		.id = line->id, .size_bytes = -1, .recipient_count = -1,
		.where = *where };
	uint64_t size;

	if (kind == MESSAGE_BORN) {
		event.sender = address_bare(line->from);
		if (slice_number(line->size, INT64_MAX, &size) != 0)
			event.size_bytes = (int64_t)size;
	}
	return sink->message(sink->ctx, &event, err);
}

/* Where in the dialogue; STAGE_NONE: no error of an attempt. */
static enum stage
stage_of(struct slice what)
{
	static const struct {
		const char *name;
		enum stage stage;
	} stages[] = {
		{ "connect-error", STAGE_CONNECT },
		{ "mx-lookup-failed", STAGE_CONNECT },
		{ "ip-lookup-failed", STAGE_CONNECT },
		{ "null-mx", STAGE_CONNECT },
		{ "greeting-failed", STAGE_CONNECT },
		{ "implicit-tls-error", STAGE_STARTTLS },
		{ "ehlo-rejected", STAGE_EHLO },
		{ "start-tls-unavailable", STAGE_STARTTLS },
		{ "start-tls-error", STAGE_STARTTLS },
		{ "auth-failed", STAGE_AUTH },
		{ "mail-from-rejected", STAGE_MAIL },
		{ "rcpt-to-failed", STAGE_RCPT },
		{ "message-rejected", STAGE_EOD },
	};

	for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++)
		if (slice_eq(what, slice_str(stages[i].name)))
			return stages[i].stage;
	return STAGE_NONE;
}

static enum mx_code
take_queue_event(struct stalwart_state *state,
    const struct stalwart_line *line, struct slice what,
    const struct stamp *at, const struct mx_where *where,
    const struct fact_sink *sink, struct mx_err *err)
{
	if (!slice_ends(what, SLICE("queued")) &&
	    !slice_starts(what, SLICE("queue-")))
		return MX_OK;
	attempt_of(state, line->id, at->utc)->arrived_utc = at->utc;
	return tell_event(line, MESSAGE_BORN, at, where, sink, err);
}

/* It is over: settled, or given up. */
static enum mx_code
take_end(struct stalwart_attempt *attempt, const struct stalwart_line *line,
    bool is_failed, const struct stamp *at, const struct mx_where *where,
    const struct fact_sink *sink, struct mx_err *err)
{
	enum mx_code code = MX_OK;

	if (is_failed && attempt->has_deferred)
		code = tell_event(line, MESSAGE_EXPIRED, at, where, sink,
		    err);
	attempt->key = 0;
	return code == MX_OK ? tell_event(line, MESSAGE_REMOVED, at, where,
	    sink, err) : code;
}

static enum mx_code
take_delivery_event(struct stalwart_state *state,
    const struct stalwart_line *line, struct slice what,
    const struct stamp *at, const struct mx_where *where,
    const struct fact_sink *sink, bool *is_cut_r, struct mx_err *err)
{
	struct stalwart_attempt *attempt = attempt_of(state, line->id,
	    at->utc);
	enum stage stage;

	if (slice_eq(what, SLICE("delivered")) ||
	    slice_eq(what, SLICE("rcpt-to-rejected")))
		return tell_settled(state, line, at, where,
		    what.ptr[0] == 'd', sink, is_cut_r, err);
	if (slice_eq(what, SLICE("attempt-start")))
		begin_attempt(attempt);
	else if (slice_eq(what, SLICE("domain-delivery-start")))
		keep_text(attempt->domain, sizeof(attempt->domain),
		    domain_name_plain(line->domain, state->memory.domain));
	else if (slice_eq(what, SLICE("connect")))
		note_connection(attempt, line);
	else if (slice_eq(what, SLICE("start-tls")))
		keep_text(attempt->tls, sizeof(attempt->tls), line->version);
	else if (slice_eq(what, SLICE("attempt-end")))
		return end_attempt(state, attempt, line, sink, err);
	else if (slice_eq(what, SLICE("completed")) ||
	    slice_eq(what, SLICE("failed")))
		return take_end(attempt, line, what.ptr[0] == 'f', at, where,
		    sink, err);
	else if ((stage = stage_of(what)) != STAGE_NONE) {
		attempt->is_refusal = slice_eq(what, SLICE("null-mx"));
		note_error(state, attempt, line, at, where, stage);
	}
	return MX_OK;
}

enum mx_code
stalwart_event(struct stalwart_state *state, const struct stalwart_line *line,
    const struct stamp *at, const struct mx_where *where,
    const struct fact_sink *sink, bool *is_cut_r, struct mx_err *err)
{
	static const struct slice delivery = { "delivery.", 9 };
	static const struct slice queue = { "queue.", 6 };

	*is_cut_r = false;
	if (line->id.len == 0)
		return MX_OK;
	if (slice_starts(line->event, delivery))
		return take_delivery_event(state, line,
		    slice_skip(line->event, delivery.len), at, where, sink,
		    is_cut_r, err);
	return slice_starts(line->event, queue) ? take_queue_event(state,
	    line, slice_skip(line->event, queue.len), at, where, sink, err) :
	    MX_OK;
}
