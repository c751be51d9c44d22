/* SPDX-License-Identifier: BSD-2-Clause */
/* Columns of every table of the document, and how to read a cell. Must not
 * know how any format writes them. */
#include "reports/rep_tables.h"

#include "reports/rep_columns.h"

/* clang-format off */
static const struct report_column totals_columns[] = {
	COUNT_COLUMNS(report, totals, "", ""),
	DELAY_COLUMNS(report, totals),
	COL(report, suspended, "suspended", "Suspended", CELL_INT),
	COUNT_COLUMNS(report, local, "local.", "Local: "),
	COUNT_COLUMNS(report, internal, "internal.", "Internal: "),
};

static const struct report_column providers_columns[] = {
	PROVIDER_COLUMNS(report_row),
	COUNT_COLUMNS(report_row, n, "", ""),
	DELAY_COLUMNS(report_row, n),
	STATE_COLUMNS(report_row),
	COL(report_row, days, "days", "Days", CELL_DAY_STATES),
};

static const struct report_column sources_columns[] = {
	SOURCE_COLUMNS(report_row),
	COUNT_COLUMNS(report_row, n, "", ""),
	DELAY_COLUMNS(report_row, n),
	STATE_COLUMNS(report_row),
};

static const struct report_column pairs_columns[] = {
	PROVIDER_COLUMNS(report_row),
	SOURCE_COLUMNS(report_row),
	COUNT_COLUMNS(report_row, n, "", ""),
	DELAY_COLUMNS(report_row, n),
	STATE_COLUMNS(report_row),
	COL(report_row, days, "days", "Days", CELL_DAY_STATES),
};

static const struct report_column domains_columns[] = {
	COL(report_row, domain, "domain", "Domain", CELL_TEXT),
	PROVIDER_COLUMNS(report_row),
	COUNT_COLUMNS(report_row, n, "", ""),
	DELAY_COLUMNS(report_row, n),
	STATE_COLUMNS(report_row),
};

static const struct report_column series_columns[] = {
	COL(report_series_row, day, "day", "Day", CELL_DAY),
	COL(report_series_row, provider, "provider", "Provider", CELL_TEXT),
	COL(report_series_row, source, "source", "Source", CELL_TEXT),
	COL(report_series_row, source_ip, "source_ip", "Source IP", CELL_TEXT),
	COL(report_series_row, instance, "instance", "Instance", CELL_TEXT),
	COL(report_series_row, messages, "messages", "Messages", CELL_INT),
	ATTEMPT_COLUMNS(report_series_row, attempts, "", ""),
	COL(report_series_row, blocked, "blocked", "Blocked", CELL_INT),
	COL(report_series_row, state, "state", "State", CELL_STATE),
};

static const struct report_column days_columns[] = {
	COL(report_day, day, "day", "Day", CELL_DAY),
	COL(report_day, messages, "messages", "Messages", CELL_INT),
	ATTEMPT_COLUMNS(report_day, attempts, "", ""),
	COL(report_day, blocked, "blocked", "Blocked", CELL_INT),
	COL(report_day, is_covered, "covered", "Covered by a log", CELL_FLAG),
	COL(report_day, is_provisional, "provisional", "Provisional",
	    CELL_FLAG),
};

static const struct report_column reasons_columns[] = {
	PROVIDER_COLUMNS(report_reason),
	COL(report_reason, reason, "reason", "Reason", CELL_TEXT),
	COL(report_reason, token, "token", "Token", CELL_TEXT),
	COL(report_reason, attempts, "attempts", "Attempts", CELL_INT),
	COL(report_reason, deliveries, "deliveries", "Deliveries", CELL_INT),
	COL(report_reason, first_utc, "first", "First", CELL_TIME),
	COL(report_reason, last_utc, "last", "Last", CELL_TIME),
};

static const struct report_column replies_columns[] = {
	COL(report_reply, fingerprint, "fingerprint", "Fingerprint", CELL_HEX),
	PROVIDER_COLUMNS(report_reply),
	COL(report_reply, reason, "reason", "Reason", CELL_TEXT),
	COL(report_reply, token, "token", "Token", CELL_TEXT),
	COL(report_reply, rule, "rule", "Rule", CELL_TEXT),
	COL(report_reply, attempts, "attempts", "Attempts", CELL_INT),
	COL(report_reply, first_utc, "first", "First", CELL_TIME),
	COL(report_reply, last_utc, "last", "Last", CELL_TIME),
	COL(report_reply, is_new, "new", "New", CELL_FLAG),
	COL(report_reply, sample, "sample", "Sample", CELL_TEXT),
};

static const struct report_column episodes_columns[] = {
	COL(report_episode, id, "id", "ID", CELL_TEXT),
	PROVIDER_COLUMNS(report_episode),
	SOURCE_COLUMNS(report_episode),
	COL(report_episode, reason, "reason", "Reason", CELL_TEXT),
	COL(report_episode, token, "token", "Token", CELL_TEXT),
	COL(report_episode, reasons, "reasons", "Reasons", CELL_REASONS),
	COL(report_episode, extent, "extent", "Extent", CELL_TEXT),
	COL(report_episode, state, "state", "State", CELL_EPISODE),
	COL(report_episode, began_before_log, "began_before_log",
	    "Began before the log", CELL_FLAG),
	COL(report_episode, confirmed_utc, "confirmed", "Confirmed",
	    CELL_TIME),
	COL(report_episode, last_accept_before_utc, "last_accept_before",
	    "Last accepted before", CELL_TIME),
	COL(report_episode, first_refusal_utc, "first_refusal",
	    "First refusal", CELL_TIME),
	COL(report_episode, last_refusal_utc, "last_refusal", "Last refusal",
	    CELL_TIME),
	COL(report_episode, first_accept_after_utc, "first_accept_after",
	    "First accepted after", CELL_TIME),
	COL(report_episode, began_after_utc, "began_after", "Began after",
	    CELL_TIME),
	COL(report_episode, began_by_utc, "began_by", "Began by", CELL_TIME),
	COL(report_episode, ended_after_utc, "ended_after", "Ended after",
	    CELL_TIME),
	COL(report_episode, ended_by_utc, "ended_by", "Ended by", CELL_TIME),
	COL(report_episode, messages, "messages", "Messages", CELL_INT),
	COL(report_episode, recipients, "recipients", "Recipients", CELL_INT),
	COL(report_episode, attempts, "attempts", "Attempts", CELL_INT),
	COL(report_episode, deliveries, "deliveries", "Deliveries refused",
	    CELL_INT),
	COL(report_episode, delivered_later, "delivered_later",
	    "Delivered later", CELL_INT),
	COL(report_episode, delivered_after_end, "delivered_after_end",
	    "Delivered after its end", CELL_INT),
	COL(report_episode, still_open, "still_open", "Still in the queue",
	    CELL_INT),
	COL(report_episode, not_delivered, "not_delivered", "Not delivered",
	    CELL_INT),
	COL(report_episode, median_wait_s, "median_wait_s", "Median wait (s)",
	    CELL_SECONDS),
	COL(report_episode, sender_domains, "sender_domains",
	    "Sender domains", CELL_INT),
	COL(report_episode, network_refused, "network_refused",
	    "Its network refused", CELL_INT),
	COL(report_episode, network_accepted, "network_accepted",
	    "Its network accepted", CELL_INT),
	COL(report_episode, elsewhere_refused, "elsewhere_refused",
	    "Other networks refused", CELL_INT),
	COL(report_episode, elsewhere_accepted, "elsewhere_accepted",
	    "Other networks accepted", CELL_INT),
	COL(report_episode, other_senders_refused, "other_senders_refused",
	    "Other senders refused", CELL_INT),
	COL(report_episode, other_senders_accepted, "other_senders_accepted",
	    "Other senders accepted", CELL_INT),
	COL(report_episode, sender_domain, "sender_domain", "Sender domain",
	    CELL_TEXT),
	COL(report_episode, flaps, "flaps", "Flaps", CELL_INT),
	COL(report_episode, repeat, "repeat", "Repeat", CELL_INT),
	COL(report_episode, sample, "sample", "Sample", CELL_TEXT),
};

static const struct report_column scores_columns[] = {
	COL(report_score, id, "id", "ID", CELL_TEXT),
	PROVIDER_COLUMNS(report_score),
	COL(report_score, over, "over", "Over", CELL_TEXT),
	COL(report_score, key, "key", "Network or domain", CELL_TEXT),
	COL(report_score, reason, "reason", "Reason", CELL_TEXT),
	COL(report_score, token, "token", "Token", CELL_TEXT),
	COL(report_score, state, "state", "State", CELL_EPISODE),
	COL(report_score, is_explained, "explained",
	    "Explained by an episode", CELL_FLAG),
	COL(report_score, began_before_log, "began_before_log",
	    "Began before the log", CELL_FLAG),
	COL(report_score, confirmed_utc, "confirmed", "Confirmed", CELL_TIME),
	COL(report_score, last_accept_before_utc, "last_accept_before",
	    "Last accepted before", CELL_TIME),
	COL(report_score, first_refusal_utc, "first_refusal",
	    "First refusal", CELL_TIME),
	COL(report_score, last_refusal_utc, "last_refusal", "Last refusal",
	    CELL_TIME),
	COL(report_score, first_accept_after_utc, "first_accept_after",
	    "First accepted after", CELL_TIME),
	COL(report_score, began_after_utc, "began_after", "Began after",
	    CELL_TIME),
	COL(report_score, began_by_utc, "began_by", "Began by", CELL_TIME),
	COL(report_score, ended_after_utc, "ended_after", "Ended after",
	    CELL_TIME),
	COL(report_score, ended_by_utc, "ended_by", "Ended by", CELL_TIME),
	COL(report_score, messages, "messages", "Messages", CELL_INT),
	COL(report_score, recipients, "recipients", "Recipients", CELL_INT),
	COL(report_score, attempts, "attempts", "Attempts", CELL_INT),
	COL(report_score, flaps, "flaps", "Flaps", CELL_INT),
	COL(report_score, repeat, "repeat", "Repeat", CELL_INT),
	COL(report_score, sample, "sample", "Sample", CELL_TEXT),
};

static const struct report_column annotations_columns[] = {
	COL(report_annotation, time_utc, "time", "Time", CELL_TIME),
	COL(report_annotation, provider, "provider", "Provider key",
	    CELL_TEXT),
	COL(report_annotation, source_ip, "source_ip", "Source IP", CELL_TEXT),
	COL(report_annotation, kind, "kind", "Kind", CELL_TEXT),
	COL(report_annotation, text, "text", "Remark", CELL_TEXT),
};

static const struct report_column coverage_columns[] = {
	COL(report_coverage, day, "day", "Day", CELL_DAY),
	COL(report_coverage, host, "host", "Host", CELL_TEXT),
	COL(report_coverage, first_utc, "first", "First", CELL_TIME),
	COL(report_coverage, last_utc, "last", "Last", CELL_TIME),
	COL(report_coverage, lines, "lines", "Lines", CELL_INT),
	COL(report_coverage, understood, "understood", "Understood", CELL_INT),
	COL(report_coverage, skipped, "skipped", "Skipped", CELL_INT),
	COL(report_coverage, state, "state", "State", CELL_TEXT),
};

static const struct report_column left_out_columns[] = {
	COL(report_left_out, first_utc, "first", "First", CELL_TIME),
	COL(report_left_out, last_utc, "last", "Last", CELL_TIME),
	COL(report_left_out, lines, "lines", "Lines", CELL_INT),
};

static const struct report_column skips_columns[] = {
	COL(report_skip, reason, "reason", "Reason", CELL_TEXT),
	COL(report_skip, lines, "lines", "Lines", CELL_INT),
};

static const struct report_column inputs_columns[] = {
	COL(report_input, path, "path", "Path", CELL_TEXT),
	COL(report_input, fingerprint, "fingerprint", "Fingerprint",
	    CELL_TEXT),
	COL(report_input, format, "format", "Format", CELL_TEXT),
	COL(report_input, lines, "lines", "Lines", CELL_INT),
	COL(report_input, bytes, "bytes", "Bytes", CELL_INT),
	COL(report_input, first_utc, "first", "First", CELL_TIME),
	COL(report_input, last_utc, "last", "Last", CELL_TIME),
};

static const struct report_column definitions_columns[] = {
	COL(report_definition, name, "name", "Name", CELL_TEXT),
	COL(report_definition, formula, "formula", "Formula", CELL_TEXT),
	COL(report_definition, unit, "unit", "Unit", CELL_TEXT),
};
/* clang-format on */

TABLE(providers, report_row, providers, provider_count, "Providers");
TABLE(sources, report_row, sources, source_count, "Sources");
TABLE(pairs, report_row, pairs, pair_count, "Provider and source");
TABLE(domains, report_row, domains, domain_count, "Domains");
TABLE(series, report_series_row, series, series_count, "Series");
TABLE(days, report_day, window.days, window.day_count, "Days");
TABLE(reasons, report_reason, reasons, reason_count, "Reasons");
TABLE(replies, report_reply, replies, reply_count, "Replies");
TABLE(episodes, report_episode, episodes, episode_count, "Episodes");
TABLE(scores, report_score, scores, score_count, "Scores over several");
TABLE(annotations, report_annotation, annotations, annotation_count,
    "Remarks");
TABLE(coverage, report_coverage, coverage, coverage_count, "Coverage");
TABLE(skips, report_skip, skips, skip_count, "Skipped lines");
TABLE(left_out, report_left_out, left_out, left_out_count,
    "Log left out of the window");
TABLE(inputs, report_input, inputs, input_count, "Inputs");
TABLE(definitions, report_definition, definitions, definition_count,
    "Definitions");

static struct table_rows
totals_rows(const struct report *report)
{
	return (struct table_rows){ report, 1 };
}

const struct report_table report_totals_table = { "totals", "Totals",
	totals_columns, COUNT(totals_columns), sizeof(struct report),
	totals_rows };

const struct report_table *const report_tables[] = {
	&report_totals_table, &providers_table, &sources_table, &pairs_table,
	&domains_table, &series_table, &days_table, &reasons_table,
	&replies_table, &episodes_table, &scores_table, &report_dmarc_table,
	&report_tls_table, &report_complaints_table, &report_snds_table,
	&report_witness_table, &report_bounces_table, &annotations_table,
	&coverage_table, &skips_table, &left_out_table, &inputs_table,
	&definitions_table, NULL
};

const struct report_table *
report_table_by_name(struct slice name)
{
	for (size_t i = 0; report_tables[i] != NULL; i++)
		if (slice_eq(name, slice_str(report_tables[i]->name)))
			return report_tables[i];
	return NULL;
}

const void *
report_table_row(const struct report_table *table,
    const struct report *report, size_t index)
{
	struct table_rows rows = table->rows(report);

	return (const char *)rows.rows + index * table->row_size;
}
