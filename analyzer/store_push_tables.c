/* SPDX-License-Identifier: BSD-2-Clause */
/* Which rows of the store go into which table of a fleet, column by column in
 * the order of analyzer/clickhouse.sql. */
#include "analyzer/store_push_priv.h"

/* A row's time says its day; ?1 and ?2 bound it. */
#define BY(time) " WHERE " time " >= ?1 AND " time " < ?2"
#define ENDED "coalesce(end_utc, begin_utc, 0)"
#define REPORT_ENDED "coalesce(r.end_utc, r.begin_utc, 0)"
#define ARRIVED "coalesce(utc, arrival_utc, 0)"
#define ROW_ENDED "coalesce(ROW.end_utc, ROW.begin_utc, 0)"
#define ROW_ARRIVED "coalesce(ROW.utc, ROW.arrival_utc, 0)"
/* The rows of a report, which have no time of their own. */
#define OF_REPORT(table, reports, columns) \
	"SELECT t.origin, " REPORT_ENDED ", r.identity, r.content, " columns \
	" FROM " reports " AS r JOIN " table " AS t ON t.report = r.id" \
	BY(REPORT_ENDED)

/* clang-format off */
const struct push_table push_tables[] = {
	{ true, "total", "ROW.slot", "tnnniiiiiiiiiiidvv",
	  "slot, provider, source, domain, accepted_attempts,"
	  " deferred_attempts, bounced_attempts, suspended, refused, messages,"
	  " accepted, deferred, bounced, expired, blocked, delay_bucket,"
	  " delay_count, vote_s, vote_n, other_s, other_n",
	  "SELECT origin, slot, slot, provider, source, domain,"
	  " accepted_attempts, deferred_attempts, bounced_attempts, suspended,"
	  " refused, messages, accepted, deferred, bounced, expired, blocked,"
	  " delays, votes, others FROM total" BY("slot") },
	{ true, "sender_total", "ROW.slot", "tnnv",
	  "slot, provider, domain, vote_s, vote_n",
	  /* its key begins with the provider: by each, or all is read */
	  "SELECT origin, slot, slot, provider, domain, votes"
	  " FROM sender_total" BY("slot") " AND provider IN (SELECT id FROM"
	  " name WHERE kind = 4)" },
	{ true, "message_gap", "ROW.slot", "tibnnni",
	  "slot, gap_s, kind, provider, source, domain, messages",
	  "SELECT origin, slot, slot, gap_s, kind, provider, source, domain,"
	  " messages FROM message_gap" BY("slot") },
	{ true, "reply_total", "ROW.slot", "tnriiTT",
	  "slot, source, reply, attempts, deliveries, first_utc, last_utc",
	  "SELECT origin, slot, slot, source, reply, attempts, deliveries,"
	  " first_utc, last_utc FROM reply_total" BY("slot") },
	{ true, "attempt", "ROW.utc", "itwTnnnnrbSIbsSSSSNI",
	  "id, utc, us, arrival_utc, provider, source, domain, host, reply,"
	  " outcome, stage, reply_code, votes, queue_id, sender, recipient,"
	  " relay, words, path, line",
	  "SELECT origin, utc, id, utc, us, arrival_utc, provider, source,"
	  " domain, host, reply, outcome, stage, reply_code, votes, queue_id,"
	  " sender, recipient, relay, words, path, line FROM attempt"
	  BY("utc") },
	{ true, "late", "ROW.refused_utc", "inntt",
	  "id, provider, source, refused_utc, accepted_utc",
	  "SELECT origin, refused_utc, id, provider, source, refused_utc,"
	  " accepted_utc FROM late" BY("refused_utc") },
	{ false, "fragment", "ROW.first_utc", "isssttbbs",
	  "id, host, queue, queue_id, first_utc, last_utc, has_head,"
	  " has_tail, body",
	  "SELECT origin, first_utc, id, host, queue, queue_id, first_utc,"
	  " last_utc, has_head, has_tail, body FROM fragment"
	  BY("first_utc") },
	{ true, "coverage", "ROW.slot", "tnttii",
	  "slot, host, first_utc, last_utc, lines, losses",
	  "SELECT origin, slot, slot, host, first_utc, last_utc, lines, losses"
	  " FROM coverage" BY("slot") },
	{ true, "skipped", "ROW.slot", "tnsi", "slot, host, reason, lines",
	  "SELECT origin, slot, slot, host, reason, lines FROM skipped"
	  BY("slot") },
	{ false, "dmarc_report", ROW_ENDED, "susSSSSSSSSSSITTBs",
	  "identity, content, provider, reporter, reporter_domain, email,"
	  " report_id, policy_domain, p, sp, np, adkim, aspf, pct, begin_utc,"
	  " end_utc, is_signed, path",
	  "SELECT origin, " ENDED ", identity, content, provider, reporter,"
	  " reporter_domain, email, report_id, policy_domain, p, sp, np,"
	  " adkim, aspf, pct, begin_utc, end_utc, is_signed, path"
	  " FROM dmarc_report" BY(ENDED) },
	{ false, "dmarc_row", "", "suiSiSSSSSSSSS",
	  "identity, content, number, source_ip, messages, disposition, dkim,"
	  " spf, header_from, envelope_from, envelope_to, reasons,"
	  " dkim_results, spf_results",
	  OF_REPORT("dmarc_row", "dmarc_report", "t.number, t.source_ip,"
	  " t.messages, t.disposition, t.dkim, t.spf, t.header_from,"
	  " t.envelope_from, t.envelope_to, t.reasons, t.dkim_results,"
	  " t.spf_results") },
	{ false, "tls_report", ROW_ENDED, "susSSSSTTBs",
	  "identity, content, provider, reporter, reporter_domain, email,"
	  " report_id, begin_utc, end_utc, is_signed, path",
	  "SELECT origin, " ENDED ", identity, content, provider, reporter,"
	  " reporter_domain, email, report_id, begin_utc, end_utc, is_signed,"
	  " path FROM tls_report" BY(ENDED) },
	{ false, "tls_policy", "", "suiSSSII",
	  "identity, content, number, policy_type, policy_domain, mx_host,"
	  " successes, failures",
	  OF_REPORT("tls_policy", "tls_report", "t.number, t.policy_type,"
	  " t.policy_domain, t.mx_host, t.successes, t.failures") },
	{ false, "tls_failure", "", "suiiSSSSSIS",
	  "identity, content, number, policy, result_type, sending_mta_ip,"
	  " receiving_mx_hostname, receiving_mx_helo, receiving_ip, sessions,"
	  " failure_reason_code",
	  OF_REPORT("tls_failure", "tls_report", "t.number, t.policy,"
	  " t.result_type, t.sending_mta_ip, t.receiving_mx_hostname,"
	  " t.receiving_mx_helo, t.receiving_ip, t.sessions,"
	  " t.failure_reason_code") },
	{ false, "complaint", ROW_ARRIVED, "usSSTTSSSSSSIs",
	  "key, provider, reporter, report_id, utc, arrival_utc,"
	  " feedback_type, source_ip, mail_from, rcpt_to, reported_domain,"
	  " user_agent, incidents, path",
	  "SELECT origin, " ARRIVED ", key, provider, reporter, report_id, utc,"
	  " arrival_utc, feedback_type, source_ip, mail_from, rcpt_to,"
	  " reported_domain, user_agent, incidents, path FROM complaint"
	  BY(ARRIVED) },
	{ false, "snds_data", "ROW.day * 86400", "siTTTIIISSIs",
	  "source_ip, data_day, fetched_utc, begin_utc, end_utc,"
	  " rcpt_commands, data_commands, recipients, filter_result,"
	  " complaint_rate, trap_hits, path",
	  "SELECT origin, day * 86400, source_ip, day, fetched_utc, begin_utc,"
	  " end_utc, rcpt_commands, data_commands, recipients, filter_result,"
	  " complaint_rate, trap_hits, path FROM snds_data"
	  BY("day * 86400") },
	{ false, "snds_status", "ROW.day * 86400", "ssibts",
	  "range, status, data_day, is_blocked, fetched_utc, path",
	  "SELECT origin, day * 86400, range, status, day, is_blocked,"
	  " fetched_utc, path FROM snds_status" BY("day * 86400") },
	{ false, "bounce_mail", "coalesce(ROW.utc, 0)", "usSSTSSSISSSSSSSSSSBs",
	  "key, provider, reporter, report_id, utc, action, status, dsn,"
	  " reply_code, recipient, queue_id, reply, remote_mta, source_ip,"
	  " reason, scope, severity, token, rule, in_log, path",
	  "SELECT origin, coalesce(utc, 0), key, provider, reporter, report_id,"
	  " utc, action, status, dsn, reply_code, recipient, queue_id, reply,"
	  " remote_mta, source_ip, reason, scope, severity, token, rule, in_log,"
	  " path FROM bounce_mail" BY("coalesce(utc, 0)") },

	/* Without a day. The kinds of reply are the store's, whoever of its
	 * origins needs them. */
	{ false, "reply", NULL, "rnussSSssbbst",
	  "reply, provider, fingerprint, masked, reason, scope, severity,"
	  " token, rule, explicit, votes, sample, sample_utc",
	  "SELECT 1, 0, id, provider, fingerprint, masked, reason, scope,"
	  " severity, token, rule, explicit, votes, sample, sample_utc"
	  " FROM reply" },
	{ false, "source", NULL, "nNNbSb",
	  "source, host, instance, known, label, disputed",
	  "SELECT origin, 0, name, host, instance, known, label, disputed"
	  " FROM source" },
	{ false, "episode", NULL, "nnttTTTtbiiiiiib",
	  "provider, source, first_refusal_utc, last_refusal_utc,"
	  " confirmed_utc, last_accept_before_utc, first_accept_after_utc,"
	  " closed_utc, phase, threshold, messages, recipients, attempts, flaps,"
	  " repeat, began_before_log",
	  "SELECT origin, 0, provider, source, first_refusal_utc,"
	  " last_refusal_utc, confirmed_utc, last_accept_before_utc,"
	  " first_accept_after_utc, closed_utc, phase, threshold, messages,"
	  " recipients, attempts, flaps, repeat, began_before_log"
	  " FROM episode" },
	{ false, "episode_cost", NULL, "nntTttTiiiiiisSiiiiii",
	  "provider, source, first_refusal_utc, began_after_utc,"
	  " began_by_utc, ended_after_utc, ended_by_utc, deliveries,"
	  " delivered_later, delivered_after_end, still_open, median_wait_s,"
	  " sender_domains, extent, sender_domain, near_refused,"
	  " near_accepted, far_refused, far_accepted, senders_refused,"
	  " senders_accepted",
	  "SELECT origin, 0, provider, source, first_refusal_utc,"
	  " began_after_utc, began_by_utc, ended_after_utc, ended_by_utc,"
	  " deliveries, delivered_later, delivered_after_end, still_open,"
	  " median_wait_s, sender_domains, extent, sender_domain,"
	  " near_refused, near_accepted, far_refused, far_accepted,"
	  " senders_refused, senders_accepted FROM episode_cost" },
	{ false, "episode_reply", NULL, "nntri",
	  "provider, source, first_refusal_utc, reply, attempts",
	  "SELECT origin, 0, provider, source, first_refusal_utc, reply,"
	  " attempts FROM episode_reply" },
	{ false, "input", NULL, "isiisTTssbt",
	  "id, head, offset, line, format, first_utc, last_utc, path,"
	  " container, is_complete, read_utc",
	  "SELECT origin, 0, id, head, offset, line, format, first_utc,"
	  " last_utc, path, container, is_complete, read_utc FROM input" },
	{ false, "report_input", NULL, "issiiibt",
	  "id, path, container, reports, known, refused, is_complete, read_utc",
	  "SELECT origin, 0, id, path, container, reports, known, refused,"
	  " is_complete, read_utc FROM report_input" },
	{ false, "annotation", NULL, "itsssssi",
	  "id, utc, provider, source_ip, kind, text, path, line",
	  "SELECT origin, 0, id, utc, provider, source_ip, kind, text, path,"
	  " line FROM annotation" },
	{ false, NULL, NULL, NULL, NULL, NULL }
};
/* clang-format on */
