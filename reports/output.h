/* SPDX-License-Identifier: BSD-2-Clause */
/* One renderer per format, all from the same document. A renderer writes to
 * a stream that the caller opened (and replaces the target atomically); it
 * knows no query, no store, no option but these. */
#ifndef MX_REPORTS_OUTPUT_H
#define MX_REPORTS_OUTPUT_H

#include <stdio.h>

#include "reports/report.h"

struct output_options {
	unsigned width;      /* columns of the text report, at least 40 */
	bool is_utf8;        /* text may use more than ASCII */
	bool has_color;
	size_t top;          /* rows of the long tables of text; 0 = default */
	struct slice table;  /* csv, tsv: which table; none = "series" */
	int64_t source_date_epoch; /* xlsx: its time stamps; TIME_NONE = the
	                            * report's generated time */
	struct slice command_line; /* for Definitions */
};

struct report_output {
	const char *name;      /* "text" */
	const char *extension; /* "txt" */
	const char *title;
	bool is_binary;        /* refused on a terminal */
	bool shows_series;     /* the report's series; else it may lack them */
	enum mx_code (*render)(const struct report *report,
	    const struct output_options *options, FILE *out,
	    struct mx_err *err);
};

/* By name; NULL when there is none. */
const struct report_output *output_by_name(struct slice name);
/* The row whose extension PATH ends with; NULL when there is none. */
const struct report_output *output_by_path(struct slice path);
/* All of them, ended by NULL. */
extern const struct report_output *const report_outputs[];

#endif
