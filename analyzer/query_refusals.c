/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/query_refusals.h"

#include <stdlib.h>

#include "base/hash.h"

enum { SAME_ARRIVAL_S = 60 };

/* As the attempt has it, or as its message does, which is still kept in
 * parts that were read from different files. */
static enum mx_code
find_sender(struct query *query, sqlite3_stmt *from, struct slice *sender_r,
    struct mx_err *err)
{
	uint32_t host;
	enum mx_code code;

	*sender_r = column_blob(from, 6);
	if (!slice_is_none(*sender_r) || query->live.sender_count == 0)
		return MX_OK;
	code = query_local(query, NAME_HOST, sqlite3_column_int64(from, 2),
	    &host, err);
	if (code == MX_OK)
		*sender_r = totals_find_sender(&query->live, host,
		    column_text(from, 4), column_utc(from, 0));
	return code;
}

/* Whatever was read first: microseconds where the log has them, else a hash
 * that is the same in every run. */
static uint64_t
order_of(int64_t us, struct slice id, struct slice recipient,
    uint64_t fingerprint)
{
	uint64_t hash = hash_stable(recipient, hash_stable(id,
	    HASH_STABLE_START));
	uint64_t part = us > 0 ? (uint64_t)us : (hash >> 32) % 1000000;

	return part << 32 | ((hash ^ fingerprint) & UINT32_MAX);
}

static void
read_refusal(struct query *query, sqlite3_stmt *from, struct slice sender,
    struct refusal *to)
{
	struct slice id = column_text(from, 4);
	struct slice recipient = column_blob(from, 5);
	const struct reply_kind *kind =
	    totals_reply_kind(&query->live, to->reply);
	uint32_t domain;

	to->utc = column_utc(from, 0);
	to->arrival_utc = column_time(from, 1);
	to->message = hash_mix(hash_slice(id, query->names.seed),
	    (uint64_t)sqlite3_column_int64(from, 2));
	/* a fact without queue id is a message of its own */
	if (id.len == 0)
		to->message = hash_mix((uint64_t)to->utc,
		    hash_slice(recipient, query->names.seed));
	to->order = order_of(sqlite3_column_int64(from, 7), id, recipient,
	    kind->fingerprint);
	to->recipient = hash_slice(recipient, query->names.seed);
	domain = totals_sender_domain(&query->live, sender);
	to->sender_number = domain == INTERN_NONE ? 0 : domain + 1;
	if (query->is.explain.len != 0) {
		to->id = arena_slice(&query->arena, id);
		to->recipient_text = arena_slice(&query->arena, recipient);
	}
	to->is_explicit = kind->is_explicit;
}

static struct refusal *
add_refusal(struct refusals *to)
{
	if (to->count == to->room) {
		to->room = to->room != 0 ? to->room * 2 : 64;
		to->list = mx_realloc(to->list, to->room * sizeof(*to->list));
	}
	memset(&to->list[to->count], 0, sizeof(*to->list));
	return &to->list[to->count++];
}

enum mx_code
query_load_refusals(struct query *query, int64_t provider, int64_t source,
    uint32_t pair, struct refusals *to, struct mx_err *err)
{
	sqlite3_stmt *from = store_statement(query->store, SQL_REFUSALS, err);
	enum mx_code code;
	bool has_row;

	if (from == NULL)
		return err->code;
	(void)sqlite3_bind_int64(from, 1, provider);
	(void)sqlite3_bind_int64(from, 2, source);
	(void)sqlite3_bind_int64(from, 3, query->until_utc);
	while ((code = store_step(query->store, from, &has_row, err)) ==
	    MX_OK && has_row) {
		struct slice sender = SLICE_NONE;
		struct refusal *it = add_refusal(to);

		it->pair = pair;
		code = query_reply_kind(query, sqlite3_column_int64(from, 3),
		    &it->reply, err);
		if (code == MX_OK)
			code = find_sender(query, from, &sender, err);
		if (code != MX_OK)
			break;
		read_refusal(query, from, sender, it);
	}
	(void)sqlite3_reset(from);
	return code;
}

static int
compare_by_message(const void *left, const void *right)
{
	const struct refusal *a = left;
	const struct refusal *b = right;

	if (a->message != b->message)
		return a->message < b->message ? -1 : 1;
	if (a->arrival_utc != b->arrival_utc)
		return a->arrival_utc < b->arrival_utc ? -1 : 1;
	return (a->utc > b->utc) - (a->utc < b->utc);
}

static int
compare_by_recipient(const void *left, const void *right)
{
	const struct refusal *a = left;
	const struct refusal *b = right;

	return (a->recipient > b->recipient) - (a->recipient < b->recipient);
}

/* Of one message, by recipient. */
static int
compare_by_delivery(const void *left, const void *right)
{
	const struct refusal *a = left;
	const struct refusal *b = right;

	if (a->message_number != b->message_number)
		return a->message_number < b->message_number ? -1 : 1;
	return (a->recipient_number > b->recipient_number) -
	    (a->recipient_number < b->recipient_number);
}

int
query_compare_refusals(const struct refusal *a, const struct refusal *b)
{
	if (a->utc != b->utc)
		return a->utc < b->utc ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

static int
compare_by_pair(const void *left, const void *right)
{
	const struct refusal *a = left;
	const struct refusal *b = right;

	if (a->pair != b->pair)
		return a->pair < b->pair ? -1 : 1;
	return query_compare_refusals(a, b);
}

/* A short queue id may come back for another message, which then arrived at
 * another time. */
static bool
is_same_message(const struct refusal *a, const struct refusal *b)
{
	return a->message == b->message && (a->arrival_utc == INT64_MIN ||
	    b->arrival_utc - a->arrival_utc <= SAME_ARRIVAL_S);
}

static int
compare_votes(const void *left, const void *right)
{
	const struct refusal *a = left;
	const struct refusal *b = right;

	if (a->message_number != b->message_number)
		return a->message_number < b->message_number ? -1 : 1;
	return compare_by_pair(a, b);
}

static bool
is_same_vote(const struct refusal *a, const struct refusal *b)
{
	return a->message_number == b->message_number && a->pair == b->pair &&
	    a->utc / 3600 == b->utc / 3600;
}

void
query_number_refusals(struct refusals *refusals)
{
	struct refusal *list = refusals->list;
	size_t count = refusals->count;

	if (count == 0)
		return;
	qsort(list, count, sizeof(*list), compare_by_recipient);
	for (size_t i = 1; i < count; i++)
		list[i].recipient_number = list[i - 1].recipient_number +
		    (list[i].recipient != list[i - 1].recipient);
	qsort(list, count, sizeof(*list), compare_by_message);
	for (size_t i = 1; i < count; i++)
		list[i].message_number = list[i - 1].message_number +
		    !is_same_message(&list[i - 1], &list[i]);
	qsort(list, count, sizeof(*list), compare_by_delivery);
	for (size_t i = 1; i < count; i++)
		list[i].delivery_number = list[i - 1].delivery_number +
		    (compare_by_delivery(&list[i - 1], &list[i]) != 0);
	qsort(list, count, sizeof(*list), compare_votes);
	for (size_t i = 0; i < count; i++)
		list[i].votes = i == 0 || !is_same_vote(&list[i - 1], &list[i]);
	qsort(list, count, sizeof(*list), compare_by_pair);
}
