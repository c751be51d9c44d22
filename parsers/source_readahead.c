/* SPDX-License-Identifier: BSD-2-Clause */
/* A source that is read ahead: whoever wraps a source in this reads it as
 * before, while the next blocks are made on another core. The inner source
 * is the worker's alone; an error or the end travels as the last block. */
#include "parsers/source.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/slice.h"
#include "parsers/ahead.h"

enum { BLOCKS = 4 };

struct ahead_block {
	size_t len, given;
	uint64_t progress;
	enum mx_code code;
	bool is_last;
	struct mx_err err;
	char front[LIMIT_LINE_BYTES]; /* the reader's, see take */
	char bytes[LIMIT_BLOCK_BYTES];
};

struct ahead_source {
	struct byte_source base;
	struct byte_source *inner;
	struct ahead *ahead;
	/* The reader's own. */
	struct ahead_block *current;
	uint64_t progress;
};

static void
fill_block(struct byte_source *inner, struct ahead_block *block)
{
	size_t got = 1;

	block->len = block->given = 0;
	block->code = MX_OK;
	while (block->code == MX_OK && got != 0 &&
	    block->len < sizeof(block->bytes)) {
		block->code = inner->read(inner, block->bytes + block->len,
		    sizeof(block->bytes) - block->len, &got, &block->err);
		if (block->code == MX_OK)
			block->len += got;
	}
	block->is_last = block->code != MX_OK || got == 0;
	block->progress = inner->progress(inner);
}

static void
work(void *ctx, struct ahead *ahead)
{
	struct byte_source *inner = ctx;
	struct ahead_block *block;
	bool is_over = false;

	while (!is_over && (block = ahead_room(ahead)) != NULL) {
		fill_block(inner, block);
		is_over = block->is_last;
		ahead_give(ahead);
	}
}

static enum mx_code
ahead_source_take(struct byte_source *base, char **ptr_r, size_t *got_r,
    struct mx_err *err)
{
	struct ahead_source *self = (struct ahead_source *)base;
	struct ahead_block *block = self->current;

	if (block == NULL || (block->given == block->len && !block->is_last)) {
		block = self->current = ahead_take(self->ahead);
		self->progress = block->progress;
	}
	*ptr_r = block->bytes + block->given;
	*got_r = block->len - block->given;
	block->given = block->len;
	if (*got_r != 0 || block->code == MX_OK)
		return MX_OK;
	if (err != NULL)
		*err = block->err;
	return block->code;
}

static enum mx_code
ahead_source_read(struct byte_source *base, char *buf, size_t room,
    size_t *got_r, struct mx_err *err)
{
	struct ahead_source *self = (struct ahead_source *)base;
	enum mx_code code;
	char *ptr;

	code = ahead_source_take(base, &ptr, got_r, err);
	if (code != MX_OK)
		return code;
	if (*got_r > room) {
		self->current->given -= *got_r - room;
		*got_r = room;
	}
	if (*got_r != 0)
		memcpy(buf, ptr, *got_r);
	return MX_OK;
}

static void
ahead_source_close(struct byte_source *base)
{
	struct ahead_source *self = (struct ahead_source *)base;

	ahead_stop(self->ahead);
	self->inner->close(self->inner);
	free(self);
}

static uint64_t
ahead_source_progress(struct byte_source *base)
{
	return ((struct ahead_source *)base)->progress;
}

struct byte_source *
source_readahead(struct byte_source *inner)
{
	struct ahead_source *self = mx_calloc(1, sizeof(*self));

	self->base.read = ahead_source_read;
	self->base.take = ahead_source_take;
	self->base.close = ahead_source_close;
	self->base.progress = ahead_source_progress;
	self->inner = inner;
	self->ahead = ahead_start(BLOCKS, sizeof(struct ahead_block), work,
	    inner);
	if (self->ahead == NULL) {
		free(self);
		return inner;
	}
	return &self->base;
}
