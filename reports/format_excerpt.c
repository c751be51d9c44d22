/* SPDX-License-Identifier: BSD-2-Clause */
/* Which parts of an over-long reply must be seen. */
#include "reports/format_value.h"

enum {
	PIECES_MAX = 12,  /* more tags than that are no tags */
	MARGIN_BYTES = 16, /* what stands around a tag belongs to it */
	TAG_BYTES = 24    /* "(S3140)", "(PBL000000000000)" */
};

struct piece {
	size_t begin, end;
};

struct pieces {
	struct piece list[PIECES_MAX];
	size_t count;
};

/* Sorted by where they begin; one that touches the last is joined to it. */
static void
keep(struct pieces *pieces, size_t begin, size_t end)
{
	struct piece *last =
	    pieces->count > 0 ? &pieces->list[pieces->count - 1] : NULL;

	if (last != NULL && begin <= last->end) {
		if (end > last->end)
			last->end = end;
		return;
	}
	if (pieces->count < PIECES_MAX)
		pieces->list[pieces->count++] = (struct piece){ begin, end };
}

/* Length of a tag in parentheses that starts at TEXT, 0 when none does. */
static size_t
tag_length(struct slice text)
{
	if (text.ptr[0] != '(')
		return 0;
	for (size_t i = 1; i < text.len && i < TAG_BYTES; i++) {
		if (text.ptr[i] == ')')
			return i > 1 ? i + 1 : 0;
		if (!ascii_is_alnum(text.ptr[i]) && text.ptr[i] != '.' &&
		    text.ptr[i] != '-' && text.ptr[i] != '_')
			return 0;
	}
	return 0;
}

static size_t
match_length(struct slice text, struct slice token, struct slice address)
{
	if (token.len > 0 && slice_starts(text, token))
		return token.len;
	if (address.len > 0 && slice_starts(text, address))
		return address.len;
	return tag_length(text);
}

static bool
is_inside_sequence(struct slice text, size_t at)
{
	return at < text.len && ((unsigned char)text.ptr[at] & 0xc0) == 0x80;
}

/* One of each kind that lies in [FROM, TO): a reply that repeats its tag a
 * thousand times says it once. */
static void
keep_matches(struct pieces *pieces, struct slice reply, size_t from,
    size_t to, struct slice token, struct slice address)
{
	struct slice seen[PIECES_MAX];
	size_t seen_count = 0;

	for (size_t at = from; at < to && seen_count < PIECES_MAX - 2; at++) {
		size_t len = match_length(slice_skip(reply, at), token,
		    address);
		struct slice match = slice_of(reply.ptr + at, len);
		bool is_known = false;

		if (len == 0)
			continue;
		for (size_t i = 0; i < seen_count; i++)
			is_known = is_known || slice_eq(seen[i], match);
		if (is_known)
			continue;
		seen[seen_count++] = match;
		keep(pieces, at > from + MARGIN_BYTES ? at - MARGIN_BYTES :
		    from, at + len + MARGIN_BYTES);
	}
}

void
format_excerpt(struct strbuf *out, struct slice reply, size_t max_bytes,
    struct slice token, struct slice address)
{
	struct pieces pieces = { .count = 0 };
	size_t head = max_bytes * 5 / 8, tail;

	if (reply.len <= max_bytes) {
		strbuf_add_slice(out, reply);
		return;
	}
	tail = reply.len - max_bytes / 4;
	keep(&pieces, 0, head);
	keep_matches(&pieces, reply, head, tail, token, address);
	keep(&pieces, tail, reply.len);
	for (size_t i = 0; i < pieces.count; i++) {
		size_t begin = pieces.list[i].begin, end = pieces.list[i].end;

		if (end > reply.len)
			end = reply.len;
		while (is_inside_sequence(reply, begin))
			begin++;
		while (is_inside_sequence(reply, end))
			end++;
		if (i > 0)
			strbuf_add_str(out, " [...] ");
		if (end > begin)
			strbuf_add(out, reply.ptr + begin, end - begin);
	}
}
