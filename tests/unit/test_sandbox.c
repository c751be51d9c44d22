/* SPDX-License-Identifier: BSD-2-Clause */
/* Each case gives up its rights in a child process and tries what must not
 * work any more. */
#include "cli/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "tests/support/cases.h"

static char root[] = "/tmp/test_sandbox.XXXXXX";

static bool
offers(const char *what)
{
	struct strbuf text;
	bool has_it;

	strbuf_init(&text, 1024);
	sandbox_describe(&text);
	has_it = strncmp(text.ptr, what, strlen(what)) == 0 ||
	    slice_find(strbuf_slice(&text), slice_str(what)) != NULL;
	strbuf_release(&text);
	return has_it;
}

static const char *
in_root(const char *name)
{
	static char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", root, name);
	return path;
}

/* The errno of opening PATH, 0 where it opens. */
static int
try_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);
	int error = fd < 0 ? errno : 0;

	if (fd >= 0)
		(void)close(fd);
	return error;
}

/* What TRY says in a child that may read root/in and write root/out. */
static int
confined(bool has_network, int (*try)(void))
{
	int status = -1;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct sandbox *sandbox = sandbox_new(has_network);
		struct mx_err err;

		sandbox_allow(sandbox, in_root("in"), SANDBOX_READ);
		sandbox_allow(sandbox, in_root("out"), SANDBOX_WRITE);
		sandbox_allow(sandbox, in_root("not-there"), SANDBOX_READ);
		if (sandbox_enter(sandbox, &err) != MX_OK)
			_exit(255);
		sandbox_free(sandbox);
		_exit(try());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int
read_input(void)
{
	return try_open(in_root("in/log"), O_RDONLY);
}

static int
write_input(void)
{
	return try_open(in_root("in/log"), O_WRONLY);
}

static int
read_elsewhere(void)
{
	return try_open(in_root("secret"), O_RDONLY);
}

static int
leave_by_a_link(void)
{
	return try_open(in_root("in/link"), O_RDONLY);
}

static int
replace_output(void)
{
	int error = try_open(in_root("out/new"), O_WRONLY | O_CREAT);

	if (error != 0)
		return error;
	if (rename(in_root("out/new"), in_root("out/new")) != 0)
		return errno;
	return unlink(in_root("out/new")) != 0 ? errno : 0;
}

static int
write_elsewhere(void)
{
	return try_open(in_root("new"), O_WRONLY | O_CREAT);
}

static int
start_a_program(void)
{
	char name[] = "true";
	char *const words[] = { name, NULL };

	(void)execv("/bin/true", words);
	return errno;
}

static int
open_a_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return errno;
	(void)close(fd);
	return 0;
}

static void
files_are_read_and_written_where_allowed_alone(void **state)
{
	(void)state;
	if (!offers("landlock"))
		skip();
	assert_int_equal(confined(false, read_input), 0);
	assert_int_equal(confined(false, write_input), EACCES);
	assert_int_equal(confined(false, read_elsewhere), EACCES);
	assert_int_equal(confined(false, leave_by_a_link), EACCES);
	assert_int_equal(confined(false, replace_output), 0);
	assert_int_equal(confined(false, write_elsewhere), EACCES);
	assert_int_equal(access(in_root("new"), F_OK), -1);
}

static void
no_program_is_started(void **state)
{
	int error;

	(void)state;
	if (!offers("landlock") && !offers("seccomp"))
		skip();
	error = confined(true, start_a_program);
	assert_true(error == EPERM || error == EACCES);
}

static void
nobody_is_talked_to(void **state)
{
	(void)state;
	if (offers("built without seccomp"))
		skip();
	assert_int_equal(confined(false, open_a_socket), EPERM);
	assert_int_equal(confined(true, open_a_socket), 0);
}

static int
make_files(void **state)
{
	static const char *const files[] = { "in/log", "secret" };

	(void)state;
	if (mkdtemp(root) == NULL || mkdir(in_root("in"), 0700) != 0 ||
	    mkdir(in_root("out"), 0700) != 0 ||
	    symlink("../secret", in_root("in/link")) != 0)
		return -1;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (try_open(in_root(files[i]), O_WRONLY | O_CREAT) != 0)
			return -1;
	return 0;
}

static int
remove_files(void **state)
{
	static const char *const files[] = { "in/log", "in/link", "secret" };

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		(void)unlink(in_root(files[i]));
	(void)rmdir(in_root("in"));
	(void)rmdir(in_root("out"));
	return rmdir(root);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_read_and_written_where_allowed_alone),
		cmocka_unit_test(no_program_is_started),
		cmocka_unit_test(nobody_is_talked_to),
	};

	return cmocka_run_group_tests(tests, make_files, remove_files);
}
