/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/fleet_lag.h"

#include <time.h>

#include "analyzer/fleet_sql.h"
#include "base/limits.h"

enum { TRIES_A_SECOND = 2 };

/* The subquery is of a table that is not distributed, so each replica that
 * answers runs it on its own, before it reads. No row: the user may not see
 * the table, or it is none of this cluster's. total_replicas is 0 where
 * ZooKeeper did not answer; log_pointer is the first entry of the common log
 * that this replica has not taken into its queue. With both 0 the log is
 * empty, or its first entry was not taken, which is of no row that counts
 * (push_schema.c). */
void
fleet_lag_condition(struct slice database, struct slice table, int64_t by_utc,
    struct strbuf *out)
{
	if (database.len == 0) {
		strbuf_add_char(out, '1');
		return;
	}
	strbuf_addf(out, "1 NOT IN (SELECT throwIf(count() != 1 OR"
	    " max(is_readonly OR is_session_expired OR total_replicas = 0 OR"
	    " (inserts_in_queue != 0 AND toInt64(inserts_oldest_time) <= %lld)"
	    " OR (log_max_index != 0 AND log_pointer <= log_max_index AND"
	    " toInt64(last_queue_update) <= %lld)) != 0) FROM system.replicas"
	    " WHERE database = ", (long long)by_utc, (long long)by_utc);
	fleet_sql_quote(out, database);
	strbuf_addf(out, " AND table = '%.*s_local')", SLICE_ARG(table));
}

enum mx_code
fleet_lag_query(struct clickhouse *server, struct slice sql,
    clickhouse_take *take, void *ctx, struct mx_err *err)
{
	const struct timespec pause = {
		.tv_nsec = 1000 * 1000 * 1000 / TRIES_A_SECOND };
	enum mx_code code;

	for (unsigned tries = LIMIT_FLEET_LAG_S * TRIES_A_SECOND;; tries--) {
		code = clickhouse_query(server, sql, take, ctx, err);
		if (code != MX_E_BUSY || tries == 0)
			break;
		(void)nanosleep(&pause, NULL);
	}
	if (code != MX_E_BUSY)
		return code;
	return mx_fail(err, code, "%s: a replica does not have all that was "
	    "pushed, has lost its ZooKeeper, lacks a view of push --schema "
	    "or does not show it in system.replicas; after %u seconds it is "
	    "still so",
	    clickhouse_name(server), LIMIT_FLEET_LAG_S);
}
