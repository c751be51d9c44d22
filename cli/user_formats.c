/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/user_formats.h"

#include <stdlib.h>

#include "analyzer/data_dir.h"
#include "base/limits.h"

/* One being opened: which of them are this directory's. */
struct opening {
	struct user_formats *formats;
	size_t dir_begin;
	struct arena arena;
};

static size_t
place_of(const struct user_formats *formats, const char *name)
{
	size_t i = 0;

	while (i < formats->count &&
	    strcmp(formats->formats[i]->format.name, name) != 0)
		i++;
	return i;
}

static enum mx_code
keep(struct opening *opening, struct user_format *format, bool *is_kept,
    struct mx_err *err)
{
	struct user_formats *formats = opening->formats;
	size_t at = place_of(formats, format->format.name);

	*is_kept = false;
	if (at < formats->count && at >= opening->dir_begin)
		return mx_fail(err, MX_E_CONFIG, "%s:1: %s has a format of "
		    "the same name", format->path,
		    formats->formats[at]->path);
	if (at < formats->count) {
		user_format_free(formats->formats[at]);
	} else if (formats->count == LIMIT_USER_FORMATS) {
		return mx_fail(err, MX_E_CONFIG, "%s:1: more than %u formats",
		    format->path, LIMIT_USER_FORMATS);
	} else {
		formats->count++;
	}
	formats->formats[at] = format;
	*is_kept = true;
	return MX_OK;
}

static enum mx_code
open_file(struct opening *opening, const char *path, struct mx_err *err)
{
	struct user_format *format = NULL;
	struct data_file file;
	bool is_kept;
	enum mx_code code = data_file_read(path, &opening->arena, &file, err);

	if (code == MX_OK)
		code = user_format_load(path, file.text, &format, NULL, err);
	if (code != MX_OK)
		return code;
	code = keep(opening, format, &is_kept, err);
	if (!is_kept)
		user_format_free(format);
	return code;
}

static enum mx_code
open_dir(struct opening *opening, const char *dir, struct mx_err *err)
{
	const char **paths;
	size_t count;
	enum mx_code code = data_dir_list(dir, ".format", &opening->arena,
	    &paths, &count, err);

	opening->dir_begin = opening->formats->count;
	for (size_t i = 0; i < count && code == MX_OK; i++)
		code = open_file(opening, paths[i], err);
	return code;
}

enum mx_code
user_formats_open(const char *const *dirs, size_t dir_count,
    struct user_formats *formats_r, struct mx_err *err)
{
	struct opening opening = { .formats = formats_r };
	enum mx_code code = MX_OK;

	memset(formats_r, 0, sizeof(*formats_r));
	if (dir_count == 0)
		return MX_OK;
	arena_init(&opening.arena);
	formats_r->formats = mx_calloc(LIMIT_USER_FORMATS,
	    sizeof(struct user_format *));
	for (size_t i = 0; i < dir_count && code == MX_OK; i++)
		code = open_dir(&opening, dirs[i], err);
	arena_release(&opening.arena);
	if (code != MX_OK) {
		user_formats_close(formats_r);
		return code;
	}
	formats_r->list = mx_calloc(formats_r->count + 1,
	    sizeof(struct log_format *));
	for (size_t i = 0; i < formats_r->count; i++)
		formats_r->list[i] = &formats_r->formats[i]->format;
	return MX_OK;
}

void
user_formats_close(struct user_formats *formats)
{
	for (size_t i = 0; i < formats->count; i++)
		user_format_free(formats->formats[i]);
	free(formats->formats);
	free(formats->list);
	memset(formats, 0, sizeof(*formats));
}
