/* SPDX-License-Identifier: BSD-2-Clause */
/* Which replies and reasons people should read first: new ones that are about us, and those
 * that no rule knows; the rest is counted by reason. Knows no format. */
#ifndef MX_REPORTS_REPLY_VIEW_H
#define MX_REPORTS_REPLY_VIEW_H

#include "reports/report.h"

struct reply_view {
	const struct report_reply **rows; /* in the document's order */
	size_t count;
	size_t other_count;   /* left out: about recipients or the network */
	struct slice others;  /* "mailbox-unknown 7, greylist 5" */
};

/* The reason is about the sender (block lists, reputation, authentication,
 * policy, content) and not about the recipient or the way there. */
bool reply_reason_is_ours(struct slice reason);

/* Memory: the arena. */
struct reply_view view_new_replies(const struct report *report,
    struct arena *arena);
struct reply_view view_unclassified_replies(const struct report *report,
    struct arena *arena);

/* All reasons, those about us first, else in the document's order; as many
 * as report->reason_count. */
const struct report_reason **view_reasons(const struct report *report,
    struct arena *arena);

#endif
