/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/octal_escape.h"

static bool
is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* Behind the backslash: three octal digits of a byte that does not print. */
static bool
read_octal(struct slice rest, char *byte_r)
{
	unsigned value;

	if (rest.len < 3 || rest.ptr[0] > '3' || !is_octal(rest.ptr[0]) ||
	    !is_octal(rest.ptr[1]) || !is_octal(rest.ptr[2]))
		return false;
	value = (unsigned)(rest.ptr[0] - '0') * 64 +
	    (unsigned)(rest.ptr[1] - '0') * 8 + (unsigned)(rest.ptr[2] - '0');
	if (value >= 32 && value < 127)
		return false;
	*byte_r = (char)(unsigned char)value;
	return true;
}

/* The byte for a letter; 0 where it has none. */
static char
letter_byte(char letter)
{
	switch (letter) {
	case 'n':
	case 'r':
		return ' ';
	case 't':
		return '\t';
	case 'b':
		return '\b';
	case 'v':
		return '\v';
	case 'f':
		return '\f';
	default:
		return '\0';
	}
}

/* One escape at the start of TEXT; how many bytes it takes, 0: none. */
static size_t
take_escape(struct slice text, unsigned extras, char *byte_r)
{
	struct slice rest = slice_skip(text, 1);

	if (read_octal(rest, byte_r))
		return 4;
	if (rest.len == 0)
		return 0;
	*byte_r = rest.ptr[0];
	if ((extras & OCTAL_BACKSLASH) != 0 &&
	    (rest.ptr[0] == '\\' || rest.ptr[0] == '"'))
		return 2;
	*byte_r = letter_byte(rest.ptr[0]);
	return (extras & OCTAL_LETTERS) != 0 && *byte_r != '\0' ? 2 : 0;
}

struct slice
octal_unescape(struct slice text, unsigned extras, struct strbuf *scratch)
{
	const char *slash = slice_chr(text, '\\');

	if (slash == NULL)
		return text;
	strbuf_reset(scratch);
	while (slash != NULL) {
		size_t before = (size_t)(slash - text.ptr), used;
		char byte = '\\';

		strbuf_add(scratch, text.ptr, before);
		text = slice_skip(text, before);
		used = take_escape(text, extras, &byte);
		strbuf_add_char(scratch, used != 0 ? byte : '\\');
		text = slice_skip(text, used != 0 ? used : 1);
		slash = slice_chr(text, '\\');
	}
	strbuf_add_slice(scratch, text);
	return strbuf_slice(scratch);
}

struct slice
syslog_unescape(struct slice text, struct strbuf *scratch)
{
	const char *mark = slice_chr(text, '#');

	if (mark == NULL)
		return text;
	strbuf_reset(scratch);
	while (mark != NULL) {
		size_t before = (size_t)(mark - text.ptr);
		char byte;

		strbuf_add(scratch, text.ptr, before);
		text = slice_skip(text, before + 1);
		if (read_octal(text, &byte) && (byte & ~0x7f) == 0) {
			strbuf_add_char(scratch, byte);
			text = slice_skip(text, 3);
		} else {
			strbuf_add_char(scratch, '#');
		}
		mark = slice_chr(text, '#');
	}
	strbuf_add_slice(scratch, text);
	return strbuf_slice(scratch);
}
