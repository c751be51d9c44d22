/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading order and folding of rows. */
#include "reports/report_view.h"

#include <stdlib.h>
#include <string.h>

#include "reports/format_value.h"

enum view_by { BY_PROVIDER, BY_SOURCE, BY_DOMAIN };

/* A row with what it is sorted by; qsort has no context argument. */
struct ranked {
	const struct report_row *row;
	struct slice key;
	int rank; /* 0 = open episode, 1 = blocked, 2 = the rest */
};

static int
compare_ranked(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	if (a->row->n.deliveries != b->row->n.deliveries)
		return a->row->n.deliveries > b->row->n.deliveries ? -1 : 1;
	return slice_cmp(a->key, b->key);
}

bool
view_has_open_episode(const struct report *report, struct slice provider)
{
	for (size_t i = 0; i < report->episode_count; i++)
		if (episode_is_open(report->episodes[i].state) &&
		    slice_eq(report->episodes[i].provider, provider))
			return true;
	return false;
}

static bool
source_has_open_episode(const struct report *report, struct slice source)
{
	for (size_t i = 0; i < report->episode_count; i++)
		if (episode_is_open(report->episodes[i].state) &&
		    slice_eq(report->episodes[i].source, source))
			return true;
	return false;
}

static struct slice
key_of(const struct report_row *row, enum view_by by)
{
	return by == BY_PROVIDER ? row->provider :
	    by == BY_SOURCE ? row->source : row->domain;
}

static int
rank_of(const struct report *report, const struct report_row *row,
    enum view_by by)
{
	if (by == BY_PROVIDER && view_has_open_episode(report, row->provider))
		return 0;
	if (by == BY_SOURCE && source_has_open_episode(report, row->source))
		return 0;
	return row->n.blocked > 0 ? 1 : 2;
}

static struct row_view
view_rows(const struct report *report, const struct report_row *rows,
    size_t count, enum view_by by, struct arena *arena)
{
	struct ranked *ranked = mx_calloc(count, sizeof(*ranked));
	struct row_view view;

	for (size_t i = 0; i < count; i++)
		ranked[i] = (struct ranked){ &rows[i], key_of(&rows[i], by),
			rank_of(report, &rows[i], by) };
	if (count > 1)
		qsort(ranked, count, sizeof(*ranked), compare_ranked);
	view.count = count;
	view.rows = arena_alloc(arena, (count + 1) * sizeof(void *));
	for (size_t i = 0; i < count; i++)
		view.rows[i] = ranked[i].row;
	free(ranked);
	return view;
}

struct row_view
view_providers(const struct report *report, struct arena *arena)
{
	return view_rows(report, report->providers, report->provider_count,
	    BY_PROVIDER, arena);
}

struct row_view
view_sources(const struct report *report, struct arena *arena)
{
	return view_rows(report, report->sources, report->source_count,
	    BY_SOURCE, arena);
}

struct row_view
view_domains(const struct report *report, struct arena *arena)
{
	return view_rows(report, report->domains, report->domain_count,
	    BY_DOMAIN, arena);
}

static void
add_counts(struct report_counts *sum, const struct report_counts *n)
{
	sum->deliveries += n->deliveries;
	sum->messages += n->messages;
	sum->accepted += n->accepted;
	sum->deferred += n->deferred;
	sum->bounced += n->bounced;
	sum->expired += n->expired;
	sum->blocked += n->blocked;
	sum->open += n->open;
	sum->attempts.accepted += n->attempts.accepted;
	sum->attempts.deferred += n->attempts.deferred;
	sum->attempts.bounced += n->attempts.bounced;
}

/* Of hundreds of providers with a mail or two a day some defer nearly every
 * day, if only by greylisting: it takes half of those that had mail. A block
 * is told wherever it is. */
static enum report_state
folded_day(const struct row_view *view, size_t first, size_t day)
{
	enum report_state worst = STATE_NO_LOG;
	size_t deferring = 0, with_mail = 0;

	for (size_t i = first; i < view->count; i++) {
		enum report_state state = view->rows[i]->days != NULL ?
		    view->rows[i]->days[day] : STATE_NO_LOG;

		if (state > worst)
			worst = state;
		with_mail += state >= STATE_FINE;
		deferring += state == STATE_DEFERRING;
	}
	return worst == STATE_DEFERRING && deferring * 2 < with_mail ?
	    STATE_FINE : worst;
}

void
view_fold(const struct report *report, const struct row_view *view,
    size_t first, struct arena *arena, struct report_row *sum_r)
{
	size_t days = report->window.day_count;

	memset(sum_r, 0, sizeof(*sum_r));
	sum_r->n.p50_s = sum_r->n.p95_s = DELAY_NONE;
	sum_r->days = arena_alloc(arena, (days + 1) * sizeof(*sum_r->days));
	for (size_t i = first; i < view->count; i++) {
		add_counts(&sum_r->n, &view->rows[i]->n);
		if (view->rows[i]->state > sum_r->state)
			sum_r->state = view->rows[i]->state;
	}
	for (size_t d = 0; d < days; d++)
		sum_r->days[d] = folded_day(view, first, d);
}

static int
episode_rank(enum episode_state state)
{
	static const int ranks[EPISODE_STATES] = {
		[EPISODE_CONFIRMED] = 0,
		[EPISODE_EASING] = 1,
		[EPISODE_SILENT] = 2,
		[EPISODE_SUSPECTED] = 3,
		[EPISODE_CLOSED] = 4,
		[EPISODE_DISMISSED] = 5,
	};

	return ranks[state];
}

static int
compare_episodes(const void *left, const void *right)
{
	const struct report_episode *const *a_at = left, *const *b_at = right;
	const struct report_episode *a = *a_at, *b = *b_at;
	int rank_a = episode_rank(a->state), rank_b = episode_rank(b->state);

	if (rank_a != rank_b)
		return rank_a < rank_b ? -1 : 1;
	if (a->messages != b->messages)
		return a->messages > b->messages ? -1 : 1;
	if (a->first_refusal_utc != b->first_refusal_utc)
		return a->first_refusal_utc < b->first_refusal_utc ? -1 : 1;
	return slice_cmp(a->id, b->id);
}

const struct report_episode **
view_episodes(const struct report *report, struct arena *arena,
    size_t *count_r, size_t *open_count_r)
{
	const struct report_episode **list = arena_alloc(arena,
	    (report->episode_count + 1) * sizeof(void *));
	size_t count = 0, open = 0;

	for (size_t i = 0; i < report->episode_count; i++) {
		if (report->episodes[i].state == EPISODE_DISMISSED)
			continue;
		list[count++] = &report->episodes[i];
		if (episode_is_open(report->episodes[i].state))
			open++;
	}
	if (count > 1)
		qsort(list, count, sizeof(void *), compare_episodes);
	*count_r = count;
	*open_count_r = open;
	return list;
}

struct slice
view_provider_name(const struct report_row *row)
{
	return slice_is_none(row->name) ? row->provider : row->name;
}

struct slice
view_source_name(struct slice source, struct slice source_ip)
{
	return slice_is_none(source_ip) ? source : source_ip;
}

const struct report_episode *
view_told_before(const struct report_episode *const *list, size_t at)
{
	const struct report_episode *it = list[at];

	if (slice_eq(it->extent, SLICE("source")))
		return NULL;
	for (size_t i = 0; i < at; i++)
		if (slice_eq(list[i]->provider, it->provider) &&
		    slice_eq(list[i]->reason, it->reason) &&
		    slice_eq(list[i]->token, it->token) &&
		    slice_eq(list[i]->extent, it->extent) &&
		    list[i]->state == it->state)
			return list[i];
	return NULL;
}

void
view_left_out(const struct report *report, const struct report_left_out *it,
    struct strbuf *out)
{
	enum { DAY_S = 86400 };

	format_count(out, it->lines, "line", "lines");
	strbuf_add_str(out, " of ");
	format_date(out, report->zone, it->first_utc);
	if (it->last_utc - it->first_utc >= DAY_S) {
		strbuf_add_str(out, " .. ");
		format_date(out, report->zone, it->last_utc);
	}
	strbuf_add_str(out, ", more than a year away from all other log; ");
	if (it->first_utc < report->window.since_utc) {
		strbuf_add_str(out, "--since ");
		format_date(out, report->zone, it->first_utc);
	} else {
		/* a bare day is where the window ends */
		strbuf_add_str(out, "--until ");
		format_date(out, report->zone, it->last_utc + DAY_S);
	}
	strbuf_add_str(out, it->lines == 1 ? " takes it in" :
	    " takes them in");
}
