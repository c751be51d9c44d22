/* SPDX-License-Identifier: BSD-2-Clause */
/* What qmail-send says, and what it has under way. */
#include "base/hash.h"
#include "parsers/log_qmail.h"

static uint64_t
key_of(uint64_t stream, struct slice number)
{
	uint64_t key = hash_stable(number, stream);

	return key != 0 ? key : 1;
}

/* Numbers come one after the other: their slots too. */
static struct started *
started_slot(struct qmail_state *state, uint64_t stream, struct slice number)
{
	uint64_t value = 0;

	(void)slice_number(number, INT64_MAX, &value);
	return &state->started[(value ^ stream) & (STARTED - 1)];
}

static struct arrived *
arrived_slot(struct qmail_state *state, uint64_t key)
{
	return &state->arrived[key & (ARRIVED - 1)];
}

static void
keep_text(char *out, size_t room, struct slice text)
{
	size_t n = text.len <= room ? text.len : 0;

	if (n != 0)
		memcpy(out, text.ptr, n);
	out[n] = '\0';
}

/* Numbers start at 1 again with qmail-send: what was under way is not any
 * more. */
static void
forget_started(struct qmail_state *state, uint64_t stream)
{
	for (size_t i = 0; i < STARTED; i++)
		if (state->started[i].stream == stream)
			state->started[i].key = 0;
}

static enum mx_code
tell_event(const struct qmail_line *line, enum message_event_kind kind,
    struct slice id, struct slice sender, int64_t size,
    const struct fact_sink *sink, struct mx_err *err)
{
	struct message_event event = { .kind = kind, .at = line->at,
		.mta = "qmail", .host = line->host,
		.instance = line->instance, .id = id, .sender = sender,
		.size_bytes = size, .recipient_count = -1,
		.where = line->where };

	return sink->message(sink->ctx, &event, err);
}

struct slice
qmail_number(struct slice *text)
{
	size_t n = 0;
	struct slice number;

	while (n < text->len && n < NUMBER_KEPT &&
	    ascii_is_digit(text->ptr[n]))
		n++;
	if (n == 0)
		return SLICE_NONE;
	number = slice_of(text->ptr, n);
	*text = slice_skip(*text, n);
	return number;
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
skip_cut(const struct qmail_line *line, const struct fact_sink *sink,
    enum line_result *result_r, struct mx_err *err)
{
	return log_line_skip(line->raw, SKIP_CUT, sink, result_r, err);
}

/* "53: bytes 246 from <s@x> qp 20345 uid 666" */
static enum mx_code
take_info(struct qmail_state *state, const struct qmail_line *line,
    struct slice rest, const struct fact_sink *sink,
    enum line_result *result_r, struct mx_err *err)
{
	struct slice id = qmail_number(&rest), size_text;
	const char *end;
	uint64_t size;

	(void)state;
	if (id.len == 0 || !take(&rest, SLICE(": bytes ")))
		return skip_cut(line, sink, result_r, err);
	size_text = qmail_number(&rest);
	if (slice_number(size_text, INT64_MAX, &size) == 0 ||
	    !take(&rest, SLICE(" from <")))
		return skip_cut(line, sink, result_r, err);
	end = slice_find(rest, SLICE("> qp "));
	if (end == NULL)
		return skip_cut(line, sink, result_r, err);
	return tell_event(line, MESSAGE_ACTIVE, id, slice_between(rest.ptr,
	    end), (int64_t)size, sink, err);
}

void
qmail_note_started(struct qmail_state *state, uint64_t stream,
    struct slice number, struct slice message, struct slice recipient,
    bool is_local)
{
	struct started *started = started_slot(state, stream, number);

	started->key = key_of(stream, number);
	started->stream = stream;
	started->is_local = is_local;
	keep_text(started->number, NUMBER_KEPT, number);
	keep_text(started->message, NUMBER_KEPT, message);
	keep_text(started->recipient, ADDRESS_KEPT, recipient);
}

/* "1: msg 53 to remote a@example.com" */
static enum mx_code
take_start(struct qmail_state *state, const struct qmail_line *line,
    struct slice rest, const struct fact_sink *sink,
    enum line_result *result_r, struct mx_err *err)
{
	struct slice number = qmail_number(&rest), message, recipient;
	const char *space;
	bool is_local;

	if (number.len == 0 || !take(&rest, SLICE(": msg ")))
		return skip_cut(line, sink, result_r, err);
	message = qmail_number(&rest);
	is_local = take(&rest, SLICE(" to local "));
	if (message.len == 0 || (!is_local &&
	    !take(&rest, SLICE(" to remote "))) || rest.len == 0)
		return skip_cut(line, sink, result_r, err);
	/* indimail puts the name of the queue behind it */
	space = slice_chr(rest, ' ');
	recipient = space != NULL ? slice_between(rest.ptr, space) : rest;
	if (slice_eq(number, SLICE("1")))
		forget_started(state, line->stream);
	qmail_note_started(state, line->stream, number, message, recipient,
	    is_local);
	return MX_OK;
}

static void
join_start(struct qmail_state *state, const struct qmail_line *line,
    struct slice number, struct delivery *fact)
{
	struct started *started = started_slot(state, line->stream, number);
	const struct arrived *arrived;

	if (started->key != key_of(line->stream, number))
		return; /* before the first line: nobody knows who it was */
	started->key = 0;
	fact->id = slice_str(started->message);
	fact->agent = started->is_local ? SLICE("local") : SLICE("remote");
	if (started->is_local)
		fact->hop = HOP_LOCAL;
	if (started->recipient[0] != '\0')
		fact_set_recipient(&state->memory, fact,
		    slice_str(started->recipient));
	arrived = arrived_slot(state, key_of(line->stream, fact->id));
	if (arrived->key == key_of(line->stream, fact->id) &&
	    arrived->utc <= fact->at.utc)
		fact->delay_ms = (fact->at.utc - arrived->utc) * 1000;
}

static const struct slice mangled = { "report mangled, will defer", 26 };

/* False: not, or not whole. */
static bool
take_outcome(struct slice *rest, enum outcome *outcome_r)
{
	static const struct {
		struct slice words;
		enum outcome outcome;
	} outcomes[] = {
		{ { "success: ", 9 }, OUTCOME_ACCEPTED },
		{ { "deferral: ", 10 }, OUTCOME_DEFERRED },
		{ { "failure: ", 9 }, OUTCOME_BOUNCED },
	};

	for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++)
		if (take(rest, outcomes[i].words)) {
			*outcome_r = outcomes[i].outcome;
			return true;
		}
	*outcome_r = OUTCOME_DEFERRED; /* its words stay */
	return slice_starts(*rest, mangled);
}

/* "1: success: TEXT" */
static enum mx_code
take_delivery(struct qmail_state *state, const struct qmail_line *line,
    struct slice rest, const struct fact_sink *sink,
    enum line_result *result_r, struct mx_err *err)
{
	struct delivery fact = fact_start("qmail");
	struct slice number = qmail_number(&rest);
	const char *space;

	if (number.len == 0 || !take(&rest, slice_of(": ", 2)) ||
	    !take_outcome(&rest, &fact.outcome))
		return skip_cut(line, sink, result_r, err);
	fact.at = line->at;
	fact.host = line->host;
	fact.instance = line->instance;
	fact.where = line->where;
	fact.is_final = fact.outcome != OUTCOME_DEFERRED;
	join_start(state, line, number, &fact);
	/* indimail puts the name of the queue behind it */
	space = slice_chr(rest, ' ');
	if (space != NULL && !slice_starts(rest, mangled))
		rest = slice_between(rest.ptr, space);
	qmail_report(&state->memory, &fact, rest);
	return sink->delivery(sink->ctx, &fact, err);
}

static enum mx_code
take_birth(struct qmail_state *state, const struct qmail_line *line,
    struct slice rest, const struct fact_sink *sink, struct mx_err *err)
{
	struct slice id = qmail_number(&rest);
	struct arrived *arrived;

	if (id.len == 0)
		return MX_OK;
	arrived = arrived_slot(state, key_of(line->stream, id));
	arrived->key = key_of(line->stream, id);
	arrived->utc = line->at.utc;
	return tell_event(line, MESSAGE_BORN, id, SLICE_NONE, -1, sink, err);
}

static enum mx_code
take_end(struct qmail_state *state, const struct qmail_line *line,
    struct slice rest, const struct fact_sink *sink, struct mx_err *err)
{
	struct slice id = qmail_number(&rest);
	struct arrived *arrived;

	if (id.len == 0)
		return MX_OK;
	arrived = arrived_slot(state, key_of(line->stream, id));
	if (arrived->key == key_of(line->stream, id))
		arrived->key = 0;
	return tell_event(line, MESSAGE_REMOVED, id, SLICE_NONE, -1, sink,
	    err);
}

enum mx_code
qmail_words(struct qmail_state *state, const struct qmail_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct slice rest = line->text;

	if (take(&rest, SLICE("delivery ")))
		return take_delivery(state, line, rest, sink, result_r, err);
	if (take(&rest, SLICE("starting delivery ")))
		return take_start(state, line, rest, sink, result_r, err);
	if (take(&rest, SLICE("info msg ")))
		return take_info(state, line, rest, sink, result_r, err);
	if (take(&rest, SLICE("new msg ")))
		return take_birth(state, line, rest, sink, err);
	if (take(&rest, SLICE("end msg ")))
		return take_end(state, line, rest, sink, err);
	return MX_OK; /* status, bounces, warnings */
}
