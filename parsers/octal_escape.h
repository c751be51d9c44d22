/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes that an MTA could not print, back from "\033" (Exim
 * string_printing2(), sendmail log quoting) and "\n". */
#ifndef MX_PARSERS_OCTAL_ESCAPE_H
#define MX_PARSERS_OCTAL_ESCAPE_H

#include "base/strbuf.h"

enum octal_extras {
	OCTAL_ONLY = 0,
	OCTAL_LETTERS = 1,   /* \n \r \b \v \f \t too; line ends as a space */
	OCTAL_BACKSLASH = 2  /* \\ and \" for themselves */
};

/* TEXT itself where it has no backslash, else decoded in SCRATCH. Octal
 * values of printing ASCII characters are left as they are: no MTA writes
 * those. */
struct slice octal_unescape(struct slice text, unsigned extras,
    struct strbuf *scratch);

/* The control bytes that rsyslog turned into "#033"; others are taken for
 * what they are. TEXT itself where there is no "#". */
struct slice syslog_unescape(struct slice text, struct strbuf *scratch);

/* The control bytes that rsyslog turned into "#033"; others are taken for
 * what they are. TEXT itself where there is no "#". */
struct slice syslog_unescape(struct slice text, struct strbuf *scratch);

#endif
