/* SPDX-License-Identifier: BSD-2-Clause */
/* Links in a reply: what names the cause stays, ids and addresses go. */
#include "analyzer/reply_mask_priv.h"

/* Google's ?p=IPv6AuthError, United Internet's ?c=r0201. */
static bool
is_code_key(struct slice key)
{
	return slice_eq(key, SLICE("p")) || slice_eq(key, SLICE("c")) ||
	    slice_eq(key, SLICE("code"));
}

bool
mask_has_at(struct slice s)
{
	const char *at = slice_chr(s, '@');

	return at != NULL && at > s.ptr && at + 1 < s.ptr + s.len;
}

/* What a query value is by its key. */
enum value { VALUE_PLAIN, VALUE_ID, VALUE_CODE };

/* A path segment, a query value or a fragment. */
static void
put_link_piece(struct masker *m, struct slice s, enum value value)
{
	if (word_is_ipv4(s) || word_is_ipv6(s))
		mask_put_ip(m, s);
	else if (mask_has_at(s) || slice_find(s, SLICE("%40")) != NULL)
		mask_put(m, SLICE("<addr>"));
	else if (value == VALUE_ID && s.len != 0)
		mask_put(m, SLICE("<id>"));
	else if (value == VALUE_CODE && s.len <= VALUE_MAX)
		mask_put(m, s);
	else
		mask_put(m, mask_is_long_id(s) && !word_is_wordy(s) ?
		    SLICE("<id>") : s);
}

static enum value
value_of(const struct masker *m, struct slice key)
{
	if ((word_table_find(&m->mask->words, key) & WORD_ID_KEY) != 0)
		return VALUE_ID;
	return is_code_key(key) ? VALUE_CODE : VALUE_PLAIN;
}

/* What a byte of a link is, in one look: STOP ends a piece, the others say
 * what the piece holds. */
enum { STOP = 1, DIGIT = 2, OTHER = 4 };
/* clang-format off */
static const uint8_t link_class[256] = {
	['/'] = STOP, ['='] = STOP, ['&'] = STOP, ['?'] = STOP, ['#'] = STOP,
	['@'] = OTHER, ['%'] = OTHER, [':'] = OTHER,
	['0'] = DIGIT, ['1'] = DIGIT, ['2'] = DIGIT, ['3'] = DIGIT,
	['4'] = DIGIT, ['5'] = DIGIT, ['6'] = DIGIT, ['7'] = DIGIT,
	['8'] = DIGIT, ['9'] = DIGIT,
};
/* clang-format on */

/* LINK behind its "//": host, path, query, fragment. */
static void
put_link_rest(struct masker *m, struct slice link)
{
	const char *end = link.ptr + link.len, *from = link.ptr, *p;
	enum value value = VALUE_PLAIN;
	bool is_query = false;
	unsigned flags = 0;

	for (p = link.ptr; p <= end; p++) {
		struct slice piece;
		char c;

		p = mask_skip_to(link_class, STOP, p, end, &flags);
		c = p < end ? *p : '\0';
		piece = slice_between(from, p);
		if ((c == '=' && is_query) || (value == VALUE_PLAIN &&
		    flags == 0))
			mask_copy(m, piece);
		else
			put_link_piece(m, piece, value);
		value = c == '=' && is_query ? value_of(m, piece) :
		    VALUE_PLAIN;
		is_query = c == '?' || (is_query && c != '#');
		flags = 0;
		if (p < end)
			*m->out++ = c;
		from = p + 1;
	}
}

/* The byte behind "://". */
static const char *
find_scheme_end(struct slice word)
{
	const char *colon = slice_chr(word, ':');

	return colon != NULL && word.ptr + word.len - colon > 3 &&
	    colon[1] == '/' && colon[2] == '/' ? colon + 3 : NULL;
}

/* A link without a scheme: "www.", or a host name and a path. */
static bool
is_bare_link(const struct masker *m, struct slice word, unsigned flags)
{
	const char *slash;

	if (slice_starts(word, SLICE("www.")))
		return true;
	if ((flags & (C_SLASH | C_DOT)) != (C_SLASH | C_DOT))
		return false;
	slash = slice_chr(word, '/');
	return slash != NULL &&
	    word_is_host(&m->mask->words, slice_between(word.ptr, slash),
	    '/');
}

bool
mask_put_link(struct masker *m, struct slice word, unsigned flags)
{
	struct reply_mask *mask = m->mask;
	size_t begin = (size_t)(m->out - mask->text);
	const char *rest = (flags & C_COLON) != 0 ? find_scheme_end(word) :
	    NULL;

	if (rest == NULL && !is_bare_link(m, word, flags))
		return false;
	if (rest == NULL)
		rest = word.ptr;
	mask_copy(m, slice_between(word.ptr, rest));
	put_link_rest(m, slice_between(rest, word.ptr + word.len));
	if (mask->link_count < MASK_LINKS) {
		mask->links[mask->link_count].begin = (uint16_t)begin;
		mask->links[mask->link_count].end =
		    (uint16_t)(m->out - mask->text);
		mask->link_count++;
	}
	return true;
}
