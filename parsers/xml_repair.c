/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/xml_repair.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD in UTF-8 */

/* Length of the UTF-8 sequence at the start of S (RFC 3629), 0 when it is
 * none. */
static size_t
utf8_length(struct slice s)
{
	unsigned char c = (unsigned char)s.ptr[0];
	size_t len = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 :
	    c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
	unsigned char second;

	if (len == 0 || len > s.len)
		return 0;
	for (size_t i = 1; i < len; i++)
		if (((unsigned char)s.ptr[i] & 0xc0) != 0x80)
			return 0;
	if (len < 3)
		return len;
	second = (unsigned char)s.ptr[1];
	if ((c == 0xe0 && second < 0xa0) || (c == 0xed && second > 0x9f) ||
	    (c == 0xf0 && second < 0x90) || (c == 0xf4 && second > 0x8f) ||
	    (c == 0xef && second == 0xbf && (unsigned char)s.ptr[2] > 0xbd))
		return 0;
	return len;
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

static size_t
repair_one(struct slice s, struct strbuf *out)
{
	char c = s.ptr[0];
	size_t len;

	if (c == '&' && !is_entity(s)) {
		strbuf_add_str(out, "&amp;");
		return 1;
	}
	if (c == '<' && !is_tag(s)) {
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
xml_repair(struct slice document, struct strbuf *out)
{
	struct slice rest = without_declaration(document);

	while (rest.len != 0) {
		size_t len = rest.ptr[0] == '<' ? verbatim_length(rest) : 0;
		size_t done = 0;

		if (len == 0) {
			rest = slice_skip(rest, repair_one(rest, out));
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
