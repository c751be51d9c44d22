/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/trust.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/say.h"
#include "cli/build_info.h"

/* S_ISVTX, which is not in POSIX without its extensions. */
enum { STICKY = 01000 };

/* What /etc says is followed by root as well. Elsewhere it is told: umask 0
 * and mounted volumes make such files where nobody means harm. */
static enum mx_code
tell_or_refuse(const char *path, const char *name, struct mx_err *err)
{
	const char *slash = name[0] != '\0' ? "/" : "";

	if (strncmp(path, "/etc/", 5) == 0)
		return mx_fail(err, MX_E_CONFIG, "%s%s%s: every user may write"
		    " to it; chmod o-w it when you know what it says", path,
		    slash, name);
	say_error("%s%s%s: every user may write to it (chmod o-w it)", path,
	    slash, name);
	return MX_OK;
}

enum mx_code
trust_file(int fd, const char *path, struct mx_err *err)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_mode & S_IWOTH) != 0)
		return tell_or_refuse(path, "", err);
	return MX_OK;
}

/* Volumes of a container are often mode 0777, and read-only. */
static bool
can_be_changed(int fd)
{
	struct statvfs fs;
	struct stat st;

	return fstat(fd, &st) == 0 && (st.st_mode & S_IWOTH) != 0 &&
	    fstatvfs(fd, &fs) == 0 && (fs.f_flag & ST_RDONLY) == 0;
}

static enum mx_code
check_entries(DIR *dir, const char *path, struct mx_err *err)
{
	const struct dirent *entry;
	enum mx_code code = MX_OK;
	struct stat st;

	while (code == MX_OK && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.' &&
		    fstatat(dirfd(dir), entry->d_name, &st, 0) == 0 &&
		    S_ISREG(st.st_mode) && (st.st_mode & S_IWOTH) != 0)
			code = tell_or_refuse(path, entry->d_name, err);
	return code;
}

enum mx_code
trust_directory(const char *path, struct mx_err *err)
{
	DIR *dir = opendir(path);
	enum mx_code code;

	/* whoever reads it says what is wrong */
	if (dir == NULL)
		return MX_OK;
	code = can_be_changed(dirfd(dir)) ? tell_or_refuse(path, "", err) :
	    check_entries(dir, path, err);
	(void)closedir(dir);
	return code;
}

static bool
is_ours(const char *dir)
{
	const char *own = build_data_dir();
	size_t len = strlen(own);

	return strncmp(dir, own, len) == 0 && dir[len] == '/';
}

static enum mx_code
trust_all(const char *const *dirs, size_t count, struct mx_err *err)
{
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < count && code == MX_OK; i++)
		if (!is_ours(dirs[i]))
			code = trust_directory(dirs[i], err);
	return code;
}

enum mx_code
trust_settings(const struct settings *settings, struct mx_err *err)
{
	enum mx_code code = trust_all(settings->rule_dirs,
	    settings->rule_dir_count, err);

	return code == MX_OK ? trust_all(settings->format_dirs,
	    settings->format_dir_count, err) : code;
}

/* /tmp and its like: whose the files are is asked where they are opened. */
void
trust_state(const char *dir)
{
	struct stat st;

	if (stat(dir, &st) == 0 && (st.st_mode & S_IWOTH) != 0 &&
	    (st.st_mode & STICKY) == 0)
		say_error("%s: every user may write to it, and replace the"
		    " store (chmod o-w it)", dir);
}
