/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by report_build.c and report_build_rows.c. */
#ifndef MX_REPORTS_REPORT_BUILD_PRIV_H
#define MX_REPORTS_REPORT_BUILD_PRIV_H

#include "reports/report_build.h"

/* What one build works with. */
struct build {
	struct report *to;
	const struct report_request *from;
};

/* A copy in the report's arena; absent stays absent. */
struct slice build_keep(struct build *build, struct slice text);
/* Cleared, for COUNT things and one more. */
void *build_room(struct build *build, size_t count, size_t size);
struct report_counts build_counts(const struct query_counts *n);

/* report_build_rows.c; days and episodes must be built before. */
struct report_row *build_rows(struct build *build, enum query_group group,
    size_t *count_r);
void build_day_states(struct build *build, struct report_row *rows,
    size_t count);
void build_series(struct build *build);

/* report_build_others.c: behind the rows, whose days it reads. */
void build_others(struct build *build);

#endif
