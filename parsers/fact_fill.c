/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/fact_fill.h"

#include "parsers/reply_text.h"

void
fact_memory_init(struct fact_memory *memory)
{
	strbuf_init(&memory->text, LIMIT_LINE_BYTES);
	strbuf_init(&memory->line, LIMIT_LINE_BYTES);
	strbuf_init(&memory->reply, LIMIT_LINE_BYTES);
}

void
fact_memory_release(struct fact_memory *memory)
{
	strbuf_release(&memory->text);
	strbuf_release(&memory->line);
	strbuf_release(&memory->reply);
}

struct delivery
fact_start(const char *mta)
{
	return (struct delivery){ .mta = mta, .delay_ms = -1,
		.size_bytes = -1, .hop = HOP_REMOTE };
}

struct slice
address_bare(struct slice text)
{
	if (text.len != 0 && text.ptr[0] == '<') {
		text = slice_skip(text, 1);
		if (text.len != 0 && text.ptr[text.len - 1] == '>')
			text.len--;
	}
	return text;
}

void
fact_set_recipient(struct fact_memory *memory, struct delivery *fact,
    struct slice recipient)
{
	fact->recipient = recipient;
	fact->domain = domain_name_plain(address_domain(recipient),
	    memory->domain);
}

struct slice
ip_bare(struct slice text)
{
	const char *zone;

	if (text.len >= 2 && text.ptr[0] == '[' &&
	    text.ptr[text.len - 1] == ']')
		text = slice_of(text.ptr + 1, text.len - 2);
	if (text.len > 5 && slice_eq_nocase(slice_of(text.ptr, 5),
	    SLICE("IPv6:")))
		text = slice_skip(text, 5);
	zone = slice_chr(text, '%');
	if (zone != NULL)
		text = slice_between(text.ptr, zone);
	return text;
}

struct slice
ip_and_port(struct slice text, uint16_t *port_r)
{
	const char *colon = NULL;
	uint64_t port;

	*port_r = 0;
	for (size_t i = text.len; i > 0; i--)
		if (!ascii_is_digit(text.ptr[i - 1])) {
			if (text.ptr[i - 1] == ':')
				colon = text.ptr + i - 1;
			break;
		}
	if (colon == NULL || colon == text.ptr ||
	    (colon[-1] != ']' && slice_chr(slice_between(text.ptr, colon),
	    ':') != NULL))
		return ip_bare(text);
	if (slice_number(slice_between(colon + 1, text.ptr + text.len), 65535,
	    &port) != 0)
		*port_r = (uint16_t)port;
	return ip_bare(slice_between(text.ptr, colon));
}

/* Of an IPv6 address the one spelling; other text as it is. */
static struct slice
ip_plain(struct slice text, char buf[IPADDR_TEXT])
{
	struct ipaddr ip;

	if (text.len == 0)
		return SLICE_NONE;
	text = ip_bare(text);
	if (slice_chr(text, ':') == NULL || !ipaddr_parse(text, &ip))
		return text;
	return slice_of(buf, ipaddr_format(&ip, buf));
}

void
fact_set_relay(struct fact_memory *memory, struct delivery *fact,
    struct slice host, struct slice ip)
{
	fact->relay_ip = ip_plain(ip, memory->relay_ip);
	fact->relay_host = SLICE_NONE;
	if (host.len != 0)
		fact->relay_host = domain_name_plain(ip_bare(host),
		    memory->relay);
}

void
fact_set_named(struct fact_memory *memory, struct delivery *fact,
    struct slice host, struct slice ip)
{
	fact->named_ip = ip_plain(ip, memory->named_ip);
	fact->named_mx = SLICE_NONE;
	if (host.len != 0)
		fact->named_mx = domain_name_plain(ip_bare(host),
		    memory->named);
}

void
fact_set_source_ip(struct fact_memory *memory, struct delivery *fact,
    struct slice text)
{
	struct ipaddr ip;

	if (!ipaddr_parse(ip_bare(text), &ip))
		return;
	fact->source_ip = ip_plain(text, memory->source_ip);
	fact->source_from = SOURCE_LOG;
}

/* Formats that can hold line breaks (JSON, quoted CSV) keep them in replies of
 * several lines. */
static struct slice
in_one_line(struct fact_memory *memory, struct slice text)
{
	bool was_break = false;

	if (slice_chr(text, '\n') == NULL && slice_chr(text, '\r') == NULL)
		return text;
	strbuf_reset(&memory->line);
	for (size_t i = 0; i < text.len; i++) {
		bool is_break = text.ptr[i] == '\n' || text.ptr[i] == '\r';

		if (!is_break)
			strbuf_add_char(&memory->line, text.ptr[i]);
		else if (!was_break)
			strbuf_add_char(&memory->line, ' ');
		was_break = is_break;
	}
	return strbuf_slice(&memory->line);
}

void
fact_set_reply(struct fact_memory *memory, struct delivery *fact,
    struct slice text)
{
	struct slice words;
	size_t dsn;

	text = reply_unfold(in_one_line(memory, slice_trim(text)),
	    &memory->reply);
	if (text.len > LIMIT_REPLY_BYTES)
		text.len = LIMIT_REPLY_BYTES;
	text = slice_trim(text);
	fact->reply = text.len != 0 ? text : SLICE_NONE;
	fact->reply_code = reply_code_of(text);
	fact->is_own_text = fact->reply_code == 0;
	if (fact->reply_code == 0 || fact->dsn.len != 0)
		return;
	words = slice_trim(slice_skip(text, 4));
	dsn = enhanced_code_length(words);
	if (dsn != 0 && words.ptr[0] == text.ptr[0])
		fact->dsn = slice_of(words.ptr, dsn);
}
