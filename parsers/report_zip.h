/* SPDX-License-Identifier: BSD-2-Clause */
/* Members of a zip archive that lies in memory, and gzip in memory. Nothing
 * is ever written to disk; the bytes that come out are counted, not what a
 * header claims. */
#ifndef MX_PARSERS_REPORT_ZIP_H
#define MX_PARSERS_REPORT_ZIP_H

#include "base/strbuf.h"

/* Calls MEMBER for each file of ARCHIVE, name and content, valid until it
 * returns; directories and what macOS adds are passed over. MX_E_DATA: no
 * archive, encrypted, or cut; MX_E_LIMIT: more than LIMIT_ZIP_MEMBERS, or
 * more than LIMIT_REPORT_BYTES come out of all together. What MEMBER returns
 * ends the reading. */
enum mx_code report_unzip(struct slice data,
    enum mx_code (*member)(void *ctx, struct slice name, struct slice content,
    struct mx_err *err), void *ctx, struct mx_err *err) MX_MUST_USE;

/* The inflated bytes of DATA, appended to OUT, at most LIMIT_REPORT_BYTES
 * (MX_E_LIMIT). Junk behind the last member is passed over. */
enum mx_code report_gunzip(struct slice data, struct strbuf *out,
    struct mx_err *err) MX_MUST_USE;

#endif
