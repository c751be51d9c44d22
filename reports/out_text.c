/* SPDX-License-Identifier: BSD-2-Clause */
/* The report as text for a terminal and for cron's mail: 80 columns, ASCII
 * unless told otherwise, verdict first. This file holds the order of the
 * sections, the head and the totals. */
#include "reports/out_text.h"

#include "base/say.h"
#include "reports/format_value.h"
#include "reports/outputs.h"

enum { MIN_WIDTH = 40, MAX_WIDTH = 200, DEFAULT_TOP = 15, LABEL_COLUMNS = 9,
	EXCERPT_BYTES = 600, SCRATCH_BYTES = 1024 * 1024,
	/* More lines than a screen holds: the verdict has scrolled away. */
	SCREEN_LINES = 40 };

struct slice
text_take(struct text_report *text)
{
	struct slice taken = arena_slice(&text->arena,
	    strbuf_slice(&text->scratch));

	strbuf_reset(&text->scratch);
	return taken;
}

struct slice
text_clean(struct text_report *text, struct slice raw)
{
	scrub_text(&text->scratch, raw, !text->options->is_utf8);
	return text_take(text);
}

struct slice
text_number(struct text_report *text, int64_t value)
{
	format_int(&text->scratch, value);
	return text_take(text);
}

void
text_heading(struct text_report *text, const char *heading)
{
	strbuf_add_char(text->out, '\n');
	text_toned(text->out, slice_str(heading), TONE_HEAD,
	    text->options->has_color);
}

void
text_paragraph(struct text_report *text, struct slice clean, size_t column,
    size_t indent)
{
	text_wrap(text->out, clean, indent, text->width, &column);
	strbuf_add_char(text->out, '\n');
	out_buffer_offer(&text->buffer);
}

void
text_nothing(struct text_report *text, const char *what)
{
	if (text->nothing_count < TEXT_NOTHING_MAX)
		text->nothing[text->nothing_count++] = what;
}

struct slice
text_reason(struct text_report *text, struct slice reason,
    struct slice token)
{
	scrub_text(&text->scratch, reason, !text->options->is_utf8);
	if (!slice_is_none(token)) {
		strbuf_add_char(&text->scratch, ' ');
		scrub_text(&text->scratch, token, !text->options->is_utf8);
	}
	return text_take(text);
}

void
text_reply(struct text_report *text, struct slice reply, struct slice token,
    struct slice address, size_t indent)
{
	struct slice part;

	format_excerpt(&text->scratch, reply, EXCERPT_BYTES, token, address);
	part = text_take(text);
	for (size_t i = 0; i < indent; i++)
		strbuf_add_char(text->out, ' ');
	text_paragraph(text, text_clean(text, part), indent, indent);
}

/* "mxtrend  HOST  WINDOW  vs. WINDOW": pieces that stay whole. */
static void
print_head(struct text_report *text)
{
	const struct report *report = text->report;
	const struct report_window *window = &report->window;
	struct slice pieces[4];
	size_t count = 0, column = 0;

	pieces[count++] = SLICE("mxtrend");
	if (!slice_is_none(report->host))
		pieces[count++] = text_clean(text, report->host);
	format_window(&text->scratch, report->zone, window->since_utc,
	    window->until_utc);
	if (format_is_midnight(report->zone, window->since_utc) &&
	    format_is_midnight(report->zone, window->until_utc))
		strbuf_addf(&text->scratch, " (%zu d, ", window->day_count);
	else
		strbuf_add_str(&text->scratch, " (");
	if (window->timezone.len > 0 &&
	    !ascii_is_alpha(window->timezone.ptr[0]))
		strbuf_add_str(&text->scratch, "UTC"); /* of an offset */
	scrub_text(&text->scratch, window->timezone, true);
	strbuf_add_char(&text->scratch, ')');
	pieces[count++] = text_take(text);
	if (report->has_compare) {
		strbuf_add_str(&text->scratch, "vs. ");
		format_window(&text->scratch, report->zone,
		    report->compare.since_utc, report->compare.until_utc);
		pieces[count++] = text_take(text);
	}
	for (size_t i = 0; i < count; i++) {
		size_t width = format_width(pieces[i]);

		if (i > 0 && column + 2 + width > text->width) {
			strbuf_add_char(text->out, '\n');
			column = 0;
		}
		if (i > 0) {
			strbuf_add_str(text->out, column > 0 ? "  " :
			    "         ");
			column += column > 0 ? 2 : LABEL_COLUMNS;
		}
		text_toned(text->out, pieces[i],
		    i == 0 ? TONE_HEAD : TONE_NONE, text->options->has_color);
		column += width;
	}
	strbuf_add_char(text->out, '\n');
}

/* Red when something is open, so that colour repeats what the words say. */
static void
print_verdict(struct text_report *text)
{
	enum tone tone = TONE_GOOD;

	for (size_t i = 0; i < text->report->episode_count; i++)
		if (episode_is_open(text->report->episodes[i].state))
			tone = TONE_BAD;
	if (text->report->totals.deliveries == 0)
		tone = TONE_HEAD;
	text_toned(text->out, SLICE("VERDICT"), tone,
	    text->options->has_color);
	strbuf_add_str(text->out, "  ");
	text_paragraph(text, text_clean(text, text->report->verdict),
	    LABEL_COLUMNS, LABEL_COLUMNS);
}

static void
add_share(struct text_report *text, int64_t part, int64_t whole,
    const char *what, const char *after)
{
	strbuf_addf(&text->scratch, "%lld %s", (long long)part, what);
	if (whole >= FORMAT_FEW && part > 0) {
		strbuf_add_str(&text->scratch, " (");
		format_percent(&text->scratch, part, whole);
		strbuf_add_char(&text->scratch, ')');
	}
	strbuf_add_str(&text->scratch, after);
}

static void
print_counts(struct text_report *text, const struct report_counts *n,
    const char *label)
{
	int64_t all = n->deliveries;

	format_count(&text->scratch, all, "delivery, ", "deliveries, ");
	format_count(&text->scratch, n->messages, "message: ", "messages: ");
	add_share(text, n->accepted, all, "accepted", ", ");
	add_share(text, n->bounced, all, "bounced", ", ");
	add_share(text, n->expired, all, "expired", ", ");
	add_share(text, n->open, all, "open", "; ");
	add_share(text, n->deferred, all, "deferred", ", ");
	add_share(text, n->blocked, all, "blocked", "");
	text_toned(text->out, slice_str(label), TONE_HEAD,
	    text->options->has_color);
	text_paragraph(text, text_take(text), LABEL_COLUMNS, LABEL_COLUMNS);
}

static void
print_totals(struct text_report *text)
{
	const struct report *report = text->report;

	if (report->totals.deliveries == 0 && !report->has_compare) {
		text_nothing(text, "deliveries");
		return;
	}
	print_counts(text, &report->totals, "TOTALS   ");
	if (report->has_compare)
		print_counts(text, &report->compare_totals, "BEFORE   ");
}

/* The identity that anyone can check, and what no table counts. */
static void
print_check(struct text_report *text)
{
	const struct report_counts *n = &text->report->totals;
	int64_t sum = n->accepted + n->bounced + n->expired + n->open;

	if (n->deliveries > 0) {
		text_heading(text, "CHECK    ");
		format_count(&text->scratch, n->deliveries, "delivery",
		    "deliveries");
		strbuf_addf(&text->scratch, " = %lld accepted + %lld bounced "
		    "+ %lld expired + %lld open: %s", (long long)n->accepted,
		    (long long)n->bounced, (long long)n->expired,
		    (long long)n->open,
		    sum == n->deliveries ? "holds" : "DOES NOT HOLD");
		text_paragraph(text, text_take(text), LABEL_COLUMNS,
		    LABEL_COLUMNS);
	}
	if (text->report->local.deliveries == 0 &&
	    text->report->internal.deliveries == 0 &&
	    text->report->suspended == 0)
		return;
	strbuf_add_str(text->out, "         ");
	strbuf_addf(&text->scratch, "not counted above: %lld local, ",
	    (long long)text->report->local.deliveries);
	format_count(&text->scratch, text->report->internal.deliveries,
	    "internal delivery, ", "internal deliveries, ");
	format_count(&text->scratch, text->report->suspended,
	    "repeated line", "repeated lines");
	text_paragraph(text, text_take(text), LABEL_COLUMNS, LABEL_COLUMNS);
}

static void
print_nothing(struct text_report *text)
{
	if (text->nothing_count == 0)
		return;
	strbuf_add_str(&text->scratch, "nothing in: ");
	for (size_t i = 0; i < text->nothing_count; i++)
		strbuf_addf(&text->scratch, "%s%s", i > 0 ? ", " : "",
		    text->nothing[i]);
	strbuf_add_char(text->out, '\n');
	text_paragraph(text, text_take(text), 0, 0);
}

static bool
is_longer_than_screen(const struct strbuf *out)
{
	size_t lines = 0;

	for (size_t i = 0; i < out->len; i++)
		if (out->ptr[i] == '\n')
			lines++;
	return lines > SCREEN_LINES;
}

static enum mx_code
render_text(const struct report *report, const struct output_options *options,
    FILE *out, struct mx_err *err)
{
	struct text_report text = { .report = report, .options = options };

	text.width = options->width < MIN_WIDTH ? MIN_WIDTH :
	    options->width > MAX_WIDTH ? MAX_WIDTH : options->width;
	text.top = options->top != 0 ? options->top : DEFAULT_TOP;
	out_buffer_init(&text.buffer, out);
	text.out = &text.buffer.text;
	arena_init(&text.arena);
	strbuf_init(&text.scratch, SCRATCH_BYTES);
	print_head(&text);
	print_verdict(&text);
	print_totals(&text);
	text_episodes(&text);
	text_rows(&text);
	text_reasons(&text);
	text_replies(&text);
	text_others(&text);
	text_coverage(&text);
	print_check(&text);
	print_nothing(&text);
	if (is_longer_than_screen(text.out)) {
		strbuf_add_char(text.out, '\n');
		print_verdict(&text);
	}
	strbuf_release(&text.scratch);
	arena_release(&text.arena);
	return out_buffer_finish(&text.buffer, "the text report", err);
}

const struct report_output output_text = {
	.name = "text",
	.extension = "txt",
	.title = "for the terminal and for mail",
	.is_binary = false,
	.render = render_text,
};
