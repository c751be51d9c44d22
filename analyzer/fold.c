/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/fold.h"

#include <stdlib.h>

#include "base/err.h"

void
fold_delivery(struct totals *totals, const struct fold_delivery *what)
{
	struct total_row *row = totals_row(totals, &what->key);

	switch (what->outcome) {
	case OUTCOME_ACCEPTED:
		row->accepted++;
		if (what->delay_ms >= 0) {
			uint8_t bucket = delay_bucket(what->delay_ms);

			bytes_add(&row->delays, &bucket, 1);
		}
		break;
	case OUTCOME_BOUNCED:
		row->bounced++;
		break;
	case OUTCOME_EXPIRED:
		row->expired++;
		break;
	case OUTCOME_DEFERRED:
		row->open++;
		break;
	case OUTCOME_SUSPENDED:
	case OUTCOME_PROBE:
	case OUTCOME_DISCARDED:
	case OUTCOMES:
		return;
	}
	row->deferred += what->was_deferred;
	row->blocked += what->is_blocked;
}

/* For which reason and token a delivery failed counts once, with the kind of
 * reply that brought it first. */
static void
fold_failures(struct totals *totals, const struct recipient *rcpt)
{
	for (uint32_t i = 0; i < rcpt->failure_count; i++) {
		const struct failure *failure = &rcpt->failures[i];
		const struct reply_kind *kind =
		    totals_reply_kind(totals, failure->reply);
		struct reply_key key = {
			.slot = totals_slot(totals, failure->first_utc),
			.source = rcpt->source, .reply = failure->reply };
		bool is_repeated = false;

		for (uint32_t j = 0; j < rcpt->failure_count; j++) {
			const struct failure *other = &rcpt->failures[j];
			const struct reply_kind *same =
			    totals_reply_kind(totals, other->reply);

			if (j == i || same->provider != kind->provider ||
			    !slice_eq(same->reason, kind->reason) ||
			    !slice_eq(same->token, kind->token))
				continue;
			is_repeated |= other->first_utc < failure->first_utc ||
			    (other->first_utc == failure->first_utc && j < i);
		}
		if (!is_repeated)
			totals_reply_row(totals, &key)->deliveries++;
	}
}

/* When the first reply came that votes; of so many kinds that not all were
 * kept, the first attempt. */
int64_t
fold_first_refusal(const struct totals *totals, const struct recipient *rcpt)
{
	int64_t first = INT64_MAX;

	for (uint32_t i = 0; i < rcpt->failure_count; i++)
		if (totals_reply_kind(totals, rcpt->failures[i].reply)->votes &&
		    rcpt->failures[i].first_utc < first)
			first = rcpt->failures[i].first_utc;
	return first != INT64_MAX ? first : rcpt->first_utc;
}

static void
fold_recipient(struct totals *totals, const struct message *message,
    const struct recipient *rcpt)
{
	struct fold_delivery what = {
		.key = { .slot = totals_slot(totals, rcpt->first_utc),
		    .source = rcpt->source, .provider = rcpt->provider,
		    .domain = rcpt->domain },
		.outcome = rcpt->outcome,
		.was_deferred = rcpt->deferrals != 0,
		.is_blocked = rcpt->is_blocked,
		.delay_ms = rcpt->delay_ms,
	};

	if (what.outcome == OUTCOME_DEFERRED &&
	    (message->is_expired || message->has_tail))
		what.outcome = OUTCOME_EXPIRED;
	fold_delivery(totals, &what);
	fold_failures(totals, rcpt);
	if (rcpt->is_blocked && what.outcome == OUTCOME_ACCEPTED) {
		struct late late = { .source = rcpt->source,
			.provider = rcpt->provider,
			.refused_utc = fold_first_refusal(totals, rcpt),
			.accepted_utc = rcpt->last_utc };

		totals_late(totals, &late);
	}
}

/* Which part of a key a group looks at. */
static struct touch
group_key(const struct touch *touch, enum total_group group)
{
	bool has_source = group == GROUP_ROW || group == GROUP_PAIR ||
	    group == GROUP_SOURCE;
	bool has_provider = group == GROUP_ROW || group == GROUP_PAIR ||
	    group == GROUP_PROVIDER;
	bool has_domain = group == GROUP_ROW || group == GROUP_DOMAIN;

	return (struct touch){
		.slot = touch->slot,
		.source = has_source ? touch->source : INTERN_NONE,
		.provider = has_provider ? touch->provider : INTERN_NONE,
		.domain = has_domain ? touch->domain : INTERN_NONE,
	};
}

/* Order: group, then time. */
static int
compare_touch(const void *left, const void *right)
{
	const struct touch *a = left;
	const struct touch *b = right;

	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	if (a->provider != b->provider)
		return a->provider < b->provider ? -1 : 1;
	if (a->domain != b->domain)
		return a->domain < b->domain ? -1 : 1;
	return (a->slot > b->slot) - (a->slot < b->slot);
}

static bool
is_same_group(const struct touch *a, const struct touch *b)
{
	return a->source == b->source && a->provider == b->provider &&
	    a->domain == b->domain;
}

/* Sorted and without repeats; returns how many are left. */
static size_t
sort_group(struct touch *keys, size_t count)
{
	size_t left = 0;

	qsort(keys, count, sizeof(*keys), compare_touch);
	for (size_t i = 0; i < count; i++)
		if (left == 0 || compare_touch(&keys[left - 1], &keys[i]) != 0)
			keys[left++] = keys[i];
	return left;
}

static void
count_slot(struct totals *totals, enum total_group group,
    const struct touch *key, int64_t gap_s, int32_t count)
{
	struct gap_key gap = { .slot = key->slot, .gap_s = gap_s,
		.group = (uint32_t)group, .source = key->source,
		.provider = key->provider, .domain = key->domain };
	struct total_key row = { .slot = key->slot, .source = key->source,
		.provider = key->provider, .domain = key->domain };

	if (group == GROUP_ROW && gap_s == 0)
		totals_row(totals, &row)->messages++;
	else
		totals_gap(totals, &gap, count);
}

/* Each slot of KEYS (sorted) with its gap to the one before in its group. */
static void
count_chain(struct totals *totals, enum total_group group,
    const struct touch *keys, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool has_before = i > 0 && is_same_group(&keys[i - 1], &keys[i]);
		int64_t gap_s = has_before ? keys[i].slot - keys[i - 1].slot : 0;

		count_slot(totals, group, &keys[i], gap_s, 1);
	}
}

/* A group's own chains, less what the rows of the group add up to. */
static void
correct_group(struct totals *totals, enum total_group group,
    const struct touch *rows, size_t count, struct touch *scratch)
{
	size_t used = 0;

	for (size_t i = 0; i < count; i++) {
		struct touch key;
		bool has_before = i > 0 && is_same_group(&rows[i - 1], &rows[i]);

		if (group != GROUP_PROVIDER && group != GROUP_PAIR &&
		    !provider_is_remote(rows[i].provider))
			continue;
		key = group_key(&rows[i], group);
		scratch[used++] = key;
		count_slot(totals, group, &key,
		    has_before ? rows[i].slot - rows[i - 1].slot : 0, -1);
	}
	count_chain(totals, group, scratch, sort_group(scratch, used));
}

static void
fold_touches(struct totals *totals, const struct queue *queue,
    const struct message *message)
{
	struct touch small[2 * 8];
	struct touch *rows = small;
	size_t count = 0;

	if (message->touch_count == 1) {
		count_slot(totals, GROUP_ROW,
		    queue_touch_at(queue, message->touches), 0, 1);
		return;
	}
	if (message->touch_count > 8)
		rows = mx_alloc((size_t)message->touch_count * 2 *
		    sizeof(*rows));
	for (uint32_t i = message->touches; i != POOL_NONE;
	    i = queue_touch_at(queue, i)->next)
		rows[count++] = group_key(queue_touch_at(queue, i), GROUP_ROW);
	count = sort_group(rows, count);
	count_chain(totals, GROUP_ROW, rows, count);
	/* with one row all groups agree with it */
	if (count > 1)
		for (int group = GROUP_PAIR; group < TOTAL_GROUPS; group++)
			correct_group(totals, (enum total_group)group, rows,
			    count, rows + message->touch_count);
	if (rows != small)
		free(rows);
}

static int64_t
clock_hour(int64_t utc)
{
	return utc / 3600;
}

static void
add_second(struct bytes *list, int64_t second)
{
	uint16_t value = (uint16_t)second;

	bytes_add(list, &value, sizeof(value));
}

/* An acceptance of a message, for telling which of an hour votes. */
struct acceptance {
	struct total_key key;
	int64_t hour, utc;
};

static int
compare_acceptance(const void *left, const void *right)
{
	const struct acceptance *a = left;
	const struct acceptance *b = right;

	if (a->key.source != b->key.source)
		return a->key.source < b->key.source ? -1 : 1;
	if (a->key.provider != b->key.provider)
		return a->key.provider < b->key.provider ? -1 : 1;
	if (a->utc != b->utc)
		return a->utc < b->utc ? -1 : 1;
	return (a->key.domain > b->key.domain) -
	    (a->key.domain < b->key.domain);
}

static size_t
collect_acceptances(const struct queue *queue, const struct message *message,
    struct acceptance *list)
{
	size_t count = 0;

	for (uint32_t i = message->touches; i != POOL_NONE;) {
		const struct touch *touch = queue_touch_at(queue, i);

		i = touch->next;
		if (touch->accepted_utc == INT64_MAX)
			continue;
		list[count++] = (struct acceptance){
			.key = { .slot = touch->slot, .source = touch->source,
			    .provider = touch->provider,
			    .domain = touch->domain },
			.hour = clock_hour(touch->accepted_utc),
			.utc = touch->accepted_utc,
		};
	}
	return count;
}

/* A vote of its sender domain too. */
static void
add_sender_vote(struct totals *totals, const struct acceptance *it,
    uint32_t domain)
{
	const struct sender_key key = { .slot = totals_sender_slot(it->utc),
		.provider = it->key.provider, .domain = domain };

	if (domain != INTERN_NONE && provider_is_remote(key.provider))
		add_second(&totals_sender_row(totals, &key)->votes,
		    it->utc - key.slot);
}

/* The first acceptance of a message by a provider, for a source, in a clock
 * hour votes; the others only say when mail passed. */
static void
fold_acceptances(struct totals *totals, const struct queue *queue,
    const struct message *message)
{
	struct acceptance small[8];
	struct acceptance *list = small;
	uint32_t domain;
	size_t count;

	if (message->touch_count > 8)
		list = mx_alloc((size_t)message->touch_count * sizeof(*list));
	count = collect_acceptances(queue, message, list);
	domain = count == 0 ? INTERN_NONE :
	    totals_sender_domain(totals, queue_sender(message));
	if (count > 1)
		qsort(list, count, sizeof(*list), compare_acceptance);
	for (size_t i = 0; i < count; i++) {
		const struct acceptance *it = &list[i];
		struct total_row *row = totals_row(totals, &it->key);
		bool votes = i == 0 || it[-1].hour != it->hour ||
		    it[-1].key.source != it->key.source ||
		    it[-1].key.provider != it->key.provider;

		add_second(votes ? &row->accept_votes : &row->accept_others,
		    it->utc - it->key.slot);
		if (votes)
			add_sender_vote(totals, it, domain);
	}
	if (list != small)
		free(list);
}

/* What was told of the message before its sender was known. */
static void
fold_sender(struct totals *totals, const struct message *message)
{
	const struct late_sender late = {
		.host = message->host, .id = queue_id(message),
		.first_utc = message->first_utc, .last_utc = message->last_utc,
		.sender = queue_sender(message) };

	if (message->owes_sender && message->has_sender)
		totals_late_sender(totals, &late);
}

void
fold_message(struct totals *totals, const struct queue *queue,
    const struct message *message)
{
	fold_sender(totals, message);
	fold_touches(totals, queue, message);
	fold_acceptances(totals, queue, message);
	for (uint32_t i = message->recipients; i != POOL_NONE;
	    i = queue_recipient_at(queue, i)->next)
		fold_recipient(totals, message, queue_recipient_at(queue, i));
}
