/* SPDX-License-Identifier: BSD-2-Clause */
/* Bump allocation by lifetime: a line, a file, a run. No single free; all of
 * it goes at reset or release. Alignment suits any type. */
#ifndef MX_BASE_ARENA_H
#define MX_BASE_ARENA_H

#include "base/slice.h"

struct arena_block;

struct arena {
	struct arena_block *head; /* the block in use; older ones behind it */
	size_t used;              /* bytes of it */
};

void arena_init(struct arena *arena);
/* Never NULL; not cleared. SIZE must have passed a limit when input chose
 * it. */
void *arena_alloc(struct arena *arena, size_t size);
/* A NUL-terminated copy in the arena. */
char *arena_strndup(struct arena *arena, const char *ptr, size_t len);
static inline struct slice
arena_slice(struct arena *arena, struct slice s)
{
	return slice_of(arena_strndup(arena, s.ptr, s.len), s.len);
}
/* Everything allocated so far becomes invalid; one block is kept. */
void arena_reset(struct arena *arena);
void arena_release(struct arena *arena);

#endif
