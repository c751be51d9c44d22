/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/pool.h"

#include <stdlib.h>

#include "base/err.h"

enum { FIRST_HEADS = 1024 };

void
pool_init(struct pool *pool, size_t item_size)
{
	memset(pool, 0, sizeof(*pool));
	pool->item_size = item_size;
	pool->free_head = POOL_NONE;
}

void
pool_release(struct pool *pool)
{
	for (uint32_t i = 0; i < pool->chunk_count; i++)
		free(pool->chunks[i]);
	free(pool->chunks);
	pool_init(pool, pool->item_size);
}

void
pool_reset(struct pool *pool)
{
	pool->used = 0;
	pool->live = 0;
	pool->free_head = POOL_NONE;
}

static void
add_chunk(struct pool *pool)
{
	pool->chunks = mx_realloc(pool->chunks,
	    (pool->chunk_count + 1) * sizeof(*pool->chunks));
	pool->chunks[pool->chunk_count++] =
	    mx_calloc(POOL_CHUNK, pool->item_size);
}

uint32_t
pool_take(struct pool *pool)
{
	uint32_t item = pool->free_head;
	void *ptr;

	if (item != POOL_NONE) {
		ptr = pool_at(pool, item);
		memcpy(&pool->free_head, ptr, sizeof(pool->free_head));
	} else {
		item = pool->used++;
		if (item / POOL_CHUNK == pool->chunk_count)
			add_chunk(pool);
		ptr = pool_at(pool, item);
	}
	memset(ptr, 0, pool->item_size);
	pool->live++;
	return item;
}

void
pool_give(struct pool *pool, uint32_t item)
{
	memcpy(pool_at(pool, item), &pool->free_head, sizeof(pool->free_head));
	pool->free_head = item;
	pool->live--;
}

void
chain_init(struct chain_index *index)
{
	index->heads = mx_alloc(FIRST_HEADS * sizeof(*index->heads));
	index->mask = FIRST_HEADS - 1;
	chain_clear(index);
}

void
chain_release(struct chain_index *index)
{
	free(index->heads);
	memset(index, 0, sizeof(*index));
}

void
chain_clear(struct chain_index *index)
{
	/* POOL_NONE is all ones */
	memset(index->heads, 0xff,
	    ((size_t)index->mask + 1) * sizeof(*index->heads));
	index->count = 0;
}

void
chain_grow(struct chain_index *index)
{
	uint32_t count = (index->mask + 1) * 2;

	free(index->heads);
	index->heads = mx_alloc((size_t)count * sizeof(*index->heads));
	index->mask = count - 1;
	chain_clear(index);
}
