/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/format_check.h"

#include <stdlib.h>

#include "analyzer/data_dir.h"
#include "base/json_writer.h"
#include "base/zone.h"
#include "cli/fact_json.h"
#include "parsers/json_value.h"
#include "parsers/user_format.h"

enum { DAY_S = 86400, FACT_BYTES = 256 * 1024 };

/* What one sample gave. */
struct given {
	struct strbuf fact;  /* as JSON; empty: none */
	unsigned facts;
	const char *skipped; /* why; NULL: it was not */
};

struct checking {
	const struct user_format *format;
	const struct settings *settings;
	struct zone *utc;
	struct strbuf *out;
	size_t faults;
	bool *is_proved;     /* a line each of the format */
};

static void
fault(struct checking *c, uint32_t line, const char *text)
{
	struct mx_err one;

	(void)mx_fail(&one, MX_E_CONFIG, "%s:%u: %s", c->format->path, line,
	    text);
	strbuf_addf(c->out, "%s\n", one.text);
	c->faults++;
}

/* ------------------------------------------------------------------ */
/* The facts of a sample */

static enum mx_code
on_delivery(void *ctx, const struct delivery *fact, struct mx_err *err)
{
	struct given *given = ctx;

	(void)err;
	given->facts++;
	strbuf_reset(&given->fact);
	fact_json_delivery(&given->fact, fact);
	return MX_OK;
}

static const char *
event_type(enum message_event_kind kind)
{
	switch (kind) {
	case MESSAGE_EXPIRED:
		return user_kind_name(USER_EXPIRY);
	case MESSAGE_CHILD:
		return user_kind_name(USER_NOTIFICATION);
	case MESSAGE_REMOVED:
		return user_kind_name(USER_REMOVAL);
	case MESSAGE_BORN:
	case MESSAGE_ACTIVE:
	default:
		return user_kind_name(USER_ARRIVAL);
	}
}

static void
member(struct json_writer *json, enum user_key key, struct slice text)
{
	if (text.len != 0)
		json_member_text(json, user_key_name(key), text);
}

static enum mx_code
on_message(void *ctx, const struct message_event *event, struct mx_err *err)
{
	struct given *given = ctx;
	struct json_writer json;
	char time[21];

	(void)err;
	given->facts++;
	strbuf_reset(&given->fact);
	rfc3339_utc(event->at.utc, time);
	json_init(&json, &given->fact, false);
	json_open_object(&json);
	json_member_text(&json, "type", slice_str(event_type(event->kind)));
	json_member_text(&json, "time", slice_str(time));
	member(&json, KEY_HOST, event->host);
	member(&json, KEY_INSTANCE, event->instance);
	member(&json, KEY_AGENT, event->agent);
	member(&json, KEY_ID, event->id);
	json_member_text(&json, user_key_name(KEY_SENDER), event->sender);
	member(&json, KEY_MESSAGE_ID, event->message_id);
	member(&json, KEY_CHILD_ID, event->child_id);
	if (event->size_bytes >= 0)
		json_member_int(&json, user_key_name(KEY_SIZE),
		    event->size_bytes);
	if (event->recipient_count >= 0)
		json_member_int(&json, user_key_name(KEY_RECIPIENTS),
		    event->recipient_count);
	json_close_object(&json);
	return MX_OK;
}

static enum mx_code
on_skipped(void *ctx, const struct skipped *what, struct mx_err *err)
{
	(void)err;
	((struct given *)ctx)->skipped = skip_reason_name(what->reason);
	return MX_OK;
}

/* Yearless stamps of a sample belong to the time that is expected. */
static int64_t
now_for(const struct checking *c, const struct json_value *expect)
{
	struct slice text = json_member_text_of(expect, "time");
	struct stamp_clock clock;
	struct stamp at;

	stamp_clock_init(&clock, c->utc, year_anchor_of_file("-", INT64_MIN,
	    0), 0);
	if (text.len != 0 && stamp_read(&clock, &text, &at) == STAMP_OK)
		return at.utc + DAY_S;
	return clock_now(&c->settings->clock);
}

static enum mx_code
run_sample(const struct checking *c, const struct user_sample *sample,
    int64_t now_utc, struct given *given, struct mx_err *err)
{
	const struct log_format *own[] = { &c->format->format, NULL };
	struct log_input input = { .path = c->format->path, .zone = c->utc,
		.now_utc = now_utc, .mtime_utc = INT64_MIN,
		.format = slice_str(c->format->format.name),
		.own_formats = own, .takes_tail = true };
	struct fact_sink sink = { .ctx = given, .delivery = on_delivery,
		.message = on_message, .skipped = on_skipped,
		.line_seen = fact_ignore_line, .notice = fact_ignore_notice };
	struct log_reader *reader;
	bool at_end = false;
	enum mx_code code;

	input.reader = line_reader_new(source_of_memory(sample->text.ptr,
	    sample->text.len, sample->text.len));
	code = log_reader_open(&input, NULL, &reader, err);
	while (code == MX_OK && !at_end)
		code = log_reader_run(reader, UINT64_MAX, &sink, &at_end, err);
	if (code == MX_OK)
		log_reader_close(reader);
	line_reader_free(input.reader);
	return code;
}

/* ------------------------------------------------------------------ */
/* Is it what was expected? */

static void
add_value(struct strbuf *out, const struct json_value *value)
{
	struct slice text = json_value_text(value);
	double number;

	if (!slice_is_none(text))
		strbuf_addf(out, "\"%.*s\"", SLICE_ARG(text));
	else if (json_value_real(value, &number))
		strbuf_addf(out, "%g", number);
	else
		strbuf_add_str(out, value == NULL ? "nothing" : "no text");
}

static bool
is_same(const struct json_value *got, const struct json_value *want)
{
	double a, b;

	if (want == NULL || json_value_kind(want) == JSON_KIND_NULL)
		return got == NULL;
	if (json_value_real(want, &a))
		return json_value_real(got, &b) && !(a < b) && !(a > b);
	return got != NULL && !slice_is_none(json_value_text(want)) &&
	    slice_eq(json_value_text(got), json_value_text(want));
}

static void
compare_member(struct checking *c, const struct user_sample *sample,
    struct slice key, const struct json_value *got,
    const struct json_value *want)
{
	struct strbuf text;

	if (is_same(got, want))
		return;
	strbuf_init(&text, FACT_BYTES);
	strbuf_addf(&text, "%.*s is ", SLICE_ARG(key));
	add_value(&text, got);
	strbuf_add_str(&text, ", expected ");
	add_value(&text, want);
	fault(c, sample->expect_line, text.ptr);
	strbuf_release(&text);
}

static void
compare(struct checking *c, const struct user_sample *sample,
    const struct given *given, const struct json_value *want)
{
	const struct json_value *value;
	struct json_doc *doc;
	struct slice key;
	void *at = NULL;

	if (json_doc_parse(slice_trim(strbuf_slice(&given->fact)), &doc,
	    NULL) != MX_OK) {
		fault(c, sample->line, "its fact holds what JSON cannot");
		return;
	}
	while (json_value_next(want, &at, &key, &value)) {
		char name[64];

		if (key.len >= sizeof(name)) {
			fault(c, sample->expect_line, "a key too long");
			continue;
		}
		memcpy(name, key.ptr, key.len);
		name[key.len] = '\0';
		compare_member(c, sample, key, json_value_member(
		    json_doc_root(doc), name), value);
	}
	json_doc_free(doc);
}

static void
note_proved(struct checking *c, const struct user_sample *sample)
{
	struct slice text = sample->text;
	const struct user_line *found;
	bool is_over;

	if (c->format->program_count != 0) {
		struct head_reader heads;
		struct syslog_head head;
		struct stamp_clock clock;

		stamp_clock_init(&clock, c->utc, year_anchor_of_file("-",
		    INT64_MIN, clock_now(&c->settings->clock)),
		    clock_now(&c->settings->clock));
		head_reader_init(&heads, &clock);
		if (syslog_head_read(&heads, text, &head) != HEAD_OK) {
			fault(c, sample->line, "no syslog line");
			return;
		}
		text = head.text;
	}
	found = log_user_find(c->format, text, &is_over);
	if (is_over)
		fault(c, sample->line, "a pattern was given up at its limit");
	if (found != NULL)
		c->is_proved[found - c->format->lines] = true;
}

static void
judge(struct checking *c, const struct user_sample *sample,
    const struct given *given, const struct json_value *want)
{
	char text[128];

	if (given->skipped != NULL) {
		(void)snprintf(text, sizeof(text),
		    "it was not understood: %s", given->skipped);
		fault(c, sample->line, text);
	} else if (want == NULL && given->facts != 0) {
		fault(c, sample->expect_line, "it gives a fact, expected "
		    "none");
	} else if (want != NULL && given->facts == 0) {
		fault(c, sample->line, "no pattern makes a fact of it");
	} else if (want != NULL) {
		compare(c, sample, given, want);
	}
}

static enum mx_code
check_sample(struct checking *c, const struct user_sample *sample,
    struct mx_err *err)
{
	bool is_none = slice_eq(sample->expect, SLICE("none"));
	struct given given = { .skipped = NULL };
	struct json_doc *doc = NULL;
	const struct json_value *want = NULL;
	struct mx_err why;
	enum mx_code code;

	if (sample->expect_line == 0) {
		fault(c, sample->line, "a sample without expect");
		return MX_OK;
	}
	if (!is_none && json_doc_parse(sample->expect, &doc, &why) != MX_OK) {
		fault(c, sample->expect_line, why.text);
		return MX_OK;
	}
	if (doc != NULL)
		want = json_doc_root(doc);
	if (want != NULL && json_value_kind(want) != JSON_KIND_OBJECT) {
		fault(c, sample->expect_line, "neither \"none\" nor an "
		    "object");
		json_doc_free(doc);
		return MX_OK;
	}
	strbuf_init(&given.fact, FACT_BYTES);
	note_proved(c, sample);
	code = run_sample(c, sample, now_for(c, want), &given, err);
	if (code == MX_OK)
		judge(c, sample, &given, want);
	strbuf_release(&given.fact);
	if (doc != NULL)
		json_doc_free(doc);
	return code;
}

static enum mx_code
check_samples(struct checking *c, struct mx_err *err)
{
	const struct user_format *format = c->format;
	enum mx_code code = MX_OK;

	c->is_proved = mx_calloc(format->line_count + 1,
	    sizeof(*c->is_proved));
	for (size_t i = 0; i < format->sample_count && code == MX_OK; i++)
		code = check_sample(c, &format->samples[i], err);
	for (size_t i = 0; i < format->line_count && code == MX_OK; i++)
		if (!c->is_proved[i])
			fault(c, format->lines[i].line,
			    "no sample is taken by this pattern");
	free(c->is_proved);
	return code;
}

static size_t
count_lines(const struct strbuf *text)
{
	size_t lines = 0;

	for (size_t i = 0; i < text->len; i++)
		lines += text->ptr[i] == '\n';
	return lines;
}

static enum mx_code
check_text(const struct settings *settings, const struct data_file *file,
    struct strbuf *out, size_t *faults_r, struct mx_err *err)
{
	struct checking c = { .settings = settings, .out = out };
	struct user_format *format;
	enum mx_code code;

	if (user_format_load(file->path, file->text, &format, out, NULL) !=
	    MX_OK) {
		*faults_r = count_lines(out);
		return MX_OK;
	}
	c.format = format;
	code = zone_open(SLICE("UTC"), &c.utc, err);
	if (code == MX_OK)
		code = check_samples(&c, err);
	if (code == MX_OK && !settings->is_quiet)
		strbuf_addf(out, "%s: %zu patterns, %zu samples, %zu "
		    "faults\n", format->format.name, format->line_count,
		    format->sample_count, c.faults);
	*faults_r = c.faults;
	zone_close(c.utc);
	user_format_free(format);
	return code;
}

enum mx_code
format_check(const struct settings *settings, const char *path,
    struct strbuf *out, size_t *faults_r, struct mx_err *err)
{
	struct data_file file;
	struct arena arena;
	enum mx_code code;

	*faults_r = 0;
	arena_init(&arena);
	code = data_file_read(path, &arena, &file, err);
	if (code == MX_OK)
		code = check_text(settings, &file, out, faults_r, err);
	arena_release(&arena);
	return code;
}
