/* SPDX-License-Identifier: BSD-2-Clause */
/* FNV-1a's expected values are the published test vectors of its authors
 * (draft-eastlake-fnv, section 6). */
#include "base/hash.h"

#include "tests/support/cases.h"

static const struct stable_case {
	const char *name, *in;
	uint64_t want;
} stable_cases[] = {
	{ "fnv_of_nothing_is_the_offset_basis", "", 0xcbf29ce484222325u },
	{ "fnv_of_a", "a", 0xaf63dc4c8601ec8cu },
	{ "fnv_of_foobar", "foobar", 0x85944171f73967e8u },
};

static void
run_stable(void **state)
{
	const struct stable_case *c = *state;

	assert_true(hash_stable(slice_str(c->in), HASH_STABLE_START) ==
	    c->want);
}

static void
stable_hash_can_be_continued(void **state)
{
	uint64_t half = hash_stable(SLICE("foo"), HASH_STABLE_START);

	(void)state;
	assert_true(hash_stable(SLICE("bar"), half) ==
	    hash_stable(SLICE("foobar"), HASH_STABLE_START));
}

static void
table_hash_depends_on_seed_length_and_each_byte(void **state)
{
	char text[40];

	(void)state;
	memset(text, 'a', sizeof(text));
	for (size_t len = 1; len <= sizeof(text); len++) {
		uint64_t h = hash_bytes(text, len, 1);

		assert_true(h != hash_bytes(text, len, 2));
		assert_true(h != hash_bytes(text, len - 1, 1));
		assert_true(h == hash_bytes(text, len, 1));
		for (size_t i = 0; i < len; i++) {
			text[i] = 'b';
			assert_true(h != hash_bytes(text, len, 1));
			text[i] = 'a';
		}
	}
}

/* A factor of zero would forget the seed and all that stood before: whoever
 * knows this source must not be able to write one. */
static void
no_words_of_a_text_put_the_seed_out_of_action(void **state)
{
	static const uint64_t constants[] = { 0, 0x9e3779b97f4a7c15u,
		0xe7037ed1a0b428dbu, 0xa0761d6478bd642fu,
		0xe7037ed1a0b428dbu ^ 0xa0761d6478bd642fu };
	char text[80];

	(void)state;
	for (size_t i = 0; i < sizeof(constants) / sizeof(constants[0]); i++)
		for (size_t len = 8; len <= sizeof(text); len += 8)
			for (size_t at = 0; at < len; at += 8) {
				uint64_t h;

				memset(text, 'a', sizeof(text));
				memcpy(text + at, &constants[i], 8);
				h = hash_bytes(text, len, 1);
				assert_true(h != hash_bytes(text, len, 2));
				if (at == 0)
					continue;
				text[0] = 'b';
				assert_true(h != hash_bytes(text, len, 1));
			}
}

static void
a_nul_byte_at_the_end_counts(void **state)
{
	(void)state;
	assert_true(hash_bytes("a\0", 1, 1) != hash_bytes("a\0", 2, 1));
}

static void
seeds_differ_from_call_to_call(void **state)
{
	(void)state;
	assert_true(hash_random_seed() != hash_random_seed());
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, stable_cases, run_stable);
	cases_add(&cases, "stable_hash_can_be_continued",
	    stable_hash_can_be_continued, NULL);
	cases_add(&cases, "table_hash_depends_on_seed_length_and_each_byte",
	    table_hash_depends_on_seed_length_and_each_byte, NULL);
	cases_add(&cases, "no_words_of_a_text_put_the_seed_out_of_action",
	    no_words_of_a_text_put_the_seed_out_of_action, NULL);
	cases_add(&cases, "a_nul_byte_at_the_end_counts",
	    a_nul_byte_at_the_end_counts, NULL);
	cases_add(&cases, "seeds_differ_from_call_to_call",
	    seeds_differ_from_call_to_call, NULL);
	return cases_run(&cases);
}
