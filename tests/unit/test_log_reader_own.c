/* SPDX-License-Identifier: BSD-2-Clause */
/* A format made at run time, of lines of its own: "word NUMBER". */
#include "parsers/ingest_formats.h"

#include "tests/support/cases.h"
#include "tests/support/log_text.h"

static unsigned
own_probe(struct slice head)
{
	return slice_starts(head, SLICE("word ")) ? 100 : 0;
}

static enum mx_code
own_init(void *state, const struct log_context *context, struct mx_err *err)
{
	(void)err;
	assert_non_null(context->clock);
	assert_string_equal(context->format->name, "own");
	assert_true(slice_starts(context->head, SLICE("word 1")));
	*(int *)state = 41;
	return MX_OK;
}

static enum mx_code
own_line(void *state, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct stamp at = { 1795161600, 0, 0 };
	struct message_event event = { .kind = MESSAGE_BORN, .at = at,
		.mta = "own", .id = line->raw, .size_bytes = ++*(int *)state,
		.recipient_count = -1, .where = line->where };
	enum mx_code code;

	*result_r = LINE_TAKEN;
	code = log_line_seen(NULL, &(struct stamp){ INT64_MIN, 0, 0 },
	    SLICE("h"), sink, err);
	if (code != MX_OK)
		return code;
	if (!slice_starts(line->raw, SLICE("word ")))
		return log_line_skip(line, SKIP_MALFORMED, sink, result_r,
		    err);
	return sink->message(sink->ctx, &event, err);
}

static enum mx_code
own_finish(void *state, const struct fact_sink *sink, struct mx_err *err)
{
	struct mx_where where = { "x", 99 };

	(void)state;
	return sink->notice(sink->ctx, NOTICE_LOSS, &where, SLICE("over"),
	    err);
}

static const struct log_format own_format = {
	.name = "own", .title = "x", .recognised = "x", .probe = own_probe,
	.state_size = sizeof(int), .init = own_init, .line = own_line,
	.finish = own_finish,
};

static void
a_format_of_its_own_lines_is_run(void **state)
{
	static const char text[] = "word 1\nword 2\nx\n";
	const struct log_format *const own[] = { &own_format, NULL };
	struct log_input input = { .path = "x", .now_utc = LOG_TEXT_NOW,
		.mtime_utc = INT64_MIN, .own_formats = own,
		.takes_tail = true };
	struct zone *zone = NULL;
	struct fact_text facts;
	struct fact_sink sink;
	struct log_reader *reader;
	struct reader_state where;
	struct mx_err err;
	bool end;

	(void)state;
	assert_int_equal(zone_open(SLICE("UTC"), &zone, &err), MX_OK);
	input.zone = zone;
	for (int i = 0; i < 2; i++) {
		fact_text_init(&facts);
		sink = fact_text_sink(&facts);
		input.reader = line_reader_new(source_of_memory(text,
		    sizeof(text) - 1, 5));
		input.format = i == 1 ? SLICE("own") : SLICE_NONE;
		assert_int_equal(log_reader_open(&input, i == 1 ? &where :
		    NULL, &reader, &err), MX_OK);
		assert_string_equal(log_reader_format(reader), "own");
		assert_int_equal(log_reader_run(reader, i == 0 ? 1 :
		    UINT64_MAX, &sink, &end, &err), MX_OK);
		log_reader_state(reader, &where);
		log_reader_close(reader);
		line_reader_free(input.reader);
		assert_string_equal(facts.text.ptr, i == 0 ?
		    "1 born\ttime=2026-11-20T08:00:00Z\tmta=own\tid=word 1\t"
		    "size=42\n" :
		    "2 born\ttime=2026-11-20T08:00:00Z\tmta=own\tid=word 2\t"
		    "size=42\n3 skipped\treason=malformed\n"
		    "99 notice\tkind=loss\ttext=over\n");
		fact_text_release(&facts);
	}
	zone_close(zone);
}

int
main(void)
{
	static struct cases cases;

	cases_add(&cases, "a_format_of_its_own_lines_is_run",
	    a_format_of_its_own_lines_is_run, NULL);
	return cases_run(&cases);
}
