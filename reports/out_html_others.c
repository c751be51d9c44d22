/* SPDX-License-Identifier: BSD-2-Clause */
/* What others report, as tables of the page. */
#include "reports/out_html.h"

#include "reports/format_value.h"
#include "reports/others_view.h"

enum { DAYS_SHOWN = 14 };

struct header {
	const char *title;
	bool is_number;
};

static void
open_table(struct html_page *page, const char *title, const char *legend,
    const struct header *headers, size_t count)
{
	html_putf(page, "<section>\n<h2>%s</h2>\n", title);
	if (legend != NULL)
		html_putf(page, "<p class=\"dim\">%s</p>\n", legend);
	html_put(page, "<div class=\"scroll\"><table><thead><tr>");
	for (size_t i = 0; i < count; i++)
		html_putf(page, "<th scope=\"col\"%s>%s</th>",
		    headers[i].is_number ? " class=\"n\"" : "",
		    headers[i].title);
	html_put(page, "</tr></thead><tbody>\n");
}

#define OPEN(page, title, legend, headers) \
	open_table(page, title, legend, headers, \
	    sizeof(headers) / sizeof((headers)[0]))

static void
close_table(struct html_page *page, size_t hidden)
{
	html_put(page, "</tbody></table></div>\n");
	if (hidden != 0)
		html_putf(page, "<p class=\"dim\">and %zu more</p>\n", hidden);
	html_put(page, "</section>\n");
}

static size_t
shown_of(const struct html_page *page, size_t count)
{
	return count < page->top ? count : page->top;
}

static void
put_row_head(struct html_page *page, struct slice name)
{
	html_put(page, "<tr><th scope=\"row\">");
	html_foreign(page, name.len != 0 ? name : SLICE("(unknown)"));
	html_put(page, "</th>");
}

static void
put_share(struct html_page *page, int64_t part, int64_t whole,
    const char *class)
{
	html_putf(page, "<td class=\"n %s\">", class);
	format_share(&page->scratch, part, whole);
	html_scratch(page);
	html_put(page, "</td>");
}

/* ------------------------------------------------------------------ */

static void
put_dmarc(struct html_page *page)
{
	static const struct header headers[] = { { "Provider", false },
		{ "From", false }, { "Messages", true }, { "Pass", true },
		{ "DKIM", true }, { "SPF", true }, { "Quarantine", true },
		{ "Reject", true } };
	size_t count;
	const struct view_dmarc *rows = view_dmarc(page->report,
	    &page->arena, &count);
	size_t shown = shown_of(page, count);

	if (count == 0)
		return;
	OPEN(page, "DMARC", "Mail that uses our domains, as providers count "
	    "it; what is refused before DATA is in no DMARC report.",
	    headers);
	for (size_t i = 0; i < shown; i++) {
		const struct view_dmarc *row = &rows[i];
		bool is_weak = slice_eq(row->ours, SLICE("yes")) &&
		    row->pass * 10 < row->messages * 9;

		put_row_head(page, row->name);
		if (row->source_ip.len == 0) {
			format_count(&page->scratch, row->hosts, "other host",
			    "other hosts");
			html_put(page, "<td class=\"w\">");
			html_scratch(page);
			html_put(page, "</td>");
		} else {
			html_words_cell(page, row->source_ip, "w");
		}
		html_number_cell(page, row->messages, "");
		put_share(page, row->pass, row->messages,
		    is_weak ? "warn" : "");
		put_share(page, row->dkim, row->messages, "opt");
		put_share(page, row->spf, row->messages, "opt");
		html_number_cell(page, row->quarantine, "opt");
		html_number_cell(page, row->reject, "");
		html_put(page, "</tr>\n");
	}
	close_table(page, count - shown);
}

/* Class and word of a day's glyph. */
static void
put_day(struct html_page *page, const char *day, char glyph)
{
	static const struct {
		char glyph;
		const char *class, *word;
	} kinds[] = { { '=', "f", "the usual share" },
		{ '<', "d", "less than half of the usual share" },
		{ '0', "x", "none" }, { '?', "q", "no report" },
		{ '~', "q", "too few" }, { '.', "q", "no mail" } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].glyph == glyph)
			html_putf(page, "<i class=\"%s\" title=\"%s %s\">%s</i>",
			    kinds[i].class, day, kinds[i].word,
			    glyph == '<' ? "&lt;" : (char[]){ glyph, '\0' });
}

static void
put_days(struct html_page *page, const char *days)
{
	const struct report_window *window = &page->report->window;
	size_t first = window->day_count > DAYS_SHOWN ?
	    window->day_count - DAYS_SHOWN : 0;

	html_put(page, "<td class=\"days\">");
	if (days == NULL)
		html_put(page, "sends no reports");
	for (size_t i = first; days != NULL && i < window->day_count; i++)
		put_day(page, window->days[i].day, days[i]);
	html_put(page, "</td>");
}

static void
put_witness(struct html_page *page)
{
	static const struct header headers[] = { { "Provider", false },
		{ "Source IP", false }, { "Messages tried", true },
		{ "Accepted", true }, { "Blocked", true },
		{ "They count", true }, { "Days", false } };
	size_t count;
	const struct view_witness *rows = view_witness(page->report,
	    &page->arena, &count);
	size_t shown = shown_of(page, count);

	if (count == 0)
		return;
	OPEN(page, "The provider as witness", "Messages in the provider's "
	    "DMARC reports beside our log. Days: = the usual share, &lt; less "
	    "than half of it, 0 none, ? no report, ~ too few, . no mail",
	    headers);
	for (size_t i = 0; i < shown; i++) {
		const struct view_witness *row = &rows[i];

		put_row_head(page, row->name);
		html_words_cell(page, row->source_ip, "w");
		html_number_cell(page, row->messages, "opt");
		html_number_cell(page, row->accepted, "");
		html_number_cell(page, row->refused, row->refused > 0 ? "bad" : "");
		html_number_cell(page, row->reported, "");
		put_days(page, row->days);
		html_put(page, "</tr>\n");
	}
	close_table(page, count - shown);
}

static void
put_complaints(struct html_page *page)
{
	static const struct header headers[] = { { "Provider", false },
		{ "Source IP", false }, { "Type", false },
		{ "Complaints", true }, { "Accepted", true },
		{ "Per thousand", true } };
	const struct report *report = page->report;
	size_t shown = shown_of(page, report->complaint_count);

	if (report->complaint_count == 0)
		return;
	OPEN(page, "Complaints", NULL, headers);
	for (size_t i = 0; i < shown; i++) {
		const struct report_complaint *row = &report->complaints[i];

		put_row_head(page, row->name);
		html_words_cell(page, row->source_ip, "w");
		html_words_cell(page, row->feedback_type, "opt");
		html_number_cell(page, row->complaints, "");
		html_number_cell(page, row->accepted, "opt");
		html_put(page, "<td class=\"n\">");
		if (row->per_thousand >= 0)
			strbuf_addf(&page->scratch, "%.1f", row->per_thousand);
		html_scratch(page);
		html_put(page, "</td></tr>\n");
	}
	close_table(page, report->complaint_count - shown);
}

static void
put_snds(struct html_page *page)
{
	static const struct header headers[] = { { "Source IP or range", false },
		{ "Day", false }, { "RCPT", true }, { "Recipients", true },
		{ "Filter result", false }, { "Complaints", false },
		{ "Traps", true }, { "Status", false } };
	const struct report *report = page->report;
	size_t shown = shown_of(page, report->snds_count);
	size_t first = report->snds_count - shown;

	if (report->snds_count == 0)
		return;
	OPEN(page, "Microsoft SNDS", NULL, headers);
	/* the last days */
	for (size_t i = first; i < report->snds_count; i++) {
		const struct report_snds *row = &report->snds[i];
		bool is_red = slice_eq(row->filter_result, SLICE("red")) ||
		    slice_eq(row->blocked, SLICE("yes"));
		bool is_yellow = slice_eq(row->filter_result,
		    SLICE("yellow"));

		put_row_head(page, row->source_ip.len != 0 ? row->source_ip :
		    row->range);
		html_words_cell(page, slice_str(row->day), "w");
		html_number_cell(page, row->rcpt_commands, "opt");
		html_number_cell(page, row->recipients, "opt");
		html_words_cell(page, row->filter_result.len != 0 ?
		    row->filter_result : is_red ? SLICE("blocked") :
		    SLICE(""), is_red ? "bad" : is_yellow ? "warn" : "");
		html_words_cell(page, row->complaint_rate, "opt");
		html_number_cell(page, row->trap_hits, "");
		html_words_cell(page, row->status, "opt");
		html_put(page, "</tr>\n");
	}
	close_table(page, first);
}

static void
put_tls(struct html_page *page)
{
	static const struct header headers[] = { { "Reporter", false },
		{ "Our domain", false }, { "Policy", false },
		{ "Sessions", true }, { "Failed", true },
		{ "Results", false } };
	size_t count;
	const struct view_tls *rows = view_tls(page->report, &page->arena,
	    &count);
	size_t shown = shown_of(page, count);

	if (count == 0)
		return;
	OPEN(page, "TLS of mail to us", "What senders say of sessions to our "
	    "servers (TLS-RPT); policies share sessions and do not add up.",
	    headers);
	for (size_t i = 0; i < shown; i++) {
		const struct report_tls *it = rows[i].policy;
		int64_t failed = it->failures > 0 ? it->failures : 0;
		int64_t good = it->successes > 0 ? it->successes : 0;

		put_row_head(page, rows[i].name);
		html_words_cell(page, it->policy_domain, "");
		html_words_cell(page, it->policy_type, "w");
		html_number_cell(page, good + failed, "");
		html_number_cell(page, failed, failed > 0 ? "warn" : "");
		html_words_cell(page, rows[i].results, "opt");
		html_put(page, "</tr>\n");
	}
	close_table(page, count - shown);
}

static void
put_bounces(struct html_page *page)
{
	static const struct header headers[] = { { "Provider", false },
		{ "Reason", false }, { "Token", false }, { "Failed", true },
		{ "Delayed", true }, { "In no log", true } };
	const struct report *report = page->report;
	size_t shown = shown_of(page, report->bounce_count);

	if (report->bounce_count == 0)
		return;
	OPEN(page, "Bounce mails", "Failures that a log tells of as well are "
	    "counted there alone.", headers);
	for (size_t i = 0; i < shown; i++) {
		const struct report_bounce *row = &report->bounces[i];

		put_row_head(page, row->name);
		html_words_cell(page, row->reason, "w");
		html_words_cell(page, row->token, "");
		html_number_cell(page, row->failed, "");
		html_number_cell(page, row->delayed, "opt");
		html_number_cell(page, row->not_in_log, "");
		html_put(page, "</tr>\n");
	}
	close_table(page, report->bounce_count - shown);
}

/* How many there are, of how many who sent them is not sure. */
static void
put_summary(struct html_page *page)
{
	static void (*const sentences[])(const struct report *,
	    struct strbuf *) = { view_dmarc_sentence, view_not_signed };

	html_put(page, "<section>\n<h2>Reports from outside</h2>\n");
	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]);
	    i++) {
		sentences[i](page->report, &page->scratch);
		if (page->scratch.len == 0)
			continue;
		html_put(page, "<p>");
		html_scratch(page);
		html_put(page, "</p>\n");
	}
	html_put(page, "</section>\n");
}

void
html_others(struct html_page *page)
{
	if (!view_has_others(page->report))
		return;
	if (page->report->reports_not_signed != 0 ||
	    page->report->dmarc_count != 0)
		put_summary(page);
	put_witness(page);
	put_dmarc(page);
	put_complaints(page);
	put_snds(page);
	put_tls(page);
	put_bounces(page);
}
