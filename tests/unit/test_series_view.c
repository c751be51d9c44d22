/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of pairs by day that are too many: none is lost, and no provider has
 * some of its rows only. The workbook's test compares every sum with JSON. */
#include "reports/series_view.h"

#include <string.h>

#include "tests/support/cases.h"
#include "tests/support/report_fixture.h"

struct sums {
	int64_t messages, blocked, accepted, deferred, bounced;
};

static struct sums
sums_of(const struct report_series_row *const *rows, size_t count)
{
	struct sums sums = { 0 };

	for (size_t i = 0; i < count; i++) {
		sums.messages += rows[i]->messages;
		sums.blocked += rows[i]->blocked;
		sums.accepted += rows[i]->attempts.accepted;
		sums.deferred += rows[i]->attempts.deferred;
		sums.bounced += rows[i]->attempts.bounced;
	}
	return sums;
}

static size_t
rows_of(const struct series_view *view, const char *provider)
{
	size_t count = 0;

	for (size_t i = 0; i < view->count; i++)
		count += slice_eq(view->rows[i]->provider,
		    slice_str(provider));
	return count;
}

/* The busy fixture: 40 sources, 300 providers, 28 days. */
struct limit {
	const char *name;
	size_t limit, groups; /* rows that all providers are, folded */
	bool by_source;
};

static void
run_limit(void **state)
{
	const struct limit *limit = *state;
	struct report_fixture fixture;
	struct series_view all, view;
	struct sums want, got;
	struct arena arena;
	char label[64];

	fixture_busy(&fixture);
	arena_init(&arena);
	all = view_series(&fixture.report, SIZE_MAX, &arena);
	assert_int_equal(all.count, fixture.report.series_count);
	assert_int_equal(all.folded, 0);
	want = sums_of(all.rows, all.count);
	view = view_series(&fixture.report, limit->limit, &arena);
	got = sums_of(view.rows, view.count);
	assert_memory_equal(&got, &want, sizeof(got));
	assert_int_equal(view.by_source, limit->by_source);
	assert_int_equal(view.whole + view.folded,
	    fixture.report.provider_count);
	(void)snprintf(label, sizeof(label), "(other: %zu providers)",
	    view.folded);
	assert_in_range(rows_of(&view, label), 1, limit->groups);
	assert_in_range(view.count, 1, limit->limit);
	for (size_t i = 0; i < fixture.report.provider_count; i++) {
		const char *name = fixture.report.providers[i].provider.ptr;
		size_t shown = rows_of(&view, name);

		assert_true(shown == 0 || shown == rows_of(&all, name));
	}
	arena_release(&arena);
	fixture_release(&fixture);
}

static void
more_days_than_room_are_one_row_a_day(void **state)
{
	struct report_fixture fixture;
	struct series_view view;
	struct arena arena;

	(void)state;
	fixture_busy(&fixture);
	arena_init(&arena);
	view = view_series(&fixture.report, 1, &arena);
	assert_int_equal(view.whole, 0);
	assert_int_equal(view.count, 28);
	assert_true(slice_is_none(view.rows[0]->source));
	arena_release(&arena);
	fixture_release(&fixture);
}

static void
the_state_of_a_sum_is_the_worst(void **state)
{
	struct report_fixture fixture;
	struct series_view view;
	struct arena arena;
	bool is_blocked = false;

	(void)state;
	fixture_story(&fixture);
	arena_init(&arena);
	view = view_series(&fixture.report, 1, &arena);
	for (size_t i = 0; i < view.count; i++)
		is_blocked |= view.rows[i]->state == STATE_BLOCKED;
	assert_true(is_blocked);
	arena_release(&arena);
	fixture_release(&fixture);
}

int
main(void)
{
	static struct cases cases;
	static const struct limit limits[] = {
		{ "sums_by_day_and_source", 4000, 28 * 40, true },
		{ "sums_by_day_where_those_would_be_too_many", 1000, 28,
		    false },
	};

	CASES_ADD_TABLE(&cases, limits, run_limit);
	cases_add(&cases, "more_days_than_room_are_one_row_a_day",
	    more_days_than_room_are_one_row_a_day, NULL);
	cases_add(&cases, "the_state_of_a_sum_is_the_worst",
	    the_state_of_a_sum_is_the_worst, NULL);
	return cases_run(&cases);
}
