/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of text as stamps, one behind the other. A clock that remembers hours
 * must answer as one that does not. */
#include "parsers/timestamp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NOW = 1795372200 };

static struct zone *
open_zone(unsigned which)
{
	static const char *const names[] = { "UTC", "Europe/Berlin",
		"America/New_York", "Asia/Kolkata", "Australia/Lord_Howe",
		"EST5EDT,M3.2.0,M11.1.0", "+05:45", "Africa/Casablanca" };
	struct zone *zone;
	struct mx_err err;

	if (zone_open(slice_str(names[which % 8]), &zone, &err) != MX_OK)
		mx_bug(err.text);
	return zone;
}

/* What a clock that knows nothing but the line before makes of LINE. */
static void
prove(const struct stamp_clock *used, int64_t last_utc, struct slice line,
    enum stamp_result result, const struct stamp *at, struct slice rest)
{
	struct stamp_clock fresh;
	struct stamp again;
	struct slice text = line;

	stamp_clock_init(&fresh, used->zone, used->anchor, used->now_utc);
	fresh.last_utc = last_utc;
	if (stamp_read(&fresh, &text, &again) != result)
		mx_bug("memory changes the answer");
	if (result != STAMP_OK)
		return;
	if (again.utc != at->utc || again.us != at->us ||
	    again.digits != at->digits || text.ptr != rest.ptr)
		mx_bug("memory changes the time");
	if (!stamp_is_possible(at->utc) || at->us > 999999 ||
	    at->digits > 6 || rest.ptr < line.ptr ||
	    rest.ptr + rest.len != line.ptr + line.len)
		mx_bug("an impossible answer");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice all = slice_of((const char *)data, size);
	struct zone *zone = open_zone(size != 0 ? data[0] : 0);
	struct stamp_clock clock;

	stamp_clock_init(&clock, zone, year_anchor_of_file("-", INT64_MIN,
	    NOW), NOW);
	all = slice_skip(all, 1);
	while (all.len != 0) {
		const char *newline = slice_chr(all, '\n');
		struct slice line = newline != NULL ?
		    slice_between(all.ptr, newline) : all, rest = line;
		int64_t last_utc = clock.last_utc;
		struct stamp at;
		enum stamp_result result = stamp_read(&clock, &rest, &at);

		prove(&clock, last_utc, line, result, &at, rest);
		if (result == STAMP_OK)
			stamp_clock_saw(&clock, at.utc);
		all = slice_skip(all, line.len + 1);
	}
	zone_close(zone);
	return 0;
}
