/* SPDX-License-Identifier: BSD-2-Clause */
/* The ledger of inputs, in the store. */
#include "analyzer/store_batch.h"

#include <stdlib.h>

#include "base/limits.h"
#include "parsers/ingest_formats.h"


static void
copy_field(char *to, size_t room, struct slice text)
{
	size_t len = text.len < room ? text.len : room - 1;

	if (len != 0)
		memcpy(to, text.ptr, len);
	to[len] = '\0';
}

static void
read_entry(sqlite3_stmt *row, struct ledger_entry *entry)
{
	memset(entry, 0, sizeof(*entry));
	entry->id = sqlite3_column_int64(row, 0);
	ledger_head_unpack(column_blob(row, 1), &entry->head);
	entry->offset = (uint64_t)sqlite3_column_int64(row, 2);
	entry->line = (uint64_t)sqlite3_column_int64(row, 3);
	copy_field(entry->format, sizeof(entry->format), column_text(row, 4));
	entry->last_line_utc = column_time(row, 5);
	entry->first_utc = column_time(row, 6);
	entry->last_utc = column_time(row, 7);
	entry->path = mx_strndup(column_text(row, 8).ptr,
	    column_text(row, 8).len);
	copy_field(entry->container, sizeof(entry->container),
	    column_text(row, 9));
	entry->file.path = entry->path;
	entry->file.device = (uint64_t)sqlite3_column_int64(row, 10);
	entry->file.inode = (uint64_t)sqlite3_column_int64(row, 11);
	entry->file.size_bytes = (uint64_t)sqlite3_column_int64(row, 12);
	entry->file.mtime_ns = sqlite3_column_type(row, 13) == SQLITE_NULL ?
	    INT64_MIN : sqlite3_column_int64(row, 13);
	entry->is_complete = sqlite3_column_int(row, 14) != 0;
	entry->read_utc = column_utc(row, 15);
	entry->origin = sqlite3_column_int64(row, 16);
}

/* ledger_head(HEAD): packed, whatever schema it is of. */
static void
sql_ledger_head(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct slice stored = slice_of(sqlite3_value_blob(values[0]),
	    (size_t)sqlite3_value_bytes(values[0]));
	struct ledger_head head;
	char packed[LEDGER_PACKED];

	(void)count;
	ledger_head_unpack(stored, &head);
	stored = ledger_head_pack(&head, packed);
	sqlite3_result_blob(context, stored.ptr, (int)stored.len,
	    SQLITE_TRANSIENT);
}

int
store_ledger_functions(sqlite3 *db)
{
	return sqlite3_create_function(db, "ledger_head", 1, SQLITE_UTF8 |
	    SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL, sql_ledger_head,
	    NULL, NULL);
}

/* Of two inputs that begin alike the one of which more is known, then of
 * which more was read. */
static bool
is_better(const struct ledger_entry *it, const struct ledger_entry *best)
{
	if (it->head.bytes != best->head.bytes)
		return it->head.bytes > best->head.bytes;
	return it->offset > best->offset;
}

enum mx_code
store_find_input(struct store *store, struct slice head,
    struct ledger_entry *entry_r, bool *found_r, struct mx_err *err)
{
	sqlite3_stmt *find = store_statement(store, SQL_INPUT_LIKE, err);
	struct ledger_head begin;
	enum mx_code code;
	bool has_row;

	*found_r = false;
	if (find == NULL)
		return err->code;
	ledger_head_of(head, &begin);
	bind_blob(find, 1, ledger_first_mark(&begin));
	while ((code = store_step(store, find, &has_row, err)) == MX_OK &&
	    has_row) {
		struct ledger_entry entry;

		read_entry(find, &entry);
		if (!ledger_is_same(&entry.head, head) ||
		    (*found_r && !is_better(&entry, entry_r))) {
			ledger_release(&entry);
			continue;
		}
		if (*found_r)
			ledger_release(entry_r);
		*entry_r = entry;
		*found_r = true;
	}
	(void)sqlite3_reset(find);
	return code;
}

enum mx_code
store_find_unchanged(struct store *store, const struct ledger_file *file,
    bool *found_r, struct mx_err *err)
{
	sqlite3_stmt *find = store_statement(store, SQL_INPUT_SAME, err);
	enum mx_code code;

	*found_r = false;
	if (find == NULL)
		return err->code;
	if (file->mtime_ns == INT64_MIN)
		return MX_OK;
	(void)sqlite3_bind_int64(find, 1, (int64_t)file->device);
	(void)sqlite3_bind_int64(find, 2, (int64_t)file->inode);
	(void)sqlite3_bind_int64(find, 3, (int64_t)file->size_bytes);
	(void)sqlite3_bind_int64(find, 4, file->mtime_ns);
	code = store_step(store, find, found_r, err);
	(void)sqlite3_reset(find);
	return code;
}

static void
bind_entry(sqlite3_stmt *put, const struct ledger_entry *entry,
    char head[LEDGER_PACKED])
{
	bind_blob(put, 1, ledger_head_pack(&entry->head, head));
	(void)sqlite3_bind_int64(put, 2, (int64_t)entry->offset);
	(void)sqlite3_bind_int64(put, 3, (int64_t)entry->line);
	bind_text(put, 4, slice_str(entry->format));
	bind_time(put, 5, entry->last_line_utc);
	bind_time(put, 6, entry->first_utc);
	bind_time(put, 7, entry->last_utc);
	bind_text(put, 8, slice_str(entry->file.path));
	bind_text(put, 9, slice_str(entry->container));
	(void)sqlite3_bind_int64(put, 10, (int64_t)entry->file.device);
	(void)sqlite3_bind_int64(put, 11, (int64_t)entry->file.inode);
	(void)sqlite3_bind_int64(put, 12, (int64_t)entry->file.size_bytes);
	bind_time(put, 13, entry->file.mtime_ns);
	(void)sqlite3_bind_int(put, 14, entry->is_complete);
	(void)sqlite3_bind_int64(put, 15, entry->read_utc);
}

enum mx_code
store_save_input(struct store *store, struct ledger_entry *entry,
    struct mx_err *err)
{
	sqlite3_stmt *put = store_statement(store, entry->id == 0 ?
	    SQL_INPUT_ADD : SQL_INPUT_SET, err);
	char head[LEDGER_PACKED];
	enum mx_code code;

	if (put == NULL)
		return err->code;
	bind_entry(put, entry, head);
	if (entry->id != 0)
		(void)sqlite3_bind_int64(put, 16, entry->id);
	code = store_run(store, put, "keep the ledger", err);
	if (code == MX_OK && entry->id == 0)
		entry->id = sqlite3_last_insert_rowid(store->db);
	return code;
}

/* Is the sample another input's? The first such input's path is kept. */
static enum mx_code
find_sample(struct store *store, int64_t id, int64_t hash,
    struct sample_overlap *overlap, struct mx_err *err)
{
	sqlite3_stmt *get = store_statement(store, SQL_SAMPLE_GET, err);
	enum mx_code code;
	bool has_row;

	if (get == NULL)
		return err->code;
	(void)sqlite3_bind_int64(get, 1, hash);
	(void)sqlite3_bind_int64(get, 2, id);
	code = store_step(store, get, &has_row, err);
	if (code == MX_OK && has_row) {
		overlap->count++;
		if (overlap->path == NULL)
			overlap->path = mx_strndup(column_text(get, 0).ptr,
			    column_text(get, 0).len);
	}
	(void)sqlite3_reset(get);
	return code;
}

static int
compare_sample(const void *left, const void *right)
{
	const struct sample *a = left;
	const struct sample *b = right;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return (a->utc > b->utc) - (a->utc < b->utc);
}

struct sample_batch {
	const struct sample *list;
	int64_t input;
};

static void
give_sample(void *ctx, size_t row, int column, sqlite3_context *to)
{
	const struct sample_batch *it = ctx;

	sqlite3_result_int64(to, column == 1 ? it->list[row].hash :
	    column == 2 ? it->list[row].utc : it->input);
}

enum mx_code
store_add_samples(struct store *store, int64_t id, struct sample *list,
    size_t count, struct sample_overlap *overlap, struct mx_err *err)
{
	struct sample_batch it = { list, id };
	const struct batch batch = { .count = count, .give = give_sample,
		.ctx = &it };
	enum mx_code code;

	if (count == 0)
		return MX_OK;
	qsort(list, count, sizeof(*list), compare_sample);
	code = store_run_batch(store, SQL_SAMPLE_ADD, &batch, "keep samples",
	    err);
	/* nearly always all are new, and then nobody need be asked */
	if (code != MX_OK || (size_t)sqlite3_changes(store->db) == count)
		return code;
	for (size_t i = 0; i < count && code == MX_OK; i++)
		code = find_sample(store, id, list[i].hash, overlap, err);
	return code;
}

/* The other log of a server that writes each delivery into two. */
static const char *
twin_format(const char *format)
{
	if (strcmp(format, "exchange") == 0)
		return "exchange-send";
	return strcmp(format, "exchange-send") == 0 ? "exchange" : NULL;
}

enum mx_code
store_find_twin(struct store *store, const struct ledger_entry *entry,
    char **path_r, struct mx_err *err)
{
	const char *twin = twin_format(entry->format);
	sqlite3_stmt *get;
	enum mx_code code;
	bool has_row;

	*path_r = NULL;
	if (twin == NULL || entry->first_utc == INT64_MIN)
		return MX_OK;
	get = store_statement(store, SQL_INPUT_TWIN, err);
	if (get == NULL)
		return err->code;
	bind_text(get, 1, slice_str(twin));
	(void)sqlite3_bind_int64(get, 2, entry->first_utc);
	(void)sqlite3_bind_int64(get, 3, entry->last_utc);
	code = store_step(store, get, &has_row, err);
	if (code == MX_OK && has_row)
		*path_r = mx_strndup(column_text(get, 0).ptr,
		    column_text(get, 0).len);
	(void)sqlite3_reset(get);
	return code;
}

enum mx_code
store_each_input(struct store *store,
    enum mx_code (*each)(void *ctx, const struct ledger_entry *entry,
    struct mx_err *err), void *ctx, struct mx_err *err)
{
	sqlite3_stmt *find = store_statement(store, SQL_INPUT_ALL, err);
	enum mx_code code;
	bool has_row;

	if (find == NULL)
		return err->code;
	while ((code = store_step(store, find, &has_row, err)) == MX_OK &&
	    has_row) {
		struct ledger_entry entry;

		read_entry(find, &entry);
		code = each(ctx, &entry, err);
		ledger_release(&entry);
		if (code != MX_OK)
			break;
	}
	(void)sqlite3_reset(find);
	return code;
}

enum mx_code
store_load_under_way(struct store *store, struct log_memory *memory,
    struct mx_err *err)
{
	sqlite3_stmt *all = store_statement(store, SQL_META_UNDER_WAY, err);
	enum mx_code code;
	bool has_row;

	if (all == NULL)
		return err->code;
	while ((code = store_step(store, all, &has_row, err)) == MX_OK &&
	    has_row)
		log_memory_put(memory, column_text(all, 0),
		    column_text(all, 1));
	return code;
}

enum mx_code
store_save_under_way(struct store *store, struct log_memory *memory,
    struct mx_err *err)
{
	struct strbuf key, value;
	enum mx_code code = MX_OK;
	struct slice log;
	size_t at = 0;

	strbuf_init(&key, 8192);
	strbuf_init(&value, LIMIT_LOG_MEMORY_BYTES + 64);
	while (code == MX_OK && log_memory_next(memory, &at, &log, &value)) {
		sqlite3_stmt *put = store_statement(store, SQL_META_PUT, err);

		strbuf_reset(&key);
		strbuf_add_str(&key, "under-way:");
		strbuf_add_slice(&key, log);
		if (put == NULL) {
			code = err->code;
			break;
		}
		bind_text(put, 1, strbuf_slice(&key));
		bind_text(put, 2, strbuf_slice(&value));
		code = store_run(store, put, "note what is under way", err);
	}
	strbuf_release(&key);
	strbuf_release(&value);
	return code;
}
