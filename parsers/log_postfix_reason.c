/* SPDX-License-Identifier: BSD-2-Clause */
/* Who said what, out of the text in parentheses behind status=. Sources:
 * Postfix 3.12 src/smtp/smtp_trouble.c, smtp_proto.c, smtp_connect.c,
 * src/smtp/smtp_sasl_glue.c, src/oqmgr/qmgr_error.c. */
#include "parsers/log_postfix.h"

#include "parsers/reply_text.h"

/* Take PREFIX off the front of *TEXT. */
static bool
take(struct slice *text, struct slice prefix)
{
	if (!slice_starts(*text, prefix))
		return false;
	*text = slice_skip(*text, prefix.len);
	return true;
}

/* "H[A]" or "H[A]:PORT" at the front of *TEXT; no name holds a space. */
static bool
take_peer(struct slice *text, struct postfix_reason *reason)
{
	struct slice word = *text;
	const char *open, *close;
	uint64_t port;

	open = slice_chr(word, '[');
	if (open == NULL || open == word.ptr ||
	    memchr(word.ptr, ' ', (size_t)(open - word.ptr)) != NULL)
		return false;
	word = slice_skip(word, (size_t)(open + 1 - word.ptr));
	close = slice_chr(word, ']');
	if (close == NULL ||
	    memchr(open, ' ', (size_t)(close - open)) != NULL)
		return false;
	reason->host = slice_between(text->ptr, open);
	reason->ip = slice_between(open + 1, close);
	*text = slice_skip(word, (size_t)(close + 1 - word.ptr));
	if (text->len > 1 && text->ptr[0] == ':') {
		size_t digits = slice_number(slice_skip(*text, 1), 65535,
		    &port);

		if (digits != 0)
			*text = slice_skip(*text, digits + 1);
	}
	return true;
}

struct stage_word {
	const char *word;
	enum stage stage;
};

static enum stage
stage_of(const struct stage_word *words, size_t count, struct slice text)
{
	for (size_t i = 0; i < count; i++)
		if (slice_starts(text, slice_str(words[i].word)))
			return words[i].stage;
	return STAGE_NONE;
}

/* "(in reply to CMD command)" */
static enum stage
stage_of_command(struct slice command)
{
	static const struct stage_word words[] = {
		{ "RCPT", STAGE_RCPT }, { "end of DATA", STAGE_EOD },
		{ "MAIL", STAGE_MAIL }, { "DATA", STAGE_DATA },
		{ "EHLO", STAGE_EHLO }, { "HELO", STAGE_EHLO },
		{ "LHLO", STAGE_EHLO }, { "STARTTLS", STAGE_STARTTLS },
		{ "AUTH", STAGE_AUTH },
	};

	return stage_of(words, sizeof(words) / sizeof(words[0]), command);
}

/* "lost connection with H[A] while WHERE" */
static enum stage
stage_of_work(struct slice where)
{
	static const struct stage_word words[] = {
		{ "receiving the initial", STAGE_CONNECT },
		{ "receiving the STARTTLS", STAGE_STARTTLS },
		{ "performing the TLS", STAGE_STARTTLS },
		{ "performing the", STAGE_EHLO },
		{ "sending MAIL", STAGE_MAIL }, { "sending RCPT", STAGE_RCPT },
		{ "sending DATA", STAGE_DATA },
		{ "sending message", STAGE_DATA },
		{ "sending end of data", STAGE_EOD },
	};

	return stage_of(words, sizeof(words) / sizeof(words[0]), where);
}

static const struct slice in_reply = { " (in reply to ", 14 };

/* Of a cut line, the start of the framing may be all that is left. */
static void
drop_torn_frame(struct postfix_reason *reason)
{
	for (size_t n = in_reply.len - 1; n >= 4; n--)
		if (slice_ends(reason->reply, slice_of(in_reply.ptr, n))) {
			reason->reply.len -= n;
			return;
		}
}

/* The framing is the last of its kind: a remote may write the same words. */
static void
drop_frame(struct postfix_reason *reason, bool is_cut)
{
	struct slice *reply = &reason->reply;
	const char *last = NULL;
	struct slice rest = *reply, command;

	/* Postfix's stands at the end; a command name is short. */
	if (rest.len > 64)
		rest = slice_skip(rest, rest.len - 64);
	for (;;) {
		const char *at = slice_find(rest, in_reply);

		if (at == NULL)
			break;
		last = at;
		rest = slice_skip(rest, (size_t)(at + 1 - rest.ptr));
	}
	if (last == NULL) {
		if (is_cut)
			drop_torn_frame(reason);
		return;
	}
	command = slice_skip(*reply, (size_t)(last - reply->ptr) +
	    in_reply.len);
	if (!is_cut && !slice_ends(command, SLICE(" command)")) &&
	    !slice_ends(command, SLICE(" command")))
		return;
	reason->stage = stage_of_command(command);
	reply->len = (size_t)(last - reply->ptr);
}

/* Behind "host " */
static bool
read_host(struct slice text, bool is_cut, struct postfix_reason *reason)
{
	if (!take_peer(&text, reason))
		return false;
	if (take(&text, SLICE(" said: "))) {
		reason->reply = text;
		drop_frame(reason, is_cut);
	} else if (take(&text, SLICE(" refused to talk to me: "))) {
		reason->reply = text;
		reason->stage = STAGE_CONNECT;
	} else {
		return false;
	}
	reason->is_own_text = false;
	reason->is_contact = true;
	return true;
}

/* Behind "lost connection with " and "conversation with ". */
static bool
read_broken(struct slice text, struct postfix_reason *reason)
{
	if (!take_peer(&text, reason))
		return false;
	reason->is_contact = true;
	(void)take(&text, SLICE(" timed out"));
	if (take(&text, SLICE(" while ")))
		reason->stage = stage_of_work(text);
	return true;
}

/* "Host or domain name not found. Name service error for name=N type=T: ..."
 * An address that is missing is that of an MX; type MX names the domain. */
static void
read_dns(struct slice text, struct postfix_reason *reason)
{
	static const struct slice mark = { "Name service error for name=",
		28 };
	const char *at = slice_find(text, mark);
	struct slice rest;
	const char *space;

	if (at == NULL)
		return;
	rest = slice_skip(text, (size_t)(at - text.ptr) + mark.len);
	space = slice_chr(rest, ' ');
	if (space == NULL)
		return;
	if (slice_starts(slice_skip(rest, (size_t)(space - rest.ptr)),
	    SLICE(" type=A")))
		reason->host = slice_between(rest.ptr, space);
}

/* The reply behind the first ": " of a text that ends in one. */
static void
read_quoted(struct slice text, enum stage stage, struct postfix_reason *r)
{
	static const struct slice colon = { ": ", 2 };
	const char *at = slice_find(text, colon);
	struct slice words;

	r->stage = stage;
	if (at == NULL)
		return;
	words = slice_skip(text, (size_t)(at + 2 - text.ptr));
	if (reply_code_of(words) == 0)
		return;
	r->reply = words;
	r->is_own_text = false;
}

/* "... host H[A]" or "... server H[A] ..." in our own words. */
static void
find_peer(struct slice text, struct slice before, struct postfix_reason *r)
{
	const char *at = slice_find(text, before);

	if (at == NULL)
		return;
	text = slice_skip(text, (size_t)(at - text.ptr) + before.len);
	r->is_contact = take_peer(&text, r);
}

static void
read_tls(struct slice text, struct postfix_reason *reason)
{
	find_peer(text, SLICE("host "), reason);
	read_quoted(text, STAGE_STARTTLS, reason);
}

static void
read_sasl(struct slice text, struct postfix_reason *reason)
{
	find_peer(text, SLICE("server "), reason);
	read_quoted(text, STAGE_AUTH, reason);
}

static void
read_forms(struct slice text, bool is_cut, struct postfix_reason *reason)
{
	struct slice rest = text;

	if (take(&rest, SLICE("host "))) {
		(void)read_host(rest, is_cut, reason);
	} else if (take(&rest, SLICE("connect to "))) {
		reason->stage = STAGE_CONNECT;
		(void)take_peer(&rest, reason);
	} else if (take(&rest, SLICE("lost connection with ")) ||
	    take(&rest, SLICE("conversation with "))) {
		(void)read_broken(rest, reason);
	} else if (slice_starts(text, SLICE("Host or domain name"))) {
		read_dns(text, reason);
	} else if (slice_starts(text, SLICE("TLS ")) ||
	    slice_starts(text, SLICE("Cannot start TLS")) ||
	    slice_starts(text, SLICE("Server certificate"))) {
		read_tls(text, reason);
	} else if (slice_starts(text, SLICE("SASL "))) {
		read_sasl(text, reason);
	} else if (reply_code_of(text) != 0) {
		reason->is_own_text = false;
	}
}

void
postfix_reason_read(struct slice text, bool is_cut,
    struct postfix_reason *reason_r)
{
	struct postfix_reason reason = { .is_own_text = true };

	reason.is_suspended = take(&text,
	    SLICE("delivery temporarily suspended: "));
	reason.reply = text;
	read_forms(text, is_cut, &reason);
	*reason_r = reason;
}
