/* SPDX-License-Identifier: BSD-2-Clause */
/* XML that careless programs wrote, made readable. Bytes only. */
#ifndef MX_PARSERS_XML_REPAIR_H
#define MX_PARSERS_XML_REPAIR_H

#include "base/strbuf.h"

/* DOCUMENT as UTF-8 into OUT: the declaration dropped, bytes that are not
 * UTF-8 and characters that XML forbids replaced, "&" and "<" that start
 * nothing escaped. IS_KNOWN tells the names of elements (without prefix);
 * others inside one of them are elements when they are closed within
 * LIMIT_REPORT_TEXT_BYTES, and text otherwise. */
void xml_repair(struct slice document, bool (*is_known)(struct slice name),
    struct strbuf *out);

#endif
