/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/input_head.h"

#include "base/limits.h"
#include "base/strbuf.h"
#include "parsers/container_head.h"

enum { DAY_S = 86400, QUARTER_S = 900 };

/* Lines of the head, one by one; the last may be torn. */
static bool
take_line(struct slice *head, struct slice *line_r)
{
	const char *newline;

	while (head->len != 0 && head->ptr[0] == '\0')
		*head = slice_skip(*head, 1);
	if (head->len == 0)
		return false;
	newline = slice_chr(*head, '\n');
	*line_r = newline != NULL ? slice_between(head->ptr, newline) : *head;
	*head = slice_skip(*head, line_r->len + 1);
	if (line_r->len != 0 && line_r->ptr[line_r->len - 1] == '\r')
		line_r->len--;
	return true;
}

static bool
is_blank(struct slice head)
{
	for (size_t i = 0; i < head.len; i++)
		if (head.ptr[i] != '\0' && !ascii_is_space(head.ptr[i]))
			return false;
	return true;
}

/* 1..90 by the share of lines with a syslog head; 0 when there is none. */
static unsigned
syslog_score(struct slice head, const struct stamp_clock *clock)
{
	struct head_reader reader;
	struct syslog_head parsed;
	struct slice line;
	unsigned good = 0, all = 0;

	head_reader_init(&reader, clock);
	while (take_line(&head, &line)) {
		enum head_result result = syslog_head_read(&reader, line,
		    &parsed);

		all += result != HEAD_MARK;
		good += result == HEAD_OK || result == HEAD_AGAIN;
	}
	return good == 0 ? 0 : 1 + 89 * good / all;
}

static void
best_of(const struct log_format *const *list, struct slice head,
    unsigned *best, const struct log_format **format_r)
{
	for (size_t i = 0; list != NULL && list[i] != NULL; i++) {
		unsigned score = log_format_probe(list[i], head);

		if (score > *best) {
			*best = score;
			*format_r = list[i];
		}
	}
}

const struct log_format *
input_head_probe(const struct log_input *input, struct slice head,
    unsigned *best)
{
	const struct log_format *found = NULL;

	best_of(input->own_formats, head, best, &found);
	best_of(log_formats, head, best, &found);
	return found;
}

/* HEAD as the program in a container wrote it; false: it stands in none. */
static bool
contained_head(struct slice head, struct strbuf *inner)
{
	struct slice line;

	while (take_line(&head, &line)) {
		if (!container_strip(&line) && inner->len == 0)
			return false;
		strbuf_add_slice(inner, line);
		strbuf_add_char(inner, '\n');
	}
	return inner->len != 0;
}

/* Which format's own lines HEAD has, if any. INNER: without what a container
 * run time wrote in front; absent where there is nothing. */
static void
find_own(struct slice head, struct slice inner, const struct log_input *input,
    const struct log_format *forced, unsigned best, struct input_head *found)
{
	const struct log_format *in_container;
	unsigned plain;

	if (forced == NULL) {
		found->own = input_head_probe(input, head, &best);
		in_container = inner.len == 0 ? NULL :
		    input_head_probe(input, inner, &best);
		found->is_known = best != 0;
		found->is_contained = in_container != NULL;
		if (in_container != NULL)
			found->own = in_container;
		return;
	}
	found->is_known = true;
	if (!log_format_has_lines(forced))
		return;
	plain = log_format_probe(forced, head);
	found->is_contained = inner.len != 0 &&
	    log_format_probe(forced, inner) > plain;
	/* What has both kinds of lines is told by what is there. */
	if (!log_format_has_programs(forced) || plain > best || found->is_contained)
		found->own = forced;
}

/* A moment inside the words of PROGRAM, as the formats that may want it
 * understand them. */
static bool
moment_in(struct slice program, struct slice text, int64_t *utc_r,
    bool *is_birth_r)
{
	for (size_t i = 0; log_formats[i] != NULL; i++) {
		const struct log_format *format = log_formats[i];

		if (format->moment != NULL && format->role(program) != 0 &&
		    format->moment(text, utc_r, is_birth_r))
			return true;
	}
	return false;
}

/* The difference that only a wrong zone explains. */
static int64_t
zone_error(int64_t stamp_utc, int64_t true_utc)
{
	int64_t error = stamp_utc - true_utc;
	int64_t rounded = (error + (error < 0 ? -QUARTER_S / 2 :
	    QUARTER_S / 2)) / QUARTER_S * QUARTER_S;

	if (rounded == 0 || rounded > 26 * 3600 || rounded < -26 * 3600 ||
	    error - rounded > 30 || rounded - error > 30)
		return 0;
	return rounded;
}

/* UTC of the yearless LINE in the year closest to MOMENT. */
static int64_t
stamp_near(const struct stamp_clock *clock, struct slice line,
    int64_t moment)
{
	struct head_reader reader;
	struct syslog_head parsed;

	head_reader_init(&reader, clock);
	reader.clock.anchor.near_utc = moment;
	if (syslog_head_read(&reader, line, &parsed) != HEAD_OK)
		return INT64_MIN;
	return parsed.at.utc;
}

/* A message waits days, weeks on hold; a stamp far off says that this was no
 * queue id. */
static bool
is_near(int64_t stamp_utc, int64_t moment)
{
	return stamp_utc >= moment - 27 * 3600 &&
	    stamp_utc <= moment + 60 * DAY_S;
}

/* What LINE says; true when nothing better can follow. */
static bool
anchor_in_line(struct slice line, const struct stamp_clock *clock,
    struct input_head *found)
{
	struct head_reader reader;
	struct syslog_head parsed;
	int64_t moment, stamp_utc;
	bool is_birth;

	head_reader_init(&reader, clock);
	if (syslog_head_read(&reader, line, &parsed) != HEAD_OK)
		return false;
	if (!reader.clock.saw_yearless) {
		if (found->anchor.from < ANCHOR_STAMP &&
		    parsed.at.utc <= clock->now_utc + 2 * DAY_S) {
			found->anchor.from = ANCHOR_STAMP;
			found->anchor.near_utc = parsed.at.utc;
		}
		return false;
	}
	if (!moment_in(parsed.tag, parsed.text, &moment, &is_birth) ||
	    moment > clock->now_utc + 2 * DAY_S)
		return false;
	stamp_utc = stamp_near(clock, line, moment);
	if (!is_near(stamp_utc, moment))
		return false;
	if (found->anchor.from < ANCHOR_QUEUE_ID) {
		found->anchor.from = ANCHOR_QUEUE_ID;
		found->anchor.near_utc = moment;
	}
	if (is_birth)
		found->zone_error_s = zone_error(stamp_utc, moment);
	return is_birth;
}

/* Each line on its own, since what it says of the year must not depend on
 * the line before. */
static void
find_anchor(struct slice head, const struct stamp_clock *clock,
    struct input_head *found)
{
	struct slice line;

	while (take_line(&head, &line))
		if (anchor_in_line(line, clock, found))
			break;
	if (found->anchor.near_utc != INT64_MIN &&
	    found->anchor.not_after_utc < found->anchor.near_utc)
		found->anchor.not_after_utc = clock->now_utc + DAY_S;
}

static int64_t
first_time(struct slice head, const struct log_format *own,
    const struct stamp_clock *clock)
{
	struct stamp_clock copy = *clock;
	struct slice line;
	struct stamp at;

	if (own != NULL && own->own_first_utc != NULL)
		return own->own_first_utc(own, head, &copy);
	if (own != NULL && own->first_utc != NULL)
		return own->first_utc(head, &copy);
	while (take_line(&head, &line)) {
		struct head_reader reader;
		struct syslog_head parsed;

		if (own != NULL) {
			if (stamp_read(&copy, &line, &at) == STAMP_OK)
				return at.utc;
			continue;
		}
		head_reader_init(&reader, clock);
		if (syslog_head_read(&reader, line, &parsed) == HEAD_OK)
			return parsed.at.utc;
	}
	return INT64_MIN;
}

void
input_head_read(struct slice head, const struct log_input *input,
    const struct log_format *forced, struct input_head *head_r)
{
	struct input_head found = {
		.anchor = year_anchor_of_file(input->path, input->mtime_utc,
		    input->now_utc),
		.is_blank = is_blank(head),
	};
	struct slice inner = SLICE_NONE;
	struct stamp_clock clock;
	struct strbuf text;

	strbuf_init(&text, LIMIT_PROBE_BYTES);
	if (contained_head(head, &text))
		inner = strbuf_slice(&text);
	stamp_clock_init(&clock, input->zone, found.anchor, input->now_utc);
	find_own(head, inner, input, forced, syslog_score(head, &clock),
	    &found);
	if (found.own == NULL)
		find_anchor(head, &clock, &found);
	clock.anchor = found.anchor;
	found.first_utc = first_time(found.is_contained ? inner : head,
	    found.own, &clock);
	strbuf_release(&text);
	*head_r = found;
}
