/* SPDX-License-Identifier: BSD-2-Clause */
/* Classification rules as data: mxtrend-rules(5). rules_load.c reads the
 * files, rules_compile.c makes patterns of them, rules_match.c finds the rule
 * that decides, rules_check.c proves them by their own examples. Knows no
 * cache, no store and no built-in rule. */
#ifndef MX_ANALYZER_RULES_H
#define MX_ANALYZER_RULES_H

#include "analyzer/classify.h"
#include "analyzer/reply_mask.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/strbuf.h"

struct pcre2_real_code_8;
struct literal_filter;
struct providers;

/* Who said the words: the remote server or our own MTA. */
enum speaker { SPEAKER_REMOTE, SPEAKER_OWN, SPEAKER_ANY };

/* "contains", "pcre" and "zone" see the text without its links, "link" is a
 * PCRE that sees them; so do the patterns of tokens and own addresses. */
enum pattern_kind { PATTERN_TEXT, PATTERN_ZONE, PATTERN_PCRE, PATTERN_LINK };

struct rule_pattern {
	struct slice source;             /* as written */
	uint32_t line;
	enum pattern_kind kind;
	uint32_t number;                 /* among all rules' patterns */
	bool is_jit_tried;
	bool has_token;                  /* (?<token>...) */
	uint8_t token_group;             /* its number, once compiled */
	bool is_compiled;                /* or need not be */
	struct pcre2_real_code_8 *code;  /* NULL for text, zone */
};

/* Inclusive; class 0 = any. */
struct dsn_range {
	uint8_t class;
	uint16_t subject_from, subject_to, detail_from, detail_to;
};

enum token_kind { TOKEN_TEXT, TOKEN_DSN, TOKEN_PATTERN };
struct rule_token {
	enum token_kind kind;
	struct slice text;
	struct dsn_range range;          /* of TOKEN_DSN */
	struct rule_pattern pattern;
};
struct code_range {
	uint16_t from, to;
};

struct rule_example {
	struct slice text;
	uint32_t line;
	enum stage stage;
	bool must_match;
};

enum { RULE_TOKENS = 4 };

struct rule {
	struct slice id;
	const char *path;
	uint32_t line;
	unsigned dir;                   /* later directories come first */
	bool is_disabled;
	struct slice *providers;
	size_t provider_count;
	bool is_for_all;                /* "*", or no provider line at all */
	uint16_t stages;                /* bits 1 << STAGE_x; 0 = any */
	enum speaker speaker;
	struct rule_pattern *patterns;  /* one of them must fit */
	size_t pattern_count;
	struct code_range *codes;
	size_t code_count;
	struct dsn_range *dsns;
	size_t dsn_count;
	enum reason reason;
	enum scope scope;
	enum severity severity;         /* of a permanent refusal */
	enum severity temporary_severity;
	bool is_explicit;
	struct rule_token tokens[RULE_TOKENS];
	unsigned token_count;
	struct rule_pattern *own_ips;   /* each with a group around <ip> */
	size_t own_ip_count;
	struct slice meaning, remedy, url, source;
	struct rule_example *examples;
	size_t example_count;
};

/* What can be asked of a rule before its patterns are, by place: rules lie far
 * apart in memory. */
struct rule_gate {
	uint64_t provider_bits;          /* one by each name's hash */
	uint16_t stages;
	uint8_t speaker;
	uint8_t rank;                    /* where no provider is its own */
	bool has_providers, has_codes, has_dsns, has_tokens;
};

/* In order of precedence within a rank. */
struct ruleset {
	struct arena arena;
	struct rule **rules;
	size_t count, room;
	struct slice version;            /* "" when no file says one */
	struct providers *providers;     /* for families; NULL = none */
	struct literal_filter *filter;   /* of patterns' literals */
	struct rule_gate *gates;         /* by place */
	uint32_t *place_of;              /* of a pattern's rule, by number */
	/* A bit for each pattern's first set of literals, then for each one's
	 * second: what has all of a pattern's sets is found a word at a time. */
	size_t words;                    /* of the bits of one set */
	uint64_t *always;                /* sets that the filter cannot see */
	uint64_t *found;                 /* scratch of one match */
	uint32_t *wordless;              /* places of rules without patterns */
	size_t wordless_count;
	char *prose;                     /* scratch: text without links */
	void *match_data, *match_context;
	bool is_ready;                   /* patterns are made */
};

/* Reads every *.rules file of the directories; MX_E_CONFIG with
 * "file:line: reason" in err. With PROBLEMS (may be NULL) all faults go there,
 * one a line, and only those that leave no rule set fail. */
enum mx_code rules_open(const char *const *dirs, size_t dir_count,
    struct ruleset **rules_r, struct strbuf *problems, struct mx_err *err)
    MX_MUST_USE;
void rules_close(struct ruleset *rules);
/* The two halves of it: the files, and their patterns. Patterns cost four
 * fifths of the time, and a run that classifies nothing does without; of those
 * in the first directory, the shipped ones, each is compiled when it is first
 * tried. */
enum mx_code rules_read(const char *const *dirs, size_t dir_count,
    struct ruleset **rules_r, struct strbuf *problems, struct mx_err *err)
    MX_MUST_USE;
enum mx_code rules_prepare(struct ruleset *rules, struct mx_err *err)
    MX_MUST_USE;

/* --- rules_load.c --------------------------------------------------------*/

enum mx_code rules_load(struct ruleset *rules, const char *const *dirs,
    size_t dir_count, struct strbuf *problems, struct mx_err *err)
    MX_MUST_USE;

/* --- rules_compile.c -----------------------------------------------------*/

/* ALL: the shipped patterns too, at once. */
enum mx_code rules_compile(struct ruleset *rules, bool all,
    struct strbuf *problems, struct mx_err *err) MX_MUST_USE;
/* One pattern. *why_r is 0 or PCRE's number for what is wrong at byte *at_r. */
void rules_compile_pattern(struct rule_pattern *pattern, int *why_r,
    size_t *at_r);
void rules_compile_release(struct ruleset *rules);

/* Sets of literals, the most telling first: every text that fits the pattern
 * holds at least one literal of each set; ASCII letters in lower case. Returns
 * how many sets, 0 when the pattern gives none. (rules_literal.c) */
enum { PATTERN_LITERALS = 48, PATTERN_SETS = 3 };
struct literal_set {
	struct slice items[PATTERN_LITERALS];
	size_t count;
};
size_t rules_literals(struct slice pattern,
    struct literal_set sets[PATTERN_SETS], struct arena *arena);

/* --- rules_match.c -------------------------------------------------------*/

struct rule_query {
	const struct reply_mask *mask;
	struct slice provider;
	uint16_t code;
	uint8_t dsn_class;
	uint16_t dsn_subject, dsn_detail;
	enum stage stage;
	enum speaker speaker;
	bool is_temporary;
};

struct rule_decision {
	const struct rule *rule;         /* NULL = none */
	const struct rule *limited;      /* the one that hit a limit, or NULL */
	struct slice tokens[TOKENS_MAX]; /* in mask->text or the rule */
	unsigned token_count;
	int own_ip;                      /* index into mask->ips, -1 = none */
	char dsn_text[16];               /* tokens may point here */
};

/* Every candidate is tried in order of evidence: the provider's own rules, its
 * family's, other providers' that are for all, text, enhanced code, bare
 * code. The first that fits decides; later ones only add tokens. */
void rules_decide(struct ruleset *rules, const struct rule_query *query,
    struct rule_decision *decision_r);
/* The rule that would decide if DECIDED did not exist; NULL when none. */
const struct rule *rules_runner_up(struct ruleset *rules,
    const struct rule_query *query, const struct rule *decided);

/* Once patterns have been through the filter. */
void rules_gates(struct ruleset *rules);
/* Does this one pattern fit? A limit that was hit sets *limit_r. */
bool rules_pattern_fits(struct ruleset *rules, struct rule_pattern *pattern,
    struct slice text, struct slice *token_r, bool *limit_r);

/* --- rules_check.c -------------------------------------------------------*/

/* Appends "file:line: reason\n" for each fault to PROBLEMS and returns how
 * many: examples that another rule decides or that none does, rules without
 * example, patterns that stand twice, unknown providers, tokens and own
 * addresses that no example shows, patterns that run into a limit. */
size_t rules_check(struct ruleset *rules, struct strbuf *problems);

#endif
