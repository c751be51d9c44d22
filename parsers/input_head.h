/* SPDX-License-Identifier: BSD-2-Clause */
/* What the first bytes of an input tell before it is read: its format, and
 * what pins down the year. Used by log_reader.c alone. */
#ifndef MX_PARSERS_INPUT_HEAD_H
#define MX_PARSERS_INPUT_HEAD_H

#include "parsers/ingest_formats.h"

struct input_head {
	const struct log_format *own;  /* of its own lines; NULL: syslog */
	bool is_known;                 /* false: nothing we know in it */
	/* A container run time's words stand in front of own's lines. */
	bool is_contained;
	bool is_blank;                 /* nothing but NULs and white space */
	struct year_anchor anchor;
	int64_t first_utc;             /* INT64_MIN: no line has a time */
	/* Stamps without zone minus the times in their queue ids, where that
	 * can only be a wrong zone: seconds, a multiple of 15 minutes; else
	 * 0. */
	int64_t zone_error_s;
};

/* The format among INPUT's own ones and the table's that is surest of HEAD and
 * surer than *BEST, which becomes its score; NULL: none. */
const struct log_format *input_head_probe(const struct log_input *input,
    struct slice head, unsigned *best);

void input_head_read(struct slice head, const struct log_input *input,
    const struct log_format *forced, struct input_head *head_r);

#endif
