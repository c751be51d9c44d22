/* SPDX-License-Identifier: BSD-2-Clause */
/* What each pair of provider and source did day by day. */
#include "analyzer/query_priv.h"

#include <stdlib.h>

#include "base/hash.h"

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

static struct series_pair *
find_pair(const struct query *query, uint32_t source, uint32_t provider)
{
	struct series_pair *pair;

	for (uint32_t i = *chain_head(&query->series_index,
	    pair_hash(query, source, provider)); i != POOL_NONE;
	    i = pair->next) {
		pair = pool_at(&query->series_pairs, i);
		if (pair->source == source && pair->provider == provider)
			return pair;
	}
	return NULL;
}

struct series_pair *
query_series_pair(struct query *query, uint32_t source, uint32_t provider)
{
	struct series_pair *pair = find_pair(query, source, provider);
	uint32_t number, *head;

	if (pair != NULL)
		return pair;
	if (chain_is_full(&query->series_index))
		grow_index(query);
	number = pool_take(&query->series_pairs);
	pair = pool_at(&query->series_pairs, number);
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
	return number != POOL_NONE ? pool_at(&query->series, number) : NULL;
}

/* Between two that are neighbours, or NULL. */
static struct series_row *
insert_day(struct query *query, struct series_pair *pair, uint32_t older,
    uint32_t newer, uint32_t day)
{
	uint32_t number = pool_take(&query->series);
	struct series_row *row = row_at(query, number);
	struct series_row *before = row_at(query, older);
	struct series_row *after = row_at(query, newer);

	row->day = day;
	row->older = older;
	row->newer = newer;
	if (before != NULL)
		before->newer = number;
	if (after != NULL)
		after->older = number;
	pair->at = number;
	return row;
}

struct series_row *
query_series_day(struct query *query, struct series_pair *pair, size_t day)
{
	struct series_row *row = row_at(query, pair->at);

	if (row == NULL)
		return insert_day(query, pair, POOL_NONE, POOL_NONE,
		    (uint32_t)day);
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

/* A pair that is shown: its row among QUERY_PAIRS, and its oldest day. */
struct shown_pair {
	struct slice provider, source;
	size_t row;
	uint32_t oldest;
};

static int
compare_shown(const void *left, const void *right)
{
	const struct shown_pair *a = left;
	const struct shown_pair *b = right;
	int order = slice_cmp(a->provider, b->provider);

	return order != 0 ? order : slice_cmp(a->source, b->source);
}

static uint32_t
oldest_day(const struct query *query, const struct query_row *row)
{
	const struct series_pair *pair = find_pair(query,
	    intern_find(&query->names.source, row->source),
	    intern_find(&query->names.provider, row->provider));
	uint32_t at = pair != NULL ? pair->at : POOL_NONE;

	while (at != POOL_NONE && row_at(query, at)->older != POOL_NONE)
		at = row_at(query, at)->older;
	return at;
}

/* In the order of their names. */
static struct shown_pair *
list_shown(const struct query *query)
{
	size_t count = query->row_counts[QUERY_PAIRS];
	struct shown_pair *list = mx_alloc((count + 1) * sizeof(*list));

	for (size_t i = 0; i < count; i++) {
		const struct query_row *row = &query->rows[QUERY_PAIRS][i];

		list[i] = (struct shown_pair){ row->provider, row->source, i,
			oldest_day(query, row) };
	}
	qsort(list, count, sizeof(*list), compare_shown);
	return list;
}

static bool
has_attempts(const struct series_row *row)
{
	return row->attempts[0] + row->attempts[1] + row->attempts[2] != 0;
}

/* Where the rows of each day begin, when all are sorted by day: days + 1. */
static size_t *
count_days(const struct query *query, const struct shown_pair *pairs)
{
	size_t *begin = mx_calloc(query->day_count + 1, sizeof(*begin));

	for (size_t i = 0; i < query->row_counts[QUERY_PAIRS]; i++) {
		const struct series_row *row = row_at(query, pairs[i].oldest);

		for (; row != NULL; row = row_at(query, row->newer))
			if (has_attempts(row))
				begin[row->day + 1]++;
	}
	for (size_t i = 0; i < query->day_count; i++)
		begin[i + 1] += begin[i];
	return begin;
}

void
query_make_series(struct query *query)
{
	struct shown_pair *pairs = list_shown(query);
	size_t *to = count_days(query, pairs);

	query->series_count = to[query->day_count];
	query->series_rows = arena_alloc(&query->arena,
	    (query->series_count + 1) * sizeof(*query->series_rows));
	for (size_t i = 0; i < query->row_counts[QUERY_PAIRS]; i++) {
		const struct series_row *row = row_at(query, pairs[i].oldest);

		for (; row != NULL; row = row_at(query, row->newer))
			if (has_attempts(row))
				query->series_rows[to[row->day]++] =
				    (struct query_series){ .day = row->day,
					.pair = pairs[i].row,
					.messages = row->messages,
					.refused = row->refused,
					.attempts = { row->attempts[0],
					    row->attempts[1],
					    row->attempts[2] } };
	}
	free(pairs);
	free(to);
}
