/* SPDX-License-Identifier: BSD-2-Clause */
/* A thread that does a job behind its owner, who goes on meanwhile. What the
 * job works on changes hands under one mutex: the owner leaves it alone from
 * behind_run to behind_wait. Knows nothing of the job. */
#ifndef MX_BASE_BEHIND_H
#define MX_BASE_BEHIND_H

struct behind;

/* A thread, with all signals blocked, that calls WORK(CTX) whenever it is told
 * to. NULL where none can be had. */
struct behind *behind_start(void (*work)(void *ctx), void *ctx);
/* Waits for the job under way, ends the thread and frees; NULL is none. */
void behind_stop(struct behind *behind);

/* Call WORK once more. After a behind_wait, or the first time. */
void behind_run(struct behind *behind);
/* Until the job is done; at once where none is under way. */
void behind_wait(struct behind *behind);

#endif
