/* SPDX-License-Identifier: BSD-2-Clause */
/* What is fetched of a fleet, table by table: what the cluster is asked, what
 * its columns hold (fleet_rows.h), and how a row of the answer stands in the
 * private store. The cluster adds up what a report adds up anyway, so that
 * the same questions asked of the store have the same answers. Many rows come
 * in the order of the keys that they get here, and so stand side by side. */
#include "analyzer/store_fleet_priv.h"

/* clang-format off */
#define SUMS \
	" toInt64(sum(accepted_attempts)), toInt64(sum(deferred_attempts))," \
	" toInt64(sum(bounced_attempts)), toInt64(sum(suspended))," \
	" toInt64(sum(refused)), toInt64(sum(messages))," \
	" toInt64(sum(accepted)), toInt64(sum(deferred))," \
	" toInt64(sum(bounced)), toInt64(sum(expired))," \
	" toInt64(sum(blocked))"
#define COUNTS \
	" accepted_attempts, deferred_attempts, bounced_attempts, suspended," \
	" refused, messages, accepted, deferred, bounced, expired, blocked"
#define SUM_LETTERS "ccccccccccc"
#define ADD_TOTAL(values, more) \
	"INSERT INTO total (" TOTAL_COLUMNS ") VALUES (" values ", 1)" \
	" ON CONFLICT DO UPDATE SET " more
#define ADD_COUNTS(first, a, b, c, d, e, f, g, h, i, j, k) \
	ADD_TOTAL(first ", ?" #a ", ?" #b ", ?" #c ", ?" #d ", ?" #e ", ?" #f \
	", ?" #g ", ?" #h ", ?" #i ", ?" #j ", ?" #k ", NULL, NULL, NULL", \
	"accepted_attempts = accepted_attempts + ?" #a "," \
	" deferred_attempts = deferred_attempts + ?" #b "," \
	" bounced_attempts = bounced_attempts + ?" #c "," \
	" suspended = suspended + ?" #d ", refused = refused + ?" #e "," \
	" messages = messages + ?" #f ", accepted = accepted + ?" #g "," \
	" deferred = deferred + ?" #h ", bounced = bounced + ?" #i "," \
	" expired = expired + ?" #j ", blocked = blocked + ?" #k)
#define NO_COUNTS "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0"
#define ADD_CELL \
	ADD_COUNTS("?1, ?2, ?3, 0", 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14)
#define ADD_DELAYS \
	ADD_TOTAL("?1, ?2, ?3, 0, " NO_COUNTS ", ?4, NULL, NULL", \
	"delays = add_delays(delays, ?4)")
#define ADD_DOMAIN \
	ADD_TOTAL("?1, 0, 0, ?2, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13," \
	" ?14, ?3, NULL, NULL", \
	"delays = add_delays(delays, ?3)," \
	" accepted_attempts = accepted_attempts + ?4," \
	" deferred_attempts = deferred_attempts + ?5," \
	" bounced_attempts = bounced_attempts + ?6," \
	" suspended = suspended + ?7, refused = refused + ?8," \
	" messages = messages + ?9, accepted = accepted + ?10," \
	" deferred = deferred + ?11, bounced = bounced + ?12," \
	" expired = expired + ?13, blocked = blocked + ?14")
/* The order within a store stays what it is there. */
#define LOCAL_ID "(?1 << 40) | (?2 & 0xffffffffff)"
#define ATTEMPT_COLUMNS \
	"toInt64(origin), id, toInt64(utc), toInt64(us), toInt64(arrival_utc)," \
	" provider, source, host, toInt64(reply), toInt64(outcome)," \
	" toInt64(votes), queue_id, sender, recipient"
#define ATTEMPT_LETTERS "onucUpshrkktBB"
#define ADD_ATTEMPT(domain, rest) \
	"INSERT INTO attempt (origin, id, utc, us, arrival_utc, provider," \
	" source, host, reply, outcome, votes, queue_id, sender, recipient," \
	" domain, stage, reply_code, relay, words, path, line) VALUES (?1, " \
	LOCAL_ID ", ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, " \
	domain ", " rest ")"
#define ADD_VOTE ADD_ATTEMPT("0", "NULL, NULL, NULL, ?15, NULL, NULL")
/* An episode quotes words that name its own address. It may begin with any
 * refusal, so it may be any that it quotes. */
#define QUOTED_WORDS \
	" if(reply GLOBAL IN (SELECT reply FROM reply WHERE position(masked," \
	" '<ip>') > 0 AND {ok0}), words, NULL)"
#define ADD_COVERAGE(host, lines, losses) \
	"INSERT INTO coverage (" COVERAGE_COLUMNS ") VALUES (?1, " host ", ?3," \
	" ?4, " lines ", " losses ", 1) ON CONFLICT DO UPDATE SET" \
	" first_utc = min(first_utc, ?3), last_utc = max(last_utc, ?4)," \
	" lines = lines + " lines ", losses = losses + " losses

const struct fleet_fetch fleet_fetches[] = {
	{ "reply", FOR_ALL, WHEN_ASKED,
	/* the same text of all who know it; of samples the first */
	"SELECT toInt64(reply), min(provider), toInt64(min(fingerprint)),"
	" min(masked), min(reason), min(scope), min(severity), min(token),"
	" min(rule), toInt64(min(explicit)), toInt64(min(votes)),"
	" min(sample), toInt64(min(sample_utc)) FROM reply WHERE {ok0} AND"
	" (reply, sample_utc) GLOBAL IN (SELECT reply, min(sample_utc) FROM"
	" reply WHERE {ok0} GROUP BY reply) GROUP BY reply",
	"npnttTTttkkbu",
	"INSERT INTO reply (provider, fingerprint, masked, reason,"
	" scope, severity, token, rule, explicit, votes, sample, sample_utc)"
	" VALUES (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
	" ON CONFLICT DO UPDATE SET votes = votes RETURNING id" },

	/* By day and pair, as far as days of UTC tell it: they are sums, but
	 * where two stores know of the same pair. */
	{ "pair_day", FOR_SUMS, WHEN_DAYS_ARE_UTC,
	"SELECT toInt64(slot), provider, source," COUNTS " FROM pair_day"
	" WHERE {in} AND {whole} AND {okw}{pair}",
	"ups" SUM_LETTERS, ADD_CELL },
	{ "total", FOR_SUMS, WHEN_DAYS_ARE_CUT,
	"SELECT toInt64(min(slot)), provider, source," SUMS " FROM total"
	" WHERE {in} AND {cut} AND {okw}{pair}"
	" GROUP BY {cell}, provider, source ORDER BY min(slot)",
	"ups" SUM_LETTERS, ADD_CELL },
	{ "pair_hour", FOR_SUMS, WHEN_DAYS_DIFFER,
	"SELECT toInt64(min(slot)), provider, source," SUMS " FROM pair_hour"
	" WHERE {in} AND {okw}{pair}"
	" GROUP BY {cell}, provider, source ORDER BY min(slot)",
	"ups" SUM_LETTERS, ADD_CELL },

	{ "pair_day", FOR_SUMS, WHEN_ASKED,
	"SELECT toInt64(min(slot)), provider, source,"
	" sumMap(delay_b, delay_n) FROM pair_day"
	" WHERE {in} AND {whole} AND {okw}{pair}"
	" GROUP BY {part}, provider, source",
	"upsy", ADD_DELAYS },
	{ "total", FOR_SUMS, WHEN_CUT,
	"SELECT toInt64(min(slot)), provider, source,"
	" sumMap(delay_bucket, delay_count) FROM total"
	" WHERE {in} AND {cut} AND {okw}{pair}"
	" GROUP BY {part}, provider, source",
	"upsy", ADD_DELAYS },

	/* by domain; under a filter, by hours and pair */
	{ "domain_day", FOR_SUMS, WHEN_UNFILTERED,
	"SELECT toInt64(min(slot)), domain, sumMap(delay_b, delay_n),"
	SUMS " FROM domain_day WHERE {in} AND {whole} AND {okw}"
	" GROUP BY {part}, domain ORDER BY min(slot)",
	"udy" SUM_LETTERS, ADD_DOMAIN },
	{ "total", FOR_SUMS, WHEN_REST,
	"SELECT toInt64(min(slot)), domain, sumMap(delay_bucket, delay_count),"
	SUMS " FROM total WHERE {in} AND {rest} AND {remote} AND {okw}{pair}"
	" GROUP BY {part}, domain ORDER BY min(slot)",
	"udy" SUM_LETTERS, ADD_DOMAIN },

	/* for episodes: acceptances, from the begin, of all sources; and how
	 * many messages are usual, but for those asked for above. Nearly each
	 * row has a key of its own, so it is added up here. */
	{ "pair_hour", FOR_SUMS, WHEN_REFUSED,
	"SELECT toInt64(slot), provider, source, accept_s, accept_n, pass_s,"
	" pass_n, if({in}{pair}, toInt64(0), messages) FROM pair_hour WHERE"
	" {refused} AND toInt64(slot) < {until} AND (notEmpty(accept_s) OR"
	" notEmpty(pass_s) OR (messages != 0 AND NOT ({in}{pair}))) AND {ok}",
	"upsmmc",
	ADD_TOTAL("?1, ?2, ?3, 0, 0, 0, 0, 0, 0, ?6, 0, 0, 0, 0, 0, NULL, ?4,"
	" ?5", "votes = add_seconds(votes, ?4), others = add_seconds(others,"
	" ?5), messages = messages + ?6") },

	{ "sender_total", FOR_SUMS, WHEN_REFUSED,
	"SELECT toInt64(slot), provider, domain, sumMap(vote_s, vote_n) FROM"
	" sender_total WHERE {refused} AND toInt64(slot) < {until} AND {ok}"
	" GROUP BY slot, provider, domain ORDER BY provider, slot",
	"updm",
	"INSERT INTO sender_total (" SENDER_TOTAL_COLUMNS ") VALUES (?2, ?1,"
	" ?3, ?4, 1)" },

	{ "message_gap", FOR_SUMS, WHEN_ASKED,
	"SELECT toInt64(min(slot)), {gap}, toInt64(kind),"
	" if(kind IN (0, 1, 2), provider, NULL),"
	" if(kind IN (0, 1, 3), source, NULL),"
	" toInt64(sum(messages)) FROM message_gap WHERE {in} AND {step} AND"
	" kind != 4 AND {okw} GROUP BY {steps}, kind, provider, source"
	" ORDER BY min(slot)",
	"uukPSc",
	"INSERT INTO message_gap (" GAP_COLUMNS ") VALUES (?1, ?2, ?3,"
	" coalesce(?4, 0), coalesce(?5, 0), 0, ?6, 1) ON CONFLICT DO UPDATE"
	" SET messages = messages + ?6" },

	{ "message_gap", FOR_SUMS, WHEN_ASKED,
	"SELECT toInt64(min(slot)), {gap}, toInt64(kind), domain,"
	" toInt64(sum(messages)) FROM message_gap WHERE {in} AND {hop} AND"
	" (kind = 4 OR (kind = 0 AND {remote}{pair})) AND {okw}"
	" GROUP BY {hops}, kind, domain ORDER BY min(slot)",
	"uukdc",
	"INSERT INTO message_gap (" GAP_COLUMNS ") VALUES (?1, ?2, ?3, 0, 0,"
	" ?4, ?5, 1) ON CONFLICT DO UPDATE SET messages = messages + ?5" },

	{ "reply_total", FOR_SUMS, WHEN_ASKED,
	"SELECT toInt64(min(slot)), {source}, toInt64(reply),"
	" toInt64(sum(attempts)), toInt64(sum(deliveries)),"
	" toInt64(min(first_utc)), toInt64(max(last_utc)) FROM reply_total"
	" WHERE {in} AND {okw}{by} GROUP BY {part}, reply",
	"usrccUU",
	"INSERT INTO reply_total (" REPLY_TOTAL_COLUMNS ") VALUES (?1, ?2, ?3,"
	" ?4, ?5, ?6, ?7, 1)" },

	{ "attempt", FOR_VOTES, WHEN_ASKED,
	"SELECT " ATTEMPT_COLUMNS "," QUOTED_WORDS " FROM attempt WHERE"
	" votes = 1 AND toInt64(utc) < {until}{to} AND {ok}"
	" ORDER BY origin, id",
	ATTEMPT_LETTERS "B", ADD_VOTE },
	{ "attempt", FOR_VOTES, WHEN_BOUNCED,
	"SELECT " ATTEMPT_COLUMNS "," QUOTED_WORDS " FROM attempt WHERE"
	" NOT (votes = 1 AND toInt64(utc) < {until}{to}) AND {bounced} AND"
	" {ok}",
	ATTEMPT_LETTERS "B", ADD_VOTE },

	/* the same with their words */
	{ "attempt", FOR_WORDS, WHEN_ASKED,
	"SELECT " ATTEMPT_COLUMNS ", domain, stage, reply_code, relay, words,"
	" path, line FROM attempt WHERE {traced} AND {ok} ORDER BY origin,"
	" id",
	ATTEMPT_LETTERS "dTCBBFC",
	ADD_ATTEMPT("?15", "?16, ?17, ?18, ?19, ?20, ?21") },

	{ "late", FOR_SUMS, WHEN_ASKED,
	"SELECT provider, source, toInt64(refused_utc), toInt64(accepted_utc)"
	" FROM late WHERE toInt64(refused_utc) < {until}{to} AND {ok}",
	"psuu",
	"INSERT INTO late (provider, source, refused_utc, accepted_utc,"
	" origin) VALUES (?1, ?2, ?3, ?4, 1)" },

	{ "episode", FOR_SUMS, WHEN_ASKED,
	"SELECT provider, source, toInt64(first_refusal_utc),"
	" toInt64(last_refusal_utc), toInt64(confirmed_utc),"
	" toInt64(last_accept_before_utc), toInt64(first_accept_after_utc),"
	" toInt64(closed_utc), toInt64(phase), threshold, messages,"
	" recipients, attempts, flaps, repeat, toInt64(began_before_log),"
	" toInt64(origin) FROM episode WHERE {ok0}",
	"psuuUUUukcccccc" "ko",
	"INSERT INTO episode (" EPISODE_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5,"
	" ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)" },

	{ "episode_cost", FOR_SUMS, WHEN_ASKED,
	"SELECT provider, source, toInt64(first_refusal_utc),"
	" toInt64(began_after_utc), toInt64(began_by_utc),"
	" toInt64(ended_after_utc), toInt64(ended_by_utc), deliveries,"
	" delivered_later, delivered_after_end, still_open, median_wait_s,"
	" sender_domains, extent, sender_domain, near_refused, near_accepted,"
	" far_refused, far_accepted, senders_refused, senders_accepted,"
	" toInt64(origin) FROM episode_cost WHERE {ok0}",
	"psuUuuUcccccctTcccccco",
	"INSERT INTO episode_cost (" EPISODE_COST_COLUMNS ") VALUES (?1, ?2,"
	" ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,"
	" ?18, ?19, ?20, ?21, ?22)" },

	{ "episode_reply", FOR_SUMS, WHEN_ASKED,
	"SELECT provider, source, toInt64(first_refusal_utc), toInt64(reply),"
	" attempts, toInt64(origin) FROM episode_reply WHERE {ok0}",
	"psurco",
	"INSERT INTO episode_reply (" EPISODE_REPLY_COLUMNS ") VALUES (?1, ?2,"
	" ?3, ?4, ?5, ?6)" },

	{ "coverage", FOR_SUMS, WHEN_ASKED,
	"SELECT toInt64(min(slot)), host, toInt64(min(first_utc)),"
	" toInt64(max(last_utc)), toInt64(sum(lines)), toInt64(sum(losses))"
	" FROM coverage WHERE {in} AND {okw} GROUP BY {cell}, host",
	"uhuucc", ADD_COVERAGE("?2", "?5", "?6") },
	/* beyond the windows: when the log of each host begins and ends */
	{ "coverage", FOR_SUMS, WHEN_ASKED,
	"SELECT toInt64(min(slot)), host, toInt64(min(first_utc)),"
	" toInt64(max(last_utc)) FROM coverage WHERE NOT {in} AND {ok}"
	" GROUP BY host",
	"uhuu", ADD_COVERAGE("?2", "0", "0") },
	/* and which days have any; no host has the number 0 */
	{ "coverage", FOR_SUMS, WHEN_ASKED,
	"SELECT toInt64(min(slot)), toInt64(min(first_utc)),"
	" toInt64(max(last_utc)) FROM coverage WHERE NOT {in} AND {ok}"
	" GROUP BY day",
	"uuu",
	"INSERT INTO coverage (" COVERAGE_COLUMNS ") VALUES (?1, 0, ?2, ?3, 0,"
	" 0, 1)" },

	{ "skipped", FOR_SUMS, WHEN_ASKED,
	"SELECT toInt64(min(slot)), host, reason, toInt64(sum(lines)) FROM"
	" skipped WHERE {in} AND {okw} GROUP BY {cell}, host, reason",
	"uhtc",
	"INSERT INTO skipped (" SKIPPED_COLUMNS ") VALUES (?1, ?2, ?3, ?4, 1)"
	" ON CONFLICT DO UPDATE SET lines = lines + ?4" },

	{ "fragment", FOR_ALL, WHEN_ASKED,
	"SELECT toInt64(origin), id, host, queue, queue_id,"
	" toInt64(first_utc), toInt64(last_utc), toInt64(has_head),"
	" toInt64(has_tail), body FROM fragment WHERE {ok}",
	"ontttuukkb",
	"INSERT INTO fragment (id, host, queue, queue_id, first_utc, last_utc,"
	" has_head, has_tail, body, origin) VALUES (" LOCAL_ID ", ?3, ?4, ?5,"
	" ?6, ?7, ?8, ?9, ?10, ?1)" },

	{ "input", FOR_SUMS, WHEN_ASKED,
	"SELECT toInt64(origin), id, head, offset, line, format,"
	" toInt64(first_utc), toInt64(last_utc), path, container,"
	" toInt64(is_complete), toInt64(read_utc) FROM input WHERE {ok0} AND"
	" (isNull(first_utc) OR {touching})",
	"onbnctUUttku",
	"INSERT INTO input (id, head, offset, line, format, first_utc,"
	" last_utc, path, container, is_complete, read_utc, origin) VALUES ("
	LOCAL_ID ", ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?1)" },

	{ "annotation", FOR_SUMS, WHEN_ASKED,
	"SELECT toInt64(origin), id, toInt64(utc), provider, source_ip, kind,"
	" text, path, line FROM annotation WHERE {ok0}",
	"onutttbtc",
	"INSERT INTO annotation (id, utc, provider, source_ip, kind, text,"
	" path, line, origin) VALUES (" LOCAL_ID ", ?3, ?4, ?5, ?6, ?7, ?8,"
	" ?9, ?1)" },

	{ "dmarc_report", FOR_SUMS, WHEN_ASKED,
	"SELECT toInt64(origin), identity, toInt64(content), provider,"
	" reporter, reporter_domain, policy_domain, toInt64(begin_utc),"
	" toInt64(end_utc), toInt64(is_signed) FROM dmarc_report WHERE"
	" {reported} AND {ok}",
	"obntBBBUUK",
	"INSERT INTO dmarc_report (origin, identity, content, provider,"
	" reporter, reporter_domain, policy_domain, begin_utc, end_utc,"
	" is_signed, path) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
	" '')" },
	{ "dmarc_row", FOR_SUMS, WHEN_ASKED,
	"SELECT toInt64(origin), identity, toInt64(content), number,"
	" source_ip, messages, disposition, dkim, spf, header_from FROM"
	" dmarc_row WHERE {ok} AND (origin, identity, content) GLOBAL IN"
	" (SELECT origin, identity, content FROM dmarc_report WHERE"
	" {reported} AND {ok})",
	"obncTcTTTB",
	"INSERT INTO dmarc_row (report, number, source_ip, messages,"
	" disposition, dkim, spf, header_from, origin) SELECT id, ?4, ?5, ?6,"
	" ?7, ?8, ?9, ?10, ?1 FROM dmarc_report WHERE identity = ?2 AND"
	" content = ?3 AND origin = ?1" },

	{ "tls_report", FOR_SUMS, WHEN_ASKED,
	"SELECT toInt64(origin), identity, toInt64(content), provider,"
	" reporter, reporter_domain, toInt64(begin_utc), toInt64(end_utc),"
	" toInt64(is_signed) FROM tls_report WHERE {reported} AND {ok}",
	"obntBBUUK",
	"INSERT INTO tls_report (origin, identity, content, provider,"
	" reporter, reporter_domain, begin_utc, end_utc, is_signed, path)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, '')" },
	{ "tls_policy", FOR_SUMS, WHEN_ASKED,
	"SELECT toInt64(origin), identity, toInt64(content), number,"
	" policy_type, policy_domain, mx_host, successes, failures FROM"
	" tls_policy WHERE {ok} AND (origin, identity, content) GLOBAL IN"
	" (SELECT origin, identity, content FROM tls_report WHERE {reported}"
	" AND {ok})",
	"obncTBBCC",
	"INSERT INTO tls_policy (report, number, policy_type, policy_domain,"
	" mx_host, successes, failures, origin) SELECT id, ?4, ?5, ?6, ?7,"
	" ?8, ?9, ?1 FROM tls_report WHERE identity = ?2 AND content = ?3 AND"
	" origin = ?1" },
	{ "tls_failure", FOR_SUMS, WHEN_ASKED,
	"SELECT toInt64(origin), identity, toInt64(content), number, policy,"
	" result_type, sessions FROM tls_failure WHERE {ok} AND (origin,"
	" identity, content) GLOBAL IN (SELECT origin, identity, content FROM"
	" tls_report WHERE {reported} AND {ok})",
	"obnccTC",
	"INSERT INTO tls_failure (report, number, policy, result_type,"
	" sessions, origin) SELECT id, ?4, ?5, ?6, ?7, ?1 FROM tls_report"
	" WHERE identity = ?2 AND content = ?3 AND origin = ?1" },

	{ "complaint", FOR_SUMS, WHEN_ASKED,
	"SELECT toInt64(origin), toInt64(key), provider, toInt64(utc),"
	" toInt64(arrival_utc), feedback_type, source_ip, incidents FROM"
	" complaint WHERE {seen:coalesce(utc, arrival_utc)} AND {ok}",
	"ontUUTTC",
	"INSERT INTO complaint (origin, key, provider, utc, arrival_utc,"
	" feedback_type, source_ip, incidents, path) VALUES (?1, ?2, ?3, ?4,"
	" ?5, ?6, ?7, ?8, '')" },

	{ "snds_data", FOR_SUMS, WHEN_ASKED,
	"SELECT toInt64(origin), source_ip, data_day, toInt64(fetched_utc),"
	" toInt64(begin_utc), toInt64(end_utc), rcpt_commands, data_commands,"
	" recipients, filter_result, complaint_rate, trap_hits FROM snds_data"
	" WHERE {seen:data_day * 86400 + 43200} AND {ok}",
	"otuUUUCCCTBC",
	"INSERT INTO snds_data (origin, source_ip, day, fetched_utc,"
	" begin_utc, end_utc, rcpt_commands, data_commands, recipients,"
	" filter_result, complaint_rate, trap_hits, path) VALUES (?1, ?2, ?3,"
	" ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, '')" },
	{ "snds_status", FOR_SUMS, WHEN_ASKED,
	"SELECT toInt64(origin), range, status, data_day,"
	" toInt64(is_blocked), toInt64(fetched_utc) FROM snds_status WHERE"
	" {seen:data_day * 86400 + 43200} AND {ok}",
	"otbuku",
	"INSERT INTO snds_status (origin, range, status, day, is_blocked,"
	" fetched_utc, path) VALUES (?1, ?2, ?3, ?4, ?5, ?6, '')" },

	{ "bounce_mail", FOR_SUMS, WHEN_ASKED,
	"SELECT toInt64(origin), toInt64(key), provider, toInt64(utc), action,"
	" recipient, queue_id, source_ip, reason, token, toInt64(in_log) FROM"
	" bounce_mail WHERE {seen:utc} AND {ok}",
	"ontUTBBTTTK",
	"INSERT INTO bounce_mail (origin, key, provider, utc, action,"
	" recipient, queue_id, source_ip, reason, token, in_log, path) VALUES"
	" (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, '')" },

	{ NULL, 0, WHEN_ASKED, NULL, NULL, NULL }
};

const struct fleet_fetch fleet_fetch_source = { "source", FOR_ALL, WHEN_ASKED,
	"SELECT source, host, instance, toInt64(known), label,"
	" toInt64(disputed), toInt64(origin) FROM source WHERE {ok0}"
	" ORDER BY source",
	"sHIkTko",
	"INSERT INTO source (" SOURCE_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5,"
	" ?6, ?7)" };

const char fleet_select_tables[] =
	"SELECT toInt64(schema), replicated_in FROM meta LIMIT 1";
const char fleet_select_stores[] =
	"SELECT toInt64(origin), toInt64(max(version)),"
	" toInt64(uniqExact(store)), toInt64(min(slot_s)),"
	" toInt64(max(schema)), toInt64(max(now())) FROM push WHERE version != 0 AND {here}"
	" GROUP BY origin";
const char fleet_select_refused[] =
	"SELECT provider FROM attempt WHERE votes = 1{to} AND {ok} GROUP BY"
	" provider";
const char fleet_select_bounds[] =
	"SELECT toInt64(count()), toInt64(min(first_utc)),"
	" toInt64(max(last_utc)) FROM coverage WHERE {ok}";
const char fleet_select_reports[] =
	"SELECT toInt64(0), toInt64(count()) FROM report_input WHERE {ok0}"
	" UNION ALL SELECT toInt64(1), toInt64(sum(refused)) FROM"
	" report_input WHERE {ok0}"
	" UNION ALL SELECT toInt64(2), toInt64(count()) FROM dmarc_report"
	" WHERE {ok}"
	" UNION ALL SELECT toInt64(3), toInt64(count()) FROM tls_report WHERE"
	" {ok}"
	" UNION ALL SELECT toInt64(4), toInt64(count()) FROM complaint WHERE"
	" {ok}"
	" UNION ALL SELECT toInt64(5), toInt64(count()) FROM snds_data WHERE"
	" {ok}"
	" UNION ALL SELECT toInt64(5), toInt64(count()) FROM snds_status WHERE"
	" {ok}"
	" UNION ALL SELECT toInt64(6), toInt64(count()) FROM bounce_mail WHERE"
	" {ok}"
	" UNION ALL SELECT toInt64(7), toInt64(count()) FROM annotation WHERE"
	" {ok0}";
/* clang-format on */
