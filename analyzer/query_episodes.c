/* SPDX-License-Identifier: BSD-2-Clause */
/* The votes of every pair that was ever refused, out of the store, and the
 * episodes that follow from them. All of the store's time counts, not only
 * the window: an episode may have begun before it. */
#include "analyzer/query_refusals.h"

#include <stdlib.h>

#include "base/hash.h"

enum { DAY_S = 86400 };

/* Acceptances of one second. */
struct accepted {
	int64_t utc;
	uint32_t votes, others;
};

struct refused_pair {
	uint32_t next;
	int64_t provider_id, source_id;
	uint32_t provider, source;
	struct accepted *accepted;
	size_t accepted_count, accepted_room;
	struct episode_day *messages; /* days with messages, as they come */
	size_t day_count, day_room;
	int64_t slot;                 /* of the row being unpacked */
	bool as_votes;
};

struct finding {
	struct query *query;
	struct pool pairs;
	struct chain_index index;
	struct episode_day *covered;  /* UTC days with log */
	size_t covered_count;
	struct episode *list;
	size_t count, room;
	struct episode_rules rules;
};

/* ------------------------------------------------------------------ */
/* Pairs */

static uint64_t
pair_hash(const struct finding *self, int64_t provider, int64_t source)
{
	return hash_mix(self->query->names.seed ^ (uint64_t)provider,
	    (uint64_t)source);
}

static struct refused_pair *
find_pair(const struct finding *self, int64_t provider, int64_t source)
{
	struct refused_pair *pair;

	for (uint32_t i = *chain_head(&self->index,
	    pair_hash(self, provider, source)); i != POOL_NONE;
	    i = pair->next) {
		pair = pool_at(&self->pairs, i);
		if (pair->provider_id == provider && pair->source_id == source)
			return pair;
	}
	return NULL;
}

static enum mx_code
load_pairs(struct finding *self, struct mx_err *err)
{
	struct query *query = self->query;
	sqlite3_stmt *from =
	    store_statement(query->store, SQL_REFUSED_PAIRS, err);
	enum mx_code code;
	bool has_row;

	if (from == NULL)
		return err->code;
	while ((code = store_step(query->store, from, &has_row, err)) ==
	    MX_OK && has_row) {
		struct refused_pair *pair;
		uint32_t provider, source = INTERN_NONE, number, *head;
		int64_t provider_id = sqlite3_column_int64(from, 0);
		int64_t source_id = sqlite3_column_int64(from, 1);

		code = query_local(query, NAME_PROVIDER, provider_id,
		    &provider, err);
		if (code == MX_OK)
			code = query_local(query, NAME_SOURCE, source_id,
			    &source, err);
		if (code != MX_OK)
			break;
		if (!query_wants(query, provider, source))
			continue;
		number = pool_take(&self->pairs);
		pair = pool_at(&self->pairs, number);
		pair->provider_id = provider_id;
		pair->source_id = source_id;
		pair->provider = provider;
		pair->source = source;
		head = chain_head(&self->index,
		    pair_hash(self, provider_id, source_id));
		pair->next = *head;
		*head = number;
	}
	(void)sqlite3_reset(from);
	return code;
}

/* ------------------------------------------------------------------ */
/* Acceptances */

static void
add_accepted(struct refused_pair *pair, int64_t utc, bool votes,
    uint32_t count)
{
	struct accepted *last = pair->accepted_count != 0 ?
	    &pair->accepted[pair->accepted_count - 1] : NULL;

	if (last == NULL || last->utc != utc) {
		if (pair->accepted_count == pair->accepted_room) {
			pair->accepted_room = pair->accepted_room != 0 ?
			    pair->accepted_room * 2 : 64;
			pair->accepted = mx_realloc(pair->accepted,
			    pair->accepted_room * sizeof(*pair->accepted));
		}
		last = &pair->accepted[pair->accepted_count++];
		*last = (struct accepted){ .utc = utc };
	}
	if (votes)
		last->votes += count;
	else
		last->others += count;
}

static void
unpack_accepted(void *ctx, uint32_t second, uint64_t count)
{
	struct refused_pair *pair = ctx;

	add_accepted(pair, pair->slot + second, pair->as_votes,
	    (uint32_t)count);
}

static void
add_day(struct refused_pair *pair, int64_t utc, int64_t messages)
{
	int64_t day = utc / DAY_S;
	struct episode_day *last = pair->day_count != 0 ?
	    &pair->messages[pair->day_count - 1] : NULL;

	if (last == NULL || last->day != day) {
		if (pair->day_count == pair->day_room) {
			pair->day_room =
			    pair->day_room != 0 ? pair->day_room * 2 : 32;
			pair->messages = mx_realloc(pair->messages,
			    pair->day_room * sizeof(*pair->messages));
		}
		last = &pair->messages[pair->day_count++];
		*last = (struct episode_day){ .day = day };
	}
	last->messages += messages;
}

static bool
unpack_row(struct refused_pair *pair, int64_t slot, int64_t messages,
    struct slice votes, struct slice others)
{
	add_day(pair, slot, messages);
	pair->slot = slot;
	pair->as_votes = true;
	if (!unpack_seconds(votes, unpack_accepted, pair))
		return false;
	pair->as_votes = false;
	return unpack_seconds(others, unpack_accepted, pair);
}

static enum mx_code
load_accepted(struct finding *self, struct mx_err *err)
{
	struct query *query = self->query;
	sqlite3_stmt *from =
	    store_statement(query->store, SQL_PAIR_TOTALS, err);
	enum mx_code code;
	bool has_row;

	if (from == NULL)
		return err->code;
	(void)sqlite3_bind_int64(from, 1, query->until_utc);
	while ((code = store_step(query->store, from, &has_row, err)) ==
	    MX_OK && has_row) {
		struct refused_pair *pair = find_pair(self,
		    sqlite3_column_int64(from, 1),
		    sqlite3_column_int64(from, 2));

		if (pair != NULL && !unpack_row(pair,
		    sqlite3_column_int64(from, 0),
		    sqlite3_column_int64(from, 3), column_blob(from, 4),
		    column_blob(from, 5))) {
			code = mx_fail(err, MX_E_DATA, "the store is damaged:"
			    " votes cannot be read");
			break;
		}
	}
	(void)sqlite3_reset(from);
	return code;
}

static void
add_live_seconds(struct refused_pair *pair, int64_t slot,
    const struct bytes *seconds, bool votes)
{
	const uint8_t *from = bytes_ptr(seconds);

	for (uint32_t i = 0; i + 1 < seconds->len; i += 2) {
		uint16_t second;

		memcpy(&second, from + i, sizeof(second));
		add_accepted(pair, slot + second, votes, 1);
	}
}

/* Of messages that are still open. */
static void
add_live(struct finding *self)
{
	const struct totals *live = &self->query->live;

	for (uint32_t i = 0; i < live->rows.used; i++) {
		const struct total_row *row = pool_at(&live->rows, i);

		for (uint32_t p = 0; p < self->pairs.used; p++) {
			struct refused_pair *pair = pool_at(&self->pairs, p);

			if (pair->provider != row->key.provider ||
			    pair->source != row->key.source ||
			    row->key.slot >= self->query->until_utc)
				continue;
			add_day(pair, row->key.slot, row->messages);
			add_live_seconds(pair, row->key.slot,
			    &row->accept_votes, true);
			add_live_seconds(pair, row->key.slot,
			    &row->accept_others, false);
		}
	}
}

/* ------------------------------------------------------------------ */
/* Events */

static int
compare_accepted(const void *left, const void *right)
{
	const struct accepted *a = left;
	const struct accepted *b = right;

	return (a->utc > b->utc) - (a->utc < b->utc);
}

static size_t
add_refusal_event(struct episode_event *to, const struct refusal *it)
{
	*to = (struct episode_event){ .utc = it->utc, .is_refusal = true,
		.votes = it->votes, .is_explicit = it->is_explicit, .count = 1,
		.message = it->message_number,
		.recipient = it->recipient_number,
		.delivery = it->delivery_number, .sender = it->sender_number,
		.reply = it->reply };
	return 1;
}

static size_t
add_accepted_events(struct episode_event *to, const struct accepted *it)
{
	size_t count = 0;

	if (it->others != 0)
		to[count++] = (struct episode_event){ .utc = it->utc,
			.count = it->others };
	if (it->votes != 0)
		to[count++] = (struct episode_event){ .utc = it->utc,
			.votes = true, .count = it->votes };
	return count;
}

/* Does the refusal come before the acceptances? */
static bool
is_before(const struct refusal *refusal, const struct accepted *accepted)
{
	return refusal->utc != accepted->utc ? refusal->utc < accepted->utc :
	    refusal_is_early(refusal);
}

/* Both lists are sorted by time. */
static struct episode_event *
merge_events(const struct refused_pair *pair, const struct refusal *refusals,
    size_t refusal_count, size_t *count_r)
{
	struct episode_event *events = mx_alloc((refusal_count +
	    2 * pair->accepted_count + 1) * sizeof(*events));
	size_t count = 0, r = 0, a = 0;

	while (r < refusal_count || a < pair->accepted_count) {
		if (a == pair->accepted_count || (r < refusal_count &&
		    is_before(&refusals[r], &pair->accepted[a])))
			count += add_refusal_event(&events[count],
			    &refusals[r++]);
		else
			count += add_accepted_events(&events[count],
			    &pair->accepted[a++]);
	}
	*count_r = count;
	return events;
}

/* Messages of this pair on each day that a log covers. */
static struct episode_day *
days_of(const struct finding *self, const struct refused_pair *pair)
{
	struct episode_day *days =
	    mx_alloc((self->covered_count + 1) * sizeof(*days));
	size_t at = 0;

	for (size_t i = 0; i < self->covered_count; i++) {
		days[i] = self->covered[i];
		days[i].messages = 0;
	}
	for (size_t i = 0; i < pair->day_count; i++) {
		const struct episode_day *it = &pair->messages[i];

		if (at < self->covered_count && days[at].day > it->day)
			at = 0;
		while (at < self->covered_count && days[at].day < it->day)
			at++;
		if (at < self->covered_count && days[at].day == it->day)
			days[at].messages += it->messages;
	}
	return days;
}

static void
keep_episodes(struct finding *self, const struct refused_pair *pair,
    const struct episode *found, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!query_touches_window(self->query, &found[i]))
			continue;
		if (self->count == self->room) {
			self->room = self->room != 0 ? self->room * 2 : 16;
			self->list = mx_realloc(self->list,
			    self->room * sizeof(*self->list));
		}
		self->list[self->count] = found[i];
		query_name_episode(self->query, pair->provider, pair->source,
		    &self->list[self->count]);
		self->count++;
	}
}

static enum mx_code
find_in_events(struct finding *self, const struct refused_pair *pair,
    const struct refusal *refusals, size_t refusal_count, struct mx_err *err)
{
	const struct query_pair_id id = { pair->provider_id, pair->source_id,
		pair->provider, pair->source };
	enum mx_code code;
	struct episode_day *days = days_of(self, pair);
	struct episode_event *events;
	struct episode_input input = { .days = days,
		.day_count = self->covered_count,
		.log_end_utc = self->query->log_end_utc };
	struct episode *found;
	size_t count, before = self->count;

	events = merge_events(pair, refusals, refusal_count,
	    &input.event_count);
	input.events = events;
	episodes_find(&self->rules, &input, NULL, &self->query->arena, &found,
	    &count);
	code = query_set_cost(self->query, &id, found, count, err);
	keep_episodes(self, pair, found, count);
	for (size_t i = before; self->query->is.explain.len != 0 &&
	    i < self->count; i++)
		if (slice_starts(slice_str(self->list[i].id),
		    self->query->is.explain))
			query_explain(self->query, &self->rules, &input,
			    &(struct refusals){ refusals, refusal_count },
			    &self->list[i]);
	free(events);
	free(days);
	return code;
}

static enum mx_code
find_pairs_episodes(struct finding *self, struct refused_pair *pair,
    struct mx_err *err)
{
	struct refusal *refusals;
	size_t count;
	enum mx_code code = query_load_refusals(self->query,
	    pair->provider_id, pair->source_id, &refusals, &count, err);

	if (code == MX_OK && count != 0) {
		query_number_refusals(refusals, count);
		if (pair->accepted_count != 0)
			qsort(pair->accepted, pair->accepted_count,
			    sizeof(*pair->accepted), compare_accepted);
		code = find_in_events(self, pair, refusals, count, err);
	}
	free(refusals);
	free(pair->accepted);
	free(pair->messages);
	pair->accepted = NULL;
	pair->messages = NULL;
	pair->accepted_count = pair->day_count = 0;
	return code;
}

/* ------------------------------------------------------------------ */

/* UTC days with any line. */
static enum mx_code
load_covered(struct finding *self, struct mx_err *err)
{
	struct query *query = self->query;
	sqlite3_stmt *from = store_statement(query->store, SQL_COVERAGE, err);
	size_t room = 0;
	enum mx_code code;
	bool has_row;

	if (from == NULL)
		return err->code;
	(void)sqlite3_bind_int64(from, 1, INT64_MIN);
	(void)sqlite3_bind_int64(from, 2, query->until_utc);
	while ((code = store_step(query->store, from, &has_row, err)) ==
	    MX_OK && has_row) {
		int64_t day = sqlite3_column_int64(from, 0) / DAY_S;

		if (self->covered_count != 0 &&
		    self->covered[self->covered_count - 1].day == day)
			continue;
		if (self->covered_count == room) {
			room = room != 0 ? room * 2 : 64;
			self->covered = mx_realloc(self->covered,
			    room * sizeof(*self->covered));
		}
		self->covered[self->covered_count++] =
		    (struct episode_day){ .day = day };
	}
	(void)sqlite3_reset(from);
	return code;
}

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

enum mx_code
query_load_episodes(struct query *query, struct mx_err *err)
{
	struct finding self = { .query = query,
		.rules = query->is.rules != NULL ? *query->is.rules :
		    episode_rules_default() };
	enum mx_code code;

	pool_init(&self.pairs, sizeof(struct refused_pair));
	chain_init(&self.index);
	code = load_pairs(&self, err);
	if (code == MX_OK && self.pairs.used != 0) {
		code = load_covered(&self, err);
		if (code == MX_OK)
			code = load_accepted(&self, err);
		add_live(&self);
	}
	for (uint32_t i = 0; i < self.pairs.used; i++) {
		struct refused_pair *pair = pool_at(&self.pairs, i);

		if (code == MX_OK)
			code = find_pairs_episodes(&self, pair, err);
		free(pair->accepted);
		free(pair->messages);
	}
	query->episodes = self.list;
	query->episode_count = self.count;
	if (code == MX_OK)
		code = query_add_stored_episodes(query, err);
	for (size_t i = 0; i < query->episode_count; i++)
		query_set_extent(query, &query->episodes[i]);
	if (query->episode_count != 0)
		qsort(query->episodes, query->episode_count,
		    sizeof(*query->episodes), compare_episodes);
	free(self.covered);
	pool_release(&self.pairs);
	chain_release(&self.index);
	return code;
}
