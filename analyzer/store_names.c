/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of a run and their numbers in the file. */
#include "analyzer/store_batch.h"

#include <stdlib.h>

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

/* Where the file's number of a name stands, 0 as long as it is not known. */
static int64_t *
known_id(struct name_numbers *numbers, uint32_t number)
{
	uint32_t room = numbers->room != 0 ? numbers->room : 64;

	if (number >= numbers->room) {
		while (room <= number)
			room *= 2;
		numbers->ids =
		    mx_realloc(numbers->ids, room * sizeof(*numbers->ids));
		memset(numbers->ids + numbers->room, 0,
		    (room - numbers->room) * sizeof(*numbers->ids));
		numbers->room = room;
	}
	return &numbers->ids[number];
}

enum mx_code
store_name_id(struct store *store, enum name_kind kind,
    const struct intern *table, uint32_t number, int64_t *id_r,
    struct mx_err *err)
{
	int64_t *id = known_id(&store->numbers[kind], number);
	enum mx_code code = MX_OK;

	if (*id == 0)
		code = add_name(store, kind, intern_name(table, number), id,
		    err);
	*id_r = *id;
	return code;
}

struct new_name {
	struct slice text;
	int64_t *id;
};

struct new_names {
	enum name_kind kind;
	struct new_name *list;
};

static int
compare_name(const void *left, const void *right)
{
	return slice_cmp(((const struct new_name *)left)->text,
	    ((const struct new_name *)right)->text);
}

static void
give_name(void *ctx, size_t row, int column, sqlite3_context *to)
{
	const struct new_names *names = ctx;

	if (column == 1)
		sqlite3_result_int(to, (int)names->kind);
	else
		give_text(to, names->list[row].text);
}

/* Where all were new, they have the numbers up to the last one. */
static enum mx_code
add_names(struct store *store, struct new_names *names, size_t count,
    struct mx_err *err)
{
	const struct batch batch = { .count = count, .give = give_name,
		.ctx = names };
	enum mx_code code = store_run_batch(store, SQL_NAMES_ADD, &batch,
	    "add names", err);
	int64_t last = sqlite3_last_insert_rowid(store->db);
	bool all_new = (size_t)sqlite3_changes(store->db) == count &&
	    last < INT64_MAX && (size_t)last >= count;

	for (size_t i = 0; i < count && code == MX_OK; i++)
		if (all_new)
			*names->list[i].id = last - (int64_t)(count - 1 - i);
		else
			code = store_find_name(store, names->kind,
			    names->list[i].text, names->list[i].id, err);
	return code;
}

/* The table itself may grow meanwhile. */
static uint32_t
largest(const uint32_t *numbers, size_t count)
{
	uint32_t most = 0;

	for (size_t i = 0; i < count; i++)
		if (numbers[i] != INTERN_NONE && numbers[i] > most)
			most = numbers[i];
	return most;
}

enum mx_code
store_name_ids(struct store *store, enum name_kind kind,
    const struct intern *table, const uint32_t *numbers, size_t count,
    struct mx_err *err)
{
	struct new_names names = { .kind = kind };
	enum mx_code code = MX_OK;
	size_t used = 0;

	/* what names.list points to must not move */
	(void)known_id(&store->numbers[kind], largest(numbers, count));
	names.list = mx_alloc(count * sizeof(*names.list));
	for (size_t i = 0; i < count; i++) {
		int64_t *id;

		if (numbers[i] == INTERN_NONE)
			continue;
		id = known_id(&store->numbers[kind], numbers[i]);
		if (*id != 0)
			continue;
		*id = -1; /* once is enough */
		names.list[used++] = (struct new_name){
		    intern_name(table, numbers[i]), id };
	}
	for (size_t i = 0; i < used; i++)
		*names.list[i].id = 0;
	if (used != 0) {
		qsort(names.list, used, sizeof(*names.list), compare_name);
		code = add_names(store, &names, used, err);
	}
	free(names.list);
	return code;
}

enum mx_code
store_name_text(struct store *store, enum name_kind kind, int64_t id,
    struct slice *text_r, struct mx_err *err)
{
	sqlite3_stmt *find = store_statement(store, SQL_NAME_TEXT, err);
	enum mx_code code;
	bool has_row;

	if (find == NULL)
		return err->code;
	(void)sqlite3_bind_int64(find, 1, id);
	(void)sqlite3_bind_int(find, 2, (int)kind);
	code = store_step(store, find, &has_row, err);
	if (code != MX_OK)
		return code;
	if (!has_row)
		return mx_fail(err, MX_E_DATA, "%s: damaged: name %lld missing",
		    store->path, (long long)id);
	*text_r = column_text(find, 0);
	return MX_OK;
}
