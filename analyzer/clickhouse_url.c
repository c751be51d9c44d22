/* SPDX-License-Identifier: BSD-2-Clause */
/* clickhouse://... taken apart (RFC 3986, of which only this much). */
#include "analyzer/clickhouse.h"

#include <stdlib.h>

enum { PORT_PLAIN = 8123, PORT_TLS = 8443 };

static const char scheme_plain[] = "clickhouse://";
static const char scheme_tls[] = "clickhouses://";

static bool
starts_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool
clickhouse_is_url(const char *text)
{
	return starts_with(text, scheme_plain) ||
	    starts_with(text, scheme_tls);
}

static int
hex_value(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* NULL: a broken escape, or a control character. */
static char *
decode(struct slice text)
{
	char *out = mx_alloc(text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == '%') {
			int high = i + 2 < text.len ? hex_value(text.ptr[i + 1])
			    : -1;
			int low = high >= 0 ? hex_value(text.ptr[i + 2]) : -1;

			c = low < 0 ? '\0' : (char)(high * 16 + low);
			i += 2;
		}
		if ((unsigned char)c < 0x20 || c == 0x7f) {
			free(out);
			return NULL;
		}
		out[len++] = c;
	}
	out[len] = '\0';
	return out;
}

/* A name of one path segment, one host: nothing in it that would lead
 * elsewhere when it is put into a URL or a statement. */
static bool
is_plain(const char *text)
{
	return text != NULL && text[0] != '\0' &&
	    strpbrk(text, "/?#@\"'`\\ ") == NULL;
}

/* HOST, HOST:PORT, [ADDRESS], [ADDRESS]:PORT. */
static bool
split_host(struct slice text, struct clickhouse_url *url)
{
	const char *colon;
	struct slice host = text, port = SLICE_NONE;
	uint64_t number;

	if (text.len != 0 && text.ptr[0] == '[') {
		const char *close = slice_chr(text, ']');

		if (close == NULL)
			return false;
		host = slice_between(text.ptr + 1, close);
		text = slice_between(close + 1, text.ptr + text.len);
		if (text.len != 0 && text.ptr[0] != ':')
			return false;
		port = text.len != 0 ? slice_skip(text, 1) : SLICE_NONE;
	} else if ((colon = slice_chr(text, ':')) != NULL) {
		host = slice_between(text.ptr, colon);
		port = slice_between(colon + 1, text.ptr + text.len);
	}
	if (!slice_is_none(port)) {
		if (slice_number(port, UINT16_MAX, &number) != port.len ||
		    port.len == 0 || number == 0)
			return false;
		url->port = (uint16_t)number;
	}
	url->host = decode(host);
	return is_plain(url->host);
}

/* "?tls=1" alone. */
static bool
take_tls(struct slice *rest, struct clickhouse_url *url)
{
	const char *mark = slice_chr(*rest, '?');
	struct slice query;

	if (mark == NULL)
		return true;
	query = slice_between(mark + 1, rest->ptr + rest->len);
	*rest = slice_between(rest->ptr, mark);
	if (slice_eq(query, SLICE("tls=1")))
		url->has_tls = true;
	else if (!slice_eq(query, SLICE("tls=0")) || url->has_tls)
		return false;
	return true;
}

static bool
split(struct slice rest, struct clickhouse_url *url)
{
	const char *slash, *at;
	struct slice place;

	if (!take_tls(&rest, url))
		return false;
	url->port = url->has_tls ? PORT_TLS : PORT_PLAIN;
	slash = slice_chr(rest, '/');
	if (slash == NULL)
		return false;
	place = slice_between(rest.ptr, slash);
	url->database = decode(slice_between(slash + 1, rest.ptr + rest.len));
	if (!is_plain(url->database))
		return false;
	at = slice_chr(place, '@');
	if (at != NULL) {
		url->user = decode(slice_between(place.ptr, at));
		if (!is_plain(url->user))
			return false;
		place = slice_between(at + 1, place.ptr + place.len);
	}
	return split_host(place, url);
}

/* Before the '@' stands a ':'; the text is not shown then. */
static bool
has_password(struct slice rest)
{
	const char *at = slice_chr(rest, '@');

	return at != NULL && slice_chr(slice_between(rest.ptr, at), ':') != NULL;
}

enum mx_code
clickhouse_url_parse(const char *text, struct clickhouse_url *url_r,
    struct mx_err *err)
{
	struct clickhouse_url url = { .has_tls = starts_with(text, scheme_tls) };
	struct slice rest = slice_str(text);

	if (clickhouse_is_url(text)) {
		rest = slice_skip(rest, strlen(url.has_tls ? scheme_tls :
		    scheme_plain));
		if (has_password(rest))
			return mx_fail(err, MX_E_USAGE, "a password does not "
			    "belong into the URL: [clickhouse] password_file or "
			    "MXTREND_CLICKHOUSE_PASSWORD");
		if (split(rest, &url)) {
			*url_r = url;
			return MX_OK;
		}
		clickhouse_url_release(&url);
	}
	return mx_fail(err, MX_E_USAGE, "\"%s\" is not "
	    "clickhouse://[USER@]HOST[:PORT]/DATABASE", text);
}

void
clickhouse_url_release(struct clickhouse_url *url)
{
	free(url->user);
	free(url->host);
	free(url->database);
	memset(url, 0, sizeof(*url));
}
