/* SPDX-License-Identifier: BSD-2-Clause */
/* Many items of one size, known by a small number, taken and given back in
 * any order; addresses never move. Knows nothing of what the items hold. */
#ifndef MX_BASE_POOL_H
#define MX_BASE_POOL_H

#include "base/slice.h"

#define POOL_NONE UINT32_MAX
enum { POOL_CHUNK = 512 };

struct pool {
	size_t item_size;
	char **chunks;
	uint32_t chunk_count;
	uint32_t used;       /* numbers given out at least once */
	uint32_t live;       /* items taken and not given back */
	uint32_t free_head;  /* first of the list of items given back */
};

/* ITEM_SIZE must be at least 4 bytes. */
void pool_init(struct pool *pool, size_t item_size);
void pool_release(struct pool *pool);
/* A cleared item. */
uint32_t pool_take(struct pool *pool);
void pool_give(struct pool *pool, uint32_t item);
/* All items given back at once; memory is kept. */
void pool_reset(struct pool *pool);

static inline void *
pool_at(const struct pool *pool, uint32_t item)
{
	return pool->chunks[item / POOL_CHUNK] +
	    (size_t)(item % POOL_CHUNK) * pool->item_size;
}

/* Chained hash index over the items of a pool: the items hold the `next`
 * links, the index the heads. */
struct chain_index {
	uint32_t *heads;
	uint32_t mask;
	uint32_t count;
};

void chain_init(struct chain_index *index);
void chain_release(struct chain_index *index);
static inline uint32_t *
chain_head(const struct chain_index *index, uint64_t hash)
{
	return &index->heads[(uint32_t)hash & index->mask];
}
/* True when the index wants twice as many heads: the owner then calls
 * chain_grow and links every item anew. */
static inline bool
chain_is_full(const struct chain_index *index)
{
	return index->count > index->mask;
}
void chain_grow(struct chain_index *index);
void chain_clear(struct chain_index *index);

#endif
