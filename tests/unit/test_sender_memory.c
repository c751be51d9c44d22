/* SPDX-License-Identifier: BSD-2-Clause */
/* Statements under test:
 * a sender is found by host and queue id          found_by_host_and_id
 * an id that is used again names the later sender the_later_one_counts
 * nobody is found under an id that was not noted  others_are_not_known
 * however many there are, the newest is known     the_newest_is_known
 * and no more than the limit stay                 old_ones_go */
#include "cli/sender_memory.h"

#include <stdio.h>

#include "base/limits.h"
#include "tests/support/cases.h"

static void
expect(const struct sender_memory *memory, const char *host, const char *id,
    const char *want)
{
	struct slice got = sender_memory_find(memory, slice_str(host),
	    slice_str(id));

	if (want == NULL)
		assert_true(slice_is_none(got));
	else
		assert_true(slice_eq(got, slice_str(want)));
}

static void
note(struct sender_memory *memory, const char *host, const char *id,
    const char *address)
{
	sender_memory_note(memory, slice_str(host), slice_str(id),
	    slice_str(address));
}

static void
found_by_host_and_id(void **state)
{
	struct sender_memory *memory = sender_memory_new();

	(void)state;
	note(memory, "mx1", "4AAAA1", "a@example.org");
	note(memory, "mx2", "4AAAA1", "b@example.org");
	note(memory, "mx1", "4AAAA2", "");
	expect(memory, "mx1", "4AAAA1", "a@example.org");
	expect(memory, "mx2", "4AAAA1", "b@example.org");
	expect(memory, "mx1", "4AAAA2", NULL); /* the null sender */
	sender_memory_free(memory);
}

static void
the_later_one_counts(void **state)
{
	struct sender_memory *memory = sender_memory_new();

	(void)state;
	note(memory, "mx1", "4AAAA1", "a@example.org");
	note(memory, "mx1", "4AAAA1", "somebody.longer@example.org");
	expect(memory, "mx1", "4AAAA1", "somebody.longer@example.org");
	note(memory, "mx1", "4AAAA1", "c@example.org");
	expect(memory, "mx1", "4AAAA1", "c@example.org");
	sender_memory_free(memory);
}

static void
others_are_not_known(void **state)
{
	struct sender_memory *memory = sender_memory_new();

	(void)state;
	expect(memory, "mx1", "4AAAA1", NULL);
	note(memory, "mx1", "4AAAA1", "a@example.org");
	expect(memory, "mx1", "4AAAA2", NULL);
	expect(memory, "mx3", "4AAAA1", NULL);
	sender_memory_free(memory);
}

/* Notes COUNT messages, each asked for at once; how many are known then. */
static unsigned
fill(struct sender_memory *memory, unsigned count)
{
	unsigned known = 0;
	char id[16];

	for (unsigned i = 0; i < count; i++) {
		(void)snprintf(id, sizeof(id), "%X", i);
		note(memory, "mx1", id, id);
		expect(memory, "mx1", id, id);
	}
	for (unsigned i = 0; i < count; i++) {
		(void)snprintf(id, sizeof(id), "%X", i);
		known += !slice_is_none(sender_memory_find(memory,
		    SLICE("mx1"), slice_str(id)));
	}
	return known;
}

static void
the_newest_is_known(void **state)
{
	struct sender_memory *memory = sender_memory_new();

	(void)state;
	/* a tenth of the room: next to all are still there */
	assert_in_range(fill(memory, LIMIT_PRIVACY_SENDERS / 10),
	    LIMIT_PRIVACY_SENDERS / 10 - 50, LIMIT_PRIVACY_SENDERS / 10);
	sender_memory_free(memory);
}

static void
old_ones_go(void **state)
{
	struct sender_memory *memory = sender_memory_new();

	(void)state;
	assert_in_range(fill(memory, LIMIT_PRIVACY_SENDERS * 2),
	    LIMIT_PRIVACY_SENDERS * 9 / 10, LIMIT_PRIVACY_SENDERS);
	expect(memory, "mx1", "0", NULL);
	sender_memory_free(memory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found_by_host_and_id),
		cmocka_unit_test(the_later_one_counts),
		cmocka_unit_test(others_are_not_known),
		cmocka_unit_test(the_newest_is_known),
		cmocka_unit_test(old_ones_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
