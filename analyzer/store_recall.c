/* SPDX-License-Identifier: BSD-2-Clause */
/* Fragments in the store: setting messages aside, bringing them back, joining
 * parts that were read in different runs. */
#include "analyzer/store_priv.h"

#include <stdlib.h>

#include "analyzer/fold.h"
#include "base/limits.h"

static int64_t *
fragment_id(struct store *store, uint32_t message)
{
	if (message >= store->fragment_room) {
		uint32_t room =
		    store->fragment_room != 0 ? store->fragment_room : 1024;

		while (room <= message)
			room *= 2;
		store->fragment_ids = mx_realloc(store->fragment_ids,
		    room * sizeof(*store->fragment_ids));
		memset(store->fragment_ids + store->fragment_room, 0,
		    (room - store->fragment_room) *
		    sizeof(*store->fragment_ids));
		store->fragment_room = room;
	}
	return &store->fragment_ids[message];
}

static enum mx_code
save_message(struct store *store, uint32_t number, struct mx_err *err)
{
	struct message *message = queue_message(store->queue, number);
	int64_t *id = fragment_id(store, number);
	enum mx_code code = MX_OK;

	if (message->is_stored)
		code = store_park_drop(store, message, *id, err);
	message->is_stored = false;
	if (code == MX_OK)
		code = store_park_add(store, message, id, err);
	message->is_stored = code == MX_OK;
	message->is_dirty = code != MX_OK;
	return code;
}

/* Load the fragments that may be parts of the message (or, with root
 * INTERN_NONE, of a message of that id of any queue): all of them, linked into
 * the queue. A part that may not join the others goes back. */
static enum mx_code
load_fragment(struct store *store, sqlite3_stmt *find, struct queue *queue,
    struct totals *totals, struct names *names, uint32_t *number_r,
    struct mx_err *err)
{
	enum mx_code code = fragment_decode(column_blob(find, 1), queue,
	    totals, names, number_r, err);

	store->has_failed |= code != MX_OK;
	if (code != MX_OK)
		return code;
	*fragment_id(store, *number_r) = sqlite3_column_int64(find, 0);
	queue_message(queue, *number_r)->is_stored = true;
	return MX_OK;
}

static sqlite3_stmt *
find_fragments(struct store *store, const struct names *names, uint32_t host,
    struct slice id, struct mx_err *err)
{
	sqlite3_stmt *find = store_statement(store, SQL_FRAGMENT_FIND, err);

	if (find == NULL)
		return NULL;
	bind_text(find, 1, id);
	bind_text(find, 2, intern_name(&names->host, host));
	(void)sqlite3_bind_int64(find, 3, LIMIT_SAME_ID);
	return find;
}

/* Of the messages that the store keeps under this id, the one that is still
 * without tail and was alive last. */
static enum mx_code
recall(void *ctx, uint32_t host, uint32_t root, struct slice id,
    uint32_t *message_r, struct mx_err *err)
{
	struct store *store = ctx;
	uint32_t best = POOL_NONE;
	sqlite3_stmt *find;
	bool has_row, may_have;
	enum mx_code code = store_may_keep(store, host, id, 0, &may_have, err);

	*message_r = POOL_NONE;
	if (code == MX_OK && may_have)
		code = store_catch_up(store, err);
	if (code != MX_OK || !may_have)
		return code;
	find = find_fragments(store, store->names, host, id, err);
	if (find == NULL)
		return err->code;
	while ((code = store_step(store, find, &has_row, err)) == MX_OK &&
	    has_row) {
		const struct message *message;
		uint32_t number;

		code = load_fragment(store, find, store->queue, store->totals,
		    store->names, &number, err);
		if (code != MX_OK)
			break;
		message = queue_message(store->queue, number);
		if (message->has_tail ||
		    (root != INTERN_NONE && message->root != root) ||
		    (best != POOL_NONE && queue_message(store->queue,
		    best)->last_utc > message->last_utc)) {
			queue_remove(store->queue, number);
			continue;
		}
		if (best != POOL_NONE)
			queue_remove(store->queue, best);
		best = number;
	}
	(void)sqlite3_reset(find);
	*message_r = best;
	return code;
}

/* Parts of MESSAGE that were read before it, or after it in an earlier run,
 * join it. */
static enum mx_code
join_parts(struct store *store, struct queue *queue, struct totals *totals,
    struct names *names, uint32_t number, struct mx_err *err)
{
	struct message *message = queue_message(queue, number);
	enum mx_code code = MX_OK;
	sqlite3_stmt *find;
	bool has_row, may_have = false;

	if (!queue_is_whole(queue, message) || queue_is_in_pieces(message))
		code = store_may_keep(store, message->host, queue_id(message),
		    message->is_stored ? 1 : 0, &may_have, err);
	if (code == MX_OK && may_have)
		code = store_catch_up(store, err);
	if (code != MX_OK || !may_have)
		return code;
	find = find_fragments(store, names, message->host, queue_id(message),
	    err);
	if (find == NULL)
		return err->code;
	while ((code = store_step(store, find, &has_row, err)) == MX_OK &&
	    has_row) {
		const struct message *part;
		uint32_t other;
		int64_t id = sqlite3_column_int64(find, 0);

		if (message->is_stored && id == *fragment_id(store, number))
			continue;
		code = load_fragment(store, find, queue, totals, names, &other,
		    err);
		if (code != MX_OK)
			break;
		part = queue_message(queue, other);
		if (!queue_may_join(message, part)) {
			queue_remove(queue, other);
			continue;
		}
		queue_merge(queue, number, other);
		code = store_park_drop(store, message, id, err);
		if (code != MX_OK)
			break;
	}
	(void)sqlite3_reset(find);
	return code;
}

static enum mx_code
forget(void *ctx, uint32_t number, struct mx_err *err)
{
	struct store *store = ctx;
	struct message *message = queue_message(store->queue, number);

	message->is_stored = false;
	return store_park_drop(store, message, *fragment_id(store, number),
	    err);
}

/* Now whole: count it and be done. */
static enum mx_code
fold_whole(struct store *store, struct queue *queue, struct totals *totals,
    uint32_t number, struct mx_err *err)
{
	const struct message *message = queue_message(queue, number);
	enum mx_code code = MX_OK;

	fold_message(totals, queue, message);
	if (message->is_stored)
		code = store_park_drop(store, message,
		    *fragment_id(store, number), err);
	queue_remove(queue, number);
	return code;
}

static enum mx_code
set_aside(void *ctx, uint32_t number, struct mx_err *err)
{
	struct store *store = ctx;
	const struct message *message = queue_message(store->queue, number);
	enum mx_code code = join_parts(store, store->queue, store->totals,
	    store->names, number, err);

	if (code != MX_OK)
		return code;
	if (queue_is_whole(store->queue, message))
		return fold_whole(store, store->queue, store->totals, number,
		    err);
	if (message->is_dirty)
		code = save_message(store, number, err);
	if (code == MX_OK)
		queue_remove(store->queue, number);
	return code;
}

/* Rows that this run wrote are of domains whose provider it knows, and asks for
 * no more; without others the store, which may be being written, need not be
 * asked. */
static enum mx_code
know_domains(struct store *store, struct mx_err *err)
{
	enum mx_code code = MX_OK;
	int64_t has_any = 0;

	if (!store->knows_domains) {
		code = store_join(store, err);
		if (code == MX_OK)
			code = store_number(store, "SELECT EXISTS (SELECT 1"
			    " FROM domain_mx WHERE origin = 1)", &has_any, err);
		store->has_domains = has_any != 0;
		store->knows_domains = code == MX_OK;
	}
	return code == MX_OK && store->has_domains ? store_join(store, err) :
	    code;
}

static bool
recall_mx(void *ctx, uint32_t host, uint32_t domain, uint32_t *provider_r)
{
	struct store *store = ctx;
	struct mx_err err;
	int64_t host_id, domain_id;
	sqlite3_stmt *get;
	struct slice key;
	bool has_row = false;
	int64_t provider = 0;

	if (store->is_private || know_domains(store, &err) != MX_OK ||
	    !store->has_domains ||
	    store_name_id(store, NAME_HOST, &store->names->host, host,
	    &host_id, &err) != MX_OK ||
	    store_name_id(store, NAME_DOMAIN, &store->names->domain, domain,
	    &domain_id, &err) != MX_OK)
		return false;
	get = store_statement(store, SQL_MX_GET, &err);
	if (get == NULL)
		return false;
	(void)sqlite3_bind_int64(get, 1, host_id);
	(void)sqlite3_bind_int64(get, 2, domain_id);
	if (store_step(store, get, &has_row, &err) == MX_OK && has_row)
		provider = sqlite3_column_int64(get, 0);
	(void)sqlite3_reset(get);
	if (provider == 0 ||
	    store_name_text(store, NAME_PROVIDER, provider, &key, &err) != MX_OK)
		return false;
	*provider_r = names_id(&store->names->provider, key);
	return true;
}

void
store_hooks(struct store *store, struct queue *queue, struct totals *totals,
    struct names *names, struct correlate_hooks *hooks_r)
{
	store->queue = queue;
	store->totals = totals;
	store->names = names;
	/* others may have written in between */
	if (store->parked.count == 0)
		store->knows_fragments = false;
	store->knows_domains = false;
	*hooks_r = (struct correlate_hooks){ .ctx = store, .recall = recall,
		.set_aside = set_aside, .forget = forget,
		.recall_mx = recall_mx };
}

enum mx_code
store_load_covered(struct store *store, struct mx_err *err)
{
	enum mx_code code = know_domains(store, err);
	sqlite3_stmt *get;
	bool has_row;

	if (code != MX_OK)
		return code;
	get = store_statement(store, SQL_COVERED, err);
	if (get == NULL)
		return err->code;
	while ((code = store_step(store, get, &has_row, err)) == MX_OK &&
	    has_row) {
		uint32_t host = names_id(&store->names->host,
		    column_text(get, 0));

		queue_cover(store->queue, host, sqlite3_column_int64(get, 1));
	}
	(void)sqlite3_reset(get);
	return code;
}

enum mx_code
store_park_messages(struct store *store, struct mx_err *err)
{
	const struct queue *queue = store->queue;
	enum mx_code code = store_know_fragments(store, err);

	for (uint32_t i = queue->oldest; i != POOL_NONE && code == MX_OK;) {
		const struct message *message = queue_message(queue, i);
		uint32_t next = message->newer;

		if (message->is_dirty)
			code = save_message(store, i, err);
		i = next;
	}
	return code;
}
