/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/intern.h"

#include <stdio.h>

#include "tests/support/cases.h"

static void
ids_count_from_zero_in_order_of_first_sight(void **state)
{
	struct intern table;

	(void)state;
	intern_init(&table, 100, 1);
	assert_int_equal(intern_id(&table, SLICE("b.example")), 0);
	assert_int_equal(intern_id(&table, SLICE("a.example")), 1);
	assert_int_equal(intern_id(&table, SLICE("b.example")), 0);
	assert_int_equal(intern_id(&table, SLICE("")), 2);
	assert_int_equal(intern_find(&table, SLICE("a.example")), 1);
	assert_int_equal(intern_find(&table, SLICE("c.example")),
	    INTERN_NONE);
	assert_string_equal(intern_name(&table, 1).ptr, "a.example");
	intern_release(&table);
}

static void
a_prefix_is_another_name(void **state)
{
	struct intern table;

	(void)state;
	intern_init(&table, 100, 1);
	assert_int_equal(intern_id(&table, SLICE("example.com")), 0);
	assert_int_equal(intern_id(&table, SLICE("example.co")), 1);
	assert_int_equal(intern_id(&table, slice_of("example.com\0", 12)), 2);
	intern_release(&table);
}

static void
names_survive_growth(void **state)
{
	enum { COUNT = 20000 };
	struct intern table;
	char name[32];

	(void)state;
	intern_init(&table, COUNT, 12345);
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < COUNT; i++) {
			int len = snprintf(name, sizeof(name), "d%d.example",
			    i);
			struct slice text = slice_of(name, (size_t)len);
			uint32_t id = intern_id(&table, text);

			if (id != (uint32_t)i ||
			    !slice_eq(intern_name(&table, id), text))
				fail_msg("name %d has id %u", i, id);
		}
	}
	assert_int_equal(table.count, COUNT);
	intern_release(&table);
}

/* Whoever holds the number of a name may read it while others are added. */
static void
names_stay_where_they_are(void **state)
{
	enum { COUNT = 3 * INTERN_PIECE };
	struct slice **pieces;
	struct intern table;
	struct slice *first;
	char name[32];

	(void)state;
	intern_init(&table, COUNT, 1);
	assert_int_equal(intern_id(&table, SLICE("a.example")), 0);
	pieces = table.pieces;
	first = pieces[0];
	for (int i = 1; i < COUNT; i++) {
		int len = snprintf(name, sizeof(name), "d%d.example", i);

		assert_int_equal(intern_id(&table,
		    slice_of(name, (size_t)len)), i);
	}
	assert_ptr_equal(table.pieces, pieces);
	assert_ptr_equal(table.pieces[0], first);
	assert_string_equal(first[0].ptr, "a.example");
	assert_string_equal(intern_name(&table, COUNT - 1).ptr, name);
	intern_release(&table);
}

static void
a_full_table_refuses_new_names_and_knows_the_old(void **state)
{
	struct intern table;

	(void)state;
	intern_init(&table, 2, 1);
	assert_int_equal(intern_id(&table, SLICE("a")), 0);
	assert_int_equal(intern_id(&table, SLICE("b")), 1);
	assert_int_equal(intern_id(&table, SLICE("c")), INTERN_NONE);
	assert_int_equal(intern_id(&table, SLICE("b")), 1);
	assert_int_equal(intern_find(&table, SLICE("c")), INTERN_NONE);
	intern_release(&table);
}

static void
the_seed_changes_no_answer(void **state)
{
	static const uint64_t seeds[] = { 0, 1, UINT64_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
		struct intern table;

		intern_init(&table, 10, seeds[i]);
		assert_int_equal(intern_id(&table, SLICE("x")), 0);
		assert_int_equal(intern_id(&table, SLICE("y")), 1);
		assert_int_equal(intern_id(&table, SLICE("x")), 0);
		intern_release(&table);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_count_from_zero_in_order_of_first_sight),
		cmocka_unit_test(a_prefix_is_another_name),
		cmocka_unit_test(names_survive_growth),
		cmocka_unit_test(names_stay_where_they_are),
		cmocka_unit_test(
		    a_full_table_refuses_new_names_and_knows_the_old),
		cmocka_unit_test(the_seed_changes_no_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
