/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/reply_text.h"

#include "tests/support/cases.h"

static const struct unfold_case {
	const char *name, *in, *want;
	int want_code;
} unfold_cases[] = {
	{ "one_line_stays", "550 5.7.1 no", "550 5.7.1 no", 550 },
	{ "three_lines_are_one",
	  "550-5.7.1 first 550-5.7.1 second 550 5.7.1 last",
	  "550 5.7.1 first second last", 550 },
	{ "lines_without_enhanced_code",
	  "554-gmx.net (mx1) 554-No service 554 see https://x.example/",
	  "554 gmx.net (mx1) No service see https://x.example/", 554 },
	{ "a_success_is_folded_too", "250-2.0.0 queued 250 2.0.0 as X",
	  "250 2.0.0 queued as X", 250 },
	{ "blank_lines_vanish",
	  "550-5.7.26 a 550-5.7.26  550-5.7.26 550 5.7.26 b",
	  "550 5.7.26 a b", 550 },
	{ "another_enhanced_code_stays", "550-5.7.1 a 550-5.7.26 b 550 c",
	  "550 5.7.1 a 5.7.26 b c", 550 },
	{ "a_longer_code_is_another", "550-5.7.1 a 550 5.7.10 b",
	  "550 5.7.1 a 5.7.10 b", 550 },
	{ "only_the_first_line_may_have_one", "550-a 550-5.1.1 b 550 5.1.1 c",
	  "550 a 5.1.1 b 5.1.1 c", 550 },
	{ "other_numbers_are_words", "550-see 551 for 450 - 550 end",
	  "550 see 551 for 450 - end", 550 },
	{ "behind_the_last_line_nothing_is_taken", "550-a 550 b 550 c",
	  "550 a b 550 c", 550 },
	{ "a_last_line_may_be_empty", "550-a 550 ", "550 a", 550 },
	{ "a_last_line_may_lack_its_space", "550-a 550", "550 a", 550 },
	{ "a_cut_reply_is_kept", "550-a 550-b and th", "550 a b and th",
	  550 },
	{ "a_cut_code_is_kept", "550-a 550-b 55", "550 a b 55", 550 },
	{ "spaces_at_the_ends_of_lines_go", "421-4.7.0 a   421 4.7.0  b",
	  "421 4.7.0 a b", 421 },
	{ "a_dash_alone", "550-", "550", 550 },
	{ "a_code_alone", "550", "550", 550 },
	{ "no_code_no_reply", "delivered to mailbox",
	  "delivered to mailbox", 0 },
	{ "100_is_no_final_code", "100-a 100 b", "100-a 100 b", 0 },
	{ "600_is_no_code", "600 x", "600 x", 0 },
	{ "four_digits_are_no_code", "5500 x", "5500 x", 0 },
	{ "nothing", "", "", 0 },
};

static void
unfold_case(void **state)
{
	const struct unfold_case *row = *state;
	struct strbuf scratch;
	struct slice got;

	strbuf_init(&scratch, 1000);
	got = reply_unfold(slice_str(row->in), &scratch);
	if (!slice_eq(got, slice_str(row->want)))
		fail_msg("got \"%.*s\", want \"%s\"", SLICE_ARG(got),
		    row->want);
	assert_int_equal(reply_code_of(slice_str(row->in)), row->want_code);
	strbuf_release(&scratch);
}

static const struct status_case {
	const char *name, *in;
	size_t want;
} status_cases[] = {
	{ "three_numbers", "5.7.1 no", 5 },
	{ "numbers_of_three_digits", "4.7.650 slow", 7 },
	{ "at_the_end", "2.0.0", 5 },
	{ "four_digits_are_too_many", "5.7.1000 no", 0 },
	{ "class_3_is_none", "3.7.1 no", 0 },
	{ "two_numbers_are_none", "5.7 no", 0 },
	{ "four_numbers_are_none", "5.7.1.2 no", 0 },
	{ "a_word_behind_is_none", "5.7.1no", 0 },
	{ "nothing_is_none", "", 0 },
};

static void
status_case(void **state)
{
	const struct status_case *row = *state;

	assert_int_equal(enhanced_code_length(slice_str(row->in)), row->want);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, unfold_cases, unfold_case);
	CASES_ADD_TABLE(&cases, status_cases, status_case);
	return cases_run(&cases);
}
