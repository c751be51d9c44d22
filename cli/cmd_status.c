/* SPDX-License-Identifier: BSD-2-Clause */
/* mxtrend status: what was read, what it covers, what was not understood. */
#include <sys/stat.h>

#include "analyzer/store_reports.h"
#include "base/atomic_file.h"
#include "base/json_writer.h"
#include "base/say.h"
#include "base/strbuf.h"
#include "base/zone.h"
#include "cli/commands.h"
#include "cli/engine.h"
#include "cli/limits_text.h"
#include "cli/reporting.h"
#include "cli/status_push.h"

enum { STATUS_MAX = 64 * 1024 * 1024 };

struct status {
	const struct settings *settings;
	const struct query *query;
	const char *path;
	int64_t size_bytes; /* -1: not known, of a fleet */
	int64_t open_messages;
	struct report_sums reports;
	struct push_waiting push;
	struct strbuf out;
};

static int64_t
file_size(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
}

static void
local_time(const struct status *status, int64_t utc, char text[17])
{
	const struct zone *zone = status->settings->zone;
	struct civil at;

	if (utc == INT64_MIN) {
		(void)snprintf(text, 17, "%-16s", "-");
		return;
	}
	at = civil_from_seconds(utc + zone_offset(zone, utc, NULL));
	(void)snprintf(text, 17, "%04u-%02u-%02u %02u:%02u",
	    (unsigned)at.year % 10000u, at.month % 100u, at.day % 100u,
	    at.hour % 100u, at.minute % 100u);
}

static void
text_inputs(struct status *status)
{
	size_t count;
	const struct query_input *inputs =
	    query_inputs(status->query, &count);

	strbuf_addf(&status->out, "\nINPUTS  %zu\n", count);
	for (size_t i = 0; i < count; i++) {
		char first[17], last[17];

		local_time(status, inputs[i].first_utc, first);
		local_time(status, inputs[i].last_utc, last);
		strbuf_addf(&status->out, " %s .. %s %9lld lines  ", first,
		    last, (long long)inputs[i].lines);
		scrub_text(&status->out, inputs[i].path,
		    !status->settings->is_utf8);
		strbuf_add_char(&status->out, '\n');
	}
}

/* Days that no line of any log stands in, as ranges. */
static void
text_gaps(struct status *status, const struct query_day *days, size_t count)
{
	size_t gaps = 0;

	for (size_t i = 0; i < count; i++) {
		size_t end = i;
		char first[17], last[17];

		if (days[i].is_covered)
			continue;
		while (end + 1 < count && !days[end + 1].is_covered)
			end++;
		local_time(status, days[i].begin_utc, first);
		local_time(status, days[end].begin_utc, last);
		strbuf_addf(&status->out, "%s %.10s", gaps++ == 0 ?
		    "\nNO LOG " : ",", first);
		if (end != i)
			strbuf_addf(&status->out, " .. %.10s", last);
		i = end;
	}
	if (gaps != 0)
		strbuf_add_char(&status->out, '\n');
}

static bool
is_clean(const struct query_coverage *row)
{
	return row->is_full && row->skipped == 0 && row->losses == 0;
}

/* The row of the same host on the next day, when nothing is to be said of
 * it; COUNT when there is none. Rows are sorted by day. */
static size_t
next_clean(const struct query_coverage *rows, size_t count, size_t at)
{
	for (size_t i = at + 1; i < count && rows[i].day <= rows[at].day + 1;
	    i++)
		if (rows[i].day == rows[at].day + 1 &&
		    slice_eq(rows[i].host, rows[at].host))
			return is_clean(&rows[i]) ? i : count;
	return count;
}

/* Whole days of a host, RUN of them from AT on, in one line. */
static void
text_run(struct status *status, const struct query_coverage *rows,
    size_t count, size_t at, size_t run, bool *is_told)
{
	size_t day_count;
	const struct query_day *days = query_days(status->query, &day_count);
	long long lines = 0;
	size_t last = at;
	char begin[17], end[17];

	for (size_t i = at; run-- > 0; i = next_clean(rows, count, i)) {
		lines += (long long)rows[i].lines;
		is_told[i] = true;
		last = i;
	}
	local_time(status, days[rows[at].day].begin_utc, begin);
	local_time(status, days[rows[last].day].begin_utc, end);
	strbuf_addf(&status->out, " %.10s .. %.10s%9lld %9d  %-8s ", begin,
	    end, lines, 0, "full");
	scrub_text(&status->out, rows[at].host, !status->settings->is_utf8);
	strbuf_add_char(&status->out, '\n');
}

static void
text_day(struct status *status, const struct query_coverage *row)
{
	size_t day_count;
	const struct query_day *days = query_days(status->query, &day_count);
	char day[17], first[17], last[17];

	local_time(status, days[row->day].begin_utc, day);
	local_time(status, row->first_utc, first);
	local_time(status, row->last_utc, last);
	strbuf_addf(&status->out, " %.10s %.5s  %.5s %10lld %9lld  %-8s ",
	    day, first + 11, last + 11, (long long)row->lines,
	    (long long)row->skipped, row->is_full ? "full" : "partial");
	scrub_text(&status->out, row->host, !status->settings->is_utf8);
	if (row->losses != 0)
		strbuf_addf(&status->out, "  (the syslog daemon says that it "
		    "lost lines, %lld times)", (long long)row->losses);
	strbuf_add_char(&status->out, '\n');
}

/* What a wrong clock may have written. */
static void
text_left_out(struct status *status)
{
	size_t count;
	const struct query_left_out *rows =
	    query_left_out(status->query, &count);

	for (size_t i = 0; i < count; i++) {
		char first[17], last[17];

		local_time(status, rows[i].first_utc, first);
		local_time(status, rows[i].last_utc, last);
		strbuf_addf(&status->out, "%s%s .. %s  %lld line%s\n",
		    i == 0 ? "\nFAR AWAY from all other log, outside of "
		    "reports without --since or --until\n " : " ", first,
		    last, (long long)rows[i].lines,
		    rows[i].lines == 1 ? "" : "s");
	}
}

/* Days of which there is nothing to say are joined, but with -v. */
static void
text_coverage(struct status *status)
{
	enum { RUN_LEAST = 3 };
	size_t count, day_count;
	const struct query_coverage *rows =
	    query_coverage(status->query, &count);
	const struct query_day *days = query_days(status->query, &day_count);
	bool *is_told = mx_calloc(count + 1, sizeof(*is_told));

	strbuf_add_str(&status->out, "\nCOVERAGE    first  last       lines"
	    "   skipped  state    host\n");
	for (size_t i = 0; i < count; i++) {
		size_t run = is_clean(&rows[i]) ? 1 : 0;

		if (is_told[i])
			continue;
		for (size_t n = i; run != 0 &&
		    (n = next_clean(rows, count, n)) < count;)
			run++;
		if (run >= RUN_LEAST && status->settings->verbose == 0)
			text_run(status, rows, count, i, run, is_told);
		else
			text_day(status, &rows[i]);
	}
	free(is_told);
	text_gaps(status, days, day_count);
}

static void
text_skips(struct status *status)
{
	size_t count;
	const struct query_skip *skips = query_skips(status->query, &count);

	if (count != 0)
		strbuf_add_str(&status->out, "\nSKIPPED\n");
	for (size_t i = 0; i < count; i++) {
		strbuf_addf(&status->out, " %10lld lines  ",
		    (long long)skips[i].lines);
		scrub_text(&status->out, skips[i].reason,
		    !status->settings->is_utf8);
		strbuf_add_char(&status->out, '\n');
	}
}

static const char *
plural(int64_t count)
{
	return count == 1 ? "" : "s";
}

/* The reports of others, and remarks. */
static void
text_reports(struct status *status)
{
	const struct report_sums *sums = &status->reports;

	if (sums->inputs != 0 || sums->refused != 0)
		strbuf_addf(&status->out, "\nREPORTS  %lld input%s: %lld "
		    "DMARC, %lld TLS, %lld complaint%s, %lld SNDS row%s,\n"
		    "         %lld bounce%s; %lld refused\n",
		    (long long)sums->inputs, plural(sums->inputs),
		    (long long)sums->dmarc, (long long)sums->tls,
		    (long long)sums->complaints, plural(sums->complaints),
		    (long long)sums->snds, plural(sums->snds),
		    (long long)sums->bounces, plural(sums->bounces),
		    (long long)sums->refused);
	if (sums->annotations != 0)
		strbuf_addf(&status->out, "\nREMARKS  %lld\n",
		    (long long)sums->annotations);
}

static void
json_reports(const struct status *status, struct json_writer *json)
{
	const struct report_sums *sums = &status->reports;

	json_key(json, "reports");
	json_open_object(json);
	json_member_int(json, "inputs", sums->inputs);
	json_member_int(json, "dmarc", sums->dmarc);
	json_member_int(json, "tls", sums->tls);
	json_member_int(json, "complaints", sums->complaints);
	json_member_int(json, "snds", sums->snds);
	json_member_int(json, "bounces", sums->bounces);
	json_member_int(json, "refused", sums->refused);
	json_close_object(json);
	json_member_int(json, "annotations", sums->annotations);
}

static void
text_status(struct status *status)
{
	strbuf_add_str(&status->out, "STORE   ");
	scrub_text(&status->out, slice_str(status->path),
	    !status->settings->is_utf8);
	strbuf_add_str(&status->out, "  ");
	if (status->size_bytes >= 0)
		strbuf_addf(&status->out, "%.1f MB, ",
		    (double)status->size_bytes / 1e6);
	strbuf_addf(&status->out, "%lld message%s not finished\n",
	    (long long)status->open_messages,
	    status->open_messages == 1 ? "" : "s");
	text_inputs(status);
	text_coverage(status);
	text_left_out(status);
	text_skips(status);
	text_reports(status);
	status_push_text(&status->push, &status->out);
}

static void
json_inputs(struct status *status, struct json_writer *json)
{
	size_t count;
	const struct query_input *inputs =
	    query_inputs(status->query, &count);

	json_key(json, "inputs");
	json_open_array(json);
	for (size_t i = 0; i < count; i++) {
		json_open_object(json);
		json_member_text(json, "file", inputs[i].path);
		json_member_text(json, "format", inputs[i].format);
		json_member_text(json, "fingerprint",
		    slice_str(inputs[i].fingerprint));
		json_member_int(json, "lines", inputs[i].lines);
		json_member_int(json, "bytes", inputs[i].bytes);
		json_member_time(json, "first", inputs[i].first_utc);
		json_member_time(json, "last", inputs[i].last_utc);
		json_close_object(json);
	}
	json_close_array(json);
}

static void
json_coverage(struct status *status, struct json_writer *json)
{
	size_t count, day_count;
	const struct query_coverage *rows =
	    query_coverage(status->query, &count);
	const struct query_day *days = query_days(status->query, &day_count);

	json_key(json, "coverage");
	json_open_array(json);
	for (size_t i = 0; i < count; i++) {
		char day[17];

		local_time(status, days[rows[i].day].begin_utc, day);
		json_open_object(json);
		json_member_text(json, "day", slice_of(day, 10));
		json_member_text(json, "host", rows[i].host);
		json_member_time(json, "first", rows[i].first_utc);
		json_member_time(json, "last", rows[i].last_utc);
		json_member_int(json, "lines", rows[i].lines);
		json_member_int(json, "understood",
		    rows[i].lines - rows[i].skipped);
		json_member_int(json, "skipped", rows[i].skipped);
		json_member_int(json, "loss_markers", rows[i].losses);
		json_member_text(json, "state", rows[i].is_full ?
		    SLICE("full") : SLICE("partial"));
		json_close_object(json);
	}
	json_close_array(json);
	json_key(json, "no_log");
	json_open_array(json);
	for (size_t i = 0; i < day_count; i++) {
		char day[17];

		if (days[i].is_covered)
			continue;
		local_time(status, days[i].begin_utc, day);
		json_text(json, slice_of(day, 10));
	}
	json_close_array(json);
}

static void
json_left_out(struct status *status, struct json_writer *json)
{
	size_t count;
	const struct query_left_out *rows =
	    query_left_out(status->query, &count);

	json_key(json, "left_out");
	json_open_array(json);
	for (size_t i = 0; i < count; i++) {
		json_open_object(json);
		json_member_time(json, "first", rows[i].first_utc);
		json_member_time(json, "last", rows[i].last_utc);
		json_member_int(json, "lines", rows[i].lines);
		json_close_object(json);
	}
	json_close_array(json);
}

static void
json_skips(struct status *status, struct json_writer *json)
{
	size_t count;
	const struct query_skip *skips = query_skips(status->query, &count);

	json_key(json, "skipped");
	json_open_array(json);
	for (size_t i = 0; i < count; i++) {
		json_open_object(json);
		json_member_text(json, "reason", skips[i].reason);
		json_member_int(json, "lines", skips[i].lines);
		json_close_object(json);
	}
	json_close_array(json);
}

static void
json_status(struct status *status)
{
	struct json_writer json;

	json_init(&json, &status->out, true);
	json_open_object(&json);
	json_member_int(&json, "schema", 1);
	json_key(&json, "store");
	json_open_object(&json);
	json_member_text(&json, "path", slice_str(status->path));
	if (status->size_bytes >= 0)
		json_member_int(&json, "size_bytes", status->size_bytes);
	json_member_int(&json, "open_messages", status->open_messages);
	json_close_object(&json);
	json_inputs(status, &json);
	json_coverage(status, &json);
	json_left_out(status, &json);
	json_skips(status, &json);
	json_reports(status, &json);
	status_push_json(&status->push, &json);
	json_close_object(&json);
	strbuf_add_char(&status->out, '\n');
}

static enum mx_code
print_status(const struct settings *settings, const struct engine *engine,
    const struct query *query, struct mx_err *err)
{
	struct status status = { .settings = settings, .query = query,
		.path = engine_store_name(engine, settings),
		.size_bytes = engine->fleet != NULL ? -1 :
		    file_size(store_path(engine->store)),
		.open_messages = store_open_messages(engine->store) };
	enum mx_code code = store_report_sums(engine->store, &status.reports,
	    err);

	if (code == MX_OK)
		code = store_push_waiting(engine->store, &status.push, err);
	if (code != MX_OK)
		return code;
	strbuf_init(&status.out, STATUS_MAX);
	if (settings->format != NULL && strcmp(settings->format, "json") == 0)
		json_status(&status);
	else
		text_status(&status);
	(void)fwrite(status.out.ptr, 1, status.out.len, stdout);
	code = stream_check(stdout, "standard output", err);
	strbuf_release(&status.out);
	return code;
}

static enum mx_code
run_with(const struct settings *settings, struct engine *engine,
    struct mx_err *err)
{
	struct episode_rules rules;
	struct query_options options;
	struct query *query;
	const struct engine_wish wish = { .need = FLEET_REPORT };
	enum mx_code worst;
	enum mx_code code = engine_fill(engine, settings, &wish, &worst, err);

	if (code != MX_OK)
		return code;
	options = reporting_query(engine, settings, &rules);
	code = query_run(&options, &query, err);
	if (code != MX_OK)
		return code;
	code = print_status(settings, engine, query, err);
	query_free(query);
	return code;
}

/* Needs no store. */
static enum mx_code
print_limits(const struct settings *settings, struct mx_err *err)
{
	struct strbuf out;
	enum mx_code code;

	strbuf_init(&out, STATUS_MAX);
	if (settings->format != NULL && strcmp(settings->format, "json") == 0)
		limits_json(&out);
	else
		limits_text(&out, settings->width);
	(void)fwrite(out.ptr, 1, out.len, stdout);
	code = stream_check(stdout, "standard output", err);
	strbuf_release(&out);
	return code;
}

static enum mx_code
run(const struct settings *settings, struct command_result *result,
    struct mx_err *err)
{
	struct engine engine;
	enum mx_code code;

	(void)result;
	if (settings->with_limits)
		return print_limits(settings, err);
	code = engine_open(settings, &engine, err);
	if (code != MX_OK)
		return code;
	code = run_with(settings, &engine, err);
	engine_close(&engine);
	return code;
}

const struct command command_status = {
	.name = "status",
	.summary = "inputs, coverage per host and day, what was skipped",
	.usage = "",
	.description = "Shows the inputs that were read, the first and last "
	    "line of each host and day, days without any log, lines that were "
	    "not understood by reason, and the size of the store. With "
	    "--limits instead every limit on what input may hold, with its "
	    "reason; no store is needed.",
	.options = OPTIONS_WINDOW | OPTIONS_FORMAT | OPTIONS_STATUS |
	    OPTIONS_STORE,
	.formats = "text json",
	.run = run,
};
