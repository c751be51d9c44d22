/* SPDX-License-Identifier: BSD-2-Clause */
/* The ledger of inputs that hold reports, in the store. */
#include "analyzer/store_reports.h"
#include "analyzer/store_priv.h"
#include "base/hash.h"

static int64_t
hash_of(struct slice head)
{
	return (int64_t)hash_stable(head, HASH_STABLE_START);
}

enum mx_code
store_find_mailbox(struct store *store, struct slice head,
    struct report_entry *entry, bool *found_r, struct mx_err *err)
{
	sqlite3_stmt *find = store_statement(store, SQL_REPORT_MAILBOX, err);
	enum mx_code code;
	bool has_row;

	memset(entry, 0, sizeof(*entry));
	*found_r = false;
	if (find == NULL)
		return err->code;
	(void)sqlite3_bind_int64(find, 1, (int64_t)head.len);
	while ((code = store_step(store, find, &has_row, err)) == MX_OK &&
	    has_row && !*found_r) {
		size_t len = (size_t)sqlite3_column_int64(find, 5);

		if (hash_of(slice_of(head.ptr, len)) !=
		    sqlite3_column_int64(find, 6))
			continue;
		*found_r = true;
		entry->id = sqlite3_column_int64(find, 0);
		entry->offset = (uint64_t)sqlite3_column_int64(find, 1);
		entry->reports = (uint64_t)sqlite3_column_int64(find, 2);
		entry->known = (uint64_t)sqlite3_column_int64(find, 3);
		entry->refused = (uint64_t)sqlite3_column_int64(find, 4);
	}
	(void)sqlite3_reset(find);
	return code;
}

static enum mx_code
forget(struct store *store, int64_t id, struct mx_err *err)
{
	sqlite3_stmt *drop = store_statement(store, SQL_REPORT_FORGET, err);

	if (drop == NULL)
		return err->code;
	(void)sqlite3_bind_int64(drop, 1, id);
	return store_run(store, drop, "keep the ledger", err);
}

enum mx_code
store_save_report_input(struct store *store, struct report_entry *entry,
    struct mx_err *err)
{
	sqlite3_stmt *put;
	enum mx_code code = entry->id != 0 ? forget(store, entry->id, err) :
	    MX_OK;

	if (code != MX_OK)
		return code;
	put = store_statement(store, SQL_REPORT_PUT, err);
	if (put == NULL)
		return err->code;
	bind_text(put, 1, slice_str(entry->file.path));
	bind_text(put, 2, slice_str(entry->container));
	(void)sqlite3_bind_int64(put, 3, (int64_t)entry->offset);
	(void)sqlite3_bind_int64(put, 4, (int64_t)entry->file.device);
	(void)sqlite3_bind_int64(put, 5, (int64_t)entry->file.inode);
	(void)sqlite3_bind_int64(put, 6, (int64_t)entry->file.size_bytes);
	bind_time(put, 7, entry->file.mtime_ns);
	(void)sqlite3_bind_int64(put, 8, (int64_t)entry->reports);
	(void)sqlite3_bind_int64(put, 9, (int64_t)entry->known);
	(void)sqlite3_bind_int64(put, 10, (int64_t)entry->refused);
	(void)sqlite3_bind_int(put, 11, entry->is_complete);
	(void)sqlite3_bind_int64(put, 12, entry->read_utc);
	(void)sqlite3_bind_int64(put, 13, (int64_t)entry->head.len);
	(void)sqlite3_bind_int64(put, 14, hash_of(entry->head));
	code = store_run(store, put, "keep the ledger", err);
	if (code == MX_OK)
		entry->id = sqlite3_last_insert_rowid(store->db);
	return code;
}

enum mx_code
store_report_sums(struct store *store, struct report_sums *sums,
    struct mx_err *err)
{
	int64_t *const places[] = { &sums->inputs, &sums->refused,
		&sums->dmarc, &sums->tls, &sums->complaints, &sums->snds,
		&sums->bounces, &sums->annotations };
	sqlite3_stmt *get;
	enum mx_code code;
	bool has_row;

	memset(sums, 0, sizeof(*sums));
	if (store->elsewhere != NULL)
		*sums = *store->elsewhere;
	if (store->elsewhere != NULL || store->schema < SCHEMA_REPORTS)
		return MX_OK;
	get = store_statement(store, SQL_REPORT_SUMS, err);
	if (get == NULL)
		return err->code;
	code = store_step(store, get, &has_row, err);
	for (int i = 0; i < (int)(sizeof(places) / sizeof(places[0])) &&
	    code == MX_OK && has_row; i++)
		*places[i] = sqlite3_column_int64(get, i);
	(void)sqlite3_reset(get);
	return code;
}
