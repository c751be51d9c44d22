/* SPDX-License-Identifier: BSD-2-Clause */
/* The workbook: same bytes for the same document, no traces in the temporary
 * directory, errors; and, where Python has openpyxl, every cell against the
 * JSON of the same document. */
#include "reports/out_xlsx.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reports/outputs.h"
#include "tests/support/cases.h"
#include "tests/support/render.h"

/* A workbook in memory, with sheets of ROWS_MAX rows. */
static char *
render_book(const struct report *report, size_t rows_max,
    size_t table_rows_max, size_t *len_r)
{
	struct output_options options = render_options();
	struct mx_err err = { .text = "" };
	char *text = NULL;
	enum mx_code code;
	FILE *out = open_memstream(&text, len_r);

	assert_non_null(out);
	code = xlsx_render(report, &options, rows_max, table_rows_max, out,
	    &err);
	assert_int_equal(fclose(out), 0);
	if (code != MX_OK)
		fail_msg("%s", err.text);
	return text;
}

static void
check_book(void (*fill)(struct report_fixture *), size_t rows_max,
    size_t table_rows_max, const char *rows)
{
	struct report_fixture fixture;
	const char *args[4] = { NULL };
	char *book, *json, *paths[2];
	struct scratch scratch;
	size_t len;

	fill(&fixture);
	scratch_open(&scratch);
	json = render_fixture(&output_json, fill, &len);
	paths[0] = scratch_write(&scratch, "report.json", json, len);
	book = render_book(&fixture.report, rows_max, table_rows_max, &len);
	paths[1] = scratch_write(&scratch, "report.xlsx", book, len);
	args[0] = paths[0];
	args[1] = paths[1];
	args[2] = rows;
	fixture_release(&fixture);
	free(json);
	free(book);
	run_python("tests/xlsx/check_xlsx.py", args);
	free(paths[0]);
	free(paths[1]);
	scratch_close(&scratch);
}

static void
run_tables(void **state)
{
	const struct fixture_entry *entry = *state;

	check_book(entry->fill, XLSX_ROWS_MAX, XLSX_TABLE_ROWS_MAX, NULL);
}

static void
run_constant_memory(void **state)
{
	const struct fixture_entry *entry = *state;

	check_book(entry->fill, XLSX_ROWS_MAX, 0, NULL);
}

static void
rows_beyond_the_limit_are_summed_up(void **state)
{
	(void)state;
	check_book(fixture_story, 20, XLSX_TABLE_ROWS_MAX, "20");
	check_book(fixture_story, 20, 0, "20");
	check_book(fixture_story, 5, XLSX_TABLE_ROWS_MAX, "5");
	check_book(fixture_busy, 4000, 0, "4000");
}

/* ---- memory ---- */

/* Bytes of this process that RLIMIT_DATA counts. */
static size_t
data_bytes(void)
{
	unsigned long long size, resident, shared, text, lib, data;
	FILE *in = fopen("/proc/self/statm", "r");

	if (in == NULL)
		return 0;
	if (fscanf(in, "%llu %llu %llu %llu %llu %llu", &size, &resident,
	    &shared, &text, &lib, &data) != 6)
		data = 0;
	(void)fclose(in);
	return (size_t)data * (size_t)sysconf(_SC_PAGESIZE);
}

static _Noreturn void
render_in_child(size_t rows, size_t table_rows_max, size_t more)
{
	struct output_options options = render_options();
	struct report_fixture fixture;
	struct rlimit limit;
	struct mx_err err;
	FILE *out = fopen("/dev/null", "wb");

	/* cmocka's handler would go on with the next test, here in the child;
	 * the library does not look at what malloc gives everywhere */
	(void)signal(SIGSEGV, SIG_DFL);
	fixture_large(&fixture, rows);
	limit.rlim_cur = limit.rlim_max = data_bytes() + more;
	if (out == NULL || data_bytes() == 0 ||
	    setrlimit(RLIMIT_DATA, &limit) != 0 ||
	    freopen("/dev/null", "w", stderr) == NULL)
		_exit(99);
	_exit(xlsx_render(&fixture.report, &options, XLSX_ROWS_MAX,
	    table_rows_max, out, &err) == MX_OK ? 0 : 1);
}

/* How a process ends that renders ROWS of data and may take MORE bytes for
 * that: 0 where they are enough. */
static int
end_within(size_t rows, size_t table_rows_max, size_t more)
{
	pid_t pid = fork();
	int status = 0;

	assert_true(pid >= 0);
	if (pid == 0)
		render_in_child(rows, table_rows_max, more);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static void
fifty_thousand_rows_take_little_memory(void **state)
{
	const size_t more = 12u << 20;

	(void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	skip(); /* a sanitizer's own memory counts, too */
#endif
	assert_int_equal(end_within(50000, XLSX_TABLE_ROWS_MAX, more), 0);
	assert_int_equal(end_within(150000, XLSX_TABLE_ROWS_MAX, more), 0);
	/* the limit holds: with tables it would not be enough */
	assert_int_not_equal(end_within(50000, XLSX_ROWS_MAX, more), 0);
}

/* ---- bytes ---- */

static void
expect_same(const char *a, size_t a_len, const char *b, size_t b_len)
{
	assert_int_equal(a_len, b_len);
	assert_memory_equal(a, b, a_len);
}

static void
same_document_gives_the_same_bytes(void **state)
{
	static const size_t limits[] = { XLSX_TABLE_ROWS_MAX, 0 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct report_fixture first, second;
		char *a, *b;
		size_t a_len, b_len;

		fixture_story(&first);
		a = render_book(&first.report, XLSX_ROWS_MAX, limits[i],
		    &a_len);
		assert_int_equal(setenv("TZ", "Asia/Tokyo", 1), 0);
		fixture_story(&second);
		b = render_book(&second.report, XLSX_ROWS_MAX, limits[i],
		    &b_len);
		assert_int_equal(unsetenv("TZ"), 0);
		expect_same(a, a_len, b, b_len);
		free(a);
		free(b);
		fixture_release(&first);
		fixture_release(&second);
	}
}

static void
source_date_epoch_replaces_the_time_of_making(void **state)
{
	struct output_options options = render_options();
	struct report_fixture fixture;
	char *a, *b;
	size_t a_len, b_len;

	(void)state;
	fixture_empty(&fixture);
	options.source_date_epoch = fixture.report.generated_utc;
	a = render_report(&output_xlsx, &fixture.report, &options, &a_len);
	options.source_date_epoch = TIME_NONE;
	b = render_report(&output_xlsx, &fixture.report, &options, &b_len);
	expect_same(a, a_len, b, b_len);
	free(b);
	options.source_date_epoch = 1000000000;
	b = render_report(&output_xlsx, &fixture.report, &options, &b_len);
	assert_true(a_len != b_len || memcmp(a, b, a_len) != 0);
	free(a);
	free(b);
	fixture_release(&fixture);
}

/* ---- the temporary directory ---- */

static size_t
entries_of(const char *path)
{
	DIR *dir = opendir(path);
	size_t count = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		count++;
	(void)closedir(dir);
	return count;
}

static void
nothing_stays_in_the_temporary_directory(void **state)
{
	struct output_options options = render_options();
	struct report_fixture fixture;
	struct scratch scratch;
	struct mx_err err;
	FILE *full;

	(void)state;
	scratch_open(&scratch);
	assert_int_equal(setenv("TMPDIR", scratch.dir, 1), 0);
	free(render_fixture(&output_xlsx, fixture_quiet, NULL));
	assert_int_equal(entries_of(scratch.dir), 2); /* . and .. */
	full = fopen("/dev/full", "wb");
	assert_non_null(full);
	fixture_quiet(&fixture);
	assert_int_equal(output_xlsx.render(&fixture.report, &options, full,
	    &err), MX_E_IO);
	(void)fclose(full);
	assert_int_equal(entries_of(scratch.dir), 2);
	assert_int_equal(unsetenv("TMPDIR"), 0);
	fixture_release(&fixture);
	scratch_close(&scratch);
}

static void
missing_temporary_directory_is_said_with_its_name(void **state)
{
	struct output_options options = render_options();
	struct report_fixture fixture;
	struct mx_err err;

	(void)state;
	assert_int_equal(setenv("TMPDIR", "/nonexistent/there", 1), 0);
	fixture_empty(&fixture);
	assert_int_equal(output_xlsx.render(&fixture.report, &options, stdout,
	    &err), MX_E_CANTCREAT);
	assert_non_null(strstr(err.text, "/nonexistent/there"));
	assert_int_equal(unsetenv("TMPDIR"), 0);
	fixture_release(&fixture);
}

int
main(void)
{
	static struct cases cases;
	static const struct fixture_entry with_tables[] = {
		{ "story_with_tables", fixture_story },
		{ "quiet_with_tables", fixture_quiet },
		{ "empty_with_tables", fixture_empty },
		{ "no_log_with_tables", fixture_no_log },
		{ "hostile_with_tables", fixture_hostile },
	};
	static const struct fixture_entry row_by_row[] = {
		{ "story_row_by_row", fixture_story },
		{ "empty_row_by_row", fixture_empty },
		{ "hostile_row_by_row", fixture_hostile },
		{ "busy_row_by_row", fixture_busy },
	};

	CASES_ADD_TABLE(&cases, with_tables, run_tables);
	CASES_ADD_TABLE(&cases, row_by_row, run_constant_memory);
	cases_add(&cases, "rows_beyond_the_limit_are_summed_up",
	    rows_beyond_the_limit_are_summed_up, NULL);
	cases_add(&cases, "fifty_thousand_rows_take_little_memory",
	    fifty_thousand_rows_take_little_memory, NULL);
	cases_add(&cases, "same_document_gives_the_same_bytes",
	    same_document_gives_the_same_bytes, NULL);
	cases_add(&cases, "source_date_epoch_replaces_the_time_of_making",
	    source_date_epoch_replaces_the_time_of_making, NULL);
	cases_add(&cases, "nothing_stays_in_the_temporary_directory",
	    nothing_stays_in_the_temporary_directory, NULL);
	cases_add(&cases, "missing_temporary_directory_is_said_with_its_name",
	    missing_temporary_directory_is_said_with_its_name, NULL);
	return cases_run(&cases);
}
