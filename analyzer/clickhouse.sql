-- SPDX-License-Identifier: BSD-2-Clause
-- The tables of a fleet, for ClickHouse 18.16 and later. Every row of facts
-- begins with the segment that it belongs to:
--   origin   the store that it comes from: the first 16 digits of its id
--   day      UTC day of the fact; 1970-01-01 for what has none
--   version  of the push that brought it, never used twice
-- A push sends all rows of a day anew, then names the day in `segment`, and
-- at its end itself in `push`. What counts is, of each origin and day, the
-- greatest version in `segment` that is not above the greatest of that origin
-- in `push`. All other rows are of pushes that were cut or came before, and
-- `mxtrend push --schema=tidy` prints how to drop them.
--
-- Retention: ALTER TABLE total DROP PARTITION 202501, or with release 19.6
-- and later ALTER TABLE total MODIFY TTL day + INTERVAL 400 DAY (on a cluster
-- of the tables that end in _local); the same for the others that are
-- partitioned by month.

CREATE TABLE IF NOT EXISTS push (
	origin UInt64,
	version UInt64,
	time DateTime('UTC'),
	store String,
	slot_s UInt32,
	schema UInt32,
	tool String
) ENGINE = MergeTree PARTITION BY tuple() ORDER BY (origin, version);

CREATE TABLE IF NOT EXISTS segment (
	origin UInt64,
	day Date,
	version UInt64,
	row_count UInt64
) ENGINE = MergeTree PARTITION BY tuple() ORDER BY (origin, day, version);

-- For `mxtrend push --schema=tidy`.
CREATE TABLE IF NOT EXISTS stale (
	origin UInt64,
	day Date,
	version UInt64
) ENGINE = MergeTree PARTITION BY tuple() ORDER BY (origin, day, version);

-- Totals by slot (slot_s seconds), provider, source and recipient domain, as
-- in the store. delay_*: histogram of the accepted ones; vote_*, other_*:
-- seconds of the slot in which somebody was accepted, and how many.
CREATE TABLE IF NOT EXISTS total (
	origin UInt64, day Date, version UInt64,
	slot DateTime('UTC'),
	provider String, source String, domain String,
	accepted_attempts Int64, deferred_attempts Int64,
	bounced_attempts Int64,
	suspended Int64, refused Int64,
	messages Int64,
	accepted Int64, deferred Int64, bounced Int64, expired Int64,
	blocked Int64,
	delay_bucket Array(UInt8), delay_count Array(UInt64),
	vote_s Array(UInt16), vote_n Array(UInt64),
	other_s Array(UInt16), other_n Array(UInt64)
) ENGINE = MergeTree PARTITION BY toYYYYMM(day)
	ORDER BY (day, provider, source, slot, domain, origin, version);

-- What the server makes of total as it arrives, so that a report of many days
-- reads few rows; of the same segments, added up by whoever reads. A key may
-- have several rows. delay_b, accept_s, pass_s: delay_bucket, vote_s, other_s
-- of total, and the counts that go with them. slot of a day: its first.
CREATE TABLE IF NOT EXISTS pair_hour (
	origin UInt64, day Date, version UInt64,
	slot DateTime('UTC'),
	provider String, source String,
	accepted_attempts Int64, deferred_attempts Int64,
	bounced_attempts Int64,
	suspended Int64, refused Int64,
	messages Int64,
	accepted Int64, deferred Int64, bounced Int64, expired Int64,
	blocked Int64,
	accept_s Array(UInt16), accept_n Array(UInt64),
	pass_s Array(UInt16), pass_n Array(UInt64)
) ENGINE = MergeTree PARTITION BY toYYYYMM(day)
	ORDER BY (provider, slot, source, origin, version);

CREATE MATERIALIZED VIEW IF NOT EXISTS pair_hour_of TO pair_hour AS
	SELECT origin, day, version, slot, provider, source,
	sum(accepted_attempts) AS accepted_attempts,
	sum(deferred_attempts) AS deferred_attempts,
	sum(bounced_attempts) AS bounced_attempts,
	sum(suspended) AS suspended, sum(refused) AS refused,
	sum(messages) AS messages,
	sum(accepted) AS accepted, sum(deferred) AS deferred,
	sum(bounced) AS bounced, sum(expired) AS expired,
	sum(blocked) AS blocked,
	tupleElement(sumMap(vote_s, vote_n), 1) AS accept_s,
	tupleElement(sumMap(vote_s, vote_n), 2) AS accept_n,
	tupleElement(sumMap(other_s, other_n), 1) AS pass_s,
	tupleElement(sumMap(other_s, other_n), 2) AS pass_n
	FROM total
	GROUP BY origin, day, version, slot, provider, source;

CREATE TABLE IF NOT EXISTS pair_day (
	origin UInt64, day Date, version UInt64,
	slot DateTime('UTC'),
	provider String, source String,
	accepted_attempts Int64, deferred_attempts Int64,
	bounced_attempts Int64,
	suspended Int64, refused Int64,
	messages Int64,
	accepted Int64, deferred Int64, bounced Int64, expired Int64,
	blocked Int64,
	delay_b Array(UInt8), delay_n Array(UInt64)
) ENGINE = MergeTree PARTITION BY toYYYYMM(day)
	ORDER BY (day, provider, source, origin, version);

CREATE MATERIALIZED VIEW IF NOT EXISTS pair_day_of TO pair_day AS
	SELECT origin, day, version, min(slot) AS slot,
	provider, source,
	sum(accepted_attempts) AS accepted_attempts,
	sum(deferred_attempts) AS deferred_attempts,
	sum(bounced_attempts) AS bounced_attempts,
	sum(suspended) AS suspended, sum(refused) AS refused,
	sum(messages) AS messages,
	sum(accepted) AS accepted, sum(deferred) AS deferred,
	sum(bounced) AS bounced, sum(expired) AS expired,
	sum(blocked) AS blocked,
	tupleElement(sumMap(delay_bucket, delay_count), 1) AS delay_b,
	tupleElement(sumMap(delay_bucket, delay_count), 2) AS delay_n
	FROM total
	GROUP BY origin, day, version, provider, source;

-- Of remote mail.
CREATE TABLE IF NOT EXISTS domain_day (
	origin UInt64, day Date, version UInt64,
	slot DateTime('UTC'),
	domain String,
	accepted_attempts Int64, deferred_attempts Int64,
	bounced_attempts Int64,
	suspended Int64, refused Int64,
	messages Int64,
	accepted Int64, deferred Int64, bounced Int64, expired Int64,
	blocked Int64,
	delay_b Array(UInt8), delay_n Array(UInt64)
) ENGINE = MergeTree PARTITION BY toYYYYMM(day)
	ORDER BY (day, domain, origin, version);

CREATE MATERIALIZED VIEW IF NOT EXISTS domain_day_of TO domain_day AS
	SELECT origin, day, version, min(slot) AS slot,
	domain,
	sum(accepted_attempts) AS accepted_attempts,
	sum(deferred_attempts) AS deferred_attempts,
	sum(bounced_attempts) AS bounced_attempts,
	sum(suspended) AS suspended, sum(refused) AS refused,
	sum(messages) AS messages,
	sum(accepted) AS accepted, sum(deferred) AS deferred,
	sum(bounced) AS bounced, sum(expired) AS expired,
	sum(blocked) AS blocked,
	tupleElement(sumMap(delay_bucket, delay_count), 1) AS delay_b,
	tupleElement(sumMap(delay_bucket, delay_count), 2) AS delay_n
	FROM total WHERE provider NOT IN (':local', ':internal')
	GROUP BY origin, day, version, domain;

-- Acceptances by sender domain at a provider, by half a day.
CREATE TABLE IF NOT EXISTS sender_total (
	origin UInt64, day Date, version UInt64,
	slot DateTime('UTC'),
	provider String, domain String,
	vote_s Array(UInt16), vote_n Array(UInt64)
) ENGINE = MergeTree PARTITION BY toYYYYMM(day)
	ORDER BY (provider, domain, slot, origin, version);

-- Messages tried in more than one slot, and corrections for groups of rows of
-- total that share a message. kind: 0 row, 1 provider and source, 2 provider,
-- 3 source, 4 domain, 5 all.
CREATE TABLE IF NOT EXISTS message_gap (
	origin UInt64, day Date, version UInt64,
	slot DateTime('UTC'),
	gap_s Int64, kind UInt8,
	provider String, source String, domain String,
	messages Int64
) ENGINE = MergeTree PARTITION BY toYYYYMM(day)
	ORDER BY (day, provider, source, slot, domain, origin, version);

-- reply: of the table reply.
CREATE TABLE IF NOT EXISTS reply_total (
	origin UInt64, day Date, version UInt64,
	slot DateTime('UTC'),
	source String, reply UInt64,
	attempts Int64, deliveries Int64,
	first_utc Nullable(DateTime('UTC')),
	last_utc Nullable(DateTime('UTC'))
) ENGINE = MergeTree PARTITION BY toYYYYMM(day)
	ORDER BY (day, reply, source, slot, origin, version);

-- Failed attempts in detail. outcome: 1 deferred, 2 bounced. id: their order
-- in the store.
CREATE TABLE IF NOT EXISTS attempt (
	origin UInt64, day Date, version UInt64,
	id Int64,
	utc DateTime('UTC'), us UInt32,
	arrival_utc Nullable(DateTime('UTC')),
	provider String, source String, domain String, host String,
	reply UInt64,
	outcome UInt8, stage Nullable(String), reply_code Nullable(Int64),
	votes UInt8,
	queue_id String, sender Nullable(String), recipient Nullable(String),
	relay Nullable(String), words Nullable(String),
	path Nullable(String), line Nullable(Int64)
) ENGINE = MergeTree PARTITION BY toYYYYMM(day)
	ORDER BY (day, votes, provider, source, utc, origin, version);

-- Deliveries that were refused for a reason that votes, and accepted later.
CREATE TABLE IF NOT EXISTS late (
	origin UInt64, day Date, version UInt64,
	id Int64,
	provider String, source String,
	refused_utc DateTime('UTC'), accepted_utc DateTime('UTC')
) ENGINE = MergeTree PARTITION BY toYYYYMM(day)
	ORDER BY (day, provider, source, origin, version);

-- Messages that are not finished, or not known from head to tail; body is the
-- store's own.
CREATE TABLE IF NOT EXISTS fragment (
	origin UInt64, day Date, version UInt64,
	id Int64,
	host String, queue String, queue_id String,
	first_utc DateTime('UTC'), last_utc DateTime('UTC'),
	has_head UInt8, has_tail UInt8,
	body String
) ENGINE = MergeTree PARTITION BY toYYYYMM(day)
	ORDER BY (day, origin, version);

CREATE TABLE IF NOT EXISTS coverage (
	origin UInt64, day Date, version UInt64,
	slot DateTime('UTC'),
	host String,
	first_utc DateTime('UTC'), last_utc DateTime('UTC'),
	lines Int64, losses Int64
) ENGINE = MergeTree PARTITION BY toYYYYMM(day)
	ORDER BY (day, host, slot, origin, version);

CREATE TABLE IF NOT EXISTS skipped (
	origin UInt64, day Date, version UInt64,
	slot DateTime('UTC'),
	host String, reason String,
	lines Int64
) ENGINE = MergeTree PARTITION BY toYYYYMM(day)
	ORDER BY (day, host, slot, reason, origin, version);

-- Kinds of reply. reply: a hash of provider, fingerprint, reason, token and
-- rule.
CREATE TABLE IF NOT EXISTS reply (
	origin UInt64, day Date, version UInt64,
	reply UInt64,
	provider String, fingerprint UInt64,
	masked String,
	reason String, scope Nullable(String), severity Nullable(String),
	token String, rule String,
	explicit UInt8, votes UInt8,
	sample String, sample_utc DateTime('UTC')
) ENGINE = MergeTree PARTITION BY tuple() ORDER BY (origin, version, reply);

-- known: 0 no, 1 log, 2 map, 3 default.
CREATE TABLE IF NOT EXISTS source (
	origin UInt64, day Date, version UInt64,
	source String,
	host Nullable(String), instance Nullable(String),
	known UInt8, label Nullable(String), disputed UInt8
) ENGINE = MergeTree PARTITION BY tuple() ORDER BY (origin, version, source);

-- Episodes whose refusals were pruned. phase: 3 closed, 5 dismissed.
CREATE TABLE IF NOT EXISTS episode (
	origin UInt64, day Date, version UInt64,
	provider String, source String,
	first_refusal_utc DateTime('UTC'), last_refusal_utc DateTime('UTC'),
	confirmed_utc Nullable(DateTime('UTC')),
	last_accept_before_utc Nullable(DateTime('UTC')),
	first_accept_after_utc Nullable(DateTime('UTC')),
	closed_utc DateTime('UTC'),
	phase UInt8, threshold Int64,
	messages Int64, recipients Int64, attempts Int64,
	flaps Int64, repeat Int64,
	began_before_log UInt8
) ENGINE = MergeTree PARTITION BY tuple()
	ORDER BY (origin, version, provider, source, first_refusal_utc);

-- What such an episode cost, and how far it reached.
CREATE TABLE IF NOT EXISTS episode_cost (
	origin UInt64, day Date, version UInt64,
	provider String, source String,
	first_refusal_utc DateTime('UTC'),
	began_after_utc Nullable(DateTime('UTC')),
	began_by_utc DateTime('UTC'),
	ended_after_utc DateTime('UTC'),
	ended_by_utc Nullable(DateTime('UTC')),
	deliveries Int64, delivered_later Int64, delivered_after_end Int64,
	still_open Int64, median_wait_s Int64, sender_domains Int64,
	extent String, sender_domain Nullable(String),
	near_refused Int64, near_accepted Int64,
	far_refused Int64, far_accepted Int64,
	senders_refused Int64, senders_accepted Int64
) ENGINE = MergeTree PARTITION BY tuple()
	ORDER BY (origin, version, provider, source, first_refusal_utc);

CREATE TABLE IF NOT EXISTS episode_reply (
	origin UInt64, day Date, version UInt64,
	provider String, source String,
	first_refusal_utc DateTime('UTC'),
	reply UInt64, attempts Int64
) ENGINE = MergeTree PARTITION BY tuple()
	ORDER BY (origin, version, provider, source, first_refusal_utc);

-- The ledger. head: the first bytes, by which an input is known.
CREATE TABLE IF NOT EXISTS input (
	origin UInt64, day Date, version UInt64,
	id Int64,
	head String, offset Int64, line Int64, format String,
	first_utc Nullable(DateTime('UTC')),
	last_utc Nullable(DateTime('UTC')),
	path String, container String,
	is_complete UInt8, read_utc DateTime('UTC')
) ENGINE = MergeTree PARTITION BY tuple() ORDER BY (origin, version, id);

CREATE TABLE IF NOT EXISTS report_input (
	origin UInt64, day Date, version UInt64,
	id Int64,
	path String, container String,
	reports Int64, known Int64, refused Int64,
	is_complete UInt8, read_utc DateTime('UTC')
) ENGINE = MergeTree PARTITION BY tuple() ORDER BY (origin, version, id);

CREATE TABLE IF NOT EXISTS annotation (
	origin UInt64, day Date, version UInt64,
	id Int64,
	utc DateTime('UTC'),
	provider String, source_ip String, kind String, text String,
	path String, line Int64
) ENGINE = MergeTree PARTITION BY tuple() ORDER BY (origin, version, id);

-- What others report. identity and content say which report a row is of.
CREATE TABLE IF NOT EXISTS dmarc_report (
	origin UInt64, day Date, version UInt64,
	identity String, content UInt64,
	provider String,
	reporter Nullable(String), reporter_domain Nullable(String),
	email Nullable(String), report_id Nullable(String),
	policy_domain Nullable(String),
	p Nullable(String), sp Nullable(String), np Nullable(String),
	adkim Nullable(String), aspf Nullable(String), pct Nullable(Int64),
	begin_utc Nullable(DateTime('UTC')), end_utc Nullable(DateTime('UTC')),
	is_signed Nullable(UInt8),
	path String
) ENGINE = MergeTree PARTITION BY toYYYYMM(day)
	ORDER BY (day, origin, version, identity, content);

CREATE TABLE IF NOT EXISTS dmarc_row (
	origin UInt64, day Date, version UInt64,
	identity String, content UInt64,
	number Int64,
	source_ip Nullable(String), messages Int64,
	disposition Nullable(String), dkim Nullable(String),
	spf Nullable(String),
	header_from Nullable(String), envelope_from Nullable(String),
	envelope_to Nullable(String),
	reasons Nullable(String), dkim_results Nullable(String),
	spf_results Nullable(String)
) ENGINE = MergeTree PARTITION BY toYYYYMM(day)
	ORDER BY (day, origin, version, identity, content, number);

CREATE TABLE IF NOT EXISTS tls_report (
	origin UInt64, day Date, version UInt64,
	identity String, content UInt64,
	provider String,
	reporter Nullable(String), reporter_domain Nullable(String),
	email Nullable(String), report_id Nullable(String),
	begin_utc Nullable(DateTime('UTC')), end_utc Nullable(DateTime('UTC')),
	is_signed Nullable(UInt8),
	path String
) ENGINE = MergeTree PARTITION BY toYYYYMM(day)
	ORDER BY (day, origin, version, identity, content);

CREATE TABLE IF NOT EXISTS tls_policy (
	origin UInt64, day Date, version UInt64,
	identity String, content UInt64,
	number Int64,
	policy_type Nullable(String), policy_domain Nullable(String),
	mx_host Nullable(String),
	successes Nullable(Int64), failures Nullable(Int64)
) ENGINE = MergeTree PARTITION BY toYYYYMM(day)
	ORDER BY (day, origin, version, identity, content, number);

CREATE TABLE IF NOT EXISTS tls_failure (
	origin UInt64, day Date, version UInt64,
	identity String, content UInt64,
	number Int64, policy Int64,
	result_type Nullable(String), sending_mta_ip Nullable(String),
	receiving_mx_hostname Nullable(String),
	receiving_mx_helo Nullable(String),
	receiving_ip Nullable(String),
	sessions Nullable(Int64), failure_reason_code Nullable(String)
) ENGINE = MergeTree PARTITION BY toYYYYMM(day)
	ORDER BY (day, origin, version, identity, content, number);

CREATE TABLE IF NOT EXISTS complaint (
	origin UInt64, day Date, version UInt64,
	key UInt64,
	provider String,
	reporter Nullable(String), report_id Nullable(String),
	utc Nullable(DateTime('UTC')), arrival_utc Nullable(DateTime('UTC')),
	feedback_type Nullable(String), source_ip Nullable(String),
	mail_from Nullable(String), rcpt_to Nullable(String),
	reported_domain Nullable(String),
	user_agent Nullable(String), incidents Nullable(Int64),
	path String
) ENGINE = MergeTree PARTITION BY toYYYYMM(day)
	ORDER BY (day, provider, key, origin, version);

CREATE TABLE IF NOT EXISTS snds_data (
	origin UInt64, day Date, version UInt64,
	source_ip String, data_day Int64,
	fetched_utc Nullable(DateTime('UTC')),
	begin_utc Nullable(DateTime('UTC')), end_utc Nullable(DateTime('UTC')),
	rcpt_commands Nullable(Int64), data_commands Nullable(Int64),
	recipients Nullable(Int64),
	filter_result Nullable(String), complaint_rate Nullable(String),
	trap_hits Nullable(Int64),
	path String
) ENGINE = MergeTree PARTITION BY toYYYYMM(day)
	ORDER BY (day, source_ip, origin, version);

CREATE TABLE IF NOT EXISTS snds_status (
	origin UInt64, day Date, version UInt64,
	range String, status String, data_day Int64,
	is_blocked UInt8,
	fetched_utc DateTime('UTC'),
	path String
) ENGINE = MergeTree PARTITION BY toYYYYMM(day)
	ORDER BY (day, range, status, origin, version);

CREATE TABLE IF NOT EXISTS bounce_mail (
	origin UInt64, day Date, version UInt64,
	key UInt64,
	provider String,
	reporter Nullable(String), report_id Nullable(String),
	utc Nullable(DateTime('UTC')),
	action Nullable(String), status Nullable(String), dsn Nullable(String),
	reply_code Nullable(Int64),
	recipient Nullable(String), queue_id Nullable(String),
	reply Nullable(String), remote_mta Nullable(String),
	source_ip Nullable(String),
	reason Nullable(String), scope Nullable(String),
	severity Nullable(String), token Nullable(String),
	rule Nullable(String),
	in_log Nullable(UInt8),
	path String
) ENGINE = MergeTree PARTITION BY toYYYYMM(day)
	ORDER BY (day, provider, key, origin, version);

-- The last of all, so that where it is the rest is, too. replicated_in: the
-- database, where tables are replicated; else empty.
CREATE VIEW IF NOT EXISTS meta AS SELECT toUInt32(2) AS schema,
	'' AS replicated_in;
