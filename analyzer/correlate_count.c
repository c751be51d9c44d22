/* SPDX-License-Identifier: BSD-2-Clause */
/* What one delivery line adds: to the totals at once what belongs to the
 * attempt, to the message's record what belongs to message and recipient. */
#include "analyzer/correlate_priv.h"

#include "analyzer/fold.h"
#include "base/limits.h"

/* Of how many failed attempts of one kind, source and slot the exact words
 * are kept; the kind's masked text stands for the rest. */
enum { WORDS_KEPT = 8 };

static struct total_key
key_at(const struct correlate *self, const struct meaning *meaning,
    int64_t utc)
{
	return (struct total_key){
		.slot = totals_slot(self->is.totals, utc),
		.source = meaning->source,
		.provider = meaning->provider,
		.domain = meaning->domain,
	};
}

static bool
is_attempt(enum outcome outcome)
{
	return outcome == OUTCOME_ACCEPTED || outcome == OUTCOME_DEFERRED ||
	    outcome == OUTCOME_BOUNCED;
}

static bool
is_refusal(const struct delivery *fact, const struct meaning *meaning)
{
	return meaning->class != NULL && meaning->class->votes &&
	    meaning->hop == HOP_REMOTE && is_attempt(fact->outcome);
}

static uint32_t
reply_number(struct correlate *self, const struct delivery *fact,
    const struct meaning *meaning)
{
	const struct classification *class = meaning->class;
	struct reply_kind kind = {
		.provider = meaning->provider,
		.fingerprint = class->fingerprint_id,
		.masked = class->fingerprint,
		.reason = slice_str(reason_name(class->reason)),
		.scope = slice_str(scope_name(class->scope)),
		.severity = slice_str(severity_name(class->severity)),
		.token = class->token,
		.rule = class->rule,
		.is_explicit = class->is_explicit,
		.votes = class->votes,
		.sample = fact->reply,
		.sample_utc = fact->at.utc,
	};

	return totals_reply(self->is.totals, &kind);
}

static void
keep_attempt(struct correlate *self, const struct delivery *fact,
    const struct meaning *meaning, uint32_t reply, uint32_t nth)
{
	struct attempt attempt = {
		.at = fact->at,
		.arrival_utc = fact->delay_ms < 0 ? INT64_MIN :
		    fact->at.utc - fact->delay_ms / 1000,
		.source = meaning->source, .provider = meaning->provider,
		.domain = meaning->domain, .host = meaning->host,
		.reply = reply, .outcome = fact->outcome, .stage = fact->stage,
		.reply_code = fact->reply_code,
		.votes = is_refusal(fact, meaning),
		.id = fact->id, .sender = fact->sender,
		.recipient = fact->recipient,
		.relay = slice_is_none(fact->relay_host) ? fact->named_mx :
		    fact->relay_host,
		.words = nth <= WORDS_KEPT ? fact->reply : SLICE_NONE,
		.path = slice_str(fact->where.path), .line = fact->where.line,
	};

	if (attempt.votes || self->is.totals->keeps_attempts)
		totals_attempt(self->is.totals, &attempt);
}

/* A failed attempt, with its kind of reply; returns the kind's number. */
static uint32_t
count_failure(struct correlate *self, const struct delivery *fact,
    const struct meaning *meaning)
{
	uint32_t reply = reply_number(self, fact, meaning);
	struct reply_key key = {
		.slot = totals_slot(self->is.totals, fact->at.utc),
		.source = meaning->source, .reply = reply };
	struct reply_row *row = totals_reply_row(self->is.totals, &key);

	row->attempts++;
	if (fact->at.utc < row->first_utc)
		row->first_utc = fact->at.utc;
	if (fact->at.utc > row->last_utc)
		row->last_utc = fact->at.utc;
	keep_attempt(self, fact, meaning, reply, row->attempts);
	return reply;
}

struct slice
correlate_recipient_key(struct correlate *self, const struct delivery *fact)
{
	if (slice_is_none(fact->orig_recipient))
		return fact->recipient;
	/* two aliases of one mailbox are two deliveries */
	strbuf_reset(&self->scratch);
	strbuf_add_slice(&self->scratch, fact->recipient);
	strbuf_add_char(&self->scratch, '\n');
	strbuf_add_slice(&self->scratch, fact->orig_recipient);
	return strbuf_slice(&self->scratch);
}

static void
update_recipient(struct recipient *rcpt, const struct delivery *fact,
    const struct meaning *meaning)
{
	bool tried = is_attempt(fact->outcome);

	if (meaning->has_provider || !rcpt->has_provider) {
		rcpt->source = meaning->source;
		rcpt->provider = meaning->provider;
		rcpt->domain = meaning->domain;
		rcpt->has_provider |= meaning->has_provider;
	}
	if ((tried && !rcpt->has_attempt) || fact->at.utc < rcpt->first_utc)
		rcpt->first_utc = fact->at.utc;
	if (fact->at.utc > rcpt->last_utc)
		rcpt->last_utc = fact->at.utc;
	rcpt->has_attempt |= tried;
	rcpt->deferrals += fact->outcome == OUTCOME_DEFERRED;
	rcpt->is_blocked |= is_refusal(fact, meaning);
	rcpt->outcome = fact->outcome == OUTCOME_SUSPENDED ? OUTCOME_DEFERRED :
	    fact->outcome;
	if (fact->outcome == OUTCOME_ACCEPTED)
		rcpt->delay_ms = fact->delay_ms;
}

/* An attempt of a delivery whose end was read before it. */
static void
add_earlier(struct recipient *rcpt, const struct delivery *fact,
    const struct meaning *meaning)
{
	bool tried = is_attempt(fact->outcome);

	if (!rcpt->has_provider && meaning->has_provider) {
		rcpt->source = meaning->source;
		rcpt->provider = meaning->provider;
		rcpt->domain = meaning->domain;
		rcpt->has_provider = true;
	}
	/* an echo says that mail waited, not that it was tried */
	if (tried == rcpt->has_attempt ? fact->at.utc < rcpt->first_utc :
	    tried)
		rcpt->first_utc = fact->at.utc;
	rcpt->has_attempt |= tried;
	rcpt->deferrals += fact->outcome == OUTCOME_DEFERRED;
	rcpt->is_blocked |= is_refusal(fact, meaning);
}

static void
count_touch(struct correlate *self, const struct delivery *fact,
    const struct meaning *meaning, uint32_t message)
{
	struct total_key row = key_at(self, meaning, fact->at.utc);
	struct touch key = { .source = row.source, .provider = row.provider,
		.domain = row.domain, .slot = row.slot };
	struct touch *touch = queue_touch(self->is.queue, message, &key);

	if (fact->outcome == OUTCOME_ACCEPTED &&
	    fact->at.utc < touch->accepted_utc)
		touch->accepted_utc = fact->at.utc;
}

/* Finished at the first try, in a message known from its head to here: no
 * record is needed. */
static void
count_at_once(struct correlate *self, const struct delivery *fact,
    const struct meaning *meaning, uint32_t reply)
{
	struct fold_delivery what = {
		.key = key_at(self, meaning, fact->at.utc),
		.outcome = fact->outcome,
		.was_deferred = fact->outcome == OUTCOME_DEFERRED,
		.is_blocked = is_refusal(fact, meaning),
		.delay_ms = fact->delay_ms,
	};
	struct reply_key key = { .slot = what.key.slot,
		.source = meaning->source, .reply = reply };

	fold_delivery(self->is.totals, &what);
	if (reply != POOL_NONE)
		totals_reply_row(self->is.totals, &key)->deliveries++;
}

/* May an earlier attempt stand in a piece that was read before, or is still to
 * come? */
static bool
may_have_waited(const struct correlate *self, const struct message *message)
{
	return !message->has_head || (self->is.hooks.set_aside != NULL &&
	    queue_is_in_pieces(message));
}

static void
count_recipient(struct correlate *self, const struct delivery *fact,
    const struct meaning *meaning, uint32_t number, uint32_t reply)
{
	struct queue *queue = self->is.queue;
	struct message *message = queue_message(queue, number);
	bool stays_open = fact->outcome == OUTCOME_DEFERRED ||
	    fact->outcome == OUTCOME_SUSPENDED;
	struct slice key = correlate_recipient_key(self, fact);
	struct recipient *rcpt = message->open_count == 0 ? NULL :
	    queue_find_recipient(queue, number, key);
	struct recipient *ended = NULL;

	if (rcpt == NULL && !stays_open && !may_have_waited(self, message)) {
		count_at_once(self, fact, meaning, reply);
		return;
	}
	if (rcpt == NULL && stays_open && queue_is_in_pieces(message))
		ended = queue_find_ended(queue, number, key, fact->at.utc);
	if (ended != NULL) {
		add_earlier(ended, fact, meaning);
		if (reply != POOL_NONE)
			queue_recipient_failed(ended, reply, fact->at.utc);
		return;
	}
	if (rcpt == NULL) {
		rcpt = queue_add_recipient(queue, number, key);
		message->open_count++;
	}
	update_recipient(rcpt, fact, meaning);
	if (reply != POOL_NONE)
		queue_recipient_failed(rcpt, reply, fact->at.utc);
	if (!stays_open)
		message->open_count--;
}

static void
count_attempt(struct correlate *self, const struct delivery *fact,
    const struct meaning *meaning)
{
	struct total_key key = key_at(self, meaning, fact->at.utc);
	struct total_row *row = totals_row(self->is.totals, &key);

	if (fact->outcome == OUTCOME_SUSPENDED)
		row->suspended++;
	else if (is_attempt(fact->outcome))
		row->attempts[fact->outcome]++;
	row->refused += is_refusal(fact, meaning);
}

/* Address probes and mail thrown away on purpose are no deliveries. */
static bool
is_counted(enum outcome outcome)
{
	return is_attempt(outcome) || outcome == OUTCOME_SUSPENDED ||
	    outcome == OUTCOME_EXPIRED;
}

static uint32_t
count_line(struct correlate *self, const struct delivery *fact,
    const struct meaning *meaning)
{
	uint32_t reply = POOL_NONE;

	count_attempt(self, fact, meaning);
	if ((fact->outcome == OUTCOME_DEFERRED ||
	    fact->outcome == OUTCOME_BOUNCED) && meaning->class != NULL)
		reply = count_failure(self, fact, meaning);
	return reply;
}

/* Thrown away by hand while it waited: over, without an acceptance, as a
 * message is that leaves the queue so. */
static void
end_discarded(struct correlate *self, const struct delivery *fact,
    uint32_t number)
{
	struct message *message = queue_message(self->is.queue, number);
	struct recipient *rcpt = message->open_count == 0 ? NULL :
	    queue_find_recipient(self->is.queue, number,
	    correlate_recipient_key(self, fact));

	if (rcpt == NULL || rcpt->outcome != OUTCOME_DEFERRED)
		return;
	rcpt->outcome = OUTCOME_EXPIRED;
	if (fact->at.utc > rcpt->last_utc)
		rcpt->last_utc = fact->at.utc;
	message->open_count--;
}

void
correlate_count(struct correlate *self, const struct delivery *fact,
    const struct meaning *meaning, uint32_t message)
{
	uint32_t reply;

	if (fact->outcome == OUTCOME_DISCARDED)
		end_discarded(self, fact, message);
	if (!is_counted(fact->outcome))
		return;
	reply = count_line(self, fact, meaning);
	if (reply != POOL_NONE && slice_is_none(fact->sender))
		queue_message(self->is.queue, message)->owes_sender = true;
	if (is_attempt(fact->outcome))
		count_touch(self, fact, meaning, message);
	count_recipient(self, fact, meaning, message, reply);
}

void
correlate_follow(struct correlate *self, const struct delivery *fact,
    const struct meaning *meaning, uint32_t number)
{
	struct message *message = queue_message(self->is.queue, number);
	bool stays_open = fact->outcome == OUTCOME_DEFERRED ||
	    fact->outcome == OUTCOME_SUSPENDED;
	struct slice key;
	struct recipient *rcpt;

	if (fact->outcome == OUTCOME_DISCARDED)
		end_discarded(self, fact, number);
	if (!is_counted(fact->outcome) ||
	    (!stays_open && message->open_count == 0))
		return;
	key = correlate_recipient_key(self, fact);
	rcpt = message->open_count == 0 ? NULL :
	    queue_find_recipient(self->is.queue, number, key);
	if (rcpt == NULL && !stays_open)
		return;
	if (rcpt == NULL) {
		rcpt = queue_add_recipient(self->is.queue, number, key);
		message->open_count++;
	}
	update_recipient(rcpt, fact, meaning);
	if (!stays_open)
		message->open_count--;
}

/* A fact without queue id is a message of its own. */
void
correlate_count_alone(struct correlate *self, const struct delivery *fact,
    const struct meaning *meaning)
{
	struct sender_key sender;
	struct total_key key;
	struct total_row *row;
	uint32_t reply;
	uint16_t second;

	if (!is_counted(fact->outcome))
		return;
	reply = count_line(self, fact, meaning);
	count_at_once(self, fact, meaning, reply);
	if (!is_attempt(fact->outcome))
		return;
	key = key_at(self, meaning, fact->at.utc);
	row = totals_row(self->is.totals, &key);
	row->messages++;
	second = (uint16_t)(fact->at.utc - key.slot);
	if (fact->outcome != OUTCOME_ACCEPTED)
		return;
	bytes_add(&row->accept_votes, &second, sizeof(second));
	sender = (struct sender_key){ .slot = totals_sender_slot(fact->at.utc),
		.provider = key.provider, .domain = totals_sender_domain(
		    self->is.totals, fact->sender) };
	second = (uint16_t)(fact->at.utc - sender.slot);
	if (sender.domain != INTERN_NONE && provider_is_remote(key.provider))
		bytes_add(&totals_sender_row(self->is.totals, &sender)->votes,
		    &second, sizeof(second));
}
