/* SPDX-License-Identifier: BSD-2-Clause */
/* Time stamps of logs, told apart by their shape, to UTC. The year rule and
 * the repeated hour of autumn live here; nothing of what follows the stamp.
 *
 * The year of a stamp that has none (RFC 3164):
 * 1. with a line before it: the year that puts it closest to that line. Only
 *    where that would be more than a month back, and the year after is still
 *    not later than the input's newest possible line, it is the year after
 *    (a quiet log moves forward, never back); and where it would be more than
 *    a month ahead and later than that newest line, the year before.
 * 2. the first one: with an absolute moment known from the head of the input
 *    (a stamp with year, or a queue id that carries the time), the closest
 *    year to it; else the latest year in which it is not later than the
 *    input's newest possible line. That is, by what is known: the day in the
 *    file's name, the file's mtime, the current time; plus a day for clocks
 *    and zones that differ.
 * 29 February only exists in leap years. */
#ifndef MX_PARSERS_TIMESTAMP_H
#define MX_PARSERS_TIMESTAMP_H

#include "base/zone.h"
#include "parsers/facts.h"

enum anchor_from {
	ANCHOR_NOW,      /* nothing better than the clock */
	ANCHOR_MTIME,
	ANCHOR_NAME,     /* a date in the file's name */
	ANCHOR_STAMP,    /* a stamp with year in the head of the input */
	ANCHOR_QUEUE_ID  /* an id that carries the time */
};

struct year_anchor {
	enum anchor_from from;
	int64_t near_utc;      /* INT64_MIN, or a moment of the head */
	int64_t not_after_utc; /* no line is newer than this */
};

/* From what is known without reading. PATH: its last component may hold a
 * date (-20260105, .20260105-030405, 2026-01-05, 202601, seconds since 1970).
 * MTIME: INT64_MIN when not known. One that lies after NOW is not believed,
 * nor one before 1990. */
struct year_anchor year_anchor_of_file(const char *path, int64_t mtime_utc,
    int64_t now_utc);

enum { STAMP_HOUR_KEY = 16, STAMP_ZONE_KEY = 8 };

/* Converts the stamps of one input, in the order of its lines. */
struct stamp_clock {
	const struct zone *zone;   /* of stamps that carry none */
	struct year_anchor anchor;
	int64_t last_utc;          /* of the line before; INT64_MIN: none */
	int64_t now_utc;
	/* The hour last seen in each shape, and its first second in UTC. */
	char bsd_hour[STAMP_HOUR_KEY], iso_hour[STAMP_HOUR_KEY];
	char iso_zone[STAMP_ZONE_KEY];
	size_t iso_zone_len;
	int64_t bsd_hour_utc, iso_hour_utc;
	/* Seen so far, for notices. */
	bool saw_yearless, saw_backwards, saw_future;
};

enum stamp_result { STAMP_OK, STAMP_NONE, STAMP_BAD };

void stamp_clock_init(struct stamp_clock *clock, const struct zone *zone,
    struct year_anchor anchor, int64_t now_utc);

/* A stamp at the start of *TEXT, which is moved behind it:
 *   Mmm dd HH:MM:SS[.frac]     Mmm dd YYYY HH:MM:SS    Mmm dd HH:MM:SS YYYY
 *   YYYY Mmm dd HH:MM:SS[.frac]
 *   YYYY-MM-DD(T| )HH:MM:SS[.frac][Z|+hh:mm|+hhmm|+hh| +hhmm]
 *   Www YYYY-MM-DD HH:MM:SS[.frac] ZONE      seconds.frac since 1970
 * STAMP_NONE: no such shape (*TEXT unchanged). STAMP_BAD: the shape, but no
 * date of 1970 to 2100. */
enum stamp_result stamp_read(struct stamp_clock *clock, struct slice *text,
    struct stamp *at_r);

/* The whole of TEXT is a time of RFC 3339 with its zone, for which no clock is
 * needed. False: it is not, and *at_r has no time (INT64_MIN). */
bool stamp_read_zoned(struct slice text, struct stamp *at_r);

/* UTC of a wall-clock time without zone, as the clock's zone has it. */
int64_t stamp_local(const struct stamp_clock *clock,
    const struct civil *local);
/* Tell the clock the time of a line that it did not read itself. */
void stamp_clock_saw(struct stamp_clock *clock, int64_t utc);
/* 1970-01-01 .. 2100-12-31. */
bool stamp_is_possible(int64_t utc);

#endif
