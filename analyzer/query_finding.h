/* SPDX-License-Identifier: BSD-2-Clause */
/* Episodes while they are found: all votes of one provider after the other.
 * Shared by query_finding.c (loading), query_episodes.c (one source),
 * query_scores.c (sums over sources, sender domains) and query_extent.c (how
 * far one reaches). */
#ifndef MX_ANALYZER_QUERY_FINDING_H
#define MX_ANALYZER_QUERY_FINDING_H

#include "analyzer/query_votes.h"
#include "analyzer/store_days.h"

/* Days with messages, as they come. */
struct day_list {
	struct episode_day *list;
	size_t count, room;
};

/* A source at a provider that has refused something. */
struct pair_votes {
	uint32_t next;
	int64_t provider_id, source_id; /* in the file; 0: not there yet */
	uint32_t provider, source;
	uint32_t number;              /* of itself */
	bool is_wanted;               /* by the filter */
	struct votes accepted;
	struct day_list messages;
	size_t first, refusal_count;  /* in the provider's refusals */
	struct episode *found;        /* in the query's arena */
	size_t found_count;
};

/* What was accepted of a sender domain. */
struct sender_votes {
	uint32_t next;
	uint32_t provider, domain;
	struct votes accepted;
};

struct finding {
	struct query *query;
	struct episode_rules rules;
	struct pool pairs, senders;
	struct chain_index pair_index, sender_index;
	bool *refused;                /* by provider: did it ever? */
	uint32_t refused_room;
	const struct sender_votes **by_provider; /* all senders */
	struct episode_day *covered;  /* UTC days with log */
	size_t covered_count;
	struct episode *list;         /* what is found */
	size_t count, room;
	struct query_score *scores;
	size_t score_count, score_room;
	/* of the provider in hand */
	struct pair_votes **members;
	size_t member_count;
	const struct sender_votes **known; /* its sender domains */
	size_t known_count;
	struct refusals refusals;     /* by member and time */
	const struct refusal **by_member; /* pointers to them in that order */
};

/* query_finding.c. Begun before totals are read, since packed days are read
 * once for sums and votes: what of the providers that ever refused anything
 * is in them goes through finding_add_packed. */
enum mx_code finding_begin(struct query *query, struct mx_err *err)
    MX_MUST_USE;
void finding_end(struct query *query); /* query->finding may be NULL */
/* NULL: PROVIDER never refused anything. */
struct pair_votes *finding_pair(struct finding *self, uint32_t provider,
    uint32_t source);
enum mx_code finding_add_packed(struct pair_votes *pair, int64_t day,
    const struct pack_reader *row, struct mx_err *err) MX_MUST_USE;
/* All else: pairs, senders and covered days, by time. */
enum mx_code finding_load(struct finding *self, struct mx_err *err)
    MX_MUST_USE;
/* Set known: what is kept of this provider's. */
void finding_know_senders(struct finding *self, uint32_t provider);

/* The messages of each covered day, by LISTS; the caller frees it. */
struct episode_day *finding_days(const struct finding *self,
    const struct day_list *const *lists, size_t count);
/* All episodes of VOTERS into the query's arena; where --explain means one of
 * them, its votes are told. SOURCE: the id's second part. */
struct finding_wish {
	struct voters voters;
	const struct episode_day *days; /* covered_count of them */
	struct slice provider, source;
};
void finding_run(struct finding *self, const struct finding_wish *wish,
    struct episode **found_r, size_t *count_r);
/* NULL: nothing of it was accepted. */
const struct sender_votes *finding_sender(const struct finding *self,
    uint32_t provider, uint32_t domain);
void finding_add_day(struct day_list *days, int64_t utc, int64_t messages);

/* The address that a source is known by, or the source. */
struct slice finding_address(const struct query *query,
    const struct pair_votes *pair);
/* "192.0.2.0/24" or "2001:db8::/64"; false: SOURCE is no address. */
enum { NETWORK_TEXT = 52 };
bool finding_network(struct slice address, char text[NETWORK_TEXT]);

/* query_scores.c: the scores over several sources and over sender domains. */
void finding_add_scores(struct finding *self);
/* query_extent.c: how far IT, an episode of PAIR, reaches. */
void finding_set_extent(const struct finding *self,
    const struct pair_votes *pair, struct episode *it);
/* query_sample.c: what the source of PAIR was told in IT. */
enum mx_code finding_set_sample(const struct finding *self,
    const struct pair_votes *pair, struct episode *it, struct mx_err *err)
    MX_MUST_USE;

#endif
