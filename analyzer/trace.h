/* SPDX-License-Identifier: BSD-2-Clause */
/* What a store keeps of single messages: failed attempts, and the messages
 * that are still in a queue. That mail was accepted it keeps as counts
 * only. */
#ifndef MX_ANALYZER_TRACE_H
#define MX_ANALYZER_TRACE_H

#include "analyzer/store.h"

/* All that are given must hold; absent or "": any. */
struct trace_wish {
	struct slice id, recipient;  /* recipient: in any case */
	struct slice reply;          /* a part of the remote's words */
	struct slice provider, source; /* refusals that vote, of this pair, */
	int64_t since_utc, until_utc;  /* from first to last, both included */
};

/* One failed attempt; or, where is_waiting, a recipient in the queue, tried
 * so often since utc. Unknown texts are empty. */
struct traced {
	struct stamp at;
	struct slice host, id, sender, recipient, relay, provider, source;
	struct slice reason, token, reply, stage, path;
	enum outcome outcome;
	uint64_t line;
	int64_t reply_code;          /* 0: none */
	bool is_waiting;
	int64_t deferrals;
};

/* Attempts by time, then waiting recipients; at most MOST of each, *more_r says
 * whether there are others. A WISH for a pair or a reply finds no waiting
 * ones. */
enum mx_code store_trace(struct store *store, const struct trace_wish *wish,
    size_t most, void (*each)(void *ctx, const struct traced *it), void *ctx,
    bool *more_r, struct mx_err *err) MX_MUST_USE;

#endif
