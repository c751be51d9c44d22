/* SPDX-License-Identifier: BSD-2-Clause */
/* Counting in memory. Knows no message, no store, no report. */
#include "analyzer/totals.h"

#include <math.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/hash.h"

void
bytes_add(struct bytes *bytes, const void *ptr, size_t len)
{
	uint8_t *to = bytes->ptr != NULL ? bytes->ptr : bytes->small;
	size_t room = bytes->ptr != NULL ? bytes->room : sizeof(bytes->small);

	if (bytes->len + len > room) {
		while (room < bytes->len + len)
			room *= 2;
		to = mx_realloc(bytes->ptr, room);
		if (bytes->ptr == NULL)
			memcpy(to, bytes->small, bytes->len);
		bytes->ptr = to;
		bytes->room = (uint32_t)room;
	}
	memcpy(to + bytes->len, ptr, len);
	bytes->len += (uint32_t)len;
}

void
bytes_release(struct bytes *bytes)
{
	free(bytes->ptr);
	memset(bytes, 0, sizeof(*bytes));
}

void
totals_init(struct totals *totals, struct names *names, int64_t slot_s)
{
	memset(totals, 0, sizeof(*totals));
	totals->names = names;
	totals->slot_s = slot_s;
	arena_init(&totals->text);
	pool_init(&totals->rows, sizeof(struct total_row));
	pool_init(&totals->gaps, sizeof(struct gap_row));
	pool_init(&totals->replies, sizeof(struct reply_kind));
	pool_init(&totals->reply_rows, sizeof(struct reply_row));
	pool_init(&totals->coverage, sizeof(struct coverage_row));
	pool_init(&totals->sender_rows, sizeof(struct sender_row));
	chain_init(&totals->row_index);
	chain_init(&totals->gap_index);
	chain_init(&totals->reply_index);
	chain_init(&totals->reply_row_index);
	chain_init(&totals->coverage_index);
	chain_init(&totals->sender_index);
}

static void
release_rows(struct totals *totals)
{
	for (uint32_t i = 0; i < totals->rows.used; i++) {
		struct total_row *row = pool_at(&totals->rows, i);

		bytes_release(&row->delays);
		bytes_release(&row->accept_votes);
		bytes_release(&row->accept_others);
	}
	for (uint32_t i = 0; i < totals->sender_rows.used; i++)
		bytes_release(&((struct sender_row *)pool_at(
		    &totals->sender_rows, i))->votes);
}

static void
release_replies(struct totals *totals)
{
	for (uint32_t i = 0; i < totals->replies.used; i++) {
		struct reply_kind *kind = pool_at(&totals->replies, i);

		free(kind->texts);
		free(kind->sample_text);
	}
}

void
totals_reset(struct totals *totals)
{
	release_rows(totals);
	pool_reset(&totals->rows);
	pool_reset(&totals->gaps);
	pool_reset(&totals->reply_rows);
	pool_reset(&totals->coverage);
	pool_reset(&totals->sender_rows);
	chain_clear(&totals->row_index);
	chain_clear(&totals->gap_index);
	chain_clear(&totals->reply_row_index);
	chain_clear(&totals->coverage_index);
	chain_clear(&totals->sender_index);
	arena_reset(&totals->text);
	totals->last_row = NULL;
	totals->attempt_count = totals->late_count = 0;
	totals->sender_count = 0;
}

/* What is not of rows stays, or goes back. */
static void
keep_kinds(struct totals *of, const struct totals *was)
{
	of->names = was->names;
	of->slot_s = was->slot_s;
	of->keeps_attempts = was->keeps_attempts;
	of->replies = was->replies;
	of->reply_index = was->reply_index;
}

void
totals_swap_rows(struct totals *totals, struct totals *other)
{
	struct totals was = *totals, other_was = *other;

	*totals = other_was;
	*other = was;
	keep_kinds(totals, &was);
	keep_kinds(other, &other_was);
}

void
totals_release(struct totals *totals)
{
	release_rows(totals);
	release_replies(totals);
	pool_release(&totals->rows);
	pool_release(&totals->gaps);
	pool_release(&totals->replies);
	pool_release(&totals->reply_rows);
	pool_release(&totals->coverage);
	pool_release(&totals->sender_rows);
	chain_release(&totals->row_index);
	chain_release(&totals->gap_index);
	chain_release(&totals->reply_index);
	chain_release(&totals->reply_row_index);
	chain_release(&totals->coverage_index);
	chain_release(&totals->sender_index);
	arena_release(&totals->text);
	free(totals->attempts);
	free(totals->late);
	free(totals->senders);
	memset(totals, 0, sizeof(*totals));
}

/* All items of these pools start with their chain link, and none is ever
 * given back singly: growing links every one anew by its hash. */
static void
relink(struct pool *pool, struct chain_index *index,
    uint64_t (*hash_of)(const void *item, uint64_t seed), uint64_t seed)
{
	chain_grow(index);
	for (uint32_t i = 0; i < pool->used; i++) {
		uint32_t *item = pool_at(pool, i);
		uint32_t *head = chain_head(index, hash_of(item, seed));

		*item = *head;
		*head = i;
		index->count++;
	}
}

/* A new item, linked under HASH. */
static void *
add_item(struct pool *pool, struct chain_index *index, uint64_t hash,
    uint64_t (*hash_of)(const void *item, uint64_t seed), uint64_t seed)
{
	uint32_t number, *head, *item;

	if (chain_is_full(index))
		relink(pool, index, hash_of, seed);
	number = pool_take(pool);
	item = pool_at(pool, number);
	head = chain_head(index, hash);
	*item = *head;
	*head = number;
	index->count++;
	return item;
}

static uint64_t
hash_total_key(const struct total_key *key, uint64_t seed)
{
	return hash_mix(hash_mix((uint64_t)key->slot ^ seed,
	    (uint64_t)key->source << 32 | key->provider), key->domain);
}

static uint64_t
hash_total_row(const void *item, uint64_t seed)
{
	return hash_total_key(&((const struct total_row *)item)->key, seed);
}

static bool
is_row_of(const struct total_row *row, const struct total_key *key)
{
	return row->key.slot == key->slot && row->key.domain == key->domain &&
	    row->key.provider == key->provider &&
	    row->key.source == key->source;
}

struct total_row *
totals_row(struct totals *totals, const struct total_key *key)
{
	uint64_t seed = totals->names->seed;
	struct total_row *row = totals->last_row;
	uint64_t hash;

	if (row != NULL && is_row_of(row, key))
		return row;
	hash = hash_total_key(key, seed);
	for (uint32_t i = *chain_head(&totals->row_index, hash); i != POOL_NONE;
	    i = row->next) {
		row = pool_at(&totals->rows, i);
		if (is_row_of(row, key)) {
			totals->last_row = row;
			return row;
		}
	}
	row = add_item(&totals->rows, &totals->row_index, hash, hash_total_row,
	    seed);
	row->key = *key;
	totals->last_row = row;
	return row;
}

static uint64_t
hash_gap_key(const struct gap_key *key, uint64_t seed)
{
	uint64_t h = hash_mix((uint64_t)key->slot ^ seed, (uint64_t)key->gap_s);

	h = hash_mix(h, (uint64_t)key->source << 32 | key->provider);
	return hash_mix(h, (uint64_t)key->group << 32 | key->domain);
}

static uint64_t
hash_gap_row(const void *item, uint64_t seed)
{
	return hash_gap_key(&((const struct gap_row *)item)->key, seed);
}

void
totals_gap(struct totals *totals, const struct gap_key *key, int32_t count)
{
	uint64_t seed = totals->names->seed;
	uint64_t hash = hash_gap_key(key, seed);
	struct gap_row *row;

	for (uint32_t i = *chain_head(&totals->gap_index, hash); i != POOL_NONE;
	    i = row->next) {
		row = pool_at(&totals->gaps, i);
		if (row->key.slot == key->slot &&
		    row->key.gap_s == key->gap_s &&
		    row->key.group == key->group &&
		    row->key.source == key->source &&
		    row->key.provider == key->provider &&
		    row->key.domain == key->domain) {
			row->count += count;
			return;
		}
	}
	row = add_item(&totals->gaps, &totals->gap_index, hash, hash_gap_row,
	    seed);
	row->key = *key;
	row->count = count;
}

static uint64_t
hash_reply_key(const struct reply_key *key, uint64_t seed)
{
	return hash_mix((uint64_t)key->slot ^ seed,
	    (uint64_t)key->source << 32 | key->reply);
}

static uint64_t
hash_reply_row(const void *item, uint64_t seed)
{
	return hash_reply_key(&((const struct reply_row *)item)->key, seed);
}

struct reply_row *
totals_reply_row(struct totals *totals, const struct reply_key *key)
{
	uint64_t seed = totals->names->seed;
	uint64_t hash = hash_reply_key(key, seed);
	struct reply_row *row;

	for (uint32_t i = *chain_head(&totals->reply_row_index, hash);
	    i != POOL_NONE; i = row->next) {
		row = pool_at(&totals->reply_rows, i);
		if (row->key.slot == key->slot &&
		    row->key.source == key->source &&
		    row->key.reply == key->reply)
			return row;
	}
	row = add_item(&totals->reply_rows, &totals->reply_row_index, hash,
	    hash_reply_row, seed);
	row->key = *key;
	row->first_utc = INT64_MAX;
	row->last_utc = INT64_MIN;
	return row;
}

static uint64_t
hash_coverage(const void *item, uint64_t seed)
{
	const struct coverage_row *row = item;

	return hash_mix((uint64_t)row->slot ^ seed, row->host);
}

struct coverage_row *
totals_coverage(struct totals *totals, int64_t slot, uint32_t host)
{
	uint64_t seed = totals->names->seed;
	uint64_t hash = hash_mix((uint64_t)slot ^ seed, host);
	struct coverage_row *row;

	for (uint32_t i = *chain_head(&totals->coverage_index, hash);
	    i != POOL_NONE; i = row->next) {
		row = pool_at(&totals->coverage, i);
		if (row->slot == slot && row->host == host)
			return row;
	}
	row = add_item(&totals->coverage, &totals->coverage_index, hash,
	    hash_coverage, seed);
	row->slot = slot;
	row->host = host;
	row->first_utc = INT64_MAX;
	row->last_utc = INT64_MIN;
	return row;
}

static uint64_t
hash_sender_key(const struct sender_key *key, uint64_t seed)
{
	return hash_mix((uint64_t)key->slot ^ seed,
	    (uint64_t)key->provider << 32 | key->domain);
}

static uint64_t
hash_sender_row(const void *item, uint64_t seed)
{
	return hash_sender_key(&((const struct sender_row *)item)->key, seed);
}

struct sender_row *
totals_sender_row(struct totals *totals, const struct sender_key *key)
{
	uint64_t seed = totals->names->seed;
	uint64_t hash = hash_sender_key(key, seed);
	struct sender_row *row;

	for (uint32_t i = *chain_head(&totals->sender_index, hash);
	    i != POOL_NONE; i = row->next) {
		row = pool_at(&totals->sender_rows, i);
		if (row->key.slot == key->slot &&
		    row->key.provider == key->provider &&
		    row->key.domain == key->domain)
			return row;
	}
	row = add_item(&totals->sender_rows, &totals->sender_index, hash,
	    hash_sender_row, seed);
	row->key = *key;
	return row;
}

static uint64_t
hash_reply_kind(const void *item, uint64_t seed)
{
	const struct reply_kind *kind = item;

	return hash_mix(kind->fingerprint ^ seed, kind->provider);
}

static bool
same_kind(const struct reply_kind *a, const struct reply_kind *b)
{
	return a->fingerprint == b->fingerprint && a->provider == b->provider &&
	    slice_eq(a->token, b->token) && slice_eq(a->reason, b->reason) &&
	    slice_eq(a->rule, b->rule);
}

/* Copy TEXT to *to and step on. Absent stays absent. */
static struct slice
copy_text(char **to, struct slice text)
{
	struct slice copy = slice_of(*to, text.len);

	if (slice_is_none(text))
		return SLICE_NONE;
	memcpy(*to, text.ptr, text.len);
	*to += text.len;
	return copy;
}

static void
copy_sample(struct reply_kind *to, const struct reply_kind *from)
{
	free(to->sample_text);
	to->sample_text = NULL;
	/* many replies hold nothing that is masked */
	if (from->sample.len != 0 && slice_eq(from->sample, to->masked)) {
		to->sample = to->masked;
	} else {
		to->sample_text =
		    mx_strndup(from->sample.ptr, from->sample.len);
		to->sample = slice_of(to->sample_text, from->sample.len);
	}
	to->sample_utc = from->sample_utc;
	to->is_dirty = true;
}

static void
copy_kind(struct reply_kind *to, const struct reply_kind *from)
{
	uint32_t next = to->next;
	size_t size = from->masked.len + from->reason.len + from->scope.len +
	    from->severity.len + from->token.len + from->rule.len;
	char *text = mx_alloc(size);

	*to = *from;
	to->next = next;
	to->texts = text;
	to->sample_text = NULL;
	to->masked = copy_text(&text, from->masked);
	to->reason = copy_text(&text, from->reason);
	to->scope = copy_text(&text, from->scope);
	to->severity = copy_text(&text, from->severity);
	to->token = copy_text(&text, from->token);
	to->rule = copy_text(&text, from->rule);
	copy_sample(to, from);
}

static bool
is_earlier_sample(const struct reply_kind *known, const struct reply_kind *it)
{
	if (it->sample_utc != known->sample_utc)
		return it->sample_utc < known->sample_utc;
	return slice_cmp(it->sample, known->sample) < 0;
}

uint32_t
totals_reply(struct totals *totals, const struct reply_kind *kind)
{
	uint64_t seed = totals->names->seed;
	uint64_t hash = hash_reply_kind(kind, seed);
	struct reply_kind *known;

	for (uint32_t i = *chain_head(&totals->reply_index, hash);
	    i != POOL_NONE; i = known->next) {
		known = pool_at(&totals->replies, i);
		if (!same_kind(known, kind))
			continue;
		if (is_earlier_sample(known, kind))
			copy_sample(known, kind);
		return i;
	}
	known = add_item(&totals->replies, &totals->reply_index, hash,
	    hash_reply_kind, seed);
	copy_kind(known, kind);
	return totals->replies.used - 1;
}

static struct slice
keep(struct totals *totals, struct slice text)
{
	return slice_is_none(text) ? text : arena_slice(&totals->text, text);
}

void
totals_attempt(struct totals *totals, const struct attempt *attempt)
{
	struct attempt *copy;

	if (totals->attempt_count == totals->attempt_room) {
		totals->attempt_room =
		    totals->attempt_room != 0 ? totals->attempt_room * 2 : 256;
		totals->attempts = mx_realloc(totals->attempts,
		    totals->attempt_room * sizeof(*totals->attempts));
	}
	copy = &totals->attempts[totals->attempt_count++];
	*copy = *attempt;
	copy->id = keep(totals, attempt->id);
	copy->sender = keep(totals, attempt->sender);
	copy->recipient = keep(totals, attempt->recipient);
	copy->relay = keep(totals, attempt->relay);
	copy->words = keep(totals, attempt->words);
}

void
totals_late(struct totals *totals, const struct late *late)
{
	if (totals->late_count == totals->late_room) {
		totals->late_room =
		    totals->late_room != 0 ? totals->late_room * 2 : 64;
		totals->late = mx_realloc(totals->late,
		    totals->late_room * sizeof(*totals->late));
	}
	totals->late[totals->late_count++] = *late;
}

size_t
totals_pending(const struct totals *totals)
{
	return totals->rows.used + totals->gaps.used + totals->reply_rows.used +
	    totals->attempt_count + totals->late_count +
	    totals->sender_count + totals->sender_rows.used;
}

uint8_t
delay_bucket(int64_t delay_ms)
{
	int bucket;

	if (delay_ms < 100)
		return 0;
	bucket = 1 + (int)(24.0 * log10((double)delay_ms / 100.0));
	return (uint8_t)(bucket < DELAY_BUCKETS ? bucket : DELAY_BUCKETS - 1);
}

double
delay_bucket_seconds(uint8_t bucket)
{
	if (bucket == 0)
		return 0.05;
	/* the geometric middle of the bucket */
	return 0.1 * pow(10.0, ((double)bucket - 0.5) / 24.0);
}
