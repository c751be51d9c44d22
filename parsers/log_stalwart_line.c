/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/log_stalwart.h"

/* "key = " */
static bool
is_key(struct slice text, size_t *len_r)
{
	size_t n = 0;

	while (n < text.len && ascii_is_alnum(text.ptr[n]))
		n++;
	*len_r = n;
	return n != 0 && slice_starts(slice_skip(text, n),
	    slice_of(" = ", 3));
}

/* Does the text behind a quote show that the quote was the closing one?
 * Older versions write quotes inside as they are. */
static bool
is_close(struct slice rest)
{
	size_t unused;

	if (rest.len == 0 || rest.ptr[0] == ']' ||
	    slice_starts(rest, slice_of(" }", 2)))
		return true;
	return slice_starts(rest, slice_of(", ", 2)) &&
	    (rest.len == 2 || rest.ptr[2] == '"' ||
	    is_key(slice_skip(rest, 2), &unused));
}

/* A text in quotes at the front of *TEXT, which moves behind it. */
static struct slice
take_quoted(struct slice *text)
{
	for (size_t i = 1; i < text->len; i++) {
		if (text->ptr[i] == '\\' && i + 1 < text->len) {
			i++;
		} else if (text->ptr[i] == '"' &&
		    is_close(slice_skip(*text, i + 1))) {
			struct slice value = slice_of(text->ptr + 1, i - 1);

			*text = slice_skip(*text, i + 1);
			return value;
		}
	}
	*text = slice_skip(*text, text->len); /* it was cut */
	return SLICE_NONE;
}

/* A list in brackets: what stands between them. */
static struct slice
take_list(struct slice *text)
{
	struct slice rest = slice_skip(*text, 1), value;

	while (rest.len != 0 && rest.ptr[0] != ']') {
		if (rest.ptr[0] == '"')
			(void)take_quoted(&rest);
		else
			rest = slice_skip(rest, 1);
	}
	value = slice_between(text->ptr + 1, rest.ptr);
	*text = slice_skip(rest, 1);
	return value;
}

static struct slice
take_value(struct slice *text, bool *is_list_r)
{
	struct slice value;
	const char *end;

	*is_list_r = text->len != 0 && text->ptr[0] == '[';
	if (*is_list_r)
		return take_list(text);
	if (text->len != 0 && text->ptr[0] == '"')
		return take_quoted(text);
	end = slice_find(*text, slice_of(", ", 2));
	value = end != NULL ? slice_between(text->ptr, end) : *text;
	*text = slice_skip(*text, value.len);
	return value;
}

struct slice
stalwart_next_address(struct slice *list)
{
	const char *quote = slice_chr(*list, '"');
	struct slice address;

	if (quote == NULL)
		return SLICE_NONE;
	*list = slice_skip(*list, (size_t)(quote - list->ptr));
	address = take_quoted(list);
	if (address.len >= 2 && address.ptr[0] == '<')
		address = slice_of(address.ptr + 1, address.len - 2);
	return address;
}

static bool
keep(struct stalwart_line *line, struct slice key, struct slice value,
    bool is_list)
{
	struct {
		const char *name;
		struct slice *place;
	} places[] = {
		{ "queueId", &line->id }, { "from", &line->from },
		{ "to", &line->to }, { "size", &line->size },
		{ "hostname", &line->host }, { "localIp", &line->local_ip },
		{ "remoteIp", &line->remote_ip },
		{ "remotePort", &line->port }, { "domain", &line->domain },
		{ "version", &line->version }, { "code", &line->code },
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (slice_eq(key, slice_str(places[i].name))) {
			*places[i].place = value;
			if (places[i].place == &line->to)
				line->is_list = is_list;
			return true;
		}
	return false;
}

/* Words of an answer come last, but for the time it took: a remote may write
 * what looks like keys. */
static struct slice
last_text(struct slice text)
{
	static const struct slice elapsed = { ", elapsed = ", 12 };
	struct slice rest = text;
	const char *at;

	while ((at = slice_find(rest, elapsed)) != NULL) {
		text.len = (size_t)(at - text.ptr);
		rest = slice_skip(rest, (size_t)(at - rest.ptr) + 1);
	}
	if (slice_ends(text, slice_of(" }", 2)))
		text.len -= 2;
	if (text.len != 0 && text.ptr[0] == '"')
		text = slice_skip(text, 1);
	if (text.len != 0 && text.ptr[text.len - 1] == '"')
		text.len--;
	return text;
}

static void
read_keys(struct slice text, struct stalwart_line *line);

/* "causedBy = SMTP error (smtp.error) { details = "Unexpected Response",
 * code = 550, reason = "words" }" */
static void
read_cause(struct slice text, struct stalwart_line *line)
{
	const char *open = slice_find(text, slice_of("{ ", 2));
	struct slice details = SLICE_NONE;
	size_t key;

	if (open == NULL)
		return;
	text = slice_skip(text, (size_t)(open + 2 - text.ptr));
	if (slice_starts(text, SLICE("details = \""))) {
		text = slice_skip(text, 10);
		details = take_quoted(&text);
		if (slice_starts(text, slice_of(", ", 2)) &&
		    is_key(slice_skip(text, 2), &key))
			text = slice_skip(text, 2);
	}
	line->words = SLICE_NONE;
	read_keys(text, line);
	if (slice_is_none(line->words))
		line->words = details;
}

static void
read_keys(struct slice text, struct stalwart_line *line)
{
	size_t len;

	while (is_key(text, &len)) {
		struct slice key = slice_of(text.ptr, len), value;
		bool is_list;

		text = slice_skip(text, len + 3);
		if (slice_eq(key, SLICE("details")) ||
		    slice_eq(key, SLICE("reason"))) {
			line->words = last_text(text);
			return;
		}
		/* one deep: causes of causes are not looked at */
		if (slice_eq(key, SLICE("causedBy"))) {
			if (slice_is_none(line->words))
				read_cause(text, line);
			return;
		}
		value = take_value(&text, &is_list);
		(void)keep(line, key, value, is_list);
		if (slice_starts(text, slice_of(", ", 2)))
			text = slice_skip(text, 2);
	}
}

static bool
is_event_name(struct slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!ascii_is_alnum(name.ptr[i]) && name.ptr[i] != '.' &&
		    name.ptr[i] != '-')
			return false;
	return name.len > 3 && slice_chr(name, '.') != NULL;
}

static bool
take_level(struct slice *text)
{
	static const struct slice levels[] = { { "INFO ", 5 }, { "WARN ", 5 },
		{ "ERROR ", 6 }, { "DEBUG ", 6 }, { "TRACE ", 6 } };

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (slice_starts(*text, levels[i])) {
			*text = slice_skip(*text, levels[i].len);
			return true;
		}
	return false;
}

bool
stalwart_line_read(struct slice text, struct stalwart_line *line_r)
{
	const char *open, *close;

	*line_r = (struct stalwart_line){ .event = SLICE_NONE };
	if (!take_level(&text))
		return false;
	/* descriptions have no brackets */
	open = slice_chr(text, '(');
	if (open == NULL)
		return false;
	text = slice_skip(text, (size_t)(open + 1 - text.ptr));
	close = slice_chr(text, ')');
	if (close == NULL)
		return false;
	line_r->event = slice_between(text.ptr, close);
	if (!is_event_name(line_r->event))
		return false;
	if (slice_starts(line_r->event, SLICE("delivery.")) ||
	    slice_starts(line_r->event, SLICE("queue.")))
		read_keys(slice_trim(slice_skip(text, line_r->event.len + 1)),
		    line_r);
	return true;
}
