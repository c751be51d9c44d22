/* SPDX-License-Identifier: BSD-2-Clause */
/* A queue for tests of it, and messages by their ids. */
#ifndef MX_TESTS_SUPPORT_ONE_QUEUE_H
#define MX_TESTS_SUPPORT_ONE_QUEUE_H

#include "analyzer/queue.h"
#include "tests/support/cases.h"

enum { HOST = 1, OTHER_HOST = 2, ROOT = 7, OTHER_ROOT = 8 };

static struct queue queue;

static inline uint32_t
one_queue_add(const char *id)
{
	return queue_add(&queue, HOST, ROOT, slice_str(id));
}

static inline int
one_queue_set_up(void **state)
{
	(void)state;
	queue_init(&queue, 42);
	return 0;
}

static inline int
one_queue_tear_down(void **state)
{
	(void)state;
	queue_release(&queue);
	return 0;
}

#define ONE_QUEUE_TEST(name) \
	cmocka_unit_test_setup_teardown(name, one_queue_set_up, \
	    one_queue_tear_down)

#endif
