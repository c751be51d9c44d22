/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/archive_head.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd_read.h"
#include "parsers/source.h"
#include "parsers/source_archive.h"

enum { HEAD_BYTES = 4096, TAR_BLOCK = 512, LEAST_BYTES = 22 };

/* Is what comes out of the gzip that starts with HEAD a tar? Its first block
 * is padded with NULs; neither log nor report has any. */
static bool
is_packed_tar(const char *head, size_t len)
{
	struct byte_source *source = source_gunzip(
	    source_of_memory(head, len, len), "", 0);
	char block[TAR_BLOCK];
	size_t got = 0;

	/* HEAD may be cut anywhere, so that an error says nothing */
	(void)source->read(source, block, sizeof(block), &got, NULL);
	source->close(source);
	return memchr(block, '\0', got) != NULL ||
	    (got == 0 && len == HEAD_BYTES);
}

bool
archive_head_is_one(const char *head, size_t len)
{
	if (len < LEAST_BYTES)
		return false;
	if (len > HEAD_BYTES)
		len = HEAD_BYTES;
	if (memcmp(head, "\x1f\x8b", 2) == 0)
		return is_packed_tar(head, len);
	return memcmp(head, "PK\3\4", 4) == 0 ||
	    memcmp(head, "PK\5\6", 4) == 0 ||
	    container_of_stream(head, len) != NULL ||
	    (len >= TAR_BLOCK && memcmp(head + 257, "ustar", 5) == 0);
}

bool
source_may_be_archive(struct slice head)
{
	return slice_starts(head, SLICE("PK\3\4")) ||
	    slice_starts(head, SLICE("PK\5\6")) || slice_chr(slice_of(
	    head.ptr, head.len < TAR_BLOCK ? head.len : TAR_BLOCK),
	    '\0') != NULL;
}

bool
archive_head_of_file(const char *path)
{
	char head[HEAD_BYTES];
	struct stat st;
	ssize_t got;
	int fd;

	/* what waits when it is opened, a FIFO, is none */
	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < LEAST_BYTES)
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return false;
	got = fd_read(fd, head, sizeof(head));
	(void)close(fd);
	return got > 0 && archive_head_is_one(head, (size_t)got);
}
