/* SPDX-License-Identifier: BSD-2-Clause */
/* The report as one HTML file that needs nothing else: no script, no link to
 * anywhere, a content security policy that forbids both. This file holds the
 * order of the page and the escaping. */
#include "reports/out_html.h"

#include "base/say.h"
#include "reports/format_value.h"
#include "reports/outputs.h"
#include "reports/report_view.h"

enum { DEFAULT_TOP = 30, SCRATCH_BYTES = 1024 * 1024 };

void
html_put(struct html_page *page, const char *markup)
{
	strbuf_add_str(page->out, markup);
	out_buffer_offer(&page->buffer);
}

void
html_putf(struct html_page *page, const char *fmt, ...)
{
	char text[512];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (len < 0 || (size_t)len >= sizeof(text))
		mx_bug("a piece of markup is too long");
	html_put(page, text);
}

static const char *
entity_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void
html_text(struct html_page *page, struct slice text)
{
	while (text.len > 0) {
		const char *entity = NULL;
		size_t run = 0;

		while (run < text.len &&
		    (entity = entity_of(text.ptr[run])) == NULL)
			run++;
		scrub_text(page->out, slice_of(text.ptr, run), false);
		text = slice_skip(text, run);
		if (entity == NULL)
			break;
		strbuf_add_str(page->out, entity);
		text = slice_skip(text, 1);
	}
	out_buffer_offer(&page->buffer);
}

void
html_foreign(struct html_page *page, struct slice text)
{
	if (text.len == 0)
		return;
	html_put(page, "<bdi>");
	html_text(page, text);
	html_put(page, "</bdi>");
}

void
html_scratch(struct html_page *page)
{
	html_text(page, strbuf_slice(&page->scratch));
	strbuf_reset(&page->scratch);
}

void
html_number_cell(struct html_page *page, int64_t value, const char *class)
{
	html_putf(page, "<td class=\"n%s%s\">", class[0] != '\0' ? " " : "",
	    class);
	if (value < 0)
		strbuf_add_str(&page->scratch, "?");
	else
		format_grouped(&page->scratch, value);
	html_scratch(page);
	html_put(page, "</td>");
}

void
html_words_cell(struct html_page *page, struct slice text, const char *class)
{
	html_putf(page, "<td class=\"%s\">", class);
	html_foreign(page, text);
	html_put(page, "</td>");
}

void
html_time_cell(struct html_page *page, int64_t utc)
{
	html_put(page, "<td class=\"w opt\">");
	if (utc != TIME_NONE)
		format_short_time(&page->scratch, page->report->zone, utc,
		    view_near(page->report));
	html_scratch(page);
	html_put(page, "</td>");
}

static void
put_page(struct html_page *page)
{
	html_put(page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\""
	    "default-src 'none'; base-uri 'none'; form-action 'none'; "
	    "style-src '");
	html_put(page, html_style_hash);
	html_put(page, "'\">\n<meta name=\"viewport\" content=\""
	    "width=device-width, initial-scale=1\">\n"
	    "<meta name=\"robots\" content=\"noindex\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
	html_text(page, SLICE("mxtrend "));
	html_text(page, page->report->host);
	html_put(page, "</title>\n<style>");
	html_put(page, html_style);
	html_put(page, "</style>\n</head>\n<body>\n");
	html_head(page);
	html_episodes(page, true);
	html_scores(page);
	html_charts(page);
	html_tables(page);
	html_others(page);
	html_replies(page);
	html_episodes(page, false);
	html_remarks(page);
	html_about(page);
	html_put(page, "</body>\n</html>\n");
}

static enum mx_code
render_html(const struct report *report, const struct output_options *options,
    FILE *out, struct mx_err *err)
{
	struct html_page page = { .report = report, .options = options };

	out_buffer_init(&page.buffer, out);
	page.out = &page.buffer.text;
	page.top = options->top != 0 ? options->top : DEFAULT_TOP;
	arena_init(&page.arena);
	strbuf_init(&page.scratch, SCRATCH_BYTES);
	put_page(&page);
	strbuf_release(&page.scratch);
	arena_release(&page.arena);
	return out_buffer_finish(&page.buffer, "the HTML report", err);
}

const struct report_output output_html = {
	.name = "html",
	.extension = "html",
	.title = "one page with charts",
	.is_binary = false,
	.render = render_html,
};
