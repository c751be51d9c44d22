/* SPDX-License-Identifier: BSD-2-Clause */
/* From the store's tables to the groups of a query. */
#include "analyzer/query_finding.h"

#include <stdlib.h>

#include "base/limits.h"

static struct intern *
table_of(struct query *query, enum name_kind kind)
{
	switch (kind) {
	case NAME_HOST:
		return &query->names.host;
	case NAME_INSTANCE:
		return &query->names.instance;
	case NAME_SOURCE:
		return &query->names.source;
	case NAME_PROVIDER:
		return &query->names.provider;
	case NAME_DOMAIN:
		return &query->names.domain;
	case NAME_ANY:
	case NAME_PATH:
	case NAME_KINDS:
		break;
	}
	mx_bug("no such table of names");
}

enum mx_code
query_local(struct query *query, enum name_kind kind, int64_t id,
    uint32_t *number_r, struct mx_err *err)
{
	struct slice text;
	enum mx_code code;

	*number_r = INTERN_NONE;
	if (id == 0)
		return MX_OK;
	if (id < 0 || id > STORE_NUMBER_MAX)
		return mx_fail(err, MX_E_DATA, "the store is damaged: name");
	if ((size_t)id >= query->local_room) {
		size_t room = query->local_room != 0 ? query->local_room : 256;

		while (room <= (size_t)id)
			room *= 2;
		query->local =
		    mx_realloc(query->local, room * sizeof(*query->local));
		memset(query->local + query->local_room, 0xff,
		    (room - query->local_room) * sizeof(*query->local));
		query->local_kinds = mx_realloc(query->local_kinds, room);
		query->local_room = room;
	}
	if (query->local[id] == INTERN_NONE) {
		code = store_name_text(query->store, kind, id, &text, err);
		if (code != MX_OK)
			return code;
		query->local[id] = names_id(table_of(query, kind), text);
		query->local_kinds[id] = (uint8_t)kind;
	}
	/* numbers of one table say nothing in another */
	if (query->local_kinds[id] != kind)
		return mx_fail(err, MX_E_DATA, "the store is damaged: name");
	*number_r = query->local[id];
	return MX_OK;
}

enum mx_code
query_local_pair(struct query *query, int64_t provider_id, int64_t source_id,
    uint32_t *provider_r, uint32_t *source_r, struct mx_err *err)
{
	enum mx_code code = query_local(query, NAME_PROVIDER, provider_id,
	    provider_r, err);

	*source_r = INTERN_NONE;
	return code == MX_OK ? query_local(query, NAME_SOURCE, source_id,
	    source_r, err) : code;
}

bool
query_wants(const struct query *query, uint32_t provider, uint32_t source)
{
	if (query->wants_nothing)
		return false;
	return (query->want_provider == INTERN_NONE ||
	    query->want_provider == provider) &&
	    (query->want_source == INTERN_NONE ||
	    query->want_source == source);
}

static enum mx_code
local_key(struct query *query, sqlite3_stmt *row, int at,
    struct total_key *key, struct mx_err *err)
{
	enum mx_code code = query_local_pair(query,
	    sqlite3_column_int64(row, at), sqlite3_column_int64(row, at + 1),
	    &key->provider, &key->source, err);

	if (code == MX_OK)
		code = query_local(query, NAME_DOMAIN,
		    sqlite3_column_int64(row, at + 2), &key->domain, err);
	return code;
}

static void
read_counts(sqlite3_stmt *from, struct query_counts *n)
{
	n->attempts[OUTCOME_ACCEPTED] = column_count(from, 4);
	n->attempts[OUTCOME_DEFERRED] = column_count(from, 5);
	n->attempts[OUTCOME_BOUNCED] = column_count(from, 6);
	n->suspended = column_count(from, 7);
	n->refused = column_count(from, 8);
	n->messages = column_count(from, 9);
	n->accepted = column_count(from, 10);
	n->deferred = column_count(from, 11);
	n->bounced = column_count(from, 12);
	n->expired = column_count(from, 13);
	n->blocked = column_count(from, 14);
}

static enum mx_code
load_total(void *ctx, sqlite3_stmt *from, struct mx_err *err)
{
	struct query *query = ctx;
	struct query_counts counts = { 0 };
	struct total_key key = { .slot = column_utc(from, 0) };
	enum mx_code code = local_key(query, from, 1, &key, err);

	if (code != MX_OK)
		return code;
	read_counts(from, &counts);
	return query_add_row(query, &key, &counts, column_blob(from, 15), err);
}

static enum mx_code
load_gap(void *ctx, sqlite3_stmt *from, struct mx_err *err)
{
	struct query *query = ctx;
	struct total_key names;
	struct gap_key key;
	enum mx_code code = local_key(query, from, 3, &names, err);

	if (code != MX_OK)
		return code;
	key = (struct gap_key){ .slot = column_utc(from, 0),
		.gap_s = column_count(from, 1),
		.group = (uint32_t)sqlite3_column_int(from, 2),
		.provider = names.provider, .source = names.source,
		.domain = names.domain };
	query_add_gap(query, &key, column_count(from, 6));
	return MX_OK;
}

/* ------------------------------------------------------------------ */
/* Messages that are not done */

/* Parts of one message lie in different stores when their files were read
 * by different ones. */
static void
join_fragment(struct query *query, uint32_t number)
{
	const struct message *message =
	    queue_message(&query->queue, number);
	unsigned looked_at = 0;

	for (uint32_t i = *chain_head(&query->queue.by_id, message->hash);
	    i != POOL_NONE && looked_at++ < LIMIT_SAME_ID;) {
		const struct message *other = queue_message(&query->queue, i);
		uint32_t next = other->next_hash;

		if (i != number && queue_may_join(other, message))
			queue_merge(&query->queue, number, i);
		i = next;
	}
}

static void
note_waiting(struct query *query, const struct message *message)
{
	for (uint32_t i = message->recipients; i != POOL_NONE;
	    i = queue_recipient_at(&query->queue, i)->next) {
		const struct recipient *rcpt =
		    queue_recipient_at(&query->queue, i);

		if (rcpt->is_blocked && rcpt->outcome == OUTCOME_DEFERRED &&
		    !message->is_expired && !message->has_tail)
			query_add_waiting(query, rcpt);
	}
}

static enum mx_code
load_fragments(struct query *query, struct mx_err *err)
{
	sqlite3_stmt *find =
	    store_statement(query->store, SQL_FRAGMENT_ALL, err);
	enum mx_code code;
	bool has_row;

	if (find == NULL)
		return err->code;
	while ((code = store_step(query->store, find, &has_row, err)) ==
	    MX_OK && has_row) {
		uint32_t number;

		code = fragment_decode(column_blob(find, 1), &query->queue,
		    &query->live, &query->names, &number, err);
		if (code != MX_OK)
			break;
		join_fragment(query, number);
	}
	(void)sqlite3_reset(find);
	while (query->queue.oldest != POOL_NONE) {
		note_waiting(query, queue_message(&query->queue,
		    query->queue.oldest));
		fold_message(&query->live, &query->queue,
		    queue_message(&query->queue, query->queue.oldest));
		queue_remove(&query->queue, query->queue.oldest);
	}
	totals_sort_senders(&query->live);
	return code;
}

static bool
is_in_window(const struct query *query, int64_t slot)
{
	return slot >= query->since_utc && slot < query->until_utc;
}

static void
add_live(struct query *query)
{
	for (uint32_t i = 0; i < query->live.rows.used; i++) {
		const struct total_row *row = pool_at(&query->live.rows, i);

		if (is_in_window(query, row->key.slot))
			query_add_live_row(query, row);
	}
	for (uint32_t i = 0; i < query->live.gaps.used; i++) {
		const struct gap_row *row = pool_at(&query->live.gaps, i);

		if (is_in_window(query, row->key.slot))
			query_add_gap(query, &row->key, row->count);
	}
}

/* ------------------------------------------------------------------ */
/* Sources */

/* Several stores may know something of a source: what they agree on. */
static void
join_source(struct source_row *into, const struct source_row *row)
{
	if (!into->is_known) {
		*into = *row;
		into->is_known = true;
		return;
	}
	if (into->host != row->host)
		into->host = INTERN_NONE;
	if (into->instance != row->instance)
		into->instance = INTERN_NONE;
	into->is_disputed |= row->is_disputed ||
	    (!slice_is_none(into->label) && !slice_is_none(row->label) &&
	    !slice_eq(into->label, row->label));
	if (slice_is_none(into->label))
		into->label = row->label;
}

static void
set_source(struct query *query, uint32_t number, const struct source_row *row)
{
	if (number >= query->source_room) {
		uint32_t room = query->source_room != 0 ?
		    query->source_room : 16;

		while (room <= number)
			room *= 2;
		query->sources = mx_realloc(query->sources,
		    room * sizeof(*query->sources));
		for (uint32_t i = query->source_room; i < room; i++)
			query->sources[i] = (struct source_row){
				.host = INTERN_NONE,
				.instance = INTERN_NONE };
		query->source_room = room;
	}
	join_source(&query->sources[number], row);
}

static enum mx_code
load_source(void *ctx, sqlite3_stmt *from, struct mx_err *err)
{
	struct query *query = ctx;
	struct source_row row = { .from = (enum source_from)
	    sqlite3_column_int(from, 3), .label = SLICE_NONE };
	uint32_t number;
	enum mx_code code = query_local(query, NAME_SOURCE,
	    sqlite3_column_int64(from, 0), &number, err);

	if (code == MX_OK)
		code = query_local(query, NAME_HOST,
		    sqlite3_column_int64(from, 1), &row.host, err);
	if (code == MX_OK)
		code = query_local(query, NAME_INSTANCE,
		    sqlite3_column_int64(from, 2), &row.instance, err);
	if (code == MX_OK && number == INTERN_NONE)
		code = mx_fail(err, MX_E_DATA,
		    "the store is damaged: a source without name");
	if (code != MX_OK)
		return code;
	row.is_disputed = sqlite3_column_int(from, 5) != 0;
	if (sqlite3_column_type(from, 4) != SQLITE_NULL)
		row.label = arena_slice(&query->arena, column_text(from, 4));
	set_source(query, number, &row);
	return MX_OK;
}

/* Of several that replies know by this address the first by name. */
static uint32_t
find_labelled(const struct query *query, struct slice label)
{
	const struct intern *names = &query->names.source;
	uint32_t found = INTERN_NONE;

	for (uint32_t i = 0; i < query->source_room; i++)
		if (query->sources[i].is_known &&
		    !query->sources[i].is_disputed &&
		    slice_eq(query->sources[i].label, label) &&
		    (found == INTERN_NONE || slice_cmp(intern_name(names, i),
		    intern_name(names, found)) < 0))
			found = i;
	return found;
}

/* The filter names a provider by key and a source by key or label. */
static void
find_wanted(struct query *query)
{
	struct slice provider = query->is.provider;
	struct slice source = query->is.source_ip;

	query->want_provider = query->want_source = INTERN_NONE;
	if (provider.len != 0) {
		query->want_provider =
		    intern_find(&query->names.provider, provider);
		query->wants_nothing |= query->want_provider == INTERN_NONE;
	}
	if (source.len == 0)
		return;
	query->want_source = intern_find(&query->names.source, source);
	if (query->want_source == INTERN_NONE)
		query->want_source = find_labelled(query, source);
	query->wants_nothing |= query->want_source == INTERN_NONE;
}

static enum mx_code
load_provider(void *ctx, sqlite3_stmt *from, struct mx_err *err)
{
	struct query *query = ctx;
	uint32_t ignored;

	return query_local(query, NAME_PROVIDER, sqlite3_column_int64(from, 0),
	    &ignored, err);
}

static enum mx_code
each_in_window(struct query *query, enum store_sql sql, query_row *row,
    struct mx_err *err)
{
	const struct query_rows rows = { sql, query->since_utc,
		query->until_utc };

	return query_each_row(query, rows, row, query, err);
}

/* The window's sums, by group and day. */
static enum mx_code
load_sums(struct query *query, struct mx_err *err)
{
	enum mx_code code = query_load_packed(query, err);

	if (code == MX_OK)
		code = each_in_window(query, SQL_TOTALS, load_total, err);
	return code == MX_OK ?
	    each_in_window(query, SQL_GAPS, load_gap, err) : code;
}

enum mx_code
query_load(struct query *query, struct mx_err *err)
{
	enum mx_code code = query_each_row(query,
	    (struct query_rows){ SQL_SOURCES, 0, 1 }, load_source, query, err);

	if (code == MX_OK && query->is.provider.len != 0)
		code = query_each_row(query,
		    (struct query_rows){ SQL_PROVIDERS, 0, 1 }, load_provider,
		    query, err);
	find_wanted(query);
	if (code == MX_OK)
		code = finding_begin(query, err);
	if (code == MX_OK && !query->is.only_episodes)
		code = load_sums(query, err);
	if (code == MX_OK)
		code = load_fragments(query, err);
	if (code == MX_OK && !query->is.only_episodes)
		add_live(query);
	return code;
}
