/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON out (RFC 8259). Knows no document, only values. */
#include "base/json_writer.h"

#include <stdio.h>

#include "base/say.h"
#include "base/swar.h"
#include "base/zone.h"

void
json_init(struct json_writer *json, struct strbuf *out, bool is_pretty)
{
	json->out = out;
	json->needs_comma = false;
	json->is_after_key = false;
	json->is_pretty = is_pretty;
	json->depth = 0;
}

static void
new_line(struct json_writer *json)
{
	strbuf_add_char(json->out, '\n');
	for (unsigned i = 0; i < json->depth; i++)
		strbuf_add(json->out, "  ", 2);
}

/* What stands before a key or a value: comma and line break. */
static void
begin_item(struct json_writer *json)
{
	if (json->is_after_key) {
		json->is_after_key = false;
		return;
	}
	if (json->needs_comma)
		strbuf_add_char(json->out, ',');
	if (json->is_pretty && json->depth > 0)
		new_line(json);
}

static void
open_nest(struct json_writer *json, char bracket)
{
	begin_item(json);
	strbuf_add_char(json->out, bracket);
	json->depth++;
	json->needs_comma = false;
}

static void
close_nest(struct json_writer *json, char bracket)
{
	json->depth--;
	if (json->is_pretty && json->needs_comma)
		new_line(json);
	strbuf_add_char(json->out, bracket);
	json->needs_comma = true;
}

void
json_open_object(struct json_writer *json)
{
	open_nest(json, '{');
}

void
json_close_object(struct json_writer *json)
{
	close_nest(json, '}');
}

void
json_open_array(struct json_writer *json)
{
	open_nest(json, '[');
}

void
json_close_array(struct json_writer *json)
{
	close_nest(json, ']');
}

/* Besides what RFC 8259 section 7 demands, whatever would drive a terminal
 * or a script that embeds the text: it costs nothing, since \u means the
 * same character. */
static bool
needs_escape(uint32_t code)
{
	if (code < 0x20 || code == '"' || code == '\\')
		return true;
	if (code >= 0x7f && code < 0xa0)
		return true;
	if (code == 0x200e || code == 0x200f || code == 0xfeff)
		return true;
	if (code >= 0x2028 && code <= 0x202e)
		return true;
	return (code >= 0x2066 && code <= 0x2069) || code == 0xfffe ||
	    code == 0xffff;
}

static void
add_escape(struct strbuf *out, uint32_t code)
{
	static const char from[] = "\"\\\b\f\n\r\t";
	static const char to[] = "\"\\bfnrt";
	const char *hit =
	    code != 0 && code < 0x80 ? strchr(from, (int)code) : NULL;

	if (hit != NULL) {
		strbuf_add_char(out, '\\');
		strbuf_add_char(out, to[hit - from]);
		return;
	}
	strbuf_addf(out, "\\u%04x", (unsigned)code);
}

/* Bytes at the start of TEXT that stand for themselves. */
static size_t
plain_length(struct slice text)
{
	size_t len = 0;

	for (; len + 8 <= text.len; len += 8) {
		uint64_t word = swar_load(text.ptr + len);

		if ((swar_in_range(word, ' ', '~') & ~swar_equal(word, '"') &
		    ~swar_equal(word, '\\')) != SWAR_TOPS)
			break;
	}
	while (len < text.len && text.ptr[len] >= ' ' &&
	    text.ptr[len] <= '~' && text.ptr[len] != '"' &&
	    text.ptr[len] != '\\')
		len++;
	return len;
}

/* Most texts hold nothing that needs an escape. */
static bool
add_plain(struct strbuf *out, struct slice text)
{
	char *at;

	if (plain_length(text) != text.len)
		return false;
	at = strbuf_room(out, text.len + 2);
	if (at == NULL)
		return false;
	*at = '"';
	if (text.len != 0)
		memcpy(at + 1, text.ptr, text.len);
	at[text.len + 1] = '"';
	strbuf_added(out, text.len + 2);
	return true;
}

static void
add_quoted(struct strbuf *out, struct slice text)
{
	if (add_plain(out, text))
		return;
	strbuf_add_char(out, '"');
	while (text.len > 0) {
		uint32_t code = 0;
		size_t len = plain_length(text);

		if (len != 0) {
			strbuf_add(out, text.ptr, len);
			text = slice_skip(text, len);
			continue;
		}
		len = utf8_sequence(text, &code);
		if (len == 0) {
			strbuf_add(out, "\xef\xbf\xbd", 3);
			len = 1;
		} else if (needs_escape(code)) {
			add_escape(out, code);
		} else {
			strbuf_add(out, text.ptr, len);
		}
		text = slice_skip(text, len);
	}
	strbuf_add_char(out, '"');
}

void
json_key(struct json_writer *json, const char *key)
{
	/* ours, so that nothing in it needs an escape */
	size_t len = strlen(key);
	char *at;

	begin_item(json);
	at = strbuf_room(json->out, len + 4);
	json->is_after_key = true;
	if (at == NULL) {
		json->out->is_cut = true;
		return;
	}
	*at++ = '"';
	memcpy(at, key, len);
	at += len;
	*at++ = '"';
	*at++ = ':';
	if (json->is_pretty)
		*at = ' ';
	strbuf_added(json->out, len + (json->is_pretty ? 4 : 3));
}

void
json_text(struct json_writer *json, struct slice text)
{
	begin_item(json);
	add_quoted(json->out, text);
	json->needs_comma = true;
}

void
json_int(struct json_writer *json, int64_t value)
{
	char digits[20], *at = digits + sizeof(digits);
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	begin_item(json);
	do {
		*--at = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest != 0);
	if (value < 0)
		*--at = '-';
	strbuf_add(json->out, at, (size_t)(digits + sizeof(digits) - at));
	json->needs_comma = true;
}

/* VALUE times the scale is below 2^53, so a double holds it to the unit. No
 * printf: its decimal point follows the locale. */
static void
add_fraction(struct strbuf *out, double value, uint64_t scale)
{
	uint64_t scaled = (uint64_t)(value * (double)scale + 0.5), rest;

	strbuf_addf(out, "%llu", (unsigned long long)(scaled / scale));
	rest = scaled % scale;
	if (rest > 0)
		strbuf_add_char(out, '.');
	/* rest is below scale, so that a digit is below 10 */
	for (; rest > 0; rest = rest * 10 % scale)
		strbuf_add_char(out, (char)('0' + rest * 10 / scale));
}

void
json_real(struct json_writer *json, double value, int decimals)
{
	static const double exact_max = 9007199254740992.0; /* 2^53 */
	static const uint64_t scales[] = { 1, 10, 100, 1000, 10000, 100000,
		1000000 };
	static const int most = sizeof(scales) / sizeof(scales[0]) - 1;
	uint64_t scale = scales[decimals < 0 ? 0 :
	    decimals > most ? most : decimals];
	double size = value < 0 ? -value : value;

	begin_item(json);
	json->needs_comma = true;
	if (!(size <= 1e300)) { /* JSON has neither NaN nor infinity */
		strbuf_add_str(json->out, "null");
		return;
	}
	if (size >= exact_max / (double)scale) {
		strbuf_addf(json->out, "%.0f", value);
		return;
	}
	if (value < 0)
		strbuf_add_char(json->out, '-');
	add_fraction(json->out, size, scale);
}

void
json_bool(struct json_writer *json, bool value)
{
	begin_item(json);
	strbuf_add_str(json->out, value ? "true" : "false");
	json->needs_comma = true;
}

void
json_member_text(struct json_writer *json, const char *key, struct slice text)
{
	if (slice_is_none(text))
		return;
	json_key(json, key);
	json_text(json, text);
}

void
json_member_int(struct json_writer *json, const char *key, int64_t value)
{
	json_key(json, key);
	json_int(json, value);
}

void
json_member_time(struct json_writer *json, const char *key, int64_t utc)
{
	char text[21];

	if (utc == INT64_MIN)
		return;
	rfc3339_utc(utc, text);
	json_key(json, key);
	json_text(json, slice_str(text));
}
