/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/names.h"

#include "base/hash.h"
#include "base/limits.h"

static void
init_table(struct intern *table, uint64_t seed)
{
	intern_init(table, LIMIT_INTERNED_NAMES, seed);
}

void
names_init(struct names *names)
{
	names->seed = hash_random_seed();
	init_table(&names->host, names->seed);
	init_table(&names->instance, names->seed);
	init_table(&names->source, names->seed);
	init_table(&names->provider, names->seed);
	init_table(&names->domain, names->seed);
	init_table(&names->relay, names->seed);
	(void)intern_id(&names->provider, SLICE(":local"));
	(void)intern_id(&names->provider, SLICE(":internal"));
	(void)intern_id(&names->provider, SLICE("unknown"));
}

void
names_release(struct names *names)
{
	intern_release(&names->host);
	intern_release(&names->instance);
	intern_release(&names->source);
	intern_release(&names->provider);
	intern_release(&names->domain);
	intern_release(&names->relay);
}

uint32_t
names_id(struct intern *table, struct slice name)
{
	uint32_t id;

	/* the last number is kept for what does not fit */
	if (table->count + 1 >= table->max_count) {
		id = intern_find(table, name);
		if (id != INTERN_NONE)
			return id;
		name = SLICE(NAME_OTHER);
	}
	id = intern_id(table, name);
	return id;
}
