/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of pairs by day, no more than a reader can take: of the providers
 * that matter most every row, of the others their sums. Knows no format. */
#ifndef MX_REPORTS_SERIES_VIEW_H
#define MX_REPORTS_SERIES_VIEW_H

#include "reports/report.h"

/* Memory: the arena. */
struct series_view {
	const struct report_series_row **rows; /* in the document's order */
	size_t count;
	size_t whole;       /* providers with all their rows */
	size_t folded;      /* providers that stand in the sums; 0: nothing is
	                     * folded */
	bool by_source;     /* one sum a day and source, else one a day */
};

/* At most LIMIT rows, unless there are more days than that. A provider has
 * all its rows or none; the first in the order of view_providers() have them.
 * The others are added up by day and source in rows whose provider is "(other:
 * N providers)", by day alone where that alone would be too many: counts added
 * up (messages too: one message in two rows counts twice), the worst state. */
struct series_view view_series(const struct report *report, size_t limit,
    struct arena *arena);

#endif
