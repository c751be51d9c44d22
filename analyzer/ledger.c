/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/ledger.h"

#include <assert.h>
#include <stdlib.h>

#include "base/hash.h"

enum { FIRST_MARK = 32, STEP = 64 };

static_assert(LEDGER_HEAD % STEP == 0 && FIRST_MARK < STEP,
    "the marks stand at 32, 64, 128, ...");

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

static size_t
next_mark(size_t at)
{
	return at == 0 ? FIRST_MARK : at == FIRST_MARK ? STEP : at + STEP;
}

void
ledger_head_of(struct slice head, struct ledger_head *head_r)
{
	uint64_t hash = HASH_STABLE_START;

	if (head.len > LEDGER_HEAD)
		head.len = LEDGER_HEAD;
	*head_r = (struct ledger_head){ .bytes = head.len };
	for (size_t at = 0; at < head.len;) {
		size_t to = next_mark(at);

		if (to > head.len)
			to = head.len;
		hash = hash_stable(slice_of(head.ptr + at, to - at), hash);
		add_mark(head_r, hash);
		at = to;
	}
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

/* How many marks has a beginning of so many bytes? */
static size_t
marks_of(size_t bytes)
{
	size_t marks = 0;

	for (size_t at = 0; at < bytes; at = next_mark(at))
		marks++;
	return marks;
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
	marks = marks_of(bytes);
	if (bytes > LEDGER_HEAD ||
	    stored.len != 3 + marks * LEDGER_MARK_BYTES) {
		ledger_head_of(stored, head_r); /* a log that begins with NUL */
		return;
	}
	*head_r = (struct ledger_head){ .bytes = bytes, .marks = marks };
	memcpy(head_r->mark, stored.ptr + 3, stored.len - 3);
}

uint64_t
ledger_fingerprint(const struct ledger_head *head)
{
	const char *from = head->mark + head->marks * LEDGER_MARK_BYTES;
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
	size_t marks;

	/* of a longer one, what it was when KNOWN was seen */
	if (head.len > known->bytes)
		head.len = known->bytes;
	ledger_head_of(head, &begin);
	marks = begin.marks;
	/* its last mark is at its own end, where KNOWN may have none */
	if (begin.bytes != known->bytes && begin.bytes % STEP != 0 &&
	    begin.bytes != FIRST_MARK && marks != 0)
		marks--;
	return marks != 0 && memcmp(begin.mark, known->mark,
	    marks * LEDGER_MARK_BYTES) == 0;
}
