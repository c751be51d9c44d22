/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>

#include "base/err.h"

/* The first is small: most arenas hold little, and thousands are made. */
enum { FIRST_BYTES = 8 * 1024, BLOCK_BYTES = 64 * 1024 };

struct arena_block {
	struct arena_block *next;
	size_t room;
	alignas(max_align_t) char bytes[];
};

void
arena_init(struct arena *arena)
{
	arena->head = NULL;
	arena->used = 0;
}

static void
push_block(struct arena *arena, size_t room)
{
	struct arena_block *block = mx_alloc(sizeof(*block) + room);

	block->next = arena->head;
	block->room = room;
	arena->head = block;
	arena->used = 0;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	void *ptr;

	size = (size + align - 1) / align * align;
	if (arena->head == NULL || size > arena->head->room - arena->used) {
		size_t room = arena->head == NULL ? FIRST_BYTES : BLOCK_BYTES;

		push_block(arena, size > room ? size : room);
	}
	ptr = arena->head->bytes + arena->used;
	arena->used += size;
	return ptr;
}

char *
arena_strndup(struct arena *arena, const char *ptr, size_t len)
{
	char *copy = arena_alloc(arena, len + 1);

	if (len != 0)
		memcpy(copy, ptr, len);
	copy[len] = '\0';
	return copy;
}

void
arena_reset(struct arena *arena)
{
	struct arena_block *keep = arena->head;

	if (keep == NULL)
		return;
	while (keep->next != NULL) {
		struct arena_block *next = keep->next;

		keep->next = next->next;
		free(next);
	}
	arena->used = 0;
}

void
arena_release(struct arena *arena)
{
	while (arena->head != NULL) {
		struct arena_block *next = arena->head->next;

		free(arena->head);
		arena->head = next;
	}
	arena->used = 0;
}
