/* SPDX-License-Identifier: BSD-2-Clause */
/* The votes at every provider that ever refused something, out of the store
 * and of messages that are not done. */
#include "analyzer/query_finding.h"

#include <stdlib.h>

#include "base/hash.h"

enum { DAY_S = 86400 };

/* ------------------------------------------------------------------ */
/* Pairs */

static uint64_t
hash_key(const struct finding *self, uint32_t provider, uint32_t other)
{
	return hash_mix(self->query->names.seed ^ provider, other);
}

static uint64_t
hash_pair(const struct finding *self, uint32_t item)
{
	const struct pair_votes *pair = pool_at(&self->pairs, item);

	return hash_key(self, pair->provider, pair->source);
}

static uint64_t
hash_sender(const struct finding *self, uint32_t item)
{
	const struct sender_votes *sender = pool_at(&self->senders, item);

	return hash_key(self, sender->provider, sender->domain);
}

/* A new item under HASH; all items begin with their link. */
static void *
add_item(struct finding *self, struct pool *pool, struct chain_index *index,
    uint64_t hash, uint64_t (*hash_of)(const struct finding *, uint32_t))
{
	uint32_t number, *head, *item;

	if (chain_is_full(index)) {
		chain_grow(index);
		for (uint32_t i = 0; i < pool->used; i++) {
			item = pool_at(pool, i);
			head = chain_head(index, hash_of(self, i));
			*item = *head;
			*head = i;
			index->count++;
		}
	}
	number = pool_take(pool);
	item = pool_at(pool, number);
	head = chain_head(index, hash);
	*item = *head;
	*head = number;
	index->count++;
	return item;
}

static struct pair_votes *
find_pair(const struct finding *self, uint32_t provider, uint32_t source)
{
	struct pair_votes *pair;

	for (uint32_t i = *chain_head(&self->pair_index,
	    hash_key(self, provider, source)); i != POOL_NONE;
	    i = pair->next) {
		pair = pool_at(&self->pairs, i);
		if (pair->provider == provider && pair->source == source)
			return pair;
	}
	return NULL;
}

static struct pair_votes *
add_pair(struct finding *self, uint32_t provider, uint32_t source)
{
	struct pair_votes *pair = find_pair(self, provider, source);

	if (pair != NULL)
		return pair;
	pair = add_item(self, &self->pairs, &self->pair_index,
	    hash_key(self, provider, source), hash_pair);
	pair->provider = provider;
	pair->source = source;
	pair->number = self->pairs.used - 1;
	pair->is_wanted = query_wants(self->query, provider, source);
	return pair;
}

/* A refusal is always somebody's, and from somewhere. */
static enum mx_code
load_pair_names(struct query *query, int64_t provider_id, int64_t source_id,
    uint32_t *provider_r, uint32_t *source_r, struct mx_err *err)
{
	if (provider_id == 0 || source_id == 0)
		return mx_fail(err, MX_E_DATA,
		    "the store is damaged: a refusal of nobody");
	return query_local_pair(query, provider_id, source_id, provider_r,
	    source_r, err);
}

static bool
wants_provider(const struct query *query, uint32_t provider)
{
	return !query->wants_nothing && (query->want_provider == INTERN_NONE ||
	    query->want_provider == provider);
}

static void
note_refused(struct finding *self, uint32_t provider)
{
	if (provider >= self->refused_room) {
		uint32_t room = provider * 2 + 64;

		self->refused = mx_realloc(self->refused, room);
		memset(self->refused + self->refused_room, 0,
		    room - self->refused_room);
		self->refused_room = room;
	}
	self->refused[provider] = true;
}

/* The pairs that were refused. */
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
		struct pair_votes *pair;
		uint32_t provider, source = INTERN_NONE;
		int64_t provider_id = sqlite3_column_int64(from, 0);
		int64_t source_id = sqlite3_column_int64(from, 1);

		code = load_pair_names(query, provider_id, source_id, &provider,
		    &source, err);
		if (code != MX_OK)
			break;
		if (!wants_provider(query, provider))
			continue;
		pair = add_pair(self, provider, source);
		pair->provider_id = provider_id;
		pair->source_id = source_id;
		note_refused(self, provider);
	}
	(void)sqlite3_reset(from);
	return code;
}

/* ------------------------------------------------------------------ */
/* Acceptances */

/* A row of the store while its moments are unpacked. */
struct unpacking {
	struct votes *to;
	int64_t slot;
	bool as_votes;
};

static void
unpack_one(void *ctx, uint32_t second, uint64_t count)
{
	const struct unpacking *it = ctx;

	votes_add(it->to, it->slot + second, it->as_votes, (uint32_t)count);
}

static enum mx_code
unpack(struct unpacking *it, struct slice blob, struct mx_err *err)
{
	return unpack_seconds(blob, unpack_one, it) ? MX_OK :
	    mx_fail(err, MX_E_DATA, "the store is damaged: votes cannot be "
	    "read");
}

void
finding_add_day(struct day_list *days, int64_t utc, int64_t messages)
{
	int64_t day = utc / DAY_S;

	if (days->count == 0 || days->list[days->count - 1].day != day) {
		if (days->count == days->room) {
			days->room = days->room != 0 ? days->room * 2 : 32;
			days->list = mx_realloc(days->list,
			    days->room * sizeof(*days->list));
		}
		days->list[days->count++] = (struct episode_day){ .day = day };
	}
	days->list[days->count - 1].messages += messages;
}

/* The local number of a name of the file in column AT. */
static enum mx_code
column_name(struct query *query, sqlite3_stmt *from, int at,
    enum name_kind kind, uint32_t *number_r, struct mx_err *err)
{
	return query_local(query, kind, sqlite3_column_int64(from, at),
	    number_r, err);
}

/* A row of PAIR: its messages, and the moments of its acceptances. */
static enum mx_code
add_row(struct pair_votes *pair, int64_t slot, int64_t messages,
    struct slice votes, struct slice others, struct mx_err *err)
{
	struct unpacking row = { .slot = slot, .as_votes = true,
		.to = &pair->accepted };
	enum mx_code code;

	finding_add_day(&pair->messages, slot, messages);
	code = unpack(&row, votes, err);
	row.as_votes = false;
	return code == MX_OK ? unpack(&row, others, err) : code;
}

static enum mx_code
load_pair_row(void *ctx, sqlite3_stmt *from, struct mx_err *err)
{
	struct finding *self = ctx;
	uint32_t provider, source = INTERN_NONE;
	enum mx_code code = column_name(self->query, from, 1, NAME_PROVIDER,
	    &provider, err);

	if (code == MX_OK)
		code = column_name(self->query, from, 2, NAME_SOURCE, &source,
		    err);
	if (code != MX_OK || !wants_provider(self->query, provider))
		return code;
	return add_row(add_pair(self, provider, source),
	    column_utc(from, 0), column_count(from, 3), column_blob(from, 4),
	    column_blob(from, 5), err);
}

/* Has PROVIDER refused anything? */
static bool
has_refused(const struct finding *self, uint32_t provider)
{
	return provider < self->refused_room && self->refused[provider];
}

struct pair_votes *
finding_pair(struct finding *self, uint32_t provider, uint32_t source)
{
	return has_refused(self, provider) ?
	    add_pair(self, provider, source) : NULL;
}

enum mx_code
finding_add_packed(struct pair_votes *pair, int64_t day,
    const struct pack_reader *row, struct mx_err *err)
{
	return add_row(pair, day + row->row.key[DAY_SLOT],
	    row->row.value[DAY_MESSAGES].count,
	    pack_reader_bytes(row, DAY_VOTES),
	    pack_reader_bytes(row, DAY_OTHERS), err);
}

/* A day whose sums nobody asks for. */
static enum mx_code
load_packed(void *ctx, sqlite3_stmt *part, struct mx_err *err)
{
	struct finding *self = ctx;
	int64_t day = sqlite3_column_int64(part, 0);
	struct pair_votes *pair = NULL;
	struct pack_reader from;
	enum mx_code code = MX_OK;

	pack_reader_init(&from, &day_totals, column_blob(part, 1));
	while (code == MX_OK && pack_reader_next(&from)) {
		if (from.same <= DAY_SOURCE) {
			uint32_t provider, source;

			code = query_local_pair(self->query,
			    from.row.key[DAY_PROVIDER],
			    from.row.key[DAY_SOURCE], &provider, &source, err);
			if (code != MX_OK)
				break;
			pair = finding_pair(self, provider, source);
		}
		if (pair != NULL)
			code = finding_add_packed(pair, day, &from, err);
	}
	return code == MX_OK && from.is_damaged ? mx_fail(err, MX_E_DATA,
	    "the store is damaged: a day cannot be read") : code;
}

static struct sender_votes *
add_sender(struct finding *self, uint32_t provider, uint32_t domain)
{
	struct sender_votes *sender;
	uint64_t hash = hash_key(self, provider, domain);

	for (uint32_t i = *chain_head(&self->sender_index, hash);
	    i != POOL_NONE; i = sender->next) {
		sender = pool_at(&self->senders, i);
		if (sender->provider == provider && sender->domain == domain)
			return sender;
	}
	sender = add_item(self, &self->senders, &self->sender_index, hash,
	    hash_sender);
	sender->provider = provider;
	sender->domain = domain;
	return sender;
}

const struct sender_votes *
finding_sender(const struct finding *self, uint32_t provider, uint32_t domain)
{
	const struct sender_votes *sender;

	for (uint32_t i = *chain_head(&self->sender_index,
	    hash_key(self, provider, domain)); i != POOL_NONE;
	    i = sender->next) {
		sender = pool_at(&self->senders, i);
		if (sender->provider == provider && sender->domain == domain)
			return sender;
	}
	return NULL;
}

static enum mx_code
load_sender_row(void *ctx, sqlite3_stmt *from, struct mx_err *err)
{
	struct finding *self = ctx;
	struct unpacking row = { .slot = column_utc(from, 0),
		.as_votes = true };
	uint32_t provider, domain = INTERN_NONE;
	enum mx_code code = column_name(self->query, from, 1, NAME_PROVIDER,
	    &provider, err);

	if (code == MX_OK)
		code = column_name(self->query, from, 2, NAME_DOMAIN, &domain,
		    err);
	if (code != MX_OK || !wants_provider(self->query, provider))
		return code;
	row.to = &add_sender(self, provider, domain)->accepted;
	return unpack(&row, column_blob(from, 3), err);
}

/* All of the store up to UNTIL_UTC. */
static enum mx_code
load_until(struct finding *self, int64_t until_utc, struct mx_err *err)
{
	const struct query_rows rows = { SQL_PAIR_TOTALS, INT64_MIN,
		until_utc };
	enum mx_code code = query_each_packed(self->query, INT64_MIN,
	    until_utc, load_packed, self, err);

	return code == MX_OK ? query_each_row(self->query, rows,
	    load_pair_row, self, err) : code;
}

/* Of every source at a provider that refused any; packed days of the window
 * gave theirs when its sums were read. */
static enum mx_code
load_pair_rows(struct finding *self, struct mx_err *err)
{
	struct query *query = self->query;
	const struct query_rows rows = { SQL_PAIR_TOTALS, query->since_utc,
		query->until_utc };
	enum mx_code code;

	if (query->is.only_episodes)
		return load_until(self, query->until_utc, err);
	code = query_each_row(query, rows, load_pair_row, self, err);
	return code == MX_OK ? load_until(self, query->since_utc, err) : code;
}

/* By sender domain where the store is new enough. */
static enum mx_code
load_accepted(struct finding *self, struct mx_err *err)
{
	struct query *query = self->query;
	const struct query_rows rows = { SQL_SENDER_TOTALS, INT64_MIN,
		query->until_utc };
	enum mx_code code = load_pair_rows(self, err);

	/* these are in no packed day */
	query->packed_count = 0;
	if (code == MX_OK && query->store->schema >= SCHEMA_REPORTS)
		code = query_each_row(query, rows, load_sender_row, self, err);
	return code;
}

static void
add_live_seconds(struct votes *to, int64_t slot, const struct bytes *seconds,
    bool votes)
{
	const uint8_t *from = bytes_ptr(seconds);

	for (uint32_t i = 0; i + 1 < seconds->len; i += 2) {
		uint16_t second;

		memcpy(&second, from + i, sizeof(second));
		votes_add(to, slot + second, votes, 1);
	}
}

/* Of messages that are still open. */
static void
add_live(struct finding *self)
{
	const struct query *query = self->query;
	const struct totals *live = &query->live;

	for (uint32_t i = 0; i < live->rows.used; i++) {
		const struct total_row *row = pool_at(&live->rows, i);
		struct pair_votes *pair;

		if (row->key.slot >= query->until_utc ||
		    !has_refused(self, row->key.provider))
			continue;
		pair = add_pair(self, row->key.provider, row->key.source);
		finding_add_day(&pair->messages, row->key.slot, row->messages);
		add_live_seconds(&pair->accepted, row->key.slot,
		    &row->accept_votes, true);
		add_live_seconds(&pair->accepted, row->key.slot,
		    &row->accept_others, false);
	}
	for (uint32_t i = 0; i < live->sender_rows.used; i++) {
		const struct sender_row *row = pool_at(&live->sender_rows, i);

		if (row->key.slot < query->until_utc &&
		    has_refused(self, row->key.provider))
			add_live_seconds(&add_sender(self, row->key.provider,
			    row->key.domain)->accepted, row->key.slot,
			    &row->votes, true);
	}
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
		int64_t day = column_utc(from, 0) / DAY_S;

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
compare_provider(const void *left, const void *right)
{
	const struct sender_votes *const *a = left;
	const struct sender_votes *const *b = right;

	return ((*a)->provider > (*b)->provider) -
	    ((*a)->provider < (*b)->provider);
}

static void
sort_accepted(struct finding *self)
{
	for (uint32_t i = 0; i < self->pairs.used; i++)
		votes_sort(&((struct pair_votes *)pool_at(&self->pairs,
		    i))->accepted);
	self->by_provider = mx_alloc((self->senders.used + 1) *
	    sizeof(struct sender_votes *));
	for (uint32_t i = 0; i < self->senders.used; i++) {
		struct sender_votes *sender = pool_at(&self->senders, i);

		votes_sort(&sender->accepted);
		self->by_provider[i] = sender;
	}
	if (self->senders.used != 0)
		qsort(self->by_provider, self->senders.used,
		    sizeof(struct sender_votes *), compare_provider);
}

void
finding_know_senders(struct finding *self, uint32_t provider)
{
	size_t low = 0, high = self->senders.used;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (self->by_provider[middle]->provider < provider)
			low = middle + 1;
		else
			high = middle;
	}
	self->known = self->by_provider + low;
	self->known_count = 0;
	while (low + self->known_count < self->senders.used &&
	    self->known[self->known_count]->provider == provider)
		self->known_count++;
}

enum mx_code
finding_begin(struct query *query, struct mx_err *err)
{
	struct finding *self = mx_calloc(1, sizeof(*self));

	query->finding = self;
	self->query = query;
	self->rules = query->is.rules != NULL ? *query->is.rules :
	    episode_rules_default();
	pool_init(&self->pairs, sizeof(struct pair_votes));
	pool_init(&self->senders, sizeof(struct sender_votes));
	chain_init(&self->pair_index);
	chain_init(&self->sender_index);
	return load_pairs(self, err);
}

enum mx_code
finding_load(struct finding *self, struct mx_err *err)
{
	enum mx_code code;

	if (self->pairs.used == 0)
		return MX_OK;
	code = load_covered(self, err);
	if (code == MX_OK)
		code = load_accepted(self, err);
	add_live(self);
	sort_accepted(self);
	return code;
}

void
finding_end(struct query *query)
{
	struct finding *self = query->finding;

	if (self == NULL)
		return;
	query->finding = NULL;
	for (uint32_t i = 0; i < self->pairs.used; i++) {
		struct pair_votes *pair = pool_at(&self->pairs, i);

		votes_release(&pair->accepted);
		free(pair->messages.list);
	}
	for (uint32_t i = 0; i < self->senders.used; i++)
		votes_release(&((struct sender_votes *)pool_at(&self->senders,
		    i))->accepted);
	free(self->by_provider);
	free(self->covered);
	free(self->refused);
	free(self->refusals.list);
	free(self->by_member);
	pool_release(&self->pairs);
	pool_release(&self->senders);
	chain_release(&self->pair_index);
	chain_release(&self->sender_index);
	free(self);
}
