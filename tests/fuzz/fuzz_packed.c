/* SPDX-License-Identifier: BSD-2-Clause */
/* XML in a gzip in a mail says what it says bare: the input is the XML, the
 * wrapping is made here. */
#include "base/strbuf.h"
#include "parsers/report_formats.h"
#include "parsers/report_payload.h"
#include "tests/fuzz/report_checks.h"

static uint32_t
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

static void
add_number(struct strbuf *out, uint32_t number, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		strbuf_add_char(out, (char)(number >> 8 * i & 0xff));
}

/* RFC 1952 around stored blocks (RFC 1951 3.2.4). */
static void
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

static void
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
	strbuf_add_str(&mail, "From: a@example.net\nMIME-Version: 1.0\n"
	    "Content-Type: multipart/mixed; boundary=\"b\"\n\n--b\n\nx\n"
	    "--b\nContent-Type: application/gzip; name=\"r.xml.gz\"\n"
	    "Content-Transfer-Encoding: base64\n\n");
	add_base64(&mail, strbuf_slice(&packed));
	strbuf_add_str(&mail, "\n--b--\n");
	bare = read_all(text);
	wrapped = read_all(strbuf_slice(&mail));
	if (bare.facts != wrapped.facts || bare.refused != wrapped.refused ||
	    bare.messages != wrapped.messages)
		mx_bug("the wrapping makes a difference");
	strbuf_release(&packed);
	strbuf_release(&mail);
	return 0;
}
