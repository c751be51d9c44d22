/* SPDX-License-Identifier: BSD-2-Clause */
/* Operands stay as they are; directories are walked only where that is
 * wanted, and never out of themselves or into what cannot be read. */
#include "cli/walk.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/cases.h"

static char top[64];
static struct path_list list;
static struct mx_err err;

static const char *
below(const char *name)
{
	static char paths[4][256];
	static unsigned turn;
	char *path = paths[turn++ % 4];

	(void)snprintf(path, sizeof(paths[0]), "%s/%s", top, name);
	return path;
}

static void
make_file(const char *name)
{
	int fd = open(below(name), O_CREAT | O_WRONLY, 0600);

	assert_true(fd >= 0);
	(void)close(fd);
}

static int
set_up(void **state)
{
	(void)state;
	(void)snprintf(top, sizeof(top), "/tmp/mxtrend-walk.XXXXXX");
	assert_non_null(mkdtemp(top));
	memset(&list, 0, sizeof(list));
	return 0;
}

static int
tear_down(void **state)
{
	char command[128];

	(void)state;
	path_list_release(&list);
	(void)snprintf(command, sizeof(command), "rm -rf %s", top);
	return system(command);
}

static void
check(size_t at, const char *name)
{
	assert_true(at < list.count);
	assert_string_equal(list.paths[at], below(name));
}

static void
an_operand_stays_as_it_is(void **state)
{
	(void)state;
	assert_int_equal(walk_path(&list, "no/such/file", true, &err), MX_OK);
	assert_int_equal(walk_path(&list, "-", true, &err), MX_OK);
	assert_int_equal(list.count, 2);
	assert_string_equal(list.paths[0], "no/such/file");
	assert_string_equal(list.paths[1], "-");
}

static void
a_directory_is_walked_only_where_wanted(void **state)
{
	(void)state;
	make_file("a");
	assert_int_equal(walk_path(&list, top, false, &err), MX_OK);
	assert_int_equal(list.count, 1);
	assert_string_equal(list.paths[0], top);
}

static void
files_come_in_byte_order_nearer_ones_first(void **state)
{
	(void)state;
	assert_int_equal(mkdir(below("b"), 0700), 0);
	assert_int_equal(mkdir(below("b/c"), 0700), 0);
	make_file("z");
	make_file("b/y");
	make_file("b/c/x");
	make_file("a");
	make_file("Z");
	make_file(".hidden");
	assert_int_equal(walk_path(&list, top, true, &err), MX_OK);
	assert_int_equal(list.count, 6);
	check(0, ".hidden");
	check(1, "Z");
	check(2, "a");
	check(3, "z");
	check(4, "b/y");
	check(5, "b/c/x");
}

static void
links_to_files_are_followed_links_to_directories_not(void **state)
{
	(void)state;
	make_file("a");
	assert_int_equal(mkdir(below("d"), 0700), 0);
	assert_int_equal(symlink("a", below("link")), 0);
	assert_int_equal(symlink("..", below("d/up")), 0);
	assert_int_equal(symlink("gone", below("dangling")), 0);
	assert_int_equal(walk_path(&list, top, true, &err), MX_OK);
	assert_int_equal(list.count, 2);
	check(0, "a");
	check(1, "link");
}

/* Maildir++: subfolders are Maildirs named ".Name"; maildir(5) of qmail: what
 * is in tmp is not delivered. A tmp elsewhere is a directory as any other. */
static void
tmp_of_a_maildir_is_left_out(void **state)
{
	static const char *const dirs[] = { "cur", "new", "tmp", ".Sub",
		".Sub/cur", ".Sub/new", ".Sub/tmp", "logs", "logs/tmp" };

	(void)state;
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		assert_int_equal(mkdir(below(dirs[i]), 0700), 0);
	make_file("cur/1.a:2,S");
	make_file("new/2.b");
	make_file("tmp/3.c");
	make_file(".Sub/cur/4.d:2,");
	make_file(".Sub/tmp/5.e");
	make_file("logs/tmp/mail.log");
	assert_int_equal(walk_path(&list, top, true, &err), MX_OK);
	assert_int_equal(list.count, 4);
	check(0, "cur/1.a:2,S");
	check(1, "new/2.b");
	check(2, ".Sub/cur/4.d:2,");
	check(3, "logs/tmp/mail.log");
}

static void
only_files_are_taken(void **state)
{
	(void)state;
	assert_int_equal(mkfifo(below("pipe"), 0600), 0);
	make_file("a");
	assert_int_equal(walk_path(&list, top, true, &err), MX_OK);
	assert_int_equal(list.count, 1);
	check(0, "a");
	assert_false(walk_is_regular(below("pipe")));
	assert_true(walk_is_regular(below("a")));
	assert_false(walk_is_regular(top));
	assert_false(walk_is_regular(below("gone")));
}

static void
a_directory_that_may_not_be_read_is_told_and_the_rest_is_walked(void **state)
{
	const uid_t me = geteuid();
	enum mx_code code;
	int saved, null;

	(void)state;
	assert_int_equal(mkdir(below("b"), 0000), 0);
	make_file("c");
	assert_int_equal(chmod(top, 0755), 0);
	/* root may read everything */
	if (me == 0)
		assert_int_equal(seteuid(65534), 0);
	saved = dup(STDERR_FILENO);
	null = open("/dev/null", O_WRONLY);
	(void)dup2(null, STDERR_FILENO);
	code = walk_path(&list, top, true, &err);
	if (me == 0)
		assert_int_equal(seteuid(me), 0);
	(void)dup2(saved, STDERR_FILENO);
	(void)close(saved);
	(void)close(null);
	assert_int_equal(code, MX_E_NOINPUT);
	assert_int_equal(list.count, 1);
	check(0, "c");
}

static void
a_deep_directory_is_walked_without_end_of_stack(void **state)
{
	enum { DEPTH = 60 };
	char path[512] = "";
	size_t len = 0;

	(void)state;
	for (int i = 0; i < DEPTH; i++) {
		len += (size_t)snprintf(path + len, sizeof(path) - len, "%sd",
		    i != 0 ? "/" : "");
		assert_int_equal(mkdir(below(path), 0700), 0);
	}
	(void)snprintf(path + len, sizeof(path) - len, "/x");
	make_file(path);
	assert_int_equal(walk_path(&list, top, true, &err), MX_OK);
	assert_int_equal(list.count, 1);
	check(0, path);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_operand_stays_as_it_is),
		TEST(a_directory_is_walked_only_where_wanted),
		TEST(files_come_in_byte_order_nearer_ones_first),
		TEST(links_to_files_are_followed_links_to_directories_not),
		TEST(tmp_of_a_maildir_is_left_out),
		TEST(only_files_are_taken),
		TEST(
		a_directory_that_may_not_be_read_is_told_and_the_rest_is_walked),
		TEST(a_deep_directory_is_walked_without_end_of_stack),
	};

	return cmocka_run_group_tests_name("walk", tests, NULL, NULL);
}
