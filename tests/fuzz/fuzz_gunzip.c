/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as gzip. The same bytes come out however the compressed ones
 * arrive; how many come out before a defect is found may differ. */
#include "base/hash.h"
#include "parsers/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ENOUGH = 4 * 1024 * 1024 };

static uint64_t
digest(struct slice data, size_t chunk, size_t head)
{
	char buf[4099];
	struct slice rest = slice_skip(data, head);
	struct byte_source *source = source_gunzip(
	    source_of_memory(rest.ptr, rest.len, chunk), data.ptr, head);
	uint64_t sum = HASH_STABLE_START, total = 0;
	enum mx_code code = MX_OK;
	struct mx_err err;
	size_t got = 1;

	while (code == MX_OK && got != 0 && total < ENOUGH) {
		size_t room = sizeof(buf);

		got = 0;
		if (total + room > ENOUGH)
			room = ENOUGH - (size_t)total;
		code = source->read(source, buf, room, &got, &err);
		if (got > room)
			mx_bug("more than was asked for");
		sum = hash_stable(slice_of(buf, got), sum);
		total += got;
	}
	source->close(source);
	return code == MX_OK ? hash_mix(sum, total) : (uint64_t)code;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);
	uint64_t whole = digest(text, 65536, 0);

	if (digest(text, 1, 0) != whole)
		mx_bug("bytes depend on how they arrive");
	if (size > 2 && digest(text, 65536, 2) != whole)
		mx_bug("bytes depend on what was read before");
	return 0;
}
