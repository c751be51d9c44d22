/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of the HTML page share. Read only by out_html*.c and its
 * test. */
#ifndef MX_REPORTS_OUT_HTML_H
#define MX_REPORTS_OUT_HTML_H

#include "reports/out_buffer.h"
#include "reports/output.h"
#include "reports/report_view.h"

struct html_page {
	const struct report *report;
	const struct output_options *options;
	struct out_buffer buffer;
	struct strbuf *out;     /* &buffer.text */
	struct strbuf scratch;
	struct arena arena;
	size_t top;
};

/* The page's style sheet, and its hash as the content security policy names
 * it ("sha256-..."): whoever changes the one computes the other anew; the
 * test of this renderer compares them. */
extern const char html_style[];
extern const char html_style_hash[];

/* Markup of ours. */
void html_put(struct html_page *page, const char *markup);
void html_putf(struct html_page *page, const char *fmt, ...)
    MX_PRINTF(2, 3);
/* Text of anybody: harmless in element content and in quoted attributes. */
void html_text(struct html_page *page, struct slice text);
/* The same in an element that keeps its direction to itself. */
void html_foreign(struct html_page *page, struct slice text);
/* What gathered in the scratch buffer, as text. */
void html_scratch(struct html_page *page);

/* Cells of a table. A number below 0 is not known; CLASS may be "". */
void html_number_cell(struct html_page *page, int64_t value,
    const char *class);
void html_words_cell(struct html_page *page, struct slice text,
    const char *class);
/* Empty for TIME_NONE; left out on a narrow screen. */
void html_time_cell(struct html_page *page, int64_t utc);

void html_head(struct html_page *page);     /* out_html_head.c */
void html_charts(struct html_page *page);   /* out_html_chart.c */
void html_tables(struct html_page *page);   /* out_html_tables.c */
void html_episodes(struct html_page *page, bool want_open);
                                            /* out_html_words.c */
void html_scores(struct html_page *page);   /* out_html_scores.c */
void html_others(struct html_page *page);   /* out_html_others.c */
void html_remarks(struct html_page *page);  /* out_html_words.c */
void html_replies(struct html_page *page);  /* out_html_words.c */
void html_about(struct html_page *page);    /* out_html_words.c */

#endif
