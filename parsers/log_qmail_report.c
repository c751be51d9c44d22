/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/log_qmail.h"

#include "parsers/hop.h"
#include "parsers/reply_text.h"

static const struct slice remote_said = { "Remote_host_said:_", 18 };
static const struct slice giving_up = { "/Giving_up_on_", 14 };
static const struct slice too_long = { "I'm_not_going_to_try_again;_this_"
	"message_has_been_in_the_queue_too_long", 71 };

/* What stands in front of "Remote_host_said", behind the address. */
static const struct {
	struct slice words;
	enum stage stage;
} fronts[] = {
	{ { "_accepted_message", 17 }, STAGE_NONE },
	{ { "_but_greeting_failed", 20 }, STAGE_CONNECT },
	{ { "_but_my_name_was_rejected", 25 }, STAGE_EHLO },
	{ { "_but_sender_was_rejected", 24 }, STAGE_MAIL },
	{ { "_does_not_like_recipient", 24 }, STAGE_RCPT },
	{ { "_failed_on_DATA_command", 23 }, STAGE_DATA },
	{ { "_failed_after_I_sent_the_message", 32 }, STAGE_EOD },
	{ { "_but_connection_died", 20 }, STAGE_NONE },
};

/* The word in front of WORDS in TEXT, where it is an address. */
static struct slice
address_before(struct slice text, struct slice words)
{
	const char *end = slice_find(text, words), *begin = end;
	struct slice word;
	struct ipaddr ip;

	if (end == NULL)
		return SLICE_NONE;
	while (begin > text.ptr && begin[-1] != '_' && begin[-1] != '/')
		begin--;
	word = slice_between(begin, end);
	return ipaddr_parse_literal(word, &ip) ? word : SLICE_NONE;
}

/* Only what qmail itself wrote counts: the remote's words come behind. */
static void
set_remote(struct fact_memory *memory, struct delivery *fact,
    struct slice front)
{
	for (size_t i = 0; i < sizeof(fronts) / sizeof(fronts[0]); i++) {
		struct slice ip = address_before(front, fronts[i].words);

		if (ip.len == 0)
			continue;
		fact_set_relay(memory, fact, SLICE_NONE, ip);
		fact->stage = fronts[i].stage;
		return;
	}
}

/* "(#5.1.2)" */
static struct slice
own_code(struct slice text)
{
	const char *at;

	while ((at = slice_find(text, slice_of("(#", 2))) != NULL) {
		const char *end;

		text = slice_skip(text, (size_t)(at + 2 - text.ptr));
		end = slice_chr(text, ')');
		if (end == NULL)
			break;
		if (enhanced_code_length(slice_between(text.ptr, end)) ==
		    (size_t)(end - text.ptr))
			return slice_between(text.ptr, end);
	}
	return SLICE_NONE;
}

/* "/550_" and "/550-" inside the words of a reply of 550: a line of it. */
static bool
is_next_line(struct slice text, size_t n, struct slice code)
{
	struct slice rest = slice_skip(text, n + 1);

	return code.len == 3 && slice_starts(rest, code) &&
	    (rest.len == 3 || rest.ptr[3] == '_' || rest.ptr[3] == '-');
}

/* Underscores were mostly spaces; which not, nobody can tell. Slashes were
 * line breaks where a line of the reply (CODE) or of qmail follows. */
static struct slice
decode(struct strbuf *out, struct slice text, struct slice code)
{
	strbuf_reset(out);
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == '/' && (code.len == 0 || is_next_line(text, i, code)))
			c = ' ';
		strbuf_add_char(out, c == '_' ? ' ' : c);
	}
	return slice_trim(strbuf_slice(out));
}

/* Cut qmail's own last lines off the remote's words. */
static struct slice
without_end(struct slice text)
{
	const char *at;

	for (struct slice rest = text;
	    (at = slice_find(rest, giving_up)) != NULL;
	    rest = slice_skip(rest, (size_t)(at + 1 - rest.ptr)))
		text.len = (size_t)(at - text.ptr);
	at = slice_find(text, too_long);
	if (at != NULL)
		text.len = (size_t)(at - text.ptr);
	while (text.len != 0 && text.ptr[text.len - 1] == '/')
		text.len--;
	return text;
}

static bool
ends_too_long(struct slice text)
{
	while (text.len != 0 && (text.ptr[text.len - 1] == '/' ||
	    text.ptr[text.len - 1] == '.'))
		text.len--;
	return slice_ends(text, too_long);
}

void
qmail_report(struct fact_memory *memory, struct delivery *fact,
    struct slice text)
{
	const char *said = slice_find(text, remote_said);
	struct slice words, code = SLICE_NONE;

	if (fact->outcome == OUTCOME_BOUNCED && ends_too_long(text))
		fact->outcome = OUTCOME_EXPIRED;
	if (said == NULL) {
		if (fact->hop != HOP_LOCAL)
			set_remote(memory, fact, text);
		fact->dsn = own_code(text);
		fact_set_reply(memory, fact, decode(&memory->text,
		    without_end(text), code));
		fact->reply_code = 0;
		fact->is_own_text = true;
	} else {
		set_remote(memory, fact, slice_between(text.ptr, said));
		words = without_end(slice_skip(text,
		    (size_t)(said - text.ptr) + remote_said.len));
		if (words.len >= 3 && ascii_is_digit(words.ptr[0]))
			code = slice_of(words.ptr, 3);
		else
			code = SLICE("xxx"); /* no line looks like this */
		fact_set_reply(memory, fact, decode(&memory->text, words,
		    code));
	}
	if (fact->hop != HOP_LOCAL)
		fact->hop = hop_of_smtp(fact->relay_host, fact->relay_ip);
}
