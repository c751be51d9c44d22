/* SPDX-License-Identifier: BSD-2-Clause */
/* What must hold for every output that is text, whatever was read. */
#ifndef MX_TESTS_FUZZ_OUTPUT_CHECKS_H
#define MX_TESTS_FUZZ_OUTPUT_CHECKS_H

#include "base/say.h"

/* None of C0 but line ends and tabs, of C1, no bytes that are no UTF-8. How
 * many '<' there are. */
static inline size_t
prove_text(struct slice text, bool is_csv)
{
	size_t less_than = 0;

	while (text.len > 0) {
		uint32_t code = 0;
		size_t len = utf8_sequence(text, &code);

		if (len == 0 || (code >= 0x7f && code < 0xa0))
			mx_bug("no text came out");
		if (code < 0x20 && code != '\n' &&
		    !(is_csv && (code == '\r' || code == '\t')))
			mx_bug("a control character came out");
		less_than += code == '<' ? 1 : 0;
		text = slice_skip(text, len);
	}
	return less_than;
}

#endif
