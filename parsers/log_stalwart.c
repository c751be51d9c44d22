/* SPDX-License-Identifier: BSD-2-Clause */
/* Stalwart's text log:
 *
 *   2026-01-05T03:04:05Z INFO Description (delivery.delivered) queueId = N,
 *       from = "S", to = "R", size = N, hostname = "MX", code = 250, ...
 *
 * The keys of an attempt come first on each of its lines; the own address
 * stands where the connection was made. Colours are taken off; its multi-line
 * layout is not read.
 * Source: Stalwart 0.10 to 0.15 crates/smtp/src/outbound, crates/trc. */
#include "parsers/log_stalwart.h"

static struct slice
without_colours(struct stalwart_state *state, struct slice text)
{
	if (slice_chr(text, '\033') == NULL)
		return text;
	strbuf_reset(&state->plain);
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] != '\033') {
			strbuf_add_char(&state->plain, text.ptr[i]);
			continue;
		}
		while (i < text.len && !ascii_is_alpha(text.ptr[i]))
			i++;
	}
	return strbuf_slice(&state->plain);
}

/* A level, and an event's name in brackets. */
static bool
is_event_line(struct slice text)
{
	struct stalwart_line line;

	return stalwart_line_read(text, &line);
}

static unsigned
stalwart_probe(struct slice head)
{
	unsigned lines = 0, good = 0;

	while (head.len != 0) {
		const char *end = slice_chr(head, '\n');
		struct slice line = end != NULL ?
		    slice_between(head.ptr, end) : head;
		struct stamp at;

		head = slice_skip(head, line.len + 1);
		lines += line.len != 0;
		if (slice_starts(line, SLICE("\033[37m"))) {
			good += slice_find(line, SLICE("\033[0m (")) != NULL;
			continue;
		}
		good += line.len > 30 && line.ptr[19] == 'Z' &&
		    line.ptr[20] == ' ' && stamp_read_zoned(
		    slice_of(line.ptr, 20), &at) &&
		    is_event_line(slice_skip(line, 21));
	}
	return good == 0 ? 0 : 1 + 96 * good / lines;
}

static enum mx_code
stalwart_line(void *memory, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct stalwart_state *state = memory;
	struct slice text = without_colours(state, line->raw);
	struct stalwart_line said;
	bool is_cut;
	struct stamp at;
	enum mx_code code;

	*result_r = LINE_TAKEN;
	if (text.len < 20 || text.ptr[10] != 'T' ||
	    stamp_read(state->clock, &text, &at) != STAMP_OK ||
	    log_line_is_syslog(line->raw, slice_trim(text))) {
		*result_r = LINE_NOT_MINE;
		return MX_OK;
	}
	text = slice_trim(text);
	code = log_line_seen(state->clock, &at, SLICE_NONE, sink, err);
	if (code != MX_OK)
		return code;
	if (!stalwart_line_read(text, &said))
		return log_line_skip(line, SKIP_MALFORMED, sink, result_r,
		    err);
	code = stalwart_event(state, &said, &at, &line->where, sink, &is_cut,
	    err);
	return code == MX_OK && is_cut ? log_line_skip(line, SKIP_CUT, sink,
	    result_r, err) : code;
}

static int64_t
stalwart_first_utc(struct slice head, struct stamp_clock *clock)
{
	while (head.len != 0) {
		const char *end = slice_chr(head, '\n');
		struct slice line = end != NULL ?
		    slice_between(head.ptr, end) : head;
		struct stamp at;

		head = slice_skip(head, line.len + 1);
		if (slice_starts(line, SLICE("\033[37m")))
			line = slice_skip(line, 5);
		if (stamp_read(clock, &line, &at) == STAMP_OK)
			return at.utc;
	}
	return INT64_MIN;
}

static enum mx_code
stalwart_init(void *memory, const struct log_context *context,
    struct mx_err *err)
{
	struct stalwart_state *state = memory;

	(void)err;
	fact_memory_init(&state->memory);
	arena_init(&state->paths);
	strbuf_init(&state->plain, LIMIT_LINE_BYTES);
	strbuf_init(&state->reply, LIMIT_LINE_BYTES);
	state->clock = context->clock;
	return MX_OK;
}

static void
stalwart_release(void *memory)
{
	struct stalwart_state *state = memory;

	fact_memory_release(&state->memory);
	arena_release(&state->paths);
	strbuf_release(&state->plain);
	strbuf_release(&state->reply);
}

const struct log_format log_format_stalwart = {
	.name = "stalwart",
	.title = "Stalwart's text log, in one line an event",
	.recognised = "TIME LEVEL words (delivery.delivered) key = value",
	.probe = stalwart_probe,
	.state_size = sizeof(struct stalwart_state),
	.init = stalwart_init,
	.release = stalwart_release,
	.line = stalwart_line,
	.save = stalwart_save,
	.load = stalwart_load,
	.first_utc = stalwart_first_utc,
};
