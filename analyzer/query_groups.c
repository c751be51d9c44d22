/* SPDX-License-Identifier: BSD-2-Clause */
/* Summing rows of the store into the groups that a report shows. */
#include "analyzer/query_priv.h"

#include <stdlib.h>

static struct group *
new_group(struct query *query, enum total_group kind)
{
	struct group *group =
	    pool_at(&query->groups, pool_take(&query->groups));

	*group = (struct group){ .kind = kind, .source = INTERN_NONE,
		.provider = INTERN_NONE, .domain = INTERN_NONE,
		.pair = POOL_NONE };
	return group;
}

static struct group **
in_list(struct group_list *list, uint32_t number)
{
	uint32_t at = number + 1;

	if (at >= list->room) {
		uint32_t room = at * 2 + 64;

		list->at = mx_realloc(list->at, room * sizeof(*list->at));
		memset(list->at + list->room, 0,
		    (room - list->room) * sizeof(*list->at));
		list->room = room;
	}
	return &list->at[at];
}

static struct group *
provider_group(struct query *query, uint32_t provider)
{
	struct group **group = in_list(&query->by_provider, provider);

	if (*group == NULL) {
		*group = new_group(query, GROUP_PROVIDER);
		(*group)->provider = provider;
	}
	return *group;
}

static struct group *
source_group(struct query *query, uint32_t source)
{
	struct group **group = in_list(&query->by_source, source);

	if (*group == NULL) {
		*group = new_group(query, GROUP_SOURCE);
		(*group)->source = source;
	}
	return *group;
}

struct group *
query_domain_group(struct query *query, uint32_t domain)
{
	struct group **group = in_list(&query->by_domain, domain);

	if (*group == NULL) {
		*group = new_group(query, GROUP_DOMAIN);
		(*group)->domain = domain;
	}
	return *group;
}

static struct group *
new_pair_group(struct query *query, enum total_group kind,
    const struct series_pair *pair)
{
	struct group *group = new_group(query, kind);

	group->source = pair->source;
	group->provider = pair->provider;
	group->pair = pair->number;
	return group;
}

static struct group *
pair_group(struct query *query, struct series_pair *pair)
{
	if (pair->group == NULL)
		pair->group = new_pair_group(query, GROUP_PAIR, pair);
	return pair->group;
}

struct group *
query_packed_group(struct query *query, struct series_pair *pair)
{
	if (pair->packed == NULL)
		pair->packed = new_pair_group(query, GROUP_PACKED, pair);
	return pair->packed;
}

struct group *
query_group(struct query *query, enum total_group kind, uint32_t source,
    uint32_t provider, uint32_t domain)
{
	switch (kind) {
	case GROUP_PAIR:
		return pair_group(query,
		    query_series_pair(query, source, provider));
	case GROUP_PROVIDER:
		return provider_group(query, provider);
	case GROUP_SOURCE:
		return source_group(query, source);
	case GROUP_DOMAIN:
		return query_domain_group(query, domain);
	case GROUP_ALL:
		return query->all;
	case GROUP_ROW:
	case TOTAL_GROUPS:
	default:
		break;
	}
	return query->nowhere;
}

void
query_groups_init(struct query *query)
{
	pool_init(&query->groups, sizeof(struct group));
	query->all = new_group(query, GROUP_ALL);
	query->nowhere = new_group(query, GROUP_ALL);
	query->hops[HOP_REMOTE] = query->all;
	query->hops[HOP_LOCAL] = provider_group(query, PROVIDER_LOCAL);
	query->hops[HOP_INTERNAL] = provider_group(query, PROVIDER_INTERNAL);
}

static void
release_list(struct group_list *list)
{
	free(list->at);
	*list = (struct group_list){ .room = 0 };
}

void
query_groups_release(struct query *query)
{
	for (uint32_t i = 0; i < query->groups.used; i++) {
		struct group *group = pool_at(&query->groups, i);

		delays_release(&group->delays);
	}
	pool_release(&query->groups);
	release_list(&query->by_provider);
	release_list(&query->by_source);
	release_list(&query->by_domain);
}

size_t
query_day_of(struct query *query, int64_t utc)
{
	size_t low = 0, high = query->day_count;
	const struct query_day *memo;

	if (query->day_count == 0)
		return SIZE_MAX;
	memo = &query->days[query->day_memo];
	if (utc >= memo->begin_utc && utc < memo->end_utc)
		return query->day_memo;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (utc < query->days[middle].begin_utc)
			high = middle;
		else
			low = middle;
	}
	if (utc < query->days[low].begin_utc || utc >= query->days[low].end_utc)
		return SIZE_MAX;
	query->day_memo = low;
	return low;
}

static void
add_counts(struct query_counts *n, const struct query_counts *row)
{
	for (int i = 0; i < 3; i++)
		n->attempts[i] += row->attempts[i];
	n->suspended += row->suspended;
	n->refused += row->refused;
	n->messages += row->messages;
	n->accepted += row->accepted;
	n->deferred += row->deferred;
	n->bounced += row->bounced;
	n->expired += row->expired;
	n->blocked += row->blocked;
	n->open += row->open;
	n->deliveries += row->accepted + row->bounced + row->expired +
	    row->open;
}

/* The groups that a row belongs to. */
struct targets {
	struct group *list[5];
	size_t count;
};

/* Rows come by provider and source: the last row's are this one's, mostly. */
static void
remember_pair(struct query *query, const struct total_key *key)
{
	struct group **memo = query->pair_memo;

	if (memo[0] != NULL && memo[0]->provider == key->provider &&
	    memo[0]->source == key->source)
		return;
	memo[0] = pair_group(query,
	    query_series_pair(query, key->source, key->provider));
	memo[1] = provider_group(query, key->provider);
	memo[2] = source_group(query, key->source);
}

/* Rows of a fleet are summed already: of pairs without domain, and of domains
 * (of remote mail, and of what the filter leaves) without pair. */
static bool
is_of_domain_alone(const struct total_key *key)
{
	return key->provider == INTERN_NONE;
}

static void
find_targets(struct query *query, const struct total_key *key,
    struct targets *to)
{
	to->count = 0;
	if (is_of_domain_alone(key)) {
		to->list[to->count++] = query_domain_group(query, key->domain);
		return;
	}
	if (!provider_is_remote(key->provider)) {
		to->list[to->count++] = query->hops[
		    key->provider == PROVIDER_LOCAL ? HOP_LOCAL : HOP_INTERNAL];
		return;
	}
	remember_pair(query, key);
	to->list[to->count++] = query->all;
	for (size_t i = 0; i < PAIR_GROUPS; i++)
		to->list[to->count++] = query->pair_memo[i];
	if (key->domain != INTERN_NONE)
		to->list[to->count++] = query_domain_group(query, key->domain);
}

static bool
wants_row(const struct query *query, const struct total_key *key)
{
	return is_of_domain_alone(key) ? !query->wants_nothing :
	    query_wants(query, key->provider, key->source);
}

static void
add_bucket(void *ctx, uint32_t bucket, uint64_t count)
{
	struct targets *to = ctx;

	for (size_t i = 0; i < to->count; i++)
		delays_add(&to->list[i]->delays, (uint8_t)bucket, count);
}

static void
add_to_day(struct query *query, const struct total_key *key,
    const struct query_counts *row)
{
	size_t at = query_day_of(query, key->slot);
	struct series_row *series;
	struct query_day *day;

	if (at == SIZE_MAX || is_of_domain_alone(key) ||
	    !provider_is_remote(key->provider))
		return;
	day = &query->days[at];
	if (row->attempts[0] + row->attempts[1] + row->attempts[2] == 0 &&
	    row->messages == 0)
		return;
	series = query_series_day(query, query_series_pair(query, key->source,
	    key->provider), at);
	for (int i = 0; i < 3; i++) {
		series->attempts[i] += row->attempts[i];
		day->attempts[i] += row->attempts[i];
	}
	series->refused += row->refused;
	day->refused += row->refused;
	series->messages += row->messages;
	day->messages += row->messages;
}

enum mx_code
query_add_row(struct query *query, const struct total_key *key,
    const struct query_counts *counts, struct slice packed,
    struct mx_err *err)
{
	struct targets to;

	if (!wants_row(query, key))
		return MX_OK;
	find_targets(query, key, &to);
	for (size_t i = 0; i < to.count; i++)
		add_counts(&to.list[i]->n, counts);
	add_to_day(query, key, counts);
	if (!unpack_delays(packed, add_bucket, &to))
		return mx_fail(err, MX_E_DATA,
		    "the store is damaged: delays cannot be read");
	return MX_OK;
}

void
query_add_live_row(struct query *query, const struct total_row *row)
{
	const uint8_t *bucket = bytes_ptr(&row->delays);
	const struct query_counts counts = {
		.messages = row->messages, .accepted = row->accepted,
		.deferred = row->deferred, .bounced = row->bounced,
		.expired = row->expired, .blocked = row->blocked,
		.open = row->open, .attempts = { row->attempts[0],
		    row->attempts[1], row->attempts[2] },
		.suspended = row->suspended, .refused = row->refused };
	struct targets to;

	if (!wants_row(query, &row->key))
		return;
	find_targets(query, &row->key, &to);
	for (size_t i = 0; i < to.count; i++)
		add_counts(&to.list[i]->n, &counts);
	add_to_day(query, &row->key, &counts);
	for (uint32_t i = 0; i < row->delays.len; i++)
		add_bucket(&to, bucket[i], 1);
}

static void
add_group(struct group *to, const struct group *from)
{
	add_counts(&to->n, &from->n);
	delays_join(&to->delays, &from->delays);
}

/* A pair's sums of packed days are its own, where it has no others yet. */
static void
move_to_pair(struct group *from, struct series_pair *pair)
{
	pair->packed = NULL;
	if (pair->group != NULL) {
		add_group(pair->group, from);
		return;
	}
	from->kind = GROUP_PAIR;
	pair->group = from;
}

void
query_spread_packed(struct query *query)
{
	for (uint32_t i = 0; i < query->series_pairs.used; i++) {
		struct series_pair *pair = pool_at(&query->series_pairs, i);
		struct group *from = pair->packed;

		if (from == NULL)
			continue;
		add_group(query->all, from);
		add_group(provider_group(query, pair->provider), from);
		add_group(source_group(query, pair->source), from);
		move_to_pair(from, pair);
	}
}

/* Messages of one slot of a chain: of the window when the slot before lies in
 * front of it, of the day when that lies on another. */
static void
add_messages(struct query *query, struct group *group,
    const struct gap_key *key, int64_t count)
{
	if (key->gap_s == 0 || key->slot - key->gap_s < query->since_utc)
		group->n.messages += count;
}

static bool
is_first_of_day(const struct query *query, const struct gap_key *key,
    size_t day)
{
	return key->gap_s == 0 ||
	    key->slot - key->gap_s < query->days[day].begin_utc;
}

static void
add_messages_to_day(struct query *query, const struct gap_key *key,
    int64_t count, bool to_series, bool to_day)
{
	size_t at = query_day_of(query, key->slot);

	if (at == SIZE_MAX || !is_first_of_day(query, key, at))
		return;
	if (to_series)
		query_series_day(query, query_series_pair(query, key->source,
		    key->provider), at)->messages += count;
	if (to_day)
		query->days[at].messages += count;
}

/* Which kind of group tells how many messages there are in all, under the
 * filter. */
static enum total_group
kind_of_all(const struct query *query)
{
	bool by_provider = query->want_provider != INTERN_NONE;
	bool by_source = query->want_source != INTERN_NONE;

	if (by_provider && by_source)
		return GROUP_PAIR;
	if (by_provider)
		return GROUP_PROVIDER;
	return by_source ? GROUP_SOURCE : GROUP_ALL;
}

/* Gaps of rows count in every group that the row belongs to. */
static void
add_row_gap(struct query *query, const struct gap_key *key, int64_t count)
{
	struct total_key row = { .slot = key->slot, .source = key->source,
		.provider = key->provider, .domain = key->domain };
	struct targets to;

	if (!wants_row(query, &row))
		return;
	find_targets(query, &row, &to);
	for (size_t i = 0; i < to.count; i++)
		add_messages(query, to.list[i], key, count);
	if (!is_of_domain_alone(&row) && provider_is_remote(key->provider))
		add_messages_to_day(query, key, count, true, true);
}

static bool
wants_group(const struct query *query, const struct gap_key *key)
{
	if (query->wants_nothing)
		return false;
	if (key->provider != INTERN_NONE &&
	    query->want_provider != INTERN_NONE &&
	    key->provider != query->want_provider)
		return false;
	return key->source == INTERN_NONE ||
	    query->want_source == INTERN_NONE ||
	    key->source == query->want_source;
}

void
query_add_gap(struct query *query, const struct gap_key *key, int64_t count)
{
	enum total_group kind = (enum total_group)key->group;
	bool is_all = kind == kind_of_all(query);

	if (kind == GROUP_ROW) {
		add_row_gap(query, key, count);
		return;
	}
	if (!wants_group(query, key))
		return;
	if (kind != GROUP_ALL)
		add_messages(query, query_group(query, kind, key->source,
		    key->provider, key->domain), key, count);
	if (key->provider != INTERN_NONE && !provider_is_remote(key->provider))
		return;
	if (is_all)
		add_messages(query, query->all, key, count);
	if (is_all || kind == GROUP_PAIR)
		add_messages_to_day(query, key, count, kind == GROUP_PAIR,
		    is_all);
}
