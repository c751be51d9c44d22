/* SPDX-License-Identifier: BSD-2-Clause */
/* Text as spreadsheets save it under "Unicode text": UTF-16 with its mark. */
#ifndef MX_PARSERS_UTF16_TEXT_H
#define MX_PARSERS_UTF16_TEXT_H

#include "base/slice.h"
#include "base/strbuf.h"

/* Does TEXT begin with the mark of either byte order? */
bool utf16_has_mark(struct slice text);
/* TEXT, which has the mark, in UTF-8 and without it, appended to OUT. Halves
 * of pairs and an odd last byte become U+FFFD. */
void utf16_to_utf8(struct slice text, struct strbuf *out);

#endif
