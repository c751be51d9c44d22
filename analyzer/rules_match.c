/* SPDX-License-Identifier: BSD-2-Clause */
/* Which rule decides. The literal filter names the candidates, their rank and
 * their place order them, and each is tried by itself: one big alternation is
 * seven times slower. */
#include "analyzer/rules.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>

#include "analyzer/literal_filter.h"
#include "analyzer/providers.h"
#include "base/hash.h"
#include "base/limits.h"

/* Order of evidence. */
enum rank {
	RANK_OWN,     /* names the provider */
	RANK_FAMILY,  /* names the provider's family */
	RANK_OTHER,   /* names another provider, but its token is unmistakable */
	RANK_TEXT,    /* words */
	RANK_DSN,     /* enhanced code without words */
	RANK_CODE,    /* bare code */
	RANK_NONE
};

/* More candidates than this are an attack; the first ones in order count. */
enum { CANDIDATES_MAX = 256 };

struct candidate {
	uint32_t order; /* rank and place */
	bool has_tokens;
	struct rule *rule;
};

struct matcher {
	struct ruleset *rules;
	const struct rule_query *query;
	struct slice family;
	uint64_t provider_bits;
	struct slice full, prose;
	struct candidate candidates[CANDIDATES_MAX];
	size_t count;
};

/* --- one pattern ---------------------------------------------------------*/

/* ASCII without case; the filter's hit is only for the literal's start. */
static const char *
find_nocase(struct slice text, struct slice literal)
{
	char first = ascii_lower(literal.ptr[0]);

	for (size_t i = 0; i + literal.len <= text.len; i++)
		if (ascii_lower(text.ptr[i]) == first && slice_eq_nocase(
		    slice_of(text.ptr + i, literal.len), literal))
			return text.ptr + i;
	return NULL;
}

static bool
is_name_byte(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_';
}

/* ZONE as a whole name or the end of one; the token is the name as written,
 * without the masked labels in front of it. */
static bool
find_zone(struct slice text, struct slice zone, struct slice *token_r)
{
	const char *end = text.ptr + text.len, *from = text.ptr, *at;

	for (; (at = find_nocase(slice_between(from, end), zone)) != NULL;
	    from = at + 1) {
		const char *begin = at, *behind = at + zone.len;

		if (at > text.ptr && is_name_byte(at[-1]))
			continue;
		if (behind < end && (is_name_byte(*behind) ||
		    (*behind == '.' && behind + 1 < end &&
		    is_name_byte(behind[1]))))
			continue;
		while (begin > text.ptr &&
		    (is_name_byte(begin[-1]) || begin[-1] == '.'))
			begin--;
		if (*begin == '.') /* behind a masked label */
			begin++;
		*token_r = slice_between(begin, behind);
		return true;
	}
	return false;
}

static bool
is_limit(int status)
{
	return status == PCRE2_ERROR_MATCHLIMIT ||
	    status == PCRE2_ERROR_DEPTHLIMIT ||
	    status == PCRE2_ERROR_HEAPLIMIT ||
	    status == PCRE2_ERROR_JIT_STACKLIMIT;
}

/* Number of groups that were set, 0 = no match. */
static int
run_pattern(struct ruleset *rules, struct rule_pattern *pattern,
    struct slice text, bool *limit_r)
{
	int status;

	if (!pattern->is_compiled) {
		size_t unused;

		rules_compile_pattern(pattern, &status, &unused);
	}
	if (pattern->code == NULL)
		return 0;
	if (!pattern->is_jit_tried) {
		/* without machine code the interpreter does it, slower */
		(void)pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE);
		pattern->is_jit_tried = true;
	}
	status = pcre2_match(pattern->code,
	    (PCRE2_SPTR)(const void *)text.ptr, text.len, 0,
	    PCRE2_NO_UTF_CHECK, rules->match_data, rules->match_context);
	if (status == PCRE2_ERROR_NOMEMORY)
		mx_oom();
	if (is_limit(status))
		*limit_r = true;
	if (status == 0) /* more groups than the match data holds */
		return 8;
	return status > 0 ? status : 0;
}

static struct slice
group_text(const struct ruleset *rules, struct slice text, unsigned group)
{
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(rules->match_data);

	if (at[2 * group] == PCRE2_UNSET || at[2 * group] > at[2 * group + 1])
		return SLICE_NONE;
	return slice_of(text.ptr + at[2 * group],
	    at[2 * group + 1] - at[2 * group]);
}

bool
rules_pattern_fits(struct ruleset *rules, struct rule_pattern *pattern,
    struct slice text, struct slice *token_r, bool *limit_r)
{
	int groups;

	*token_r = SLICE_NONE;
	if (pattern->kind == PATTERN_TEXT)
		return find_nocase(text, pattern->source) != NULL;
	if (pattern->kind == PATTERN_ZONE)
		return find_zone(text, pattern->source, token_r);
	groups = run_pattern(rules, pattern, text, limit_r);
	if (groups == 0)
		return false;
	if (pattern->token_group != 0 && groups > pattern->token_group)
		*token_r = group_text(rules, text, pattern->token_group);
	return true;
}

/* --- one rule ------------------------------------------------------------*/

static bool
code_fits(const struct rule *rule, uint16_t code)
{
	for (size_t i = 0; i < rule->code_count; i++)
		if (code >= rule->codes[i].from && code <= rule->codes[i].to)
			return true;
	return rule->code_count == 0;
}

static bool
in_range(const struct dsn_range *range, const struct rule_query *query)
{
	return query->dsn_class != 0 &&
	    (range->class == 0 || range->class == query->dsn_class) &&
	    query->dsn_subject >= range->subject_from &&
	    query->dsn_subject <= range->subject_to &&
	    query->dsn_detail >= range->detail_from &&
	    query->dsn_detail <= range->detail_to;
}

static bool
dsn_fits(const struct rule *rule, const struct rule_query *query)
{
	for (size_t i = 0; i < rule->dsn_count; i++)
		if (in_range(&rule->dsns[i], query))
			return true;
	return rule->dsn_count == 0;
}

static bool
conditions_fit(const struct rule_gate *gate, const struct rule *rule,
    const struct rule_query *query)
{
	if (gate->stages != 0 &&
	    (gate->stages & (1u << query->stage)) == 0)
		return false;
	if (gate->speaker != SPEAKER_ANY && gate->speaker != query->speaker)
		return false;
	return (!gate->has_codes || code_fits(rule, query->code)) &&
	    (!gate->has_dsns || dsn_fits(rule, query));
}

static bool
has_bit(const uint64_t *bits, size_t at)
{
	return (bits[at / 64] >> (at % 64) & 1) != 0;
}

static bool
rule_fits(struct matcher *m, struct rule *rule, struct slice *token_r,
    bool *limit_r)
{
	*token_r = SLICE_NONE;
	for (size_t i = 0; i < rule->pattern_count; i++) {
		struct rule_pattern *pattern = &rule->patterns[i];

		if (has_bit(m->rules->found, pattern->number) &&
		    rules_pattern_fits(m->rules, pattern,
		    pattern->kind == PATTERN_LINK ? m->full : m->prose,
		    token_r, limit_r))
			return true;
	}
	return rule->pattern_count == 0;
}

/* --- candidates ----------------------------------------------------------*/

static bool
names_provider(const struct rule *rule, struct slice key)
{
	if (key.len == 0)
		return false;
	for (size_t i = 0; i < rule->provider_count; i++)
		if (slice_eq(rule->providers[i], key))
			return true;
	return false;
}

static uint64_t
provider_bit(struct slice key)
{
	return key.len == 0 ? 0 : (uint64_t)1 <<
	    (hash_slice(key, 0) % 64);
}

static enum rank
rank_of(const struct matcher *m, const struct rule_gate *gate,
    const struct rule *rule)
{
	if ((gate->provider_bits & m->provider_bits) != 0) {
		if (names_provider(rule, m->query->provider))
			return RANK_OWN;
		if (names_provider(rule, m->family))
			return RANK_FAMILY;
	}
	return (enum rank)gate->rank;
}

static enum rank
rank_of_stranger(const struct rule *rule)
{
	if (!rule->is_for_all)
		return RANK_NONE;
	if (rule->provider_count != 0)
		return RANK_OTHER;
	if (rule->pattern_count != 0)
		return RANK_TEXT;
	return rule->dsn_count != 0 ? RANK_DSN : RANK_CODE;
}

static bool
has_tokens(const struct rule *rule)
{
	for (size_t i = 0; i < rule->pattern_count; i++)
		if (rule->patterns[i].has_token ||
		    rule->patterns[i].kind == PATTERN_ZONE)
			return true;
	return rule->token_count != 0;
}

void
rules_gates(struct ruleset *rules)
{
	rules->gates = mx_calloc(rules->count, sizeof(*rules->gates));
	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *rule = rules->rules[i];
		struct rule_gate *gate = &rules->gates[i];

		for (size_t j = 0; j < rule->provider_count; j++)
			gate->provider_bits |=
			    provider_bit(rule->providers[j]);
		gate->stages = rule->stages;
		gate->speaker = (uint8_t)rule->speaker;
		gate->rank = (uint8_t)rank_of_stranger(rule);
		gate->has_codes = rule->code_count != 0;
		gate->has_dsns = rule->dsn_count != 0;
		gate->has_tokens = has_tokens(rule);
	}
}

/* Keeps the candidates in order; there are few. */
static void
add_candidate(struct matcher *m, size_t number)
{
	const struct rule_gate *gate = &m->rules->gates[number];
	struct rule *rule = m->rules->rules[number];
	enum rank rank = rank_of(m, gate, rule);
	uint32_t order = ((uint32_t)rank << 24) | (uint32_t)number;
	size_t at;

	if (rank == RANK_NONE || !conditions_fit(gate, rule, m->query))
		return;
	if (m->count == CANDIDATES_MAX) {
		if (m->candidates[m->count - 1].order < order)
			return;
		m->count--;
	}
	for (at = m->count++; at > 0 && m->candidates[at - 1].order > order;
	    at--)
		m->candidates[at] = m->candidates[at - 1];
	m->candidates[at] =
	    (struct candidate){ order, gate->has_tokens, rule };
}

/* The rules of the patterns that have a literal of each set; a rule's patterns
 * follow each other. */
static void
find_candidates(struct matcher *m)
{
	struct ruleset *rules = m->rules;
	uint64_t *found = rules->found;
	size_t words = rules->words;
	uint32_t last = UINT32_MAX;

	memcpy(found, rules->always, PATTERN_SETS * words * sizeof(*found));
	literal_filter_scan(rules->filter, m->full, found);
	for (size_t i = 0; i < words; i++) {
		for (size_t set = 1; set < PATTERN_SETS; set++)
			found[i] &= found[set * words + i];
		for (uint64_t bits = found[i]; bits != 0; bits &= bits - 1) {
			uint32_t place = rules->place_of[i * 64 +
			    (size_t)__builtin_ctzll(bits)];

			if (place != last)
				add_candidate(m, place);
			last = place;
		}
	}
	for (size_t i = 0; i < rules->wordless_count; i++)
		add_candidate(m, rules->wordless[i]);
}

/* --- tokens and own address ----------------------------------------------*/

/* A token that another one contains says nothing new. */
static void
add_token(struct rule_decision *decision, struct slice token)
{
	if (token.len == 0 || decision->token_count == TOKENS_MAX)
		return;
	for (unsigned i = 0; i < decision->token_count; i++)
		if (find_nocase(decision->tokens[i], token) != NULL)
			return;
	decision->tokens[decision->token_count++] = token;
}

static struct slice
dsn_token(const struct matcher *m, const struct dsn_range *range,
    struct rule_decision *decision)
{
	const struct rule_query *q = m->query;
	int len;

	if (!in_range(range, q))
		return SLICE_NONE;
	len = snprintf(decision->dsn_text, sizeof(decision->dsn_text),
	    "%u.%u.%u", (unsigned)q->dsn_class, (unsigned)q->dsn_subject,
	    (unsigned)q->dsn_detail);
	return slice_of(decision->dsn_text, len > 0 ? (size_t)len : 0);
}

static void
add_tokens(struct matcher *m, struct rule *rule, struct slice matched,
    struct rule_decision *decision)
{
	add_token(decision, matched);
	for (unsigned i = 0; i < rule->token_count; i++) {
		struct rule_token *token = &rule->tokens[i];
		bool limit = false;

		if (token->kind == TOKEN_TEXT) {
			add_token(decision, token->text);
		} else if (token->kind == TOKEN_DSN) {
			add_token(decision, dsn_token(m,
			    &token->range, decision));
		} else if (run_pattern(m->rules, &token->pattern, m->full,
		    &limit) != 0) {
			unsigned group = token->pattern.token_group;

			add_token(decision,
			    group_text(m->rules, m->full, group));
		}
	}
}

/* Which of the text's addresses the rule calls ours: its pattern's match holds
 * an <ip>, and those before it are counted. */
static int
find_own_ip(struct matcher *m, struct rule *rule)
{
	const struct slice mark = SLICE("<ip>");

	for (size_t i = 0; i < rule->own_ip_count; i++) {
		bool limit = false;
		struct slice found, before;
		const char *at;
		int index = 0;

		if (run_pattern(m->rules, &rule->own_ips[i], m->full,
		    &limit) == 0)
			continue;
		found = group_text(m->rules, m->full, 0);
		at = slice_find(found, mark);
		if (at == NULL)
			continue;
		before = slice_between(m->full.ptr, at);
		while ((at = slice_find(before, mark)) != NULL) {
			before = slice_between(at + mark.len,
			    before.ptr + before.len);
			index++;
		}
		if ((unsigned)index < m->query->mask->ip_count)
			return index;
	}
	return -1;
}

/* --- the decision --------------------------------------------------------*/

/* Links are blanked, not cut, so that offsets stay. */
static void
make_prose(struct matcher *m)
{
	const struct reply_mask *mask = m->query->mask;

	m->full = slice_of(mask->text, mask->len);
	m->prose = m->full;
	if (mask->link_count == 0)
		return;
	memcpy(m->rules->prose, mask->text, mask->len);
	for (unsigned i = 0; i < mask->link_count; i++)
		memset(m->rules->prose + mask->links[i].begin, ' ',
		    (size_t)(mask->links[i].end - mask->links[i].begin));
	m->prose.ptr = m->rules->prose;
}

static void
find_family(struct matcher *m)
{
	const struct provider_info *info = NULL;

	if (m->rules->providers != NULL && m->query->provider.len != 0)
		info = providers_by_key(m->rules->providers,
		    m->query->provider);
	m->family = info != NULL ? info->family : SLICE_NONE;
	m->provider_bits = provider_bit(m->query->provider) |
	    provider_bit(m->family);
}

static void
prepare(struct matcher *m, struct ruleset *rules,
    const struct rule_query *query)
{
	m->rules = rules;
	m->query = query;
	m->count = 0;
	make_prose(m);
	find_family(m);
	find_candidates(m);
}

/* Is candidate I worth a try once a rule has decided? Words of a list behind
 * the decision add its name, codes add nothing to words. */
static bool
may_add_token(const struct matcher *m, size_t i)
{
	return (m->candidates[i].order >> 24) < RANK_DSN &&
	    m->candidates[i].has_tokens;
}

void
rules_decide(struct ruleset *rules, const struct rule_query *query,
    struct rule_decision *decision)
{
	struct matcher m;

	*decision = (struct rule_decision){ .own_ip = -1 };
	prepare(&m, rules, query);
	for (size_t i = 0; i < m.count; i++) {
		struct rule *rule = m.candidates[i].rule;
		struct slice token;
		bool limit = false;

		if (decision->rule != NULL && !may_add_token(&m, i))
			continue;
		if (!rule_fits(&m, rule, &token, &limit)) {
			if (!limit || decision->rule != NULL)
				continue;
			decision->limited = rule;
			return;
		}
		if (decision->rule == NULL)
			decision->rule = rule;
		add_tokens(&m, rule, token, decision);
		if (decision->own_ip < 0)
			decision->own_ip = find_own_ip(&m, rule);
	}
}

const struct rule *
rules_runner_up(struct ruleset *rules, const struct rule_query *query,
    const struct rule *decided)
{
	struct matcher m;

	prepare(&m, rules, query);
	for (size_t i = 0; i < m.count; i++) {
		struct rule *rule = m.candidates[i].rule;
		struct slice token;
		bool limit = false;

		if (rule != decided && rule_fits(&m, rule, &token, &limit))
			return rule;
	}
	return NULL;
}
