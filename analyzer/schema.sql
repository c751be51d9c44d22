-- SPDX-License-Identifier: BSD-2-Clause
-- The store, version 1, to which schema_2.sql adds. Times are seconds since
-- 1970, UTC. A slot is a piece of time (meta.slot_s seconds) named by its
-- start. Sums only ever grow by addition, so that order of reading and
-- merging does not matter.

-- Whose facts: 1 is this store itself, others were merged into it. changes
-- counts the transactions of the store that the facts come from; id is made
-- once, when a store is made.
CREATE TABLE origin (
	number INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	changes INTEGER NOT NULL
) STRICT;

CREATE TABLE meta (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Names stored once. kind: 1 log host, 2 instance, 3 source, 4 provider,
-- 5 domain, 6 path of an input.
CREATE TABLE name (
	id INTEGER PRIMARY KEY,
	kind INTEGER NOT NULL,
	text TEXT NOT NULL,
	UNIQUE (kind, text)
) STRICT;

-- What is known of a sending source. host and instance are NULL where it has
-- several. known: 0 no, 1 log, 2 map, 3 default. label: the address that
-- replies quote; disputed: they quoted different ones.
CREATE TABLE source (
	name INTEGER NOT NULL REFERENCES name,
	origin INTEGER NOT NULL,
	host INTEGER, instance INTEGER,
	known INTEGER NOT NULL,
	label TEXT,
	disputed INTEGER NOT NULL,
	PRIMARY KEY (name, origin)
) STRICT, WITHOUT ROWID;

-- Totals by slot, provider, source and recipient domain. *_attempts, suspended
-- and refused count attempts in the slot in which they happened; messages the
-- messages first tried here; the rest deliveries whose first attempt it was.
-- delays: histogram of the accepted ones; votes, others: moments of
-- acceptance.
CREATE TABLE total (
	slot INTEGER NOT NULL,
	provider INTEGER NOT NULL, source INTEGER NOT NULL,
	domain INTEGER NOT NULL,
	origin INTEGER NOT NULL,
	accepted_attempts INTEGER NOT NULL, deferred_attempts INTEGER NOT NULL,
	bounced_attempts INTEGER NOT NULL,
	suspended INTEGER NOT NULL, refused INTEGER NOT NULL,
	messages INTEGER NOT NULL,
	accepted INTEGER NOT NULL, deferred INTEGER NOT NULL,
	bounced INTEGER NOT NULL, expired INTEGER NOT NULL,
	blocked INTEGER NOT NULL,
	delays BLOB, votes BLOB, others BLOB,
	PRIMARY KEY (slot, provider, source, domain, origin)
) STRICT, WITHOUT ROWID;

-- Messages tried in more than one slot, and corrections for groups of rows of
-- total that share a message (analyzer/totals.h explains). kind: 0 row, 1
-- provider and source, 2 provider, 3 source, 4 domain, 5 all.
CREATE TABLE message_gap (
	slot INTEGER NOT NULL, gap_s INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	provider INTEGER NOT NULL, source INTEGER NOT NULL,
	domain INTEGER NOT NULL,
	origin INTEGER NOT NULL,
	messages INTEGER NOT NULL,
	PRIMARY KEY (slot, gap_s, kind, provider, source, domain, origin)
) STRICT, WITHOUT ROWID;

-- Kinds of reply. fingerprint: of the masked text.
CREATE TABLE reply (
	id INTEGER PRIMARY KEY,
	provider INTEGER NOT NULL,
	fingerprint INTEGER NOT NULL,
	masked TEXT NOT NULL,
	reason TEXT NOT NULL, scope TEXT, severity TEXT,
	token TEXT NOT NULL, rule TEXT NOT NULL,
	explicit INTEGER NOT NULL, votes INTEGER NOT NULL,
	sample BLOB NOT NULL, sample_utc INTEGER NOT NULL,
	UNIQUE (provider, fingerprint, reason, token, rule)
) STRICT;

CREATE TABLE reply_total (
	slot INTEGER NOT NULL,
	source INTEGER NOT NULL, reply INTEGER NOT NULL REFERENCES reply,
	origin INTEGER NOT NULL,
	attempts INTEGER NOT NULL, deliveries INTEGER NOT NULL,
	first_utc INTEGER, last_utc INTEGER,
	PRIMARY KEY (slot, source, reply, origin)
) STRICT, WITHOUT ROWID;

-- Failed attempts in detail. outcome: 1 deferred, 2 bounced. words: the reply
-- in full where it was kept; reply.masked otherwise says what kind it was.
CREATE TABLE attempt (
	id INTEGER PRIMARY KEY,
	utc INTEGER NOT NULL, us INTEGER NOT NULL,
	arrival_utc INTEGER,
	provider INTEGER NOT NULL, source INTEGER NOT NULL,
	domain INTEGER NOT NULL, host INTEGER NOT NULL,
	reply INTEGER NOT NULL REFERENCES reply,
	outcome INTEGER NOT NULL, stage TEXT, reply_code INTEGER,
	votes INTEGER NOT NULL,
	queue_id TEXT NOT NULL, sender BLOB, recipient BLOB,
	relay BLOB, words BLOB,
	path INTEGER, line INTEGER,
	origin INTEGER NOT NULL
) STRICT;
CREATE INDEX attempt_votes ON attempt (provider, source, utc) WHERE votes;
CREATE INDEX attempt_utc ON attempt (utc);

-- Episodes whose refusals were pruned. phase: 3 closed, 5 dismissed.
CREATE TABLE episode (
	provider INTEGER NOT NULL, source INTEGER NOT NULL,
	first_refusal_utc INTEGER NOT NULL,
	origin INTEGER NOT NULL,
	last_refusal_utc INTEGER NOT NULL,
	confirmed_utc INTEGER, last_accept_before_utc INTEGER,
	first_accept_after_utc INTEGER, closed_utc INTEGER NOT NULL,
	phase INTEGER NOT NULL, threshold INTEGER NOT NULL,
	messages INTEGER NOT NULL, recipients INTEGER NOT NULL,
	attempts INTEGER NOT NULL,
	flaps INTEGER NOT NULL, repeat INTEGER NOT NULL,
	began_before_log INTEGER NOT NULL,
	PRIMARY KEY (provider, source, first_refusal_utc, origin)
) STRICT, WITHOUT ROWID;

-- Which kinds of reply such an episode consisted of.
CREATE TABLE episode_reply (
	provider INTEGER NOT NULL, source INTEGER NOT NULL,
	first_refusal_utc INTEGER NOT NULL,
	reply INTEGER NOT NULL REFERENCES reply,
	origin INTEGER NOT NULL,
	attempts INTEGER NOT NULL,
	PRIMARY KEY (provider, source, first_refusal_utc, reply, origin)
) STRICT, WITHOUT ROWID;

CREATE TABLE coverage (
	slot INTEGER NOT NULL, host INTEGER NOT NULL,
	origin INTEGER NOT NULL,
	first_utc INTEGER NOT NULL, last_utc INTEGER NOT NULL,
	lines INTEGER NOT NULL, losses INTEGER NOT NULL,
	PRIMARY KEY (slot, host, origin)
) STRICT, WITHOUT ROWID;

CREATE TABLE skipped (
	slot INTEGER NOT NULL, host INTEGER NOT NULL,
	reason TEXT NOT NULL,
	origin INTEGER NOT NULL,
	lines INTEGER NOT NULL,
	PRIMARY KEY (slot, host, reason, origin)
) STRICT, WITHOUT ROWID;

-- Which provider a domain's MX last had, as a log host saw it.
CREATE TABLE domain_mx (
	host INTEGER NOT NULL, domain INTEGER NOT NULL,
	origin INTEGER NOT NULL,
	provider INTEGER NOT NULL, seen_utc INTEGER NOT NULL,
	PRIMARY KEY (host, domain, origin)
) STRICT, WITHOUT ROWID;

-- Messages whose head or tail was not read yet, and those still in the queue.
CREATE TABLE fragment (
	id INTEGER PRIMARY KEY,
	host TEXT NOT NULL, queue TEXT NOT NULL, queue_id TEXT NOT NULL,
	first_utc INTEGER NOT NULL, last_utc INTEGER NOT NULL,
	has_head INTEGER NOT NULL, has_tail INTEGER NOT NULL,
	body BLOB NOT NULL,
	origin INTEGER NOT NULL
) STRICT;
CREATE INDEX fragment_id ON fragment (queue_id, host);

-- The ledger: what was read of which input, known by its content. head: how it
-- begins (schema 2 says how). offset, line: of the first line not read yet, uncompressed.
CREATE TABLE input (
	id INTEGER PRIMARY KEY,
	head BLOB NOT NULL,
	offset INTEGER NOT NULL, line INTEGER NOT NULL,
	format TEXT NOT NULL,
	last_line_utc INTEGER,
	first_utc INTEGER, last_utc INTEGER,
	path TEXT NOT NULL, container TEXT NOT NULL,
	device INTEGER, inode INTEGER, size INTEGER, mtime_ns INTEGER,
	is_complete INTEGER NOT NULL,
	read_utc INTEGER NOT NULL,
	origin INTEGER NOT NULL
) STRICT;
CREATE INDEX input_head ON input (substr(head, 1, 64));
CREATE INDEX input_short ON input (length(head)) WHERE length(head) < 64;
CREATE INDEX input_file ON input (device, inode);

-- One delivery in sixteen by a hash of what it is, to notice two inputs that
-- hold the same lines.
CREATE TABLE sample (
	hash INTEGER PRIMARY KEY,
	utc INTEGER NOT NULL,
	input INTEGER NOT NULL
) STRICT;
