/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "base/say.h"
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

/* Links to files are followed, links to directories are not. */
enum file_kind { KIND_DIRECTORY, KIND_REGULAR, KIND_LINK, KIND_OTHER };

static enum file_kind
kind_of_mode(mode_t mode)
{
	return S_ISDIR(mode) ? KIND_DIRECTORY : S_ISREG(mode) ? KIND_REGULAR :
	    S_ISLNK(mode) ? KIND_LINK : KIND_OTHER;
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

/* What a directory holds. */
struct found {
	char *path;
	enum file_kind kind;
};

struct found_list {
	struct found *all;
	size_t count;
};

static void
found_release(struct found_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->all[i].path);
	free(list->all);
}

static int
compare_found(const void *left, const void *right)
{
	const struct found *a = left;
	const struct found *b = right;

	return strcmp(a->path, b->path);
}

static char *
joined(const char *directory, const char *name)
{
	size_t front = strlen(directory), len = strlen(name);
	char *path = mx_alloc(front + 1 + len + 1);

	memcpy(path, directory, front);
	path[front] = '/';
	memcpy(path + front + 1, name, len + 1);
	return path;
}

/* Most file systems tell the kind with the name. The numbers are the same
 * wherever there is such a field; their names are not POSIX. */
static enum file_kind
kind_of_entry(DIR *dir, const struct dirent *entry)
{
	struct stat st;

#ifdef _DIRENT_HAVE_D_TYPE
	switch (entry->d_type) {
	case 4:
		return KIND_DIRECTORY;
	case 8:
		return KIND_REGULAR;
	case 10:
		return KIND_LINK;
	default:
		break;
	}
#endif
	return fstatat(dirfd(dir), entry->d_name, &st,
	    AT_SYMLINK_NOFOLLOW) == 0 ? kind_of_mode(st.st_mode) : KIND_OTHER;
}

static enum mx_code
add_found(struct found_list *list, DIR *dir, const char *path,
    const struct dirent *entry, struct mx_err *err)
{
	if (list->count == LIMIT_PATHS)
		return mx_fail(err, MX_E_LIMIT, "more than %u input files",
		    LIMIT_PATHS);
	if ((list->count & (list->count - 1)) == 0) {
		size_t room = list->count != 0 ? list->count * 2 : 1;

		list->all = mx_realloc(list->all, room * sizeof(*list->all));
	}
	list->all[list->count++] = (struct found){
		.path = joined(path, entry->d_name),
		.kind = kind_of_entry(dir, entry) };
	return MX_OK;
}

/* One directory, sorted. */
static enum mx_code
list_directory(const char *path, struct found_list *list, struct mx_err *err)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;
	enum mx_code code = MX_OK;

	if (dir == NULL)
		return mx_fail_errno(err, MX_E_NOINPUT, errno, "%s", path);
	while (code == MX_OK && (entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			code = add_found(list, dir, path, entry, err);
	(void)closedir(dir);
	if (list->count != 0)
		qsort(list->all, list->count, sizeof(*list->all),
		    compare_found);
	return code;
}

static bool
has_name(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL && strcmp(slash + 1, name) == 0;
}

static bool
has_directory(const struct found_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (has_name(list->all[i].path, name))
			return list->all[i].kind == KIND_DIRECTORY;
	return false;
}

/* A Maildir's tmp holds what is not delivered yet. */
static enum mx_code
add_walked(struct path_list *list, struct path_list *waiting,
    const struct found *found, bool is_in_maildir, struct mx_err *err)
{
	struct stat st;

	switch (found->kind) {
	case KIND_DIRECTORY:
		return is_in_maildir && has_name(found->path, "tmp") ? MX_OK :
		    add_path(waiting, found->path, err);
	case KIND_LINK:
		if (stat(found->path, &st) != 0 || !S_ISREG(st.st_mode))
			break;
		return add_file(list, found->path, err);
	case KIND_REGULAR:
		return add_file(list, found->path, err);
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
		struct found_list names = { 0 };
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
			code = add_walked(list, &waiting, &names.all[i],
			    is_maildir, err);
		}
		if (walk_is_partial(code)) {
			worst = code;
			code = MX_OK;
		}
		found_release(&names);
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
		struct found_list names = { 0 };

		code = list_directory(waiting.paths[at], &names, err);
		/* told by walk_path, if it is to be told */
		if (code == MX_E_NOINPUT)
			code = MX_OK;
		for (size_t i = 0; i < names.count && code == MX_OK; i++) {
			const struct found *found = &names.all[i];

			if (found->kind == KIND_DIRECTORY)
				code = add_path(&waiting, found->path, err);
			else if (found->kind == KIND_LINK &&
			    list->count < most)
				code = add_path(list, found->path, err);
		}
		found_release(&names);
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
