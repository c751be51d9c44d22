/* SPDX-License-Identifier: BSD-2-Clause */
/* What an episode cost and when it was, in words that the text formats
 * share. */
#ifndef MX_REPORTS_EPISODE_WORDS_H
#define MX_REPORTS_EPISODE_WORDS_H

#include "base/strbuf.h"
#include "reports/report.h"

/* "of 12 refused deliveries 3 were accepted later (median wait 1 h 30 min),
 * 2 of these after the last refusal, 9 not delivered; 1 sender domain";
 * nothing where it is not known any more. */
void episode_cost_words(struct strbuf *out, const struct report_episode *it);

/* Is the bracket at 99 % wider than the strict one? */
bool episode_began_wide(const struct report_episode *it);
bool episode_ended_wide(const struct report_episode *it);

#endif
