/* SPDX-License-Identifier: BSD-2-Clause */
/* Patterns out of their sources, and the literal filter in front of them.
 * A shipped pattern is compiled, and machine code made of any, at its first
 * use: most rules of a run are never candidates. */
#include "analyzer/rules.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#include "analyzer/literal_filter.h"
#include "base/limits.h"

struct compiler {
	struct ruleset *rules;
	struct strbuf *problems;
	struct mx_err *err;
	enum mx_code code;
};

static void
fault(struct compiler *c, const struct rule *rule,
    const struct rule_pattern *pattern, const char *text)
{
	struct mx_err one;

	(void)mx_fail(&one, MX_E_CONFIG, "%s:%u: %s", rule->path,
	    pattern->line, text);
	if (c->problems != NULL)
		strbuf_addf(c->problems, "%s\n", one.text);
	if (c->code == MX_OK) {
		c->code = MX_E_CONFIG;
		if (c->err != NULL)
			*c->err = one;
	}
}

static bool
is_ascii(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] >= 0x80)
			return false;
	return true;
}

static bool
is_plain(const struct rule_pattern *pattern)
{
	return pattern->kind == PATTERN_TEXT || pattern->kind == PATTERN_ZONE;
}

void
rules_compile_pattern(struct rule_pattern *pattern, int *why_r, size_t *at_r)
{
	/* letters beyond ASCII need UTF for their case; others are faster
	 * without */
	uint32_t options = PCRE2_CASELESS | PCRE2_NEVER_BACKSLASH_C |
	    PCRE2_DOLLAR_ENDONLY |
	    (is_ascii(pattern->source) ? 0 : PCRE2_UTF | PCRE2_UCP);
	int group;

	*why_r = 0;
	pattern->is_compiled = true;
	if (is_plain(pattern))
		return;
	pattern->code = pcre2_compile(
	    (PCRE2_SPTR)(const void *)pattern->source.ptr,
	    pattern->source.len, options, why_r, at_r, NULL);
	/* a pattern that is left out would let another rule decide */
	if (pattern->code == NULL && *why_r == PCRE2_ERROR_HEAP_FAILED)
		mx_oom();
	if (pattern->code == NULL)
		return;
	*why_r = 0;
	group = pcre2_substring_number_from_name(pattern->code,
	    (PCRE2_SPTR) "token");
	pattern->token_group = group > 0 && group < 8 ? (uint8_t)group : 0;
}

static void
compile_now(struct compiler *c, const struct rule *rule,
    struct rule_pattern *pattern)
{
	PCRE2_UCHAR why[160];
	char text[256];
	size_t at = 0;
	int error;

	rules_compile_pattern(pattern, &error, &at);
	if (error == 0)
		return;
	if (pcre2_get_error_message(error, why, sizeof(why)) < 0)
		why[0] = '\0';
	(void)snprintf(text, sizeof(text), "%s at byte %zu",
	    (const char *)why, at + 1);
	fault(c, rule, pattern, text);
}

static void
set_bit(uint64_t *bits, size_t at)
{
	bits[at / 64] |= (uint64_t)1 << (at % 64);
}

/* Put the literals of PATTERN into the filter; sets that it cannot see are as
 * good as found. */
static void
filter_pattern(struct ruleset *rules, struct rule_pattern *pattern)
{
	struct literal_set sets[PATTERN_SETS];
	size_t count = 1;

	if (is_plain(pattern)) {
		sets[0].count = 1;
		sets[0].items[0] = pattern->source;
	} else {
		count = rules_literals(pattern->source, sets, &rules->arena);
	}
	pattern->has_token = slice_find(pattern->source,
	    SLICE("(?<token>")) != NULL;
	for (size_t i = 0; i < PATTERN_SETS; i++) {
		size_t bit = i * rules->words * 64 + pattern->number;

		if (i >= count)
			set_bit(rules->always, bit);
		for (size_t j = 0; i < count && j < sets[i].count; j++)
			if (!literal_filter_add(rules->filter,
			    sets[i].items[j], (uint32_t)bit))
				set_bit(rules->always, bit);
	}
}

static void
filter_rules(struct ruleset *rules)
{
	uint32_t patterns = 0;

	for (size_t i = 0; i < rules->count; i++)
		patterns += (uint32_t)rules->rules[i]->pattern_count;
	rules->words = patterns / 64 + 1;
	rules->filter = literal_filter_new();
	rules->place_of = mx_calloc(patterns + 1, sizeof(*rules->place_of));
	rules->always = mx_calloc(rules->words * PATTERN_SETS,
	    sizeof(*rules->always));
	rules->found = mx_calloc(rules->words * PATTERN_SETS,
	    sizeof(*rules->found));
	rules->wordless = mx_calloc(rules->count, sizeof(*rules->wordless));
	patterns = 0;
	for (uint32_t place = 0; place < rules->count; place++) {
		struct rule *rule = rules->rules[place];

		if (rule->pattern_count == 0)
			rules->wordless[rules->wordless_count++] = place;
		for (size_t i = 0; i < rule->pattern_count; i++) {
			rules->place_of[patterns] = place;
			rule->patterns[i].number = patterns++;
			filter_pattern(rules, &rule->patterns[i]);
		}
	}
	literal_filter_finish(rules->filter);
}

static void
make_match_tools(struct ruleset *rules)
{
	pcre2_match_context *context = pcre2_match_context_create(NULL);
	pcre2_match_data *data = pcre2_match_data_create(8, NULL);

	if (context == NULL || data == NULL)
		mx_oom();
	(void)pcre2_set_match_limit(context, LIMIT_PCRE_MATCH);
	(void)pcre2_set_depth_limit(context, LIMIT_PCRE_DEPTH);
	(void)pcre2_set_heap_limit(context, LIMIT_PCRE_HEAP_KIB);
	rules->match_context = context;
	rules->match_data = data;
}

static void
compile_rule(struct compiler *c, struct rule *rule)
{
	for (size_t j = 0; j < rule->pattern_count; j++)
		compile_now(c, rule, &rule->patterns[j]);
	for (size_t j = 0; j < rule->own_ip_count; j++)
		compile_now(c, rule, &rule->own_ips[j]);
	for (size_t j = 0; j < rule->token_count; j++)
		if (rule->tokens[j].kind == TOKEN_PATTERN)
			compile_now(c, rule, &rule->tokens[j].pattern);
}

enum mx_code
rules_compile(struct ruleset *rules, bool all, struct strbuf *problems,
    struct mx_err *err)
{
	struct compiler c = { .rules = rules, .problems = problems,
		.err = err, .code = MX_OK };

	rules->prose = mx_alloc(4 * LIMIT_REPLY_BYTES);
	make_match_tools(rules);
	/* the shipped ones are known to be right */
	for (size_t i = 0; i < rules->count; i++)
		if (all || rules->rules[i]->dir != 0)
			compile_rule(&c, rules->rules[i]);
	filter_rules(rules);
	rules_gates(rules);
	return problems != NULL ? MX_OK : c.code;
}

void
rules_compile_release(struct ruleset *rules)
{
	for (size_t i = 0; i < rules->count; i++) {
		struct rule *rule = rules->rules[i];

		for (size_t j = 0; j < rule->pattern_count; j++)
			pcre2_code_free(rule->patterns[j].code);
		for (size_t j = 0; j < rule->own_ip_count; j++)
			pcre2_code_free(rule->own_ips[j].code);
		for (size_t j = 0; j < rule->token_count; j++)
			pcre2_code_free(rule->tokens[j].pattern.code);
	}
	literal_filter_free(rules->filter);
	free(rules->always);
	free(rules->found);
	free(rules->gates);
	free(rules->place_of);
	free(rules->wordless);
	free(rules->prose);
	pcre2_match_data_free(rules->match_data);
	pcre2_match_context_free(rules->match_context);
}
