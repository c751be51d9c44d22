/* SPDX-License-Identifier: BSD-2-Clause */
/* The life of messages, as steps: what each line, or the store, says of
 * them. */
#ifndef MX_CLI_TRACE_H
#define MX_CLI_TRACE_H

#include "analyzer/trace.h"
#include "base/arena.h"
#include "cli/engine.h"
#include "cli/privacy.h"

/* Texts are in the trace's arena; absent where not known. */
struct trace_step {
	struct stamp at;
	size_t order;              /* as read */
	struct slice host, id;     /* of the message */
	struct slice event;        /* "queued", "deferred", ... */
	struct slice sender, recipient, relay, provider, source;
	struct slice reason, token, reply, child_id, message_id;
	struct slice path;
	uint64_t line;             /* 0: no line is known */
	int64_t size_bytes, recipients, deferrals; /* -1: not known */
};

struct trace {
	const struct settings *settings;
	struct trace_wish wish;
	struct arena arena;
	struct trace_step *steps;
	size_t count, room;
	struct privacy *privacy;   /* owns wish.recipient; may be NULL */
	bool has_more;             /* there is more than what is shown */
};

/* A new step of message ID of HOST, NULL when there are too many. */
struct trace_step *trace_add(struct trace *trace, const struct stamp *at,
    struct slice host, struct slice id, const char *event);
/* Into the arena; SLICE_NONE for an empty or absent text. */
struct slice trace_keep(struct trace *trace, struct slice text);

/* All that the logs among FILES say of the messages that are wished for, from
 * two readings. Trouble with one of them is said and noted in *WORST. */
enum mx_code trace_files(struct trace *trace, const struct engine *engine,
    const char *const *files, size_t count, enum mx_code *worst,
    struct mx_err *err) MX_MUST_USE;

#endif
