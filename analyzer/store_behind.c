/* SPDX-License-Identifier: BSD-2-Clause */
/* Adding what was counted in memory to what the store holds: what is written,
 * in which order, and on which thread. The rows are written in store_write.c,
 * store_attempts.c, store_known.c and store_parked.c.
 *
 * A large log is counted and written at the same time: rows are swapped for
 * empty ones, and what else a flush needs of the counting side is noted first.
 * The connection is handed over with it, and back by store_join: there is still
 * one writer, and one transaction after the other. */
#include "analyzer/store_flush.h"

#include <stdlib.h>

#include "base/behind.h"

static struct flush *
flush_of(struct store *store)
{
	if (store->flush == NULL) {
		store->flush = mx_calloc(1, sizeof(*store->flush));
		store->flush->store = store;
		arena_init(&store->flush->fragments.text);
	}
	return store->flush;
}

void
store_flush_release(struct store *store)
{
	struct flush *flush = store->flush;

	behind_stop(store->behind);
	store->behind = NULL;
	if (flush == NULL)
		return;
	if (flush->has_rows)
		totals_release(&flush->rows);
	arena_release(&flush->fragments.text);
	free(flush->fragments.list);
	free(flush->replies);
	free(flush->sources);
	free(flush->domains);
	free(flush);
	store->flush = NULL;
}

enum mx_code
store_join(struct store *store, struct mx_err *err)
{
	struct flush *flush = store->flush;

	if (flush == NULL)
		return MX_OK;
	if (flush->is_under_way)
		behind_wait(store->behind);
	flush->is_under_way = false;
	if (flush->code != MX_OK)
		*err = flush->why;
	return flush->code;
}

void
store_give_up(struct store *store)
{
	if (store->behind != NULL)
		behind_wait(store->behind);
	if (store->flush != NULL)
		store->flush->is_under_way = false;
	arena_reset(&store->parked.text);
	store->parked.count = store->parked.bytes = 0;
	store->knows_fragments = false;
}

/* Everything of the counting side that is not rows. */
static enum mx_code
note_changes(struct flush *flush, struct totals *totals,
    struct correlate *correlate, struct mx_err *err)
{
	struct store *store = flush->store;
	enum mx_code code = store_join(store, err);
	struct fragment_changes none = flush->fragments;

	flush->names = totals->names;
	if (code == MX_OK)
		code = flush_note_replies(flush, totals, err);
	if (code == MX_OK)
		code = store_park_messages(store, err);
	if (code != MX_OK)
		return code;
	flush_note_sources(flush, correlate);
	flush_note_domains(flush, correlate);
	flush->fragments = store->parked;
	store->parked = none;
	return MX_OK;
}

static enum mx_code
write_rows(struct flush *flush, struct mx_err *err)
{
	static enum mx_code (*const steps[])(struct flush *) = {
		flush_push_marks, flush_touch_days, flush_totals,
		flush_sender_totals, flush_gaps, flush_reply_rows, flush_days,
		flush_attempts, flush_senders, flush_late, flush_coverage,
		flush_sources, flush_domains };
	enum mx_code code = MX_OK;

	flush->err = err;
	day_writer_init(&flush->days, flush->store);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) &&
	    code == MX_OK; i++)
		code = steps[i](flush);
	day_writer_release(&flush->days);
	if (code == MX_OK)
		code = store_write_changes(flush->store, &flush->fragments,
		    err);
	if (code == MX_OK)
		totals_reset(flush->totals);
	else /* half of it is written: it cannot be tried again */
		flush->store->has_failed = true;
	return code;
}

enum mx_code
store_add(struct store *store, struct totals *totals,
    struct correlate *correlate, struct mx_err *err)
{
	struct flush *flush = flush_of(store);
	enum mx_code code = note_changes(flush, totals, correlate, err);

	flush->totals = totals;
	if (code == MX_OK)
		code = write_rows(flush, err);
	if (code == MX_OK)
		correlate_totals_reset(correlate);
	return code;
}

static enum mx_code
write_segment(struct flush *flush, struct mx_err *err)
{
	struct store_segment *what = &flush->segment;
	struct store *store = flush->store;
	enum mx_code code = write_rows(flush, err);

	if (code == MX_OK)
		code = store_save_input(store, what->entry, err);
	if (code == MX_OK)
		code = store_add_samples(store, what->entry->id, what->samples,
		    what->sample_count, what->overlap, err);
	if (code == MX_OK)
		code = store_commit(store, err);
	return code == MX_OK ? store_begin(store, err) : code;
}

static void
work(void *ctx)
{
	struct flush *flush = ctx;

	flush->code = write_segment(flush, &flush->why);
	free(flush->segment.samples);
	flush->segment.samples = NULL;
}

/* Where no thread can be had it is done at once. */
static bool
is_handed_over(struct flush *flush)
{
	struct store *store = flush->store;

	if (flush->segment.is_behind && store->behind == NULL)
		store->behind = behind_start(work, flush);
	return flush->segment.is_behind && store->behind != NULL;
}

static void
swap_rows(struct flush *flush, struct totals *totals)
{
	if (!flush->has_rows)
		totals_init(&flush->rows, totals->names, totals->slot_s);
	flush->has_rows = true;
	totals_swap_rows(totals, &flush->rows);
	flush->totals = &flush->rows;
}

enum mx_code
store_add_segment(struct store *store, struct totals *totals,
    struct correlate *correlate, const struct store_segment *segment,
    struct mx_err *err)
{
	struct flush *flush = flush_of(store);
	enum mx_code code = note_changes(flush, totals, correlate, err);

	if (code != MX_OK) {
		free(segment->samples);
		return code;
	}
	flush->segment = *segment;
	flush->totals = totals;
	if (!is_handed_over(flush)) {
		work(flush);
		correlate_totals_reset(correlate);
		return store_join(store, err);
	}
	swap_rows(flush, totals);
	correlate_totals_reset(correlate);
	flush->is_under_way = true;
	behind_run(store->behind);
	return MX_OK;
}
