/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/data_dir.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

static enum mx_code
read_all(FILE *stream, const char *path, struct arena *arena,
    struct slice *text_r, struct mx_err *err)
{
	size_t room = 16 * 1024, used = 0, got;
	char *buf = mx_alloc(room);
	enum mx_code code = MX_OK;

	while ((got = fread(buf + used, 1, room - used, stream)) != 0) {
		used += got;
		if (used > LIMIT_RULE_FILE_BYTES) {
			code = mx_fail(err, MX_E_LIMIT,
			    "%s: larger than %u bytes", path,
			    LIMIT_RULE_FILE_BYTES);
			break;
		}
		if (used == room) {
			room *= 2;
			buf = mx_realloc(buf, room);
		}
	}
	if (code == MX_OK && ferror(stream))
		code = mx_fail_errno(err, MX_E_IO, errno, "%s", path);
	if (code == MX_OK)
		*text_r = arena_slice(arena, slice_of(buf, used));
	free(buf);
	return code;
}

enum mx_code
data_file_read(const char *path, struct arena *arena,
    struct data_file *file_r, struct mx_err *err)
{
	FILE *stream = fopen(path, "re");
	enum mx_code code;

	if (stream == NULL)
		return mx_fail_errno(err, MX_E_NOINPUT, errno, "%s", path);
	file_r->path = arena_strndup(arena, path, strlen(path));
	code = read_all(stream, path, arena, &file_r->text, err);
	(void)fclose(stream);
	return code;
}

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *
join(const char *dir, const char *name, struct arena *arena)
{
	size_t dir_len = strlen(dir), name_len = strlen(name);
	char *path = arena_alloc(arena, dir_len + name_len + 2);

	memcpy(path, dir, dir_len);
	path[dir_len] = '/';
	memcpy(path + dir_len + 1, name, name_len + 1);
	return path;
}

enum mx_code
data_dir_list(const char *dir, const char *suffix, struct arena *arena,
    const char ***paths_r, size_t *count_r, struct mx_err *err)
{
	DIR *stream = opendir(dir);
	const struct dirent *entry;
	enum mx_code code = MX_OK;

	*count_r = 0;
	*paths_r = arena_alloc(arena, LIMIT_DATA_FILES * sizeof(**paths_r));
	if (stream == NULL && errno == ENOENT)
		return MX_OK;
	if (stream == NULL)
		return mx_fail_errno(err, MX_E_IO, errno, "%s", dir);
	/* one reader, and the stream is ours alone */
	for (;;) {
		struct slice name;

		errno = 0;
		entry = readdir(stream);
		if (entry == NULL)
			break;
		name = slice_str(entry->d_name);
		if (entry->d_name[0] == '.' ||
		    !slice_ends(name, slice_str(suffix)))
			continue;
		if (*count_r == LIMIT_DATA_FILES) {
			code = mx_fail(err, MX_E_LIMIT,
			    "%s: more than %u files", dir, LIMIT_DATA_FILES);
			break;
		}
		(*paths_r)[(*count_r)++] = join(dir, entry->d_name, arena);
	}
	if (entry == NULL && errno != 0)
		code = mx_fail_errno(err, MX_E_IO, errno, "%s", dir);
	(void)closedir(stream);
	qsort(*paths_r, *count_r, sizeof(**paths_r), by_bytes);
	return code;
}

enum mx_code
data_file_of(const char *dir, const char *name, struct arena *arena,
    struct data_file *file_r, bool *is_there_r, struct mx_err *err)
{
	enum mx_code code = data_file_read(join(dir, name, arena), arena,
	    file_r, err);

	*is_there_r = code == MX_OK;
	if (code == MX_E_NOINPUT && err->sys_errno == ENOENT)
		return MX_OK;
	return code == MX_E_LIMIT ? MX_E_CONFIG : code;
}

bool
data_next_line(struct slice *rest, struct slice *line_r)
{
	const char *end;

	if (rest->len == 0)
		return false;
	end = slice_chr(*rest, '\n');
	if (end == NULL)
		end = rest->ptr + rest->len;
	*line_r = slice_between(rest->ptr, end);
	*rest = slice_skip(*rest, line_r->len + 1);
	if (line_r->len != 0 && line_r->ptr[line_r->len - 1] == '\r')
		line_r->len--;
	return true;
}
