/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/report_text.h"

#include "base/limits.h"
#include "parsers/domain_name.h"

struct slice
report_word(struct slice text, const char *const *list)
{
	for (; *list != NULL && text.len != 0; list++)
		if (ascii_lower(text.ptr[0]) == (*list)[0] && slice_eq_nocase(text, slice_str(*list)))
			return slice_str(*list);
	return text;
}

struct slice
report_domain(struct arena *arena, struct slice text)
{
	char buf[LIMIT_DOMAIN_BYTES];
	struct slice plain = slice_trim(text);

	if (plain.len == 0)
		return SLICE_NONE;
	return arena_slice(arena, domain_name_plain(plain, buf));
}

/* "192.000.002.001:25" and "192.0.2.1/32" are one address. */
static bool
loose_ipv4(struct slice text, struct ipaddr *addr_r)
{
	struct ipaddr addr = { .family = IP_V4 };

	for (unsigned i = 0; i < 4; i++) {
		uint64_t part;
		size_t len = slice_number(text, 255, &part);

		if (len == 0 || len > 3)
			return false;
		addr.bytes[i] = (uint8_t)part;
		text = slice_skip(text, len);
		if (i < 3 && (text.len == 0 || text.ptr[0] != '.'))
			return false;
		text = i < 3 ? slice_skip(text, 1) : text;
	}
	if (text.len != 0 && text.ptr[0] != ':' && text.ptr[0] != '/')
		return false;
	for (size_t i = 1; i < text.len; i++)
		if (!ascii_is_digit(text.ptr[i]))
			return false;
	*addr_r = addr;
	return true;
}

static struct slice
before(struct slice text, char c)
{
	const char *at = slice_chr(text, c);

	return at != NULL ? slice_between(text.ptr, at) : text;
}

struct slice
report_ip(struct arena *arena, struct slice text)
{
	char buf[IPADDR_TEXT];
	struct ipaddr addr;
	const char *close;

	text = slice_trim(text);
	if (text.len != 0 && text.ptr[0] == '[' &&
	    (close = slice_chr(text, ']')) != NULL)
		text = slice_between(text.ptr + 1, close);
	/* mapped into IPv6, the IPv4 part as carelessly written as ever */
	if (text.len > 7 && slice_eq_nocase(slice_of(text.ptr, 7),
	    SLICE("::ffff:")) && slice_chr(text, '.') != NULL)
		text = slice_skip(text, 7);
	if (!ipaddr_parse_literal(text, &addr) && !loose_ipv4(text, &addr) &&
	    !ipaddr_parse_literal(before(text, '/'), &addr))
		return SLICE_NONE;
	return arena_slice(arena, slice_of(buf, ipaddr_format(&addr, buf)));
}

bool
report_count(struct slice text, int64_t *count_r)
{
	int64_t count = 0;
	size_t i = 0, digits = 0;

	text = slice_trim(text);
	if (text.len != 0 && text.ptr[0] == '+')
		text = slice_skip(text, 1);
	for (; i < text.len && text.ptr[i] != '.'; i++) {
		char c = text.ptr[i];

		if (digits != 0 && (c == ',' || c == ' ' || c == '\''))
			continue;
		if (!ascii_is_digit(c) || digits++ == 15)
			return false;
		count = count * 10 + (c - '0');
	}
	/* a fraction only where it says nothing */
	for (i++; i < text.len; i++)
		if (text.ptr[i] != '0')
			return false;
	if (digits == 0)
		return false;
	*count_r = count;
	return true;
}

const char *
report_find_nocase(struct slice text, struct slice needle)
{
	for (size_t i = 0; i + needle.len <= text.len; i++)
		if (slice_eq_nocase(slice_of(text.ptr + i, needle.len),
		    needle))
			return text.ptr + i;
	return NULL;
}

/* ------------------------------------------------------------------ */

bool
report_line(struct slice *text, struct slice *line_r)
{
	size_t i = 0;

	if (text->len == 0)
		return false;
	while (i < text->len && text->ptr[i] != '\n' && text->ptr[i] != '\r')
		i++;
	*line_r = slice_of(text->ptr, i);
	if (i + 1 < text->len && text->ptr[i] == '\r' &&
	    text->ptr[i + 1] == '\n')
		i++;
	*text = slice_skip(*text, i + 1);
	return true;
}

/* Length of a field's name, 0 when LINE is no field (RFC 5322 2.2). */
static size_t
field_name_length(struct slice line)
{
	size_t i = 0;

	while (i < line.len && line.ptr[i] > ' ' && line.ptr[i] < '\x7f' &&
	    line.ptr[i] != ':')
		i++;
	if (i == 0)
		return 0;
	for (size_t k = i; k < line.len; k++) {
		if (line.ptr[k] == ':')
			return i;
		if (line.ptr[k] != ' ' && line.ptr[k] != '\t')
			break;
	}
	return 0;
}

static bool
is_folded(struct slice text)
{
	return text.len != 0 && (text.ptr[0] == ' ' || text.ptr[0] == '\t');
}

static struct slice
unfold(struct slice *text, struct arena *arena, struct slice value)
{
	struct slice rest = *text, line;
	size_t len = value.len;
	char *joined;

	value = slice_trim(value);
	if (!is_folded(rest))
		return arena_slice(arena, value);
	while (is_folded(rest) && report_line(&rest, &line))
		len += line.len + 1;
	joined = arena_alloc(arena, len + 1);
	memcpy(joined, value.ptr != NULL ? value.ptr : "", value.len);
	len = value.len;
	while (is_folded(*text) && report_line(text, &line)) {
		line = slice_trim(line);
		if (len != 0)
			joined[len++] = ' ';
		if (line.len != 0)
			memcpy(joined + len, line.ptr, line.len);
		len += line.len;
	}
	joined[len] = '\0';
	return slice_trim(slice_of(joined, len));
}

bool
report_field(struct slice *text, struct arena *arena, struct slice *name_r,
    struct slice *value_r)
{
	struct slice line;

	while (report_line(text, &line)) {
		size_t len = field_name_length(line);
		const char *colon;

		if (slice_trim(line).len == 0)
			return false;
		if (len == 0)
			continue;
		colon = slice_chr(line, ':');
		*name_r = slice_of(line.ptr, len);
		*value_r = unfold(text, arena,
		    slice_between(colon + 1, line.ptr + line.len));
		return true;
	}
	return false;
}

struct slice
report_field_named(struct slice text, struct arena *arena, const char *name)
{
	struct slice field, value;

	while (report_field(&text, arena, &field, &value))
		if (slice_eq_nocase(field, slice_str(name)))
			return value;
	return SLICE_NONE;
}

struct slice
report_address(struct slice text)
{
	const char *semicolon = slice_chr(text, ';');
	const char *open, *close;

	if (semicolon != NULL)
		text = slice_between(semicolon + 1, text.ptr + text.len);
	text = slice_trim(text);
	open = slice_chr(text, '<');
	if (open != NULL) {
		text = slice_between(open + 1, text.ptr + text.len);
		close = slice_chr(text, '>');
		if (close != NULL)
			text = slice_between(text.ptr, close);
	} else if ((open = slice_find(text, SLICE(" ("))) != NULL) {
		text = slice_between(text.ptr, open);
	}
	return slice_trim(text);
}
