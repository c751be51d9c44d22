/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/atomic_file.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/slice.h"
#include "tests/support/cases.h"

/* Each test runs in an empty directory of its own. */
static int
enter(void **state)
{
	char dir[] = "/tmp/mxtrend-atomic.XXXXXX";

	if (mkdtemp(dir) == NULL || chdir(dir) != 0)
		return -1;
	*state = mx_strdup(dir);
	return 0;
}

static int
leave(void **state)
{
	static const char *const left[] = { "out", "target", "link", "fifo" };
	int result;

	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		(void)unlink(left[i]);
	(void)rmdir("dir");
	/* rmdir proves that nothing else was left behind. */
	result = chdir("/") == 0 ? rmdir(*state) : -1;
	free(*state);
	return result;
}

static void
put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void
assert_holds(const char *path, const char *want)
{
	char text[100];
	FILE *file = fopen(path, "r");
	size_t len;

	assert_non_null(file);
	len = fread(text, 1, sizeof(text) - 1, file);
	text[len] = '\0';
	(void)fclose(file);
	assert_string_equal(text, want);
}

static size_t
files_here(void)
{
	DIR *dir = opendir(".");
	size_t count = 0;

	assert_non_null(dir);
	for (const struct dirent *e; (e = readdir(dir)) != NULL;)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			count++;
	(void)closedir(dir);
	return count;
}

static void
the_old_file_stands_until_commit(void **state)
{
	struct atomic_file *file;
	struct mx_err err;

	(void)state;
	put("out", "old");
	assert_int_equal(atomic_file_open("out", &file, &err), MX_OK);
	(void)fputs("new", atomic_file_stream(file));
	(void)fflush(atomic_file_stream(file));
	assert_holds("out", "old");
	assert_int_equal(atomic_file_commit(file, &err), MX_OK);
	assert_holds("out", "new");
	assert_int_equal(files_here(), 1);
}

static void
discard_leaves_the_old_file_and_nothing_else(void **state)
{
	struct atomic_file *file;
	struct mx_err err;

	(void)state;
	put("out", "old");
	assert_int_equal(atomic_file_open("out", &file, &err), MX_OK);
	(void)fputs("new", atomic_file_stream(file));
	assert_int_equal(files_here(), 2);
	atomic_file_discard(file);
	atomic_file_discard(NULL);
	assert_holds("out", "old");
	assert_int_equal(files_here(), 1);
}

static void
nobody_else_may_read_it(void **state)
{
	struct atomic_file *file;
	struct mx_err err;
	struct stat st;
	mode_t old = umask(0);

	(void)state;
	assert_int_equal(atomic_file_open("out", &file, &err), MX_OK);
	assert_int_equal(atomic_file_commit(file, &err), MX_OK);
	assert_int_equal(stat("out", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	(void)umask(old);
}

static void
a_symbolic_link_is_not_followed(void **state)
{
	struct atomic_file *file;
	struct mx_err err;

	(void)state;
	put("target", "precious");
	assert_int_equal(symlink("target", "link"), 0);
	assert_int_equal(atomic_file_open("link", &file, &err),
	    MX_E_CANTCREAT);
	assert_null(file);
	assert_non_null(strstr(err.text, "symbolic link"));
	assert_holds("target", "precious");
}

static void
a_link_that_leads_nowhere_is_not_followed(void **state)
{
	struct atomic_file *file;
	struct mx_err err;

	(void)state;
	assert_int_equal(symlink("target", "link"), 0);
	assert_int_equal(atomic_file_open("link", &file, &err),
	    MX_E_CANTCREAT);
	assert_int_equal(access("target", F_OK), -1);
}

static void
a_directory_is_no_file(void **state)
{
	struct atomic_file *file;
	struct mx_err err;

	(void)state;
	assert_int_equal(mkdir("dir", 0700), 0);
	assert_int_equal(atomic_file_open("dir", &file, &err),
	    MX_E_CANTCREAT);
	assert_int_equal(err.sys_errno, EISDIR);
}

static void
a_directory_that_is_not_there_is_told(void **state)
{
	struct atomic_file *file;
	struct mx_err err;

	(void)state;
	assert_int_equal(atomic_file_open("dir/out", &file, &err),
	    MX_E_CANTCREAT);
	assert_string_equal(err.text, "dir/out: No such file or directory");
}

static void
a_device_is_written_in_place(void **state)
{
	struct atomic_file *file;
	struct mx_err err;
	struct stat st;

	(void)state;
	assert_int_equal(atomic_file_open("/dev/null", &file, &err), MX_OK);
	(void)fputs("gone", atomic_file_stream(file));
	assert_int_equal(atomic_file_commit(file, &err), MX_OK);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
}

static void
a_full_disk_is_an_io_error(void **state)
{
	struct atomic_file *file;
	struct mx_err err;

	(void)state;
	assert_int_equal(atomic_file_open("/dev/full", &file, &err), MX_OK);
	(void)fputs("too much", atomic_file_stream(file));
	assert_int_equal(atomic_file_commit(file, &err), MX_E_IO);
	assert_int_equal(err.sys_errno, ENOSPC);
}

/* stdio has lost the errno by then; the pipe itself still tells. */
static void
a_closed_pipe_is_known_after_the_fact(void **state)
{
	struct mx_err err;
	int ends[2];
	FILE *stream;

	(void)state;
	(void)signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(ends), 0);
	(void)close(ends[0]);
	stream = fdopen(ends[1], "w");
	assert_non_null(stream);
	(void)fputs("x", stream);
	assert_int_equal(fflush(stream), EOF);
	errno = 0;
	assert_int_equal(stream_check(stream, "pipe", &err), MX_E_IO);
	assert_int_equal(err.sys_errno, EPIPE);
	(void)fclose(stream);
}

static void
two_writers_do_not_share_a_temporary(void **state)
{
	struct atomic_file *a, *b;
	struct mx_err err;

	(void)state;
	assert_int_equal(atomic_file_open("out", &a, &err), MX_OK);
	assert_int_equal(atomic_file_open("out", &b, &err), MX_OK);
	(void)fputs("a", atomic_file_stream(a));
	(void)fputs("b", atomic_file_stream(b));
	assert_int_equal(atomic_file_commit(a, &err), MX_OK);
	assert_holds("out", "a");
	assert_int_equal(atomic_file_commit(b, &err), MX_OK);
	assert_holds("out", "b");
}

static void
a_dash_is_standard_output(void **state)
{
	struct atomic_file *file;
	struct mx_err err;

	(void)state;
	assert_int_equal(atomic_file_open("-", &file, &err), MX_OK);
	assert_ptr_equal(atomic_file_stream(file), stdout);
	assert_int_equal(atomic_file_commit(file, &err), MX_OK);
	assert_int_equal(atomic_file_open(NULL, &file, &err), MX_OK);
	assert_ptr_equal(atomic_file_stream(file), stdout);
	atomic_file_discard(file);
	assert_int_equal(access("-", F_OK), -1);
}

#define TEST(run) cmocka_unit_test_setup_teardown(run, enter, leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_old_file_stands_until_commit),
		TEST(discard_leaves_the_old_file_and_nothing_else),
		TEST(nobody_else_may_read_it),
		TEST(a_symbolic_link_is_not_followed),
		TEST(a_link_that_leads_nowhere_is_not_followed),
		TEST(a_directory_is_no_file),
		TEST(a_directory_that_is_not_there_is_told),
		TEST(a_device_is_written_in_place),
		TEST(a_full_disk_is_an_io_error),
		TEST(a_closed_pipe_is_known_after_the_fact),
		TEST(two_writers_do_not_share_a_temporary),
		TEST(a_dash_is_standard_output),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
