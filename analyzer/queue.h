/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages that are in somebody's queue: from the first line of their life to
 * the last, with the recipients still open. Bounded: the owner sets aside
 * what was quiet longest when there are too many. No SQL, no clock, no
 * classification.
 *
 * A message known from here may be a fragment: its head (birth) or its tail
 * (removal from the queue) may stand in a file that was not read yet, or
 * never will be. Fragments of one message join, in whatever order their
 * files were read (queue_merge). */
#ifndef MX_ANALYZER_QUEUE_H
#define MX_ANALYZER_QUEUE_H

#include "analyzer/names.h"
#include "base/pool.h"
#include "parsers/facts.h"

enum { QUEUE_ID_MAX = 64, SENDER_INLINE = 64 };

/* Where and when a message was tried: one of these for each source, provider,
 * domain and slot of time. */
struct touch {
	uint32_t next;       /* of the same message */
	uint32_t next_hash;
	uint32_t message;
	uint32_t source, provider, domain;
	int64_t slot;
	int64_t accepted_utc; /* first acceptance in the slot, INT64_MAX */
};

/* What failed for one recipient: kinds of reply in order of sight. */
struct failure {
	uint32_t reply;
	int64_t first_utc;
};
enum { FAILURES_MAX = 16 };

/* A recipient that is not finished, or whose message has no head yet. */
struct recipient {
	uint32_t next;       /* of the same message */
	uint32_t next_hash, prev_hash;
	uint32_t message;
	uint32_t source, provider, domain;
	uint64_t hash;       /* of text, stable */
	char *text;          /* owned; NUL-terminated */
	int64_t first_utc, last_utc;
	int64_t delay_ms;    /* of the acceptance */
	uint32_t deferrals;
	bool is_blocked;     /* a refusal that votes was among the attempts */
	bool has_provider;   /* from a session or a named MX */
	bool has_attempt;    /* else only echoes of earlier failures */
	enum outcome outcome; /* of the last attempt */
	struct failure *failures; /* owned */
	uint32_t failure_count;
};

struct message {
	uint32_t next_hash, prev_hash; /* prev_hash POOL_NONE: the first */
	uint32_t older, newer;  /* by last sign of life */
	uint64_t hash;          /* of log host and id */
	uint32_t host, root;    /* root: the instance that owns the queue */
	char id[QUEUE_ID_MAX];
	uint8_t id_len;
	bool has_head, has_tail, has_sender, is_expired;
	bool is_stored;         /* the store holds a copy */
	bool is_dirty;          /* that copy is out of date */
	bool is_closing;        /* out of the queue, waits for late lines */
	bool is_joined;         /* of parts that were read apart */
	bool is_spread;         /* its lines stand in several inputs */
	bool owes_sender;       /* an attempt was told before its sender was
	                         * known */
	char sender_inline[SENDER_INLINE];
	char *sender_long;      /* owned; instead of sender_inline */
	uint32_t sender_len;
	uint64_t sender_mark;   /* of message_event; 0: none */
	uint32_t input;         /* number of the one that it began in */
	int64_t size_bytes;     /* -1 = not known */
	int64_t first_utc, last_utc, removed_utc, expired_utc;
	int64_t arrival_utc;    /* INT64_MIN = not known */
	/* Between two of its lines lie whole hours; of several such gaps the
	 * first begin and the last end. INT64_MAX, INT64_MIN: none. */
	int64_t gap_from_utc, gap_to_utc;
	uint32_t touches, touch_count;
	uint32_t recipients, recipient_count; /* kept records */
	uint32_t open_count;    /* of them deferred, not finished */
	/* Where no line tells of the end: how many recipients there are (0 =
	 * not known), and how many outcomes were final. */
	uint32_t expected_count, finished_count;
};

struct queue {
	struct pool messages, touches, recipients;
	struct chain_index by_id, by_touch, by_recipient;
	uint32_t oldest, newest;
	uint64_t seed;
	uint32_t input;         /* number of the one that is read */
	/* Clock hours of log hosts of which some line was read, ever. */
	uint64_t *covered;      /* open addressing, 0 = free */
	uint32_t covered_count, covered_mask;
};

void queue_init(struct queue *queue, uint64_t seed);
void queue_release(struct queue *queue);

/* The number of the message, POOL_NONE when it is not here. EXACT: only of
 * queue instance ROOT; else one of another instance of the host serves where
 * there is none of ROOT (a transport with a syslog_name of its own). */
uint32_t queue_find(const struct queue *queue, uint32_t host, uint32_t root,
    struct slice id, bool exact);
/* A new one, linked; ID longer than QUEUE_ID_MAX keeps its tail. */
uint32_t queue_add(struct queue *queue, uint32_t host, uint32_t root,
    struct slice id);
void queue_remove(struct queue *queue, uint32_t number);

static inline struct message *
queue_message(const struct queue *queue, uint32_t message)
{
	return pool_at(&queue->messages, message);
}
static inline struct touch *
queue_touch_at(const struct queue *queue, uint32_t touch)
{
	return pool_at(&queue->touches, touch);
}
static inline struct recipient *
queue_recipient_at(const struct queue *queue, uint32_t recipient)
{
	return pool_at(&queue->recipients, recipient);
}

/* Some line of HOST was written in the hour of UTC. */
void queue_cover(struct queue *queue, uint32_t host, int64_t utc);
/* Known from head to tail, with no hour between two of its lines of which no
 * log was read: nothing can be missing. One of parts that were read apart must
 * have been tried as well, and have left no recipient waiting: else what stood
 * between them is still to come. */
bool queue_is_whole(const struct queue *queue, const struct message *message);
/* Read in pieces: what stood between them may have been read in an earlier run,
 * and wait in the store. */
static inline bool
queue_is_in_pieces(const struct message *message)
{
	return message->is_spread || message->is_stored || message->is_joined;
}

/* A sign of life: moves it behind all others in age. */
void queue_seen(struct queue *queue, uint32_t number, int64_t utc);
/* Without a mark, until one is set. */
void queue_set_sender(struct message *message, struct slice sender);
struct slice queue_sender(const struct message *message);
/* Over by count, where no line will say so. */
static inline bool
queue_is_finished(const struct message *message)
{
	return message->expected_count != 0 && message->open_count == 0 &&
	    message->finished_count >= message->expected_count;
}
static inline struct slice
queue_id(const struct message *message)
{
	return slice_of(message->id, message->id_len);
}

/* Found or added. */
struct touch *queue_touch(struct queue *queue, uint32_t number,
    const struct touch *key);
/* NULL when the recipient has no record of a delivery that is open. */
struct recipient *queue_find_recipient(const struct queue *queue,
    uint32_t number, struct slice text);
/* The record of a delivery that ended at UTC or later; NULL when there is
 * none. */
struct recipient *queue_find_ended(const struct queue *queue, uint32_t number,
    struct slice text, int64_t utc);
struct recipient *queue_add_recipient(struct queue *queue, uint32_t number,
    struct slice text);
/* Add REPLY to what failed, unless it is there. */
void queue_recipient_failed(struct recipient *rcpt, uint32_t reply,
    int64_t utc);

/* May both be parts of one message: same host, queue and id, at most one with
 * head and one with tail, the head in front, the tail behind, and not further
 * apart than a message can live? */
bool queue_may_join(const struct message *a, const struct message *b);
/* All of FROM into INTO, both in QUEUE; FROM is removed. Which of the two is
 * the earlier does not matter. */
void queue_merge(struct queue *queue, uint32_t into, uint32_t from);

#endif
