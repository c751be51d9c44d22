/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/ledger.h"

#include <stdlib.h>

#include "base/hash.h"

void
ledger_release(struct ledger_entry *entry)
{
	free(entry->path);
	entry->path = NULL;
}

static void
add_mark(struct ledger_head *head, uint64_t hash)
{
	char *to = head->mark + head->marks++ * LEDGER_MARK_BYTES;

	for (int i = 0; i < LEDGER_MARK_BYTES; i++)
		to[i] = (char)(hash >> 8 * i);
}

void
ledger_head_of(struct slice head, struct ledger_head *head_r)
{
	uint64_t hash = HASH_STABLE_START;
	size_t from = 0;

	if (head.len > LEDGER_HEAD)
		head.len = LEDGER_HEAD;
	*head_r = (struct ledger_head){ .bytes = head.len };
	if (head.len == 0)
		return;
	add_mark(head_r, hash_stable(head, HASH_STABLE_START));
	for (size_t at = 0; at < head.len && head_r->marks < LEDGER_MARKS;
	    at++) {
		if (head.ptr[at] != '\n')
			continue;
		hash = hash_stable(slice_of(head.ptr + from, at - from), hash);
		add_mark(head_r, hash);
		from = at;
	}
}

static struct slice
mark_at(const struct ledger_head *head, size_t at)
{
	return slice_of(head->mark + at * LEDGER_MARK_BYTES,
	    at < head->marks ? LEDGER_MARK_BYTES : 0);
}

struct slice
ledger_first_mark(const struct ledger_head *head)
{
	return mark_at(head, head->marks > 1 ? 1 : 0);
}

struct slice
ledger_head_pack(const struct ledger_head *head, char room[LEDGER_PACKED])
{
	size_t marks = head->marks * LEDGER_MARK_BYTES;

	room[0] = '\0';
	room[1] = (char)(head->bytes >> 8);
	room[2] = (char)(head->bytes & 0xff);
	memcpy(room + 3, head->mark, marks);
	return slice_of(room, 3 + marks);
}

void
ledger_head_unpack(struct slice stored, struct ledger_head *head_r)
{
	size_t bytes, marks;

	if (stored.len < 3 || stored.ptr[0] != '\0') {
		ledger_head_of(stored, head_r);
		return;
	}
	bytes = (size_t)(unsigned char)stored.ptr[1] << 8 |
	    (unsigned char)stored.ptr[2];
	marks = (stored.len - 3) / LEDGER_MARK_BYTES;
	if (bytes > LEDGER_HEAD || marks > LEDGER_MARKS || marks > bytes + 1 ||
	    stored.len != 3 + marks * LEDGER_MARK_BYTES ||
	    (marks == 0) != (bytes == 0)) {
		ledger_head_of(stored, head_r); /* a log that begins with NUL */
		return;
	}
	*head_r = (struct ledger_head){ .bytes = bytes, .marks = marks };
	memcpy(head_r->mark, stored.ptr + 3, stored.len - 3);
}

uint64_t
ledger_fingerprint(const struct ledger_head *head)
{
	const char *from = head->mark + LEDGER_MARK_BYTES;
	uint64_t hash = 0;

	if (head->marks == 0)
		return HASH_STABLE_START;
	for (int i = 0; i < LEDGER_MARK_BYTES; i++)
		hash = hash << 8 | (unsigned char)*--from;
	return hash;
}

bool
ledger_is_same(const struct ledger_head *known, struct slice head)
{
	struct ledger_head begin;
	size_t lines;

	if (head.len == 0 || known->bytes == 0)
		return false;
	if (head.len >= known->bytes) {
		/* what it was when KNOWN was seen */
		ledger_head_of(slice_of(head.ptr, known->bytes), &begin);
		return slice_eq(mark_at(&begin, 0), mark_at(known, 0));
	}
	ledger_head_of(head, &begin);
	lines = begin.marks - 1;
	if (lines == 0) /* all of it may be a line without its newline */
		return slice_eq(mark_at(&begin, 0), mark_at(known, 1));
	return slice_eq(mark_at(&begin, lines), mark_at(known, lines));
}
