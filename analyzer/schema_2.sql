-- SPDX-License-Identifier: BSD-2-Clause
-- The store, version 2: what others report of us, and the operator's own
-- remarks. Run behind schema.sql for a new store, alone for one of version 1.
-- Text of strangers that need not be UTF-8 is BLOB. Unknown is NULL; provider
-- is a key, '' where it is not known.

-- Inputs that hold reports. head_*: of the first bytes of a mailbox, to know
-- it when it has grown or has another name, without keeping what people wrote;
-- 0 for what is read whole each time it changes. offset: where to go on in a mailbox. reports: facts found; known:
-- those of them that stood in an input before; refused: what could not be
-- read.
CREATE TABLE report_input (
	id INTEGER PRIMARY KEY,
	path TEXT NOT NULL, container TEXT NOT NULL,
	head_bytes INTEGER NOT NULL, head_hash INTEGER NOT NULL,
	offset INTEGER NOT NULL,
	device INTEGER, inode INTEGER, size INTEGER, mtime_ns INTEGER,
	reports INTEGER NOT NULL, known INTEGER NOT NULL,
	refused INTEGER NOT NULL,
	is_complete INTEGER NOT NULL,
	read_utc INTEGER NOT NULL,
	origin INTEGER NOT NULL,
	UNIQUE (path, origin)
) STRICT;
CREATE INDEX report_input_file ON report_input (device, inode);

-- One aggregate report (RFC 7489, RFC 9990). identity: reporter, domain of
-- its address, id, policy domain and period; content: hash of its rows. Two
-- with the same identity and another content are both kept. is_signed: did the
-- mail that it came in bear a signature of its reporter, as the mailbox's own
-- server found? NULL: it came in none, or nobody looked.
CREATE TABLE dmarc_report (
	id INTEGER PRIMARY KEY,
	identity BLOB NOT NULL, content INTEGER NOT NULL,
	provider TEXT NOT NULL,
	reporter BLOB, reporter_domain BLOB, email BLOB, report_id BLOB,
	policy_domain BLOB,
	p TEXT, sp TEXT, np TEXT, adkim TEXT, aspf TEXT, pct INTEGER,
	begin_utc INTEGER, end_utc INTEGER,
	is_signed INTEGER,
	path TEXT NOT NULL,
	origin INTEGER NOT NULL,
	UNIQUE (identity, content, origin)
) STRICT;
CREATE INDEX dmarc_report_end ON dmarc_report (end_utc);

-- Its records. reasons, *_results: JSON, as mxtrend parse prints them.
CREATE TABLE dmarc_row (
	report INTEGER NOT NULL REFERENCES dmarc_report,
	number INTEGER NOT NULL,
	source_ip TEXT, messages INTEGER NOT NULL,
	disposition TEXT, dkim TEXT, spf TEXT,
	header_from BLOB, envelope_from BLOB, envelope_to BLOB,
	reasons TEXT, dkim_results TEXT, spf_results TEXT,
	origin INTEGER NOT NULL,
	PRIMARY KEY (report, number)
) STRICT, WITHOUT ROWID;

-- One SMTP TLS report (RFC 8460), its policies and their failure details.
CREATE TABLE tls_report (
	id INTEGER PRIMARY KEY,
	identity BLOB NOT NULL, content INTEGER NOT NULL,
	provider TEXT NOT NULL,
	reporter BLOB, reporter_domain BLOB, email BLOB, report_id BLOB,
	begin_utc INTEGER, end_utc INTEGER,
	is_signed INTEGER,
	path TEXT NOT NULL,
	origin INTEGER NOT NULL,
	UNIQUE (identity, content, origin)
) STRICT;
CREATE INDEX tls_report_end ON tls_report (end_utc);

CREATE TABLE tls_policy (
	report INTEGER NOT NULL REFERENCES tls_report,
	number INTEGER NOT NULL,
	policy_type TEXT, policy_domain BLOB, mx_host BLOB,
	successes INTEGER, failures INTEGER,
	origin INTEGER NOT NULL,
	PRIMARY KEY (report, number)
) STRICT, WITHOUT ROWID;

-- policy: number of the policy that it stands under.
CREATE TABLE tls_failure (
	report INTEGER NOT NULL REFERENCES tls_report,
	number INTEGER NOT NULL,
	policy INTEGER NOT NULL,
	result_type TEXT, sending_mta_ip TEXT,
	receiving_mx_hostname BLOB, receiving_mx_helo BLOB,
	receiving_ip TEXT,
	sessions INTEGER, failure_reason_code BLOB,
	origin INTEGER NOT NULL,
	PRIMARY KEY (report, number)
) STRICT, WITHOUT ROWID;

-- Feedback reports (RFC 5965). key: hash of what tells two complaints apart,
-- so that addresses can be dropped and the complaint stays known.
CREATE TABLE complaint (
	key INTEGER NOT NULL, origin INTEGER NOT NULL,
	provider TEXT NOT NULL,
	reporter BLOB, report_id BLOB,
	utc INTEGER, arrival_utc INTEGER,
	feedback_type TEXT, source_ip TEXT,
	mail_from BLOB, rcpt_to BLOB, reported_domain BLOB,
	user_agent BLOB, incidents INTEGER,
	path TEXT NOT NULL,
	PRIMARY KEY (key, origin)
) STRICT, WITHOUT ROWID;

-- SNDS data: of each address and day the export that was fetched last. day:
-- days since 1970 in the zone of the export.
CREATE TABLE snds_data (
	source_ip TEXT NOT NULL, day INTEGER NOT NULL,
	origin INTEGER NOT NULL,
	fetched_utc INTEGER,
	begin_utc INTEGER, end_utc INTEGER,
	rcpt_commands INTEGER, data_commands INTEGER, recipients INTEGER,
	filter_result TEXT, complaint_rate BLOB, trap_hits INTEGER,
	path TEXT NOT NULL,
	PRIMARY KEY (source_ip, day, origin)
) STRICT, WITHOUT ROWID;

-- SNDS ipStatus: a range that had a problem on the day of the fetch.
CREATE TABLE snds_status (
	range TEXT NOT NULL, status BLOB NOT NULL, day INTEGER NOT NULL,
	origin INTEGER NOT NULL,
	is_blocked INTEGER NOT NULL,
	fetched_utc INTEGER NOT NULL,
	path TEXT NOT NULL,
	PRIMARY KEY (range, status, day, origin)
) STRICT, WITHOUT ROWID;

-- Recipients of bounces and delay notices (RFC 3464). key as of complaints.
-- in_log: does a log tell of the same failure? NULL while both are there to be
-- compared, set when their addresses are dropped.
CREATE TABLE bounce_mail (
	key INTEGER NOT NULL, origin INTEGER NOT NULL,
	provider TEXT NOT NULL,
	reporter BLOB, report_id BLOB,
	utc INTEGER,
	action TEXT, status TEXT, dsn TEXT, reply_code INTEGER,
	recipient BLOB, queue_id BLOB,
	reply BLOB, remote_mta BLOB, source_ip TEXT,
	reason TEXT, scope TEXT, severity TEXT, token TEXT, rule TEXT,
	in_log INTEGER,
	path TEXT NOT NULL,
	PRIMARY KEY (key, origin)
) STRICT, WITHOUT ROWID;

-- Of these the sender may become known when more is read. (A store without
-- this index is only slower.)
CREATE INDEX attempt_senderless ON attempt (queue_id) WHERE sender IS NULL;

-- Deliveries that were refused for a reason that votes in an episode, and
-- accepted later. refused_utc: the first time.
CREATE TABLE late (
	id INTEGER PRIMARY KEY,
	provider INTEGER NOT NULL, source INTEGER NOT NULL,
	refused_utc INTEGER NOT NULL, accepted_utc INTEGER NOT NULL,
	origin INTEGER NOT NULL
) STRICT;
CREATE INDEX late_pair ON late (provider, source, refused_utc);

-- Dated remarks: of the operator, of DNSBL checks, of other desks. provider,
-- source_ip: '' where the remark is about all of them. path, line: where it
-- was imported from, '' and 0 for one typed in. The same remark is one.
CREATE TABLE annotation (
	id INTEGER PRIMARY KEY,
	utc INTEGER NOT NULL,
	provider TEXT NOT NULL, source_ip TEXT NOT NULL,
	kind TEXT NOT NULL, text BLOB NOT NULL,
	path TEXT NOT NULL, line INTEGER NOT NULL,
	origin INTEGER NOT NULL,
	UNIQUE (utc, provider, source_ip, kind, text, origin)
) STRICT;

-- Of a log that was read no longer the first bytes are kept, which name
-- people, but hashes of them (ledger.h says how they are laid out).
-- Those of schema 1 become such.
DROP INDEX input_head;
DROP INDEX input_short;
UPDATE input SET head = ledger_head(head);
CREATE INDEX input_head ON input (substr(head, 12, 8));

-- Acceptances that vote, by sender domain and over all sources: with the
-- refusals in attempt they are the votes of that domain. slot: half a day;
-- votes: as of total. They go with the detail. Read are those of all time at
-- the few providers that refused any, so the provider stands first.
CREATE TABLE sender_total (
	provider INTEGER NOT NULL,
	slot INTEGER NOT NULL,
	domain INTEGER NOT NULL,
	origin INTEGER NOT NULL,
	votes BLOB NOT NULL,
	PRIMARY KEY (provider, slot, domain, origin)
) STRICT, WITHOUT ROWID;

-- What an episode in the table episode cost, when it was at 99 %, and how far
-- it reached. near, far, senders: votes of other sources of its network, of
-- other networks, and of other sender domains, while it lasted.
CREATE TABLE episode_cost (
	provider INTEGER NOT NULL, source INTEGER NOT NULL,
	first_refusal_utc INTEGER NOT NULL,
	origin INTEGER NOT NULL,
	began_after_utc INTEGER, began_by_utc INTEGER NOT NULL,
	ended_after_utc INTEGER NOT NULL, ended_by_utc INTEGER,
	deliveries INTEGER NOT NULL, delivered_later INTEGER NOT NULL,
	delivered_after_end INTEGER NOT NULL,
	still_open INTEGER NOT NULL, median_wait_s INTEGER NOT NULL,
	sender_domains INTEGER NOT NULL,
	extent TEXT NOT NULL, sender_domain TEXT,
	near_refused INTEGER NOT NULL, near_accepted INTEGER NOT NULL,
	far_refused INTEGER NOT NULL, far_accepted INTEGER NOT NULL,
	senders_refused INTEGER NOT NULL, senders_accepted INTEGER NOT NULL,
	PRIMARY KEY (provider, source, first_refusal_utc, origin)
) STRICT, WITHOUT ROWID;

-- What the rows of total, message_gap and reply_total of one UTC day say,
-- packed (analyzer/store_days.h): a report of many days would else spend its
-- time on fetching rows. The parts of a day add up; all origins are in them.
-- A day has all its rows in parts or no part at all: whoever changes these
-- rows adds a part that says the same, or drops all parts of the day.
CREATE TABLE day_part (
	day INTEGER NOT NULL, part INTEGER NOT NULL,
	totals BLOB NOT NULL, gaps BLOB NOT NULL, replies BLOB NOT NULL,
	PRIMARY KEY (day, part)
) STRICT;
