/* SPDX-License-Identifier: BSD-2-Clause */
/* The top of the page: whose report, which window, verdict, tiles. */
#include "reports/out_html.h"

#include "reports/format_value.h"

static void
put_window(struct html_page *page)
{
	const struct report *report = page->report;

	html_put(page, "<p class=\"dim\">");
	format_window(&page->scratch, report->zone, report->window.since_utc,
	    report->window.until_utc);
	strbuf_addf(&page->scratch, " (%zu day%s, times in ",
	    report->window.day_count,
	    report->window.day_count == 1 ? "" : "s");
	if (report->window.timezone.len > 0 &&
	    !ascii_is_alpha(report->window.timezone.ptr[0]))
		strbuf_add_str(&page->scratch, "UTC");
	strbuf_add_slice(&page->scratch, report->window.timezone);
	strbuf_add_char(&page->scratch, ')');
	if (report->has_compare) {
		strbuf_add_str(&page->scratch, ", compared with ");
		format_window(&page->scratch, report->zone,
		    report->compare.since_utc, report->compare.until_utc);
	}
	html_scratch(page);
	html_put(page, "</p>\n");
}

static size_t
open_episodes(const struct report *report)
{
	size_t count = 0;

	for (size_t i = 0; i < report->episode_count; i++)
		if (episode_is_open(report->episodes[i].state))
			count++;
	return count;
}

static size_t
providers_that_block(const struct report *report)
{
	size_t count = 0;

	for (size_t i = 0; i < report->provider_count; i++)
		if (report->providers[i].state == STATE_BLOCKED ||
		    view_has_open_episode(report,
		    report->providers[i].provider))
			count++;
	return count;
}

static void
open_tile(struct html_page *page, const char *label)
{
	html_putf(page, "<li><span>%s</span> <b>", label);
}

static void
count_tile(struct html_page *page, const char *label, int64_t now,
    bool has_before, int64_t before)
{
	open_tile(page, label);
	format_grouped(&page->scratch, now);
	html_scratch(page);
	html_put(page, "</b>");
	if (has_before) {
		html_put(page, " <small>before: ");
		format_grouped(&page->scratch, before);
		html_scratch(page);
		html_put(page, "</small>");
	}
	html_put(page, "</li>\n");
}

struct share {
	int64_t part, whole;
};

/* An arrow where both windows have enough to be compared. */
static void
put_arrow(struct html_page *page, struct share now, struct share before)
{
	double a, b;

	if (now.whole < FORMAT_FEW || before.whole < FORMAT_FEW)
		return;
	a = (double)now.part / (double)now.whole;
	b = (double)before.part / (double)before.whole;
	html_put(page, a > b ? " &#9650; higher" : a < b ? " &#9660; lower" :
	    " = same");
}

static void
share_tile(struct html_page *page, const char *label, struct share now,
    struct share before)
{
	open_tile(page, label);
	format_share(&page->scratch, now.part, now.whole);
	html_scratch(page);
	html_put(page, "</b>");
	if (page->report->has_compare) {
		html_put(page, " <small>before: ");
		format_share(&page->scratch, before.part, before.whole);
		html_scratch(page);
		put_arrow(page, now, before);
		html_put(page, "</small>");
	}
	html_put(page, "</li>\n");
}

static struct share
accepted_of(const struct report_counts *n)
{
	return (struct share){ n->accepted,
		n->accepted + n->bounced + n->expired };
}

static void
put_tiles(struct html_page *page)
{
	const struct report *report = page->report;
	const struct report_counts *a = &report->totals;
	const struct report_counts *b = &report->compare_totals;

	html_put(page, "<ul class=\"tiles\">\n");
	count_tile(page, "Deliveries", a->deliveries, report->has_compare,
	    b->deliveries);
	share_tile(page, "Acceptance rate", accepted_of(a), accepted_of(b));
	share_tile(page, "Deferred share",
	    (struct share){ a->deferred, a->deliveries },
	    (struct share){ b->deferred, b->deliveries });
	share_tile(page, "Block rate",
	    (struct share){ a->blocked, a->deliveries },
	    (struct share){ b->blocked, b->deliveries });
	count_tile(page, "Providers that blocked",
	    (int64_t)providers_that_block(report), false, 0);
	count_tile(page, "Open episodes", (int64_t)open_episodes(report),
	    false, 0);
	html_put(page, "</ul>\n");
}

void
html_head(struct html_page *page)
{
	const struct report *report = page->report;
	const char *tone = open_episodes(report) > 0 ? "bad" :
	    report->totals.deliveries > 0 ? "good" : "dim";

	html_put(page, "<header>\n<h1>mxtrend ");
	html_foreign(page, report->host);
	html_put(page, "</h1>\n");
	put_window(page);
	html_putf(page, "<p class=\"verdict %s\">", tone);
	html_foreign(page, report->verdict);
	html_put(page, "</p>\n</header>\n");
	if (report->totals.deliveries > 0 || report->has_compare)
		put_tiles(page);
}
