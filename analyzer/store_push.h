/* SPDX-License-Identifier: BSD-2-Clause */
/* The store's side of a push to a fleet: which days of which origin wait, and
 * their rows as bytes. Facts go by segments: all rows of an origin and a UTC
 * day. A store that never pushes does nothing for it; from the first push on
 * the transaction that changes a row marks its day.
 * What waits is therefore bounded by days, however long the fleet is away. */
#ifndef MX_ANALYZER_STORE_PUSH_H
#define MX_ANALYZER_STORE_PUSH_H

#include "analyzer/store.h"

/* One run: a number that no run of this store had before. */
struct push_state {
	uint64_t origin;    /* of the store itself */
	uint64_t version;   /* the greatest that its rows may have so far */
	uint64_t whole;     /* of the last push that ended well, 0 = none */
	int64_t run;        /* its number */
};

/* STORE is open for writing; both are one transaction each. Set up what is not
 * set up, and number a new run. */
enum mx_code store_push_prepare(struct store *store,
    struct push_state *state_r, struct mx_err *err) MX_MUST_USE;
/* Everything waits again, and DAYS of the store's own, which the fleet may have
 * though the store has nothing of them; versions go on above ABOVE. */
enum mx_code store_push_again(struct store *store, uint64_t above,
    const struct push_state *state, const uint32_t *days, size_t count,
    struct mx_err *err) MX_MUST_USE;

struct push_origin {
	int64_t number;     /* in the store */
	uint64_t id;        /* the first 16 digits of its name */
	char store[33];     /* its name */
	uint64_t version;   /* of the rows that this run sends */
};

/* A segment that waited when the run began. */
struct push_day {
	int64_t origin;     /* number */
	const struct push_origin *of;
	int64_t day;        /* since 1970 */
	uint64_t rows;      /* handed out */
	bool is_sent;       /* set by whoever sent them */
};

/* The store as it is at this moment, until the run is closed. */
struct push_run;
enum mx_code store_push_open(struct store *store,
    const struct push_state *state, struct push_run **run_r,
    struct mx_err *err) MX_MUST_USE;
void store_push_close(struct push_run *run);
const struct push_origin *store_push_origins(const struct push_run *run,
    size_t *count_r);
/* In order of day; at most LIMIT_PUSH_SEGMENTS, the rest waits on. */
struct push_day *store_push_days(struct push_run *run, size_t *count_r);

/* The rows of one table in the segments FIRST up to BEHIND, in RowBinary. Ends
 * with a table number that has no name. */
const char *store_push_table(size_t table);
const char *store_push_columns(size_t table);
enum mx_code store_push_start(struct push_run *run, size_t table,
    size_t first, size_t behind, struct mx_err *err) MX_MUST_USE;
/* Up to ROOM bytes at TO; *LEN_R 0: that was all. MX_E_LIMIT: a row that is
 * too long. */
enum mx_code store_push_give(struct push_run *run, char *to, size_t room,
    size_t *len_r, struct mx_err *err) MX_MUST_USE;

/* Into STORE, open for writing, one transaction: segments of RUN that were
 * sent wait no longer, but for what changed since; IS_WHOLE: the push ended
 * well, at UTC, at PLACE. */
enum mx_code store_push_done(struct store *store, const struct push_run *run,
    bool is_whole, const char *place, int64_t utc, struct mx_err *err)
    MX_MUST_USE;

/* For `status`. place is "" where nothing was ever pushed. */
struct push_waiting {
	bool is_set_up;
	int64_t segments;
	int64_t first_day, last_day; /* days since 1970 that have a date */
	int64_t whole_utc;  /* of the last push that ended well; INT64_MIN */
	char place[256];
};
enum mx_code store_push_waiting(struct store *store,
    struct push_waiting *waiting_r, struct mx_err *err) MX_MUST_USE;

#endif
