/* SPDX-License-Identifier: BSD-2-Clause */
/* A reply without what differs from mail to mail: addresses, IPs, host names,
 * stamps and ids become placeholders, while everything that tells two causes
 * apart stays letter for letter (codes such as S3140 or AUP#In-1310, enhanced
 * codes, names of block lists, links). Rules see nothing but this text, so
 * that a cached answer can never differ from a fresh one, and a host that is
 * called "blacklist.example" never matches a word. Conservative: what it is
 * not sure of, it keeps. Knows no rule and no provider. */
#ifndef MX_ANALYZER_REPLY_MASK_H
#define MX_ANALYZER_REPLY_MASK_H

#include "analyzer/mask_word.h"
#include "base/limits.h"
#include "base/slice.h"

/* Placeholders: <ip> an address (IPv4 or IPv6), <rip> four labels of a DNSBL
 * query, <addr> a mail address or anything else in angle brackets, <host> a
 * host name, <id> a long word with digits, <time> a date or time, <n> a
 * number of five digits or more or one with a unit. */

enum { MASK_IPS = 16, MASK_LINKS = 16 };

struct reply_mask {
	char *text;         /* valid UTF-8 without control characters */
	size_t len;
	size_t room;        /* of text; see reply_mask_init */
	/* The addresses behind the first <ip>s, slices of the raw text. */
	struct slice ips[MASK_IPS];
	unsigned ip_count;
	/* Where links stand in text: [begin, end). */
	struct {
		uint16_t begin, end;
	} links[MASK_LINKS];
	unsigned link_count;
	/* Of the text's own beginning; 0 = none. */
	uint16_t code;      /* 550 */
	uint8_t dsn_class;  /* 5.7.1 */
	uint16_t dsn_subject, dsn_detail;
	struct word_table words;
};

/* The buffer is as long as the longest reply can become. */
void reply_mask_init(struct reply_mask *mask);
void reply_mask_release(struct reply_mask *mask);

/* Mask RAW; bytes above LIMIT_REPLY_BYTES are left out. Repeated code and
 * enhanced code of the lines of one reply ("550-5.7.1 a 550 5.7.1 b") are
 * left out too, white space runs become one space, bytes that are not UTF-8
 * become "?". The slices in *mask live as long as RAW. */
void reply_mask(struct reply_mask *mask, struct slice raw);

/* "5.7.1" at the start of S, also as "#5.7.1"; how many bytes, 0 = none. */
size_t reply_mask_dsn(struct slice s, uint8_t *class_r, uint16_t *subject_r,
    uint16_t *detail_r);

#endif
