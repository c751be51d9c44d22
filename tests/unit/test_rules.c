/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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
	CASES_ADD_TABLE(&cases, file_cases, run_file);
	CASES_ADD_TABLE(&cases, check_cases, run_check);
	cases_add(&cases, "a_directory_that_is_missing_is_no_fault",
	    a_directory_that_is_missing_is_no_fault, NULL);
	cases_add(&cases,
	    "a_rule_at_its_limit_leaves_the_reply_unclassified",
	    a_rule_at_its_limit_leaves_the_reply_unclassified, NULL);
	return cases_run(&cases);
}
