/* SPDX-License-Identifier: BSD-2-Clause */
/* Containers that libarchive reads: streams compressed by xz, zstd, bzip2 and
 * lz4, and the members of zip and tar archives, compressed or not. What comes
 * out is counted: a bomb is refused, whatever its headers claim. Nothing is
 * written to disk, no name of an archive is used as a path. */
#ifndef MX_PARSERS_SOURCE_ARCHIVE_H
#define MX_PARSERS_SOURCE_ARCHIVE_H

#include "parsers/source.h"

/* Bytes that tell a container. */
enum { CONTAINER_HEAD = 6 };

/* "xz", "zstd", "bzip2", "lz4": what HEAD, the first bytes, says; NULL for
 * none of them. */
const char *container_of_stream(const char *head, size_t len);

/* Decompresses INNER, which it takes over. IS_GROWING: an end in the middle is
 * the end, since somebody still writes. */
struct byte_source *source_decompress(struct byte_source *inner,
    bool is_growing);

/* Opens the member that PATH ("archive.tar.gz:name") means, with what is
 * compressed in it still so. *found_r: false when PATH does not mean a member
 * (then nothing was opened). */
enum mx_code source_open_member(const char *path, struct byte_source **source_r,
    struct source_info *info_r, bool *found_r, struct mx_err *err);

#endif
