/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the Postfix parser share. Nobody else includes this:
 * the format is known by its row in ingest_formats.c. */
#ifndef MX_PARSERS_LOG_POSTFIX_H
#define MX_PARSERS_LOG_POSTFIX_H

#include "base/strbuf.h"
#include "parsers/domain_name.h"
#include "parsers/ingest_formats.h"

/* Programs that log with a queue id in front; the others are noise. */
enum postfix_agent {
	AGENT_NONE,
	AGENT_SMTP,
	AGENT_LMTP,
	AGENT_LOCAL,
	AGENT_VIRTUAL,
	AGENT_PIPE,
	AGENT_ERROR,
	AGENT_DISCARD,
	AGENT_QMGR,
	AGENT_BOUNCE,
	AGENT_CLEANUP,
	AGENT_PICKUP,
	AGENT_SMTPD,
	AGENT_POSTSUPER,
	/* Any of them: journalctl -o with-unit names the service alone. */
	AGENT_UNIT,
	AGENTS
};

struct postfix_state {
	struct strbuf reply; /* unfolded */
	char domain[LIMIT_DOMAIN_BYTES];
	char relay[LIMIT_DOMAIN_BYTES];
	char named[LIMIT_DOMAIN_BYTES];
};

/* The text in parentheses behind status=, taken apart. */
struct postfix_reason {
	struct slice reply;     /* without framing; not unfolded */
	struct slice host, ip;  /* H[A] that the text speaks of, or absent */
	enum stage stage;
	bool is_own_text;       /* Postfix's words, not the remote's */
	bool is_contact;        /* H[A] was talked to, not only tried */
	bool is_suspended;      /* no attempt was made */
};

/* TEXT: between the parentheses. IS_CUT: the closing one is missing. */
void postfix_reason_read(struct slice text, bool is_cut,
    struct postfix_reason *reason_r);

/* An address at the start of *TEXT, which moves to the ", key=" behind it:
 * "<a@b>", also with quotes or without brackets. False: no field follows. */
bool postfix_take_address(struct slice *text, struct slice *address_r);
/* The next ", key=value" of *TEXT; the value ends at the next ", ". */
bool postfix_take_field(struct slice *text, struct slice *key_r,
    struct slice *value_r);

/* REST: behind "QID: to=". FACT holds what the frame said. False: *why_r says
 * why it is no delivery line. */
bool postfix_delivery_read(struct postfix_state *state,
    enum postfix_agent agent, struct slice rest, struct delivery *fact,
    enum skip_reason *why_r);

#endif
