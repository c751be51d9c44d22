/* SPDX-License-Identifier: BSD-2-Clause */
/* Changes of the messages that the store keeps: they come one by one, many of
 * them while the store is being written behind, and wait in memory for the next
 * flush. And which messages it may keep, so that it is not asked about others:
 * that would have to wait until it is written. */
#include "analyzer/store_flush.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/limits.h"

/* How many messages are kept of each hash: a power of two, in 8 bits each. */
enum { MARKS = 256 * 1024, MARK_FULL = 255 };

void
store_parked_release(struct store *store)
{
	arena_release(&store->parked.text);
	free(store->parked.list);
	strbuf_release(&store->encoded);
	free(store->fragment_marks);
}

static uint8_t *
mark_of(const struct store *store, struct slice host, struct slice id)
{
	uint64_t hash = hash_slice(id, hash_slice(host, store->names->seed));

	return &store->fragment_marks[hash % MARKS];
}

/* One that is full no longer tells how many there are. */
static void
mark(const struct store *store, struct slice host, struct slice id, int count)
{
	uint8_t *it = mark_of(store, host, id);

	if (*it != MARK_FULL)
		*it = (uint8_t)(*it + count);
}

static enum mx_code
load_marks(struct store *store, struct mx_err *err)
{
	sqlite3_stmt *all = store_statement(store, SQL_FRAGMENT_IDS, err);
	enum mx_code code;
	bool has_row;

	if (all == NULL)
		return err->code;
	if (store->fragment_marks == NULL)
		store->fragment_marks = mx_alloc(MARKS);
	memset(store->fragment_marks, 0, MARKS);
	while ((code = store_step(store, all, &has_row, err)) == MX_OK &&
	    has_row)
		mark(store, column_text(all, 1), column_text(all, 0), 1);
	(void)sqlite3_reset(all);
	return code;
}

/* We number them: the number must be known before the row is written. */
static enum mx_code
load_next(struct store *store, struct mx_err *err)
{
	enum mx_code code = store_number(store,
	    "SELECT coalesce(max(id), 0) FROM fragment",
	    &store->fragment_last, err);

	if (code == MX_OK && store->fragment_last > INT64_MAX / 2) {
		store->has_failed = true;
		code = mx_fail(err, MX_E_DATA, "%s: damaged: number of a"
		    " message", store->path);
	}
	return code;
}

enum mx_code
store_know_fragments(struct store *store, struct mx_err *err)
{
	enum mx_code code;

	if (store->knows_fragments)
		return MX_OK;
	code = store_join(store, err);
	if (code == MX_OK)
		code = load_marks(store, err);
	if (code == MX_OK)
		code = load_next(store, err);
	store->knows_fragments = code == MX_OK;
	return code;
}

enum mx_code
store_may_keep(struct store *store, uint32_t host, struct slice id,
    unsigned besides, bool *may_r, struct mx_err *err)
{
	enum mx_code code = store_know_fragments(store, err);

	*may_r = code == MX_OK && store->fragment_count > besides &&
	    *mark_of(store, intern_name(&store->names->host, host), id) >
	    besides;
	return code;
}

/* ------------------------------------------------------------------ */

static struct fragment_change *
add_change(struct fragment_changes *parked, size_t bytes)
{
	if (parked->count == parked->room) {
		parked->room = parked->room != 0 ? parked->room * 2 : 64;
		parked->list = mx_realloc(parked->list,
		    parked->room * sizeof(*parked->list));
	}
	parked->bytes += sizeof(*parked->list) + bytes;
	return &parked->list[parked->count++];
}

/* What waits must not grow with the number of messages. */
static enum mx_code
bound_parked(struct store *store, struct mx_err *err)
{
	return store->parked.bytes < LIMIT_PARKED_BYTES ? MX_OK :
	    store_catch_up(store, err);
}

enum mx_code
store_park_drop(struct store *store, const struct message *message,
    int64_t id, struct mx_err *err)
{
	enum mx_code code = store_know_fragments(store, err);

	if (code != MX_OK)
		return code;
	*add_change(&store->parked, 0) =
	    (struct fragment_change){ .id = id, .is_drop = true };
	store->fragment_count--;
	mark(store, intern_name(&store->names->host, message->host),
	    queue_id(message), -1);
	return bound_parked(store, err);
}

static struct slice
keep(struct store *store, struct slice text)
{
	return arena_slice(&store->parked.text, text);
}

enum mx_code
store_park_add(struct store *store, const struct message *message,
    int64_t *id_r, struct mx_err *err)
{
	const struct names *names = store->names;
	struct slice host = intern_name(&names->host, message->host);
	enum mx_code code = store_know_fragments(store, err);

	if (code != MX_OK)
		return code;
	fragment_encode(&store->encoded, store->queue, store->totals, names,
	    message);
	if (store->encoded.is_cut)
		return mx_fail(err, MX_E_LIMIT,
		    "message %.*s has too many recipients to be kept",
		    SLICE_ARG(queue_id(message)));
	*id_r = ++store->fragment_last;
	*add_change(&store->parked, store->encoded.len) =
	    (struct fragment_change){ .id = *id_r,
		.has_head = message->has_head, .has_tail = message->has_tail,
		.host = host,
		.queue = intern_name(&names->instance, message->root),
		.queue_id = keep(store, queue_id(message)),
		.body = keep(store, strbuf_slice(&store->encoded)),
		.first_utc = message->first_utc,
		.last_utc = message->last_utc };
	store->fragment_count++;
	mark(store, host, queue_id(message), 1);
	return bound_parked(store, err);
}

/* ------------------------------------------------------------------ */

static enum mx_code
write_drop(struct store *store, const struct fragment_change *change,
    struct mx_err *err)
{
	sqlite3_stmt *drop = store_statement(store, SQL_FRAGMENT_DROP, err);

	if (drop == NULL)
		return err->code;
	(void)sqlite3_bind_int64(drop, 1, change->id);
	return store_run(store, drop, "drop a message", err);
}

static enum mx_code
write_add(struct store *store, const struct fragment_change *change,
    struct mx_err *err)
{
	sqlite3_stmt *add = store_statement(store, SQL_FRAGMENT_ADD, err);

	if (add == NULL)
		return err->code;
	(void)sqlite3_bind_int64(add, 1, change->id);
	bind_text(add, 2, change->host);
	bind_text(add, 3, change->queue);
	bind_text(add, 4, change->queue_id);
	(void)sqlite3_bind_int64(add, 5, change->first_utc);
	(void)sqlite3_bind_int64(add, 6, change->last_utc);
	(void)sqlite3_bind_int(add, 7, change->has_head);
	(void)sqlite3_bind_int(add, 8, change->has_tail);
	bind_blob(add, 9, change->body);
	return store_run(store, add, "keep a message", err);
}

enum mx_code
store_write_changes(struct store *store, struct fragment_changes *changes,
    struct mx_err *err)
{
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < changes->count && code == MX_OK; i++) {
		const struct fragment_change *change = &changes->list[i];

		code = change->is_drop ? write_drop(store, change, err) :
		    write_add(store, change, err);
	}
	arena_reset(&changes->text);
	changes->count = changes->bytes = 0;
	return code;
}

enum mx_code
store_catch_up(struct store *store, struct mx_err *err)
{
	enum mx_code code = store_join(store, err);

	return code != MX_OK || store->parked.count == 0 ? code :
	    store_write_changes(store, &store->parked, err);
}
