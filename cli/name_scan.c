/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/name_scan.h"

#include "base/ipaddr.h"

static bool
is_high(char c)
{
	return ((unsigned char)c & 0x80) != 0;
}

/* ---- mail addresses ---- */

/* RFC 5322 3.2.3 atext, the dot, and UTF-8. */
static bool
is_local(char c)
{
	return ascii_is_alnum(c) || is_high(c) ||
	    (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

static bool
is_host(char c)
{
	return ascii_is_alnum(c) || is_high(c) || c == '-' || c == '_';
}

/* How long the sign between local part and domain is at P, 0 = none. */
static size_t
at_sign(struct slice text, size_t p)
{
	if (text.ptr[p] == '@')
		return 1;
	return slice_starts(slice_skip(text, p), SLICE("%40")) ? 3 : 0;
}

/* The quote that opens the string which ends before SIGN. */
static bool
quoted_begin(struct slice text, size_t sign, size_t *begin_r)
{
	for (size_t p = sign - 1; p-- > 0;) {
		if (text.ptr[p] != '"' || (p > 0 && text.ptr[p - 1] == '\\'))
			continue;
		*begin_r = p;
		return true;
	}
	return false;
}

/* In a link only the value of a parameter is the local part. */
static size_t
behind_link(struct slice text, size_t begin, size_t end)
{
	bool is_link = text.ptr[begin] == '&' ||
	    (begin > 0 && text.ptr[begin - 1] == ':' &&
	    slice_starts(slice_skip(text, begin), SLICE("//")));
	size_t at = begin;

	for (size_t p = begin; p < end; p++)
		is_link = is_link || text.ptr[p] == '?';
	if (!is_link)
		return begin;
	for (size_t p = begin; p < end; p++)
		if (strchr("/?&", text.ptr[p]) != NULL)
			at = p + 1;
	for (size_t p = at; p < end; p++)
		if (text.ptr[p] == '=')
			return p + 1;
	return at;
}

static size_t
local_begin(struct slice text, size_t from, size_t sign)
{
	size_t begin = sign;

	if (sign > from + 1 && text.ptr[sign - 1] == '"' &&
	    quoted_begin(text, sign, &begin) && begin >= from)
		return begin;
	begin = sign;
	while (begin > from && is_local(text.ptr[begin - 1]))
		begin--;
	return behind_link(text, begin, sign);
}

static size_t
domain_end(struct slice text, size_t begin)
{
	size_t end = begin;

	while (end < text.len && (is_host(text.ptr[end]) ||
	    (text.ptr[end] == '.' && end + 1 < text.len &&
	    is_host(text.ptr[end + 1]))))
		end++;
	return end;
}

bool
scan_address(struct slice text, size_t at, struct found_address *found_r)
{
	for (size_t p = at; p < text.len; p++) {
		size_t sign = at_sign(text, p), begin, end;

		if (sign == 0)
			continue;
		begin = local_begin(text, at, p);
		if (begin == p)
			continue;
		end = domain_end(text, p + sign);
		found_r->local = slice_of(text.ptr + begin, p - begin);
		found_r->domain = slice_of(text.ptr + p + sign,
		    end - p - sign);
		return true;
	}
	return false;
}

/* ---- IP addresses ---- */

static bool
is_hex(char c)
{
	return ascii_is_digit(c) || (c >= 'a' && c <= 'f') ||
	    (c >= 'A' && c <= 'F');
}

/* Four numbers joined by SIGN at the start of TEXT. */
static size_t
quad(struct slice text, char sign)
{
	char copy[16];
	struct ipaddr ip;
	size_t len = 0, signs = 0;

	while (len < text.len && len < 15 && (ascii_is_digit(text.ptr[len]) ||
	    (text.ptr[len] == sign && signs < 3))) {
		signs += text.ptr[len] == sign;
		copy[len] = text.ptr[len] == sign ? '.' : text.ptr[len];
		len++;
	}
	if (signs != 3 || !ipaddr_parse(slice_of(copy, len), &ip))
		return 0;
	/* a fifth number: a version or an OID */
	if (len < text.len && (ascii_is_digit(text.ptr[len]) ||
	    (text.ptr[len] == sign && len + 1 < text.len &&
	    ascii_is_digit(text.ptr[len + 1]))))
		return 0;
	return len;
}

static size_t
ipv6(struct slice text)
{
	struct ipaddr ip;
	size_t len = 0, colons = 0;

	while (len < text.len && (is_hex(text.ptr[len]) ||
	    text.ptr[len] == ':' || (text.ptr[len] == '.' && colons > 1))) {
		colons += text.ptr[len] == ':';
		len++;
	}
	while (len > 0 && (text.ptr[len - 1] == '.' ||
	    (text.ptr[len - 1] == ':' && !(len > 1 &&
	    text.ptr[len - 2] == ':'))))
		len--;
	/* an address and ":25" behind it must not look like none */
	while (len > 0 && colons > 1 &&
	    !ipaddr_parse(slice_of(text.ptr, len), &ip)) {
		do
			len--;
		while (len > 0 && text.ptr[len] != ':');
	}
	if (colons < 2 || len < 3)
		return 0;
	return ipaddr_parse(slice_of(text.ptr, len), &ip) ? len : 0;
}

/* A group before this one belongs to it, but for the tag of RFC 5321 4.1.3. */
static bool
may_begin_ipv6(struct slice text, size_t p)
{
	char before = p > 0 ? text.ptr[p - 1] : ' ';

	if (before == ':')
		return p >= 5 && slice_eq_nocase(slice_of(text.ptr + p - 5, 5),
		    SLICE("ipv6:"));
	return !ascii_is_alnum(before);
}

bool
scan_ip(struct slice text, size_t at, struct slice *found_r)
{
	for (size_t p = at; p < text.len; p++) {
		struct slice rest = slice_skip(text, p);
		char before = p > at ? text.ptr[p - 1] : ' ';
		size_t len;

		if (!is_hex(text.ptr[p]) && text.ptr[p] != ':')
			continue;
		len = ascii_is_digit(before) || before == '.' ? 0 :
		    quad(rest, '.');
		if (len == 0 && !ascii_is_digit(before))
			len = quad(rest, '-');
		if (len == 0 && may_begin_ipv6(text, p))
			len = ipv6(rest);
		if (len == 0)
			continue;
		*found_r = slice_of(rest.ptr, len);
		return true;
	}
	return false;
}

/* ---- host names ---- */

static bool
is_extension(struct slice label)
{
	static const char *const list[] = { "log", "gz", "xz", "zst", "bz2",
		"zip", "tar", "txt", "csv", "tsv", "json", "jsonl", "xml",
		"html", "htm", "aspx", "asp", "php", "cgi", "pdf", "xlsx",
		"eml", "mbox", "conf", "db" };

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		if (slice_eq_nocase(label, slice_str(list[i])))
			return true;
	return false;
}

/* The last label of NAME; *rest_r is what stands before its dot. */
static struct slice
last_label(struct slice name, struct slice *rest_r)
{
	size_t begin = name.len;

	while (begin > 0 && name.ptr[begin - 1] != '.')
		begin--;
	*rest_r = slice_of(name.ptr, begin > 0 ? begin - 1 : 0);
	return slice_skip(name, begin);
}

static bool
is_top_level(struct slice label)
{
	if (label.len < 2)
		return false;
	if (slice_starts(label, SLICE("xn--")))
		return true;
	for (size_t i = 0; i < label.len; i++)
		if (!ascii_is_alpha(label.ptr[i]) && !is_high(label.ptr[i]))
			return false;
	return true;
}

/* NAME without extensions and numbers of rotated files at its end. */
static struct slice
without_extensions(struct slice name)
{
	struct slice rest, label = last_label(name, &rest);
	bool was_extension = false;

	while (rest.len > 0 && (is_extension(label) ||
	    (!was_extension && label.len < 3 && label.len > 0 &&
	    ascii_is_digit(label.ptr[0])))) {
		was_extension = was_extension || is_extension(label);
		name = rest;
		label = last_label(name, &rest);
	}
	return name;
}

bool
scan_domain(struct slice text, size_t at, struct slice *found_r)
{
	for (size_t p = at; p < text.len;) {
		size_t end;
		struct slice name, rest;

		if (!is_host(text.ptr[p])) {
			p++;
			continue;
		}
		end = domain_end(text, p);
		name = without_extensions(slice_of(text.ptr + p, end - p));
		if (is_top_level(last_label(name, &rest)) && rest.len > 0) {
			*found_r = name;
			return true;
		}
		p = end + 1;
	}
	return false;
}

/* ---- words ---- */

static bool
is_of_word(char c)
{
	return ascii_is_alnum(c) || is_high(c);
}

bool
scan_is_word(struct slice text, struct slice word)
{
	const char *end = word.ptr + word.len;

	return (word.ptr == text.ptr || !is_of_word(word.ptr[-1])) &&
	    (end == text.ptr + text.len || !is_of_word(*end));
}

const char *
scan_word(struct slice text, size_t at, struct slice name)
{
	for (size_t p = at; name.len > 0 && p + name.len <= text.len; p++) {
		struct slice here = slice_of(text.ptr + p, name.len);

		if (slice_eq_nocase(here, name) && scan_is_word(text, here))
			return here.ptr;
	}
	return NULL;
}

/* ---- persons ---- */

bool
scan_is_role(struct slice name)
{
	static const char *const roles[] = { "abuse", "admin", "bounce",
		"bounces", "contact", "daemon", "help", "hostmaster", "info",
		"list", "mail", "mailbox", "mailer-daemon", "message", "news",
		"noreply", "no-reply", "postmaster", "recipient", "root",
		"sales", "security", "sender", "service", "spam", "support",
		"unknown", "user", "webmaster" };

	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (slice_eq_nocase(name, slice_str(roles[i])))
			return true;
	return false;
}
