/* SPDX-License-Identifier: BSD-2-Clause */
/* The fields of Exim's delivery lines (4.98 src/deliver.c: delivery_log,
 * deferral_log, failure_log), whose order is fixed:
 *
 *   ADDR [(PARENTS)] [<TOP>] [F=<S>] [Q=q] [P=<S>] [R=r] [T=t] [S=n]
 *       [H=host [DS] [ip][:port][*]] [PRX=..] [I=[ip][:port]] [TFO[*]] [X=c]
 *       [CV=..] [DN="..."] [A=..] [L] [PRDR] [K] [C="reply"] [QT=t] [DT=t]
 *   ** the same up to DN=, then [: strerror][: words][ DT=t]
 *   == ADDR .. [Q=q] [R=r] [T=t] defer (errno)[: strerror][ H=..][ I=..]
 *       [ DT=t][: words] */
#include "parsers/log_exim.h"

/* Behind the '"' that closes the string that TEXT starts with; 0 where it is
 * not closed. */
static size_t
quoted_length(struct slice text)
{
	for (size_t n = 1; n < text.len; n++) {
		if (text.ptr[n] == '\\')
			n++;
		else if (text.ptr[n] == '"')
			return n + 1;
	}
	return 0;
}

/* An address up to STOP, which quoted local parts may contain. */
static size_t
address_length(struct slice text, char stop)
{
	size_t n = text.len != 0 && text.ptr[0] == '"' ?
	    quoted_length(text) : 0;

	while (n < text.len && text.ptr[n] != stop)
		n++;
	return n;
}

/* "<addr>" at the front of *TEXT. */
static bool
take_bracketed(struct slice *text, struct slice *address_r)
{
	struct slice inner = slice_skip(*text, 1);
	size_t len;

	if (text->len == 0 || text->ptr[0] != '<')
		return false;
	len = address_length(inner, '>');
	if (len == inner.len)
		return false;
	*address_r = slice_of(inner.ptr, len);
	*text = slice_skip(inner, len + 1);
	return true;
}

/* Is PLAIN what Exim makes of the quoted ADDRESS when it logs it? */
static bool
is_dequoted(struct slice plain, struct slice address)
{
	size_t end = quoted_length(address), at = 0;

	if (end == 0)
		return false;
	for (size_t n = 1; n < end - 1; n++) {
		if (address.ptr[n] == '\\')
			n++;
		if (at >= plain.len || plain.ptr[at++] != address.ptr[n])
			return false;
	}
	return slice_eq(slice_skip(plain, at), slice_skip(address, end));
}

/* A local part that needs quotes is logged without them, spaces and all; the
 * quoted form then stands in brackets behind it. */
static bool
take_dequoted(struct slice *text, struct exim_fields *fields)
{
	static const struct slice mark = { "<\"", 2 };
	const char *at = slice_find(*text, mark);

	while (at != NULL) {
		struct slice rest = slice_skip(*text,
		    (size_t)(at - text->ptr)), next = slice_skip(rest, 1), top;

		if (at > text->ptr && at[-1] == ' ' &&
		    take_bracketed(&rest, &top) &&
		    is_dequoted(slice_between(text->ptr, at - 1), top)) {
			fields->address = top;
			*text = rest;
			return true;
		}
		at = slice_find(next, mark);
	}
	return false;
}

/* Pipes, files, autoreplies and what is thrown away. */
static bool
is_special(struct slice text)
{
	return text.len != 0 && (text.ptr[0] == '|' || text.ptr[0] == '/' ||
	    text.ptr[0] == '>' || slice_starts(text, SLICE("save ")) ||
	    slice_starts(text, SLICE(":blackhole:")));
}

/* What may stand behind the addresses. */
static bool
is_behind_address(struct slice text)
{
	return text.len == 0 || slice_starts(text, SLICE(": ")) ||
	    slice_starts(text, SLICE(" defer (")) ||
	    (text.len > 3 && text.ptr[0] == ' ' && text.ptr[2] == '=' &&
	    memchr("RTFPQ", text.ptr[1], 5) != NULL);
}

/* Where one ends that may hold anything, spaces too: its original address
 * always stands behind it. */
static size_t
special_length(struct slice text)
{
	static const struct slice mark = { " <", 2 };
	const char *at = slice_find(text, mark);

	while (at != NULL) {
		size_t n = (size_t)(at - text.ptr);
		struct slice rest = slice_skip(text, n + 1), top;

		if (take_bracketed(&rest, &top) && is_behind_address(rest)) {
			while (n > 0 && text.ptr[n - 1] == ')' &&
			    memchr(text.ptr, '(', n) != NULL) {
				while (text.ptr[n - 1] != '(')
					n--;
				n -= n > 1 ? 2 : 1; /* its parents */
			}
			return n;
		}
		at = slice_find(slice_skip(text, n + 1), mark);
	}
	return text.len;
}

static void
skip_parents(struct slice *text)
{
	const char *close;

	if (!slice_starts(*text, SLICE(" (")))
		return;
	close = slice_chr(*text, ')');
	if (close != NULL)
		*text = slice_skip(*text, (size_t)(close + 1 - text->ptr));
}

/* The final address and the original one. */
static void
take_addresses(struct slice *text, struct exim_fields *fields)
{
	struct slice rest;
	size_t len;

	if (!take_dequoted(text, fields)) {
		len = is_special(*text) ? special_length(*text) :
		    address_length(*text, ' ');
		fields->address = slice_of(text->ptr, len);
		*text = slice_skip(*text, len);
	}
	skip_parents(text);
	rest = slice_skip(*text, 1);
	if (slice_starts(*text, SLICE(" <")) &&
	    take_bracketed(&rest, &fields->top))
		*text = rest;
}

/* ":25" at the front of *TEXT. */
static uint16_t
take_port(struct slice *text)
{
	uint64_t port;
	size_t digits;

	if (text->len < 2 || text->ptr[0] != ':')
		return 0;
	digits = slice_number(slice_skip(*text, 1), 65535, &port);
	if (digits == 0)
		return 0;
	*text = slice_skip(*text, digits + 1);
	return (uint16_t)port;
}

/* "[ip]" at the front of *TEXT. */
static bool
take_ip(struct slice *text, struct slice *ip_r)
{
	const char *close;

	if (text->len == 0 || text->ptr[0] != '[')
		return false;
	close = slice_chr(*text, ']');
	if (close == NULL)
		return false;
	*ip_r = slice_between(text->ptr, close + 1);
	*text = slice_skip(*text, ip_r->len);
	return true;
}

static struct slice
take_word(struct slice *text)
{
	const char *space = slice_chr(*text, ' ');
	struct slice word = space != NULL ?
	    slice_between(text->ptr, space) : *text;

	*text = slice_skip(*text, word.len);
	return word;
}

/* Behind "H=": a name, and the address unless a local transport was given a
 * list of hosts. */
static void
take_host(struct slice *text, struct exim_fields *fields)
{
	struct slice rest;

	fields->host = take_word(text);
	rest = *text;
	if (slice_starts(rest, SLICE(" DS [")))
		rest = slice_skip(rest, 3);
	rest = slice_skip(rest, 1);
	if (!take_ip(&rest, &fields->ip))
		return;
	fields->port = take_port(&rest);
	if (rest.len != 0 && rest.ptr[0] == '*')
		rest = slice_skip(rest, 1);
	*text = rest;
}

/* A string in quotes at the front of *TEXT: to its closing quote, which in
 * DN= is the first with a field, the words or the end behind it. */
static struct slice
take_string(struct slice *text, bool has_escapes)
{
	struct slice value;
	size_t n = 1;

	if (text->len == 0 || text->ptr[0] != '"')
		return take_word(text);
	for (; n < text->len; n++) {
		if (has_escapes && text->ptr[n] == '\\') {
			n++;
			continue;
		}
		if (text->ptr[n] == '"' && (n + 1 == text->len ||
		    text->ptr[n + 1] == ' ' || text->ptr[n + 1] == ':'))
			break;
	}
	value = slice_of(text->ptr + 1, (n < text->len ? n : text->len) - 1);
	*text = slice_skip(*text, n + 1);
	return value;
}

/* The name of a field, without "=": up to four capitals. */
static size_t
key_length(struct slice text)
{
	size_t n = 0;

	while (n < text.len && n < 5 && text.ptr[n] >= 'A' &&
	    text.ptr[n] <= 'Z')
		n++;
	return n != 0 && n < text.len && text.ptr[n] == '=' ? n : 0;
}

static void
take_one_letter(char key, struct slice *text, struct exim_fields *fields)
{
	switch (key) {
	case 'F':
	case 'P':
		if (!take_bracketed(text, &fields->sender))
			(void)take_word(text);
		break;
	case 'R':
		fields->router = take_word(text);
		break;
	case 'T':
		fields->transport = take_word(text);
		break;
	case 'S':
		fields->size = take_word(text);
		break;
	case 'H':
		take_host(text, fields);
		break;
	case 'I':
		if (take_ip(text, &fields->source_ip))
			(void)take_port(text);
		break;
	case 'X':
		fields->cipher = take_word(text);
		break;
	case 'C':
		fields->confirmation = take_string(text, true);
		break;
	default: /* Q, A, and what is yet to come */
		(void)take_word(text);
		break;
	}
}

/* One field at the front of *TEXT, which starts with a space. */
static void
take_field(struct slice *text, struct exim_fields *fields)
{
	struct slice rest = slice_skip(*text, 1);
	size_t key = key_length(rest);
	struct slice name = slice_of(rest.ptr, key);

	if (key == 0) {
		(void)take_word(&rest); /* K, L, PRDR, TFO* */
	} else {
		rest = slice_skip(rest, key + 1);
		if (key == 1)
			take_one_letter(name.ptr[0], &rest, fields);
		else if (slice_eq(name, SLICE("DN")))
			(void)take_string(&rest, false);
		else if (slice_eq(name, SLICE("QT")))
			fields->queue_time = take_word(&rest);
		else
			(void)take_word(&rest);
	}
	*text = rest;
}

/* A word that runs into the words of the failure: "T=smtp: words". */
static void
drop_colon(struct slice *value, struct slice *text)
{
	if (value->len == 0 || value->ptr[value->len - 1] != ':' ||
	    value->ptr + value->len != text->ptr)
		return;
	value->len--;
	*text = slice_of(text->ptr - 1, text->len + 1);
}

/* All fields up to the words of a failure, where *TEXT then stands. */
static void
take_fields(struct slice *text, struct exim_fields *fields, bool has_words)
{
	while (text->len != 0 && text->ptr[0] == ' ') {
		struct slice before = *text, word;

		if (has_words && slice_starts(*text, SLICE(" : ")))
			break;
		take_field(text, fields);
		if (!has_words)
			continue;
		drop_colon(&fields->router, text);
		drop_colon(&fields->transport, text);
		drop_colon(&fields->cipher, text);
		drop_colon(&fields->host, text);
		word = slice_between(before.ptr, text->ptr);
		drop_colon(&word, text);
	}
}

/* " DT=0.000s" at the end is no part of the words. */
static struct slice
without_time(struct slice text)
{
	size_t n = text.len;

	while (n > 0 && text.len - n < 24 && text.ptr[n - 1] != ' ')
		n--;
	if (n > 1 && slice_starts(slice_skip(text, n), SLICE("DT=")) &&
	    text.ptr[text.len - 1] == 's')
		text.len = n - 1;
	return text;
}

static bool
take_colon(struct slice *text)
{
	if (slice_starts(*text, SLICE(" : "))) {
		*text = slice_skip(*text, 3);
		return true;
	}
	if (slice_starts(*text, SLICE(": "))) {
		*text = slice_skip(*text, 2);
		return true;
	}
	return false;
}

/* Behind "** ". The address of a failure without any field ends in a
 * colon. */
static bool
read_failure(struct slice text, struct exim_fields *fields)
{
	take_addresses(&text, fields);
	if (slice_is_none(fields->top))
		drop_colon(&fields->address, &text);
	take_fields(&text, fields, true);
	if (!take_colon(&text))
		return false;
	fields->text = without_time(text);
	return fields->text.len != 0;
}

/* "(-44)" at the front of *TEXT. */
static bool
take_errno(struct slice *text, int *value_r)
{
	struct slice rest = slice_skip(*text, 1);
	bool is_negative = rest.len != 0 && rest.ptr[0] == '-';
	uint64_t value;
	size_t digits;

	if (text->len == 0 || text->ptr[0] != '(')
		return false;
	rest = slice_skip(rest, is_negative);
	digits = slice_number(rest, 9999, &value);
	rest = slice_skip(rest, digits);
	if (digits == 0 || rest.len == 0 || rest.ptr[0] != ')')
		return false;
	*value_r = is_negative ? -(int)value : (int)value;
	*text = slice_skip(rest, 1);
	return true;
}

/* ": Connection refused", up to a field or the words. */
static void
take_error(struct slice *text, struct exim_fields *fields)
{
	struct slice rest = *text;
	size_t n = 0;

	if (!take_colon(&rest))
		return;
	while (n < rest.len && !slice_starts(slice_skip(rest, n),
	    SLICE(": ")) && (rest.ptr[n] != ' ' ||
	    key_length(slice_skip(rest, n + 1)) == 0))
		n++;
	fields->error = slice_of(rest.ptr, n);
	*text = slice_skip(rest, n);
}

static bool
read_deferral(struct slice text, struct exim_fields *fields)
{
	static const struct slice mark = { " defer (", 8 };

	take_addresses(&text, fields);
	while (!slice_starts(text, mark)) {
		if (text.len == 0 || text.ptr[0] != ' ')
			return false;
		fields->is_routing |= slice_starts(text, SLICE(" routing"));
		take_field(&text, fields);
	}
	text = slice_skip(text, mark.len - 1);
	if (!take_errno(&text, &fields->errno_value))
		return false;
	if (fields->errno_value > 0)
		take_error(&text, fields);
	take_fields(&text, fields, true);
	if (take_colon(&text))
		fields->text = text;
	return true;
}

static bool
read_success(struct slice text, struct exim_fields *fields)
{
	take_addresses(&text, fields);
	if (slice_starts(fields->address, SLICE(":blackhole:")) ||
	    slice_eq(fields->address, SLICE("discarded")))
		return true;
	take_fields(&text, fields, false);
	return !slice_is_none(fields->transport);
}

bool
exim_fields_read(enum exim_flag flag, struct slice text,
    struct exim_fields *fields_r, enum skip_reason *why_r)
{
	bool is_whole;

	*fields_r = (struct exim_fields){ 0 };
	*why_r = SKIP_CUT;
	if (flag == EXIM_FAILED)
		is_whole = read_failure(text, fields_r);
	else if (flag == EXIM_DEFERRED)
		is_whole = read_deferral(text, fields_r);
	else
		is_whole = read_success(text, fields_r);
	if (is_whole && fields_r->address.len == 0) {
		*why_r = SKIP_MALFORMED;
		return false;
	}
	return is_whole;
}
