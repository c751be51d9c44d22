/* SPDX-License-Identifier: BSD-2-Clause */
/* A thread that works ahead: it fills blocks of a ring, in order, while the
 * caller uses the ones before. Blocks change hands under one mutex. Knows
 * nothing of what stands in them. */
#ifndef MX_PARSERS_AHEAD_H
#define MX_PARSERS_AHEAD_H

#include <stdbool.h>
#include <stddef.h>

struct ahead;

/* WORK(CTX, it) runs on a thread of its own, with all signals blocked, until
 * it returns. COUNT zeroed blocks of SIZE bytes; memory that is not touched
 * costs nothing. NULL where no thread can be had. */
struct ahead *ahead_start(unsigned count, size_t size,
    void (*work)(void *ctx, struct ahead *ahead), void *ctx);
/* Ends the thread, which must not be inside a block for long, and frees. */
void ahead_stop(struct ahead *ahead);

/* The worker's: the block to fill now, the same until it is given; NULL when
 * it is told to end. Waits for room. */
void *ahead_room(struct ahead *ahead);
/* The worker's: that block is full. */
void ahead_give(struct ahead *ahead);
/* The worker's: full blocks that nobody has begun to use: how far ahead it
 * is. */
unsigned ahead_waiting(struct ahead *ahead);

/* The caller's: the next full block; the one before goes back. Waits for it,
 * so the worker must have marked its last. */
void *ahead_take(struct ahead *ahead);

#endif
