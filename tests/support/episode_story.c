/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/support/episode_story.h"

#include <stdlib.h>

#include "tests/support/cases.h"

struct story story;

int
story_set_up(void **state)
{
	(void)state;
	memset(&story, 0, sizeof(story));
	arena_init(&story.arena);
	return 0;
}

int
story_tear_down(void **state)
{
	(void)state;
	arena_release(&story.arena);
	free(story.events);
	return 0;
}

struct episode_event *
story_event(int64_t utc)
{
	struct episode_event *to;

	if (story.count == story.room) {
		story.room = story.room != 0 ? story.room * 2 : 256;
		story.events = realloc(story.events,
		    story.room * sizeof(*story.events));
		assert_non_null(story.events);
	}
	to = &story.events[story.count];
	memset(to, 0, sizeof(*to));
	to->utc = utc;
	to->votes = true;
	to->count = 1;
	to->message = to->recipient = (uint32_t)story.count;
	story.count++;
	if (utc >= story.end_utc)
		story.end_utc = utc + 1;
	return to;
}

struct episode_event *
story_refuse(int64_t utc)
{
	struct episode_event *to = story_event(utc);

	to->is_refusal = true;
	to->is_explicit = true;
	return to;
}

void
story_accept_many(int64_t utc, uint32_t count)
{
	story_event(utc)->count = count;
}

void
story_accept_one(int64_t utc)
{
	story_accept_many(utc, 1);
}

void
story_cover(int64_t day, int count, int64_t messages)
{
	for (int i = 0; i < count; i++)
		story.days[story.day_count++] = (struct episode_day){
			.day = STORY_FIRST_DAY + day + i,
			.messages = messages };
}

void
story_block(int64_t from, int days)
{
	for (int i = 0; i < days * 24; i++)
		story_refuse(from + i * HOUR);
}

struct episode_input
story_input(void)
{
	return (struct episode_input){ .events = story.events,
		.event_count = story.count, .days = story.days,
		.day_count = story.day_count, .log_end_utc = story.end_utc };
}

void
story_find(void)
{
	const struct episode_rules rules = episode_rules_default();
	const struct episode_input input = story_input();

	episodes_find(&rules, &input, NULL, &story.arena, &story.list,
	    &story.found);
}

const struct episode *
story_only_one(void)
{
	story_find();
	assert_int_equal(story.found, 1);
	return &story.list[0];
}
