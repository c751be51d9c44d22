/* SPDX-License-Identifier: BSD-2-Clause */
/* Facts of lines become facts of messages: sender and size join the
 * delivery, recipients get their attempts and their end, every fact its
 * provider, sending source and classification. A fact sink for the parsers.
 * What comes out goes two ways: enriched facts to whoever prints them, sums
 * into totals. No SQL, no clock. */
#ifndef MX_ANALYZER_CORRELATE_H
#define MX_ANALYZER_CORRELATE_H

#include "analyzer/classify.h"
#include "analyzer/own.h"
#include "analyzer/providers.h"
#include "analyzer/queue.h"
#include "analyzer/totals.h"

/* What is known of a sending source. */
struct sending {
	uint32_t host, instance;     /* INTERN_NONE: several */
	enum source_from from;
	struct slice label;          /* IP that replies quote; in the arena */
	bool is_known;               /* the rest has a meaning */
	bool has_label, is_disputed; /* replies quoted different ones */
	bool is_dirty;               /* changed since it was stored */
};

/* Which provider a domain's MX last had, as one log host saw it. */
struct domain_mx {
	uint32_t next;
	uint32_t host, domain;
	uint32_t provider;  /* INTERN_NONE: not seen in this run */
	uint32_t otherwise; /* then; INTERN_NONE: nobody asked yet */
	int64_t seen_utc;
	bool is_dirty;
};

struct correlate;

/* What the store does for us; any may be NULL. */
struct correlate_hooks {
	void *ctx;
	/* A message that began in an earlier run: brings it into the queue
	 * and returns its number, or POOL_NONE. ROOT INTERN_NONE: of any
	 * queue of the host. */
	enum mx_code (*recall)(void *ctx, uint32_t host, uint32_t root,
	    struct slice id, uint32_t *message_r, struct mx_err *err);
	/* Too many are live: keeps this one elsewhere. */
	enum mx_code (*set_aside)(void *ctx, uint32_t message,
	    struct mx_err *err);
	/* It was folded: what is kept of it elsewhere is void. */
	enum mx_code (*forget)(void *ctx, uint32_t message,
	    struct mx_err *err);
	/* One delivery in sixteen, by a hash of what it is that is the same in
	 * every run. */
	void (*sampled)(void *ctx, int64_t hash, int64_t utc);
	void *sampled_ctx;
	/* The provider that DOMAIN's MX had, as HOST last saw it; false when
	 * not known. */
	bool (*recall_mx)(void *ctx, uint32_t host, uint32_t domain,
	    uint32_t *provider_r);
};

struct correlate_options {
	struct names *names;
	struct queue *queue;
	struct totals *totals;            /* NULL: count nothing */
	const struct providers *providers;
	struct classifier *classifier;
	const struct own *own;
	const struct fact_sink *facts;    /* enriched ones; NULL: nobody */
	struct correlate_hooks hooks;
};

struct correlate *correlate_new(const struct correlate_options *options);
void correlate_free(struct correlate *self);

/* The sink to give to a parser. */
const struct fact_sink *correlate_sink(const struct correlate *self);

/* Who sent the message of FACT, as its events said, valid until the next fact:
 * none and 0 where that is not known. */
enum mx_code correlate_known_sender(struct correlate *self,
    const struct delivery *fact, struct slice *sender_r, uint64_t *mark_r,
    struct mx_err *err) MX_MUST_USE;

/* A new input begins whose first line was written at FIRST_UTC (INT64_MIN =
 * not known): a message that arrived later than that has its head in it. */
void correlate_begin_input(struct correlate *self, int64_t first_utc);
/* Fold messages that have left the queue, also those that were given some
 * seconds for late lines. Before the last commit of a run. */
enum mx_code correlate_settle(struct correlate *self,
    struct mx_err *err) MX_MUST_USE;
/* The totals were stored and reset: forget pointers into them. */
void correlate_totals_reset(struct correlate *self);

/* NULL where nothing that was read tells of SOURCE, as of one that open
 * messages of earlier runs name. */
struct sending *correlate_source(const struct correlate *self,
    uint32_t source);
/* Every domain_mx that changed; the caller clears is_dirty. */
const struct pool *correlate_domain_mx(const struct correlate *self);

#endif
