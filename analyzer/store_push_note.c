/* SPDX-License-Identifier: BSD-2-Clause */
/* Which days a flush changes, for a store that is pushed: looked up in the rows
 * before they are written, since triggers on tables that are added to all the
 * time take a fifth of the reading. */
#include "analyzer/store_push_priv.h"

#include <stdlib.h>

#include "analyzer/store_flush.h"

enum { DAY_S = 86400 };

static void
note(unsigned char *days, int64_t utc)
{
	int64_t day = utc / DAY_S;

	if (day >= 0 && day < PUSH_DAYS)
		days[day] = 1;
}

#define NOTE_POOL(pool, type, member) \
	for (uint32_t i = 0; i < (pool)->used; i++) \
		note(days, ((const type *)pool_at((pool), i))->member)

static void
note_rows(const struct totals *totals, unsigned char *days)
{
	NOTE_POOL(&totals->rows, struct total_row, key.slot);
	NOTE_POOL(&totals->sender_rows, struct sender_row, key.slot);
	NOTE_POOL(&totals->gaps, struct gap_row, key.slot);
	NOTE_POOL(&totals->reply_rows, struct reply_row, key.slot);
	NOTE_POOL(&totals->coverage, struct coverage_row, slot);
	for (size_t i = 0; i < totals->attempt_count; i++)
		note(days, totals->attempts[i].at.utc);
	for (size_t i = 0; i < totals->late_count; i++)
		note(days, totals->late[i].refused_utc);
}

enum mx_code
store_push_mark(struct store *store, const unsigned char *days,
    struct mx_err *err)
{
	sqlite3_stmt *add = NULL;
	enum mx_code code = MX_OK;

	if (sqlite3_prepare_v2(store->db, "INSERT OR REPLACE INTO push_mark"
	    " (origin, day, run) VALUES (1, ?1, 0)", -1, &add, NULL) !=
	    SQLITE_OK)
		return store_fail(store, "push", err);
	for (int day = 0; day < PUSH_DAYS && code == MX_OK; day++) {
		if (days[day] == 0)
			continue;
		(void)sqlite3_bind_int(add, 1, day);
		code = store_run(store, add, "push", err);
	}
	(void)sqlite3_finalize(add);
	return code;
}

enum mx_code
flush_push_marks(struct flush *flush)
{
	unsigned char *days;
	enum mx_code code;

	if (!flush->store->is_pushed)
		return MX_OK;
	days = mx_calloc(PUSH_DAYS, 1);
	note_rows(flush->totals, days);
	code = store_push_mark(flush->store, days, flush->err);
	free(days);
	return code;
}
