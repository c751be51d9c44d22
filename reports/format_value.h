/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers and times as people read them, the same in every locale. Knows no
 * report and no format; all append to a strbuf. */
#ifndef MX_REPORTS_FORMAT_VALUE_H
#define MX_REPORTS_FORMAT_VALUE_H

#include "base/strbuf.h"

struct zone;

/* Below so many deliveries a percentage says more than is known. */
#define FORMAT_FEW 20

void format_int(struct strbuf *out, int64_t value);
/* "1 delivery", "20 deliveries". */
void format_count(struct strbuf *out, int64_t count, const char *one,
    const char *many);
/* "12,345,678": for pages that are read, not searched. */
void format_grouped(struct strbuf *out, int64_t value);
/* A delay in one word: "<1s", "2s", "41s", "12m", "3h", "2d", rounded;
 * "-" when SECONDS is negative (not known). */
void format_delay(struct strbuf *out, double seconds);
/* A length of time in two words: "4 d 11 h", "3 h 20 min", "12 min". */
void format_span(struct strbuf *out, int64_t seconds);
/* "95.6 %"; never rounded to 0 or 100 unless it is that. WHOLE 0: "-". */
void format_percent(struct strbuf *out, int64_t part, int64_t whole);
/* The same, but "3 of 4" where WHOLE is below FORMAT_FEW. */
void format_share(struct strbuf *out, int64_t part, int64_t whole);

/* Local times; ZONE may be NULL for UTC. */
void format_date(struct strbuf *out, const struct zone *zone, int64_t utc);
/* "11-17 21:40", "2025-11-17 21:40" where that is not the year of NEAR_UTC. */
void format_short_time(struct strbuf *out, const struct zone *zone,
    int64_t utc, int64_t near_utc);
/* "Tue 17 Nov 21:40", "Mon 17 Nov 2025 21:40" */
void format_long_time(struct strbuf *out, const struct zone *zone,
    int64_t utc, int64_t near_utc);
/* "2026-11-17 21:40:05" */
void format_full_time(struct strbuf *out, const struct zone *zone,
    int64_t utc);
/* "2026-11-16 .. 2026-11-22" for whole days (the last one included), else
 * with times (without seconds where there are none) and the exclusive
 * end. */
void format_window(struct strbuf *out, const struct zone *zone,
    int64_t since_utc, int64_t until_utc);
/* Whether UTC is midnight in ZONE. */
bool format_is_midnight(const struct zone *zone, int64_t utc);

/* Columns that TEXT takes on a screen: one a character. */
size_t format_width(struct slice text);
/* TEXT and blanks up to WIDTH columns, blanks first when IS_RIGHT. */
void format_padded(struct strbuf *out, struct slice text, size_t width,
    bool is_right);

/* What must be seen of a long reply: its start (codes), its end, TOKEN and
 * ADDRESS wherever they stand, and short words in parentheses (the provider's
 * tags); the rest gives way to " [...] ". Whole when it is at most MAX_BYTES
 * long. Raw bytes: scrub what comes out. */
void format_excerpt(struct strbuf *out, struct slice reply, size_t max_bytes,
    struct slice token, struct slice address);

#endif
