/* SPDX-License-Identifier: BSD-2-Clause */
/* A text to pack, to read in pieces and to compare, for tests of sources. */
#ifndef MX_TESTS_SUPPORT_POEM_H
#define MX_TESTS_SUPPORT_POEM_H

#include <zlib.h>

#include "base/strbuf.h"
#include "parsers/source.h"
#include "tests/support/cases.h"

/* How much a read may give. */
static const size_t chunks[] = { 1, 2, 3, 7, 4096 };

static const char poem[] =
    "Nov 20 08:00:00 mx postfix/smtp[1]: one two three four five six\n"
    "Nov 20 08:00:01 mx postfix/smtp[1]: one two three four five six\n"
    "Nov 20 08:00:02 mx postfix/smtp[2]: seven eight nine ten eleven\n";

/* One gzip member of TEXT behind what is in OUT. */
static inline void
poem_pack(struct strbuf *out, const char *text, size_t len)
{
	unsigned char packed[4096];
	z_stream z;

	memset(&z, 0, sizeof(z));
	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8,
	    Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (unsigned char *)(uintptr_t)text;
	z.avail_in = (uInt)len;
	z.next_out = packed;
	z.avail_out = sizeof(packed);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	strbuf_add(out, (char *)packed, sizeof(packed) - z.avail_out);
	deflateEnd(&z);
}

/* Everything out of SOURCE in pieces of PIECE; closes it. */
static inline enum mx_code
poem_drain(struct byte_source *source, size_t piece, struct strbuf *out,
    struct mx_err *err)
{
	char buf[4096];
	enum mx_code code = MX_OK;
	size_t got = 1;

	while (code == MX_OK && got != 0) {
		got = 0;
		code = source->read(source, buf, piece, &got, err);
		if (code == MX_OK)
			strbuf_add(out, buf, got);
	}
	source->close(source);
	return code;
}

static inline void
poem_same(const struct strbuf *got, const struct strbuf *want)
{
	assert_int_equal(got->len, want->len);
	assert_memory_equal(got->ptr, want->ptr, got->len);
}

static inline struct byte_source *
poem_unpack(const struct strbuf *packed, size_t chunk)
{
	return source_gunzip(source_of_memory(packed->ptr, packed->len,
	    chunk), NULL, 0);
}

#endif
