/* SPDX-License-Identifier: BSD-2-Clause */
/* Exim cuts what it gives to syslog into parts of at most 870 characters,
 * "[1/3] ...", or "[1\3] ..." where the cut is at the end of a line (4.98
 * src/log.c write_syslog). Puts them together again, by log host and process.
 * Bounded: an entry whose parts stop coming makes room for a newer one. */
#ifndef MX_PARSERS_LOG_EXIM_PARTS_H
#define MX_PARSERS_LOG_EXIM_PARTS_H

#include "base/strbuf.h"
#include "parsers/ingest_formats.h"

enum { EXIM_PARTS_OPEN = 32 };

struct exim_part {
	uint32_t number, count; /* from 1 */
	bool ends_line;
	struct slice text;
};

struct exim_open_entry {
	uint64_t key;           /* of host and pid; 0: free */
	uint64_t used;          /* serial of the last part */
	uint32_t next, count;   /* number of the part that must follow */
	struct stamp at;        /* of the first part */
	struct mx_where where;
	char host[HEAD_HOST_BYTES], tag[HEAD_TAG_BYTES];
	size_t host_len, tag_len;
	struct strbuf text;
};

struct exim_parts {
	struct exim_open_entry open[EXIM_PARTS_OPEN];
	uint64_t serial;
};

void exim_parts_init(struct exim_parts *parts);
void exim_parts_release(struct exim_parts *parts);
/* TEXT is such a part. */
bool exim_part_read(struct slice text, struct exim_part *part_r);

/* The entry that has to go before a first part of LINE can be added: one of
 * the same process that was never finished, or, without room, the one that
 * waited longest. With LINE NULL: any, for the end of the input. *whole_r is
 * one line as if it had not been cut, until the next call. */
bool exim_parts_evict(struct exim_parts *parts, const struct log_line *line,
    struct log_line *whole_r);
/* True: *whole_r is whole. A part whose predecessor is missing is dropped. */
bool exim_parts_add(struct exim_parts *parts, const struct log_line *line,
    const struct exim_part *part, struct log_line *whole_r);

#endif
