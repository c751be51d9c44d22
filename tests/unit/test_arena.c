/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/arena.h"

#include <stdalign.h>

#include "tests/support/cases.h"

static void
every_piece_is_aligned_and_apart(void **state)
{
	struct arena arena;
	char *last = NULL;

	(void)state;
	arena_init(&arena);
	for (size_t size = 0; size < 300; size++) {
		char *ptr = arena_alloc(&arena, size);

		assert_int_equal((uintptr_t)ptr % alignof(max_align_t), 0);
		memset(ptr, (int)size, size);
		if (last != NULL && size > 1)
			assert_int_equal((unsigned char)last[0],
			    (size - 1) % 256);
		last = ptr;
	}
	arena_release(&arena);
}

static void
a_piece_larger_than_a_block_has_its_own(void **state)
{
	enum { BIG = 1000000 };
	struct arena arena;
	char *big, *small;

	(void)state;
	arena_init(&arena);
	small = arena_strndup(&arena, "keep", 4);
	big = arena_alloc(&arena, BIG);
	memset(big, 'x', BIG);
	assert_string_equal(small, "keep");
	assert_int_equal(big[BIG - 1], 'x');
	arena_release(&arena);
}

static void
copies_end_with_nul_and_may_hold_some(void **state)
{
	struct arena arena;
	struct slice copy;

	(void)state;
	arena_init(&arena);
	copy = arena_slice(&arena, slice_of("a\0b", 3));
	assert_int_equal(copy.len, 3);
	assert_memory_equal(copy.ptr, "a\0b", 4);
	copy = arena_slice(&arena, SLICE_NONE);
	assert_int_equal(copy.len, 0);
	assert_int_equal(copy.ptr[0], '\0');
	arena_release(&arena);
}

static void
reset_keeps_one_block_for_the_next_line(void **state)
{
	struct arena arena;
	char *first;

	(void)state;
	arena_init(&arena);
	arena_reset(&arena);
	first = arena_alloc(&arena, 100);
	for (int i = 0; i < 5000; i++)
		(void)arena_alloc(&arena, 100);
	arena_reset(&arena);
	assert_non_null(arena.head);
	assert_int_equal(arena.used, 0);
	/* The same memory serves again, so a run over millions of lines
	 * allocates no more than its longest line. */
	first = arena_alloc(&arena, 100);
	arena_reset(&arena);
	assert_ptr_equal(arena_alloc(&arena, 100), first);
	arena_release(&arena);
	assert_null(arena.head);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_piece_is_aligned_and_apart),
		cmocka_unit_test(a_piece_larger_than_a_block_has_its_own),
		cmocka_unit_test(copies_end_with_nul_and_may_hold_some),
		cmocka_unit_test(reset_keeps_one_block_for_the_next_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
