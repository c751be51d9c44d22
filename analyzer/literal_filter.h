/* SPDX-License-Identifier: BSD-2-Clause */
/* Which of many short literals occur in a text, in one pass (Aho and Corasick
 * 1975). ASCII letters count without case. A literal may carry any number;
 * several may carry the same. Knows nothing of rules. */
#ifndef MX_ANALYZER_LITERAL_FILTER_H
#define MX_ANALYZER_LITERAL_FILTER_H

#include "base/slice.h"

/* Longer literals are cut to their first bytes: what is found is a
 * candidate, not a match. */
enum { LITERAL_MAX = 12 };

struct literal_filter;

struct literal_filter *literal_filter_new(void);
void literal_filter_free(struct literal_filter *filter);

/* Before _finish. False when there is no room (LIMIT_FILTER_STATES): the
 * caller must then take NUMBER for found in every text. */
bool literal_filter_add(struct literal_filter *filter, struct slice literal,
    uint32_t number);
void literal_filter_finish(struct literal_filter *filter);

/* Set bit NUMBER in FOUND (room for every number added) for each literal
 * that occurs in TEXT. Bits that are set stay set. */
void literal_filter_scan(const struct literal_filter *filter,
    struct slice text, uint64_t *found);

#endif
