/* SPDX-License-Identifier: BSD-2-Clause */
/* Reasons and replies in the text report. The words of a refusal are what
 * matters most: codes, tags and our own address always stay visible. */
#include "reports/out_text.h"

#include "base/say.h"
#include "reports/format_value.h"
#include "reports/reply_view.h"
#include "reports/report_view.h"

enum { INDENT = 7 };

static struct slice
short_time(struct text_report *text, int64_t utc)
{
	if (utc == TIME_NONE)
		return SLICE("");
	format_short_time(&text->scratch, text->report->zone, utc,
	    view_near(text->report));
	return text_take(text);
}

/* Days suffice where there are several. */
static struct slice
short_day(struct text_report *text, int64_t utc)
{
	enum { CLOCK_CHARS = 6, DAYS_ENOUGH = 3 }; /* " 07:12" */
	struct slice time = short_time(text, utc);

	if (text->report->window.day_count < DAYS_ENOUGH || time.len == 0)
		return time;
	return slice_of(time.ptr, time.len - CLOCK_CHARS);
}

static struct slice
name_or_key(struct text_report *text, struct slice name, struct slice key)
{
	return text_clean(text, slice_is_none(name) ? key : name);
}

static void
print_reason_table(struct text_report *text)
{
	const struct report *report = text->report;
	size_t shown = report->reason_count < text->top ?
	    report->reason_count : text->top;
	const struct report_reason **list = view_reasons(report, &text->arena);
	int64_t hidden_attempts = 0;
	struct text_table table;

	text_table_init(&table, &text->arena);
	text_table_column(&table, "REASONS", false, 0);
	text_table_column(&table, "reason", false, 0);
	text_table_column(&table, "token", false, 9);
	text_table_column(&table, "tries", true, 10);
	text_table_column(&table, "deliv", true, 4);
	text_table_column(&table, "first", false, 1);
	text_table_column(&table, "last", false, 5);
	for (size_t i = 0; i < report->reason_count; i++) {
		const struct report_reason *row = list[i];
		struct text_cell *cell;

		if (i >= shown) {
			hidden_attempts += row->attempts;
			continue;
		}
		cell = text_table_row(&table);
		cell[0].text = name_or_key(text, row->name, row->provider);
		cell[1].text = text_clean(text, row->reason);
		cell[2].text = text_clean(text, row->token);
		cell[3].text = text_number(text, row->attempts);
		cell[4].text = text_number(text, row->deliveries);
		cell[5].text = short_day(text, row->first_utc);
		cell[6].text = short_day(text, row->last_utc);
	}
	strbuf_add_char(text->out, '\n');
	text_table_print(&table, text->width, text->options->has_color,
	    text->out);
	if (shown < report->reason_count)
		strbuf_addf(text->out, " and %zu more, %lld tries\n",
		    report->reason_count - shown, (long long)hidden_attempts);
}

void
text_reasons(struct text_report *text)
{
	if (text->report->reason_count == 0)
		text_nothing(text, "reasons");
	else
		print_reason_table(text);
	out_buffer_offer(&text->buffer);
}

static bool
is_unclassified(const struct report_reply *reply)
{
	return slice_is_none(reply->reason) ||
	    slice_eq(reply->reason, SLICE("unclassified"));
}

/* The open episode that has already shown these words. */
static const struct report_episode *
shown_by(struct text_report *text, struct slice sample)
{
	size_t count, open;
	const struct report_episode **list = view_episodes(text->report,
	    &text->arena, &count, &open);

	for (size_t i = 0; i < open; i++)
		if (!slice_is_none(sample) &&
		    slice_eq(list[i]->sample, sample) &&
		    view_told_before(list, i) == NULL)
			return list[i];
	return NULL;
}

static void
print_words(struct text_report *text, const struct report_reply *reply)
{
	const struct report_episode *episode = shown_by(text, reply->sample);

	if (episode == NULL) {
		text_reply(text, reply->sample, reply->token, SLICE_NONE,
		    INDENT);
		return;
	}
	strbuf_add_str(text->out, "       the words of episode #");
	strbuf_add_slice(text->out, text_clean(text, episode->id));
	strbuf_add_char(text->out, '\n');
}

static void
print_reply(struct text_report *text, const struct report_reply *reply)
{
	struct slice pieces[5] = { { NULL, 0 } };

	pieces[0] = name_or_key(text, reply->name, reply->provider);
	if (!is_unclassified(reply))
		pieces[1] = text_reason(text, reply->reason, reply->token);
	pieces[2] = short_time(text, reply->first_utc);
	if (reply->last_utc != reply->first_utc)
		pieces[3] = short_time(text, reply->last_utc);
	if (reply->is_new && is_unclassified(reply))
		pieces[4] = SLICE("new");
	format_padded(text->out, text_number(text, reply->attempts),
	    INDENT - 2, true);
	strbuf_add_str(text->out, "x ");
	for (size_t i = 0; i < 5; i++) {
		if (pieces[i].len == 0)
			continue;
		strbuf_add_str(&text->scratch, i == 0 ? "" :
		    i == 3 ? " .. " : ", ");
		strbuf_add_slice(&text->scratch, pieces[i]);
	}
	text_paragraph(text, text_take(text), INDENT, INDENT);
	print_words(text, reply);
}

static void
print_list(struct text_report *text, const struct reply_view *view)
{
	size_t shown = view->count < text->top ? view->count : text->top;

	for (size_t i = 0; i < shown; i++)
		print_reply(text, view->rows[i]);
	if (shown < view->count)
		strbuf_addf(text->out, "       and %zu more\n",
		    view->count - shown);
}

/* As when a log is read for the first time. */
static bool
is_all_new(const struct report *report)
{
	for (size_t i = 0; i < report->reply_count; i++)
		if (!report->replies[i].is_new)
			return false;
	return report->reply_count > 1;
}

static void
print_new(struct text_report *text)
{
	struct reply_view view =
	    view_new_replies(text->report, &text->arena);

	if (view.count + view.other_count == 0) {
		text_nothing(text, "new replies");
		return;
	}
	text_heading(text, "NEW REPLIES");
	strbuf_addf(text->out, " (%zu)%s\n", view.count + view.other_count,
	    is_all_new(text->report) ?
	    "  every reply of this window is new" : "");
	print_list(text, &view);
	if (view.other_count == 0)
		return;
	strbuf_addf(&text->scratch, "%s%zu about recipients or the way there: ",
	    view.count > 0 ? "and " : "", view.other_count);
	strbuf_add_slice(&text->scratch, view.others);
	strbuf_add_str(text->out, "       ");
	text_paragraph(text, text_take(text), INDENT, INDENT);
}

static void
print_unclassified(struct text_report *text)
{
	struct reply_view view =
	    view_unclassified_replies(text->report, &text->arena);

	if (view.count == 0) {
		text_nothing(text, "unclassified replies");
		return;
	}
	text_heading(text, "UNCLASSIFIED");
	strbuf_addf(text->out, " (%zu)", view.count);
	if (text->report->failed_attempts > 0)
		strbuf_addf(text->out, "  %lld of %lld failed attempts",
		    (long long)text->report->unclassified_attempts,
		    (long long)text->report->failed_attempts);
	strbuf_add_char(text->out, '\n');
	print_list(text, &view);
	strbuf_add_str(text->out, "       ");
	text_paragraph(text, SLICE("mxtrend rules suggest makes rules of "
	    "them"), INDENT, INDENT);
}

void
text_replies(struct text_report *text)
{
	print_new(text);
	print_unclassified(text);
}
