/* SPDX-License-Identifier: BSD-2-Clause */
/* What is counted, in memory: rows that only ever grow by addition, so that
 * any order of reading, any cut of the files and any merge of stores ends in
 * the same sums. The store adds them to its own; a report adds those of the
 * store and of the messages still open.
 *
 * Time is cut into slots (an hour; a quarter where the report's zone needs
 * it) of UTC. A delivery belongs to the slot of its first attempt, an attempt
 * to the slot in which it happened. */
#ifndef MX_ANALYZER_TOTALS_H
#define MX_ANALYZER_TOTALS_H

#include "analyzer/names.h"
#include "base/pool.h"
#include "parsers/facts.h"

/* A growing row of bytes, most of them short. */
struct bytes {
	uint8_t *ptr; /* NULL while they fit inside */
	uint32_t len, room;
	uint8_t small[16];
};
void bytes_add(struct bytes *bytes, const void *ptr, size_t len);
void bytes_release(struct bytes *bytes);
static inline const uint8_t *
bytes_ptr(const struct bytes *bytes)
{
	return bytes->ptr != NULL ? bytes->ptr : bytes->small;
}

struct total_key {
	int64_t slot;
	uint32_t source, provider, domain;
};

struct total_row {
	uint32_t next; /* in its hash chain */
	struct total_key key;
	/* by attempt */
	uint32_t attempts[3]; /* by OUTCOME_ACCEPTED, _DEFERRED, _BOUNCED */
	uint32_t suspended;
	uint32_t refused;     /* attempts whose refusal votes */
	/* by message: see totals_gap */
	uint32_t messages;
	/* by delivery, in the slot of its first attempt */
	uint32_t accepted, deferred, bounced, expired, blocked, open;
	struct bytes delays;  /* a delay bucket for each accepted delivery */
	/* Acceptances: seconds after the slot's start, 16 bits each. The
	 * first of a message in a clock hour votes, others only bracket. */
	struct bytes accept_votes, accept_others;
};

/* How many distinct messages a window holds is not a sum. But it is the sum
 * of those attempt slots of a message whose previous attempt slot lies before
 * the window; so each slot of a message is counted together with its gap to
 * the one before. A row's `messages` are slots without one before; gaps and
 * corrections for groups of rows (a message with two recipients at one
 * provider is one message there) are kept apart. */
enum total_group {
	GROUP_ROW,      /* source, provider, domain */
	GROUP_PAIR,     /* source, provider */
	GROUP_PROVIDER,
	GROUP_SOURCE,
	GROUP_DOMAIN,
	GROUP_ALL,
	TOTAL_GROUPS
};

struct gap_key {
	int64_t slot;
	int64_t gap_s; /* 0: no slot before */
	uint32_t group;
	uint32_t source, provider, domain; /* INTERN_NONE where not in group */
};

struct gap_row {
	uint32_t next;
	struct gap_key key;
	int32_t count; /* may be negative */
};

/* One kind of reply of one provider: fingerprint and what it means. */
struct reply_kind {
	uint32_t next;
	uint32_t provider;
	uint64_t fingerprint;
	struct slice masked, reason, scope, severity, token, rule;
	struct slice sample;      /* the earliest one read, in full */
	int64_t sample_utc;
	bool is_explicit, votes;
	bool is_dirty;    /* the sample changed since it was stored */
	int64_t db_id;   /* for the store; 0 = not known there yet */
	char *texts, *sample_text; /* owned: where the slices point */
};

/* Acceptances that vote, by sender domain: over all sources, as a domain is
 * refused from each. Its slots are long, for few rows: a domain has a handful
 * of messages for most providers. Seconds of one still fit into 16 bits. */
enum { SENDER_SLOT_S = 43200 };
struct sender_key {
	int64_t slot; /* totals_sender_slot */
	uint32_t provider, domain;
};

struct sender_row {
	uint32_t next;
	struct sender_key key;
	struct bytes votes; /* seconds, as those of total_row */
};

struct reply_key {
	int64_t slot;
	uint32_t source, reply;
};

struct reply_row {
	uint32_t next;
	struct reply_key key;
	uint32_t attempts;
	uint32_t deliveries; /* for whose delivery it was the first of its
	                      * reason and token */
	int64_t first_utc, last_utc;
};

/* One failed attempt; texts in the totals' arena. */
struct attempt {
	struct stamp at;
	int64_t arrival_utc; /* of the message; INT64_MIN = not known */
	uint32_t source, provider, domain, host, reply;
	enum outcome outcome;
	enum stage stage;
	uint16_t reply_code;
	bool votes;
	struct slice id, sender, recipient, relay, words;
	struct slice path;
	uint64_t line;
};

/* A delivery that was refused for a reason that votes and accepted later. */
struct late {
	uint32_t source, provider;
	int64_t refused_utc, accepted_utc; /* refused_utc: the first time */
};

/* The sender of a message that was not known yet when attempts of it were
 * kept: the lines that name it stand behind them, or in a file that was read
 * later. */
struct late_sender {
	uint32_t host;
	struct slice id, sender;
	int64_t first_utc, last_utc; /* of the message, inclusive */
};

struct coverage_row {
	uint32_t next;
	int64_t slot;
	uint32_t host;
	int64_t first_utc, last_utc;
	uint64_t lines;
	uint64_t skipped[SKIP_REASONS];
	uint64_t losses; /* loss markers of the syslog daemon */
};

struct totals {
	int64_t slot_s;
	struct names *names; /* borrowed */
	struct arena text;
	struct pool rows, gaps, replies, reply_rows, coverage, sender_rows;
	struct total_row *last_row; /* asked for; one fact asks several times */
	struct chain_index row_index, gap_index, reply_index, reply_row_index,
	    coverage_index, sender_index;
	/* the sender address met last, and the number of its domain */
	char sender_memo[256];
	size_t sender_memo_len;
	uint32_t sender_domain;
	struct attempt *attempts;
	size_t attempt_count, attempt_room;
	struct late *late;
	size_t late_count, late_room;
	struct late_sender *senders;
	size_t sender_count, sender_room;
	bool keeps_attempts;       /* all failed ones, not only refusals */
};

void totals_init(struct totals *totals, struct names *names, int64_t slot_s);
void totals_release(struct totals *totals);
/* Empty but for the reply kinds, whose numbers stay. */
void totals_reset(struct totals *totals);
/* All that totals_reset empties goes to OTHER, and what OTHER has of it comes
 * here. */
void totals_swap_rows(struct totals *totals, struct totals *other);

static inline int64_t
totals_slot(const struct totals *totals, int64_t utc)
{
	int64_t rest = utc % totals->slot_s;

	return utc - (rest < 0 ? rest + totals->slot_s : rest);
}

static inline int64_t
totals_sender_slot(int64_t utc)
{
	int64_t rest = utc % SENDER_SLOT_S;

	return utc - (rest < 0 ? rest + SENDER_SLOT_S : rest);
}

/* Found or added; valid until totals_reset. */
struct total_row *totals_row(struct totals *totals,
    const struct total_key *key);
void totals_gap(struct totals *totals, const struct gap_key *key,
    int32_t count);
struct reply_row *totals_reply_row(struct totals *totals,
    const struct reply_key *key);
struct coverage_row *totals_coverage(struct totals *totals, int64_t slot,
    uint32_t host);
/* The number of this kind of reply. KIND's texts are copied when it is new,
 * its sample too when it is earlier than the one known (then by text). */
uint32_t totals_reply(struct totals *totals, const struct reply_kind *kind);
static inline struct reply_kind *
totals_reply_kind(const struct totals *totals, uint32_t reply)
{
	return pool_at(&totals->replies, reply);
}
/* ATTEMPT's texts are copied. */
void totals_attempt(struct totals *totals, const struct attempt *attempt);
void totals_late(struct totals *totals, const struct late *late);
/* totals_senders.c: SENDER's texts are copied. */
void totals_late_sender(struct totals *totals,
    const struct late_sender *sender);
/* The number of the domain of SENDER, in small letters; INTERN_NONE: it has
 * none, or one that is too long for a domain. */
uint32_t totals_sender_domain(struct totals *totals, struct slice sender);
struct sender_row *totals_sender_row(struct totals *totals,
    const struct sender_key *key);
/* Before any is looked up. */
void totals_sort_senders(struct totals *totals);
/* Of the message that had this id at that time; SLICE_NONE: not known. */
struct slice totals_find_sender(const struct totals *totals, uint32_t host,
    struct slice id, int64_t utc);
/* Rows waiting to be stored, attempts included. */
size_t totals_pending(const struct totals *totals);

/* Delays go into buckets 24 to the decade (each 10 % wider than the one
 * before) from 0.1 s to 10^7 s: percentiles are right to a twentieth. */
enum { DELAY_BUCKETS = 194 };
uint8_t delay_bucket(int64_t delay_ms);
double delay_bucket_seconds(uint8_t bucket);

#endif
