/* SPDX-License-Identifier: BSD-2-Clause */
/* mxtrend classify: what a reply means, by the same rules that a report uses.
 * Reads no log and no store. */
#include "analyzer/classify.h"
#include "analyzer/providers.h"
#include "analyzer/reply_frame.h"
#include "analyzer/rule_hint.h"
#include "analyzer/rules.h"
#include "base/atomic_file.h"
#include "base/hash.h"
#include "base/intern.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "base/say.h"
#include "cli/commands.h"
#include "parsers/json_value.h"
#include "parsers/line_reader.h"

enum { KEY_MAX = LIMIT_DOMAIN_BYTES + 16, FIELD_WIDTH = 10 };

/* One text and all that is said about where it came from. */
struct question {
	struct slice reply;            /* as given */
	struct slice provider, mx, stage, dsn;
	struct slice said_by;          /* "own", "remote" */
	int64_t reply_code;            /* 0 = not said */
};

struct run {
	const struct settings *settings;
	struct providers *providers;
	struct classifier *classifier;
	struct strbuf key;             /* a provider key in the making */
	struct strbuf out;
	bool is_json, has_printed;
	bool is_rules;                 /* print rules for what none knows */
	struct reply_mask mask;        /* for them */
	struct intern hinted;          /* their words, each once */
	bool has_bad_text;             /* one that was not understood */
};

/* --- whose reply, at which stage -----------------------------------------*/

static bool
stage_by_name(struct slice name, enum stage *stage_r)
{
	for (int i = STAGE_NONE + 1; i < STAGES; i++)
		if (slice_eq_nocase(name,
		    slice_str(stage_name((enum stage)i)))) {
			*stage_r = (enum stage)i;
			return true;
		}
	return false;
}

/* The key of the provider behind HOST, in lower case and without the dot at
 * its end. */
static struct slice
provider_of_host(struct run *run, struct slice host)
{
	char lower[LIMIT_DOMAIN_BYTES];
	const struct provider_info *info;
	struct slice name;

	if (host.len != 0 && host.ptr[host.len - 1] == '.')
		host.len--;
	if (host.len == 0 || host.len > sizeof(lower))
		return SLICE_NONE;
	for (size_t i = 0; i < host.len; i++)
		lower[i] = ascii_lower(host.ptr[i]);
	name = slice_of(lower, host.len);
	info = providers_by_mx(run->providers, name);
	if (info != NULL)
		return info->key;
	strbuf_reset(&run->key);
	providers_fallback_mx(run->providers, name, &run->key);
	return strbuf_slice(&run->key);
}

static bool
is_known_provider(const struct run *run, struct slice key)
{
	return slice_starts(key, SLICE("mx:")) ||
	    slice_starts(key, SLICE("domain:")) ||
	    providers_by_key(run->providers, key) != NULL;
}

static struct slice
provider_of(struct run *run, const struct question *question,
    const struct reply_frame *frame)
{
	if (question->provider.len != 0)
		return question->provider;
	if (question->mx.len != 0)
		return provider_of_host(run, question->mx);
	return provider_of_host(run, frame->host);
}

/* A whole Postfix line says more than its reply: "..., relay=H[A]:25, ...,
 * dsn=5.7.1, status=bounced (REPLY)". */
static void
cut_log_line(struct question *question)
{
	struct slice text = question->reply, rest;
	const char *status = slice_find(text, SLICE(", status="));
	const char *open, *relay;

	if (status == NULL)
		return;
	rest = slice_between(status, text.ptr + text.len);
	open = slice_find(rest, SLICE(" ("));
	if (open == NULL)
		return;
	question->reply = slice_between(open + 2, text.ptr + text.len);
	if (slice_ends(question->reply, SLICE(")")))
		question->reply.len--;
	relay = slice_find(slice_between(text.ptr, status), SLICE(" relay="));
	if (relay == NULL || question->mx.len != 0)
		return;
	rest = slice_between(relay + 7, status);
	open = slice_chr(rest, '[');
	if (open != NULL)
		question->mx = slice_between(rest.ptr, open);
}

/* --- the answer ----------------------------------------------------------*/

static enum outcome
outcome_of(struct slice reply, int64_t reply_code)
{
	uint64_t code = (uint64_t)reply_code;

	if (code == 0 && slice_number(reply, 599, &code) != 3)
		code = 0;
	return code >= 500 ? OUTCOME_BOUNCED : OUTCOME_DEFERRED;
}

/* Words without a code may be a server's or the own MTA's: the own words are
 * fewer and more certain. */
static const struct classification *
ask(struct run *run, struct classify_query *query, enum speaker speaker,
    struct classify_explanation *why)
{
	const struct classification *class;
	struct slice own_ip;

	query->is_own_text = speaker != SPEAKER_REMOTE;
	class = classify_explain(run->classifier, query, why, &own_ip);
	if (speaker != SPEAKER_ANY || class->reason != REASON_UNCLASSIFIED)
		return class;
	query->is_own_text = false;
	return classify_explain(run->classifier, query, why, &own_ip);
}

/* Whose words: what the object says, else what they look like. */
static enum speaker
speaker_of(const struct question *question, const struct reply_frame *frame)
{
	if (question->said_by.len != 0)
		return slice_eq(question->said_by, SLICE("own")) ?
		    SPEAKER_OWN : SPEAKER_REMOTE;
	return frame->is_own_text && question->reply_code == 0 ?
	    SPEAKER_ANY : SPEAKER_REMOTE;
}

static bool
is_explained(const struct run *run)
{
	return run->settings->classify_explain || run->settings->verbose != 0;
}

/* Without the path: the same on every host. */
static void
print_json_source(struct json_writer *json, const char *key,
    const struct classify_source *source)
{
	if (source->rule.len == 0)
		return;
	json_key(json, key);
	json_open_object(json);
	json_member_text(json, "rule", source->rule);
	json_member_text(json, "reason",
	    slice_str(reason_name(source->reason)));
	json_close_object(json);
}

static void
print_json(struct run *run, struct slice reply, struct slice provider,
    const struct classification *class,
    const struct classify_explanation *why)
{
	struct json_writer json;

	json_init(&json, &run->out, false);
	json_open_object(&json);
	json_member_text(&json, "reply", reply);
	if (provider.len != 0)
		json_member_text(&json, "provider", provider);
	json_member_text(&json, "reason",
	    slice_str(reason_name(class->reason)));
	if (class->scope != SCOPE_NONE)
		json_member_text(&json, "scope",
		    slice_str(scope_name(class->scope)));
	if (class->severity != SEVERITY_NONE)
		json_member_text(&json, "severity",
		    slice_str(severity_name(class->severity)));
	if (class->token_count != 0) {
		json_member_text(&json, "token", class->token);
		json_key(&json, "tokens");
		json_open_array(&json);
		for (unsigned i = 0; i < class->token_count; i++)
			json_text(&json, class->tokens[i]);
		json_close_array(&json);
	}
	if (class->rule.len != 0)
		json_member_text(&json, "rule", class->rule);
	if (class->reason != REASON_UNCLASSIFIED)
		json_member_text(&json, "certainty", class->is_explicit ?
		    SLICE("explicit") : SLICE("inferred"));
	if (class->meaning.len != 0)
		json_member_text(&json, "meaning", class->meaning);
	if (class->remedy.len != 0)
		json_member_text(&json, "remedy", class->remedy);
	if (class->url.len != 0)
		json_member_text(&json, "url", class->url);
	if (is_explained(run)) {
		json_member_text(&json, "masked", class->fingerprint);
		print_json_source(&json, "decided_by", &why->decided_by);
		print_json_source(&json, "runner_up", &why->runner_up);
	}
	json_close_object(&json);
	strbuf_add_char(&run->out, '\n');
}

static void
print_field(struct run *run, const char *name, struct slice value)
{
	if (value.len == 0)
		return;
	strbuf_addf(&run->out, "  %-*s", FIELD_WIDTH, name);
	scrub_text(&run->out, value, !run->settings->is_utf8);
	strbuf_add_char(&run->out, '\n');
}

static void
print_source(struct run *run, const char *name,
    const struct classify_source *source)
{
	if (source->rule.len == 0)
		return;
	strbuf_addf(&run->out, "  %-*s%.*s: %s (%s:%u)\n", FIELD_WIDTH, name,
	    SLICE_ARG(source->rule), reason_name(source->reason),
	    source->path, source->line);
}

static void
print_tokens(struct run *run, const struct classification *class)
{
	struct strbuf *out = &run->out;

	if (class->token_count == 0)
		return;
	strbuf_addf(out, "  %-*s", FIELD_WIDTH, "token");
	for (unsigned i = 0; i < class->token_count; i++) {
		if (i != 0)
			strbuf_add_str(out, ", ");
		scrub_text(out, class->tokens[i], !run->settings->is_utf8);
	}
	strbuf_add_char(out, '\n');
}

static void
print_text(struct run *run, struct slice reply, struct slice provider,
    const struct classification *class,
    const struct classify_explanation *why)
{
	struct strbuf *out = &run->out;

	if (run->has_printed)
		strbuf_add_char(out, '\n');
	strbuf_add_str(out, reason_name(class->reason));
	if (class->scope != SCOPE_NONE)
		strbuf_addf(out, ", scope %s, severity %s, %s",
		    scope_name(class->scope), severity_name(class->severity),
		    class->is_explicit ? "explicit" : "inferred");
	strbuf_add_char(out, '\n');
	print_field(run, "reply", reply);
	print_field(run, "provider", provider);
	print_tokens(run, class);
	print_field(run, "meaning", class->meaning);
	print_field(run, "remedy", class->remedy);
	print_field(run, "url", class->url);
	print_field(run, "rule", class->rule);
	if (!is_explained(run))
		return;
	print_field(run, "masked", class->fingerprint);
	print_source(run, "decided", &why->decided_by);
	print_source(run, "else", &why->runner_up);
}

/* A rule to paste where none knows the words. */
static void
print_rule(struct run *run, const struct reply_frame *frame,
    struct slice provider, const struct classify_explanation *why)
{
	struct rule_hint hint = { .reply = frame->reply,
		.is_own_text = frame->is_own_text };
	char key[20];
	uint64_t id;
	uint32_t count = run->hinted.count;

	if (why->decided_by.rule.len != 0 && !why->decided_by.is_by_code)
		return;
	if (providers_by_key(run->providers, provider) != NULL)
		hint.provider = provider;
	if (!rule_hint(&hint, &run->mask, &run->out, &id))
		return;
	(void)snprintf(key, sizeof(key), "%016llx", (unsigned long long)id);
	if (intern_id(&run->hinted, slice_str(key)) < count)
		strbuf_reset(&run->out);
	else
		strbuf_add_char(&run->out, '\n');
}

static enum mx_code
answer(struct run *run, const struct question *asked, struct mx_err *err)
{
	struct question question = *asked;
	struct classify_explanation why;
	struct reply_frame frame;
	struct classify_query query;
	const struct classification *class;

	cut_log_line(&question);
	reply_unframe(question.reply, &frame);
	query = (struct classify_query){ .reply = frame.reply,
		.dsn = question.dsn,
		.reply_code = (uint16_t)question.reply_code,
		.stage = frame.stage };
	if (question.stage.len != 0 &&
	    !stage_by_name(question.stage, &query.stage))
		return mx_fail(err, MX_E_DATA, "no stage '%.*s'",
		    SLICE_ARG(question.stage));
	query.provider = provider_of(run, &question, &frame);
	query.outcome = outcome_of(frame.reply, question.reply_code);
	class = ask(run, &query, speaker_of(&question, &frame), &why);
	if (run->is_rules)
		print_rule(run, &frame, query.provider, &why);
	else if (run->is_json)
		print_json(run, asked->reply, query.provider, class, &why);
	else
		print_text(run, asked->reply, query.provider, class, &why);
	run->has_printed = true;
	(void)fwrite(run->out.ptr, 1, run->out.len, stdout);
	strbuf_reset(&run->out);
	return stream_check(stdout, "standard output", err);
}

/* --- texts ---------------------------------------------------------------*/

static struct question
plain_question(const struct run *run, struct slice text)
{
	return (struct question){ .reply = text,
		.provider = slice_str(run->settings->provider),
		.mx = slice_str(run->settings->mx),
		.stage = slice_str(run->settings->stage) };
}

/* Members of the object come before the options. */
static enum mx_code
read_object(const struct json_value *object, struct question *question,
    struct mx_err *err)
{
	static const char *const names[] = { "provider", "mx", "stage",
		"dsn", "said_by" };
	struct slice *fields[] = { &question->provider, &question->mx,
		&question->stage, &question->dsn, &question->said_by };
	int64_t code;

	question->reply = json_member_text_of(object, "reply");
	if (slice_is_none(question->reply))
		return mx_fail(err, MX_E_DATA, "object without reply");
	/* an MX of its own is nearer than a provider for all */
	if (json_member_text_of(object, "mx").len != 0)
		question->provider = SLICE_NONE;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (json_member_text_of(object, names[i]).len != 0)
			*fields[i] = json_member_text_of(object, names[i]);
	if (question->said_by.len != 0 &&
	    !slice_eq(question->said_by, SLICE("own")) &&
	    !slice_eq(question->said_by, SLICE("remote")))
		return mx_fail(err, MX_E_DATA, "said_by is own or remote");
	if (json_member_int_of(object, "reply_code", &code)) {
		if (code < 200 || code > 599)
			return mx_fail(err, MX_E_DATA,
			    "reply_code is no SMTP code");
		question->reply_code = code;
	}
	return MX_OK;
}

static enum mx_code
answer_object(struct run *run, struct slice text, struct mx_err *err)
{
	struct question question = plain_question(run, SLICE_NONE);
	struct json_doc *doc;
	enum mx_code code = json_doc_parse(text, &doc, err);

	if (code == MX_E_LIMIT)
		code = MX_E_DATA;
	if (code != MX_OK)
		return code;
	code = read_object(json_doc_root(doc), &question, err);
	if (code == MX_OK && question.provider.len != 0 &&
	    !is_known_provider(run, question.provider))
		code = mx_fail(err, MX_E_DATA, "no provider '%.*s'",
		    SLICE_ARG(question.provider));
	if (code == MX_OK)
		code = answer(run, &question, err);
	json_doc_free(doc);
	return code;
}

/* What is wrong with one text is said, and the others are answered. */
static enum mx_code
answer_text(struct run *run, struct slice text, const char *place,
    struct mx_err *err)
{
	struct question question;
	enum mx_code code;

	if (text.len != 0 && text.ptr[0] == '{') {
		code = answer_object(run, text, err);
	} else {
		question = plain_question(run, text);
		code = answer(run, &question, err);
	}
	if (code != MX_E_DATA)
		return code;
	say_err(place, err);
	run->has_bad_text = true;
	return MX_OK;
}

static enum mx_code
answer_operands(struct run *run, struct mx_err *err)
{
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < run->settings->operand_count &&
	    code == MX_OK; i++) {
		char place[32];

		(void)snprintf(place, sizeof(place), "text %zu", i + 1);
		code = answer_text(run,
		    slice_str(run->settings->operands[i]), place, err);
	}
	return code;
}

static enum mx_code
answer_lines(struct run *run, struct mx_err *err)
{
	struct source_options options = { .threads = 1 };
	struct byte_source *source;
	struct line_reader *lines;
	struct text_line line;
	bool at_end = false;
	enum mx_code code = source_open("-", &options, &source, NULL, err);

	if (code != MX_OK)
		return code;
	lines = line_reader_new(source);
	while (code == MX_OK) {
		char place[48];

		code = line_reader_next(lines, &line, &at_end, err);
		if (code != MX_OK || at_end)
			break;
		if (slice_trim(line.text).len == 0)
			continue;
		(void)snprintf(place, sizeof(place), "line %llu",
		    (unsigned long long)line.number);
		code = answer_text(run, slice_trim(line.text), place, err);
	}
	line_reader_free(lines);
	return code;
}

static enum mx_code
check_options(const struct run *run, struct mx_err *err)
{
	const struct settings *settings = run->settings;
	enum stage stage;

	if (settings->stage != NULL &&
	    !stage_by_name(slice_str(settings->stage), &stage))
		return mx_fail(err, MX_E_USAGE, "no stage '%s': it is connect, "
		    "ehlo, starttls, auth, mail, rcpt, data or eod",
		    settings->stage);
	if (settings->provider != NULL &&
	    !is_known_provider(run, slice_str(settings->provider)))
		return mx_fail(err, MX_E_USAGE, "no provider '%s'",
		    settings->provider);
	return MX_OK;
}

static enum mx_code
open_run(struct run *run, struct mx_err *err)
{
	const struct settings *settings = run->settings;
	enum mx_code code = providers_open(settings->rule_dirs,
	    settings->rule_dir_count, &run->providers, err);

	if (code == MX_E_NOINPUT) /* not an input, but the installation */
		return MX_E_CONFIG;
	if (code != MX_OK)
		return code;
	return classifier_open(settings->rule_dirs, settings->rule_dir_count,
	    &run->classifier, err);
}

static enum mx_code
run(const struct settings *settings, struct command_result *result,
    struct mx_err *err)
{
	struct run state = { .settings = settings,
		.is_json = settings->format != NULL &&
		    strcmp(settings->format, "json") == 0,
		.is_rules = settings->format != NULL &&
		    strcmp(settings->format, "rules") == 0 };
	enum mx_code code;

	(void)result;
	reply_mask_init(&state.mask);
	intern_init(&state.hinted, LIMIT_RULES, hash_random_seed());
	strbuf_init(&state.key, KEY_MAX);
	strbuf_init(&state.out, 16 * LIMIT_LINE_BYTES);
	code = open_run(&state, err);
	if (code == MX_OK)
		code = check_options(&state, err);
	if (code == MX_OK)
		code = settings->operand_count != 0 ?
		    answer_operands(&state, err) : answer_lines(&state, err);
	if (code == MX_OK && state.has_bad_text) {
		code = MX_E_DATA;
		err->text[0] = '\0'; /* said already */
	}
	classifier_close(state.classifier);
	providers_close(state.providers);
	strbuf_release(&state.out);
	strbuf_release(&state.key);
	intern_release(&state.hinted);
	reply_mask_release(&state.mask);
	return code;
}

const struct command command_classify = {
	.name = "classify",
	.summary = "what a reply means: reason, scope, severity, remedy",
	.usage = "[TEXT...]",
	.description = "Texts come from the arguments, or one a line from "
	    "standard input. A text may carry the frame that an MTA logs "
	    "around it. A line that begins with { is an object with reply "
	    "and any of mx, provider, stage, reply_code, dsn and said_by (own or "
	    "remote). With --explain (or -v) "
	    "the masked text, the rule that decided and the next best. "
	    "-f rules prints a rule to paste for each text whose words no "
	    "rule knows.",
	.options = OPTIONS_CLASSIFY | OPTIONS_FORMAT,
	.formats = "text json rules",
	.run = run,
};
