/* SPDX-License-Identifier: BSD-2-Clause */
/* Microsoft Exchange SMTP send protocol logs: CSV with a row for each command,
 * reply and note of a session; sessions interleave. What message tracking says
 * in a row is put together here from a dialogue; of the two logs of a server
 * one is enough. The protocol logs of receiving look the same but for their
 * type, and hold no delivery.
 * Format: Microsoft, "Protocol logging in Exchange Server". */
#include "parsers/log_exchange.h"

#include "base/hash.h"
#include "parsers/csv_log.h"

enum column { COL_TIME, COL_CONNECTOR, COL_SESSION, COL_LOCAL, COL_REMOTE,
	COL_EVENT, COL_DATA, COL_CONTEXT, COLUMNS };

static const char *const column_names[COLUMNS] = {
	"date-time", "connector-id", "session-id", "local-endpoint",
	"remote-endpoint", "event", "data", "context",
};

enum { NEIGHBOURS = 16 };

struct exchange_send_state {
	struct fact_memory memory;
	struct stamp_clock *clock;
	size_t columns[COLUMNS];
	size_t header_count;   /* 0: no header yet */
	bool is_receive;
	bool is_resumed;       /* the log goes on within a file */
	uint64_t rows;
	struct csv_log log;
	struct dialogue dialogues[DIALOGUES];
};

static const struct slice fields_mark = { "#Fields:", 8 };

static bool
is_fields(struct slice line)
{
	return slice_starts(line, fields_mark) &&
	    slice_find(line, SLICE("session-id")) != NULL &&
	    slice_find(line, SLICE("sequence-number")) != NULL;
}

/* "#Log-type: SMTP Send Protocol Log" */
static bool
is_type(struct slice line, struct slice *type_r)
{
	static const struct slice mark = { "#Log-type:", 10 };

	if (line.len < mark.len || !slice_eq_nocase(slice_of(line.ptr,
	    mark.len), mark))
		return false;
	*type_r = slice_trim(slice_skip(line, mark.len));
	return true;
}

static bool
take_comment_line(struct slice *head, struct slice *line_r)
{
	const char *end = slice_chr(*head, '\n');

	if (head->len == 0 || head->ptr[0] != '#')
		return false;
	*line_r = end != NULL ? slice_between(head->ptr, end) : *head;
	*head = slice_skip(*head, line_r->len + 1);
	return true;
}

static unsigned
exchange_send_probe(struct slice head)
{
	struct slice line, type;
	bool is_smtp = false, has_fields = false;

	head = exchange_without_mark(head);
	while (take_comment_line(&head, &line)) {
		if (is_type(line, &type))
			is_smtp = slice_starts(type, SLICE("SMTP Send")) ||
			    slice_starts(type, SLICE("SMTP Receive"));
		has_fields |= is_fields(line);
	}
	return is_smtp && has_fields ? 98 : 0;
}

static void
read_comment(struct exchange_send_state *state, struct slice line)
{
	struct slice type;

	if (is_type(line, &type))
		state->is_receive = slice_starts(type,
		    SLICE("SMTP Receive"));
	if (!is_fields(line))
		return;
	line = slice_trim(slice_skip(line, fields_mark.len));
	if (csv_row_alone(&state->log.row, line, ',') != CSV_ROW)
		return;
	csv_columns(&state->log.row, column_names, COLUMNS, state->columns);
	state->header_count = state->log.row.count;
}

static struct slice
column(const struct exchange_send_state *state, enum column which)
{
	return csv_field(&state->log.row, state->columns[which]);
}

/* That of KEY, or the one in whose place it may begin: free, or quiet
 * longest. */
static struct dialogue *
place_of(struct exchange_send_state *state, uint64_t key)
{
	struct dialogue *best = NULL;

	for (size_t i = 0; i < NEIGHBOURS; i++) {
		struct dialogue *one = &state->dialogues[
		    ((key >> 1) + i) & (DIALOGUES - 1)];

		if (one->key == key)
			return one;
		if (best == NULL || (best->key != 0 && (one->key == 0 ||
		    one->seen < best->seen)))
			best = one;
	}
	return best;
}

/* That of SESSION; a new one where it begins. NULL: it began before the first
 * row. */
static struct dialogue *
dialogue_of(struct exchange_send_state *state, struct slice session,
    char event)
{
	uint64_t key = hash_stable(session, HASH_STABLE_START) | 1;
	struct dialogue *one = place_of(state, key);

	if (one->key != key) {
		/* notes come before the connection is made */
		if (event != '+' && event != '*')
			return NULL;
		exchange_dialogue_begin(one, key, session);
	}
	one->seen = state->rows;
	return one;
}

static enum mx_code
take_event(struct exchange_send_state *state, const struct log_line *line,
    const struct stamp *at, const struct fact_sink *sink, struct mx_err *err)
{
	struct slice event = column(state, COL_EVENT);
	struct exchange_row row = { .at = *at, .where = line->where,
		.connector = column(state, COL_CONNECTOR),
		.session = column(state, COL_SESSION),
		.local = column(state, COL_LOCAL),
		.remote = column(state, COL_REMOTE),
		.data = column(state, COL_DATA),
		.context = column(state, COL_CONTEXT) };
	struct dialogue *dialogue;

	if (event.len != 1 || row.session.len == 0)
		return MX_OK;
	row.event = event.ptr[0];
	dialogue = dialogue_of(state, row.session, row.event);
	return dialogue == NULL ? MX_OK : exchange_dialogue_row(
	    &state->memory, dialogue, &row, sink, err);
}

static enum mx_code
take_row(void *memory, const struct log_line *line, bool is_seen,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct exchange_send_state *state = memory;
	struct slice time = column(state, COL_TIME);
	struct stamp at;
	enum stamp_result result = stamp_read(state->clock, &time, &at);
	enum mx_code code = MX_OK;

	state->rows++;
	if (result != STAMP_OK)
		at = (struct stamp){ INT64_MIN, 0, 0 };
	if (!is_seen)
		code = log_line_seen(state->clock, &at, SLICE_NONE, sink,
		    err);
	if (code != MX_OK || state->is_receive)
		return code;
	if (state->header_count == 0)
		return log_line_skip(line, SKIP_MALFORMED, sink, result_r,
		    err);
	if (result != STAMP_OK)
		return log_line_skip(line, result == STAMP_BAD ?
		    SKIP_BAD_STAMP : SKIP_NO_STAMP, sink, result_r, err);
	if (state->log.row.count < state->header_count)
		return log_line_skip(line, SKIP_CUT, sink, result_r, err);
	return take_event(state, line, &at, sink, err);
}

static enum mx_code
exchange_send_line(void *memory, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct exchange_send_state *state = memory;
	struct slice text = exchange_without_mark(line->raw);
	struct stamp none = { INT64_MIN, 0, 0 };
	size_t waiting;

	(void)csv_row_waiting(&state->log.row, &waiting);
	if (waiting != 0 || (text.len != 0 && text.ptr[0] != '#'))
		return csv_log_line(&state->log, line, sink, result_r, err);
	*result_r = LINE_TAKEN;
	read_comment(state, text);
	return log_line_seen(state->clock, &none, SLICE_NONE, sink, err);
}

static enum mx_code
exchange_send_finish(void *memory, const struct fact_sink *sink,
    struct mx_err *err)
{
	struct exchange_send_state *state = memory;

	return csv_log_finish(&state->log, sink, err);
}

static int64_t
exchange_send_first_utc(struct slice head, struct stamp_clock *clock)
{
	struct slice line;
	struct stamp at;

	head = exchange_without_mark(head);
	while (head.len != 0) {
		const char *end = slice_chr(head, '\n');

		if (take_comment_line(&head, &line))
			continue;
		line = head;
		if (stamp_read(clock, &line, &at) == STAMP_OK)
			return at.utc;
		head = end != NULL ? slice_skip(head,
		    (size_t)(end + 1 - head.ptr)) : SLICE_NONE;
	}
	return INT64_MIN;
}

static enum mx_code
exchange_send_init(void *memory, const struct log_context *context,
    struct mx_err *err)
{
	struct exchange_send_state *state = memory;
	struct slice head = exchange_without_mark(context->head), line;

	(void)err;
	fact_memory_init(&state->memory);
	state->clock = state->log.clock = context->clock;
	state->log.take = take_row;
	state->log.ctx = state;
	state->is_resumed = context->is_resumed;
	for (size_t i = 0; i < COLUMNS; i++)
		state->columns[i] = CSV_FIELDS;
	while (take_comment_line(&head, &line))
		read_comment(state, line);
	return MX_OK;
}

static void
exchange_send_release(void *memory)
{
	struct exchange_send_state *state = memory;

	for (size_t i = 0; i < DIALOGUES; i++)
		exchange_dialogue_release(&state->dialogues[i]);
	fact_memory_release(&state->memory);
}

/* With the columns, should the next file begin without them. */
static void
exchange_send_save(const void *memory, struct strbuf *out)
{
	const struct exchange_send_state *state = memory;

	saved_add_number(out, state->is_receive);
	saved_add_number(out, state->header_count);
	for (size_t i = 0; i < COLUMNS; i++)
		saved_add_number(out, state->columns[i]);
	saved_add_number(out, state->rows);
	for (size_t i = 0; i < DIALOGUES; i++)
		if (state->dialogues[i].key != 0)
			exchange_dialogue_save(&state->dialogues[i], out);
}

static void
load_columns(struct exchange_send_state *state, struct saved_fields *from)
{
	bool is_receive = saved_flag(from);
	size_t count = saved_number(from, CSV_FIELDS);
	size_t columns[COLUMNS];

	for (size_t i = 0; i < COLUMNS; i++)
		columns[i] = saved_number(from, CSV_FIELDS);
	/* another file's own ones stand; within one the latest were saved */
	if (from->is_bad || (state->header_count != 0 && !state->is_resumed))
		return;
	state->is_receive = is_receive;
	state->header_count = count;
	memcpy(state->columns, columns, sizeof(columns));
}

static void
exchange_send_load(void *memory, struct slice text)
{
	struct exchange_send_state *state = memory;
	struct saved_fields from = { .rest = text };

	load_columns(state, &from);
	state->rows = saved_number(&from, UINT64_MAX / 2);
	for (size_t i = 0; i < DIALOGUES && from.rest.len != 0; i++) {
		struct dialogue read = { .key = 0 }, *to;

		if (!exchange_dialogue_load(&read, &from))
			return;
		to = place_of(state, read.key);
		exchange_dialogue_release(to);
		*to = read;
	}
}

const struct log_format log_format_exchange_send = {
	.name = "exchange-send",
	.title = "Microsoft Exchange SMTP send protocol log (CSV), where "
	    "message tracking is off",
	.recognised = "#Log-type: SMTP Send Protocol Log, #Fields: with "
	    "session-id",
	.probe = exchange_send_probe,
	.state_size = sizeof(struct exchange_send_state),
	.init = exchange_send_init,
	.release = exchange_send_release,
	.line = exchange_send_line,
	.finish = exchange_send_finish,
	.save = exchange_send_save,
	.load = exchange_send_load,
	.first_utc = exchange_send_first_utc,
};
