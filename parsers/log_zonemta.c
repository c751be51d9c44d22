/* SPDX-License-Identifier: BSD-2-Clause */
/* ZoneMTA's delivery lines, bare (with a time in front) or through syslog:
 *
 *   [id=S ]Q.SEQ ACCEPTED|DEFERRED[cat]|REJECTED[cat] from=F[env] to=R
 *       [src=LOCALIP] mx=HOST[IP] id=M (reply)
 *
 * Q is the message, Q.SEQ what is queued for one recipient of it.
 * Source: ZoneMTA 3 lib/sender.js. */
#include "parsers/fact_fill.h"
#include "parsers/hop.h"
#include "parsers/ingest_formats.h"

enum { ROLE_ZONEMTA = 1 };

struct zonemta_state {
	struct fact_memory memory;
	struct stamp_clock *clock;
};

static uint32_t
zonemta_role(struct slice tag)
{
	return slice_starts(tag, SLICE("zone-mta")) ||
	    slice_starts(tag, SLICE("zonemta")) ? ROLE_ZONEMTA : 0;
}

static bool
is_hex(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!ascii_is_digit(text.ptr[i]) &&
		    (text.ptr[i] < 'a' || text.ptr[i] > 'f'))
			return false;
	return text.len != 0;
}

/* "1571b2e8eff0003f62.001" */
static bool
is_entry(struct slice word)
{
	const char *dot = slice_chr(word, '.');

	return word.len >= 16 && dot != NULL &&
	    is_hex(slice_between(word.ptr, dot)) &&
	    is_hex(slice_skip(word, (size_t)(dot + 1 - word.ptr)));
}

static struct slice
take_word(struct slice *text)
{
	const char *space = slice_chr(*text, ' ');
	struct slice word = space != NULL ?
	    slice_between(text->ptr, space) : *text;

	*text = slice_skip(*text, word.len + 1);
	return word;
}

/* "ACCEPTED", "DEFERRED[greylist]", "REJECTED[blacklist]". Of the categories
 * "network" and "dns" the words are ZoneMTA's own, though with a code. */
static bool
read_outcome(struct slice word, enum outcome *outcome_r, bool *is_own_r)
{
	const char *open = slice_chr(word, '[');
	struct slice category = SLICE_NONE;

	if (open != NULL) {
		category = slice_skip(word, (size_t)(open - word.ptr));
		word.len = (size_t)(open - word.ptr);
	}
	*is_own_r = slice_eq(category, SLICE("[network]")) ||
	    slice_eq(category, SLICE("[dns]"));
	*outcome_r = slice_eq(word, SLICE("ACCEPTED")) ? OUTCOME_ACCEPTED :
	    slice_eq(word, SLICE("DEFERRED")) ? OUTCOME_DEFERRED :
	    OUTCOME_BOUNCED;
	return *outcome_r != OUTCOME_BOUNCED ||
	    slice_eq(word, SLICE("REJECTED"));
}

/* Up to the next of the fields; addresses may hold spaces in quotes. */
static struct slice
take_value(struct slice *text, struct slice next)
{
	const char *at = slice_find(*text, next);
	struct slice value;

	if (at == NULL)
		return SLICE_NONE;
	value = slice_between(text->ptr, at);
	*text = slice_skip(*text, value.len + next.len);
	return value;
}

/* "F[env]": the envelope's is what counts. */
static struct slice
sender_of(struct slice text)
{
	const char *open = slice_chr(text, '[');

	if (open == NULL || !slice_ends(text, SLICE("]")))
		return address_bare(text);
	return address_bare(slice_between(open + 1,
	    text.ptr + text.len - 1));
}

static void
set_relay(struct zonemta_state *state, struct slice mx,
    struct delivery *fact)
{
	const char *open = slice_chr(mx, '[');
	struct slice host = mx, ip = SLICE_NONE;

	if (open != NULL && mx.ptr[mx.len - 1] == ']') {
		host = slice_between(mx.ptr, open);
		ip = slice_between(open + 1, mx.ptr + mx.len - 1);
	}
	if (slice_eq(host, SLICE("null")) || slice_eq(host, SLICE("-")))
		host = SLICE_NONE;
	if (ip.len == 0 && fact->outcome != OUTCOME_ACCEPTED)
		fact_set_named(&state->memory, fact, host, SLICE_NONE);
	else
		fact_set_relay(&state->memory, fact, host, ip);
}

/* The entry and its outcome, behind which *TEXT then stands; what a logger
 * puts in front (level, zone, process) is passed over. */
static bool
take_front(struct slice *text, struct slice *entry_r,
    enum outcome *outcome_r, bool *is_own_r)
{
	struct slice rest = *text;

	for (int words = 0; words < 8 && rest.len != 0; words++) {
		*entry_r = take_word(&rest);
		if (!is_entry(*entry_r))
			continue;
		if (!read_outcome(take_word(&rest), outcome_r, is_own_r) ||
		    !slice_starts(rest, SLICE("from=")))
			return false;
		*text = slice_skip(rest, 5);
		return true;
	}
	return false;
}

/* "id=<M> (reply)" */
static struct slice
words_in(struct slice text)
{
	const char *open = slice_find(text, slice_of(" (", 2));

	if (open == NULL)
		return SLICE_NONE;
	text = slice_skip(text, (size_t)(open + 2 - text.ptr));
	if (text.len != 0 && text.ptr[text.len - 1] == ')')
		text.len--;
	return text;
}

enum body { BODY_NONE, BODY_CUT, BODY_READ };

static enum body
read_body(struct zonemta_state *state, struct slice text,
    struct delivery *fact)
{
	struct slice sender, recipient, source = SLICE_NONE, mx;
	bool is_own;

	if (!take_front(&text, &fact->id, &fact->outcome, &is_own))
		return BODY_NONE;
	sender = take_value(&text, SLICE(" to="));
	recipient = take_value(&text, SLICE(" src="));
	if (slice_is_none(recipient))
		recipient = take_value(&text, SLICE(" mx="));
	else
		source = take_value(&text, SLICE(" mx="));
	if (slice_is_none(recipient))
		return BODY_CUT;
	mx = take_word(&text);
	/* take_word took the space that words_in looks for */
	text = slice_of(text.ptr - (text.len != 0), text.len +
	    (text.len != 0));
	fact->sender = sender_of(sender);
	fact_set_recipient(&state->memory, fact, recipient);
	fact->is_final = fact->outcome != OUTCOME_DEFERRED;
	set_relay(state, mx, fact);
	fact_set_source_ip(&state->memory, fact, source);
	fact_set_reply(&state->memory, fact, words_in(text));
	if (is_own) {
		fact->is_own_text = true;
		fact->reply_code = 0;
	}
	fact->hop = hop_of_smtp(fact->relay_host, fact->relay_ip);
	return BODY_READ;
}

static enum mx_code
tell(struct zonemta_state *state, struct slice text, struct delivery *fact,
    const struct log_line *line, const struct fact_sink *sink,
    enum line_result *result_r, struct mx_err *err)
{
	struct message_event removed;
	enum mx_code code;

	fact->agent = SLICE("smtp");
	fact->where = line->where;
	switch (read_body(state, text, fact)) {
	case BODY_NONE:
		return MX_OK;
	case BODY_CUT:
		return log_line_skip(line, SKIP_CUT, sink, result_r, err);
	case BODY_READ:
		break;
	}
	code = sink->delivery(sink->ctx, fact, err);
	if (code != MX_OK || !fact->is_final)
		return code;
	removed = (struct message_event){ .kind = MESSAGE_REMOVED,
		.at = fact->at, .mta = "zonemta", .host = fact->host,
		.instance = fact->instance, .id = fact->id, .size_bytes = -1,
		.recipient_count = -1, .where = line->where };
	return sink->message(sink->ctx, &removed, err);
}

static bool
is_delivery_line(struct slice line)
{
	enum outcome outcome;
	struct slice entry;
	bool is_own;

	(void)take_word(&line); /* the time */
	return take_front(&line, &entry, &outcome, &is_own);
}

/* Lines of the file start with a time of RFC 3339. */
static unsigned
zonemta_probe(struct slice head)
{
	unsigned lines = 0, good = 0;

	while (head.len != 0) {
		const char *end = slice_chr(head, '\n');
		struct slice line = end != NULL ?
		    slice_between(head.ptr, end) : head;

		head = slice_skip(head, line.len + 1);
		lines += line.len != 0;
		good += line.len > 20 && line.ptr[10] == 'T' &&
		    is_delivery_line(line);
	}
	return good == 0 ? 0 : 40 + 55 * good / lines;
}

static enum mx_code
take_own_line(struct zonemta_state *state, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct delivery fact = fact_start("zonemta");
	struct slice text = line->raw;
	enum mx_code code;

	if (stamp_read(state->clock, &text, &fact.at) != STAMP_OK ||
	    log_line_is_syslog(line->raw, slice_trim(text))) {
		*result_r = LINE_NOT_MINE;
		return MX_OK;
	}
	code = log_line_seen(state->clock, &fact.at, SLICE_NONE, sink, err);
	fact.instance = SLICE("zonemta");
	return code != MX_OK ? code : tell(state, slice_trim(text), &fact,
	    line, sink, result_r, err);
}

static enum mx_code
zonemta_line(void *memory, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct delivery fact = fact_start("zonemta");

	*result_r = LINE_TAKEN;
	if (line->role == 0)
		return take_own_line(memory, line, sink, result_r, err);
	fact.at = line->head.at;
	fact.host = line->head.host;
	fact.instance = line->head.tag;
	return tell(memory, line->head.text, &fact, line, sink, result_r,
	    err);
}

static enum mx_code
zonemta_init(void *memory, const struct log_context *context,
    struct mx_err *err)
{
	struct zonemta_state *state = memory;

	(void)err;
	fact_memory_init(&state->memory);
	state->clock = context->clock;
	return MX_OK;
}

static void
zonemta_release(void *memory)
{
	struct zonemta_state *state = memory;

	fact_memory_release(&state->memory);
}

const struct log_format log_format_zonemta = {
	.name = "zonemta",
	.title = "ZoneMTA, as a file or by syslog",
	.recognised = "id=... ACCEPTED|DEFERRED|REJECTED from= to= src= mx=",
	.probe = zonemta_probe,
	.role = zonemta_role,
	.state_size = sizeof(struct zonemta_state),
	.init = zonemta_init,
	.release = zonemta_release,
	.line = zonemta_line,
};
