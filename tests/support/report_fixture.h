/* SPDX-License-Identifier: BSD-2-Clause */
/* Hand-filled report documents for the renderers' tests. Totals are added up
 * here from the rows, so every document keeps the identities that a real one
 * has. */
#ifndef MX_TESTS_SUPPORT_REPORT_FIXTURE_H
#define MX_TESTS_SUPPORT_REPORT_FIXTURE_H

#include "reports/report.h"

struct zone;

struct report_fixture {
	struct report report;
	struct zone *zone;
};

/* One server, one address, six providers, seven days; one of them blocks it
 * from the third day on. 2026-11-16 .. 2026-11-22, +01:00, compared with the
 * week before. */
void fixture_story(struct report_fixture *fixture);
/* Five mails a day to three providers, nothing wrong, nothing to compare. */
void fixture_quiet(struct report_fixture *fixture);
/* 40 addresses, 300 providers, 28 days, four open episodes. */
void fixture_busy(struct report_fixture *fixture);
/* A window with a log and no mail at all. */
void fixture_empty(struct report_fixture *fixture);
/* A window that no log covers. */
void fixture_no_log(struct report_fixture *fixture);
/* The story with hostile texts in every place that a stranger writes. */
void fixture_hostile(struct report_fixture *fixture);
/* SERIES_ROWS rows of series, for measuring. */
void fixture_large(struct report_fixture *fixture, size_t series_rows);
void fixture_release(struct report_fixture *fixture);

/* Every fixture that has golden files, by name; ended by NULL name. */
struct fixture_entry {
	const char *name;
	void (*fill)(struct report_fixture *fixture);
};
extern const struct fixture_entry fixture_entries[];

#endif
