/* SPDX-License-Identifier: BSD-2-Clause */
/* The score of a provider over all our sources, over those of one network, and
 * over one sender domain: what no source alone has votes enough to show. The
 * rules are those of one source. */
#include "analyzer/query_finding.h"

#include <stdlib.h>

enum { DAY_S = 86400 };

static int
compare_time(const void *left, const void *right)
{
	const struct refusal *const *a = left;
	const struct refusal *const *b = right;

	return query_compare_refusals(*a, *b);
}

static int
compare_sender(const void *left, const void *right)
{
	const struct refusal *const *a = left;
	const struct refusal *const *b = right;

	if ((*a)->sender_number != (*b)->sender_number)
		return (*a)->sender_number < (*b)->sender_number ? -1 : 1;
	return query_compare_refusals(*a, *b);
}

static void
sort_refusals(const struct refusal **list, size_t count,
    int (*compare)(const void *, const void *))
{
	if (count != 0)
		qsort(list, count, sizeof(struct refusal *), compare);
}

/* Does a confirmed episode of one of these sources lie in this one? */
static bool
is_explained(const struct episode *it, struct pair_votes *const *pairs,
    size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t e = 0; e < pairs[i]->found_count; e++) {
			const struct episode *one = &pairs[i]->found[e];

			if (one->confirmed_utc != INT64_MIN &&
			    one->first_refusal_utc <= it->last_refusal_utc &&
			    it->first_refusal_utc <= one->last_refusal_utc)
				return true;
		}
	return false;
}

/* A score, and whose votes it is made of. */
struct pool_of {
	enum score_over over;
	struct slice key;       /* empty: all sources */
	struct pair_votes **pairs;
	size_t pair_count;
	struct finding_wish wish;
};

static void
keep_score(struct finding *self, const struct pool_of *pool,
    const struct episode *it)
{
	struct query_score *to;

	if (it->confirmed_utc == INT64_MIN ||
	    !query_touches_window(self->query, it))
		return;
	if (self->score_count == self->score_room) {
		self->score_room = self->score_room != 0 ?
		    self->score_room * 2 : 16;
		self->scores = mx_realloc(self->scores,
		    self->score_room * sizeof(*self->scores));
	}
	to = &self->scores[self->score_count++];
	*to = (struct query_score){ .over = pool->over,
		.key = pool->key.len != 0 ?
		    arena_slice(&self->query->arena, pool->key) : SLICE_NONE,
		.is_explained = is_explained(it, pool->pairs,
		    pool->pair_count),
		.episode = *it };
	to->episode.source = to->key;
}

static void
run_pool(struct finding *self, struct pool_of *pool)
{
	struct episode *found;
	size_t count;

	if (pool->wish.voters.refusal_count == 0)
		return;
	pool->wish.provider = intern_name(&self->query->names.provider,
	    self->members[0]->provider);
	pool->wish.source = pool->key;
	finding_run(self, &pool->wish, &found, &count);
	for (size_t i = 0; i < count; i++)
		keep_score(self, pool, &found[i]);
}

/* ------------------------------------------------------------------ */
/* Over sources */

static void
run_sources(struct finding *self, struct pool_of *pool)
{
	const struct votes **lists =
	    mx_alloc(pool->pair_count * sizeof(const struct votes *));
	const struct day_list **days =
	    mx_alloc(pool->pair_count * sizeof(const struct day_list *));
	const struct refusal **refusals = mx_alloc(
	    (self->refusals.count + 1) * sizeof(const struct refusal *));
	struct votes accepted;
	struct episode_day *messages;
	size_t count = 0;

	for (size_t i = 0; i < pool->pair_count; i++) {
		const struct pair_votes *pair = pool->pairs[i];

		lists[i] = &pair->accepted;
		days[i] = &pair->messages;
		for (size_t r = 0; r < pair->refusal_count; r++)
			refusals[count++] =
			    &self->refusals.list[pair->first + r];
	}
	sort_refusals(refusals, count, compare_time);
	accepted = votes_pool(lists, pool->pair_count);
	messages = finding_days(self, days, pool->pair_count);
	pool->wish = (struct finding_wish){ .voters = { refusals, count,
		&accepted }, .days = messages };
	run_pool(self, pool);
	votes_release(&accepted);
	free(messages);
	free(refusals);
	free(days);
	free(lists);
}

struct in_network {
	char text[NETWORK_TEXT];
	struct pair_votes *pair;
};

static int
compare_network(const void *left, const void *right)
{
	const struct in_network *a = left;
	const struct in_network *b = right;
	int order = strcmp(a->text, b->text);

	if (order != 0)
		return order;
	return (a->pair->number > b->pair->number) -
	    (a->pair->number < b->pair->number);
}

/* Of each network with two sources at least; where it has all of them, its
 * score is the provider's. */
static void
run_networks(struct finding *self)
{
	struct in_network *list =
	    mx_alloc(self->member_count * sizeof(*list));
	struct pair_votes **pairs =
	    mx_alloc(self->member_count * sizeof(struct pair_votes *));
	size_t count = 0, end;

	for (size_t i = 0; i < self->member_count; i++) {
		list[count].pair = self->members[i];
		count += finding_network(finding_address(self->query,
		    self->members[i]), list[count].text);
	}
	if (count != 0)
		qsort(list, count, sizeof(*list), compare_network);
	for (size_t i = 0; i < count; i = end) {
		struct pool_of pool = { .over = OVER_NETWORK,
			.key = slice_str(list[i].text), .pairs = pairs };

		for (end = i; end < count && strcmp(list[end].text,
		    list[i].text) == 0; end++)
			pairs[pool.pair_count++] = list[end].pair;
		if (pool.pair_count > 1 &&
		    pool.pair_count < self->member_count)
			run_sources(self, &pool);
	}
	free(pairs);
	free(list);
}

/* ------------------------------------------------------------------ */
/* Over sender domains */

/* Votes by day stand for messages, which nobody counts by sender. */
static void
run_sender(struct finding *self, const struct refusal **refusals, size_t count)
{
	static const struct votes none;
	const struct query *query = self->query;
	uint32_t domain = refusals[0]->sender_number - 1;
	const struct sender_votes *sender =
	    finding_sender(self, self->members[0]->provider, domain);
	struct day_list votes = { 0 };
	const struct day_list *lists[] = { &votes };
	struct episode_day *days;
	struct pool_of pool = { .over = OVER_SENDER_DOMAIN,
		.key = intern_name(&query->names.domain, domain),
		.pairs = self->members, .pair_count = self->member_count,
		.wish = { .voters = { refusals, count,
		    sender != NULL ? &sender->accepted : &none } } };

	for (size_t i = 0; sender != NULL && i < sender->accepted.count; i++)
		finding_add_day(&votes, sender->accepted.list[i].utc,
		    sender->accepted.list[i].votes);
	for (size_t i = 0; i < count; i++)
		finding_add_day(&votes, refusals[i]->utc, refusals[i]->votes);
	days = finding_days(self, lists, 1);
	pool.wish.days = days;
	run_pool(self, &pool);
	free(days);
	free(votes.list);
}

/* Is all mail of one sender domain? Then its score is that of all sources. */
static bool
has_one_sender(const struct finding *self, const struct refusal *const *sorted,
    size_t count)
{
	uint32_t number = sorted[0]->sender_number;
	const struct sender_votes *sender;
	int64_t accepted = 0;

	if (number == 0 || sorted[count - 1]->sender_number != number)
		return false;
	sender = finding_sender(self, self->members[0]->provider, number - 1);
	for (size_t i = 0; i < self->member_count; i++)
		accepted += votes_total(&self->members[i]->accepted);
	return (sender == NULL ? 0 : votes_total(&sender->accepted)) ==
	    accepted;
}

static void
run_senders(struct finding *self)
{
	size_t count = self->refusals.count, end;
	const struct refusal **list =
	    mx_alloc((count + 1) * sizeof(const struct refusal *));

	for (size_t i = 0; i < count; i++)
		list[i] = &self->refusals.list[i];
	sort_refusals(list, count, compare_sender);
	if (count != 0 && has_one_sender(self, list, count))
		count = 0;
	for (size_t i = 0; i < count; i = end) {
		for (end = i; end < count && list[end]->sender_number ==
		    list[i]->sender_number; end++)
			;
		if (list[i]->sender_number != 0)
			run_sender(self, &list[i], end - i);
	}
	free(list);
}

void
finding_add_scores(struct finding *self)
{
	struct pool_of all = { .over = OVER_PROVIDER, .pairs = self->members,
		.pair_count = self->member_count };

	if (self->query->want_source != INTERN_NONE)
		return;
	if (self->member_count > 1) {
		run_sources(self, &all);
		run_networks(self);
	}
	run_senders(self);
}
