/* SPDX-License-Identifier: BSD-2-Clause */
/* Recognises an input and makes its reader ready. */
#include "parsers/log_reader_priv.h"

#include "parsers/input_head.h"
#include "parsers/input_hint.h"
#include "parsers/log_memory.h"

static const char syslog_name[] = "syslog";

enum mx_code
log_reader_make_state(struct log_reader *reader,
    const struct log_format *format, void **state_r, struct mx_err *err)
{
	enum mx_code code = MX_OK;

	*state_r = NULL;
	if (format == NULL)
		return MX_OK;
	*state_r = mx_calloc(1, format->state_size + 1);
	reader->context.format = format;
	if (format->init != NULL)
		code = format->init(*state_r, &reader->context, err);
	if (code == MX_OK)
		log_memory_load(&reader->context, *state_r);
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

static enum mx_code
not_known(struct slice head, struct mx_err *err)
{
	const char *hint = input_is_tar(head) ? "a tar archive can only be "
	    "read as a file, not through a pipe, and one within another" :
	    input_hint(head);

	return mx_fail(err, MX_E_DATA, "not a log format that mxtrend knows"
	    "%s%s", hint != NULL ? ": " : "", hint != NULL ? hint : "");
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
	if (code != MX_OK && input->format.len == 0) {
		/* a format of the user's that is gone */
		code = MX_OK;
		name = SLICE_NONE;
	}
	if (code != MX_OK)
		return code;
	is_syslog = name.len != 0 && forced == NULL;
	input_head_read(head, input, forced, &found);
	if (input_is_tar(head))
		return not_known(head, err);
	if (!found.is_known && !found.is_blank && !is_syslog &&
	    !is_begun(input, head)) {
		/* a head that could not be read says nothing of the format */
		code = line_reader_failure(input->reader, err);
		return code == MX_E_IO ? code : not_known(head, err);
	}
	reader->own = is_syslog ? NULL : found.own;
	reader->is_contained = found.is_contained;
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
		.clock = &reader->heads.clock, .memory = input->memory,
		.path = input->path, .first_utc = INT64_MIN,
		.is_resumed = resume != NULL,
		.resume_utc = resume != NULL ? resume->last_utc : INT64_MIN };
	code = recognise(reader, resume, head, err);
	reader->context.first_utc = reader->first_utc;
	if (code == MX_OK)
		code = log_reader_make_state(reader, reader->own,
		    &reader->own_state, err);
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

static void
drop_state(const struct log_format *format, void *state)
{
	if (state == NULL)
		return;
	if (format->release != NULL)
		format->release(state);
	free(state);
}

void
log_reader_close(struct log_reader *reader)
{
	if (reader == NULL)
		return;
	drop_state(reader->own, reader->own_state);
	drop_state(reader->inner, reader->inner_state);
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
