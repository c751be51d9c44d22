/* SPDX-License-Identifier: BSD-2-Clause */
/* What lies where a store is to be, before SQLite opens any of it: its files
 * are files, and not put there by somebody else. */
#include "analyzer/store_priv.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const names[] = { "mxtrend.lock", "mxtrend.db",
	"mxtrend.db-wal", "mxtrend.db-shm", "mxtrend.db-journal" };

/* Where all users may make files and only their owners remove them (/tmp),
 * whose they are tells who made them. */
static bool
is_of_stranger(const struct stat *dir, const struct stat *file)
{
	return (dir->st_mode & S_IWOTH) != 0 && file->st_uid != 0 &&
	    file->st_uid != geteuid() && file->st_uid != dir->st_uid;
}

/* To be written: none of it is a link, and the lock has no other name, as it is
 * emptied, and given to the owner of the directory. */
static enum mx_code
check_own(const char *path, const struct stat *dir, bool is_lock,
    struct mx_err *err)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return MX_OK;
	if (!S_ISREG(st.st_mode))
		return mx_fail(err, MX_E_CANTCREAT, "%s: no file, but %s",
		    path, S_ISLNK(st.st_mode) ? "a symbolic link" :
		    S_ISDIR(st.st_mode) ? "a directory" : "a device or pipe");
	if (is_lock && st.st_nlink > 1)
		return mx_fail(err, MX_E_CANTCREAT, "%s: has other names (hard"
		    " links), and may be somebody's file", path);
	if (is_of_stranger(dir, &st))
		return mx_fail(err, MX_E_PERM, "%s: was made by user %lu, not"
		    " by us", path, (unsigned long)st.st_uid);
	return MX_OK;
}

/* To be read: opening it does not wait for ever. */
enum mx_code
store_check_file(const char *path, struct mx_err *err)
{
	struct stat st;

	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return mx_fail(err, MX_E_DATA, "%s: not a store of mxtrend",
		    path);
	return MX_OK;
}

enum mx_code
store_check_place(const char *dir, bool is_written, struct mx_err *err)
{
	enum mx_code code = MX_OK;
	struct strbuf path;
	struct stat st;

	if (stat(dir, &st) != 0)
		return MX_OK; /* opening it says why */
	strbuf_init(&path, 4096);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) &&
	    code == MX_OK; i++) {
		strbuf_reset(&path);
		strbuf_addf(&path, "%s/%s", dir, names[i]);
		code = is_written ? check_own(path.ptr, &st, i == 0, err) :
		    store_check_file(path.ptr, err);
	}
	strbuf_release(&path);
	return code;
}
