/* SPDX-License-Identifier: BSD-2-Clause */
/* Counts what the model does, at the moment when its line is written. */
#include "tests/gen/gen.h"

static int32_t
day_index(struct gen *gen, int64_t at, unsigned local)
{
	int64_t second = at / GEN_SECOND;

	if (local != 0)
		second += zone_offset_at(&gen->zone, second);
	return (int32_t)(second / 86400 - gen->truth.day0[local]);
}

static struct seen *
seen_of(struct gen *gen, struct message *message, uint32_t provider,
    struct pair_truth *pair)
{
	struct seen *seen;
	uint16_t i;

	for (i = 0; i < message->seen_count; i++)
		if (message->seen[i].provider == provider)
			return &message->seen[i];
	seen = &message->seen[message->seen_count++];
	seen->provider = provider;
	seen->day[0] = seen->day[1] = -1;
	pair->messages++;
	gen->truth.provider_messages[provider]++;
	return seen;
}

static void
count_days(struct gen *gen, struct pair_truth *pair, struct seen *seen,
    enum gen_outcome outcome, int64_t at)
{
	int32_t day;
	unsigned zone;

	for (zone = 0; zone < 2; zone++) {
		day = day_index(gen, at, zone);
		if (day < 0 || (uint32_t)day >= gen->truth.days)
			die("day outside the run", "");
		pair->by_day[zone][day * 4 + (int)outcome]++;
		if (seen->day[zone] == day)
			continue;
		seen->day[zone] = day;
		pair->by_day[zone][day * 4 + GEN_OUTCOMES]++;
	}
}

static void
count_delivery(struct pair_truth *pair, struct rcpt *rcpt, enum cause cause,
    enum gen_outcome outcome)
{
	if ((rcpt->flags & RCPT_ATTEMPTED) == 0)
		pair->deliveries++;
	if (cause_votes(cause) && (rcpt->flags & RCPT_BLOCKED) == 0) {
		rcpt->flags |= RCPT_BLOCKED;
		pair->blocked++;
	}
	if (outcome == GEN_DEFERRED && (rcpt->flags & RCPT_DEFERRED) == 0) {
		rcpt->flags |= RCPT_DEFERRED;
		pair->deferred++;
	}
	if (outcome == GEN_ACCEPTED)
		pair->accepted++;
	if (outcome == GEN_BOUNCED)
		pair->bounced++;
	rcpt->flags |= RCPT_ATTEMPTED;
}

static void
count_episode(struct episode *episode, enum cause cause, int64_t at)
{
	bool is_inside = at >= episode->option->start &&
	    at < episode->option->end;

	if (cause_votes(cause)) {
		if (at < episode->option->start)
			return;
		if (episode->attempts++ == 0)
			episode->first_refusal = at;
		episode->last_refusal = at;
		episode->accept_after = 0;
	} else if (cause == CAUSE_ACCEPTED) {
		if (episode->attempts == 0)
			episode->accept_before = at;
		else if (episode->accept_after == 0)
			episode->accept_after = at;
		if (is_inside)
			episode->accepted++;
	}
}

static void
count_votes(struct gen *gen, struct pair_truth *pair, uint32_t provider,
    uint32_t source, enum cause cause, int64_t at)
{
	struct episode *episode;
	uint32_t i;

	for (i = 0; i < gen->truth.episode_count; i++) {
		episode = &gen->truth.episodes[i];
		if (episode->provider == provider && episode->source == source)
			count_episode(episode, cause, at);
	}
	if (!cause_votes(cause))
		return;
	if (pair->refusals++ == 0)
		pair->first_refusal = at;
	pair->last_refusal = at;
}

/* One line of one attempt, with an outcome in it. */
void
count_attempt(struct gen *gen, struct message *message, struct rcpt *rcpt,
    enum cause cause, enum gen_outcome outcome, int64_t at)
{
	const struct domain *domain = &gen->world.domains[rcpt->domain];
	uint32_t provider = gen->world.sites[domain->site].provider;
	struct pair_truth *pair;
	struct seen *seen;

	rcpt->flags |= RCPT_KNOWN;
	if (message->kind == MESSAGE_FILTER) {
		gen->truth.facts[GEN_INTERNAL][outcome]++;
		return;
	}
	gen->truth.facts[domain->hop][outcome]++;
	if (domain->hop != GEN_REMOTE) {
		rcpt->flags |= RCPT_ATTEMPTED;
		return;
	}
	pair = truth_pair(gen, provider, message->source);
	seen = seen_of(gen, message, provider, pair);
	if (!message->is_counted)
		gen->truth.messages++;
	message->is_counted = true;
	count_days(gen, pair, seen, outcome, at);
	count_delivery(pair, rcpt, cause, outcome);
	count_votes(gen, pair, provider, message->source, cause, at);
}

/* qmgr gives the message up: every recipient that is still open. */
void
count_expiry(struct gen *gen, struct message *message)
{
	const struct domain *domain;
	struct rcpt *rcpt;
	bool is_known = false;
	uint16_t i;

	gen->truth.expiry_lines++;
	for (i = 0; i < message->rcpt_count; i++) {
		rcpt = &message->rcpts[i];
		domain = &gen->world.domains[rcpt->domain];
		if ((rcpt->flags & RCPT_DONE) != 0 ||
		    (rcpt->flags & RCPT_KNOWN) == 0)
			continue;
		is_known = true;
		gen->truth.expired[domain->hop]++;
		if (domain->hop != GEN_REMOTE)
			continue;
		if ((rcpt->flags & RCPT_ATTEMPTED) != 0)
			truth_pair(gen,
			    gen->world.sites[domain->site].provider,
			    message->source)->expired++;
		else
			gen->truth.suspended_only++;
		rcpt->flags |= RCPT_DONE;
	}
	if (!is_known)
		gen->truth.expired_unknown++;
}

/* What is left when the log ends. */
void
count_open(struct gen *gen)
{
	const struct message *message;
	uint32_t i;
	uint16_t k;

	for (i = 0; i < gen->message_count; i++) {
		message = &gen->messages[i];
		for (k = 0; k < message->rcpt_count; k++)
			if ((message->rcpts[k].flags & (RCPT_KNOWN |
			    RCPT_ATTEMPTED | RCPT_DONE)) == RCPT_KNOWN)
				gen->truth.suspended_only++;
	}
}
