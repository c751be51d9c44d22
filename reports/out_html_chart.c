/* SPDX-License-Identifier: BSD-2-Clause */
/* The trend as two drawings over the same days: attempts by outcome as
 * stacked bars, shares as lines. Each has a text alternative; the numbers
 * stand in a table below. Coordinates are whole numbers. */
#include "reports/out_html.h"

#include "reports/format_value.h"

enum { WIDTH = 640, HEIGHT = 200, LEFT = 80, RIGHT = 8, TOP = 14,
	BOTTOM = 28, LABELS = 10, GRID_LINES = 4,
	DAYS_APART = 62 }; /* of more, large dots run into each other */
enum { PLOT_WIDTH = WIDTH - LEFT - RIGHT, PLOT_HEIGHT = HEIGHT - TOP - BOTTOM };

static int64_t
attempts_of(const struct report_day *day)
{
	return day->attempts.accepted + day->attempts.deferred +
	    day->attempts.bounced;
}

/* The next of 1, 2, 5, 10, 20 ... that is at least VALUE. */
static int64_t
round_up(int64_t value)
{
	int64_t step = 1;

	while (step < value && step <= INT64_MAX / 10) {
		if (step * 2 >= value)
			return step * 2;
		if (step * 5 >= value)
			return step * 5;
		step *= 10;
	}
	return step;
}

static int
x_of(size_t day, size_t days)
{
	return LEFT + (int)((double)PLOT_WIDTH * (double)day / (double)days);
}

/* Height over the base line of VALUE out of MAX. */
static int
rise(double value, double max)
{
	return max > 0 ? (int)(PLOT_HEIGHT * value / max + 0.5) : 0;
}

static void
put_grid(struct html_page *page, int64_t max, bool is_percent)
{
	for (int i = 0; i <= GRID_LINES; i++) {
		int y = TOP + PLOT_HEIGHT - PLOT_HEIGHT * i / GRID_LINES;
		double value = (double)max * i / GRID_LINES;

		html_putf(page, "<line class=\"g\" x1=\"%d\" y1=\"%d\" "
		    "x2=\"%d\" y2=\"%d\"/>", LEFT, y, WIDTH - RIGHT, y);
		html_putf(page, "<text x=\"%d\" y=\"%d\" "
		    "text-anchor=\"end\" class=\"y%s\">", LEFT - 6, y + 4,
		    i % 2 != 0 ? " lesser" : "");
		if (is_percent)
			strbuf_addf(&page->scratch, "%.0f%%", value);
		else
			format_grouped(&page->scratch, (int64_t)value);
		html_scratch(page);
		html_put(page, "</text>\n");
	}
}

static void
put_days(struct html_page *page)
{
	const struct report_window *window = &page->report->window;
	size_t every = window->day_count / LABELS + 1;

	for (size_t i = 0; i < window->day_count; i += every)
		html_putf(page, "<text x=\"%d\" y=\"%d\" "
		    "text-anchor=\"middle\"%s>%.5s</text>\n",
		    (x_of(i, window->day_count) +
		    x_of(i + 1, window->day_count)) / 2, HEIGHT - 8,
		    i / every % 2 != 0 ? " class=\"lesser\"" : "",
		    window->days[i].day + 5);
}

static void
open_chart(struct html_page *page, const char *title, const char *description)
{
	html_putf(page, "<figure><svg viewBox=\"0 0 %d %d\" role=\"img\" "
	    "aria-label=\"", WIDTH, HEIGHT);
	html_put(page, title);
	html_put(page, ". ");
	html_put(page, description);
	html_put(page, "\">\n<title>");
	html_put(page, title);
	html_put(page, "</title>\n");
}

/* Where a day's bar stands, and the top of what is drawn of it. */
struct bar {
	int x, width, y;
	int64_t max;
};

static void
put_part(struct html_page *page, struct bar *bar, const char *class,
    int64_t value)
{
	int height = rise((double)value, (double)bar->max);

	bar->y -= height;
	if (height > 0)
		html_putf(page, "<rect class=\"%s\" x=\"%d\" y=\"%d\" "
		    "width=\"%d\" height=\"%d\"/>", class, bar->x, bar->y,
		    bar->width, height);
}

static void
put_bar(struct html_page *page, size_t index, int64_t max)
{
	const struct report_window *window = &page->report->window;
	const struct report_day *day = &window->days[index];
	int x = x_of(index, window->day_count);
	int room = x_of(index + 1, window->day_count) - x;
	int gap = room > 6 ? room / 6 : 0;
	struct bar bar = { x + gap, room - 2 * gap > 0 ? room - 2 * gap : 1,
		TOP + PLOT_HEIGHT, max };

	html_putf(page, "<g><title>%s: ", day->day);
	if (!day->is_covered && attempts_of(day) == 0) {
		html_putf(page, "no log</title><rect class=\"nolog\" "
		    "x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/></g>\n", x,
		    TOP, room > 0 ? room : 1, PLOT_HEIGHT);
		return;
	}
	html_putf(page, "%lld accepted, %lld deferred, %lld bounced, %lld "
	    "blocked</title>", (long long)day->attempts.accepted,
	    (long long)day->attempts.deferred,
	    (long long)day->attempts.bounced, (long long)day->blocked);
	put_part(page, &bar, "ca", day->attempts.accepted);
	put_part(page, &bar, "cd", day->attempts.deferred);
	put_part(page, &bar, "cb", day->attempts.bounced);
	html_put(page, "</g>\n");
}

static void
put_volume(struct html_page *page)
{
	const struct report_window *window = &page->report->window;
	int64_t max = 0;

	for (size_t i = 0; i < window->day_count; i++)
		if (attempts_of(&window->days[i]) > max)
			max = attempts_of(&window->days[i]);
	/* four grid lines with whole numbers */
	max = round_up((max + GRID_LINES - 1) / GRID_LINES) * GRID_LINES;
	open_chart(page, "Attempts a day, by outcome",
	    "Stacked bars: accepted at the bottom, deferred in the middle, "
	    "bounced on top; the table below has the numbers.");
	put_grid(page, max, false);
	for (size_t i = 0; i < window->day_count; i++)
		put_bar(page, i, max);
	put_days(page);
	html_put(page, "</svg><figcaption>Attempts a day, from bottom to top:"
	    "<span class=\"w\"><i class=\"key ka\"></i>accepted</span> "
	    "<span class=\"w\"><i class=\"key kd\"></i>deferred</span> "
	    "<span class=\"w\"><i class=\"key kb\"></i>bounced</span>"
	    "</figcaption></figure>\n");
}

static double
share_of(const struct report_day *day, bool want_blocked)
{
	int64_t all = attempts_of(day);
	int64_t part = want_blocked ? day->blocked : day->attempts.deferred;

	return all > 0 ? 100 * (double)part / (double)all : -1;
}

/* A line through the days that have attempts; a gap ends it. */
static void
put_line(struct html_page *page, bool want_blocked, double max)
{
	const struct report_window *window = &page->report->window;
	const char *mark = want_blocked ? "cb" : "cd";
	int radius = window->day_count > DAYS_APART ? 1 : 3;
	bool is_down = false;

	html_putf(page, "<path class=\"%s\" d=\"", want_blocked ? "lb" : "ld");
	for (size_t i = 0; i < window->day_count; i++) {
		double share = share_of(&window->days[i], want_blocked);

		if (share >= 0)
			html_putf(page, "%c%d %d", is_down ? 'L' : 'M',
			    (x_of(i, window->day_count) +
			    x_of(i + 1, window->day_count)) / 2,
			    TOP + PLOT_HEIGHT - rise(share, max));
		is_down = share >= 0;
	}
	html_put(page, "\"/>\n");
	for (size_t i = 0; i < window->day_count; i++) {
		double share = share_of(&window->days[i], want_blocked);

		if (share < 0)
			continue;
		html_putf(page, "<circle class=\"%s\" cx=\"%d\" cy=\"%d\" "
		    "r=\"%d\"><title>%s: %.0f%% %s</title></circle>\n", mark,
		    (x_of(i, window->day_count) +
		    x_of(i + 1, window->day_count)) / 2,
		    TOP + PLOT_HEIGHT - rise(share, max), radius,
		    window->days[i].day, share,
		    want_blocked ? "blocked" : "deferred");
	}
}

static void
put_shares(struct html_page *page)
{
	const struct report_window *window = &page->report->window;
	double most = 0;
	int64_t max;

	for (size_t i = 0; i < window->day_count; i++) {
		if (share_of(&window->days[i], true) > most)
			most = share_of(&window->days[i], true);
		if (share_of(&window->days[i], false) > most)
			most = share_of(&window->days[i], false);
	}
	max = most <= 4 ? 4 : most <= 20 ? 20 : most <= 40 ? 40 : 100;
	open_chart(page, "Share of the day's attempts",
	    "Lines: the share of attempts that were blocked (solid) and that "
	    "were deferred (dashed); the table below has the numbers.");
	put_grid(page, max, true);
	put_line(page, false, (double)max);
	put_line(page, true, (double)max);
	put_days(page);
	html_put(page, "</svg><figcaption>Share of the day's attempts:"
	    "<span class=\"w\"><i class=\"key kb\"></i>blocked (solid line)"
	    "</span> <span class=\"w\"><i class=\"key kd\"></i>deferred "
	    "(dashed line)</span></figcaption></figure>\n");
}

static void
put_table(struct html_page *page)
{
	const struct report_window *window = &page->report->window;

	html_put(page, "<details><summary>Numbers by day</summary>\n"
	    "<div class=\"scroll\"><table><thead><tr>"
	    "<th scope=\"col\">Day</th><th scope=\"col\" class=\"n\">Messages"
	    "</th><th scope=\"col\" class=\"n\">Accepted</th>"
	    "<th scope=\"col\" class=\"n\">Deferred</th>"
	    "<th scope=\"col\" class=\"n\">Bounced</th>"
	    "<th scope=\"col\" class=\"n\">Blocked</th>"
	    "<th scope=\"col\">Remark</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < window->day_count; i++) {
		const struct report_day *day = &window->days[i];

		html_putf(page, "<tr><th scope=\"row\">%s</th>", day->day);
		html_number_cell(page, day->messages, "");
		html_number_cell(page, day->attempts.accepted, "");
		html_number_cell(page, day->attempts.deferred, "");
		html_number_cell(page, day->attempts.bounced, "");
		html_number_cell(page, day->blocked, "");
		html_putf(page, "<td>%s</td></tr>\n", !day->is_covered ?
		    "no log" : day->is_provisional ? "provisional" : "");
	}
	html_put(page, "</tbody></table></div></details>\n");
}

void
html_charts(struct html_page *page)
{
	int64_t all = 0;

	for (size_t i = 0; i < page->report->window.day_count; i++)
		all += attempts_of(&page->report->window.days[i]);
	if (all == 0)
		return;
	html_put(page, "<section>\n<h2>Trend</h2>\n");
	put_volume(page);
	put_shares(page);
	put_table(page);
	html_put(page, "</section>\n");
}
