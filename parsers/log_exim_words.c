/* SPDX-License-Identifier: BSD-2-Clause */
/* Who said what, out of the words behind ** and ==. Sources: Exim 4.98
 * src/transports/smtp.c (check_response), src/deliver.c, src/retry.c; host
 * names inside the words: Exim before 4.80. */
#include "parsers/log_exim.h"

/* Take PREFIX off the front of *TEXT. */
static bool
take(struct slice *text, struct slice prefix)
{
	if (!slice_starts(*text, prefix))
		return false;
	*text = slice_skip(*text, prefix.len);
	return true;
}

/* "H [A]" at the front of *TEXT, behind which it moves. */
static bool
take_host(struct slice *text, struct exim_words *words)
{
	const char *space = slice_chr(*text, ' ');
	struct slice rest;
	const char *close;

	if (space == NULL || space == text->ptr)
		return false;
	rest = slice_skip(*text, (size_t)(space + 1 - text->ptr));
	if (rest.len == 0 || rest.ptr[0] != '[')
		return false;
	close = slice_chr(rest, ']');
	if (close == NULL ||
	    memchr(rest.ptr, ' ', (size_t)(close - rest.ptr)) != NULL)
		return false;
	words->host = slice_between(text->ptr, space);
	words->ip = slice_between(rest.ptr, close + 1);
	*text = slice_skip(rest, (size_t)(close + 1 - rest.ptr));
	return true;
}

static enum stage
stage_of(struct slice command)
{
	static const struct {
		const char *word;
		enum stage stage;
	} words[] = {
		{ "RCPT", STAGE_RCPT }, { "end of data", STAGE_EOD },
		{ "MAIL", STAGE_MAIL }, { "DATA", STAGE_DATA },
		{ "BDAT", STAGE_DATA }, { "sending data", STAGE_DATA },
		{ "sending DATA", STAGE_DATA },
		{ "initial connection", STAGE_CONNECT },
		{ "EHLO", STAGE_EHLO }, { "HELO", STAGE_EHLO },
		{ "LHLO", STAGE_EHLO }, { "STARTTLS", STAGE_STARTTLS },
		{ "AUTH", STAGE_AUTH },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (slice_starts(command, slice_str(words[i].word)))
			return words[i].stage;
	return STAGE_NONE;
}

/* Behind the address that a command holds, whose local part may be quoted
 * and may contain anything; behind nothing where it holds none. */
static struct slice
behind_address(struct slice text)
{
	const char *open = slice_chr(text, '<');
	bool is_quoted = false;

	if (open == NULL || open - text.ptr > 16)
		return text;
	for (const char *p = open; p < text.ptr + text.len; p++) {
		if (is_quoted && *p == '\\')
			p++;
		else if (*p == '"')
			is_quoted = !is_quoted;
		else if (!is_quoted && *p == '>')
			return slice_skip(text, (size_t)(p + 1 - text.ptr));
	}
	return text;
}

/* A command at the front of *TEXT; what follows its ": " is left. */
static bool
take_command(struct slice *text, struct exim_words *words)
{
	struct slice rest = *text;
	const char *colon;

	(void)take(&rest, SLICE("pipelined "));
	words->stage = stage_of(rest);
	if (words->stage == STAGE_RCPT || words->stage == STAGE_MAIL)
		rest = behind_address(rest);
	colon = slice_find(rest, slice_of(": ", 2));
	if (colon == NULL)
		return false;
	*text = slice_skip(rest, (size_t)(colon + 2 - rest.ptr));
	return true;
}

/* "SMTP error from remote mail server after C: R", "LMTP error after C: R",
 * and with "host H [A]: " before R. */
static bool
read_error(struct slice text, struct exim_words *words)
{
	if (!take(&text, SLICE("SMTP error from remote mail server after ")) &&
	    !take(&text, SLICE("SMTP error from remote mailer after ")) &&
	    !take(&text, SLICE("LMTP error after ")))
		return false;
	words->is_session = true;
	if (!take_command(&text, words))
		return true; /* cut */
	if (take(&text, SLICE("host ")) && take_host(&text, words))
		(void)take(&text, SLICE(": "));
	words->reply = text;
	return true;
}

/* "SMTP timeout after C", "SMTP timeout while connected to H [A] after C",
 * "Remote host [H [A] ]closed connection in response to C", "Malformed SMTP
 * reply [from H [A] ]in response to C". */
static bool
read_broken(struct slice text, struct exim_words *words)
{
	if (take(&text, SLICE("SMTP timeout "))) {
		if (take(&text, SLICE("while connected to ")) &&
		    take_host(&text, words))
			(void)take(&text, SLICE(" "));
		if (!take(&text, SLICE("after ")))
			return false;
	} else if (take(&text, SLICE("Remote host ")) ||
	    take(&text, SLICE("Malformed SMTP reply "))) {
		(void)take(&text, SLICE("from "));
		if (take_host(&text, words))
			(void)take(&text, SLICE(" "));
		(void)take(&text, SLICE("closed connection "));
		if (!take(&text, SLICE("in response to ")) &&
		    !take(&text, SLICE("(an empty line) in response to ")))
			return false;
	} else {
		return false;
	}
	words->is_session = true;
	(void)take(&text, SLICE("pipelined "));
	words->stage = stage_of(text);
	return true;
}

static bool
starts_with_any(struct slice text, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slice_starts(text, slice_str(list[i])))
			return true;
	return false;
}

/* The numbers behind "defer" moved between versions; the words did not. */
static bool
is_retry_wait(struct slice text)
{
	static const char *const list[] = {
		"retry time not reached", "remote deliveries suppressed",
		"remote deliveries being skipped", "queue_remote option set",
		"domain is in queue_domains", "domain is held",
		"concurrency limit reached for transport",
		"domain matches queue_", "first-pass only routing",
	};

	return starts_with_any(text, list, sizeof(list) / sizeof(list[0]));
}

/* Only where no attempt was made; and the end of words that came before. */
static bool
is_given_up(struct slice text)
{
	static const char *const list[] = {
		"retry time not reached for any host after a long failure",
		"all hosts have been failing for a long time",
		"all hosts for ",
	};

	return slice_ends(text, SLICE("retry timeout exceeded")) ||
	    starts_with_any(text, list, sizeof(list) / sizeof(list[0]));
}

static bool
is_about_tls(struct slice text)
{
	static const char *const list[] = {
		"a TLS session is required", "TLS session",
		"TLS error on connection", "failure while setting up TLS",
	};

	return starts_with_any(text, list, sizeof(list) / sizeof(list[0]));
}

/* strerror() of what happens before anybody answers. */
static bool
is_about_connecting(struct slice text)
{
	static const char *const list[] = {
		"Connection refused", "Connection timed out",
		"Operation timed out", "No route to host",
		"Network is unreachable", "Host is unreachable",
		"Host is down", "Network unreachable",
		"Cannot assign requested address",
	};

	return starts_with_any(text, list, sizeof(list) / sizeof(list[0]));
}

static bool
read_forms(struct slice text, struct exim_words *words)
{
	if (read_error(text, words) || read_broken(text, words))
		return true;
	if (!is_about_tls(text))
		return false;
	words->is_session = true;
	words->stage = STAGE_STARTTLS;
	return true;
}

void
exim_words_read(struct slice text, struct exim_words *words_r)
{
	static const struct slice colon = { ": ", 2 };
	struct exim_words words = { .reply = text };
	const char *at;

	words.is_given_up = is_given_up(text);
	words.is_retry_wait = is_retry_wait(text);
	if (!read_forms(text, &words)) {
		/* a failure has its strerror() in front */
		at = slice_find(text, colon);
		if (at == NULL || !read_forms(slice_skip(text,
		    (size_t)(at + 2 - text.ptr)), &words))
			words.is_unconnected = is_about_connecting(text);
	}
	if (words.is_unconnected)
		words.stage = STAGE_CONNECT;
	*words_r = words;
}
