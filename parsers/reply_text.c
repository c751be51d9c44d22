/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/reply_text.h"

uint16_t
reply_code_of(struct slice text)
{
	if (text.len < 3 || text.ptr[0] < '2' || text.ptr[0] > '5' ||
	    !ascii_is_digit(text.ptr[1]) || !ascii_is_digit(text.ptr[2]))
		return 0;
	if (text.len > 3 && text.ptr[3] != ' ' && text.ptr[3] != '-')
		return 0;
	return (uint16_t)((text.ptr[0] - '0') * 100 +
	    (text.ptr[1] - '0') * 10 + (text.ptr[2] - '0'));
}

size_t
enhanced_code_length(struct slice text)
{
	size_t n = 1;

	if (text.len < 5 || (text.ptr[0] != '2' && text.ptr[0] != '4' &&
	    text.ptr[0] != '5'))
		return 0;
	for (int part = 0; part < 2; part++) {
		size_t digits = 0;

		if (n >= text.len || text.ptr[n++] != '.')
			return 0;
		while (n < text.len && digits < 3 &&
		    ascii_is_digit(text.ptr[n])) {
			n++;
			digits++;
		}
		if (digits == 0)
			return 0;
	}
	return n == text.len || text.ptr[n] == ' ' ? n : 0;
}

/* Where the next line of the reply starts: " DDD-" or " DDD " behind the
 * front; the length of TEXT where there is none. */
static size_t
next_line(struct slice text, const char *code)
{
	size_t n = 0;

	while (n + 4 < text.len) {
		const char *space = memchr(text.ptr + n, ' ',
		    text.len - n - 4);

		if (space == NULL)
			break;
		n = (size_t)(space - text.ptr);
		if (memcmp(space + 1, code, 3) == 0 &&
		    (space[4] == '-' || space[4] == ' '))
			return n;
		n++;
	}
	if (text.len >= 4 && text.ptr[text.len - 4] == ' ' &&
	    memcmp(text.ptr + text.len - 3, code, 3) == 0)
		return text.len - 4; /* "550" alone at the very end */
	return text.len;
}

static void
add_words(struct strbuf *out, struct slice words)
{
	words = slice_trim(words);
	if (words.len == 0)
		return;
	if (out->len != 0)
		strbuf_add_char(out, ' ');
	strbuf_add_slice(out, words);
}

struct slice
reply_unfold(struct slice text, struct strbuf *scratch)
{
	const char *code = text.ptr;
	struct slice status = SLICE_NONE;
	bool is_last = false;

	if (text.len < 4 || text.ptr[3] != '-' || reply_code_of(text) == 0)
		return text;
	strbuf_reset(scratch);
	strbuf_add(scratch, code, 3);
	while (text.len >= 3) {
		struct slice rest, words;

		is_last = text.len == 3 || text.ptr[3] == ' ';
		rest = slice_skip(text, 4);
		/* Its own first space may be the next line's. */
		words = is_last ? rest :
		    slice_of(rest.ptr, next_line(rest, code));
		text = slice_skip(rest, words.len + 1);
		if (scratch->len == 3)
			status = slice_of(words.ptr,
			    enhanced_code_length(words));
		else if (status.len != 0 && slice_starts(words, status) &&
		    enhanced_code_length(words) == status.len)
			words = slice_skip(words, status.len);
		add_words(scratch, words);
	}
	return strbuf_slice(scratch);
}
