/* SPDX-License-Identifier: BSD-2-Clause */
/* The words that one of our addresses was told. A kind of reply is known by
 * one sample, whoever it was told to; beside an address it must not quote
 * another one of ours. */
#include "analyzer/query_finding.h"

/* Where to look, and for what. */
struct search {
	int64_t provider, source; /* numbers of the file */
	int64_t since_utc, until_utc; /* both included */
	uint32_t kind;
	struct slice address;
};

static bool
quotes_another(const struct reply_kind *kind, struct slice address)
{
	return address.len != 0 &&
	    slice_find(kind->masked, SLICE("<ip>")) != NULL &&
	    slice_find(kind->sample, address) == NULL;
}

/* The first words that quote the address; *sample_r stays where there are
 * none, or none were kept. */
static enum mx_code
find_words(struct query *query, const struct search *search,
    struct slice *sample_r, struct mx_err *err)
{
	sqlite3_stmt *from = store_statement(query->store, SQL_PAIR_WORDS,
	    err);
	enum mx_code code;
	bool has_row;

	if (from == NULL)
		return err->code;
	(void)sqlite3_bind_int64(from, 1, search->provider);
	(void)sqlite3_bind_int64(from, 2, search->source);
	(void)sqlite3_bind_int64(from, 3, search->since_utc);
	(void)sqlite3_bind_int64(from, 4, search->until_utc);
	while ((code = store_step(query->store, from, &has_row, err)) ==
	    MX_OK && has_row) {
		struct slice words = column_blob(from, 1);
		uint32_t kind;

		code = query_reply_kind(query, sqlite3_column_int64(from, 0),
		    &kind, err);
		if (code != MX_OK)
			break;
		if (kind == search->kind &&
		    slice_find(words, search->address) != NULL) {
			*sample_r = arena_slice(&query->arena, words);
			break;
		}
	}
	(void)sqlite3_reset(from);
	return code;
}

enum mx_code
finding_set_sample(const struct finding *self, const struct pair_votes *pair,
    struct episode *it, struct mx_err *err)
{
	struct query *query = self->query;
	const struct search search = { .provider = pair->provider_id,
		.source = pair->source_id,
		.since_utc = it->first_refusal_utc,
		.until_utc = it->last_refusal_utc,
		.kind = it->reply_count != 0 ? it->replies[0].reply : 0,
		.address = finding_address(query, pair) };

	it->sample = SLICE_NONE;
	if (it->reply_count == 0 || !quotes_another(totals_reply_kind(
	    &query->live, search.kind), search.address))
		return MX_OK;
	return find_words(query, &search, &it->sample, err);
}

static enum mx_code
find_number(struct query *query, enum name_kind kind, struct slice name,
    int64_t *number_r, struct mx_err *err)
{
	sqlite3_stmt *find = store_statement(query->store, SQL_NAME_ID, err);
	enum mx_code code;
	bool has_row;

	if (find == NULL)
		return err->code;
	(void)sqlite3_bind_int(find, 1, (int)kind);
	bind_text(find, 2, name);
	code = store_step(query->store, find, &has_row, err);
	*number_r = code == MX_OK && has_row ?
	    sqlite3_column_int64(find, 0) : 0;
	(void)sqlite3_reset(find);
	return code;
}

/* Of one kind of reply that others of our addresses were told, too. */
static enum mx_code
set_own_sample(struct query *query, struct search search,
    struct reply_sum *sum, struct mx_err *err)
{
	const struct reply_kind *kind =
	    totals_reply_kind(&query->live, sum->kind);
	enum mx_code code;

	if (!kind->votes || !quotes_another(kind, search.address))
		return MX_OK;
	search.kind = sum->kind;
	code = find_number(query, NAME_PROVIDER,
	    intern_name(&query->names.provider, kind->provider),
	    &search.provider, err);
	return code == MX_OK ?
	    find_words(query, &search, &sum->sample, err) : code;
}

enum mx_code
query_set_own_samples(struct query *query, struct mx_err *err)
{
	const struct pair_votes pair = { .source = query->want_source };
	struct search search = { .since_utc = query->since_utc,
		.until_utc = query->until_utc - 1 };
	enum mx_code code;

	if (query->want_source == INTERN_NONE)
		return MX_OK;
	search.address = finding_address(query, &pair);
	code = find_number(query, NAME_SOURCE,
	    intern_name(&query->names.source, query->want_source),
	    &search.source, err);
	for (uint32_t i = 0; i < query->replies.used && code == MX_OK; i++)
		code = set_own_sample(query, search,
		    pool_at(&query->replies, i), err);
	return code;
}
