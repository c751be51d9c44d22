/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/support/cases.h"

#include <stdlib.h>

void
cases_add(struct cases *cases, const char *name, CMUnitTestFunction run,
    const void *row)
{
	void *state;

	if (cases->count == CASES_MAX)
		abort();
	/* cmocka hands the state out as void *; rows stay unchanged. */
	memcpy(&state, &row, sizeof(state));
	cases->tests[cases->count++] = (struct CMUnitTest){ .name = name,
		.test_func = run, .initial_state = state };
}

void
cases_add_table(struct cases *cases, const void *table, size_t row_size,
    size_t row_count, CMUnitTestFunction run)
{
	const char *row = table;

	for (size_t i = 0; i < row_count; i++, row += row_size) {
		const char *name;

		memcpy(&name, row, sizeof(name));
		cases_add(cases, name, run, row);
	}
}

int
cases_run(struct cases *cases)
{
	return _cmocka_run_group_tests("cases", cases->tests, cases->count,
	    NULL, NULL);
}
