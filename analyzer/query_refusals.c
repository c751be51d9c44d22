/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/query_refusals.h"

#include <stdlib.h>

#include "base/hash.h"

enum { SAME_ARRIVAL_S = 60 };

/* Letters of domains are alike in either case. */
static uint64_t
hash_domain(const struct query *query, struct slice sender)
{
	uint64_t hash = query->names.seed;
	size_t at = sender.len;

	while (at > 0 && sender.ptr[at - 1] != '@')
		at--;
	if (at == 0 || at == sender.len)
		return 0;
	for (; at < sender.len; at++)
		hash = hash_mix(hash, (uint64_t)(unsigned char)(
		    sender.ptr[at] >= 'A' && sender.ptr[at] <= 'Z' ?
		    sender.ptr[at] + 'a' - 'A' : sender.ptr[at]));
	return hash != 0 ? hash : 1;
}

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
		    column_text(from, 4), sqlite3_column_int64(from, 0));
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

	to->utc = sqlite3_column_int64(from, 0);
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
	to->sender_domain = hash_domain(query, sender);
	if (query->is.explain.len != 0) {
		to->id = arena_slice(&query->arena, id);
		to->recipient_text = arena_slice(&query->arena, recipient);
	}
	to->is_explicit = kind->is_explicit;
}

enum mx_code
query_load_refusals(struct query *query, int64_t provider, int64_t source,
    struct refusal **list_r, size_t *count_r, struct mx_err *err)
{
	sqlite3_stmt *from = store_statement(query->store, SQL_REFUSALS, err);
	struct refusal *list = NULL;
	size_t count = 0, room = 0;
	enum mx_code code;
	bool has_row;

	*list_r = NULL;
	*count_r = 0;
	if (from == NULL)
		return err->code;
	(void)sqlite3_bind_int64(from, 1, provider);
	(void)sqlite3_bind_int64(from, 2, source);
	(void)sqlite3_bind_int64(from, 3, query->until_utc);
	while ((code = store_step(query->store, from, &has_row, err)) ==
	    MX_OK && has_row) {
		struct slice sender = SLICE_NONE;
		struct refusal *to;

		if (count == room) {
			room = room != 0 ? room * 2 : 64;
			list = mx_realloc(list, room * sizeof(*list));
		}
		to = &list[count++];
		memset(to, 0, sizeof(*to));
		code = query_reply_kind(query, sqlite3_column_int64(from, 3),
		    &to->reply, err);
		if (code == MX_OK)
			code = find_sender(query, from, &sender, err);
		if (code != MX_OK)
			break;
		read_refusal(query, from, sender, to);
	}
	(void)sqlite3_reset(from);
	*list_r = list;
	*count_r = count;
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

static int
compare_by_sender(const void *left, const void *right)
{
	const struct refusal *a = left;
	const struct refusal *b = right;

	return (a->sender_domain > b->sender_domain) -
	    (a->sender_domain < b->sender_domain);
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

static int
compare_by_time(const void *left, const void *right)
{
	const struct refusal *a = left;
	const struct refusal *b = right;

	if (a->utc != b->utc)
		return a->utc < b->utc ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
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
	return compare_by_time(a, b);
}

/* Number messages, recipients and sender domains; of each message the first refusal in a
 * clock hour votes. */
void
query_number_refusals(struct refusal *list, size_t count)
{
	qsort(list, count, sizeof(*list), compare_by_recipient);
	for (size_t i = 1; i < count; i++)
		list[i].recipient_number = list[i - 1].recipient_number +
		    (list[i].recipient != list[i - 1].recipient);
	/* number 0 is for those whose sender is not known */
	qsort(list, count, sizeof(*list), compare_by_sender);
	for (size_t i = 0; i < count; i++) {
		uint32_t before = i != 0 ? list[i - 1].sender_number : 0;

		list[i].sender_number = before + (list[i].sender_domain !=
		    (i != 0 ? list[i - 1].sender_domain : 0));
	}
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
		list[i].votes = i == 0 ||
		    list[i].message_number != list[i - 1].message_number ||
		    list[i].utc / 3600 != list[i - 1].utc / 3600;
	qsort(list, count, sizeof(*list), compare_by_time);
}
