/* SPDX-License-Identifier: BSD-2-Clause */
/* Stands between a program and the C library (LD_PRELOAD) and lets calls of
 * its libraries fail as well as its own: MXTREND_CALLS is "KIND:N:ERRNO", the
 * N-th call of that kind fails with that number ("N+": and every one after
 * it); kinds are alloc, read and write. "short" makes all reads and writes of
 * files short, "eintr" interrupts every other one. Counting begins when main
 * sets the locale. MXTREND_CALLS_COUNT: a file that takes a line of each call,
 * its kind, a hash of its nearest callers and one of some more of them;
 * MXTREND_CALLS_WHO: one that takes the name of the library whose first
 * allocation failed. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum kind { ALLOC, READ, WRITE, KINDS };

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static const char *const names[KINDS] = { "alloc:", "read:", "write:" };
static unsigned long seen[KINDS], wanted;
static enum kind failing = KINDS;
static int error_number, count_fd = -1, who_fd = -1;
static bool is_armed, is_lasting, is_short, is_interrupted;
static __thread bool is_telling;

static void *
next(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

__attribute__((constructor)) static void
set_up(void)
{
	const char *spec = getenv("MXTREND_CALLS");
	const char *path = getenv("MXTREND_CALLS_COUNT");
	void *first[1];
	char *end;

	(void)backtrace(first, 1); /* loads what it needs */
	if (path != NULL)
		count_fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	path = getenv("MXTREND_CALLS_WHO");
	if (path != NULL)
		who_fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (spec == NULL)
		return;
	is_short = strcmp(spec, "short") == 0;
	is_interrupted = strcmp(spec, "eintr") == 0;
	for (unsigned k = 0; k < KINDS; k++)
		if (strncmp(spec, names[k], strlen(names[k])) == 0) {
			failing = (enum kind)k;
			wanted = strtoul(spec + strlen(names[k]), &end, 10);
			is_lasting = *end == '+';
			error_number = atoi(end + is_lasting + 1);
		}
}

/* How many callers tell one call from another. */
enum { NEAR = 3, FAR = 8, OURS = 3 };

__attribute__((noinline)) static void
tell(enum kind kind)
{
	void *callers[OURS + FAR];
	uint64_t hash = 14695981039346656037u, near = hash;
	Dl_info object;
	int n;

	if (count_fd < 0 || is_telling)
		return;
	is_telling = true;
	n = backtrace(callers, OURS + FAR);
	for (int i = OURS; i < n; i++) {
		if (dladdr(callers[i], &object) == 0)
			object.dli_fbase = NULL;
		hash = (hash ^ (uintptr_t)((char *)callers[i] -
		    (char *)object.dli_fbase)) * 1099511628211u;
		if (i < OURS + NEAR)
			near = hash;
	}
	(void)dprintf(count_fd, "%s %llx %llx\n", names[kind],
	    (unsigned long long)near, (unsigned long long)hash);
	is_telling = false;
}

static bool
fails(enum kind kind)
{
	unsigned long number;

	if (!is_armed || is_telling)
		return false;
	tell(kind);
	number = __atomic_add_fetch(&seen[kind], 1, __ATOMIC_RELAXED);
	if (kind != failing || (number != wanted &&
	    !(is_lasting && number > wanted)))
		return false;
	errno = error_number;
	return true;
}

char *
setlocale(int category, const char *locale)
{
	char *(*real)(int, const char *) = next("setlocale");
	char *result = real(category, locale);

	is_armed = true;
	return result;
}

/* libseccomp 2.5 does not look at all that malloc gave it. Nothing was read
 * by then. */
void *
seccomp_init(unsigned action)
{
	void *(*real)(unsigned) = next("seccomp_init");

	is_armed = false;
	return real(action);
}

void
seccomp_release(void *filter)
{
	void (*real)(void *) = next("seccomp_release");

	real(filter);
	is_armed = true;
}

/* ------------------------------------------------------------------ */

static void *
no_memory(const void *caller)
{
	Dl_info info;
	int number = errno;

	if (who_fd >= 0 && dladdr(caller, &info) != 0)
		(void)!write(who_fd, info.dli_fname, strlen(info.dli_fname));
	if (who_fd >= 0)
		(void)close(who_fd);
	who_fd = -1;
	errno = number;
	return NULL;
}

void *
malloc(size_t size)
{
	return fails(ALLOC) ? no_memory(__builtin_return_address(0)) :
	    __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	return fails(ALLOC) ? no_memory(__builtin_return_address(0)) :
	    __libc_calloc(count, size);
}

void *
realloc(void *old, size_t size)
{
	return fails(ALLOC) ? no_memory(__builtin_return_address(0)) :
	    __libc_realloc(old, size);
}

/* ------------------------------------------------------------------ */

/* Every other call is interrupted; of a size at most 7. */
static bool
is_disturbed(size_t *size)
{
	static unsigned long calls;

	if (is_armed && is_short && *size > 7)
		*size = 7;
	if (!is_armed || !is_interrupted ||
	    __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED) % 2 == 0)
		return false;
	errno = EINTR;
	return true;
}

ssize_t
read(int fd, void *to, size_t size)
{
	ssize_t (*real)(int, void *, size_t) = next("read");

	return fails(READ) || is_disturbed(&size) ? -1 : real(fd, to, size);
}

ssize_t
pread64(int fd, void *to, size_t size, off_t at)
{
	ssize_t (*real)(int, void *, size_t, off_t) = next("pread64");

	return fails(READ) || is_disturbed(&size) ? -1 :
	    real(fd, to, size, at);
}

ssize_t
pread(int fd, void *to, size_t size, off_t at)
{
	return pread64(fd, to, size, at);
}

ssize_t
write(int fd, const void *from, size_t size)
{
	ssize_t (*real)(int, const void *, size_t) = next("write");

	/* Complaints must get through. */
	if (fd == STDERR_FILENO)
		return real(fd, from, size);
	return fails(WRITE) || is_disturbed(&size) ? -1 :
	    real(fd, from, size);
}

ssize_t
pwrite64(int fd, const void *from, size_t size, off_t at)
{
	ssize_t (*real)(int, const void *, size_t, off_t) = next("pwrite64");

	return fails(WRITE) || is_disturbed(&size) ? -1 :
	    real(fd, from, size, at);
}

ssize_t
pwrite(int fd, const void *from, size_t size, off_t at)
{
	return pwrite64(fd, from, size, at);
}

/* Of a connection. */
ssize_t
recv(int fd, void *to, size_t size, int flags)
{
	ssize_t (*real)(int, void *, size_t, int) = next("recv");

	return fails(READ) || is_disturbed(&size) ? -1 :
	    real(fd, to, size, flags);
}

ssize_t
send(int fd, const void *from, size_t size, int flags)
{
	ssize_t (*real)(int, const void *, size_t, int) = next("send");

	return fails(WRITE) || is_disturbed(&size) ? -1 :
	    real(fd, from, size, flags);
}

int
connect(int fd, const struct sockaddr *address, socklen_t len)
{
	int (*real)(int, const struct sockaddr *, socklen_t) =
	    next("connect");

	return fails(WRITE) ? -1 : real(fd, address, len);
}

int
socket(int domain, int type, int protocol)
{
	int (*real)(int, int, int) = next("socket");

	return fails(READ) ? -1 : real(domain, type, protocol);
}

int
fsync(int fd)
{
	int (*real)(int) = next("fsync");

	return fails(WRITE) ? -1 : real(fd);
}

int
fdatasync(int fd)
{
	int (*real)(int) = next("fdatasync");

	return fails(WRITE) ? -1 : real(fd);
}

int
ftruncate64(int fd, off_t size)
{
	int (*real)(int, off_t) = next("ftruncate64");

	return fails(WRITE) ? -1 : real(fd, size);
}

int
ftruncate(int fd, off_t size)
{
	return ftruncate64(fd, size);
}

int
rename(const char *from, const char *to)
{
	int (*real)(const char *, const char *) = next("rename");

	return fails(WRITE) ? -1 : real(from, to);
}

int
renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	int (*real)(int, const char *, int, const char *) = next("renameat");

	return fails(WRITE) ? -1 : real(from_dir, from, to_dir, to);
}

/* Kernels say EINTR and EMFILE of the opening, too: it counts as reading or
 * writing by its mode. */
static int
open_as(int dir, const char *path, int flags, mode_t mode)
{
	int (*real)(int, const char *, int, ...) = next("openat64");

	if (fails((flags & O_ACCMODE) == O_RDONLY ? READ : WRITE))
		return -1;
	return real(dir, path, flags, mode);
}

#define OPEN_MODE(flags) \
	va_list args; \
	mode_t mode; \
	va_start(args, flags); \
	mode = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? \
	    va_arg(args, mode_t) : 0; \
	va_end(args)

int
open64(const char *path, int flags, ...)
{
	OPEN_MODE(flags);
	return open_as(AT_FDCWD, path, flags, mode);
}

int
open(const char *path, int flags, ...)
{
	OPEN_MODE(flags);
	return open_as(AT_FDCWD, path, flags, mode);
}

int
openat64(int dir, const char *path, int flags, ...)
{
	OPEN_MODE(flags);
	return open_as(dir, path, flags, mode);
}

int
openat(int dir, const char *path, int flags, ...)
{
	OPEN_MODE(flags);
	return open_as(dir, path, flags, mode);
}
