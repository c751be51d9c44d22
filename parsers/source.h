/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes in. A byte source is a file, a pipe, or a decorator around another
 * (inflate, read-ahead thread); a reader never learns which. */
#ifndef MX_PARSERS_SOURCE_H
#define MX_PARSERS_SOURCE_H

#include "base/err.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct byte_source {
	/* Up to ROOM bytes into BUF; *got_r = 0 means the end. On failure the
	 * bytes given before it stay valid; MX_E_DATA (cut or corrupt
	 * container), MX_E_IO, MX_E_LIMIT. EINTR and short reads are handled
	 * inside. */
	enum mx_code (*read)(struct byte_source *self, char *buf, size_t room,
	    size_t *got_r, struct mx_err *err);
	/* Frees self and what it wraps. Never fails, may be called early. */
	void (*close)(struct byte_source *self);
	/* How far the outermost file was read, in its own (compressed) bytes,
	 * for progress. */
	uint64_t (*progress)(struct byte_source *self);
	/* Optional, NULL where the source cannot do better than read: go
	 * COUNT bytes forward before anything else is read. */
	enum mx_code (*skip)(struct byte_source *self, uint64_t count,
	    struct mx_err *err);
	/* Optional, NULL: like read, but the bytes stay in the source's own
	 * memory, with LIMIT_LINE_BYTES writable bytes in front of them;
	 * valid until the next call. A source that has take is read by take
	 * alone. */
	enum mx_code (*take)(struct byte_source *self, char **ptr_r,
	    size_t *got_r, struct mx_err *err);
};

struct source_options {
	unsigned threads; /* 0, 1: none besides the caller's */
};

struct source_info {
	uint64_t size_bytes;   /* as stored; 0 for streams */
	int64_t mtime_utc;     /* INT64_MIN for streams */
	int64_t mtime_ns;      /* the same, finer; INT64_MIN for streams */
	uint64_t device, inode;
	const char *container; /* "plain", "gzip", "xz", "tar", ... */
	bool is_stream;        /* pipe, terminal, socket: no size, no seek */
};

/* Open PATH ("-" is standard input), look through gzip, xz, zstd, bzip2 and
 * lz4. "ARCHIVE:MEMBER" is a member of a zip or tar archive where no file has
 * that name. *info_r may be NULL.
 * MX_E_NOINPUT: missing, not permitted, a directory; MX_E_IO: the first bytes
 * cannot be read. No message of a source names the path: the caller does. */
enum mx_code source_open(const char *path,
    const struct source_options *options, struct byte_source **source_r,
    struct source_info *info_r, struct mx_err *err) MX_MUST_USE;

/* Calls EACH with the path of every member of the zip or tar archive PATH
 * that is a file, in their order; *is_archive_r: false when PATH is none (or a
 * zip that holds reports only, which is read whole). MX_E_DATA, MX_E_LIMIT: the
 * archive is damaged, or a bomb; what stands before was told. Opens nothing
 * else than PATH, writes nothing. */
enum mx_code source_list_members(const char *path,
    enum mx_code (*each)(void *ctx, const char *path, struct mx_err *err),
    void *ctx, bool *is_archive_r, struct mx_err *err) MX_MUST_USE;
/* Might an input whose first bytes are HEAD, as source_open() gives them, be
 * an archive? Spares source_list_members() where it is not. */
bool source_may_be_archive(struct slice head);
/* PATH is "ARCHIVE:MEMBER" by its form, and ARCHIVE is a file. */
bool source_is_member(const char *path);

/* The pieces, for readers of other containers and for tests. */

/* Takes the descriptor over. */
struct byte_source *source_of_fd(int fd);
/* Bytes that the caller keeps alive, at most CHUNK a read. */
struct byte_source *source_of_memory(const char *ptr, size_t len,
    size_t chunk);
/* Inflates the gzip members of INNER, which it takes over. HEAD: bytes that
 * were already read from INNER (copied). */
struct byte_source *source_gunzip(struct byte_source *inner,
    const char *head, size_t head_len);
/* Reads INNER ahead on a thread of its own; INNER itself where no thread can
 * be had. */
struct byte_source *source_readahead(struct byte_source *inner);

#endif
