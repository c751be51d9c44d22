/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of the text report share. Read only by out_text*.c. */
#ifndef MX_REPORTS_OUT_TEXT_H
#define MX_REPORTS_OUT_TEXT_H

#include "reports/out_buffer.h"
#include "reports/output.h"
#include "reports/report_view.h"
#include "reports/text_table.h"

enum { TEXT_NOTHING_MAX = 8 };

struct text_report {
	const struct report *report;
	const struct output_options *options;
	struct out_buffer buffer;
	struct strbuf *out;      /* &buffer.text */
	struct arena arena;      /* scrubbed and formatted pieces */
	struct strbuf scratch;
	size_t width;
	size_t top;
	const char *nothing[TEXT_NOTHING_MAX]; /* sections that are empty */
	size_t nothing_count;
};

/* TEXT, harmless, in the arena. */
struct slice text_clean(struct text_report *text, struct slice raw);
/* What gathered in the scratch buffer, moved to the arena. */
struct slice text_take(struct text_report *text);
struct slice text_number(struct text_report *text, int64_t value);
/* An empty line and the heading of a section, without a line end. */
void text_heading(struct text_report *text, const char *heading);
/* A blank-separated paragraph: LEAD is already on the line. */
void text_paragraph(struct text_report *text, struct slice clean,
    size_t column, size_t indent);
void text_nothing(struct text_report *text, const char *what);
/* "ip-block S3140" */
struct slice text_reason(struct text_report *text, struct slice reason,
    struct slice token);
/* A reply under its entry: excerpt, scrubbed, wrapped. */
void text_reply(struct text_report *text, struct slice reply,
    struct slice token, struct slice address, size_t indent);

void text_episodes(struct text_report *text); /* out_text_episodes.c */
void text_rows(struct text_report *text);     /* out_text_rows.c */
void text_reasons(struct text_report *text);  /* out_text_replies.c */
void text_replies(struct text_report *text);  /* out_text_replies.c */
void text_others(struct text_report *text);   /* out_text_others.c */
void text_coverage(struct text_report *text); /* out_text_coverage.c */

#endif
