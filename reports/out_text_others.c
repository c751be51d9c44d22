/* SPDX-License-Identifier: BSD-2-Clause */
/* "Reports from outside": what the other side says of us. */
#include "reports/out_text.h"

#include "reports/format_value.h"
#include "reports/others_view.h"

static void
print_table(struct text_report *text, struct text_table *table)
{
	strbuf_add_char(text->out, '\n');
	text_table_print(table, text->width, text->options->has_color,
	    text->out);
	out_buffer_offer(&text->buffer);
}

static void
print_more(struct text_report *text, size_t hidden)
{
	if (hidden != 0)
		strbuf_addf(text->out, " and %zu more\n", hidden);
}

static size_t
shown_of(const struct text_report *text, size_t count)
{
	/* one row left out would take the line that it saves */
	return count <= text->top + 1 ? count : text->top;
}

static struct slice
share_text(struct text_report *text, int64_t part, int64_t whole)
{
	format_share(&text->scratch, part, whole);
	return text_take(text);
}

static struct slice
hosts_text(struct text_report *text, const struct view_dmarc *row)
{
	if (row->source_ip.len != 0)
		return text_clean(text, row->source_ip);
	format_count(&text->scratch, row->hosts, "other host", "other hosts");
	return text_take(text);
}

static void
print_dmarc(struct text_report *text)
{
	size_t count;
	const struct view_dmarc *rows = view_dmarc(text->report, &text->arena,
	    &count);
	size_t shown = shown_of(text, count);
	struct text_table table;

	if (count == 0)
		return;
	text_table_init(&table, &text->arena);
	text_table_column(&table, "DMARC", false, 0);
	text_table_column(&table, "from", false, 0);
	text_table_column(&table, "messages", true, 0);
	text_table_column(&table, "pass", true, 0);
	text_table_column(&table, "DKIM", true, 5);
	text_table_column(&table, "SPF", true, 5);
	text_table_column(&table, "quarant", true, 3);
	text_table_column(&table, "reject", true, 4);
	for (size_t i = 0; i < shown; i++) {
		const struct view_dmarc *row = &rows[i];
		struct text_cell *cell = text_table_row(&table);
		bool is_ours = slice_eq(row->ours, SLICE("yes"));

		cell[0].text = text_clean(text, row->name);
		cell[1].text = hosts_text(text, row);
		cell[2].text = text_number(text, row->messages);
		cell[3].text = share_text(text, row->pass, row->messages);
		if (is_ours && row->pass * 10 < row->messages * 9)
			cell[3].tone = TONE_WARN;
		cell[4].text = share_text(text, row->dkim, row->messages);
		cell[5].text = share_text(text, row->spf, row->messages);
		cell[6].text = text_number(text, row->quarantine);
		cell[7].text = text_number(text, row->reject);
	}
	print_table(text, &table);
	print_more(text, count - shown);
}

/* Days that fit behind the other columns, the last ones. */
static struct slice
last_days(struct text_report *text, const char *days)
{
	enum { DAYS_SHOWN = 31 };
	struct slice all = slice_str(days);

	if (days == NULL)
		return SLICE("sends no reports");
	(void)text;
	return all.len <= DAYS_SHOWN ? all :
	    slice_skip(all, all.len - DAYS_SHOWN);
}

static void
print_witness(struct text_report *text)
{
	size_t count;
	const struct view_witness *rows = view_witness(text->report,
	    &text->arena, &count);
	size_t shown = shown_of(text, count);
	struct text_table table;

	if (count == 0)
		return;
	text_table_init(&table, &text->arena);
	text_table_column(&table, "WITNESS", false, 0);
	text_table_column(&table, "from", false, 0);
	text_table_column(&table, "tried", true, 4);
	text_table_column(&table, "accept", true, 5);
	text_table_column(&table, "block", true, 3);
	text_table_column(&table, "they say", true, 6);
	text_table_column(&table, "days", false, 7);
	for (size_t i = 0; i < shown; i++) {
		const struct view_witness *row = &rows[i];
		struct text_cell *cell = text_table_row(&table);

		cell[0].text = text_clean(text, row->name);
		cell[1].text = text_clean(text, row->source_ip);
		cell[2].text = text_number(text, row->messages);
		cell[3].text = text_number(text, row->accepted);
		cell[4].text = text_number(text, row->refused);
		cell[5].text = row->reported < 0 ? SLICE("-") :
		    text_number(text, row->reported);
		cell[6].text = last_days(text, row->days);
		if (row->is_telling)
			cell[6].tone = TONE_BAD;
	}
	print_table(text, &table);
	print_more(text, count - shown);
	strbuf_add_str(&text->scratch, "they say: messages in their DMARC "
	    "reports; days: = the usual share < less than half of it 0 none "
	    "? no report ~ too few . no mail");
	strbuf_add_char(text->out, ' ');
	text_paragraph(text, text_take(text), 1, 1);
}

static void
print_complaints(struct text_report *text)
{
	const struct report *report = text->report;
	size_t shown = shown_of(text, report->complaint_count);
	struct text_table table;

	if (report->complaint_count == 0)
		return;
	text_table_init(&table, &text->arena);
	text_table_column(&table, "COMPLAINTS", false, 0);
	text_table_column(&table, "about", false, 0);
	text_table_column(&table, "type", false, 3);
	text_table_column(&table, "complaints", true, 0);
	text_table_column(&table, "of accepted", true, 5);
	text_table_column(&table, "per 1000", true, 4);
	for (size_t i = 0; i < shown; i++) {
		const struct report_complaint *row = &report->complaints[i];
		struct text_cell *cell = text_table_row(&table);

		cell[0].text = text_clean(text, row->name.len != 0 ?
		    row->name : SLICE("(unknown)"));
		cell[1].text = row->source_ip.len == 0 ? SLICE("?") :
		    text_clean(text, row->source_ip);
		cell[2].text = text_clean(text, row->feedback_type);
		cell[3].text = text_number(text, row->complaints);
		cell[4].text = row->accepted < 0 ? SLICE("?") :
		    text_number(text, row->accepted);
		if (row->per_thousand >= 0) {
			strbuf_addf(&text->scratch, "%.1f", row->per_thousand);
			cell[5].text = text_take(text);
		} else {
			cell[5].text = SLICE("-");
		}
	}
	print_table(text, &table);
	print_more(text, report->complaint_count - shown);
}

/* "2 of 3 red" is what the eye looks for. */
static struct slice
colors_text(struct text_report *text, const struct view_snds *row)
{
	strbuf_addf(&text->scratch, "%lld green %lld yellow %lld red",
	    (long long)row->green, (long long)row->yellow,
	    (long long)row->red);
	return text_take(text);
}

static void
print_ranges(struct text_report *text)
{
	const struct report *report = text->report;
	size_t shown = 0, all = 0;

	for (size_t i = 0; i < report->snds_count; i++) {
		const struct report_snds *row = &report->snds[i];

		if (row->range.len == 0 || (all++ >= text->top))
			continue;
		shown++;
		strbuf_addf(&text->scratch, "%s ", row->day);
		strbuf_add_slice(&text->scratch, row->range);
		strbuf_addf(&text->scratch, "%s, blocked: ",
		    slice_eq(row->ours, SLICE("yes")) ? " (holds ours)" : "");
		strbuf_add_slice(&text->scratch, row->blocked);
		if (row->status.len != 0) {
			strbuf_add_str(&text->scratch, ": ");
			strbuf_add_slice(&text->scratch, row->status);
		}
		strbuf_add_char(text->out, ' ');
		text_paragraph(text, text_clean(text, text_take(text)), 1, 3);
	}
	print_more(text, all - shown);
}

static void
print_snds(struct text_report *text)
{
	size_t count;
	const struct view_snds *rows = view_snds(text->report, &text->arena,
	    &count);
	size_t shown = shown_of(text, count);
	struct text_table table;

	if (text->report->snds_count == 0)
		return;
	text_table_init(&table, &text->arena);
	text_table_column(&table, "SNDS", false, 0);
	text_table_column(&table, "days", true, 4);
	text_table_column(&table, "filter result", false, 0);
	text_table_column(&table, "traps", true, 6);
	text_table_column(&table, "RCPT", true, 2);
	text_table_column(&table, "last", false, 5);
	text_table_column(&table, "complaints", false, 3);
	for (size_t i = 0; i < shown; i++) {
		struct text_cell *cell = text_table_row(&table);

		cell[0].text = text_clean(text, rows[i].source_ip);
		cell[1].text = text_number(text, rows[i].days);
		cell[2].text = colors_text(text, &rows[i]);
		if (rows[i].red + rows[i].yellow != 0)
			cell[2].tone = rows[i].red != 0 ? TONE_BAD : TONE_WARN;
		cell[3].text = text_number(text, rows[i].traps);
		cell[4].text = text_number(text, rows[i].rcpt_commands);
		strbuf_addf(&text->scratch, "%s ", rows[i].last_day + 5);
		strbuf_add_slice(&text->scratch, rows[i].last_filter);
		cell[5].text = text_clean(text, text_take(text));
		cell[6].text = text_clean(text, rows[i].last_rate);
	}
	if (count != 0)
		print_table(text, &table);
	else
		text_heading(text, "SNDS\n");
	print_more(text, count - shown);
	print_ranges(text);
}

/* Which failures: below the table, since words take room. */
static void
print_results(struct text_report *text, const struct view_tls *row)
{
	if (row->results.len == 0)
		return;
	strbuf_add_slice(&text->scratch, row->name);
	strbuf_add_char(&text->scratch, ' ');
	strbuf_add_slice(&text->scratch, row->policy->policy_type);
	strbuf_add_str(&text->scratch, ": ");
	strbuf_add_slice(&text->scratch, row->results);
	strbuf_add_char(text->out, ' ');
	text_paragraph(text, text_clean(text, text_take(text)), 1, 3);
}

static void
print_tls(struct text_report *text)
{
	size_t count;
	const struct view_tls *rows = view_tls(text->report, &text->arena,
	    &count);
	size_t shown = shown_of(text, count);
	struct text_table table;

	if (count == 0)
		return;
	text_table_init(&table, &text->arena);
	text_table_column(&table, "TLS TO US", false, 0);
	text_table_column(&table, "domain", false, 5);
	text_table_column(&table, "policy", false, 4);
	text_table_column(&table, "sessions", true, 0);
	text_table_column(&table, "failed", true, 0);
	for (size_t i = 0; i < shown; i++) {
		const struct report_tls *it = rows[i].policy;
		struct text_cell *cell = text_table_row(&table);
		int64_t failed = it->failures > 0 ? it->failures : 0;
		int64_t good = it->successes > 0 ? it->successes : 0;

		cell[0].text = text_clean(text, rows[i].name);
		cell[1].text = text_clean(text, it->policy_domain);
		cell[2].text = text_clean(text, it->policy_type);
		cell[3].text = text_number(text, good + failed);
		cell[4].text = text_number(text, failed);
		if (failed != 0)
			cell[4].tone = TONE_WARN;
	}
	print_table(text, &table);
	print_more(text, count - shown);
	for (size_t i = 0; i < shown; i++)
		print_results(text, &rows[i]);
}

static void
print_bounces(struct text_report *text)
{
	const struct report *report = text->report;
	size_t shown = shown_of(text, report->bounce_count);
	struct text_table table;

	if (report->bounce_count == 0)
		return;
	text_table_init(&table, &text->arena);
	text_table_column(&table, "BOUNCE MAILS", false, 0);
	text_table_column(&table, "reason", false, 0);
	text_table_column(&table, "token", false, 4);
	text_table_column(&table, "failed", true, 0);
	text_table_column(&table, "delayed", true, 5);
	text_table_column(&table, "in no log", true, 6);
	for (size_t i = 0; i < shown; i++) {
		const struct report_bounce *row = &report->bounces[i];
		struct text_cell *cell = text_table_row(&table);

		cell[0].text = text_clean(text, row->name.len != 0 ?
		    row->name : SLICE("(unknown)"));
		cell[1].text = text_clean(text, row->reason);
		cell[2].text = text_clean(text, row->token);
		cell[3].text = text_number(text, row->failed);
		cell[4].text = text_number(text, row->delayed);
		cell[5].text = text_number(text, row->not_in_log);
	}
	print_table(text, &table);
	print_more(text, report->bounce_count - shown);
}

/* Who gave us some must not wonder where they are. */
static void
print_outside(struct text_report *text)
{
	if (text->report->reports_stored == 0)
		return;
	text_heading(text, "REPORTS FROM OUTSIDE");
	strbuf_addf(&text->scratch, "none in this window; %lld of other "
	    "times", (long long)text->report->reports_stored);
	strbuf_add_str(text->out, "  ");
	text_paragraph(text, text_take(text), 22, 9);
}

static void
print_not_signed(struct text_report *text)
{
	view_not_signed(text->report, &text->scratch);
	if (text->scratch.len == 0)
		return;
	strbuf_add_char(text->out, ' ');
	text_paragraph(text, text_take(text), 1, 1);
}

void
text_others(struct text_report *text)
{
	if (!view_has_others(text->report)) {
		print_outside(text);
		return;
	}
	text_heading(text, "REPORTS FROM OUTSIDE");
	view_dmarc_sentence(text->report, &text->scratch);
	if (text->scratch.len != 0) {
		strbuf_add_str(text->out, "  ");
		text_paragraph(text, text_take(text), 22, 9);
	} else {
		strbuf_add_char(text->out, '\n');
	}
	print_not_signed(text);
	print_dmarc(text);
	print_witness(text);
	print_complaints(text);
	print_snds(text);
	print_tls(text);
	print_bounces(text);
}
