/* SPDX-License-Identifier: BSD-2-Clause */
/* XML in a gzip in a mail says what it says bare: the input is the XML, the
 * wrapping is made here. */
#include "parsers/report_formats.h"
#include "parsers/report_payload.h"
#include "tests/fuzz/report_checks.h"
#include "tests/fuzz/wrapping.h"

static struct seen
read_all(struct slice text)
{
	struct seen seen = { 0 };
	struct report_sink sink = checking_sink(&seen);
	struct report_input input = { .path = "fuzz", .head = text,
		.source = source_of_memory(text.ptr, text.len, 65536),
		.now_utc = FUZZ_NOW_UTC, .mtime_utc = INT64_MIN };
	struct mx_err err;

	if (report_read(&input, &sink, &err) != MX_OK)
		mx_bug("reading reports ends with the input only");
	input.source->close(input.source);
	return seen;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);
	struct strbuf packed, mail;
	struct seen bare, wrapped;

	if (report_content_of(text) != REPORT_CONTENT_XML)
		return 0;
	strbuf_init(&packed, 2 * size + 1024);
	strbuf_init(&mail, 4 * size + 4096);
	add_gzip(&packed, text);
	add_mail(&mail, "application/gzip", "r.xml.gz", strbuf_slice(&packed));
	bare = read_all(text);
	wrapped = read_all(strbuf_slice(&mail));
	if (bare.facts != wrapped.facts || bare.refused != wrapped.refused ||
	    bare.messages != wrapped.messages)
		mx_bug("the wrapping makes a difference");
	strbuf_release(&packed);
	strbuf_release(&mail);
	return 0;
}
