/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/trace.h"

#include "analyzer/store_priv.h"

struct tracing {
	struct store *store;
	const struct trace_wish *wish;
	size_t most, count;
	void (*each)(void *ctx, const struct traced *it);
	void *ctx;
	bool has_more;
};

/* Of the wish, "" where it is absent. */
static struct slice
wished(struct slice text)
{
	return slice_is_none(text) ? SLICE("") : text;
}

static void
tell(struct tracing *self, const struct traced *it)
{
	if (self->count++ < self->most)
		self->each(self->ctx, it);
	else
		self->has_more = true;
}

static void
tell_attempt(struct tracing *self, sqlite3_stmt *from)
{
	const struct traced it = {
		.at = { .utc = column_utc(from, 0),
		    .us = (uint32_t)sqlite3_column_int64(from, 1) },
		.host = column_text(from, 2), .id = column_text(from, 3),
		.sender = column_blob(from, 4),
		.recipient = column_blob(from, 5),
		.relay = column_blob(from, 6),
		.provider = column_text(from, 7),
		.source = column_text(from, 8),
		.reason = column_text(from, 9),
		.token = column_text(from, 10),
		.reply = column_blob(from, 11),
		.stage = column_text(from, 12),
		.path = column_text(from, 13),
		.outcome = sqlite3_column_int64(from, 14) == OUTCOME_BOUNCED ?
		    OUTCOME_BOUNCED : OUTCOME_DEFERRED,
		.line = (uint64_t)sqlite3_column_int64(from, 15),
		.reply_code = sqlite3_column_int64(from, 16) };

	tell(self, &it);
}

static enum mx_code
trace_attempts(struct tracing *self, struct mx_err *err)
{
	const struct trace_wish *wish = self->wish;
	sqlite3_stmt *from = store_statement(self->store, SQL_TRACE, err);
	enum mx_code code;
	bool has_row;

	if (from == NULL)
		return err->code;
	bind_text(from, 1, wished(wish->id));
	bind_text(from, 2, wished(wish->recipient));
	bind_text(from, 3, wished(wish->reply));
	bind_text(from, 4, wished(wish->provider));
	bind_text(from, 5, wished(wish->source));
	(void)sqlite3_bind_int64(from, 6, wish->since_utc);
	(void)sqlite3_bind_int64(from, 7, wish->until_utc);
	while ((code = store_step(self->store, from, &has_row, err)) ==
	    MX_OK && has_row && !self->has_more)
		tell_attempt(self, from);
	(void)sqlite3_reset(from);
	return code;
}

/* ------------------------------------------------------------------ */
/* Messages in the queue */

static void
tell_recipient(struct tracing *self, const struct names *names,
    const struct message *message, const struct recipient *rcpt)
{
	struct slice text = slice_str(rcpt->text);
	const char *alias = slice_chr(text, '\n');
	struct traced it = { .at = { .utc = rcpt->first_utc },
		.host = intern_name(&names->host, message->host),
		.id = slice_of(message->id, message->id_len),
		.sender = queue_sender(message),
		.provider = intern_name(&names->provider, rcpt->provider),
		.source = intern_name(&names->source, rcpt->source),
		.is_waiting = true, .deferrals = rcpt->deferrals };

	/* behind the line end stands the address before rewriting */
	it.recipient = alias != NULL ? slice_between(text.ptr, alias) : text;
	if (rcpt->outcome != OUTCOME_DEFERRED || message->is_expired ||
	    message->has_tail)
		return;
	if (self->wish->recipient.len == 0 ||
	    slice_eq_nocase(it.recipient, self->wish->recipient))
		tell(self, &it);
}

static enum mx_code
trace_fragment(struct tracing *self, struct slice body, struct mx_err *err)
{
	struct names names;
	struct queue queue;
	struct totals totals;
	const struct message *message;
	uint32_t number;
	enum mx_code code;

	names_init(&names);
	queue_init(&queue, names.seed);
	totals_init(&totals, &names, store_slot_s(self->store));
	code = fragment_decode(body, &queue, &totals, &names, &number, err);
	if (code == MX_OK) {
		message = queue_message(&queue, number);
		for (uint32_t i = message->recipients; i != POOL_NONE;
		    i = queue_recipient_at(&queue, i)->next)
			tell_recipient(self, &names, message,
			    queue_recipient_at(&queue, i));
	}
	totals_release(&totals);
	queue_release(&queue);
	names_release(&names);
	return code;
}

/* Whether BODY may tell of the recipient that is wished: a fragment has its
 * addresses as they are. Taking one apart costs a hundred times this. */
static bool
may_concern(const struct tracing *self, struct slice body)
{
	struct slice wish = self->wish->recipient;

	if (wish.len == 0)
		return true;
	for (; body.len >= wish.len; body = slice_skip(body, 1))
		if (slice_eq_nocase(slice_of(body.ptr, wish.len), wish))
			return true;
	return false;
}

static enum mx_code
trace_waiting(struct tracing *self, struct mx_err *err)
{
	sqlite3_stmt *from =
	    store_statement(self->store, SQL_TRACE_WAITING, err);
	enum mx_code code;
	bool has_row;

	if (from == NULL)
		return err->code;
	self->count = 0;
	bind_text(from, 1, wished(self->wish->id));
	while ((code = store_step(self->store, from, &has_row, err)) ==
	    MX_OK && has_row && !self->has_more) {
		if (!may_concern(self, column_blob(from, 0)))
			continue;
		code = trace_fragment(self, column_blob(from, 0), err);
		if (code != MX_OK)
			break;
	}
	(void)sqlite3_reset(from);
	return code;
}

enum mx_code
store_trace(struct store *store, const struct trace_wish *wish, size_t most,
    void (*each)(void *ctx, const struct traced *it), void *ctx, bool *more_r,
    struct mx_err *err)
{
	struct tracing self = { .store = store, .wish = wish, .most = most,
		.each = each, .ctx = ctx };
	enum mx_code code = trace_attempts(&self, err);

	if (code == MX_OK && wish->provider.len == 0 && wish->reply.len == 0)
		code = trace_waiting(&self, err);
	*more_r = self.has_more;
	return code;
}
