/* SPDX-License-Identifier: BSD-2-Clause */
/* Gauges for the node_exporter text-file collector: the Prometheus text
 * exposition format 0.0.4. Label values are bounded: the worst providers and
 * the sources of open episodes; the rest is summed up as "other". */
#include "reports/out_prom.h"

#include "reports/outputs.h"

#include "base/json_writer.h"
#include "base/say.h"
#include "reports/out_buffer.h"
#include "reports/report_view.h"

/* Each provider makes some fifteen series; a collector that scrapes a
 * thousand hosts must still be able to keep them. */
enum { DEFAULT_TOP = 20, EPISODES_MAX = 100, LABEL_BYTES = 512 };

struct prom {
	struct out_buffer buffer;
	struct strbuf *out;
	struct strbuf scratch;
	struct arena arena;
	struct row_view view;
	size_t shown;
	struct report_row other;
};

struct provider_metric {
	const char *name, *help;
	const char *label; /* a second label, or NULL */
	int64_t (*value)(const struct report_counts *n, int part);
	const char *parts[5]; /* values of that label, ended by NULL */
};

static int64_t
ended(const struct report_counts *n, int part)
{
	const int64_t values[] = { n->accepted, n->bounced, n->expired,
		n->open };

	return values[part];
}

static int64_t
tried(const struct report_counts *n, int part)
{
	const int64_t values[] = { n->attempts.accepted, n->attempts.deferred,
		n->attempts.bounced };

	return values[part];
}

static int64_t
deferred(const struct report_counts *n, int part)
{
	(void)part;
	return n->deferred;
}

static int64_t
blocked(const struct report_counts *n, int part)
{
	(void)part;
	return n->blocked;
}

static const struct provider_metric provider_metrics[] = {
	{ "mxtrend_deliveries", "Deliveries (one recipient of one message) of "
	    "the window by outcome.", "outcome", ended,
	    { "accepted", "bounced", "expired", "open", NULL } },
	{ "mxtrend_deferred_deliveries", "Deliveries of the window with at "
	    "least one deferral.", NULL, deferred, { NULL } },
	{ "mxtrend_blocked_deliveries", "Deliveries of the window with at "
	    "least one refusal for block list, reputation or policy.", NULL,
	    blocked, { NULL } },
	{ "mxtrend_attempts", "Attempts of the window by outcome.", "outcome",
	    tried, { "accepted", "deferred", "bounced", NULL } },
};

/* Invalid UTF-8 would make the collector refuse the file, and control
 * characters drive a terminal; what scrub_text() makes of them holds
 * backslashes, which are then escaped as the format wants it. */
static void
add_label_value(struct prom *prom, struct slice text)
{
	/* of an over-long text the start, up to a whole character */
	if (text.len > LABEL_BYTES) {
		text.len = LABEL_BYTES;
		while (text.len > 0 &&
		    ((unsigned char)text.ptr[text.len] & 0xc0) == 0x80)
			text.len--;
	}
	strbuf_reset(&prom->scratch);
	scrub_text(&prom->scratch, text, false);
	strbuf_add_char(prom->out, '"');
	for (size_t i = 0; i < prom->scratch.len; i++) {
		char c = prom->scratch.ptr[i];

		if (c == '"' || c == '\\')
			strbuf_add_char(prom->out, '\\');
		strbuf_add_char(prom->out, c);
	}
	strbuf_add_char(prom->out, '"');
}

void
prom_help(struct strbuf *out, const char *name, const char *help)
{
	strbuf_addf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

void
prom_gauge(struct strbuf *out, const char *name, const char *help,
    int64_t value)
{
	prom_help(out, name, help);
	strbuf_addf(out, "%s %lld\n", name, (long long)value);
}

static void
add_time(struct strbuf *out, const char *name, const char *help, int64_t utc)
{
	if (utc != TIME_NONE)
		prom_gauge(out, name, help, utc);
}

static const struct report_row *
row_at(const struct prom *prom, size_t index)
{
	return index < prom->shown ? prom->view.rows[index] : &prom->other;
}

static size_t
row_count(const struct prom *prom)
{
	return prom->shown + (prom->shown < prom->view.count ? 1 : 0);
}

static void
add_provider_metric(struct prom *prom, const struct provider_metric *metric)
{
	prom_help(prom->out, metric->name, metric->help);
	for (size_t i = 0; i < row_count(prom); i++) {
		const struct report_row *row = row_at(prom, i);

		for (int part = 0; part == 0 || metric->parts[part] != NULL;
		    part++) {
			strbuf_addf(prom->out, "%s{provider=", metric->name);
			add_label_value(prom, row->provider);
			if (metric->label != NULL)
				strbuf_addf(prom->out, ",%s=\"%s\"",
				    metric->label, metric->parts[part]);
			strbuf_addf(prom->out, "} %lld\n",
			    (long long)metric->value(&row->n, part));
			if (metric->label == NULL)
				break;
		}
		out_buffer_offer(&prom->buffer);
	}
}

static void
add_delay(struct prom *prom, const struct report_row *row,
    const char *quantile, double seconds)
{
	struct json_writer number;

	if (!(seconds >= 0))
		return;
	strbuf_add_str(prom->out, "mxtrend_delivery_delay_seconds{provider=");
	add_label_value(prom, row->provider);
	strbuf_addf(prom->out, ",quantile=\"%s\"} ", quantile);
	json_init(&number, prom->out, false);
	json_real(&number, seconds, 3);
	strbuf_add_char(prom->out, '\n');
}

static void
add_delays_and_states(struct prom *prom)
{
	prom_help(prom->out, "mxtrend_delivery_delay_seconds", "Time from "
	    "arrival to acceptance, of accepted deliveries.");
	for (size_t i = 0; i < row_count(prom); i++) {
		add_delay(prom, row_at(prom, i), "0.5",
		    row_at(prom, i)->n.p50_s);
		add_delay(prom, row_at(prom, i), "0.95",
		    row_at(prom, i)->n.p95_s);
	}
	prom_help(prom->out, "mxtrend_provider_state", "The window as a whole: "
	    "0 no log, 1 no mail, 2 fine, 3 deferring, 4 blocked.");
	for (size_t i = 0; i < row_count(prom); i++) {
		strbuf_add_str(prom->out, "mxtrend_provider_state{provider=");
		add_label_value(prom, row_at(prom, i)->provider);
		strbuf_addf(prom->out, "} %d\n", (int)row_at(prom, i)->state);
	}
	out_buffer_offer(&prom->buffer);
}

static void
add_open_episodes(struct prom *prom, const struct report *report)
{
	size_t count, open, shown;
	const struct report_episode **list =
	    view_episodes(report, &prom->arena, &count, &open);

	prom_gauge(prom->out, "mxtrend_open_episodes", "Block episodes that "
	    "are not known to be over.", (int64_t)open);
	prom_help(prom->out, "mxtrend_open_episode_start_timestamp_seconds",
	    "First refusal of each open block episode.");
	shown = open < EPISODES_MAX ? open : EPISODES_MAX;
	for (size_t i = 0; i < shown; i++) {
		const struct report_episode *episode = list[i];

		strbuf_add_str(prom->out,
		    "mxtrend_open_episode_start_timestamp_seconds{id=");
		add_label_value(prom, episode->id);
		strbuf_add_str(prom->out, ",provider=");
		add_label_value(prom, episode->provider);
		strbuf_add_str(prom->out, ",source=");
		add_label_value(prom, episode->source);
		strbuf_add_str(prom->out, ",reason=");
		add_label_value(prom, episode->reason);
		strbuf_add_str(prom->out, ",token=");
		add_label_value(prom, episode->token);
		strbuf_addf(prom->out, ",state=\"%s\"} %lld\n",
		    episode_state_name(episode->state),
		    (long long)episode->first_refusal_utc);
		out_buffer_offer(&prom->buffer);
	}
}

static void
add_quality(struct strbuf *out, const struct report *report)
{
	int64_t lines = 0, skipped = 0, covered = 0, left_out = 0;

	for (size_t i = 0; i < report->coverage_count; i++) {
		lines += report->coverage[i].lines;
		skipped += report->coverage[i].skipped;
	}
	for (size_t i = 0; i < report->window.day_count; i++)
		covered += report->window.days[i].is_covered ? 1 : 0;
	prom_gauge(out, "mxtrend_log_lines", "Log lines of the window.", lines);
	prom_gauge(out, "mxtrend_log_lines_skipped",
	    "Log lines of the window that were not understood.", skipped);
	for (size_t i = 0; i < report->left_out_count; i++)
		left_out += report->left_out[i].lines;
	prom_gauge(out, "mxtrend_log_lines_left_out", "Log lines that lie far "
	    "from all others and outside the window.", left_out);
	prom_gauge(out, "mxtrend_window_days", "Days of the window.",
	    (int64_t)report->window.day_count);
	prom_gauge(out, "mxtrend_window_days_covered",
	    "Days of the window that a log covers.", covered);
	prom_gauge(out, "mxtrend_failed_attempts",
	    "Attempts of the window that were deferred or bounced.",
	    report->failed_attempts);
	prom_gauge(out, "mxtrend_unclassified_attempts",
	    "Failed attempts whose reply no rule knows.",
	    report->unclassified_attempts);
}

static enum mx_code
render_prom(const struct report *report, const struct output_options *options,
    FILE *out, struct mx_err *err)
{
	size_t top = options->top != 0 ? options->top : DEFAULT_TOP;
	struct prom prom;

	out_buffer_init(&prom.buffer, out);
	prom.out = &prom.buffer.text;
	arena_init(&prom.arena);
	strbuf_init(&prom.scratch, 4 * (size_t)LABEL_BYTES);
	prom.view = view_providers(report, &prom.arena);
	prom.shown = prom.view.count < top ? prom.view.count : top;
	view_fold(report, &prom.view, prom.shown, &prom.arena, &prom.other);
	prom.other.provider = SLICE("other");
	add_time(prom.out, "mxtrend_report_timestamp_seconds",
	    "When the report was made.", report->generated_utc);
	add_time(prom.out, "mxtrend_window_start_timestamp_seconds",
	    "Start of the window.", report->window.since_utc);
	add_time(prom.out, "mxtrend_window_end_timestamp_seconds",
	    "End of the window, not part of it.", report->window.until_utc);
	for (size_t i = 0; i < sizeof(provider_metrics) /
	    sizeof(provider_metrics[0]); i++)
		add_provider_metric(&prom, &provider_metrics[i]);
	add_delays_and_states(&prom);
	add_open_episodes(&prom, report);
	add_quality(prom.out, report);
	prom_others(prom.out, report);
	arena_release(&prom.arena);
	strbuf_release(&prom.scratch);
	return out_buffer_finish(&prom.buffer, "the Prometheus file", err);
}

const struct report_output output_prom = {
	.name = "prom",
	.extension = "prom",
	.title = "gauges for node_exporter's text-file collector",
	.is_binary = false,
	.render = render_prom,
};
