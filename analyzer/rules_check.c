/* SPDX-License-Identifier: BSD-2-Clause */
/* Rules prove themselves: every rule carries texts that it must decide and,
 * where another cause reads alike, texts that it must not. */
#include "analyzer/rules.h"

#include <stdlib.h>

#include "analyzer/providers.h"
#include "base/limits.h"

/* What a pattern must survive: long runs of what its own repeats may take. */
static const char *const hostile_pieces[] = {
	"a", " ", "1", "a ", "<ip> ", "<host> ", "a.", "-", "x=1 ", "[a] ",
};
enum { PIECES = sizeof(hostile_pieces) / sizeof(hostile_pieces[0]) };

/* Enough of a pattern, or of a literal of it, to stand behind a run. */
enum { TAIL_ROOM = 128 };

struct checker {
	struct ruleset *rules;
	struct strbuf *problems;
	struct reply_mask mask;
	struct strbuf runs[PIECES]; /* of each piece */
	struct strbuf hostile;
	size_t faults;
};

static void
fault(struct checker *c, const struct rule *rule, uint32_t line,
    const char *text, struct slice what)
{
	strbuf_addf(c->problems, "%s:%u: %.*s: %s%s%.*s\n", rule->path, line,
	    SLICE_ARG(rule->id), text, what.len != 0 ? " " : "",
	    SLICE_ARG(what));
	c->faults++;
}

/* --- examples ------------------------------------------------------------*/

static void
decide(struct checker *c, const struct rule *rule,
    const struct rule_example *example, struct rule_decision *decision)
{
	struct rule_query query = { .mask = &c->mask,
		.provider = rule->provider_count != 0 ? rule->providers[0] :
		    SLICE_NONE,
		.stage = example->stage,
		.speaker = rule->speaker == SPEAKER_OWN ?
		    SPEAKER_OWN : SPEAKER_REMOTE };

	reply_mask(&c->mask, example->text);
	query.code = c->mask.code;
	query.dsn_class = c->mask.dsn_class;
	query.dsn_subject = c->mask.dsn_subject;
	query.dsn_detail = c->mask.dsn_detail;
	rules_decide(c->rules, &query, decision);
}

static void
check_match(struct checker *c, const struct rule *rule,
    const struct rule_example *example, const struct rule *decided)
{
	char text[160];

	/* the administrator's rules may change what a vendor's example means */
	if (decided == rule || (decided != NULL && decided->dir > rule->dir))
		return;
	if (decided == NULL) {
		fault(c, rule, example->line,
		    "no rule decides this example:",
		    slice_of(c->mask.text, c->mask.len));
		return;
	}
	(void)snprintf(text, sizeof(text), "shadowed by %.*s (%s:%u):",
	    SLICE_ARG(decided->id), decided->path, decided->line);
	fault(c, rule, example->line, text,
	    slice_of(c->mask.text, c->mask.len));
}

static bool
wants_token(const struct rule *rule)
{
	for (size_t i = 0; i < rule->pattern_count; i++)
		if (rule->patterns[i].token_group != 0 ||
		    rule->patterns[i].kind == PATTERN_ZONE)
			return true;
	for (unsigned i = 0; i < rule->token_count; i++)
		if (rule->tokens[i].kind != TOKEN_DSN)
			return true;
	return false;
}

static void
check_examples(struct checker *c, const struct rule *rule)
{
	bool has_match = false, is_decided = false;
	bool has_token = false, has_own_ip = false;

	for (size_t i = 0; i < rule->example_count; i++) {
		const struct rule_example *example = &rule->examples[i];
		struct rule_decision decision;

		decide(c, rule, example, &decision);
		if (!example->must_match) {
			if (decision.rule == rule)
				fault(c, rule, example->line,
				    "decides what it must not:",
				    example->text);
			continue;
		}
		has_match = true;
		is_decided |= decision.rule == rule;
		check_match(c, rule, example, decision.rule);
		has_token |= decision.token_count != 0;
		has_own_ip |= decision.own_ip >= 0;
	}
	if (!has_match)
		fault(c, rule, rule->line, "no example", SLICE_NONE);
	else if (!is_decided)
		return;
	else if (wants_token(rule) && !has_token)
		fault(c, rule, rule->line, "no example shows its token",
		    SLICE_NONE);
	else if (rule->own_ip_count != 0 && !has_own_ip)
		fault(c, rule, rule->line, "no example shows the own address",
		    SLICE_NONE);
}

/* --- one rule and another ------------------------------------------------*/

static bool
same_slices(const struct slice *a, const struct slice *b, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!slice_eq(a[i], b[i]))
			return false;
	return true;
}

/* Everything that A asks of a text B asks too: the later one never decides. */
static bool
same_conditions(const struct rule *a, const struct rule *b)
{
	if (a->pattern_count != b->pattern_count || a->stages != b->stages ||
	    a->speaker != b->speaker || a->code_count != b->code_count ||
	    a->dsn_count != b->dsn_count ||
	    a->provider_count != b->provider_count ||
	    a->is_for_all != b->is_for_all)
		return false;
	for (size_t i = 0; i < a->pattern_count; i++)
		if (!slice_eq_nocase(a->patterns[i].source,
		    b->patterns[i].source))
			return false;
	for (size_t i = 0; i < a->code_count; i++)
		if (a->codes[i].from != b->codes[i].from ||
		    a->codes[i].to != b->codes[i].to)
			return false;
	for (size_t i = 0; i < a->dsn_count; i++)
		if (a->dsns[i].class != b->dsns[i].class ||
		    a->dsns[i].subject_from != b->dsns[i].subject_from ||
		    a->dsns[i].detail_from != b->dsns[i].detail_from ||
		    a->dsns[i].detail_to != b->dsns[i].detail_to)
			return false;
	return same_slices(a->providers, b->providers, a->provider_count);
}

static void
check_unreachable(struct checker *c, size_t number)
{
	const struct rule *rule = c->rules->rules[number];

	for (size_t i = 0; i < number; i++) {
		const struct rule *earlier = c->rules->rules[i];
		char text[160];

		if (!same_conditions(earlier, rule))
			continue;
		(void)snprintf(text, sizeof(text),
		    "unreachable, %.*s (%s:%u) asks for the same",
		    SLICE_ARG(earlier->id), earlier->path, earlier->line);
		fault(c, rule, rule->line, text, SLICE_NONE);
		return;
	}
}

static void
check_providers(struct checker *c, const struct rule *rule)
{
	if (c->rules->providers == NULL)
		return;
	for (size_t i = 0; i < rule->provider_count; i++)
		if (providers_by_key(c->rules->providers, rule->providers[i])
		    == NULL)
			fault(c, rule, rule->line, "unknown provider",
			    rule->providers[i]);
}

/* --- hostile texts -------------------------------------------------------*/

static void
fill_hostile(struct strbuf *out, struct slice piece)
{
	strbuf_reset(out);
	while (out->len + piece.len + 1 < LIMIT_REPLY_BYTES) {
		strbuf_add_slice(out, piece);
		if (piece.len > 8)
			strbuf_add_char(out, ' ');
	}
}

static bool
hits_limit(struct checker *c, struct rule_pattern *pattern,
    const struct strbuf *text)
{
	struct slice token;
	bool limit = false;

	(void)rules_pattern_fits(c->rules, pattern, strbuf_slice(text), &token,
	    &limit);
	return limit;
}

/* RUN with TAIL over its end, parted by a byte that ends what repeats. PCRE
 * looks for the bytes that a pattern needs before it tries, so they must be
 * there, but not where the pattern wants them. */
static bool
hits_limit_before(struct checker *c, struct rule_pattern *pattern,
    struct strbuf *run, struct slice tail)
{
	char kept[TAIL_ROOM];
	size_t len = tail.len < sizeof(kept) ? tail.len : sizeof(kept) - 1;
	char *end = run->ptr + run->len - len - 1;
	bool limit;

	memcpy(kept, end, len + 1);
	end[0] = '~';
	memcpy(end + 1, tail.ptr, len);
	limit = hits_limit(c, pattern, run);
	memcpy(end, kept, len + 1);
	return limit;
}

static bool
is_hostile_to(struct checker *c, struct rule_pattern *pattern)
{
	struct literal_set sets[PATTERN_SETS] = { { .count = 0 } };
	size_t count;

	(void)rules_literals(pattern->source, sets, &c->rules->arena);
	count = sets[0].count;

	for (size_t i = 0; i < PIECES; i++) {
		if (hits_limit(c, pattern, &c->runs[i]) ||
		    hits_limit_before(c, pattern, &c->runs[i],
		    pattern->source))
			return true;
		for (size_t j = 0; j < count; j++)
			if (hits_limit_before(c, pattern, &c->runs[i],
			    sets[0].items[j]))
				return true;
	}
	for (size_t i = 0; i < count; i++) {
		fill_hostile(&c->hostile, sets[0].items[i]);
		if (hits_limit(c, pattern, &c->hostile))
			return true;
	}
	return false;
}

static void
check_hostile(struct checker *c, const struct rule *rule,
    struct rule_pattern *pattern)
{
	if (pattern->code != NULL && is_hostile_to(c, pattern))
		fault(c, rule, pattern->line,
		    "runs into the match limit on a hostile text:",
		    pattern->source);
}

static void
check_patterns(struct checker *c, struct rule *rule)
{
	for (size_t i = 0; i < rule->pattern_count; i++)
		check_hostile(c, rule, &rule->patterns[i]);
	for (size_t i = 0; i < rule->own_ip_count; i++)
		check_hostile(c, rule, &rule->own_ips[i]);
	for (size_t i = 0; i < rule->token_count; i++)
		if (rule->tokens[i].kind == TOKEN_PATTERN)
			check_hostile(c, rule, &rule->tokens[i].pattern);
}

size_t
rules_check(struct ruleset *rules, struct strbuf *problems)
{
	struct checker c = { .rules = rules, .problems = problems };

	reply_mask_init(&c.mask);
	strbuf_init(&c.hostile, LIMIT_REPLY_BYTES);
	for (size_t i = 0; i < PIECES; i++) {
		strbuf_init(&c.runs[i], LIMIT_REPLY_BYTES);
		fill_hostile(&c.runs[i], slice_str(hostile_pieces[i]));
	}
	for (size_t i = 0; i < rules->count; i++) {
		check_examples(&c, rules->rules[i]);
		check_unreachable(&c, i);
		check_providers(&c, rules->rules[i]);
		check_patterns(&c, rules->rules[i]);
	}
	for (size_t i = 0; i < PIECES; i++)
		strbuf_release(&c.runs[i]);
	strbuf_release(&c.hostile);
	reply_mask_release(&c.mask);
	return c.faults;
}
