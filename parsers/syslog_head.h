/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands in front of a program's own words: priority, time, host,
 * program, pid, in every shape that syslog daemons, the journal and container
 * run times write (RFC 3164, RFC 5424, and what they became). Told apart line
 * by line, since a rotated set can hold several. */
#ifndef MX_PARSERS_SYSLOG_HEAD_H
#define MX_PARSERS_SYSLOG_HEAD_H

#include "parsers/timestamp.h"

enum {
	HEAD_HOST_BYTES = 128,
	HEAD_FRONT_BYTES = 160,
	HEAD_TAG_BYTES = 64,
	HEAD_TAGS = 256
};

/* A program's name seen before. */
struct head_tag {
	char text[HEAD_TAG_BYTES]; /* NULs behind it */
	uint32_t len;    /* 0: free */
	uint32_t serial; /* changes when another name takes the slot */
};

struct head_reader {
	struct stamp_clock clock;
	char host[HEAD_HOST_BYTES]; /* of the line before, with a space */
	size_t host_len;
	/* "Mmm dd HH:MM:SS host " of the line before: most lines of a busy
	 * log share it with the next. */
	char front[HEAD_FRONT_BYTES];
	size_t front_len, front_host_len;
	struct stamp front_at;
	struct head_tag tags[HEAD_TAGS];
};

struct syslog_head {
	struct stamp at;
	struct slice host;    /* absent where the line has none */
	struct slice tag;     /* "postfix/smtp" */
	struct slice pid;     /* digits; absent where not logged */
	struct slice text;    /* the program's own words */
	uint32_t repeats;     /* "message repeated N times: [ ...]": N; or 1 */
	/* Which of the reader's tags this is, for answers that are kept by
	 * program; HEAD_TAGS where it is none of them. */
	uint32_t tag_slot;
	uint32_t tag_serial;
};

enum head_result {
	HEAD_OK,
	HEAD_AGAIN,     /* "last message repeated N times": host, repeats */
	HEAD_MARK,      /* no record: "-- Boot ... --", a blank line */
	HEAD_NO_STAMP,
	HEAD_BAD_STAMP,
	HEAD_NO_FRAME,  /* stamp (in at), but no program */
	HEAD_MORE,      /* the record goes on in the next line */
	/* The record before was never ended, and this line is none of its:
	 * it is to be offered again. */
	HEAD_BROKEN
};

void head_reader_init(struct head_reader *reader,
    const struct stamp_clock *clock);
/* A head made elsewhere: give HEAD->tag its slot, and unwrap
 * HEAD->text ("message repeated"). */
void syslog_head_finish(struct head_reader *reader, struct syslog_head *head);
enum head_result syslog_head_read(struct head_reader *reader,
    struct slice line, struct syslog_head *head_r);

#endif
