/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/fleet.h"

#include <stdlib.h>

#include "analyzer/fleet_lag.h"
#include "analyzer/store_fleet_priv.h"
#include "analyzer/store_reports.h"
#include "base/hash.h"
#include "base/limits.h"

/* Tables of analyzer/clickhouse.sql. */
enum { FLEET_TABLES = 2 };
/* So far the clocks of a cluster's nodes may be apart. */
enum { CLOCKS_DIFFER_S = 5 };

struct fleet {
	struct clickhouse *server;
	struct fleet_origin *origins; /* ascending */
	size_t origin_count, origin_room;
	int64_t slot_s, tables;
	struct arena arena;
	struct slice replicated_in;   /* the database, in ARENA; or empty */
	int64_t by_utc;               /* when the stores were asked for */
	int64_t line_count, first_utc, last_utc; /* of all logs */
};

/* A kind of reply there and here. */
struct reply_place {
	int64_t there, here;
};

struct fetching {
	struct fleet *fleet;
	struct store *store;
	struct fleet_scope scope;
	struct fleet_budget budget;
	struct intern names[NAME_KINDS];
	struct reply_place *replies;  /* ascending once all are there */
	size_t reply_count, reply_room;
	struct report_sums sums;
	struct slice *refused;        /* of the scope, in the arena */
	size_t refused_room;
	struct arena arena;
	sqlite3_stmt *insert;         /* of the table under way */
	const struct fleet_fetch *table;
};

/* ------------------------------------------------------------------ */
/* Opening */

static enum mx_code
on_tables(void *ctx, const struct fleet_value *row, struct mx_err *err)
{
	struct fleet *fleet = ctx;

	(void)err;
	fleet->tables = row[0].number;
	fleet->replicated_in = arena_slice(&fleet->arena, row[1].text);
	return MX_OK;
}

static enum mx_code
on_store(void *ctx, const struct fleet_value *row, struct mx_err *err)
{
	struct fleet *fleet = ctx;

	if (row[2].number != 1)
		return mx_fail(err, MX_E_DATA, "two stores have the number "
		    "%016llx", (unsigned long long)row[0].number);
	if (row[4].number > SCHEMA_VERSION)
		return mx_fail(err, MX_E_DATA, "the store %016llx is of a newer "
		    "mxtrend (schema %lld, this one knows %d)",
		    (unsigned long long)row[0].number,
		    (long long)row[4].number, SCHEMA_VERSION);
	if (row[3].number < 60 || row[3].number > 86400)
		return mx_fail(err, MX_E_DATA, "a slot that is none");
	if (fleet->origin_count == LIMIT_FLEET_STORES)
		return mx_fail(err, MX_E_LIMIT, "more than %u stores",
		    LIMIT_FLEET_STORES);
	if (fleet->origin_count == fleet->origin_room) {
		fleet->origin_room = fleet->origin_room != 0 ?
		    fleet->origin_room * 2 : 16;
		fleet->origins = mx_realloc(fleet->origins,
		    fleet->origin_room * sizeof(*fleet->origins));
	}
	fleet->origins[fleet->origin_count++] = (struct fleet_origin){
		.origin = (uint64_t)row[0].number,
		.version = (uint64_t)row[1].number };
	if (row[5].number > fleet->by_utc)
		fleet->by_utc = row[5].number;
	if (fleet->slot_s == 0 || row[3].number < fleet->slot_s)
		fleet->slot_s = row[3].number;
	return MX_OK;
}

static int
compare_origins(const void *left, const void *right)
{
	const struct fleet_origin *a = left;
	const struct fleet_origin *b = right;

	return (a->origin > b->origin) - (a->origin < b->origin);
}

static enum mx_code
check_tables(struct fleet *fleet, struct mx_err *err)
{
	struct fleet_scope scope = { 0 };
	struct fleet_budget budget = { 0 };
	enum mx_code code = store_fleet_ask(fleet->server, &scope,
	    (struct fleet_question){ "meta", fleet_select_tables, "kt" }, &budget,
	    on_tables, fleet, err);

	if (code == MX_OK && fleet->tables != FLEET_TABLES)
		return mx_fail(err, MX_E_DATA, "%s: tables of another mxtrend "
		    "(schema %lld, this one knows %d)",
		    clickhouse_name(fleet->server), (long long)fleet->tables,
		    FLEET_TABLES);
	return code;
}

static enum mx_code
read_stores(struct fleet *fleet, struct mx_err *err)
{
	struct fleet_scope scope = { .replicated_in = fleet->replicated_in,
		.by_utc = FLEET_LAG_ANY_TIME };
	struct fleet_budget budget = { 0 };
	enum mx_code code = store_fleet_ask(fleet->server, &scope,
	    (struct fleet_question){ "push", fleet_select_stores, "oncuku" },
	    &budget, on_store, fleet, err);

	if (code != MX_OK)
		return code;
	fleet->by_utc += CLOCKS_DIFFER_S;
	if (fleet->origin_count == 0)
		return mx_fail(err, MX_E_NOINPUT, "%s: nothing was pushed yet",
		    clickhouse_name(fleet->server));
	qsort(fleet->origins, fleet->origin_count, sizeof(*fleet->origins),
	    compare_origins);
	return MX_OK;
}

enum mx_code
fleet_open(struct clickhouse *server, struct fleet **fleet_r,
    struct mx_err *err)
{
	struct fleet *fleet = mx_calloc(1, sizeof(*fleet));
	enum mx_code code;

	fleet->server = server;
	arena_init(&fleet->arena);
	code = check_tables(fleet, err);
	if (code == MX_OK)
		code = read_stores(fleet, err);
	if (code != MX_OK) {
		fleet_close(fleet);
		return code;
	}
	*fleet_r = fleet;
	return MX_OK;
}

void
fleet_close(struct fleet *fleet)
{
	if (fleet == NULL)
		return;
	free(fleet->origins);
	arena_release(&fleet->arena);
	free(fleet);
}

int64_t
fleet_slot_s(const struct fleet *fleet)
{
	return fleet->slot_s;
}

static enum mx_code
on_bounds(void *ctx, const struct fleet_value *row, struct mx_err *err)
{
	struct fleet *fleet = ctx;

	(void)err;
	fleet->line_count = row[0].number;
	fleet->first_utc = row[1].number;
	fleet->last_utc = row[2].number;
	return MX_OK;
}

enum mx_code
fleet_bounds(struct fleet *fleet, int64_t *first_utc_r, int64_t *last_utc_r,
    struct mx_err *err)
{
	struct fleet_scope scope = { .origins = fleet->origins,
		.origin_count = fleet->origin_count,
		.replicated_in = fleet->replicated_in,
		.by_utc = fleet->by_utc };
	struct fleet_budget budget = { 0 };
	enum mx_code code = store_fleet_ask(fleet->server, &scope,
	    (struct fleet_question){ "coverage", fleet_select_bounds, "cuu" },
	    &budget, on_bounds, fleet, err);
	bool is_empty = fleet->line_count == 0;

	*first_utc_r = is_empty ? INT64_MIN : fleet->first_utc;
	*last_utc_r = is_empty ? INT64_MIN : fleet->last_utc;
	return code;
}

/* ------------------------------------------------------------------ */
/* Numbers of the private store */

static enum mx_code
name_here(struct fetching *self, enum name_kind kind, struct slice text,
    int64_t *id_r, struct mx_err *err)
{
	return store_name_id(self->store, kind, &self->names[kind],
	    names_id(&self->names[kind], text), id_r, err);
}

static enum mx_code
origin_here(const struct fetching *self, int64_t there, int64_t *number_r,
    struct mx_err *err)
{
	const struct fleet_origin key = { .origin = (uint64_t)there };
	const struct fleet_origin *found = bsearch(&key,
	    self->fleet->origins, self->fleet->origin_count, sizeof(key),
	    compare_origins);

	if (found == NULL)
		return mx_fail(err, MX_E_DATA, "a row of no store");
	*number_r = found - self->fleet->origins + 1;
	return MX_OK;
}

static int
compare_replies(const void *left, const void *right)
{
	const struct reply_place *a = left;
	const struct reply_place *b = right;

	return (a->there > b->there) - (a->there < b->there);
}

static enum mx_code
reply_here(const struct fetching *self, int64_t there, int64_t *id_r,
    struct mx_err *err)
{
	const struct reply_place key = { .there = there };
	const struct reply_place *found = self->reply_count == 0 ? NULL :
	    bsearch(&key, self->replies, self->reply_count, sizeof(key),
	    compare_replies);

	if (found == NULL)
		return mx_fail(err, MX_E_DATA, "a row of no kind of reply");
	*id_r = found->here;
	return MX_OK;
}

static enum mx_code
add_reply(struct fetching *self, int64_t there, int64_t here,
    struct mx_err *err)
{
	if (self->reply_count == LIMIT_FLEET_REPLIES)
		return mx_fail(err, MX_E_LIMIT, "more than %u kinds of reply",
		    LIMIT_FLEET_REPLIES);
	if (self->reply_count == self->reply_room) {
		self->reply_room = self->reply_room != 0 ?
		    self->reply_room * 2 : 64;
		self->replies = mx_realloc(self->replies,
		    self->reply_room * sizeof(*self->replies));
	}
	self->replies[self->reply_count++] = (struct reply_place){
		.there = there, .here = here };
	return MX_OK;
}

/* ------------------------------------------------------------------ */
/* Rows */

static enum name_kind
kind_of(char column)
{
	static const char letters[NAME_KINDS] = { [NAME_HOST] = 'h',
		[NAME_INSTANCE] = 'i', [NAME_SOURCE] = 's',
		[NAME_PROVIDER] = 'p', [NAME_DOMAIN] = 'd',
		[NAME_PATH] = 'f' };

	for (int kind = NAME_HOST; kind < NAME_KINDS; kind++)
		if (letters[kind] == column)
			return (enum name_kind)kind;
	return NAME_KINDS;
}

/* What the number stands for here. */
static enum mx_code
find_number(struct fetching *self, const struct fleet_value *value,
    int64_t *number_r, struct mx_err *err)
{
	enum name_kind kind = kind_of(value->column);

	*number_r = value->number;
	if (kind != NAME_KINDS)
		return name_here(self, kind, value->text, number_r, err);
	if (value->column == 'o')
		return origin_here(self, value->number, number_r, err);
	if (value->column == 'r')
		return reply_here(self, value->number, number_r, err);
	return MX_OK;
}

static enum mx_code
bind_value(struct fetching *self, int at, const struct fleet_value *value,
    struct mx_err *err)
{
	int64_t number;
	enum mx_code code;

	if (value->is_null) {
		(void)sqlite3_bind_null(self->insert, at);
		return MX_OK;
	}
	switch (value->column) {
	case 't':
		bind_text(self->insert, at, value->text);
		return MX_OK;
	case 'b':
	case 'y':
	case 'm':
		bind_blob(self->insert, at, value->text);
		return MX_OK;
	default:
		code = find_number(self, value, &number, err);
		(void)sqlite3_bind_int64(self->insert, at, number);
		return code;
	}
}

/* A statement that returns an id makes a kind of reply. */
static enum mx_code
insert_row(struct fetching *self, const struct fleet_value *row,
    struct mx_err *err)
{
	int rc = sqlite3_step(self->insert);
	enum mx_code code = MX_OK;

	if (rc == SQLITE_ROW) {
		code = add_reply(self, row[0].number,
		    sqlite3_column_int64(self->insert, 0), err);
		rc = SQLITE_DONE;
	}
	if (rc == SQLITE_CONSTRAINT)
		code = mx_fail(err, MX_E_DATA, "two rows contradict each other");
	else if (rc != SQLITE_DONE)
		code = store_fail(self->store, "fetch", err);
	(void)sqlite3_reset(self->insert);
	return code;
}

static enum mx_code
on_row(void *ctx, const struct fleet_value *row, struct mx_err *err)
{
	struct fetching *self = ctx;
	enum mx_code code = MX_OK;

	for (int i = 0; self->table->layout[i] != '\0' && code == MX_OK; i++)
		code = bind_value(self, i + 1, &row[i], err);
	return code == MX_OK ? insert_row(self, row, err) : code;
}

static enum mx_code
fetch_table(struct fetching *self, const struct fleet_fetch *table,
    struct mx_err *err)
{
	size_t known = self->reply_count;
	enum mx_code code;

	if (sqlite3_prepare_v2(self->store->db, table->insert, -1,
	    &self->insert, NULL) != SQLITE_OK)
		return store_fail(self->store, "fetch", err);
	self->table = table;
	code = store_fleet_ask(self->fleet->server, &self->scope,
	    (struct fleet_question){ table->table, table->select, table->layout },
	    &self->budget, on_row, self, err);
	(void)sqlite3_finalize(self->insert);
	self->insert = NULL;
	if (self->reply_count != known)
		qsort(self->replies, self->reply_count, sizeof(*self->replies),
		    compare_replies);
	return code;
}

/* ------------------------------------------------------------------ */
/* All of it */

/* The source that the filter names by its key or by the address that replies
 * quote, as query_load.c finds it. */
static const char find_source[] =
    "SELECT text FROM name WHERE kind = 3 AND text = ?1 UNION ALL SELECT"
    " min(text) FROM (SELECT name, min(label) AS label FROM source GROUP BY"
    " name HAVING max(disputed) = 0 AND count(DISTINCT label) = 1) JOIN name"
    " ON id = name WHERE label = ?1 LIMIT 1";

static enum mx_code
resolve_filter(struct fetching *self, const struct fleet_wish *wish,
    struct mx_err *err)
{
	sqlite3_stmt *find = NULL;
	int rc;

	self->scope.provider = wish->provider;
	if (wish->source_ip.len == 0)
		return MX_OK;
	if (sqlite3_prepare_v2(self->store->db, find_source, -1, &find,
	    NULL) != SQLITE_OK)
		return store_fail(self->store, "fetch", err);
	bind_text(find, 1, wish->source_ip);
	rc = sqlite3_step(find);
	if (rc == SQLITE_ROW && sqlite3_column_type(find, 0) != SQLITE_NULL)
		self->scope.source = arena_slice(&self->arena,
		    column_text(find, 0));
	else
		self->scope.wants_nothing = true;
	(void)sqlite3_finalize(find);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? MX_OK :
	    store_fail(self->store, "fetch", err);
}

static enum mx_code
on_reports(void *ctx, const struct fleet_value *row, struct mx_err *err)
{
	struct fetching *self = ctx;
	int64_t *const places[] = { &self->sums.inputs, &self->sums.refused,
		&self->sums.dmarc, &self->sums.tls, &self->sums.complaints,
		&self->sums.snds, &self->sums.bounces,
		&self->sums.annotations };

	if (row[0].number >= (int64_t)(sizeof(places) / sizeof(places[0])))
		return mx_fail(err, MX_E_DATA, "a sum of nothing");
	*places[row[0].number] += row[1].number;
	return MX_OK;
}

static enum mx_code
on_refused(void *ctx, const struct fleet_value *row, struct mx_err *err)
{
	struct fetching *self = ctx;
	size_t *count = &self->scope.refused_count;

	if (*count == LIMIT_FLEET_REFUSERS)
		return mx_fail(err, MX_E_LIMIT, "more than %u providers that "
		    "refused mail", LIMIT_FLEET_REFUSERS);
	if (*count == self->refused_room) {
		self->refused_room = *count != 0 ? *count * 2 : 64;
		self->refused = mx_realloc(self->refused,
		    self->refused_room * sizeof(*self->refused));
	}
	self->refused[(*count)++] = arena_slice(&self->arena, row[0].text);
	return MX_OK;
}

static unsigned
needed_for(enum fleet_need need)
{
	switch (need) {
	case FLEET_REPORT:
		return FOR_ALL | FOR_SUMS | FOR_VOTES;
	case FLEET_WORDS:
		return FOR_ALL | FOR_SUMS | FOR_WORDS;
	case FLEET_TRACE:
		return FOR_ALL | FOR_WORDS;
	}
	mx_bug("a need without tables");
}

static enum mx_code
fetch_tables(struct fetching *self, unsigned needed, struct mx_err *err)
{
	enum mx_code code = MX_OK;

	for (const struct fleet_fetch *table = fleet_fetches;
	    table->table != NULL && code == MX_OK; table++)
		if ((table->needed & needed) != 0 &&
		    fleet_sql_is(&self->scope, table->when))
			code = fetch_table(self, table, err);
	return code;
}

/* What the questions depend on. */
static enum mx_code
fetch_scope(struct fetching *self, struct mx_err *err)
{
	enum mx_code code = store_fleet_ask(self->fleet->server, &self->scope,
	    (struct fleet_question){ "report_input", fleet_select_reports,
	    "kc" }, &self->budget, on_reports, self, err);

	self->scope.has_bounces = self->sums.bounces != 0;
	if (code == MX_OK)
		code = store_fleet_ask(self->fleet->server, &self->scope,
		    (struct fleet_question){ "attempt", fleet_select_refused,
		    "t" }, &self->budget, on_refused, self, err);
	self->scope.refused = self->refused;
	return code;
}

/* The store is asked for what stands in no row of it. */
static enum mx_code
finish(struct fetching *self, struct mx_err *err)
{
	struct store *store = self->store;

	store->elsewhere = mx_calloc(1, sizeof(*store->elsewhere));
	*store->elsewhere = self->sums;
	return store_number(store, "SELECT count(*) FROM fragment",
	    &store->fragment_count, err);
}

static void
set_scope(struct fetching *self, const struct fleet_wish *wish)
{
	self->scope = (struct fleet_scope){ .origins = self->fleet->origins,
		.origin_count = self->fleet->origin_count,
		.replicated_in = self->fleet->replicated_in,
		.by_utc = self->fleet->by_utc,
		.zone = wish->zone, .window_count = wish->window_count,
		/* reports alone: the window is theirs */
		.with_all_reports = self->fleet->line_count == 0,
		.with_all_attempts = wish->with_all_attempts,
		.id = wish->id, .recipient = wish->recipient,
		.reply = wish->reply };
	memcpy(self->scope.windows, wish->windows,
	    sizeof(self->scope.windows));
}

enum mx_code
fleet_fetch(struct fleet *fleet, const struct fleet_wish *wish,
    struct store *store, struct mx_err *err)
{
	struct fetching self = { .fleet = fleet, .store = store };
	uint64_t seed = hash_random_seed();
	enum mx_code code;

	arena_init(&self.arena);
	for (int kind = NAME_HOST; kind < NAME_KINDS; kind++)
		intern_init(&self.names[kind], LIMIT_INTERNED_NAMES, seed);
	set_scope(&self, wish);
	code = store_begin(store, err);
	if (code == MX_OK)
		code = fetch_table(&self, &fleet_fetch_source, err);
	if (code == MX_OK)
		code = resolve_filter(&self, wish, err);
	if (code == MX_OK)
		code = fetch_scope(&self, err);
	if (code == MX_OK)
		code = fetch_tables(&self, needed_for(wish->need), err);
	if (code == MX_OK)
		code = finish(&self, err);
	if (code == MX_OK)
		code = store_exec(store, "COMMIT", "fetch", err);
	for (int kind = NAME_HOST; kind < NAME_KINDS; kind++)
		intern_release(&self.names[kind]);
	free(self.replies);
	free(self.refused);
	arena_release(&self.arena);
	return code;
}
