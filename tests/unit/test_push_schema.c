/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of a fleet in their forms: what one node has, a cluster has
 * replicated and distributed, and statements mean the same in all releases. */
#include "analyzer/push.h"

#include "tests/support/cases.h"

enum { NOW = 1796083200, SCHEMA_MAX = 1024 * 1024 };

static void
make(const char *form, struct strbuf *out)
{
	strbuf_init(out, SCHEMA_MAX);
	assert_true(push_schema(form, "shop", NOW, out));
	assert_false(out->is_cut);
}

static size_t
count_of(const struct strbuf *text, const char *what)
{
	size_t count = 0;

	for (const char *at = text->ptr; (at = strstr(at, what)) != NULL; at++)
		count++;
	return count;
}

static void
a_cluster_has_each_table_twice(void **state)
{
	struct strbuf node, cluster;
	size_t tables;

	(void)state;
	make("node", &node);
	make("cluster", &cluster);
	tables = count_of(&node, "CREATE TABLE IF NOT EXISTS ");
	assert_true(tables > 20);
	assert_int_equal(count_of(&node, "ENGINE = MergeTree "), tables);
	assert_int_equal(count_of(&cluster, "CREATE TABLE IF NOT EXISTS "),
	    2 * tables);
	assert_int_equal(count_of(&cluster, "ENGINE = MergeTree"), 0);
	assert_int_equal(count_of(&cluster, "ENGINE = ReplicatedMergeTree(\n"
	    "\t'/clickhouse/tables/{shard}/shop/"), tables);
	assert_int_equal(count_of(&cluster, "', '{replica}')\n"), tables);
	assert_int_equal(count_of(&cluster,
	    "ENGINE = Distributed(mxtrend, 'shop', "), tables);
	assert_int_equal(count_of(&cluster, "_local, origin);\n"), tables);
	assert_int_equal(count_of(&cluster, "_local (origin, version) SELECT"
	    " 0, 0;\n"), tables - 1);
	assert_int_equal(count_of(&cluster, "INSERT INTO segment_local (origin,"
	    " version) SELECT 0, 18446744073709551615;\n"), 1);
	strbuf_release(&node);
	strbuf_release(&cluster);
}

/* Readers look at system.replicas of that database. */
static void
only_a_cluster_says_where_it_is_replicated(void **state)
{
	struct strbuf node, cluster;

	(void)state;
	make("node", &node);
	make("cluster", &cluster);
	assert_int_equal(count_of(&node, "\t'' AS replicated_in;\n"), 1);
	assert_int_equal(count_of(&cluster, "\t'shop' AS replicated_in;\n"),
	    1);
	strbuf_release(&node);
	strbuf_release(&cluster);
}

/* ANY INNER JOIN, and a JOIN without such a word, changed their meaning. */
static void
tidying_joins_alike_in_all_releases(void **state)
{
	static const char *const forms[] = { "tidy", "tidy-cluster" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct strbuf sql;

		make(forms[i], &sql);
		assert_true(count_of(&sql, "JOIN ") > 40);
		assert_int_equal(count_of(&sql, "ALL INNER JOIN ("),
		    count_of(&sql, "JOIN "));
		/* all of them by their only key on the right */
		assert_int_equal(count_of(&sql, "USING (origin)"),
		    count_of(&sql, "JOIN "));
		assert_int_equal(count_of(&sql, "GROUP BY origin) USING"),
		    count_of(&sql, "JOIN "));
		strbuf_release(&sql);
	}
}

static void
tidying_a_cluster_looks_at_the_replica_first(void **state)
{
	struct strbuf node, cluster;
	const char *look, *drop;

	(void)state;
	make("tidy", &node);
	make("tidy-cluster", &cluster);
	assert_int_equal(count_of(&node, "system.replicas"), 0);
	look = strstr(cluster.ptr, "SELECT throwIf(");
	drop = strstr(cluster.ptr, "TRUNCATE TABLE stale_local;\n");
	assert_non_null(look);
	assert_non_null(drop);
	assert_true(look < drop);
	strbuf_release(&node);
	strbuf_release(&cluster);
}

static void
another_form_is_none(void **state)
{
	struct strbuf sql;

	(void)state;
	strbuf_init(&sql, SCHEMA_MAX);
	assert_false(push_schema("nodes", "shop", NOW, &sql));
	assert_int_equal(sql.len, 0);
	strbuf_release(&sql);
}

int
main(void)
{
	static struct cases cases;

	cases_add(&cases, "a_cluster_has_each_table_twice",
	    a_cluster_has_each_table_twice, NULL);
	cases_add(&cases, "only_a_cluster_says_where_it_is_replicated",
	    only_a_cluster_says_where_it_is_replicated, NULL);
	cases_add(&cases, "tidying_joins_alike_in_all_releases",
	    tidying_joins_alike_in_all_releases, NULL);
	cases_add(&cases, "tidying_a_cluster_looks_at_the_replica_first",
	    tidying_a_cluster_looks_at_the_replica_first, NULL);
	cases_add(&cases, "another_form_is_none", another_form_is_none, NULL);
	return cases_run(&cases);
}
