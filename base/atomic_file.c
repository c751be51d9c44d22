/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/strbuf.h"

enum { OUTPUT_MODE = 0640, NAME_TRIES = 100, PATH_BYTES = 4096 };

struct atomic_file {
	FILE *stream;
	char *path;      /* NULL = standard output */
	char *temporary; /* NULL = written in place */
};

enum mx_code
stream_check(FILE *stream, const char *name, struct mx_err *err)
{
	bool was_bad = ferror(stream) != 0;
	struct pollfd poll_fd = { .fd = fileno(stream), .events = POLLOUT };
	int why;

	errno = 0;
	if (fault_hits(FAULT_WRITE))
		errno = ENOSPC;
	else if (fflush(stream) == 0 && !was_bad)
		return MX_OK;
	why = errno != 0 ? errno : EIO;
	if (was_bad && poll(&poll_fd, 1, 0) == 1 &&
	    (poll_fd.revents & POLLERR) != 0)
		why = EPIPE;
	return mx_fail_errno(err, MX_E_IO, why, "%s", name);
}

/* ".NAME.PID.N.tmp" in the directory of PATH; O_EXCL makes sure that it is
 * ours however well it was guessed. */
static int
open_temporary(const char *path, char **name_r)
{
	const char *slash = strrchr(path, '/');
	size_t dir_len = slash != NULL ? (size_t)(slash - path) + 1 : 0;
	struct strbuf name;
	int fd = -1;

	strbuf_init(&name, PATH_BYTES);
	for (int i = 0; i < NAME_TRIES; i++) {
		strbuf_reset(&name);
		strbuf_add(&name, path, dir_len);
		strbuf_addf(&name, ".%s.%ld.%d.tmp", path + dir_len,
		    (long)getpid(), i);
		if (name.is_cut) {
			errno = ENAMETOOLONG;
			break;
		}
		fd = open(name.ptr, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
		    O_CLOEXEC, OUTPUT_MODE);
		if (fd >= 0 || errno != EEXIST)
			break;
	}
	if (fd >= 0)
		*name_r = mx_strndup(name.ptr, name.len);
	strbuf_release(&name);
	return fd;
}

/* A device or FIFO; not a file that took its place meanwhile. */
static int
open_special(const char *path)
{
	int fd = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode)))
		return fd;
	(void)close(fd);
	errno = EBUSY;
	return -1;
}

/* The descriptor to write to, -1 with errno. */
static int
open_target(struct atomic_file *file)
{
	struct stat st;

	if (lstat(file->path, &st) == 0 && !S_ISREG(st.st_mode)) {
		if (S_ISDIR(st.st_mode))
			errno = EISDIR;
		else if (S_ISLNK(st.st_mode))
			errno = ELOOP;
		else
			return open_special(file->path);
		return -1;
	}
	return open_temporary(file->path, &file->temporary);
}

static void
forget(struct atomic_file *file)
{
	free(file->path);
	free(file->temporary);
	free(file);
}

enum mx_code
atomic_file_open(const char *path, struct atomic_file **file_r,
    struct mx_err *err)
{
	struct atomic_file *file = mx_calloc(1, sizeof(*file));
	int fd, why;

	*file_r = NULL;
	if (path == NULL || strcmp(path, "-") == 0) {
		file->stream = stdout;
		*file_r = file;
		return MX_OK;
	}
	file->path = mx_strdup(path);
	fd = open_target(file);
	if (fd >= 0)
		file->stream = fdopen(fd, "w");
	if (file->stream != NULL) {
		*file_r = file;
		return MX_OK;
	}
	why = errno;
	if (fd >= 0)
		(void)close(fd);
	if (file->temporary != NULL)
		(void)unlink(file->temporary);
	forget(file);
	if (why == ELOOP)
		return mx_fail(err, MX_E_CANTCREAT,
		    "%s: is a symbolic link, which is not followed", path);
	return mx_fail_errno(err, MX_E_CANTCREAT, why, "%s", path);
}

FILE *
atomic_file_stream(struct atomic_file *file)
{
	return file->stream;
}

/* So that the new name, too, survives a crash; a file system that cannot
 * sync a directory is none of our concern. */
static void
sync_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash == NULL ? mx_strdup(".") :
	    mx_strndup(path, slash == path ? 1 : (size_t)(slash - path));
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		(void)fsync(fd);
		(void)close(fd);
	}
	free(dir);
}

static enum mx_code
settle(struct atomic_file *file, struct mx_err *err)
{
	enum mx_code code = stream_check(file->stream, file->path, err);

	if (code == MX_OK && file->temporary != NULL &&
	    fsync(fileno(file->stream)) != 0)
		code = mx_fail_errno(err, MX_E_IO, errno, "%s", file->path);
	if (fclose(file->stream) != 0 && code == MX_OK)
		code = mx_fail_errno(err, MX_E_IO, errno, "%s", file->path);
	if (file->temporary == NULL)
		return code;
	if (code == MX_OK && rename(file->temporary, file->path) != 0)
		code = mx_fail_errno(err, MX_E_CANTCREAT, errno, "%s",
		    file->path);
	if (code == MX_OK)
		sync_directory(file->path);
	else
		(void)unlink(file->temporary);
	return code;
}

enum mx_code
atomic_file_commit(struct atomic_file *file, struct mx_err *err)
{
	enum mx_code code = file->path == NULL ?
	    stream_check(file->stream, "standard output", err) :
	    settle(file, err);

	forget(file);
	return code;
}

void
atomic_file_discard(struct atomic_file *file)
{
	if (file == NULL)
		return;
	if (file->path != NULL)
		(void)fclose(file->stream);
	if (file->temporary != NULL)
		(void)unlink(file->temporary);
	forget(file);
}
