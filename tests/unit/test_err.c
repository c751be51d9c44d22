/* SPDX-License-Identifier: BSD-2-Clause */
/* Statuses are those of sysexits.h as the manual's EXIT STATUS lists them. */
#include "base/err.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "tests/support/cases.h"

static const struct status_case {
	const char *name;
	enum mx_code code;
	int want;
	const char *want_name;
} status_cases[] = {
	{ "ok_is_0", MX_OK, 0, "EX_OK" },
	{ "usage_is_64", MX_E_USAGE, 64, "EX_USAGE" },
	{ "bad_data_is_65", MX_E_DATA, 65, "EX_DATAERR" },
	{ "no_input_is_66", MX_E_NOINPUT, 66, "EX_NOINPUT" },
	{ "unavailable_is_69", MX_E_UNAVAILABLE, 69, "EX_UNAVAILABLE" },
	{ "internal_is_70", MX_E_INTERNAL, 70, "EX_SOFTWARE" },
	{ "no_memory_is_71", MX_E_OS, 71, "EX_OSERR" },
	{ "cannot_create_is_73", MX_E_CANTCREAT, 73, "EX_CANTCREAT" },
	{ "io_error_is_74", MX_E_IO, 74, "EX_IOERR" },
	{ "lock_held_is_75", MX_E_BUSY, 75, "EX_TEMPFAIL" },
	{ "not_allowed_is_77", MX_E_PERM, 77, "EX_NOPERM" },
	{ "configuration_is_78", MX_E_CONFIG, 78, "EX_CONFIG" },
	{ "a_limit_is_bad_data", MX_E_LIMIT, 65, "EX_DATAERR" },
	{ "stopped_can_be_tried_again", MX_E_STOPPED, 75, "EX_TEMPFAIL" },
};

static void
run_status(void **state)
{
	const struct status_case *c = *state;

	assert_int_equal(mx_exit_status(c->code), c->want);
	assert_string_equal(mx_exit_name(c->code), c->want_name);
}

static void
every_code_has_a_row(void **state)
{
	(void)state;
	assert_int_equal(sizeof(status_cases) / sizeof(status_cases[0]),
	    MX_CODES);
}

static void
no_failure_has_the_status_of_a_finding(void **state)
{
	(void)state;
	for (int code = MX_OK + 1; code < MX_CODES; code++)
		assert_in_range(mx_exit_status((enum mx_code)code), 64, 78);
}

static void
fail_fills_all_and_returns_the_code(void **state)
{
	struct mx_err err;

	(void)state;
	assert_int_equal(mx_fail(&err, MX_E_DATA, "%s:%d: bad", "f", 3),
	    MX_E_DATA);
	assert_int_equal(err.code, MX_E_DATA);
	assert_int_equal(err.sys_errno, 0);
	assert_string_equal(err.text, "f:3: bad");
}

static void
fail_errno_tells_the_systems_reason(void **state)
{
	struct mx_err err;

	(void)state;
	assert_int_equal(mx_fail_errno(&err, MX_E_NOINPUT, ENOENT, "%s",
	    "mail.log"), MX_E_NOINPUT);
	assert_int_equal(err.sys_errno, ENOENT);
	assert_string_equal(err.text, "mail.log: No such file or directory");
}

static void
long_text_is_cut_and_ended(void **state)
{
	struct mx_err err;
	char text[2000];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	(void)mx_fail(&err, MX_E_DATA, "%s", text);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	(void)mx_fail_errno(&err, MX_E_DATA, EIO, "%s", text);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
}

static void
a_caller_without_interest_may_pass_null(void **state)
{
	(void)state;
	assert_int_equal(mx_fail(NULL, MX_E_IO, "x"), MX_E_IO);
	assert_int_equal(mx_fail_errno(NULL, MX_E_IO, EIO, "x"), MX_E_IO);
}

static void
no_bytes_are_an_allocation_all_the_same(void **state)
{
	void *a = mx_alloc(0), *b = mx_calloc(0, 8);

	(void)state;
	assert_non_null(a);
	assert_non_null(b);
	free(a);
	free(b);
}

static void
a_fixed_clock_stands_still(void **state)
{
	struct clock fixed = clock_fixed(1795372200);
	struct clock real = clock_system();

	(void)state;
	assert_true(clock_now(&fixed) == 1795372200);
	assert_true(clock_now(&fixed) == 1795372200);
	assert_true(clock_now(&real) > 1700000000);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, status_cases, run_status);
	cases_add(&cases, "every_code_has_a_row", every_code_has_a_row, NULL);
	cases_add(&cases, "no_failure_has_the_status_of_a_finding",
	    no_failure_has_the_status_of_a_finding, NULL);
	cases_add(&cases, "fail_fills_all_and_returns_the_code",
	    fail_fills_all_and_returns_the_code, NULL);
	cases_add(&cases, "fail_errno_tells_the_systems_reason",
	    fail_errno_tells_the_systems_reason, NULL);
	cases_add(&cases, "long_text_is_cut_and_ended",
	    long_text_is_cut_and_ended, NULL);
	cases_add(&cases, "a_caller_without_interest_may_pass_null",
	    a_caller_without_interest_may_pass_null, NULL);
	cases_add(&cases, "no_bytes_are_an_allocation_all_the_same",
	    no_bytes_are_an_allocation_all_the_same, NULL);
	cases_add(&cases, "a_fixed_clock_stands_still",
	    a_fixed_clock_stands_still, NULL);
	return cases_run(&cases);
}
