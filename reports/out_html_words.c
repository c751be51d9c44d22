/* SPDX-License-Identifier: BSD-2-Clause */
/* Episodes, replies in their own words, and what the reader must know of the
 * report itself. */
#include "reports/out_html.h"

#include "reports/episode_words.h"
#include "reports/format_value.h"
#include "reports/reply_view.h"
#include "reports/report_view.h"

enum { EXCERPT_BYTES = 2000, LEFT_OUT_BYTES = 256 };

static void
put_reply(struct html_page *page, struct slice reply, struct slice token,
    struct slice address)
{
	if (slice_is_none(reply))
		return;
	html_put(page, "<blockquote>");
	format_excerpt(&page->scratch, reply, EXCERPT_BYTES, token, address);
	html_put(page, "<bdi>");
	html_scratch(page);
	html_put(page, "</bdi></blockquote>\n");
}

/* One of a paragraph's times; *count_r follows. */
static void
put_time(struct html_page *page, const char *label, int64_t utc,
    size_t *count_r)
{
	if (utc == TIME_NONE)
		return;
	html_putf(page, "%s%s <b>", (*count_r)++ > 0 ? "; " : "", label);
	format_long_time(&page->scratch, page->report->zone, utc,
	    view_near(page->report));
	html_scratch(page);
	html_put(page, "</b>");
}

static const char *
state_class(enum episode_state state)
{
	return state == EPISODE_CONFIRMED ? "bad" :
	    episode_is_open(state) ? "warn" : "good";
}

static void
put_reasons(struct html_page *page, const struct report_episode *episode)
{
	html_text(page, episode->reason);
	if (!slice_is_none(episode->token)) {
		html_put(page, " ");
		html_foreign(page, episode->token);
	}
}

static void
put_times(struct html_page *page, const struct report_episode *episode)
{
	size_t count = 0;

	html_put(page, "<p>");
	if (!episode->began_before_log)
		put_time(page, "last accepted before",
		    episode->last_accept_before_utc, &count);
	put_time(page, episode->began_before_log ?
	    "first refused at or before" : "first refused",
	    episode->first_refusal_utc, &count);
	put_time(page, "last refused", episode->last_refusal_utc, &count);
	put_time(page, "accepted again", episode->first_accept_after_utc,
	    &count);
	html_put(page, "</p>\n");
}

static void
add_html_time(struct strbuf *out, const void *ctx, int64_t utc)
{
	const struct report *report = ctx;

	format_long_time(out, report->zone, utc, view_near(report));
}

static void
put_brackets(struct html_page *page, const struct report_episode *episode)
{
	const struct episode_clock clock = { add_html_time,
		page->report };

	if (episode_began_words(&page->scratch, episode, &clock)) {
		html_put(page, "<p>");
		html_scratch(page);
		html_put(page, "</p>\n");
	}
	if (episode_ended_words(&page->scratch, episode, &clock)) {
		html_put(page, "<p>");
		html_scratch(page);
		html_put(page, "</p>\n");
	}
}

static void
put_remark_text(struct html_page *page, const struct report_annotation *it)
{
	html_text(page, it->kind);
	html_put(page, ": ");
	html_foreign(page, it->text);
}

static void
put_remarks_of(struct html_page *page, const struct report_episode *episode)
{
	const struct report *report = page->report;

	for (size_t i = 0; i < report->annotation_count; i++) {
		const struct report_annotation *it = &report->annotations[i];

		if (!report_annotation_concerns(it, episode))
			continue;
		html_put(page, "<p class=\"remark\"><b>");
		format_long_time(&page->scratch, report->zone, it->time_utc,
		    view_near(report));
		html_scratch(page);
		html_put(page, "</b> ");
		put_remark_text(page, it);
		html_put(page, "</p>\n");
	}
}

/* The others of a block of several addresses, below its largest. Returns how
 * many they are. */
static size_t
put_others(struct html_page *page, const struct report_episode *const *list,
    size_t end, size_t head)
{
	size_t others = 0;

	for (size_t i = head + 1; i < end; i++) {
		const struct report_episode *it = list[i];

		if (view_told_before(list, i) != list[head])
			continue;
		html_put(page, others++ == 0 ? "<p>Refused for the same "
		    "reason as well:</p>\n<ul>\n<li>" : "<li>");
		html_foreign(page, view_source_name(it->source,
		    it->source_ip));
		html_put(page, " (#");
		html_foreign(page, it->id);
		html_put(page, "): ");
		format_count(&page->scratch, it->attempts, "attempt, ",
		    "attempts, ");
		format_count(&page->scratch, it->messages, "message",
		    "messages");
		html_scratch(page);
		put_times(page, it);
		put_remarks_of(page, it);
		html_put(page, "</li>\n");
	}
	if (others != 0)
		html_put(page, "</ul>\n");
	return others;
}

/* What became of the mail that was refused. */
static void
put_cost(struct html_page *page, const struct report_episode *episode)
{
	episode_cost_words(&page->scratch, episode);
	if (page->scratch.len == 0)
		return;
	html_put(page, "<p>");
	html_scratch(page);
	html_put(page, "</p>\n");
}

/* With those that are told with it; returns how many they are in all. */
static size_t
put_episode(struct html_page *page, const struct report_episode *const *list,
    size_t end, size_t at)
{
	const struct report_episode *episode = list[at];
	size_t others;

	html_putf(page, "<article class=\"card%s\">\n"
	    "<span class=\"state %s\">%s</span>\n<h3>#",
	    episode_is_open(episode->state) ? " open" : "",
	    state_class(episode->state), episode_state_name(episode->state));
	html_foreign(page, episode->id);
	html_put(page, " ");
	html_foreign(page, slice_is_none(episode->name) ?
	    episode->provider : episode->name);
	html_put(page, ": ");
	html_foreign(page, view_source_name(episode->source,
	    episode->source_ip));
	html_put(page, ", ");
	put_reasons(page, episode);
	html_put(page, "</h3>\n");
	put_times(page, episode);
	put_brackets(page, episode);
	html_put(page, "<p>");
	format_count(&page->scratch, episode->attempts, "attempt, ",
	    "attempts, ");
	format_count(&page->scratch, episode->messages, "message, ",
	    "messages, ");
	format_count(&page->scratch, episode->recipients,
	    "recipient refused", "recipients refused");
	episode_extent_words(&page->scratch, episode);
	if (episode_is_open(episode->state))
		episode_others_words(&page->scratch, page->report, episode);
	html_scratch(page);
	if (episode->flaps > 0)
		html_putf(page, "; came back %lld time%s",
		    (long long)episode->flaps,
		    episode->flaps == 1 ? "" : "s");
	if (episode->repeat > 1)
		html_putf(page, "; episode number %lld here",
		    (long long)episode->repeat);
	html_put(page, episode->state == EPISODE_SILENT ?
	    "; no mail was tried for 7 days, so whether it is over cannot be "
	    "told</p>\n" : "</p>\n");
	put_cost(page, episode);
	put_reply(page, episode->sample, episode->token, episode->source_ip);
	put_remarks_of(page, episode);
	others = put_others(page, list, end, at);
	html_put(page, "</article>\n");
	return others + 1;
}

static void
put_cell(struct html_page *page, struct slice text)
{
	html_put(page, "<td class=\"w\">");
	html_foreign(page, text);
	html_put(page, "</td>");
}

/* All of them, also those that no episode concerns. */
void
html_remarks(struct html_page *page)
{
	const struct report *report = page->report;

	if (report->annotation_count == 0)
		return;
	html_put(page, "<section>\n<h2>Remarks</h2>\n<div class=\"scroll\">"
	    "<table><thead><tr><th scope=\"col\">Time</th>"
	    "<th scope=\"col\">Provider</th><th scope=\"col\">Source IP</th>"
	    "<th scope=\"col\">Kind</th><th scope=\"col\">Remark</th></tr>"
	    "</thead><tbody>\n");
	for (size_t i = 0; i < report->annotation_count; i++) {
		const struct report_annotation *it = &report->annotations[i];

		html_put(page, "<tr><th scope=\"row\">");
		format_long_time(&page->scratch, report->zone, it->time_utc,
		    view_near(report));
		html_scratch(page);
		html_put(page, "</th>");
		put_cell(page, it->provider);
		put_cell(page, it->source_ip);
		put_cell(page, it->kind);
		html_put(page, "<td>");
		html_foreign(page, it->text);
		html_put(page, "</td></tr>\n");
	}
	html_put(page, "</tbody></table></div>\n</section>\n");
}

void
html_episodes(struct html_page *page, bool want_open)
{
	size_t count, open, first, last, shown = 0, told = 0;
	const struct report_episode **list = view_episodes(page->report,
	    &page->arena, &count, &open);

	first = want_open ? 0 : open;
	last = want_open ? open : count;
	if (first == last)
		return;
	html_putf(page, "<section>\n<h2>%s episodes</h2>\n",
	    want_open ? "Open" : "Past");
	list += first;
	for (size_t i = 0; i < last - first && shown < page->top; i++) {
		if (view_told_before(list, i) != NULL)
			continue;
		told += put_episode(page, list, last - first, i);
		shown++;
	}
	if (told < last - first)
		html_putf(page, "<p>and %zu more</p>\n", last - first - told);
	html_put(page, "</section>\n");
}

/* ---- replies ---- */

static void
put_one_reply(struct html_page *page, const struct report_reply *reply)
{
	size_t count = 0;

	html_put(page, "<article class=\"card\">\n<h3>");
	html_foreign(page, slice_is_none(reply->name) ? reply->provider :
	    reply->name);
	html_putf(page, ": %lld attempt%s, ", (long long)reply->attempts,
	    reply->attempts == 1 ? "" : "s");
	html_text(page, reply->reason);
	if (!slice_is_none(reply->token)) {
		html_put(page, " ");
		html_foreign(page, reply->token);
	}
	html_put(page, reply->is_new ? ", new" : "");
	html_put(page, "</h3>\n<p>");
	put_time(page, "first", reply->first_utc, &count);
	put_time(page, "last", reply->last_utc, &count);
	html_put(page, "</p>\n");
	put_reply(page, reply->sample, reply->token, SLICE_NONE);
	html_put(page, "</article>\n");
}

static void
put_replies(struct html_page *page, const char *title,
    const struct reply_view *view)
{
	size_t shown = view->count < page->top ? view->count : page->top;

	if (view->count + view->other_count == 0)
		return;
	html_putf(page, "<section>\n<h2>%s</h2>\n", title);
	for (size_t i = 0; i < shown; i++)
		put_one_reply(page, view->rows[i]);
	if (shown < view->count)
		html_putf(page, "<p>and %zu more</p>\n", view->count - shown);
	if (view->other_count > 0) {
		html_putf(page, "<p>%zu about recipients or the way there: ",
		    view->other_count);
		html_text(page, view->others);
		html_put(page, "</p>\n");
	}
	html_put(page, "</section>\n");
}

void
html_replies(struct html_page *page)
{
	struct reply_view view = view_new_replies(page->report, &page->arena);

	put_replies(page, "New replies", &view);
	view = view_unclassified_replies(page->report, &page->arena);
	put_replies(page, "Unclassified replies", &view);
}

/* ---- about ---- */

static void
put_left_out(struct html_page *page)
{
	const struct report *report = page->report;
	struct strbuf text;

	strbuf_init(&text, LEFT_OUT_BYTES);
	for (size_t i = 0; i < report->left_out_count; i++) {
		strbuf_reset(&text);
		view_left_out(report, &report->left_out[i], &text);
		html_putf(page, "<p>Left out: %s.</p>\n", text.ptr);
	}
	strbuf_release(&text);
}

static void
put_coverage(struct html_page *page)
{
	const struct report *report = page->report;
	int64_t lines = 0, skipped = 0;
	size_t covered = 0;

	for (size_t i = 0; i < report->window.day_count; i++)
		covered += report->window.days[i].is_covered ? 1 : 0;
	for (size_t i = 0; i < report->coverage_count; i++) {
		lines += report->coverage[i].lines;
		skipped += report->coverage[i].skipped;
	}
	html_putf(page, "<p>%zu of %zu days are covered by a log; %lld of "
	    "%lld lines were not understood; %lld of %lld failed attempts "
	    "have a reply that no rule knows.</p>\n", covered,
	    report->window.day_count, (long long)skipped, (long long)lines,
	    (long long)report->unclassified_attempts,
	    (long long)report->failed_attempts);
	put_left_out(page);
	html_putf(page, "<p>Not counted above: %lld local and %lld internal "
	    "deliveries, %lld lines that repeat an earlier failure.</p>\n",
	    (long long)report->local.deliveries,
	    (long long)report->internal.deliveries,
	    (long long)report->suspended);
}

static void
put_check(struct html_page *page)
{
	const struct report_counts *n = &page->report->totals;
	int64_t sum = n->accepted + n->bounced + n->expired + n->open;

	html_putf(page, "<p>Check: %lld deliveries = %lld accepted + %lld "
	    "bounced + %lld expired + %lld open: %s.</p>\n",
	    (long long)n->deliveries, (long long)n->accepted,
	    (long long)n->bounced, (long long)n->expired, (long long)n->open,
	    sum == n->deliveries ? "holds" : "does not hold");
}

static void
put_definitions(struct html_page *page)
{
	const struct report *report = page->report;

	html_put(page, "<details><summary>Definitions</summary>\n"
	    "<div class=\"scroll\"><table><thead><tr>"
	    "<th scope=\"col\">Name</th><th scope=\"col\">Formula or meaning"
	    "</th><th scope=\"col\">Unit</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < report->definition_count; i++) {
		html_put(page, "<tr><th scope=\"row\">");
		html_text(page, report->definitions[i].name);
		html_put(page, "</th><td>");
		html_text(page, report->definitions[i].formula);
		html_put(page, "</td><td>");
		html_text(page, report->definitions[i].unit);
		html_put(page, "</td></tr>\n");
	}
	html_put(page, "</tbody></table></div></details>\n");
}

void
html_about(struct html_page *page)
{
	const struct report *report = page->report;

	html_put(page, "<section>\n<h2>About this report</h2>\n");
	put_coverage(page);
	put_check(page);
	put_definitions(page);
	html_put(page, "</section>\n<footer>mxtrend ");
	html_text(page, report->tool_version);
	html_put(page, ", rules ");
	html_text(page, report->rules_version);
	if (report->generated_utc != TIME_NONE) {
		html_put(page, ", made ");
		format_full_time(&page->scratch, report->zone,
		    report->generated_utc);
		html_scratch(page);
	}
	html_put(page, "</footer>\n");
}
