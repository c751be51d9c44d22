/* SPDX-License-Identifier: BSD-2-Clause */
/* The clock: a heap of events, and the run from the first arrival to the end
 * of the log. Messages still in the queue then stay open, as in real life. */
#include "tests/gen/gen.h"

#include <stdlib.h>
#include <string.h>

static bool
is_before(const struct event *a, const struct event *b)
{
	return a->time != b->time ? a->time < b->time : a->order < b->order;
}

void
schedule(struct gen *gen, int64_t at, enum event_kind kind, uint32_t message,
    uint32_t arg)
{
	struct event event = { at, gen->event_order++, message, arg, kind };
	size_t i, parent;

	if (gen->heap_len == gen->heap_size) {
		gen->heap_size = gen->heap_size == 0 ? 4096 :
		    gen->heap_size * 2;
		gen->heap = xrealloc(gen->heap,
		    gen->heap_size * sizeof(*gen->heap));
	}
	for (i = gen->heap_len++; i > 0; i = parent) {
		parent = (i - 1) / 2;
		if (!is_before(&event, &gen->heap[parent]))
			break;
		gen->heap[i] = gen->heap[parent];
	}
	gen->heap[i] = event;
}

static struct event
next_event(struct gen *gen)
{
	struct event first = gen->heap[0];
	struct event last = gen->heap[--gen->heap_len];
	size_t i = 0, child;

	while ((child = i * 2 + 1) < gen->heap_len) {
		if (child + 1 < gen->heap_len &&
		    is_before(&gen->heap[child + 1], &gen->heap[child]))
			child++;
		if (!is_before(&gen->heap[child], &last))
			break;
		gen->heap[i] = gen->heap[child];
		i = child;
	}
	gen->heap[i] = last;
	return first;
}

void
gen_init(struct gen *gen, const struct gen_options *options, bool is_null)
{
	memset(gen, 0, sizeof(*gen));
	gen->options = options;
	gen->rng.state = options->seed;
	gen->begin = zone_midnight(options->start_year, options->start_month,
	    options->start_day) * GEN_SECOND;
	gen->end = gen->begin + (int64_t)options->days * GEN_DAY;
	gen->stamp_second = INT64_MIN;
	gen->iso_from = options->iso_from;
	world_build(&gen->world, options, &gen->rng);
	truth_init(&gen->truth, gen);
	gen->dead = xcalloc((size_t)gen->world.source_count *
	    gen->world.site_count, sizeof(*gen->dead));
	out_open(&gen->out, options, is_null, gen->begin);
}

void
gen_run(struct gen *gen)
{
	struct event event;

	arrive_first(gen);
	while (gen->heap_len > 0 && gen->heap[0].time < gen->end) {
		event = next_event(gen);
		gen->now = event.time;
		switch ((enum event_kind)event.kind) {
		case EVENT_ARRIVE:
			arrive(gen);
			break;
		case EVENT_ATTEMPT:
			attempt(gen, event.message);
			break;
		case EVENT_RESULT:
			result(gen, event.message, event.arg);
			break;
		}
	}
	count_open(gen);
}

void
gen_release(struct gen *gen)
{
	uint32_t i;

	for (i = 0; i < gen->message_count; i++) {
		free(gen->messages[i].rcpts);
		free(gen->messages[i].seen);
	}
	for (i = 0; i < gen->world.source_count; i++) {
		free(gen->queues[i].inodes);
		free(gen->queues[i].free);
	}
	free(gen->messages);
	free(gen->message_free);
	free(gen->heap);
	free(gen->dead);
	truth_release(&gen->truth, &gen->world);
	world_release(&gen->world);
}
