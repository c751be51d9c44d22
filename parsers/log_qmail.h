/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by the files of the qmail format. */
#ifndef MX_PARSERS_LOG_QMAIL_H
#define MX_PARSERS_LOG_QMAIL_H

#include "base/limits.h"
#include "parsers/fact_fill.h"
#include "parsers/ingest_formats.h"

enum {
	STARTED = 2048,     /* deliveries under way; a power of two */
	ARRIVED = 8192,     /* messages in the queue; a power of two */
	ADDRESS_KEPT = 320, /* RFC 5321: 64 + 1 + 255 */
	NUMBER_KEPT = 20
};

/* A delivery that was started. */
struct started {
	uint64_t key;        /* of stream and number; 0: free */
	uint64_t stream;
	bool is_local;
	char number[NUMBER_KEPT + 1];
	char message[NUMBER_KEPT + 1];
	char recipient[ADDRESS_KEPT + 1];
};

/* When a message came into the queue. */
struct arrived {
	uint64_t key;
	int64_t utc;
};

struct qmail_state {
	struct fact_memory memory;
	struct stamp_clock *clock;
	struct started started[STARTED];
	struct arrived arrived[ARRIVED];
	/* A line of splogger's that may go on in the next. */
	struct strbuf held;
	bool is_held;
	struct stamp held_at;
	struct mx_where held_where;
	char held_stamp[40];
	size_t held_stamp_len;
	struct strbuf held_host, held_tag;
};

/* A line, its envelope off. */
struct qmail_line {
	struct stamp at;
	struct slice host, instance, text;
	struct mx_where where;
	uint64_t stream;     /* of log host and program */
	const struct log_line *raw;
};

/* One line without what syslog or multilog put in front of it. */
enum mx_code qmail_words(struct qmail_state *state,
    const struct qmail_line *line, const struct fact_sink *sink,
    enum line_result *result_r, struct mx_err *err);
/* A delivery was started. */
void qmail_note_started(struct qmail_state *state, uint64_t stream,
    struct slice number, struct slice message, struct slice recipient,
    bool is_local);
/* What is under way, a line each: "s STREAM NUMBER l|r MESSAGE RECIPIENT",
 * "a KEY UTC"; and back. */
void qmail_save(const void *memory, struct strbuf *out);
void qmail_load(void *memory, struct slice text);
/* The digits at the front of *TEXT, which moves behind them; absent without. */
struct slice qmail_number(struct slice *text);

/* TEXT is what qmail-remote or qmail-local reported, as qmail-send logs it:
 * line breaks are '/', all but printable ASCII, spaces and '%' are '_'. Sets
 * relay, reply, dsn and stage, and makes a bounce an expiry where it says that
 * the queue lifetime is over. Source: qmail 1.03 qmail-remote.c, qmail-send.c
 * logsafe(), del_dochan(); the same in netqmail 1.06 and notqmail 1.09. */
void qmail_report(struct fact_memory *memory, struct delivery *fact,
    struct slice text);

#endif
