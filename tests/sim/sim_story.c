/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages arrive by chance, by day three times as many as by night; a
 * message that is deferred is tried again after 5, 10, 20, 40 and then every
 * 67 minutes, as Postfix does, until it is accepted or five days old. */
#include "tests/sim/sim.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/chance.h"

#define HOUR ((int64_t)3600)
#define DAY ((int64_t)86400)
/* Some Monday. */
#define START ((int64_t)20000 * DAY)

enum { HISTORY_DAYS = 28, BUSY_HISTORY_DAYS = 7, BUSY_MESSAGES = 5000 };

/* One attempt. */
struct attempt {
	int64_t utc;
	uint32_t message;
	bool is_refusal;
};

struct making {
	const struct sim_plan *plan;
	struct sim_story *story;
	struct chance chance;
	struct attempt *list;
	size_t count, room;
	uint32_t messages;
	/* times in which mail is refused; in a flapping block several */
	int64_t from[SIM_BLOCKS_MAX], to[SIM_BLOCKS_MAX];
	size_t phases;
	size_t event_room;
};

const char *
sim_kind_name(enum sim_kind kind)
{
	static const char *const names[SIM_KINDS] = { "full block",
		"20 % throttle", "deferrals that expire", "flapping block",
		"two blocks, a repeat", "no block" };

	return names[kind];
}

static double
chance_share(struct chance *chance)
{
	return ((double)(chance_next(chance) >> 11) + 0.5) / 9007199254740992.0;
}

static int64_t
chance_between(struct making *self, int64_t low, int64_t high)
{
	return low + (int64_t)(chance_share(&self->chance) *
	    (double)(high - low));
}

static void
add_attempt(struct making *self, int64_t utc, uint32_t message,
    bool is_refusal)
{
	if (self->count == self->room) {
		self->room = self->room != 0 ? self->room * 2 : 4096;
		self->list = mx_realloc(self->list,
		    self->room * sizeof(*self->list));
	}
	self->list[self->count++] = (struct attempt){ utc, message,
		is_refusal };
}

static bool
is_refused(struct making *self, int64_t utc, bool was_refused)
{
	unsigned per_mille = was_refused ? 0 : self->plan->per_mille;

	for (size_t i = 0; i < self->phases; i++)
		if (utc >= self->from[i] && utc < self->to[i])
			per_mille = self->plan->kind == SIM_THROTTLE ? 200 :
			    1000;
	return chance_below(&self->chance, 1000) < per_mille;
}

/* Of the queue: five days; less where that would be a day's work to
 * simulate. */
static int64_t
lifetime_of(const struct sim_plan *plan)
{
	return plan->daily <= 50 ? 5 * DAY : plan->daily <= 5000 ? DAY : HOUR;
}

/* A block of bounces ends a message at its first try */
static void
send_message(struct making *self, int64_t utc, int64_t end)
{
	static const int64_t waits[] = { 300, 600, 1200, 2400, 4000 };
	enum sim_kind kind = self->plan->kind;
	bool defers = kind == SIM_EXPIRING || kind == SIM_THROTTLE;
	int64_t expires = utc + lifetime_of(self->plan);
	uint32_t message = self->messages++;
	bool refused = false;

	for (size_t try = 0; utc < end && utc < expires; try++) {
		refused = is_refused(self, utc, refused);
		add_attempt(self, utc, message, refused);
		if (!refused || !defers)
			return;
		utc += waits[try < 4 ? try : 4] +
		    chance_below(&self->chance, 60);
	}
}

/* How busy this hour is; 1 on average. */
static double
weight_of_hour(int64_t utc)
{
	int64_t hour = utc % DAY / HOUR;

	return hour >= 8 && hour < 20 ? 1.5 : 0.5;
}

/* No block begins or ends within two hours, or, where that would be tens of
 * thousands of messages, within a quarter of one. */
static bool
is_calm(const struct making *self, int64_t utc)
{
	int64_t near = self->plan->daily > BUSY_MESSAGES ? HOUR / 4 : 2 * HOUR;

	for (size_t i = 0; i < self->phases; i++)
		if (utc >= self->from[i] - near && utc < self->to[i] + near)
			return false;
	return self->plan->daily > 50 && !self->plan->is_one_by_one;
}

static void
add_event(struct making *self, int64_t utc, uint32_t count)
{
	struct sim_story *story = self->story;

	if (story->event_count == self->event_room) {
		self->event_room = self->event_room != 0 ?
		    self->event_room * 2 : 4096;
		story->events = mx_realloc(story->events,
		    self->event_room * sizeof(*story->events));
	}
	story->events[story->event_count++] = (struct episode_event){
		.utc = utc, .votes = true, .count = count != 0 ? count : 1,
		.is_refusal = count == 0, .is_explicit = count == 0,
		.message = count == 0 ? self->messages++ : 0 };
}

/* When number NTH of evenly spaced mails is tried. */
struct even {
	int64_t from;
	double step;
};

static int64_t
even_utc(const struct even *even, int64_t nth)
{
	return even->from + (int64_t)(even->step * (double)nth);
}

static void
add_accepted(struct making *self, int64_t utc, int64_t count)
{
	if (count != 0)
		add_event(self, utc, (uint32_t)count);
}

/* Acceptances of mails AT up to END, which is refused, as is AT - 1. Those of
 * a second with a refusal stand in it, the others are one event: nobody can
 * tell it from single ones, as nothing else happens. */
static void
add_run(struct making *self, const struct even *even, int64_t at, int64_t end)
{
	int64_t before = even_utc(even, at - 1);
	int64_t behind = even_utc(even, end);
	int64_t first = at, last = end;

	while (first < end && even_utc(even, first) == before)
		first++;
	while (last > first && even_utc(even, last - 1) == behind)
		last--;
	add_accepted(self, before, first - at);
	if (last > first)
		add_accepted(self, even_utc(even, last - 1), last - first);
	add_accepted(self, behind, end - last);
}

/* Normal mail from FROM to TO, evenly spaced. */
static void
send_calm_mail(struct making *self, int64_t from, int64_t to)
{
	double rate = self->plan->per_mille / 1000.0;
	int64_t left = (to - from) * self->plan->daily / DAY;
	const struct even even = { from,
		(double)(to - from) / (double)(left + 1) };
	int64_t sent = 1;

	while (sent <= left) {
		double passed = rate > 0.0 ? floor(log(chance_share(
		    &self->chance)) / log(1.0 - rate)) : (double)left;
		int64_t rest = left - sent + 1;
		int64_t count = passed < (double)rest ? (int64_t)passed :
		    rest;

		add_run(self, &even, sent, sent + count);
		sent += count;
		if (sent <= left)
			add_event(self, even_utc(&even, sent), 0);
		sent++;
	}
}

static void
send_mail(struct making *self, int64_t from, int64_t to, int64_t end)
{
	double wait = (double)DAY / (double)self->plan->daily / 1.5;
	double utc = (double)from;

	for (;;) {
		while (utc < (double)to && is_calm(self, (int64_t)utc)) {
			send_calm_mail(self, (int64_t)utc, (int64_t)utc + 600);
			utc = floor(utc) + 600.0;
		}
		utc -= wait * log(chance_share(&self->chance));
		if (utc >= (double)to)
			break;
		if (chance_share(&self->chance) * 1.5 <
		    weight_of_hour((int64_t)utc))
			send_message(self, (int64_t)utc, end);
	}
}

/* --------------------------------------------------------------- */
/* When mail is refused */

/* Long enough for 40 messages at least; longer ones with few, as they come in
 * life. */
static int64_t
block_length(struct making *self)
{
	double least = 40.0 * (double)DAY / (double)self->plan->daily;
	double most = 30.0 * (double)DAY * 5.0 / (double)self->plan->daily;

	if (self->plan->kind == SIM_THROTTLE) {
		least *= 10.0;
		most *= 10.0;
	}
	if (least < 900.0)
		least = 900.0;
	if (most < 4.0 * least)
		most = 4.0 * least;
	if (self->plan->kind == SIM_EXPIRING) {
		least = 1.2 * (double)lifetime_of(self->plan);
		most = 1.8 * (double)lifetime_of(self->plan);
	}
	return (int64_t)(least * pow(most / least,
	    chance_share(&self->chance)));
}

static void
add_block(struct making *self, int64_t from, int64_t to)
{
	struct sim_story *story = self->story;

	story->from_utc[story->block_count] = from;
	story->to_utc[story->block_count++] = to;
}

static void
add_phase(struct making *self, int64_t from, int64_t to)
{
	self->from[self->phases] = from;
	self->to[self->phases++] = to;
}

/* Lifted two to four times for 3 to 18 hours. */
static int64_t
plan_flaps(struct making *self, int64_t from)
{
	int64_t at = from;
	int lifts = 2 + (int)chance_below(&self->chance, 3);

	for (int i = 0; i <= lifts; i++) {
		int64_t to = at + block_length(self);

		add_phase(self, at, to);
		add_block(self, from, to);
		if (i != 0)
			self->story->block_count--;
		self->story->to_utc[0] = to;
		at = to + chance_between(self, 3 * HOUR, 18 * HOUR);
	}
	return self->story->to_utc[0];
}

/* Further away than 48 hours, and than a tenth of the first. */
static int64_t
plan_repeat(struct making *self, int64_t from)
{
	int64_t to = from;

	for (int i = 0; i < 2; i++) {
		int64_t length = block_length(self);

		to = from + length;
		add_phase(self, from, to);
		add_block(self, from, to);
		from = to + chance_between(self, 5 * DAY, 12 * DAY) +
		    length / 5;
	}
	return to;
}

static int64_t
plan_blocks(struct making *self, int64_t from)
{
	switch (self->plan->kind) {
	case SIM_FLAPS:
		return plan_flaps(self, from);
	case SIM_REPEATS:
		return plan_repeat(self, from);
	case SIM_CALM:
		return from + self->plan->days * DAY;
	case SIM_FULL:
	case SIM_THROTTLE:
	case SIM_EXPIRING:
	case SIM_KINDS:
		break;
	}
	add_phase(self, from, from + block_length(self));
	add_block(self, self->from[0], self->to[0]);
	return self->to[0];
}

/* --------------------------------------------------------------- */
/* Votes */

/* As the program takes them: acceptances of a second stand at its middle,
 * refusals before or behind, as their queue id falls. */
static int
place_in_second(const struct episode_event *event)
{
	if (!event->is_refusal)
		return 0;
	return (event->message * UINT32_C(2654435761) & 1u << 31) != 0 ? 1 : -1;
}

static int
compare_events(const void *left, const void *right)
{
	const struct episode_event *a = left;
	const struct episode_event *b = right;

	if (a->utc != b->utc)
		return a->utc < b->utc ? -1 : 1;
	if (place_in_second(a) != place_in_second(b))
		return place_in_second(a) < place_in_second(b) ? -1 : 1;
	return (a->message > b->message) - (a->message < b->message);
}

static bool
are_by_second(const struct episode_event *list, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (list[i].utc < list[i - 1].utc)
			return false;
	return true;
}

/* Calm mail, which is most of all, comes by the second: a few of each. */
static void
sort_events(struct episode_event *list, size_t count)
{
	bool is_nearly = are_by_second(list, count);
	size_t end = count;

	for (size_t i = 0; i < count; i = end) {
		for (end = is_nearly ? i + 1 : count; end < count &&
		    list[end].utc == list[i].utc; end++)
			;
		if (end - i > 1)
			qsort(list + i, end - i, sizeof(*list),
			    compare_events);
	}
}

/* One refusal and one acceptance a message and clock hour. */
static void
make_events(struct making *self)
{
	struct sim_story *story = self->story;
	int64_t hour = -1;
	size_t kept = 0;

	story->events = mx_realloc(story->events, (story->event_count +
	    self->count + 1) * sizeof(*story->events));
	for (size_t i = 0; i < self->count; i++) {
		const struct attempt *it = &self->list[i];
		struct episode_event *to =
		    &story->events[story->event_count + kept++];

		if (i == 0 || it[-1].message != it->message)
			hour = -1;
		*to = (struct episode_event){ .utc = it->utc, .count = 1,
			.is_refusal = it->is_refusal, .is_explicit = true,
			.votes = !it->is_refusal || it->utc / HOUR != hour,
			.message = it->message, .recipient = it->message };
		if (it->is_refusal)
			hour = it->utc / HOUR;
	}
	story->event_count += kept;
	sort_events(story->events, story->event_count);
}

static void
add_days(struct making *self, int64_t from, int64_t to)
{
	struct sim_story *story = self->story;

	for (int64_t day = from / DAY; day <= to / DAY &&
	    story->day_count < SIM_DAYS_MAX; day++)
		story->days[story->day_count++] = (struct episode_day){
			.day = day, .messages = self->plan->daily };
}

/* A week is history enough where it holds millions of messages. */
static int64_t
history_days(const struct sim_plan *plan)
{
	return plan->daily > BUSY_MESSAGES ? BUSY_HISTORY_DAYS : HISTORY_DAYS;
}

/* Mail around the blocks in full, and what was long before in sums. */
void
sim_make(const struct sim_plan *plan, struct sim_story *story)
{
	struct making self = { .plan = plan, .story = story,
		.chance = { plan->seed * 1000003u + (uint64_t)plan->daily * 31u +
		    (uint64_t)plan->kind } };
	int64_t around = (int64_t)(300.0 * (double)DAY / (double)plan->daily);
	int64_t from = START, to, begin, end;

	memset(story, 0, sizeof(*story));
	if (around < 2 * HOUR)
		around = 2 * HOUR;
	begin = START + chance_between(&self, 0, DAY);
	from = plan->kind == SIM_CALM ? begin : begin + around;
	to = plan_blocks(&self, from);
	end = plan->kind == SIM_CALM ? to : to + around;
	if (plan->kind != SIM_CALM || (plan->days < 365 &&
	    !plan->is_one_by_one))
		send_calm_mail(&self, begin - history_days(plan) * DAY,
		    begin);
	send_mail(&self, begin, end, end);
	make_events(&self);
	add_days(&self, begin - history_days(plan) * DAY, end);
	story->end_utc = end;
	free(self.list);
}

void
sim_free(struct sim_story *story)
{
	free(story->events);
}
