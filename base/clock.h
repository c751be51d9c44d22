/* SPDX-License-Identifier: BSD-2-Clause */
/* "Now" as a value handed down, so that --now fixes it in every test. */
#ifndef MX_BASE_CLOCK_H
#define MX_BASE_CLOCK_H

#include <stdint.h>

struct clock {
	int64_t (*now_utc)(const struct clock *self);
	int64_t fixed_utc;
};

struct clock clock_system(void);
struct clock clock_fixed(int64_t utc);

static inline int64_t
clock_now(const struct clock *clock)
{
	return clock->now_utc(clock);
}

#endif
