/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes that are already in memory, in pieces of a chosen size: attachments,
 * and tests of whoever reads piecewise. */
#include "parsers/source.h"

#include "base/slice.h"

struct memory_source {
	struct byte_source base;
	const char *ptr;
	size_t len, chunk, done;
};

static enum mx_code
memory_read(struct byte_source *base, char *buf, size_t room, size_t *got_r,
    struct mx_err *err)
{
	struct memory_source *self = (struct memory_source *)base;
	size_t n = self->len - self->done;

	(void)err;
	if (n > room)
		n = room;
	if (n > self->chunk)
		n = self->chunk;
	if (n != 0)
		memcpy(buf, self->ptr + self->done, n);
	self->done += n;
	*got_r = n;
	return MX_OK;
}

static void
memory_close(struct byte_source *base)
{
	free(base);
}

static uint64_t
memory_progress(struct byte_source *base)
{
	return ((struct memory_source *)base)->done;
}

struct byte_source *
source_of_memory(const char *ptr, size_t len, size_t chunk)
{
	struct memory_source *self = mx_calloc(1, sizeof(*self));

	self->base.read = memory_read;
	self->base.close = memory_close;
	self->base.progress = memory_progress;
	self->ptr = ptr;
	self->len = len;
	self->chunk = chunk != 0 ? chunk : 1;
	return &self->base;
}
