/* SPDX-License-Identifier: BSD-2-Clause */
/* What one word of a reply is: an address, a stamp, a host name, a code.
 * Only looks; reply_mask.c decides what becomes of it. */
#ifndef MX_ANALYZER_MASK_WORD_H
#define MX_ANALYZER_MASK_WORD_H

#include "base/slice.h"

/* Words that mean something to the mask: bits, since one may be several. */
enum {
	WORD_TOP_LEVEL = 1,  /* com, de, ... of two letters are not listed */
	WORD_LIST = 2,       /* "spamhaus.org": a block list's own domain */
	WORD_USING = 4,      /* "using": a list's name follows */
	WORD_BY = 8,         /* "by": one may follow, if the text says so */
	WORD_ID_KEY = 16     /* a link's parameter that differs every time */
};

/* All of them, built once for many texts. */
struct word_table {
	uint8_t slots[1024]; /* index + 1, 0 = free */
};
void word_table_init(struct word_table *table);
/* The bits of S, without case; 0 when it is no such word. */
unsigned word_table_find(const struct word_table *table, struct slice s);

/* A byte of a host name, or the dot between labels. */
bool word_is_name_byte(char c);
bool word_is_ipv4(struct slice s);
bool word_is_ipv6(struct slice s);
/* "2026-11-20...", "12:34", "12:34:56.789Z". */
bool word_is_stamp(struct slice s);
bool word_is_number(struct slice s); /* digits only */
bool word_is_hex(struct slice s);    /* hexadecimal digits only */
bool word_is_dotted_number(struct slice s); /* digits and dots */
/* A provider's code: capitals, then at most one group of digits or two that
 * a separator parts: S3140, AS16012611, OFR006_102, AUP#In-1310. Ids change
 * between letters and digits more often. */
bool word_is_code(struct slice s);
bool word_has_digit(struct slice s);
/* A machine's name without a domain: "mx27", "mxgmx114", "smtp-12". Anything
 * in small letters with two digits when it opens a reply (IS_FIRST), as a
 * server's own name does: "mwinf5c14". */
bool word_is_machine(struct slice s, bool is_first);
/* Base64 of some length, of all three kinds of letters and digits. */
bool word_is_base64(struct slice s);
/* "16.55847:7E000000", which Exchange writes by the dozen. */
bool word_is_diagnostic(struct slice s);
/* Letters in one piece or several, and one number of at most four digits:
 * "help_spam_16.htm", "email-delivery-451". Somebody made it up, no machine. */
bool word_is_wordy(struct slice s);
/* A host name with a dot whose last label can be a top-level domain; prose
 * without a space behind its full stop ("accepted.Please") is none. NEXT:
 * the byte behind the word, '\0' at the end; '[' proves a host name. */
bool word_is_host(const struct word_table *table, struct slice s, char next);
/* A block list's or filter maker's own name, or a name below it. */
bool word_is_list(const struct word_table *table, struct slice host);
/* Does the text BEFORE a name say that a list follows: "blocked using",
 * "listed at", "RBL:"? */
bool word_follows_list_words(const struct word_table *table,
    struct slice before);
/* Four numeric labels that open a longer name, as in a DNSBL query: their
 * length without the dot behind them, else 0. */
size_t word_reversed_ip(struct slice s);

#endif
