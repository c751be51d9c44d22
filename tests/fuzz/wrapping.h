/* SPDX-License-Identifier: BSD-2-Clause */
/* What a report travels in, made around bytes that a fuzzer can change. */
#ifndef MX_TESTS_FUZZ_WRAPPING_H
#define MX_TESTS_FUZZ_WRAPPING_H

#include "base/strbuf.h"

static inline uint32_t
crc32_of(struct slice text)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < text.len; i++) {
		crc ^= (uint8_t)text.ptr[i];
		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (0xedb88320 & (0 - (crc & 1)));
	}
	return ~crc;
}

static inline void
add_number(struct strbuf *out, uint32_t number, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		strbuf_add_char(out, (char)(number >> 8 * i & 0xff));
}

/* RFC 1952 around stored blocks (RFC 1951 3.2.4). */
static inline void
add_gzip(struct strbuf *out, struct slice text)
{
	struct slice rest = text;
	uint32_t crc = crc32_of(text);

	strbuf_add(out, "\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
	do {
		uint32_t len = rest.len < 65535 ? (uint32_t)rest.len : 65535;

		add_number(out, len == rest.len, 1);
		add_number(out, len, 2);
		add_number(out, ~len & 0xffff, 2);
		if (len != 0)
			strbuf_add(out, rest.ptr, len);
		rest = slice_skip(rest, len);
	} while (rest.len != 0);
	add_number(out, crc, 4);
	add_number(out, (uint32_t)text.len, 4);
}

static inline void
add_base64(struct strbuf *out, struct slice text)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < text.len; i += 3) {
		uint32_t bits = 0;
		size_t left = text.len - i < 3 ? text.len - i : 3;

		for (size_t k = 0; k < 3; k++)
			bits = bits << 8 | (k < left ?
			    (uint8_t)text.ptr[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			strbuf_add_char(out, k > left ? '=' :
			    letters[bits >> (18 - 6 * k) & 63]);
		if (i / 3 % 19 == 18)
			strbuf_add_char(out, '\n');
	}
}

/* CONTENT as an attachment of that TYPE and file NAME. */
static inline void
add_mail(struct strbuf *out, const char *type, const char *name,
    struct slice content)
{
	strbuf_addf(out, "From: a@example.net\nMIME-Version: 1.0\n"
	    "Content-Type: multipart/mixed; boundary=\"b\"\n\n--b\n\nx\n"
	    "--b\nContent-Type: %s; name=\"%s\"\n"
	    "Content-Transfer-Encoding: base64\n\n", type, name);
	add_base64(out, content);
	strbuf_add_str(out, "\n--b--\n");
}

#endif
