/* SPDX-License-Identifier: BSD-2-Clause */
/* What all log formats do to a delivery: names in their plain spelling, the
 * words of a reply, the memory that both need. Knows no MTA's grammar. */
#ifndef MX_PARSERS_FACT_FILL_H
#define MX_PARSERS_FACT_FILL_H

#include "base/ipaddr.h"
#include "base/strbuf.h"
#include "parsers/domain_name.h"
#include "parsers/facts.h"

/* One of these in a format's state: what the facts of the line at hand point
 * into where a slice of the line would not do. */
struct fact_memory {
	struct strbuf text;  /* a reply after the escapes of the log */
	struct strbuf line;  /* the same without line breaks */
	struct strbuf reply; /* the same in one piece */
	char domain[LIMIT_DOMAIN_BYTES];
	char relay[LIMIT_DOMAIN_BYTES];
	char named[LIMIT_DOMAIN_BYTES];
	char relay_ip[IPADDR_TEXT], named_ip[IPADDR_TEXT];
	char source_ip[IPADDR_TEXT];
};

void fact_memory_init(struct fact_memory *memory);
void fact_memory_release(struct fact_memory *memory);

/* A fact that says nothing yet: numbers not known, hop remote. */
struct delivery fact_start(const char *mta);

/* "<a@b>" or "a@b", without the brackets. */
struct slice address_bare(struct slice text);

/* Sets recipient and domain. */
void fact_set_recipient(struct fact_memory *memory, struct delivery *fact,
    struct slice recipient);
/* Either may be absent; HOST loses its trailing dot and its capitals. An
 * address keeps no brackets, no "IPv6:" and no zone, and is written as RFC
 * 5952 says. */
void fact_set_relay(struct fact_memory *memory, struct delivery *fact,
    struct slice host, struct slice ip);
/* The MX that was tried in vain. */
void fact_set_named(struct fact_memory *memory, struct delivery *fact,
    struct slice host, struct slice ip);
/* Our own address, as the log gives it; nothing where TEXT is none. */
void fact_set_source_ip(struct fact_memory *memory, struct delivery *fact,
    struct slice text);

/* The words: a reply that starts with its code is the remote's, anything
 * else the MTA's own. Sets reply, reply_code, is_own_text, and dsn from the
 * reply's enhanced code where it is not set yet. Folded replies ("550-a 550
 * b") become one text, line breaks a space; longer ones than
 * LIMIT_REPLY_BYTES are cut. */
void fact_set_reply(struct fact_memory *memory, struct delivery *fact,
    struct slice text);

/* "192.0.2.1" out of "[192.0.2.1]", "[IPv6:2001:db8::1]", "::1%lo"; TEXT
 * itself where it is not so decorated. */
struct slice ip_bare(struct slice text);
/* "192.0.2.1:25", "[2001:db8::1]:25" apart; *port_r is 0 where there is
 * none. */
struct slice ip_and_port(struct slice text, uint16_t *port_r);

#endif
