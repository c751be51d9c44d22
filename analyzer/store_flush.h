/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by store_write.c (totals, replies), store_attempts.c and
 * store_known.c (coverage, sources, domains). */
#ifndef MX_ANALYZER_STORE_FLUSH_H
#define MX_ANALYZER_STORE_FLUSH_H

#include "analyzer/store_days.h"

/* What the rows of one flush need. */
struct flush {
	struct store *store;
	struct totals *totals;
	struct correlate *correlate;
	struct names *names;
	struct mx_err *err;
	struct day_writer days;
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

/* store_push_note.c: the days that wait for a push after this flush. */
enum mx_code flush_push_marks(struct flush *flush) MX_MUST_USE;

#endif
