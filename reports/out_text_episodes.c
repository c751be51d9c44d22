/* SPDX-License-Identifier: BSD-2-Clause */
/* Block episodes in the text report: open ones in full, past ones in two
 * lines. */
#include "reports/out_text.h"

#include "base/say.h"
#include "reports/episode_words.h"
#include "reports/format_value.h"
#include "reports/report_view.h"

enum { INDENT = 5 };

/* Words for people; the state's own name stands in every other format. */
static const char *
state_word(enum episode_state state)
{
	static const char *const words[EPISODE_STATES] = {
		[EPISODE_SUSPECTED] = "SUSPECTED",
		[EPISODE_CONFIRMED] = "ONGOING",
		[EPISODE_EASING] = "EASING",
		[EPISODE_CLOSED] = "OVER",
		[EPISODE_SILENT] = "SILENT",
		[EPISODE_DISMISSED] = "DISMISSED",
	};

	return words[state];
}

/* An open episode lasts until now, or until the window ends if that was
 * before; a past one until its last refusal. */
static int64_t
length_of(const struct report *report, const struct report_episode *episode)
{
	int64_t end = episode->last_refusal_utc;

	if (episode->state == EPISODE_CONFIRMED ||
	    episode->state == EPISODE_SUSPECTED) {
		end = report->generated_utc != TIME_NONE &&
		    report->generated_utc < report->window.until_utc ?
		    report->generated_utc : report->window.until_utc;
	}
	if (end == TIME_NONE || episode->first_refusal_utc == TIME_NONE ||
	    end < episode->first_refusal_utc)
		return 0;
	return end - episode->first_refusal_utc;
}

/* "#ID name  source  reason token     STATE  length" */
static void
print_title(struct text_report *text, const struct report_episode *episode)
{
	struct strbuf *scratch = &text->scratch;
	bool ascii_only = !text->options->is_utf8;
	struct slice left, right;
	size_t column, pad;

	strbuf_add_char(scratch, '#');
	scrub_text(scratch, episode->id, ascii_only);
	strbuf_add_char(scratch, ' ');
	scrub_text(scratch, slice_is_none(episode->name) ?
	    episode->provider : episode->name, ascii_only);
	strbuf_add_str(scratch, "  ");
	scrub_text(scratch, view_source_name(episode->source,
	    episode->source_ip), ascii_only);
	strbuf_add_str(scratch, "  ");
	scrub_text(scratch, episode->reason, ascii_only);
	if (!slice_is_none(episode->token)) {
		strbuf_add_char(scratch, ' ');
		scrub_text(scratch, episode->token, ascii_only);
	}
	left = text_take(text);
	strbuf_addf(scratch, "%s  ", state_word(episode->state));
	format_span(scratch, length_of(text->report, episode));
	right = text_take(text);
	pad = format_width(right);
	strbuf_add_char(text->out, ' ');
	column = 1;
	text_wrap(text->out, left, INDENT, text->width, &column);
	if (column + 2 + pad > text->width) {
		strbuf_add_char(text->out, '\n');
		column = 0;
	}
	while (column + pad < text->width && column < 72) {
		strbuf_add_char(text->out, ' ');
		column++;
	}
	text_toned(text->out, right, episode_is_open(episode->state) ?
	    TONE_BAD : TONE_NONE, text->options->has_color);
	strbuf_add_char(text->out, '\n');
}

/* LABEL and a local time, one piece that is not broken. */
static void
add_time(struct text_report *text, size_t *column, const char *label,
    int64_t utc, const char *absent)
{
	const char *instead = utc != TIME_NONE ? "" : absent;
	struct slice piece;

	if (instead == NULL)
		return;
	strbuf_add_str(&text->scratch, label);
	strbuf_add_char(&text->scratch, ' ');
	if (utc != TIME_NONE)
		format_long_time(&text->scratch, text->report->zone, utc,
		    view_near(text->report));
	strbuf_add_str(&text->scratch, instead);
	piece = text_take(text);
	if (*column > INDENT && *column + 3 + piece.len > text->width) {
		strbuf_add_str(text->out, "\n     ");
		*column = INDENT;
	} else if (*column > INDENT) {
		strbuf_add_str(text->out, "   ");
		*column += 3;
	}
	strbuf_add_slice(text->out, piece);
	*column += piece.len;
}

static void
print_times(struct text_report *text, const struct report_episode *episode)
{
	size_t column = INDENT;

	strbuf_add_str(text->out, "     ");
	if (!episode->began_before_log)
		add_time(text, &column, "last accepted",
		    episode->last_accept_before_utc, "not seen");
	add_time(text, &column, episode->began_before_log ?
	    "first refused at or before" : "first refused",
	    episode->first_refusal_utc, NULL);
	add_time(text, &column, "last refused", episode->last_refusal_utc,
	    NULL);
	add_time(text, &column, "accepted again",
	    episode->first_accept_after_utc, NULL);
	strbuf_add_char(text->out, '\n');
}

static void
add_long_time(struct strbuf *out, const void *ctx, int64_t utc)
{
	const struct report *report = ctx;

	format_long_time(out, report->zone, utc, view_near(report));
}

static void
print_brackets(struct text_report *text, const struct report_episode *episode)
{
	const struct episode_clock clock = { add_long_time,
		text->report };

	if (episode_began_words(&text->scratch, episode, &clock)) {
		strbuf_add_str(text->out, "     ");
		text_paragraph(text, text_take(text), INDENT, INDENT);
	}
	if (episode_ended_words(&text->scratch, episode, &clock)) {
		strbuf_add_str(text->out, "     ");
		text_paragraph(text, text_take(text), INDENT, INDENT);
	}
}

static void
print_size(struct text_report *text, const struct report_episode *episode)
{
	format_count(&text->scratch, episode->attempts, "attempt, ",
	    "attempts, ");
	format_count(&text->scratch, episode->messages, "message, ",
	    "messages, ");
	format_count(&text->scratch, episode->recipients,
	    "recipient refused", "recipients refused");
	if (episode->flaps > 0) {
		strbuf_add_str(&text->scratch, "; came back ");
		format_count(&text->scratch, episode->flaps,
		    "time", "times");
	}
	if (episode->repeat > 1)
		strbuf_addf(&text->scratch, "; episode number %lld here",
		    (long long)episode->repeat);
	episode_extent_words(&text->scratch, episode);
	if (episode_is_open(episode->state))
		episode_others_words(&text->scratch, text->report, episode);
	strbuf_add_str(text->out, "     ");
	text_paragraph(text, text_take(text), INDENT, INDENT);
	episode_cost_words(&text->scratch, episode);
	if (text->scratch.len != 0) {
		strbuf_add_str(text->out, "     ");
		text_paragraph(text, text_take(text), INDENT, INDENT);
	}
	if (episode->reason_count < 2)
		return;
	strbuf_add_str(&text->scratch, "reasons: ");
	for (size_t i = 0; i < episode->reason_count; i++) {
		const struct report_episode_reason *one = &episode->reasons[i];

		strbuf_add_str(&text->scratch, i > 0 ? ", " : "");
		scrub_text(&text->scratch, one->reason, true);
		if (!slice_is_none(one->token)) {
			strbuf_add_char(&text->scratch, ' ');
			scrub_text(&text->scratch, one->token, true);
		}
		strbuf_addf(&text->scratch, " x%lld", (long long)one->attempts);
	}
	strbuf_add_str(text->out, "     ");
	text_paragraph(text, text_take(text), INDENT, INDENT);
}

/* The first episode of LIST before AT that has shown the same words. */
static const struct report_episode *
shown_before(const struct report_episode *const *list, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (slice_eq(list[i]->sample, list[at]->sample) &&
		    view_told_before(list, i) == NULL)
			return list[i];
	return NULL;
}

static void
print_words(struct text_report *text,
    const struct report_episode *const *list, size_t at)
{
	const struct report_episode *earlier = shown_before(list, at);

	if (slice_is_none(list[at]->sample))
		return;
	if (earlier == NULL) {
		text_reply(text, list[at]->sample, list[at]->token,
		    list[at]->source_ip, INDENT);
		return;
	}
	strbuf_add_str(text->out, "     the words of episode #");
	strbuf_add_slice(text->out, text_clean(text, earlier->id));
	strbuf_add_char(text->out, '\n');
}

static void
print_briefly(struct text_report *text, const struct report_episode *it,
    const struct report_episode *same)
{
	print_title(text, it);
	print_times(text, it);
	format_count(&text->scratch, it->attempts, "attempt, ", "attempts, ");
	format_count(&text->scratch, it->messages, "message", "messages");
	strbuf_add_str(&text->scratch, " refused; else as #");
	scrub_text(&text->scratch, same->id, true);
	strbuf_add_str(text->out, "     ");
	text_paragraph(text, text_take(text), INDENT, INDENT);
}

static void
add_whom(struct text_report *text, struct slice name)
{
	if (name.len == 0)
		return;
	strbuf_add_char(&text->scratch, ' ');
	scrub_text(&text->scratch, name, true);
}

static void
print_remark(struct text_report *text, const struct report_annotation *it,
    bool tells_of_whom)
{
	format_long_time(&text->scratch, text->report->zone, it->time_utc,
	    view_near(text->report));
	if (tells_of_whom) {
		add_whom(text, it->provider);
		add_whom(text, it->source_ip);
	}
	strbuf_add_char(&text->scratch, ' ');
	scrub_text(&text->scratch, it->kind, true);
	strbuf_add_str(&text->scratch, ": ");
	scrub_text(&text->scratch, it->text, !text->options->is_utf8);
	strbuf_add_str(text->out, "     ");
	text_paragraph(text, text_take(text), INDENT, INDENT);
}

static void
print_remarks(struct text_report *text, const struct report_episode *episode)
{
	const struct report *report = text->report;

	for (size_t i = 0; i < report->annotation_count; i++)
		if (report_annotation_concerns(&report->annotations[i],
		    episode))
			print_remark(text, &report->annotations[i], false);
}

static bool
concerns_any(const struct report *report, const struct report_annotation *it)
{
	for (size_t i = 0; i < report->episode_count; i++)
		if (report_annotation_concerns(it, &report->episodes[i]))
			return true;
	return false;
}

/* Those that stand beside no episode. */
static void
print_other_remarks(struct text_report *text)
{
	const struct report *report = text->report;
	bool has_heading = false;

	for (size_t i = 0; i < report->annotation_count; i++) {
		const struct report_annotation *it = &report->annotations[i];

		if (concerns_any(report, it))
			continue;
		if (!has_heading)
			text_heading(text, "REMARKS\n");
		has_heading = true;
		print_remark(text, it, true);
	}
}

static void
print_episode(struct text_report *text, const struct report_episode *episode)
{
	print_title(text, episode);
	print_times(text, episode);
	print_brackets(text, episode);
	print_size(text, episode);
	if (episode->state == EPISODE_SILENT) {
		strbuf_add_str(text->out, "     ");
		text_paragraph(text, SLICE("no mail was tried for 7 days: "
		    "whether it is over cannot be told; send a test message"),
		    INDENT, INDENT);
	}
	print_remarks(text, episode);
}

/* What no address alone has refusals enough to show. */
static void
print_scores(struct text_report *text)
{
	const struct report *report = text->report;
	size_t shown = 0;

	for (size_t i = 0; i < report->score_count; i++) {
		const struct report_score *it = &report->scores[i];

		if (it->is_explained || shown >= text->top)
			continue;
		if (shown++ == 0)
			text_heading(text, "REFUSED TOGETHER\n");
		strbuf_addf(&text->scratch, "#%.*s ", SLICE_ARG(it->id));
		scrub_text(&text->scratch, it->name, !text->options->is_utf8);
		strbuf_add_str(&text->scratch, ": ");
		score_over_words(&text->scratch, it);
		strbuf_add_str(&text->scratch, ", ");
		scrub_text(&text->scratch, it->reason, true);
		if (!slice_is_none(it->token)) {
			strbuf_add_char(&text->scratch, ' ');
			scrub_text(&text->scratch, it->token, true);
		}
		strbuf_addf(&text->scratch, "; %s; refused ",
		    episode_state_name(it->state));
		format_long_time(&text->scratch, report->zone,
		    it->first_refusal_utc, view_near(report));
		strbuf_add_str(&text->scratch, " .. ");
		format_long_time(&text->scratch, report->zone,
		    it->last_refusal_utc, view_near(report));
		strbuf_add_str(&text->scratch, "; ");
		format_count(&text->scratch, it->messages, "message, ",
		    "messages, ");
		format_count(&text->scratch, it->recipients, "recipient",
		    "recipients");
		strbuf_add_char(text->out, ' ');
		text_paragraph(text, text_take(text), 1, INDENT);
	}
}

static void
print_more(struct text_report *text, size_t count)
{
	if (count > 0)
		strbuf_addf(text->out, " and %zu more\n", count);
}

static void
print_past(struct text_report *text, const struct report_episode *const *list,
    size_t count)
{
	size_t shown = count < text->top ? count : text->top;

	if (count == 0)
		return;
	text_heading(text, "PAST EPISODES\n");
	for (size_t i = 0; i < shown; i++)
		print_episode(text, list[i]);
	print_more(text, count - shown);
}

/* The others of a block of several addresses, behind its largest: a few
 * briefly, of the rest the addresses. Returns how many they are. */
static size_t
print_others(struct text_report *text,
    const struct report_episode *const *list, size_t count, size_t head)
{
	size_t others = 0, brief = text->top / 4;

	for (size_t i = head + 1; i < count; i++) {
		if (view_told_before(list, i) != list[head])
			continue;
		if (others++ < brief) {
			print_briefly(text, list[i], list[head]);
			print_remarks(text, list[i]);
			continue;
		}
		strbuf_add_str(&text->scratch, others == brief + 1 ?
		    "and as #" : ", ");
		if (others == brief + 1) {
			scrub_text(&text->scratch, list[head]->id, true);
			strbuf_add_char(&text->scratch, ' ');
		}
		scrub_text(&text->scratch, view_source_name(list[i]->source,
		    list[i]->source_ip), !text->options->is_utf8);
	}
	if (others > brief) {
		strbuf_add_char(text->out, ' ');
		text_paragraph(text, text_take(text), 1, INDENT);
	}
	return others;
}

void
text_episodes(struct text_report *text)
{
	size_t count, open, shown = 0, told = 0;
	const struct report_episode **list = view_episodes(text->report,
	    &text->arena, &count, &open);

	if (open == 0)
		text_nothing(text, "open episodes");
	else
		text_heading(text, "OPEN EPISODES\n");
	for (size_t i = 0; i < open && shown < text->top; i++) {
		if (view_told_before(list, i) != NULL)
			continue;
		print_episode(text, list[i]);
		print_words(text, list, i);
		shown++;
		told += 1 + print_others(text, list, open, i);
	}
	print_more(text, open - told);
	print_scores(text);
	print_past(text, list + open, count - open);
	print_other_remarks(text);
}
