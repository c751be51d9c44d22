/* SPDX-License-Identifier: BSD-2-Clause */
/* Civil time and time zones without the process-wide TZ: RFC 8536 files of
 * the system's zone database, POSIX TZ strings for what lies behind their last
 * transition. Days are counted from 1970-01-01, proleptic Gregorian. */
#ifndef MX_BASE_ZONE_H
#define MX_BASE_ZONE_H

#include "base/err.h"
#include "base/slice.h"

struct civil {
	int32_t year;          /* 1970..2100 in all that we accept */
	uint8_t month, day;    /* 1..12, 1..31 */
	uint8_t hour, minute, second; /* second 60 is read as 59 */
};

/* Days since 1970-01-01 of a valid date. */
int64_t civil_days(int32_t year, unsigned month, unsigned day);
/* Seconds since 1970 of CIVIL as if it were UTC. */
int64_t civil_seconds(const struct civil *civil);
struct civil civil_from_seconds(int64_t seconds);
bool civil_is_valid(const struct civil *civil);
/* 0 = Sunday. */
unsigned civil_weekday(int64_t days);

struct zone;

/* NAME: a name of the zone database ("Europe/Berlin"), "UTC", a fixed offset
 * ("+01:00", "-0530", "UTC+1"), a POSIX TZ string, or "" or "local" for the
 * system's (TZ, then /etc/localtime, then UTC). No path may leave the database.
 * MX_E_CONFIG when it is none of these. */
enum mx_code zone_open(struct slice name, struct zone **zone_r,
    struct mx_err *err) MX_MUST_USE;
void zone_close(struct zone *zone);
/* As given, or the system zone's own name where that can be found. */
struct slice zone_name(const struct zone *zone);

/* Seconds east of UTC at UTC; *until_r (may be NULL): the first moment after
 * UTC when that may change, so that a caller can cache the answer. */
int32_t zone_offset(const struct zone *zone, int64_t utc, int64_t *until_r);
/* UTC of a local wall-clock time. In the hour that repeats in autumn the
 * answer is the one nearest to NEAR_UTC that is not before it, else the
 * later; a time that spring skips is read with the offset before the gap. */
int64_t zone_to_utc(const struct zone *zone, const struct civil *local,
    int64_t near_utc);
/* The start (UTC) of the local day that holds UTC; and of the one N days
 * later (N may be negative). */
int64_t zone_day_start(const struct zone *zone, int64_t utc, int n);

/* RFC 3339: "2026-11-20T08:00:00Z" into BUF (21 bytes with the NUL). */
void rfc3339_utc(int64_t utc, char buf[21]);

#endif
