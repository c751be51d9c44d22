/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/xml_repair.h"

#include "base/limits.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD in UTF-8 */

/* A sequence of three bytes or four that no writer may use: too long, a
 * surrogate, beyond U+10FFFF; U+FFFE and U+FFFF. */
static bool
is_forbidden(const char *s)
{
	unsigned char c = (unsigned char)s[0], second = (unsigned char)s[1];

	return (c == 0xe0 && second < 0xa0) || (c == 0xed && second > 0x9f) ||
	    (c == 0xf0 && second < 0x90) || (c == 0xf4 && second > 0x8f) ||
	    (c == 0xef && second == 0xbf && (unsigned char)s[2] > 0xbd);
}

/* Length of the UTF-8 sequence at the start of S (RFC 3629), 0 when it is
 * none. */
static size_t
utf8_length(struct slice s)
{
	unsigned char c = (unsigned char)s.ptr[0];
	size_t len = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 :
	    c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;

	if (len == 0 || len > s.len)
		return 0;
	for (size_t i = 1; i < len; i++)
		if (((unsigned char)s.ptr[i] & 0xc0) != 0x80)
			return 0;
	return len >= 3 && is_forbidden(s.ptr) ? 0 : len;
}

static bool
is_name_char(char c)
{
	return ascii_is_alnum(c) || c == '_' || c == ':' || c == '.' ||
	    c == '-' || (unsigned char)c >= 0x80;
}

/* "&name;" of XML's five, or a character reference. */
static bool
is_entity(struct slice s)
{
	static const char *const known[] = { "&amp;", "&lt;", "&gt;",
		"&quot;", "&apos;", NULL };
	size_t i = 2;

	for (size_t k = 0; known[k] != NULL; k++)
		if (slice_starts(s, slice_str(known[k])))
			return true;
	if (s.len < 4 || s.ptr[1] != '#')
		return false;
	if (s.ptr[2] == 'x')
		i++;
	while (i < s.len && i < 10 && ascii_is_alnum(s.ptr[i]))
		i++;
	return i > 2 && i < s.len && s.ptr[i] == ';';
}

/* "<name", "</name" and what may follow it; "<!", "<?". */
static bool
is_tag(struct slice s)
{
	size_t i = 1;

	if (s.len < 2)
		return false;
	if (s.ptr[1] == '!' || s.ptr[1] == '?')
		return true;
	if (s.ptr[1] == '/')
		i++;
	if (i >= s.len || !is_name_char(s.ptr[i]) || ascii_is_digit(s.ptr[i]))
		return false;
	while (i < s.len && is_name_char(s.ptr[i]))
		i++;
	return i < s.len && (s.ptr[i] == '>' || s.ptr[i] == '/' ||
	    ascii_is_space(s.ptr[i]));
}

/* A section whose inside is not looked at, up to its end; 0 when S starts
 * none. */
static size_t
verbatim_length(struct slice s)
{
	static const struct {
		const char *open, *close;
	} kinds[] = { { "<![CDATA[", "]]>" }, { "<!--", "-->" } };

	for (size_t i = 0; i < 2; i++) {
		struct slice close = slice_str(kinds[i].close);
		const char *end;

		if (!slice_starts(s, slice_str(kinds[i].open)))
			continue;
		end = slice_find(s, close);
		return end != NULL ? (size_t)(end - s.ptr) + close.len : 0;
	}
	return 0;
}

static struct slice
without_declaration(struct slice s)
{
	const char *end;

	if (!slice_starts(s, SLICE("<?xml")))
		return s;
	end = slice_find(s, SLICE("?>"));
	return end != NULL ? slice_skip(s, (size_t)(end - s.ptr) + 2) : s;
}

/* The name of the tag at S without prefix. */
static struct slice
tag_name(struct slice s)
{
	size_t i = s.ptr[1] == '/' ? 2 : 1, from = i;

	for (; i < s.len && is_name_char(s.ptr[i]); i++)
		if (s.ptr[i] == ':')
			from = i + 1;
	return slice_of(s.ptr + from, i - from);
}

/* A tag of a name that no report has: is it one of an extension, which is
 * closed soon, or text ("a<b and")? */
static bool
is_closed_soon(struct slice s)
{
	struct slice near = slice_of(s.ptr,
	    s.len < LIMIT_REPORT_TEXT_BYTES ? s.len : LIMIT_REPORT_TEXT_BYTES);
	const char *end = slice_chr(near, '>');
	struct slice name = tag_name(s);
	const char *at;

	if (end == NULL || s.ptr[1] == '/')
		return end != NULL;
	if (end[-1] == '/')
		return true;
	near = slice_skip(near, (size_t)(end - near.ptr));
	while ((at = slice_find(near, SLICE("</"))) != NULL) {
		near = slice_skip(near, (size_t)(at - near.ptr));
		if (near.len > 3 && slice_eq(tag_name(near), name))
			return true;
		near = slice_skip(near, 2);
	}
	return false;
}

struct repair {
	bool (*is_known)(struct slice name);
	bool is_inside;  /* a known element was seen: what is odd is text */
	unsigned looks;  /* ahead, which cost */
};

static bool
is_markup(struct repair *repair, struct slice s)
{
	if (!is_tag(s))
		return false;
	if (s.ptr[1] == '!' || s.ptr[1] == '?')
		return true;
	if (repair->is_known(tag_name(s)))
		return repair->is_inside = true;
	if (!repair->is_inside)
		return true;
	return repair->looks++ < LIMIT_REPAIR_LOOKS && is_closed_soon(s);
}

static size_t
repair_one(struct repair *repair, struct slice s, struct strbuf *out)
{
	char c = s.ptr[0];
	size_t len;

	if (c == '&' && !is_entity(s)) {
		strbuf_add_str(out, "&amp;");
		return 1;
	}
	if (c == '<' && !is_markup(repair, s)) {
		strbuf_add_str(out, "&lt;");
		return 1;
	}
	if ((unsigned char)c < 0x20 && c != '\n' && c != '\r' && c != '\t') {
		strbuf_add_char(out, ' ');
		return 1;
	}
	len = utf8_length(s);
	if (len == 0) {
		strbuf_add_str(out, REPLACEMENT);
		return 1;
	}
	strbuf_add(out, s.ptr, len);
	return len;
}

void
xml_repair(struct slice document, bool (*is_known)(struct slice name),
    struct strbuf *out)
{
	struct repair repair = { .is_known = is_known };
	struct slice rest = without_declaration(document);

	while (rest.len != 0) {
		size_t len = rest.ptr[0] == '<' ? verbatim_length(rest) : 0;
		size_t done = 0;

		if (len == 0) {
			rest = slice_skip(rest, repair_one(&repair, rest,
			    out));
			continue;
		}
		while (done < len) {
			struct slice left = slice_of(rest.ptr + done,
			    len - done);
			size_t whole = utf8_length(left);

			if (whole == 0)
				strbuf_add_str(out, REPLACEMENT);
			else
				strbuf_add(out, left.ptr, whole);
			done += whole != 0 ? whole : 1;
		}
		rest = slice_skip(rest, len);
	}
}
