/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by query*.c: what a query gathers before it is asked. */
#ifndef MX_ANALYZER_QUERY_PRIV_H
#define MX_ANALYZER_QUERY_PRIV_H

#include "analyzer/delays.h"
#include "analyzer/episodes.h"
#include "analyzer/fold.h"
#include "analyzer/query.h"
#include "analyzer/store_priv.h"
#include "analyzer/tally.h"

/* Pairs of packed days, until they are added to the groups that show them. */
#define GROUP_PACKED TOTAL_GROUPS

/* Sums of one group of rows. */
struct group {
	uint32_t pair; /* its number in series_pairs; POOL_NONE: of no pair */
	enum total_group kind;
	uint32_t source, provider, domain; /* INTERN_NONE where not in it */
	struct query_counts n;
	struct delays delays;
};

/* One day of a pair, between those before and after it (POOL_NONE: none). */
struct series_row {
	uint32_t older, newer, pair, day;
	int64_t messages, refused, attempts[3];
};

/* A row that is shown, and that of its pair among QUERY_PAIRS. */
struct series_place {
	uint32_t row, pair;
};

/* A pair and its days. Who asks goes through them in order, nearly always. */
struct series_pair {
	uint32_t next, number, source, provider;
	uint32_t at;             /* the day asked for last; POOL_NONE */
	struct group *group;     /* NULL */
	struct group *packed;    /* sums of packed days; NULL */
};

/* Groups by a name's local number + 1 (INTERN_NONE is the first); NULL. */
struct group_list {
	struct group **at;
	uint32_t room;
};

/* Of a kind of reply of the file: its numbers in live.replies and in replies;
 * POOL_NONE. */
struct reply_number {
	uint32_t kind, sum;
};

/* The kind of reply whose row stands ready, and its number in the file. */
struct reply_cursor {
	struct sqlite3_stmt *from; /* NULL: none does */
	int64_t db_id;
};

struct reply_sum {
	uint32_t kind;          /* in totals->replies */
	uint32_t provider;
	int64_t attempts, deliveries, first_utc, last_utc;
	struct slice sample;    /* SLICE_NONE: the kind's */
};

struct source_row {
	uint32_t host, instance; /* INTERN_NONE: several, or not known */
	enum source_from from;
	struct slice label;      /* SLICE_NONE: none */
	bool is_known, is_disputed;
};

enum { PAIR_GROUPS = 3 };

/* A pair by its numbers in the file and in memory. */
struct query_pair_id {
	int64_t provider_id, source_id;
	uint32_t provider, source;
};

struct query {
	struct query_options is;
	struct store *store;
	struct arena arena;
	struct names names;
	struct queue queue;
	struct totals live;      /* of messages that are not done */
	uint32_t *local;         /* by number in the file; INTERN_NONE */
	uint8_t *local_kinds;    /* enum name_kind, where local has one */
	size_t local_room;
	struct reply_number *numbers; /* by number in the file */
	size_t number_room;
	struct reply_cursor cursor;
	struct source_row *sources; /* by local number */
	uint32_t source_room;

	int64_t since_utc, until_utc;
	struct query_left_out *left_out;
	size_t left_out_count;
	struct query_day *days;
	size_t day_count, day_memo;

	uint32_t want_provider, want_source; /* INTERN_NONE: any */
	bool wants_nothing;      /* the filter names what the store lacks */

	struct finding *finding; /* until query_load_episodes */
	int64_t *packed;         /* days read in packed form, ascending */
	size_t packed_count, packed_room;

	struct pool groups, series_pairs, series, replies;
	struct chain_index series_index;
	struct group_list by_provider, by_source, by_domain;
	struct group *all, *hops[HOPS];
	struct group *nowhere; /* of kinds that only a damaged store has */
	struct query_counts hop_counts[HOPS]; /* once the groups are rows */
	/* of the last row: pair, provider, source */
	struct group *pair_memo[PAIR_GROUPS];

	struct query_row *rows[QUERY_GROUPS];
	size_t row_counts[QUERY_GROUPS];
	uint32_t *row_pairs;     /* of QUERY_PAIRS: numbers in series_pairs */
	struct series_place *series_places;
	size_t series_count;
	struct query_reason *reasons;
	size_t reason_count;
	struct query_reply *reply_rows;
	size_t reply_count;
	struct query_coverage *coverage;
	size_t coverage_count;
	struct query_skip *skips;
	size_t skip_count;
	struct query_input *inputs;
	size_t input_count;
	struct query_annotation *annotations;
	size_t annotation_count, annotation_room;
	struct others *others;
	struct query_witness *witness;
	size_t witness_count;
	struct episode *episodes;
	size_t episode_count;
	struct query_score *scores;
	size_t score_count;
	struct late *waiting;    /* refused and still in the queue;
	                          * accepted_utc is not set */
	size_t waiting_count, waiting_room;
	int64_t log_end_utc;     /* last line of any log up to the window's
	                          * end */
};

/* query.c: only the episodes of all time, inside a transaction of the
 * caller's. */
enum mx_code query_run_episodes(struct store *store, struct query **query_r,
    struct mx_err *err) MX_MUST_USE;

/* query_load.c */
enum mx_code query_local(struct query *query, enum name_kind kind, int64_t id,
    uint32_t *number_r, struct mx_err *err) MX_MUST_USE;
/* Both of a provider and a source. */
enum mx_code query_local_pair(struct query *query, int64_t provider_id,
    int64_t source_id, uint32_t *provider_r, uint32_t *source_r,
    struct mx_err *err) MX_MUST_USE;
enum mx_code query_load(struct query *query, struct mx_err *err) MX_MUST_USE;
/* Is this pair wanted by the filter? */
bool query_wants(const struct query *query, uint32_t provider,
    uint32_t source);

/* query_days.c: totals, gaps and replies of the window's packed days. */
enum mx_code query_load_packed(struct query *query, struct mx_err *err)
    MX_MUST_USE;
/* Every part of the packed days that lie in a window; they are noted. */
enum mx_code query_each_packed(struct query *query, int64_t since_utc,
    int64_t until_utc, enum mx_code (*part)(void *ctx, sqlite3_stmt *from,
    struct mx_err *err), void *ctx, struct mx_err *err) MX_MUST_USE;
/* A statement whose ?1 and ?2 are a window. */
struct query_rows {
	enum store_sql sql;
	int64_t since_utc, until_utc;
};
typedef enum mx_code query_row(void *ctx, sqlite3_stmt *from,
    struct mx_err *err);
/* Every row of it, but for those of the days that were noted last. */
enum mx_code query_each_row(struct query *query, struct query_rows of,
    query_row *row, void *ctx, struct mx_err *err) MX_MUST_USE;

/* query_groups.c */
void query_groups_init(struct query *query);
void query_groups_release(struct query *query);
/* A row of the store: what stands in no column of it (deliveries, percentiles)
 * is 0 in COUNTS; delays as its blob. A domain, or provider and source, may be
 * INTERN_NONE where the row is a sum over them. */
enum mx_code query_add_row(struct query *query, const struct total_key *key,
    const struct query_counts *counts, struct slice packed_delays,
    struct mx_err *err) MX_MUST_USE;
/* A row of messages that are not done. */
void query_add_live_row(struct query *query, const struct total_row *row);
void query_add_gap(struct query *query, const struct gap_key *key,
    int64_t count);
/* Found or added; addresses stay. */
struct group *query_group(struct query *query, enum total_group kind,
    uint32_t source, uint32_t provider, uint32_t domain);
struct group *query_domain_group(struct query *query, uint32_t domain);
/* A pair's sums of packed days. */
struct group *query_packed_group(struct query *query,
    struct series_pair *pair);
void query_spread_packed(struct query *query);
/* The day of the window that holds UTC. */
size_t query_day_of(struct query *query, int64_t utc);

/* query_series.c: days of pairs, found or added; addresses stay. */
void query_series_init(struct query *query);
void query_series_release(struct query *query);
struct series_pair *query_series_pair(struct query *query, uint32_t source,
    uint32_t provider);
struct series_row *query_series_day(struct query *query,
    struct series_pair *pair, size_t day);
/* Behind the rows of pairs. */
void query_make_series(struct query *query);

/* query_rows.c */
void query_make_rows(struct query *query);
void query_name_source(const struct query *query, uint32_t source,
    struct query_row *row);

/* query_witness.c */
void query_make_witness(struct query *query);

/* query_replies.c: behind query_load_packed. */
enum mx_code query_add_reply(struct query *query, int64_t reply_id,
    int64_t source_id, const struct reply_row *row, struct mx_err *err)
    MX_MUST_USE;
enum mx_code query_load_replies(struct query *query, struct mx_err *err)
    MX_MUST_USE;
void query_make_replies(struct query *query);
/* query_sample.c: where one source is asked for, what it was told. */
enum mx_code query_set_own_samples(struct query *query, struct mx_err *err)
    MX_MUST_USE;
/* Behind the last query_reply_kind(): until then a row stands ready. */
void query_replies_end(struct query *query);
enum mx_code query_reply_kind(struct query *query, int64_t db_id,
    uint32_t *kind_r, struct mx_err *err) MX_MUST_USE;

/* query_window.c */
enum mx_code query_find_window(struct query *query, struct mx_err *err)
    MX_MUST_USE;

/* query_coverage.c */
enum mx_code query_load_coverage(struct query *query, struct mx_err *err)
    MX_MUST_USE;

/* query_episodes.c */
enum mx_code query_load_episodes(struct query *query, struct mx_err *err)
    MX_MUST_USE;

/* query_annotations.c */
enum mx_code query_load_annotations(struct query *query, struct mx_err *err)
    MX_MUST_USE;

/* query_late.c */
/* RCPT is refused and still in the queue. */
void query_add_waiting(struct query *query, const struct recipient *rcpt);
/* Set delivered_* and the like of the pair's episodes. */
enum mx_code query_set_cost(struct query *query,
    const struct query_pair_id *pair, struct episode *list, size_t count,
    struct mx_err *err) MX_MUST_USE;

/* query_stored.c */
enum { STORED_REPLIES_MAX = 64 };
/* Its id is made of these three. */
void query_name_episode(struct episode *it, struct slice provider,
    struct slice source);
bool query_touches_window(const struct query *query,
    const struct episode *it);
enum mx_code query_add_stored_episodes(struct query *query,
    struct mx_err *err) MX_MUST_USE;

#endif
