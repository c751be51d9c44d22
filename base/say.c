/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/say.h"

#include <stdio.h>

enum { MESSAGE_MAX = 4096 };

size_t
utf8_sequence(struct slice text, uint32_t *codepoint_r)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char first;
	uint32_t code;
	size_t len;

	if (text.len == 0)
		return 0;
	first = (unsigned char)text.ptr[0];
	if (first < 0x80) {
		*codepoint_r = first;
		return 1;
	}
	if (first < 0xc2 || first > 0xf4)
		return 0;
	len = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	if (text.len < len)
		return 0;
	code = first & (0xffu >> (len + 1));
	for (size_t i = 1; i < len; i++) {
		unsigned char next = (unsigned char)text.ptr[i];

		if ((next & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (next & 0x3fu);
	}
	if (code < least[len] || code > 0x10ffff ||
	    (code >= 0xd800 && code <= 0xdfff))
		return 0;
	*codepoint_r = code;
	return len;
}

static bool
is_harmless(uint32_t code)
{
	if (code < 0x20 || (code >= 0x7f && code < 0xa0))
		return false;
	if (code == 0x200e || code == 0x200f || code == 0xfeff)
		return false;
	if (code == 0x2028 || code == 0x2029)
		return false;
	if ((code & 0xfffe) == 0xfffe || (code >= 0xfdd0 && code <= 0xfdef))
		return false; /* noncharacters: no text, says Unicode 23.7 */
	return !(code >= 0x202a && code <= 0x202e) &&
	    !(code >= 0x2066 && code <= 0x2069);
}

static void
add_hex(struct strbuf *out, struct slice bytes)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char byte = (unsigned char)bytes.ptr[i];
		char text[4] = { '\\', 'x', digits[byte >> 4],
			digits[byte & 15] };

		strbuf_add(out, text, sizeof(text));
	}
}

void
scrub_text(struct strbuf *out, struct slice text, bool ascii_only)
{
	while (text.len > 0) {
		uint32_t code = 0;
		size_t len = utf8_sequence(text, &code);
		struct slice part = slice_of(text.ptr, len != 0 ? len : 1);

		if (len == 0 || !is_harmless(code) || (ascii_only && len > 1))
			add_hex(out, part);
		else
			strbuf_add_slice(out, part);
		text = slice_skip(text, part.len);
	}
}

static void say_line(const char *fmt, va_list args) MX_PRINTF(1, 0);

static void
say_line(const char *fmt, va_list args)
{
	char text[MESSAGE_MAX];
	struct strbuf line;

	if (vsnprintf(text, sizeof(text), fmt, args) < 0)
		return;
	strbuf_init(&line, (size_t)4 * MESSAGE_MAX);
	strbuf_add_str(&line, "mxtrend: ");
	scrub_text(&line, slice_str(text), false);
	strbuf_add_char(&line, '\n');
	(void)fwrite(line.ptr, 1, line.len, stderr);
	(void)fflush(stderr);
	strbuf_release(&line);
}

void
say_error(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say_line(fmt, args);
	va_end(args);
}

void
say_note(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say_line(fmt, args);
	va_end(args);
}

void
say_err(const char *place, const struct mx_err *err)
{
	if (place != NULL)
		say_error("%s: %s", place, err->text);
	else
		say_error("%s", err->text);
}

void
say_progress(const char *fmt, ...)
{
	char text[MESSAGE_MAX] = "";
	struct strbuf line;
	va_list args;

	strbuf_init(&line, (size_t)4 * MESSAGE_MAX);
	strbuf_add_str(&line, "\r\033[K"); /* erase to the end of the line */
	if (fmt != NULL) {
		va_start(args, fmt);
		if (vsnprintf(text, sizeof(text), fmt, args) < 0)
			text[0] = '\0';
		va_end(args);
		scrub_text(&line, slice_str(text), false);
	}
	(void)fwrite(line.ptr, 1, line.len, stderr);
	(void)fflush(stderr);
	strbuf_release(&line);
}
