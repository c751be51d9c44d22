/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of the report and how their days stand. */
#include "reports/report_build_priv.h"

#include "base/hash.h"
#include "base/intern.h"
#include "base/strbuf.h"

/* Rows by their names: there may be as many as domains. */
struct row_index {
	struct intern keys;   /* the number of a key is that of its row */
	struct strbuf scratch;
};

static void
index_open(struct row_index *index, size_t count)
{
	intern_init(&index->keys, (uint32_t)count, hash_random_seed());
	strbuf_init(&index->scratch, 1024 * 1024);
}

static void
index_close(struct row_index *index)
{
	intern_release(&index->keys);
	strbuf_release(&index->scratch);
}

static struct slice
index_key(struct row_index *index, struct slice provider,
    struct slice source, struct slice domain)
{
	strbuf_reset(&index->scratch);
	strbuf_add_slice(&index->scratch, provider);
	strbuf_add_char(&index->scratch, '\n');
	strbuf_add_slice(&index->scratch, source);
	strbuf_add_char(&index->scratch, '\n');
	strbuf_add_slice(&index->scratch, domain);
	return strbuf_slice(&index->scratch);
}

/* Blocked: a lasting share of refusals above one in seven cannot be forgiven
 * by the score either. Deferring: every fifth attempt. */
static enum report_state
state_of(const int64_t attempts[3], int64_t refused)
{
	int64_t all = attempts[0] + attempts[1] + attempts[2];
	int64_t accepted = attempts[OUTCOME_ACCEPTED];

	if (all == 0)
		return STATE_NO_MAIL;
	if (refused > 0 && refused * 7 >= refused + accepted)
		return STATE_BLOCKED;
	if (attempts[OUTCOME_DEFERRED] * 5 >= all)
		return STATE_DEFERRING;
	return STATE_FINE;
}

static bool
is_same_pair(const struct report_episode *it, const struct report_row *row)
{
	return slice_eq(it->provider, row->provider) &&
	    (slice_is_none(row->source) || slice_eq(it->source, row->source));
}

/* Does an open episode concern this row? */
static bool
is_blocked_now(const struct report *report, const struct report_row *row)
{
	for (size_t i = 0; i < report->episode_count; i++) {
		const struct report_episode *it = &report->episodes[i];
		bool is_about = slice_is_none(row->provider) ?
		    slice_eq(it->source, row->source) : is_same_pair(it, row);

		if (is_about && (it->state == EPISODE_CONFIRMED ||
		    it->state == EPISODE_EASING))
			return true;
	}
	return false;
}

static bool
has_refusals(const struct report *report, const struct report_row *row,
    int64_t day_utc, int64_t next_utc)
{
	for (size_t i = 0; i < report->episode_count; i++) {
		const struct report_episode *it = &report->episodes[i];

		if (is_same_pair(it, row) && it->confirmed_utc != TIME_NONE &&
		    it->first_refusal_utc < next_utc &&
		    it->last_refusal_utc >= day_utc)
			return true;
	}
	return false;
}

/* Sums of a row's days, for its states. */
struct day_sums {
	int64_t attempts[3], refused;
};

static enum report_state
day_state(const struct build *build, const struct report_row *row, size_t day,
    const struct day_sums *sums)
{
	const struct report_window *window = &build->to->window;
	int64_t next = day + 1 < window->day_count ?
	    window->days[day + 1].day_utc : window->until_utc;
	enum report_state state = state_of(sums->attempts, sums->refused);

	if (state == STATE_NO_MAIL && !window->days[day].is_covered)
		return STATE_NO_LOG;
	if (sums->refused > 0 && has_refusals(build->to, row,
	    window->days[day].day_utc, next))
		return STATE_BLOCKED;
	return state;
}

static void
add_sums(struct day_sums *to, const struct query_series *from)
{
	for (int i = 0; i < 3; i++)
		to->attempts[i] += from->attempts[i];
	to->refused += from->refused;
}

/* Which of ROWS, by provider and perhaps source, each pair belongs to; COUNT
 * where to none. */
static size_t *
rows_of_pairs(struct build *build, const struct report_row *rows,
    size_t count)
{
	size_t pair_count;
	const struct query_row *pairs =
	    query_rows(build->from->query, QUERY_PAIRS, &pair_count);
	size_t *row_of = build_room(build, pair_count, sizeof(*row_of));
	bool by_source = count != 0 && !slice_is_none(rows[0].source);
	struct row_index index;

	index_open(&index, count);
	for (size_t r = 0; r < count; r++)
		(void)intern_id(&index.keys, index_key(&index,
		    rows[r].provider, rows[r].source, SLICE_NONE));
	for (size_t p = 0; p < pair_count; p++) {
		uint32_t row = intern_find(&index.keys, index_key(&index,
		    pairs[p].provider, by_source ? pairs[p].source :
		    SLICE_NONE, SLICE_NONE));

		row_of[p] = row != INTERN_NONE ? row : count;
	}
	index_close(&index);
	return row_of;
}

/* The states of one day of all ROWS; SUMS are cleared for the next. */
static void
set_day_states(struct build *build, struct report_row *rows, size_t count,
    size_t day, struct day_sums *sums)
{
	for (size_t r = 0; r < count; r++)
		rows[r].days[day] = day_state(build, &rows[r], day, &sums[r]);
	memset(sums, 0, count * sizeof(*sums));
}

void
build_day_states(struct build *build, struct report_row *rows, size_t count)
{
	const struct query *query = build->from->query;
	size_t days = build->to->window.day_count, next = 0;
	size_t *row_of = rows_of_pairs(build, rows, count);
	struct day_sums *sums = build_room(build, count + 1, sizeof(*sums));

	for (size_t r = 0; r < count; r++)
		rows[r].days = build_room(build, days, sizeof(*rows[r].days));
	for (size_t day = 0; day < days; day++) {
		for (; next < query_series_count(query); next++) {
			struct query_series it = query_series_at(query, next);

			if (it.day != day)
				break;
			/* of a pair without a row: behind the last */
			add_sums(&sums[row_of[it.pair]], &it);
		}
		set_day_states(build, rows, count, day, sums);
	}
}

/* How each of ROWS changed against the window before; all of them have
 * CHANGE_NONE where there is none. */
static void
set_changes(struct build *build, enum query_group group,
    const struct query_row *rows, struct report_row *to, size_t count)
{
	const struct query_row *before;
	struct row_index index;
	size_t before_count;

	for (size_t i = 0; i < count; i++)
		to[i].change = build->from->compare == NULL ? CHANGE_NONE :
		    CHANGE_TOO_FEW;
	if (build->from->compare == NULL)
		return;
	before = query_rows(build->from->compare, group, &before_count);
	index_open(&index, before_count);
	for (size_t i = 0; i < before_count; i++)
		(void)intern_id(&index.keys, index_key(&index,
		    before[i].provider, before[i].source, before[i].domain));
	for (size_t i = 0; i < count; i++) {
		uint32_t it = intern_find(&index.keys, index_key(&index,
		    rows[i].provider, rows[i].source, rows[i].domain));

		if (it != INTERN_NONE)
			to[i].change = report_change_of(rows[i].n.blocked,
			    rows[i].n.deliveries, before[it].n.blocked,
			    before[it].n.deliveries);
	}
	index_close(&index);
}

static void
copy_names(struct build *build, const struct query_row *from,
    struct report_row *to)
{
	to->provider = build_keep(build, from->provider);
	to->name = build_keep(build, from->name);
	to->source = build_keep(build, from->source);
	to->source_ip = build_keep(build, from->source_ip);
	to->host = build_keep(build, from->host);
	to->instance = build_keep(build, from->instance);
	to->domain = build_keep(build, from->domain);
}

struct report_row *
build_rows(struct build *build, enum query_group group, size_t *count_r)
{
	const struct query_row *from =
	    query_rows(build->from->query, group, count_r);
	struct report_row *rows = build_room(build, *count_r, sizeof(*rows));

	for (size_t i = 0; i < *count_r; i++) {
		struct report_row *to = &rows[i];

		copy_names(build, &from[i], to);
		to->n = build_counts(&from[i].n);
		to->state = state_of(from[i].n.attempts, from[i].n.refused);
		if (group != QUERY_DOMAINS && is_blocked_now(build->to, to))
			to->state = STATE_BLOCKED;
	}
	set_changes(build, group, from, rows, *count_r);
	return rows;
}

/* The days of each pair as they are without mail. */
static void
clear_pair_days(struct build *build)
{
	const struct report_window *window = &build->to->window;
	struct report *to = build->to;

	for (size_t i = 0; i < to->pair_count; i++) {
		to->pairs[i].days = build_room(build, window->day_count,
		    sizeof(*to->pairs[i].days));
		for (size_t d = 0; d < window->day_count; d++)
			to->pairs[i].days[d] = window->days[d].is_covered ?
			    STATE_NO_MAIL : STATE_NO_LOG;
	}
}

static struct report_series_row
series_row(const struct report_day *day, const struct report_row *pair,
    const struct query_series *from)
{
	struct report_series_row row = { .day_utc = day->day_utc,
		.provider = pair->provider, .name = pair->name,
		.source = pair->source, .source_ip = pair->source_ip,
		.host = pair->host, .instance = pair->instance,
		.messages = from->messages, .blocked = from->refused,
		.attempts = { from->attempts[0], from->attempts[1],
		    from->attempts[2] },
		.state = pair->days[from->day] };

	memcpy(row.day, day->day, sizeof(row.day));
	return row;
}

void
build_series(struct build *build)
{
	const struct query *query = build->from->query;
	struct report *to = build->to;
	size_t count = query_series_count(query);

	clear_pair_days(build);
	for (size_t i = 0; i < count; i++) {
		struct query_series it = query_series_at(query, i);
		struct report_row *pair = &to->pairs[it.pair];
		struct day_sums sums = { .refused = it.refused };

		memcpy(sums.attempts, it.attempts, sizeof(sums.attempts));
		pair->days[it.day] = day_state(build, pair, it.day, &sums);
	}
	if (build->from->without_series)
		return;
	to->series_count = count;
	to->series = arena_alloc(&to->arena, (count + 1) * sizeof(*to->series));
	for (size_t i = 0; i < count; i++) {
		struct query_series it = query_series_at(query, i);

		to->series[i] = series_row(&to->window.days[it.day],
		    &to->pairs[it.pair], &it);
	}
}
