/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/name_mark.h"

#include <stdlib.h>

#include "base/err.h"
#include "cli/name_scan.h"

/* The last byte of a mark is the length of its name, so that a text of a
 * stranger costs one hash a word at most; the others are of the hash. */
enum { NAME_MOST = 255, DIGITS = 14, LEN_BITS = 8 };

static void
add_lower(struct strbuf *out, struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		strbuf_add_char(out, ascii_lower(text.ptr[i]));
	strbuf_add_char(out, '\n');
}

uint64_t
name_mark(const struct name_mark_of *of, struct slice name)
{
	struct strbuf text, hex;
	uint64_t mark = 0;

	if (name.len < SCAN_NAME_LEAST || name.len > NAME_MOST ||
	    scan_is_role(name))
		return 0;
	strbuf_init(&text, of->host.len + of->id.len + name.len + 8);
	strbuf_init(&hex, 64);
	add_lower(&text, name);
	strbuf_add_slice(&text, of->id);
	strbuf_add_char(&text, '\n');
	strbuf_add_slice(&text, of->host);
	pseudonym_add(&hex, of->key, "m", strbuf_slice(&text), DIGITS);
	mark = strtoull(hex.ptr + 2, NULL, 16) << LEN_BITS | name.len;
	strbuf_release(&text);
	strbuf_release(&hex);
	return mark;
}

struct slice
name_mark_find(const struct name_mark_of *of, uint64_t mark,
    struct slice text, size_t at)
{
	size_t len = mark & NAME_MOST;

	for (size_t p = at; mark != 0 && p + len <= text.len; p++) {
		struct slice word = slice_of(text.ptr + p, len);

		if (scan_is_word(text, word) && name_mark(of, word) == mark)
			return word;
	}
	return SLICE_NONE;
}
