/* SPDX-License-Identifier: BSD-2-Clause */
/* The first sheet: verdict, six tiles against the compared window, the trend
 * charts, the totals. Tiles are formulas over the totals below them. */
#include "reports/out_xlsx.h"

#include "reports/format_value.h"
#include "reports/report_view.h"
#include "reports/text_table.h"

enum { TILES = 6, VERDICT_COLUMNS = 100, VERDICT_LINES = 4,
	FORMULA_BYTES = 160, CHART_WIDTH = 900 };

/* Rows, counted from 0. */
enum { ROW_TITLE = 0, ROW_WINDOW = 1, ROW_VERDICT = 3, ROW_TILES = 8,
	ROW_CHARTS = 14, ROW_TOTALS = 43 };

/* The totals' rows behind their header, in this order. */
enum total { TOTAL_DELIVERIES, TOTAL_MESSAGES, TOTAL_ACCEPTED, TOTAL_BOUNCED,
	TOTAL_EXPIRED, TOTAL_OPEN, TOTAL_CHECK, TOTAL_DEFERRED, TOTAL_BLOCKED,
	TOTAL_ATTEMPTS_ACCEPTED, TOTAL_ATTEMPTS_DEFERRED,
	TOTAL_ATTEMPTS_BOUNCED, TOTAL_P50, TOTAL_P95, TOTAL_FAILED,
	TOTAL_UNCLASSIFIED, TOTAL_SUSPENDED, TOTAL_LOCAL, TOTAL_INTERNAL,
	TOTALS };

/* The row of a total as Excel counts. */
static unsigned
line_of(enum total total)
{
	return (unsigned)ROW_TOTALS + 2u + (unsigned)total;
}

/* ---- head ---- */

static void
write_verdict(const struct xlsx_sheet *sheet, struct slice verdict)
{
	struct strbuf lines;
	size_t column = 0;
	struct slice rest;

	strbuf_init(&lines, XLSX_TEXT_MAX);
	text_wrap(&lines, verdict, 0, VERDICT_COLUMNS, &column);
	rest = strbuf_slice(&lines);
	for (uint32_t i = 0; i < VERDICT_LINES && rest.len > 0; i++) {
		const char *end = slice_chr(rest, '\n');
		struct slice line = end != NULL && i + 1 < VERDICT_LINES ?
		    slice_between(rest.ptr, end) : rest;

		xlsx_text(sheet, ROW_VERDICT + i, 0, line, FORMAT_VERDICT);
		rest = slice_skip(rest, line.len + 1);
	}
	strbuf_release(&lines);
}

static void
write_head(const struct xlsx_sheet *sheet)
{
	const struct report *report = sheet->book->report;
	struct strbuf text;

	xlsx_height(sheet, ROW_TITLE, 2);
	strbuf_init(&text, XLSX_TEXT_MAX);
	strbuf_add_str(&text, "mxtrend  ");
	strbuf_add_slice(&text, report->host);
	xlsx_text(sheet, ROW_TITLE, 0, strbuf_slice(&text), FORMAT_TITLE);
	strbuf_reset(&text);
	format_window(&text, report->zone, report->window.since_utc,
	    report->window.until_utc);
	strbuf_add_str(&text, "  (");
	format_count(&text, (int64_t)report->window.day_count, "day", "days");
	strbuf_add_str(&text, ", times in ");
	if (report->window.timezone.len > 0 &&
	    !ascii_is_alpha(report->window.timezone.ptr[0]))
		strbuf_add_str(&text, "UTC");
	strbuf_add_slice(&text, report->window.timezone);
	strbuf_add_char(&text, ')');
	if (report->has_compare) {
		strbuf_add_str(&text, "  compared with ");
		format_window(&text, report->zone, report->compare.since_utc,
		    report->compare.until_utc);
	}
	xlsx_text(sheet, ROW_WINDOW, 0, strbuf_slice(&text), FORMAT_SUBTITLE);
	strbuf_release(&text);
	write_verdict(sheet, report->verdict);
}

/* ---- tiles ---- */

struct rate {
	int64_t part, whole;
};

static struct rate
rate_of(const struct report_counts *n, enum total part)
{
	if (part == TOTAL_ACCEPTED)
		return (struct rate){ n->accepted,
			n->accepted + n->bounced + n->expired };
	return (struct rate){ part == TOTAL_DEFERRED ? n->deferred :
	    n->blocked, n->deliveries };
}

/* "B12/B10" or "B12/(B12+B13+B14)", of column LETTER. */
static void
rate_formula(char formula[FORMULA_BYTES], char letter, enum total part,
    bool is_share)
{
	unsigned p = line_of(part), all = line_of(TOTAL_DELIVERIES);
	unsigned b = line_of(TOTAL_BOUNCED), e = line_of(TOTAL_EXPIRED);
	const char *sign = is_share ? "/" : "&\" of \"&";

	if (part == TOTAL_ACCEPTED)
		(void)snprintf(formula, FORMULA_BYTES,
		    "=%c%u%s(%c%u+%c%u+%c%u)", letter, p, sign, letter, p,
		    letter, b, letter, e);
	else
		(void)snprintf(formula, FORMULA_BYTES, "=%c%u%s%c%u", letter,
		    p, sign, letter, all);
}

/* Of this window (column B of the totals) or of the compared one (C). */
static void
write_rate(const struct xlsx_sheet *sheet, uint32_t row, unsigned col,
    enum total part, bool is_before)
{
	const struct report *report = sheet->book->report;
	const struct report_counts *n = is_before ?
	    &report->compare_totals : &report->totals;
	enum xlsx_format format = is_before ? FORMAT_TILE_BEFORE_PERCENT :
	    FORMAT_TILE_PERCENT;
	struct rate rate = rate_of(n, part);
	bool is_share = n->deliveries >= FORMAT_FEW && rate.whole > 0;
	char formula[FORMULA_BYTES], words[64];

	rate_formula(formula, is_before ? 'C' : 'B', part, is_share);
	if (is_share) {
		xlsx_formula(sheet, row, col, formula,
		    (double)rate.part / (double)rate.whole, format);
		return;
	}
	(void)snprintf(words, sizeof(words), "%lld of %lld",
	    (long long)rate.part, (long long)rate.whole);
	xlsx_formula_words(sheet, row, col, formula, words, format);
}

/* An arrow with a word; whether up is good depends on the tile, so that the
 * word does not judge. */
static void
write_arrow(const struct xlsx_sheet *sheet, uint32_t row, unsigned col,
    double now, double before)
{
	char formula[FORMULA_BYTES], value = (char)('A' + col);
	const char *word = now > before ? "\xe2\x96\xb2 higher" :
	    now < before ? "\xe2\x96\xbc lower" : "= same";

	(void)snprintf(formula, sizeof(formula),
	    "=IF(%c%u>%c%u,\"\xe2\x96\xb2 higher\",IF(%c%u<%c%u,"
	    "\"\xe2\x96\xbc lower\",\"= same\"))", value, row - 1, value, row,
	    value, row - 1, value, row);
	xlsx_formula_words(sheet, row, col, formula, word,
	    FORMAT_TILE_ARROW);
}

/* Which total each tile is a rate of; the first tile counts, the last two
 * stand alone. */
enum { FIRST_RATE = 1, LAST_RATE = 3 };
static const enum total tile_totals[LAST_RATE + 1] = { TOTAL_DELIVERIES,
	TOTAL_ACCEPTED, TOTAL_DEFERRED, TOTAL_BLOCKED };

static void
write_before(const struct xlsx_sheet *sheet, unsigned col)
{
	const struct report *report = sheet->book->report;
	char formula[FORMULA_BYTES];

	if (!report->has_compare || col > LAST_RATE) {
		xlsx_blank(sheet, ROW_TILES + 2, col, FORMAT_TILE_ARROW);
		return;
	}
	if (col >= FIRST_RATE) {
		write_rate(sheet, ROW_TILES + 2, col, tile_totals[col], true);
		return;
	}
	(void)snprintf(formula, sizeof(formula), "=C%u",
	    line_of(TOTAL_DELIVERIES));
	xlsx_formula(sheet, ROW_TILES + 2, col, formula,
	    (double)report->compare_totals.deliveries,
	    FORMAT_TILE_BEFORE_INT);
}

static void
write_change(const struct xlsx_sheet *sheet, unsigned col)
{
	const struct report *report = sheet->book->report;
	const struct report_counts *now = &report->totals;
	const struct report_counts *before = &report->compare_totals;
	struct rate a, b;

	if (!report->has_compare || col > LAST_RATE) {
		xlsx_blank(sheet, ROW_TILES + 3, col, FORMAT_TILE_ARROW);
		return;
	}
	if (col < FIRST_RATE) {
		write_arrow(sheet, ROW_TILES + 3, col,
		    (double)now->deliveries, (double)before->deliveries);
		return;
	}
	a = rate_of(now, tile_totals[col]);
	b = rate_of(before, tile_totals[col]);
	if (a.whole == 0 || b.whole == 0 || now->deliveries < FORMAT_FEW ||
	    before->deliveries < FORMAT_FEW)
		xlsx_words(sheet, ROW_TILES + 3, col, "too few to compare",
		    FORMAT_TILE_ARROW);
	else
		write_arrow(sheet, ROW_TILES + 3, col,
		    (double)a.part / (double)a.whole,
		    (double)b.part / (double)b.whole);
}

static size_t
providers_in_trouble(const struct report *report)
{
	size_t count = 0;

	for (size_t i = 0; i < report->provider_count; i++)
		if (report->providers[i].state == STATE_BLOCKED ||
		    view_has_open_episode(report,
		    report->providers[i].provider))
			count++;
	return count;
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

/* Row by row, as constant memory wants it. */
static void
write_tiles(const struct xlsx_sheet *sheet)
{
	static const char *const labels[TILES] = { "Deliveries",
		"Acceptance rate", "Deferred share", "Block rate",
		"Providers that blocked", "Open episodes" };
	const struct report *report = sheet->book->report;
	char formula[FORMULA_BYTES];

	for (unsigned col = 0; col < TILES; col++)
		xlsx_words(sheet, ROW_TILES, col, labels[col],
		    FORMAT_TILE_LABEL);
	(void)snprintf(formula, sizeof(formula), "=B%u",
	    line_of(TOTAL_DELIVERIES));
	xlsx_check(sheet, worksheet_set_row(sheet->sheet, ROW_TILES + 1, 34,
	    NULL));
	xlsx_formula(sheet, ROW_TILES + 1, 0, formula,
	    (double)report->totals.deliveries, FORMAT_TILE_INT);
	for (unsigned col = FIRST_RATE; col <= LAST_RATE; col++)
		write_rate(sheet, ROW_TILES + 1, col, tile_totals[col],
		    false);
	xlsx_number(sheet, ROW_TILES + 1, 4,
	    (double)providers_in_trouble(report), FORMAT_TILE_INT);
	xlsx_number(sheet, ROW_TILES + 1, 5, (double)open_episodes(report),
	    FORMAT_TILE_INT);
	for (unsigned col = 0; col < TILES; col++)
		write_before(sheet, col);
	for (unsigned col = 0; col < TILES; col++)
		write_change(sheet, col);
}

/* ---- totals ---- */

struct total_row {
	const char *label;
	double now, before;
	enum xlsx_format format;
	bool has_now, has_before;
};

static struct total_row
count_row(const char *label, const struct report *report, int64_t now,
    int64_t before)
{
	return (struct total_row){ label, (double)now, (double)before,
		FORMAT_INT, true, report->has_compare };
}

static struct total_row
delay_row(const char *label, const struct report *report, double now,
    double before)
{
	return (struct total_row){ label, report_seconds(now),
		report_seconds(before), FORMAT_SECONDS, now >= 0, report->has_compare && before >= 0 };
}

static struct total_row
single_row(const char *label, int64_t now)
{
	return (struct total_row){ label, (double)now, 0, FORMAT_INT, true,
		false };
}

static void
fill_totals(const struct report *report, struct total_row rows[TOTALS])
{
	const struct report_counts *a = &report->totals;
	const struct report_counts *b = &report->compare_totals;

	rows[TOTAL_DELIVERIES] = count_row("Deliveries", report,
	    a->deliveries, b->deliveries);
	rows[TOTAL_MESSAGES] = count_row("Messages", report, a->messages,
	    b->messages);
	rows[TOTAL_ACCEPTED] = count_row("Accepted", report, a->accepted,
	    b->accepted);
	rows[TOTAL_BOUNCED] = count_row("Bounced", report, a->bounced,
	    b->bounced);
	rows[TOTAL_EXPIRED] = count_row("Expired", report, a->expired,
	    b->expired);
	rows[TOTAL_OPEN] = count_row("Open", report, a->open, b->open);
	rows[TOTAL_DEFERRED] = count_row("Deferred (at least once)", report,
	    a->deferred, b->deferred);
	rows[TOTAL_BLOCKED] = count_row("Blocked (at least once)", report,
	    a->blocked, b->blocked);
	rows[TOTAL_ATTEMPTS_ACCEPTED] = count_row("Attempts accepted", report,
	    a->attempts.accepted, b->attempts.accepted);
	rows[TOTAL_ATTEMPTS_DEFERRED] = count_row("Attempts deferred", report,
	    a->attempts.deferred, b->attempts.deferred);
	rows[TOTAL_ATTEMPTS_BOUNCED] = count_row("Attempts bounced", report,
	    a->attempts.bounced, b->attempts.bounced);
	rows[TOTAL_P50] = delay_row("p50 to acceptance (s)", report, a->p50_s,
	    b->p50_s);
	rows[TOTAL_P95] = delay_row("p95 to acceptance (s)", report, a->p95_s,
	    b->p95_s);
	rows[TOTAL_FAILED] = single_row("Failed attempts",
	    report->failed_attempts);
	rows[TOTAL_UNCLASSIFIED] = single_row("  of them unclassified",
	    report->unclassified_attempts);
	rows[TOTAL_SUSPENDED] = single_row("Suspended (not counted)",
	    report->suspended);
	rows[TOTAL_LOCAL] = single_row("Local deliveries (not counted)",
	    report->local.deliveries);
	rows[TOTAL_INTERNAL] = single_row("Internal deliveries (not counted)",
	    report->internal.deliveries);
}

/* What is left when all ways to end are taken off: nothing. */
static void
write_check(const struct xlsx_sheet *sheet)
{
	uint32_t row = line_of(TOTAL_CHECK) - 1;
	const struct report *report = sheet->book->report;
	const struct report_counts *counts[2] = { &report->totals,
		&report->compare_totals };
	char formula[FORMULA_BYTES];

	xlsx_words(sheet, row, 0, "Check: 0 when these add up", FORMAT_NOTE);
	for (unsigned i = 0; i < (report->has_compare ? 2 : 1); i++) {
		const struct report_counts *n = counts[i];
		char letter = (char)('B' + i);

		(void)snprintf(formula, sizeof(formula), "=%c%u-SUM(%c%u:%c%u)",
		    letter, line_of(TOTAL_DELIVERIES), letter,
		    line_of(TOTAL_ACCEPTED), letter, line_of(TOTAL_OPEN));
		xlsx_formula(sheet, row, (unsigned)(i + 1), formula,
		    (double)(n->deliveries - n->accepted - n->bounced -
		    n->expired - n->open), FORMAT_INT);
	}
}

static void
write_totals(const struct xlsx_sheet *sheet)
{
	static const char *const headers[] = { "Totals", "This window",
		"Compared window", "Difference" };
	struct total_row rows[TOTALS];
	char formula[FORMULA_BYTES];

	memset(rows, 0, sizeof(rows));
	fill_totals(sheet->book->report, rows);
	for (unsigned col = 0;
	    col < (sheet->book->report->has_compare ? 4 : 2); col++)
		xlsx_words(sheet, ROW_TOTALS, col, headers[col],
		    col == 0 ? FORMAT_HEADER : FORMAT_HEADER_NUMBER);
	for (int i = 0; i < TOTALS; i++) {
		uint32_t row = line_of((enum total)i) - 1;

		if (i == TOTAL_CHECK) {
			write_check(sheet);
			continue;
		}
		xlsx_words(sheet, row, 0, rows[i].label, FORMAT_TEXT);
		if (rows[i].has_now)
			xlsx_number(sheet, row, 1, rows[i].now,
			    rows[i].format);
		if (!rows[i].has_before)
			continue;
		xlsx_number(sheet, row, 2, rows[i].before, rows[i].format);
		if (!rows[i].has_now)
			continue;
		(void)snprintf(formula, sizeof(formula), "=B%u-C%u", row + 1,
		    row + 1);
		xlsx_formula(sheet, row, 3, formula,
		    rows[i].now - rows[i].before, rows[i].format);
	}
}

void
xlsx_summary(struct xlsx_book *book)
{
	struct xlsx_sheet sheet = xlsx_sheet(book, "Summary");

	xlsx_width(&sheet, 0, 0, 30);
	xlsx_width(&sheet, 1, TILES - 1, 19);
	write_head(&sheet);
	write_tiles(&sheet);
	xlsx_trend_charts(&sheet, ROW_CHARTS, 0, CHART_WIDTH);
	write_totals(&sheet);
	xlsx_tops(&sheet, line_of(TOTALS) + 1);
	worksheet_gridlines(sheet.sheet, LXW_HIDE_ALL_GRIDLINES);
	xlsx_page(&sheet, 0);
	worksheet_set_portrait(sheet.sheet);
	worksheet_fit_to_pages(sheet.sheet, 1, 1);
	worksheet_activate(sheet.sheet);
}
