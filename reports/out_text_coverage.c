/* SPDX-License-Identifier: BSD-2-Clause */
/* How far the logs of the window can be trusted: days, hosts, lines that were
 * not understood. */
#include "reports/out_text.h"

#include "base/say.h"
#include "reports/format_value.h"

enum { INDENT = 10 };

/* Runs of days of one kind, joined: "2026-11-18, 2026-11-20 .. 2026-11-22". */
static size_t
add_days(struct text_report *text, bool (*is_meant)(const struct report_day *))
{
	const struct report_window *window = &text->report->window;
	size_t runs = 0;

	for (size_t i = 0; i < window->day_count; i++) {
		size_t first = i;

		if (!is_meant(&window->days[i]))
			continue;
		while (i + 1 < window->day_count &&
		    is_meant(&window->days[i + 1]))
			i++;
		strbuf_addf(&text->scratch, "%s%s", runs++ > 0 ? ", " : "",
		    window->days[first].day);
		if (i > first)
			strbuf_addf(&text->scratch, " .. %s",
			    window->days[i].day);
	}
	return runs;
}

static bool
is_uncovered(const struct report_day *day)
{
	return !day->is_covered;
}

static bool
is_provisional(const struct report_day *day)
{
	return day->is_covered && day->is_provisional;
}

static size_t
host_count(const struct report *report)
{
	size_t count = 0;

	for (size_t i = 0; i < report->coverage_count; i++) {
		size_t before = 0;

		if (report->coverage[i].lines == 0)
			continue;
		while (before < i && (report->coverage[before].lines == 0 ||
		    !slice_eq(report->coverage[before].host,
		    report->coverage[i].host)))
			before++;
		if (before == i)
			count++;
	}
	return count;
}

static void
add_lines(struct text_report *text)
{
	int64_t lines = 0, skipped = 0;

	for (size_t i = 0; i < text->report->coverage_count; i++) {
		lines += text->report->coverage[i].lines;
		skipped += text->report->coverage[i].skipped;
	}
	if (lines == 0)
		return;
	strbuf_addf(&text->scratch, ", %lld of %lld lines not understood",
	    (long long)skipped, (long long)lines);
	if (skipped > 0) {
		strbuf_add_str(&text->scratch, " (");
		format_percent(&text->scratch, skipped, lines);
		strbuf_add_char(&text->scratch, ')');
	}
}

static void
print_day_list(struct text_report *text, const char *label,
    bool (*is_meant)(const struct report_day *), const char *remark)
{
	strbuf_add_str(&text->scratch, label);
	if (add_days(text, is_meant) == 0) {
		strbuf_reset(&text->scratch);
		return;
	}
	strbuf_add_str(&text->scratch, remark);
	strbuf_add_str(text->out, "          ");
	text_paragraph(text, text_take(text), INDENT, INDENT);
}

static void
print_skips(struct text_report *text)
{
	if (text->report->skip_count == 0)
		return;
	strbuf_add_str(&text->scratch, "not understood: ");
	for (size_t i = 0; i < text->report->skip_count; i++) {
		strbuf_addf(&text->scratch, "%s%lld ", i > 0 ? ", " : "",
		    (long long)text->report->skips[i].lines);
		scrub_text(&text->scratch, text->report->skips[i].reason,
		    true);
	}
	strbuf_add_str(text->out, "          ");
	text_paragraph(text, text_take(text), INDENT, INDENT);
}

/* A line for each run of log that a wrong clock may have written. */
static void
print_left_out(struct text_report *text)
{
	const struct report *report = text->report;

	for (size_t i = 0; i < report->left_out_count; i++) {
		strbuf_add_str(&text->scratch, "left out: ");
		view_left_out(report, &report->left_out[i],
		    &text->scratch);
		strbuf_add_str(text->out, "          ");
		text_paragraph(text, text_take(text), INDENT, INDENT);
	}
}

void
text_coverage(struct text_report *text)
{
	const struct report_window *window = &text->report->window;
	size_t covered = 0, hosts = host_count(text->report);

	for (size_t i = 0; i < window->day_count; i++)
		if (window->days[i].is_covered)
			covered++;
	strbuf_addf(&text->scratch, "%zu/%zu day%s, %zu host%s", covered,
	    window->day_count, window->day_count == 1 ? "" : "s", hosts,
	    hosts == 1 ? "" : "s");
	add_lines(text);
	text_heading(text, "COVERAGE  ");
	text_paragraph(text, text_take(text), INDENT, INDENT);
	print_day_list(text, "no log: ", is_uncovered, "");
	print_day_list(text, "provisional: ", is_provisional,
	    text->report->totals.open > 0 ?
	    " (deliveries still open may yet end)" :
	    " (younger than the queue lifetime; none is open)");
	print_left_out(text);
	print_skips(text);
}
