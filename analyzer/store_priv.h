/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by store*.c and query*.c only: the connection, its statements, and
 * the numbers that names have in the file. */
#ifndef MX_ANALYZER_STORE_PRIV_H
#define MX_ANALYZER_STORE_PRIV_H

#include <sqlite3.h>

#include "analyzer/store.h"
#include "analyzer/store_report_sql.h"
#include "base/strbuf.h"

/* What the versions of the schema brought: analyzer/schema.sql is the first,
 * analyzer/schema_N.sql what N added to the one before. */
enum { SCHEMA_FIRST = 1, SCHEMA_REPORTS = 2, SCHEMA_VERSION = 2 };
#define STORE_APPLICATION_ID 0x6d787472 /* "mxtr" */

enum name_kind { NAME_ANY, NAME_HOST, NAME_INSTANCE, NAME_SOURCE, NAME_PROVIDER,
	NAME_DOMAIN, NAME_PATH, NAME_KINDS };

/* The number in the file of each number of a run's name table. */
struct name_numbers {
	int64_t *ids;
	uint32_t room;
};

/* Columns in the order in which they are bound and read; in the file the key
 * stands first. */
#define SOURCE_COLUMNS "name, host, instance, known, label, disputed, origin"
#define TOTAL_COLUMNS "slot, provider, source, domain, accepted_attempts," \
	" deferred_attempts, bounced_attempts, suspended, refused, messages," \
	" accepted, deferred, bounced, expired, blocked, delays, votes," \
	" others, origin"
#define GAP_COLUMNS \
	"slot, gap_s, kind, provider, source, domain, messages, origin"
#define REPLY_COLUMNS "provider, fingerprint, masked, reason, scope," \
	" severity, token, rule, explicit, votes, sample, sample_utc"
#define REPLY_TOTAL_COLUMNS \
	"slot, source, reply, attempts, deliveries, first_utc, last_utc, origin"
#define EPISODE_COLUMNS "provider, source, first_refusal_utc," \
	" last_refusal_utc, confirmed_utc, last_accept_before_utc," \
	" first_accept_after_utc, closed_utc, phase, threshold, messages," \
	" recipients, attempts, flaps, repeat, began_before_log, origin"
#define EPISODE_COST_COLUMNS "provider, source, first_refusal_utc," \
	" began_after_utc, began_by_utc, ended_after_utc, ended_by_utc," \
	" deliveries, delivered_later, delivered_after_end, still_open," \
	" median_wait_s, sender_domains, extent, sender_domain," \
	" near_refused, near_accepted, far_refused, far_accepted," \
	" senders_refused, senders_accepted, origin"
#define SENDER_TOTAL_COLUMNS "provider, slot, domain, votes, origin"
#define EPISODE_REPLY_COLUMNS \
	"provider, source, first_refusal_utc, reply, attempts, origin"
#define COVERAGE_COLUMNS \
	"slot, host, first_utc, last_utc, lines, losses, origin"
#define SKIPPED_COLUMNS "slot, host, reason, lines, origin"
#define DOMAIN_MX_COLUMNS "host, domain, provider, seen_utc, origin"

/* clang-format off */
#define STORE_STATEMENTS(X) \
	X(SQL_NAME_ADD, "INSERT OR IGNORE INTO name (kind, text)" \
	    " VALUES (?1, ?2)") \
	X(SQL_NAMES_ADD, "INSERT OR IGNORE INTO name (kind, text)" \
	    " SELECT c1, c2 FROM batch") \
	X(SQL_NAME_ID, "SELECT id FROM name WHERE kind = ?1 AND text = ?2") \
	X(SQL_NAME_TEXT, "SELECT text FROM name WHERE id = ?1 AND" \
	    " ?2 IN (0, kind)") \
	X(SQL_SOURCE_GET, "SELECT host, instance, known, label, disputed" \
	    " FROM source WHERE name = ?1 AND origin = 1") \
	X(SQL_SOURCE_PUT, "INSERT OR REPLACE INTO source" \
	    " (name, host, instance, known, label, disputed, origin)" \
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1)") \
	X(SQL_TOTAL_ADD, "INSERT INTO total (" TOTAL_COLUMNS ")" \
	    " SELECT c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13," \
	    " c14, c15, c16, c17, c18, 1 FROM batch WHERE true" \
	    " ON CONFLICT DO UPDATE SET" \
	    " accepted_attempts = accepted_attempts +" \
	    " excluded.accepted_attempts," \
	    " deferred_attempts = deferred_attempts +" \
	    " excluded.deferred_attempts," \
	    " bounced_attempts = bounced_attempts +" \
	    " excluded.bounced_attempts," \
	    " suspended = suspended + excluded.suspended," \
	    " refused = refused + excluded.refused," \
	    " messages = messages + excluded.messages," \
	    " accepted = accepted + excluded.accepted," \
	    " deferred = deferred + excluded.deferred," \
	    " bounced = bounced + excluded.bounced," \
	    " expired = expired + excluded.expired," \
	    " blocked = blocked + excluded.blocked," \
	    " delays = add_delays(delays, excluded.delays)," \
	    " votes = add_seconds(votes, excluded.votes)," \
	    " others = add_seconds(others, excluded.others)") \
	X(SQL_SENDER_TOTAL_ADD, "INSERT INTO sender_total (" \
	    SENDER_TOTAL_COLUMNS ") SELECT c1, c2, c3, c4, 1 FROM batch" \
	    " WHERE true ON CONFLICT DO UPDATE SET" \
	    " votes = add_seconds(votes, excluded.votes)") \
	X(SQL_GAP_ADD, "INSERT INTO message_gap (" GAP_COLUMNS ")" \
	    " SELECT c1, c2, c3, c4, c5, c6, c7, 1 FROM batch WHERE true" \
	    " ON CONFLICT DO UPDATE SET" \
	    " messages = messages + excluded.messages") \
	X(SQL_REPLY_ADD, "INSERT OR IGNORE INTO reply (provider," \
	    " fingerprint, masked, reason, scope, severity, token, rule," \
	    " explicit, votes, sample, sample_utc) VALUES (?1, ?2, ?3, ?4," \
	    " ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)") \
	X(SQL_REPLY_SAMPLE, "UPDATE reply SET sample = ?2, sample_utc = ?3" \
	    " WHERE id = ?1 AND (?3 < sample_utc OR" \
	    " (?3 = sample_utc AND ?2 < sample))") \
	X(SQL_REPLY_ID, "SELECT id FROM reply WHERE provider = ?1 AND" \
	    " fingerprint = ?2 AND reason = ?3 AND token = ?4 AND rule = ?5") \
	X(SQL_REPLY_GET, "SELECT " REPLY_COLUMNS " FROM reply WHERE id = ?1") \
	X(SQL_REPLIES_FROM, "SELECT " REPLY_COLUMNS ", id FROM reply" \
	    " WHERE id >= ?1 ORDER BY id") \
	X(SQL_REPLY_TOTAL_ADD, "INSERT INTO reply_total (" \
	    REPLY_TOTAL_COLUMNS ") SELECT c1, c2, c3, c4, c5, c6, c7, 1" \
	    " FROM batch WHERE true ON CONFLICT DO UPDATE SET" \
	    " attempts = attempts + excluded.attempts," \
	    " deliveries = deliveries + excluded.deliveries, first_utc =" \
	    " min(coalesce(first_utc, excluded.first_utc)," \
	    " coalesce(excluded.first_utc, first_utc)), last_utc =" \
	    " max(coalesce(last_utc, excluded.last_utc)," \
	    " coalesce(excluded.last_utc, last_utc))") \
	X(SQL_ATTEMPT_ADD, "INSERT INTO attempt (utc, us, arrival_utc," \
	    " provider, source, domain, host, reply, outcome, stage," \
	    " reply_code, votes, queue_id, sender, recipient, relay, words," \
	    " path, line, origin) SELECT c1, c2, c3, c4, c5, c6, c7, c8, c9," \
	    " c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, 1" \
	    " FROM batch") \
	X(SQL_ATTEMPT_SENDER, "UPDATE attempt SET sender = ?5 WHERE" \
	    " sender IS NULL AND queue_id = ?2 AND host = ?1 AND" \
	    " utc BETWEEN ?3 AND ?4 AND origin = 1") \
	X(SQL_LATE_ADD, "INSERT INTO late (provider, source, refused_utc," \
	    " accepted_utc, origin) VALUES (?1, ?2, ?3, ?4, 1)") \
	X(SQL_LATE, "SELECT refused_utc, accepted_utc FROM late WHERE" \
	    " provider = ?1 AND source = ?2") \
	X(SQL_COVERAGE_ADD, "INSERT INTO coverage (" COVERAGE_COLUMNS ")" \
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1) ON CONFLICT DO UPDATE SET" \
	    " first_utc = min(first_utc, ?3), last_utc = max(last_utc, ?4)," \
	    " lines = lines + ?5, losses = losses + ?6") \
	X(SQL_SKIPPED_ADD, "INSERT INTO skipped (" SKIPPED_COLUMNS ")" \
	    " VALUES (?1, ?2, ?3, ?4, 1)" \
	    " ON CONFLICT DO UPDATE SET lines = lines + ?4") \
	X(SQL_MX_GET, "SELECT provider FROM domain_mx WHERE host = ?1 AND" \
	    " domain = ?2 AND origin = 1") \
	X(SQL_MX_PUT, "INSERT INTO domain_mx (" DOMAIN_MX_COLUMNS ")" \
	    " VALUES (?1, ?2, ?3, ?4, 1)" \
	    " ON CONFLICT DO UPDATE SET provider = ?3, seen_utc = ?4" \
	    " WHERE ?4 >= seen_utc") \
	X(SQL_FRAGMENT_ADD, "INSERT INTO fragment (id, host, queue," \
	    " queue_id, first_utc, last_utc, has_head, has_tail, body," \
	    " origin) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1)") \
	X(SQL_FRAGMENT_IDS, "SELECT queue_id, host FROM fragment") \
	X(SQL_FRAGMENT_DROP, "DELETE FROM fragment WHERE id = ?1") \
	X(SQL_FRAGMENT_BODY, "UPDATE fragment SET body = ?2 WHERE id = ?1") \
	X(SQL_FRAGMENT_NEXT, "SELECT id, body FROM fragment" \
	    " WHERE id > ?1 ORDER BY id LIMIT 1") \
	X(SQL_FRAGMENT_FIND, "SELECT id, body FROM fragment" \
	    " WHERE queue_id = ?1 AND host = ?2 AND origin = 1" \
	    " ORDER BY id DESC LIMIT ?3") \
	X(SQL_COVERED, "SELECT text, slot FROM coverage JOIN name ON" \
	    " id = host") \
	X(SQL_FRAGMENT_ALL, "SELECT id, body FROM fragment") \
	X(SQL_INPUT_ALL, "SELECT id, head, offset, line, format," \
	    " last_line_utc, first_utc, last_utc, path," \
	    " container, device, inode, size, mtime_ns, is_complete," \
	    " read_utc, origin FROM input ORDER BY first_utc, id") \
	X(SQL_INPUT_LIKE, "SELECT id, head, offset, line, format," \
	    " last_line_utc, first_utc, last_utc, path," \
	    " container, device, inode, size, mtime_ns, is_complete," \
	    " read_utc, origin FROM input WHERE" \
	    " substr(head, 12, 8) IN (?1, x'')") \
	X(SQL_INPUT_SAME, "SELECT 1 FROM input WHERE device = ?1 AND" \
	    " inode = ?2 AND size = ?3 AND mtime_ns = ?4 AND is_complete AND" \
	    " origin = 1 UNION ALL SELECT 1 FROM report_input WHERE" \
	    " device = ?1 AND inode = ?2 AND size = ?3 AND mtime_ns = ?4 AND" \
	    " is_complete AND origin = 1") \
	X(SQL_INPUT_TWIN, "SELECT path FROM input WHERE format = ?1 AND" \
	    " first_utc <= ?3 AND last_utc >= ?2 LIMIT 1") \
	X(SQL_INPUT_ADD, "INSERT INTO input (head, offset, line," \
	    " format, last_line_utc, first_utc," \
	    " last_utc, path, container, device, inode, size, mtime_ns," \
	    " is_complete, read_utc, origin) VALUES (?1, ?2, ?3, ?4, ?5, ?6," \
	    " ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, 1)") \
	X(SQL_INPUT_SET, "UPDATE input SET head = ?1, offset = ?2, line = ?3," \
	    " format = ?4, last_line_utc = ?5," \
	    " first_utc = ?6, last_utc = ?7, path = ?8, container = ?9," \
	    " device = ?10, inode = ?11, size = ?12, mtime_ns = ?13," \
	    " is_complete = ?14, read_utc = ?15 WHERE id = ?16") \
	X(SQL_TOTALS, "SELECT " TOTAL_COLUMNS " FROM total" \
	    " WHERE slot >= ?1 AND slot < ?2") \
	X(SQL_SOURCES, "SELECT name, host, instance, known, label, disputed" \
	    " FROM source WHERE ?1 < ?2") \
	X(SQL_PROVIDERS, "SELECT id FROM name WHERE kind = 4 AND ?1 < ?2") \
	X(SQL_PAIR_TOTALS, "SELECT slot, provider, source, messages, votes," \
	    " others FROM total WHERE slot >= ?1 AND slot < ?2 AND provider" \
	    " IN (SELECT" \
	    " DISTINCT provider FROM attempt WHERE votes)") \
	X(SQL_SENDER_TOTALS, "SELECT slot, provider, domain, votes FROM" \
	    " sender_total WHERE provider IN (SELECT DISTINCT provider FROM" \
	    " attempt WHERE votes) AND slot >= ?1 AND slot < ?2") \
	X(SQL_GAPS, "SELECT " GAP_COLUMNS " FROM message_gap WHERE slot >= ?1 AND" \
	    " slot < ?2") \
	X(SQL_REPLY_TOTALS, "SELECT " REPLY_TOTAL_COLUMNS \
	    " FROM reply_total WHERE slot >= ?1 AND" \
	    " slot < ?2") \
	X(SQL_REPLY_FIRST, "SELECT min(first_utc) FROM reply_total" \
	    " WHERE reply = ?1 AND slot < ?2") \
	X(SQL_COVERAGE, "SELECT " COVERAGE_COLUMNS " FROM coverage" \
	    " WHERE slot >= ?1 AND slot < ?2") \
	X(SQL_SKIPPED, "SELECT " SKIPPED_COLUMNS " FROM skipped WHERE slot >= ?1 AND" \
	    " slot < ?2") \
	X(SQL_BOUNDS, "SELECT min(first_utc), max(last_utc) FROM coverage") \
	X(SQL_COVERAGE_UP_TO, "SELECT max(slot) FROM coverage" \
	    " WHERE slot <= ?1") \
	X(SQL_COVERAGE_BEHIND, "SELECT min(slot) FROM coverage" \
	    " WHERE slot > ?1") \
	X(SQL_COVERAGE_SPAN, "SELECT min(first_utc), max(last_utc)," \
	    " sum(min(lines, 4294967295)) FROM coverage WHERE slot BETWEEN" \
	    " ?1 AND ?2") \
	X(SQL_REFUSED_PAIRS, "SELECT DISTINCT provider, source FROM attempt" \
	    " WHERE votes ORDER BY provider, source") \
	X(SQL_REFUSALS, "SELECT utc, arrival_utc, host, reply, queue_id," \
	    " recipient, sender, us FROM attempt WHERE votes AND provider = ?1 AND" \
	    " source = ?2 AND utc < ?3 ORDER BY utc, id") \
	X(SQL_PAIR_WORDS, "SELECT reply, words FROM attempt WHERE votes AND" \
	    " provider = ?1 AND source = ?2 AND utc >= ?3 AND utc <= ?4 AND" \
	    " words IS NOT NULL ORDER BY utc, words") \
	X(SQL_WORDS, "SELECT coalesce(words, sample), recipient, sender FROM" \
	    " attempt JOIN reply ON reply.id = attempt.reply" \
	    " WHERE words IS NOT NULL OR utc = sample_utc") \
	X(SQL_ANNOTATION_ADD, "INSERT OR IGNORE INTO annotation (utc," \
	    " provider, source_ip, kind, text, path, line, origin)" \
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1)") \
	X(SQL_ANNOTATIONS, "SELECT id, utc, provider, source_ip, kind, text," \
	    " path, line, origin FROM annotation ORDER BY utc, provider," \
	    " source_ip, kind, text, origin") \
	X(SQL_ANNOTATION_DROP, "DELETE FROM annotation WHERE id = ?1 AND" \
	    " origin = 1") \
	X(SQL_TRACE, "SELECT a.utc, a.us, h.text, a.queue_id, a.sender," \
	    " a.recipient, a.relay, p.text, s.text, r.reason, r.token," \
	    " coalesce(a.words, CAST(r.masked AS BLOB)), coalesce(a.stage," \
	    " ''), coalesce(f.text, ''), a.outcome, a.line," \
	    " coalesce(a.reply_code, 0) FROM attempt AS a" \
	    " JOIN reply AS r ON r.id = a.reply" \
	    " JOIN name AS p ON p.id = a.provider" \
	    " JOIN name AS s ON s.id = a.source" \
	    " LEFT JOIN name AS h ON h.id = a.host" \
	    " LEFT JOIN name AS f ON f.id = a.path" \
	    " WHERE (?1 = '' OR a.queue_id = ?1) AND (?2 = '' OR" \
	    " lower(CAST(a.recipient AS TEXT)) = lower(?2)) AND (?3 = '' OR" \
	    " instr(lower(CAST(coalesce(a.words, r.masked) AS TEXT))," \
	    " lower(?3)) > 0) AND (?4 = '' OR (a.votes AND p.text = ?4 AND" \
	    " s.text = ?5)) AND a.utc >= ?6 AND a.utc <= ?7" \
	    " ORDER BY a.utc, a.us, a.queue_id, a.id") \
	X(SQL_TRACE_WAITING, "SELECT body FROM fragment WHERE ?1 = '' OR" \
	    " queue_id = ?1 ORDER BY first_utc, id") \
	X(SQL_CHANGED, "UPDATE origin SET changes = changes + 1 WHERE" \
	    " number = 1") \
	X(SQL_EPISODES, "SELECT provider, source, first_refusal_utc," \
	    " last_refusal_utc, confirmed_utc, last_accept_before_utc," \
	    " first_accept_after_utc, closed_utc, phase, threshold, messages," \
	    " recipients, attempts, flaps, repeat, began_before_log" \
	    " FROM episode AS e WHERE origin = (SELECT min(origin) FROM episode" \
	    " WHERE provider = e.provider AND source = e.source AND" \
	    " first_refusal_utc = e.first_refusal_utc)" \
	    " ORDER BY provider, source, first_refusal_utc") \
	X(SQL_EPISODE_ADD, "INSERT OR REPLACE INTO episode (" EPISODE_COLUMNS \
	    ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12," \
	    " ?13, ?14, ?15, ?16, ?17)") \
	X(SQL_EPISODE_COST_ADD, "INSERT OR REPLACE INTO episode_cost (" \
	    EPISODE_COST_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8," \
	    " ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20," \
	    " ?21, ?22)") \
	X(SQL_EPISODE_COST, "SELECT " EPISODE_COST_COLUMNS \
	    " FROM episode_cost WHERE provider = ?1 AND source = ?2 AND" \
	    " first_refusal_utc = ?3 ORDER BY origin LIMIT 1") \
	X(SQL_EPISODE_REPLY_ADD, "INSERT OR REPLACE INTO episode_reply (" \
	    EPISODE_REPLY_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6)") \
	X(SQL_EPISODE_ORIGIN, "SELECT min(origin) FROM attempt WHERE" \
	    " provider = ?1 AND source = ?2 AND utc >= ?3 AND utc <= ?4 AND" \
	    " votes HAVING min(origin) = max(origin)") \
	X(SQL_EPISODE_REPLIES, "SELECT reply, max(attempts) FROM" \
	    " episode_reply WHERE provider = ?1 AND source = ?2 AND" \
	    " first_refusal_utc = ?3 GROUP BY reply ORDER BY 2 DESC, 1") \
	X(SQL_PRUNE_ATTEMPTS, "DELETE FROM attempt WHERE utc < ?1 AND" \
	    " (NOT votes OR utc < coalesce((SELECT keep_utc FROM" \
	    " temp.keep_pair AS k WHERE k.provider = attempt.provider AND" \
	    " k.source = attempt.source), ?1))") \
	X(SQL_SAMPLE_GET, "SELECT path FROM sample JOIN input ON id = input" \
	    " WHERE hash = ?1 AND input <> ?2") \
	X(SQL_SAMPLE_ADD, "INSERT OR IGNORE INTO sample" \
	    " SELECT c1, c2, c3 FROM batch") \
	X(SQL_DAYS, "SELECT day, totals, gaps, replies FROM day_part" \
	    " WHERE day >= ?1 AND day <= ?2 ORDER BY day, part") \
	X(SQL_DAY_STATE, "SELECT EXISTS (SELECT 1 FROM day_part WHERE" \
	    " day = ?1), EXISTS (SELECT 1 FROM total WHERE slot >= ?1 AND" \
	    " slot < ?2) OR EXISTS (SELECT 1 FROM message_gap WHERE" \
	    " slot >= ?1 AND slot < ?2) OR EXISTS (SELECT 1 FROM reply_total" \
	    " WHERE slot >= ?1 AND slot < ?2)") \
	X(SQL_DAY_SMALL, "SELECT part, totals, gaps, replies FROM day_part" \
	    " WHERE day = ?1 AND length(totals) + length(gaps) +" \
	    " length(replies) < ?2") \
	X(SQL_DAY_ADD, "INSERT INTO day_part (day, part, totals, gaps," \
	    " replies) VALUES (?1, coalesce((SELECT max(part) + 1 FROM" \
	    " day_part WHERE day = ?1), 1), ?2, ?3, ?4)") \
	X(SQL_DAY_DROP, "DELETE FROM day_part WHERE day = ?1 AND part = ?2") \
	X(SQL_NEXT_SLOT, "SELECT min(slot) FROM total WHERE slot >= ?1") \
	X(SQL_META_UNDER_WAY, "SELECT substr(key, 11), value FROM meta" \
	    " WHERE key GLOB 'under-way:*'") \
	X(SQL_META_GET, "SELECT value FROM meta WHERE key = ?1") \
	X(SQL_META_PUT, "INSERT OR REPLACE INTO meta VALUES (?1, ?2)")
/* clang-format on */

#define STORE_ENUM(name, sql) name,
enum store_sql { STORE_STATEMENTS(STORE_ENUM) REPORT_STATEMENTS(STORE_ENUM)
	STORE_SQLS };
#undef STORE_ENUM

/* A change of the messages that the store keeps, to be carried out. */
struct fragment_change {
	int64_t id;
	bool is_drop; /* then the rest is empty */
	bool has_head, has_tail;
	struct slice host, queue, queue_id, body;
	int64_t first_utc, last_utc;
};
/* In their order. */
struct fragment_changes {
	struct arena text; /* of queue ids and bodies */
	struct fragment_change *list;
	size_t count, room, bytes;
};

/* Nobody but the thread that writes touches the file, or anything that is not
 * the counting side's, while a flush is under way: see store_join. */
struct store {
	sqlite3 *db;
	sqlite3_stmt *statements[STORE_SQLS];
	char *path;
	int lock_fd;
	int64_t slot_s;
	int64_t schema; /* of the file; a reader may meet an older one */
	bool is_private;
	bool is_pushed; /* to a fleet: what changes is marked */
	bool has_failed; /* a write or read did; the run must end */
	const struct batch *batch; /* what the table of that name holds now */
	struct name_numbers numbers[NAME_KINDS];
	struct strbuf scratch;
	struct flush *flush; /* the last one, or the one under way; or NULL */
	struct behind *behind; /* what writes it; NULL: nobody did yet */
	/* The counting side's, here and below. Set by store_hooks: */
	struct queue *queue;
	struct totals *totals;
	struct names *names;
	/* by number of a queued message: its fragment's id, 0 = none */
	int64_t *fragment_ids;
	uint32_t fragment_room;
	/* those that wait included: how many, the last number given, and how
	 * many there are of each hash of host and id */
	int64_t fragment_count, fragment_last;
	uint8_t *fragment_marks;
	bool knows_fragments; /* of the last two */
	bool knows_domains, has_domains; /* of earlier runs, with their MX */
	struct fragment_changes parked;
	struct strbuf encoded; /* scratch of these */
	/* what a fleet holds of reports, where this is a part of one; or
	 * NULL */
	struct report_sums *elsewhere;
};

/* Lock the store of DIR for writing, waiting up to WAIT_S; the lock goes with
 * lock_fd. MX_E_BUSY: err says who holds it. */
enum mx_code store_take_lock(struct store *store, const char *dir,
    int64_t wait_s, struct mx_err *err) MX_MUST_USE;

/* store_place.c: before any file in DIR is opened. MX_E_PERM, MX_E_CANTCREAT;
 * MX_E_DATA where it is only read. */
enum mx_code store_check_place(const char *dir, bool is_written,
    struct mx_err *err) MX_MUST_USE;

/* PATH is a file, or is not there; MX_E_DATA. */
enum mx_code store_check_file(const char *path, struct mx_err *err)
    MX_MUST_USE;

/* A file of the store that root made in a directory of somebody else is that
 * one's: a night run by hand must not lock its user out. SQLite does the same
 * for its journal. */
void store_give(int fd, const char *dir);

/* store_schema.c. *is_new_r: the file is empty. MX_E_DATA: not a store, or of a
 * newer version. */
enum mx_code store_check_schema(struct store *store, bool *is_new_r,
    struct mx_err *err) MX_MUST_USE;
/* Are the slots of SCHEMA ("main", "other"), which is the file at PATH and of
 * that version, within the years that we count in? MX_E_DATA. */
enum mx_code store_check_slots(struct store *store, const char *schema,
    const char *path, int64_t version, struct mx_err *err) MX_MUST_USE;
enum mx_code store_create_schema(struct store *store, int64_t slot_s,
    struct mx_err *err) MX_MUST_USE;
/* Bring a store of an older version up to this one, all or nothing. */
enum mx_code store_migrate(struct store *store, struct mx_err *err)
    MX_MUST_USE;
/* The first column of the only row of SQL. */
enum mx_code store_number(struct store *store, const char *sql,
    int64_t *value_r, struct mx_err *err) MX_MUST_USE;

/* A prepared statement, reset, with bindings cleared; NULL on failure. */
sqlite3_stmt *store_statement(struct store *store, enum store_sql sql,
    struct mx_err *err);
/* Fill err from SQLite; the code says whether the file, the disk or the lock
 * is to blame. */
enum mx_code store_fail(struct store *store, const char *doing,
    struct mx_err *err);
/* Run a statement that gives no row. */
enum mx_code store_run(struct store *store, sqlite3_stmt *statement,
    const char *doing, struct mx_err *err) MX_MUST_USE;
/* One statement or more without bindings. */
enum mx_code store_exec(struct store *store, const char *sql,
    const char *doing, struct mx_err *err) MX_MUST_USE;
/* Step; *row_r says whether there is one. */
enum mx_code store_step(struct store *store, sqlite3_stmt *statement,
    bool *row_r, struct mx_err *err) MX_MUST_USE;

void bind_text(sqlite3_stmt *statement, int at, struct slice text);
/* NULL for SLICE_NONE. */
void bind_blob(sqlite3_stmt *statement, int at, struct slice bytes);
/* NULL for INT64_MIN and INT64_MAX. */
void bind_time(sqlite3_stmt *statement, int at, int64_t utc);
struct slice column_text(sqlite3_stmt *statement, int at);
struct slice column_blob(sqlite3_stmt *statement, int at);
/* What any store holds may be forged. A count, cut to what a log can hold, so
 * that no sum of them overflows; a time, cut to the years 0 to 9999. */
#define STORE_UTC_MIN INT64_C(-62167219200)
#define STORE_UTC_MAX INT64_C(253402300799)
/* Names and kinds of reply are looked up by their number in the file: none is
 * larger, or the table of them would not fit into memory. */
enum { STORE_NUMBER_MAX = 1 << 27 };
int64_t column_count(sqlite3_stmt *statement, int at);
int64_t column_utc(sqlite3_stmt *statement, int at);
/* INT64_MIN for NULL. */
int64_t column_time(sqlite3_stmt *statement, int at);

/* The file's number of a name, added when new. */
enum mx_code store_name_id(struct store *store, enum name_kind kind,
    const struct intern *table, uint32_t number, int64_t *id_r,
    struct mx_err *err) MX_MUST_USE;
/* The same for many; NUMBERS may hold some twice, and in any order. */
enum mx_code store_name_ids(struct store *store, enum name_kind kind,
    const struct intern *table, const uint32_t *numbers, size_t count,
    struct mx_err *err) MX_MUST_USE;
/* 0 when the file does not know it. */
enum mx_code store_find_name(struct store *store, enum name_kind kind,
    struct slice text, int64_t *id_r, struct mx_err *err) MX_MUST_USE;
/* MX_E_DATA: there is none of that kind. */
enum mx_code store_name_text(struct store *store, enum name_kind kind,
    int64_t id, struct slice *text_r, struct mx_err *err) MX_MUST_USE;

/* The file's number of a kind of reply, added when new, its sample brought
 * up to date. */
enum mx_code store_reply_id(struct store *store, struct totals *totals,
    uint32_t reply, int64_t *id_r, struct mx_err *err) MX_MUST_USE;

/* store_copies.c: what a merge takes over. Ends with a row without table. */
struct store_copy {
	const char *table;
	int since;       /* the version of the schema that brought it */
	const char *sql;
};
extern const struct store_copy store_copies[];

/* store_batch.c: make the table `batch` known. */
int store_batch_table(struct store *store);

/* store_pack.c: histograms and moments as blobs, and the SQL functions that
 * add them. */
int store_pack_functions(sqlite3 *db);
/* ledger_head(): how an input begins, of any schema, as it is stored now. */
int store_ledger_functions(sqlite3 *db);
/* From a row's bytes, in any order. */
void pack_delays(struct strbuf *out, const struct bytes *buckets);
void pack_seconds(struct strbuf *out, const struct bytes *seconds);
/* What two blobs hold together, counts added; OUT must be empty. */
void pack_join(struct strbuf *out, struct slice a, struct slice b);
/* Every (value, count) of a blob; false when the blob is damaged. */
bool unpack_delays(struct slice blob,
    void (*each)(void *ctx, uint32_t bucket, uint64_t count), void *ctx);
bool unpack_seconds(struct slice blob,
    void (*each)(void *ctx, uint32_t second, uint64_t count), void *ctx);

/* store_push_marks.c: is it? Asked when it is opened. */
enum mx_code store_push_look(struct store *store, struct mx_err *err)
    MX_MUST_USE;
/* From here on what changes the store is marked by triggers of ours; those of a
 * store that is not pushed are nobody's, and do not run. */
void store_push_watch(struct store *store);
/* All days of an origin wait, where the store is pushed. */
enum mx_code store_push_mark_origin(struct store *store, int64_t origin,
    struct mx_err *err) MX_MUST_USE;

/* store_prune_messages.c: take the addresses out of messages whose last line
 * is older, and older replies out of all; *changed_r: of how many. */
enum mx_code store_prune_messages(struct store *store, int64_t detail_utc,
    int64_t *changed_r, struct mx_err *err) MX_MUST_USE;

/* store_fragment.c: a message as a blob. MX_E_DATA: damaged. */
void fragment_encode(struct strbuf *out, const struct queue *queue,
    const struct totals *totals, const struct names *names,
    const struct message *message);
enum mx_code fragment_decode(struct slice blob, struct queue *queue,
    struct totals *totals, struct names *names, uint32_t *message_r,
    struct mx_err *err) MX_MUST_USE;

/* store_parked.c. What changes in the messages that are kept waits in memory for
 * the next flush, or for somebody who must see it. Learn which there are, once;
 * the other calls do it by themselves. */
enum mx_code store_know_fragments(struct store *store, struct mx_err *err)
    MX_MUST_USE;
/* May more than BESIDES (0 or 1) messages of that host and id be kept? "No" is
 * certain. */
enum mx_code store_may_keep(struct store *store, uint32_t host,
    struct slice id, unsigned besides, bool *may_r, struct mx_err *err)
    MX_MUST_USE;
enum mx_code store_park_drop(struct store *store,
    const struct message *message, int64_t id, struct mx_err *err)
    MX_MUST_USE;
enum mx_code store_park_add(struct store *store,
    const struct message *message, int64_t *id_r, struct mx_err *err)
    MX_MUST_USE;
/* Carry out and empty CHANGES. */
enum mx_code store_write_changes(struct store *store,
    struct fragment_changes *changes, struct mx_err *err) MX_MUST_USE;
/* Wait for the flush under way and carry out what is parked: then the file has
 * everything that the counting side believes. */
enum mx_code store_catch_up(struct store *store, struct mx_err *err)
    MX_MUST_USE;
void store_parked_release(struct store *store);
/* store_recall.c: park the messages of the queue that changed. */
enum mx_code store_park_messages(struct store *store, struct mx_err *err)
    MX_MUST_USE;

/* store_behind.c. Before a transaction is undone: wait for the flush under way,
 * forget what is parked. */
void store_give_up(struct store *store);
void store_flush_release(struct store *store);

#endif
