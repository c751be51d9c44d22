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

/* "this address alone: of our others 214 messages were accepted and none
 * refused meanwhile" and the like; nothing where no other sent there. */
void episode_extent_words(struct strbuf *out, const struct report_episode *it);
/* "; 39 other providers accepted 313 of 315 from this source", all that the
 * window has; nothing where no other got any. */
void episode_others_words(struct strbuf *out, const struct report *report,
    const struct report_episode *it);
/* "all our addresses taken together", "192.0.2.0/24 taken together", "mail of
 * example.org taken together". */
void score_over_words(struct strbuf *out, const struct report_score *it);

/* How a format writes a moment. */
struct episode_clock {
	void (*add)(struct strbuf *out, const void *ctx, int64_t utc);
	const void *ctx;
};
/* "began between ... and ... (99 %)" and "ended between ...", where the first
 * and the last refusal do not tell it: some mail passed meanwhile, or normal
 * mail is refused at times too. False and nothing where they do. */
bool episode_began_words(struct strbuf *out, const struct report_episode *it,
    const struct episode_clock *clock);
bool episode_ended_words(struct strbuf *out, const struct report_episode *it,
    const struct episode_clock *clock);

#endif
