/* SPDX-License-Identifier: BSD-2-Clause */
/* What an episode cost: what became of the deliveries that it refused. */
#include "analyzer/query_priv.h"

#include <stdlib.h>

/* Of one pair, by refused_utc. */
struct late_list {
	struct late *list;
	size_t count, room;
};

static void
add_late(struct late_list *to, int64_t refused_utc, int64_t accepted_utc)
{
	if (to->count == to->room) {
		to->room = to->room != 0 ? to->room * 2 : 64;
		to->list = mx_realloc(to->list,
		    to->room * sizeof(*to->list));
	}
	to->list[to->count++] = (struct late){ .refused_utc = refused_utc,
		.accepted_utc = accepted_utc };
}

static enum mx_code
load_late(struct query *query, const struct query_pair_id *pair,
    struct late_list *to, struct mx_err *err)
{
	sqlite3_stmt *from;
	enum mx_code code;
	bool has_row;

	if (query->store->schema < SCHEMA_REPORTS)
		return MX_OK;
	from = store_statement(query->store, SQL_LATE, err);
	if (from == NULL)
		return err->code;
	(void)sqlite3_bind_int64(from, 1, pair->provider_id);
	(void)sqlite3_bind_int64(from, 2, pair->source_id);
	while ((code = store_step(query->store, from, &has_row, err)) ==
	    MX_OK && has_row)
		add_late(to, column_utc(from, 0),
		    column_utc(from, 1));
	(void)sqlite3_reset(from);
	return code;
}

/* Messages that are not done have recipients that are. */
static void
add_live(const struct query *query, const struct query_pair_id *pair,
    struct late_list *to)
{
	for (size_t i = 0; i < query->live.late_count; i++) {
		const struct late *it = &query->live.late[i];

		if (it->provider == pair->provider &&
		    it->source == pair->source)
			add_late(to, it->refused_utc, it->accepted_utc);
	}
}

void
query_add_waiting(struct query *query, const struct recipient *rcpt)
{
	if (query->waiting_count == query->waiting_room) {
		query->waiting_room = query->waiting_room != 0 ?
		    query->waiting_room * 2 : 64;
		query->waiting = mx_realloc(query->waiting,
		    query->waiting_room * sizeof(*query->waiting));
	}
	query->waiting[query->waiting_count++] = (struct late){
		.source = rcpt->source, .provider = rcpt->provider,
		.refused_utc = fold_first_refusal(&query->live, rcpt) };
}

static int
compare_wait(const void *left, const void *right)
{
	int64_t a, b;

	memcpy(&a, left, sizeof(a));
	memcpy(&b, right, sizeof(b));
	return (a > b) - (a < b);
}

static void
set_cost(struct episode *it, const struct late_list *late, int64_t *waits)
{
	size_t count = 0;

	it->delivered_later = it->delivered_after_end = 0;
	it->median_wait_s = -1;
	for (size_t i = 0; i < late->count; i++) {
		const struct late *one = &late->list[i];

		if (one->refused_utc < it->first_refusal_utc ||
		    one->refused_utc > it->last_refusal_utc)
			continue;
		it->delivered_later++;
		it->delivered_after_end +=
		    one->accepted_utc > it->last_refusal_utc;
		waits[count++] = one->accepted_utc - one->refused_utc;
	}
	if (count == 0)
		return;
	qsort(waits, count, sizeof(*waits), compare_wait);
	it->median_wait_s = waits[(count - 1) / 2];
}

/* Deliveries that were refused and are in the queue still. */
static void
set_open(struct episode *it, const struct query *query,
    const struct query_pair_id *pair)
{
	it->still_open = 0;
	for (size_t i = 0; i < query->waiting_count; i++) {
		const struct late *one = &query->waiting[i];

		it->still_open += one->provider == pair->provider &&
		    one->source == pair->source &&
		    one->refused_utc >= it->first_refusal_utc &&
		    one->refused_utc <= it->last_refusal_utc;
	}
}

enum mx_code
query_set_cost(struct query *query, const struct query_pair_id *pair,
    struct episode *list, size_t count, struct mx_err *err)
{
	struct late_list late = { 0 };
	int64_t *waits;
	enum mx_code code = load_late(query, pair, &late, err);

	if (code == MX_OK)
		add_live(query, pair, &late);
	waits = mx_alloc((late.count + 1) * sizeof(*waits));
	for (size_t i = 0; i < count && code == MX_OK; i++) {
		set_cost(&list[i], &late, waits);
		set_open(&list[i], query, pair);
	}
	free(waits);
	free(late.list);
	return code;
}
