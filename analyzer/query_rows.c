/* SPDX-License-Identifier: BSD-2-Clause */
/* Groups as rows with names, in the order in which a report shows them. */
#include "analyzer/query_priv.h"

#include <stdlib.h>

#include "base/text_order.h"

static enum query_group
row_group(enum total_group kind)
{
	switch (kind) {
	case GROUP_PAIR:
		return QUERY_PAIRS;
	case GROUP_PROVIDER:
		return QUERY_PROVIDERS;
	case GROUP_SOURCE:
		return QUERY_SOURCES;
	case GROUP_DOMAIN:
		return QUERY_DOMAINS;
	case GROUP_ROW:
	case GROUP_ALL:
	case TOTAL_GROUPS:
		break;
	}
	return QUERY_GROUPS;
}

static struct slice
name_or_none(const struct intern *table, uint32_t number)
{
	struct slice name;

	if (number == INTERN_NONE)
		return SLICE_NONE;
	name = intern_name(table, number);
	return name.len != 0 ? name : SLICE_NONE;
}

void
query_name_source(const struct query *query, uint32_t source,
    struct query_row *row)
{
	const struct source_row *info;

	row->source = intern_name(&query->names.source, source);
	if (source >= query->source_room)
		return;
	info = &query->sources[source];
	row->host = name_or_none(&query->names.host, info->host);
	row->instance = name_or_none(&query->names.instance, info->instance);
	row->source_ip = info->from != SOURCE_UNKNOWN ? row->source :
	    info->is_disputed ? SLICE_NONE : info->label;
}

static void
name_row(const struct query *query, const struct group *group,
    struct query_row *row)
{
	if (group->provider != INTERN_NONE) {
		row->provider =
		    intern_name(&query->names.provider, group->provider);
		row->name = providers_display_name(query->is.providers,
		    row->provider);
	}
	if (group->source != INTERN_NONE)
		query_name_source(query, group->source, row);
	if (group->domain != INTERN_NONE)
		row->domain = intern_name(&query->names.domain, group->domain);
	row->n = group->n;
}

static bool
is_empty(const struct query_counts *n)
{
	/* echoes alone tell nothing of a row, and which row they are in may
	 * depend on what was read before them */
	return n->deliveries == 0 && n->messages == 0 &&
	    n->attempts[0] + n->attempts[1] + n->attempts[2] == 0;
}

static void
finish_counts(struct group *group)
{
	group->n.p50_s = delays_percentile(&group->delays, 0.50);
	group->n.p95_s = delays_percentile(&group->delays, 0.95);
}

static bool
is_shown(const struct query *query, const struct group *group)
{
	if (row_group(group->kind) == QUERY_GROUPS || is_empty(&group->n))
		return false;
	return group != query->hops[HOP_LOCAL] &&
	    group != query->hops[HOP_INTERNAL];
}

static const struct query_row *
find_pair(const struct query *query, struct slice provider,
    struct slice source)
{
	for (size_t i = 0; i < query->row_counts[QUERY_PAIRS]; i++) {
		const struct query_row *row = &query->rows[QUERY_PAIRS][i];

		if (slice_eq(row->provider, provider) &&
		    slice_eq(row->source, source))
			return row;
	}
	return NULL;
}

const struct query_row *
query_pair(const struct query *query, struct slice provider,
    struct slice source)
{
	return find_pair(query, provider, source);
}

/* Provider, then source, then domain. */
static struct slice
row_name(const void *ctx, uint32_t item, unsigned level)
{
	const struct query_row *row = (const struct query_row *)ctx + item;

	return level == 0 ? row->provider : level == 1 ? row->source :
	    row->domain;
}

/* As the rows of pairs will stand. */
static void
sort_row_pairs(struct query *query, const struct text_key *keys, size_t count)
{
	uint32_t *sorted = arena_alloc(&query->arena,
	    (count + 1) * sizeof(*sorted));

	for (size_t i = 0; i < count; i++)
		sorted[i] = query->row_pairs[keys[i].item];
	query->row_pairs = sorted;
}

static void
sort_rows(struct query *query, enum query_group of)
{
	struct query_row *rows = query->rows[of];
	size_t count = query->row_counts[of];
	struct text_key *keys = mx_calloc(count + 1, sizeof(*keys));
	const struct text_order order = { row_name, 3, rows };

	for (size_t i = 0; i < count; i++)
		keys[i] = (struct text_key){ text_order_descending(
		    rows[i].n.deliveries), (uint32_t)i };
	text_order_sort(keys, count, &order);
	if (of == QUERY_PAIRS)
		sort_row_pairs(query, keys, count);
	text_order_apply(keys, count, rows, sizeof(*rows));
	free(keys);
}

void
query_make_rows(struct query *query)
{
	size_t counts[QUERY_GROUPS] = { 0 };

	for (uint32_t i = 0; i < query->groups.used; i++) {
		const struct group *group = pool_at(&query->groups, i);

		if (is_shown(query, group))
			counts[row_group(group->kind)]++;
	}
	for (int g = 0; g < QUERY_GROUPS; g++)
		query->rows[g] = arena_alloc(&query->arena,
		    (counts[g] + 1) * sizeof(struct query_row));
	query->row_pairs = arena_alloc(&query->arena,
	    (counts[QUERY_PAIRS] + 1) * sizeof(*query->row_pairs));
	for (uint32_t i = 0; i < query->groups.used; i++) {
		struct group *group = pool_at(&query->groups, i);
		enum query_group to = row_group(group->kind);
		struct query_row *row;

		finish_counts(group);
		if (!is_shown(query, group))
			continue;
		if (to == QUERY_PAIRS)
			query->row_pairs[query->row_counts[to]] = group->pair;
		row = &query->rows[to][query->row_counts[to]++];
		memset(row, 0, sizeof(*row));
		name_row(query, group, row);
	}
	for (int hop = 0; hop < HOPS; hop++)
		query->hop_counts[hop] = query->hops[hop]->n;
	/* a third of a report's memory where each domain comes once */
	query_groups_release(query);
	for (int g = 0; g < QUERY_GROUPS; g++)
		sort_rows(query, (enum query_group)g);
	query_make_series(query);
}
