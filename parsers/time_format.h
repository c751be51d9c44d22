/* SPDX-License-Identifier: BSD-2-Clause */
/* Times of a shape that the user describes, as strptime(3) would have it, but
 * the same in every locale, with fractions and zones:
 *
 *   %Y year, %y its last two digits, %m month, %b its name (Jan), %d %e day,
 *   %H hour, %I hour of twelve, %p AM or PM, %M minute, %S second,
 *   %f decimals, %z zone (Z, +0100, +01:00, +01), %a a weekday's name,
 *   %F for %Y-%m-%d, %T for %H:%M:%S, %s seconds and %Q milliseconds since
 *   1970, %% a percent sign; a blank is any number of blanks. */
#ifndef MX_PARSERS_TIME_FORMAT_H
#define MX_PARSERS_TIME_FORMAT_H

#include "parsers/timestamp.h"

/* Whether FORMAT has only known letters and says a moment: %s, %Q, or month,
 * day, hour and minute at least. */
bool time_format_is_one(struct slice format);

/* All of TEXT. STAMP_NONE: another shape; STAMP_BAD: the shape, but no date of
 * 1970 to 2100. A year or zone that FORMAT has not comes from CLOCK. */
enum stamp_result time_format_read(struct slice format, struct slice text,
    const struct stamp_clock *clock, struct stamp *at_r);

#endif
