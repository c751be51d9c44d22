/* SPDX-License-Identifier: BSD-2-Clause */
/* analyzer/clickhouse.sql for one node as it is, for a cluster rewritten: the
 * replicated table of each shard behind the name that pushes and reports know.
 * A store's rows stay together on one shard, by origin. */
#include "analyzer/push.h"

#include "analyzer/clickhouse_sql.h"

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

static void
replicate(struct slice line, struct slice table, struct strbuf *out)
{
	const char *at = slice_find(line, slice_str(engine));

	if (at == NULL) {
		strbuf_add_slice(out, line);
		return;
	}
	strbuf_add_slice(out, slice_between(line.ptr, at));
	strbuf_addf(out, "ENGINE = ReplicatedMergeTree(\n"
	    "\t'/clickhouse/tables/{shard}/mxtrend/%.*s', '{replica}')\n"
	    "\t", SLICE_ARG(table));
	strbuf_add_slice(out, slice_skip(slice_between(at, line.ptr +
	    line.len), sizeof(engine)));
}

static void
distribute(struct slice table, struct strbuf *out)
{
	strbuf_addf(out, "CREATE TABLE IF NOT EXISTS %.*s AS %.*s_local\n"
	    "\tENGINE = Distributed(mxtrend, currentDatabase(), %.*s_local,"
	    " origin);\n", SLICE_ARG(table), SLICE_ARG(table),
	    SLICE_ARG(table));
}

static void
cluster_schema(struct slice text, struct strbuf *out)
{
	struct slice line, table = SLICE_NONE;

	strbuf_add_str(out, "-- For each node of the cluster `mxtrend`, in a "
	    "database of the same name on all;\n-- {shard} and {replica} are "
	    "macros of the server's configuration.\n");
	while (next_line(&text, &line)) {
		if (table_of(line, &table)) {
			strbuf_addf(out, "%s%.*s_local (\n", create,
			    SLICE_ARG(table));
			continue;
		}
		replicate(line, table, out);
		if (!slice_is_none(table) && slice_ends(line, SLICE(";\n"))) {
			distribute(table, out);
			table = SLICE_NONE;
		}
	}
}

/* An hour's grace: a report that began before a push goes on with what it
 * found. What is dropped never counted, or counts no more. */
static void
tidy_table(struct slice table, const char *suffix, struct strbuf *out)
{
	strbuf_addf(out, "ALTER TABLE %.*s%s DELETE WHERE (origin, day,"
	    " version) IN (\n"
	    "\tSELECT origin, day, version FROM (\n"
	    "\t\tSELECT DISTINCT origin, day, version FROM %.*s%s)\n"
	    "\tANY INNER JOIN (\n"
	    "\t\tSELECT origin, max(version) AS newest FROM push%s\n"
	    "\t\tWHERE time < now() - 3600 GROUP BY origin) USING origin\n"
	    "\tWHERE version <= newest AND (origin, day, version) NOT IN (\n"
	    "\t\tSELECT origin, day, max(version) FROM segment%s\n"
	    "\t\tWHERE (origin, version) IN (SELECT origin, version FROM (\n"
	    "\t\t\tSELECT DISTINCT origin, version FROM segment%s)\n"
	    "\t\tANY INNER JOIN (\n"
	    "\t\t\tSELECT origin, max(version) AS newest FROM push%s\n"
	    "\t\t\tWHERE time < now() - 3600 GROUP BY origin) USING origin\n"
	    "\t\tWHERE version <= newest)\n"
	    "\t\tGROUP BY origin, day));\n", SLICE_ARG(table), suffix,
	    SLICE_ARG(table), suffix, suffix, suffix, suffix, suffix);
}

static void
tidy_schema(struct slice text, const char *suffix, struct strbuf *out)
{
	struct slice line, table;

	strbuf_addf(out, "-- Drops the rows of pushes that were cut or that "
	    "others took the place of;\n-- %s.\n", suffix[0] == '\0' ?
	    "now and then" : "now and then, on one node of each shard");
	while (next_line(&text, &line))
		if (table_of(line, &table) && !slice_eq(table, SLICE("push")) &&
		    !slice_eq(table, SLICE("segment")))
			tidy_table(table, suffix, out);
}

bool
push_schema(const char *form, struct strbuf *out)
{
	struct slice text = slice_of(clickhouse_sql,
	    sizeof(clickhouse_sql) - 1);

	if (strcmp(form, "node") == 0)
		strbuf_add_slice(out, text);
	else if (strcmp(form, "cluster") == 0)
		cluster_schema(text, out);
	else if (strcmp(form, "tidy") == 0)
		tidy_schema(text, "", out);
	else if (strcmp(form, "tidy-cluster") == 0)
		tidy_schema(text, "_local", out);
	else
		return false;
	return true;
}
