/* SPDX-License-Identifier: BSD-2-Clause */
/* Statements on the tables of schema 2, for the list in store_priv.h. */
#ifndef MX_ANALYZER_STORE_REPORT_SQL_H
#define MX_ANALYZER_STORE_REPORT_SQL_H

/* clang-format off */

/* Keys and origins of the bounces whose failure a log tells of as well: an
 * attempt for the same recipient with the same queue id; or, where the bounce
 * names none, one in the six days (LIMIT_QUEUE_LIFE_S) up to it. An hour more,
 * for clocks that differ. */
#define BOUNCES_IN_LOG \
	"WITH a AS MATERIALIZED (SELECT lower(CAST(recipient AS TEXT)) AS" \
	" who, CAST(queue_id AS BLOB) AS queue_id, utc FROM attempt WHERE" \
	" recipient IS NOT NULL), b AS MATERIALIZED (SELECT key, origin, utc," \
	" lower(CAST(recipient AS TEXT)) AS who, queue_id FROM bounce_mail" \
	" WHERE in_log IS NULL AND recipient IS NOT NULL) SELECT DISTINCT" \
	" b.key, b.origin FROM b JOIN a ON a.who = b.who AND" \
	" (a.queue_id = b.queue_id OR (b.queue_id IS NULL AND" \
	" a.utc BETWEEN b.utc - 522000 AND b.utc + 3600))"

#define REPORT_STATEMENTS(X) \
	X(SQL_REPORT_MAILBOX, "SELECT id, offset, reports, known, refused," \
	    " head_bytes, head_hash FROM report_input WHERE" \
	    " head_bytes BETWEEN 1 AND ?1 AND origin = 1" \
	    " ORDER BY head_bytes DESC, offset DESC") \
	X(SQL_REPORT_FORGET, "DELETE FROM report_input WHERE id = ?1") \
	X(SQL_REPORT_PUT, "INSERT OR REPLACE INTO report_input (path," \
	    " container, offset, device, inode, size, mtime_ns, reports," \
	    " known, refused, is_complete, read_utc, head_bytes, head_hash," \
	    " origin) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11," \
	    " ?12, ?13, ?14, 1)") \
	X(SQL_REPORT_SUMS, "SELECT (SELECT count(*) FROM report_input)," \
	    " (SELECT coalesce(sum(min(refused, 4294967295)), 0)" \
	    " FROM report_input)," \
	    " (SELECT count(*) FROM dmarc_report)," \
	    " (SELECT count(*) FROM tls_report)," \
	    " (SELECT count(*) FROM complaint)," \
	    " (SELECT count(*) FROM snds_data) +" \
	    " (SELECT count(*) FROM snds_status)," \
	    " (SELECT count(*) FROM bounce_mail)," \
	    " (SELECT count(*) FROM annotation)") \
	X(SQL_OWN_ADDRESSES, "SELECT text, label FROM source JOIN name ON" \
	    " id = name") \
	X(SQL_DMARC_REPORTS, "SELECT id, provider," \
	    " lower(CAST(coalesce(reporter, x'') AS TEXT)) || ' ' ||" \
	    " coalesce(reporter_domain, '') || ' ' ||" \
	    " coalesce(policy_domain, ''), identity, content," \
	    " coalesce(begin_utc, end_utc), coalesce(end_utc, begin_utc)," \
	    " is_signed FROM dmarc_report WHERE coalesce(end_utc, begin_utc) >= ?1 AND" \
	    " coalesce(begin_utc, end_utc) < ?2") \
	X(SQL_DMARC_ROWS, "SELECT source_ip, header_from, messages," \
	    " disposition, dkim, spf FROM dmarc_row WHERE report = ?1") \
	X(SQL_TLS_REPORTS, "SELECT id, provider," \
	    " lower(CAST(coalesce(reporter, x'') AS TEXT)) || ' ' ||" \
	    " coalesce(reporter_domain, ''), identity, content," \
	    " coalesce(begin_utc, end_utc), coalesce(end_utc, begin_utc)," \
	    " is_signed FROM tls_report WHERE coalesce(end_utc, begin_utc) >= ?1 AND" \
	    " coalesce(begin_utc, end_utc) < ?2") \
	X(SQL_TLS_POLICIES, "SELECT policy_domain, policy_type, successes," \
	    " failures FROM tls_policy WHERE report = ?1") \
	X(SQL_TLS_FAILURES, "SELECT p.policy_domain, p.policy_type," \
	    " f.result_type, f.sessions FROM tls_failure AS f JOIN" \
	    " tls_policy AS p ON p.report = f.report AND p.number = f.policy" \
	    " WHERE f.report = ?1") \
	X(SQL_COMPLAINTS, "SELECT provider, source_ip, feedback_type," \
	    " incidents, coalesce(utc, arrival_utc) FROM complaint AS c WHERE" \
	    " coalesce(utc, arrival_utc) >= ?1 AND coalesce(utc, arrival_utc)" \
	    " < ?2 AND NOT EXISTS (SELECT 1 FROM complaint AS d WHERE" \
	    " d.key = c.key AND d.origin < c.origin)") \
	X(SQL_SNDS_DATA, "SELECT source_ip, day, begin_utc, end_utc," \
	    " rcpt_commands, data_commands, recipients, trap_hits," \
	    " filter_result, complaint_rate FROM snds_data AS s WHERE" \
	    " day * 86400 + 43200 >= ?1 AND day * 86400 + 43200 < ?2 AND NOT" \
	    " EXISTS (SELECT 1 FROM snds_data AS o WHERE" \
	    " o.source_ip = s.source_ip AND o.day = s.day AND" \
	    " (o.fetched_utc > s.fetched_utc OR" \
	    " (o.fetched_utc = s.fetched_utc AND o.origin < s.origin)))" \
	    " ORDER BY day, source_ip") \
	X(SQL_SNDS_STATUS, "SELECT range, day, is_blocked, status," \
	    " fetched_utc FROM snds_status AS s WHERE" \
	    " day * 86400 + 43200 >= ?1 AND day * 86400 + 43200 < ?2 AND NOT" \
	    " EXISTS (SELECT 1 FROM snds_status AS o WHERE" \
	    " o.range = s.range AND o.status = s.status AND o.day = s.day AND" \
	    " o.origin < s.origin) ORDER BY day, range, status") \
	X(SQL_BOUNCES_IN_LOG, BOUNCES_IN_LOG) \
	X(SQL_BOUNCES, "SELECT key, provider, reason, token, action, in_log," \
	    " utc, source_ip, origin FROM bounce_mail AS c WHERE utc >= ?1" \
	    " AND utc < ?2 AND NOT EXISTS (SELECT 1 FROM bounce_mail AS d" \
	    " WHERE d.key = c.key AND d.origin < c.origin)") \
	X(SQL_REPORT_BOUNDS, "WITH t AS (SELECT (coalesce(begin_utc," \
	    " end_utc) + coalesce(end_utc, begin_utc)) / 2 AS utc FROM" \
	    " dmarc_report UNION ALL SELECT (coalesce(begin_utc, end_utc) +" \
	    " coalesce(end_utc, begin_utc)) / 2 FROM tls_report UNION ALL" \
	    " SELECT coalesce(utc, arrival_utc) FROM complaint UNION ALL" \
	    " SELECT day * 86400 + 43200 FROM snds_data UNION ALL" \
	    " SELECT fetched_utc FROM snds_status UNION ALL" \
	    " SELECT utc FROM bounce_mail) SELECT min(utc), max(utc) FROM t" \
	    " WHERE utc BETWEEN 1262304000 AND ?1 + 172800") \
	X(SQL_DMARC_ADD, "INSERT INTO dmarc_report (identity, content," \
	    " provider, reporter, reporter_domain, email, report_id," \
	    " policy_domain, p, sp, np, adkim, aspf, pct, begin_utc, end_utc," \
	    " path, is_signed, origin) VALUES (x'', 0, ?1, ?2, ?3, ?4, ?5," \
	    " ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, 1)") \
	X(SQL_DMARC_ROW_ADD, "INSERT INTO dmarc_row (report, number," \
	    " source_ip, messages, disposition, dkim, spf, header_from," \
	    " envelope_from, envelope_to, reasons, dkim_results, spf_results," \
	    " origin) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11," \
	    " ?12, ?13, 1)") \
	X(SQL_DMARC_NAME, "UPDATE OR IGNORE dmarc_report SET identity = ?2," \
	    " content = ?3 WHERE id = ?1") \
	X(SQL_DMARC_SIGN, "UPDATE dmarc_report SET is_signed = ?3 WHERE" \
	    " identity = ?1 AND content = ?2 AND origin = 1 AND" \
	    " coalesce(is_signed, -1) < ?3") \
	X(SQL_DMARC_ALIKE, "SELECT count(*) FROM dmarc_report WHERE" \
	    " identity = ?1") \
	X(SQL_DMARC_DROP_ROWS, "DELETE FROM dmarc_row WHERE report = ?1") \
	X(SQL_DMARC_DROP, "DELETE FROM dmarc_report WHERE id = ?1") \
	X(SQL_TLS_ADD, "INSERT INTO tls_report (identity, content, provider," \
	    " reporter, reporter_domain, email, report_id, begin_utc," \
	    " end_utc, path, is_signed, origin) VALUES (x'', 0, ?1, ?2, ?3," \
	    " ?4, ?5, ?6, ?7, ?8, ?9, 1)") \
	X(SQL_TLS_POLICY_ADD, "INSERT INTO tls_policy (report, number," \
	    " policy_type, policy_domain, mx_host, successes, failures," \
	    " origin) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1)") \
	X(SQL_TLS_FAILURE_ADD, "INSERT INTO tls_failure (report, number," \
	    " policy, result_type, sending_mta_ip, receiving_mx_hostname," \
	    " receiving_mx_helo, receiving_ip, sessions, failure_reason_code," \
	    " origin) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 1)") \
	X(SQL_TLS_NAME, "UPDATE OR IGNORE tls_report SET identity = ?2," \
	    " content = ?3 WHERE id = ?1") \
	X(SQL_TLS_SIGN, "UPDATE tls_report SET is_signed = ?3 WHERE" \
	    " identity = ?1 AND content = ?2 AND origin = 1 AND" \
	    " coalesce(is_signed, -1) < ?3") \
	X(SQL_TLS_ALIKE, "SELECT count(*) FROM tls_report WHERE" \
	    " identity = ?1") \
	X(SQL_TLS_DROP_POLICIES, "DELETE FROM tls_policy WHERE report = ?1") \
	X(SQL_TLS_DROP_FAILURES, "DELETE FROM tls_failure WHERE report = ?1") \
	X(SQL_TLS_DROP, "DELETE FROM tls_report WHERE id = ?1") \
	X(SQL_COMPLAINT_ADD, "INSERT OR IGNORE INTO complaint (key, provider," \
	    " reporter, report_id, utc, arrival_utc, feedback_type," \
	    " source_ip, mail_from, rcpt_to, reported_domain, user_agent," \
	    " incidents, path, origin) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7," \
	    " ?8, ?9, ?10, ?11, ?12, ?13, ?14, 1)") \
	X(SQL_SNDS_DATA_PUT, "INSERT INTO snds_data (source_ip, day," \
	    " fetched_utc, begin_utc, end_utc, rcpt_commands, data_commands," \
	    " recipients, filter_result, complaint_rate, trap_hits, path," \
	    " origin) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11," \
	    " ?12, 1) ON CONFLICT DO UPDATE SET fetched_utc = ?3," \
	    " begin_utc = ?4, end_utc = ?5, rcpt_commands = ?6," \
	    " data_commands = ?7, recipients = ?8, filter_result = ?9," \
	    " complaint_rate = ?10, trap_hits = ?11, path = ?12 WHERE" \
	    " (fetched_utc, coalesce(rcpt_commands, -1)," \
	    " coalesce(data_commands, -1), coalesce(recipients, -1)," \
	    " coalesce(trap_hits, -1)) < (?3, coalesce(?6, -1)," \
	    " coalesce(?7, -1), coalesce(?8, -1), coalesce(?11, -1))") \
	X(SQL_SNDS_STATUS_ADD, "INSERT OR IGNORE INTO snds_status (range," \
	    " status, day, is_blocked, fetched_utc, path, origin) VALUES (?1," \
	    " ?2, ?3, ?4, ?5, ?6, 1)") \
	X(SQL_BOUNCE_ADD, "INSERT OR IGNORE INTO bounce_mail (key, provider," \
	    " reporter, report_id, utc, action, status, dsn, reply_code," \
	    " recipient, queue_id, reply, remote_mta, source_ip, reason," \
	    " scope, severity, token, rule, path, origin) VALUES (?1, ?2, ?3," \
	    " ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17," \
	    " ?18, ?19, ?20, 1)")
/* clang-format on */

#endif
