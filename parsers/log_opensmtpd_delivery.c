/* SPDX-License-Identifier: BSD-2-Clause */
/* One outcome line of OpenSMTPD (7.4 smtpd/mta.c mta_log(), mda.c, queue.c;
 * 6.0 with "event=delivery"; 5.4 to 5.9 with commas):
 *
 *   S mta delivery evpid=E from=<S> to=<R> rcpt=<O> source="IP"
 *       relay="IP (name)" delay=T result="Ok" stat="reply"
 *   S mda delivery evpid=E from=<S> to=<R> [rcpt=<O> ]user=U delay=T
 *       result=Ok stat=Delivered
 *   relay: Ok for E: session=S, from=<S>, to=<R>, rcpt=<O>, source=IP,
 *       relay=H, delay=T, stat=reply
 *   relay: Expire for E: from=<S>, to=<R>, rcpt=<O>, delay=T, stat=words
 *
 * Nothing is escaped: fields are taken from the left, stat is the rest. */
#include "parsers/log_opensmtpd.h"

#include "parsers/duration.h"
#include "parsers/hop.h"
#include "parsers/octal_escape.h"
#include "parsers/reply_text.h"

/* "<address>" at the front of TEXT, whose local part may be quoted: up to
 * the bracket that is followed by STOP or the end. */
static struct slice
take_address(struct slice *text, char stop)
{
	struct slice inner = slice_skip(*text, 1), address;
	bool is_quoted = false;
	size_t n = 0;

	if (text->len == 0 || text->ptr[0] != '<')
		return SLICE_NONE;
	for (; n < inner.len; n++) {
		if (is_quoted && inner.ptr[n] == '\\')
			n++;
		else if (inner.ptr[n] == '"')
			is_quoted = !is_quoted;
		else if (!is_quoted && inner.ptr[n] == '>' &&
		    (n + 1 == inner.len || inner.ptr[n + 1] == stop))
			break;
	}
	if (n >= inner.len)
		return SLICE_NONE;
	address = slice_of(inner.ptr, n);
	*text = slice_skip(inner, n + 1);
	return address;
}

/* "value" in quotes, or a word. */
static struct slice
take_value(struct slice *text, char stop)
{
	bool is_quoted = text->len != 0 && text->ptr[0] == '"';
	struct slice rest = slice_skip(*text, is_quoted), value;
	const char *end = slice_chr(rest, is_quoted ? '"' : stop);

	value = end != NULL ? slice_between(rest.ptr, end) : rest;
	*text = slice_skip(rest, value.len + (is_quoted && end != NULL));
	return value;
}

/* The words are last: up to the last quote where there is one in front. */
static struct slice
take_stat(struct slice text)
{
	if (text.len == 0 || text.ptr[0] != '"')
		return text;
	text = slice_skip(text, 1);
	if (text.len != 0 && text.ptr[text.len - 1] == '"')
		text.len--;
	return text;
}

/* One "key=value" at the front of *TEXT. False: something else is there. */
static bool
take_field(struct slice *text, char stop, struct opensmtpd_fields *fields)
{
	size_t n = 0;
	struct slice key, rest;

	while (n < text->len && text->ptr[n] >= 'a' && text->ptr[n] <= 'z')
		n++;
	if (n == 0 || n == text->len || text->ptr[n] != '=')
		return false;
	key = slice_of(text->ptr, n);
	rest = slice_skip(*text, n + 1);
	if (slice_eq(key, SLICE("from")))
		fields->sender = take_address(&rest, stop);
	else if (slice_eq(key, SLICE("to")))
		fields->recipient = take_address(&rest, stop);
	else if (slice_eq(key, SLICE("rcpt")))
		fields->original = take_address(&rest, stop);
	else if (slice_eq(key, SLICE("evpid")))
		fields->envelope = take_value(&rest, stop);
	else if (slice_eq(key, SLICE("source")))
		fields->source = take_value(&rest, stop);
	else if (slice_eq(key, SLICE("relay")))
		fields->relay = take_value(&rest, stop);
	else if (slice_eq(key, SLICE("delay")))
		fields->delay = take_value(&rest, stop);
	else if (slice_eq(key, SLICE("result")))
		fields->result = take_value(&rest, stop);
	else
		(void)take_value(&rest, stop);
	*text = rest;
	return true;
}

static bool
is_envelope(struct slice id)
{
	for (size_t i = 0; i < id.len; i++)
		if (!ascii_is_digit(id.ptr[i]) &&
		    (id.ptr[i] < 'a' || id.ptr[i] > 'f'))
			return false;
	return id.len == 16;
}

/* Fields with SEPARATOR between them, up to stat=. */
static bool
read_fields(struct slice text, struct slice separator,
    struct opensmtpd_fields *fields)
{
	while (!slice_starts(text, SLICE("stat="))) {
		if (!take_field(&text, separator.ptr[0], fields) ||
		    !slice_starts(text, separator))
			return false;
		text = slice_skip(text, separator.len);
	}
	fields->stat = take_stat(slice_skip(text, 5));
	return is_envelope(fields->envelope) &&
	    !slice_is_none(fields->recipient) && fields->result.len != 0;
}

bool
opensmtpd_read_blanks(struct slice text, struct opensmtpd_fields *fields_r)
{
	return read_fields(text, slice_of(" ", 1), fields_r);
}

bool
opensmtpd_read_commas(struct slice text, struct opensmtpd_fields *fields_r)
{
	static const struct slice middle = { " for ", 5 };
	const char *at;

	fields_r->is_local = slice_starts(text, SLICE("delivery: "));
	if (!fields_r->is_local && !slice_starts(text, SLICE("relay: ")))
		return false;
	text = slice_skip(text, fields_r->is_local ? 10 : 7);
	at = slice_find(text, middle);
	if (at == NULL)
		return false;
	fields_r->result = slice_between(text.ptr, at);
	text = slice_skip(text, fields_r->result.len + middle.len);
	if (text.len < 18 || text.ptr[16] != ':' || text.ptr[17] != ' ')
		return false;
	fields_r->envelope = slice_of(text.ptr, 16);
	return read_fields(slice_skip(text, 18), slice_of(", ", 2),
	    fields_r);
}

/* "192.0.2.1 (name)", "[2001:db8::1] (name)", or the domain alone where
 * there was no session. */
static bool
split_relay(struct slice relay, struct slice *ip_r, struct slice *host_r)
{
	const char *space = slice_chr(relay, ' ');
	struct ipaddr ip;

	*ip_r = space != NULL ? slice_between(relay.ptr, space) : relay;
	*host_r = SLICE_NONE;
	if (!ipaddr_parse_literal(*ip_r, &ip))
		return false;
	if (space == NULL)
		return true;
	*host_r = slice_skip(relay, ip_r->len + 1);
	if (host_r->len >= 2 && host_r->ptr[0] == '(' &&
	    host_r->ptr[host_r->len - 1] == ')')
		*host_r = slice_of(host_r->ptr + 1, host_r->len - 2);
	return true;
}

/* The lines of a reply run together, and the later ones keep their enhanced
 * code: "550-5.7.26 first5.7.26 second". */
static struct slice
parted(struct fact_memory *memory, struct slice text)
{
	struct slice rest, code;
	const char *at;

	if (text.len < 4 || text.ptr[3] != '-' || reply_code_of(text) == 0)
		return text;
	rest = slice_skip(text, 4);
	code = slice_of(rest.ptr, enhanced_code_length(rest));
	if (code.len == 0)
		return text;
	strbuf_reset(&memory->text);
	strbuf_add(&memory->text, text.ptr, 4 + code.len);
	rest = slice_skip(rest, code.len);
	while ((at = slice_find(rest, code)) != NULL) {
		struct slice words = slice_between(rest.ptr, at);

		strbuf_add_slice(&memory->text, words);
		if (words.len == 0 || words.ptr[words.len - 1] != ' ')
			strbuf_add_char(&memory->text, ' ');
		rest = slice_trim(slice_skip(rest, words.len + code.len));
	}
	strbuf_add_slice(&memory->text, rest);
	return strbuf_slice(&memory->text);
}

static void
set_words(struct fact_memory *memory, struct slice text,
    struct delivery *fact)
{
	text = parted(memory, syslog_unescape(text, &memory->reply));
	if (text.ptr == memory->reply.ptr) {
		/* the reply is unfolded into that buffer */
		strbuf_reset(&memory->text);
		strbuf_add_slice(&memory->text, text);
		text = strbuf_slice(&memory->text);
	}
	fact_set_reply(memory, fact, text);
}

static enum outcome
outcome_of(struct slice result)
{
	if (slice_eq(result, SLICE("Ok")))
		return OUTCOME_ACCEPTED;
	if (slice_eq(result, SLICE("PermFail")))
		return OUTCOME_BOUNCED;
	if (slice_eq(result, SLICE("Expire")))
		return OUTCOME_EXPIRED;
	return slice_eq(result, SLICE("Remove")) ? OUTCOME_DISCARDED :
	    OUTCOME_DEFERRED;
}

/* What OpenSMTPD says of an envelope that waited for a route. */
static bool
is_routeless(struct slice stat)
{
	return slice_starts(stat, SLICE("Network error on destination")) ||
	    slice_starts(stat, SLICE("Address family mismatch on")) ||
	    slice_starts(stat, SLICE("No valid route"));
}

static void
explain(struct fact_memory *memory, struct opensmtpd_routes *routes,
    const struct opensmtpd_fields *fields, struct delivery *fact)
{
	const struct route_failure *cause;
	bool is_echo;

	cause = routes_explain(routes, fact->domain, fields->envelope,
	    fact->at.utc, &is_echo);
	if (cause == NULL)
		return;
	if (is_echo)
		fact->outcome = OUTCOME_SUSPENDED;
	fact_set_relay(memory, fact, slice_str(cause->host),
	    slice_str(cause->address));
	fact->is_relay_reverse = true;
	fact_set_source_ip(memory, fact, slice_str(cause->source));
	set_words(memory, slice_str(cause->words), fact);
	fact->stage = cause->stage;
}

static void
set_peer(struct fact_memory *memory, struct opensmtpd_routes *routes,
    const struct opensmtpd_fields *fields, struct delivery *fact)
{
	struct slice ip, host;

	if (!split_relay(fields->relay, &ip, &host)) {
		if (fact->outcome == OUTCOME_DEFERRED &&
		    is_routeless(fields->stat))
			explain(memory, routes, fields, fact);
		return;
	}
	fact_set_relay(memory, fact, host, ip);
	fact->is_relay_reverse = host.len != 0;
	routes_served(routes, fact->domain, fact->relay_ip);
}

void
opensmtpd_delivery_fill(struct fact_memory *memory,
    struct opensmtpd_routes *routes, const struct opensmtpd_fields *fields,
    struct delivery *fact)
{
	fact->id = slice_of(fields->envelope.ptr, 8);
	fact->sender = fields->sender;
	fact_set_recipient(memory, fact, fields->recipient);
	if (fields->original.len != 0 &&
	    !slice_eq(fields->original, SLICE("-")) &&
	    !slice_eq(fields->original, fields->recipient))
		fact->orig_recipient = fields->original;
	if (fields->delay.len != 0)
		fact->delay_ms = duration_letters(fields->delay);
	fact->outcome = outcome_of(fields->result);
	fact->is_final = fact->outcome != OUTCOME_DEFERRED;
	fact_set_source_ip(memory, fact, fields->source);
	set_words(memory, fields->stat, fact);
	if (fields->is_local) {
		fact->hop = HOP_LOCAL;
		return;
	}
	set_peer(memory, routes, fields, fact);
	if (fact->relay_ip.len != 0)
		fact->hop = hop_of_smtp(fact->relay_host, fact->relay_ip);
}
