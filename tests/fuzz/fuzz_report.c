/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a report, bare, packed or mailed: whatever comes out is a fact
 * with a head, or a refusal with a reason. */
#include "parsers/report_formats.h"
#include "tests/fuzz/report_checks.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen seen = { 0 };
	struct report_sink sink = checking_sink(&seen);
	struct slice text = slice_of((const char *)data, size);
	struct report_input input = { .path = "fuzz", .head = text,
		.source = source_of_memory(text.ptr, text.len, 4093),
		.now_utc = FUZZ_NOW_UTC, .mtime_utc = INT64_MIN };
	struct mx_err err;

	if (report_read(&input, &sink, &err) != MX_OK)
		mx_bug("reading reports ends with the input only");
	input.source->close(input.source);
	return 0;
}
