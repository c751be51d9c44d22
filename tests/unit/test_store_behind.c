/* SPDX-License-Identifier: BSD-2-Clause */
/* A flush that is written while counting goes on. Its commit is held until the
 * test lets it go, so that each order of events is met, not waited for.
 * Statements under test:
 * what is counted meanwhile is the next one's       rows_counted_meanwhile
 * names and replies that come meanwhile harm none   names_that_come_meanwhile
 * a message written in it is forgotten              a_message_is_forgotten
 * a message written in it comes back                a_message_comes_back
 * one set aside meanwhile comes back                one_set_aside_comes_back
 * none waits who need not                           others_do_not_wait
 * parked changes are bounded                        parked_changes_are_bounded
 * its failure is told, and is the end               a_failure_is_the_end
 * what is undone is not parked any more             what_is_undone_is_gone
 * without a thread all is the same                  without_a_thread
 */
#include "analyzer/store_priv.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/limits.h"

#include "tests/support/correlate_run.h"

/* The door that a commit waits behind. */
static struct gate {
	pthread_mutex_t mutex;
	bool is_shut;
	unsigned passed;
	unsigned left_ms; /* it opens then; 0: when it is told to */
} gate = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static struct correlate_hooks hooks;
static struct ledger_entry entry;
static struct sample_overlap overlap;

static int
pass(void *ctx)
{
	const struct timespec moment = { 0, 1000 * 1000 };

	(void)ctx;
	pthread_mutex_lock(&gate.mutex);
	while (gate.is_shut) {
		pthread_mutex_unlock(&gate.mutex);
		(void)nanosleep(&moment, NULL);
		pthread_mutex_lock(&gate.mutex);
		if (gate.left_ms != 0 && --gate.left_ms == 0)
			gate.is_shut = false;
	}
	gate.passed++;
	pthread_mutex_unlock(&gate.mutex);
	return 0;
}

static unsigned
passed(void)
{
	unsigned count;

	pthread_mutex_lock(&gate.mutex);
	count = gate.passed;
	pthread_mutex_unlock(&gate.mutex);
	return count;
}

static void
shut(void)
{
	pthread_mutex_lock(&gate.mutex);
	gate.is_shut = true;
	gate.left_ms = 0;
	pthread_mutex_unlock(&gate.mutex);
}

/* For what must wait: while it does. */
static void
open_soon(void)
{
	pthread_mutex_lock(&gate.mutex);
	gate.left_ms = 30;
	pthread_mutex_unlock(&gate.mutex);
}

static void
open_gate(void)
{
	pthread_mutex_lock(&gate.mutex);
	gate.is_shut = false;
	pthread_mutex_unlock(&gate.mutex);
}

static int
set_up(void **state)
{
	(void)run_set_up_store(state);
	store_hooks(run.store, &run.queue, &run.totals, &run.names, &hooks);
	gate.is_shut = false;
	gate.passed = 0;
	memset(&entry, 0, sizeof(entry));
	entry.file.path = "mail.log";
	entry.line = 1;
	entry.last_line_utc = entry.first_utc = entry.last_utc = INT64_MIN;
	memset(&overlap, 0, sizeof(overlap));
	assert_int_equal(store_begin(run.store, &run.err), MX_OK);
	assert_int_equal(store_load_covered(run.store, &run.err), MX_OK);
	(void)sqlite3_commit_hook(run.store->db, pass, NULL);
	return 0;
}

static int
tear_down(void **state)
{
	open_gate();
	store_rollback(run.store);
	ledger_release(&entry);
	free(overlap.path);
	return run_tear_down(state);
}

static enum mx_code
add_on(bool is_behind)
{
	struct store_segment segment = { .entry = &entry,
		.samples = mx_alloc(sizeof(struct sample)),
		.sample_count = 1, .overlap = &overlap,
		.is_behind = is_behind };

	segment.samples[0] = (struct sample){ (int64_t)entry.line, TEN };
	return store_add_segment(run.store, &run.totals, run.correlate,
	    &segment, &run.err);
}

static void
flush(void)
{
	assert_int_equal(add_on(true), MX_OK);
}

static void
join(void)
{
	assert_int_equal(store_join(run.store, &run.err), MX_OK);
}

static int64_t
number(const char *sql)
{
	int64_t value = -1;

	assert_int_equal(store_number(run.store, sql, &value, &run.err),
	    MX_OK);
	return value;
}

static void
deliver(const char *id, int64_t utc)
{
	run_tell(MESSAGE_BORN, utc, "postfix", id);
	run_try(OUTCOME_ACCEPTED, utc + 1, id, "b@example.net");
	run_tell(MESSAGE_REMOVED, utc + 2, "postfix", id);
}

static void
defer(const char *id, int64_t utc)
{
	run_tell(MESSAGE_BORN, utc, "postfix", id);
	run_try(OUTCOME_DEFERRED, utc + 1, id, "b@example.net");
}

static enum mx_code
set_aside_oldest(void)
{
	return hooks.set_aside(hooks.ctx, run.queue.oldest, &run.err);
}

/* ------------------------------------------------------------------ */

static void
rows_counted_meanwhile(void **state)
{
	(void)state;
	deliver("4A", TEN);
	run_settle();
	shut();
	flush();
	assert_int_equal(run_sum().accepted, 0);
	deliver("4B", TEN + 10);
	deliver("4C", TEN + 20);
	run_settle();
	assert_int_equal(run_sum().accepted, 2);
	assert_int_equal(passed(), 0);
	open_gate();
	join();
	assert_int_equal(passed(), 1);
	assert_int_equal(number("SELECT sum(accepted) FROM total"), 1);
	assert_int_equal(number("SELECT count(*) FROM input"), 1);
	assert_int_equal(number("SELECT count(*) FROM sample"), 1);
	assert_int_equal(run_sum().accepted, 2);
	entry.line = 2;
	flush();
	join();
	assert_int_equal(number("SELECT sum(accepted) FROM total"), 3);
	assert_int_equal(number("SELECT line FROM input"), 2);
	assert_int_equal(number("SELECT count(*) FROM sample"), 2);
}

enum { MANY = 20000 };

/* Tables of names and of kinds of reply grow to many times what they were. */
static void
names_that_come_meanwhile(void **state)
{
	char id[16], to[64], reply[64];

	(void)state;
	deliver("4A", TEN);
	run_settle();
	for (int round = 0; round < 3; round++) {
		flush();
		for (int i = 0; i < MANY / 10; i++) {
			struct delivery fact;
			int n = round * MANY + i;

			(void)snprintf(id, sizeof(id), "5%X", (unsigned)n);
			(void)snprintf(to, sizeof(to), "b@d%d.example", n);
			(void)snprintf(reply, sizeof(reply),
			    "550 5.7.1 cause %c%c%c", 'a' + n % 26,
			    'a' + n / 26 % 26, 'a' + n / 676 % 26);
			fact = run_attempt_of(OUTCOME_BOUNCED, TEN + 5, id, to);
			fact.reply = slice_str(reply);
			fact.dsn = SLICE("5.7.1");
			run.told_count = 0;
			run_tell(MESSAGE_BORN, TEN + 4, "postfix", id);
			run_attempt(&fact);
			run_tell(MESSAGE_REMOVED, TEN + 6, "postfix", id);
		}
		join();
	}
	run_settle();
	flush();
	join();
	assert_int_equal(number("SELECT sum(bounced) FROM total"),
	    3 * (MANY / 10));
	assert_int_equal(number("SELECT count(*) FROM name AS n JOIN total ON"
	    " domain = n.id WHERE text GLOB 'd[0-9]*.example'"),
	    3 * (MANY / 10));
	assert_int_equal(number("SELECT count(*) FROM attempt AS a JOIN reply"
	    " AS r ON r.id = a.reply WHERE r.sample NOT GLOB '550 5.7.1 *'"),
	    0);
}

static void
a_message_is_forgotten(void **state)
{
	(void)state;
	defer("4A", TEN);
	shut();
	flush();
	assert_int_equal(store_open_messages(run.store), 1);
	/* it is over while its fragment is being written */
	run_try(OUTCOME_ACCEPTED, TEN + 60, "4A", "b@example.net");
	run_tell(MESSAGE_REMOVED, TEN + 60, "postfix", "4A");
	run_settle();
	assert_int_equal(passed(), 0);
	assert_int_equal(store_open_messages(run.store), 0);
	open_gate();
	join();
	assert_int_equal(number("SELECT count(*) FROM fragment"), 1);
	flush();
	join();
	assert_int_equal(number("SELECT count(*) FROM fragment"), 0);
	assert_int_equal(number("SELECT sum(accepted) FROM total"), 1);
	assert_int_equal(number("SELECT sum(deferred) FROM total"), 1);
	assert_int_equal(number("SELECT sum(messages) FROM total"), 1);
}

static void
a_message_comes_back(void **state)
{
	(void)state;
	defer("4A", TEN);
	assert_int_equal(set_aside_oldest(), MX_OK);
	assert_int_equal(run.queue.messages.live, 0);
	shut();
	flush();
	open_soon();
	run_try(OUTCOME_ACCEPTED, TEN + 60, "4A", "b@example.net");
	assert_int_equal(passed(), 1);
	assert_int_equal(run.queue.messages.live, 1);
	run_tell(MESSAGE_REMOVED, TEN + 60, "postfix", "4A");
	run_settle();
	assert_int_equal(run_messages(), 1);
	open_gate();
	flush();
	join();
	assert_int_equal(number("SELECT count(*) FROM fragment"), 0);
	assert_int_equal(number("SELECT sum(messages) FROM total"), 1);
	assert_int_equal(number("SELECT sum(accepted) FROM total"), 1);
}

static void
one_set_aside_comes_back(void **state)
{
	(void)state;
	deliver("4B", TEN);
	run_settle();
	shut();
	flush();
	defer("4A", TEN);
	assert_int_equal(set_aside_oldest(), MX_OK);
	assert_int_equal(passed(), 0);
	assert_int_equal(run.store->parked.count, 1);
	assert_int_equal(store_open_messages(run.store), 1);
	open_soon();
	run_try(OUTCOME_ACCEPTED, TEN + 60, "4A", "b@example.net");
	assert_int_equal(passed(), 1);
	run_tell(MESSAGE_REMOVED, TEN + 60, "postfix", "4A");
	run_settle();
	assert_int_equal(store_open_messages(run.store), 0);
	assert_int_equal(run_messages(), 1);
	open_gate();
	flush();
	join();
	assert_int_equal(number("SELECT count(*) FROM fragment"), 0);
	assert_int_equal(number("SELECT sum(messages) FROM total"), 2);
}

static void
others_do_not_wait(void **state)
{
	(void)state;
	defer("4A", TEN);
	shut();
	flush();
	/* of an id that nobody keeps, known from its middle only */
	run_try(OUTCOME_DEFERRED, TEN + 5, "4F", "c@example.net");
	assert_int_equal(set_aside_oldest(), MX_OK);
	assert_int_equal(set_aside_oldest(), MX_OK);
	assert_int_equal(run.queue.messages.live, 0);
	deliver("4C", TEN + 10);
	run_settle();
	assert_int_equal(passed(), 0);
	assert_int_equal(store_open_messages(run.store), 2);
	open_gate();
	join();
	flush();
	join();
	assert_int_equal(number("SELECT count(*) FROM fragment"), 2);
	assert_int_equal(number("SELECT count(DISTINCT queue_id) FROM"
	    " fragment"), 2);
}

enum { LARGE = 100, RECIPIENTS = 400 };

static void
defer_large(const char *id)
{
	char to[96];

	run_tell(MESSAGE_BORN, TEN, "postfix", id);
	for (int i = 0; i < RECIPIENTS; i++) {
		(void)snprintf(to, sizeof(to), "a.recipient.with.a.long.name."
		    "of.which.there.are.very.many.%d@example.net", i);
		run.told_count = 0;
		run_try(OUTCOME_DEFERRED, TEN + 1, id, to);
	}
}

/* More than may wait, by far; the ids are few, so that it is not for one of
 * them that all is written. */
static void
parked_changes_are_bounded(void **state)
{
	size_t all = 0, before = 0;
	char id[16];

	(void)state;
	flush();
	for (unsigned i = 0; i < LARGE; i++) {
		(void)snprintf(id, sizeof(id), "6%X", i);
		defer_large(id);
		assert_int_equal(set_aside_oldest(), MX_OK);
		assert_true(run.store->parked.bytes < LIMIT_PARKED_BYTES);
		if (run.store->parked.bytes > before)
			all += run.store->parked.bytes - before;
		before = run.store->parked.bytes;
	}
	assert_true(all > 2 * LIMIT_PARKED_BYTES);
	assert_true(run.store->parked.count < LARGE);
	assert_int_equal(store_open_messages(run.store), LARGE);
	flush();
	join();
	assert_int_equal(number("SELECT count(*) FROM fragment"), LARGE);
}

static void
a_failure_is_the_end(void **state)
{
	(void)state;
	deliver("4A", TEN);
	run_settle();
	assert_int_equal(store_exec(run.store, "DROP TABLE total", "test",
	    &run.err), MX_OK);
	assert_false(store_has_failed(run.store));
	flush();
	assert_int_equal(store_join(run.store, &run.err), MX_E_IO);
	assert_non_null(strstr(run.err.text, "no such table: total"));
	run.err.text[0] = '\0';
	assert_int_equal(store_join(run.store, &run.err), MX_E_IO);
	assert_non_null(strstr(run.err.text, "no such table: total"));
	assert_true(store_has_failed(run.store));
	assert_int_equal(add_on(true), MX_E_IO);
	assert_int_equal(store_add(run.store, &run.totals, run.correlate,
	    &run.err), MX_E_IO);
	assert_int_equal(store_commit(run.store, &run.err), MX_E_IO);
	assert_int_equal(passed(), 0);
	assert_int_equal(number("SELECT count(*) FROM input"), 0);
}

static void
what_is_undone_is_gone(void **state)
{
	(void)state;
	defer("4A", TEN);
	assert_int_equal(set_aside_oldest(), MX_OK);
	assert_int_equal(run.store->parked.count, 1);
	shut();
	flush();
	defer("4B", TEN);
	assert_int_equal(set_aside_oldest(), MX_OK);
	open_soon();
	store_rollback(run.store);
	assert_int_equal(passed(), 1);
	assert_int_equal(run.store->parked.count, 0);
	assert_int_equal(number("SELECT count(*) FROM fragment"), 1);
	assert_int_equal(store_begin(run.store, &run.err), MX_OK);
}

static void
without_a_thread(void **state)
{
	(void)state;
	defer("4A", TEN);
	deliver("4B", TEN);
	run_settle();
	assert_int_equal(add_on(false), MX_OK);
	assert_null(run.store->behind);
	assert_int_equal(passed(), 1);
	assert_int_equal(run_sum().accepted, 0);
	assert_int_equal(number("SELECT sum(accepted) FROM total"), 1);
	assert_int_equal(number("SELECT count(*) FROM fragment"), 1);
	assert_int_equal(number("SELECT count(*) FROM sample"), 1);
}

/* ------------------------------------------------------------------ */

#define BEHIND_TEST(name) \
	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BEHIND_TEST(rows_counted_meanwhile),
		BEHIND_TEST(names_that_come_meanwhile),
		BEHIND_TEST(a_message_is_forgotten),
		BEHIND_TEST(a_message_comes_back),
		BEHIND_TEST(one_set_aside_comes_back),
		BEHIND_TEST(others_do_not_wait),
		BEHIND_TEST(parked_changes_are_bounded),
		BEHIND_TEST(a_failure_is_the_end),
		BEHIND_TEST(what_is_undone_is_gone),
		BEHIND_TEST(without_a_thread),
	};

	return cmocka_run_group_tests(tests, run_open, run_close);
}
