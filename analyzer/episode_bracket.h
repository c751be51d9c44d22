/* SPDX-License-Identifier: BSD-2-Clause */
/* When a block began and ended, at 99 %.
 *
 * Where all mail was refused, it began between the last acceptance and the
 * first refusal; where one in 200 of normal mail or more was refused before,
 * by so many refusals later that these are hardly all of normal mail. Where
 * some passed meanwhile (a throttle), acceptances stand inside as well as
 * before, and a chance refusal of normal mail may stand before; then every
 * moment is told at which a change from the usual share of refusals to that of
 * the episode is not much less likely (by 6.2 in the logarithm) than at the
 * likeliest one. That is the likelihood-ratio set of a change point: it holds
 * the true one in (1 - exp(-6.2))^2 = 99.6 % of cases (D. Siegmund,
 * "Confidence Sets in Change-Point Problems", Int. Statistical Review 56,
 * 1988).
 */
#ifndef MX_ANALYZER_EPISODE_BRACKET_H
#define MX_ANALYZER_EPISODE_BRACKET_H

#include "analyzer/episodes.h"

/* Sets began_* and ended_* of all of LIST, which is in the order of time and
 * whose stretches are indices of INPUT's events. */
void episodes_set_brackets(struct episode *list, size_t count,
    const struct episode_input *input);

/* Does IT, whose last refusal is past, go on with the refusal at index ONSET?
 * So unless the votes between the two make a pause ten thousand times likelier
 * than none: of a throttle of 20 % some 45 acceptances in a row are a part. */
bool episode_goes_on(const struct episode *it,
    const struct episode_input *input, size_t onset);

/* The share of refusals in normal mail, as if 50 more votes had shown 1 %. */
double episode_smooth_rate(int64_t refusals, int64_t votes);

#endif
