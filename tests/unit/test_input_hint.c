/* SPDX-License-Identifier: BSD-2-Clause */
/* A tar's first block, as GNU tar 1.34 wrote it for a file mail.log of two
 * bytes, owner 0, mode 644, written at 1795000000 (2026-11-18). */
#include "parsers/input_hint.h"

#include <string.h>

#include "tests/support/cases.h"

enum { BLOCK = 512 };

static void
put(char *block, size_t at, const char *text)
{
	memcpy(block + at, text, strlen(text));
}

static void
make_block(char *block)
{
	memset(block, 0, BLOCK);
	put(block, 0, "mail.log");
	put(block, 100, "0000644");
	put(block, 108, "0000000");
	put(block, 116, "0000000");
	put(block, 124, "00000000002");
	put(block, 136, "15277303300");
	put(block, 148, "007361");
	block[155] = ' ';
	block[156] = '0';
	put(block, 257, "ustar  ");
}

static void
a_tar_is_one(void **state)
{
	char block[BLOCK];

	(void)state;
	make_block(block);
	assert_true(input_is_tar(slice_of(block, BLOCK)));
	assert_false(input_is_tar(slice_of(block, BLOCK - 1)));
	/* the sum may be padded with blanks */
	put(block, 148, "  7361");
	assert_true(input_is_tar(slice_of(block, BLOCK)));
}

static void
a_sum_that_is_wrong_or_none_is_no_tar(void **state)
{
	char block[BLOCK];

	(void)state;
	make_block(block);
	block[500] = 1;
	assert_false(input_is_tar(slice_of(block, BLOCK)));
	make_block(block);
	memset(block + 148, ' ', 8);
	assert_false(input_is_tar(slice_of(block, BLOCK)));
	make_block(block);
	put(block, 148, "77777777");
	assert_false(input_is_tar(slice_of(block, BLOCK)));
}

/* What fuzz_user_format found: a line with the word at the right place. */
static void
the_word_within_a_line_is_no_tar(void **state)
{
	char block[BLOCK];

	(void)state;
	memset(block, 'x', BLOCK);
	block[20] = '\0';
	put(block, 257, "ustar1 OUT");
	assert_false(input_is_tar(slice_of(block, BLOCK)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tar_is_one),
		cmocka_unit_test(a_sum_that_is_wrong_or_none_is_no_tar),
		cmocka_unit_test(the_word_within_a_line_is_no_tar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
