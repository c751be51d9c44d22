/* SPDX-License-Identifier: BSD-2-Clause */
/* Case tables as cmocka tests: each row is a test of its own, named by its
 * `name` (a statement), so that a failure says which, and counts are true. */
#ifndef MX_TESTS_SUPPORT_CASES_H
#define MX_TESTS_SUPPORT_CASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Tests gathered before they run; at most CASES_MAX. */
enum { CASES_MAX = 4096 };

struct cases {
	struct CMUnitTest tests[CASES_MAX];
	size_t count;
};

/* One test with a state of its own; ROW may be NULL. NAME and ROW must
 * outlive cases_run(). */
void cases_add(struct cases *cases, const char *name, CMUnitTestFunction run,
    const void *row);

/* All rows of an array whose first member is `const char *name`:
 * CASES_ADD_TABLE(&cases, rows, run_row). */
#define CASES_ADD_TABLE(cases, table, run) \
	cases_add_table((cases), (table), sizeof((table)[0]), \
	    sizeof(table) / sizeof((table)[0]), (run))
void cases_add_table(struct cases *cases, const void *table, size_t row_size,
    size_t row_count, CMUnitTestFunction run);

/* The return value of main(). */
int cases_run(struct cases *cases);

#endif
