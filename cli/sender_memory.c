/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/sender_memory.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/limits.h"

enum { WAYS = 8, SETS = LIMIT_PRIVACY_SENDERS / WAYS };

struct known {
	uint64_t key;      /* of host and id; 0: nobody yet */
	uint64_t noted;    /* greater: later */
	char *address;     /* owned */
	size_t len, room;
};

struct sender_memory {
	uint64_t seed;  /* strangers choose the ids */
	uint64_t noted;
	struct known *known; /* sets of WAYS */
};

struct sender_memory *
sender_memory_new(void)
{
	struct sender_memory *memory = mx_calloc(1, sizeof(*memory));

	memory->seed = hash_random_seed();
	memory->known = mx_calloc((size_t)SETS * WAYS, sizeof(*memory->known));
	return memory;
}

void
sender_memory_free(struct sender_memory *memory)
{
	if (memory == NULL)
		return;
	for (size_t i = 0; i < (size_t)SETS * WAYS; i++)
		free(memory->known[i].address);
	free(memory->known);
	free(memory);
}

static uint64_t
key_of(const struct sender_memory *memory, struct slice host, struct slice id)
{
	return hash_slice(id, hash_slice(host, memory->seed)) | 1;
}

static struct known *
set_of(const struct sender_memory *memory, uint64_t key)
{
	return &memory->known[(size_t)((key >> 32) % SETS) * WAYS];
}

void
sender_memory_note(struct sender_memory *memory, struct slice host,
    struct slice id, struct slice address)
{
	uint64_t key = key_of(memory, host, id);
	struct known *set = set_of(memory, key), *to = set;

	for (size_t i = 0; i < WAYS && to->key != key; i++)
		if (set[i].key == key || set[i].noted < to->noted)
			to = &set[i];
	if (address.len > to->room) {
		to->address = mx_realloc(to->address, address.len);
		to->room = address.len;
	}
	if (address.len != 0)
		memcpy(to->address, address.ptr, address.len);
	to->len = address.len;
	to->key = key;
	to->noted = ++memory->noted;
}

struct slice
sender_memory_find(const struct sender_memory *memory, struct slice host,
    struct slice id)
{
	uint64_t key = key_of(memory, host, id);
	const struct known *set = set_of(memory, key);

	for (size_t i = 0; i < WAYS; i++)
		if (set[i].key == key)
			return slice_of(set[i].address, set[i].len);
	return SLICE_NONE;
}
