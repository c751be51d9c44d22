/* SPDX-License-Identifier: BSD-2-Clause */
/* Prefixes as docker logs -t, docker-compose and CRI (Kubernetes'
 * cri-api/docs, "logging") write them. */
#include "parsers/container_head.h"

#include "tests/support/cases.h"

#define AT "2026-11-20T07:00:01.678901234"

static const struct strip_case {
	const char *name, *line, *want; /* NULL: nothing to strip */
} strip_cases[] = {
	{ "cri", AT "Z stdout F text", "text" },
	{ "cri_with_an_offset", AT "+01:00 stderr P text", "text" },
	{ "docker_with_times", AT "Z text", "text" },
	{ "compose", "mail-1  | text", "text" },
	{ "compose_with_times", "mail_a.b-1 | " AT "Z text", "text" },
	{ "no_text", AT "Z stdout F ", "" },
	{ "a_stream_has_two_names", AT "Z stdin F text", "stdin F text" },
	{ "six_decimals_are_the_programs_own",
	  "2026-11-20T07:00:01.678901Z text", NULL },
	{ "ten_decimals_are_none", AT "5Z text", NULL },
	{ "a_time_alone", AT "Z", NULL },
	{ "a_time_and_no_space", AT "Ztext", NULL },
	{ "a_name_of_other_letters", "mail/1 | text", NULL },
	{ "a_bar_and_no_space", "mail-1 |text", NULL },
	{ "words", "mail says text", NULL },
	{ "nothing", "", NULL },
};

static void
strip_case(void **state)
{
	const struct strip_case *row = *state;
	struct slice line = slice_str(row->line);

	assert_int_equal(container_strip(&line), row->want != NULL);
	if (row->want == NULL)
		assert_true(slice_eq(line, slice_str(row->line)));
	else
		assert_true(slice_eq(line, slice_str(row->want)));
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, strip_cases, strip_case);
	return cases_run(&cases);
}
