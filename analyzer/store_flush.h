/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by store_behind.c (the flush as a whole), store_write.c (totals,
 * replies), store_attempts.c and store_known.c (coverage, sources, domains). */
#ifndef MX_ANALYZER_STORE_FLUSH_H
#define MX_ANALYZER_STORE_FLUSH_H

#include "analyzer/store_days.h"

/* A source of which something changed. */
struct changed_source {
	uint32_t number;
	struct sending info; /* as it was; its label stays where it is */
};

/* What the rows of one flush need. The thread that writes uses nothing else of
 * the counting side, which goes on meanwhile: texts of names never move
 * (intern.h), and what may change was copied before. */
struct flush {
	struct store *store;
	struct totals *totals; /* whose rows; not their kinds of replies */
	struct names *names;
	struct mx_err *err;
	struct day_writer days;
	/* Copied. The file's number of each kind of reply that a row has: */
	int64_t *replies;
	uint32_t reply_room;
	struct changed_source *sources;
	size_t source_count, source_room;
	struct domain_mx *domains; /* that changed */
	size_t domain_count, domain_room;
	struct fragment_changes fragments;
	/* For a thread. Rows that were swapped for empty ones: */
	struct totals rows;
	bool has_rows;             /* they are initialised */
	bool is_under_way;
	struct store_segment segment;
	enum mx_code code;         /* of the last one, with why */
	struct mx_err why;
};

/* The file's number of a name; 0 for INTERN_NONE. */
enum mx_code flush_name_id(struct flush *flush, enum name_kind kind,
    uint32_t number, int64_t *id_r) MX_MUST_USE;

/* Numbers of provider, source and domain in the file. */
struct row_ids {
	int64_t provider, source, domain;
};
enum mx_code flush_row_ids(struct flush *flush, uint32_t provider,
    uint32_t source, uint32_t domain, struct row_ids *ids_r) MX_MUST_USE;

enum mx_code flush_totals(struct flush *flush) MX_MUST_USE;
enum mx_code flush_sender_totals(struct flush *flush) MX_MUST_USE;
enum mx_code flush_gaps(struct flush *flush) MX_MUST_USE;
enum mx_code flush_reply_rows(struct flush *flush) MX_MUST_USE;
enum mx_code flush_late(struct flush *flush) MX_MUST_USE;
enum mx_code flush_attempts(struct flush *flush) MX_MUST_USE;
/* After the attempts, of which some may be of this run. */
enum mx_code flush_senders(struct flush *flush) MX_MUST_USE;
enum mx_code flush_coverage(struct flush *flush) MX_MUST_USE;
enum mx_code flush_sources(struct flush *flush) MX_MUST_USE;
enum mx_code flush_domains(struct flush *flush) MX_MUST_USE;

/* store_write_days.c: the same rows for the days in packed form. blobs:
 * delays, votes, others. flush_touch_days before anything is written,
 * flush_days behind the last row. */
enum mx_code flush_touch_days(struct flush *flush) MX_MUST_USE;
void flush_day_total(struct flush *flush, const struct total_row *from,
    const struct row_ids *ids, const struct slice blobs[3]);
void flush_day_gap(struct flush *flush, const struct gap_row *row,
    const struct row_ids *ids);
void flush_day_reply(struct flush *flush, const struct reply_row *row,
    int64_t reply, int64_t source);
enum mx_code flush_days(struct flush *flush) MX_MUST_USE;

/* The counting side's, before: what changed is noted in FLUSH, and counts as
 * written. */
enum mx_code flush_note_replies(struct flush *flush, struct totals *totals,
    struct mx_err *err) MX_MUST_USE;
void flush_note_sources(struct flush *flush, struct correlate *correlate);
void flush_note_domains(struct flush *flush, struct correlate *correlate);

/* store_push_note.c: the days that wait for a push after this flush. */
enum mx_code flush_push_marks(struct flush *flush) MX_MUST_USE;

#endif
