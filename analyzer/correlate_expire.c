/* SPDX-License-Identifier: BSD-2-Clause */
/* A message that its MTA gave up: what becomes of its open recipients. */
#include "analyzer/correlate_priv.h"

/* An expired fact for one open recipient, NULL where none is known. */
static enum mx_code
tell_expired(struct correlate *self, const struct message_event *event,
    uint32_t number, const struct recipient *rcpt, struct mx_err *err)
{
	const struct message *message = queue_message(self->is.queue, number);
	struct delivery fact = {
		.at = event->at, .mta = event->mta, .host = event->host,
		.instance = event->instance, .agent = event->agent,
		.id = event->id, .sender = queue_sender(message),
		.size_bytes = message->size_bytes, .delay_ms = -1,
		.outcome = OUTCOME_EXPIRED, .hop = HOP_REMOTE,
		.is_final = true, .is_own_text = true, .where = event->where,
	};
	struct classify_query query = { .outcome = OUTCOME_EXPIRED,
		.is_own_text = true };
	struct slice ignored;

	if (self->is.facts == NULL)
		return MX_OK;
	if (rcpt != NULL) {
		struct slice key = slice_str(rcpt->text);
		const char *cut = slice_chr(key, '\n');

		fact.recipient = cut == NULL ? key :
		    slice_between(key.ptr, cut);
		if (cut != NULL)
			fact.orig_recipient =
			    slice_between(cut + 1, key.ptr + key.len);
		if (fact.recipient.len == 0)
			fact.recipient = SLICE_NONE; /* nobody was named */
		fact.domain = intern_name(&self->is.names->domain,
		    rcpt->domain);
		fact.hop = rcpt->provider == PROVIDER_LOCAL ? HOP_LOCAL :
		    rcpt->provider == PROVIDER_INTERNAL ? HOP_INTERNAL :
		    HOP_REMOTE;
		if (fact.hop == HOP_REMOTE)
			fact.provider = query.provider =
			    intern_name(&self->is.names->provider,
			    rcpt->provider);
		if (fact.domain.len == 0)
			fact.domain = SLICE_NONE;
	}
	fact.class = classify(self->is.classifier, &query, &ignored);
	return self->is.facts->delivery(self->is.facts->ctx, &fact, err);
}

enum mx_code
correlate_expire(struct correlate *self, const struct message_event *event,
    uint32_t number, struct mx_err *err)
{
	struct message *message = queue_message(self->is.queue, number);
	enum mx_code code = MX_OK;
	bool told = message->is_expired;

	message->is_expired = true;
	message->expired_utc = event->at.utc;
	for (uint32_t i = message->recipients;
	    i != POOL_NONE && code == MX_OK;) {
		struct recipient *rcpt = queue_recipient_at(self->is.queue, i);

		i = rcpt->next;
		if (rcpt->outcome != OUTCOME_DEFERRED)
			continue;
		told = true;
		code = tell_expired(self, event, number, rcpt, err);
		rcpt->outcome = OUTCOME_EXPIRED;
		rcpt->last_utc = event->at.utc;
	}
	message->open_count = 0;
	if (code == MX_OK && !told)
		code = tell_expired(self, event, number, NULL, err);
	return code;
}
