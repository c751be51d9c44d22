/* SPDX-License-Identifier: BSD-2-Clause */
/* Dates as people type them. What is accepted must lie in 1970..2100, and a
 * window must not run backwards. */
#include "cli/when.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const int64_t now = 1795372200, limit = 4133980800;
	struct slice text = slice_of((const char *)data, size);
	struct zone *zone = NULL;
	struct when_compare compare;
	struct when_window window, other;
	int64_t value;
	struct mx_err err;

	if (zone_open(SLICE("CET-1CEST,M3.5.0,M10.5.0/3"), &zone, &err) !=
	    MX_OK)
		mx_bug("a POSIX zone");
	if (when_moment(text, zone, now, &value, &err) == MX_OK &&
	    (value < 0 || value >= limit))
		mx_bug("a moment outside 1970..2100");
	if (when_age(text, &value, &err) == MX_OK && value < 0)
		mx_bug("a negative age");
	if (when_window_parse(text, zone, now, &window, &err) == MX_OK) {
		if (window.since_utc > window.until_utc)
			mx_bug("a window that runs backwards");
		compare.kind = WHEN_COMPARE_PREV;
		if (when_is_bounded(&window)) {
			other = when_compare_window(&compare, &window, zone);
			if (other.until_utc > window.until_utc)
				mx_bug("the window before lies behind");
		}
	}
	zone_close(zone);
	return 0;
}
