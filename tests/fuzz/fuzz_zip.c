/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a zip archive: what comes out stays within the limits, and a
 * refusal has a reason. (gzip is fuzz_gunzip.c's.) */
#include "parsers/report_zip.h"
#include "tests/fuzz/report_checks.h"

struct members {
	size_t count, bytes;
};

static enum mx_code
on_member(void *ctx, struct slice name, struct slice content,
    struct mx_err *err)
{
	struct members *members = ctx;

	(void)err;
	if (name.len != 0 && memchr(name.ptr, '\0', name.len) != NULL)
		mx_bug("a name with a NUL");
	members->count++;
	members->bytes += content.len;
	return MX_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct members members = { 0 };
	struct mx_err err = { .code = MX_OK };

	if (report_unzip(slice_of((const char *)data, size), on_member,
	    &members, &err) != MX_OK && err.text[0] == '\0')
		mx_bug("an archive is refused with a reason");
	if (members.count > LIMIT_ZIP_MEMBERS ||
	    members.bytes > LIMIT_REPORT_BYTES)
		mx_bug("more than the limits");
	return 0;
}
