/* SPDX-License-Identifier: BSD-2-Clause */
/* Which bytes of which input were read. An input is known by its content, by
 * its first bytes, which in a log hold time stamps, ids and process numbers
 * that never come again. Its name, inode and date only save work.
 *
 * Not the bytes are kept, since they name people, but hashes of how the input
 * begins, up to several places: so it is known when it has grown and when it
 * is a shorter copy. */
#ifndef MX_ANALYZER_LEDGER_H
#define MX_ANALYZER_LEDGER_H

#include "base/err.h"
#include "base/slice.h"

enum {
	LEDGER_HEAD = 4096,        /* bytes that are looked at */
	LEDGER_MARK_BYTES = 8,     /* of a hash; the least byte first */
	LEDGER_MARKS = 1 + 128,    /* more lines would be of 32 bytes each */
	LEDGER_PACKED = 3 + LEDGER_MARKS * LEDGER_MARK_BYTES,
};

/* How an input begins: a hash (FNV-1a) of all BYTES of it that are looked at,
 * then one of what stands before each newline in them. */
struct ledger_head {
	size_t bytes, marks; /* marks: the one of all bytes counts, too */
	char mark[LEDGER_MARKS * LEDGER_MARK_BYTES];
};

/* Of HEAD at most LEDGER_HEAD bytes. */
void ledger_head_of(struct slice head, struct ledger_head *head_r);
/* The mark of the first line of HEAD, or of all of it where it has none: what
 * inputs that may be the same have in common; 0 marks for an empty one. */
struct slice ledger_first_mark(const struct ledger_head *head);
/* As it is stored, in ROOM: a NUL, the number of bytes (the greater first), the
 * marks. */
struct slice ledger_head_pack(const struct ledger_head *head,
    char room[LEDGER_PACKED]);
/* What is not packed is taken for the bytes themselves, which stores of
 * schema 1 have. */
void ledger_head_unpack(struct slice stored, struct ledger_head *head_r);
/* The hash of all its bytes, as it is shown. */
uint64_t ledger_fingerprint(const struct ledger_head *head);

/* A file from outside. */
struct ledger_file {
	const char *path;
	uint64_t device, inode, size_bytes;
	int64_t mtime_ns; /* INT64_MIN: a stream, never the same again */
};

struct ledger_entry {
	int64_t id;            /* 0: not stored yet */
	struct ledger_head head; /* of a short input less than LEDGER_HEAD */
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

/* Is an input that begins with HEAD the one of which KNOWN is the beginning?
 * The shorter of the two decides: all of KNOWN when HEAD is longer, else the
 * whole lines of HEAD (a last one may lack its newline). An empty one, or one
 * that was cut in its first line, is like nothing. */
bool ledger_is_same(const struct ledger_head *known, struct slice head);

#endif
