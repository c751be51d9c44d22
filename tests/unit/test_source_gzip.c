/* SPDX-License-Identifier: BSD-2-Clause */
/* What is packed comes out whole, and what is wrong with it is told behind all
 * bytes that stand before it. */
#include <stdio.h>
#include <zlib.h>

#include "tests/support/poem.h"

static void
assert_prefix(const struct strbuf *got, const struct strbuf *want)
{
	assert_true(got->len <= want->len);
	assert_memory_equal(got->ptr, want->ptr, got->len);
}

static const struct gzip_case {
	const char *name;
	int members, empty_members, zeros;
	const char *behind;      /* what stands behind the zeros */
	enum mx_code want;
	const char *want_text;   /* in the message */
} gzip_cases[] = {
	{ "one_member_is_inflated", 1, 0, 0, "", MX_OK, NULL },
	{ "two_members_are_one_text", 2, 0, 0, "", MX_OK, NULL },
	{ "nine_members_are_one_text", 9, 0, 0, "", MX_OK, NULL },
	{ "an_empty_member_is_nothing", 1, 2, 0, "", MX_OK, NULL },
	{ "zeros_behind_are_nothing", 1, 0, 1, "", MX_OK, NULL },
	{ "many_zeros_behind_are_nothing", 2, 0, 600, "", MX_OK, NULL },
	{ "a_word_behind_is_garbage", 1, 0, 0, "garbage", MX_E_DATA,
	  "trailing garbage after " },
	{ "a_word_behind_zeros_is_garbage", 2, 0, 9, "x", MX_E_DATA,
	  "trailing garbage after " },
	{ "half_a_magic_number_behind_is_cut", 1, 0, 0, "\x1f", MX_E_DATA,
	  "ends early" },
	{ "a_magic_number_alone_behind_is_cut", 1, 0, 0, "\x1f\x8b",
	  MX_E_DATA, "ends early" },
};

static void
pack(const struct gzip_case *row, struct strbuf *packed, struct strbuf *plain)
{
	for (int i = 0; i < row->members; i++) {
		poem_pack(packed, poem, sizeof(poem) - 1);
		strbuf_add(plain, poem, sizeof(poem) - 1);
		for (int j = 0; j < row->empty_members; j++)
			poem_pack(packed, "", 0);
	}
	for (int i = 0; i < row->zeros; i++)
		strbuf_add_char(packed, '\0');
	strbuf_add_str(packed, row->behind);
}

static void
gzip_case(void **state)
{
	const struct gzip_case *row = *state;
	struct strbuf packed, plain, got;
	char after[64];

	strbuf_init(&packed, 65536);
	strbuf_init(&plain, 65536);
	strbuf_init(&got, 65536);
	pack(row, &packed, &plain);
	for (size_t i = 0; i < 5; i++)
		for (size_t j = 0; j < 5; j++) {
			struct mx_err err = { 0 };

			strbuf_reset(&got);
			assert_int_equal(poem_drain(poem_unpack(&packed,
			    chunks[i]), chunks[j], &got, &err), row->want);
			poem_same(&got, &plain);
			if (row->want_text == NULL)
				continue;
			assert_non_null(strstr(err.text, row->want_text));
			if (strstr(err.text, "garbage") == NULL)
				continue;
			(void)snprintf(after, sizeof(after), "after %zu bytes",
			    packed.len - strlen(row->behind));
			assert_non_null(strstr(err.text, after));
		}
	strbuf_release(&packed);
	strbuf_release(&plain);
	strbuf_release(&got);
}

/* All that RFC 1952 allows in front of the data, in pieces of any size. */
static void
a_header_may_have_all_its_parts(void **state)
{
	static unsigned char name[] = "mail.log", comment[] = "a comment";
	static unsigned char extra[] = "AB\x02\0xy";
	unsigned char packed[1024];
	gz_header header;
	z_stream z;

	(void)state;
	for (unsigned parts = 0; parts < 16; parts++) {
		memset(&z, 0, sizeof(z));
		memset(&header, 0, sizeof(header));
		header.name = parts & 1 ? name : NULL;
		header.comment = parts & 2 ? comment : NULL;
		header.extra = parts & 4 ? extra : NULL;
		header.extra_len = parts & 4 ? sizeof(extra) - 1 : 0;
		header.hcrc = parts & 8 ? 1 : 0;
		assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8,
		    Z_DEFAULT_STRATEGY), Z_OK);
		assert_int_equal(deflateSetHeader(&z, &header), Z_OK);
		z.next_in = (unsigned char *)(uintptr_t)poem;
		z.avail_in = sizeof(poem) - 1;
		z.next_out = packed;
		z.avail_out = sizeof(packed);
		assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
		for (size_t i = 0; i < 5; i++) {
			struct strbuf got;
			struct mx_err err;

			strbuf_init(&got, 4096);
			assert_int_equal(poem_drain(source_gunzip(
			    source_of_memory((char *)packed, z.total_out,
			    chunks[i]), NULL, 0), 100, &got, &err), MX_OK);
			assert_string_equal(got.ptr, poem);
			strbuf_release(&got);
		}
		deflateEnd(&z);
	}
}

static void
an_unknown_flag_or_method_is_refused(void **state)
{
	static const char *const heads[] = {
		"\x1f\x8b\x07\x00", "\x1f\x8b\x08\x20", "\x1f\x8b\x08\x80",
		"\x1f\x8b\x09\x00", "\x1f\x9e\x08\x00",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		char bytes[40] = { 0 };
		struct strbuf got;
		struct mx_err err = { 0 };

		memcpy(bytes, heads[i], 4);
		strbuf_init(&got, 100);
		assert_int_equal(poem_drain(source_gunzip(source_of_memory(
		    bytes, sizeof(bytes), 3), NULL, 0), 100, &got, &err),
		    MX_E_DATA);
		assert_non_null(strstr(err.text, "corrupt near byte"));
		strbuf_release(&got);
	}
}

/* At every byte: what could be inflated comes first, then the message; at
 * the border of two members the file is whole. */
static void
a_cut_file_gives_all_before_the_cut(void **state)
{
	struct strbuf packed, plain, got, cut;
	size_t border;

	(void)state;
	strbuf_init(&packed, 65536);
	strbuf_init(&plain, 65536);
	strbuf_init(&got, 65536);
	poem_pack(&packed, poem, sizeof(poem) - 1);
	border = packed.len;
	poem_pack(&packed, poem + 10, sizeof(poem) - 11);
	strbuf_add(&plain, poem, sizeof(poem) - 1);
	strbuf_add(&plain, poem + 10, sizeof(poem) - 11);
	for (size_t len = 1; len < packed.len; len++) {
		struct mx_err err = { 0 };
		enum mx_code code;

		cut = packed;
		cut.len = len;
		strbuf_reset(&got);
		code = poem_drain(poem_unpack(&cut, 7), 64, &got, &err);
		assert_prefix(&got, &plain);
		if (len == border) {
			assert_int_equal(code, MX_OK);
			assert_int_equal(got.len, sizeof(poem) - 1);
			continue;
		}
		assert_int_equal(code, MX_E_DATA);
		assert_string_equal(err.text, "compressed data ends early");
		if (len > border)
			assert_true(got.len >= sizeof(poem) - 1);
	}
	strbuf_release(&packed);
	strbuf_release(&plain);
	strbuf_release(&got);
}

static void
a_wrong_checksum_is_told(void **state)
{
	struct strbuf packed, got;
	struct mx_err err = { 0 };

	(void)state;
	strbuf_init(&packed, 65536);
	strbuf_init(&got, 65536);
	poem_pack(&packed, poem, sizeof(poem) - 1);
	packed.ptr[packed.len - 8] ^= 1;
	assert_int_equal(poem_drain(poem_unpack(&packed, 4096), 4096, &got,
	    &err), MX_E_DATA);
	assert_non_null(strstr(err.text, "checksum"));
	assert_int_equal(got.len, sizeof(poem) - 1);
	strbuf_release(&packed);
	strbuf_release(&got);
}

/* Any single changed byte is told, or was one that says nothing (the time,
 * the flags of the operating system); never more text than there was. */
static void
a_changed_byte_never_passes_for_text(void **state)
{
	struct strbuf packed, plain, got;

	(void)state;
	strbuf_init(&packed, 65536);
	strbuf_init(&plain, 65536);
	strbuf_init(&got, 65536);
	poem_pack(&packed, poem, sizeof(poem) - 1);
	strbuf_add(&plain, poem, sizeof(poem) - 1);
	for (size_t i = 10; i < packed.len; i++) {
		struct mx_err err = { 0 };
		enum mx_code code;

		packed.ptr[i] ^= 0x55;
		strbuf_reset(&got);
		code = poem_drain(poem_unpack(&packed, 7), 64, &got, &err);
		packed.ptr[i] ^= 0x55;
		assert_int_equal(code, MX_E_DATA);
	}
	strbuf_release(&packed);
	strbuf_release(&plain);
	strbuf_release(&got);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, gzip_cases, gzip_case);
	cases_add(&cases, "a_header_may_have_all_its_parts",
	    a_header_may_have_all_its_parts, NULL);
	cases_add(&cases, "an_unknown_flag_or_method_is_refused",
	    an_unknown_flag_or_method_is_refused, NULL);
	cases_add(&cases, "a_cut_file_gives_all_before_the_cut",
	    a_cut_file_gives_all_before_the_cut, NULL);
	cases_add(&cases, "a_wrong_checksum_is_told",
	    a_wrong_checksum_is_told, NULL);
	cases_add(&cases, "a_changed_byte_never_passes_for_text",
	    a_changed_byte_never_passes_for_text, NULL);
	return cases_run(&cases);
}
