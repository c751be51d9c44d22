/* SPDX-License-Identifier: BSD-2-Clause */
/* What no address alone has refusals enough to show, as a table of the
 * page. */
#include "reports/out_html.h"

#include "reports/episode_words.h"
#include "reports/format_value.h"

static void
put_score(struct html_page *page, const struct report_score *it)
{
	html_put(page, "<tr><th scope=\"row\">");
	html_foreign(page, slice_is_none(it->name) ? it->provider : it->name);
	html_put(page, "</th><td class=\"m\">");
	score_over_words(&page->scratch, it);
	html_scratch(page);
	html_put(page, "</td>");
	html_words_cell(page, it->reason, "w");
	html_words_cell(page, it->token, "opt");
	html_words_cell(page, slice_str(episode_state_name(it->state)),
	    episode_is_open(it->state) ? "w bad" : "w");
	html_time_cell(page, it->first_refusal_utc);
	html_time_cell(page, it->last_refusal_utc);
	html_number_cell(page, it->messages, "");
	html_number_cell(page, it->recipients, "opt");
	html_put(page, "</tr>\n");
}

static void
open_table(struct html_page *page)
{
	html_put(page, "<section>\n<h2>Refused together</h2>\n"
	    "<p class=\"dim\">What no address of ours has refusals enough to "
	    "show alone.</p>\n<div class=\"scroll\"><table><thead><tr>"
	    "<th scope=\"col\">Provider</th><th scope=\"col\">Over</th>"
	    "<th scope=\"col\">Reason</th>"
	    "<th scope=\"col\" class=\"opt\">Token</th>"
	    "<th scope=\"col\">State</th>"
	    "<th scope=\"col\" class=\"opt\">First refusal</th>"
	    "<th scope=\"col\" class=\"opt\">Last refusal</th>"
	    "<th scope=\"col\" class=\"n\">Messages</th>"
	    "<th scope=\"col\" class=\"n opt\">Recipients</th>"
	    "</tr></thead><tbody>\n");
}

/* Those that an episode explains say nothing that it does not. */
void
html_scores(struct html_page *page)
{
	const struct report *report = page->report;
	size_t shown = 0, hidden = 0;

	for (size_t i = 0; i < report->score_count; i++) {
		const struct report_score *it = &report->scores[i];

		if (it->is_explained)
			continue;
		if (shown >= page->top) {
			hidden++;
			continue;
		}
		if (shown++ == 0)
			open_table(page);
		put_score(page, it);
	}
	if (shown == 0)
		return;
	html_put(page, "</tbody></table></div>\n");
	if (hidden != 0)
		html_putf(page, "<p class=\"dim\">and %zu more</p>\n", hidden);
	html_put(page, "</section>\n");
}
