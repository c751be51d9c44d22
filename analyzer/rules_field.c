/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands behind each key of a rule: mxtrend-rules(5). */
#include "analyzer/rules_load.h"

/* --- arrays in the arena -------------------------------------------------*/

/* COUNT elements of SIZE stand at OLD; room for one more, copied when COUNT is
 * a power of two. */
static void *
grow(struct loader *l, void *old, size_t count, size_t size)
{
	void *grown;

	if (count != 0 && (count & (count - 1)) != 0)
		return old;
	grown = arena_alloc(&l->rules->arena, (count != 0 ? count * 2 : 1) *
	    size);
	if (count != 0)
		memcpy(grown, old, count * size);
	return grown;
}

/* --- values --------------------------------------------------------------*/

bool
rules_next_word(struct slice *rest, struct slice *word_r)
{
	size_t len = 0;

	*rest = slice_trim(*rest);
	while (len < rest->len && !ascii_is_space(rest->ptr[len]))
		len++;
	*word_r = slice_of(rest->ptr, len);
	*rest = slice_skip(*rest, len);
	return len != 0;
}

static void
set_providers(struct loader *l, uint32_t line, struct slice value)
{
	struct rule *rule = l->rule;
	struct slice word;

	rule->providers = NULL;
	rule->provider_count = 0;
	rule->is_for_all = false;
	while (rules_next_word(&value, &word)) {
		if (slice_eq(word, SLICE("*"))) {
			rule->is_for_all = true;
			continue;
		}
		rule->providers = grow(l, rule->providers,
		    rule->provider_count, sizeof(*rule->providers));
		rule->providers[rule->provider_count++] = word;
	}
	if (rule->provider_count == 0 && !rule->is_for_all)
		rules_fault(l, line, "provider without a key", SLICE_NONE);
}

static enum stage
stage_by_name(struct slice name)
{
	for (int stage = STAGE_NONE + 1; stage < STAGES; stage++)
		if (slice_eq(name, slice_str(stage_name((enum stage)stage))))
			return (enum stage)stage;
	return STAGE_NONE;
}

/* "none" stands for an unknown stage. */
static void
set_stages(struct loader *l, uint32_t line, struct slice value)
{
	struct slice word;

	l->rule->stages = 0;
	while (rules_next_word(&value, &word)) {
		enum stage stage = stage_by_name(word);

		if (stage == STAGE_NONE && !slice_eq(word, SLICE("none")))
			rules_fault(l, line, "unknown stage", word);
		l->rule->stages |= (uint16_t)(1u << stage);
	}
}

static void
set_said_by(struct loader *l, uint32_t line, struct slice value)
{
	if (slice_eq(value, SLICE("remote")))
		l->rule->speaker = SPEAKER_REMOTE;
	else if (slice_eq(value, SLICE("own")))
		l->rule->speaker = SPEAKER_OWN;
	else if (slice_eq(value, SLICE("any")))
		l->rule->speaker = SPEAKER_ANY;
	else
		rules_fault(l, line, "said-by is remote, own or any, not", value);
}

static bool
parse_code_range(struct slice word, struct code_range *range_r)
{
	uint64_t from, to;
	size_t digits;

	if (word.len == 3 && word.ptr[1] == 'x' && word.ptr[2] == 'x' &&
	    word.ptr[0] >= '2' && word.ptr[0] <= '5') {
		range_r->from = (uint16_t)((word.ptr[0] - '0') * 100);
		range_r->to = (uint16_t)(range_r->from + 99);
		return true;
	}
	digits = slice_number(word, 599, &from);
	if (digits != 3)
		return false;
	to = from;
	if (word.len == 7 && word.ptr[3] == '-' &&
	    slice_number(slice_skip(word, 4), 599, &to) != 3)
		return false;
	range_r->from = (uint16_t)from;
	range_r->to = (uint16_t)to;
	return (word.len == 3 || word.len == 7) && from >= 200 && from <= to;
}

static void
add_codes(struct loader *l, uint32_t line, struct slice value)
{
	struct rule *rule = l->rule;
	struct slice word;

	while (rules_next_word(&value, &word)) {
		struct code_range range;

		if (!parse_code_range(word, &range)) {
			rules_fault(l, line, "code is 550, 5xx or 500-504, not",
			    word);
			return;
		}
		rule->codes = grow(l, rule->codes, rule->code_count,
		    sizeof(*rule->codes));
		rule->codes[rule->code_count++] = range;
	}
}

/* A number or "x"; the range it stands for. */
static size_t
parse_dsn_part(struct slice s, uint16_t *from_r, uint16_t *to_r)
{
	uint64_t value;
	size_t digits;

	if (s.len != 0 && s.ptr[0] == 'x') {
		*from_r = 0;
		*to_r = 999;
		return 1;
	}
	digits = slice_number(s, 999, &value);
	if (digits != 0)
		*from_r = *to_r = (uint16_t)value;
	return digits;
}

/* "5.7.1", "x.7.1", "5.7.x", "5.7.606-649". */
static bool
parse_dsn_range(struct slice word, struct dsn_range *range_r)
{
	uint16_t class_from = 0, class_to = 0, unused;
	size_t len = parse_dsn_part(word, &class_from, &class_to);

	word = slice_skip(word, len);
	if (len != 1 || word.len == 0 || word.ptr[0] != '.')
		return false;
	range_r->class = class_from == class_to ? (uint8_t)class_from : 0;
	word = slice_skip(word, 1);
	len = parse_dsn_part(word, &range_r->subject_from,
	    &range_r->subject_to);
	word = slice_skip(word, len);
	if (len == 0 || word.len == 0 || word.ptr[0] != '.')
		return false;
	word = slice_skip(word, 1);
	len = parse_dsn_part(word, &range_r->detail_from, &range_r->detail_to);
	word = slice_skip(word, len);
	if (len == 0)
		return false;
	if (word.len != 0 && word.ptr[0] == '-') {
		word = slice_skip(word, 1);
		len = parse_dsn_part(word, &unused, &range_r->detail_to);
		if (len == 0)
			return false;
		word = slice_skip(word, len);
	}
	return word.len == 0 && range_r->detail_from <= range_r->detail_to;
}

static void
add_dsns(struct loader *l, uint32_t line, struct slice value)
{
	struct rule *rule = l->rule;
	struct slice word;

	while (rules_next_word(&value, &word)) {
		struct dsn_range range;

		if (!parse_dsn_range(word, &range)) {
			rules_fault(l, line,
			    "dsn is 5.7.1, x.7.1, 5.7.x or 5.7.1-9, not",
			    word);
			return;
		}
		rule->dsns = grow(l, rule->dsns, rule->dsn_count,
		    sizeof(*rule->dsns));
		rule->dsns[rule->dsn_count++] = range;
	}
}

/* REASON SCOPE SEVERITY[/SEVERITY-WHEN-TEMPORARY] explicit|inferred */
static void
set_class(struct loader *l, uint32_t line, struct slice value)
{
	struct rule *rule = l->rule;
	struct slice word, second = SLICE_NONE;
	const char *slash;

	(void)rules_next_word(&value, &word);
	rule->reason = reason_by_name(word);
	if (rule->reason == REASON_NONE)
		rules_fault(l, line, "unknown reason", word);
	(void)rules_next_word(&value, &word);
	rule->scope = scope_by_name(word);
	if (rule->scope == SCOPE_NONE)
		rules_fault(l, line, "unknown scope", word);
	(void)rules_next_word(&value, &word);
	slash = slice_chr(word, '/');
	if (slash != NULL) {
		second = slice_between(slash + 1, word.ptr + word.len);
		word = slice_between(word.ptr, slash);
	}
	rule->severity = severity_by_name(word);
	rule->temporary_severity = slash != NULL ?
	    severity_by_name(second) : rule->severity;
	if (rule->severity == SEVERITY_NONE ||
	    rule->temporary_severity == SEVERITY_NONE)
		rules_fault(l, line, "unknown severity", word);
	(void)rules_next_word(&value, &word);
	rule->is_explicit = slice_eq(word, SLICE("explicit"));
	if (!rule->is_explicit && !slice_eq(word, SLICE("inferred")))
		rules_fault(l, line, "class ends in explicit or inferred, not",
		    word);
}

static void
add_pattern(struct loader *l, uint32_t line, struct slice value,
    enum pattern_kind kind)
{
	struct rule *rule = l->rule;

	if (value.len == 0) {
		rules_fault(l, line, "empty pattern", SLICE_NONE);
		return;
	}
	rule->patterns = grow(l, rule->patterns, rule->pattern_count,
	    sizeof(*rule->patterns));
	rule->patterns[rule->pattern_count++] = (struct rule_pattern){
		.source = value, .line = line, .kind = kind };
}

/* token dsn [RANGE] | token text WORD | token pcre PATTERN */
static void
add_token(struct loader *l, uint32_t line, struct slice value)
{
	struct rule *rule = l->rule;
	struct rule_token token = { .kind = TOKEN_TEXT,
		.range = { 0, 0, 999, 0, 999 } };
	struct slice word;

	(void)rules_next_word(&value, &word);
	value = slice_trim(value);
	token.text = value;
	token.pattern = (struct rule_pattern){ .source = value, .line = line,
		.kind = PATTERN_LINK };
	if (slice_eq(word, SLICE("dsn")) && (value.len == 0 ||
	    parse_dsn_range(value, &token.range)))
		token.kind = TOKEN_DSN;
	else if (slice_eq(word, SLICE("pcre")) && value.len != 0)
		token.kind = TOKEN_PATTERN;
	else if (!slice_eq(word, SLICE("text")) || value.len == 0)
		rules_fault(l, line, "token is dsn [RANGE], text WORD or pcre PATTERN",
		    SLICE_NONE);
	if (rule->token_count == RULE_TOKENS)
		rules_fault(l, line, "too many tokens in one rule", SLICE_NONE);
	else
		rule->tokens[rule->token_count++] = token;
}

static void
add_own_ip(struct loader *l, uint32_t line, struct slice value)
{
	struct rule *rule = l->rule;

	rule->own_ips = grow(l, rule->own_ips, rule->own_ip_count,
	    sizeof(*rule->own_ips));
	/* "first": the first address of the text, wherever it stands */
	rule->own_ips[rule->own_ip_count++] = (struct rule_pattern){
		.source = slice_eq(value, SLICE("first")) ?
		    SLICE("<ip>") : value,
		.line = line, .kind = PATTERN_LINK };
	if (slice_find(value, SLICE("<ip>")) == NULL &&
	    !slice_eq(value, SLICE("first")))
		rules_fault(l, line, "own-ip pattern without <ip>", value);
}

/* "@rcpt text": the example at a stage of the dialogue. */
static void
add_example(struct loader *l, uint32_t line, struct slice value,
    bool must_match)
{
	struct rule *rule = l->rule;
	struct rule_example example = { .text = value, .line = line,
		.must_match = must_match };
	struct slice word;

	if (value.len != 0 && value.ptr[0] == '@') {
		(void)rules_next_word(&value, &word);
		example.stage = stage_by_name(slice_skip(word, 1));
		example.text = slice_trim(value);
		if (example.stage == STAGE_NONE)
			rules_fault(l, line, "unknown stage", word);
	}
	rule->examples = grow(l, rule->examples, rule->example_count,
	    sizeof(*rule->examples));
	rule->examples[rule->example_count++] = example;
}

/* --- keys ----------------------------------------------------------------*/

static void
on_contains(struct loader *l, uint32_t line, struct slice value)
{
	add_pattern(l, line, value, PATTERN_TEXT);
}

static void
on_pcre(struct loader *l, uint32_t line, struct slice value)
{
	add_pattern(l, line, value, PATTERN_PCRE);
}

static void
on_link(struct loader *l, uint32_t line, struct slice value)
{
	add_pattern(l, line, value, PATTERN_LINK);
}

/* Names of block lists, each with the names below it. */
static void
on_zone(struct loader *l, uint32_t line, struct slice value)
{
	struct slice word;

	while (rules_next_word(&value, &word))
		add_pattern(l, line, word, PATTERN_ZONE);
}

static void
on_meaning(struct loader *l, uint32_t line, struct slice value)
{
	(void)line;
	l->rule->meaning = value;
}

static void
on_remedy(struct loader *l, uint32_t line, struct slice value)
{
	(void)line;
	l->rule->remedy = value;
}

static void
on_url(struct loader *l, uint32_t line, struct slice value)
{
	(void)line;
	l->rule->url = value;
}

static void
on_source(struct loader *l, uint32_t line, struct slice value)
{
	(void)line;
	l->rule->source = value;
}

static void
on_match(struct loader *l, uint32_t line, struct slice value)
{
	add_example(l, line, value, true);
}

static void
on_neighbour(struct loader *l, uint32_t line, struct slice value)
{
	add_example(l, line, value, false);
}

static const struct {
	const char *name;
	void (*set)(struct loader *l, uint32_t line, struct slice value);
} keys[] = {
	{ "=", on_match }, { "!", on_neighbour },
	{ "contains", on_contains }, { "pcre", on_pcre }, { "link", on_link },
	{ "zone", on_zone },
	{ "class", set_class }, { "provider", set_providers },
	{ "stage", set_stages }, { "said-by", set_said_by },
	{ "code", add_codes }, { "dsn", add_dsns }, { "token", add_token },
	{ "own-ip", add_own_ip }, { "meaning", on_meaning },
	{ "remedy", on_remedy }, { "url", on_url }, { "source", on_source },
};

bool
rules_set_field(struct loader *l, uint32_t line, struct slice key,
    struct slice value)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (slice_eq(key, slice_str(keys[i].name))) {
			keys[i].set(l, line, value);
			return true;
		}
	return false;
}
