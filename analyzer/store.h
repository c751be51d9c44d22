/* SPDX-License-Identifier: BSD-2-Clause */
/* The store: one SQLite file, one writer, readers that never wait. An input's
 * facts and the place up to which it was read are one transaction. */
#ifndef MX_ANALYZER_STORE_H
#define MX_ANALYZER_STORE_H

#include "analyzer/correlate.h"
#include "analyzer/ledger.h"

struct store;

enum store_mode {
	STORE_PRIVATE, /* a nameless temporary one that leaves nothing */
	STORE_WRITE,   /* created when missing; one writer at a time */
	STORE_READ     /* must exist */
};

/* DIR holds mxtrend.db (ignored for STORE_PRIVATE). SLOT_S is for a new
 * store; an old one keeps its own. MX_E_BUSY: another process writes, err
 * says which; waits up to WAIT_S seconds for it. MX_E_NOINPUT: no store
 * (STORE_READ); MX_E_CANTCREAT, MX_E_PERM; MX_E_DATA: not a store, damaged, or
 * of a newer version. */
enum mx_code store_open(enum store_mode mode, const char *dir, int64_t slot_s,
    int64_t wait_s, struct store **store_r, struct mx_err *err) MX_MUST_USE;
void store_close(struct store *store);
int64_t store_slot_s(const struct store *store);
/* Path of the file, "" for a private one. */
const char *store_path(const struct store *store);

/* Messages kept because they are not finished, or not known from head to
 * tail. */
int64_t store_open_messages(const struct store *store);

/* Did anything fail since it was opened? What sinks return for trouble of the
 * store cannot else be told from trouble of the input. */
bool store_has_failed(const struct store *store);

/* One transaction over whatever is written or read. */
enum mx_code store_begin(struct store *store, struct mx_err *err) MX_MUST_USE;
enum mx_code store_commit(struct store *store, struct mx_err *err)
    MX_MUST_USE;
void store_rollback(struct store *store);

/* Add what CORRELATE and TOTALS hold, and write every live message of the
 * hooks' queue that changed. The totals are reset. */
enum mx_code store_add(struct store *store, struct totals *totals,
    struct correlate *correlate, struct mx_err *err) MX_MUST_USE;

/* What was read of an input, for store_add_segment. */
struct sample;
struct sample_overlap;
struct store_segment {
	struct ledger_entry *entry; /* where reading stands */
	struct sample *samples;     /* the store's to free from here on */
	size_t sample_count;
	struct sample_overlap *overlap;
	bool is_behind;             /* a thread may do it */
};
/* store_add, store_save_input, store_add_samples, store_commit and store_begin
 * in one, where is_behind is set on a thread of its own: the caller goes on
 * counting into empty totals, and leaves entry and overlap alone until
 * store_join. Until then nothing else may be asked of the store but what the
 * hooks do. MX_OK says only that it has begun. */
enum mx_code store_add_segment(struct store *store, struct totals *totals,
    struct correlate *correlate, const struct store_segment *segment,
    struct mx_err *err) MX_MUST_USE;
/* Wait until it is done; at once where nothing is under way. Its failure, which
 * is the end of the run, is told every time. */
enum mx_code store_join(struct store *store, struct mx_err *err) MX_MUST_USE;

/* Hooks for correlate that keep fragments in STORE. Valid while STORE,
 * QUEUE, TOTALS and NAMES live. */
void store_hooks(struct store *store, struct queue *queue,
    struct totals *totals, struct names *names,
    struct correlate_hooks *hooks_r);
/* Tell the queue of the hooks which hours the store has logs of. */
enum mx_code store_load_covered(struct store *store, struct mx_err *err)
    MX_MUST_USE;

/* The ledger. */
enum mx_code store_find_input(struct store *store, struct slice head,
    struct ledger_entry *entry_r, bool *found_r, struct mx_err *err)
    MX_MUST_USE;
/* What logs have under way at their end (struct log_memory, parsers/
 * ingest_formats.h), to go on with in the next run; inside a transaction. */
struct log_memory;
enum mx_code store_load_under_way(struct store *store,
    struct log_memory *memory, struct mx_err *err) MX_MUST_USE;
enum mx_code store_save_under_way(struct store *store,
    struct log_memory *memory, struct mx_err *err) MX_MUST_USE;
/* By where it lies and how it looks from outside: an input that did not
 * change since it was read to its end. */
enum mx_code store_find_unchanged(struct store *store,
    const struct ledger_file *file, bool *found_r, struct mx_err *err)
    MX_MUST_USE;
/* Inserts (id 0) or updates; sets entry->id. */
enum mx_code store_save_input(struct store *store, struct ledger_entry *entry,
    struct mx_err *err) MX_MUST_USE;
/* Fold the store file at PATH into this one (opened STORE_WRITE), all or
 * nothing. MX_E_NOINPUT: no such file; MX_E_DATA: not a store, of a newer
 * version, or one that read an input which this one read as well. */
struct merge_result {
	unsigned taken;     /* stores whose facts are new or newer */
	unsigned unchanged; /* stores known in this state already */
};
enum mx_code store_merge(struct store *store, const char *path,
    struct merge_result *result, struct mx_err *err) MX_MUST_USE;

/* Drop detail of before DETAIL_UTC (also addresses and words in complaints and
 * bounces) and totals of before TOTALS_UTC (also reports of others; INT64_MIN:
 * none); IS_DRY_RUN: only count. Refusals of an episode that is not over stay;
 * of episodes that are, the episode itself stays. Nothing dropped can be
 * found in the file afterwards. */
struct prune_result {
	int64_t attempts, kept_attempts, episodes, totals, samples;
	int64_t addresses; /* complaints and bounces that lost theirs */
	int64_t reports;   /* reports of others, whole */
	int64_t messages;  /* unfinished ones that lost addresses or words */
};
enum mx_code store_prune(struct store *store, int64_t detail_utc,
    int64_t totals_utc, bool is_dry_run, struct prune_result *result,
    struct mx_err *err) MX_MUST_USE;

/* One delivery in sixteen, by its hash. */
struct sample {
	int64_t hash, utc;
};
/* Samples that another input held before. */
struct sample_overlap {
	uint64_t count;
	char *path; /* of one such input; owned; NULL where count is 0 */
};
/* Note samples of input ID and add to OVERLAP; LIST is sorted. */
enum mx_code store_add_samples(struct store *store, int64_t id,
    struct sample *list, size_t count, struct sample_overlap *overlap,
    struct mx_err *err) MX_MUST_USE;

/* An input read before that tells of the same deliveries in another way, where
 * a server writes two such logs (Exchange): *path_r is owned, NULL where there
 * is none of ENTRY's time. */
enum mx_code store_find_twin(struct store *store,
    const struct ledger_entry *entry, char **path_r, struct mx_err *err)
    MX_MUST_USE;

/* Pack the days that were merged, pruned or written by an older version, so
 * that reports read them fast. Changes nothing that anybody sees. */
enum mx_code store_pack_days(struct store *store, struct mx_err *err)
    MX_MUST_USE;

/* Every input in order of its first line; the entry is valid during EACH. */
enum mx_code store_each_input(struct store *store,
    enum mx_code (*each)(void *ctx, const struct ledger_entry *entry,
    struct mx_err *err), void *ctx, struct mx_err *err) MX_MUST_USE;

#endif
