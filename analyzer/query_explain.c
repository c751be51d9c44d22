/* SPDX-License-Identifier: BSD-2-Clause */
/* The votes of one episode, told one by one, with the remarks between. */
#include "analyzer/query_refusals.h"

/* The votes of one pair, from the first refusal of one episode to its end. */
struct explaining {
	struct query *query;
	const struct refusal *const *refusals;
	size_t refusal_count, at; /* events come in the order of refusals */
	size_t remark;            /* the next one to tell */
	const struct episode *episode;
	int64_t from_utc, to_utc;
};

static const struct refusal *
refusal_of(struct explaining *self, const struct episode_event *event)
{
	while (self->at < self->refusal_count &&
	    (self->refusals[self->at]->utc != event->utc ||
	    self->refusals[self->at]->message_number != event->message ||
	    !self->refusals[self->at]->votes))
		self->at++;
	return self->at < self->refusal_count ? self->refusals[self->at++] :
	    NULL;
}

static bool
is_about(const struct query *query, const struct query_annotation *it,
    const struct episode *episode)
{
	uint32_t source = intern_find(&query->names.source, episode->source);

	if (it->provider.len != 0 && !slice_eq(it->provider, episode->provider))
		return false;
	return it->source_ip.len == 0 ||
	    slice_eq(it->source_ip, episode->source) ||
	    (source < query->source_room && slice_eq(it->source_ip,
	    query->sources[source].label));
}

/* Remarks up to UTC, in their place between the votes. */
static void
tell_remarks(struct explaining *self, int64_t utc)
{
	const struct query *query = self->query;

	for (; self->remark < query->annotation_count; self->remark++) {
		const struct query_annotation *it =
		    &query->annotations[self->remark];
		struct query_vote vote = { .utc = it->utc,
			.remark_kind = it->kind, .remark = it->text };

		if (it->utc > utc)
			break;
		if (it->utc >= self->from_utc && it->utc <= self->to_utc &&
		    is_about(query, it, self->episode))
			query->is.explain_vote(query->is.explain_ctx, &vote);
	}
}

static void
on_vote(void *ctx, const struct episode_event *event, int64_t score,
    int64_t threshold, const struct episode *open)
{
	struct explaining *self = ctx;
	struct query_vote vote = { .utc = event->utc,
		.is_refusal = event->is_refusal,
		.is_explicit = event->is_explicit, .count = event->count,
		.score = score, .threshold = threshold,
		.phase = open != NULL ? open->phase : PHASE_CLOSED };

	if (event->is_refusal) {
		const struct refusal *it = refusal_of(self, event);
		const struct reply_kind *kind = totals_reply_kind(
		    &self->query->live, event->reply);

		vote.reason = kind->reason;
		vote.token = kind->token;
		if (it != NULL) {
			vote.queue_id = it->id;
			vote.recipient = it->recipient_text;
		}
	}
	tell_remarks(self, event->utc - 1);
	if (event->utc >= self->from_utc && event->utc <= self->to_utc)
		self->query->is.explain_vote(self->query->is.explain_ctx,
		    &vote);
}

void
query_explain(struct query *query, const struct episode_rules *rules,
    const struct episode_input *input, const struct refusal *const *list,
    size_t count, const struct episode *it)
{
	struct explaining explaining = { .query = query,
		.refusals = list, .refusal_count = count,
		.episode = it, .from_utc = it->first_refusal_utc,
		.to_utc = it->closed_utc != INT64_MIN ? it->closed_utc :
		    INT64_MAX };
	struct episode_watch watch = { .ctx = &explaining, .vote = on_vote };
	struct episode *again;
	size_t again_count;

	episodes_find(rules, input, &watch, &query->arena, &again,
	    &again_count);
	tell_remarks(&explaining, INT64_MAX);
}
