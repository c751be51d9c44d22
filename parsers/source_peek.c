/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/source_peek.h"

#include "base/limits.h"

struct peek_source {
	struct byte_source base;
	struct byte_source *inner;
	char *own;          /* where INNER only reads */
	char *ptr;          /* what was peeked at and not read yet */
	size_t len;
	enum mx_code code;  /* that came behind it */
	struct mx_err err;
};

/* The error that peeking met, once what stands before it is read. */
static enum mx_code
kept_error(struct peek_source *self, struct mx_err *err)
{
	if (self->code != MX_OK && err != NULL)
		*err = self->err;
	return self->code;
}

static enum mx_code
peek_take(struct byte_source *base, char **ptr_r, size_t *got_r,
    struct mx_err *err)
{
	struct peek_source *self = (struct peek_source *)base;

	*got_r = 0;
	if (self->len != 0) {
		*ptr_r = self->ptr;
		*got_r = self->len;
		self->len = 0;
		return MX_OK;
	}
	if (self->code != MX_OK)
		return kept_error(self, err);
	return self->inner->take(self->inner, ptr_r, got_r, err);
}

static enum mx_code
peek_read(struct byte_source *base, char *buf, size_t room, size_t *got_r,
    struct mx_err *err)
{
	struct peek_source *self = (struct peek_source *)base;
	enum mx_code code = MX_OK;

	*got_r = 0;
	if (self->len == 0) {
		if (self->code != MX_OK)
			return kept_error(self, err);
		if (self->inner->take == NULL)
			return self->inner->read(self->inner, buf, room, got_r,
			    err);
		code = self->inner->take(self->inner, &self->ptr, &self->len,
		    err);
		if (code != MX_OK) {
			self->code = code;
			if (err != NULL)
				self->err = *err;
			if (self->len == 0)
				return code;
		}
	}
	*got_r = self->len < room ? self->len : room;
	if (*got_r != 0)
		memcpy(buf, self->ptr, *got_r);
	self->ptr += *got_r;
	self->len -= *got_r;
	return MX_OK;
}

static void
peek_close(struct byte_source *base)
{
	struct peek_source *self = (struct peek_source *)base;

	self->inner->close(self->inner);
	free(self->own);
	free(self);
}

static uint64_t
peek_progress(struct byte_source *base)
{
	struct byte_source *inner = ((struct peek_source *)base)->inner;

	return inner->progress(inner);
}

/* The peeked bytes first; INNER then goes on by itself. */
static enum mx_code
peek_skip(struct byte_source *base, uint64_t count, struct mx_err *err)
{
	struct peek_source *self = (struct peek_source *)base;
	size_t here = count < self->len ? (size_t)count : self->len;

	self->ptr += here;
	self->len -= here;
	count -= here;
	if (count == 0)
		return MX_OK;
	if (self->code != MX_OK)
		return kept_error(self, err);
	return self->inner->skip(self->inner, count, err);
}

struct byte_source *
source_peek(struct byte_source *inner, struct slice *head_r)
{
	struct peek_source *self = mx_calloc(1, sizeof(*self));
	size_t got = 1;

	self->base.read = peek_read;
	self->base.close = peek_close;
	self->base.progress = peek_progress;
	self->base.skip = inner->skip != NULL ? peek_skip : NULL;
	self->inner = inner;
	if (inner->take != NULL) {
		self->base.take = peek_take;
		self->code = inner->take(inner, &self->ptr, &self->len,
		    &self->err);
	} else {
		self->ptr = self->own = mx_alloc(LIMIT_PROBE_BYTES);
		while (self->code == MX_OK && got != 0 &&
		    self->len < LIMIT_PROBE_BYTES) {
			got = 0;
			self->code = inner->read(inner, self->own + self->len,
			    LIMIT_PROBE_BYTES - self->len, &got, &self->err);
			self->len += got;
		}
	}
	*head_r = slice_of(self->ptr, self->len);
	return &self->base;
}
