/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the lines go: one file, two files cut at a line, or a set that looks
 * as logrotate leaves it (mail.log, mail.log.1, mail.log.2.gz ...). Sees
 * bytes, never their meaning. */
#include "tests/gen/gen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define PATH_BYTES 4096

static int
create(const char *path)
{
	int fd;

	if (strcmp(path, "-") == 0)
		return STDOUT_FILENO;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd == -1)
		die(strerror(errno), path);
	return fd;
}

static void
part_path(const struct out *out, unsigned number, char path[PATH_BYTES])
{
	snprintf(path, PATH_BYTES, "%s/.mail.log.part%u", out->dir, number);
}

static int64_t
next_midnight(const struct out *out, int64_t at)
{
	struct zone_cache zone = { 0, 0 };
	int64_t second = at / GEN_SECOND;
	int64_t local = second + zone_offset_at(&zone, second);
	int64_t day = local / 86400 + 1;
	int year, month, date;

	/* Weekly sets turn on Sunday morning; 1970-01-01 was a Thursday. */
	if (out->rotate == ROTATE_WEEKLY)
		day += (10 - day % 7) % 7;
	civil_from_days(day, &year, &month, &date);
	return zone_midnight(year, month, date) * GEN_SECOND;
}

void
out_open(struct out *out, const struct gen_options *options, bool is_null,
    int64_t begin)
{
	char path[PATH_BYTES];

	memset(out, 0, sizeof(*out));
	out->fd = -1;
	out->buf = xcalloc(1, OUT_BUFFER_BYTES + OUT_LINE_MAX);
	out->is_null = is_null;
	out->keep_plain = options->keep_plain;
	out->dir = options->dir;
	out->file_count = 1;
	if (is_null)
		return;
	out->rotate = options->rotate;
	out->cut_line = options->cut_line;
	out->path2 = options->out2;
	if (out->rotate == ROTATE_NONE) {
		out->fd = create(options->out);
		return;
	}
	if (mkdir(out->dir, 0755) == -1 && errno != EEXIST)
		die(strerror(errno), out->dir);
	part_path(out, 0, path);
	out->fd = create(path);
	out->rotate_at = next_midnight(out, begin);
}

void
out_flush(struct out *out)
{
	size_t done = 0;
	ssize_t n;

	out->bytes += out->len;
	while (!out->is_null && done < out->len) {
		n = write(out->fd, out->buf + done, out->len - done);
		if (n == -1 && errno != EINTR)
			die(strerror(errno), "writing the log");
		done += n > 0 ? (size_t)n : 0;
	}
	out->len = 0;
}

static void
remember_mtime(struct out *out)
{
	out->mtimes = xrealloc(out->mtimes,
	    out->file_count * sizeof(*out->mtimes));
	out->mtimes[out->file_count - 1] = out->last_time;
}

void
out_next_file(struct out *out)
{
	char path[PATH_BYTES];

	if (out->rotate == ROTATE_NONE) { /* the cut */
		out_flush(out);
		close(out->fd);
		out->fd = create(out->path2);
		return;
	}
	out->rotate_at = next_midnight(out, out->rotate_at);
	out_flush(out);
	remember_mtime(out);
	close(out->fd);
	part_path(out, out->file_count++, path);
	out->fd = create(path);
}

static void
compress_file(const char *from, const char *to)
{
	static char block[1 << 16];
	gzFile gz = gzopen(to, "wb6");
	ssize_t n;
	int fd = open(from, O_RDONLY);

	if (fd == -1 || gz == NULL)
		die("cannot compress", from);
	while ((n = read(fd, block, sizeof(block))) > 0)
		if (gzwrite(gz, block, (unsigned)n) != (int)n)
			die("cannot write", to);
	if (n == -1 || gzclose(gz) != Z_OK)
		die("cannot compress", from);
	close(fd);
	unlink(from);
}

static void
set_mtime(const char *path, int64_t at)
{
	struct timespec times[2];

	times[0].tv_sec = times[1].tv_sec = (time_t)(at / GEN_SECOND);
	times[0].tv_nsec = times[1].tv_nsec = (long)(at % GEN_SECOND) * 1000;
	if (utimensat(AT_FDCWD, path, times, 0) == -1)
		die(strerror(errno), path);
}

/* AGE 0 is the file that is still written to. */
static void
settle_file(const struct out *out, unsigned number, unsigned age)
{
	char from[PATH_BYTES], to[PATH_BYTES];

	part_path(out, number, from);
	if (age == 0)
		snprintf(to, sizeof(to), "%s/mail.log", out->dir);
	else
		snprintf(to, sizeof(to), "%s/mail.log.%u%s", out->dir, age,
		    age > out->keep_plain ? ".gz" : "");
	if (age > out->keep_plain)
		compress_file(from, to);
	else if (rename(from, to) == -1)
		die(strerror(errno), to);
	set_mtime(to, out->mtimes[number]);
}

void
out_close(struct out *out)
{
	unsigned i;

	out_flush(out);
	if (!out->is_null)
		close(out->fd);
	if (!out->is_null && out->rotate != ROTATE_NONE) {
		remember_mtime(out);
		for (i = 0; i < out->file_count; i++)
			settle_file(out, i, out->file_count - 1 - i);
	}
	free(out->mtimes);
	free(out->buf);
}
