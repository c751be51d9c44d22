/* SPDX-License-Identifier: BSD-2-Clause */
/* What waits: marks by origin and day, made in the transaction that changes a
 * row: of tables that grow by flushes there (store_push_note.c), of all others
 * by triggers. A new mark is of run 0; a push takes all marks for its own run
 * and drops what is still its at its end, so that a mark made in between, and
 * one that another push took over, outlives it. */
#include "analyzer/store_push_priv.h"

enum { EVENT_INSERT, EVENT_UPDATE, EVENT_DELETE, EVENTS };
enum { SQL_MAX = 4096 };

/* SQL with ROW put for what the trigger calls it. */
static void
add_moment(struct strbuf *out, const char *moment, const char *row)
{
	const char *at;

	while ((at = strstr(moment, "ROW.")) != NULL) {
		strbuf_add(out, moment, (size_t)(at - moment));
		strbuf_add_str(out, row);
		strbuf_add_char(out, '.');
		moment = at + 4;
	}
	strbuf_add_str(out, moment);
}

/* "ORIGIN, DAY" of a row. */
static void
add_segment(struct strbuf *out, const struct push_table *table,
    const char *row)
{
	/* the kinds of reply are the store's own */
	if (strcmp(table->name, "reply") == 0) {
		strbuf_add_str(out, "1, 0");
		return;
	}
	strbuf_addf(out, "%s.origin, ", row);
	if (table->moment == NULL) {
		strbuf_add_char(out, '0');
		return;
	}
	strbuf_add_char(out, '(');
	add_moment(out, table->moment, row);
	strbuf_add_str(out, ") / 86400");
}

static enum mx_code
make_trigger(struct store *store, const struct push_table *table,
    const char *event, const char *row, struct mx_err *err)
{
	struct strbuf sql;
	enum mx_code code;

	strbuf_init(&sql, SQL_MAX);
	strbuf_addf(&sql, "DROP TRIGGER IF EXISTS push_%s_%s; CREATE TRIGGER"
	    " push_%s_%s AFTER %s ON %s BEGIN INSERT INTO push_mark (origin,"
	    " day, run) VALUES (", table->name, event, table->name, event,
	    event, table->name);
	add_segment(&sql, table, row);
	strbuf_add_str(&sql, ", 0) ON CONFLICT (origin, day) DO UPDATE SET"
	    " run = 0 WHERE run <> 0; END");
	code = store_exec(store, sql.ptr, "push", err);
	strbuf_release(&sql);
	return code;
}

/* Marks for what TABLE has, of one origin or of all (0). */
static enum mx_code
mark_table(struct store *store, const struct push_table *table,
    int64_t origin, struct mx_err *err)
{
	struct strbuf sql;
	enum mx_code code;

	strbuf_init(&sql, SQL_MAX);
	strbuf_add_str(&sql, "INSERT OR REPLACE INTO push_mark (origin, day,"
	    " run) SELECT DISTINCT ");
	add_segment(&sql, table, "t");
	strbuf_addf(&sql, ", 0 FROM %s AS t", table->name);
	if (origin != 0)
		strbuf_addf(&sql, " WHERE t.origin = %lld",
		    (long long)origin);
	code = store_exec(store, sql.ptr, "push", err);
	strbuf_release(&sql);
	return code;
}

/* Of days whose rows are all gone the marks that wait stay. */
enum mx_code
store_push_mark_all(struct store *store, struct mx_err *err)
{
	enum mx_code code = MX_OK;

	for (const struct push_table *t = push_tables; t->name != NULL &&
	    code == MX_OK; t++)
		if (t->moment == NULL || t->moment[0] != '\0')
			code = mark_table(store, t, 0, err);
	return code;
}

enum mx_code
store_push_mark_origin(struct store *store, int64_t origin,
    struct mx_err *err)
{
	enum mx_code code = MX_OK;

	for (const struct push_table *t = push_tables; store->is_pushed &&
	    t->name != NULL && code == MX_OK; t++)
		if (t->is_hot)
			code = mark_table(store, t, origin, err);
	return code;
}

enum mx_code
store_push_look(struct store *store, struct mx_err *err)
{
	int64_t count = 0;
	enum mx_code code = store_number(store, "SELECT count(*) FROM"
	    " sqlite_master WHERE name = 'push_mark'", &count, err);

	store->is_pushed = count != 0;
	return code;
}

void
store_push_watch(struct store *store)
{
	(void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1,
	    NULL);
}

/* Tables without a time of their own change with their report. Hot ones are
 * marked by flushes where they grow; senders that become known are rare. */
static bool
wants_trigger(const struct push_table *table, size_t event)
{
	if (table->moment != NULL && table->moment[0] == '\0')
		return false;
	return !table->is_hot || event == EVENT_DELETE ||
	    (event == EVENT_UPDATE && strcmp(table->name, "attempt") == 0);
}

static enum mx_code
make_triggers(struct store *store, struct mx_err *err)
{
	static const char *const events[EVENTS][2] = {
		[EVENT_INSERT] = { "INSERT", "NEW" },
		[EVENT_UPDATE] = { "UPDATE", "NEW" },
		[EVENT_DELETE] = { "DELETE", "OLD" } };
	enum mx_code code = MX_OK;

	for (const struct push_table *t = push_tables; t->name != NULL; t++)
		for (size_t i = 0; i < EVENTS && code == MX_OK; i++)
			if (wants_trigger(t, i))
				code = make_trigger(store, t, events[i][0],
				    events[i][1], err);
	return code;
}

enum mx_code
store_push_set_up(struct store *store, struct mx_err *err)
{
	enum mx_code code = store_exec(store, "DROP TABLE IF EXISTS push_mark;"
	    " CREATE TABLE push_mark (origin INTEGER NOT NULL,"
	    " day INTEGER NOT NULL, run INTEGER NOT NULL,"
	    " PRIMARY KEY (origin, day)) STRICT, WITHOUT ROWID", "push", err);

	if (code == MX_OK)
		code = make_triggers(store, err);
	store_push_watch(store);
	return code == MX_OK ? store_push_mark_all(store, err) : code;
}
