/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/source_archive_priv.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"

/* ------------------------------------------------------------------ */
/* What comes out */

enum mx_code
archive_source_failed(struct archive_source *self, struct mx_err *err)
{
	const char *why = archive_error_string(self->archive);

	if (self->inner_err.code != MX_OK) {
		if (err != NULL)
			*err = self->inner_err;
		return self->inner_err.code;
	}
	if (archive_read_has_encrypted_entries(self->archive) > 0)
		return mx_fail(err, MX_E_DATA,
		    "encrypted: unpack it yourself");
	return mx_fail(err, MX_E_DATA, "damaged or cut: %s",
	    why != NULL ? why : "cannot be unpacked");
}

/* The first header of a stream, which may be empty. */
static enum mx_code
open_stream(struct archive_source *self, bool *end_r, struct mx_err *err)
{
	struct archive_entry *entry;
	int result;

	*end_r = false;
	if (self->is_open)
		return MX_OK;
	self->is_open = true;
	result = archive_read_next_header(self->archive, &entry);
	*end_r = result == ARCHIVE_EOF;
	if (result == ARCHIVE_EOF || result == ARCHIVE_OK ||
	    result == ARCHIVE_WARN)
		return MX_OK;
	if (self->is_growing && self->inner_err.code == MX_OK) {
		*end_r = true;
		return MX_OK;
	}
	return archive_source_failed(self, err);
}

/* The next block, in libarchive's memory. Holes of sparse files are left
 * out: they are the NULs that copytruncate leaves behind. */
enum mx_code
archive_source_fill(struct archive_source *self, bool *end_r, struct mx_err *err)
{
	const void *block;
	la_int64_t offset;
	enum mx_code code;
	int result;

	self->len = 0;
	code = open_stream(self, end_r, err);
	if (code != MX_OK || *end_r)
		return code;
	do {
		result = archive_read_data_block(self->archive, &block,
		    &self->len, &offset);
	} while (result == ARCHIVE_RETRY ||
	    (result == ARCHIVE_OK && self->len == 0));
	if (result == ARCHIVE_OK || result == ARCHIVE_WARN) {
		la_int64_t in = archive_filter_bytes(self->archive, -1);

		self->ptr = block;
		return unpack_guard_pass(&self->guard, self->ptr, self->len,
		    in > 0 ? (uint64_t)in : 0, err);
	}
	self->len = 0;
	*end_r = true;
	if (result == ARCHIVE_EOF || (self->is_growing &&
	    self->inner_err.code == MX_OK))
		return MX_OK;
	*end_r = false;
	return archive_source_failed(self, err);
}

static enum mx_code
archive_read(struct byte_source *base, char *buf, size_t room, size_t *got_r,
    struct mx_err *err)
{
	struct archive_source *self = (struct archive_source *)base;
	bool at_end = false;

	*got_r = 0;
	if (self->len == 0) {
		enum mx_code code = archive_source_fill(self, &at_end, err);

		if (code != MX_OK || at_end)
			return code;
	}
	*got_r = self->len < room ? self->len : room;
	if (*got_r != 0)
		memcpy(buf, self->ptr, *got_r);
	self->ptr += *got_r;
	self->len -= *got_r;
	return MX_OK;
}

static void
archive_close_source(struct byte_source *base)
{
	struct archive_source *self = (struct archive_source *)base;

	(void)archive_read_free(self->archive);
	if (self->inner != NULL && !self->is_borrowed)
		self->inner->close(self->inner);
	if (self->fd >= 0)
		(void)close(self->fd);
	free(self);
}

static uint64_t
archive_progress(struct byte_source *base)
{
	struct archive_source *self = (struct archive_source *)base;
	la_int64_t bytes = archive_filter_bytes(self->archive, -1);

	if (self->inner != NULL)
		return self->inner->progress(self->inner);
	return bytes > 0 ? (uint64_t)bytes : 0;
}

struct archive_source *
archive_source_new(void)
{
	struct archive_source *self = mx_calloc(1, sizeof(*self));

	self->archive = archive_read_new();
	if (self->archive == NULL)
		mx_oom();
	self->base.read = archive_read;
	self->base.close = archive_close_source;
	self->base.progress = archive_progress;
	self->fd = -1;
	return self;
}

/* ------------------------------------------------------------------ */
/* Streams */

static const struct container {
	const char *name, *magic;
	size_t len;
} containers[] = {
	{ "xz", "\xfd" "7zXZ\0", 6 },
	{ "zstd", "\x28\xb5\x2f\xfd", 4 },
	{ "bzip2", "BZh", 3 },
	{ "lz4", "\x04\x22\x4d\x18", 4 },
};

const char *
container_of_stream(const char *head, size_t len)
{
	for (size_t i = 0; i < sizeof(containers) / sizeof(containers[0]);
	    i++)
		if (len >= containers[i].len && memcmp(head,
		    containers[i].magic, containers[i].len) == 0)
			return containers[i].name;
	return NULL;
}

static la_ssize_t
feed(struct archive *archive, void *ctx, const void **block_r)
{
	struct archive_source *self = ctx;
	size_t got = 0;

	*block_r = self->buf;
	if (self->inner->read(self->inner, self->buf, sizeof(self->buf), &got,
	    &self->inner_err) != MX_OK) {
		archive_set_error(archive, EIO, "%s", self->inner_err.text);
		return -1;
	}
	return (la_ssize_t)got;
}

int
archive_source_open_inner(struct archive_source *self)
{
	return archive_read_open2(self->archive, self, NULL, feed, NULL,
	    NULL);
}

void
archive_allow_filters(struct archive *archive)
{
	(void)archive_read_support_filter_xz(archive);
	(void)archive_read_support_filter_zstd(archive);
	(void)archive_read_support_filter_bzip2(archive);
	(void)archive_read_support_filter_lz4(archive);
}

struct byte_source *
source_decompress(struct byte_source *inner, bool is_growing)
{
	struct archive_source *self = archive_source_new();

	self->inner = inner;
	self->is_growing = is_growing;
	archive_allow_filters(self->archive);
	(void)archive_read_support_format_raw(self->archive);
	(void)archive_read_support_format_empty(self->archive);
	/* a failure here is met again, and told, by the first read */
	(void)archive_source_open_inner(self);
	return &self->base;
}
