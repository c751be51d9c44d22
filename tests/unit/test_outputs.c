/* SPDX-License-Identifier: BSD-2-Clause */
/* What holds for every format: any document renders, twice the same, in any
 * locale; a full disk is an error that says what was written. */
#include "reports/output.h"

#include <locale.h>
#include <stdlib.h>

#include "tests/support/cases.h"
#include "tests/support/render.h"

static void
run_twice(void **state)
{
	const struct fixture_entry *entry = *state;

	for (size_t i = 0; report_outputs[i] != NULL; i++) {
		size_t a_len, b_len;
		char *a, *b;

		a = render_fixture(report_outputs[i], entry->fill, &a_len);
		b = render_fixture(report_outputs[i], entry->fill, &b_len);
		assert_int_equal(a_len, b_len);
		assert_memory_equal(a, b, a_len);
		assert_true(a_len > 0);
		free(a);
		free(b);
	}
}

static void
a_new_document_without_anything_renders(void **state)
{
	struct output_options options = render_options();
	struct report report;

	(void)state;
	report_init(&report);
	for (size_t i = 0; report_outputs[i] != NULL; i++)
		free(render_report(report_outputs[i], &report, &options,
		    NULL));
	report_release(&report);
}

/* A locale with a decimal comma, where the system has one. */
static bool
set_comma_locale(void)
{
	static const char *const names[] = { "de_DE.UTF-8", "fr_FR.UTF-8",
		"de_DE", "pl_PL.UTF-8" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (setlocale(LC_ALL, names[i]) != NULL)
			return true;
	return false;
}

static void
numbers_do_not_follow_the_locale(void **state)
{
	(void)state;
	for (size_t i = 0; report_outputs[i] != NULL; i++) {
		size_t a_len, b_len;
		char *a, *b;

		a = render_fixture(report_outputs[i], fixture_story, &a_len);
		if (!set_comma_locale()) {
			free(a);
			skip();
		}
		b = render_fixture(report_outputs[i], fixture_story, &b_len);
		assert_non_null(setlocale(LC_ALL, "C"));
		assert_int_equal(a_len, b_len);
		assert_memory_equal(a, b, a_len);
		free(a);
		free(b);
	}
}

static void
a_full_disk_is_an_error_of_every_format(void **state)
{
	struct output_options options = render_options();
	struct report_fixture fixture;

	(void)state;
	fixture_story(&fixture);
	for (size_t i = 0; report_outputs[i] != NULL; i++) {
		struct mx_err err = { .text = "" };
		FILE *full = fopen("/dev/full", "wb");

		assert_non_null(full);
		assert_int_equal(report_outputs[i]->render(&fixture.report,
		    &options, full, &err), MX_E_IO);
		assert_non_null(strstr(err.text, "writing the "));
		assert_non_null(strstr(err.text, "No space left"));
		(void)fclose(full);
	}
	fixture_release(&fixture);
}

int
main(void)
{
	static struct cases cases;
	static const struct fixture_entry twice[] = {
		{ "story_renders_twice_the_same", fixture_story },
		{ "quiet_renders_twice_the_same", fixture_quiet },
		{ "busy_renders_twice_the_same", fixture_busy },
		{ "empty_renders_twice_the_same", fixture_empty },
		{ "no_log_renders_twice_the_same", fixture_no_log },
		{ "hostile_renders_twice_the_same", fixture_hostile },
	};

	CASES_ADD_TABLE(&cases, twice, run_twice);
	cases_add(&cases, "a_new_document_without_anything_renders",
	    a_new_document_without_anything_renders, NULL);
	cases_add(&cases, "numbers_do_not_follow_the_locale",
	    numbers_do_not_follow_the_locale, NULL);
	cases_add(&cases, "a_full_disk_is_an_error_of_every_format",
	    a_full_disk_is_an_error_of_every_format, NULL);
	return cases_run(&cases);
}
