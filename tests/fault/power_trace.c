/* SPDX-License-Identifier: BSD-2-Clause */
/* Notes, in order, everything that a process does to the files of one folder:
 * writes, truncations, syncs, names that come and go. To be preloaded
 * (LD_PRELOAD); tests/fault/power.py then works out what a disk may hold when
 * the power fails at any moment between two of these.
 *
 * POWER_DIR: the folder; POWER_TRACE: where the notes go. A note is
 * "OP path-length offset length\n", the path, and for W the bytes. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { FD_MAX = 1024 };

static char *paths[FD_MAX]; /* of what is open in the folder */

static void *
next_symbol(const char *name)
{
	void *symbol = dlsym(RTLD_NEXT, name);

	if (symbol == NULL)
		abort();
	return symbol;
}

/* ISO C has no way from an object to a function but this. */
#define NEXT(type, name) \
	type next; \
	void *symbol = next_symbol(name); \
	memcpy(&next, &symbol, sizeof(next))

typedef ssize_t (*write_call)(int, const void *, size_t);
typedef ssize_t (*pwrite_call)(int, const void *, size_t, off_t);
typedef int (*open_call)(const char *, int, ...);
typedef int (*truncate_call)(int, off_t);
typedef int (*fd_call)(int);
typedef int (*name_call)(const char *);

static int
trace_fd(void)
{
	static int fd = -1;
	const char *name = getenv("POWER_TRACE");

	if (fd < 0 && name != NULL) {
		NEXT(open_call, "open");
		fd = next(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
		    0600);
	}
	return fd;
}

static bool
is_watched(const char *path)
{
	const char *dir = getenv("POWER_DIR");

	return dir != NULL && strncmp(path, dir, strlen(dir)) == 0 &&
	    path[strlen(dir)] == '/';
}

static void
note(char op, const char *path, off_t offset, const void *bytes, size_t len)
{
	char head[128];
	int head_len = snprintf(head, sizeof(head), "%c %zu %lld %zu\n", op,
	    strlen(path), (long long)offset, len);
	NEXT(write_call, "write");

	if (next(trace_fd(), head, (size_t)head_len) != head_len ||
	    next(trace_fd(), path, strlen(path)) != (ssize_t)strlen(path) ||
	    (bytes != NULL && next(trace_fd(), bytes, len) != (ssize_t)len))
		abort();
}

static const char *
path_of(int fd)
{
	return fd >= 0 && fd < FD_MAX ? paths[fd] : NULL;
}

static int
opened(int fd, const char *path, int flags, bool was_there)
{
	if (fd < 0 || fd >= FD_MAX || !is_watched(path))
		return fd;
	free(paths[fd]);
	paths[fd] = strdup(path);
	if (!was_there && (flags & O_CREAT) != 0)
		note('C', path, 0, NULL, 0);
	if (was_there && (flags & O_TRUNC) != 0)
		note('T', path, 0, NULL, 0);
	return fd;
}

#define OPEN_BODY(name) \
	NEXT(open_call, name); \
	bool was_there = access(path, F_OK) == 0; \
	mode_t mode = 0; \
	va_list args; \
	va_start(args, flags); \
	if ((flags & O_CREAT) != 0) \
		mode = va_arg(args, mode_t); \
	va_end(args); \
	return opened(next(path, flags, mode), path, flags, was_there)

int
open(const char *path, int flags, ...)
{
	OPEN_BODY("open");
}

int
open64(const char *path, int flags, ...)
{
	OPEN_BODY("open64");
}

int
close(int fd)
{
	NEXT(fd_call, "close");

	if (path_of(fd) != NULL) {
		free(paths[fd]);
		paths[fd] = NULL;
	}
	return next(fd);
}

static ssize_t
wrote(int fd, const void *bytes, off_t offset, ssize_t done)
{
	if (done > 0 && path_of(fd) != NULL)
		note('W', path_of(fd), offset, bytes, (size_t)done);
	return done;
}

ssize_t
write(int fd, const void *bytes, size_t len)
{
	off_t offset = path_of(fd) != NULL ? lseek(fd, 0, SEEK_CUR) : 0;
	NEXT(write_call, "write");

	return wrote(fd, bytes, offset, next(fd, bytes, len));
}

ssize_t
pwrite(int fd, const void *bytes, size_t len, off_t offset)
{
	NEXT(pwrite_call, "pwrite");

	return wrote(fd, bytes, offset, next(fd, bytes, len, offset));
}

ssize_t
pwrite64(int fd, const void *bytes, size_t len, off64_t offset)
{
	NEXT(pwrite_call, "pwrite64");

	return wrote(fd, bytes, offset, next(fd, bytes, len, offset));
}

static int
cut(int fd, off_t len, int status)
{
	if (status == 0 && path_of(fd) != NULL)
		note('T', path_of(fd), len, NULL, 0);
	return status;
}

int
ftruncate(int fd, off_t len)
{
	NEXT(truncate_call, "ftruncate");

	return cut(fd, len, next(fd, len));
}

int
ftruncate64(int fd, off64_t len)
{
	NEXT(truncate_call, "ftruncate64");

	return cut(fd, len, next(fd, len));
}

static int
synced(int fd, int status)
{
	if (status == 0 && path_of(fd) != NULL)
		note('S', path_of(fd), 0, NULL, 0);
	return status;
}

int
fsync(int fd)
{
	NEXT(fd_call, "fsync");

	return synced(fd, next(fd));
}

int
fdatasync(int fd)
{
	NEXT(fd_call, "fdatasync");

	return synced(fd, next(fd));
}

int
unlink(const char *path)
{
	NEXT(name_call, "unlink");
	int status = next(path);

	if (status == 0 && is_watched(path))
		note('U', path, 0, NULL, 0);
	return status;
}
