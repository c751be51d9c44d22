/* SPDX-License-Identifier: BSD-2-Clause */
/* THE READ API of the store: one window, one answer. Rows with names instead
 * of numbers, counts instead of columns. Nothing of SQL crosses it. All texts
 * and arrays live as long as the query. */
#ifndef MX_ANALYZER_QUERY_H
#define MX_ANALYZER_QUERY_H

#include "analyzer/episodes.h"
#include "analyzer/providers.h"
#include "analyzer/query_others.h"
#include "analyzer/store.h"
#include "base/zone.h"

struct query;

/* One step of the score. Acceptances of one second come as one. */
struct query_vote {
	int64_t utc;
	bool is_refusal, is_explicit;
	uint32_t count;               /* of acceptances */
	struct slice queue_id, recipient, reason, token; /* of refusals */
	struct slice remark_kind, remark; /* a dated remark, and no vote */
	int64_t score, threshold;     /* after it */
	/* The episode it concerns: where it is suspected or confirmed by
	 * this vote, or already was; PHASE_CLOSED: not open (any more). */
	enum episode_phase phase;
};

struct query_options {
	struct store *store;
	const struct own *own;           /* configured; may be NULL */
	const struct zone *zone;         /* days are its days */
	const struct providers *providers;
	int64_t since_utc, until_utc;    /* half open; INT64_MIN and
	                                  * INT64_MAX: what the store has, in
	                                  * whole days, but for strays */
	struct slice provider, source_ip; /* only these; absent: all */
	int64_t now_utc;
	const struct episode_rules *rules; /* NULL: the defaults */
	/* Episodes, scores and remarks alone: all else is empty. */
	bool only_episodes;
	/* Tell the votes of the episode whose id begins so; absent: none. */
	struct slice explain;
	void *explain_ctx;
	void (*explain_vote)(void *ctx, const struct query_vote *vote);
};

/* Everything is read in one read transaction. MX_E_DATA: damaged store. */
enum mx_code query_run(const struct query_options *options,
    struct query **query_r, struct mx_err *err) MX_MUST_USE;
void query_free(struct query *query);

/* The words of failed attempts that are kept, as samples or for themselves,
 * with recipient and sender of each (empty: not known). */
enum mx_code query_words(struct store *store, void (*each)(void *ctx,
    struct slice words, struct slice address), void *ctx,
    struct mx_err *err) MX_MUST_USE;

/* What a window without begin or end means where the first and last line of
 * all logs are known: whole days. */
void query_whole_window(const struct zone *zone, int64_t first_utc,
    int64_t last_utc, int64_t *since_utc, int64_t *until_utc);

struct query_counts {
	int64_t deliveries, messages;
	int64_t accepted, deferred, bounced, expired, blocked, open;
	int64_t attempts[3];   /* by OUTCOME_ACCEPTED, _DEFERRED, _BOUNCED */
	int64_t suspended, refused; /* attempts */
	double p50_s, p95_s;   /* of accepted deliveries; -1: none */
};

enum query_group { QUERY_PAIRS, QUERY_PROVIDERS, QUERY_SOURCES, QUERY_DOMAINS,
	QUERY_GROUPS };

/* Most deliveries first, then by name. Absent: not a part of the group, or
 * not known. */
struct query_row {
	struct slice provider, name;  /* key; what people read */
	struct slice source, source_ip, host, instance;
	struct slice domain;
	struct query_counts n;
};
const struct query_row *query_rows(const struct query *query,
    enum query_group group, size_t *count_r);

/* All remote mail, or what the filter leaves of it. */
const struct query_counts *query_totals(const struct query *query);
const struct query_counts *query_hop(const struct query *query, enum hop hop);

/* The days of the window in the zone. */
struct query_day {
	int64_t begin_utc, end_utc;
	int64_t messages, refused, attempts[3];
	bool is_covered; /* some line of some host stands in it */
};
const struct query_day *query_days(const struct query *query,
    size_t *count_r);
void query_window(const struct query *query, int64_t *since_utc_r,
    int64_t *until_utc_r);

/* By day, then provider, then source; only days with attempts. Made when asked
 * for: a year has very many. */
struct query_series {
	size_t day;             /* index in query_days */
	size_t pair;            /* index in query_rows(QUERY_PAIRS) */
	int64_t messages, refused, attempts[3];
};
size_t query_series_count(const struct query *query);
struct query_series query_series_at(const struct query *query, size_t index);

struct query_reason {
	struct slice provider, name, reason, token;
	int64_t attempts, deliveries, first_utc, last_utc;
};
/* Most attempts first. */
const struct query_reason *query_reasons(const struct query *query,
    size_t *count_r);

struct query_reply {
	uint64_t fingerprint;
	struct slice provider, name, reason, token, rule, masked, sample;
	int64_t attempts, first_utc, last_utc;
	bool is_new, is_unclassified;
};
const struct query_reply *query_replies(const struct query *query,
    size_t *count_r);

struct query_coverage {
	size_t day;
	struct slice host;
	int64_t first_utc, last_utc, lines, skipped, losses;
	bool is_full; /* the log of this host goes on before and after it */
};
const struct query_coverage *query_coverage(const struct query *query,
    size_t *count_r);

/* Log that a window without begin or end leaves out, since it is little and
 * lies more than a year away from all other (LIMIT_STRAY_*). */
struct query_left_out { int64_t first_utc, last_utc, lines; };
const struct query_left_out *query_left_out(const struct query *query,
    size_t *count_r);

struct query_skip { struct slice reason; int64_t lines; };
const struct query_skip *query_skips(const struct query *query,
    size_t *count_r);

struct query_input {
	struct slice path, format;
	char fingerprint[17]; /* of its first bytes */
	int64_t lines, bytes, first_utc, last_utc;
};
const struct query_input *query_inputs(const struct query *query,
    size_t *count_r);

/* What others report of us in this window. */
const struct others *query_others(const struct query *query);
/* Deliveries of the pairs of a provider and one of our addresses (absent: of
 * all) that were accepted; with those that its reports cover as well. */
int64_t query_accepted(const struct query *query, struct slice provider,
    struct slice source_ip);

/* What a provider's DMARC reports count for one of our addresses on a day,
 * beside what our logs say of it. By provider, address, day. */
enum witness_state {
	WITNESS_AGREE,       /* its share of our messages is the usual one */
	WITNESS_SHRINKING,   /* less than half of the usual share */
	WITNESS_ABSENT,      /* it reported for the day, and not one */
	WITNESS_NO_REPORT,   /* it reports, but nothing came for this day */
	WITNESS_NO_REPORTER, /* it sends no reports */
	WITNESS_UNKNOWN      /* too few messages, or nothing to compare with */
};
struct query_witness {
	size_t day;
	struct slice provider, source_ip;
	int64_t messages, accepted, refused; /* our log: messages tried,
	                                      * attempts */
	int64_t reports, reported;           /* theirs: reports, messages */
	enum witness_state state;
};
const struct query_witness *query_witness(const struct query *query,
    size_t *count_r);

/* Episodes that touch the window, first refusal first. */
const struct episode *query_episodes(const struct query *query,
    size_t *count_r);
/* Scores of the same votes in other sums: over all sources of a provider, over
 * those in one network of ours (/24, IPv6 /64), over one sender domain. By
 * first refusal. Of a provider with one source, its own score is all. */
enum score_over { OVER_PROVIDER, OVER_NETWORK, OVER_SENDER_DOMAIN,
	SCORE_OVERS };
struct query_score {
	enum score_over over;
	struct slice key;     /* network or domain; absent: all sources */
	bool is_explained;    /* a confirmed episode of one source lies in it */
	struct episode episode; /* source is the key too */
};
const struct query_score *query_scores(const struct query *query,
    size_t *count_r);
/* Remarks before the window's end that concern what the filter leaves, by
 * time. provider, source_ip: "" where it is about all. */
struct query_annotation {
	int64_t utc;
	struct slice provider, source_ip, kind, text;
};
const struct query_annotation *query_annotations(const struct query *query,
    size_t *count_r);

/* What the number of a reply in an episode stands for. */
struct query_meaning { struct slice reason, token, sample; };
void query_reply_meaning(const struct query *query, uint32_t reply,
    struct query_meaning *meaning_r);
/* What is known of a source, also one without mail in this window. */
void query_source(const struct query *query, struct slice source,
    struct query_row *row_r);
/* The row of a pair; NULL when it has none in this window. */
const struct query_row *query_pair(const struct query *query,
    struct slice provider, struct slice source);

#endif
