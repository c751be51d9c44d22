/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/dsn_text.h"

#include "base/limits.h"
#include "base/strbuf.h"
#include "parsers/report_text.h"

/* Here the returned message begins. */
static const char *const ends[] = { "Original message headers",
	"--- Below this line is a copy", "------ This is a copy of",
	"----- Original message", "--- The header of the original",
	"Reporting-MTA:", NULL };

static const char *const mailers[] = { "mailer-daemon", "postmaster",
	"mail delivery", "mail-daemon", "microsoftexchange", NULL };

static bool
has_any(struct slice text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (report_find_nocase(text, slice_str(*words)) != NULL)
			return true;
	return false;
}

/* Length of "550 " or "#5.1.1 " or "5.1.1 " at TEXT; BEFORE is the byte in
 * front of it, or a blank. */
static bool
is_reply_start(struct slice text, char before)
{
	size_t i = 0;

	if (ascii_is_alnum(before) || before == '.' || before == '-' ||
	    text.len < 5 || (text.ptr[0] != '4' && text.ptr[0] != '5'))
		return false;
	if (text.ptr[1] == '.') {
		for (i = 2; i < text.len && ascii_is_digit(text.ptr[i]); i++)
			;
		return i > 2 && i + 1 < text.len && text.ptr[i] == '.' &&
		    ascii_is_digit(text.ptr[i + 1]);
	}
	return text.ptr[1] <= '5' && ascii_is_digit(text.ptr[1]) &&
	    ascii_is_digit(text.ptr[2]) &&
	    (text.ptr[3] == ' ' || text.ptr[3] == '-');
}

/* Where a reply begins in TEXT; SLICE_NONE when there is none. */
static struct slice
find_reply(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		struct slice rest = slice_skip(text, i);

		if (is_reply_start(rest, i != 0 ? text.ptr[i - 1] : ' '))
			return rest;
	}
	return SLICE_NONE;
}

static struct slice
prose_of(struct slice text)
{
	size_t len = text.len;

	if (len > 256 * 1024)
		len = 256 * 1024;
	text.len = len;
	for (size_t i = 0; ends[i] != NULL; i++) {
		const char *at = slice_find(text, slice_str(ends[i]));

		if (at != NULL)
			text = slice_between(text.ptr, at);
	}
	return text;
}

bool
dsn_text_probe(const struct report_context *context, struct slice head,
    struct slice text)
{
	struct arena arena;
	struct slice path, failed;
	bool is_mailers;

	arena_init(&arena);
	path = report_field_named(head, &arena, "Return-Path");
	failed = report_field_named(head, &arena, "X-Failed-Recipients");
	is_mailers = has_any(context->from, mailers) ||
	    slice_eq(slice_trim(path), SLICE("<>")) ||
	    !slice_is_none(failed);
	arena_release(&arena);
	return is_mailers && !slice_is_none(find_reply(prose_of(text)));
}

/* A line that is an address and nothing else: "<user@example.com>:", or
 * indented without brackets. */
static struct slice
address_line(struct slice line)
{
	struct slice text = slice_trim(line);
	const char *at;

	if (text.len != 0 && text.ptr[text.len - 1] == ':')
		text.len--;
	if (text.len > 2 && text.ptr[0] == '<' &&
	    text.ptr[text.len - 1] == '>')
		text = slice_of(text.ptr + 1, text.len - 2);
	at = slice_chr(text, '@');
	if (at == NULL || at == text.ptr || at + 1 == text.ptr + text.len ||
	    text.len > LIMIT_ADDRESS_BYTES)
		return SLICE_NONE;
	for (size_t i = 0; i < text.len; i++)
		if (ascii_is_space(text.ptr[i]) || text.ptr[i] == '<' ||
		    text.ptr[i] == '>' || text.ptr[i] == ',' ||
		    text.ptr[i] == ';')
			return SLICE_NONE;
	return text;
}

/* An address at the start of a line of prose: "user@example.com on 11/23/2026"
 * (Exchange), "<user@example.com>: 550 ...". */
static struct slice
address_before(struct slice line)
{
	struct slice text = slice_trim(line);
	const char *end = slice_find(text, SLICE(" on "));

	if (text.len != 0 && text.ptr[0] == '<') {
		end = slice_chr(text, '>');
		return end == NULL ? SLICE_NONE :
		    address_line(slice_between(text.ptr, end + 1));
	}
	return end != NULL && end + 4 < text.ptr + text.len &&
	    ascii_is_digit(end[4]) ?
	    address_line(slice_between(text.ptr, end)) : SLICE_NONE;
}

struct prose {
	struct slice recipient;
	struct strbuf words; /* of the recipient's paragraph, one line */
	bool is_delay;
	unsigned told;
	enum mx_code (*tell)(void *ctx, const struct dsn_text_bounce *bounce,
	    struct mx_err *err);
	void *ctx;
};

/* "host mx.example.net [192.0.2.1]", "Connected to", "192.0.2.1 does not". */
static struct slice
host_in(struct slice words)
{
	const char *at = slice_find(words, SLICE("host "));
	struct slice rest;
	size_t len = 0;

	if (at == NULL)
		return SLICE_NONE;
	rest = slice_between(at + 5, words.ptr + words.len);
	while (len < rest.len && (ascii_is_alnum(rest.ptr[len]) ||
	    rest.ptr[len] == '.' || rest.ptr[len] == '-'))
		len++;
	rest.len = len;
	return slice_chr(rest, '.') != NULL ? rest : SLICE_NONE;
}

/* What qmail, Postfix and Exchange say behind the reply. */
static struct slice
without_trailer(struct slice reply)
{
	static const char *const trailers[] = { " Giving up on ",
		" (in reply to " };

	for (size_t i = 0; i < sizeof(trailers) / sizeof(trailers[0]); i++) {
		const char *at = slice_find(reply, slice_str(trailers[i]));

		if (at != NULL)
			reply = slice_between(reply.ptr, at);
	}
	return reply;
}

/* "<mail.example.com #5.5.0 smtp;550 5.7.1 refused>" of old Exchange: the
 * reply; SLICE_NONE when WORDS hold none. */
static struct slice
bracketed_reply(struct slice words)
{
	const char *at = report_find_nocase(words, SLICE(" smtp;"));
	struct slice reply;
	const char *end;

	if (at == NULL)
		return SLICE_NONE;
	reply = slice_trim(slice_between(at + 6, words.ptr + words.len));
	end = slice_chr(reply, '>');
	if (end == NULL || !is_reply_start(reply, ' '))
		return SLICE_NONE;
	/* an address in it has brackets of its own */
	for (const char *next = end; next != NULL; next = slice_chr(
	    slice_between(next + 1, reply.ptr + reply.len), '>'))
		end = next;
	return slice_between(reply.ptr, end);
}

static enum mx_code
end_paragraph(struct prose *prose, struct mx_err *err)
{
	struct slice words = slice_trim(strbuf_slice(&prose->words));
	struct dsn_text_bounce bounce = { .recipient = prose->recipient,
		.reply = find_reply(words), .is_delay = prose->is_delay };
	struct slice bracketed = bracketed_reply(words);
	enum mx_code code = MX_OK;

	if (!slice_is_none(bracketed)) {
		bounce.reply = bracketed;
	} else if (slice_is_none(bounce.reply)) {
		bounce.reply = words;
	} else if (bounce.reply.ptr[1] == '.') {
		bounce.status = bounce.reply;
		bounce.reply = words;
	} else {
		bounce.reply = without_trailer(bounce.reply);
		bounce.host = host_in(slice_between(words.ptr,
		    bounce.reply.ptr));
	}
	if (!slice_is_none(prose->recipient)) {
		prose->told++;
		code = prose->tell(prose->ctx, &bounce, err);
	}
	strbuf_reset(&prose->words);
	prose->recipient = SLICE_NONE;
	return code;
}

/* An indented line goes on with what was begun: a reply may quote the
 * address. */
static bool
goes_on(const struct prose *prose, struct slice line)
{
	return prose->words.len != 0 && line.len != 0 &&
	    ascii_is_space(line.ptr[0]);
}

static enum mx_code
read_line(struct prose *prose, struct slice line, struct mx_err *err)
{
	struct slice address = address_line(line);
	struct slice rest = slice_trim(line);
	enum mx_code code = MX_OK;

	/* what follows a reply behind an empty line is not the reply's */
	if (rest.len == 0 && !slice_is_none(prose->recipient) &&
	    !slice_is_none(find_reply(strbuf_slice(&prose->words))))
		return end_paragraph(prose, err);
	if (!slice_is_none(address)) {
		rest = SLICE_NONE;
	} else if (!goes_on(prose, line)) {
		address = address_before(line);
		if (!slice_is_none(address))
			rest = slice_between(address.ptr + address.len + 1,
			    rest.ptr + rest.len);
	}
	if (!slice_is_none(address)) {
		code = end_paragraph(prose, err);
		prose->recipient = address;
	}
	if (rest.len != 0 && !slice_is_none(prose->recipient)) {
		if (prose->words.len != 0)
			strbuf_add_char(&prose->words, ' ');
		while (rest.len != 0 && (rest.ptr[0] == ':' ||
		    rest.ptr[0] == ' '))
			rest = slice_skip(rest, 1);
		strbuf_add_slice(&prose->words, rest);
	}
	return code;
}

/* Nobody is named in a line of his own: the field of Exim, or none, and the
 * first reply of the text. */
static enum mx_code
tell_whole(struct prose *prose, struct slice head, struct slice text,
    struct mx_err *err)
{
	struct arena arena;
	struct slice line;
	enum mx_code code;

	arena_init(&arena);
	strbuf_reset(&prose->words);
	while (report_line(&text, &line)) {
		line = slice_trim(line);
		if (prose->words.len != 0 && line.len != 0)
			strbuf_add_char(&prose->words, ' ');
		strbuf_add_slice(&prose->words, line);
	}
	prose->recipient = report_field_named(head, &arena,
	    "X-Failed-Recipients");
	if (slice_is_none(prose->recipient))
		prose->recipient = SLICE("");
	code = end_paragraph(prose, err);
	arena_release(&arena);
	return code;
}

enum mx_code
dsn_text_read(const struct report_context *context, struct slice head,
    struct slice text, enum mx_code (*tell)(void *ctx,
    const struct dsn_text_bounce *bounce, struct mx_err *err), void *ctx,
    struct mx_err *err)
{
	struct prose prose = { .tell = tell, .ctx = ctx,
		.recipient = SLICE_NONE };
	struct slice line, rest;
	enum mx_code code = MX_OK;

	text = prose_of(text);
	rest = text;
	prose.is_delay = report_find_nocase(context->subject,
	    SLICE("delay")) != NULL || report_find_nocase(text,
	    SLICE("has not yet been delivered")) != NULL;
	strbuf_init(&prose.words, LIMIT_REPLY_BYTES);
	while (code == MX_OK && report_line(&rest, &line))
		code = read_line(&prose, line, err);
	if (code == MX_OK)
		code = end_paragraph(&prose, err);
	if (code == MX_OK && prose.told == 0)
		code = tell_whole(&prose, head, text, err);
	strbuf_release(&prose.words);
	return code;
}

struct slice
dsn_quoted_reply(struct slice text, struct arena *arena)
{
	static const char *const leads[] = { "Remote Server returned '",
		"Remote server returned '", NULL };
	struct slice rest = SLICE_NONE, line;
	struct strbuf joined;
	struct slice reply;
	const char *at, *end;

	for (size_t i = 0; leads[i] != NULL && slice_is_none(rest); i++) {
		at = slice_find(text, slice_str(leads[i]));
		if (at != NULL)
			rest = slice_between(at + strlen(leads[i]),
			    text.ptr + text.len);
	}
	end = slice_chr(rest, '\'');
	if (end == NULL || (size_t)(end - rest.ptr) > LIMIT_REPLY_BYTES)
		return SLICE_NONE;
	rest = slice_between(rest.ptr, end);
	strbuf_init(&joined, LIMIT_REPLY_BYTES);
	while (report_line(&rest, &line)) {
		if (joined.len != 0)
			strbuf_add_char(&joined, ' ');
		strbuf_add_slice(&joined, slice_trim(line));
	}
	reply = arena_slice(arena, strbuf_slice(&joined));
	strbuf_release(&joined);
	return reply;
}
