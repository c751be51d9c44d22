/* SPDX-License-Identifier: BSD-2-Clause */
/* The order in which people should read a table's rows, and what to do with
 * those that do not fit. Shared by all formats that show a selection. Knows
 * no format. */
#ifndef MX_REPORTS_REPORT_VIEW_H
#define MX_REPORTS_REPORT_VIEW_H

#include "base/strbuf.h"
#include "reports/report.h"

/* Pointers into a table, in reading order. Memory: the arena. */
struct row_view {
	const struct report_row **rows;
	size_t count;
};

/* Worst first: an open episode, then a block, then by deliveries; ties by
 * key, so that the order does not depend on the input's. */
struct row_view view_providers(const struct report *report,
    struct arena *arena);
struct row_view view_sources(const struct report *report,
    struct arena *arena);
struct row_view view_domains(const struct report *report,
    struct arena *arena);

/* The sum of VIEW's rows from FIRST on: counts added up (messages too: one
 * message in two rows counts twice), delays and change unknown; the worst
 * state of each day, deferring only where half of them are. */
void view_fold(const struct report *report, const struct row_view *view,
    size_t first, struct arena *arena, struct report_row *sum_r);

/* Open episodes first (confirmed, easing, silent, suspected), then past
 * ones; in each by messages, most first, then by first refusal. Dismissed ones are left out. *open_count_r:
 * how many are open. */
const struct report_episode **view_episodes(const struct report *report,
    struct arena *arena, size_t *count_r, size_t *open_count_r);

/* A block of several of our addresses is told in full once: the episode of
 * LIST before AT that says all that there is to say of the one at AT, but for
 * its times and counts; NULL where it is to be told itself. */
const struct report_episode *view_told_before(
    const struct report_episode *const *list, size_t at);

/* The provider is named by an open episode. */
bool view_has_open_episode(const struct report *report,
    struct slice provider);

/* What people read for a row: its name, else its key. */
struct slice view_provider_name(const struct report_row *row);
/* "3 lines of 1970-01-01, more than a year away from all other log; --since
 * 1970-01-01 takes them in". */
void view_left_out(const struct report *report,
    const struct report_left_out *it, struct strbuf *out);
/* Times of the window's last year are written without it: the others must not
 * look like these. */
static inline int64_t
view_near(const struct report *report)
{
	return report->window.until_utc - 1;
}

/* "192.0.2.9" or the source's key. */
struct slice view_source_name(struct slice source, struct slice source_ip);

#endif
