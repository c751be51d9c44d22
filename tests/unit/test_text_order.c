/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/text_order.h"

#include <stdlib.h>

#include "tests/support/cases.h"

enum { ITEMS = 3000, ROOM = 40 };

struct item {
	int64_t number;
	char texts[2][ROOM];
	size_t lens[2];
};

static struct item items[ITEMS];

static struct slice
text_of(const void *ctx, uint32_t item, unsigned level)
{
	const struct item *all = ctx;

	return slice_of(all[item].texts[level], all[item].lens[level]);
}

static const struct text_order order = { text_of, 2, items };

static int
compare_items(const struct item *a, const struct item *b)
{
	int cmp;

	if (a->number != b->number)
		return a->number > b->number ? -1 : 1;
	cmp = slice_cmp(slice_of(a->texts[0], a->lens[0]),
	    slice_of(b->texts[0], b->lens[0]));
	return cmp != 0 ? cmp : slice_cmp(slice_of(a->texts[1], a->lens[1]),
	    slice_of(b->texts[1], b->lens[1]));
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* Texts that begin alike for longer than a key holds, with bytes of all
 * kinds. */
static void
fill(uint32_t *seed, unsigned numbers)
{
	const char bytes[] = { 'a', 'a', 'a', '\0', '\x7f', '\xff' };

	for (size_t i = 0; i < ITEMS; i++) {
		items[i].number = (int64_t)(next_random(seed) % numbers) -
		    (int64_t)numbers / 2;
		for (int k = 0; k < 2; k++) {
			items[i].lens[k] = next_random(seed) % ROOM;
			for (size_t j = 0; j < items[i].lens[k]; j++)
				items[i].texts[k][j] = j < 20 &&
				    next_random(seed) % 32 != 0 ? 'a' :
				    bytes[next_random(seed) % sizeof(bytes)];
		}
	}
}

static void
sorted_is_what_comparing_says(void **state)
{
	static struct text_key keys[ITEMS];
	uint32_t seed = 5;

	(void)state;
	for (unsigned numbers = 1; numbers < 2000; numbers = numbers * 7) {
		bool seen[ITEMS] = { false };

		fill(&seed, numbers);
		for (uint32_t i = 0; i < ITEMS; i++)
			keys[i] = (struct text_key){ text_order_descending(
			    items[i].number), i };
		text_order_sort(keys, ITEMS, &order);
		for (size_t i = 0; i < ITEMS; i++) {
			assert_false(seen[keys[i].item]);
			seen[keys[i].item] = true;
			if (i != 0)
				assert_true(compare_items(
				    &items[keys[i - 1].item],
				    &items[keys[i].item]) <= 0);
		}
	}
}

static void
rows_take_the_places_of_their_keys(void **state)
{
	struct { char name[3]; } rows[] = { { "a" }, { "b" }, { "c" }, { "d" },
		{ "e" }, { "f" } };
	struct text_key keys[] = { { 0, 2 }, { 0, 0 }, { 0, 1 }, { 0, 3 },
		{ 0, 5 }, { 0, 4 } };
	const char want[] = "cabdfe";

	(void)state;
	text_order_apply(keys, 6, rows, sizeof(rows[0]));
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(rows[i].name[0], want[i]);
}

static void
large_numbers_come_first(void **state)
{
	(void)state;
	assert_true(text_order_descending(INT64_MAX) <
	    text_order_descending(1));
	assert_true(text_order_descending(1) < text_order_descending(0));
	assert_true(text_order_descending(0) < text_order_descending(-1));
	assert_true(text_order_descending(-1) <
	    text_order_descending(INT64_MIN));
}

static void
nothing_to_sort_is_left_alone(void **state)
{
	struct text_key one = { 3, 0 };

	(void)state;
	text_order_sort(NULL, 0, &order);
	text_order_sort(&one, 1, &order);
	assert_int_equal(one.item, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorted_is_what_comparing_says),
		cmocka_unit_test(rows_take_the_places_of_their_keys),
		cmocka_unit_test(large_numbers_come_first),
		cmocka_unit_test(nothing_to_sort_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
