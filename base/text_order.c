/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/text_order.h"

#include <stdlib.h>

#include "base/err.h"

/* Bytes of a text in one value; the last byte says how many there are, or
 * that the text goes on. */
enum { BYTES = 7, GOES_ON = BYTES + 1, FEW = 12 };

/* Keys whose values are the same, and how much of their texts is sorted. */
struct run {
	struct text_key *keys;
	size_t count, depth;
	unsigned level;
};

static uint64_t
value_of(struct slice text, size_t depth)
{
	size_t rest = text.len > depth ? text.len - depth : 0;
	uint64_t value = 0;

	for (size_t i = 0; i < BYTES; i++)
		value = value << 8 | (i < rest ?
		    (unsigned char)text.ptr[depth + i] : 0u);
	return value << 8 | (rest > BYTES ? GOES_ON : rest);
}

static int
compare(const void *left, const void *right)
{
	uint64_t a = ((const struct text_key *)left)->value;
	uint64_t b = ((const struct text_key *)right)->value;

	return (a > b) - (a < b);
}

static void
sort_values(struct text_key *keys, size_t count)
{
	if (count > FEW) {
		qsort(keys, count, sizeof(*keys), compare);
		return;
	}
	for (size_t i = 1; i < count; i++) {
		struct text_key key = keys[i];
		size_t at = i;

		for (; at > 0 && keys[at - 1].value > key.value; at--)
			keys[at] = keys[at - 1];
		keys[at] = key;
	}
}

static size_t
length_of_run(const struct text_key *keys, size_t count)
{
	size_t n = 1;

	while (n < count && keys[n].value == keys[0].value)
		n++;
	return n;
}

/* What is to be sorted next of COUNT keys that are the same so far. */
static struct run
further(struct text_key *keys, size_t count, const struct run *in)
{
	bool goes_on = (keys[0].value & 0xff) == GOES_ON;

	return (struct run){ keys, count, goes_on ? in->depth + BYTES : 0,
		goes_on ? in->level : in->level + 1 };
}

/* The longest run is gone on with, others are called for, so that calls are
 * as deep as the count has bits. */
static void
sort_run(struct run run, const struct text_order *order)
{
	while (run.count > 1 && run.level < order->levels) {
		struct run longest = { .count = 0 }, next;

		for (size_t i = 0; i < run.count; i++)
			run.keys[i].value = value_of(order->text(order->ctx,
			    run.keys[i].item, run.level), run.depth);
		sort_values(run.keys, run.count);
		for (size_t i = 0; i < run.count; i += next.count) {
			next = further(run.keys + i, length_of_run(
			    run.keys + i, run.count - i), &run);
			if (next.count > longest.count) {
				struct run shorter = longest;

				longest = next;
				sort_run(shorter, order);
			} else {
				sort_run(next, order);
			}
		}
		run = longest;
	}
}

void
text_order_sort(struct text_key *keys, size_t count,
    const struct text_order *order)
{
	sort_values(keys, count);
	for (size_t i = 0, n; i < count; i += n) {
		n = length_of_run(keys + i, count - i);
		sort_run((struct run){ keys + i, n, 0, 0 }, order);
	}
}

/* Around each ring of rows that take each other's place. */
void
text_order_apply(struct text_key *keys, size_t count, void *rows, size_t size)
{
	char *row = rows, *first = mx_alloc(size);

	for (size_t i = 0; i < count; i++) {
		size_t to = i, from;

		if (keys[i].item == i)
			continue;
		memcpy(first, row + i * size, size);
		for (; (from = keys[to].item) != i; to = from) {
			memcpy(row + to * size, row + from * size, size);
			keys[to].item = (uint32_t)to;
		}
		memcpy(row + to * size, first, size);
		keys[to].item = (uint32_t)to;
	}
	free(first);
}
