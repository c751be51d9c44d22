/* SPDX-License-Identifier: BSD-2-Clause */
/* Days in packed form (table day_part): what is in them, how they are written
 * while totals are, and how a day gets them that has none. Readers are
 * query_days.c. */
#ifndef MX_ANALYZER_STORE_DAYS_H
#define MX_ANALYZER_STORE_DAYS_H

#include "analyzer/pack_rows.h"
#include "analyzer/store_priv.h"

enum { PACKED_DAY_S = 86400 };

static inline int64_t
packed_day(int64_t utc)
{
	int64_t rest = utc % PACKED_DAY_S;

	return utc - (rest < 0 ? rest + PACKED_DAY_S : rest);
}

/* Keys: numbers in the file, slot and gap in seconds, slot since the day
 * began. Fields are those of the tables; first and last since the day began
 * too. All rows of a slot, provider and so on are one, whatever their
 * origin. */
enum day_total_key { DAY_PROVIDER, DAY_SOURCE, DAY_DOMAIN, DAY_SLOT,
	DAY_TOTAL_KEYS };
enum day_total_field { DAY_DELAYS, DAY_VOTES, DAY_ACCEPTED_ATTEMPTS,
	DAY_MESSAGES, DAY_ACCEPTED, DAY_DEFERRED_ATTEMPTS, DAY_DEFERRED,
	DAY_BOUNCED_ATTEMPTS, DAY_BOUNCED, DAY_REFUSED, DAY_BLOCKED,
	DAY_SUSPENDED, DAY_EXPIRED, DAY_OTHERS, DAY_TOTAL_FIELDS };
enum day_gap_key { GAP_KIND, GAP_PROVIDER, GAP_SOURCE, GAP_DOMAIN, GAP_SLOT,
	GAP_SECONDS, GAP_KEYS };
/* Without slots: a window holds the whole day, or its rows are read. */
enum day_reply_key { REPLY_KIND, REPLY_SOURCE, REPLY_KEYS };
enum day_reply_field { REPLY_ATTEMPTS, REPLY_DELIVERIES, REPLY_FIRST,
	REPLY_LAST, REPLY_FIELDS };
extern const struct pack_shape day_totals, day_gaps, day_replies;

/* What one transaction adds to the days. */
struct day_writer {
	struct store *store;
	struct pack_list totals, gaps, replies;
	int64_t *days;    /* touched, ascending */
	bool *has_parts;  /* of each: parts can be added to it */
	size_t day_count, day_room;
};

void day_writer_init(struct day_writer *writer, struct store *store);
void day_writer_release(struct day_writer *writer);
/* Before the first row of SLOT is written: can its day take parts? */
enum mx_code day_writer_touch(struct day_writer *writer, int64_t slot,
    struct mx_err *err) MX_MUST_USE;
/* A row of SLOT to fill, its slot and day set; NULL where its day takes none.
 * LIST is one of the writer's. */
struct pack_row *day_writer_row(struct day_writer *writer,
    struct pack_list *list, int64_t slot);
/* Write a part for each day. */
enum mx_code day_writer_finish(struct day_writer *writer, struct mx_err *err)
    MX_MUST_USE;

#endif
