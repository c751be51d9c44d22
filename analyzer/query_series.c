/* SPDX-License-Identifier: BSD-2-Clause */
/* What each pair of provider and source did day by day. */
#include "analyzer/query_priv.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/text_order.h"

void
query_series_init(struct query *query)
{
	pool_init(&query->series_pairs, sizeof(struct series_pair));
	pool_init(&query->series, sizeof(struct series_row));
	chain_init(&query->series_index);
}

void
query_series_release(struct query *query)
{
	pool_release(&query->series_pairs);
	pool_release(&query->series);
	chain_release(&query->series_index);
}

static uint64_t
pair_hash(const struct query *query, uint32_t source, uint32_t provider)
{
	return hash_mix(query->names.seed, (uint64_t)source << 32 | provider);
}

static void
grow_index(struct query *query)
{
	chain_grow(&query->series_index);
	for (uint32_t i = 0; i < query->series_pairs.used; i++) {
		struct series_pair *pair = pool_at(&query->series_pairs, i);
		uint32_t *head = chain_head(&query->series_index,
		    pair_hash(query, pair->source, pair->provider));

		pair->next = *head;
		*head = i;
		query->series_index.count++;
	}
}

static uint32_t
find_number(const struct query *query, uint32_t source, uint32_t provider)
{
	const struct series_pair *pair;
	uint32_t i;

	for (i = *chain_head(&query->series_index,
	    pair_hash(query, source, provider)); i != POOL_NONE;
	    i = pair->next) {
		pair = pool_at(&query->series_pairs, i);
		if (pair->source == source && pair->provider == provider)
			break;
	}
	return i;
}

struct series_pair *
query_series_pair(struct query *query, uint32_t source, uint32_t provider)
{
	uint32_t number = find_number(query, source, provider), *head;
	struct series_pair *pair;

	if (number != POOL_NONE)
		return pool_at(&query->series_pairs, number);
	if (chain_is_full(&query->series_index))
		grow_index(query);
	number = pool_take(&query->series_pairs);
	pair = pool_at(&query->series_pairs, number);
	pair->number = number;
	pair->source = source;
	pair->provider = provider;
	pair->at = POOL_NONE;
	head = chain_head(&query->series_index,
	    pair_hash(query, source, provider));
	pair->next = *head;
	*head = number;
	query->series_index.count++;
	return pair;
}

static struct series_row *
row_at(const struct query *query, uint32_t number)
{
	return pool_at(&query->series, number);
}

/* Between two that are neighbours, or POOL_NONE. */
static struct series_row *
insert_day(struct query *query, struct series_pair *pair, uint32_t older,
    uint32_t newer, uint32_t day)
{
	uint32_t number = pool_take(&query->series);
	struct series_row *row = row_at(query, number);

	row->pair = pair->number;
	row->day = day;
	row->older = older;
	row->newer = newer;
	if (older != POOL_NONE)
		row_at(query, older)->newer = number;
	if (newer != POOL_NONE)
		row_at(query, newer)->older = number;
	pair->at = number;
	return row;
}

struct series_row *
query_series_day(struct query *query, struct series_pair *pair, size_t day)
{
	struct series_row *row;

	if (pair->at == POOL_NONE)
		return insert_day(query, pair, POOL_NONE, POOL_NONE,
		    (uint32_t)day);
	row = row_at(query, pair->at);
	while (row->day < day && row->newer != POOL_NONE) {
		pair->at = row->newer;
		row = row_at(query, pair->at);
	}
	while (row->day > day && row->older != POOL_NONE) {
		pair->at = row->older;
		row = row_at(query, pair->at);
	}
	if (row->day == day)
		return row;
	return row->day < day ?
	    insert_day(query, pair, pair->at, row->newer, (uint32_t)day) :
	    insert_day(query, pair, row->older, pair->at, (uint32_t)day);
}

/* ------------------------------------------------------------------ */

/* Provider, then source, of a row of pairs. */
static struct slice
pair_name(const void *ctx, uint32_t item, unsigned level)
{
	const struct query_row *row = (const struct query_row *)ctx + item;

	return level == 0 ? row->provider : row->source;
}

/* Rows of pairs in the order of their names. */
static struct text_key *
list_shown(const struct query *query)
{
	size_t count = query->row_counts[QUERY_PAIRS];
	struct text_key *list = mx_calloc(count + 1, sizeof(*list));
	const struct text_order order = { pair_name, 2,
		query->rows[QUERY_PAIRS] };

	for (size_t i = 0; i < count; i++)
		list[i].item = (uint32_t)i;
	text_order_sort(list, count, &order);
	return list;
}

/* By number of the pair where it stands in that order; UINT32_MAX: nowhere. */
static uint32_t *
rank_pairs(const struct query *query, const struct text_key *pairs)
{
	size_t size = query->series_pairs.used * sizeof(uint32_t);
	uint32_t *ranks = mx_alloc(size + 1);

	memset(ranks, 0xff, size);
	for (size_t i = 0; i < query->row_counts[QUERY_PAIRS]; i++)
		ranks[query->row_pairs[pairs[i].item]] = (uint32_t)i;
	return ranks;
}

static bool
is_shown(const struct series_row *row, const uint32_t *ranks)
{
	return ranks[row->pair] != UINT32_MAX && row->attempts[0] +
	    row->attempts[1] + row->attempts[2] != 0;
}

/* Counts in AT, one further on, become where each begins. */
static void
add_up(size_t *at, size_t count)
{
	for (size_t i = 0; i < count; i++)
		at[i + 1] += at[i];
}

struct series_rank {
	uint32_t row, rank, day;
};

/* What is shown, by rank and in the pool's order; at least one item. */
static struct series_rank *
sort_by_rank(const struct query *query, const struct text_key *pairs,
    size_t *count_r)
{
	size_t values = query->row_counts[QUERY_PAIRS];
	size_t *at = mx_calloc(values + 1, sizeof(*at));
	uint32_t *ranks = rank_pairs(query, pairs);
	struct series_rank *list;

	for (uint32_t i = 0; i < query->series.used; i++)
		if (is_shown(row_at(query, i), ranks))
			at[ranks[row_at(query, i)->pair] + 1]++;
	add_up(at, values);
	*count_r = at[values];
	list = mx_alloc((*count_r + 1) * sizeof(*list));
	for (uint32_t i = 0; i < query->series.used; i++) {
		const struct series_row *row = row_at(query, i);

		if (is_shown(row, ranks))
			list[at[ranks[row->pair]]++] = (struct series_rank){
				i, ranks[row->pair], row->day };
	}
	free(ranks);
	free(at);
	return list;
}

/* By day, and in it by rank. Without comparing: that took longer than all
 * else that is done with them. */
void
query_make_series(struct query *query)
{
	struct text_key *pairs = list_shown(query);
	struct series_rank *list =
	    sort_by_rank(query, pairs, &query->series_count);
	size_t *at = mx_calloc(query->day_count + 1, sizeof(*at));

	for (size_t i = 0; i < query->series_count; i++)
		at[list[i].day + 1]++;
	add_up(at, query->day_count);
	query->series_places = arena_alloc(&query->arena,
	    (query->series_count + 1) * sizeof(*query->series_places));
	for (size_t i = 0; i < query->series_count; i++)
		query->series_places[at[list[i].day]++] =
		    (struct series_place){ list[i].row,
		    pairs[list[i].rank].item };
	free(at);
	free(list);
	free(pairs);
}

size_t
query_series_count(const struct query *query)
{
	return query->series_count;
}

struct query_series
query_series_at(const struct query *query, size_t index)
{
	const struct series_place *place = &query->series_places[index];
	const struct series_row *row = row_at(query, place->row);

	return (struct query_series){ .day = row->day, .pair = place->pair,
		.messages = row->messages, .refused = row->refused,
		.attempts = { row->attempts[0], row->attempts[1],
		    row->attempts[2] } };
}
