/* SPDX-License-Identifier: BSD-2-Clause */
/* An input is known by how it begins; the shorter beginning decides. And in
 * the store: which of several entries it is. */
#include "analyzer/ledger.h"

#include <stdio.h>

#include "analyzer/store.h"
#include "base/hash.h"
#include "tests/support/cases.h"

#define LONG "Nov 20 06:25:01 mail postfix/smtp[7]: 4A: to=<a@example.net>, " \
	"relay=mx.example.net[192.0.2.25]:25, delay=1, status=sent (250 ok)\n"

static const struct same_case {
	const char *name, *known, *head;
	bool want;
} same_cases[] = {
	{ "the_same_beginning", "Nov 20 line", "Nov 20 line", true },
	{ "another_beginning", "Nov 20 line", "Nov 21 line", false },
	{ "it_has_grown", "Nov 20", "Nov 20 line", true },
	{ "a_line_became_three", LONG, LONG LONG LONG, true },
	{ "a_line_got_its_newline", "Nov 20 line", "Nov 20 line\n", true },
	{ "a_shorter_copy", LONG LONG, LONG, true },
	{ "a_shorter_copy_without_its_last_newline", "Nov 20\nNov 21\n",
	  "Nov 20", true },
	{ "a_copy_cut_in_its_second_line", "Nov 20\nNov 21\n", "Nov 20\nNo",
	  true },
	{ "a_copy_cut_in_its_first_line", LONG, "Nov 20 06:25:01 mail", false },
	/* the same second of the same process: 64 bytes in common */
	{ "another_line_that_begins_alike", LONG LONG, "Nov 20 06:25:01 mail "
	  "postfix/smtp[7]: 4A: to=<a@example.net>, relay=mx2.example.net\n",
	  false },
	{ "another_second_line_that_begins_alike", "Nov 20 a\nNov 20 bc\n-\n",
	  "Nov 20 a\nNov 20 bd\n", false },
	{ "it_grew_into_something_else", "Nov 20", "Nov 21 line", false },
	{ "the_second_line_differs", LONG LONG, LONG "Nov 21" LONG, false },
	{ "an_empty_input_is_like_nothing", "Nov 20", "", false },
	{ "nothing_is_like_an_empty_entry", "", "Nov 20", false },
	{ "two_empty_ones_are_two", "", "", false },
};

static struct ledger_entry
entry_of(const char *head, uint64_t offset)
{
	struct ledger_entry entry = { .offset = offset, .line = 1,
		.format = "syslog",
		.first_utc = 1000, .last_utc = 2000, .last_line_utc = 2000,
		.container = "plain", .file = { .path = "mail.log",
		.device = 1, .inode = 2, .size_bytes = 3, .mtime_ns = 4 },
		.is_complete = true };

	ledger_head_of(slice_str(head), &entry.head);
	return entry;
}

static void
run_same(void **state)
{
	const struct same_case *it = *state;
	struct ledger_head known;

	ledger_head_of(slice_str(it->known), &known);
	assert_int_equal(ledger_is_same(&known, slice_str(it->head)),
	    it->want);
}

/* Of every length that is looked at, and some more. */
static void
a_head_comes_back_as_it_was_packed(void **state)
{
	static char text[LEDGER_HEAD + 100];
	struct ledger_head head, back;
	char room[LEDGER_PACKED];
	struct slice packed;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 97 == 96 ? '\n' : (char)('a' + i % 23);
	for (size_t len = 0; len <= sizeof(text); len++) {
		ledger_head_of(slice_of(text, len), &head);
		packed = ledger_head_pack(&head, room);
		assert_in_range(packed.len, 3, LEDGER_PACKED);
		ledger_head_unpack(packed, &back);
		assert_int_equal(back.bytes, head.bytes);
		assert_int_equal(back.marks, head.marks);
		assert_memory_equal(back.mark, head.mark,
		    head.marks * LEDGER_MARK_BYTES);
		assert_true(ledger_fingerprint(&back) == hash_stable(slice_of(
		    text, len < LEDGER_HEAD ? len : LEDGER_HEAD),
		    HASH_STABLE_START));
	}
}

/* A store of schema 1 has the bytes themselves, whatever they are. */
static void
bytes_of_schema_1_are_understood(void **state)
{
	static const struct slice bytes[] = { { LONG, sizeof(LONG) - 1 },
		{ "\0\0\0\0Nov 20", 10 }, { "\0", 1 }, { "\0\0\7ab", 5 } };
	struct ledger_head head;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes) / sizeof(bytes[0]); i++) {
		ledger_head_unpack(bytes[i], &head);
		assert_int_equal(head.bytes, bytes[i].len);
		assert_true(ledger_is_same(&head, bytes[i]));
	}
}

/* ------------------------------------------------------------------ */

static struct store *
open_store(void)
{
	struct store *store = NULL;
	struct mx_err err;

	assert_int_equal(store_open(STORE_PRIVATE, NULL, 3600, 0, &store,
	    &err), MX_OK);
	return store;
}

static void
save(struct store *store, const char *head, uint64_t offset)
{
	struct ledger_entry entry = entry_of(head, offset);
	struct mx_err err;

	assert_int_equal(store_save_input(store, &entry, &err), MX_OK);
	assert_true(entry.id > 0);
}

/* The place up to which it was read, -1 when it is not known. */
static int64_t
offset_of(struct store *store, const char *head)
{
	struct ledger_entry entry;
	struct mx_err err;
	bool found;
	int64_t offset;

	assert_int_equal(store_find_input(store, slice_str(head), &entry,
	    &found, &err), MX_OK);
	if (!found)
		return -1;
	offset = (int64_t)entry.offset;
	ledger_release(&entry);
	return offset;
}

static void
an_input_is_found_by_its_beginning_alone(void **state)
{
	struct store *store = open_store();

	(void)state;
	save(store, LONG "A", 10);
	save(store, LONG "B", 20);
	save(store, "Nov 21", 30);
	assert_int_equal(offset_of(store, LONG "A and more"), 10);
	assert_int_equal(offset_of(store, LONG "B"), 20);
	assert_int_equal(offset_of(store, LONG "C"), -1);
	assert_int_equal(offset_of(store, "Nov 21 and more"), 30);
	assert_int_equal(offset_of(store, "Nov 22"), -1);
	assert_int_equal(offset_of(store, ""), -1);
	store_close(store);
}

/* It holds nothing yet that could count twice. */
static void
a_copy_cut_in_its_first_line_is_not_known(void **state)
{
	struct store *store = open_store();

	(void)state;
	save(store, LONG, 10);
	assert_int_equal(offset_of(store,
	    "Nov 20 06:25:01 mail postfix/smtp[7]: 4A: to"), -1);
	assert_int_equal(offset_of(store, LONG LONG), 10);
	save(store, LONG LONG LONG, 20);
	assert_int_equal(offset_of(store, LONG LONG), 20);
	store_close(store);
}

static void
of_two_that_fit_the_one_better_known_counts(void **state)
{
	struct store *store = open_store();

	(void)state;
	save(store, "Nov 20", 99);
	save(store, LONG, 10);
	assert_int_equal(offset_of(store, LONG "more"), 10);
	assert_int_equal(offset_of(store, "Nov 20 other"), 99);
	store_close(store);
}

static void
an_entry_comes_back_as_it_was_saved(void **state)
{
	struct store *store = open_store();
	struct ledger_entry entry = entry_of(LONG, 1234), back;
	struct mx_err err;
	bool found;

	(void)state;
	entry.line = 17;
	entry.read_utc = 5000;
	entry.last_line_utc = INT64_MIN;
	assert_int_equal(store_save_input(store, &entry, &err), MX_OK);
	entry.offset = 2345;
	assert_int_equal(store_save_input(store, &entry, &err), MX_OK);
	assert_int_equal(store_find_input(store, SLICE(LONG), &back, &found,
	    &err), MX_OK);
	assert_true(found);
	assert_int_equal(back.id, entry.id);
	assert_int_equal(back.offset, 2345);
	assert_int_equal(back.line, 17);
	assert_string_equal(back.format, "syslog");
	assert_string_equal(back.container, "plain");
	assert_string_equal(back.path, "mail.log");
	assert_true(back.last_line_utc == INT64_MIN);
	assert_int_equal(back.first_utc, 1000);
	assert_int_equal(back.last_utc, 2000);
	assert_int_equal(back.head.bytes, entry.head.bytes);
	assert_int_equal(back.head.marks, entry.head.marks);
	assert_memory_equal(back.head.mark, entry.head.mark,
	    entry.head.marks * LEDGER_MARK_BYTES);
	assert_int_equal(back.read_utc, 5000);
	assert_true(back.is_complete);
	ledger_release(&back);
	store_close(store);
}

static const struct unchanged_case {
	const char *name;
	struct ledger_file file;
	bool want;
} unchanged_cases[] = {
	{ "the_same_file", { "mail.log", 1, 2, 3, 4 }, true },
	{ "under_another_name", { "mail.log.1", 1, 2, 3, 4 }, true },
	{ "on_another_disk", { "mail.log", 9, 2, 3, 4 }, false },
	{ "another_file", { "mail.log", 1, 9, 3, 4 }, false },
	{ "of_another_size", { "mail.log", 1, 2, 9, 4 }, false },
	{ "written_since", { "mail.log", 1, 2, 3, 9 }, false },
	{ "a_stream_is_never_the_same", { "-", 1, 2, 3, INT64_MIN }, false },
};

static void
run_unchanged(void **state)
{
	const struct unchanged_case *it = *state;
	struct store *store = open_store();
	struct ledger_entry partial = entry_of("half read", 5);
	struct mx_err err;
	bool found;

	save(store, LONG, 10);
	partial.file.inode = 77;
	partial.is_complete = false;
	assert_int_equal(store_save_input(store, &partial, &err), MX_OK);
	assert_int_equal(store_find_unchanged(store, &it->file, &found, &err),
	    MX_OK);
	assert_int_equal(found, it->want);
	assert_int_equal(store_find_unchanged(store, &partial.file, &found,
	    &err), MX_OK);
	assert_false(found);
	store_close(store);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, same_cases, run_same);
	cases_add(&cases, "a_head_comes_back_as_it_was_packed",
	    a_head_comes_back_as_it_was_packed, NULL);
	cases_add(&cases, "bytes_of_schema_1_are_understood",
	    bytes_of_schema_1_are_understood, NULL);
	cases_add(&cases, "an_input_is_found_by_its_beginning_alone",
	    an_input_is_found_by_its_beginning_alone, NULL);
	cases_add(&cases, "a_copy_cut_in_its_first_line_is_not_known",
	    a_copy_cut_in_its_first_line_is_not_known, NULL);
	cases_add(&cases, "of_two_that_fit_the_one_better_known_counts",
	    of_two_that_fit_the_one_better_known_counts, NULL);
	cases_add(&cases, "an_entry_comes_back_as_it_was_saved",
	    an_entry_comes_back_as_it_was_saved, NULL);
	CASES_ADD_TABLE(&cases, unchanged_cases, run_unchanged);
	return cases_run(&cases);
}
