/* SPDX-License-Identifier: BSD-2-Clause */
/* A name by which nobody can be named: a number, made under this host's key for
 * one message alone, that tells whether a word of a text is the name. It
 * cannot be turned back, and the marks of one name in two messages differ. */
#ifndef MX_CLI_NAME_MARK_H
#define MX_CLI_NAME_MARK_H

#include "cli/pseudonym.h"

/* Of which message, and under which key. */
struct name_mark_of {
	const struct pseudonym_key *key;
	struct slice host, id;
};

/* The mark of NAME, letters of either case; 0 for one that is too short or
 * too long to be looked for, or no person's. */
uint64_t name_mark(const struct name_mark_of *of, struct slice name);

/* The name of MARK where it stands in TEXT as a word of its own, as scan_word
 * means it: the first at or behind AT; none where it does not, and for mark
 * 0. */
struct slice name_mark_find(const struct name_mark_of *of, uint64_t mark,
    struct slice text, size_t at);

#endif
