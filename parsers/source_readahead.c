/* SPDX-License-Identifier: BSD-2-Clause */
/* A thread that reads ahead: whoever wraps a source in this reads it as
 * before, while the next blocks are made on another core. The inner source
 * is the worker's alone; blocks change hands under one mutex; an error or
 * the end travels as the last block. The only file with threads in it. */
#include "parsers/source.h"

#include <pthread.h>
#include <signal.h>

#include "base/limits.h"
#include "base/slice.h"

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
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	/* Blocks made and blocks done with, counted from the start: those in
	 * between are the reader's, the others the worker's. */
	unsigned made, done;
	bool has_stop;
	/* The reader's own. */
	struct ahead_block *current;
	uint64_t progress;
	struct ahead_block blocks[BLOCKS];
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

static void *
work(void *arg)
{
	struct ahead_source *self = arg;
	bool is_over = false;

	while (!is_over) {
		struct ahead_block *block;

		pthread_mutex_lock(&self->mutex);
		while (self->made - self->done == BLOCKS && !self->has_stop)
			pthread_cond_wait(&self->changed, &self->mutex);
		is_over = self->has_stop;
		block = &self->blocks[self->made % BLOCKS];
		pthread_mutex_unlock(&self->mutex);
		if (is_over)
			break;
		fill_block(self->inner, block);
		is_over = block->is_last;
		pthread_mutex_lock(&self->mutex);
		self->made++;
		pthread_cond_signal(&self->changed);
		pthread_mutex_unlock(&self->mutex);
	}
	return NULL;
}

/* Give the current block back and wait for the next one. */
static void
next_block(struct ahead_source *self)
{
	pthread_mutex_lock(&self->mutex);
	if (self->current != NULL) {
		self->done++;
		pthread_cond_signal(&self->changed);
	}
	while (self->made == self->done)
		pthread_cond_wait(&self->changed, &self->mutex);
	self->current = &self->blocks[self->done % BLOCKS];
	pthread_mutex_unlock(&self->mutex);
	self->progress = self->current->progress;
}

static enum mx_code
ahead_take(struct byte_source *base, char **ptr_r, size_t *got_r,
    struct mx_err *err)
{
	struct ahead_source *self = (struct ahead_source *)base;
	struct ahead_block *block = self->current;

	if (block == NULL || (block->given == block->len && !block->is_last))
		next_block(self);
	block = self->current;
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
ahead_read(struct byte_source *base, char *buf, size_t room, size_t *got_r,
    struct mx_err *err)
{
	struct ahead_source *self = (struct ahead_source *)base;
	enum mx_code code;
	char *ptr;

	code = ahead_take(base, &ptr, got_r, err);
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
release(struct ahead_source *self)
{
	pthread_cond_destroy(&self->changed);
	pthread_mutex_destroy(&self->mutex);
	free(self);
}

static void
ahead_close(struct byte_source *base)
{
	struct ahead_source *self = (struct ahead_source *)base;

	pthread_mutex_lock(&self->mutex);
	self->has_stop = true;
	pthread_cond_signal(&self->changed);
	pthread_mutex_unlock(&self->mutex);
	pthread_join(self->thread, NULL);
	self->inner->close(self->inner);
	release(self);
}

static uint64_t
ahead_progress(struct byte_source *base)
{
	return ((struct ahead_source *)base)->progress;
}

/* Signals stay with the thread that has the handlers' rest of the story. */
static bool
start(struct ahead_source *self)
{
	sigset_t all, before;
	bool is_running;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	is_running = pthread_create(&self->thread, NULL, work, self) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return is_running;
}

struct byte_source *
source_readahead(struct byte_source *inner)
{
	struct ahead_source *self = mx_calloc(1, sizeof(*self));

	self->base.read = ahead_read;
	self->base.take = ahead_take;
	self->base.close = ahead_close;
	self->base.progress = ahead_progress;
	self->inner = inner;
	if (pthread_mutex_init(&self->mutex, NULL) != 0) {
		free(self);
		return inner;
	}
	if (pthread_cond_init(&self->changed, NULL) != 0) {
		pthread_mutex_destroy(&self->mutex);
		free(self);
		return inner;
	}
	if (!start(self)) {
		release(self);
		return inner;
	}
	return &self->base;
}
