/* SPDX-License-Identifier: BSD-2-Clause */
/* Adding to the store what is known besides counts: what the logs cover, the
 * sending sources, which provider a domain's MX had. */
#include "analyzer/store_flush.h"

static enum mx_code
write_skipped(struct flush *flush, const struct coverage_row *row,
    int64_t host)
{
	enum mx_code code = MX_OK;

	for (int i = 0; i < SKIP_REASONS && code == MX_OK; i++) {
		sqlite3_stmt *add;

		if (row->skipped[i] == 0)
			continue;
		add = store_statement(flush->store, SQL_SKIPPED_ADD,
		    flush->err);
		if (add == NULL)
			return flush->err->code;
		(void)sqlite3_bind_int64(add, 1, row->slot);
		(void)sqlite3_bind_int64(add, 2, host);
		bind_text(add, 3,
		    slice_str(skip_reason_name((enum skip_reason)i)));
		(void)sqlite3_bind_int64(add, 4, (int64_t)row->skipped[i]);
		code = store_run(flush->store, add, "add coverage",
		    flush->err);
	}
	return code;
}

static enum mx_code
write_coverage_row(struct flush *flush, const struct coverage_row *row)
{
	sqlite3_stmt *add;
	int64_t host;
	enum mx_code code = flush_name_id(flush, NAME_HOST, row->host, &host);

	if (code != MX_OK)
		return code;
	add = store_statement(flush->store, SQL_COVERAGE_ADD, flush->err);
	if (add == NULL)
		return flush->err->code;
	(void)sqlite3_bind_int64(add, 1, row->slot);
	(void)sqlite3_bind_int64(add, 2, host);
	(void)sqlite3_bind_int64(add, 3, row->first_utc);
	(void)sqlite3_bind_int64(add, 4, row->last_utc);
	(void)sqlite3_bind_int64(add, 5, (int64_t)row->lines);
	(void)sqlite3_bind_int64(add, 6, (int64_t)row->losses);
	code = store_run(flush->store, add, "add coverage", flush->err);
	return code == MX_OK ? write_skipped(flush, row, host) : code;
}

enum mx_code
flush_coverage(struct flush *flush)
{
	enum mx_code code = MX_OK;

	for (uint32_t i = 0;
	    i < flush->totals->coverage.used && code == MX_OK; i++)
		code = write_coverage_row(flush,
		    pool_at(&flush->totals->coverage, i));
	return code;
}

/* What the file knows of the source joins what this run knows. */
static enum mx_code
merge_source(struct flush *flush, int64_t name, int64_t *host, int64_t
    *instance, const struct sending *info, bool *is_disputed,
    struct strbuf *label)
{
	sqlite3_stmt *get =
	    store_statement(flush->store, SQL_SOURCE_GET, flush->err);
	enum mx_code code;
	bool has_row;

	if (get == NULL)
		return flush->err->code;
	(void)sqlite3_bind_int64(get, 1, name);
	code = store_step(flush->store, get, &has_row, flush->err);
	if (code == MX_OK && has_row) {
		struct slice known = column_text(get, 3);

		if (sqlite3_column_int64(get, 0) != *host)
			*host = 0;
		if (sqlite3_column_int64(get, 1) != *instance)
			*instance = 0;
		*is_disputed |= sqlite3_column_int(get, 4) != 0;
		if (!slice_is_none(known)) {
			*is_disputed |= info->has_label &&
			    !slice_eq(known, info->label);
			strbuf_reset(label);
			strbuf_add_slice(label, known);
		}
	}
	(void)sqlite3_reset(get);
	return code;
}

static enum mx_code
write_source(struct flush *flush, uint32_t number, const struct sending *info)
{
	int64_t name, host, instance;
	bool is_disputed = info->is_disputed;
	struct strbuf label;
	sqlite3_stmt *put;
	enum mx_code code = flush_name_id(flush, NAME_SOURCE, number, &name);

	if (code == MX_OK)
		code = flush_name_id(flush, NAME_HOST, info->host, &host);
	if (code == MX_OK)
		code = flush_name_id(flush, NAME_INSTANCE, info->instance, &instance);
	if (code != MX_OK)
		return code;
	strbuf_init(&label, 256);
	if (info->has_label)
		strbuf_add_slice(&label, info->label);
	code = merge_source(flush, name, &host, &instance, info, &is_disputed,
	    &label);
	put = store_statement(flush->store, SQL_SOURCE_PUT, flush->err);
	if (code == MX_OK && put == NULL)
		code = flush->err->code;
	if (code == MX_OK) {
		(void)sqlite3_bind_int64(put, 1, name);
		if (host != 0)
			(void)sqlite3_bind_int64(put, 2, host);
		if (instance != 0)
			(void)sqlite3_bind_int64(put, 3, instance);
		(void)sqlite3_bind_int(put, 4, (int)info->from);
		if (label.len != 0)
			bind_text(put, 5, strbuf_slice(&label));
		(void)sqlite3_bind_int(put, 6, is_disputed);
		code = store_run(flush->store, put, "add a source", flush->err);
	}
	strbuf_release(&label);
	return code;
}

void
flush_note_sources(struct flush *flush, struct correlate *correlate)
{
	flush->source_count = 0;
	for (uint32_t i = 0; i < flush->names->source.count; i++) {
		struct sending *info = correlate_source(correlate, i);

		if (info == NULL || !info->is_dirty)
			continue;
		info->is_dirty = false;
		if (flush->source_count == flush->source_room) {
			flush->source_room = 2 * flush->source_room + 16;
			flush->sources = mx_realloc(flush->sources,
			    flush->source_room * sizeof(*flush->sources));
		}
		flush->sources[flush->source_count++] =
		    (struct changed_source){ i, *info };
	}
}

enum mx_code
flush_sources(struct flush *flush)
{
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < flush->source_count && code == MX_OK; i++)
		code = write_source(flush, flush->sources[i].number,
		    &flush->sources[i].info);
	return code;
}

static enum mx_code
write_domain_mx(struct flush *flush, const struct domain_mx *known)
{
	sqlite3_stmt *put;
	int64_t host, domain = 0, provider = 0;
	enum mx_code code = flush_name_id(flush, NAME_HOST, known->host, &host);

	if (code == MX_OK)
		code = flush_name_id(flush, NAME_DOMAIN, known->domain, &domain);
	if (code == MX_OK)
		code = flush_name_id(flush, NAME_PROVIDER, known->provider,
		    &provider);
	if (code != MX_OK)
		return code;
	put = store_statement(flush->store, SQL_MX_PUT, flush->err);
	if (put == NULL)
		return flush->err->code;
	(void)sqlite3_bind_int64(put, 1, host);
	(void)sqlite3_bind_int64(put, 2, domain);
	(void)sqlite3_bind_int64(put, 3, provider);
	(void)sqlite3_bind_int64(put, 4, known->seen_utc);
	return store_run(flush->store, put, "add a domain", flush->err);
}

void
flush_note_domains(struct flush *flush, struct correlate *correlate)
{
	const struct pool *known = correlate_domain_mx(correlate);

	flush->domain_count = 0;
	for (uint32_t i = 0; i < known->used; i++) {
		struct domain_mx *entry = pool_at(known, i);

		if (!entry->is_dirty)
			continue;
		entry->is_dirty = false;
		if (flush->domain_count == flush->domain_room) {
			flush->domain_room = 2 * flush->domain_room + 16;
			flush->domains = mx_realloc(flush->domains,
			    flush->domain_room * sizeof(*flush->domains));
		}
		flush->domains[flush->domain_count++] = *entry;
	}
}

enum mx_code
flush_domains(struct flush *flush)
{
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < flush->domain_count && code == MX_OK; i++)
		code = write_domain_mx(flush, &flush->domains[i]);
	return code;
}
