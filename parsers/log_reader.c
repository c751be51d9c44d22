/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs one input: recognises it, hands it line by line to the formats, tells
 * the sink of every line and of what nobody understood. Knows no MTA. */
#include <inttypes.h>
#include <stdio.h>

#include "base/limits.h"
#include "parsers/input_head.h"
#include "parsers/log_offers.h"
#include "parsers/log_watch.h"

static const char syslog_name[] = "syslog";

struct log_reader {
	struct log_input input;
	const struct log_format *own;  /* of its own lines; NULL: syslog */
	void *own_state;
	struct head_reader heads;      /* its clock is the input's */
	struct log_context context;
	struct log_offers offers;
	struct reader_state state;
	int64_t first_utc, zone_error_s;
	bool told_backwards, told_future;
	/* What "last message repeated" may refer to. */
	struct log_watch watch;
	struct fact_sink watched;      /* what formats are given */
	char again_host[HEAD_HOST_BYTES];
	size_t again_host_len, again_len;
	bool has_again;
	char again[LIMIT_LINE_BYTES];
};

static enum mx_code
tell(const struct fact_sink *sink, enum notice_kind kind,
    const struct mx_where *where, const char *text, struct mx_err *err)
{
	return sink->notice(sink->ctx, kind, where, slice_str(text), err);
}

static enum mx_code
tell_zone(struct log_reader *reader, const struct fact_sink *sink,
    struct mx_err *err)
{
	struct mx_where where = { reader->input.path, 1 };
	int64_t minutes = reader->zone_error_s / 60;
	char text[160];
	int n;

	if (minutes == 0)
		return MX_OK;
	reader->zone_error_s = 0;
	n = snprintf(text, sizeof(text), "time stamps are %" PRId64
	    " h %02" PRId64 " min %s of the times in the queue ids: "
	    "is the time zone right?",
	    (minutes < 0 ? -minutes : minutes) / 60,
	    (minutes < 0 ? -minutes : minutes) % 60,
	    minutes < 0 ? "behind" : "ahead");
	(void)n;
	return tell(sink, NOTICE_TIME, &where, text, err);
}

/* Once an input each. */
static enum mx_code
tell_odd_times(struct log_reader *reader, const struct fact_sink *sink,
    const struct mx_where *where, struct mx_err *err)
{
	const struct stamp_clock *clock = &reader->heads.clock;
	enum mx_code code = MX_OK;

	if (clock->saw_backwards && !reader->told_backwards) {
		reader->told_backwards = true;
		code = tell(sink, NOTICE_TIME, where,
		    "time stamps go back by more than a day", err);
	}
	if (code == MX_OK && clock->saw_future && !reader->told_future) {
		reader->told_future = true;
		code = tell(sink, NOTICE_TIME, where,
		    "time stamps lie in the future", err);
	}
	return code;
}

/* Syslog daemons say when they dropped lines: the counts are then too low. */
static bool
is_loss(const struct syslog_head *head)
{
	struct slice tag = head->tag, text = head->text;

	if (slice_starts(tag, SLICE("rsyslogd")))
		return slice_find(text, SLICE("imuxsock")) != NULL &&
		    (slice_find(text, SLICE("lost")) != NULL ||
		    slice_find(text, SLICE("begin to drop")) != NULL);
	if (slice_starts(tag, SLICE("systemd-journal")) ||
	    slice_eq(tag, SLICE("journal")))
		return slice_starts(text, SLICE("Suppressed ")) ||
		    slice_starts(text, SLICE("Missed "));
	return false;
}

/* One format's answer to LINE. */
static enum mx_code
offer_to(struct log_reader *reader, const struct offer *to,
    struct log_line *line, enum line_result *result_r, struct mx_err *err)
{
	void *state = reader->offers.states[to->format];
	enum mx_code code;

	*result_r = LINE_TAKEN;
	if (state == NULL) {
		code = log_offers_state(&reader->offers, to->format,
		    &reader->context, &state, err);
		if (code != MX_OK)
			return code;
	}
	line->role = to->role;
	return reader->offers.formats[to->format]->line(state, line,
	    &reader->watched, result_r, err);
}

/* Offer LINE to the formats that may want it. */
static enum mx_code
offer(struct log_reader *reader, const struct tag_offers *found,
    struct log_line *line, struct mx_err *err)
{
	enum line_result result = LINE_NOT_MINE;

	for (uint32_t i = 0; i < found->count; i++) {
		enum mx_code code = offer_to(reader, &found->offers[i], line,
		    &result, err);

		if (code != MX_OK || result != LINE_NOT_MINE)
			return code;
	}
	if (is_loss(&line->head))
		return reader->watched.notice(&reader->watch, NOTICE_LOSS,
		    &line->where, line->head.text, err);
	return MX_OK;
}

static void
remember(struct log_reader *reader, const struct log_line *line)
{
	struct slice host = line->head.host;

	reader->has_again = host.len < HEAD_HOST_BYTES &&
	    line->raw.len <= sizeof(reader->again);
	if (!reader->has_again)
		return;
	if (host.len != 0)
		memcpy(reader->again_host, host.ptr, host.len);
	reader->again_host_len = host.len;
	memcpy(reader->again, line->raw.ptr, line->raw.len);
	reader->again_len = line->raw.len;
}

static bool
is_again_host(const struct log_reader *reader, struct slice host)
{
	return slice_eq(host, slice_of(reader->again_host,
	    reader->again_host_len));
}

/* LINE as often as it says. */
static enum mx_code
take_repeated(struct log_reader *reader, const struct tag_offers *found,
    struct log_line *line, struct mx_err *err)
{
	enum mx_code code = MX_OK;

	for (uint32_t i = 0; i < line->head.repeats && code == MX_OK; i++)
		code = offer(reader, found, line, err);
	if (code != MX_OK || !reader->watch.saw_delivery)
		return code;
	return reader->watched.notice(&reader->watch, NOTICE_REPEAT,
	    &line->where, SLICE("a delivery was logged as repeated"), err);
}

/* Most lines are of programs that nobody wants. */
static inline enum mx_code
take_record(struct log_reader *reader, struct log_line *line,
    struct mx_err *err)
{
	const struct tag_offers *found = log_offers_find(&reader->offers,
	    &line->head);
	char first = line->head.tag.ptr[0];
	enum mx_code code;

	if (found->count == 0 && first != 'r' && first != 's' &&
	    first != 'j')
		return MX_OK; /* is_loss would say no */
	reader->watch.line = line;
	reader->watch.saw_delivery = false;
	if (line->head.repeats != 1)
		return take_repeated(reader, found, line, err);
	code = offer(reader, found, line, err);
	if (reader->watch.saw_delivery)
		remember(reader, line);
	return code;
}

/* "last message repeated N times": the line before of that host, if that was
 * a delivery. */
static enum mx_code
take_again(struct log_reader *reader, struct log_line *line,
    struct mx_err *err)
{
	struct stamp at = line->head.at;
	uint32_t repeats = line->head.repeats;

	if (!reader->has_again || !is_again_host(reader, line->head.host))
		return MX_OK;
	reader->has_again = false;
	line->raw = slice_of(reader->again, reader->again_len);
	if (syslog_head_read(&reader->heads, line->raw, &line->head) !=
	    HEAD_OK)
		return MX_OK;
	line->head.at = at;
	line->head.repeats = repeats;
	reader->watch.line = line;
	reader->watch.saw_delivery = false;
	return take_repeated(reader, log_offers_find(&reader->offers,
	    &line->head), line, err);
}

static enum mx_code
skip_line(const struct log_line *line, enum head_result why,
    const struct fact_sink *sink, struct mx_err *err)
{
	enum skip_reason reason = why == HEAD_NO_FRAME ? SKIP_NO_FRAME :
	    why == HEAD_BAD_STAMP ? SKIP_BAD_STAMP : SKIP_NO_STAMP;
	enum line_result unused;

	if (line_is_binary(line->raw))
		reason = SKIP_BINARY;
	else if (line->is_cut)
		reason = SKIP_TOO_LONG;
	return log_line_skip(line, reason, sink, &unused, err);
}

/* A line whose head was read. */
static enum mx_code
take_head(struct log_reader *reader, struct log_line *line,
    enum head_result result, const struct fact_sink *sink,
    struct mx_err *err)
{
	enum mx_code code;

	if (result == HEAD_NO_STAMP || result == HEAD_BAD_STAMP ||
	    (result == HEAD_MARK && slice_is_none(line->head.host)))
		line->head.at = (struct stamp){ INT64_MIN, 0, 0 };
	code = sink->line_seen(sink->ctx, &line->head.at, line->head.host,
	    err);
	if (code != MX_OK)
		return code;
	if (result == HEAD_OK) {
		if (reader->has_again &&
		    is_again_host(reader, line->head.host))
			reader->has_again = false;
		code = take_record(reader, line, err);
	} else if (result == HEAD_AGAIN) {
		code = take_again(reader, line, err);
	} else if (result != HEAD_MARK) {
		code = skip_line(line, result, sink, err);
	}
	return code;
}

/* A file that is one MTA's own may hold lines of others that came through
 * syslog. */
static enum mx_code
take_syslog_line(struct log_reader *reader, struct log_line *line,
    const struct fact_sink *sink, struct mx_err *err)
{
	enum head_result result = syslog_head_read(&reader->heads, line->raw,
	    &line->head);

	return take_head(reader, line, result, sink, err);
}

static enum mx_code
take_wrapped_line(struct log_reader *reader, struct log_line *line,
    const struct fact_sink *sink, struct mx_err *err)
{
	enum head_result result = reader->own->unwrap(reader->own_state,
	    line->raw, &reader->heads, &line->head);

	return take_head(reader, line, result, sink, err);
}

static enum mx_code
take_own_line(struct log_reader *reader, struct log_line *line,
    const struct fact_sink *sink, struct mx_err *err)
{
	enum line_result result = LINE_TAKEN;
	enum mx_code code;

	line->head = (struct syslog_head){ .repeats = 1,
		.tag_slot = HEAD_TAGS };
	reader->watch.line = line;
	code = reader->own->line(reader->own_state, line, &reader->watched,
	    &result, err);
	if (code != MX_OK || result != LINE_NOT_MINE)
		return code;
	return take_syslog_line(reader, line, sink, err);
}

static enum mx_code
take_line(struct log_reader *reader, const struct text_line *text,
    const struct fact_sink *sink, struct mx_err *err)
{
	struct log_line line;
	enum mx_code code;

	line.raw = text->text;
	line.role = 0;
	line.is_cut = text->is_cut;
	line.where = (struct mx_where){ reader->input.path, text->number };
	if (reader->own == NULL)
		code = take_syslog_line(reader, &line, sink, err);
	else if (reader->own->unwrap != NULL)
		code = take_wrapped_line(reader, &line, sink, err);
	else
		code = take_own_line(reader, &line, sink, err);
	if (code == MX_OK && (reader->heads.clock.saw_backwards ||
	    reader->heads.clock.saw_future))
		code = tell_odd_times(reader, sink, &line.where, err);
	return code;
}

static enum mx_code
finish(struct log_reader *reader, const struct fact_sink *sink,
    struct mx_err *err)
{
	enum mx_code code = MX_OK;

	reader->watch.line = NULL; /* its line is gone */
	if (reader->own != NULL && reader->own->finish != NULL)
		code = reader->own->finish(reader->own_state, sink, err);
	for (uint32_t i = 0; i < reader->offers.count && code == MX_OK; i++)
		if (reader->offers.states[i] != NULL &&
		    reader->offers.formats[i]->finish != NULL)
			code = reader->offers.formats[i]->finish(
			    reader->offers.states[i], sink, err);
	return code;
}

enum mx_code
log_reader_run(struct log_reader *reader, uint64_t max_bytes,
    const struct fact_sink *sink, bool *end_r, struct mx_err *err)
{
	uint64_t stop = max_bytes > UINT64_MAX - reader->state.offset ?
	    UINT64_MAX : reader->state.offset + max_bytes;
	enum mx_code code = tell_zone(reader, sink, err);
	struct text_line text;

	reader->watch.out = sink;
	reader->watched = log_watch_sink(&reader->watch);
	*end_r = false;
	while (code == MX_OK && reader->state.offset < stop) {
		code = line_reader_next(reader->input.reader, &text, end_r,
		    err);
		if (code == MX_OK && !*end_r && !text.has_newline &&
		    (text.is_torn || !reader->input.takes_tail))
			continue; /* the next round meets the end */
		if (code != MX_OK || *end_r)
			break;
		code = take_line(reader, &text, sink, err);
		if (code != MX_OK)
			return code;
		reader->state.offset = text.end;
		reader->state.line = text.number + 1;
	}
	if (code == MX_OK && *end_r)
		code = finish(reader, sink, err);
	return code;
}

static enum mx_code
unknown_format(struct slice name, struct mx_err *err)
{
	return mx_fail(err, MX_E_USAGE, "no such log format: \"%.*s\" "
	    "(\"mxtrend formats\" lists them)",
	    name.len < 64 ? (int)name.len : 64, name.ptr);
}

/* The format of that name, among the caller's own first. "syslog" is none:
 * *forced_r stays NULL. */
static enum mx_code
find_forced(const struct log_input *input, struct slice name,
    const struct log_format **forced_r, struct mx_err *err)
{
	const struct log_format *const *own = input->own_formats;

	*forced_r = NULL;
	if (name.len == 0 || slice_eq(name, slice_str(syslog_name)))
		return MX_OK;
	for (size_t i = 0; own != NULL && own[i] != NULL; i++)
		if (slice_eq(name, slice_str(own[i]->name))) {
			*forced_r = own[i];
			return MX_OK;
		}
	*forced_r = log_format_find(name);
	return *forced_r != NULL ? MX_OK : unknown_format(name, err);
}

static enum mx_code
make_own_state(struct log_reader *reader, struct mx_err *err)
{
	const struct log_format *own = reader->own;

	if (own == NULL)
		return MX_OK;
	reader->own_state = mx_calloc(1, own->state_size + 1);
	reader->context.format = own;
	return own->init != NULL ? own->init(reader->own_state,
	    &reader->context, err) : MX_OK;
}

static void
set_format(struct log_reader *reader, const char *name)
{
	size_t n = strlen(name);

	if (n >= sizeof(reader->state.format))
		n = sizeof(reader->state.format) - 1;
	memcpy(reader->state.format, name, n);
	reader->state.format[n] = '\0';
}

/* A file that grows, and whose first line is not whole yet. */
static bool
is_begun(const struct log_input *input, struct slice head)
{
	return !input->takes_tail && head.len < LIMIT_PROBE_BYTES &&
	    slice_chr(head, '\n') == NULL;
}

/* What the head and an earlier run say of the format. */
static enum mx_code
recognise(struct log_reader *reader, const struct reader_state *resume,
    struct slice head, struct mx_err *err)
{
	const struct log_input *input = &reader->input;
	const struct log_format *forced;
	struct slice name = input->format;
	struct stamp_clock clock;
	struct input_head found;
	bool is_syslog;
	enum mx_code code;

	if (name.len == 0 && resume != NULL)
		name = slice_str(resume->format);
	code = find_forced(input, name, &forced, err);
	if (code != MX_OK)
		return code;
	is_syslog = name.len != 0 && forced == NULL;
	input_head_read(head, input, forced, &found);
	if (!found.is_known && !found.is_blank && !is_syslog &&
	    !is_begun(input, head)) {
		/* a head that could not be read says nothing of the format */
		code = line_reader_failure(input->reader, err);
		return code == MX_E_IO ? code : mx_fail(err, MX_E_DATA,
		    "not a log format that mxtrend knows");
	}
	reader->own = is_syslog ? NULL : found.own;
	reader->first_utc = found.first_utc;
	reader->zone_error_s = found.zone_error_s;
	stamp_clock_init(&clock, input->zone, found.anchor, input->now_utc);
	head_reader_init(&reader->heads, &clock);
	/* Only what was asked for, unless that wraps the others' lines. */
	if (input->format.len == 0 ||
	    (forced != NULL && forced->unwrap != NULL))
		forced = NULL;
	log_offers_init(&reader->offers, input->own_formats, forced);
	if (found.is_known || is_syslog)
		set_format(reader, reader->own != NULL ? reader->own->name :
		    syslog_name);
	return MX_OK;
}

enum mx_code
log_reader_open(const struct log_input *input,
    const struct reader_state *resume, struct log_reader **reader_r,
    struct mx_err *err)
{
	struct log_reader *reader = mx_calloc(1, sizeof(*reader));
	struct slice head;
	enum mx_code code;

	*reader_r = NULL;
	reader->input = *input;
	reader->state = (struct reader_state){ .line = 1,
		.last_utc = INT64_MIN };
	head = line_reader_head(input->reader);
	reader->context = (struct log_context){ .head = head,
		.clock = &reader->heads.clock };
	code = recognise(reader, resume, head, err);
	if (code == MX_OK)
		code = make_own_state(reader, err);
	reader->context.head = SLICE_NONE; /* gone with the first line */
	if (code == MX_OK && resume != NULL) {
		reader->state.offset = resume->offset;
		reader->state.line = resume->line;
		reader->heads.clock.last_utc = resume->last_utc;
		code = line_reader_skip(input->reader, resume->offset,
		    resume->line, err);
	}
	if (code != MX_OK) {
		log_reader_close(reader);
		return code;
	}
	*reader_r = reader;
	return MX_OK;
}

void
log_reader_close(struct log_reader *reader)
{
	if (reader == NULL)
		return;
	if (reader->own_state != NULL) {
		if (reader->own->release != NULL)
			reader->own->release(reader->own_state);
		free(reader->own_state);
	}
	log_offers_release(&reader->offers);
	free(reader);
}

void
log_reader_state(const struct log_reader *reader,
    struct reader_state *state_r)
{
	*state_r = reader->state;
	state_r->last_utc = reader->heads.clock.last_utc;
}

const char *
log_reader_format(const struct log_reader *reader)
{
	return reader->state.format;
}

int64_t
log_reader_first_utc(const struct log_reader *reader)
{
	return reader->first_utc;
}
