/* SPDX-License-Identifier: BSD-2-Clause */
/* How far an episode reaches: what befell our other sources and other sender
 * domains at the same provider while it lasted. Its own score says that one
 * source is refused; that others are not needs votes of theirs. */
#include "analyzer/query_finding.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/ipaddr.h"

struct slice
finding_address(const struct query *query, const struct pair_votes *pair)
{
	const struct source_row *row = pair->source < query->source_room ?
	    &query->sources[pair->source] : NULL;

	if (row != NULL && row->from == SOURCE_UNKNOWN &&
	    !row->is_disputed && !slice_is_none(row->label))
		return row->label;
	return intern_name(&query->names.source, pair->source);
}

bool
finding_network(struct slice address, char text[NETWORK_TEXT])
{
	struct ipaddr addr;
	char base[IPADDR_TEXT];
	size_t bytes;

	if (!ipaddr_parse(address, &addr))
		return false;
	bytes = addr.family == IP_V4 ? 3 : 8;
	memset(addr.bytes + bytes, 0, sizeof(addr.bytes) - bytes);
	(void)ipaddr_format(&addr, base);
	(void)snprintf(text, NETWORK_TEXT, "%s/%zu", base, bytes * 8);
	return true;
}

static bool
same_network(struct slice a, struct slice b)
{
	char left[NETWORK_TEXT], right[NETWORK_TEXT];

	return finding_network(a, left) && finding_network(b, right) &&
	    strcmp(left, right) == 0;
}

/* ------------------------------------------------------------------ */
/* Other sources */

static bool
has_own_episode(const struct pair_votes *pair, const struct episode *it)
{
	for (size_t i = 0; i < pair->found_count; i++) {
		const struct episode *other = &pair->found[i];

		if (other->phase != PHASE_DISMISSED &&
		    other->first_refusal_utc <= it->last_refusal_utc &&
		    it->first_refusal_utc <= other->last_refusal_utc)
			return true;
	}
	return false;
}

static int64_t
refusals_between(const struct finding *self, const struct pair_votes *pair,
    const struct episode *it)
{
	const struct refusal *list = &self->refusals.list[pair->first];
	int64_t sum = 0;

	for (size_t i = 0; i < pair->refusal_count; i++)
		sum += list[i].votes && list[i].utc >= it->first_refusal_utc &&
		    list[i].utc <= it->last_refusal_utc;
	return sum;
}

static struct episode_share
share_of(const struct finding *self, const struct pair_votes *pair,
    const struct episode *it)
{
	return (struct episode_share){
		.refused = refusals_between(self, pair, it),
		.accepted = votes_between(&pair->accepted,
		    it->first_refusal_utc, it->last_refusal_utc) };
}

/* Several sources that each have too few refusals for an episode: together
 * they may have enough. */
struct others {
	struct episode_share all;   /* of all of them */
	struct episode_share quiet; /* of those without an own episode */
	size_t active, refused;     /* sources; refused: with an own episode */
};

/* The score that these votes end at, and the threshold of the episode. */
static int64_t
weigh(const struct finding *self, const struct episode_share *share)
{
	return self->rules.refusal_weight * share->refused -
	    self->rules.acceptance_weight * share->accepted;
}

static void
add_other(const struct finding *self, const struct pair_votes *pair,
    const struct episode *it, struct others *to)
{
	struct episode_share share = share_of(self, pair, it);
	bool is_refused = has_own_episode(pair, it);

	if (share.refused + share.accepted == 0 && !is_refused)
		return;
	to->active++;
	to->refused += is_refused;
	to->all.refused += share.refused;
	to->all.accepted += share.accepted;
	if (is_refused)
		return;
	to->quiet.refused += share.refused;
	to->quiet.accepted += share.accepted;
}

/* Are the ones without an own episode refused as well, taken together? */
static bool
quiet_are_refused(const struct finding *self, const struct episode *it,
    const struct others *others)
{
	return others->active > others->refused &&
	    weigh(self, &others->quiet) >= it->threshold;
}

static bool
all_are_refused(const struct finding *self, const struct episode *it,
    const struct others *others)
{
	return others->active == others->refused ||
	    quiet_are_refused(self, it, others);
}

/* ------------------------------------------------------------------ */
/* Sender domains */

static int
compare_number(const void *left, const void *right)
{
	uint32_t a, b;

	memcpy(&a, left, sizeof(a));
	memcpy(&b, right, sizeof(b));
	return (a > b) - (a < b);
}

/* The sender domain of most refusals, and of how many of ALL. */
struct most_refused {
	uint32_t number; /* 0: not known, or no sender */
	int64_t refused, all;
};

static struct most_refused
find_most_refused(const struct finding *self, const struct pair_votes *pair,
    const struct episode *it)
{
	uint32_t *numbers =
	    mx_alloc((pair->refusal_count + 1) * sizeof(*numbers));
	struct most_refused most = { 0 };
	size_t count = 0, end;

	for (size_t i = 0; i < pair->refusal_count; i++) {
		const struct refusal *one =
		    &self->refusals.list[pair->first + i];

		if (one->votes && one->utc >= it->first_refusal_utc &&
		    one->utc <= it->last_refusal_utc)
			numbers[count++] = one->sender_number;
	}
	most.all = (int64_t)count;
	if (count != 0)
		qsort(numbers, count, sizeof(*numbers), compare_number);
	for (size_t i = 0; i < count; i = end) {
		for (end = i; end < count && numbers[end] == numbers[i]; end++)
			;
		if ((int64_t)(end - i) > most.refused) {
			most.refused = (int64_t)(end - i);
			most.number = numbers[i];
		}
	}
	free(numbers);
	return most;
}

/* Accepted of DOMAIN from all sources. */
static int64_t
sender_accepted(const struct finding *self, const struct pair_votes *pair,
    uint32_t domain, const struct episode *it)
{
	const struct sender_votes *sender =
	    finding_sender(self, pair->provider, domain);

	return sender == NULL ? 0 : votes_between(&sender->accepted,
	    it->first_refusal_utc, it->last_refusal_utc);
}

/* Of all sender domains that are known. */
static int64_t
known_accepted(const struct finding *self, const struct episode *it)
{
	int64_t sum = 0;

	for (size_t i = 0; i < self->known_count; i++)
		sum += votes_between(&self->known[i]->accepted,
		    it->first_refusal_utc, it->last_refusal_utc);
	return sum;
}

/* What was accepted is known by sender domain over all sources. Of this one's
 * acceptances at least those are of other domains that are neither this
 * domain's nor of unknown senders, from wherever these were sent. */
static int64_t
others_accepted(const struct finding *self, const struct pair_votes *pair,
    uint32_t domain, const struct episode *it)
{
	int64_t own = votes_between(&pair->accepted, it->first_refusal_utc,
	    it->last_refusal_utc);
	int64_t all = 0, rest;

	for (size_t i = 0; i < self->member_count; i++)
		all += votes_between(&self->members[i]->accepted,
		    it->first_refusal_utc, it->last_refusal_utc);
	rest = own - sender_accepted(self, pair, domain, it) -
	    (all - known_accepted(self, it));
	return rest > 0 ? rest : 0;
}

/* True where one sender domain is refused and others pass from the same
 * source: by as much as the threshold asks for. */
static bool
judge_senders(const struct finding *self, const struct pair_votes *pair,
    struct episode *it)
{
	struct most_refused most = find_most_refused(self, pair, it);
	struct episode_share own;

	it->senders = (struct episode_share){ -1, -1 };
	if (most.number == 0)
		return false;
	own = (struct episode_share){ most.refused,
		sender_accepted(self, pair, most.number - 1, it) };
	it->senders = (struct episode_share){ most.all - most.refused,
		others_accepted(self, pair, most.number - 1, it) };
	/* nearly all, so that one chance refusal of another hides nothing */
	if (most.refused * 10 >= most.all * 9)
		it->sender_domain = arena_slice(&self->query->arena,
		    intern_name(&self->query->names.domain, most.number - 1));
	return weigh(self, &own) >= it->threshold &&
	    weigh(self, &it->senders) <= -it->threshold;
}

/* The provider's own words. */
static bool
says_domain(const struct query *query, const struct episode *it)
{
	return it->reply_count != 0 && slice_eq(totals_reply_kind(
	    &query->live, it->replies[0].reply)->scope, SLICE("domain"));
}

void
finding_set_extent(const struct finding *self, const struct pair_votes *pair,
    struct episode *it)
{
	struct slice own = finding_address(self->query, pair);
	struct others near = { 0 }, far = { 0 };
	bool near_all, far_all;

	for (size_t i = 0; i < self->member_count; i++) {
		const struct pair_votes *other = self->members[i];

		if (other != pair)
			add_other(self, other, it, same_network(own,
			    finding_address(self->query, other)) ? &near :
			    &far);
	}
	it->near = near.all;
	it->far = far.all;
	near_all = all_are_refused(self, it, &near);
	far_all = all_are_refused(self, it, &far);
	it->extent = SLICE("source");
	if (judge_senders(self, pair, it) || says_domain(self->query, it))
		it->extent = SLICE("domain");
	else if (near.active + far.active != 0 && near_all && far_all)
		it->extent = SLICE("all");
	else if (near.refused != 0 || quiet_are_refused(self, it, &near))
		it->extent = SLICE("range");
}
