/* SPDX-License-Identifier: BSD-2-Clause */
/* Statements under test:
 * blocks come in the order in which they were given  blocks_come_in_order
 * none waits while the taker itself waits            none_waits_for_a_waiter
 */
#include "parsers/ahead.h"

#include <time.h>

#include "tests/support/cases.h"

enum { BLOCKS = 100, LOOKS = 100 };

struct seen {
	unsigned most; /* blocks that waited */
};

static void
give_numbers(void *ctx, struct ahead *ahead)
{
	(void)ctx;
	for (unsigned i = 0; i < BLOCKS; i++) {
		unsigned *block = ahead_room(ahead);

		if (block == NULL)
			return;
		*block = i;
		ahead_give(ahead);
	}
}

static void
blocks_come_in_order(void **state)
{
	struct ahead *ahead = ahead_start(3, sizeof(unsigned), give_numbers,
	    NULL);

	(void)state;
	assert_non_null(ahead);
	for (unsigned i = 0; i < BLOCKS; i++)
		assert_int_equal(*(unsigned *)ahead_take(ahead), i);
	ahead_stop(ahead);
}

/* Two blocks, and between them a tenth of a second in which the taker has
 * taken the first and waits for the second. */
static void
give_late(void *ctx, struct ahead *ahead)
{
	const struct timespec moment = { 0, 1000000 };
	struct seen *seen = ctx;

	if (ahead_room(ahead) == NULL)
		return;
	ahead_give(ahead);
	for (unsigned i = 0; i < LOOKS; i++) {
		unsigned waiting;

		(void)nanosleep(&moment, NULL);
		waiting = ahead_waiting(ahead);
		if (waiting > seen->most)
			seen->most = waiting;
	}
	if (ahead_room(ahead) != NULL)
		ahead_give(ahead);
}

static void
none_waits_for_a_waiter(void **state)
{
	struct seen seen = { 0 };
	struct ahead *ahead = ahead_start(3, 1, give_late, &seen);

	(void)state;
	assert_non_null(ahead);
	assert_non_null(ahead_take(ahead));
	assert_non_null(ahead_take(ahead));
	ahead_stop(ahead);
	/* at most the first, if its taker was late */
	assert_in_range(seen.most, 0, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_come_in_order),
		cmocka_unit_test(none_waits_for_a_waiter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
