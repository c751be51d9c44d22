/* SPDX-License-Identifier: BSD-2-Clause */
/* qmail-send's log: qmail, netqmail, notqmail, and what descends from them;
 * by multilog (TAI64N in front), tai64nlocal, or splogger and syslog. A line
 * with an outcome has the number of a delivery and nothing else; who it was
 * for stands where that delivery started. A message's number is the inode of
 * its file: it lives from "new msg" to "end msg" and then comes again.
 *
 *   new msg M
 *   info msg M: bytes N from <S> qp P uid U
 *   starting delivery D: msg M to remote R
 *   delivery D: success|deferral|failure: TEXT
 *   end msg M
 *
 * Source: qmail 1.03 qmail-send.c, splogger.c; notqmail 1.09; daemontools
 * 0.76 multilog. */
#include "parsers/log_qmail.h"

#include "base/hash.h"

enum {
	ROLE_QMAIL = 1,
	SPLOGGER_BYTES = 799 /* more goes on in another line */
};

static uint32_t
qmail_role(struct slice tag)
{
	return slice_starts(tag, SLICE("qmail")) ? ROLE_QMAIL : 0;
}

/* ------------------------------------------------------------------ */
/* Stamps */

static int
hex_value(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "@400000005a497a0a00000000": seconds from 2^62 (TAI, which multilog takes
 * to be 10 s ahead of UTC, leap seconds or not), nanoseconds. */
static enum stamp_result
take_tai64n(struct slice *text, struct stamp *at)
{
	uint64_t part[2] = { 0, 0 };

	if (text->len < 25 || text->ptr[0] != '@')
		return STAMP_NONE;
	for (size_t i = 0; i < 24; i++) {
		int digit = hex_value(text->ptr[i + 1]);

		if (digit < 0)
			return STAMP_NONE;
		part[i / 16] = part[i / 16] << 4 | (uint64_t)digit;
	}
	*text = slice_skip(*text, 25);
	part[0] -= (UINT64_C(1) << 62) + 10;
	if (part[0] > INT64_MAX || !stamp_is_possible((int64_t)part[0]) ||
	    part[1] > 999999999)
		return STAMP_BAD;
	*at = (struct stamp){ (int64_t)part[0], (uint32_t)(part[1] / 1000),
		6 };
	return STAMP_OK;
}

/* In front of lines of the format's own. */
static enum stamp_result
take_stamp(struct stamp_clock *clock, struct slice *text, struct stamp *at)
{
	enum stamp_result result = text->len != 0 && text->ptr[0] == '@' ?
	    take_tai64n(text, at) : stamp_read(clock, text, at);

	if (result == STAMP_OK && text->len != 0 && text->ptr[0] != ' ')
		return STAMP_NONE;
	*text = slice_trim(*text);
	return result;
}

/* ------------------------------------------------------------------ */
/* splogger: "SECONDS.MICROSECONDS TEXT"; what is longer than its buffer goes
 * on in lines of its own, "SECONDS.MICROSECONDS+TEXT" */

static enum mx_code
tell_held(struct qmail_state *state, const struct fact_sink *sink,
    enum line_result *result_r, struct mx_err *err)
{
	struct log_line raw = { .where = state->held_where,
		.raw = strbuf_slice(&state->held) };
	struct qmail_line line = { .at = state->held_at,
		.where = state->held_where, .raw = &raw,
		.host = strbuf_slice(&state->held_host),
		.instance = strbuf_slice(&state->held_tag),
		.text = strbuf_slice(&state->held) };

	if (!state->is_held)
		return MX_OK;
	state->is_held = false;
	if (line.host.len == 0)
		line.host = SLICE_NONE;
	line.stream = hash_stable(line.instance, hash_stable(line.host,
	    HASH_STABLE_START));
	return qmail_words(state, &line, sink, result_r, err);
}

static void
hold(struct qmail_state *state, const struct qmail_line *line,
    struct slice stamp)
{
	state->is_held = true;
	state->held_at = line->at;
	state->held_where = line->where;
	strbuf_reset(&state->held);
	strbuf_add_slice(&state->held, line->text);
	strbuf_reset(&state->held_host);
	strbuf_add_slice(&state->held_host, line->host);
	strbuf_reset(&state->held_tag);
	strbuf_add_slice(&state->held_tag, line->instance);
	state->held_stamp_len = stamp.len < sizeof(state->held_stamp) ?
	    stamp.len : 0;
	memcpy(state->held_stamp, stamp.ptr, state->held_stamp_len);
}

static bool
is_held_stamp(const struct qmail_state *state, struct slice stamp)
{
	return state->is_held && slice_eq(stamp, slice_of(state->held_stamp,
	    state->held_stamp_len));
}

/* "1593072009.681525" at the front of *TEXT. */
static struct slice
take_splogger(struct slice *text)
{
	struct slice rest = *text, seconds = qmail_number(&rest), stamp;

	if (seconds.len < 9 || rest.len == 0 || rest.ptr[0] != '.')
		return SLICE_NONE;
	rest = slice_skip(rest, 1);
	if (qmail_number(&rest).len != 6 || rest.len == 0 ||
	    (rest.ptr[0] != ' ' && rest.ptr[0] != '+'))
		return SLICE_NONE;
	stamp = slice_between(text->ptr, rest.ptr);
	*text = rest;
	return stamp;
}

static enum mx_code
take_syslog(struct qmail_state *state, struct qmail_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct slice stamp = take_splogger(&line->text);
	enum mx_code code;

	if (stamp.len != 0 && line->text.ptr[0] == '+') {
		if (is_held_stamp(state, stamp))
			strbuf_add_slice(&state->held,
			    slice_skip(line->text, 1));
		return MX_OK;
	}
	code = tell_held(state, sink, result_r, err);
	if (code != MX_OK)
		return code;
	line->text = slice_trim(line->text);
	if (stamp.len != 0 && line->text.len >= SPLOGGER_BYTES - 1) {
		hold(state, line, stamp);
		return MX_OK;
	}
	return qmail_words(state, line, sink, result_r, err);
}

/* ------------------------------------------------------------------ */

/* The words that qmail-send starts its lines with. */
static bool
is_qmail_text(struct slice text)
{
	static const struct slice words[] = { { "new msg ", 8 },
		{ "info msg ", 9 }, { "starting delivery ", 18 },
		{ "delivery ", 9 }, { "status: local ", 14 },
		{ "end msg ", 8 }, { "bounce msg ", 11 } };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (slice_starts(text, words[i]))
			return true;
	return false;
}

static unsigned
qmail_probe(struct slice head)
{
	struct stamp_clock clock = { 0 };
	unsigned lines = 0, good = 0;

	while (head.len != 0) {
		const char *end = slice_chr(head, '\n');
		struct slice line = end != NULL ?
		    slice_between(head.ptr, end) : head;
		struct stamp at;

		head = slice_skip(head, line.len + 1);
		lines += line.len != 0;
		if (line.len < 30)
			continue;
		if (line.ptr[0] == '@') {
			good += take_stamp(&clock, &line, &at) == STAMP_OK &&
			    is_qmail_text(line);
		} else if (line.ptr[10] == ' ' && line.ptr[19] == '.' &&
		    line.ptr[29] == ' ') {
			/* tai64nlocal */
			good += is_qmail_text(slice_skip(line, 30));
		}
	}
	return good == 0 ? 0 : 1 + 96 * good / lines;
}

static int64_t
qmail_first_utc(struct slice head, struct stamp_clock *clock)
{
	while (head.len != 0) {
		const char *end = slice_chr(head, '\n');
		struct slice line = end != NULL ?
		    slice_between(head.ptr, end) : head;
		struct stamp at;

		head = slice_skip(head, line.len + 1);
		if (take_stamp(clock, &line, &at) == STAMP_OK)
			return at.utc;
	}
	return INT64_MIN;
}

static enum mx_code
take_own(struct qmail_state *state, struct qmail_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct stamp none = { INT64_MIN, 0, 0 };
	bool is_tai = line->raw->raw.len != 0 && line->raw->raw.ptr[0] == '@';
	enum stamp_result result;
	enum mx_code code;

	line->text = line->raw->raw;
	result = take_stamp(state->clock, &line->text, &line->at);
	if (!is_tai && (result != STAMP_OK || (!is_qmail_text(line->text) &&
	    log_line_is_syslog(line->raw->raw, line->text)))) {
		*result_r = LINE_NOT_MINE;
		return MX_OK;
	}
	code = log_line_seen(state->clock, result == STAMP_OK ? &line->at :
	    &none, SLICE_NONE, sink, err);
	if (code != MX_OK)
		return code;
	if (result != STAMP_OK)
		return log_line_skip(line->raw, result == STAMP_BAD ?
		    SKIP_BAD_STAMP : SKIP_CUT, sink, result_r, err);
	return qmail_words(state, line, sink, result_r, err);
}

static enum mx_code
qmail_line(void *memory, const struct log_line *raw,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct qmail_state *state = memory;
	struct qmail_line line = { .instance = SLICE("qmail"),
		.where = raw->where, .raw = raw, .stream = HASH_STABLE_START };

	*result_r = LINE_TAKEN;
	if (raw->role == 0)
		return take_own(state, &line, sink, result_r, err);
	line.at = raw->head.at;
	line.host = raw->head.host;
	line.instance = raw->head.tag;
	line.text = raw->head.text;
	line.stream = hash_stable(line.instance, hash_stable(line.host,
	    HASH_STABLE_START));
	return take_syslog(state, &line, sink, result_r, err);
}

static enum mx_code
qmail_finish(void *memory, const struct fact_sink *sink, struct mx_err *err)
{
	enum line_result unused;

	return tell_held(memory, sink, &unused, err);
}

static enum mx_code
qmail_init(void *memory, const struct log_context *context,
    struct mx_err *err)
{
	struct qmail_state *state = memory;

	(void)err;
	fact_memory_init(&state->memory);
	strbuf_init(&state->held, LIMIT_LINE_BYTES);
	strbuf_init(&state->held_host, 1024);
	strbuf_init(&state->held_tag, 1024);
	state->clock = context->clock;
	return MX_OK;
}

static void
qmail_release(void *memory)
{
	struct qmail_state *state = memory;

	fact_memory_release(&state->memory);
	strbuf_release(&state->held);
	strbuf_release(&state->held_host);
	strbuf_release(&state->held_tag);
}

const struct log_format log_format_qmail = {
	.name = "qmail",
	.title = "qmail, netqmail, notqmail: multilog, tai64nlocal or syslog",
	.recognised = "@TAI64N or syslog lines of qmail: starting delivery N, "
	    "delivery N: success",
	.probe = qmail_probe,
	.role = qmail_role,
	.state_size = sizeof(struct qmail_state),
	.init = qmail_init,
	.release = qmail_release,
	.line = qmail_line,
	.first_utc = qmail_first_utc,
	.finish = qmail_finish,
	.save = qmail_save,
	.load = qmail_load,
};
