/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/status_push.h"

#include "base/say.h"
#include "base/zone.h"

enum { DAY_S = 86400, DATE_MAX = 40 };

static struct slice
date_of(int64_t day, char text[DATE_MAX])
{
	struct civil civil = civil_from_seconds(day * DAY_S);
	int len = snprintf(text, DATE_MAX, "%04d-%02u-%02u", (int)civil.year,
	    (unsigned)civil.month, (unsigned)civil.day);

	return slice_of(text, (size_t)len);
}

static struct slice
time_of(int64_t utc, char text[DATE_MAX])
{
	struct civil civil = civil_from_seconds(utc);
	int len = snprintf(text, DATE_MAX, "%04d-%02u-%02uT%02u:%02u:%02uZ",
	    (int)civil.year, (unsigned)civil.month, (unsigned)civil.day,
	    (unsigned)civil.hour, (unsigned)civil.minute,
	    (unsigned)civil.second);

	return slice_of(text, (size_t)len);
}

static void
add_place(struct strbuf *out, const struct push_waiting *waiting, char *text)
{
	strbuf_add_str(out, "to ");
	scrub_text(out, slice_str(waiting->place), true);
	strbuf_addf(out, ", last %.*s\n        ",
	    SLICE_ARG(time_of(waiting->whole_utc, text)));
}

void
status_push_text(const struct push_waiting *waiting, struct strbuf *out)
{
	char text[DATE_MAX];

	if (!waiting->is_set_up)
		return;
	strbuf_add_str(out, "\nPUSH    ");
	if (waiting->whole_utc != INT64_MIN)
		add_place(out, waiting, text);
	if (waiting->segments == 0)
		strbuf_add_str(out, "nothing waits\n");
	else
		strbuf_addf(out, "%lld day%s wait%s", (long long)
		    waiting->segments, waiting->segments == 1 ? "" : "s",
		    waiting->segments == 1 ? "s" : "");
	if (waiting->last_day != 0)
		strbuf_addf(out, ", from %.*s", SLICE_ARG(date_of(
		    waiting->first_day, text)));
	if (waiting->last_day != 0)
		strbuf_addf(out, " to %.*s", SLICE_ARG(date_of(
		    waiting->last_day, text)));
	if (waiting->segments != 0)
		strbuf_add_char(out, '\n');
}

void
status_push_json(const struct push_waiting *waiting,
    struct json_writer *json)
{
	char text[DATE_MAX];

	if (!waiting->is_set_up)
		return;
	json_key(json, "push");
	json_open_object(json);
	if (waiting->whole_utc != INT64_MIN) {
		json_member_text(json, "to", slice_str(waiting->place));
		json_member_time(json, "last", waiting->whole_utc);
	}
	json_member_int(json, "waiting_days", waiting->segments);
	if (waiting->last_day != 0) {
		json_member_text(json, "waiting_from",
		    date_of(waiting->first_day, text));
		json_member_text(json, "waiting_to",
		    date_of(waiting->last_day, text));
	}
	json_close_object(json);
}
