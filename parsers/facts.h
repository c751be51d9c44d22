/* SPDX-License-Identifier: BSD-2-Clause */
/* The facts that leave the parsers' room, and the sink that takes them.
 * Text is slices into the current line or the parser's scratch memory: valid
 * until the sink returns. A receiver that keeps text copies it. */
#ifndef MX_PARSERS_FACTS_H
#define MX_PARSERS_FACTS_H

#include "base/err.h"
#include "base/slice.h"

/* Evidence: which line said so. Lines count from 1. */
struct mx_where {
	const char *path;
	uint64_t line;
};

/* A moment as logged, converted to UTC. */
struct stamp {
	int64_t utc;    /* seconds since 1970 */
	uint32_t us;    /* 0..999999 */
	uint8_t digits; /* digits of the fraction that were logged, 0..6 */
};

enum outcome {
	OUTCOME_ACCEPTED,
	OUTCOME_DEFERRED,
	OUTCOME_BOUNCED,
	OUTCOME_EXPIRED,
	/* from here on: no attempt */
	OUTCOME_SUSPENDED, /* an echo of an earlier failure */
	OUTCOME_PROBE,     /* address verification */
	OUTCOME_DISCARDED, /* thrown away on purpose */
	OUTCOMES
};

enum hop { HOP_REMOTE, HOP_LOCAL, HOP_INTERNAL, HOPS };

/* Where in the SMTP dialogue the reply came. */
enum stage {
	STAGE_NONE,
	STAGE_CONNECT,
	STAGE_EHLO,
	STAGE_STARTTLS,
	STAGE_AUTH,
	STAGE_MAIL,
	STAGE_RCPT,
	STAGE_DATA,
	STAGE_EOD,
	STAGES
};

/* How the own address is known. */
enum source_from { SOURCE_UNKNOWN, SOURCE_LOG, SOURCE_MAP, SOURCE_DEFAULT,
	SOURCE_REPLY, SOURCE_FROMS };

/* The words of the contract: "accepted", "remote", "eod", "log", ...;
 * stage and source_from give NULL for their 0. */
const char *outcome_name(enum outcome outcome);
const char *hop_name(enum hop hop);
const char *stage_name(enum stage stage);
const char *source_from_name(enum source_from from);

struct classification; /* analyzer/classify.h; NULL as parsers leave it */

/* One recipient, one attempt, one outcome. Absent text is SLICE_NONE. (Texts
 * stand side by side for fact_tape.c.) */
struct delivery {
	struct stamp at;
	const char *mta;            /* "postfix", static or as long as the run */
	struct slice host, instance, agent;
	struct slice id;            /* queue id */
	struct slice sender;        /* without brackets; "" is the null sender */
	struct slice recipient;     /* without brackets */
	struct slice orig_recipient;
	struct slice domain;        /* the recipient's, lower case, A-labels */
	struct slice relay_host;    /* lower case, no trailing dot */
	struct slice relay_ip;
	struct slice source_ip;     /* our own address */
	struct slice dsn;           /* "5.7.1" as logged */
	struct slice reply;         /* unfolded words, without MTA's framing */
	struct slice tls;           /* as logged */
	/* The MX that the failure text names where relay_host is absent
	 * ("connect to H[A]:25: ..."), lower case; with its address. */
	struct slice named_mx, named_ip;
	int64_t delay_ms;           /* since arrival; -1 = not logged */
	int64_t size_bytes;         /* -1 = not known */
	uint16_t relay_port;        /* 0 = not logged */
	uint16_t reply_code;        /* 100..599; 0 = no reply */
	enum outcome outcome;
	enum hop hop;
	enum stage stage;
	enum source_from source_from;
	/* The text is the MTA's own, not the remote's. */
	bool is_own_text;
	/* Recipient of this attempt is finished by it (accepted and bounced
	 * always are; a format without queue ids may say so for deferrals). */
	bool is_final;
	/* relay_host is the name that its address resolves to, not that of
	 * an MX. */
	bool is_relay_reverse;
	/* The id is none that was logged: it only joins the lines of one
	 * message. Not to be shown. */
	bool is_id_made;
	struct mx_where where;
	/* Filled by the analyzer. */
	const struct classification *class;
	struct slice provider;      /* key; parsers leave SLICE_NONE */
};

enum message_event_kind {
	MESSAGE_BORN,     /* the first line of its life */
	MESSAGE_ACTIVE,   /* sender, size, recipient count (again at retries) */
	MESSAGE_EXPIRED,  /* returned to sender: ends every open recipient */
	MESSAGE_CHILD,    /* child_id is a notification about this message */
	MESSAGE_REMOVED   /* out of the queue: the last line of its life */
};

/* What a log says of a message as a whole (one queue file). */
struct message_event {
	enum message_event_kind kind;
	struct stamp at;
	const char *mta;
	struct slice host, instance, agent, id;
	struct slice sender;      /* with ACTIVE (and BORN where logged) */
	uint64_t sender_mark;     /* of an ingest_cover that hides senders: how
	                           * it knows this one again; 0 = not at all */
	struct slice message_id;  /* RFC 5322 Message-ID without brackets */
	struct slice child_id;    /* with CHILD */
	int64_t size_bytes;       /* -1 = not logged */
	int64_t recipient_count;  /* -1 = not logged */
	/* recipient_count is that of the whole message, and no line will tell
	 * of its end: it is over when so many recipients are finished. */
	bool ends_with_recipients;
	struct mx_where where;
};

/* Why a line or report was not understood. */
enum skip_reason {
	SKIP_NO_STAMP,   /* no time stamp that we know */
	SKIP_BAD_STAMP,  /* one that is no date, or outside 1970..2100 */
	SKIP_NO_FRAME,   /* stamp, but no host and program behind it */
	SKIP_MALFORMED,  /* the MTA's line, but not of its grammar */
	SKIP_CUT,        /* cut before its outcome */
	SKIP_TOO_LONG,   /* longer than LIMIT_LINE_BYTES */
	SKIP_BINARY,     /* NUL bytes inside */
	SKIP_REPORT,     /* a report or mail part that could not be read */
	SKIP_LIMIT,      /* a limit was reached */
	SKIP_REASONS
};
/* "no-stamp", "bad-stamp", ... as parse --skipped and status print them. */
const char *skip_reason_name(enum skip_reason reason);

struct skipped {
	struct mx_where where;
	struct slice line; /* may be empty */
	enum skip_reason reason;
};

/* A place for what a reader must tell besides facts. */
enum notice_kind {
	NOTICE_LOSS,     /* the syslog daemon says that it dropped lines */
	NOTICE_TIME,     /* odd time stamps: backwards, far future */
	NOTICE_REPEAT    /* "message repeated N times" on a delivery */
};

/* Any function may return other than MX_OK to end the run; members may not
 * be NULL. */
struct fact_sink {
	void *ctx;
	enum mx_code (*delivery)(void *ctx, const struct delivery *fact,
	    struct mx_err *err);
	enum mx_code (*message)(void *ctx, const struct message_event *event,
	    struct mx_err *err);
	enum mx_code (*skipped)(void *ctx, const struct skipped *what,
	    struct mx_err *err);
	/* Every line read, understood or not, with its time (utc = INT64_MIN
	 * when it has none) and log host: for coverage. Called before the
	 * facts of the line. COUNT: so many lines of this host and second,
	 * of which the facts of the first come next. */
	enum mx_code (*line_seen)(void *ctx, const struct stamp *at,
	    struct slice host, uint64_t count, struct mx_err *err);
	enum mx_code (*notice)(void *ctx, enum notice_kind kind,
	    const struct mx_where *where, struct slice text,
	    struct mx_err *err);
};

/* For sinks that do not care: nothing is done, all is well. */
enum mx_code fact_ignore_message(void *ctx, const struct message_event *event,
    struct mx_err *err);
enum mx_code fact_ignore_skipped(void *ctx, const struct skipped *what,
    struct mx_err *err);
enum mx_code fact_ignore_line(void *ctx, const struct stamp *at,
    struct slice host, uint64_t count, struct mx_err *err);
enum mx_code fact_ignore_notice(void *ctx, enum notice_kind kind,
    const struct mx_where *where, struct slice text, struct mx_err *err);

#endif
