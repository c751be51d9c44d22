/* SPDX-License-Identifier: BSD-2-Clause */
/* What an episode is called, and episodes whose refusals were pruned. */
#include "analyzer/query_priv.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"

void
query_name_episode(struct episode *it, struct slice provider,
    struct slice source)
{
	char text[32];
	uint64_t hash;

	it->provider = provider;
	it->source = source;
	rfc3339_utc(it->first_refusal_utc, text);
	hash = hash_stable(it->provider, HASH_STABLE_START);
	hash = hash_stable(SLICE("\n"), hash);
	hash = hash_stable(it->source, hash);
	hash = hash_stable(SLICE("\n"), hash);
	hash = hash_stable(slice_str(text), hash);
	(void)snprintf(it->id, sizeof(it->id), "%08x",
	    (unsigned)(hash ^ (hash >> 32)) & 0xffffffffu);
}

bool
query_touches_window(const struct query *query, const struct episode *it)
{
	int64_t end = it->closed_utc != INT64_MIN ? it->closed_utc :
	    query->log_end_utc;

	if (end < it->last_refusal_utc)
		end = it->last_refusal_utc;
	return it->first_refusal_utc < query->until_utc &&
	    end >= query->since_utc;
}

static enum mx_code
load_replies(struct query *query, int64_t provider, int64_t source,
    struct episode *it, struct mx_err *err)
{
	sqlite3_stmt *from =
	    store_statement(query->store, SQL_EPISODE_REPLIES, err);
	enum mx_code code;
	bool has_row;

	if (from == NULL)
		return err->code;
	(void)sqlite3_bind_int64(from, 1, provider);
	(void)sqlite3_bind_int64(from, 2, source);
	(void)sqlite3_bind_int64(from, 3, it->first_refusal_utc);
	it->replies = arena_alloc(&query->arena,
	    STORED_REPLIES_MAX * sizeof(*it->replies));
	while ((code = store_step(query->store, from, &has_row, err)) ==
	    MX_OK && has_row && it->reply_count < STORED_REPLIES_MAX) {
		struct episode_reply *to = &it->replies[it->reply_count++];

		code = query_reply_kind(query, sqlite3_column_int64(from, 0),
		    &to->reply, err);
		if (code != MX_OK)
			break;
		to->attempts = column_count(from, 1);
	}
	(void)sqlite3_reset(from);
	return code;
}

static void
read_episode(sqlite3_stmt *from, struct episode *it)
{
	memset(it, 0, sizeof(*it));
	it->first_refusal_utc = column_utc(from, 2);
	it->last_refusal_utc = column_utc(from, 3);
	it->confirmed_utc = column_time(from, 4);
	it->last_accept_before_utc = column_time(from, 5);
	it->first_accept_after_utc = column_time(from, 6);
	it->closed_utc = column_time(from, 7);
	it->phase = sqlite3_column_int(from, 8) == PHASE_CLOSED ?
	    PHASE_CLOSED : PHASE_DISMISSED;
	it->threshold = column_count(from, 9);
	it->messages = column_count(from, 10);
	it->recipients = column_count(from, 11);
	it->attempts = column_count(from, 12);
	it->flaps = column_count(from, 13);
	it->repeat = column_count(from, 14);
	it->began_before_log = sqlite3_column_int(from, 15) != 0;
	it->is_stored = true;
	it->extent = SLICE("source");
	it->near = it->far = it->senders = (struct episode_share){ -1, -1 };
	it->began_after_utc = it->last_accept_before_utc;
	it->began_by_utc = it->first_refusal_utc;
	it->ended_after_utc = it->last_refusal_utc;
	it->ended_by_utc = it->first_accept_after_utc;
	it->deliveries = it->sender_domains = -1;
	it->delivered_later = it->delivered_after_end = it->still_open = -1;
	it->median_wait_s = -1;
}

static struct episode_share
column_share(sqlite3_stmt *from, int at)
{
	return (struct episode_share){ column_count(from, at),
		column_count(from, at + 1) };
}

/* In the order of EPISODE_COST_COLUMNS. */
static void
read_cost(struct query *query, sqlite3_stmt *from, struct episode *it)
{
	it->began_after_utc = column_time(from, 3);
	it->began_by_utc = column_time(from, 4);
	it->ended_after_utc = column_time(from, 5);
	it->ended_by_utc = column_time(from, 6);
	it->deliveries = column_count(from, 7);
	it->delivered_later = column_count(from, 8);
	it->delivered_after_end = column_count(from, 9);
	it->still_open = column_count(from, 10);
	it->median_wait_s = column_count(from, 11);
	it->sender_domains = column_count(from, 12);
	it->extent = arena_slice(&query->arena, column_text(from, 13));
	it->sender_domain = arena_slice(&query->arena, column_text(from, 14));
	it->near = column_share(from, 15);
	it->far = column_share(from, 17);
	it->senders = column_share(from, 19);
}

/* What was kept with it; by a store of version 1 nothing. */
static enum mx_code
load_cost(struct query *query, int64_t provider, int64_t source,
    struct episode *it, struct mx_err *err)
{
	sqlite3_stmt *from;
	enum mx_code code;
	bool has_row;

	if (query->store->schema < SCHEMA_REPORTS)
		return MX_OK;
	from = store_statement(query->store, SQL_EPISODE_COST, err);
	if (from == NULL)
		return err->code;
	(void)sqlite3_bind_int64(from, 1, provider);
	(void)sqlite3_bind_int64(from, 2, source);
	(void)sqlite3_bind_int64(from, 3, it->first_refusal_utc);
	code = store_step(query->store, from, &has_row, err);
	if (code == MX_OK && has_row)
		read_cost(query, from, it);
	(void)sqlite3_reset(from);
	return code;
}

/* Later episodes of the pair are repeats of this one too. */
static void
count_repeats(struct query *query, const struct episode *stored, size_t count)
{
	if (stored->phase == PHASE_DISMISSED)
		return;
	for (size_t i = 0; i < count; i++) {
		struct episode *it = &query->episodes[i];

		if (it->repeat != 0 &&
		    slice_eq(it->provider, stored->provider) &&
		    slice_eq(it->source, stored->source))
			it->repeat++;
	}
}

enum mx_code
query_add_stored_episodes(struct query *query, struct mx_err *err)
{
	sqlite3_stmt *from = store_statement(query->store, SQL_EPISODES, err);
	size_t computed = query->episode_count;
	enum mx_code code;
	bool has_row;

	if (from == NULL)
		return err->code;
	while ((code = store_step(query->store, from, &has_row, err)) ==
	    MX_OK && has_row) {
		int64_t provider_id = sqlite3_column_int64(from, 0);
		int64_t source_id = sqlite3_column_int64(from, 1);
		struct episode it;
		uint32_t provider, source;

		read_episode(from, &it);
		code = query_local_pair(query, provider_id, source_id,
		    &provider, &source, err);
		if (code == MX_OK)
			code = load_replies(query, provider_id, source_id, &it,
			    err);
		if (code == MX_OK)
			code = load_cost(query, provider_id, source_id, &it,
			    err);
		if (code != MX_OK)
			break;
		query_name_episode(&it,
		    intern_name(&query->names.provider, provider),
		    intern_name(&query->names.source, source));
		count_repeats(query, &it, computed);
		if (!query_wants(query, provider, source) ||
		    !query_touches_window(query, &it))
			continue;
		query->episodes = mx_realloc(query->episodes,
		    (query->episode_count + 1) * sizeof(*query->episodes));
		query->episodes[query->episode_count++] = it;
	}
	(void)sqlite3_reset(from);
	return code;
}
