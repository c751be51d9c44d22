/* SPDX-License-Identifier: BSD-2-Clause */
/* What libarchive reads as a byte source, shared by source_archive.c (streams,
 * what comes out) and source_archive_list.c (members). */
#ifndef MX_PARSERS_SOURCE_ARCHIVE_PRIV_H
#define MX_PARSERS_SOURCE_ARCHIVE_PRIV_H

#include "parsers/source_archive.h"
#include "parsers/unpack_guard.h"

#include <archive.h>
#include <archive_entry.h>

enum { READ_BYTES = 64 * 1024 };

struct archive_source {
	struct byte_source base;
	struct archive *archive;
	/* Of streams, and of archives within others. */
	struct byte_source *inner;
	bool is_borrowed;          /* INNER is not ours to close */
	int fd;                    /* of archives; -1 */
	bool is_open;              /* the first header was read */
	bool is_growing;
	struct unpack_guard guard;
	uint64_t declared_bytes;   /* of the members passed over */
	const char *ptr;           /* what libarchive gave and nobody took */
	size_t len;
	struct mx_err inner_err;   /* why INNER failed */
	char buf[READ_BYTES];
};

/* Without bytes, file or formats yet. */
struct archive_source *archive_source_new(void);
/* The next bytes of the stream or of the member at hand, in libarchive's
 * memory: ptr and len. */
enum mx_code archive_source_fill(struct archive_source *self, bool *end_r,
    struct mx_err *err);
/* Why libarchive failed. */
enum mx_code archive_source_failed(struct archive_source *self,
    struct mx_err *err);
/* Compressions that are looked through, gzip left out. */
void archive_allow_filters(struct archive *archive);
/* Read from self->inner. ARCHIVE_OK, or libarchive's failure. */
int archive_source_open_inner(struct archive_source *self);

#endif
