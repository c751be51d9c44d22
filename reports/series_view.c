/* SPDX-License-Identifier: BSD-2-Clause */
#include "reports/series_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/intern.h"
#include "base/strbuf.h"
#include "reports/report_view.h"

enum { KEY_BYTES = 1024 * 1024, LABEL_BYTES = 64 };

struct fold {
	const struct report *report;
	struct intern providers; /* numbered in reading order */
	struct intern groups;    /* what becomes one sum */
	struct report_series_row *sums; /* by number of their group */
	struct slice label;
	struct strbuf key;
	struct arena *arena;
};

static void
fold_open(struct fold *fold, const struct report *report,
    struct arena *arena)
{
	uint32_t most = (uint32_t)report->series_count + 1;
	struct row_view view = view_providers(report, arena);

	memset(fold, 0, sizeof(*fold));
	fold->report = report;
	fold->arena = arena;
	strbuf_init(&fold->key, KEY_BYTES);
	intern_init(&fold->groups, most, hash_random_seed());
	intern_init(&fold->providers, (uint32_t)view.count + 1,
	    hash_random_seed());
	for (size_t i = 0; i < view.count; i++)
		(void)intern_id(&fold->providers, view.rows[i]->provider);
}

static void
fold_close(struct fold *fold)
{
	intern_release(&fold->providers);
	intern_release(&fold->groups);
	strbuf_release(&fold->key);
}

static uint32_t
group_of(struct fold *fold, const struct report_series_row *row,
    bool by_source)
{
	strbuf_reset(&fold->key);
	strbuf_add_str(&fold->key, row->day);
	if (by_source)
		strbuf_add_slice(&fold->key, row->source);
	return intern_id(&fold->groups, strbuf_slice(&fold->key));
}

/* How many sums there are if all providers are folded. */
static size_t
count_groups(struct fold *fold, bool by_source)
{
	const struct report *report = fold->report;
	size_t count;

	for (size_t i = 0; i < report->series_count; i++)
		(void)group_of(fold, &report->series[i], by_source);
	count = fold->groups.count;
	intern_release(&fold->groups);
	intern_init(&fold->groups, (uint32_t)report->series_count + 1,
	    hash_random_seed());
	return count;
}

/* The first providers whose rows are no more than ROOM. */
static size_t
count_whole(const struct fold *fold, size_t room)
{
	const struct report *report = fold->report;
	size_t providers = fold->providers.count, used = 0, whole = 0;
	size_t *rows = mx_calloc(providers + 1, sizeof(*rows));

	for (size_t i = 0; i < report->series_count; i++) {
		uint32_t rank = intern_find(&fold->providers,
		    report->series[i].provider);

		if (rank != INTERN_NONE)
			rows[rank]++;
	}
	while (whole < providers && rows[whole] <= room - used)
		used += rows[whole++];
	free(rows);
	return whole;
}

/* The sum that ROW is part of; NULL when it has begun already. */
static const struct report_series_row *
add_to_sum(struct fold *fold, const struct report_series_row *row,
    bool by_source)
{
	uint32_t known = fold->groups.count;
	struct report_series_row *sum =
	    &fold->sums[group_of(fold, row, by_source)];

	if (fold->groups.count != known) {
		*sum = *row;
		sum->provider = sum->name = fold->label;
		if (!by_source)
			sum->source = sum->source_ip = sum->host =
			    sum->instance = SLICE_NONE;
		return sum;
	}
	sum->messages += row->messages;
	sum->blocked += row->blocked;
	sum->attempts.accepted += row->attempts.accepted;
	sum->attempts.deferred += row->attempts.deferred;
	sum->attempts.bounced += row->attempts.bounced;
	if (row->state > sum->state)
		sum->state = row->state;
	return NULL;
}

static void
fold_rows(struct fold *fold, size_t sums, struct series_view *view)
{
	const struct report *report = fold->report;
	char label[LABEL_BYTES];

	(void)snprintf(label, sizeof(label), "(other: %zu provider%s)",
	    view->folded, view->folded == 1 ? "" : "s");
	fold->label = arena_slice(fold->arena, slice_str(label));
	fold->sums = arena_alloc(fold->arena,
	    (sums + 1) * sizeof(*fold->sums));
	for (size_t i = 0; i < report->series_count; i++) {
		const struct report_series_row *row = &report->series[i];

		if (intern_find(&fold->providers, row->provider) >= view->whole)
			row = add_to_sum(fold, row, view->by_source);
		if (row != NULL)
			view->rows[view->count++] = row;
	}
}

struct series_view
view_series(const struct report *report, size_t limit, struct arena *arena)
{
	struct series_view view = { .by_source = true };
	struct fold fold;
	size_t sums;

	view.rows = arena_alloc(arena,
	    (report->series_count + 1) * sizeof(void *));
	if (report->series_count <= limit) {
		for (size_t i = 0; i < report->series_count; i++)
			view.rows[view.count++] = &report->series[i];
		view.whole = report->provider_count;
		return view;
	}
	fold_open(&fold, report, arena);
	sums = count_groups(&fold, true);
	view.by_source = sums <= limit / 2;
	if (!view.by_source)
		sums = count_groups(&fold, false);
	view.whole = count_whole(&fold, sums < limit ? limit - sums : 0);
	view.folded = fold.providers.count - view.whole;
	fold_rows(&fold, sums, &view);
	fold_close(&fold);
	return view;
}
