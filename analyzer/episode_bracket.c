/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/episode_bracket.h"

#include <math.h>

/* How much less likely (logarithm) a moment may be than the best, and when
 * looking further is no use. */
static const double margin = 6.2, give_up = 18.6;
/* A pause is ten thousand times likelier than none: its logarithm. */
static const double certain = 9.2;
/* How often the outermost refusals may be of normal mail and yet count. */
static const double rare = 0.005;

double
episode_smooth_rate(int64_t refusals, int64_t votes)
{
	return ((double)refusals + 0.5) / ((double)votes + 50.0);
}

/* What one vote says for "inside" against "outside". */
struct weights {
	double refusal, acceptance;
};

/* Votes and what passed, from the first to the last refusal. */
struct inside {
	int64_t refusals, acceptances;
	bool any_passed;
};

static struct inside
count_inside(const struct episode_input *input,
    const struct episode_stretch *stretch)
{
	struct inside it = { 0 };

	for (size_t i = stretch->from; i <= stretch->to; i++) {
		const struct episode_event *event = &input->events[i];

		it.any_passed |= !event->is_refusal;
		if (!event->votes)
			continue;
		if (event->is_refusal)
			it.refusals++;
		else
			it.acceptances += event->count;
	}
	return it;
}

/* The share of refusals inside, at least (Wilson's lower 95 % limit): few
 * refusals in a row may be chance. */
static double
share_of(const struct inside *inside)
{
	const double z = 1.96;
	double n = (double)(inside->refusals + inside->acceptances);
	double share = (double)inside->refusals / n;

	return (share + z * z / (2 * n) - z *
	    sqrt(share * (1 - share) / n + z * z / (4 * n * n))) /
	    (1 + z * z / n);
}

static struct weights
weights_of(const struct inside *inside, double usual)
{
	double share = share_of(inside);

	if (share < 2.0 * usual)
		share = 2.0 * usual;
	if (share > 0.999)
		share = 0.999;
	if (usual > 0.4)
		usual = 0.4;
	return (struct weights){ log(share / usual),
		log((1.0 - share) / (1.0 - usual)) };
}

static double
weight_of(const struct weights *weights, const struct episode_event *event)
{
	if (!event->votes)
		return 0.0;
	return event->is_refusal ? weights->refusal :
	    weights->acceptance * (double)event->count;
}

bool
episode_goes_on(const struct episode *it, const struct episode_input *input,
    size_t onset)
{
	struct inside inside = count_inside(input, &it->last);
	struct weights weights = weights_of(&inside, it->base_rate);
	double pause = 0.0; /* what speaks for one */

	for (size_t i = it->last.to + 1; i < onset && pause < certain; i++) {
		pause -= weight_of(&weights, &input->events[i]);
		if (pause < 0.0)
			pause = 0.0;
	}
	return pause < certain;
}

/* A walk over events from START in direction STEP, up to but not beyond
 * LIMIT; behind TURN it ends where nothing can follow any more. Finds the
 * first and the last event that may be the outermost one inside. */
struct walk {
	const struct episode_input *input;
	struct weights weights;
	size_t start, turn, limit;
	bool is_back;
};

static bool
is_behind_turn(const struct walk *walk, size_t at)
{
	return walk->is_back ? at < walk->turn : at > walk->turn;
}

/* The best sum; with FIRST_R and LAST_R the events within the margin of
 * BEST. */
static double
walk_events(const struct walk *walk, double best, size_t *first_r,
    size_t *last_r)
{
	double sum = 0.0, top = -INFINITY;
	bool has_first = false;

	for (size_t i = walk->start;; i = walk->is_back ? i - 1 : i + 1) {
		const struct episode_event *event = &walk->input->events[i];

		sum += weight_of(&walk->weights, event);
		if (sum > top)
			top = sum;
		if (first_r != NULL && event->votes && sum >= best - margin) {
			if (!has_first)
				*first_r = i;
			has_first = true;
			*last_r = i;
		}
		if (i == walk->limit || (is_behind_turn(walk, i) &&
		    sum < top - give_up))
			break;
	}
	return top;
}

static void
find_ends(const struct walk *walk, size_t *inner_r, size_t *outer_r)
{
	double best = walk_events(walk, 0.0, NULL, NULL);

	*inner_r = *outer_r = walk->turn;
	(void)walk_events(walk, best, inner_r, outer_r);
}

/* Where all mail was refused from FROM to TO, the refusal at FROM may still
 * be one of normal mail that happens to stand beside the block. The outermost
 * one that is of the block: so many further in that this is rare. */
static size_t
surely_inside(const struct episode_input *input, size_t from, size_t to,
    double chance)
{
	double all_by_chance = chance;

	while (from != to && all_by_chance >= rare) {
		from = from < to ? from + 1 : from - 1;
		if (input->events[from].votes)
			all_by_chance *= chance;
	}
	return from;
}

static void
set_begin(struct episode *it, const struct episode_input *input, size_t limit)
{
	struct inside inside = count_inside(input, &it->first);
	struct walk walk = { .input = input,
		.weights = weights_of(&inside, it->base_rate),
		.start = it->first.to, .turn = it->first.from, .limit = limit,
		.is_back = true };
	size_t inner, outer;

	it->began_after_utc = it->last_accept_before_utc;
	it->began_by_utc = it->first_refusal_utc;
	/* what was never confirmed is most often no block at all */
	if (it->confirmed_utc == INT64_MIN)
		return;
	if (!inside.any_passed) {
		it->began_by_utc = input->events[surely_inside(input,
		    it->first.from, it->first.to, it->chance_rate)].utc;
		return;
	}
	find_ends(&walk, &inner, &outer);
	it->began_by_utc = input->events[inner].utc;
	it->began_after_utc = outer == 0 ? INT64_MIN :
	    input->events[outer - 1].utc;
}

static void
set_end(struct episode *it, const struct episode_input *input, size_t limit)
{
	struct inside inside = count_inside(input, &it->last);
	struct walk walk = { .input = input,
		.weights = weights_of(&inside, it->base_rate),
		.start = it->last.from, .turn = it->last.to, .limit = limit };
	size_t inner, outer;

	it->ended_after_utc = it->last_refusal_utc;
	it->ended_by_utc = it->first_accept_after_utc;
	if (it->confirmed_utc == INT64_MIN)
		return;
	if (!inside.any_passed) {
		it->ended_after_utc = input->events[surely_inside(input,
		    it->last.to, it->last.from, it->chance_rate)].utc;
		return;
	}
	find_ends(&walk, &inner, &outer);
	it->ended_after_utc = input->events[inner].utc;
	it->ended_by_utc = outer + 1 < input->event_count ?
	    input->events[outer + 1].utc : INT64_MIN;
}

/* Neither reaches into the confirmed episode before or after. */
void
episodes_set_brackets(struct episode *list, size_t count,
    const struct episode_input *input)
{
	size_t before = 0, after = input->event_count - 1;

	for (size_t i = 0; i < count; i++) {
		struct episode *it = &list[i];

		set_begin(it, input,
		    before < it->first.from ? before : it->first.from);
		if (it->confirmed_utc != INT64_MIN)
			before = it->last.to + 1;
	}
	for (size_t i = count; i-- > 0;) {
		struct episode *it = &list[i];

		set_end(it, input, after > it->last.to ? after : it->last.to);
		if (it->confirmed_utc != INT64_MIN)
			after = it->first.from - 1;
	}
}
