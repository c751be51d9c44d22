/* SPDX-License-Identifier: BSD-2-Clause */
/* Statements under test:
 * each job is done once, in full, before a wait ends  jobs_are_done_once
 * the owner goes on while a job is done               the_owner_goes_on
 * a stop waits for the job under way                  a_stop_waits
 * signals stay with the owner                         signals_are_blocked
 */
#include "base/behind.h"

#include <signal.h>
#include <stdbool.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/cases.h"

enum { JOBS = 1000 };

static void
pause_a_while(void)
{
	const struct timespec moment = { 0, 50 * 1000 * 1000 };

	(void)nanosleep(&moment, NULL);
}

static void
count_up(void *ctx)
{
	unsigned *count = ctx;

	++*count;
}

static void
jobs_are_done_once(void **state)
{
	unsigned count = 0;
	struct behind *behind = behind_start(count_up, &count);

	(void)state;
	assert_non_null(behind);
	behind_wait(behind);
	assert_int_equal(count, 0);
	for (unsigned i = 1; i <= JOBS; i++) {
		behind_run(behind);
		behind_wait(behind);
		behind_wait(behind);
		assert_int_equal(count, i);
	}
	behind_stop(behind);
	assert_int_equal(count, JOBS);
}

/* Reads a byte, which its owner writes while the job is under way. */
struct pipe_job {
	int ends[2];
	char got;
};

static void
read_byte(void *ctx)
{
	struct pipe_job *job = ctx;

	if (read(job->ends[0], &job->got, 1) != 1)
		job->got = '?';
}

static void
the_owner_goes_on(void **state)
{
	struct pipe_job job = { .got = '-' };
	struct behind *behind = behind_start(read_byte, &job);

	(void)state;
	assert_non_null(behind);
	assert_int_equal(pipe(job.ends), 0);
	behind_run(behind);
	assert_int_equal(write(job.ends[1], "x", 1), 1);
	behind_wait(behind);
	assert_int_equal(job.got, 'x');
	behind_stop(behind);
	(void)close(job.ends[0]);
	(void)close(job.ends[1]);
}

static void
count_late(void *ctx)
{
	pause_a_while();
	count_up(ctx);
}

static void
a_stop_waits(void **state)
{
	unsigned count = 0;
	struct behind *behind = behind_start(count_late, &count);

	(void)state;
	assert_non_null(behind);
	behind_run(behind);
	behind_stop(behind);
	assert_int_equal(count, 1);
	behind_stop(NULL);
}

static void
look_at_mask(void *ctx)
{
	sigset_t mask;
	bool *is_blocked = ctx;

	*is_blocked = sigprocmask(SIG_BLOCK, NULL, &mask) == 0 &&
	    sigismember(&mask, SIGTERM) == 1 &&
	    sigismember(&mask, SIGINT) == 1;
}

static void
signals_are_blocked(void **state)
{
	bool is_blocked = false;
	struct behind *behind = behind_start(look_at_mask, &is_blocked);
	sigset_t mask;

	(void)state;
	assert_non_null(behind);
	behind_run(behind);
	behind_wait(behind);
	assert_true(is_blocked);
	behind_stop(behind);
	assert_int_equal(sigprocmask(SIG_BLOCK, NULL, &mask), 0);
	assert_int_equal(sigismember(&mask, SIGTERM), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(jobs_are_done_once),
		cmocka_unit_test(the_owner_goes_on),
		cmocka_unit_test(a_stop_waits),
		cmocka_unit_test(signals_are_blocked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
