/* SPDX-License-Identifier: BSD-2-Clause */
/* What happened to one source at one provider, told event by event, for tests
 * of the score. One story at a time. */
#ifndef MX_TESTS_SUPPORT_EPISODE_STORY_H
#define MX_TESTS_SUPPORT_EPISODE_STORY_H

#include "analyzer/episodes.h"
#include "base/arena.h"

#define MINUTE ((int64_t)60)
#define HOUR ((int64_t)3600)
#define DAY ((int64_t)86400)
#define NEVER INT64_MIN
/* A Monday; tests count from here. */
#define START ((int64_t)STORY_FIRST_DAY * DAY)

enum { STORY_FIRST_DAY = 20000, STORY_DAYS_MAX = 400 };

/* What happened, in order, and which days have a log. */
struct story {
	struct episode_event *events;
	size_t count, room;
	struct episode_day days[STORY_DAYS_MAX];
	size_t day_count;
	int64_t end_utc;
	struct arena arena;
	struct episode *list;
	size_t found;
};

extern struct story story;

/* For cmocka. */
int story_set_up(void **state);
int story_tear_down(void **state);

/* An acceptance that votes; until the next call. */
struct episode_event *story_event(int64_t utc);
/* An explicit refusal that votes; until the next call. */
struct episode_event *story_refuse(int64_t utc);
void story_accept_many(int64_t utc, uint32_t count);
void story_accept_one(int64_t utc);
/* A block of DAYS days, one refusal an hour. */
void story_block(int64_t from, int days);
/* COUNT days from DAY on have a log, with so many messages each. */
void story_cover(int64_t day, int count, int64_t messages);

/* What a search makes of it; story.end_utc is behind the last event unless it
 * is set. */
struct episode_input story_input(void);
void story_find(void);
/* The same, where one episode is all there is. */
const struct episode *story_only_one(void);

#endif
