/* SPDX-License-Identifier: BSD-2-Clause */
/* Providers with their days, sources, domains and reasons as tables. */
#include "reports/out_html.h"

#include "reports/format_value.h"
#include "reports/reply_view.h"

/* Days beside a provider's numbers: the last ones, so that the present is
 * not what has to be scrolled to. */
enum { DAYS_SHOWN = 14 };

static void
put_delay(struct html_page *page, double seconds)
{
	html_put(page, "<td class=\"n opt\">");
	format_delay(&page->scratch, seconds);
	html_scratch(page);
	html_put(page, "</td>");
}

static void
put_counts(struct html_page *page, const struct report_counts *n)
{
	html_number_cell(page, n->deliveries, "");
	html_number_cell(page, n->accepted, "opt");
	html_number_cell(page, n->deferred, "opt");
	html_number_cell(page, n->bounced + n->expired, "");
	html_number_cell(page, n->open, "opt");
	html_number_cell(page, n->blocked, n->blocked > 0 ? "bad" : "");
	html_put(page, "<td class=\"n opt\">");
	format_share(&page->scratch, n->blocked, n->deliveries);
	html_scratch(page);
	html_put(page, "</td>");
	put_delay(page, n->p50_s);
	put_delay(page, n->p95_s);
}

static void
put_count_headers(struct html_page *page)
{
	html_put(page, "<th scope=\"col\" class=\"n\">Deliveries</th>"
	    "<th scope=\"col\" class=\"n opt\">Accepted</th>"
	    "<th scope=\"col\" class=\"n opt\">Deferred</th>"
	    "<th scope=\"col\" class=\"n\">Refused</th>"
	    "<th scope=\"col\" class=\"n opt\">Open</th>"
	    "<th scope=\"col\" class=\"n\">Blocked</th>"
	    "<th scope=\"col\" class=\"n opt\">Block rate</th>"
	    "<th scope=\"col\" class=\"n opt\">p50</th>"
	    "<th scope=\"col\" class=\"n opt\">p95</th>");
}

static void
open_table(struct html_page *page, const char *title, const char *legend,
    const char *first)
{
	html_putf(page, "<section>\n<h2>%s</h2>\n", title);
	if (legend != NULL) {
		html_put(page, "<p class=\"dim\">");
		html_put(page, legend);
		html_put(page, "</p>\n");
	}
	html_putf(page, "<div class=\"scroll\"><table><thead><tr>"
	    "<th scope=\"col\">%s</th>", first);
}

static void
close_table(struct html_page *page)
{
	html_put(page, "</tbody></table></div>\n</section>\n");
}

/* ---- providers ---- */

static const char *
state_class(enum report_state state)
{
	return state == STATE_BLOCKED ? "x" : state == STATE_DEFERRING ? "d" :
	    state == STATE_FINE ? "f" : "q";
}

static size_t
first_day(const struct report_window *window)
{
	return window->day_count > DAYS_SHOWN ?
	    window->day_count - DAYS_SHOWN : 0;
}

static void
put_days(struct html_page *page, const enum report_state *days)
{
	const struct report_window *window = &page->report->window;

	html_put(page, "<td class=\"days\">");
	for (size_t i = first_day(window);
	     days != NULL && i < window->day_count; i++)
		html_putf(page, "<i class=\"%s\" title=\"%s %s\">%c</i>",
		    state_class(days[i]), window->days[i].day,
		    report_state_name(days[i]), report_state_glyph(days[i]));
	html_put(page, "</td>");
}

static void
put_change(struct html_page *page, enum report_change change)
{
	const char *class = change == CHANGE_WORSE ? "w opt bad" :
	    change == CHANGE_BETTER ? "w opt good" : "w opt";
	const char *word = change == CHANGE_TOO_FEW ? "too few" :
	    report_change_name(change);

	html_putf(page, "<td class=\"%s\">%s</td>", class,
	    word != NULL ? word : "");
}

static void
put_other_name(struct html_page *page, size_t count)
{
	html_putf(page, "<tr><th scope=\"row\">Other (%zu)</th>", count);
}

static void
put_provider(struct html_page *page, const struct report_row *row)
{
	put_counts(page, &row->n);
	put_days(page, row->days);
	if (page->report->has_compare)
		put_change(page, row->change);
	html_put(page, "</tr>\n");
}

static void
put_totals(struct html_page *page)
{
	html_put(page, "</tbody><tfoot><tr><th scope=\"row\">All</th>");
	put_counts(page, &page->report->totals);
	html_put(page, page->report->has_compare ?
	    "<td></td><td class=\"opt\"></td>" : "<td></td>");
	html_put(page, "</tr></tfoot></table></div>\n</section>\n");
}

static void
put_providers(struct html_page *page)
{
	struct row_view view = view_providers(page->report, &page->arena);
	size_t shown = view.count < page->top ? view.count : page->top;
	struct report_row other;

	open_table(page, "Providers", "Deliveries (one recipient of one "
	    "message each). Refused: bounced or expired. Days: . fine, "
	    "d deferring, x blocked, - no mail, ? no log.", "Provider");
	put_count_headers(page);
	html_put(page, first_day(&page->report->window) > 0 ?
	    "<th scope=\"col\">Last <span class=\"opt\">14 </span>days</th>" :
	    "<th scope=\"col\">Days</th>");
	if (page->report->has_compare)
		html_put(page, "<th scope=\"col\" class=\"opt\">Change</th>");
	html_put(page, "</tr></thead><tbody>\n");
	for (size_t i = 0; i < shown; i++) {
		html_put(page, "<tr><th scope=\"row\">");
		html_foreign(page, view_provider_name(view.rows[i]));
		html_put(page, "</th>");
		put_provider(page, view.rows[i]);
	}
	if (shown < view.count) {
		view_fold(page->report, &view, shown, &page->arena, &other);
		put_other_name(page, view.count - shown);
		put_provider(page, &other);
	}
	put_totals(page);
}

/* ---- sources and domains ---- */

enum names { NAMES_SOURCE, NAMES_DOMAIN };

static void
put_names(struct html_page *page, const struct report_row *row,
    enum names names)
{
	html_put(page, "<tr><th scope=\"row\">");
	html_foreign(page, names == NAMES_DOMAIN ? row->domain :
	    view_source_name(row->source, row->source_ip));
	html_put(page, "</th>");
	if (names == NAMES_DOMAIN)
		return;
	html_put(page, "<td class=\"opt\">");
	html_foreign(page, row->instance);
	html_put(page, "</td>");
}

static void
put_rows(struct html_page *page, const struct row_view *view,
    enum names names)
{
	size_t shown = view->count < page->top ? view->count : page->top;
	struct report_row other;

	if (names == NAMES_SOURCE)
		html_put(page, "<th scope=\"col\" class=\"opt\">Instance</th>");
	put_count_headers(page);
	html_put(page, "</tr></thead><tbody>\n");
	for (size_t i = 0; i < shown; i++) {
		put_names(page, view->rows[i], names);
		put_counts(page, &view->rows[i]->n);
		html_put(page, "</tr>\n");
	}
	if (shown < view->count) {
		view_fold(page->report, view, shown, &page->arena, &other);
		put_other_name(page, view->count - shown);
		if (names == NAMES_SOURCE)
			html_put(page, "<td class=\"opt\"></td>");
		put_counts(page, &other.n);
		html_put(page, "</tr>\n");
	}
	close_table(page);
}

/* ---- reasons ---- */

static void
put_reason(struct html_page *page, const struct report_reason *row)
{
	html_put(page, "<tr><th scope=\"row\">");
	html_foreign(page, slice_is_none(row->name) ? row->provider :
	    row->name);
	html_put(page, "</th><td class=\"w\">");
	html_text(page, row->reason);
	html_put(page, "</td><td>");
	html_foreign(page, row->token);
	html_put(page, "</td>");
	html_number_cell(page, row->attempts, "");
	html_number_cell(page, row->deliveries, "opt");
	html_time_cell(page, row->first_utc);
	html_time_cell(page, row->last_utc);
	html_put(page, "</tr>\n");
}

static void
put_reasons(struct html_page *page)
{
	const struct report *report = page->report;
	const struct report_reason **list = view_reasons(report, &page->arena);
	size_t shown = report->reason_count < page->top ?
	    report->reason_count : page->top;

	open_table(page, "Reasons", NULL, "Provider");
	html_put(page, "<th scope=\"col\">Reason</th>"
	    "<th scope=\"col\">Token</th>"
	    "<th scope=\"col\" class=\"n\">Attempts</th>"
	    "<th scope=\"col\" class=\"n opt\">Deliveries</th>"
	    "<th scope=\"col\" class=\"opt\">First</th>"
	    "<th scope=\"col\" class=\"opt\">Last</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < shown; i++)
		put_reason(page, list[i]);
	if (shown < report->reason_count) {
		put_other_name(page, report->reason_count - shown);
		html_put(page, "<td></td><td></td>"
		    "<td></td><td></td></tr>\n");
	}
	close_table(page);
}

void
html_tables(struct html_page *page)
{
	const struct report *report = page->report;
	struct row_view view;

	if (report->provider_count > 0)
		put_providers(page);
	if (report->source_count > 0) {
		view = view_sources(report, &page->arena);
		open_table(page, "Sources", NULL, "Source");
		put_rows(page, &view, NAMES_SOURCE);
	}
	if (report->reason_count > 0)
		put_reasons(page);
	if (report->domain_count > 0) {
		view = view_domains(report, &page->arena);
		open_table(page, "Recipient domains", NULL, "Domain");
		put_rows(page, &view, NAMES_DOMAIN);
	}
}
