/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of a run and their numbers in the file. */
#include "analyzer/store_priv.h"

enum mx_code
store_find_name(struct store *store, enum name_kind kind, struct slice text,
    int64_t *id_r, struct mx_err *err)
{
	sqlite3_stmt *find = store_statement(store, SQL_NAME_ID, err);
	enum mx_code code;
	bool has_row;

	if (find == NULL)
		return err->code;
	(void)sqlite3_bind_int(find, 1, (int)kind);
	bind_text(find, 2, text);
	code = store_step(store, find, &has_row, err);
	*id_r = code == MX_OK && has_row ? sqlite3_column_int64(find, 0) : 0;
	(void)sqlite3_reset(find);
	return code;
}

static enum mx_code
add_name(struct store *store, enum name_kind kind, struct slice text,
    int64_t *id_r, struct mx_err *err)
{
	sqlite3_stmt *add = store_statement(store, SQL_NAME_ADD, err);
	enum mx_code code;

	if (add == NULL)
		return err->code;
	(void)sqlite3_bind_int(add, 1, (int)kind);
	bind_text(add, 2, text);
	code = store_run(store, add, "add a name", err);
	if (code != MX_OK)
		return code;
	if (sqlite3_changes(store->db) != 0) {
		*id_r = sqlite3_last_insert_rowid(store->db);
		return MX_OK;
	}
	return store_find_name(store, kind, text, id_r, err);
}

enum mx_code
store_name_id(struct store *store, enum name_kind kind,
    const struct intern *table, uint32_t number, int64_t *id_r,
    struct mx_err *err)
{
	struct name_numbers *numbers = &store->numbers[kind];

	if (number >= numbers->room) {
		uint32_t room = numbers->room != 0 ? numbers->room : 64;

		while (room <= number)
			room *= 2;
		numbers->ids =
		    mx_realloc(numbers->ids, room * sizeof(*numbers->ids));
		memset(numbers->ids + numbers->room, 0,
		    (room - numbers->room) * sizeof(*numbers->ids));
		numbers->room = room;
	}
	if (numbers->ids[number] == 0) {
		enum mx_code code = add_name(store, kind,
		    intern_name(table, number), &numbers->ids[number], err);

		if (code != MX_OK)
			return code;
	}
	*id_r = numbers->ids[number];
	return MX_OK;
}

enum mx_code
store_name_text(struct store *store, int64_t id, struct slice *text_r,
    struct mx_err *err)
{
	sqlite3_stmt *find = store_statement(store, SQL_NAME_TEXT, err);
	enum mx_code code;
	bool has_row;

	if (find == NULL)
		return err->code;
	(void)sqlite3_bind_int64(find, 1, id);
	code = store_step(store, find, &has_row, err);
	if (code != MX_OK)
		return code;
	if (!has_row)
		return mx_fail(err, MX_E_DATA, "%s: damaged: name %lld missing",
		    store->path, (long long)id);
	*text_r = column_text(find, 0);
	return MX_OK;
}
