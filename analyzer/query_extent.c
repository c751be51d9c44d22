/* SPDX-License-Identifier: BSD-2-Clause */
/* What an episode is called, how far it reaches, and episodes whose refusals
 * were pruned. */
#include "analyzer/query_priv.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/ipaddr.h"

void
query_name_episode(const struct query *query, uint32_t provider,
    uint32_t source, struct episode *it)
{
	const struct names *names = &query->names;
	char text[32];
	uint64_t hash;

	it->provider = intern_name(&names->provider, provider);
	it->source = intern_name(&names->source, source);
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

/* ------------------------------------------------------------------ */
/* Extent */

static bool
overlap(const struct episode *a, const struct episode *b)
{
	return a->first_refusal_utc <= b->last_refusal_utc &&
	    b->first_refusal_utc <= a->last_refusal_utc;
}

static bool
same_network(struct slice a, struct slice b)
{
	struct ipaddr left, right;
	size_t bytes;

	if (!ipaddr_parse(a, &left) || !ipaddr_parse(b, &right) ||
	    left.family != right.family)
		return false;
	bytes = left.family == IP_V4 ? 3 : 8;
	return memcmp(left.bytes, right.bytes, bytes) == 0;
}

static struct slice
address_of(const struct query *query, struct slice source)
{
	uint32_t number = intern_find(&query->names.source, source);

	if (number < query->source_room &&
	    query->sources[number].from == SOURCE_UNKNOWN &&
	    !query->sources[number].is_disputed &&
	    !slice_is_none(query->sources[number].label))
		return query->sources[number].label;
	return source;
}

/* Sources that send to this provider at all, in the window. */
static size_t
sources_of(const struct query *query, struct slice provider)
{
	size_t count = 0;

	for (size_t i = 0; i < query->row_counts[QUERY_PAIRS]; i++)
		count += slice_eq(query->rows[QUERY_PAIRS][i].provider,
		    provider);
	return count;
}

/* One source, several of one network, all that send there, or, where the
 * provider's words are about the sender's domain, that. */
void
query_set_extent(const struct query *query, struct episode *it)
{
	struct slice own = address_of(query, it->source);
	size_t alike = 1, neighbours = 1;
	const struct reply_kind *kind;

	for (size_t i = 0; i < query->episode_count; i++) {
		const struct episode *other = &query->episodes[i];

		if (other == it || !slice_eq(other->provider, it->provider) ||
		    slice_eq(other->source, it->source) ||
		    other->phase == PHASE_DISMISSED || !overlap(other, it))
			continue;
		alike++;
		neighbours += same_network(own,
		    address_of(query, other->source));
	}
	it->extent = SLICE("source");
	if (it->reply_count != 0) {
		kind = totals_reply_kind(&query->live, it->replies[0].reply);
		if (slice_eq(kind->scope, SLICE("domain"))) {
			it->extent = SLICE("domain");
			return;
		}
	}
	if (alike > 1 && alike >= sources_of(query, it->provider))
		it->extent = SLICE("all");
	else if (neighbours > 1)
		it->extent = SLICE("range");
}

/* ------------------------------------------------------------------ */
/* Pruned ones */

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
		to->attempts = sqlite3_column_int64(from, 1);
	}
	(void)sqlite3_reset(from);
	return code;
}

static void
read_episode(sqlite3_stmt *from, struct episode *it)
{
	memset(it, 0, sizeof(*it));
	it->first_refusal_utc = sqlite3_column_int64(from, 2);
	it->last_refusal_utc = sqlite3_column_int64(from, 3);
	it->confirmed_utc = column_time(from, 4);
	it->last_accept_before_utc = column_time(from, 5);
	it->first_accept_after_utc = column_time(from, 6);
	it->closed_utc = column_time(from, 7);
	it->phase = sqlite3_column_int(from, 8) == PHASE_CLOSED ?
	    PHASE_CLOSED : PHASE_DISMISSED;
	it->threshold = sqlite3_column_int64(from, 9);
	it->messages = sqlite3_column_int64(from, 10);
	it->recipients = sqlite3_column_int64(from, 11);
	it->attempts = sqlite3_column_int64(from, 12);
	it->flaps = sqlite3_column_int64(from, 13);
	it->repeat = sqlite3_column_int64(from, 14);
	it->began_before_log = sqlite3_column_int(from, 15) != 0;
	it->is_stored = true;
	it->began_after_utc = it->last_accept_before_utc;
	it->began_by_utc = it->first_refusal_utc;
	it->ended_after_utc = it->last_refusal_utc;
	it->ended_by_utc = it->first_accept_after_utc;
	it->deliveries = it->sender_domains = -1;
	it->delivered_later = it->delivered_after_end = it->still_open = -1;
	it->median_wait_s = -1;
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
		uint32_t provider, source = INTERN_NONE;

		read_episode(from, &it);
		code = query_local(query, NAME_PROVIDER, provider_id,
		    &provider, err);
		if (code == MX_OK)
			code = query_local(query, NAME_SOURCE, source_id,
			    &source, err);
		if (code == MX_OK)
			code = load_replies(query, provider_id, source_id, &it,
			    err);
		if (code != MX_OK)
			break;
		query_name_episode(query, provider, source, &it);
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
