/* SPDX-License-Identifier: BSD-2-Clause */
/* The year of stamps without one; parsers/timestamp.h says the rule. Used
 * by timestamp.c and by whoever prepares its clock. */
#ifndef MX_PARSERS_YEAR_RULE_H
#define MX_PARSERS_YEAR_RULE_H

#include "parsers/timestamp.h"

/* Fill LOCAL->year. False: no year makes it a date (30 February). */
bool year_rule_apply(const struct stamp_clock *clock, struct civil *local);

#endif
