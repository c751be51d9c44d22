/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/classify.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/reply_frame.h"
#include "analyzer/reply_mask.h"
#include "analyzer/rules.h"
#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"

/* All that an answer depends on besides the masked text and the provider. */
struct situation {
	uint16_t code;
	uint8_t dsn_class;
	uint8_t stage, outcome, speaker;
	uint16_t dsn_subject, dsn_detail;
};

/* With a part of the hash, so that most of those that meet are told apart
 * without a look at the answers, which lie all over memory. */
struct slot {
	uint32_t tag;
	uint32_t number; /* of the answer + 1, 0 = free */
};

struct cached {
	struct slice provider;
	struct situation situation;
	int own_ip; /* index among the masked addresses, -1 = none */
	struct classification class;
	const struct rule *rule;
};

struct classifier {
	struct ruleset *rules;
	struct reply_mask mask;
	struct arena text;         /* of the cached answers */
	size_t text_bytes;
	struct cached *cached;
	size_t count, room;
	struct slot *slots;
	uint64_t seed;
	char version[64];
};

enum { SLOTS = 2 * LIMIT_REPLY_CACHE };

enum mx_code
classifier_read(const char *const *rule_dirs, size_t dir_count,
    struct classifier **classifier_r, struct mx_err *err)
{
	struct classifier *classifier;
	struct ruleset *rules;
	enum mx_code code = rules_read(rule_dirs, dir_count, &rules, NULL,
	    err);

	if (code != MX_OK)
		return code;
	classifier = mx_calloc(1, sizeof(*classifier));
	classifier->rules = rules;
	classifier->seed = hash_random_seed();
	classifier->slots = mx_calloc(SLOTS, sizeof(*classifier->slots));
	arena_init(&classifier->text);
	reply_mask_init(&classifier->mask);
	(void)snprintf(classifier->version, sizeof(classifier->version),
	    "%.*s%s(%zu rules)", SLICE_ARG(rules->version),
	    rules->version.len != 0 ? " " : "", rules->count);
	*classifier_r = classifier;
	return MX_OK;
}

enum mx_code
classifier_prepare(struct classifier *classifier, struct mx_err *err)
{
	return rules_prepare(classifier->rules, err);
}

enum mx_code
classifier_open(const char *const *rule_dirs, size_t dir_count,
    struct classifier **classifier_r, struct mx_err *err)
{
	struct classifier *classifier;
	enum mx_code code =
	    classifier_read(rule_dirs, dir_count, &classifier, err);

	if (code != MX_OK)
		return code;
	code = classifier_prepare(classifier, err);
	if (code == MX_OK)
		*classifier_r = classifier;
	else
		classifier_close(classifier);
	return code;
}

void
classifier_close(struct classifier *classifier)
{
	if (classifier == NULL)
		return;
	rules_close(classifier->rules);
	reply_mask_release(&classifier->mask);
	arena_release(&classifier->text);
	free(classifier->cached);
	free(classifier->slots);
	free(classifier);
}

const char *
classifier_version(const struct classifier *classifier)
{
	return classifier->version;
}

size_t
classifier_rule_count(const struct classifier *classifier)
{
	return classifier->rules->count;
}

/* --- the question --------------------------------------------------------*/

/* What the text says of itself comes before what was logged: Postfix logs
 * 5.0.0 where the reply had no enhanced code. */
static struct situation
situation_of(const struct reply_mask *mask,
    const struct classify_query *query)
{
	struct situation s = { .code = mask->code, .stage =
	    (uint8_t)query->stage, .outcome = (uint8_t)query->outcome,
		.speaker = query->is_own_text ? SPEAKER_OWN : SPEAKER_REMOTE,
		.dsn_class = mask->dsn_class,
		.dsn_subject = mask->dsn_subject,
		.dsn_detail = mask->dsn_detail };

	if (s.code == 0)
		s.code = query->reply_code;
	if (s.dsn_class == 0 && query->dsn.len != 0 &&
	    reply_mask_dsn(query->dsn, &s.dsn_class, &s.dsn_subject,
	    &s.dsn_detail) == 0)
		s.dsn_class = 0;
	return s;
}

static bool
is_temporary(const struct situation *s)
{
	if (s->code != 0)
		return s->code < 500;
	if (s->dsn_class != 0)
		return s->dsn_class < 5;
	return s->outcome != OUTCOME_BOUNCED;
}

/* An echo repeats the frame of the reply that marked the destination dead;
 * a text that is called the MTA's own may be one as well. */
static struct classify_query
without_frame(const struct classify_query *query)
{
	struct classify_query inner = *query;
	struct reply_frame frame;

	if (!slice_starts(query->reply, SLICE("host ")) &&
	    !slice_starts(query->reply, SLICE("delivery temporarily ")))
		return inner;
	reply_unframe(query->reply, &frame);
	inner.reply = frame.reply;
	inner.is_own_text = frame.is_own_text;
	if (inner.stage == STAGE_NONE)
		inner.stage = frame.stage;
	return inner;
}

/* --- the cache -----------------------------------------------------------*/

/* The text's hash waits for nothing else, since it is the longest. */
static uint64_t
hash_question(const struct classifier *classifier, struct slice provider,
    const struct situation *s)
{
	uint64_t packed = (uint64_t)s->code | (uint64_t)s->dsn_class << 16 |
	    (uint64_t)s->stage << 20 | (uint64_t)s->outcome << 24 |
	    (uint64_t)s->speaker << 28 | (uint64_t)s->dsn_subject << 32 |
	    (uint64_t)s->dsn_detail << 48;
	uint64_t h = hash_bytes(classifier->mask.text, classifier->mask.len,
	    classifier->seed);

	return hash_mix(h, hash_slice(provider, classifier->seed ^ packed));
}

static bool
same_situation(const struct situation *a, const struct situation *b)
{
	return a->code == b->code && a->dsn_class == b->dsn_class &&
	    a->stage == b->stage && a->outcome == b->outcome &&
	    a->speaker == b->speaker && a->dsn_subject == b->dsn_subject &&
	    a->dsn_detail == b->dsn_detail;
}

/* The slot of the answer, or the free one where it would be. */
static struct slot *
find_slot(const struct classifier *classifier, uint64_t hash,
    struct slice provider, const struct situation *situation)
{
	size_t at = (size_t)hash & (SLOTS - 1);
	uint32_t tag = (uint32_t)(hash >> 32);
	struct slice text = slice_of(classifier->mask.text,
	    classifier->mask.len);

	for (; classifier->slots[at].number != 0; at = (at + 1) & (SLOTS - 1)) {
		const struct cached *cached =
		    &classifier->cached[classifier->slots[at].number - 1];

		if (classifier->slots[at].tag == tag &&
		    slice_eq(cached->class.fingerprint, text) &&
		    slice_eq(cached->provider, provider) &&
		    same_situation(&cached->situation, situation))
			break;
	}
	return &classifier->slots[at];
}

static void
drop_cache(struct classifier *classifier)
{
	memset(classifier->slots, 0, SLOTS * sizeof(*classifier->slots));
	classifier->count = 0;
	classifier->text_bytes = 0;
	arena_reset(&classifier->text);
}

static struct slice
keep(struct classifier *classifier, struct slice text)
{
	if (text.len == 0)
		return SLICE_NONE;
	classifier->text_bytes += text.len + 1;
	return arena_slice(&classifier->text, text);
}

static struct cached *
new_cached(struct classifier *classifier)
{
	if (classifier->count == classifier->room) {
		classifier->room = classifier->room != 0 ?
		    classifier->room * 2 : 128;
		classifier->cached = mx_realloc(classifier->cached,
		    classifier->room * sizeof(*classifier->cached));
	}
	return &classifier->cached[classifier->count++];
}

/* --- the answer ----------------------------------------------------------*/

static bool
votes(enum severity severity, enum scope scope)
{
	return (severity == SEVERITY_BLOCK ||
	    severity == SEVERITY_THROTTLE) && (scope == SCOPE_IP ||
	    scope == SCOPE_IP_RANGE || scope == SCOPE_DOMAIN);
}

static void
fill_from_rule(struct classification *class, const struct rule *rule,
    bool temporary)
{
	class->reason = rule->reason;
	class->scope = rule->scope;
	class->severity = temporary ? rule->temporary_severity :
	    rule->severity;
	class->is_explicit = rule->is_explicit;
	class->votes = votes(class->severity, class->scope);
	class->rule = rule->id;
	class->meaning = rule->meaning;
	class->remedy = rule->remedy;
	class->url = rule->url;
}

/* Nothing decided: because a rule ran into a limit, because the message just
 * grew too old, or because no rule knows the words. */
static void
fill_without_rule(struct classification *class,
    const struct rule_decision *decision, const struct situation *situation)
{
	class->reason = REASON_UNCLASSIFIED;
	if (decision->limited != NULL) {
		class->rule = SLICE("limit");
		class->meaning = SLICE("A rule ran into its match limit");
	} else if (situation->outcome == OUTCOME_EXPIRED) {
		class->reason = REASON_EXPIRED;
		class->scope = SCOPE_CONNECTION;
		class->severity = SEVERITY_TRANSPORT;
		class->meaning = SLICE("The message stayed in the queue for "
		    "its whole lifetime");
		class->remedy = SLICE("Look at the earlier deferrals");
	}
}

static struct rule_query
question_of(const struct classifier *classifier, struct slice provider,
    const struct situation *situation)
{
	return (struct rule_query){ .mask = &classifier->mask,
		.provider = provider, .code = situation->code,
		.dsn_class = situation->dsn_class,
		.dsn_subject = situation->dsn_subject,
		.dsn_detail = situation->dsn_detail,
		.stage = (enum stage)situation->stage,
		.speaker = (enum speaker)situation->speaker };
}

static void
fill(struct classifier *classifier, struct cached *cached,
    struct slice provider, const struct situation *situation)
{
	const struct rule_query question =
	    question_of(classifier, provider, situation);
	struct classification *class = &cached->class;
	struct rule_decision decision;

	rules_decide(classifier->rules, &question, &decision);
	*class = (struct classification){ .scope = SCOPE_NONE };
	if (decision.rule != NULL)
		fill_from_rule(class, decision.rule,
		    is_temporary(situation));
	else
		fill_without_rule(class, &decision, situation);
	for (unsigned i = 0; i < decision.token_count; i++)
		class->tokens[i] = keep(classifier, decision.tokens[i]);
	class->token_count = decision.token_count;
	class->token = decision.token_count != 0 ? class->tokens[0] :
	    SLICE_NONE;
	class->fingerprint = slice_of(arena_strndup(&classifier->text,
	    classifier->mask.text, classifier->mask.len),
	    classifier->mask.len);
	classifier->text_bytes += classifier->mask.len + 1;
	class->fingerprint_id = hash_stable(class->fingerprint,
	    HASH_STABLE_START);
	cached->own_ip = decision.own_ip;
	cached->rule = decision.rule;
	cached->provider = keep(classifier, provider);
	cached->situation = *situation;
}

static const struct cached *
answer(struct classifier *classifier, const struct classify_query *asked)
{
	struct classify_query query = without_frame(asked);
	struct situation situation;
	uint64_t hash;
	struct slot *slot;
	struct cached *cached;

	reply_mask(&classifier->mask, query.reply);
	situation = situation_of(&classifier->mask, &query);
	hash = hash_question(classifier, query.provider, &situation);
	slot = find_slot(classifier, hash, query.provider, &situation);
	if (slot->number != 0)
		return &classifier->cached[slot->number - 1];
	if (!classifier->rules->is_ready)
		mx_bug("a text is classified before classifier_prepare");
	if (classifier->count == LIMIT_REPLY_CACHE ||
	    classifier->text_bytes > LIMIT_REPLY_CACHE_BYTES) {
		drop_cache(classifier);
		slot = find_slot(classifier, hash, query.provider,
		    &situation);
	}
	cached = new_cached(classifier);
	fill(classifier, cached, query.provider, &situation);
	*slot = (struct slot){ (uint32_t)(hash >> 32),
		(uint32_t)classifier->count };
	return cached;
}

static struct slice
own_ip_of(const struct classifier *classifier, const struct cached *cached)
{
	return cached->own_ip >= 0 ?
	    classifier->mask.ips[cached->own_ip] : SLICE_NONE;
}

const struct classification *
classify(struct classifier *classifier, const struct classify_query *query,
    struct slice *own_ip_r)
{
	const struct cached *cached = answer(classifier, query);

	*own_ip_r = own_ip_of(classifier, cached);
	return &cached->class;
}

static struct classify_source
source_of(const struct rule *rule)
{
	struct classify_source source = { .line = 0 };

	if (rule == NULL)
		return source;
	source.rule = rule->id;
	source.path = rule->path;
	source.line = rule->line;
	source.reason = rule->reason;
	source.is_by_code = rule->pattern_count == 0;
	source.source = rule->source;
	return source;
}

const struct classification *
classify_explain(struct classifier *classifier,
    const struct classify_query *query, struct classify_explanation *why_r,
    struct slice *own_ip_r)
{
	const struct cached *cached = answer(classifier, query);
	/* the mask still holds this text */
	const struct rule_query question = question_of(classifier,
	    cached->provider, &cached->situation);

	why_r->decided_by = source_of(cached->rule);
	why_r->runner_up = source_of(cached->rule == NULL ? NULL :
	    rules_runner_up(classifier->rules, &question, cached->rule));
	*own_ip_r = own_ip_of(classifier, cached);
	return &cached->class;
}
