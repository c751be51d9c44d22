/* SPDX-License-Identifier: BSD-2-Clause */
/* XML that careless programs wrote, made readable. Bytes only. */
#ifndef MX_PARSERS_XML_REPAIR_H
#define MX_PARSERS_XML_REPAIR_H

#include "base/strbuf.h"

/* DOCUMENT as UTF-8 into OUT: the declaration dropped, bytes that are not
 * UTF-8 and characters that XML forbids replaced, "&" and "<" that start
 * nothing escaped. */
void xml_repair(struct slice document, struct strbuf *out);

#endif
