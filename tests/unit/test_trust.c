/* SPDX-License-Identifier: BSD-2-Clause */
/* What every user may write to is refused where root's configuration stands,
 * and elsewhere told only. */
#include "cli/trust.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/cases.h"

static const struct trust_case {
	const char *name, *path;
	mode_t mode;
	enum mx_code want;
} trust_cases[] = {
	{ "of_all_in_etc", "/etc/mxtrend.conf", 0646, MX_E_CONFIG },
	{ "of_a_group_in_etc", "/etc/mxtrend.conf", 0664, MX_OK },
	{ "of_all_at_home", "/home/a/.config/mxtrend/mxtrend.conf", 0666,
	  MX_OK },
	{ "etc_is_a_directory", "/etcetera.conf", 0666, MX_OK },
};

static void
trust_case(void **state)
{
	const struct trust_case *row = *state;
	FILE *file = tmpfile();
	struct mx_err err = { .code = MX_OK };

	assert_non_null(file);
	assert_int_equal(fchmod(fileno(file), row->mode), 0);
	assert_int_equal(trust_file(fileno(file), row->path, &err), row->want);
	assert_int_equal(err.code, row->want);
	(void)fclose(file);
}

/* A pipe has no mode that says anything: who started us writes to it. */
static void
a_pipe_is_trusted(void **state)
{
	struct mx_err err = { .code = MX_OK };
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(trust_file(ends[0], "/etc/mxtrend.conf", &err),
	    MX_OK);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, trust_cases, trust_case);
	cases_add(&cases, "a_pipe_is_trusted", a_pipe_is_trusted, NULL);
	return cases_run(&cases);
}
