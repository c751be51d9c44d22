/* SPDX-License-Identifier: BSD-2-Clause */
/* mxtrend trace: the life of a message, of a recipient's mail, of what an
 * episode refused, of what met a reply; each step with file and line. */
#include <stdlib.h>

#include "base/atomic_file.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "base/say.h"
#include "base/strbuf.h"
#include "base/zone.h"
#include "cli/anonymize.h"
#include "cli/commands.h"
#include "cli/reporting.h"
#include "cli/trace.h"

enum { LISTING_MAX = 256 * 1024 * 1024, ID_LEAST = 3 };

struct slice
trace_keep(struct trace *trace, struct slice text)
{
	return text.len == 0 ? SLICE_NONE : arena_slice(&trace->arena, text);
}

struct trace_step *
trace_add(struct trace *trace, const struct stamp *at, struct slice host,
    struct slice id, const char *event)
{
	struct trace_step *step;

	if (trace->count == LIMIT_TRACE_STEPS) {
		trace->has_more = true;
		return NULL;
	}
	if (trace->count == trace->room) {
		trace->room = trace->room != 0 ? trace->room * 2 : 64;
		trace->steps = mx_realloc(trace->steps,
		    trace->room * sizeof(*trace->steps));
	}
	step = &trace->steps[trace->count];
	memset(step, 0, sizeof(*step));
	step->at = *at;
	step->order = trace->count++;
	step->host = trace_keep(trace, host);
	step->id = trace_keep(trace, id);
	step->event = slice_str(event);
	step->size_bytes = step->recipients = step->deferrals = -1;
	return step;
}

/* ------------------------------------------------------------------ */
/* From the store */

static void
on_traced(void *ctx, const struct traced *it)
{
	struct trace *trace = ctx;
	struct trace_step *step = trace_add(trace, &it->at, it->host, it->id,
	    it->is_waiting ? "waiting" : outcome_name(it->outcome));

	if (step == NULL)
		return;
	step->sender = trace_keep(trace, it->sender);
	step->recipient = trace_keep(trace, it->recipient);
	step->relay = trace_keep(trace, it->relay);
	step->provider = trace_keep(trace, it->provider);
	step->source = trace_keep(trace, it->source);
	step->reason = trace_keep(trace, it->reason);
	step->token = trace_keep(trace, it->token);
	step->reply = trace_keep(trace, it->reply);
	step->path = trace_keep(trace, it->path);
	step->line = it->line;
	step->deferrals = it->is_waiting ? it->deferrals : -1;
}

static enum mx_code
trace_store(struct trace *trace, struct engine *engine, struct mx_err *err)
{
	bool has_more = false;
	enum mx_code code = store_trace(engine->store, &trace->wish,
	    LIMIT_TRACE_STEPS, on_traced, trace, &has_more, err);

	trace->has_more |= has_more;
	return code;
}

/* ------------------------------------------------------------------ */
/* Which episode */

static enum mx_code
wish_episode(struct trace *trace, const struct engine *engine,
    struct mx_err *err)
{
	const char *id = trace->settings->episode;
	struct settings all = *trace->settings;
	struct report report;
	size_t found = 0;
	enum mx_code code;

	id += id[0] == '#';
	if (strlen(id) < ID_LEAST)
		return mx_fail(err, MX_E_USAGE,
		    "%s: give at least %d characters of the id", id, ID_LEAST);
	all.with_all = true;
	report_init(&report);
	code = reporting_build(engine, &all, &all.window, &report, err);
	for (size_t i = 0; code == MX_OK && i < report.episode_count; i++) {
		const struct report_episode *it = &report.episodes[i];

		if (!slice_starts(it->id, slice_str(id)))
			continue;
		found++;
		trace->wish.provider = trace_keep(trace, it->provider);
		trace->wish.source = trace_keep(trace, it->source);
		trace->wish.since_utc = it->first_refusal_utc;
		trace->wish.until_utc = it->last_refusal_utc;
	}
	report_release(&report);
	if (code != MX_OK || found == 1)
		return code;
	return mx_fail(err, MX_E_USAGE, found == 0 ?
	    "%s: no such episode; mxtrend episodes --all lists them" :
	    "%s: several episodes begin so", id);
}

/* ------------------------------------------------------------------ */
/* Order */

static int
compare_message(const struct trace_step *a, const struct trace_step *b)
{
	int order = slice_cmp(a->id, b->id);

	return order != 0 ? order : slice_cmp(a->host, b->host);
}

static int
compare_time(const struct trace_step *a, const struct trace_step *b)
{
	if (a->at.utc != b->at.utc)
		return a->at.utc < b->at.utc ? -1 : 1;
	if (a->at.us != b->at.us)
		return a->at.us < b->at.us ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

static int
compare_steps(const void *left, const void *right)
{
	int order = compare_message(left, right);

	return order != 0 ? order : compare_time(left, right);
}

/* Steps of one message, from this index on so many. */
struct life {
	const struct trace_step *steps;
	size_t count;
};

static int
compare_lives(const void *left, const void *right)
{
	const struct life *a = left;
	const struct life *b = right;
	int order = compare_time(a->steps, b->steps);

	return order != 0 ? order : compare_message(a->steps, b->steps);
}

/* Messages by their first step. */
static struct life *
sort_lives(struct trace *trace, size_t *count_r)
{
	struct life *lives = mx_alloc((trace->count + 1) * sizeof(*lives));
	size_t count = 0;

	if (trace->count != 0)
		qsort(trace->steps, trace->count, sizeof(*trace->steps),
		    compare_steps);
	for (size_t i = 0; i < trace->count; i++) {
		if (i == 0 || trace->steps[i].id.len == 0 || compare_message(
		    &trace->steps[i - 1], &trace->steps[i]) != 0)
			lives[count++] = (struct life){ &trace->steps[i], 0 };
		lives[count - 1].count++;
	}
	if (count != 0)
		qsort(lives, count, sizeof(*lives), compare_lives);
	*count_r = count;
	return lives;
}

/* ------------------------------------------------------------------ */
/* Text */

static void
add_word(const struct trace *trace, struct strbuf *out, const char *before,
    struct slice text, const char *behind)
{
	if (text.len == 0)
		return;
	strbuf_add_str(out, before);
	scrub_text(out, text, !trace->settings->is_utf8);
	strbuf_add_str(out, behind);
}

static void
text_step(const struct trace *trace, struct strbuf *out,
    const struct trace_step *it)
{
	char time[21];

	rfc3339_utc(it->at.utc, time);
	strbuf_addf(out, "  %s  %.*s", time, SLICE_ARG(it->event));
	add_word(trace, out, " from ", it->sender, "");
	add_word(trace, out, " to ", it->recipient, "");
	add_word(trace, out, " id ", it->message_id, "");
	add_word(trace, out, " by message ", it->child_id, "");
	if (it->size_bytes >= 0)
		strbuf_addf(out, ", %lld bytes", (long long)it->size_bytes);
	if (it->recipients >= 0)
		strbuf_addf(out, ", recipients: %lld",
		    (long long)it->recipients);
	if (it->deferrals >= 0)
		strbuf_addf(out, ", %lld deferral%s since",
		    (long long)it->deferrals,
		    it->deferrals == 1 ? "" : "s");
	add_word(trace, out, "\n      ", it->reason, "");
	add_word(trace, out, it->reason.len != 0 ? " " : "\n      ", it->token,
	    "");
	add_word(trace, out, it->reason.len + it->token.len != 0 ? ", " :
	    "\n      ", it->provider, "");
	add_word(trace, out, ", ", it->relay, "");
	add_word(trace, out, "\n      ", it->reply, "");
	if (it->line != 0) {
		add_word(trace, out, "\n      ", it->path, ":");
		strbuf_addf(out, "%llu", (unsigned long long)it->line);
	}
	strbuf_add_char(out, '\n');
}

static void
text_lives(const struct trace *trace, struct strbuf *out,
    const struct life *lives, size_t count, bool is_store)
{
	for (size_t i = 0; i < count; i++) {
		const struct trace_step *first = &lives[i].steps[0];

		add_word(trace, out, "", first->id, "  ");
		add_word(trace, out, "", first->host, "");
		strbuf_add_char(out, '\n');
		for (size_t s = 0; s < lives[i].count; s++)
			text_step(trace, out, &lives[i].steps[s]);
	}
	if (count == 0)
		strbuf_add_str(out, is_store ?
		    "nothing of it is kept in the store\n" :
		    "nothing of it stands in these logs\n");
	if (trace->has_more)
		strbuf_add_str(out, "and more: the limit was reached\n");
	if (is_store)
		strbuf_add_str(out, "The store keeps failed attempts, for the "
		    "configured time, and open messages;\nof mail that "
		    "was accepted it keeps counts. Name the logs to trace it "
		    "in full.\n");
}

/* ------------------------------------------------------------------ */
/* JSON */

static void
put_text(struct json_writer *json, const char *key, struct slice text)
{
	if (text.len != 0)
		json_member_text(json, key, text);
}

static void
json_count(struct json_writer *json, const char *key, int64_t count)
{
	if (count >= 0)
		json_member_int(json, key, count);
}

static void
json_step(struct json_writer *json, const struct trace_step *it)
{
	json_open_object(json);
	json_member_time(json, "time", it->at.utc);
	put_text(json, "event", it->event);
	put_text(json, "sender", it->sender);
	put_text(json, "recipient", it->recipient);
	put_text(json, "message_id", it->message_id);
	put_text(json, "child_id", it->child_id);
	json_count(json, "size", it->size_bytes);
	json_count(json, "recipients", it->recipients);
	json_count(json, "deferrals", it->deferrals);
	put_text(json, "provider", it->provider);
	put_text(json, "source", it->source);
	put_text(json, "relay_host", it->relay);
	put_text(json, "reason", it->reason);
	put_text(json, "token", it->token);
	put_text(json, "reply", it->reply);
	if (it->line != 0) {
		put_text(json, "file", it->path);
		json_member_int(json, "line", (int64_t)it->line);
	}
	json_close_object(json);
}

static void
json_lives(const struct trace *trace, struct strbuf *out,
    const struct life *lives, size_t count, bool is_store)
{
	struct json_writer json;

	json_init(&json, out, true);
	json_open_object(&json);
	json_member_text(&json, "from", is_store ? SLICE("store") :
	    SLICE("logs"));
	json_key(&json, "complete");
	json_bool(&json, !is_store && !trace->has_more);
	json_key(&json, "messages");
	json_open_array(&json);
	for (size_t i = 0; i < count; i++) {
		json_open_object(&json);
		put_text(&json, "id", lives[i].steps[0].id);
		put_text(&json, "host", lives[i].steps[0].host);
		json_key(&json, "steps");
		json_open_array(&json);
		for (size_t s = 0; s < lives[i].count; s++)
			json_step(&json, &lives[i].steps[s]);
		json_close_array(&json);
		json_close_object(&json);
	}
	json_close_array(&json);
	json_close_object(&json);
	strbuf_add_char(out, '\n');
}

static enum mx_code
print(struct trace *trace, bool is_store, struct mx_err *err)
{
	const char *format = trace->settings->format;
	struct strbuf out;
	size_t count;
	struct life *lives = sort_lives(trace, &count);

	strbuf_init(&out, LISTING_MAX);
	if (format != NULL && strcmp(format, "json") == 0)
		json_lives(trace, &out, lives, count, is_store);
	else
		text_lives(trace, &out, lives, count, is_store);
	(void)fwrite(out.ptr, 1, out.len, stdout);
	strbuf_release(&out);
	free(lives);
	return stream_check(stdout, "standard output", err);
}

/* ------------------------------------------------------------------ */

/* --anonymize, before anything is told. */
static void
hide_names(struct trace *trace, const struct engine *engine)
{
	static const struct {
		const char *key;
		size_t offset;
	} texts[] = {
		{ "host", offsetof(struct trace_step, host) },
		{ "sender", offsetof(struct trace_step, sender) },
		{ "recipient", offsetof(struct trace_step, recipient) },
		{ "relay_host", offsetof(struct trace_step, relay) },
		{ "provider", offsetof(struct trace_step, provider) },
		{ "source", offsetof(struct trace_step, source) },
		{ "message_id", offsetof(struct trace_step, message_id) },
		{ "reply", offsetof(struct trace_step, reply) },
		{ "file", offsetof(struct trace_step, path) },
	};
	struct anonymizer *hider =
	    anonymizer_new(trace->settings, engine->providers);

	for (size_t i = 0; hider != NULL && i < trace->count; i++) {
		const struct trace_step *step = &trace->steps[i];

		anonymizer_learn(hider, step->reply, step->recipient);
		anonymizer_learn(hider, step->reply, step->sender);
		anonymizer_keep(hider, step->token);
	}
	for (size_t i = 0; hider != NULL && i < trace->count; i++)
		for (size_t t = 0; t < sizeof(texts) / sizeof(texts[0]); t++) {
			struct slice *text = (struct slice *)(void *)
			    ((char *)&trace->steps[i] + texts[t].offset);

			*text = trace_keep(trace, anonymizer_text(hider,
			    texts[t].key, *text));
		}
	anonymizer_free(hider);
}

/* What is wished for, and where the names of files begin. */
static enum mx_code
read_wish(struct trace *trace, size_t *files_r, struct mx_err *err)
{
	const struct settings *settings = trace->settings;
	int given = (settings->recipient != NULL) +
	    (settings->episode != NULL) + (settings->reply != NULL);

	trace->wish = (struct trace_wish){ .since_utc = INT64_MIN,
		.until_utc = INT64_MAX,
		.recipient = slice_str(settings->recipient),
		.reply = slice_str(settings->reply) };
	*files_r = given == 0;
	if (given > 1 || (given == 0 && settings->operand_count == 0))
		return mx_fail(err, MX_E_USAGE, "trace: name a queue id, or "
		    "--recipient, --episode or --reply, one of them");
	if (given == 0)
		trace->wish.id = slice_str(settings->operands[0]);
	if (trace->wish.id.len + trace->wish.recipient.len +
	    trace->wish.reply.len == 0 && settings->episode == NULL)
		return mx_fail(err, MX_E_USAGE, "trace: what is named is empty");
	return MX_OK;
}

/* As the store has it, of what was read since [privacy] said so. */
static enum mx_code
cover_wish(struct trace *trace, struct mx_err *err)
{
	enum mx_code code;

	if (trace->wish.recipient.len == 0)
		return MX_OK;
	code = privacy_open(trace->settings, &trace->privacy, err);
	if (code != MX_OK)
		return code;
	trace->wish.recipient = privacy_recipient(trace->privacy,
	    trace->wish.recipient);
	if (trace->wish.recipient.len == 0)
		return mx_fail(err, MX_E_USAGE, "trace: the store keeps no "
		    "recipients ([privacy] recipients = none)");
	return MX_OK;
}

/* A fleet is asked with the key of its hosts; one made here would find nothing,
 * and look as if there were nothing. */
static enum mx_code
check_key(const struct settings *settings, struct mx_err *err)
{
	enum mx_code code = MX_OK;
	char *path;

	if (settings->recipients_kept != ADDRESSES_HASHED)
		return MX_OK;
	if (!privacy_has_key(settings, &path))
		code = mx_fail(err, MX_E_NOINPUT, "%s: not there; a fleet "
		    "whose hosts hash recipients is asked with their key, one "
		    "on all of them", path);
	free(path);
	return code;
}

/* Of one that was not found nobody can say that there is none. */
static void
note_hashed(const struct trace *trace)
{
	const struct settings *settings = trace->settings;

	if (settings->recipient != NULL && trace->count == 0 &&
	    settings->recipients_kept == ADDRESSES_WHOLE)
		say_note("hosts that hash recipients are asked with their key: "
		    "[privacy] recipients = hashed, and their privacy.key in "
		    "%s", settings->state_dir);
}

static enum mx_code
trace_with(struct trace *trace, struct engine *engine, size_t first_file,
    enum mx_code *worst, struct mx_err *err)
{
	struct settings files = *trace->settings;
	const struct when_window none = { 0, 0 };
	const bool is_episode = files.episode != NULL;
	struct engine_wish wish = {
		.need = is_episode ? FLEET_WORDS : FLEET_TRACE,
		.windows = &none, .window_count = is_episode ? 0 : 1,
		.id = trace->wish.id, .reply = trace->wish.reply };
	bool is_store, is_fleet;
	enum mx_code code = MX_OK;

	files.operands += first_file;
	files.operand_count -= first_file;
	is_store = files.operand_count == 0;
	is_fleet = is_store && files.store_url != NULL;
	/* the fleet is asked for it, the store only told afterwards */
	if (is_fleet && trace->wish.recipient.len != 0)
		code = check_key(&files, err);
	if (code == MX_OK && is_fleet)
		code = cover_wish(trace, err);
	if (code != MX_OK)
		return code;
	wish.recipient = trace->wish.recipient;
	/* from logs only an episode asks for what a store counts */
	if (is_store || is_episode)
		code = engine_fill(engine, &files, &wish, worst, err);
	if (code == MX_OK && is_store && !is_fleet)
		code = cover_wish(trace, err);
	if (code == MX_OK && is_episode)
		code = wish_episode(trace, engine, err);
	if (code == MX_OK)
		code = is_store ? trace_store(trace, engine, err) :
		    trace_files(trace, engine, files.operands,
		    files.operand_count, worst, err);
	if (code != MX_OK)
		return code;
	if (is_fleet)
		note_hashed(trace);
	hide_names(trace, engine);
	return print(trace, is_store, err);
}

static enum mx_code
run(const struct settings *settings, struct command_result *result,
    struct mx_err *err)
{
	struct trace trace = { .settings = settings };
	struct engine engine;
	size_t first_file;
	enum mx_code worst = MX_OK;
	enum mx_code code = read_wish(&trace, &first_file, err);

	(void)result;
	if (code == MX_OK)
		code = engine_open_ready(settings, &engine, err);
	if (code != MX_OK)
		return code;
	arena_init(&trace.arena);
	code = trace_with(&trace, &engine, first_file, &worst, err);
	arena_release(&trace.arena);
	privacy_close(trace.privacy);
	free(trace.steps);
	engine_close(&engine);
	if (code == MX_OK && worst != MX_OK)
		return mx_fail(err, worst, "%s", "");
	return code;
}

const struct command command_trace = {
	.name = "trace",
	.summary = "the life of messages, each step with file and line",
	.usage = "QUEUEID [FILE]...",
	.description = "Shows what happened to a message, to mail for "
	    "--recipient, to what --episode refused, or to what met a "
	    "--reply: in full from the logs that are named, else what the "
	    "store keeps, which is failed attempts and open messages.",
	.options = OPTIONS_TRACE | OPTIONS_FORMAT | OPTIONS_ANONYMIZE |
	    OPTIONS_STORE,
	.formats = "text json",
	.run = run,
};
