/* SPDX-License-Identifier: BSD-2-Clause */
/* Which bytes of which input were read. An input is known by its content, by
 * its first bytes, which in a log hold time stamps, ids and process numbers
 * that never come again. Its name, inode and date only save work. */
#ifndef MX_ANALYZER_LEDGER_H
#define MX_ANALYZER_LEDGER_H

#include "base/err.h"
#include "base/slice.h"

enum { LEDGER_HEAD = 4096 };

/* A file from outside. */
struct ledger_file {
	const char *path;
	uint64_t device, inode, size_bytes;
	int64_t mtime_ns; /* INT64_MIN: a stream, never the same again */
};

struct ledger_entry {
	int64_t id;            /* 0: not stored yet */
	char head[LEDGER_HEAD];
	size_t head_len;       /* less than LEDGER_HEAD for a short input */
	uint64_t offset, line; /* uncompressed; of the next line */
	char format[32];
	int64_t last_line_utc; /* of the reader; INT64_MIN */
	int64_t first_utc, last_utc; /* of its lines; INT64_MIN */
	char container[16];
	struct ledger_file file;
	char *path;            /* owned copy of file.path */
	bool is_complete;      /* read to its end when last seen */
	int64_t read_utc;
	int64_t origin;        /* 1: this store's own; else merged into it */
};

void ledger_release(struct ledger_entry *entry);

/* Is an input that begins with HEAD the one that ENTRY is about? The shorter
 * of the two beginnings decides; an empty one is like nothing. */
bool ledger_is_same(const struct ledger_entry *entry, struct slice head);

#endif
