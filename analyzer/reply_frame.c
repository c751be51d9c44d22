/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/reply_frame.h"

static bool
cut_prefix(struct slice *s, struct slice prefix)
{
	if (!slice_starts(*s, prefix))
		return false;
	*s = slice_trim(slice_skip(*s, prefix.len));
	return true;
}

/* What follows WORDS in S; false when they are not there. */
static bool
after(struct slice s, struct slice words, struct slice *rest_r)
{
	const char *at = slice_find(s, words);

	if (at == NULL)
		return false;
	*rest_r = slice_between(at + words.len, s.ptr + s.len);
	return true;
}

/* Commands as Postfix and Exim name them, longest first. */
static enum stage
stage_of_command(struct slice s)
{
	static const struct {
		const char *name;
		enum stage stage;
	} names[] = {
		{ "initial connection", STAGE_CONNECT },
		{ "EHLO", STAGE_EHLO }, { "HELO", STAGE_EHLO },
		{ "LHLO", STAGE_EHLO },
		{ "STARTTLS", STAGE_STARTTLS }, { "AUTH", STAGE_AUTH },
		{ "MAIL", STAGE_MAIL }, { "RCPT", STAGE_RCPT },
		{ "end of DATA", STAGE_EOD }, { "end of data", STAGE_EOD },
		{ "sending data block", STAGE_EOD }, { "DATA", STAGE_DATA },
		{ "BDAT", STAGE_EOD },
	};

	(void)cut_prefix(&s, SLICE("pipelined "));
	(void)cut_prefix(&s, SLICE("sending "));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (slice_starts(s, slice_str(names[i].name)))
			return names[i].stage;
	return STAGE_NONE;
}

/* "(in reply to RCPT TO command)" at the end, perhaps cut there. */
static void
cut_in_reply_to(struct reply_frame *frame)
{
	struct slice rest, command;

	if (!after(frame->reply, SLICE("(in reply to "), &rest))
		return;
	while (after(rest, SLICE("(in reply to "), &command))
		rest = command;
	frame->stage = stage_of_command(rest);
	frame->reply = slice_trim(slice_between(frame->reply.ptr,
	    rest.ptr - strlen("(in reply to ")));
}

/* "host.example[192.0.2.1]" or "host.example [192.0.2.1]" before UNTIL. */
static void
take_host(struct reply_frame *frame, struct slice s)
{
	const char *open = slice_chr(s, '[');
	const char *close = open != NULL ? slice_chr(slice_between(open,
	    s.ptr + s.len), ']') : NULL;

	if (close == NULL)
		return;
	frame->host = slice_trim(slice_between(s.ptr, open));
	frame->ip = slice_between(open + 1, close);
}

/* Postfix: "host H[A] said: R (in reply to C command)", "host H[A] refused to
 * talk to me: R", "SASL authentication failed; server H[A] said: R". */
static bool
postfix_frame(struct reply_frame *frame)
{
	struct slice s = frame->reply, rest, who = s;

	if (cut_prefix(&who, SLICE("host "))) {
		if (after(who, SLICE("] said: "), &rest)) {
			frame->reply = rest;
			cut_in_reply_to(frame);
		} else if (after(who, SLICE("] refused to talk to me: "),
		    &rest)) {
			frame->reply = rest;
			frame->stage = STAGE_CONNECT;
		} else {
			return false;
		}
		take_host(frame, who);
		return true;
	}
	if (slice_starts(s, SLICE("SASL authentication failed")) &&
	    after(s, SLICE("; server "), &who) &&
	    after(who, SLICE("] said: "), &rest)) {
		take_host(frame, who);
		frame->reply = rest;
		frame->stage = STAGE_AUTH;
		return true;
	}
	return false;
}

/* Exim: "[H=host [ip]: ]SMTP error from remote mail server after C: R", where
 * older versions have "host H [A]: " before R. */
static bool
exim_frame(struct reply_frame *frame)
{
	struct slice rest, s = frame->reply;
	const char *colon;

	if (!after(s, SLICE("SMTP error from remote mail"), &rest) ||
	    !after(rest, SLICE(" after "), &rest))
		return false;
	take_host(frame, slice_between(s.ptr, rest.ptr));
	frame->stage = stage_of_command(rest);
	/* the command may hold an address: its end is ">: " or ": " */
	colon = slice_find(rest, SLICE(">: "));
	if (colon != NULL)
		colon++;
	else
		colon = slice_find(rest, SLICE(": "));
	if (colon == NULL)
		return false;
	rest = slice_between(colon + 2, rest.ptr + rest.len);
	if (slice_starts(rest, SLICE("SIZE="))) {
		colon = slice_find(rest, SLICE(": "));
		if (colon != NULL)
			rest = slice_between(colon + 2, rest.ptr + rest.len);
	}
	s = rest;
	if (cut_prefix(&s, SLICE("host ")) && after(s, SLICE("]: "), &rest))
		take_host(frame, s);
	frame->reply = rest;
	return true;
}

/* qmail-remote: "... Remote host said: R Giving up on A." */
static bool
qmail_frame(struct reply_frame *frame)
{
	struct slice s = frame->reply, rest;
	const char *end;

	if (!after(s, SLICE("Remote host said: "), &rest))
		return false;
	s = slice_between(s.ptr, rest.ptr);
	if (slice_find(s, SLICE("does not like recipient")) != NULL)
		frame->stage = STAGE_RCPT;
	else if (slice_find(s, SLICE("sender was rejected")) != NULL)
		frame->stage = STAGE_MAIL;
	else if (slice_find(s, SLICE("failed on DATA")) != NULL)
		frame->stage = STAGE_DATA;
	else if (slice_find(s, SLICE("failed after I sent")) != NULL)
		frame->stage = STAGE_EOD;
	else if (slice_find(s, SLICE("greeting failed")) != NULL)
		frame->stage = STAGE_CONNECT;
	end = slice_find(rest, SLICE("Giving up on "));
	frame->reply = end != NULL ? slice_between(rest.ptr, end) : rest;
	return true;
}

static bool
starts_with_code(struct slice s)
{
	uint64_t code;

	return slice_number(s, 599, &code) == 3 && code >= 200 &&
	    (s.len == 3 || s.ptr[3] == ' ' || s.ptr[3] == '-');
}

void
reply_unframe(struct slice text, struct reply_frame *frame)
{
	bool is_framed = false;

	*frame = (struct reply_frame){ .reply = slice_trim(text) };
	frame->is_echo = cut_prefix(&frame->reply,
	    SLICE("delivery temporarily suspended: "));
	if (cut_prefix(&frame->reply, SLICE("smtp;")) ||
	    cut_prefix(&frame->reply, SLICE("SMTP;")))
		is_framed = true;
	if (postfix_frame(frame) || exim_frame(frame) || qmail_frame(frame)) {
		is_framed = true;
	} else if (starts_with_code(frame->reply)) {
		is_framed = true;
		cut_in_reply_to(frame);
	}
	frame->reply = slice_trim(frame->reply);
	frame->is_own_text = !is_framed;
}
