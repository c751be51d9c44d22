/* SPDX-License-Identifier: BSD-2-Clause */
/* mxtrend rules: proves the rule files with their own examples, lists them, or
 * suggests rules for the replies of a store or of logs that none knows. */
#include "analyzer/rules.h"
#include "analyzer/providers.h"
#include "analyzer/rule_hint.h"
#include "base/atomic_file.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "base/hash.h"
#include "base/intern.h"
#include "cli/commands.h"
#include "cli/reporting.h"

enum { PROBLEMS_MAX = 16 * 1024 * 1024, ID_COLUMN = 28, CLASS_COLUMN = 46 };

static void
add_providers(struct strbuf *out, const struct rule *rule)
{
	for (size_t i = 0; i < rule->provider_count; i++)
		strbuf_addf(out, "%s%.*s", i != 0 ? " " : "",
		    SLICE_ARG(rule->providers[i]));
	if (rule->is_for_all)
		strbuf_addf(out, "%s*", rule->provider_count != 0 ? " " : "");
}

static void
list_text(struct strbuf *out, const struct rule *rule)
{
	size_t begin = out->len;

	strbuf_addf(out, "%-*.*s ", ID_COLUMN, SLICE_ARG(rule->id));
	strbuf_addf(out, "%s, %s, %s, %s", reason_name(rule->reason),
	    scope_name(rule->scope), severity_name(rule->severity),
	    rule->is_explicit ? "explicit" : "inferred");
	while (out->len - begin < ID_COLUMN + 1 + CLASS_COLUMN)
		strbuf_add_char(out, ' ');
	strbuf_add_char(out, ' ');
	add_providers(out, rule);
	strbuf_addf(out, "  %s:%u\n", rule->path, rule->line);
}

static void
list_json(struct strbuf *out, const struct rule *rule)
{
	struct json_writer json;

	json_init(&json, out, false);
	json_open_object(&json);
	json_member_text(&json, "rule", rule->id);
	json_key(&json, "providers");
	json_open_array(&json);
	for (size_t i = 0; i < rule->provider_count; i++)
		json_text(&json, rule->providers[i]);
	if (rule->is_for_all)
		json_text(&json, SLICE("*"));
	json_close_array(&json);
	json_member_text(&json, "reason",
	    slice_str(reason_name(rule->reason)));
	json_member_text(&json, "scope", slice_str(scope_name(rule->scope)));
	json_member_text(&json, "severity",
	    slice_str(severity_name(rule->severity)));
	json_member_text(&json, "certainty", rule->is_explicit ?
	    SLICE("explicit") : SLICE("inferred"));
	if (rule->meaning.len != 0)
		json_member_text(&json, "meaning", rule->meaning);
	if (rule->remedy.len != 0)
		json_member_text(&json, "remedy", rule->remedy);
	if (rule->url.len != 0)
		json_member_text(&json, "url", rule->url);
	if (rule->source.len != 0)
		json_member_text(&json, "source", rule->source);
	json_member_text(&json, "file", slice_str(rule->path));
	json_member_int(&json, "line", rule->line);
	json_close_object(&json);
	strbuf_add_char(out, '\n');
}

static enum mx_code
print(struct strbuf *out, struct mx_err *err)
{
	(void)fwrite(out->ptr, 1, out->len, stdout);
	strbuf_reset(out);
	return stream_check(stdout, "standard output", err);
}

static enum mx_code
list(const struct settings *settings, struct mx_err *err)
{
	bool is_json = settings->format != NULL &&
	    strcmp(settings->format, "json") == 0;
	struct ruleset *rules;
	struct strbuf out;
	enum mx_code code = rules_open(settings->rule_dirs,
	    settings->rule_dir_count, &rules, NULL, err);

	if (code != MX_OK)
		return code;
	strbuf_init(&out, PROBLEMS_MAX);
	for (size_t i = 0; i < rules->count && code == MX_OK; i++) {
		if (is_json)
			list_json(&out, rules->rules[i]);
		else
			list_text(&out, rules->rules[i]);
		code = print(&out, err);
	}
	strbuf_release(&out);
	rules_close(rules);
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

/* Faults go to standard output: they are what was asked for. */
static enum mx_code
check(const struct settings *settings, struct mx_err *err)
{
	struct ruleset *rules = NULL;
	struct strbuf problems;
	size_t examples = 0, faults;
	enum mx_code code;

	strbuf_init(&problems, PROBLEMS_MAX);
	code = rules_open(settings->rule_dirs, settings->rule_dir_count,
	    &rules, &problems, err);
	if (code == MX_OK) {
		(void)rules_check(rules, &problems);
		for (size_t i = 0; i < rules->count; i++)
			examples += rules->rules[i]->example_count;
	}
	faults = count_lines(&problems);
	if (code == MX_OK && !settings->is_quiet)
		strbuf_addf(&problems, "%zu rules, %zu examples, "
		    "%zu faults\n", rules->count, examples, faults);
	if (problems.len != 0 && print(&problems, err) != MX_OK)
		code = MX_E_IO;
	if (code == MX_OK && faults != 0)
		code = mx_fail(err, MX_E_CONFIG, "%zu faults in the rules",
		    faults);
	rules_close(rules);
	strbuf_release(&problems);
	return code;
}

/* --- suggest -------------------------------------------------------------*/

struct suggestions {
	struct ruleset *rules;
	struct reply_mask mask;
	struct intern hinted; /* the words of each rule, once */
	struct strbuf out;
};

/* The rule of this id; NULL when there is none. */
static const struct rule *
rule_by_id(const struct ruleset *rules, struct slice id)
{
	for (size_t i = 0; i < rules->count; i++)
		if (slice_eq(rules->rules[i]->id, id))
			return rules->rules[i];
	return NULL;
}

/* Decided by its words? Then there is nothing to teach. */
static bool
is_known(const struct suggestions *self, const struct report_reply *reply)
{
	const struct rule *rule = rule_by_id(self->rules, reply->rule);

	return rule != NULL && rule->pattern_count != 0;
}

static void
suggest_one(struct suggestions *self, const struct report_reply *reply)
{
	struct rule_hint hint = { .reply = reply->sample };
	uint32_t count = self->hinted.count;
	size_t begin = self->out.len;
	char key[20];
	uint64_t id;

	if (providers_by_key(self->rules->providers, reply->provider) != NULL)
		hint.provider = reply->provider;
	reply_mask(&self->mask, reply->sample);
	hint.is_own_text = self->mask.code == 0;
	strbuf_addf(&self->out, "# %lld attempts, %.*s: %.*s\n",
	    (long long)reply->attempts, SLICE_ARG(reply->provider),
	    SLICE_ARG(reply->reason));
	if (!rule_hint(&hint, &self->mask, &self->out, &id)) {
		self->out.len = begin;
		return;
	}
	(void)snprintf(key, sizeof(key), "%016llx", (unsigned long long)id);
	if (intern_id(&self->hinted, slice_str(key)) < count)
		self->out.len = begin;
	else
		strbuf_add_char(&self->out, '\n');
}

static enum mx_code
suggest_all(const struct settings *settings, const struct report *report,
    struct mx_err *err)
{
	struct suggestions self = { .rules = NULL };
	enum mx_code code = rules_open(settings->rule_dirs,
	    settings->rule_dir_count, &self.rules, NULL, err);

	if (code != MX_OK)
		return code;
	reply_mask_init(&self.mask);
	intern_init(&self.hinted, LIMIT_RULES, hash_random_seed());
	strbuf_init(&self.out, PROBLEMS_MAX);
	for (size_t i = 0; i < report->reply_count && code == MX_OK; i++) {
		if (is_known(&self, &report->replies[i]))
			continue;
		suggest_one(&self, &report->replies[i]);
		code = print(&self.out, err);
	}
	strbuf_release(&self.out);
	intern_release(&self.hinted);
	reply_mask_release(&self.mask);
	rules_close(self.rules);
	return code;
}

static enum mx_code
suggest_from(const struct engine *engine, const struct settings *settings,
    struct mx_err *err)
{
	struct report report;
	enum mx_code code;

	report_init(&report);
	code = reporting_build(engine, settings, &settings->window, &report,
	    err);
	if (code == MX_OK)
		code = suggest_all(settings, &report, err);
	report_release(&report);
	return code;
}

/* Files behind "suggest" are logs; without, the store is asked. */
static enum mx_code
suggest(const struct settings *settings, struct mx_err *err)
{
	struct settings own = *settings;
	struct engine engine;
	enum mx_code worst = MX_OK, code;

	own.operands++;
	own.operand_count--;
	code = engine_open(&own, &engine, err);
	if (code != MX_OK)
		return code;
	code = engine_fill(&engine, &own, NULL, &worst, err);
	if (code == MX_OK)
		code = suggest_from(&engine, &own, err);
	engine_close(&engine);
	if (code == MX_OK && worst != MX_OK)
		return mx_fail(err, worst, "%s", "");
	return code;
}

static enum mx_code
run(const struct settings *settings, struct command_result *result,
    struct mx_err *err)
{
	const char *what = settings->operand_count >= 1 ?
	    settings->operands[0] : "";

	(void)result;
	if (strcmp(what, "suggest") == 0)
		return suggest(settings, err);
	if (settings->operand_count > 1)
		what = "";
	if (strcmp(what, "check") == 0)
		return check(settings, err);
	if (strcmp(what, "list") == 0)
		return list(settings, err);
	return mx_fail(err, MX_E_USAGE, "rules takes check, list or suggest");
}

const struct command command_rules = {
	.name = "rules",
	.summary = "prove the rule files, list them, suggest new rules",
	.usage = "check | list | suggest [FILE|-]...",
	.description = "check runs every example of every rule, finds rules "
	    "that never decide, and tries hostile texts; it prints file, line "
	    "and reason of each fault and ends with status 78 when there is "
	    "one. list prints the rules in force, in order of precedence. "
	    "suggest prints a rule to paste and correct for each reply, of "
	    "these logs or of the store, whose words no rule knows.",
	.options = OPTIONS_FORMAT | OPTIONS_WINDOW | OPTIONS_FILTER,
	.formats = "text json",
	.run = run,
};
