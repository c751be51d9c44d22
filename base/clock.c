/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/clock.h"

#include <time.h>

static int64_t
system_now(const struct clock *self)
{
	(void)self;
	return (int64_t)time(NULL);
}

static int64_t
fixed_now(const struct clock *self)
{
	return self->fixed_utc;
}

struct clock
clock_system(void)
{
	return (struct clock){ .now_utc = system_now, .fixed_utc = 0 };
}

struct clock
clock_fixed(int64_t utc)
{
	return (struct clock){ .now_utc = fixed_now, .fixed_utc = utc };
}
