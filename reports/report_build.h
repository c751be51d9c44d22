/* SPDX-License-Identifier: BSD-2-Clause */
/* From the answers of the query layer to the report document. */
#ifndef MX_REPORTS_REPORT_BUILD_H
#define MX_REPORTS_REPORT_BUILD_H

#include "analyzer/query.h"
#include "reports/report.h"

struct report_request {
	const struct query *query;
	const struct query *compare; /* NULL: nothing to compare with */
	const struct zone *zone;
	const struct providers *providers;
	int64_t now_utc;
	int64_t queue_lifetime_s;    /* younger days are provisional */
	bool with_dismissed;         /* episodes that came to nothing too */
	bool without_series;         /* nobody asks for these: they are most
	                              * of a long report */
	struct slice tool_version, rules_version;
};

/* TO must be fresh from report_init; its arena owns all of it but the
 * zone. */
void report_build(struct report *to, const struct report_request *from);
/* Episodes, scores and remarks alone; all else stays empty. */
void report_build_episodes(struct report *to,
    const struct report_request *from);

/* The one sentence (reports/report_verdict.c). */
void report_judge(struct report *report);

/* Did a share change? A two-sided test (Fisher's exact one under 1,000
 * deliveries, else the normal approximation) at p < 0.01, and at least two
 * points and five deliveries of difference (reports/change.c). */
enum report_change report_change_of(int64_t hits, int64_t all,
    int64_t hits_before, int64_t all_before);

/* Wilson's 95 % interval of the share HITS / ALL, ALL more than 0. */
void report_wilson(int64_t hits, int64_t all, double *low_r, double *high_r);

#endif
