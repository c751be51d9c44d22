/* SPDX-License-Identifier: BSD-2-Clause */
/* What a rule's patterns cannot fit without, and the filter that looks for all
 * of it at once. */
#include "analyzer/literal_filter.h"
#include "analyzer/rules.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#include "base/limits.h"
#include "tests/support/cases.h"

static struct ruleset *
open_shipped(void)
{
	const char *dirs[] = { "analyzer/rules" };
	struct ruleset *rules = NULL;
	struct mx_err err = { .code = MX_OK };

	if (rules_open(dirs, 1, &rules, NULL, &err) != MX_OK)
		fail_msg("%s", err.text);
	return rules;
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
	struct ruleset *rules = open_shipped();
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
	struct ruleset *rules = open_shipped();
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

int
main(void)
{
	static struct cases cases;

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
	return cases_run(&cases);
}
