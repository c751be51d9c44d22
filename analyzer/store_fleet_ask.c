/* SPDX-License-Identifier: BSD-2-Clause */
/* One question to a fleet: the statement goes there, rows come back. */
#include "analyzer/fleet_lag.h"
#include "analyzer/store_fleet_priv.h"
#include "base/limits.h"

/* What the rows themselves say is wrong, with the name of who sent them. */
struct answer {
	struct fleet_rows *rows;
	const char *name;
	const char *table;
};

static enum mx_code
name_trouble(const struct answer *answer, enum mx_code code,
    struct mx_err *err)
{
	char text[sizeof(err->text)];

	if (code != MX_E_DATA && code != MX_E_LIMIT)
		return code;
	(void)snprintf(text, sizeof(text), "%s", err->text);
	return mx_fail(err, code, "%s: table %s: %.400s", answer->name,
	    answer->table, text);
}

static enum mx_code
on_bytes(void *ctx, struct slice bytes, struct mx_err *err)
{
	struct answer *answer = ctx;
	enum mx_code code = fleet_rows_take(answer->rows, bytes, err);

	return code == MX_OK ? MX_OK : name_trouble(answer, code, err);
}

enum mx_code
store_fleet_ask(struct clickhouse *server, const struct fleet_scope *scope,
    struct fleet_question what, struct fleet_budget *budget,
    fleet_take_row *each, void *ctx, struct mx_err *err)
{
	struct answer answer = { .name = clickhouse_name(server),
		.table = what.table,
		.rows = fleet_rows_new(what.layout, budget, each, ctx) };
	struct strbuf sql;
	enum mx_code code;

	strbuf_init(&sql, LIMIT_CLICKHOUSE_SQL_BYTES);
	fleet_sql(scope, what.select, &sql);
	strbuf_add_str(&sql, " FORMAT RowBinary");
	if (sql.is_cut)
		code = mx_fail(err, MX_E_LIMIT, "%s: more stores than one "
		    "statement can name", answer.name);
	else
		code = fleet_lag_query(server, strbuf_slice(&sql), on_bytes,
		    &answer, err);
	if (code == MX_OK) {
		code = fleet_rows_end(answer.rows, err);
		if (code != MX_OK)
			code = name_trouble(&answer, code, err);
	}
	strbuf_release(&sql);
	fleet_rows_free(answer.rows);
	return code;
}
