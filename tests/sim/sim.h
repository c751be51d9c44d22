/* SPDX-License-Identifier: BSD-2-Clause */
/* Simulated delivery of one provider and one sending source, with the true
 * times of its blocks. */
#ifndef MX_TESTS_SIM_H
#define MX_TESTS_SIM_H

#include "analyzer/episodes.h"

enum sim_kind { SIM_FULL, SIM_THROTTLE, SIM_EXPIRING, SIM_FLAPS, SIM_REPEATS,
	SIM_CALM, SIM_KINDS };

struct sim_plan {
	enum sim_kind kind;
	int64_t daily;       /* messages a day */
	int64_t days;        /* of SIM_CALM */
	unsigned per_mille;  /* block-like refusals of normal mail */
	uint64_t seed;
	bool is_one_by_one;  /* each mail arrives by itself, calm mail too */
};

enum { SIM_BLOCKS_MAX = 8, SIM_DAYS_MAX = 420 };

/* All in seconds since 1970. */
struct sim_story {
	struct episode_event *events;
	size_t event_count;
	struct episode_day days[SIM_DAYS_MAX];
	size_t day_count;
	int64_t end_utc;
	/* True blocks; those of a flapping one are one. */
	int64_t from_utc[SIM_BLOCKS_MAX], to_utc[SIM_BLOCKS_MAX];
	size_t block_count;
};

void sim_make(const struct sim_plan *plan, struct sim_story *story);
void sim_free(struct sim_story *story);
const char *sim_kind_name(enum sim_kind kind);
/* The story's episodes, into ARENA. */
size_t sim_find(const struct sim_story *story, struct arena *arena,
    struct episode **list_r);

/* sim_same.c: calm mail in runs is as calm mail one by one. */
bool sim_same(void);

#endif
