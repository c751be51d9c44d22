/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/source_peek.h"

#include "base/limits.h"

struct peek_source {
	struct byte_source base;
	struct byte_source *inner; /* NULL: at its end, and closed */
	uint64_t inner_bytes;      /* its progress then */
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
		if (self->inner == NULL)
			return MX_OK;
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

	if (self->inner != NULL)
		self->inner->close(self->inner);
	free(self->own);
	free(self);
}

static uint64_t
peek_progress(struct byte_source *base)
{
	const struct peek_source *self = (struct peek_source *)base;

	return self->inner == NULL ? self->inner_bytes :
	    self->inner->progress(self->inner);
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

/* The first LIMIT_PROBE_BYTES of a source that only reads; *at_end_r: there
 * are no more. */
static void
fill(struct peek_source *self, bool *at_end_r)
{
	size_t got = 1;

	self->ptr = self->own = mx_alloc(LIMIT_PROBE_BYTES);
	while (self->code == MX_OK && got != 0 &&
	    self->len < LIMIT_PROBE_BYTES) {
		got = 0;
		self->code = self->inner->read(self->inner,
		    self->own + self->len, LIMIT_PROBE_BYTES - self->len,
		    &got, &self->err);
		self->len += got;
	}
	*at_end_r = self->code == MX_OK && got == 0;
}

static struct peek_source *
peek(struct byte_source *inner, bool *at_end_r)
{
	struct peek_source *self = mx_calloc(1, sizeof(*self));

	self->base.read = peek_read;
	self->base.close = peek_close;
	self->base.progress = peek_progress;
	self->base.skip = inner->skip != NULL ? peek_skip : NULL;
	self->inner = inner;
	*at_end_r = false;
	if (inner->take != NULL) {
		self->base.take = peek_take;
		self->code = inner->take(inner, &self->ptr, &self->len,
		    &self->err);
	} else {
		fill(self, at_end_r);
	}
	return self;
}

struct byte_source *
source_peek(struct byte_source *inner, struct slice *head_r)
{
	bool at_end;
	struct peek_source *self = peek(inner, &at_end);

	*head_r = slice_of(self->ptr, self->len);
	return &self->base;
}

struct byte_source *
source_peek_small(struct byte_source *inner, struct slice *head_r,
    bool *is_all_r)
{
	struct peek_source *self = peek(inner, is_all_r);

	if (*is_all_r) {
		self->inner_bytes = inner->progress(inner);
		inner->close(inner);
		self->inner = NULL;
		self->base.skip = NULL;
		self->ptr = self->own = mx_realloc(self->own, self->len + 1);
	}
	*head_r = slice_of(self->ptr, self->len);
	return &self->base;
}
