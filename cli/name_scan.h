/* SPDX-License-Identifier: BSD-2-Clause */
/* Where mail addresses, IP addresses and host names stand in a text of
 * strangers. Rather too many than too few: what is found here is hidden. Pure
 * functions on bytes; knows nothing of what is done with them. */
#ifndef MX_CLI_NAME_SCAN_H
#define MX_CLI_NAME_SCAN_H

#include "base/slice.h"

/* Shorter words are in every text. */
enum { SCAN_NAME_LEAST = 3 };

/* Slices of the text. */
struct found_address {
	struct slice local;  /* with its quotes */
	struct slice domain; /* may be empty */
};

/* The first address at or behind AT: an "@", or "%40" as in links, with
 * something before it. Quoted local parts (RFC 5321 4.1.2), those with UTF-8
 * (RFC 6531), and what senders rewrote (SRS, VERP) count as one. */
bool scan_address(struct slice text, size_t at, struct found_address *found_r);

/* The first IP address at or behind AT: IPv4 with dots, or with dashes as in
 * the names of dial-in hosts; IPv6. */
bool scan_ip(struct slice text, size_t at, struct slice *found_r);

/* The first host or domain name at or behind AT: two labels or more, of which
 * the last is letters and no usual extension of a file. */
bool scan_domain(struct slice text, size_t at, struct slice *found_r);

/* The first place at or behind AT where NAME stands as a word of its own,
 * letters of either case; NULL when it does not. */
const char *scan_word(struct slice text, size_t at, struct slice name);

/* Whether WORD, a slice of TEXT, stands there as a word of its own: no letter or
 * digit before or behind it. */
bool scan_is_word(struct slice text, struct slice word);

/* RFC 2142 and what is alike: the local part of no person, and a word of every
 * reply. */
bool scan_is_role(struct slice local);

#endif
