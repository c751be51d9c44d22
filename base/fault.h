/* SPDX-License-Identifier: BSD-2-Clause */
/* Test seam: fail the N-th allocation, read or write. Built in only with
 * -DMX_FAULT (the asan variant of the Makefile); in releases the question
 * costs nothing and the answer is no. */
#ifndef MX_BASE_FAULT_H
#define MX_BASE_FAULT_H

#include <stdbool.h>
#include <stdint.h>

enum fault_kind { FAULT_ALLOC, FAULT_READ, FAULT_WRITE, FAULT_KINDS };

#ifdef MX_FAULT
/* True when this is the call that the environment asked to fail:
 * MXTREND_FAULT=alloc:17, read:3 or write:5 (counted from 1); a "+" after
 * the number (write:5+) fails every one from there on. */
bool fault_hits(enum fault_kind kind);
/* How much is read or stored at a time: MXTREND_FAULT_SIZE=4096 makes it less
 * than NORMAL, so that small inputs are many transactions. */
uint64_t fault_size(uint64_t normal);
#else
static inline bool
fault_hits(enum fault_kind kind)
{
	(void)kind;
	return false;
}
static inline uint64_t
fault_size(uint64_t normal)
{
	return normal;
}
#endif

#endif
