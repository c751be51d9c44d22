/* SPDX-License-Identifier: BSD-2-Clause */
/* A file, a pipe or standard input as bytes; and the choice of what to wrap
 * around it. Knows containers by their first bytes, never by their name. */
#include "parsers/source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/slice.h"
#include "parsers/source_archive.h"

/* The first read takes a whole small file, where there is so much. */
enum { FIFO_WAIT_MS = 10 * 1000, FIRST_READ = 4096 };

struct file_source {
	struct byte_source base;
	int fd;
	uint64_t done_bytes;
};

static enum mx_code
file_read(struct byte_source *base, char *buf, size_t room, size_t *got_r,
    struct mx_err *err)
{
	struct file_source *self = (struct file_source *)base;
	ssize_t got;

	*got_r = 0;
	if (fault_hits(FAULT_READ))
		return mx_fail_errno(err, MX_E_IO, EIO, "cannot read");
	do {
		got = read(self->fd, buf, room);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return mx_fail_errno(err, MX_E_IO, errno, "cannot read");
	*got_r = (size_t)got;
	self->done_bytes += (size_t)got;
	return MX_OK;
}

static enum mx_code
too_short(struct mx_err *err)
{
	return mx_fail(err, MX_E_DATA,
	    "shorter than when it was read before");
}

/* Streams are read and dropped. */
static enum mx_code
read_away(struct file_source *self, uint64_t count, struct mx_err *err)
{
	char buf[16 * 1024];
	enum mx_code code;
	size_t got;

	while (count != 0) {
		code = file_read(&self->base, buf,
		    count < sizeof(buf) ? (size_t)count : sizeof(buf), &got,
		    err);
		if (code != MX_OK)
			return code;
		if (got == 0)
			return too_short(err);
		count -= got;
	}
	return MX_OK;
}

static enum mx_code
file_skip(struct byte_source *base, uint64_t count, struct mx_err *err)
{
	struct file_source *self = (struct file_source *)base;
	struct stat st;

	if (fstat(self->fd, &st) != 0 || !S_ISREG(st.st_mode) ||
	    count > INT64_MAX - self->done_bytes)
		return read_away(self, count, err);
	if ((uint64_t)st.st_size < self->done_bytes + count)
		return too_short(err);
	if (lseek(self->fd, (off_t)count, SEEK_CUR) < 0)
		return mx_fail_errno(err, MX_E_IO, errno, "cannot seek");
	self->done_bytes += count;
	return MX_OK;
}

static void
file_close(struct byte_source *base)
{
	struct file_source *self = (struct file_source *)base;

	if (self->fd != STDIN_FILENO)
		close(self->fd);
	free(self);
}

static uint64_t
file_progress(struct byte_source *base)
{
	return ((struct file_source *)base)->done_bytes;
}

struct byte_source *
source_of_fd(int fd)
{
	struct file_source *self = mx_calloc(1, sizeof(*self));

	self->base.read = file_read;
	self->base.skip = file_skip;
	self->base.close = file_close;
	self->base.progress = file_progress;
	self->fd = fd;
	return &self->base;
}

/* Open without waiting, so that neither a modem line nor a FIFO can hang us
 * here. */
static enum mx_code
open_fd(const char *path, int *fd_r, struct stat *st, struct mx_err *err)
{
	int fd = STDIN_FILENO;

	if (strcmp(path, "-") != 0) {
		do {
			fd = open(path,
			    O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
		} while (fd < 0 && errno == EINTR);
	}
	*fd_r = fd;
	if (fd < 0 || fstat(fd, st) != 0)
		return mx_fail_errno(err, MX_E_NOINPUT, errno, "cannot open");
	if (S_ISDIR(st->st_mode))
		return mx_fail(err, MX_E_NOINPUT,
		    "is a directory; use -r to read it");
	return MX_OK;
}

/* From here on reads may wait. A FIFO gives its end, not a wait, until the
 * first writer has opened it: give that one some time. */
static enum mx_code
make_blocking(int fd, const struct stat *st, struct mx_err *err)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	int flags;
	char byte;

	/* files never wait */
	if (fd == STDIN_FILENO || S_ISREG(st->st_mode))
		return MX_OK;
	flags = fcntl(fd, F_GETFL);
	if (flags == -1)
		return MX_OK;
	/* Nothing came: a read of 0 bytes of data says that nobody writes,
	 * EAGAIN that somebody thinks. */
	if (S_ISFIFO(st->st_mode) && poll(&poller, 1, FIFO_WAIT_MS) == 0 &&
	    read(fd, &byte, 1) == 0)
		return mx_fail(err, MX_E_NOINPUT,
		    "is a FIFO that nobody writes to");
	(void)fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
	return MX_OK;
}

static void
fill_info(struct source_info *info, const struct stat *st)
{
	bool is_file = S_ISREG(st->st_mode);

	*info = (struct source_info){
		.size_bytes = is_file ? (uint64_t)st->st_size : 0,
		.mtime_utc = is_file ? (int64_t)st->st_mtime : INT64_MIN,
		.mtime_ns = is_file ? (int64_t)st->st_mtim.tv_sec * 1000000000 +
		    st->st_mtim.tv_nsec : INT64_MIN,
		.device = (uint64_t)st->st_dev,
		.inode = (uint64_t)st->st_ino,
		.container = "plain",
		.is_stream = !is_file,
	};
}

/* The first bytes, read here to know the container, come first. */
struct headed_source {
	struct byte_source base;
	struct byte_source *inner;
	size_t head_len, head_done;
	char head[FIRST_READ];
};

static enum mx_code
headed_read(struct byte_source *base, char *buf, size_t room, size_t *got_r,
    struct mx_err *err)
{
	struct headed_source *self = (struct headed_source *)base;
	size_t left = self->head_len - self->head_done;

	if (left == 0)
		return self->inner->read(self->inner, buf, room, got_r, err);
	*got_r = left < room ? left : room;
	memcpy(buf, self->head + self->head_done, *got_r);
	self->head_done += *got_r;
	return MX_OK;
}

static enum mx_code
headed_skip(struct byte_source *base, uint64_t count, struct mx_err *err)
{
	struct headed_source *self = (struct headed_source *)base;
	size_t left = self->head_len - self->head_done;
	size_t here = count < left ? (size_t)count : left;

	self->head_done += here;
	if (count == here)
		return MX_OK;
	return self->inner->skip(self->inner, count - here, err);
}

static void
headed_close(struct byte_source *base)
{
	struct headed_source *self = (struct headed_source *)base;

	self->inner->close(self->inner);
	free(self);
}

static uint64_t
headed_progress(struct byte_source *base)
{
	struct byte_source *inner = ((struct headed_source *)base)->inner;

	return inner->progress(inner);
}

static struct byte_source *
put_head_back(struct byte_source *inner, const char *head, size_t len)
{
	struct headed_source *self = mx_alloc(sizeof(*self));

	memset(self, 0, offsetof(struct headed_source, head));
	self->base.read = headed_read;
	self->base.skip = inner->skip != NULL ? headed_skip : NULL;
	self->base.close = headed_close;
	self->base.progress = headed_progress;
	self->inner = inner;
	memcpy(self->head, head, len);
	self->head_len = len;
	return &self->base;
}

/* Could HEAD, LEN bytes, be the start of a container? */
static bool
is_suspect(const char *head, size_t len)
{
	static const char *const magics[] = { "\x1f\x8b", ("\xfd" "7zXZ"),
		"\x28\xb5\x2f\xfd", "BZh", "\x04\x22\x4d\x18" };

	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		size_t n = strlen(magics[i]);

		if (memcmp(head, magics[i], len < n ? len : n) == 0)
			return true;
	}
	return false;
}

/* A pipe may give its bytes one by one; no more are waited for than are
 * needed to know. */
static enum mx_code
read_head(struct byte_source *source, char *head, size_t *len_r,
    struct mx_err *err)
{
	enum mx_code code = MX_OK;
	size_t got = 1;

	*len_r = 0;
	while (code == MX_OK && got != 0 && *len_r < CONTAINER_HEAD) {
		code = source->read(source, head + *len_r,
		    FIRST_READ - *len_r, &got, err);
		*len_r += got;
		if (!is_suspect(head, *len_r))
			break;
	}
	return code;
}

/* KumoMTA writes zstd all the time, and makes a segment read-only when it is
 * finished: before, its last frame has no end. */
static bool
is_open_segment(const char *path, const struct stat *st)
{
	static const char shape[] = "dddddddd-dddddd";
	const char *name = strrchr(path, '/');

	name = name != NULL ? name + 1 : path;
	if ((st->st_mode & S_IWUSR) == 0)
		return false;
	for (size_t i = 0; i < sizeof(shape) - 1; i++)
		if (shape[i] == 'd' ? !ascii_is_digit(name[i]) :
		    name[i] != shape[i])
			return false;
	return true;
}

/* Look through what INNER is compressed by, once. */
static struct byte_source *
wrap(struct byte_source *inner, const char *head, size_t len,
    const struct source_options *options, bool is_growing,
    const char **container_r)
{
	const char *stream = container_of_stream(head, len);
	struct byte_source *source;

	if (len >= 2 && memcmp(head, "\x1f\x8b", 2) == 0) {
		*container_r = "gzip";
		source = source_gunzip(inner, head, len);
	} else if (stream != NULL) {
		*container_r = stream;
		source = source_decompress(put_head_back(inner, head, len),
		    is_growing);
	} else {
		return len == 0 ? inner : put_head_back(inner, head, len);
	}
	if (options != NULL && options->threads >= 2)
		source = source_readahead(source);
	return source;
}

static enum mx_code
open_file(const char *path, struct byte_source **source_r, struct stat *st,
    struct source_info *info, struct mx_err *err)
{
	int fd;
	enum mx_code code = open_fd(path, &fd, st, err);

	if (code == MX_OK)
		code = make_blocking(fd, st, err);
	if (code != MX_OK) {
		if (fd > STDIN_FILENO)
			close(fd);
		return code;
	}
	*source_r = source_of_fd(fd);
	fill_info(info, st);
	return MX_OK;
}

enum mx_code
source_open(const char *path, const struct source_options *options,
    struct byte_source **source_r, struct source_info *info_r,
    struct mx_err *err)
{
	struct byte_source *inner = NULL;
	struct source_info info;
	struct stat st = { 0 };
	bool is_member;
	enum mx_code code;
	char head[FIRST_READ];
	size_t len;

	*source_r = NULL;
	code = source_open_member(path, &inner, &info, &is_member, err);
	if (!is_member)
		code = open_file(path, &inner, &st, &info, err);
	if (code != MX_OK)
		return code;
	code = read_head(inner, head, &len, err);
	if (code != MX_OK) {
		inner->close(inner);
		return code;
	}
	*source_r = wrap(inner, head, len, options,
	    is_open_segment(path, &st), &info.container);
	if (info_r != NULL)
		*info_r = info;
	return MX_OK;
}
