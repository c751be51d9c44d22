/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows as few bytes: what goes in comes out, sorted and with rows of one key
 * joined; bodies add up; damage is told and does nothing else. */
#include "analyzer/pack_rows.h"

#include <stdlib.h>

#include "tests/support/cases.h"
#include "tests/support/chance.h"

enum { KEYS = 3, BODY_MAX = 1 << 24 };
enum { COUNT, FIRST, WORDS, LAST, FIELDS };

/* Joined words stand one behind the other. */
static void
append(struct strbuf *out, struct slice a, struct slice b)
{
	strbuf_add_slice(out, a);
	strbuf_add_slice(out, b);
}

static const struct pack_shape shape = {
	.keys = KEYS, .fields = FIELDS, .times = 1,
	.field = { [COUNT] = PACK_SUM, [FIRST] = PACK_FIRST,
	    [WORDS] = PACK_BYTES, [LAST] = PACK_LAST },
	.join = append,
};

/* What the rows of one key must come to, counted apart. */
enum { A = 4, B = 5, SLOTS = 24, CELLS = A * B * SLOTS };
struct cell {
	bool is_there;
	int64_t count, first, last;
	size_t words;
};

static struct cell *
cell_of(struct cell *cells, const uint32_t *key)
{
	return &cells[(key[0] % A * B + key[1] % B) * SLOTS + key[2] / 3600];
}

static void
add_random(struct chance *chance, struct pack_list *list, struct cell *cells,
    int64_t day, size_t count)
{
	static const char words[] = "abcdefghijklmnopqrstuvwxyz";

	for (size_t i = 0; i < count; i++) {
		struct pack_row *row = pack_list_add(list, day);
		uint32_t key[KEYS] = { chance_below(chance, A) + A * 70000u,
			chance_below(chance, B),
			chance_below(chance, SLOTS) * 3600 };
		size_t len = chance_below(chance, 3);
		struct cell *cell;

		memcpy(row->key, key, sizeof(key));
		cell = cell_of(cells, key);
		if (!cell->is_there)
			*cell = (struct cell){ .is_there = true,
				.first = PACK_NONE, .last = PACK_NONE };
		row->value[COUNT].count =
		    (int64_t)chance_below(chance, 2000) - 1000;
		cell->count += row->value[COUNT].count;
		if (chance_hits(chance, 50)) {
			int64_t at = (int64_t)chance_below(chance, 100000) -
			    50000;

			row->value[FIRST].count = row->value[LAST].count = at;
			if (cell->first == PACK_NONE || at < cell->first)
				cell->first = at;
			if (cell->last == PACK_NONE || at > cell->last)
				cell->last = at;
		}
		pack_list_bytes(list, WORDS, slice_of(words, len));
		cell->words += len;
	}
}

/* Each key once, in order; what BODY says is taken out of CELLS. */
static void
take_body(struct slice body, struct cell *cells)
{
	struct pack_reader from;
	uint32_t last[KEYS] = { 0 };
	bool is_first = true;

	pack_reader_init(&from, &shape, body);
	while (pack_reader_next(&from)) {
		struct cell *cell = cell_of(cells, from.row.key);
		unsigned same = 0;

		while (!is_first && same < KEYS &&
		    last[same] == from.row.key[same])
			same++;
		assert_true(is_first || (same < KEYS &&
		    last[same] < from.row.key[same]));
		assert_int_equal(from.same, same);
		memcpy(last, from.row.key, sizeof(last));
		is_first = false;
		assert_true(cell->is_there);
		assert_int_equal(from.row.value[COUNT].count, cell->count);
		assert_int_equal(from.row.value[FIRST].count, cell->first);
		assert_int_equal(from.row.value[LAST].count, cell->last);
		assert_int_equal(pack_reader_bytes(&from, WORDS).len,
		    cell->words);
		cell->is_there = false;
	}
	assert_false(from.is_damaged);
	for (size_t i = 0; i < CELLS; i++)
		assert_false(cells[i].is_there);
}

static const struct size_case {
	const char *name;
	size_t count;
} size_cases[] = {
	{ "no_row_is_no_body", 0 },
	{ "one_row_comes_back", 1 },
	{ "rows_in_disorder_come_back_sorted", 40 },
	{ "rows_of_one_key_are_one", 3000 },
};

static void
run_rows(void **state)
{
	const struct size_case *it = *state;
	struct chance chance = { it->count };
	struct cell cells[CELLS] = { 0 };
	struct pack_list list;
	struct strbuf body;

	pack_list_init(&list, &shape);
	strbuf_init(&body, BODY_MAX);
	add_random(&chance, &list, cells, 0, it->count);
	pack_list_sort(&list);
	assert_int_equal(pack_list_write(&list, 0, &body), it->count);
	assert_int_equal(body.len == 0, it->count == 0);
	take_body(strbuf_slice(&body), cells);
	strbuf_release(&body);
	pack_list_release(&list);
}

static void
bodies_of_one_day_become_one(void **state)
{
	struct chance chance = { 7 };
	struct cell cells[CELLS] = { 0 };
	struct pack_list list, sum;
	struct strbuf body;

	(void)state;
	pack_list_init(&list, &shape);
	pack_list_init(&sum, &shape);
	strbuf_init(&body, BODY_MAX);
	for (int i = 0; i < 5; i++) {
		pack_list_reset(&list);
		strbuf_reset(&body);
		add_random(&chance, &list, cells, 0, 200);
		pack_list_sort(&list);
		(void)pack_list_write(&list, 0, &body);
		assert_true(pack_list_read(&sum, 0, strbuf_slice(&body)));
	}
	strbuf_reset(&body);
	pack_list_sort(&sum);
	(void)pack_list_write(&sum, 0, &body);
	take_body(strbuf_slice(&body), cells);
	strbuf_release(&body);
	pack_list_release(&sum);
	pack_list_release(&list);
}

static void
each_day_is_a_body_of_its_own(void **state)
{
	struct chance chance = { 8 };
	static struct cell cells[3][CELLS];
	struct pack_list list;
	struct strbuf body;
	size_t at = 0;

	(void)state;
	memset(cells, 0, sizeof(cells));
	pack_list_init(&list, &shape);
	strbuf_init(&body, BODY_MAX);
	for (int i = 0; i < 9; i++)
		add_random(&chance, &list, cells[i % 3],
		    (i % 3 - 1) * 86400, 50);
	pack_list_sort(&list);
	for (int i = 0; i < 3; i++) {
		strbuf_reset(&body);
		at = pack_list_write(&list, at, &body);
		assert_int_equal(at, (i + 1) * 150);
		take_body(strbuf_slice(&body), cells[i]);
	}
	strbuf_release(&body);
	pack_list_release(&list);
}

/* Times that are no whole hours keep their seconds. */
static void
times_come_back_to_the_second(void **state)
{
	static const uint32_t times[] = { 0, 900, 4500, 86399 };
	struct pack_list list;
	struct pack_reader from;
	struct strbuf body;

	(void)state;
	for (size_t n = 1; n <= sizeof(times) / sizeof(times[0]); n++) {
		pack_list_init(&list, &shape);
		strbuf_init(&body, BODY_MAX);
		for (size_t i = 0; i < n; i++)
			pack_list_add(&list, 0)->key[2] = times[i];
		pack_list_sort(&list);
		(void)pack_list_write(&list, 0, &body);
		pack_reader_init(&from, &shape, strbuf_slice(&body));
		for (size_t i = 0; i < n; i++) {
			assert_true(pack_reader_next(&from));
			assert_int_equal(from.row.key[2], times[i]);
		}
		assert_false(pack_reader_next(&from));
		strbuf_release(&body);
		pack_list_release(&list);
	}
}

/* A usual hour of a usual pair: the count, and which hour. */
static void
one_more_hour_takes_three_bytes(void **state)
{
	struct pack_list list;
	struct strbuf body;
	size_t before = 0;

	(void)state;
	pack_list_init(&list, &shape);
	strbuf_init(&body, BODY_MAX);
	for (uint32_t i = 0; i < 2; i++) {
		struct pack_row *row = pack_list_add(&list, 0);

		row->key[0] = 5;
		row->key[2] = i * 3600;
		row->value[COUNT].count = 3;
		before = body.len;
		strbuf_reset(&body);
		pack_list_sort(&list);
		(void)pack_list_write(&list, 0, &body);
	}
	assert_int_equal(body.len - before, 3);
	strbuf_release(&body);
	pack_list_release(&list);
}

/* Any bytes: no more rows than bytes, and never out of the body. */
static void
damage_ends_the_body(void **state)
{
	struct chance chance = { 99 };
	unsigned damaged = 0;

	(void)state;
	for (int run = 0; run < 20000; run++) {
		size_t len = chance_below(&chance, 40), rows = 0;
		char *bytes = malloc(len + 1);
		struct pack_reader from;

		assert_non_null(bytes);
		for (size_t i = 0; i < len; i++)
			bytes[i] = (char)(chance_hits(&chance, 70) ?
			    chance_below(&chance, 40) :
			    chance_below(&chance, 256));
		pack_reader_init(&from, &shape, slice_of(bytes, len));
		while (pack_reader_next(&from)) {
			struct slice words = pack_reader_bytes(&from, WORDS);

			assert_true(words.len == 0 || (words.ptr >= bytes &&
			    words.ptr + words.len <= bytes + len));
			assert_true(++rows <= len);
		}
		damaged += from.is_damaged;
		free(bytes);
	}
	assert_true(damaged > 1000);
}

/* One row of that count. */
static void
count_body(struct strbuf *out, int64_t count)
{
	struct pack_list list;

	pack_list_init(&list, &shape);
	pack_list_add(&list, 0)->value[COUNT].count = count;
	strbuf_reset(out);
	(void)pack_list_write(&list, 0, out);
	pack_list_release(&list);
}

static const struct count_case {
	const char *name;
	int64_t each, sum; /* of two rows of one key; 0: damaged */
} count_cases[] = {
	{ "counts_add_up", 7, 14 },
	{ "counts_below_nothing_add_up", -7, -14 },
	{ "the_largest_count_stays", 0xffffffff, 0xffffffff },
	{ "the_smallest_count_stays", -0xffffffffLL, -0xffffffffLL },
	{ "a_count_that_no_log_can_hold_is_damage", 0x100000000, 0 },
	{ "so_is_one_as_far_below", -0x100000000, 0 },
	{ "so_is_the_largest_number", INT64_MAX, 0 },
};

static void
run_count(void **state)
{
	const struct count_case *it = *state;
	struct pack_list list;
	struct strbuf body;

	strbuf_init(&body, BODY_MAX);
	pack_list_init(&list, &shape);
	count_body(&body, it->each);
	assert_int_equal(pack_list_read(&list, 0, strbuf_slice(&body)),
	    it->sum != 0);
	if (it->sum != 0) {
		assert_true(pack_list_read(&list, 0, strbuf_slice(&body)));
		strbuf_reset(&body);
		(void)pack_list_write(&list, 0, &body);
		pack_list_reset(&list);
		assert_true(pack_list_read(&list, 0, strbuf_slice(&body)));
		assert_int_equal(list.count, 1);
		assert_int_equal(list.rows[0].value[COUNT].count, it->sum);
	}
	pack_list_release(&list);
	strbuf_release(&body);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, size_cases, run_rows);
	cases_add(&cases, "bodies_of_one_day_become_one",
	    bodies_of_one_day_become_one, NULL);
	cases_add(&cases, "each_day_is_a_body_of_its_own",
	    each_day_is_a_body_of_its_own, NULL);
	cases_add(&cases, "times_come_back_to_the_second",
	    times_come_back_to_the_second, NULL);
	cases_add(&cases, "one_more_hour_takes_three_bytes",
	    one_more_hour_takes_three_bytes, NULL);
	cases_add(&cases, "damage_ends_the_body", damage_ends_the_body, NULL);
	CASES_ADD_TABLE(&cases, count_cases, run_count);
	return cases_run(&cases);
}
