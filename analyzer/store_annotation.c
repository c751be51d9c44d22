/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/annotation.h"

#include "analyzer/store_priv.h"

enum mx_code
store_annotate(struct store *store, const struct annotation *annotation,
    bool *is_new_r, struct mx_err *err)
{
	sqlite3_stmt *add = store_statement(store, SQL_ANNOTATION_ADD, err);
	enum mx_code code;

	if (add == NULL)
		return err->code;
	(void)sqlite3_bind_int64(add, 1, annotation->utc);
	bind_text(add, 2, annotation->provider);
	bind_text(add, 3, annotation->source_ip);
	bind_text(add, 4, annotation->kind);
	bind_blob(add, 5, annotation->text);
	bind_text(add, 6, annotation->path);
	(void)sqlite3_bind_int64(add, 7, annotation->line);
	code = store_run(store, add, "add a remark", err);
	*is_new_r = code == MX_OK && sqlite3_changes(store->db) != 0;
	return code;
}

enum mx_code
store_annotations(struct store *store,
    void (*each)(void *ctx, const struct annotation *annotation), void *ctx,
    struct mx_err *err)
{
	sqlite3_stmt *from;
	enum mx_code code;
	bool has_row;

	if (store->schema < SCHEMA_REPORTS)
		return MX_OK;
	from = store_statement(store, SQL_ANNOTATIONS, err);
	if (from == NULL)
		return err->code;
	while ((code = store_step(store, from, &has_row, err)) == MX_OK &&
	    has_row) {
		const struct annotation it = {
			.id = sqlite3_column_int64(from, 0),
			.utc = column_utc(from, 1),
			.provider = column_text(from, 2),
			.source_ip = column_text(from, 3),
			.kind = column_text(from, 4),
			.text = column_blob(from, 5),
			.path = column_text(from, 6),
			.line = sqlite3_column_int64(from, 7),
			.is_own = sqlite3_column_int64(from, 8) == 1 };

		each(ctx, &it);
	}
	(void)sqlite3_reset(from);
	return code;
}

enum mx_code
store_drop_annotation(struct store *store, int64_t id, struct mx_err *err)
{
	sqlite3_stmt *drop = store_statement(store, SQL_ANNOTATION_DROP, err);
	enum mx_code code;

	if (drop == NULL)
		return err->code;
	(void)sqlite3_bind_int64(drop, 1, id);
	code = store_run(store, drop, "drop a remark", err);
	if (code == MX_OK && sqlite3_changes(store->db) == 0)
		return mx_fail(err, MX_E_USAGE, "%lld: no remark of this store "
		    "has that number; mxtrend annotate --list shows them",
		    (long long)id);
	return code;
}
