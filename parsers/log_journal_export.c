/* SPDX-License-Identifier: BSD-2-Clause */
/* Syslog records in the journal's own exchange format (journalctl -o export):
 * one field a line, a blank line behind each record. Takes the wrapping off
 * and knows no MTA.
 *
 *   NAME=value LF                           where the value is plain text
 *   NAME LF  size (64 bit, little endian)  value LF     where it is not
 *   LF                                      the record is over
 *
 * A value of the second kind may hold anything, newlines and NULs too, so it
 * is counted through; nothing in it is taken for a field. Format:
 * systemd.io/JOURNAL_EXPORT_FORMATS, systemd 252 src/shared/logs-show.c. */
#include "parsers/ingest_formats.h"

#include "base/limits.h"
#include "base/strbuf.h"

/* The journal's own limits (src/libsystemd/sd-journal/journal-def.h,
 * journal-importer.h): names of 64 bytes, values of 768 MiB. */
enum { NAME_MAX_BYTES = 64, SIZE_BYTES = 8 };
#define VALUE_MAX_BYTES ((uint64_t)768 * 1024 * 1024)

enum field { FIELD_TIME, FIELD_HOST, FIELD_TAG, FIELD_PID, FIELD_COMM,
	FIELD_OWN_PID, FIELD_MESSAGE, FIELDS };

static const char *const field_names[FIELDS] = {
	[FIELD_TIME] = "__REALTIME_TIMESTAMP",
	[FIELD_HOST] = "_HOSTNAME",
	[FIELD_TAG] = "SYSLOG_IDENTIFIER",
	[FIELD_PID] = "SYSLOG_PID",
	[FIELD_COMM] = "_COMM",
	[FIELD_OWN_PID] = "_PID",
	[FIELD_MESSAGE] = "MESSAGE",
};

enum place {
	AT_FIELD, /* a line is a field */
	IN_SIZE,  /* of a binary value */
	IN_VALUE,
	IN_END,   /* its newline must follow */
	IN_RUIN   /* what was met is no export; on to the next blank line */
};

struct export_state {
	struct strbuf text;         /* the values kept, one behind another */
	size_t begin[FIELDS], len[FIELDS];
	bool has[FIELDS];
	bool is_begun;              /* the record has a line */
	enum place place;
	enum field field;           /* whose value is read; FIELDS: nobody's */
	unsigned size_count;
	uint64_t size, left;        /* of the value */
};

static enum mx_code
export_init(void *memory, const struct log_context *context,
    struct mx_err *err)
{
	struct export_state *state = memory;

	(void)context;
	(void)err;
	strbuf_init(&state->text, 2 * LIMIT_LINE_BYTES);
	return MX_OK;
}

static void
export_release(void *memory)
{
	strbuf_release(&((struct export_state *)memory)->text);
}

static void
begin_record(struct export_state *state)
{
	strbuf_reset(&state->text);
	memset(state->has, 0, sizeof(state->has));
	state->place = AT_FIELD;
	state->is_begun = false;
}

/* FIELDS: none that is wanted. */
static enum field
field_of(struct slice name)
{
	for (unsigned i = 0; i < FIELDS; i++)
		if (slice_eq(name, slice_str(field_names[i])))
			return (enum field)i;
	return FIELDS;
}

static bool
is_name(struct slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!ascii_is_digit(name.ptr[i]) && name.ptr[i] != '_' &&
		    (name.ptr[i] < 'A' || name.ptr[i] > 'Z'))
			return false;
	return name.len != 0 && name.len <= NAME_MAX_BYTES;
}

/* Of a field that stands twice the first counts. */
static void
begin_value(struct export_state *state, struct slice name)
{
	enum field field = field_of(name);

	if (field != FIELDS && state->has[field])
		field = FIELDS;
	state->field = field;
	if (field == FIELDS)
		return;
	state->has[field] = true;
	state->begin[field] = state->text.len;
	state->len[field] = 0;
}

/* A value as long as a line may be is kept so far. */
static void
keep(struct export_state *state, const char *ptr, size_t len)
{
	size_t room;

	if (state->field == FIELDS)
		return;
	room = LIMIT_LINE_BYTES - state->len[state->field];
	if (len > room)
		len = room;
	strbuf_add(&state->text, ptr, len);
	state->len[state->field] = state->text.len -
	    state->begin[state->field];
}

static void
take_field(struct export_state *state, const struct log_line *line)
{
	const char *equals = slice_chr(line->raw, '=');
	struct slice name = equals != NULL ?
	    slice_between(line->raw.ptr, equals) : line->raw;

	if (line->nul_count != 0 || !is_name(name)) {
		state->place = IN_RUIN;
		return;
	}
	begin_value(state, name);
	if (equals != NULL) {
		keep(state, equals + 1, line->raw.len - name.len - 1);
		return;
	}
	state->place = IN_SIZE;
	state->size = state->size_count = 0;
}

static void
take_size_byte(struct export_state *state, unsigned char byte)
{
	state->size |= (uint64_t)byte << (8 * state->size_count);
	if (++state->size_count < SIZE_BYTES)
		return;
	state->left = state->size;
	state->place = state->size > VALUE_MAX_BYTES ? IN_RUIN :
	    state->size == 0 ? IN_END : IN_VALUE;
}

/* COUNT bytes of a binary value and its surroundings. PTR NULL: bytes of a
 * line too long to be kept. Behind the newline that ends it nothing is
 * left. */
static void
take_bytes(struct export_state *state, const char *ptr, uint64_t count)
{
	while (count != 0 && state->place != AT_FIELD &&
	    state->place != IN_RUIN) {
		uint64_t used = 1;

		if (state->place == IN_SIZE && ptr != NULL) {
			take_size_byte(state, (unsigned char)*ptr);
		} else if (state->place == IN_VALUE) {
			used = count < state->left ? count : state->left;
			if (ptr != NULL)
				keep(state, ptr, (size_t)used);
			state->left -= used;
			if (state->left == 0)
				state->place = IN_END;
		} else {
			state->place = state->place == IN_END &&
			    ptr != NULL && *ptr == '\n' ? AT_FIELD : IN_RUIN;
		}
		if (ptr != NULL)
			ptr += used;
		count -= used;
	}
	if (count != 0 && state->place == AT_FIELD)
		state->place = IN_RUIN;
}

static void
take_nuls(struct export_state *state, uint64_t count)
{
	static const char nuls[64];

	while (count != 0) {
		uint64_t some = count < sizeof(nuls) ? count : sizeof(nuls);

		take_bytes(state, nuls, some);
		count -= some;
	}
}

/* A line of a binary value, with all that the line reader took from it. */
static void
take_line_of_value(struct export_state *state, const struct log_line *line)
{
	uint64_t there = line->nul_count + line->raw.len;
	uint64_t ends = line->has_newline ? 1 : 0;
	uint64_t gone = line->bytes > there + ends ?
	    line->bytes - there - ends : 0;

	take_nuls(state, line->nul_count);
	take_bytes(state, line->raw.ptr, line->raw.len);
	if (gone == 1 && !line->is_cut)
		take_bytes(state, "\r", 1);
	else
		take_bytes(state, NULL, gone);
	take_bytes(state, "\n", ends);
}

static struct slice
value_of(const struct export_state *state, enum field field)
{
	if (!state->has[field])
		return SLICE_NONE;
	return slice_of(state->text.ptr + state->begin[field],
	    state->len[field]);
}

static bool
read_time(struct slice text, struct stamp *at)
{
	uint64_t us;

	*at = (struct stamp){ 0, 0, 0 };
	if (text.len == 0 || slice_number(text, INT64_MAX, &us) != text.len)
		return false;
	*at = (struct stamp){ (int64_t)(us / 1000000),
		(uint32_t)(us % 1000000), 6 };
	return stamp_is_possible(at->utc);
}

/* The record that was gathered. */
static enum head_result
read_record(struct export_state *state, struct head_reader *heads,
    struct syslog_head *head)
{
	struct slice message = value_of(state, FIELD_MESSAGE);
	enum head_result result = HEAD_OK;
	struct stamp at;

	if (!read_time(value_of(state, FIELD_TIME), &at))
		return HEAD_NO_STAMP;
	stamp_clock_saw(&heads->clock, at.utc);
	while (message.len != 0 && message.ptr[message.len - 1] == '\n')
		message.len--;
	head->at = at;
	head->host = value_of(state, FIELD_HOST);
	head->tag = value_of(state, state->has[FIELD_TAG] ? FIELD_TAG :
	    FIELD_COMM);
	head->pid = value_of(state, state->has[FIELD_PID] ? FIELD_PID :
	    FIELD_OWN_PID);
	head->text = message;
	if (slice_is_none(message))
		return HEAD_MARK; /* a field of the journal's own alone */
	if (head->tag.len != 0) {
		syslog_head_finish(heads, head);
		return HEAD_OK;
	}
	/* The message is a whole line of syslog, or nobody's. */
	result = syslog_head_read(heads, message, head);
	head->at = at;
	if (result != HEAD_NO_STAMP && result != HEAD_NO_FRAME)
		return result;
	head->text = message;
	return HEAD_NO_FRAME;
}

/* The blank line, or the end of the input. */
static enum head_result
end_record(struct export_state *state, struct head_reader *heads,
    struct syslog_head *head)
{
	enum head_result result = HEAD_MARK;

	if (state->place != AT_FIELD)
		result = read_time(value_of(state, FIELD_TIME), &head->at) ?
		    HEAD_NO_FRAME : HEAD_NO_STAMP;
	else if (state->is_begun)
		result = read_record(state, heads, head);
	state->is_begun = false;
	state->place = AT_FIELD;
	return result;
}

static enum head_result
export_unwrap(void *memory, const struct log_line *line,
    struct head_reader *heads, struct syslog_head *head_r)
{
	struct export_state *state = memory;
	bool is_blank = line != NULL && line->raw.len == 0 &&
	    line->nul_count == 0 && line->bytes <= 2;

	head_r->host = head_r->tag = head_r->pid = head_r->text = SLICE_NONE;
	head_r->repeats = 1;
	head_r->at = (struct stamp){ 0, 0, 0 };
	if (line == NULL || (is_blank && (state->place == AT_FIELD ||
	    state->place == IN_RUIN)))
		return end_record(state, heads, head_r);
	if (!state->is_begun)
		begin_record(state);
	state->is_begun = true;
	if (state->place == AT_FIELD)
		take_field(state, line);
	else if (state->place != IN_RUIN)
		take_line_of_value(state, line);
	return HEAD_MORE;
}

/* ------------------------------------------------------------------ */

/* The first record, which journalctl begins with its cursor and times. */
static unsigned
export_probe(struct slice head)
{
	static const struct slice time = { "\n__REALTIME_TIMESTAMP=", 22 };
	static const struct slice first = { "__REALTIME_TIMESTAMP=", 21 };
	bool is_cursor = slice_starts(head, SLICE("__CURSOR="));

	if (slice_starts(head, first))
		return 95;
	if (!is_cursor && !slice_starts(head, SLICE("_")))
		return 0;
	return slice_find(head, time) != NULL ? is_cursor ? 96 : 60 : 0;
}

static int64_t
export_first_utc(struct slice head, struct stamp_clock *clock)
{
	static const struct slice name = { "__REALTIME_TIMESTAMP=", 21 };
	const char *at = slice_find(head, name), *end;
	struct slice text;
	struct stamp stamp;

	(void)clock;
	if (at == NULL)
		return INT64_MIN;
	text = slice_skip(head, (size_t)(at - head.ptr) + name.len);
	end = slice_chr(text, '\n');
	if (end != NULL)
		text = slice_between(text.ptr, end);
	return read_time(text, &stamp) ? stamp.utc : INT64_MIN;
}

const struct log_format log_format_journal_export = {
	.name = "journal-export",
	.title = "the journal's exchange format (journalctl -o export)",
	.recognised = "lines NAME=value, __CURSOR and __REALTIME_TIMESTAMP "
	    "among the first",
	.probe = export_probe,
	.state_size = sizeof(struct export_state),
	.init = export_init,
	.release = export_release,
	.first_utc = export_first_utc,
	.unwrap = export_unwrap,
};
