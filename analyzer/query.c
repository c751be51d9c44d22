/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/query.h"

#include <stdlib.h>

#include "analyzer/query_finding.h"
#include "analyzer/reporters.h"

static enum mx_code
load_others(struct query *query, struct mx_err *err)
{
	struct others_scope scope = { .store = query->store,
		.own = query->is.own, .zone = query->is.zone, .since_utc = query->since_utc,
		.until_utc = query->until_utc,
		.provider = query->is.provider,
		.source_ip = query->is.source_ip,
		.day_count = query->day_count };
	int64_t *starts = arena_alloc(&query->arena,
	    (query->day_count + 1) * sizeof(*starts));
	enum mx_code code;

	for (size_t i = 0; i < query->day_count; i++)
		starts[i] = query->days[i].begin_utc;
	scope.day_utc = starts;
	code = others_load(&scope, &query->others, err);
	if (code == MX_OK)
		query_make_witness(query);
	return code;
}

static enum mx_code
load_episodes(struct query *query, struct mx_err *err)
{
	enum mx_code code = query_find_window(query, err);

	if (code == MX_OK)
		code = query_load(query, err);
	if (code == MX_OK)
		code = query_load_annotations(query, err);
	return code == MX_OK ? query_load_episodes(query, err) : code;
}

static enum mx_code
load_all(struct query *query, struct mx_err *err)
{
	enum mx_code code;

	if (query->is.only_episodes)
		return load_episodes(query, err);
	code = query_find_window(query, err);
	if (code == MX_OK)
		code = query_load(query, err);
	if (code == MX_OK)
		code = query_load_replies(query, err);
	if (code == MX_OK)
		code = query_load_coverage(query, err);
	if (code != MX_OK)
		return code;
	code = query_load_annotations(query, err);
	if (code != MX_OK)
		return code;
	query_make_rows(query);
	query_make_replies(query);
	code = load_others(query, err);
	return code == MX_OK ? query_load_episodes(query, err) : code;
}

static struct query *
query_new(const struct query_options *options)
{
	struct query *query = mx_calloc(1, sizeof(*query));

	query->is = *options;
	query->store = options->store;
	arena_init(&query->arena);
	names_init(&query->names);
	queue_init(&query->queue, query->names.seed);
	totals_init(&query->live, &query->names,
	    store_slot_s(options->store));
	pool_init(&query->replies, sizeof(struct reply_sum));
	query_groups_init(query);
	query_series_init(query);
	return query;
}

enum mx_code
query_run(const struct query_options *options, struct query **query_r,
    struct mx_err *err)
{
	struct query *query = query_new(options);
	enum mx_code code = store_begin(query->store, err);

	if (code == MX_OK) {
		code = load_all(query, err);
		query_replies_end(query);
		store_rollback(query->store);
	}
	if (code != MX_OK) {
		query_free(query);
		return code;
	}
	*query_r = query;
	return MX_OK;
}

enum mx_code
query_run_episodes(struct store *store, struct query **query_r,
    struct mx_err *err)
{
	struct zone *utc;
	struct query_options options = { .store = store,
		.since_utc = INT64_MIN, .until_utc = INT64_MAX,
		.only_episodes = true };
	struct query *query;
	enum mx_code code = zone_open(SLICE("UTC"), &utc, err);

	if (code != MX_OK)
		return code;
	options.zone = utc;
	query = query_new(&options);
	code = load_episodes(query, err);
	query_replies_end(query);
	zone_close(utc);
	if (code != MX_OK) {
		query_free(query);
		return code;
	}
	*query_r = query;
	return MX_OK;
}

void
query_free(struct query *query)
{
	if (query == NULL)
		return;
	query_groups_release(query);
	query_series_release(query);
	pool_release(&query->replies);
	queue_release(&query->queue);
	totals_release(&query->live);
	names_release(&query->names);
	arena_release(&query->arena);
	free(query->local);
	free(query->local_kinds);
	free(query->packed);
	finding_end(query);
	free(query->numbers);
	free(query->sources);
	free(query->inputs);
	free(query->episodes);
	free(query->scores);
	free(query->waiting);
	free(query->annotations);
	others_free(query->others);
	free(query);
}

const struct query_row *
query_rows(const struct query *query, enum query_group group, size_t *count_r)
{
	*count_r = query->row_counts[group];
	return query->rows[group];
}

const struct query_counts *
query_totals(const struct query *query)
{
	return query_hop(query, HOP_REMOTE);
}

const struct query_counts *
query_hop(const struct query *query, enum hop hop)
{
	return &query->hop_counts[hop];
}

const struct query_day *
query_days(const struct query *query, size_t *count_r)
{
	*count_r = query->day_count;
	return query->days;
}

void
query_window(const struct query *query, int64_t *since_utc_r,
    int64_t *until_utc_r)
{
	*since_utc_r = query->since_utc;
	*until_utc_r = query->until_utc;
}

const struct query_reason *
query_reasons(const struct query *query, size_t *count_r)
{
	*count_r = query->reason_count;
	return query->reasons;
}

const struct query_reply *
query_replies(const struct query *query, size_t *count_r)
{
	*count_r = query->reply_count;
	return query->reply_rows;
}

const struct query_coverage *
query_coverage(const struct query *query, size_t *count_r)
{
	*count_r = query->coverage_count;
	return query->coverage;
}

const struct query_skip *
query_skips(const struct query *query, size_t *count_r)
{
	*count_r = query->skip_count;
	return query->skips;
}

const struct query_input *
query_inputs(const struct query *query, size_t *count_r)
{
	*count_r = query->input_count;
	return query->inputs;
}

const struct others *
query_others(const struct query *query)
{
	return query->others;
}

int64_t
query_accepted(const struct query *query, struct slice provider,
    struct slice source_ip)
{
	int64_t sum = 0;

	for (size_t i = 0; i < query->row_counts[QUERY_PAIRS]; i++) {
		const struct query_row *pair = &query->rows[QUERY_PAIRS][i];

		if ((slice_eq(pair->provider, provider) ||
		    slice_eq(reporter_covering(pair->provider), provider)) &&
		    (source_ip.len == 0 ||
		    slice_eq(pair->source_ip, source_ip)))
			sum += pair->n.accepted;
	}
	return sum;
}

const struct episode *
query_episodes(const struct query *query, size_t *count_r)
{
	*count_r = query->episode_count;
	return query->episodes;
}

const struct query_score *
query_scores(const struct query *query, size_t *count_r)
{
	*count_r = query->score_count;
	return query->scores;
}

void
query_reply_meaning(const struct query *query, uint32_t reply,
    struct query_meaning *meaning_r)
{
	const struct reply_kind *kind = totals_reply_kind(&query->live, reply);

	*meaning_r = (struct query_meaning){ .reason = kind->reason,
		.token = kind->token.len != 0 ? kind->token : SLICE_NONE,
		.sample = kind->sample };
}

void
query_source(const struct query *query, struct slice source,
    struct query_row *row_r)
{
	memset(row_r, 0, sizeof(*row_r));
	query_name_source(query, intern_find(&query->names.source, source),
	    row_r);
}
