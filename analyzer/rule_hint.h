/* SPDX-License-Identifier: BSD-2-Clause */
/* A rule to paste for a reply that no rule's words know: mxtrend-rules(5). It
 * is complete, passes `rules check` and decides that reply; what it says of
 * reason and remedy is a guess for a person to correct. Knows no file. */
#ifndef MX_ANALYZER_RULE_HINT_H
#define MX_ANALYZER_RULE_HINT_H

#include "analyzer/reply_mask.h"
#include "base/strbuf.h"

struct rule_hint {
	struct slice reply;    /* without the frame of an MTA */
	struct slice provider; /* a key of the table; none = for all */
	bool is_own_text;      /* our MTA's words, or nobody knows whose */
};

/* Appends the paragraph, lines ended by "\n"; false, and nothing appended,
 * when the text has no words that a rule could look for. *ID_R (may be NULL):
 * the same for all replies that one such rule would know. MASK is scratch. */
bool rule_hint(const struct rule_hint *hint, struct reply_mask *mask,
    struct strbuf *out, uint64_t *id_r);

#endif
