/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/correlate_priv.h"

#include <stdlib.h>

#include "analyzer/fold.h"
#include "base/hash.h"
#include "base/limits.h"

/* ------------------------------------------------------------------ */
/* Messages */

static enum mx_code
finish_message(struct correlate *self, uint32_t number, struct mx_err *err)
{
	struct message *message = queue_message(self->is.queue, number);
	enum mx_code code = MX_OK;

	if (self->is.totals != NULL)
		fold_message(self->is.totals, self->is.queue, message);
	if (message->is_stored && self->is.hooks.forget != NULL)
		code = self->is.hooks.forget(self->is.hooks.ctx, number, err);
	queue_remove(self->is.queue, number);
	return code;
}

/* A message may be folded when it is known from head to tail. A fragment
 * waits, in the store, for the file that holds the rest; one of several pieces
 * may find another there. */
static enum mx_code
part_with(struct correlate *self, uint32_t number, struct mx_err *err)
{
	struct message *message = queue_message(self->is.queue, number);
	bool can_wait = self->is.hooks.set_aside != NULL;

	message->is_closing = false;
	if (queue_is_whole(self->is.queue, message) &&
	    !(can_wait && queue_is_in_pieces(message)))
		return finish_message(self, number, err);
	if (can_wait)
		return self->is.hooks.set_aside(self->is.hooks.ctx, number, err);
	queue_remove(self->is.queue, number);
	return MX_OK;
}

static enum mx_code
end_closing(struct correlate *self, struct mx_err *err)
{
	struct closing entry = self->closing[self->closing_first];
	const struct message *message =
	    queue_message(self->is.queue, entry.message);

	self->closing_first = (self->closing_first + 1) % CLOSING_ROOM;
	self->closing_count--;
	/* else it went its way before, and the number may be another's */
	if (!message->is_closing || message->removed_utc != entry.removed_utc)
		return MX_OK;
	return part_with(self, entry.message, err);
}

static enum mx_code
end_closing_before(struct correlate *self, int64_t utc, struct mx_err *err)
{
	enum mx_code code = MX_OK;

	while (code == MX_OK && self->closing_count != 0 &&
	    self->closing[self->closing_first].removed_utc < utc)
		code = end_closing(self, err);
	return code;
}

static enum mx_code
start_closing(struct correlate *self, uint32_t number, int64_t utc,
    struct mx_err *err)
{
	struct message *message = queue_message(self->is.queue, number);
	unsigned at;

	message->has_tail = true;
	message->removed_utc = utc;
	if (message->is_closing)
		return MX_OK;
	if (self->closing_count == CLOSING_ROOM) {
		enum mx_code code = end_closing(self, err);

		if (code != MX_OK)
			return code;
	}
	at = (self->closing_first + self->closing_count++) % CLOSING_ROOM;
	message->is_closing = true;
	self->closing[at] = (struct closing){ .message = number,
		.removed_utc = utc };
	return MX_OK;
}

enum mx_code
correlate_settle(struct correlate *self, struct mx_err *err)
{
	enum mx_code code = MX_OK;

	while (code == MX_OK && self->closing_count != 0)
		code = end_closing(self, err);
	return code;
}

/* Keep the number of live messages under its limit: the one that was quiet
 * longest goes. */
static enum mx_code
make_room(struct correlate *self, struct mx_err *err)
{
	enum mx_code code = MX_OK;

	while (code == MX_OK &&
	    self->is.queue->messages.live >= LIMIT_LIVE_MESSAGES)
		code = part_with(self, self->is.queue->oldest, err);
	return code;
}

static enum mx_code
add_message(struct correlate *self, uint32_t host, uint32_t root,
    struct slice id, uint32_t *number_r, struct mx_err *err)
{
	enum mx_code code = make_room(self, err);

	if (code == MX_OK)
		*number_r = queue_add(self->is.queue, host, root, id);
	return code;
}

/* Lines of a transport with a syslog_name of its own may come before any
 * of the queue they belong to: the queue's lines then take the message. */
static uint32_t
adopt_message(struct correlate *self, uint32_t host, uint32_t root,
    struct slice id)
{
	uint32_t number = queue_find(self->is.queue, host, root, id, false);
	struct message *message;

	if (number == POOL_NONE)
		return POOL_NONE;
	message = queue_message(self->is.queue, number);
	/* no line of this run may tell of the root of an earlier one's */
	if (message->root < self->root_room &&
	    self->owns_queue[message->root])
		return POOL_NONE;
	message->root = root;
	return number;
}

/* Of which message a line is. */
struct whose {
	uint32_t host, root;
	bool is_exact;  /* of this queue, not of any of the host */
	struct slice id;
};

/* The message of a line that is not its first, by way of the store if need
 * be; POOL_NONE where nobody knows it. */
static enum mx_code
known_message(struct correlate *self, const struct whose *of,
    uint32_t *number_r, struct mx_err *err)
{
	enum mx_code code = MX_OK;

	*number_r = queue_find(self->is.queue, of->host, of->root, of->id,
	    of->is_exact);
	if (*number_r == POOL_NONE && of->is_exact)
		*number_r = adopt_message(self, of->host, of->root, of->id);
	if (*number_r != POOL_NONE)
		return MX_OK;
	if (self->is.hooks.recall != NULL) {
		code = make_room(self, err);
		if (code == MX_OK)
			code = self->is.hooks.recall(self->is.hooks.ctx,
			    of->host, of->is_exact ? of->root : INTERN_NONE,
			    of->id, number_r, err);
	}
	return code;
}

/* New where nobody knows it. */
static enum mx_code
find_message(struct correlate *self, const struct whose *of,
    uint32_t *number_r, struct mx_err *err)
{
	enum mx_code code = known_message(self, of, number_r, err);

	if (code != MX_OK || *number_r != POOL_NONE)
		return code;
	return add_message(self, of->host, of->root, of->id, number_r, err);
}

/* A birth under an id that is in use: the same message telling more of its
 * birth, or a new one after the old left without a word. */
static bool
is_reborn(const struct message *message, int64_t utc)
{
	if (message->has_tail)
		return true;
	return message->touch_count != 0 && message->last_utc != INT64_MIN &&
	    utc - message->last_utc > 60;
}

static enum mx_code
born(struct correlate *self, const struct message_event *event, uint32_t host,
    uint32_t root, uint32_t *number_r, struct mx_err *err)
{
	uint32_t number =
	    queue_find(self->is.queue, host, root, event->id, true);
	enum mx_code code = MX_OK;

	if (number != POOL_NONE) {
		struct message *old = queue_message(self->is.queue, number);

		if (is_reborn(old, event->at.utc)) {
			old->has_tail = true;
			if (old->removed_utc == 0)
				old->removed_utc = old->last_utc;
			code = part_with(self, number, err);
			number = POOL_NONE;
		}
	}
	if (code == MX_OK && number == POOL_NONE)
		code = add_message(self, host, root, event->id, &number, err);
	if (code != MX_OK)
		return code;
	queue_message(self->is.queue, number)->has_head = true;
	*number_r = number;
	return MX_OK;
}

static void
note_details(struct message *message, const struct message_event *event)
{
	if (!slice_is_none(event->sender)) {
		queue_set_sender(message, event->sender);
		message->sender_mark = event->sender_mark;
	}
	if (event->size_bytes >= 0)
		message->size_bytes = event->size_bytes;
	if (event->ends_with_recipients && event->recipient_count > 0)
		message->expected_count =
		    event->recipient_count < UINT32_MAX ?
		    (uint32_t)event->recipient_count : UINT32_MAX;
}

/* A message whose log has no line for its end. */
static enum mx_code
end_if_finished(struct correlate *self, uint32_t number, int64_t utc,
    struct mx_err *err)
{
	const struct message *message = queue_message(self->is.queue, number);

	if (message->has_tail || !queue_is_finished(message))
		return MX_OK;
	return start_closing(self, number, utc, err);
}

/* ------------------------------------------------------------------ */
/* The sink */

static enum mx_code
on_message(void *ctx, const struct message_event *event, struct mx_err *err)
{
	struct correlate *self = ctx;
	uint32_t host = correlate_host(self, event->host);
	uint32_t instance = correlate_instance(self, event->instance);
	uint32_t root = correlate_root(self, instance);
	const struct whose of = { host, root, true, event->id };
	uint32_t number = POOL_NONE;
	enum mx_code code;

	self->owns_queue[root] = true;
	code = end_closing_before(self, event->at.utc - CLOSING_GRACE_S, err);
	if (code != MX_OK)
		return code;
	code = event->kind == MESSAGE_BORN ?
	    born(self, event, host, root, &number, err) :
	    find_message(self, &of, &number, err);
	if (code != MX_OK)
		return code;
	note_details(queue_message(self->is.queue, number), event);
	queue_seen(self->is.queue, number, event->at.utc);
	if (event->kind == MESSAGE_EXPIRED)
		return correlate_expire(self, event, number, err);
	if (event->kind == MESSAGE_REMOVED)
		return start_closing(self, number, event->at.utc, err);
	return end_if_finished(self, number, event->at.utc, err);
}

enum mx_code
correlate_known_sender(struct correlate *self, const struct delivery *fact,
    struct slice *sender_r, uint64_t *mark_r, struct mx_err *err)
{
	uint32_t root = correlate_root(self,
	    correlate_instance(self, fact->instance));
	const struct whose of = { correlate_host(self, fact->host), root,
		self->owns_queue[root], fact->id };
	uint32_t number = POOL_NONE;
	enum mx_code code = MX_OK;

	*sender_r = SLICE_NONE;
	*mark_r = 0;
	if (fact->id.len != 0)
		code = known_message(self, &of, &number, err);
	if (code == MX_OK && number != POOL_NONE) {
		const struct message *message =
		    queue_message(self->is.queue, number);

		*sender_r = queue_sender(message);
		*mark_r = message->sender_mark;
	}
	return code;
}

/* The parser does not know the sender; the message does. */
static void
join_message(struct delivery *fact, const struct message *message)
{
	if (slice_is_none(fact->sender))
		fact->sender = queue_sender(message);
	if (fact->size_bytes < 0)
		fact->size_bytes = message->size_bytes;
}

/* A message seen without its birth has its head here all the same when it
 * arrived after the input began. */
static void
note_arrival(struct correlate *self, const struct delivery *fact,
    struct message *message)
{
	if (fact->delay_ms < 0)
		return;
	if (message->arrival_utc == INT64_MIN)
		message->arrival_utc = fact->at.utc - fact->delay_ms / 1000;
	if (!message->has_head && self->input_first_utc != INT64_MIN &&
	    message->recipient_count == 0 && message->touch_count == 0 &&
	    fact->at.utc - fact->delay_ms / 1000 - 2 > self->input_first_utc)
		message->has_head = true;
}

static bool
is_finish(enum outcome outcome)
{
	return outcome == OUTCOME_ACCEPTED || outcome == OUTCOME_BOUNCED ||
	    outcome == OUTCOME_EXPIRED || outcome == OUTCOME_DISCARDED;
}

static enum mx_code
count_fact(struct correlate *self, struct delivery *fact,
    const struct meaning *meaning, struct mx_err *err)
{
	uint32_t number;
	struct message *message;
	struct whose of;
	enum mx_code code;

	if (fact->id.len == 0) {
		if (self->is.totals != NULL)
			correlate_count_alone(self, fact, meaning);
		return MX_OK;
	}
	of = (struct whose){ .host = meaning->host, .root = meaning->root,
		.is_exact = self->owns_queue[meaning->root], .id = fact->id };
	code = find_message(self, &of, &number, err);
	if (code != MX_OK)
		return code;
	message = queue_message(self->is.queue, number);
	join_message(fact, message);
	note_arrival(self, fact, message);
	queue_seen(self->is.queue, number, fact->at.utc);
	if (self->is.totals != NULL)
		correlate_count(self, fact, meaning, number);
	else
		correlate_follow(self, fact, meaning, number);
	if (!is_finish(fact->outcome))
		return MX_OK;
	message->finished_count++;
	return end_if_finished(self, number, fact->at.utc, err);
}

/* Two inputs that hold the same lines show by the same samples. */
static void
take_sample(const struct correlate *self, const struct delivery *fact)
{
	uint64_t hash = hash_mix((uint64_t)fact->at.utc, fact->at.us);

	hash = hash_slice(fact->host, hash);
	hash = hash_slice(fact->id, hash);
	hash = hash_slice(fact->recipient, hash);
	hash = hash_mix(hash, (uint64_t)fact->outcome);
	if ((hash & 15) == 0)
		self->is.hooks.sampled(self->is.hooks.sampled_ctx,
		    (int64_t)hash, fact->at.utc);
}

static enum mx_code
on_delivery(void *ctx, const struct delivery *parsed, struct mx_err *err)
{
	struct correlate *self = ctx;
	struct delivery fact = *parsed;
	struct meaning meaning;
	enum mx_code code;

	if (self->is.hooks.sampled != NULL)
		take_sample(self, parsed);
	correlate_mean(self, &fact, &meaning);
	code = count_fact(self, &fact, &meaning, err);
	if (code != MX_OK || self->is.facts == NULL)
		return code;
	return self->is.facts->delivery(self->is.facts->ctx, &fact, err);
}

static struct coverage_row *
coverage_row(struct correlate *self)
{
	return self->coverage != NULL ? self->coverage : &self->early;
}

static enum mx_code
on_skipped(void *ctx, const struct skipped *what, struct mx_err *err)
{
	struct correlate *self = ctx;

	coverage_row(self)->skipped[what->reason]++;
	if (self->is.facts == NULL)
		return MX_OK;
	return self->is.facts->skipped(self->is.facts->ctx, what, err);
}

/* Lines read before the first that has a time count with it. */
static void
add_early(struct correlate *self, struct coverage_row *row)
{
	row->lines += self->early.lines;
	row->losses += self->early.losses;
	for (int i = 0; i < SKIP_REASONS; i++)
		row->skipped[i] += self->early.skipped[i];
	memset(&self->early, 0, sizeof(self->early));
}

static enum mx_code
on_line(void *ctx, const struct stamp *at, struct slice host, uint64_t count,
    struct mx_err *err)
{
	struct correlate *self = ctx;
	struct coverage_row *row = self->coverage;
	uint32_t number;

	(void)err;
	if (self->is.totals == NULL)
		return MX_OK;
	if (at->utc == INT64_MIN) {
		coverage_row(self)->lines += count;
		return MX_OK;
	}
	number = correlate_host(self, host);
	if (row == NULL || number != self->coverage_host ||
	    at->utc < row->slot || at->utc >= self->coverage_end) {
		row = totals_coverage(self->is.totals,
		    totals_slot(self->is.totals, at->utc), number);
		queue_cover(self->is.queue, number, at->utc);
		self->coverage = row;
		self->coverage_host = number;
		self->coverage_end = row->slot + self->is.totals->slot_s;
		add_early(self, row);
	}
	row->lines += count;
	if (at->utc < row->first_utc)
		row->first_utc = at->utc;
	if (at->utc > row->last_utc)
		row->last_utc = at->utc;
	return MX_OK;
}

static enum mx_code
on_notice(void *ctx, enum notice_kind kind, const struct mx_where *where,
    struct slice text, struct mx_err *err)
{
	struct correlate *self = ctx;

	if (kind == NOTICE_LOSS)
		coverage_row(self)->losses++;
	if (self->is.facts == NULL)
		return MX_OK;
	return self->is.facts->notice(self->is.facts->ctx, kind, where, text,
	    err);
}

/* ------------------------------------------------------------------ */

struct correlate *
correlate_new(const struct correlate_options *options)
{
	struct correlate *self = mx_calloc(1, sizeof(*self));

	self->is = *options;
	self->sink = (struct fact_sink){ .ctx = self, .delivery = on_delivery,
		.message = on_message, .skipped = on_skipped,
		.line_seen = on_line, .notice = on_notice };
	arena_init(&self->text);
	strbuf_init(&self->scratch, (size_t)4 * LIMIT_ADDRESS_BYTES);
	pool_init(&self->domain_mx, sizeof(struct domain_mx));
	chain_init(&self->domain_mx_index);
	self->input_first_utc = INT64_MIN;
	return self;
}

void
correlate_free(struct correlate *self)
{
	if (self == NULL)
		return;
	arena_release(&self->text);
	strbuf_release(&self->scratch);
	pool_release(&self->domain_mx);
	chain_release(&self->domain_mx_index);
	free(self->roots);
	free(self->owns_queue);
	free(self->sources);
	free(self->relay_providers);
	free(self);
}

const struct fact_sink *
correlate_sink(const struct correlate *self)
{
	return &self->sink;
}

void
correlate_begin_input(struct correlate *self, int64_t first_utc)
{
	self->input_first_utc = first_utc;
	self->is.queue->input++;
}

void
correlate_totals_reset(struct correlate *self)
{
	self->coverage = NULL;
}

const struct pool *
correlate_domain_mx(const struct correlate *self)
{
	return &self->domain_mx;
}
