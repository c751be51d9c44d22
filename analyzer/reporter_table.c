/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/reporter_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

enum { COLUMNS = 3 };

struct reporter_row {
	struct slice key, name, domain;
};

struct reporter_table {
	struct arena arena;
	struct reporter_row *rows; /* of the last directory first */
	size_t count, room;
};

static bool
split(struct slice line, struct reporter_row *row)
{
	struct slice *fields[COLUMNS] = { &row->key, &row->name,
		&row->domain };

	for (size_t i = 0; i < COLUMNS; i++) {
		const char *tab = slice_chr(line, '\t');

		if ((tab == NULL) != (i + 1 == COLUMNS))
			return false;
		*fields[i] = tab != NULL ? slice_between(line.ptr, tab) : line;
		line = slice_skip(line, fields[i]->len + 1);
		if (fields[i]->len == 0 ||
		    slice_eq(*fields[i], SLICE("-")))
			*fields[i] = SLICE_NONE;
	}
	return row->key.len != 0 &&
	    slice_is_none(row->name) != slice_is_none(row->domain);
}

static enum mx_code
add_row(struct reporter_table *table, const struct reporter_row *row,
    const char *path, uint32_t line_no, struct mx_err *err)
{
	if (table->count == LIMIT_PROVIDERS)
		return mx_fail(err, MX_E_CONFIG, "%s:%u: more than %u rows",
		    path, line_no, LIMIT_PROVIDERS);
	if (table->count == table->room) {
		table->room = table->room != 0 ? 2 * table->room : 64;
		table->rows = mx_realloc(table->rows,
		    table->room * sizeof(*table->rows));
	}
	table->rows[table->count++] = *row;
	return MX_OK;
}

static enum mx_code
read_file(struct reporter_table *table, const struct data_file *file,
    const struct providers *providers, struct mx_err *err)
{
	struct slice rest = file->text, line;
	enum mx_code code = MX_OK;

	for (uint32_t line_no = 1; code == MX_OK &&
	    data_next_line(&rest, &line); line_no++) {
		struct reporter_row row;

		if (line.len == 0 || line.ptr[0] == '#' ||
		    slice_starts(line, SLICE("key\t")))
			continue;
		if (!split(line, &row))
			return mx_fail(err, MX_E_CONFIG, "%s:%u: not a key, "
			    "and a name or a domain, between tabs",
			    file->path, line_no);
		if (providers_by_key(providers, row.key) == NULL)
			return mx_fail(err, MX_E_CONFIG,
			    "%s:%u: there is no provider %.*s", file->path,
			    line_no, SLICE_ARG(row.key));
		code = add_row(table, &row, file->path, line_no, err);
	}
	return code;
}

enum mx_code
reporter_table_open(const char *const *dirs, size_t dir_count,
    const struct providers *providers, struct reporter_table **table_r,
    struct mx_err *err)
{
	struct reporter_table *table = mx_calloc(1, sizeof(*table));
	enum mx_code code = MX_OK;

	arena_init(&table->arena);
	for (size_t i = dir_count; i > 0 && code == MX_OK; i--) {
		struct data_file file;
		bool is_there;

		code = data_file_of(dirs[i - 1], "reporters.tsv",
		    &table->arena, &file, &is_there, err);
		if (code == MX_OK && is_there)
			code = read_file(table, &file, providers, err);
	}
	if (code != MX_OK)
		reporter_table_close(table);
	else
		*table_r = table;
	return code;
}

void
reporter_table_close(struct reporter_table *table)
{
	if (table == NULL)
		return;
	free(table->rows);
	arena_release(&table->arena);
	free(table);
}

static bool
is_below(struct slice name, struct slice domain)
{
	return slice_ends(name, domain) && (name.len == domain.len ||
	    name.ptr[name.len - domain.len - 1] == '.');
}

struct slice
reporter_table_find(const struct reporter_table *table, struct slice name,
    struct slice domain, struct slice receiver)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct reporter_row *row = &table->rows[i];

		if (!slice_is_none(row->name) ?
		    slice_eq_nocase(name, row->name) :
		    is_below(domain, row->domain) ||
		    is_below(receiver, row->domain))
			return row->key;
	}
	return SLICE_NONE;
}
