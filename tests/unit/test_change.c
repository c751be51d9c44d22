/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether a share changed, against Fisher's test in whole numbers and the
 * normal approximation as tests/support/change_rows.py has them. */
#include "reports/report_build.h"

#include <math.h>

#include "tests/support/cases.h"

static const struct change_row {
	int64_t hits, all, hits_before, all_before;
	enum report_change want;
} change_rows[] = {
#include "tests/unit/change_rows.h"
};

static void
shares_change_as_the_tests_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(change_rows) / sizeof(change_rows[0]);
	    i++) {
		const struct change_row *row = &change_rows[i];
		enum report_change got = report_change_of(row->hits, row->all,
		    row->hits_before, row->all_before);

		if (got != row->want)
			fail_msg("%lld of %lld after %lld of %lld: got %d "
			    "want %d", (long long)row->hits,
			    (long long)row->all, (long long)row->hits_before,
			    (long long)row->all_before, (int)got,
			    (int)row->want);
	}
}

/* Wilson, E. B. (1927), J. Am. Stat. Assoc. 22, 209; the values are those of
 * Newcombe, R. G. (1998), Stat. Med. 17, 857, table I, method 3. */
static const struct wilson_case {
	const char *name;
	int64_t hits, all;
	double low, high;
} wilson_cases[] = {
	{ "newcombe_81_of_263", 81, 263, 0.2553, 0.3662 },
	{ "newcombe_15_of_148", 15, 148, 0.0624, 0.1605 },
	{ "newcombe_0_of_20", 0, 20, 0.0000, 0.1611 },
	{ "newcombe_1_of_29", 1, 29, 0.0061, 0.1718 },
	{ "all_of_20_mirrors_none_of_20", 20, 20, 1.0 - 0.1611, 1.0 },
};

static void
run_wilson(void **state)
{
	const struct wilson_case *it = *state;
	double low, high;

	report_wilson(it->hits, it->all, &low, &high);
	assert_true(fabs(low - it->low) < 0.00006);
	assert_true(fabs(high - it->high) < 0.00006);
}

int
main(void)
{
	static struct cases cases;

	cases_add(&cases, "shares_change_as_the_tests_say",
	    shares_change_as_the_tests_say, NULL);
	CASES_ADD_TABLE(&cases, wilson_cases, run_wilson);
	return cases_run(&cases);
}
