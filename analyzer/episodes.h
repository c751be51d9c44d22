/* SPDX-License-Identifier: BSD-2-Clause */
/* Block episodes: the score of one provider and one sending source, vote by
 * vote. Pure: events in, episodes out; the same events always give the same
 * episodes, in whatever pieces they were read. The rules are those of
 * mxtrend-metrics(7). */
#ifndef MX_ANALYZER_EPISODES_H
#define MX_ANALYZER_EPISODES_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"

struct episode_rules {
	int64_t refusal_weight;       /* 6 */
	int64_t noisy_refusal_weight; /* 3: where the base rate is over 2 % */
	int64_t acceptance_weight;    /* 1 */
	int64_t threshold;            /* 12, plus what volume adds */
	int64_t threshold_growth;     /* 4 a decade of daily messages */
	int64_t cap_factor;           /* 2 */
	int64_t base_days;            /* 28 */
	int64_t close_acceptances;    /* 3 */
	int64_t close_quiet_s;        /* 24 h */
	int64_t merge_s;              /* 48 h */
	int64_t silent_s;             /* 7 d */
};
struct episode_rules episode_rules_default(void);

/* 12 + floor(4 log10(daily / 5)), daily at least 5. */
int64_t episode_threshold(const struct episode_rules *rules, double daily);

/* One thing that happened between the two. Sorted by time, and within a second
 * by what does not depend on the order of reading. */
struct episode_event {
	int64_t utc;
	bool is_refusal;
	bool votes;        /* else it only moves the ends of brackets */
	bool is_explicit;  /* refusals */
	uint32_t count;    /* acceptances of that second */
	uint32_t message;  /* refusals: number of the message */
	uint32_t recipient; /* refusals: number of the recipient */
	uint32_t delivery; /* refusals: number of message and recipient */
	uint32_t sender;   /* refusals: number of the sender's domain; 0: not
	                    * known */
	uint32_t reply;    /* refusals: number of the kind of reply */
};

/* Messages first tried on each UTC day, and whether a log covers it. */
struct episode_day {
	int64_t day;       /* days since 1970 */
	int64_t messages;
};

struct episode_input {
	const struct episode_event *events;
	size_t event_count;
	const struct episode_day *days; /* covered ones, ascending */
	size_t day_count;
	int64_t log_end_utc; /* the last moment that a log covers */
};

enum episode_phase { PHASE_SUSPECTED, PHASE_CONFIRMED, PHASE_EASING,
	PHASE_CLOSED, PHASE_SILENT, PHASE_DISMISSED, EPISODE_PHASES };

/* How often a kind of reply was met in an episode. */
struct episode_reply {
	uint32_t reply;
	int64_t attempts;
};

/* From the first to the last refusal of a time without a pause that counts
 * as a flap; indices of events. */
struct episode_stretch {
	size_t from, to;
};

/* Votes of others while an episode lasted; -1: not known. */
struct episode_share {
	int64_t refused, accepted;
};

struct episode {
	struct slice provider, source; /* set by the caller */
	enum episode_phase phase;
	int64_t confirmed_utc;         /* INT64_MIN: never */
	int64_t last_accept_before_utc; /* INT64_MIN: none in the log */
	int64_t first_refusal_utc, last_refusal_utc;
	int64_t first_accept_after_utc; /* INT64_MIN: none yet */
	int64_t closed_utc;            /* INT64_MIN: open */
	/* Where it may have begun and ended, at 99 %: the brackets above where
	 * all was refused in between, wider where some mail passed or normal
	 * mail is refused by chance. INT64_MIN:
	 * before the log, and not over. */
	int64_t began_after_utc, began_by_utc;
	int64_t ended_after_utc, ended_by_utc;
	struct episode_stretch first, last; /* the same one without flaps */
	double base_rate;              /* of refusals before it, smoothed */
	double chance_rate;            /* the same as it was counted */
	int64_t former_confirmed;      /* index of the one before; -1: none */
	int64_t messages, recipients, attempts;
	int64_t deliveries, sender_domains;
	/* Set by the caller. Of the refused deliveries: accepted later; of
	 * these after the last refusal; still in the queue; and how long the
	 * accepted ones waited from their first refusal (-1: none). -1 where
	 * that is not known any more. */
	int64_t delivered_later, delivered_after_end, still_open;
	int64_t median_wait_s;
	int64_t flaps, repeat;         /* repeat: 1 = first of its pair */
	int64_t threshold;
	bool began_before_log;         /* no acceptance stands before it */
	bool is_stored;                /* set by the caller: its refusals were
	                                * pruned */
	struct episode_reply *replies; /* most attempts first */
	size_t reply_count;
	/* Set by the caller: how far it reaches, and what says so: votes of
	 * other sources in its network, of those in other networks, and of its
	 * own source for other sender domains. */
	struct slice extent;
	struct episode_share near, far, senders;
	struct slice sender_domain;    /* of nearly all refused mail; empty:
	                                * of several, or not known */
	struct slice sample;           /* what this source was told, where the
	                                * sample of replies[0] was told to
	                                * another one; else SLICE_NONE */
	char id[17];                   /* set by the caller */
};

/* Called with each vote and the score after it; for --explain. */
struct episode_watch {
	void *ctx;
	void (*vote)(void *ctx, const struct episode_event *event,
	    int64_t score, int64_t threshold, const struct episode *open);
};

/* All episodes of the pair into the arena, dismissed ones too, oldest first.
 * WATCH may be NULL. */
void episodes_find(const struct episode_rules *rules,
    const struct episode_input *input, const struct episode_watch *watch,
    struct arena *arena, struct episode **list_r, size_t *count_r);

const char *episode_phase_name(enum episode_phase phase);
/* Suspected, confirmed, easing or silent. */
bool episode_stays_open(const struct episode *episode);

#endif
