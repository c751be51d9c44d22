/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/behind.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/err.h"

struct behind {
	void (*work)(void *ctx);
	void *ctx;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	bool has_job, has_stop;
};

static void *
run(void *arg)
{
	struct behind *behind = arg;

	pthread_mutex_lock(&behind->mutex);
	for (;;) {
		while (!behind->has_job && !behind->has_stop)
			pthread_cond_wait(&behind->changed, &behind->mutex);
		if (!behind->has_job)
			break;
		pthread_mutex_unlock(&behind->mutex);
		behind->work(behind->ctx);
		pthread_mutex_lock(&behind->mutex);
		behind->has_job = false;
		pthread_cond_broadcast(&behind->changed);
	}
	pthread_mutex_unlock(&behind->mutex);
	return NULL;
}

/* Signals stay with the thread that has the handlers' rest of the story. */
static bool
start_thread(struct behind *behind)
{
	sigset_t all, before;
	bool is_running;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	is_running =
	    pthread_create(&behind->thread, NULL, run, behind) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return is_running;
}

struct behind *
behind_start(void (*work)(void *ctx), void *ctx)
{
	struct behind *behind = mx_calloc(1, sizeof(*behind));

	behind->work = work;
	behind->ctx = ctx;
	if (pthread_mutex_init(&behind->mutex, NULL) != 0) {
		free(behind);
		return NULL;
	}
	if (pthread_cond_init(&behind->changed, NULL) != 0) {
		pthread_mutex_destroy(&behind->mutex);
		free(behind);
		return NULL;
	}
	if (!start_thread(behind)) {
		pthread_cond_destroy(&behind->changed);
		pthread_mutex_destroy(&behind->mutex);
		free(behind);
		return NULL;
	}
	return behind;
}

void
behind_stop(struct behind *behind)
{
	if (behind == NULL)
		return;
	pthread_mutex_lock(&behind->mutex);
	behind->has_stop = true;
	pthread_cond_broadcast(&behind->changed);
	pthread_mutex_unlock(&behind->mutex);
	pthread_join(behind->thread, NULL);
	pthread_cond_destroy(&behind->changed);
	pthread_mutex_destroy(&behind->mutex);
	free(behind);
}

void
behind_run(struct behind *behind)
{
	pthread_mutex_lock(&behind->mutex);
	behind->has_job = true;
	pthread_cond_broadcast(&behind->changed);
	pthread_mutex_unlock(&behind->mutex);
}

void
behind_wait(struct behind *behind)
{
	pthread_mutex_lock(&behind->mutex);
	while (behind->has_job)
		pthread_cond_wait(&behind->changed, &behind->mutex);
	pthread_mutex_unlock(&behind->mutex);
}
