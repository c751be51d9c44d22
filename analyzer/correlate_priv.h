/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by correlate.c (events), correlate_expire.c (messages given up),
 * correlate_names.c (who is meant) and correlate_count.c (sums). */
#ifndef MX_ANALYZER_CORRELATE_PRIV_H
#define MX_ANALYZER_CORRELATE_PRIV_H

#include "analyzer/correlate.h"

/* Texts looked up in a name table last, and their numbers: log lines repeat
 * their hosts and instances, which take turns. */
struct name_memo {
	char text[128];
	size_t len;
	uint32_t id;
};
enum { MEMO_NAMES = 16 };

/* Sources of a host and instance seen last; used says that it is one. */
struct source_memo {
	uint32_t host, instance, source;
	enum source_from from;
	bool used;
};
enum { MEMO_SOURCES = 64 };

enum { CLOSING_ROOM = 4096, CLOSING_GRACE_S = 5 };

/* A message that has left the queue and waits for late lines. */
struct closing {
	uint32_t message;
	int64_t removed_utc;
};

struct correlate {
	struct correlate_options is;
	struct fact_sink sink;
	struct arena text;
	struct strbuf scratch;

	struct name_memo host_memo[MEMO_NAMES], instance_memo[MEMO_NAMES];
	struct source_memo source_memo[MEMO_SOURCES];
	uint32_t *roots;           /* by instance number; INTERN_NONE */
	uint32_t root_room;
	bool *owns_queue;          /* by instance number: has queue lines */
	struct sending *sources; /* by source number */
	uint32_t source_room;
	uint32_t *relay_providers; /* by relay number; INTERN_NONE */
	uint32_t relay_room;
	struct pool domain_mx;
	struct chain_index domain_mx_index;

	struct closing closing[CLOSING_ROOM]; /* a ring */
	unsigned closing_first, closing_count;

	int64_t input_first_utc;
	struct coverage_row *coverage; /* of the last line */
	uint32_t coverage_host;
	int64_t coverage_end;          /* of its slot */
	struct coverage_row early;     /* lines before any with a time */
};

/* Who is meant by a fact. */
struct meaning {
	uint32_t host, root, source, provider, domain;
	bool has_provider; /* known from a session or a named MX */
	enum hop hop;
	const struct classification *class;
	struct slice own_ip; /* quoted by the reply */
};

/* correlate_names.c */
uint32_t correlate_host(struct correlate *self, struct slice host);
uint32_t correlate_instance(struct correlate *self, struct slice instance);
/* The instance that owns the queue of INSTANCE's messages: the part before
 * the first slash ("postfix/out2" is a transport of "postfix"). */
uint32_t correlate_root(struct correlate *self, uint32_t instance);
void correlate_mean(struct correlate *self, struct delivery *fact,
    struct meaning *meaning);

/* correlate_count.c */
void correlate_count(struct correlate *self, const struct delivery *fact,
    const struct meaning *meaning, uint32_t message);
/* Without totals: only which recipients are open, for their expiry. */
void correlate_follow(struct correlate *self, const struct delivery *fact,
    const struct meaning *meaning, uint32_t number);
void correlate_count_alone(struct correlate *self,
    const struct delivery *fact, const struct meaning *meaning);
/* A recipient's key: what tells it from the others of its message. */
struct slice correlate_recipient_key(struct correlate *self,
    const struct delivery *fact);

/* correlate_expire.c */
/* EVENT says that the message NUMBER has expired: each open recipient of it
 * has, and that is told. */
enum mx_code correlate_expire(struct correlate *self,
    const struct message_event *event, uint32_t number, struct mx_err *err);

#endif
