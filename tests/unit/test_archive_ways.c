/* SPDX-License-Identifier: BSD-2-Clause */
/* How far the members of an archive lie apart, and what is refused for it. The
 * archives are files with holes, of which nothing but the headers is read. */
#include "parsers/source.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/cases.h"

#define GIB ((off_t)1 << 30)

static char path[] = "/tmp/mxtrend-ways.XXXXXX";

static enum mx_code
count_member(void *ctx, const char *member, struct mx_err *err)
{
	(void)member;
	(void)err;
	++*(unsigned *)ctx;
	return MX_OK;
}

/* A ustar header; the size in the base of 256 that GNU tar writes. */
static void
put_header(int fd, unsigned number, off_t size)
{
	unsigned char head[512] = { 0 };
	unsigned sum = 0;

	(void)snprintf((char *)head, 100, "mail.log.%u", number);
	memcpy(head + 100, "0000644", 8);
	memcpy(head + 108, "0000000", 8);
	memcpy(head + 116, "0000000", 8);
	head[124] = 0x80;
	for (int i = 0; i < 8; i++)
		head[135 - i] = (unsigned char)((uint64_t)size >> (8 * i));
	memcpy(head + 136, "00000000000", 12);
	memset(head + 148, ' ', 8);
	head[156] = '0';
	memcpy(head + 257, "ustar", 6);
	memcpy(head + 263, "00", 2);
	for (size_t i = 0; i < sizeof(head); i++)
		sum += head[i];
	(void)snprintf((char *)head + 148, 8, "%06o", sum & 0777777);
	assert_int_equal(write(fd, head, sizeof(head)), sizeof(head));
	assert_true(lseek(fd, size, SEEK_CUR) > 0);
}

static void
put_tar(unsigned count, off_t size)
{
	static const char zeros[1024];
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);

	assert_true(fd >= 0);
	for (unsigned i = 0; i < count; i++)
		put_header(fd, i, size);
	assert_int_equal(write(fd, zeros, sizeof(zeros)), sizeof(zeros));
	assert_int_equal(close(fd), 0);
}

static enum mx_code
list(unsigned *count_r, struct mx_err *err)
{
	bool is_archive = false;
	enum mx_code code;

	*count_r = 0;
	code = source_list_members(path, count_member, count_r, &is_archive,
	    err);
	assert_true(is_archive);
	return code;
}

/* A year of large daily logs: sought in, not passed over. */
static void
large_members_of_a_plain_tar_are_taken(void **state)
{
	unsigned count;
	struct mx_err err;

	(void)state;
	put_tar(365, GIB);
	assert_int_equal(list(&count, &err), MX_OK);
	assert_int_equal(count, 365);
}

/* The cost of one member counts in a plain tar, too: 20,000 headers are read
 * 20,000 times. */
static void
very_many_members_of_a_plain_tar_are_refused(void **state)
{
	unsigned count;
	struct mx_err err;

	(void)state;
	put_tar(20000, 512);
	assert_int_equal(list(&count, &err), MX_E_LIMIT);
	assert_int_equal(count, 0);
	assert_non_null(strstr(err.text, "20000 members"));
}

static int
make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int
remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(large_members_of_a_plain_tar_are_taken),
		cmocka_unit_test(very_many_members_of_a_plain_tar_are_refused),
	};

	return cmocka_run_group_tests_name("archive_ways", tests, make_file,
	    remove_file);
}
