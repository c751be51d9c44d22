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
	table->pieces = mx_calloc(max_count / INTERN_PIECE + 1,
	    sizeof(*table->pieces));
	table->slots = mx_calloc(FIRST_SLOTS, sizeof(*table->slots));
	table->mask = FIRST_SLOTS - 1;
	table->max_count = max_count;
	table->seed = seed;
}

void
intern_release(struct intern *table)
{
	arena_release(&table->text);
	for (uint32_t id = 0; id < table->count; id += INTERN_PIECE)
		free(table->pieces[id / INTERN_PIECE]);
	free(table->pieces);
	free(table->slots);
	memset(table, 0, sizeof(*table));
}

/* The slot that holds NAME, or the free one where it belongs. */
static struct intern_slot *
probe(const struct intern *table, struct slice name, uint32_t tag)
{
	uint32_t at = tag & table->mask;

	for (;; at = (at + 1) & table->mask) {
		struct intern_slot *slot = &table->slots[at];

		if (slot->number == 0 || (slot->tag == tag &&
		    slice_eq(intern_name(table, slot->number - 1), name)))
			return slot;
	}
}

static void
double_slots(struct intern *table)
{
	uint32_t old = table->mask + 1, mask = old * 2 - 1;
	struct intern_slot *slots =
	    mx_calloc((size_t)old * 2, sizeof(*slots));

	for (uint32_t i = 0; i < old; i++) {
		uint32_t at = table->slots[i].tag & mask;

		if (table->slots[i].number == 0)
			continue;
		while (slots[at].number != 0)
			at = (at + 1) & mask;
		slots[at] = table->slots[i];
	}
	free(table->slots);
	table->slots = slots;
	table->mask = mask;
	table->room = old;
}

uint32_t
intern_find(const struct intern *table, struct slice name)
{
	uint32_t tag = (uint32_t)hash_slice(name, table->seed);
	uint32_t number = probe(table, name, tag)->number;

	return number != 0 ? number - 1 : INTERN_NONE;
}

uint32_t
intern_id(struct intern *table, struct slice name)
{
	uint32_t tag = (uint32_t)hash_slice(name, table->seed);
	struct intern_slot *slot = probe(table, name, tag);
	uint32_t id;

	if (slot->number != 0)
		return slot->number - 1;
	if (table->count == table->max_count)
		return INTERN_NONE;
	if (table->count == table->room) {
		double_slots(table);
		slot = probe(table, name, tag);
	}
	id = table->count++;
	if (id % INTERN_PIECE == 0)
		table->pieces[id / INTERN_PIECE] =
		    mx_alloc(INTERN_PIECE * sizeof(struct slice));
	table->pieces[id / INTERN_PIECE][id % INTERN_PIECE] =
	    arena_slice(&table->text, name);
	*slot = (struct intern_slot){ tag, id + 1 };
	return id;
}
