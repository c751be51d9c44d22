/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs one input: hands it line by line to the formats, tells the sink of
 * every line and of what nobody understood. Knows no MTA. */
#include "parsers/log_reader_priv.h"

#include <inttypes.h>
#include <stdio.h>

#include "parsers/container_head.h"
#include "parsers/input_head.h"
#include "parsers/log_memory.h"

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
	    1, err);
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

/* A record of several lines stands where its first line does, and is read
 * again from there when reading goes on later; unless it is so long that it
 * is none. */
static bool
is_record_open(struct log_reader *reader, struct log_line *line,
    enum head_result result)
{
	struct log_record *record = &reader->record;

	if (!record->is_open) {
		record->line = line->where.line;
		record->bytes = 0;
		record->is_cut = false;
	}
	record->is_open = result == HEAD_MORE;
	record->bytes += line->bytes;
	record->is_cut |= line->is_cut;
	line->is_cut = record->is_cut;
	line->where.line = record->line;
	return record->is_open;
}

/* A record that is no syslog line may be one of an MTA that writes to the
 * standard output of a container: *result_r stays LINE_NOT_MINE where it is
 * not. */
static enum mx_code
take_inner_line(struct log_reader *reader, const struct log_line *line,
    enum line_result *result_r, struct mx_err *err)
{
	struct log_line inner = *line;
	unsigned best = 0;
	enum mx_code code;

	inner.raw = line->head.text;
	inner.head = (struct syslog_head){ .repeats = 1,
		.tag_slot = HEAD_TAGS };
	if (inner.raw.len == 0)
		return MX_OK;
	if (reader->inner == NULL) {
		const struct log_format *found = input_head_probe(
		    &reader->input, inner.raw, &best);

		if (found == NULL || found->unwrap != NULL)
			return MX_OK;
		code = log_reader_make_state(reader, found,
		    &reader->inner_state, err);
		reader->inner = found;
		if (code != MX_OK)
			return code;
	}
	reader->watch.line = &inner;
	*result_r = LINE_TAKEN;
	code = reader->inner->line(reader->inner_state, &inner,
	    &reader->watched, result_r, err);
	reader->watch.line = NULL;
	return code;
}

/* The record that was open is told, and over where LINE begins. */
static enum mx_code
take_broken_record(struct log_reader *reader, const struct log_line *line,
    const struct fact_sink *sink, struct mx_err *err)
{
	struct log_line broken = *line;

	broken.where.line = reader->record.line;
	broken.raw = SLICE_NONE;
	reader->record.is_open = false;
	reader->state.offset = reader->record.end;
	reader->state.line = reader->record.next_line;
	return take_head(reader, &broken, HEAD_NO_STAMP, sink, err);
}

static enum mx_code
take_wrapped_line(struct log_reader *reader, struct log_line *line,
    const struct fact_sink *sink, struct mx_err *err)
{
	enum head_result result = reader->own->unwrap(reader->own_state,
	    line, &reader->heads, &line->head);
	enum mx_code code;

	if (result == HEAD_BROKEN) {
		code = take_broken_record(reader, line, sink, err);
		if (code != MX_OK)
			return code;
		result = reader->own->unwrap(reader->own_state, line,
		    &reader->heads, &line->head);
	}
	if (is_record_open(reader, line, result))
		return MX_OK;
	if (result == HEAD_OK)
		line->raw = line->head.text;
	if (result == HEAD_NO_FRAME || result == HEAD_NO_STAMP) {
		enum line_result inner = LINE_NOT_MINE;

		code = take_inner_line(reader, line, &inner, err);
		if (code != MX_OK || inner != LINE_NOT_MINE)
			return code;
	}
	return take_head(reader, line, result, sink, err);
}

/* The input ends inside a record. */
static enum mx_code
take_last_record(struct log_reader *reader, const struct fact_sink *sink,
    struct mx_err *err)
{
	struct log_line line = { .has_newline = true,
		.where = { reader->input.path, reader->record.line } };
	enum head_result result;

	if (!reader->record.is_open || !reader->input.takes_tail)
		return MX_OK;
	reader->record.is_open = false;
	reader->state.offset = reader->record.end;
	reader->state.line = reader->record.next_line;
	result = reader->own->unwrap(reader->own_state, NULL, &reader->heads,
	    &line.head);
	line.raw = line.head.text;
	return take_head(reader, &line, result, sink, err);
}

static enum mx_code
take_own_line(struct log_reader *reader, struct log_line *line,
    const struct fact_sink *sink, struct mx_err *err)
{
	enum line_result result = LINE_TAKEN;
	enum mx_code code;

	if (reader->is_contained)
		(void)container_strip(&line->raw);
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
	line.has_newline = text->has_newline;
	line.bytes = text->end - text->begin;
	line.nul_count = text->nul_count;
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

/* For the next input of this log. */
static void
remember_under_way(struct log_reader *reader)
{
	struct log_context context = reader->context;
	int64_t last_utc = reader->heads.clock.last_utc;

	context.format = reader->own;
	if (reader->own != NULL)
		log_memory_save(&context, reader->own_state, last_utc);
	for (uint32_t i = 0; i < reader->offers.count; i++) {
		context.format = reader->offers.formats[i];
		if (context.format != reader->own)
			log_memory_save(&context, reader->offers.states[i],
			    last_utc);
	}
}

static enum mx_code
finish(struct log_reader *reader, const struct fact_sink *sink,
    struct mx_err *err)
{
	const struct fact_sink *held = &reader->watched;
	enum mx_code code = MX_OK;

	code = take_last_record(reader, sink, err);
	reader->watch.line = NULL; /* its line is gone */
	if (code == MX_OK && reader->own != NULL &&
	    reader->own->finish != NULL)
		code = reader->own->finish(reader->own_state, held, err);
	if (code == MX_OK && reader->inner != NULL &&
	    reader->inner->finish != NULL)
		code = reader->inner->finish(reader->inner_state, held, err);
	for (uint32_t i = 0; i < reader->offers.count && code == MX_OK; i++)
		if (reader->offers.states[i] != NULL &&
		    reader->offers.formats[i]->finish != NULL)
			code = reader->offers.formats[i]->finish(
			    reader->offers.states[i], held, err);
	if (code == MX_OK)
		remember_under_way(reader);
	return code;
}

/* Where the next run goes on: behind LINE, or at the record that is open. */
static void
note_place(struct log_reader *reader, const struct text_line *line)
{
	reader->record.end = line->end;
	reader->record.next_line = line->number + 1;
	if (reader->record.is_open &&
	    reader->record.bytes < LIMIT_RECORD_BYTES)
		return;
	reader->state.offset = line->end;
	reader->state.line = line->number + 1;
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
		note_place(reader, &text);
	}
	if (code == MX_OK && *end_r)
		code = finish(reader, sink, err);
	return code;
}
