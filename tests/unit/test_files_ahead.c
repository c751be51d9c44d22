/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that a thread opens ahead are the files that they are without it. */
#include "parsers/files_ahead.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "base/limits.h"
#include "parsers/report_formats.h"

#include "tests/support/cases.h"

enum { COUNT = 200, LARGE = 3 * LIMIT_PROBE_BYTES };

static const char report[] = "<feedback><report_metadata>"
    "<org_name>a.example</org_name></report_metadata></feedback>";

static char top[64];
static char *paths[COUNT];
static char large[LARGE + 1];

/* What file NUMBER holds; NULL: there is none. */
static const char *
content_of(size_t number)
{
	switch (number % 5) {
	case 0:
		return report;
	case 1:
		return large;
	case 2:
		return "";
	case 3:
		return "Nov 20 08:00:00 mx postfix/smtp[1]: a line\n";
	default:
		return NULL;
	}
}

static void
make_one(size_t number)
{
	const char *text = content_of(number);
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%03zu", top, number);
	paths[number] = mx_strdup(path);
	if (text == NULL)
		return;
	if (number % 2 == 0) {
		gzFile file = gzopen(path, "wb");

		assert_non_null(file);
		assert_int_equal(gzwrite(file, text, (unsigned)strlen(text)),
		    (int)strlen(text));
		assert_int_equal(gzclose(file), Z_OK);
	} else {
		FILE *file = fopen(path, "wb");

		assert_non_null(file);
		assert_true(fputs(text, file) >= 0);
		assert_int_equal(fclose(file), 0);
	}
}

static int
set_up(void **state)
{
	(void)state;
	(void)snprintf(top, sizeof(top), "/tmp/mxtrend-ahead.XXXXXX");
	assert_non_null(mkdtemp(top));
	for (size_t i = 0; i < LARGE; i++)
		large[i] = i % 80 == 79 ? '\n' : (char)('a' + i % 23);
	for (size_t i = 0; i < COUNT; i++)
		make_one(i);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		(void)unlink(paths[i]);
		free(paths[i]);
	}
	return rmdir(top);
}

static bool
is_not_third(const char *path)
{
	return (path[strlen(path) - 1] - '0') % 3 != 0;
}

static bool
is_any(const char *path)
{
	(void)path;
	return true;
}

/* All of SOURCE, which is closed. */
static void
check_bytes(struct byte_source *source, const char *want)
{
	static char bytes[LARGE + 1];
	size_t len = 0, got = 1;
	struct mx_err err;

	while (got != 0) {
		assert_int_equal(source->read(source, bytes + len,
		    sizeof(bytes) - len, &got, &err), MX_OK);
		len += got;
	}
	source->close(source);
	assert_int_equal(len, strlen(want));
	assert_memory_equal(bytes, want, len);
}

static void
check_file(size_t number, struct opened_file *file)
{
	const char *want = content_of(number);
	size_t most = LIMIT_PROBE_BYTES;

	if (!is_not_third(paths[number])) {
		assert_null(file->source);
		assert_int_equal(file->code, MX_OK);
	} else if (want == NULL) {
		assert_null(file->source);
		assert_int_equal(file->code, MX_E_NOINPUT);
	} else {
		assert_int_equal(file->head.len,
		    strlen(want) < most ? strlen(want) : most);
		assert_memory_equal(file->head.ptr, want, file->head.len);
		assert_int_equal(file->is_all, want != large);
		check_bytes(file->source, want);
	}
	report_early_free(file->early);
}

static void
every_file_comes_in_its_order(void **state)
{
	struct files_ahead *files = files_ahead_start(paths, COUNT,
	    is_not_third, false);

	(void)state;
	assert_non_null(files);
	for (size_t i = 0; i < COUNT; i++) {
		struct opened_file file = files_ahead_take(files);

		assert_null(file.early);
		check_file(i, &file);
	}
	files_ahead_stop(files);
}

/* The thread fills all it may while nobody takes: then it reads reports. */
static void
who_is_well_ahead_reads_reports_and_only_these(void **state)
{
	struct files_ahead *files = files_ahead_start(paths, COUNT,
	    is_not_third, true);
	const struct timespec pause = { .tv_nsec = 20 * 1000 * 1000 };
	size_t read = 0;

	(void)state;
	assert_non_null(files);
	for (size_t i = 0; i < COUNT; i++) {
		struct opened_file file;

		if (i % 8 == 0)
			(void)nanosleep(&pause, NULL);
		file = files_ahead_take(files);
		if (file.early != NULL)
			assert_ptr_equal(content_of(i), report);
		read += file.early != NULL;
		check_file(i, &file);
	}
	assert_true(read > 0);
	files_ahead_stop(files);
}

static void
it_may_be_stopped_before_the_end(void **state)
{
	(void)state;
	for (size_t most = 0; most < 40; most += 3) {
		struct files_ahead *files = files_ahead_start(paths, COUNT,
		    is_any, true);

		assert_non_null(files);
		for (size_t i = 0; i < most; i++) {
			struct opened_file file = files_ahead_take(files);

			if (file.source != NULL)
				file.source->close(file.source);
			report_early_free(file.early);
		}
		files_ahead_stop(files);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(every_file_comes_in_its_order),
	cmocka_unit_test(who_is_well_ahead_reads_reports_and_only_these),
	cmocka_unit_test(it_may_be_stopped_before_the_end),
};

int
main(void)
{
	return cmocka_run_group_tests_name("files_ahead", tests, set_up,
	    tear_down);
}
