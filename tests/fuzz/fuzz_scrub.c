/* SPDX-License-Identifier: BSD-2-Clause */
/* Whatever comes in, what goes to a terminal is printable, and ASCII where
 * that was asked. */
#include "base/say.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
prove(struct slice text, bool ascii_only)
{
	struct strbuf out;

	strbuf_init(&out, text.len * 4);
	scrub_text(&out, text, ascii_only);
	if (out.is_cut)
		mx_bug("more than four bytes for one");
	for (struct slice s = strbuf_slice(&out); s.len > 0;) {
		uint32_t code;
		size_t len = utf8_sequence(s, &code);

		if (len == 0 || code < 0x20 || (code >= 0x7f && code < 0xa0) ||
		    (ascii_only && code > 0x7e))
			mx_bug("a control character went through");
		s = slice_skip(s, len);
	}
	strbuf_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);

	prove(text, false);
	prove(text, true);
	return 0;
}
