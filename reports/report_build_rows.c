/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of the report and how their days stand. */
#include "reports/report_build_priv.h"

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

static bool
belongs(const struct report_row *row, const struct query_row *pair)
{
	return slice_eq(row->provider, pair->provider) &&
	    (slice_is_none(row->source) || slice_eq(row->source, pair->source));
}

static void
set_day_states(struct build *build, struct report_row *row,
    const struct day_sums *sums)
{
	size_t count = build->to->window.day_count;

	row->days = build_room(build, count, sizeof(*row->days));
	for (size_t i = 0; i < count; i++)
		row->days[i] = day_state(build, row, i, &sums[i]);
}

static void
add_sums(struct day_sums *to, const struct query_series *from)
{
	for (int i = 0; i < 3; i++)
		to->attempts[i] += from->attempts[i];
	to->refused += from->refused;
}

/* Which report row each pair's series goes to, then all days at once. */
void
build_day_states(struct build *build, struct report_row *rows, size_t count)
{
	size_t pair_count, series_count;
	const struct query_row *pairs =
	    query_rows(build->from->query, QUERY_PAIRS, &pair_count);
	const struct query_series *series =
	    query_series(build->from->query, &series_count);
	size_t days = build->to->window.day_count;
	size_t *row_of = build_room(build, pair_count, sizeof(*row_of));
	struct day_sums *sums =
	    build_room(build, count * days, sizeof(*sums));

	for (size_t p = 0; p < pair_count; p++) {
		row_of[p] = count;
		for (size_t r = 0; r < count && row_of[p] == count; r++)
			if (belongs(&rows[r], &pairs[p]))
				row_of[p] = r;
	}
	for (size_t i = 0; i < series_count; i++)
		if (row_of[series[i].pair] != count)
			add_sums(&sums[row_of[series[i].pair] * days +
			    series[i].day], &series[i]);
	for (size_t r = 0; r < count; r++)
		set_day_states(build, &rows[r], &sums[r * days]);
}

static bool
is_same_row(const struct query_row *a, const struct query_row *b)
{
	return slice_eq(a->provider, b->provider) &&
	    slice_eq(a->source, b->source) && slice_eq(a->domain, b->domain);
}

static enum report_change
change_of(const struct build *build, enum query_group group,
    const struct query_row *row)
{
	const struct query_row *before;
	size_t count;

	if (build->from->compare == NULL)
		return CHANGE_NONE;
	before = query_rows(build->from->compare, group, &count);
	for (size_t i = 0; i < count; i++)
		if (is_same_row(&before[i], row))
			return report_change_of(row->n.blocked,
			    row->n.deliveries, before[i].n.blocked,
			    before[i].n.deliveries);
	return CHANGE_TOO_FEW;
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
		to->change = change_of(build, group, &from[i]);
	}
	return rows;
}

void
build_series(struct build *build)
{
	struct report *to = build->to;
	const struct query_series *from =
	    query_series(build->from->query, &to->series_count);

	to->series = build_room(build, to->series_count, sizeof(*to->series));
	for (size_t i = 0; i < to->series_count; i++) {
		struct report_series_row *row = &to->series[i];
		const struct report_day *day = &to->window.days[from[i].day];
		const struct report_row *pair = &to->pairs[from[i].pair];
		struct day_sums sums = { .refused = from[i].refused };

		row->day_utc = day->day_utc;
		memcpy(row->day, day->day, sizeof(row->day));
		row->provider = pair->provider;
		row->name = pair->name;
		row->source = pair->source;
		row->source_ip = pair->source_ip;
		row->host = pair->host;
		row->instance = pair->instance;
		row->messages = from[i].messages;
		row->blocked = from[i].refused;
		row->attempts = (struct report_attempts){ from[i].attempts[0],
			from[i].attempts[1], from[i].attempts[2] };
		memcpy(sums.attempts, from[i].attempts, sizeof(sums.attempts));
		row->state = day_state(build, pair, from[i].day, &sums);
	}
}
