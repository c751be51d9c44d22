/* SPDX-License-Identifier: BSD-2-Clause */
/* mxtrend diff: two windows side by side. */
#include <stdlib.h>

#include "base/atomic_file.h"
#include "base/json_writer.h"
#include "base/say.h"
#include "base/strbuf.h"
#include "cli/anonymize_report.h"
#include "cli/commands.h"
#include "cli/engine.h"
#include "cli/reporting.h"
#include "reports/report_build.h"
#include "reports/format_value.h"

enum { OUTPUT_MAX = 64 * 1024 * 1024, FEW = 20, NAME_COLUMNS = 25,
	TOP_DEFAULT = 30, QUIET_SHOWN = 10 };

struct diff {
	const struct settings *settings;
	struct report before, after;
	struct strbuf out;
};

/* A row in both windows; either may be NULL. */
struct diff_pair {
	const struct report_row *before, *after;
};

static const struct report_counts none = { .p50_s = -1, .p95_s = -1 };

static const struct report_counts *
counts(const struct report_row *row)
{
	return row != NULL ? &row->n : &none;
}

/* "12 of 15", or "3.4 % (2.1-5.0)" with Wilson's interval. */
static void
add_share(struct strbuf *out, int64_t hits, int64_t all)
{
	char text[1024];
	double low, high;

	if (all == 0) {
		(void)snprintf(text, sizeof(text), "-");
	} else if (all < FEW) {
		(void)snprintf(text, sizeof(text), "%lld of %lld",
		    (long long)hits, (long long)all);
	} else {
		report_wilson(hits, all, &low, &high);
		low = (double)(int64_t)(low * 1000.0 + 0.5) / 10.0;
		high = (double)(int64_t)(high * 1000.0 + 0.5) / 10.0;
		(void)snprintf(text, sizeof(text), "%.1f %% (%.1f-%.1f)",
		    100.0 * (double)hits / (double)all, low, high);
	}
	strbuf_addf(out, "%20s", text);
}

static enum report_change
change_of(const struct report_counts *before, const struct report_counts *after)
{
	return report_change_of(after->blocked, after->deliveries,
	    before->blocked, before->deliveries);
}

static void
text_counts(struct diff *diff, struct slice name,
    const struct report_counts *before, const struct report_counts *after)
{
	struct strbuf clean;
	size_t shown;

	strbuf_init(&clean, 4096);
	scrub_text(&clean, name, !diff->settings->is_utf8);
	shown = clean.len < NAME_COLUMNS ? clean.len : NAME_COLUMNS;
	strbuf_addf(&diff->out, "%-*.*s", NAME_COLUMNS, (int)shown, clean.ptr);
	strbuf_release(&clean);
	add_share(&diff->out, before->blocked, before->deliveries);
	strbuf_add_char(&diff->out, ' ');
	add_share(&diff->out, after->blocked, after->deliveries);
	strbuf_addf(&diff->out, "  %s\n",
	    change_of(before, after) == CHANGE_TOO_FEW ? "too few" :
	    report_change_name(change_of(before, after)));
}

static int64_t
provisional_days(const struct report *report)
{
	int64_t count = 0;

	for (size_t i = 0; i < report->window.day_count; i++)
		count += report->window.days[i].is_provisional;
	return count;
}

static void
text_window(struct strbuf *out, const struct report *report, const char *name)
{
	strbuf_addf(out, "%-7s ", name);
	format_window(out, report->zone, report->window.since_utc,
	    report->window.until_utc);
	strbuf_add_str(out, "  ");
	format_count(out, report->totals.deliveries, "delivery",
	    "deliveries");
	strbuf_addf(out, ", %lld accepted, %lld blocked\n",
	    (long long)report->totals.accepted,
	    (long long)report->totals.blocked);
	if (provisional_days(report) != 0)
		strbuf_addf(out, "%-7s %lld days of it are provisional: mail "
		    "in the queue is not over yet\n", "",
		    (long long)provisional_days(report));
}

static bool
is_same(const struct report_row *a, const struct report_row *b)
{
	return slice_eq(a->provider, b->provider) &&
	    slice_eq(a->source, b->source);
}

static const struct report_row *
find(const struct report_row *rows, size_t count, const struct report_row *row)
{
	for (size_t i = 0; i < count; i++)
		if (is_same(&rows[i], row))
			return &rows[i];
	return NULL;
}

/* Worse first, then better, then by size; last what is too little to say. */
static int
rank(const struct diff_pair *pair)
{
	switch (change_of(counts(pair->before), counts(pair->after))) {
	case CHANGE_WORSE:
		return 0;
	case CHANGE_BETTER:
		return 1;
	case CHANGE_SAME:
		return 2;
	case CHANGE_NONE:
	case CHANGE_TOO_FEW:
	case REPORT_CHANGES:
		break;
	}
	return 3;
}

static int64_t
blocked_of(const struct diff_pair *pair)
{
	return counts(pair->before)->blocked + counts(pair->after)->blocked;
}

/* Too few to compare, and nothing was blocked: of no interest by itself. */
static bool
is_quiet(const struct diff_pair *pair)
{
	return rank(pair) == 3 && blocked_of(pair) == 0;
}

static int
compare_pairs(const void *left, const void *right)
{
	const struct diff_pair *a = left;
	const struct diff_pair *b = right;
	int64_t x = counts(a->after)->deliveries +
	    counts(a->before)->deliveries;
	int64_t y = counts(b->after)->deliveries +
	    counts(b->before)->deliveries;

	if (rank(a) != rank(b))
		return rank(a) - rank(b);
	if (is_quiet(a) != is_quiet(b))
		return is_quiet(a) - is_quiet(b);
	if (x != y)
		return x > y ? -1 : 1;
	return slice_cmp((a->after != NULL ? a->after : a->before)->provider,
	    (b->after != NULL ? b->after : b->before)->provider);
}

/* Rows of both windows, each once. */
static struct diff_pair *
pair_up(const struct report_row *before, size_t before_count,
    const struct report_row *after, size_t after_count, size_t *count_r)
{
	struct diff_pair *pairs =
	    mx_alloc((before_count + after_count + 1) * sizeof(*pairs));
	size_t count = 0;

	for (size_t i = 0; i < after_count; i++)
		pairs[count++] = (struct diff_pair){ .after = &after[i],
			.before = find(before, before_count, &after[i]) };
	for (size_t i = 0; i < before_count; i++)
		if (find(after, after_count, &before[i]) == NULL)
			pairs[count++] =
			    (struct diff_pair){ .before = &before[i] };
	qsort(pairs, count, sizeof(*pairs), compare_pairs);
	*count_r = count;
	return pairs;
}

static void
text_rows(struct diff *diff, const char *title, const struct diff_pair *pairs,
    size_t count)
{
	size_t top = diff->settings->top != 0 ?
	    (size_t)diff->settings->top : TOP_DEFAULT;

	/* unless they are asked for */
	if (top > count)
		top = count;
	while (diff->settings->top == 0 && top > QUIET_SHOWN &&
	    is_quiet(&pairs[top - 1]))
		top--;
	strbuf_addf(&diff->out, "\n%-*s%20s %20s  change\n", NAME_COLUMNS,
	    title, "blocked before", "blocked after");
	for (size_t i = 0; i < count && i < top; i++) {
		const struct report_row *row = pairs[i].after != NULL ?
		    pairs[i].after : pairs[i].before;
		struct slice name = !slice_is_none(row->name) ? row->name :
		    !slice_is_none(row->source_ip) ? row->source_ip :
		    row->source;

		text_counts(diff, name, counts(pairs[i].before),
		    counts(pairs[i].after));
	}
	if (count > top)
		strbuf_addf(&diff->out, "and %zu more%s\n", count - top,
		    is_quiet(&pairs[top]) ? ", too few and none blocked" : "");
}

static void
json_counts(struct json_writer *json, const char *key,
    const struct report_counts *n)
{
	json_key(json, key);
	json_open_object(json);
	json_member_int(json, "deliveries", n->deliveries);
	json_member_int(json, "messages", n->messages);
	json_member_int(json, "accepted", n->accepted);
	json_member_int(json, "deferred", n->deferred);
	json_member_int(json, "bounced", n->bounced);
	json_member_int(json, "expired", n->expired);
	json_member_int(json, "blocked", n->blocked);
	json_member_int(json, "open", n->open);
	if (n->p50_s >= 0) {
		json_key(json, "p50_s");
		json_real(json, n->p50_s, 3);
		json_key(json, "p95_s");
		json_real(json, n->p95_s, 3);
	}
	if (n->deliveries > 0) {
		double low, high;

		report_wilson(n->blocked, n->deliveries, &low, &high);
		json_key(json, "blocked_share_low");
		json_real(json, low, 6);
		json_key(json, "blocked_share_high");
		json_real(json, high, 6);
	}
	json_close_object(json);
}

static void
json_rows(struct json_writer *json, const char *key,
    const struct diff_pair *pairs, size_t count)
{
	json_key(json, key);
	json_open_array(json);
	for (size_t i = 0; i < count; i++) {
		const struct report_row *row = pairs[i].after != NULL ?
		    pairs[i].after : pairs[i].before;

		json_open_object(json);
		json_member_text(json, "provider", row->provider);
		json_member_text(json, "name", row->name);
		json_member_text(json, "source", row->source);
		json_member_text(json, "source_ip", row->source_ip);
		json_counts(json, "before", counts(pairs[i].before));
		json_counts(json, "after", counts(pairs[i].after));
		json_member_text(json, "change", slice_str(report_change_name(
		    change_of(counts(pairs[i].before),
		    counts(pairs[i].after)))));
		json_close_object(json);
	}
	json_close_array(json);
}

static void
json_window(struct json_writer *json, const char *key,
    const struct report *report)
{
	json_key(json, key);
	json_open_object(json);
	json_member_time(json, "since", report->window.since_utc);
	json_member_time(json, "until", report->window.until_utc);
	json_member_int(json, "provisional_days", provisional_days(report));
	json_counts(json, "totals", &report->totals);
	json_close_object(json);
}

static void
print(struct diff *diff)
{
	size_t providers, pairs;
	struct diff_pair *by_provider = pair_up(diff->before.providers,
	    diff->before.provider_count, diff->after.providers,
	    diff->after.provider_count, &providers);
	struct diff_pair *by_pair = pair_up(diff->before.sources,
	    diff->before.source_count, diff->after.sources,
	    diff->after.source_count, &pairs);
	const char *format = diff->settings->format;

	if (format != NULL && strcmp(format, "json") == 0) {
		struct json_writer json;

		json_init(&json, &diff->out, true);
		json_open_object(&json);
		json_member_int(&json, "schema", 1);
		json_window(&json, "before", &diff->before);
		json_window(&json, "after", &diff->after);
		json_member_text(&json, "change", slice_str(report_change_name(
		    change_of(&diff->before.totals, &diff->after.totals))));
		json_rows(&json, "providers", by_provider, providers);
		json_rows(&json, "sources", by_pair, pairs);
		json_close_object(&json);
		strbuf_add_char(&diff->out, '\n');
	} else {
		text_window(&diff->out, &diff->before, "before");
		text_window(&diff->out, &diff->after, "after");
		text_rows(diff, "PROVIDER", by_provider, providers);
		text_rows(diff, "OWN ADDRESS", by_pair, pairs);
		strbuf_add_char(&diff->out, '\n');
		text_counts(diff, SLICE("All"), &diff->before.totals,
		    &diff->after.totals);
		strbuf_add_str(&diff->out, "in brackets: 95 % interval "
		    "(Wilson); worse, better: p < 0.01, 2 points,\n5 "
		    "deliveries; days are those of ");
		scrub_text(&diff->out, diff->after.window.timezone,
		    !diff->settings->is_utf8);
		strbuf_add_char(&diff->out, '\n');
	}
	free(by_provider);
	free(by_pair);
}

static enum mx_code
compare(const struct engine *engine, const struct settings *settings,
    const struct when_window windows[2], struct mx_err *err)
{
	struct diff diff = { .settings = settings };
	enum mx_code code;

	strbuf_init(&diff.out, OUTPUT_MAX);
	report_init(&diff.before);
	report_init(&diff.after);
	code = reporting_build(engine, settings, &windows[0], &diff.before,
	    err);
	if (code == MX_OK)
		code = reporting_build(engine, settings, &windows[1],
		    &diff.after, err);
	if (code == MX_OK)
		code = anonymize_report(engine, settings, &diff.before, err);
	if (code == MX_OK)
		code = anonymize_report(engine, settings, &diff.after, err);
	if (code == MX_OK) {
		print(&diff);
		(void)fwrite(diff.out.ptr, 1, diff.out.len, stdout);
		code = stream_check(stdout, "standard output", err);
	}
	report_release(&diff.before);
	report_release(&diff.after);
	strbuf_release(&diff.out);
	return code;
}

static enum mx_code
run_with(struct engine *engine, const struct settings *settings,
    const struct when_window windows[2], enum mx_code *worst,
    struct mx_err *err)
{
	struct settings files = *settings;
	const struct engine_wish wish = { .need = FLEET_REPORT,
		.windows = windows, .window_count = 2 };
	enum mx_code code;

	files.operands += 2;
	files.operand_count -= 2;
	code = engine_fill(engine, &files, &wish, worst, err);
	return code == MX_OK ? compare(engine, settings, windows, err) : code;
}

static enum mx_code
run(const struct settings *settings, struct command_result *result,
    struct mx_err *err)
{
	struct when_window windows[2];
	struct engine engine;
	enum mx_code worst = MX_OK, code = MX_OK;

	(void)result;
	if (settings->operand_count < 2)
		return mx_fail(err, MX_E_USAGE,
		    "diff: name two windows, such as 2026-11-01..2026-11-08 "
		    "2026-11-08..2026-11-15");
	for (int i = 0; i < 2 && code == MX_OK; i++)
		code = when_window_parse(slice_str(settings->operands[i]),
		    settings->zone, clock_now(&settings->clock), &windows[i],
		    err);
	if (code == MX_OK)
		code = engine_open(settings, &engine, err);
	if (code != MX_OK)
		return code;
	code = run_with(&engine, settings, windows, &worst, err);
	engine_close(&engine);
	if (code == MX_OK && worst != MX_OK)
		return mx_fail(err, worst, "%s", "");
	return code;
}

const struct command command_diff = {
	.name = "diff",
	.summary = "two windows side by side: worse, better, same, too few",
	.usage = "WINDOW WINDOW [FILE|-]...",
	.description = "Compares two windows, from files or from the store, by "
	    "provider and by own address. Shares print with their 95 % "
	    "interval, below 20 deliveries as counts.",
	.options = OPTIONS_FILTER | OPTIONS_FORMAT | OPTIONS_TOP |
	    OPTIONS_ANONYMIZE | OPTIONS_STORE,
	.formats = "text json",
	.run = run,
};
