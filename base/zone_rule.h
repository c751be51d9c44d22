/* SPDX-License-Identifier: BSD-2-Clause */
/* POSIX TZ strings ("CET-1CEST,M3.5.0,M10.5.0/3"), with the extension of
 * RFC 8536 (hours -167..167). Used by zone.c alone. */
#ifndef MX_BASE_ZONE_RULE_H
#define MX_BASE_ZONE_RULE_H

#include "base/slice.h"

/* When a change happens, in local time. */
struct zone_change {
	enum { CHANGE_JULIAN, CHANGE_DAY_0, CHANGE_WEEKDAY } kind;
	uint16_t day;          /* Jn: 1..365; n: 0..365; M: 0..6 */
	uint8_t month, week;   /* M: 1..12, 1..5 */
	int32_t second;        /* of that day */
};

struct zone_rule {
	int32_t standard_s, summer_s; /* east of UTC */
	bool has_summer;
	struct zone_change to_summer, to_standard;
};

bool zone_rule_parse(struct slice text, struct zone_rule *rule_r);
/* As zone_offset. */
int32_t zone_rule_offset(const struct zone_rule *rule, int64_t utc,
    int64_t *until_r);

#endif
