/* SPDX-License-Identifier: BSD-2-Clause */
/* analyzer/clickhouse.sql for one node as it is, for a cluster rewritten: the
 * replicated table of each shard behind the name that pushes and reports know.
 * A store's rows stay together on one shard, by origin. */
#include "analyzer/push.h"

#include "analyzer/clickhouse_sql.h"

/* A report that began before a push goes on with what it found. */
enum { GRACE_S = 3600 };

const char push_schema_forms[] = "node, cluster, tidy or tidy-cluster";

static const char create[] = "CREATE TABLE IF NOT EXISTS ";
static const char engine[] = "ENGINE = MergeTree";

/* The next line with its end; false at the end of TEXT. */
static bool
next_line(struct slice *text, struct slice *line)
{
	const char *end = slice_chr(*text, '\n');

	if (end == NULL)
		return false;
	*line = slice_between(text->ptr, end + 1);
	*text = slice_skip(*text, line->len);
	return true;
}

/* The name in "CREATE TABLE IF NOT EXISTS NAME (". */
static bool
table_of(struct slice line, struct slice *name)
{
	const char *blank;

	if (!slice_starts(line, slice_str(create)))
		return false;
	line = slice_skip(line, sizeof(create) - 1);
	blank = slice_chr(line, ' ');
	if (blank == NULL)
		return false;
	*name = slice_between(line.ptr, blank);
	return true;
}

/* "'' AS replicated_in;" of the view meta. */
static bool
name_database(struct slice line, const char *database, struct strbuf *out)
{
	static const char nothing[] = "'' AS";
	const char *at = slice_find(line, slice_str(nothing));

	if (at == NULL)
		return false;
	strbuf_add_slice(out, slice_between(line.ptr, at));
	strbuf_addf(out, "'%s' AS", database);
	strbuf_add_slice(out, slice_between(at + sizeof(nothing) - 1,
	    line.ptr + line.len));
	return true;
}

/* "CREATE MATERIALIZED VIEW ... TO NAME AS" and its "FROM NAME": each shard
 * sums up its own. */
static bool
localize_view(struct slice line, struct strbuf *out)
{
	static const char *const words[] = { " TO ", "\tFROM " };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *at = slice_find(line, slice_str(words[i]));
		const char *end;

		if (at == NULL || (i == 0 && !slice_starts(line,
		    SLICE("CREATE MATERIALIZED VIEW "))))
			continue;
		end = at + strlen(words[i]);
		while (end < line.ptr + line.len && (*end == '_' ||
		    ascii_is_alpha(*end)))
			end++;
		strbuf_add_slice(out, slice_between(line.ptr, end));
		strbuf_add_str(out, "_local");
		strbuf_add_slice(out, slice_between(end, line.ptr + line.len));
		return true;
	}
	return false;
}

static void
replicate(struct slice line, struct slice table, const char *database,
    struct strbuf *out)
{
	const char *at = slice_find(line, slice_str(engine));

	if (at == NULL) {
		strbuf_add_slice(out, line);
		return;
	}
	strbuf_add_slice(out, slice_between(line.ptr, at));
	strbuf_addf(out, "ENGINE = ReplicatedMergeTree(\n"
	    "\t'/clickhouse/tables/{shard}/%s/%.*s', '{replica}')\n"
	    "\t", database, SLICE_ARG(table));
	strbuf_add_slice(out, slice_skip(slice_between(at, line.ptr +
	    line.len), sizeof(engine)));
}

/* currentDatabase() would be another one when the server starts again. */
static void
distribute(struct slice table, const char *database, struct strbuf *out)
{
	strbuf_addf(out, "CREATE TABLE IF NOT EXISTS %.*s AS %.*s_local\n"
	    "\tENGINE = Distributed(mxtrend, '%s', %.*s_local, origin);\n",
	    SLICE_ARG(table), SLICE_ARG(table), database, SLICE_ARG(table));
}

/* system.replicas shows a log of one entry that was not taken as it shows one
 * without any. So the first entry is of a row that never counts: its version is
 * one that no push names, and no push has. */
static void
begin_log(struct slice table, struct strbuf *out)
{
	bool names_versions = slice_eq(table, SLICE("segment"));

	strbuf_addf(out, "INSERT INTO %.*s_local (origin, version) SELECT 0,"
	    " %s;\n", SLICE_ARG(table), names_versions ?
	    "18446744073709551615" : "0");
}

static void
cluster_schema(struct slice text, const char *database, struct strbuf *out)
{
	struct slice line, table = SLICE_NONE;

	strbuf_addf(out, "-- For each node of the cluster `mxtrend`, in its "
	    "database `%s`;\n-- {shard} and {replica} are macros of the "
	    "server's configuration.\n", database);
	while (next_line(&text, &line)) {
		if (table_of(line, &table)) {
			strbuf_addf(out, "%s%.*s_local (\n", create,
			    SLICE_ARG(table));
			continue;
		}
		if (name_database(line, database, out) ||
		    localize_view(line, out))
			continue;
		replicate(line, table, database, out);
		if (!slice_is_none(table) && slice_ends(line, SLICE(";\n"))) {
			distribute(table, database, out);
			begin_log(table, out);
			table = SLICE_NONE;
		}
	}
}

/* The newest push of each origin that is old enough. */
static void
add_newest(struct strbuf *out, const char *suffix, int64_t before_utc)
{
	strbuf_addf(out, "(SELECT origin, max(version) AS newest FROM push%s"
	    "\n\tWHERE toUnixTimestamp(time) < %lld GROUP BY origin)", suffix,
	    (long long)before_utc);
}

/* A replica that lacks rows of segment would take what counts for stale. */
static const char all_here[] =
    "-- Nothing is dropped on a replica that lacks anything: later, then.\n"
    "SELECT throwIf(max(is_readonly OR is_session_expired OR total_replicas"
    " = 0\n\tOR inserts_in_queue != 0 OR (log_max_index != 0 AND log_pointer"
    " <=\n\tlog_max_index)) != 0) FROM system.replicas"
    "\n\tWHERE database = currentDatabase() FORMAT Null;\n";

/* Versions that TABLE has, up to the newest push, and that do not count: they
 * never did, or do no more. */
static void
note_stale(struct slice table, const char *suffix, int64_t before_utc,
    struct strbuf *out)
{
	strbuf_addf(out, "INSERT INTO stale%s SELECT origin, day, version"
	    " FROM\n\t(SELECT DISTINCT origin, day, version FROM %.*s%s)\n"
	    "\tALL INNER JOIN ", suffix, SLICE_ARG(table), suffix);
	add_newest(out, suffix, before_utc);
	strbuf_addf(out, " USING (origin)\n\tWHERE version <= newest AND"
	    " (origin, day, version) NOT IN (\n"
	    "\tSELECT origin, day, max(version) FROM segment%s\n"
	    "\tALL INNER JOIN ", suffix);
	add_newest(out, suffix, before_utc);
	strbuf_add_str(out, " USING (origin)\n"
	    "\tWHERE version <= newest GROUP BY origin, day);\n");
}

static bool
has_stale(struct slice table)
{
	return !slice_eq(table, SLICE("push")) &&
	    !slice_eq(table, SLICE("segment")) &&
	    !slice_eq(table, SLICE("stale"));
}

/* First what is stale is noted, since mutations know no JOIN. */
static void
tidy_schema(struct slice all, const char *suffix, int64_t before_utc,
    struct strbuf *out)
{
	struct slice text = all, line, table;

	strbuf_addf(out, "-- Drops the rows of pushes that were cut or that "
	    "others took the place of%s.\n-- For replicated tables new "
	    "releases want SET allow_nondeterministic_mutations = 1.\n",
	    suffix[0] == '\0' ? "" : "; on one node of each shard");
	if (suffix[0] != '\0')
		strbuf_add_str(out, all_here);
	strbuf_addf(out, "TRUNCATE TABLE stale%s;\n", suffix);
	while (next_line(&text, &line))
		if (table_of(line, &table) && has_stale(table))
			note_stale(table, suffix, before_utc, out);
	text = all;
	while (next_line(&text, &line))
		if (table_of(line, &table) && has_stale(table))
			strbuf_addf(out, "ALTER TABLE %.*s%s DELETE WHERE"
			    " (origin, day, version) IN\n\t(SELECT origin, day,"
			    " version FROM stale%s);\n", SLICE_ARG(table),
			    suffix, suffix);
}

bool
push_schema(const char *form, const char *database, int64_t utc,
    struct strbuf *out)
{
	struct slice text = slice_of(clickhouse_sql,
	    sizeof(clickhouse_sql) - 1);

	if (strcmp(form, "node") == 0)
		strbuf_add_slice(out, text);
	else if (strcmp(form, "cluster") == 0)
		cluster_schema(text, database, out);
	else if (strcmp(form, "tidy") == 0)
		tidy_schema(text, "", utc - GRACE_S, out);
	else if (strcmp(form, "tidy-cluster") == 0)
		tidy_schema(text, "_local", utc - GRACE_S, out);
	else
		return false;
	return true;
}
