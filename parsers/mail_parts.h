/* SPDX-License-Identifier: BSD-2-Clause */
/* A message (RFC 5322, MIME) as a flat list of its leaf parts, decoded. The
 * only place that knows the mail library. Attached messages are leaves: who
 * wants their parts opens their content as a mail. */
#ifndef MX_PARSERS_MAIL_PARTS_H
#define MX_PARSERS_MAIL_PARTS_H

#include "base/err.h"
#include "base/slice.h"

struct mail_part {
	struct slice type;    /* "text/plain", lower case; never absent */
	struct slice name;    /* of the attachment, decoded, or none */
	struct slice content; /* without transfer encoding */
	bool is_message;      /* message/rfc822: content is its source */
	bool is_attachment;
	bool is_cut;          /* above LIMIT_NESTED_MAIL_BYTES or
	                       * LIMIT_REPORT_BYTES: only its beginning */
};

struct mail {
	struct slice head;    /* header fields of the message, raw */
	/* Of multipart/report: "feedback-report", "delivery-status",
	 * "tlsrpt", lower case; else none. */
	struct slice report_type;
	const struct mail_part *parts;
	size_t part_count;
	bool is_cut; /* parts above LIMIT_MIME_PARTS were left out */
};

/* Once, before anything is read: a message that there is no memory for ends
 * the program as mx_oom does, and the library says nothing on standard
 * error. */
void mail_set_up(void);

/* TEXT at most LIMIT_MAIL_BYTES, with LF, CRLF or CR line ends, an mbox line,
 * a BOM or empty lines in front. MX_E_LIMIT when it is larger, when
 * multiparts nest deeper than LIMIT_MIME_DEPTH or messages deeper than
 * LIMIT_MAIL_NESTING, above LIMIT_MIME_LINES and LIMIT_MAIL_FIELDS; MX_E_DATA
 * when it has no header fields. */
enum mx_code mail_open(struct slice text, struct mail **mail_r,
    struct mx_err *err) MX_MUST_USE;
void mail_close(struct mail *mail);

/* Do the first lines of TEXT look like the head of a message, or an mbox? */
bool mail_probe(struct slice text);
/* The same, and it starts with an mbox separator. */
bool mail_is_mbox(struct slice text);
/* "From sender Www Mmm dd hh:mm:ss yyyy" of an mbox (RFC 4155): with a
 * plausible date, since quoting is often forgotten. */
bool mail_is_separator(struct slice line);

#endif
