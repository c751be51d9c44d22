/* SPDX-License-Identifier: BSD-2-Clause */
/* TLS sessions of others to us, by reporter, policy and result. */
#include "analyzer/query_others_priv.h"

#include <stdlib.h>

enum { SUM_SUCCESSFUL = OTHERS_SUMS, SUM_FAILED };

/* One report, while its policies and failures are added. */
struct tls_run {
	struct others *others;
	struct tally sums; /* provider, policy domain, type, result */
	const struct others_twin *twin;
};

static struct tally_row *
sums_of(struct tls_run *run, sqlite3_stmt *from, uint32_t result)
{
	uint32_t key[TALLY_KEYS] = { run->twin->provider,
		others_word(run->others, others_column(from, 0)),
		others_word(run->others, others_column(from, 1)), result };
	struct tally_row *row = tally_row(&run->sums, key);

	others_count_report(row, run->twin);
	tally_span(row, run->twin->begin_utc);
	tally_span(row, run->twin->end_utc);
	return row;
}

static void
add_policy(struct tls_run *run, sqlite3_stmt *from)
{
	struct tally_row *row = sums_of(run, from, INTERN_NONE);
	int64_t successes = others_number(from, 2);
	int64_t failures = others_number(from, 3);

	row->sums[SUM_SUCCESSFUL] += successes > 0 ? successes : 0;
	row->sums[SUM_FAILED] += failures > 0 ? failures : 0;
}

static void
add_failure(struct tls_run *run, sqlite3_stmt *from)
{
	struct slice result = others_column(from, 2);
	struct tally_row *row = sums_of(run, from, others_word(run->others,
	    result.len != 0 ? result : SLICE("unknown")));
	int64_t sessions = others_number(from, 3);

	/* a detail without a count is of one session at least */
	row->sums[SUM_FAILED] += sessions > 0 ? sessions : 1;
}

static enum mx_code
add_rows(struct tls_run *run, enum store_sql sql,
    void (*add)(struct tls_run *run, sqlite3_stmt *from), struct mx_err *err)
{
	struct store *store = run->others->store;
	sqlite3_stmt *from = store_statement(store, sql, err);
	enum mx_code code;
	bool has_row;

	if (from == NULL)
		return err->code;
	(void)sqlite3_bind_int64(from, 1, run->twin->id);
	while ((code = store_step(store, from, &has_row, err)) == MX_OK &&
	    has_row)
		add(run, from);
	(void)sqlite3_reset(from);
	return code;
}

static int
compare(const void *left, const void *right)
{
	const struct others_tls *a = left, *b = right;
	int order = slice_cmp(a->provider, b->provider);

	if (order == 0)
		order = slice_cmp(a->policy_domain, b->policy_domain);
	if (order == 0)
		order = slice_cmp(a->policy_type, b->policy_type);
	return order != 0 ? order : slice_cmp(a->result_type, b->result_type);
}

static void
make_rows(struct others *others, const struct tally *sums)
{
	size_t count = tally_count(sums);
	struct others_tls *rows = arena_alloc(&others->arena,
	    (count + 1) * sizeof(*rows));

	for (uint32_t i = 0; i < count; i++) {
		const struct tally_row *from = tally_at(sums, i);
		bool is_result = from->key[3] != INTERN_NONE;

		rows[i] = (struct others_tls){
			.provider = others_text(others, from->key[0]),
			.policy_domain = others_text(others, from->key[1]),
			.policy_type = others_text(others, from->key[2]),
			.result_type = others_text(others, from->key[3]),
			.reports = from->sums[OTHERS_REPORTS],
			.not_signed = others_row_not_signed(from),
			.successful = is_result ? -1 :
			    from->sums[SUM_SUCCESSFUL],
			.failed = from->sums[SUM_FAILED],
			.begin_utc = from->first_utc,
			.end_utc = from->last_utc };
	}
	qsort(rows, count, sizeof(*rows), compare);
	others->tls_rows = rows;
	others->tls_count = count;
}

enum mx_code
others_load_tls(struct others *others, const struct others_scope *window,
    struct mx_err *err)
{
	struct tls_run run = { .others = others };
	struct report_twins twins;
	enum mx_code code = others_load_twins(others, SQL_TLS_REPORTS, &twins,
	    err);

	tally_init(&run.sums, others->words.seed);
	for (size_t i = 0; i < twins.count && code == MX_OK; i++) {
		run.twin = &twins.list[i];
		/* about mail to us: an address of ours is no filter for it */
		if (run.twin->is_copy || !others_is_inside(run.twin, window) ||
		    !others_wants(others, others_text(others,
		    run.twin->provider), others->is.source_ip))
			continue;
		others->not_signed += run.twin->is_signed == SIGNATURE_NONE;
		code = add_rows(&run, SQL_TLS_POLICIES, add_policy, err);
		if (code == MX_OK)
			code = add_rows(&run, SQL_TLS_FAILURES, add_failure,
			    err);
	}
	free(twins.list);
	if (code == MX_OK)
		make_rows(others, &run.sums);
	tally_release(&run.sums);
	return code;
}
