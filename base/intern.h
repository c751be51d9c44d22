/* SPDX-License-Identifier: BSD-2-Clause */
/* Names that repeat (domains, relay hosts, instances) stored once and known
 * by a small number from then on. Numbers count from 0 in order of first
 * sight. No I/O, no meaning. */
#ifndef MX_BASE_INTERN_H
#define MX_BASE_INTERN_H

#include "base/arena.h"

#define INTERN_NONE UINT32_MAX

/* With a part of the hash, so that names that meet are told apart, and a
 * table grows, without a look at them: they lie all over memory. */
struct intern_slot {
	uint32_t tag, number;  /* number: id + 1, 0 = free */
};

/* Names lie in pieces of so many, which never move: a name that was there when
 * a table changed hands can be read while others are added to it. */
enum { INTERN_PIECE = 4096 };

struct intern {
	struct arena text;
	struct slice **pieces; /* by id / INTERN_PIECE */
	struct intern_slot *slots; /* open addressing */
	uint32_t count, room;  /* names; how many the slots are for */
	uint32_t mask;         /* slots - 1 */
	uint32_t max_count;
	uint64_t seed;
};

void intern_init(struct intern *table, uint32_t max_count, uint64_t seed);
void intern_release(struct intern *table);
/* The id of NAME, added when new; INTERN_NONE when the table is full. */
uint32_t intern_id(struct intern *table, struct slice name);
/* The id of NAME, INTERN_NONE when it is unknown. */
uint32_t intern_find(const struct intern *table, struct slice name);
/* NUL-terminated, valid until release; empty for INTERN_NONE. */
static inline struct slice
intern_name(const struct intern *table, uint32_t id)
{
	if (id == INTERN_NONE)
		return SLICE("");
	return table->pieces[id / INTERN_PIECE][id % INTERN_PIECE];
}

#endif
