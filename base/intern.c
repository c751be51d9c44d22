/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/intern.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/hash.h"

enum { FIRST_SLOTS = 256 };

void
intern_init(struct intern *table, uint32_t max_count, uint64_t seed)
{
	memset(table, 0, sizeof(*table));
	arena_init(&table->text);
	table->room = FIRST_SLOTS / 2;
	table->names = mx_calloc(table->room, sizeof(*table->names));
	table->hashes = mx_calloc(table->room, sizeof(*table->hashes));
	table->slots = mx_calloc(FIRST_SLOTS, sizeof(*table->slots));
	table->mask = FIRST_SLOTS - 1;
	table->max_count = max_count;
	table->seed = seed;
}

void
intern_release(struct intern *table)
{
	arena_release(&table->text);
	free(table->names);
	free(table->hashes);
	free(table->slots);
	memset(table, 0, sizeof(*table));
}

/* The slot that holds NAME, or the free one where it belongs. */
static uint32_t
probe(const struct intern *table, struct slice name, uint64_t hash)
{
	uint32_t at = (uint32_t)hash & table->mask;

	for (;; at = (at + 1) & table->mask) {
		uint32_t id = table->slots[at];

		if (id == 0)
			return at;
		if (table->hashes[id - 1] == hash &&
		    slice_eq(table->names[id - 1], name))
			return at;
	}
}

static void
double_slots(struct intern *table)
{
	uint32_t count = (table->mask + 1) * 2;

	free(table->slots);
	table->slots = mx_calloc(count, sizeof(*table->slots));
	table->mask = count - 1;
	table->room = count / 2;
	table->names =
	    mx_realloc(table->names, table->room * sizeof(*table->names));
	table->hashes =
	    mx_realloc(table->hashes, table->room * sizeof(*table->hashes));
	for (uint32_t id = 0; id < table->count; id++) {
		uint32_t at = (uint32_t)table->hashes[id] & table->mask;

		while (table->slots[at] != 0)
			at = (at + 1) & table->mask;
		table->slots[at] = id + 1;
	}
}

uint32_t
intern_find(const struct intern *table, struct slice name)
{
	uint32_t at = probe(table, name, hash_slice(name, table->seed));

	return table->slots[at] != 0 ? table->slots[at] - 1 : INTERN_NONE;
}

uint32_t
intern_id(struct intern *table, struct slice name)
{
	uint64_t hash = hash_slice(name, table->seed);
	uint32_t at = probe(table, name, hash);
	uint32_t id = table->slots[at];

	if (id != 0)
		return id - 1;
	if (table->count == table->max_count)
		return INTERN_NONE;
	if (table->count == table->room) {
		double_slots(table);
		at = probe(table, name, hash);
	}
	id = table->count++;
	table->names[id] = arena_slice(&table->text, name);
	table->hashes[id] = hash;
	table->slots[at] = id + 1;
	return id;
}
