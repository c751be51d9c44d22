/* SPDX-License-Identifier: BSD-2-Clause */
/* The votes of every pair that was ever refused, out of the store, and the
 * episodes that follow from them. All of the store's time counts, not only
 * the window: an episode may have begun before it. */
#include "analyzer/query_finding.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ */
/* Episodes */

struct episode_day *
finding_days(const struct finding *self, const struct day_list *const *lists,
    size_t count)
{
	struct episode_day *days =
	    mx_alloc((self->covered_count + 1) * sizeof(*days));

	for (size_t i = 0; i < self->covered_count; i++) {
		days[i] = self->covered[i];
		days[i].messages = 0;
	}
	for (size_t l = 0; l < count; l++) {
		size_t at = 0;

		for (size_t i = 0; i < lists[l]->count; i++) {
			const struct episode_day *it = &lists[l]->list[i];

			if (at < self->covered_count &&
			    days[at].day > it->day)
				at = 0;
			while (at < self->covered_count &&
			    days[at].day < it->day)
				at++;
			if (at < self->covered_count &&
			    days[at].day == it->day)
				days[at].messages += it->messages;
		}
	}
	return days;
}

void
finding_run(struct finding *self, const struct finding_wish *wish,
    struct episode **found_r, size_t *count_r)
{
	struct query *query = self->query;
	const struct voters *voters = &wish->voters;
	struct episode_input input = { .days = wish->days,
		.day_count = self->covered_count,
		.log_end_utc = query->log_end_utc };
	struct episode_event *events = voters_events(voters,
	    &input.event_count);

	input.events = events;
	episodes_find(&self->rules, &input, NULL, &query->arena, found_r,
	    count_r);
	for (size_t i = 0; i < *count_r; i++) {
		struct episode *it = &(*found_r)[i];

		query_name_episode(it, wish->provider, wish->source);
		if (query->is.explain.len != 0 &&
		    query_touches_window(query, it) &&
		    slice_starts(slice_str(it->id), query->is.explain))
			query_explain(query, &self->rules, &input,
			    voters->refusals, voters->refusal_count, it);
	}
	free(events);
}

static enum mx_code
find_of_pair(struct finding *self, struct pair_votes *pair, struct mx_err *err)
{
	struct query *query = self->query;
	const struct query_pair_id id = { pair->provider_id, pair->source_id,
		pair->provider, pair->source };
	const struct day_list *messages = &pair->messages;
	struct episode_day *days = finding_days(self, &messages, 1);
	const struct finding_wish wish = { .voters = {
		self->by_member + pair->first, pair->refusal_count,
		&pair->accepted }, .days = days,
		.provider = intern_name(&query->names.provider,
		    pair->provider),
		.source = intern_name(&query->names.source, pair->source) };
	enum mx_code code;

	finding_run(self, &wish, &pair->found, &pair->found_count);
	code = query_set_cost(query, &id, pair->found, pair->found_count, err);
	free(days);
	return code;
}

static enum mx_code
keep_episodes(struct finding *self, struct pair_votes *pair,
    struct mx_err *err)
{
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < pair->found_count && code == MX_OK; i++) {
		struct episode *it = &pair->found[i];

		if (!pair->is_wanted || !query_touches_window(self->query, it))
			continue;
		it->extent = SLICE("source");
		it->near = it->far = it->senders =
		    (struct episode_share){ -1, -1 };
		if (it->phase != PHASE_DISMISSED)
			finding_set_extent(self, pair, it);
		code = finding_set_sample(self, pair, it, err);
		if (self->count == self->room) {
			self->room = self->room != 0 ? self->room * 2 : 16;
			self->list = mx_realloc(self->list,
			    self->room * sizeof(*self->list));
		}
		self->list[self->count++] = *it;
	}
	return code;
}

/* All refusals of the members, and where those of each begin. */
static enum mx_code
load_refusals(struct finding *self, struct mx_err *err)
{
	struct refusals *refusals = &self->refusals;
	enum mx_code code = MX_OK;
	size_t at = 0;

	refusals->count = 0;
	for (size_t i = 0; i < self->member_count && code == MX_OK; i++) {
		const struct pair_votes *pair = self->members[i];

		if (pair->provider_id != 0)
			code = query_load_refusals(self->query,
			    pair->provider_id, pair->source_id, (uint32_t)i,
			    refusals, err);
	}
	if (code != MX_OK)
		return code;
	query_number_refusals(refusals);
	self->by_member = mx_realloc(self->by_member,
	    (refusals->count + 1) * sizeof(struct refusal *));
	for (size_t i = 0; i < refusals->count; i++)
		self->by_member[i] = &refusals->list[i];
	for (size_t i = 0; i < self->member_count; i++) {
		struct pair_votes *pair = self->members[i];

		pair->first = at;
		while (at < refusals->count && refusals->list[at].pair == i)
			at++;
		pair->refusal_count = at - pair->first;
	}
	return MX_OK;
}

/* The provider of MEMBERS. */
static enum mx_code
find_of_provider(struct finding *self, struct mx_err *err)
{
	enum mx_code code = load_refusals(self, err);

	for (size_t i = 0; i < self->member_count && code == MX_OK; i++)
		if (self->members[i]->refusal_count != 0)
			code = find_of_pair(self, self->members[i], err);
	if (code != MX_OK || self->refusals.count == 0)
		return code;
	for (size_t i = 0; i < self->member_count && code == MX_OK; i++)
		code = keep_episodes(self, self->members[i], err);
	if (code == MX_OK)
		finding_add_scores(self);
	return code;
}

static int
compare_pairs(const void *left, const void *right)
{
	const struct pair_votes *const *a = left;
	const struct pair_votes *const *b = right;

	if ((*a)->provider != (*b)->provider)
		return (*a)->provider < (*b)->provider ? -1 : 1;
	return ((*a)->source > (*b)->source) - ((*a)->source < (*b)->source);
}

static enum mx_code
find_all(struct finding *self, struct mx_err *err)
{
	size_t count = self->pairs.used, end;
	struct pair_votes **pairs =
	    mx_alloc((count + 1) * sizeof(struct pair_votes *));
	enum mx_code code = MX_OK;

	for (uint32_t i = 0; i < count; i++)
		pairs[i] = pool_at(&self->pairs, i);
	if (count != 0)
		qsort(pairs, count, sizeof(struct pair_votes *), compare_pairs);
	for (size_t i = 0; i < count && code == MX_OK; i = end) {
		for (end = i; end < count &&
		    pairs[end]->provider == pairs[i]->provider; end++)
			;
		self->members = pairs + i;
		self->member_count = end - i;
		finding_know_senders(self, pairs[i]->provider);
		code = find_of_provider(self, err);
	}
	free(pairs);
	return code;
}

/* ------------------------------------------------------------------ */

static int
compare_episodes(const void *left, const void *right)
{
	const struct episode *a = left;
	const struct episode *b = right;
	int order;

	if (a->first_refusal_utc != b->first_refusal_utc)
		return a->first_refusal_utc < b->first_refusal_utc ? -1 : 1;
	order = slice_cmp(a->provider, b->provider);
	return order != 0 ? order : slice_cmp(a->source, b->source);
}

static int
compare_scores(const void *left, const void *right)
{
	const struct query_score *a = left;
	const struct query_score *b = right;
	int order = compare_episodes(&a->episode, &b->episode);

	return order != 0 ? order : (a->over > b->over) - (a->over < b->over);
}

enum mx_code
query_load_episodes(struct query *query, struct mx_err *err)
{
	struct finding *self = query->finding;
	enum mx_code code = finding_load(self, err);

	if (code == MX_OK)
		code = find_all(self, err);
	query->episodes = self->list;
	query->episode_count = self->count;
	query->scores = self->scores;
	query->score_count = self->score_count;
	finding_end(query);
	if (code == MX_OK)
		code = query_add_stored_episodes(query, err);
	if (query->episode_count != 0)
		qsort(query->episodes, query->episode_count,
		    sizeof(*query->episodes), compare_episodes);
	if (query->score_count != 0)
		qsort(query->scores, query->score_count,
		    sizeof(*query->scores), compare_scores);
	return code;
}
