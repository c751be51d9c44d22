/* SPDX-License-Identifier: BSD-2-Clause */
/* The frame that MTAs put around a remote reply when they log or bounce it:
 * who said it, at which stage, and the words themselves. Forms: Postfix
 * src/smtp/smtp_trouble.c (3.9), Exim src/deliver.c and transports/smtp.c
 * (4.97), qmail-remote.c (1.06), RFC 3464 diagnostic codes. Looks only at one
 * text; knows no log line. */
#ifndef MX_ANALYZER_REPLY_FRAME_H
#define MX_ANALYZER_REPLY_FRAME_H

#include "parsers/facts.h"

struct reply_frame {
	struct slice reply;     /* without the frame */
	struct slice host, ip;  /* who spoke, where the frame says it */
	enum stage stage;       /* STAGE_NONE when it does not say */
	bool is_own_text;       /* a reply of nobody: the MTA's own words */
	bool is_echo;           /* "delivery temporarily suspended: " before */
};

/* Never fails: what has no frame comes back as it is, with is_own_text set
 * unless it begins with a reply code. All slices point into TEXT. */
void reply_unframe(struct slice text, struct reply_frame *frame_r);

#endif
