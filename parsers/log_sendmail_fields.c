/* SPDX-License-Identifier: BSD-2-Clause */
/* The fields of sendmail's delivery lines (8.18 sendmail/deliver.c
 * logdelivery()):
 *
 *   to=A[,A...][, [more]][, ctladdr=S (uid/gid)], delay=T, xdelay=T, mailer=M
 *       [, tls_verify=.., tls_version=.., cipher=..], pri=N[, relay=H [ip]]
 *       [, dsn=x.y.z][, ntries=N][, stage=..][, reply=R], stat=S
 *
 * R and S hold the remote's words: what stands before them is taken from the
 * left, and they come last. */
#include "parsers/log_sendmail.h"

/* Up to STOP outside quotes: quoted local parts may hold commas, spaces and
 * brackets. In a list the log may have put a backslash before their quotes. */
static size_t
address_length(struct slice text, char stop)
{
	bool is_quoted = false, by_escape = false;
	size_t n = 0;

	for (; n < text.len; n++) {
		char c = text.ptr[n];

		if (!is_quoted && c == stop)
			return n;
		if (c == '\\' && n + 1 < text.len) {
			c = text.ptr[++n];
			if (c != '"' || (is_quoted && !by_escape))
				continue;
			by_escape = true;
			is_quoted = !is_quoted;
		} else if (c == '"' && (!is_quoted || !by_escape)) {
			by_escape = false;
			is_quoted = !is_quoted;
		}
	}
	return n;
}

bool
sendmail_take_address(struct slice *text, struct slice *address_r)
{
	struct slice inner = slice_skip(*text, 1);
	size_t len;

	if (text->len == 0)
		return false;
	if (text->ptr[0] != '<') {
		len = address_length(*text, ',');
		*address_r = slice_of(text->ptr, len);
		*text = slice_skip(*text, len);
		return len != 0;
	}
	len = address_length(inner, '>');
	if (len == inner.len)
		return false;
	*address_r = slice_of(inner.ptr, len);
	*text = slice_skip(inner, len + 1);
	return true;
}

bool
sendmail_take_recipient(struct slice *list, struct slice *address_r)
{
	if (!sendmail_take_address(list, address_r))
		return false;
	if (list->len != 0 && list->ptr[0] == ',')
		*list = slice_skip(*list, 1);
	return true;
}

/* ", key=" at the front of TEXT: the length of the key; 0: none. */
static size_t
key_length(struct slice text)
{
	size_t n = 2;

	if (text.len < 4 || text.ptr[0] != ',' || text.ptr[1] != ' ')
		return 0;
	while (n < text.len && ((text.ptr[n] >= 'a' && text.ptr[n] <= 'z') ||
	    text.ptr[n] == '_'))
		n++;
	return n > 2 && n < text.len && text.ptr[n] == '=' ? n - 2 : 0;
}

/* The list ends where a field, or the mark that it goes on, follows. */
static bool
take_list(struct slice *text, struct slice *list_r)
{
	static const struct slice more = { ", [more]", 8 };
	struct slice rest = *text, address;

	while (sendmail_take_address(&rest, &address)) {
		if (slice_starts(rest, more) || key_length(rest) != 0)
			break;
		if (rest.len == 0 || rest.ptr[0] != ',')
			return false;
		if (slice_starts(rest, SLICE(", ")))
			return false;
		rest = slice_skip(rest, 1);
	}
	*list_r = slice_between(text->ptr, rest.ptr);
	if (slice_starts(rest, more))
		rest = slice_skip(rest, more.len);
	*text = rest;
	return list_r->len != 0;
}

/* "mx.example.com. [192.0.2.1]", "[127.0.0.1] [127.0.0.1]",
 * "mx.example.com.", " [192.0.2.1]" */
static void
read_relay(struct slice value, struct sendmail_fields *fields)
{
	size_t n = value.len;

	if (n == 0 || value.ptr[n - 1] != ']') {
		fields->host = value;
		return;
	}
	while (n > 0 && value.ptr[n - 1] != '[')
		n--;
	if (n == 0)
		return;
	fields->ip = slice_skip(value, n - 1);
	fields->host = slice_trim(slice_of(value.ptr, n - 1));
	if (fields->host.len == 0)
		fields->host = SLICE_NONE;
}

static void
set_field(struct slice key, struct slice value,
    struct sendmail_fields *fields)
{
	if (slice_eq(key, SLICE("mailer")))
		fields->mailer = value;
	else if (slice_eq(key, SLICE("relay")))
		read_relay(value, fields);
	else if (slice_eq(key, SLICE("dsn")))
		fields->dsn = value;
	else if (slice_eq(key, SLICE("delay")))
		fields->delay = value;
	else if (slice_eq(key, SLICE("stage")))
		fields->stage = value;
	else if (slice_eq(key, SLICE("tls_version")))
		fields->tls = value;
}

static const struct slice stat_mark = { ", stat=", 7 };
static const struct slice deferred = { "Deferred: ", 10 };

/* A deferral repeats the reply in stat=; either may be cut. */
static bool
is_repeated(struct slice reply, struct slice stat)
{
	struct slice words;
	size_t len;

	if (!slice_starts(stat, deferred))
		return false;
	words = slice_skip(stat, deferred.len);
	len = reply.len < words.len ? reply.len : words.len;
	if (len > 64)
		len = 64; /* behind it one may be elided */
	return len >= 3 && memcmp(reply.ptr, words.ptr, len) == 0;
}

/* Behind "reply=". The remote may write ", stat=" too: the one that counts
 * is that behind which the reply is repeated, else the last. */
static bool
split_reply(struct slice text, struct sendmail_fields *fields)
{
	const char *at = slice_find(text, stat_mark), *last = NULL;

	while (at != NULL) {
		struct slice behind = slice_skip(text,
		    (size_t)(at - text.ptr) + stat_mark.len);

		last = at;
		if (is_repeated(slice_between(text.ptr, at), behind))
			break;
		at = slice_find(behind, stat_mark);
	}
	if (last == NULL)
		return false;
	fields->reply = slice_between(text.ptr, last);
	fields->stat = slice_skip(text, fields->reply.len + stat_mark.len);
	return true;
}

/* The value ends at the next field. */
static struct slice
take_value(struct slice *text)
{
	const char *comma = slice_chr(*text, ',');
	struct slice value = *text;

	while (comma != NULL) {
		struct slice rest = slice_skip(*text,
		    (size_t)(comma - text->ptr));

		if (key_length(rest) != 0) {
			value.len = (size_t)(comma - text->ptr);
			break;
		}
		comma = slice_chr(slice_skip(rest, 1), ',');
	}
	*text = slice_skip(*text, value.len);
	return value;
}

bool
sendmail_fields_read(struct slice text, struct sendmail_fields *fields_r)
{
	struct sendmail_fields fields = { 0 };
	size_t key;

	*fields_r = fields;
	if (!take_list(&text, &fields.recipients))
		return false;
	while ((key = key_length(text)) != 0) {
		struct slice name = slice_of(text.ptr + 2, key);

		text = slice_skip(text, key + 3);
		*fields_r = fields;
		if (slice_eq(name, SLICE("stat"))) {
			fields.stat = text;
			*fields_r = fields;
			return true;
		}
		if (slice_eq(name, SLICE("reply")))
			return split_reply(text, fields_r);
		set_field(name, take_value(&text), &fields);
	}
	return false;
}
