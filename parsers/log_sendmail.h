/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the sendmail parser share. Nobody else includes this. */
#ifndef MX_PARSERS_LOG_SENDMAIL_H
#define MX_PARSERS_LOG_SENDMAIL_H

#include "parsers/fact_fill.h"
#include "parsers/ingest_formats.h"

/* A line "to=...", taken apart. */
struct sendmail_fields {
	struct slice recipients;   /* "<a@b>,<c@d>" or names without brackets */
	struct slice mailer, host, ip, dsn, stage, tls, delay;
	struct slice reply, stat;  /* absent where not logged */
};

/* One address at the front of *LIST, which moves behind it and its comma;
 * false at the end. */
bool sendmail_take_recipient(struct slice *list, struct slice *address_r);
/* "<a@b>" or a bare address at the front of *TEXT, up to a comma; false where
 * it is not closed. */
bool sendmail_take_address(struct slice *text, struct slice *address_r);

/* TEXT: behind "to=". False: cut before its outcome. */
bool sendmail_fields_read(struct slice text,
    struct sendmail_fields *fields_r);

enum sendmail_result { SENDMAIL_FACT, SENDMAIL_NO_FACT };
/* All of FACT but the recipient, which FIELDS may have many of. */
enum sendmail_result sendmail_delivery_read(struct fact_memory *memory,
    const struct sendmail_fields *fields, struct delivery *fact);

#endif
