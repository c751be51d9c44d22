/* SPDX-License-Identifier: BSD-2-Clause */
/* Statements under test:
 * the marked name is found where it is a word     found_as_a_word
 * in letters of either case, as often as it is    found_again
 * another key, host or message has another mark   of_one_message
 * no person's name, and no word, has a mark       not_worth_one
 * the mark is an HMAC, as Python's hmac counts it as_counted_elsewhere */
#include "cli/name_mark.h"

#include "tests/support/cases.h"

static const struct pseudonym_key key = { { 1, 2, 3 } };
static const struct pseudonym_key other_key = { { 1, 2, 4 } };

static struct name_mark_of
of_message(const char *host, const char *id)
{
	return (struct name_mark_of){ &key, slice_str(host), slice_str(id) };
}

static const struct find_case {
	const char *name, *text;
	long want; /* -1: not at all */
} find_cases[] = {
	{ "a_name_alone_is_found", "greta.sender", 0 },
	{ "a_name_in_angles_is_found", "550 <greta.sender> no", 5 },
	{ "a_name_before_a_colon_is_found", "greta.sender: no", 0 },
	{ "a_name_behind_an_equals_sign_is_found", "for=greta.sender.", 4 },
	{ "capitals_are_no_other_name", "ask Greta.SENDER", 4 },
	{ "a_longer_word_is_another", "greta.senders", -1 },
	{ "so_is_one_that_begins_earlier", "agreta.sender", -1 },
	{ "letters_beyond_ascii_go_on_with_a_word", "greta.sender\xc3\xa9", -1 },
	{ "a_part_of_it_is_another", "greta", -1 },
	{ "an_empty_text_has_none", "", -1 },
};

static void
found_as_a_word(void **state)
{
	const struct find_case *it = *state;
	const struct name_mark_of of = of_message("mx", "4AAAA1");
	struct slice text = slice_str(it->text), hit;

	hit = name_mark_find(&of, name_mark(&of, SLICE("Greta.Sender")), text,
	    0);
	assert_int_equal(slice_is_none(hit), it->want < 0);
	if (it->want >= 0) {
		assert_ptr_equal(hit.ptr, text.ptr + it->want);
		assert_int_equal(hit.len, 12);
	}
}

static void
found_again(void **state)
{
	const struct name_mark_of of = of_message("mx", "4AAAA1");
	struct slice text = SLICE("tina tina, tinas <TINA>");
	uint64_t mark = name_mark(&of, SLICE("tina"));

	(void)state;
	assert_ptr_equal(name_mark_find(&of, mark, text, 1).ptr, text.ptr + 5);
	assert_ptr_equal(name_mark_find(&of, mark, text, 6).ptr,
	    text.ptr + 18);
	assert_true(slice_is_none(name_mark_find(&of, mark, text, 19)));
	assert_true(slice_is_none(name_mark_find(&of, 0, text, 0)));
}

static void
of_one_message(void **state)
{
	const struct name_mark_of of = of_message("mx", "4AAAA1"),
	    id = of_message("mx", "4AAAA2"), host = of_message("mx2", "4AAAA1"),
	    moved = of_message("1\nmx", "4AAAA"),
	    keyed = { &other_key, of.host, of.id };
	struct slice name = SLICE("tina");
	uint64_t mark = name_mark(&of, name);

	(void)state;
	assert_int_not_equal(mark, name_mark(&id, name));
	assert_int_not_equal(mark, name_mark(&host, name));
	assert_int_not_equal(mark, name_mark(&moved, name));
	assert_int_not_equal(mark, name_mark(&keyed, name));
	assert_int_equal(mark, name_mark(&of, SLICE("TINA")));
}

static void
not_worth_one(void **state)
{
	const struct name_mark_of of = of_message("mx", "4AAAA1");
	char longest[256];

	(void)state;
	memset(longest, 'n', sizeof(longest));
	assert_int_equal(name_mark(&of, SLICE("")), 0);
	assert_int_equal(name_mark(&of, SLICE("io")), 0);
	assert_int_equal(name_mark(&of, SLICE("Postmaster")), 0);
	assert_int_equal(name_mark(&of, slice_of(longest, 256)), 0);
	assert_int_not_equal(name_mark(&of, slice_of(longest, 255)), 0);
}

/* hmac.new(bytes([1, 2, 3] + [0] * 29), b"m\0tina\n4AAAA1\nmx", "sha256")
 * .hexdigest()[:14], and the length behind it. */
static void
as_counted_elsewhere(void **state)
{
	const struct name_mark_of of = of_message("mx", "4AAAA1");

	(void)state;
	assert_true(name_mark(&of, SLICE("tina")) == (0x31e78460699ce9u << 8 | 4));
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, find_cases, found_as_a_word);
	cases_add(&cases, "found_again", found_again, NULL);
	cases_add(&cases, "of_one_message", of_one_message, NULL);
	cases_add(&cases, "not_worth_one", not_worth_one, NULL);
	cases_add(&cases, "as_counted_elsewhere", as_counted_elsewhere, NULL);
	return cases_run(&cases);
}
