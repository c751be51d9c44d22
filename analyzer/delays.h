/* SPDX-License-Identifier: BSD-2-Clause */
/* How often each delay (delay_bucket() of totals.h) occurred in a group of
 * deliveries: a report has thousands of groups, and most know few delays. */
#ifndef MX_ANALYZER_DELAYS_H
#define MX_ANALYZER_DELAYS_H

#include <stdbool.h>
#include <stdint.h>

/* As a list, ascending, or, where there are more, as a range that has room for
 * every bucket in it. Cleared memory is an empty one. */
enum { DELAYS_LIST = 8, DELAYS_ALL = 256 };
struct delays {
	uint8_t count, bucket[DELAYS_LIST]; /* the list */
	uint16_t first, room;               /* the range; room 0: none */
	union {
		uint64_t list[DELAYS_LIST];
		uint64_t *range;
	} of;
};

void delays_release(struct delays *delays);
void delays_add(struct delays *delays, uint8_t bucket, uint64_t count);
void delays_join(struct delays *to, const struct delays *from);
/* Seconds that SHARE (0 to 1) of all do not exceed; -1: there are none. */
double delays_percentile(const struct delays *delays, double share);

#endif
