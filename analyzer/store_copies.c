/* SPDX-License-Identifier: BSD-2-Clause */
/* What a merge takes over, table by table: the tables with an origin, and how
 * a row of the other store becomes one of ours. Numbers of names go through
 * the table `names`, those of replies through `replies`, both made for the
 * merge; reports are found again by what they are. ?1: origin here, ?2: origin
 * there. */
#include "analyzer/store_priv.h"

/* clang-format off */
#define COPY_AS_IT_IS(table, columns) \
	"INSERT INTO main." table " (" columns ", origin) SELECT " columns \
	", ?1 FROM other." table " WHERE origin = ?2"
#define COPY_OF_REPORT(table, reports, columns, values) \
	"INSERT INTO main." table " (report, " columns ", origin)" \
	" SELECT m.id, " values ", ?1 FROM other." table " AS t" \
	" JOIN other." reports " AS o ON o.id = t.report" \
	" JOIN main." reports " AS m ON m.identity = o.identity AND" \
	" m.content = o.content AND m.origin = ?1 WHERE t.origin = ?2"

const struct store_copy store_copies[] = {
	{ "source", SCHEMA_FIRST,
	"INSERT INTO main.source (" SOURCE_COLUMNS ")"
	" SELECT n.new, h.new, i.new, s.known, s.label,"
	" s.disputed, ?1 FROM other.source AS s"
	" JOIN temp.names AS n ON n.old = s.name"
	" LEFT JOIN temp.names AS h ON h.old = s.host"
	" LEFT JOIN temp.names AS i ON i.old = s.instance WHERE s.origin = ?2" },

	{ "total", SCHEMA_FIRST,
	"INSERT INTO main.total (" TOTAL_COLUMNS ")"
	" SELECT t.slot, p.new, s.new, d.new,"
	" t.accepted_attempts, t.deferred_attempts, t.bounced_attempts,"
	" t.suspended, t.refused, t.messages, t.accepted, t.deferred,"
	" t.bounced, t.expired, t.blocked, t.delays, t.votes, t.others, ?1"
	" FROM other.total AS t JOIN temp.names AS p ON p.old = t.provider"
	" JOIN temp.names AS s ON s.old = t.source"
	" JOIN temp.names AS d ON d.old = t.domain WHERE t.origin = ?2" },

	{ "message_gap", SCHEMA_FIRST,
	"INSERT INTO main.message_gap (" GAP_COLUMNS ")"
	" SELECT t.slot, t.gap_s, t.kind, p.new,"
	" s.new, d.new, t.messages, ?1 FROM other.message_gap AS t"
	" JOIN temp.names AS p ON p.old = t.provider"
	" JOIN temp.names AS s ON s.old = t.source"
	" JOIN temp.names AS d ON d.old = t.domain WHERE t.origin = ?2" },

	{ "reply_total", SCHEMA_FIRST,
	"INSERT INTO main.reply_total (" REPLY_TOTAL_COLUMNS ")"
	" SELECT t.slot, s.new, r.new, t.attempts,"
	" t.deliveries, t.first_utc, t.last_utc, ?1"
	" FROM other.reply_total AS t JOIN temp.names AS s ON s.old = t.source"
	" JOIN temp.replies AS r ON r.old = t.reply WHERE t.origin = ?2" },

	{ "attempt", SCHEMA_FIRST,
	"INSERT INTO main.attempt (utc, us, arrival_utc, provider, source,"
	" domain, host, reply, outcome, stage, reply_code, votes, queue_id,"
	" sender, recipient, relay, words, path, line, origin)"
	" SELECT t.utc, t.us, t.arrival_utc, p.new, s.new, d.new, h.new, r.new,"
	" t.outcome, t.stage, t.reply_code, t.votes, t.queue_id, t.sender,"
	" t.recipient, t.relay, t.words, f.new, t.line, ?1"
	" FROM other.attempt AS t JOIN temp.names AS p ON p.old = t.provider"
	" JOIN temp.names AS s ON s.old = t.source"
	" JOIN temp.names AS d ON d.old = t.domain"
	" JOIN temp.names AS h ON h.old = t.host"
	" JOIN temp.replies AS r ON r.old = t.reply"
	" LEFT JOIN temp.names AS f ON f.old = t.path WHERE t.origin = ?2" },

	{ "episode", SCHEMA_FIRST,
	"INSERT INTO main.episode (" EPISODE_COLUMNS ")"
	" SELECT p.new, s.new, t.first_refusal_utc,"
	" t.last_refusal_utc, t.confirmed_utc, t.last_accept_before_utc,"
	" t.first_accept_after_utc, t.closed_utc, t.phase, t.threshold,"
	" t.messages, t.recipients, t.attempts, t.flaps, t.repeat,"
	" t.began_before_log, ?1 FROM other.episode AS t"
	" JOIN temp.names AS p ON p.old = t.provider"
	" JOIN temp.names AS s ON s.old = t.source WHERE t.origin = ?2" },

	{ "episode_reply", SCHEMA_FIRST,
	"INSERT INTO main.episode_reply (" EPISODE_REPLY_COLUMNS ")"
	" SELECT p.new, s.new,"
	" t.first_refusal_utc, r.new, t.attempts, ?1"
	" FROM other.episode_reply AS t"
	" JOIN temp.names AS p ON p.old = t.provider"
	" JOIN temp.names AS s ON s.old = t.source"
	" JOIN temp.replies AS r ON r.old = t.reply WHERE t.origin = ?2" },

	{ "coverage", SCHEMA_FIRST,
	"INSERT INTO main.coverage (" COVERAGE_COLUMNS ")"
	" SELECT t.slot, h.new, t.first_utc,"
	" t.last_utc, t.lines, t.losses, ?1 FROM other.coverage AS t"
	" JOIN temp.names AS h ON h.old = t.host WHERE t.origin = ?2" },

	{ "skipped", SCHEMA_FIRST,
	"INSERT INTO main.skipped (" SKIPPED_COLUMNS ")"
	" SELECT t.slot, h.new, t.reason, t.lines, ?1"
	" FROM other.skipped AS t JOIN temp.names AS h ON h.old = t.host"
	" WHERE t.origin = ?2" },

	{ "domain_mx", SCHEMA_FIRST,
	"INSERT INTO main.domain_mx (" DOMAIN_MX_COLUMNS ")"
	" SELECT h.new, d.new, p.new, t.seen_utc, ?1"
	" FROM other.domain_mx AS t JOIN temp.names AS h ON h.old = t.host"
	" JOIN temp.names AS d ON d.old = t.domain"
	" JOIN temp.names AS p ON p.old = t.provider WHERE t.origin = ?2" },

	{ "fragment", SCHEMA_FIRST,
	"INSERT INTO main.fragment (host, queue, queue_id, first_utc, last_utc,"
	" has_head, has_tail, body, origin) SELECT host, queue, queue_id,"
	" first_utc, last_utc, has_head, has_tail, body, ?1"
	" FROM other.fragment WHERE origin = ?2" },

	{ "input", SCHEMA_FIRST,
	"INSERT INTO main.input (head, offset, line, format, last_line_utc,"
	" first_utc, last_utc, path, container, device, inode, size, mtime_ns,"
	" is_complete, read_utc, origin) SELECT ledger_head(head), offset, line,"
	" format, last_line_utc, first_utc, last_utc, path, container, device, inode,"
	" size, mtime_ns, is_complete, read_utc, ?1 FROM other.input"
	" WHERE origin = ?2" },

	{ "report_input", SCHEMA_REPORTS, COPY_AS_IT_IS("report_input",
	"path, container, head_bytes, head_hash, offset, device, inode, size,"
	" mtime_ns, reports, known, refused, is_complete, read_utc") },

	{ "dmarc_report", SCHEMA_REPORTS, COPY_AS_IT_IS("dmarc_report",
	"identity, content, provider, reporter, reporter_domain, email,"
	" report_id, policy_domain, p, sp, np, adkim, aspf, pct, begin_utc,"
	" end_utc, is_signed, path") },

	{ "dmarc_row", SCHEMA_REPORTS, COPY_OF_REPORT("dmarc_row", "dmarc_report",
	"number, source_ip, messages, disposition, dkim, spf, header_from,"
	" envelope_from, envelope_to, reasons, dkim_results, spf_results",
	"t.number, t.source_ip, t.messages, t.disposition, t.dkim, t.spf,"
	" t.header_from, t.envelope_from, t.envelope_to, t.reasons,"
	" t.dkim_results, t.spf_results") },

	{ "tls_report", SCHEMA_REPORTS, COPY_AS_IT_IS("tls_report",
	"identity, content, provider, reporter, reporter_domain, email,"
	" report_id, begin_utc, end_utc, is_signed, path") },

	{ "tls_policy", SCHEMA_REPORTS, COPY_OF_REPORT("tls_policy", "tls_report",
	"number, policy_type, policy_domain, mx_host, successes, failures",
	"t.number, t.policy_type, t.policy_domain, t.mx_host, t.successes,"
	" t.failures") },

	{ "tls_failure", SCHEMA_REPORTS, COPY_OF_REPORT("tls_failure", "tls_report",
	"number, policy, result_type, sending_mta_ip,"
	" receiving_mx_hostname, receiving_mx_helo, receiving_ip, sessions,"
	" failure_reason_code",
	"t.number, t.policy, t.result_type, t.sending_mta_ip,"
	" t.receiving_mx_hostname, t.receiving_mx_helo, t.receiving_ip,"
	" t.sessions, t.failure_reason_code") },

	{ "complaint", SCHEMA_REPORTS, COPY_AS_IT_IS("complaint",
	"key, provider, reporter, report_id, utc, arrival_utc,"
	" feedback_type, source_ip, mail_from, rcpt_to, reported_domain,"
	" user_agent, incidents, path") },

	{ "snds_data", SCHEMA_REPORTS, COPY_AS_IT_IS("snds_data",
	"source_ip, day, fetched_utc, begin_utc, end_utc, rcpt_commands,"
	" data_commands, recipients, filter_result, complaint_rate,"
	" trap_hits, path") },

	{ "snds_status", SCHEMA_REPORTS, COPY_AS_IT_IS("snds_status",
	"range, status, day, is_blocked, fetched_utc, path") },

	{ "bounce_mail", SCHEMA_REPORTS, COPY_AS_IT_IS("bounce_mail",
	"key, provider, reporter, report_id, utc, action, status, dsn,"
	" reply_code, recipient, queue_id, reply, remote_mta, source_ip,"
	" reason, scope, severity, token, rule, in_log, path") },

	{ "late", SCHEMA_REPORTS,
	"INSERT INTO main.late (provider, source, refused_utc, accepted_utc,"
	" origin) SELECT p.new, s.new, t.refused_utc, t.accepted_utc, ?1"
	" FROM other.late AS t JOIN temp.names AS p ON p.old = t.provider"
	" JOIN temp.names AS s ON s.old = t.source WHERE t.origin = ?2" },

	{ "sender_total", SCHEMA_REPORTS,
	"INSERT INTO main.sender_total (" SENDER_TOTAL_COLUMNS ")"
	" SELECT p.new, t.slot, d.new, t.votes, ?1 FROM other.sender_total AS t"
	" JOIN temp.names AS p ON p.old = t.provider"
	" JOIN temp.names AS d ON d.old = t.domain WHERE t.origin = ?2" },

	{ "episode_cost", SCHEMA_REPORTS,
	"INSERT INTO main.episode_cost (" EPISODE_COST_COLUMNS ")"
	" SELECT p.new, s.new, t.first_refusal_utc, t.began_after_utc,"
	" t.began_by_utc, t.ended_after_utc, t.ended_by_utc, t.deliveries,"
	" t.delivered_later, t.delivered_after_end, t.still_open,"
	" t.median_wait_s, t.sender_domains, t.extent, t.sender_domain,"
	" t.near_refused, t.near_accepted, t.far_refused, t.far_accepted,"
	" t.senders_refused, t.senders_accepted, ?1"
	" FROM other.episode_cost AS t"
	" JOIN temp.names AS p ON p.old = t.provider"
	" JOIN temp.names AS s ON s.old = t.source WHERE t.origin = ?2" },

	{ "annotation", SCHEMA_REPORTS, COPY_AS_IT_IS("annotation",
	"utc, provider, source_ip, kind, text, path, line") },

	{ NULL, SCHEMA_FIRST, NULL }
};
/* clang-format on */
