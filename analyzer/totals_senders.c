/* SPDX-License-Identifier: BSD-2-Clause */
/* Senders that became known after attempts of their messages were kept, and
 * the domains of senders. */
#include "analyzer/totals.h"

#include <stdlib.h>

#include "base/err.h"

void
totals_late_sender(struct totals *totals, const struct late_sender *sender)
{
	struct late_sender *copy;

	if (totals->sender_count == totals->sender_room) {
		totals->sender_room =
		    totals->sender_room != 0 ? totals->sender_room * 2 : 64;
		totals->senders = mx_realloc(totals->senders,
		    totals->sender_room * sizeof(*totals->senders));
	}
	copy = &totals->senders[totals->sender_count++];
	*copy = *sender;
	copy->id = arena_slice(&totals->text, sender->id);
	copy->sender = arena_slice(&totals->text, sender->sender);
}

enum { DOMAIN_MAX = 253 };

static struct slice
domain_of(struct slice sender)
{
	size_t at = sender.len;

	while (at > 0 && sender.ptr[at - 1] != '@')
		at--;
	return at == 0 ? SLICE("") : slice_skip(sender, at);
}

static uint32_t
intern_domain(struct totals *totals, struct slice domain)
{
	char small[DOMAIN_MAX];

	if (domain.len == 0 || domain.len > sizeof(small))
		return INTERN_NONE;
	for (size_t i = 0; i < domain.len; i++)
		small[i] = domain.ptr[i] >= 'A' && domain.ptr[i] <= 'Z' ?
		    (char)(domain.ptr[i] + 'a' - 'A') : domain.ptr[i];
	return names_id(&totals->names->domain, slice_of(small, domain.len));
}

/* Newsletters and small hosts have one sender for hours. */
uint32_t
totals_sender_domain(struct totals *totals, struct slice sender)
{
	uint32_t number;

	if (sender.len == totals->sender_memo_len && sender.len != 0 &&
	    memcmp(totals->sender_memo, sender.ptr, sender.len) == 0)
		return totals->sender_domain;
	number = intern_domain(totals, domain_of(sender));
	if (sender.len != 0 && sender.len <= sizeof(totals->sender_memo)) {
		memcpy(totals->sender_memo, sender.ptr, sender.len);
		totals->sender_memo_len = sender.len;
		totals->sender_domain = number;
	}
	return number;
}

static int
compare_key(const struct late_sender *a, const struct late_sender *b)
{
	if (a->host != b->host)
		return a->host < b->host ? -1 : 1;
	return slice_cmp(a->id, b->id);
}

static int
compare_senders(const void *left, const void *right)
{
	const struct late_sender *a = left;
	const struct late_sender *b = right;
	int order = compare_key(a, b);

	if (order != 0)
		return order;
	if (a->first_utc != b->first_utc)
		return a->first_utc < b->first_utc ? -1 : 1;
	return slice_cmp(a->sender, b->sender);
}

void
totals_sort_senders(struct totals *totals)
{
	if (totals->sender_count != 0)
		qsort(totals->senders, totals->sender_count,
		    sizeof(*totals->senders), compare_senders);
}

/* A short id may come back for another message: the one that began last
 * before UTC. */
struct slice
totals_find_sender(const struct totals *totals, uint32_t host,
    struct slice id, int64_t utc)
{
	const struct late_sender wanted = { .host = host, .id = id };
	const struct late_sender *it;
	size_t low = 0, high = totals->sender_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare_key(&totals->senders[middle], &wanted);

		if (order < 0 || (order == 0 &&
		    totals->senders[middle].first_utc <= utc))
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return SLICE_NONE;
	it = &totals->senders[low - 1];
	return compare_key(it, &wanted) == 0 && utc <= it->last_utc ?
	    it->sender : SLICE_NONE;
}
