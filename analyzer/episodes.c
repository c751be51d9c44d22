/* SPDX-License-Identifier: BSD-2-Clause */
/* A Bernoulli CUSUM in whole numbers. A refusal adds, an acceptance takes
 * away, never below 0; the episode opens at the threshold and begins where
 * the score last stood at 0. */
#include "analyzer/episodes.h"

#include <math.h>
#include <stdlib.h>

#include "analyzer/episode_bracket.h"

enum { DAY_S = 86400, NOISY_DAYS = 7, NOISY_VOTES = 200, NOISY_REFUSALS = 10 };

struct episode_rules
episode_rules_default(void)
{
	return (struct episode_rules){
		.refusal_weight = 6, .noisy_refusal_weight = 3,
		.acceptance_weight = 1, .threshold = 12, .threshold_growth = 4,
		.cap_factor = 2, .base_days = 28, .close_acceptances = 3,
		.close_quiet_s = DAY_S, .merge_s = 2 * DAY_S,
		.silent_s = 7 * DAY_S };
}

int64_t
episode_threshold(const struct episode_rules *rules, double daily)
{
	if (daily < 5.0)
		daily = 5.0;
	/* the tiny step up keeps 50 / 5 from ending as 0.99999 */
	return rules->threshold + (int64_t)floor(
	    (double)rules->threshold_growth * log10(daily / 5.0) + 1e-9);
}

const char *
episode_phase_name(enum episode_phase phase)
{
	static const char *const names[EPISODE_PHASES] = { "suspected",
		"confirmed", "easing", "closed", "silent", "dismissed" };

	return names[phase];
}

bool
episode_stays_open(const struct episode *episode)
{
	return episode->phase != PHASE_CLOSED &&
	    episode->phase != PHASE_DISMISSED;
}

/* Votes of one day outside episodes: the base rate. */
struct base_day {
	int64_t day, votes, refusals;
};

/* An excursion of the score from 0, and what may come of it. */
struct run {
	const struct episode_rules *rules;
	const struct episode_input *input;
	const struct episode_watch *watch;
	struct arena *arena;
	struct episode *list;
	size_t count, room;

	size_t at;                 /* index of this event */
	int64_t score;
	size_t onset;              /* index of the first refusal since the
	                            * score was 0, where has_onset */
	bool has_onset;
	int64_t onset_utc;
	int64_t accept_before_onset;
	int64_t last_accept_utc;
	int64_t last_refusal_utc;
	int64_t accepts_since_refusal; /* voting ones */
	int64_t first_accept_after;
	int64_t votes, refusals;   /* of this excursion */
	bool has_explicit;
	int64_t threshold;         /* as of the excursion's first refusal */
	int64_t weight;
	double base_rate, smooth_rate;
	int64_t open;              /* index in list, -1 = none */
	int64_t last_confirmed;    /* the same */
	int64_t last_vote_utc;

	struct base_day *base;     /* one for each day with votes */
	size_t base_count, base_room;
};

static int64_t
day_of(int64_t utc)
{
	return utc >= 0 ? utc / DAY_S : (utc - DAY_S + 1) / DAY_S;
}

static void
add_base(struct run *run, int64_t utc, int64_t votes, int64_t refusals)
{
	int64_t day = day_of(utc);
	struct base_day *last =
	    run->base_count != 0 ? &run->base[run->base_count - 1] : NULL;

	if (last == NULL || last->day != day) {
		if (run->base_count == run->base_room) {
			run->base_room = run->base_room != 0 ?
			    run->base_room * 2 : 64;
			run->base = mx_realloc(run->base,
			    run->base_room * sizeof(*run->base));
		}
		last = &run->base[run->base_count++];
		*last = (struct base_day){ .day = day };
	}
	last->votes += votes;
	last->refusals += refusals;
}

/* Does a confirmed episode cover any of this day? */
static bool
is_in_episode(const struct run *run, int64_t day)
{
	for (int64_t i = run->last_confirmed; i >= 0;
	    i = run->list[i].former_confirmed) {
		const struct episode *it = &run->list[i];
		int64_t end = it->closed_utc == INT64_MIN ?
		    it->last_refusal_utc : it->closed_utc;

		if (day > day_of(end))
			return false;
		if (day >= day_of(it->first_refusal_utc))
			return true;
	}
	return false;
}

/* Messages a day over the covered days before UTC, at least one day. */
static double
daily_volume(const struct run *run, int64_t utc)
{
	int64_t today = day_of(utc);
	int64_t messages = 0, days = 0;

	for (size_t i = run->input->day_count; i-- > 0;) {
		const struct episode_day *it = &run->input->days[i];

		if (it->day > today)
			continue;
		if (it->day <= today - run->rules->base_days)
			break;
		/* today is not over; it counts only where there is no other */
		if (it->day == today || is_in_episode(run, it->day))
			continue;
		messages += it->messages;
		days++;
	}
	if (days == 0) {
		for (size_t i = run->input->day_count; i-- > 0;)
			if (run->input->days[i].day == today)
				return (double)run->input->days[i].messages;
		return 0.0;
	}
	return (double)messages / (double)days;
}

/* What the days before UTC say of refusals in normal mail. */
static void
set_rates(struct run *run, int64_t utc)
{
	int64_t today = day_of(utc);
	int64_t votes = 0, refusals = 0, days = 0;

	for (size_t i = run->base_count; i-- > 0;) {
		const struct base_day *it = &run->base[i];

		if (it->day <= today - run->rules->base_days)
			break;
		if (it->day >= today || is_in_episode(run, it->day))
			continue;
		votes += it->votes;
		refusals += it->refusals;
		days++;
	}
	run->base_rate = votes != 0 ? (double)refusals / (double)votes : 0.0;
	run->smooth_rate = episode_smooth_rate(refusals, votes);
	run->weight = days >= NOISY_DAYS && votes >= NOISY_VOTES &&
	    refusals >= NOISY_REFUSALS && run->base_rate > 0.02 ?
	    run->rules->noisy_refusal_weight : run->rules->refusal_weight;
	run->threshold = episode_threshold(run->rules,
	    daily_volume(run, utc));
}

static struct episode *
add_episode(struct run *run)
{
	struct episode *it;

	if (run->count == run->room) {
		run->room = run->room != 0 ? run->room * 2 : 8;
		run->list =
		    mx_realloc(run->list, run->room * sizeof(*run->list));
	}
	it = &run->list[run->count++];
	memset(it, 0, sizeof(*it));
	it->phase = PHASE_SUSPECTED;
	it->first_refusal_utc = run->onset_utc;
	it->last_refusal_utc = run->last_refusal_utc;
	it->last_accept_before_utc = run->accept_before_onset;
	it->began_before_log = run->accept_before_onset == INT64_MIN;
	it->confirmed_utc = it->closed_utc = it->first_accept_after_utc =
	    INT64_MIN;
	it->threshold = run->threshold;
	it->first = it->last = (struct episode_stretch){ run->onset, run->at };
	it->base_rate = run->smooth_rate;
	it->chance_rate = run->base_rate;
	return it;
}

/* When this one begins so soon after the last confirmed episode that it is
 * the same; -1: it is not. */
static int64_t
flap_of(const struct run *run)
{
	const struct episode *it;
	int64_t length, near = run->rules->merge_s;

	if (run->last_confirmed < 0)
		return -1;
	it = &run->list[run->last_confirmed];
	length = it->last_refusal_utc - it->first_refusal_utc;
	if (length / 10 > near)
		near = length / 10;
	return run->onset_utc - it->last_refusal_utc <= near ||
	    episode_goes_on(it, run->input, run->onset) ?
	    run->last_confirmed : -1;
}

/* Of a throttle acceptances are a part: it did not pause. */
static void
reopen(struct run *run, struct episode *it)
{
	if (episode_goes_on(it, run->input, run->onset)) {
		it->last.to = run->at;
		if (it->flaps == 0)
			it->first.to = run->at;
	} else {
		it->flaps++;
		it->last = (struct episode_stretch){ run->onset, run->at };
	}
	it->phase = PHASE_CONFIRMED;
	it->closed_utc = it->first_accept_after_utc = INT64_MIN;
	it->last_refusal_utc = run->last_refusal_utc;
}

static void
confirm(struct run *run, int64_t utc)
{
	int64_t former = flap_of(run);
	struct episode *it;

	if (former >= 0) {
		/* the suspected one, if any, was the same block coming back */
		if (run->open >= 0)
			run->count--;
		run->open = former;
		reopen(run, &run->list[former]);
		return;
	}
	if (run->open < 0) {
		(void)add_episode(run);
		run->open = (int64_t)run->count - 1;
	}
	it = &run->list[run->open];
	it->phase = PHASE_CONFIRMED;
	it->confirmed_utc = utc;
	it->threshold = run->threshold;
	it->former_confirmed = run->last_confirmed;
	run->last_confirmed = run->open;
}

/* Inferred refusals alone must also stand out from what is usual here. */
static bool
stands_out(const struct run *run)
{
	double rate = (double)run->refusals / (double)run->votes;

	return run->has_explicit || rate >= 2.0 * run->base_rate;
}

static void
close_episode(struct run *run, int64_t utc)
{
	struct episode *it = &run->list[run->open];

	it->phase = it->confirmed_utc != INT64_MIN ? PHASE_CLOSED :
	    PHASE_DISMISSED;
	it->closed_utc = utc;
	it->first_accept_after_utc = run->first_accept_after;
	run->open = -1;
	run->score = 0;
}

/* The first refusal counts though it may not vote: its message may have
 * voted earlier in this hour, before the score fell to 0. */
static void
note_onset(struct run *run, const struct episode_event *event)
{
	if (run->has_onset)
		return;
	run->has_onset = true;
	run->onset = run->at;
	run->onset_utc = event->utc;
	run->accept_before_onset = run->last_accept_utc;
}

static void
start_excursion(struct run *run, const struct episode_event *event)
{
	run->votes = run->refusals = 0;
	run->has_explicit = false;
	set_rates(run, event->utc);
}

static bool
is_confirmed_open(const struct run *run)
{
	return run->open >= 0 &&
	    run->list[run->open].phase == PHASE_CONFIRMED;
}

static void
refusal_vote(struct run *run, const struct episode_event *event)
{
	int64_t cap;

	if (run->score == 0 && run->open < 0)
		start_excursion(run, event);
	run->votes++;
	run->refusals++;
	run->has_explicit |= event->is_explicit;
	run->last_refusal_utc = event->utc;
	cap = run->rules->cap_factor * run->threshold;
	run->score += run->weight;
	if (run->score > cap)
		run->score = cap;
	if (run->open < 0 && event->is_explicit) {
		(void)add_episode(run);
		run->open = (int64_t)run->count - 1;
	}
	if (!is_confirmed_open(run) && run->score >= run->threshold &&
	    stands_out(run))
		confirm(run, event->utc);
}

static void
acceptance_votes(struct run *run, const struct episode_event *event)
{
	run->votes += event->count;
	run->score -= run->rules->acceptance_weight * (int64_t)event->count;
	if (run->score < 0)
		run->score = 0;
	run->accepts_since_refusal += event->count;
	if (run->open < 0)
		return;
	if (run->score == 0 ||
	    (run->accepts_since_refusal >= run->rules->close_acceptances &&
	    event->utc - run->last_refusal_utc >= run->rules->close_quiet_s))
		close_episode(run, event->utc);
}

static void
extend_episode(struct run *run, const struct episode_event *event)
{
	struct episode *it = &run->list[run->open];

	it->last_refusal_utc = event->utc;
	it->last.to = run->at;
	if (it->flaps == 0)
		it->first.to = run->at;
}

static void
take_refusal(struct run *run, const struct episode_event *event)
{
	if (run->score == 0 && run->open < 0)
		note_onset(run, event);
	if (event->votes) {
		refusal_vote(run, event);
		add_base(run, event->utc, 1, 1);
	}
	run->last_refusal_utc = event->utc;
	run->accepts_since_refusal = 0;
	run->first_accept_after = INT64_MIN;
	if (run->open >= 0)
		extend_episode(run, event);
}

static void
take_acceptance(struct run *run, const struct episode_event *event)
{
	if (run->first_accept_after == INT64_MIN)
		run->first_accept_after = event->utc;
	if (event->votes) {
		acceptance_votes(run, event);
		add_base(run, event->utc, event->count, 0);
	}
	run->last_accept_utc = event->utc;
	if (run->score == 0 && run->open < 0)
		run->has_onset = false;
}

/* How much of the time since UTC a log covers: in days without one nothing
 * could be seen. */
static int64_t
watched_since(const struct run *run, int64_t utc)
{
	int64_t end_utc = run->input->log_end_utc;
	int64_t dark = day_of(end_utc) - day_of(utc) - 1;

	for (size_t i = run->input->day_count; i-- > 0;)
		dark -= run->input->days[i].day > day_of(utc) &&
		    run->input->days[i].day < day_of(end_utc);
	return end_utc - utc - (dark > 0 ? dark : 0) * DAY_S;
}

/* How an episode stands that no vote closed. */
static void
settle_open(struct run *run)
{
	struct episode *it;

	if (run->open < 0)
		return;
	it = &run->list[run->open];
	it->first_accept_after_utc = run->first_accept_after;
	if (watched_since(run, run->last_vote_utc) >= run->rules->silent_s)
		it->phase = PHASE_SILENT;
	else if (it->phase == PHASE_CONFIRMED &&
	    run->first_accept_after != INT64_MIN)
		it->phase = PHASE_EASING;
}

/* ------------------------------------------------------------------ */
/* What an episode holds */

static int
compare_u32(const void *left, const void *right)
{
	uint32_t a, b;

	memcpy(&a, left, sizeof(a));
	memcpy(&b, right, sizeof(b));
	return (a > b) - (a < b);
}

/* How many different numbers; LIST is sorted on the way. */
static int64_t
count_distinct(uint32_t *list, size_t count)
{
	int64_t distinct = 0;

	qsort(list, count, sizeof(*list), compare_u32);
	for (size_t i = 0; i < count; i++)
		distinct += i == 0 || list[i] != list[i - 1];
	return distinct;
}

static int
compare_reply(const void *left, const void *right)
{
	const struct episode_reply *a = left;
	const struct episode_reply *b = right;

	if (a->attempts != b->attempts)
		return a->attempts > b->attempts ? -1 : 1;
	return (a->reply > b->reply) - (a->reply < b->reply);
}

/* SORTED numbers of replies as (reply, attempts). */
static void
set_replies(struct episode *it, const uint32_t *sorted, size_t count,
    size_t distinct, struct arena *arena)
{
	it->replies = arena_alloc(arena, distinct * sizeof(*it->replies));
	it->reply_count = 0;
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || sorted[i] != sorted[i - 1])
			it->replies[it->reply_count++] = (struct episode_reply){
				.reply = sorted[i] };
		it->replies[it->reply_count - 1].attempts++;
	}
	qsort(it->replies, it->reply_count, sizeof(*it->replies),
	    compare_reply);
}

static void
measure(struct episode *it, const struct episode_input *input,
    uint32_t *scratch, struct arena *arena)
{
	uint32_t *messages = scratch;
	uint32_t *recipients = scratch + input->event_count;
	uint32_t *replies = scratch + 2 * input->event_count;
	uint32_t *deliveries = scratch + 3 * input->event_count;
	uint32_t *senders = scratch + 4 * input->event_count;
	size_t count = 0, sender_count = 0;

	for (size_t i = it->first.from; i <= it->last.to; i++) {
		const struct episode_event *event = &input->events[i];

		if (!event->is_refusal)
			continue;
		messages[count] = event->message;
		recipients[count] = event->recipient;
		replies[count] = event->reply;
		deliveries[count] = event->delivery;
		if (event->sender != 0)
			senders[sender_count++] = event->sender;
		count++;
	}
	it->attempts = (int64_t)count;
	it->messages = count_distinct(messages, count);
	it->recipients = count_distinct(recipients, count);
	it->deliveries = count_distinct(deliveries, count);
	it->sender_domains = count_distinct(senders, sender_count);
	set_replies(it, replies, count,
	    (size_t)count_distinct(replies, count), arena);
}

static void
finish_list(struct run *run, struct episode **list_r, size_t *count_r)
{
	size_t bytes = run->count * sizeof(*run->list);
	uint32_t *scratch = mx_alloc(
	    5 * (run->input->event_count + 1) * sizeof(*scratch));
	int64_t repeat = 0;

	for (size_t i = 0; i < run->count; i++) {
		struct episode *it = &run->list[i];

		if (it->phase != PHASE_DISMISSED)
			repeat++;
		it->repeat = it->phase == PHASE_DISMISSED ? 0 : repeat;
		measure(it, run->input, scratch, run->arena);
	}
	episodes_set_brackets(run->list, run->count, run->input);
	free(scratch);
	*list_r = arena_alloc(run->arena, bytes);
	if (bytes != 0)
		memcpy(*list_r, run->list, bytes);
	*count_r = run->count;
}

void
episodes_find(const struct episode_rules *rules,
    const struct episode_input *input, const struct episode_watch *watch,
    struct arena *arena, struct episode **list_r, size_t *count_r)
{
	struct run run = { .rules = rules, .input = input, .watch = watch,
		.arena = arena, .open = -1, .last_confirmed = -1,
		.last_accept_utc = INT64_MIN,
		.first_accept_after = INT64_MIN, .last_refusal_utc = INT64_MIN,
		.last_vote_utc = INT64_MIN };

	for (size_t i = 0; i < input->event_count; i++) {
		const struct episode_event *event = &input->events[i];

		run.at = i;
		if (event->is_refusal)
			take_refusal(&run, event);
		else
			take_acceptance(&run, event);
		if (!event->votes)
			continue;
		run.last_vote_utc = event->utc;
		if (watch != NULL)
			watch->vote(watch->ctx, event, run.score,
			    run.threshold, run.open >= 0 ?
			    &run.list[run.open] : NULL);
	}
	settle_open(&run);
	finish_list(&run, list_r, count_r);
	free(run.list);
	free(run.base);
}
