/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/rules.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "analyzer/literal_filter.h"
#include "base/limits.h"
#include "tests/support/cases.h"

/* --- the rules that we ship ----------------------------------------------*/

static struct ruleset *
open_shipped(struct strbuf *problems)
{
	const char *dirs[] = { "analyzer/rules" };
	struct ruleset *rules = NULL;
	struct mx_err err = { .code = MX_OK };

	if (rules_open(dirs, 1, &rules, problems, &err) != MX_OK)
		fail_msg("%s", err.text);
	return rules;
}

static void
shipped_rules_prove_themselves(void **state)
{
	struct strbuf problems;
	struct ruleset *rules;
	size_t faults;

	(void)state;
	strbuf_init(&problems, 1024 * 1024);
	rules = open_shipped(&problems);
	faults = rules_check(rules, &problems);
	if (faults != 0 || problems.len != 0)
		fail_msg("%s", problems.ptr);
	assert_true(rules->count > 500);
	assert_true(rules->version.len != 0);
	rules_close(rules);
	strbuf_release(&problems);
}

static bool
has_any(struct slice text, const struct slice *literals, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t at = 0; at + literals[i].len <= text.len; at++)
			if (slice_eq_nocase(slice_of(text.ptr + at,
			    literals[i].len), literals[i]))
				return true;
	return false;
}

/* The filter may only leave out what could not match: every pattern against
 * every example of every rule. */
static void
no_pattern_fits_without_its_literals(void **state)
{
	struct ruleset *rules = open_shipped(NULL);
	struct reply_mask mask;
	size_t fits = 0;

	(void)state;
	reply_mask_init(&mask);
	for (size_t i = 0; i < rules->count; i++)
		for (size_t j = 0; j < rules->rules[i]->pattern_count; j++) {
			struct rule_pattern *pattern =
			    &rules->rules[i]->patterns[j];
			struct literal_set sets[PATTERN_SETS];
			struct slice token;
			size_t count;
			bool limit = false;

			if (pattern->code == NULL)
				continue;
			count = rules_literals(pattern->source, sets,
			    &rules->arena);
			for (size_t k = 0; count != 0 && k < rules->count;
			    k++) {
				const struct rule *other = rules->rules[k];

				if (other->example_count == 0)
					continue;
				reply_mask(&mask, other->examples[0].text);
				if (!rules_pattern_fits(rules, pattern,
				    slice_of(mask.text, mask.len), &token,
				    &limit))
					continue;
				fits++;
				for (size_t n = 0; n < count; n++)
					if (!has_any(slice_of(mask.text,
					    mask.len), sets[n].items,
					    sets[n].count))
						fail_msg("%.*s fits without "
						    "literal",
						    SLICE_ARG(pattern->source));
			}
		}
	assert_true(fits > 500);
	reply_mask_release(&mask);
	rules_close(rules);
}

/* --- required literals ---------------------------------------------------*/

/* clang-format off */
static const struct literal_case {
	const char *name, *pattern, *want; /* "|" in a set, "&" between; "" = none */
} literal_cases[] = {
	{ "plain_text", "block list", "block list" },
	{ "capitals_are_folded", "Block List", "block list" },
	{ "the_longest_run_counts_first", "ab.hij.cdefg", "cdefg&hij" },
	{ "three_runs_at_most", "abc.defg.hijkl.mnopqr", "mnopqr&hijkl&defg" },
	{ "equal_runs_in_their_order", "abc.def.ghi", "abc&def&ghi" },
	{ "a_run_goes_on_in_each_branch", "abcd(?:efg|hij)",
		"abcdefg|abcdhij" },
	{ "two_groups_in_each_way", "(?:ab|cd) (?:ef|gh)",
		"ab ef|ab gh|cd ef|cd gh" },
	{ "branches_that_are_not_known_end_a_run", "abcd(?:efg.|hij)",
		"abcd&efg|hij" },
	{ "too_short_gives_none", "ab.cd", "" },
	{ "branches_give_one_each", "alpha|beta", "alpha|beta" },
	{ "one_branch_without_gives_none", "alpha|b", "" },
	{ "an_optional_byte_makes_two", "abcd?efg", "abcdefg|abcefg" },
	{ "an_optional_blank_makes_two", "block ?list",
		"block list|blocklist" },
	{ "a_text_that_holds_another_says_nothing", "(?:x|yx)abc", "xabc" },
	{ "a_long_text_is_several", "abcdefghijklmnop", "abcdefghijkl&mnop" },
	{ "one_of_several_is_cut", "ab(?: cdefghi)?jklm n",
		"ab cdefghijk|abjklm n" },
	{ "too_many_texts_end_a_run", "[abcd][abcd][abcd]efgh",
		"aefgh|befgh|cefgh|defgh" },
	{ "a_star_may_be_absent", "abcx*defgh", "defgh&abc" },
	{ "a_plus_is_there_once", "abcd+efgh", "abcd&efgh" },
	{ "an_optional_group_does_not_count", "(?:abcdefgh)?ijkl", "ijkl" },
	{ "a_group_counts", "x(?:abcdefgh)y", "xabcdefghy" },
	{ "branches_in_a_group", "x(?:alpha|omega)y", "xalphay|xomegay" },
	{ "a_named_group_counts", "\\((?<token>RTR:BB)\\)", "(rtr:bb)" },
	{ "an_escaped_dot_is_a_dot", "spamhaus\\.org", "spamhaus.org" },
	{ "a_small_class_is_each_of_its_bytes", "abcd[xy]efghi",
		"abcdxefghi|abcdyefghi" },
	{ "a_range_ends_a_run", "abcd[x-z]efghi", "efghi&abcd" },
	{ "a_class_of_others_ends_a_run", "abcd[^x]efghi", "efghi&abcd" },
	{ "an_escape_in_a_class_ends_a_run", "abcd[x\\d]efghi", "efghi&abcd" },
	{ "a_class_with_a_bracket_inside", "abcd[]x]efghi", "efghi&abcd" },
	{ "a_digit_class_ends_a_run", "TSS0\\d", "tss0" },
	{ "a_look_ahead_does_not_count", "abcd(?!efghijk)", "abcd" },
	{ "a_look_takes_no_room", "abc(?!x)def(?=y)gh", "abcdefgh" },
	{ "an_edge_takes_no_room", "abc\\bdef", "abcdef" },
	{ "an_atomic_group_ends_a_run", "abc(?>defghi)jkl", "abc&jkl" },
	{ "a_verb_is_not_followed", "(*ACCEPT)abcdef", "" },
	{ "a_look_behind_does_not_count", "(?<!efghijk)abcd", "abcd" },
	{ "a_count_of_zero_may_be_absent", "(?:abcdef){0,2}ghij", "ghij" },
	{ "a_count_of_two_is_there", "(?:abcdef){2}", "abcdef" },
	{ "options_are_not_followed", "(?x) abc def", "" },
	{ "hex_escapes_are_not_followed", "\\x41bcdefgh", "" },
	{ "quoting_is_not_followed", "\\Qabc|def\\E", "" },
	{ "letters_beyond_ascii_end_a_run", "bloqu\xc3\xa9 par", "bloqu& par" },
	{ "anchors_take_no_room", "^spam$", "spam" },
	{ "a_lazy_quantifier", "abcd+?efgh", "abcd&efgh" },
	{ "nothing_gives_none", "", "" },
	{ "everything_gives_none", ".*", "" },
	{ "too_many_brackets_give_none", "abcd)", "" },
};
/* clang-format on */

static void
run_literal(void **state)
{
	const struct literal_case *c = *state;
	struct literal_set sets[PATTERN_SETS];
	struct arena arena;
	struct strbuf got;
	size_t count;

	arena_init(&arena);
	strbuf_init(&got, 4096);
	count = rules_literals(slice_str(c->pattern), sets, &arena);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < sets[i].count; j++)
			strbuf_addf(&got, "%s%.*s", j != 0 ? "|" :
			    i != 0 ? "&" : "", SLICE_ARG(sets[i].items[j]));
	assert_string_equal(got.ptr, c->want);
	strbuf_release(&got);
	arena_release(&arena);
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* Patterns of pieces over three letters, against texts of them: whatever fits
 * holds a literal of each set. */
static void
check_made_up(struct ruleset *rules, uint32_t *seed, size_t *fits)
{
	static const char *const pieces[] = { "a", "b", "c", "ab", "bca",
		"[ab]", "[a-c]", "[^a]", ".", "(?:a|bc)", "(?:ab|c|)",
		"(?:a(?:b|c)|cb)", "(?:ca.|bb)", "(?:abcabcabcabcab|cc)",
		"\\b", "\\w", "(?!cc)", "(?<=a)", "(?>ab)", "(b|cab)" };
	static const char *const counts[] = { "", "", "", "", "", "?", "?",
		"+", "*", "{2}", "{0,2}", "??" };
	struct rule_pattern pattern = { .kind = PATTERN_PCRE };
	struct literal_set sets[PATTERN_SETS];
	struct strbuf source;
	size_t count;

	strbuf_init(&source, 4096);
	for (uint32_t i = 2 + next_random(seed) % 5; i > 0; i--) {
		uint32_t piece = next_random(seed) % 20;
		bool is_edge = piece >= 14 && piece != 15 && piece < 18;

		strbuf_addf(&source, "%s%s", pieces[piece], is_edge ? "" :
		    counts[next_random(seed) % 12]);
	}
	if (next_random(seed) % 4 == 0)
		strbuf_addf(&source, "|%s", "cabc");
	pattern.source = strbuf_slice(&source);
	count = rules_literals(pattern.source, sets, &rules->arena);
	for (int i = 0; i < 60; i++) {
		bool limit = false;
		struct slice token;
		char text[40];
		size_t len = next_random(seed) % sizeof(text);

		for (size_t j = 0; j < len; j++)
			text[j] = "abcabcB"[next_random(seed) % 7];
		if (!rules_pattern_fits(rules, &pattern, slice_of(text, len),
		    &token, &limit))
			continue;
		*fits += count != 0;
		for (size_t n = 0; n < count; n++)
			if (!has_any(slice_of(text, len), sets[n].items,
			    sets[n].count))
				fail_msg("%.*s fits %.*s without literal",
				    SLICE_ARG(pattern.source), (int)len, text);
	}
	assert_non_null(pattern.code);
	pcre2_code_free(pattern.code);
	strbuf_release(&source);
}

static void
no_made_up_pattern_fits_without_its_literals(void **state)
{
	struct ruleset *rules = open_shipped(NULL);
	uint32_t seed = 11;
	size_t fits = 0;

	(void)state;
	for (int round = 0; round < 3000; round++)
		check_made_up(rules, &seed, &fits);
	assert_true(fits > 5000);
	rules_close(rules);
}

static void
deep_groups_give_none_and_end(void **state)
{
	char pattern[4096];
	struct literal_set sets[PATTERN_SETS];
	struct arena arena;

	(void)state;
	memset(pattern, '(', sizeof(pattern));
	arena_init(&arena);
	assert_int_equal(rules_literals(slice_of(pattern, sizeof(pattern)),
	    sets, &arena), 0);
	arena_release(&arena);
}

/* --- the literal filter --------------------------------------------------*/

/* Short alphabets make literals overlap; plain search tells the truth. */
static void
the_filter_finds_what_a_search_finds(void **state)
{
	uint32_t seed = 7;

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct literal_filter *filter = literal_filter_new();
		char words[40][8], text[120];
		uint64_t found = 0, want = 0;
		size_t len = next_random(&seed) % sizeof(text);

		for (uint32_t i = 0; i < 40; i++) {
			size_t n = 1 + next_random(&seed) % 6;

			for (size_t j = 0; j < n; j++)
				words[i][j] = (char)('a' +
				    next_random(&seed) % 3);
			words[i][n] = '\0';
			assert_true(literal_filter_add(filter,
			    slice_str(words[i]), i));
		}
		literal_filter_finish(filter);
		for (size_t j = 0; j < len; j++)
			text[j] = "abcABCx"[next_random(&seed) % 7];
		for (uint32_t i = 0; i < 40; i++) {
			struct slice word = slice_str(words[i]);

			if (has_any(slice_of(text, len), &word, 1))
				want |= (uint64_t)1 << i;
		}
		literal_filter_scan(filter, slice_of(text, len), &found);
		assert_true(found == want);
		literal_filter_free(filter);
	}
}

static void
a_literal_longer_than_the_filter_keeps_is_a_candidate(void **state)
{
	struct literal_filter *filter = literal_filter_new();
	uint64_t found = 0;

	(void)state;
	assert_true(literal_filter_add(filter,
	    SLICE("abcdefghijklmnopqrstuvwxyz"), 3));
	literal_filter_finish(filter);
	literal_filter_scan(filter, SLICE("..ABCDEFGHIJKLmnopqrstuvwxyz"),
	    &found);
	assert_true(found == 8);
	literal_filter_free(filter);
}

static void
a_full_filter_says_so(void **state)
{
	struct literal_filter *filter = literal_filter_new();
	bool is_full = false;

	(void)state;
	for (uint32_t i = 0; i < 10000 && !is_full; i++)
		is_full = !literal_filter_add(filter, SLICE("abcdefghijkl"),
		    0);
	assert_true(is_full);
	literal_filter_finish(filter);
	literal_filter_free(filter);
}

static void
an_empty_filter_finds_nothing(void **state)
{
	struct literal_filter *filter = literal_filter_new();
	uint64_t found = 0;

	(void)state;
	literal_filter_finish(filter);
	literal_filter_scan(filter, SLICE("anything"), &found);
	assert_true(found == 0);
	literal_filter_free(filter);
}

/* --- files ---------------------------------------------------------------*/

#define GOOD "class ip-block ip block explicit\nmeaning M\n= 550 xyzzy\n"

/* clang-format off */
static const struct file_case {
	const char *name, *first, *second; /* two directories, NULL = none */
	const char *want; /* part of the fault; NULL = loads */
	const char *want_id; /* decides "550 xyzzy"; NULL = none */
} file_cases[] = {
	{ "a_rule_is_read", "rule a\ncontains xyzzy\n" GOOD, NULL, NULL, "a" },
	{ "crlf_is_read", "rule a\r\ncontains xyzzy\r\n" GOOD, NULL, NULL, "a" },
	{ "comments_and_blanks_are_skipped",
	  "# x\n\nrule a\n# y\ncontains xyzzy\n" GOOD, NULL, NULL, "a" },
	{ "a_line_continues", "rule a\ncontains\n  xyzzy\n" GOOD, NULL, NULL,
	  "a" },
	{ "the_first_rule_decides",
	  "rule a\ncontains xyzzy\n" GOOD "rule b\ncontains xyz\n" GOOD, NULL,
	  NULL, "a" },
	{ "a_later_directory_overrides_by_id",
	  "rule a\ncontains xyzzy\n" GOOD,
	  "rule a\ncontains other\n" GOOD, NULL, NULL },
	{ "a_later_directory_comes_first",
	  "rule a\ncontains xyzzy\n" GOOD, "rule b\ncontains xyz\n" GOOD, NULL,
	  "b" },
	{ "a_later_directory_disables",
	  "rule a\ncontains xyzzy\n" GOOD "rule b\ncontains xyz\n" GOOD,
	  "disable a\n", NULL, "b" },
	{ "disabling_what_is_not_there_is_fine",
	  "rule a\ncontains xyzzy\n" GOOD, "disable nosuch\n", NULL, "a" },
	{ "defaults_hold_for_what_follows",
	  "default stage rcpt\nrule a\ncontains xyzzy\n" GOOD
	  "default stage\nrule b\ncontains xyz\n" GOOD, NULL, NULL, "b" },
	{ "a_code_alone_is_a_rule", "rule a\ncode 5xx\n" GOOD, NULL, NULL, "a" },
	{ "words_come_before_codes",
	  "rule a\ncode 550\n" GOOD "rule b\ncontains xyz\n" GOOD, NULL, NULL,
	  "b" },

	{ "no_rule_at_all", "# nothing\n", NULL, "no rules in", NULL },
	{ "an_id_twice", "rule a\ncontains xyzzy\n" GOOD
	  "rule a\ncontains b\n" GOOD, NULL, ":6: duplicate id: a", NULL },
	{ "an_unknown_key", "rule a\ncontainz x\n" GOOD, NULL,
	  ":2: unknown key: containz", NULL },
	{ "a_key_outside_of_a_rule", "contains x\n", NULL,
	  ":1: outside of a rule: contains", NULL },
	{ "a_bad_id", "rule a b\ncontains x\n" GOOD, NULL, ":1: an id has",
	  NULL },
	{ "an_unknown_reason", "rule a\ncontains x\nclass nosuch ip block "
	  "explicit\nmeaning M\n", NULL, ":3: unknown reason: nosuch", NULL },
	{ "an_unknown_scope", "rule a\ncontains x\nclass ptr nosuch block "
	  "explicit\nmeaning M\n", NULL, ":3: unknown scope: nosuch", NULL },
	{ "an_unknown_severity", "rule a\ncontains x\nclass ptr ip nosuch "
	  "explicit\nmeaning M\n", NULL, ":3: unknown severity: nosuch", NULL },
	{ "an_unknown_certainty", "rule a\ncontains x\nclass ptr ip block "
	  "maybe\nmeaning M\n", NULL, ":3: class ends in explicit", NULL },
	{ "no_class", "rule a\ncontains x\nmeaning M\n", NULL,
	  ":1: rule without class: a", NULL },
	{ "no_condition", "rule a\n" GOOD, NULL, ":1: rule without contains",
	  NULL },
	{ "no_meaning", "rule a\ncontains x\nclass ptr ip block explicit\n",
	  NULL, ":1: rule without meaning: a", NULL },
	{ "a_bad_pattern", "rule a\npcre (x\n" GOOD, NULL,
	  ":2: missing closing parenthesis", NULL },
	{ "an_empty_pattern", "rule a\ncontains\n" GOOD, NULL,
	  ":2: empty pattern", NULL },
	{ "a_bad_code", "rule a\ncode 55\n" GOOD, NULL, ":2: code is", NULL },
	{ "a_code_range_backwards", "rule a\ncode 504-500\n" GOOD, NULL,
	  ":2: code is", NULL },
	{ "a_bad_dsn", "rule a\ndsn 5.7\n" GOOD, NULL, ":2: dsn is", NULL },
	{ "a_dsn_range_backwards", "rule a\ndsn 5.7.9-1\n" GOOD, NULL,
	  ":2: dsn is", NULL },
	{ "an_unknown_stage", "rule a\nstage nosuch\ncontains x\n" GOOD, NULL,
	  ":2: unknown stage: nosuch", NULL },
	{ "an_unknown_speaker", "rule a\nsaid-by nosuch\ncontains x\n" GOOD,
	  NULL, ":2: said-by is", NULL },
	{ "an_empty_provider", "rule a\nprovider\ncontains x\n" GOOD, NULL,
	  ":2: provider without", NULL },
	{ "a_bad_token", "rule a\ntoken nosuch x\ncontains x\n" GOOD, NULL,
	  ":2: token is", NULL },
	{ "an_own_ip_without_address", "rule a\nown-ip x\ncontains x\n" GOOD,
	  NULL, ":2: own-ip pattern", NULL },
	{ "a_default_that_is_none", "default class x\n", NULL,
	  ":1: no default", NULL },
	{ "a_bad_example_stage", "rule a\ncontains x\n" GOOD "= @nosuch x\n",
	  NULL, ":6: unknown stage", NULL },
};
/* clang-format on */

static void
write_rules(const char *dir, const char *text)
{
	char path[256];
	FILE *file;

	if (text == NULL)
		return;
	(void)snprintf(path, sizeof(path), "%s/a.rules", dir);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void
remove_dir(const char *dir)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/a.rules", dir);
	(void)unlink(path);
	(void)rmdir(dir);
}

static void
assert_decides(struct ruleset *rules, const char *text, const char *want)
{
	struct reply_mask mask;
	struct rule_query query = { .mask = &mask };
	struct rule_decision decision;

	reply_mask_init(&mask);
	reply_mask(&mask, slice_str(text));
	query.code = mask.code;
	rules_decide(rules, &query, &decision);
	if (want == NULL) {
		assert_null(decision.rule);
	} else {
		assert_non_null(decision.rule);
		assert_int_equal(decision.rule->id.len, strlen(want));
		assert_memory_equal(decision.rule->id.ptr, want,
		    strlen(want));
	}
	reply_mask_release(&mask);
}

static void
run_file(void **state)
{
	const struct file_case *c = *state;
	char a[] = "/tmp/test_rules.XXXXXX", b[] = "/tmp/test_rules.XXXXXX";
	const char *dirs[2];
	struct ruleset *rules = NULL;
	struct mx_err err = { .code = MX_OK };
	enum mx_code code;

	assert_non_null(mkdtemp(a));
	assert_non_null(mkdtemp(b));
	dirs[0] = a;
	dirs[1] = b;
	write_rules(a, c->first);
	write_rules(b, c->second);
	code = rules_open(dirs, 2, &rules, NULL, &err);
	remove_dir(a);
	remove_dir(b);
	if (c->want != NULL) {
		assert_int_equal(code, MX_E_CONFIG);
		if (strstr(err.text, c->want) == NULL)
			fail_msg("got \"%s\", want \"%s\"", err.text,
			    c->want);
		return;
	}
	assert_int_equal(code, MX_OK);
	assert_decides(rules, "550 xyzzy", c->want_id);
	rules_close(rules);
}

/* clang-format off */
static const struct check_case {
	const char *name, *text, *want;
} check_cases[] = {
	{ "a_rule_without_example_is_named",
	  "rule a\ncontains xyz\nclass ptr ip block explicit\nmeaning M\n",
	  ":1: a: no example\n" },
	{ "an_example_that_nothing_decides_is_named",
	  "rule a\ncontains xyz\nclass ptr ip block explicit\nmeaning M\n"
	  "= 550 abc\n", ":5: a: no rule decides" },
	{ "a_shadowed_rule_is_named",
	  "rule a\ncontains xyz\n" GOOD "rule b\ncontains xyzzy\n" GOOD,
	  ":10: b: shadowed by a (" },
	{ "a_neighbour_that_fits_is_named",
	  "rule a\ncontains xyz\n" GOOD "! 550 xyz\n",
	  ":6: a: decides what it must not" },
	{ "a_rule_that_asks_the_same_is_named",
	  "rule a\ncontains xyzzy\n" GOOD "rule b\ncontains xyzzy\n" GOOD,
	  ":6: b: unreachable, a (" },
	{ "a_token_that_no_example_shows_is_named",
	  "rule a\npcre xyzzy(?<token>\\d)?\n" GOOD,
	  ":1: a: no example shows its token" },
	{ "an_own_ip_that_no_example_shows_is_named",
	  "rule a\ncontains xyzzy\nown-ip <ip>\n" GOOD,
	  ":1: a: no example shows the own address" },
	{ "a_catastrophic_pattern_is_named",
	  "rule a\npcre xyzzy|(?:a+)+$b\n" GOOD,
	  ":2: a: runs into the match limit" },
	{ "all_faults_are_named_at_once",
	  "rule a\ncontains xyzzy\n" GOOD "nosuch x\nrule b\ncode 9\n" GOOD,
	  ":8: code is" },
};
/* clang-format on */

static void
run_check(void **state)
{
	const struct check_case *c = *state;
	char dir[] = "/tmp/test_rules.XXXXXX";
	const char *dirs[1];
	struct ruleset *rules = NULL;
	struct strbuf problems;
	struct mx_err err = { .code = MX_OK };
	enum mx_code code;

	assert_non_null(mkdtemp(dir));
	dirs[0] = dir;
	write_rules(dir, c->text);
	strbuf_init(&problems, 65536);
	code = rules_open(dirs, 1, &rules, &problems, &err);
	remove_dir(dir);
	assert_int_equal(code, MX_OK);
	(void)rules_check(rules, &problems);
	if (strstr(problems.ptr, c->want) == NULL)
		fail_msg("got \"%s\", want \"%s\"", problems.ptr, c->want);
	rules_close(rules);
	strbuf_release(&problems);
}

static void
a_directory_that_is_missing_is_no_fault(void **state)
{
	const char *dirs[] = { "analyzer/rules", "/nonexistent/mxtrend" };
	struct ruleset *rules = NULL;
	struct mx_err err;

	(void)state;
	assert_int_equal(rules_open(dirs, 2, &rules, NULL, &err), MX_OK);
	rules_close(rules);
}

static void
a_rule_at_its_limit_leaves_the_reply_unclassified(void **state)
{
	char dir[] = "/tmp/test_rules.XXXXXX";
	const char *dirs[1];
	struct ruleset *rules = NULL;
	struct mx_err err;
	struct reply_mask mask;
	struct rule_query query = { .mask = &mask };
	struct rule_decision decision;
	char text[4096];

	(void)state;
	assert_non_null(mkdtemp(dir));
	dirs[0] = dir;
	write_rules(dir, "rule a\npcre (?:a+)+[0-9]\n" GOOD
	    "rule b\ncontains aaa\n" GOOD);
	assert_int_equal(rules_open(dirs, 1, &rules, NULL, &err), MX_OK);
	remove_dir(dir);
	memset(text, 'a', sizeof(text));
	reply_mask_init(&mask);
	reply_mask(&mask, slice_of(text, sizeof(text)));
	rules_decide(rules, &query, &decision);
	assert_null(decision.rule);
	assert_non_null(decision.limited);
	assert_memory_equal(decision.limited->id.ptr, "a", 1);
	reply_mask_release(&mask);
	rules_close(rules);
}

int
main(void)
{
	static struct cases cases;

	cases_add(&cases, "shipped_rules_prove_themselves",
	    shipped_rules_prove_themselves, NULL);
	cases_add(&cases, "no_pattern_fits_without_its_literals",
	    no_pattern_fits_without_its_literals, NULL);
	CASES_ADD_TABLE(&cases, literal_cases, run_literal);
	cases_add(&cases, "no_made_up_pattern_fits_without_its_literals",
	    no_made_up_pattern_fits_without_its_literals, NULL);
	cases_add(&cases, "deep_groups_give_none_and_end",
	    deep_groups_give_none_and_end, NULL);
	cases_add(&cases, "the_filter_finds_what_a_search_finds",
	    the_filter_finds_what_a_search_finds, NULL);
	cases_add(&cases,
	    "a_literal_longer_than_the_filter_keeps_is_a_candidate",
	    a_literal_longer_than_the_filter_keeps_is_a_candidate, NULL);
	cases_add(&cases, "a_full_filter_says_so", a_full_filter_says_so,
	    NULL);
	cases_add(&cases, "an_empty_filter_finds_nothing",
	    an_empty_filter_finds_nothing, NULL);
	CASES_ADD_TABLE(&cases, file_cases, run_file);
	CASES_ADD_TABLE(&cases, check_cases, run_check);
	cases_add(&cases, "a_directory_that_is_missing_is_no_fault",
	    a_directory_that_is_missing_is_no_fault, NULL);
	cases_add(&cases,
	    "a_rule_at_its_limit_leaves_the_reply_unclassified",
	    a_rule_at_its_limit_leaves_the_reply_unclassified, NULL);
	return cases_run(&cases);
}
