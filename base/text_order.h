/* SPDX-License-Identifier: BSD-2-Clause */
/* Many items in the order of a number and, where that is the same, of texts.
 * What is compared lies in the keys, seven bytes of a text at a time: texts are
 * all over memory, and most are told apart by their first bytes. */
#ifndef MX_BASE_TEXT_ORDER_H
#define MX_BASE_TEXT_ORDER_H

#include "base/slice.h"

struct text_key {
	uint64_t value;  /* ascending; once sorted it means nothing */
	uint32_t item;
};

struct text_order {
	/* LEVEL counts from 0, up to LEVELS. */
	struct slice (*text)(const void *ctx, uint32_t item, unsigned level);
	unsigned levels;
	const void *ctx;
};

/* Texts as slice_cmp() has them. Items that are alike in all stand in no
 * order. */
void text_order_sort(struct text_key *keys, size_t count,
    const struct text_order *order);
/* ROWS of SIZE bytes, numbered by the keys' items from 0 to COUNT, as the keys
 * stand, which are used up. */
void text_order_apply(struct text_key *keys, size_t count, void *rows,
    size_t size);
/* A number of which larger ones come first. */
static inline uint64_t
text_order_descending(int64_t number)
{
	return ~((uint64_t)number ^ (uint64_t)1 << 63);
}

#endif
