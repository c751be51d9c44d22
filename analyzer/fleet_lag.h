/* SPDX-License-Identifier: BSD-2-Clause */
/* Replicas of a ClickHouse cluster get what is pushed one after the other,
 * table by table, and whichever is asked answers of what it has. So statements
 * make sure that it has all of it, and wait where it has not. */
#ifndef MX_ANALYZER_FLEET_LAG_H
#define MX_ANALYZER_FLEET_LAG_H

#include "analyzer/clickhouse.h"
#include "base/strbuf.h"

/* Every entry, whenever it was made. */
#define FLEET_LAG_ANY_TIME INT64_MAX

/* A condition, for the WHERE of a SELECT from the distributed TABLE, that is
 * true or fails on a replica in DATABASE that lacks something inserted at
 * BY_UTC or before, or that has lost its ZooKeeper and cannot know. Always true
 * where DATABASE is empty: the tables are not replicated. */
void fleet_lag_condition(struct slice database, struct slice table,
    int64_t by_utc, struct strbuf *out);

/* clickhouse_query of a statement with such conditions; asks again for
 * LIMIT_FLEET_LAG_S. MX_E_BUSY: a replica still lags. */
enum mx_code fleet_lag_query(struct clickhouse *server, struct slice sql,
    clickhouse_take *take, void *ctx, struct mx_err *err) MX_MUST_USE;

#endif
