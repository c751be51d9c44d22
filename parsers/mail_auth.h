/* SPDX-License-Identifier: BSD-2-Clause */
/* Who signed a mail, as the mailbox's own server found when it took the mail:
 * the field Authentication-Results (RFC 8601). Anybody can write such a field,
 * so that only those with a trusted authserv-id count; a server removes
 * foreign ones that claim its id (RFC 8601 5). */
#ifndef MX_PARSERS_MAIL_AUTH_H
#define MX_PARSERS_MAIL_AUTH_H

#include "base/arena.h"

struct mail_auth {
	struct slice dkim;        /* "pass", "fail", "none", ... lower case */
	struct slice dkim_domain; /* who signed; lower case */
	struct slice dmarc;       /* of the From domain */
};

/* From the topmost trusted field of HEAD; all absent where there is none.
 * TRUSTED: ids between blanks. Of several signatures the one that passes and
 * fits FROM_DOMAIN counts, then one that passes, then the first. Texts are in
 * ARENA. */
struct mail_auth mail_auth_read(struct slice head, struct slice trusted,
    struct slice from_domain, struct arena *arena);

#endif
