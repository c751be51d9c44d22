/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "base/say.h"
#include "base/strbuf.h"
#include "parsers/source.h"

static enum mx_code
add_path(struct path_list *list, const char *path, struct mx_err *err)
{
	if (list->count == LIMIT_PATHS)
		return mx_fail(err, MX_E_LIMIT, "more than %u input files",
		    LIMIT_PATHS);
	if ((list->count & (list->count - 1)) == 0) {
		size_t room = list->count != 0 ? list->count * 2 : 1;

		list->paths =
		    mx_realloc(list->paths, room * sizeof(*list->paths));
	}
	list->paths[list->count++] = mx_strdup(path);
	return MX_OK;
}

void
path_list_release(struct path_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->paths[i]);
	free(list->paths);
	list->paths = NULL;
	list->count = 0;
}

enum file_kind { KIND_DIRECTORY, KIND_REGULAR, KIND_OTHER };

static enum file_kind
kind_of_mode(mode_t mode)
{
	return S_ISDIR(mode) ? KIND_DIRECTORY : S_ISREG(mode) ? KIND_REGULAR :
	    KIND_OTHER;
}

/* Links to files are followed, links to directories are not. */
static enum file_kind
kind_in_walk(const char *path)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return KIND_OTHER;
	if (!S_ISLNK(st.st_mode))
		return kind_of_mode(st.st_mode);
	return stat(path, &st) == 0 && S_ISREG(st.st_mode) ? KIND_REGULAR :
	    KIND_OTHER;
}

static bool
is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool
walk_is_regular(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return source_is_member(path);
	return S_ISREG(st.st_mode);
}

struct member_list {
	struct path_list *list;
	bool is_full;
};

static enum mx_code
add_member(void *ctx, const char *path, struct mx_err *err)
{
	struct member_list *members = ctx;
	enum mx_code code = add_path(members->list, path, err);

	members->is_full = code != MX_OK;
	return code;
}

enum mx_code
walk_members(struct path_list *list, const char *path, struct mx_err *err)
{
	struct member_list members = { .list = list };
	struct mx_err why = { 0 };
	bool is_archive;
	enum mx_code code = source_list_members(path, add_member, &members,
	    &is_archive, &why);

	if (code == MX_OK)
		return is_archive ? MX_OK : add_path(list, path, err);
	if (members.is_full) {
		*err = why;
		return code;
	}
	say_err(path, &why);
	return MX_E_DATA;
}

/* A file, or the members of an archive. */
static enum mx_code
add_file(struct path_list *list, const char *path, struct mx_err *err)
{
	return list->keeps_archives ? add_path(list, path, err) :
	    walk_members(list, path, err);
}

bool
walk_is_partial(enum mx_code code)
{
	return code == MX_E_NOINPUT || code == MX_E_DATA;
}

static int
compare_names(const void *left, const void *right)
{
	char *const *a = left;
	char *const *b = right;

	return strcmp(*a, *b);
}

/* The names of one directory as whole paths, sorted. */
static enum mx_code
list_directory(const char *path, struct path_list *names, struct mx_err *err)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;
	enum mx_code code = MX_OK;

	if (dir == NULL)
		return mx_fail_errno(err, MX_E_NOINPUT, errno, "%s", path);
	while (code == MX_OK && (entry = readdir(dir)) != NULL) {
		struct strbuf full;

		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		strbuf_init(&full, 16384);
		strbuf_addf(&full, "%s/%s", path, entry->d_name);
		code = add_path(names, full.ptr, err);
		strbuf_release(&full);
	}
	(void)closedir(dir);
	if (names->count != 0)
		qsort(names->paths, names->count, sizeof(*names->paths),
		    compare_names);
	return code;
}

static bool
has_name(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL && strcmp(slash + 1, name) == 0;
}

static bool
has_directory(const struct path_list *paths, const char *name)
{
	for (size_t i = 0; i < paths->count; i++)
		if (has_name(paths->paths[i], name))
			return kind_in_walk(paths->paths[i]) ==
			    KIND_DIRECTORY;
	return false;
}

/* A Maildir's tmp holds what is not delivered yet. */
static enum mx_code
add_walked(struct path_list *list, struct path_list *waiting,
    const char *path, bool is_in_maildir, struct mx_err *err)
{
	switch (kind_in_walk(path)) {
	case KIND_DIRECTORY:
		return is_in_maildir && has_name(path, "tmp") ? MX_OK :
		    add_path(waiting, path, err);
	case KIND_REGULAR:
		return add_file(list, path, err);
	case KIND_OTHER:
		break;
	}
	return MX_OK;
}

/* Directories still to be read are kept in a list of our own: depth is the
 * file system's to choose. */
static enum mx_code
walk_directory(struct path_list *list, const char *top, struct mx_err *err)
{
	struct path_list waiting = { 0 };
	enum mx_code worst = MX_OK;
	enum mx_code code = add_path(&waiting, top, err);

	for (size_t at = 0; at < waiting.count && code == MX_OK; at++) {
		struct path_list names = { 0 };
		bool is_maildir;

		code = list_directory(waiting.paths[at], &names, err);
		if (code == MX_E_NOINPUT)
			say_err(NULL, err);
		is_maildir = has_directory(&names, "cur") &&
		    has_directory(&names, "new");
		for (size_t i = 0; i < names.count && (code == MX_OK ||
		    walk_is_partial(code)); i++) {
			if (code != MX_OK)
				worst = code;
			code = add_walked(list, &waiting, names.paths[i],
			    is_maildir, err);
		}
		if (walk_is_partial(code)) {
			worst = code;
			code = MX_OK;
		}
		path_list_release(&names);
	}
	path_list_release(&waiting);
	if (code == MX_OK && worst != MX_OK)
		return mx_fail(err, worst, "%s", "");
	return code;
}

enum mx_code
walk_links(struct path_list *list, const char *top, size_t most,
    struct mx_err *err)
{
	struct path_list waiting = { 0 };
	enum mx_code code = add_path(&waiting, top, err);

	for (size_t at = 0; at < waiting.count && code == MX_OK; at++) {
		struct path_list names = { 0 };

		code = list_directory(waiting.paths[at], &names, err);
		/* told by walk_path, if it is to be told */
		if (code == MX_E_NOINPUT)
			code = MX_OK;
		for (size_t i = 0; i < names.count && code == MX_OK; i++) {
			struct stat st;

			if (lstat(names.paths[i], &st) != 0)
				continue;
			if (S_ISDIR(st.st_mode))
				code = add_path(&waiting, names.paths[i], err);
			else if (S_ISLNK(st.st_mode) && list->count < most)
				code = add_path(list, names.paths[i], err);
		}
		path_list_release(&names);
	}
	path_list_release(&waiting);
	return code;
}

enum mx_code
walk_path(struct path_list *list, const char *path, bool is_recursive,
    struct mx_err *err)
{
	if (is_recursive && is_directory(path))
		return walk_directory(list, path, err);
	return strcmp(path, "-") == 0 ? add_path(list, path, err) :
	    add_file(list, path, err);
}
