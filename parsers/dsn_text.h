/* SPDX-License-Identifier: BSD-2-Clause */
/* Bounces that are prose: the paragraph of each recipient in the texts of
 * qmail, Exim, old Exchange and others, and the reply quoted in it. */
#ifndef MX_PARSERS_DSN_TEXT_H
#define MX_PARSERS_DSN_TEXT_H

#include "parsers/report_context.h"

struct dsn_text_bounce {
	struct slice recipient; /* may be none */
	struct slice reply;     /* from its code on, in one line; the whole
	                         * paragraph where it quotes none */
	struct slice status;    /* the enhanced code in such a paragraph */
	struct slice host;      /* who said it, where the text names it */
	bool is_delay;
};

/* HEAD, TEXT: of a mail without status fields. Is it a mailer's own, and does
 * it hold a reply? */
bool dsn_text_probe(const struct report_context *context, struct slice head,
    struct slice text);
/* TELL for each recipient. */
enum mx_code dsn_text_read(const struct report_context *context,
    struct slice head, struct slice text,
    enum mx_code (*tell)(void *ctx, const struct dsn_text_bounce *bounce,
    struct mx_err *err), void *ctx, struct mx_err *err);
/* Exchange's "Remote Server returned '550 ...'" without the quotes, in ARENA;
 * SLICE_NONE when there is none. */
struct slice dsn_quoted_reply(struct slice text, struct arena *arena);

#endif
