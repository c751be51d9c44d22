/* SPDX-License-Identifier: BSD-2-Clause */
/* The provider as a witness: what its DMARC reports count for one of our
 * addresses on a day, beside what our logs say. A block by address at connect,
 * HELO, MAIL or RCPT takes mail out of DMARC altogether, since that is judged
 * behind DATA: so counts that shrink or end while reports go on coming say
 * the same as the refusals in the log, in the provider's own words. */
#include "analyzer/query_priv.h"

#include <stdlib.h>

#include "analyzer/reporters.h"
#include "base/limits.h"

/* Below so many messages a day says nothing; so many usual days make a
 * rule. */
enum { FEW_MESSAGES = 20, USUAL_DAYS_MIN = 3 };

enum { SUM_MESSAGES, SUM_ACCEPTED, SUM_REFUSED };

struct witness_run {
	struct query *query;
	struct tally sums;   /* reporter, address, day: what the log says */
	struct intern words;
};

/* What provider signs reports about mail to PROVIDER. */
static struct slice
witness_of(const struct query *query, struct slice provider)
{
	struct slice host = reporter_covering(provider);

	return !others_is_reporter(query->others, provider) &&
	    others_is_reporter(query->others, host) ? host : provider;
}

/* What a pair's days are counted under; wanted: some of them may be shown. */
struct pair_witness {
	uint32_t provider, source_ip;
	bool is_wanted;
};

static void
add_series(struct witness_run *run, const struct query_series *from,
    const struct pair_witness *pair)
{
	uint32_t key[TALLY_KEYS] = { pair->provider, pair->source_ip,
		(uint32_t)from->day };
	struct tally_row *row;

	if (!pair->is_wanted)
		return;
	row = tally_row(&run->sums, key);
	row->sums[SUM_MESSAGES] += from->messages;
	row->sums[SUM_ACCEPTED] += from->attempts[OUTCOME_ACCEPTED];
	row->sums[SUM_REFUSED] += from->refused;
}

/* What provider signs for a pair and which of our addresses it is, as numbers
 * of words; false when one of them is not there. */
static bool
find_words(const struct witness_run *run, const struct query_row *row,
    struct pair_witness *pair)
{
	pair->provider = intern_find(&run->words,
	    witness_of(run->query, row->provider));
	pair->source_ip = pair->provider == INTERN_NONE ? INTERN_NONE :
	    intern_find(&run->words, row->source_ip);
	return pair->source_ip != INTERN_NONE;
}

/* Witnesses and addresses where somebody reports or somebody refuses. */
static void
add_told(struct witness_run *run, struct tally *told)
{
	const struct query *query = run->query;

	for (size_t i = 0; i < query->row_counts[QUERY_PAIRS]; i++) {
		const struct query_row *row = &query->rows[QUERY_PAIRS][i];
		struct slice witness = witness_of(query, row->provider);
		uint32_t key[TALLY_KEYS] = { 0 };

		if (row->n.refused == 0 &&
		    !others_is_reporter(query->others, witness))
			continue;
		key[0] = intern_id(&run->words, witness);
		key[1] = intern_id(&run->words, row->source_ip);
		(void)tally_row(told, key);
	}
}

static void
add_days(struct witness_run *run, const struct tally *told)
{
	const struct query *query = run->query;
	size_t count = query->row_counts[QUERY_PAIRS];
	struct pair_witness *pairs = mx_calloc(count + 1, sizeof(*pairs));

	for (size_t i = 0; i < count; i++) {
		const struct query_row *row = &query->rows[QUERY_PAIRS][i];
		uint32_t key[TALLY_KEYS] = { 0 };

		/* a host is no address that a provider could report */
		if (row->source_ip.len == 0 ||
		    !find_words(run, row, &pairs[i]))
			continue;
		key[0] = pairs[i].provider;
		key[1] = pairs[i].source_ip;
		pairs[i].is_wanted = tally_find(told, key) != NULL;
	}
	for (size_t i = 0; i < query->series_count; i++) {
		struct query_series row = query_series_at(query, i);

		add_series(run, &row, &pairs[row.pair]);
	}
	free(pairs);
}

/* Pairs are few, their days many: names are looked up once. Where nobody
 * reports and nobody refuses there is nothing to be witnessed, and pairs may
 * be as many as domains. */
static void
add_pairs(struct witness_run *run)
{
	struct tally told;

	tally_init(&told, run->query->names.seed);
	add_told(run, &told);
	if (tally_count(&told) != 0)
		add_days(run, &told);
	tally_release(&told);
}

static void
fill(const struct witness_run *run, const struct tally_row *from,
    struct query_witness *to)
{
	const struct others *others = run->query->others;

	*to = (struct query_witness){ .day = from->key[2],
		.provider = intern_name(&run->words, from->key[0]),
		.source_ip = intern_name(&run->words, from->key[1]),
		.messages = from->sums[SUM_MESSAGES],
		.accepted = from->sums[SUM_ACCEPTED],
		.refused = from->sums[SUM_REFUSED] };
	to->reports = others_day_reports(others, to->provider, to->day);
	to->reported = others_reported(others, to->provider, to->source_ip,
	    to->day);
}

static int
compare(const void *left, const void *right)
{
	const struct query_witness *a = left, *b = right;
	int order = slice_cmp(a->provider, b->provider);

	if (order == 0)
		order = slice_cmp(a->source_ip, b->source_ip);
	return order != 0 ? order : (a->day > b->day) - (a->day < b->day);
}

static int
compare_shares(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

/* The usual share of our messages that the reports count: the median over
 * days without refusals. Negative: too few of them. */
static double
usual_share(const struct query_witness *rows, size_t count, double *shares)
{
	size_t days = 0;

	for (size_t i = 0; i < count; i++)
		if (rows[i].refused == 0 && rows[i].reports != 0 &&
		    rows[i].messages >= FEW_MESSAGES)
			shares[days++] = (double)rows[i].reported /
			    (double)rows[i].messages;
	if (days < USUAL_DAYS_MIN)
		return -1;
	qsort(shares, days, sizeof(*shares), compare_shares);
	return shares[days / 2];
}

static enum witness_state
state_of(const struct query *query, const struct query_witness *row,
    double usual)
{
	if (!others_is_reporter(query->others, row->provider))
		return WITNESS_NO_REPORTER;
	if (row->reports == 0)
		return WITNESS_NO_REPORT;
	if (row->messages < FEW_MESSAGES)
		return row->reported != 0 && row->messages != 0 ?
		    WITNESS_AGREE : WITNESS_UNKNOWN;
	if (row->reported == 0)
		return WITNESS_ABSENT;
	if (usual >= 0)
		return (double)row->reported * 2 <
		    usual * (double)row->messages ? WITNESS_SHRINKING :
		    WITNESS_AGREE;
	return row->reported * 2 >= row->accepted ? WITNESS_AGREE :
	    WITNESS_UNKNOWN;
}

/* Rows of one provider and address: states need all of its days. */
static void
judge(const struct query *query, struct query_witness *rows, size_t count,
    double *shares)
{
	double usual = usual_share(rows, count, shares);

	for (size_t i = 0; i < count; i++)
		rows[i].state = state_of(query, &rows[i], usual);
}

static bool
is_same(const struct query_witness *a, const struct query_witness *b)
{
	return slice_eq(a->provider, b->provider) &&
	    slice_eq(a->source_ip, b->source_ip);
}

static void
judge_all(struct query *query)
{
	struct query_witness *rows = query->witness;
	double *shares = mx_alloc((query->day_count + 1) * sizeof(*shares));
	size_t begin = 0;

	for (size_t i = 1; i <= query->witness_count; i++) {
		if (i < query->witness_count && is_same(&rows[i],
		    &rows[begin]))
			continue;
		judge(query, rows + begin, i - begin, shares);
		begin = i;
	}
	free(shares);
}

/* Of a provider that sends no reports only the days that have something to
 * be witnessed. */
static bool
is_shown(const struct query *query, const struct query_witness *row)
{
	return row->refused != 0 ||
	    others_is_reporter(query->others, row->provider);
}

/* Addresses that only the reports know of, on days without a line in the
 * log. */
static void
add_reported(struct witness_run *run)
{
	const struct others *others = run->query->others;
	size_t count;
	const struct others_dmarc *rows = others_dmarc(others, &count);

	for (size_t i = 0; i < count; i++) {
		if (rows[i].ours != OURS_YES)
			continue;
		for (size_t day = 0; day < run->query->day_count; day++) {
			uint32_t key[TALLY_KEYS] = { 0 };

			if (others_reported(others, rows[i].provider,
			    rows[i].source_ip, day) == 0)
				continue;
			key[0] = intern_id(&run->words, rows[i].provider);
			key[1] = intern_id(&run->words, rows[i].source_ip);
			key[2] = (uint32_t)day;
			(void)tally_row(&run->sums, key);
		}
	}
}

static struct slice
keep(struct query *query, struct slice text)
{
	return arena_slice(&query->arena, text);
}

static void
make_rows(struct witness_run *run)
{
	struct query *query = run->query;
	uint32_t count = tally_count(&run->sums);

	query->witness = arena_alloc(&query->arena,
	    (count + 1) * sizeof(*query->witness));
	for (uint32_t i = 0; i < count; i++) {
		struct query_witness *to =
		    &query->witness[query->witness_count];

		fill(run, tally_at(&run->sums, i), to);
		query->witness_count += is_shown(query, to);
	}
	qsort(query->witness, query->witness_count, sizeof(*query->witness),
	    compare);
	for (size_t i = 0; i < query->witness_count; i++) {
		struct query_witness *row = &query->witness[i];
		bool is_next = i != 0 && is_same(row, &row[-1]);

		row->provider = is_next ? row[-1].provider :
		    keep(query, row->provider);
		row->source_ip = is_next ? row[-1].source_ip :
		    keep(query, row->source_ip);
	}
	judge_all(query);
}

void
query_make_witness(struct query *query)
{
	struct witness_run run = { .query = query };

	tally_init(&run.sums, query->names.seed);
	intern_init(&run.words, LIMIT_INTERNED_NAMES, query->names.seed);
	add_pairs(&run);
	add_reported(&run);
	make_rows(&run);
	tally_release(&run.sums);
	intern_release(&run.words);
}

const struct query_witness *
query_witness(const struct query *query, size_t *count_r)
{
	*count_r = query->witness_count;
	return query->witness;
}
