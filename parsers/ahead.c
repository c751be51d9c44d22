/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/ahead.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "base/err.h"

struct ahead {
	void (*work)(void *ctx, struct ahead *ahead);
	void *ctx;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	/* Blocks made and blocks done with, counted from the start: those in
	 * between are the caller's, the others the worker's. */
	unsigned count, made, done;
	bool has_stop, has_current;
	size_t size;
	char *blocks;
};

static void *
run(void *arg)
{
	struct ahead *ahead = arg;

	ahead->work(ahead->ctx, ahead);
	return NULL;
}

/* Signals stay with the thread that has the handlers' rest of the story. */
static bool
start_thread(struct ahead *ahead)
{
	sigset_t all, before;
	bool is_running;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	is_running = pthread_create(&ahead->thread, NULL, run, ahead) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return is_running;
}

static void
release(struct ahead *ahead)
{
	pthread_cond_destroy(&ahead->changed);
	pthread_mutex_destroy(&ahead->mutex);
	free(ahead->blocks);
	free(ahead);
}

struct ahead *
ahead_start(unsigned count, size_t size,
    void (*work)(void *ctx, struct ahead *ahead), void *ctx)
{
	struct ahead *ahead = mx_calloc(1, sizeof(*ahead));

	ahead->work = work;
	ahead->ctx = ctx;
	ahead->count = count;
	ahead->size = size;
	if (pthread_mutex_init(&ahead->mutex, NULL) != 0) {
		free(ahead);
		return NULL;
	}
	if (pthread_cond_init(&ahead->changed, NULL) != 0) {
		pthread_mutex_destroy(&ahead->mutex);
		free(ahead);
		return NULL;
	}
	ahead->blocks = mx_calloc(count, size);
	if (!start_thread(ahead)) {
		release(ahead);
		return NULL;
	}
	return ahead;
}

void
ahead_stop(struct ahead *ahead)
{
	pthread_mutex_lock(&ahead->mutex);
	ahead->has_stop = true;
	pthread_cond_signal(&ahead->changed);
	pthread_mutex_unlock(&ahead->mutex);
	pthread_join(ahead->thread, NULL);
	release(ahead);
}

void *
ahead_room(struct ahead *ahead)
{
	void *block;

	pthread_mutex_lock(&ahead->mutex);
	while (ahead->made - ahead->done == ahead->count && !ahead->has_stop)
		pthread_cond_wait(&ahead->changed, &ahead->mutex);
	block = ahead->has_stop ? NULL : ahead->blocks +
	    ahead->made % ahead->count * ahead->size;
	pthread_mutex_unlock(&ahead->mutex);
	return block;
}

void
ahead_give(struct ahead *ahead)
{
	pthread_mutex_lock(&ahead->mutex);
	ahead->made++;
	pthread_cond_signal(&ahead->changed);
	pthread_mutex_unlock(&ahead->mutex);
}

unsigned
ahead_waiting(struct ahead *ahead)
{
	unsigned waiting;

	pthread_mutex_lock(&ahead->mutex);
	waiting = ahead->made - ahead->done - ahead->has_current;
	pthread_mutex_unlock(&ahead->mutex);
	return waiting;
}

void *
ahead_take(struct ahead *ahead)
{
	void *block;

	pthread_mutex_lock(&ahead->mutex);
	if (ahead->has_current) {
		ahead->has_current = false;
		ahead->done++;
		pthread_cond_signal(&ahead->changed);
	}
	while (ahead->made == ahead->done)
		pthread_cond_wait(&ahead->changed, &ahead->mutex);
	ahead->has_current = true;
	block = ahead->blocks + ahead->done % ahead->count * ahead->size;
	pthread_mutex_unlock(&ahead->mutex);
	return block;
}
