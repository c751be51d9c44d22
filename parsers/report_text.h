/* SPDX-License-Identifier: BSD-2-Clause */
/* Pieces that several report formats share: words in the standards' spelling,
 * addresses and numbers as careless programs write them, dates of mail, header
 * fields. Knows no report. */
#ifndef MX_PARSERS_REPORT_TEXT_H
#define MX_PARSERS_REPORT_TEXT_H

#include "base/arena.h"
#include "base/ipaddr.h"

/* The word of the NULL-terminated LIST that TEXT is but for letter case; TEXT
 * itself when it is none. */
struct slice report_word(struct slice text, const char *const *list);

/* A domain in its one spelling (parsers/domain_name.h), in ARENA; SLICE_NONE
 * for an empty one. */
struct slice report_domain(struct arena *arena, struct slice text);

/* Blanks, brackets, a zone, a port, a netmask, leading zeros (decimal) are
 * taken off. RFC 5952 text in ARENA; SLICE_NONE when it is no one address. */
struct slice report_ip(struct arena *arena, struct slice text);

/* A count: "12", "1.0", "1,000", "1 000". False when it is none, negative, or
 * above 10^15. */
bool report_count(struct slice text, int64_t *count_r);

/* RFC 5322 3.3 and its obsolete forms ("EDT", two-digit years, a comment
 * behind): seconds since 1970; INT64_MIN when it is no date of 1970 to
 * 2100. */
int64_t report_mail_date(struct slice text);
/* RFC 3339 with any offset; a zone may be missing (UTC). */
int64_t report_rfc3339(struct slice text);

/* The next field of a block of header fields, folded lines joined by one
 * blank, in ARENA; *text moves behind it. LF, CRLF and CR end lines. Lines
 * that are no field are passed over. False at an empty line (which is taken
 * off) or the end. */
bool report_field(struct slice *text, struct arena *arena,
    struct slice *name_r, struct slice *value_r);
/* The first field NAME of the block that TEXT starts with; SLICE_NONE where
 * there is none. */
struct slice report_field_named(struct slice text, struct arena *arena,
    const char *name);
/* Take one line, without its end, off *text. False at the end. */
bool report_line(struct slice *text, struct slice *line_r);

/* "rfc822; <a@example.com>" to "a@example.com": the type in front, comments
 * and brackets off. */
struct slice report_address(struct slice text);
/* First occurrence of NEEDLE whatever the case of letters; NULL when none. */
const char *report_find_nocase(struct slice text, struct slice needle);

#endif
