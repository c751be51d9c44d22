/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/utf16_text.h"

enum { REPLACEMENT = 0xfffd };

bool
utf16_has_mark(struct slice text)
{
	return slice_starts(text, SLICE("\xff\xfe")) ||
	    slice_starts(text, SLICE("\xfe\xff"));
}

static void
add_code(struct strbuf *out, uint32_t code)
{
	char bytes[4];
	size_t len = 0;

	if (code < 0x80) {
		strbuf_add_char(out, (char)code);
		return;
	}
	if (code < 0x800) {
		bytes[len++] = (char)(0xc0 | code >> 6);
	} else if (code < 0x10000) {
		bytes[len++] = (char)(0xe0 | code >> 12);
		bytes[len++] = (char)(0x80 | (code >> 6 & 0x3f));
	} else {
		bytes[len++] = (char)(0xf0 | code >> 18);
		bytes[len++] = (char)(0x80 | (code >> 12 & 0x3f));
		bytes[len++] = (char)(0x80 | (code >> 6 & 0x3f));
	}
	bytes[len++] = (char)(0x80 | (code & 0x3f));
	strbuf_add(out, bytes, len);
}

static uint32_t
unit_at(struct slice text, size_t at, bool is_big)
{
	uint32_t first = (unsigned char)text.ptr[at];
	uint32_t second = (unsigned char)text.ptr[at + 1];

	return is_big ? first << 8 | second : second << 8 | first;
}

/* RFC 2781 2.2. */
void
utf16_to_utf8(struct slice text, struct strbuf *out)
{
	bool is_big = slice_starts(text, SLICE("\xfe\xff"));
	size_t at = 2;

	for (; at + 2 <= text.len; at += 2) {
		uint32_t code = unit_at(text, at, is_big);
		uint32_t low = (code & 0xfc00) == 0xd800 &&
		    at + 4 <= text.len ? unit_at(text, at + 2, is_big) : 0;

		if ((low & 0xfc00) == 0xdc00) {
			code = 0x10000 + ((code & 0x3ff) << 10) +
			    (low & 0x3ff);
			at += 2;
		} else if ((code & 0xf800) == 0xd800) {
			code = REPLACEMENT;
		}
		add_code(out, code);
	}
	if (at < text.len)
		add_code(out, REPLACEMENT);
}
