/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/tally.h"

#include "base/hash.h"

void
tally_init(struct tally *tally, uint64_t seed)
{
	pool_init(&tally->rows, sizeof(struct tally_row));
	chain_init(&tally->index);
	tally->seed = seed;
}

void
tally_release(struct tally *tally)
{
	pool_release(&tally->rows);
	chain_release(&tally->index);
}

static uint64_t
hash_of(const struct tally *tally, const uint32_t key[TALLY_KEYS])
{
	return hash_mix(hash_mix(tally->seed,
	    (uint64_t)key[0] << 32 | key[1]), (uint64_t)key[2] << 32 | key[3]);
}

struct tally_row *
tally_find(const struct tally *tally, const uint32_t key[TALLY_KEYS])
{
	uint32_t i = *chain_head(&tally->index, hash_of(tally, key));

	while (i != POOL_NONE) {
		struct tally_row *row = pool_at(&tally->rows, i);

		if (memcmp(row->key, key, sizeof(row->key)) == 0)
			return row;
		i = row->next;
	}
	return NULL;
}

static void
link_row(struct tally *tally, uint32_t number)
{
	struct tally_row *row = pool_at(&tally->rows, number);
	uint32_t *head = chain_head(&tally->index, hash_of(tally, row->key));

	row->next = *head;
	*head = number;
	tally->index.count++;
}

struct tally_row *
tally_row(struct tally *tally, const uint32_t key[TALLY_KEYS])
{
	struct tally_row *row = tally_find(tally, key);
	uint32_t number;

	if (row != NULL)
		return row;
	if (chain_is_full(&tally->index)) {
		chain_grow(&tally->index);
		for (uint32_t i = 0; i < tally->rows.used; i++)
			link_row(tally, i);
	}
	number = pool_take(&tally->rows);
	row = pool_at(&tally->rows, number);
	memcpy(row->key, key, sizeof(row->key));
	row->first_utc = INT64_MAX;
	row->last_utc = row->last_seen = INT64_MIN;
	link_row(tally, number);
	return row;
}

void
tally_span(struct tally_row *row, int64_t utc)
{
	if (utc == INT64_MIN)
		return;
	if (utc < row->first_utc)
		row->first_utc = utc;
	if (utc > row->last_utc)
		row->last_utc = utc;
}
