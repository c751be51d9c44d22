/* SPDX-License-Identifier: BSD-2-Clause */
/* Builders for the hand-filled documents: numbers are given per provider,
 * source and day; everything above them is added up. Read only by
 * report_fixture*.c. */
#ifndef MX_TESTS_SUPPORT_REPORT_FIXTURE_BUILD_H
#define MX_TESTS_SUPPORT_REPORT_FIXTURE_BUILD_H

#include "tests/support/report_fixture.h"

enum { FIXTURE_DAY_S = 86400 };

/* Attempts of a pair on one day. */
struct fixture_day {
	int accepted, deferred, bounced, blocked;
};

struct slice fixture_text(struct report *report, const char *str);
/* COUNT cleared rows of SIZE bytes in the report's arena. */
void *fixture_rows(struct report *report, size_t count, size_t size);
/* Of "2026-11-20T08:00Z". */
int64_t fixture_utc_of(const char *stamp);
/* Head, window and definitions; all days covered or none. */
void fixture_begin(struct report_fixture *fixture, const char *zone,
    const char *since, size_t days, bool is_covered);
/* Room for PAIRS pairs with their series. */
void fixture_room(struct report *report, size_t pairs);
/* One provider by one source: its days, and the row that sums them. Each
 * accepted or bounced attempt ends a delivery of a message of its own; a
 * deferred one was accepted later on the same day. */
void fixture_add_pair(struct report *report, const char *provider,
    const char *name, const char *source, const char *instance,
    const struct fixture_day *days, double p50_s, double p95_s);
/* Providers, sources and totals out of the pairs. */
void fixture_sum_up(struct report *report);
/* Coverage rows, all alike. */
void fixture_cover(struct report *report, const char *state, int64_t lines,
    int64_t skipped);
/* A reply, and the reason that it counts for. */
void fixture_add_reply(struct report *report, uint64_t fingerprint,
    const char *provider, const char *name, const char *reason,
    const char *token, int64_t attempts, const char *first, const char *last,
    bool is_new, struct slice sample);

#endif
